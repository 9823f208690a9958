"""Rounding of what leaves: persons behind estimates, numbers that also stand elsewhere, and digits that nobody sees.

Each exhibit is controlled alone. What is hidden in one must not follow from exact numbers of persons in another, nor
from a mean with many digits times a number of persons.
"""

import math
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.stages.exhibits.catalogue import AnyEntry, PageEntry, TableEntry
from tiltakseffekt.stages.exhibits.numbers import DECIMALS

#: Units of cells that are themselves numbers of something; their counts are exact, and so are those of shares.
COUNTS: Final = ("persons", "starts", "spells", "rows", "person_months")
#: Units of numbers that grow with the number of persons; those of the description, which would take long to import.
GROWING: Final = (*COUNTS, "count", "million_nok")
_NUMBERS: Final = ("value", "low", "high", "se")
_WHOLE: Final = 100.0
#: Significant digits that a figure can show; where the decimals of the unit keep so many less one, these are enough.
_DRAWN: Final = 4
#: Significant digits of a page, which computes with them.
_COMPUTED: Final = 6


def to_nearest(persons: pd.Series, multiple: int) -> pd.Series:
    """Round numbers of persons to the nearest multiple, halves up, and at least it where there is anybody.

    >>> to_nearest(pd.Series([0, 3, 14, 15]), 10).tolist()
    [0, 10, 10, 20]
    """
    rounded = (persons + multiple / 2) // multiple * multiple
    return rounded.clip(lower=multiple).mask(persons.eq(0).fillna(False).astype(bool), 0).astype(persons.dtype)


def estimated(data: pd.DataFrame) -> pd.Series:
    """Return which cells of tidy data rest on persons but are neither a number of something nor a share."""
    share = data["unit"].eq("percent") & data["base"].notna()
    return data["count"].notna() & ~data["unit"].isin(COUNTS) & ~share


def round_counts(data: pd.DataFrame, multiple: int, everywhere: bool = False) -> pd.DataFrame:
    """Round the numbers of persons behind estimates.

    Parameters
    ----------
    data
        Tidy data.
    multiple
        To the nearest multiple of this, at least it.
    everywhere
        Whether those behind numbers and shares are rounded too.
    """
    chosen = data["count"].notna() if everywhere else estimated(data)
    return data.assign(
        **{name: data[name].mask(chosen, to_nearest(data[name], multiple)) for name in ("count", "base")}
    )


def round_parts(value: pd.Series, unit: pd.Series, count: pd.Series, base: pd.Series, multiple: int) -> pd.Series:
    """Return numbers and shares as if persons came in multiples; means are as they were.

    An exact number of persons cannot be told from them, whatever other exhibits hide of the same cells. A share of a
    whole group stays one.

    Parameters
    ----------
    value, unit
        Numbers and their units.
    count, base
        Persons behind them, and of whom they are a part.
    multiple
        As in `round_counts`.
    """
    persons, whole = (numbers.astype("Float64").astype("float64") for numbers in (count, base))
    part = (unit.isin(GROWING) | (unit.eq("percent") & whole.notna())) & (persons > 0) & (persons != whole)
    moved = value * to_nearest(persons, multiple) / persons
    at_most = np.where(unit.eq("percent"), np.maximum(value, _WHOLE), np.inf)
    return value.mask(part, np.minimum(moved, at_most))


def drawn_digits(data: pd.DataFrame, entry: AnyEntry) -> pd.DataFrame:
    """Round values to the digits that a reader of the exhibit sees.

    Tables keep the decimals that they print, so that the text, which writes the same, says the same; figures the
    decimals of the unit, or four significant digits where these would leave fewer than three; pages, which compute,
    six significant digits.
    """
    numbers = {
        name: [_round(value, unit, entry) for value, unit in zip(data[name], data["unit"], strict=True)]
        for name in _NUMBERS
    }
    return data.assign(**{name: np.array(values, dtype="float64") for name, values in numbers.items()})


def _round(value: float, unit: str, entry: AnyEntry) -> float:
    if not math.isfinite(value) or value == 0:
        return value
    usual = DECIMALS.get(unit, 2)
    if isinstance(entry, TableEntry):
        return round(float(value), entry.layout.decimals.get(unit, usual)) + 0.0
    first = -math.floor(math.log10(abs(value)))
    if isinstance(entry, PageEntry):
        return round(float(value), first + _COMPUTED - 1)
    drawn = first + _DRAWN - 1
    return round(float(value), usual if drawn - 1 <= usual else drawn)
