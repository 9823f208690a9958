"""Made-up municipalities with NAV offices; the same in every shard."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.core.keys import TREATED_ARMS
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.parameters import MONTHS, Codebooks, FloatArray, Selection

COUNT: Final = 120
OFFICES_EACH: Final = 3
FIRST_NUMBER: Final = 7001


@dataclass(frozen=True)
class Municipalities:
    """Municipalities by month.

    Parameters
    ----------
    number
        Municipality numbers (which no real municipality has).
    weight
        Shares of the population; they sum to one.
    unemployment
        Per cent, municipality by month since 2005-01.
    mean_income
        Nominal kroner per month, municipality by year since 2005.
    disability_share
        Per cent, municipality by year since 2005.
    centrality
        Class 1 to 6.
    office_shift
        Log odds of each measure at each office, (municipality x office) by measure; they shift use, never outcomes.
    """

    number: NDArray[np.int64]
    weight: FloatArray
    unemployment: FloatArray
    mean_income: FloatArray
    disability_share: FloatArray
    centrality: NDArray[np.int64]
    office_shift: FloatArray


def draw_municipalities(seed: int, selection: Selection, codebooks: Codebooks) -> Municipalities:
    """Draw the municipalities of a run; they do not depend on scale or shards."""
    random = named_generator(seed, "registers", "municipality")
    weight = 1 / np.arange(1, COUNT + 1) ** 0.8
    centrality = np.minimum(6, 1 + np.arange(COUNT) * 6 // COUNT)
    month = np.arange(MONTHS)
    season = 0.15 * np.cos(2 * np.pi * (month % 12) / 12)
    pandemic: FloatArray = np.where(month >= 182, 3.0 * np.exp(-(month - 182.0) / 8), 0.0)
    level = np.clip(random.normal(2.5, 0.6, COUNT), 1.0, 5.0)
    drift = random.normal(0, 0.08, (COUNT, MONTHS)).cumsum(axis=1) * 0.3
    years = MONTHS // 12
    income = random.normal(1, 0.08, COUNT) * (1.08 - 0.03 * centrality)
    disability = np.clip(random.normal(7 + centrality, 1.5, COUNT), 3, 20)
    return Municipalities(
        number=FIRST_NUMBER + np.arange(COUNT),
        weight=weight / weight.sum(),
        unemployment=np.round(np.clip(level[:, None] + season + pandemic + drift, 0.3, 20.0), 1).astype(np.float64),
        mean_income=np.round(38000 * income[:, None] * codebooks.prices / codebooks.prices[-1], -2),
        disability_share=np.round(disability[:, None] + np.linspace(-0.3, 0.3, years), 1),
        centrality=centrality,
        office_shift=named_generator(seed, "registers", "office").normal(
            0, selection.office_spread, (COUNT * OFFICES_EACH, len(TREATED_ARMS))
        ),
    )
