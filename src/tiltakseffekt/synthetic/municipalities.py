"""Made-up municipalities with NAV offices; the same in every shard."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.synthetic.parameters import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS,
    PANDEMIC,
    Codebooks,
    FloatArray,
    Parameters,
)


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
        Per cent, municipality by month since 2000-01.
    mean_income
        Nominal kroner per month, municipality by year since 2000.
    disability_share
        Per cent, municipality by year since 2000.
    centrality
        Class 1 to 6.
    offices
        NAV offices in each municipality.
    office_shift
        Log odds of each measure at each office, (municipality x office) by measure; they shift use, never outcomes.
    """

    number: NDArray[np.int64]
    weight: FloatArray
    unemployment: FloatArray
    mean_income: FloatArray
    disability_share: FloatArray
    centrality: NDArray[np.int64]
    offices: int
    office_shift: FloatArray

    @property
    def office_numbers(self) -> list[str]:
        """Return the numbers of all NAV offices."""
        return [f"{number:04d}" for number in range(1, len(self.number) * self.offices + 1)]


def draw_municipalities(seed: int, parameters: Parameters, codebooks: Codebooks) -> Municipalities:
    """Draw the municipalities of a run; they do not depend on scale or shards."""
    random = named_generator(seed, "registers", "municipality")
    drawn = parameters.municipalities
    count = drawn.count
    weight = 1 / np.arange(1, count + 1) ** drawn.size_exponent
    centrality = np.minimum(6, 1 + np.arange(count) * 6 // count)
    month = np.arange(MONTHS)
    season = drawn.season * np.cos(2 * np.pi * (month % 12) / 12)
    since = month - float(PANDEMIC)
    pandemic: FloatArray = np.where(since >= 0, drawn.pandemic * np.exp(-since / drawn.pandemic_fades), 0.0)
    level = np.clip(random.normal(drawn.unemployment, drawn.unemployment_spread, count), *drawn.unemployment_level)
    drift = random.normal(0, drawn.drift_spread, (count, MONTHS)).cumsum(axis=1) * drawn.drift_weight
    unemployment = np.clip(level[:, None] + season + pandemic + drift, *drawn.unemployment_limits)
    years = MONTHS // 12
    income = random.normal(1, drawn.income_spread, count) * (drawn.income_central - drawn.income_class * centrality)
    disability = random.normal(drawn.disability + drawn.disability_class * centrality, drawn.disability_spread)
    disability = np.clip(disability, *drawn.disability_limits)
    trend = np.linspace(-drawn.disability_trend, drawn.disability_trend, years)
    return Municipalities(
        number=drawn.first_number + np.arange(count),
        weight=weight / weight.sum(),
        unemployment=np.round(unemployment, 1).astype(np.float64),
        mean_income=np.round(
            drawn.income * income[:, None] * codebooks.prices / codebooks.prices[LAST_YEAR - FIRST_YEAR], -2
        ),
        disability_share=np.round(disability[:, None] + trend, 1),
        centrality=centrality,
        offices=drawn.offices,
        office_shift=named_generator(seed, "registers", "office").normal(
            0, parameters.selection.office_spread, (count * drawn.offices, len(parameters.measures.started))
        ),
    )
