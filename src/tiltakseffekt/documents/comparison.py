"""A printed number beside ours: one shape of the cell and one comparison, of exhibits and of registers alike."""

from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.tables import Column
from tiltakseffekt.stages.description.cells import COUNTED
from tiltakseffekt.stages.description.schemas import CELL

#: Verdicts on a number that is compared.
ROUNDING: Final = "innen_avrunding"
SAMPLING: Final = "innen_utvalgsfeil"
APART: Final = "avvik_utover"
VERDICTS: Final = (ROUNDING, SAMPLING, APART)
#: A difference within so many standard errors may be chance.
STANDARD_ERRORS: Final = 1.96
#: So that a difference of half a unit of rounding is within it, whatever its last binary digit.
_SLACK: Final = 1e-9

#: The cell: a printed number, ours and what `judge` says of the two.
COMPARED_CELL: Final = {
    "place": Column("int", "place of the number among the printed ones"),
    **CELL,
    "kind": Column("string", "table, prose, axis or derived"),
    "line": Column("int", "line of the text version"),
    "relation": Column("string", "what is said of the number", False, ("equal", "about", "at_least", "at_most")),
    "printed": Column("float", "printed number; missing when left out, and of words", True),
    "ours": Column("float", "our number; missing when left out or when there is nobody, and of words", True),
    "difference": Column("float", "ours minus printed; of a bound only what lies beyond it", True),
    "step": Column("float", "unit of rounding of the printed number; missing when left out or not known", True),
    "difference_in_steps": Column("float", "difference in units of rounding", True),
    "se": Column("float", "standard error of the difference; missing where it is not known", True),
    "difference_in_se": Column("float", "difference in standard errors", True),
    "count": Column("float", "persons behind the numerator", True),
    "base": Column("float", "persons behind the denominator", True),
    "reason": Column("string", "why the number is not compared; empty when it is"),
    "verdict": Column(
        "string", f"{ROUNDING}, {SAMPLING} or {APART} (within rounding, sampling error, neither), or the reason"
    ),
}


def judge(cells: pd.DataFrame, same_words: pd.Series | bool = False) -> pd.DataFrame:
    """Compare each printed number with ours.

    Parameters
    ----------
    cells
        Those of `COMPARED_CELL` that are no result of the comparison, and others.
    same_words
        Of cells with words, which say the same on both sides.

    Returns
    -------
    pandas.DataFrame
        The cells with the differences and the verdict.
    """
    difference = differences(cells)
    size, half, se = difference.abs(), cells["step"] / 2, cells["se"].where(cells["se"] > 0)
    by_chance = size <= STANDARD_ERRORS * se + half.fillna(0)
    left_out, near = cells["reason"] != "", (size <= half + _SLACK) | same_words
    return cells.assign(
        difference=difference,
        difference_in_steps=difference / cells["step"],
        se=se,
        difference_in_se=difference / se,
        verdict=np.select([left_out, near, by_chance], [cells["reason"], ROUNDING, SAMPLING], APART),
    )


def differences(cells: pd.DataFrame) -> pd.Series:
    """Return ours minus printed, and of a bound only what lies beyond it."""
    beyond, relation = cells["ours"] - cells["printed"], cells["relation"]
    return beyond.mask(relation == "at_least", beyond.clip(upper=0)).mask(relation == "at_most", beyond.clip(lower=0))


def sampling_error(cells: pd.DataFrame) -> pd.Series:
    """Return the standard error of our numbers.

    Of a share, per cent, it is that of a share of as many persons if the printed one is true; of a number that grows
    with the population that of a count; of others the one that comes with them.
    """
    share = cells["printed"].clip(0, 100) / 100
    of_share = 100 * np.sqrt(share * (1 - share) / cells["base"].where(cells["base"] > 0))
    of_count = cells["ours"] / np.sqrt(cells["count"].clip(lower=1))
    return cells["se"].mask(cells["unit"] == "percent", of_share).mask(cells["unit"].isin(COUNTED), of_count)


def enough(numbers: pd.Series, threshold: int) -> pd.Series:
    """Return the numbers, or none where they are fewer than the threshold: a median of a few gives away one of them."""
    return numbers if len(numbers) >= threshold else numbers.iloc[:0]
