"""Sums of printed cells under their printed words, which add up over shards."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.stages.description.cells import (
    CELL,
    COUNTED,
    SUMS,
    Count,
    Measure,
    Place,
    number,
    person_months,
    share,
)

#: Unit of counts by value, from which medians and curves are read when all shards are there.
HISTOGRAM: Final = "histogram"
_WORDS: Final = ("panel", "row_group", "row", "column")


def stock(place: Place, on: NDArray[Any]) -> Measure:
    """Declare the mean of the numbers of persons with a flag in the twelve months of a year."""
    months, persons = person_months(on)
    return number(place, Count(float(months) / 12, persons))


def shares(place: Place, rows: Iterable[str], codes: NDArray[Any]) -> Iterator[Measure]:
    """Declare the share of each code, in the order of the rows."""
    for code, row in enumerate(rows):
        yield share(replace(place, row=row), float((codes == code).sum()), len(codes))


def histogram(place: Place, person: NDArray[Any], values: NDArray[Any]) -> Iterator[Measure]:
    """Declare how often each value occurs, and of how many persons."""
    observed = pd.DataFrame({"person": person, "value": values}).groupby("value")["person"].agg(["size", "nunique"])
    for value, *found in observed.itertuples():
        yield number(replace(place, column=str(value)), Count(*found), HISTOGRAM)


def curve(place: Place, length: NDArray[Any], at_risk: NDArray[Any]) -> Iterator[Measure]:
    """Declare how many persons have the event at each duration, and how many are at risk of it."""
    events = np.bincount(length, minlength=len(at_risk)).tolist()
    for span, (count, risk) in enumerate(zip(events, at_risk.tolist(), strict=True)):
        yield share(replace(place, column=str(span)), count, risk, HISTOGRAM)


def added(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the sums over shards."""
    stacked = pd.concat(list(parts), ignore_index=True)
    return stacked.groupby(list(CELL), sort=False, as_index=False)[list(SUMS)].sum(min_count=1)


def values_of(sums: pd.DataFrame, scale: float) -> pd.DataFrame:
    """Return sums, without histograms, with ``value`` in the unit of the cell; numbers as if the scale were 1."""
    final = sums.loc[sums["unit"] != HISTOGRAM].reset_index(drop=True)
    ratio = final["numerator"] / final["denominator"].where(final["denominator"] != 0)
    value = ratio * np.where(final["unit"] == "percent", 100, 1)
    return final.assign(value=value.where(~final["unit"].isin(COUNTED), final["numerator"] / scale))


def distribution(sums: pd.DataFrame, exhibit: str, name: str) -> pd.DataFrame:
    """Return a histogram as ``value`` (number), ``count``, ``risk`` and ``persons``, sorted by value."""
    chosen = (sums["unit"] == HISTOGRAM) & (sums["exhibit"] == exhibit) & (sums["row"] == name)
    rows = sums.loc[chosen]
    found = rows.rename(columns={"count": "persons"}).assign(
        value=rows["column"].astype(float), count=rows["numerator"], risk=rows["denominator"]
    )[["value", "count", "risk", "persons"]]
    return found.sort_values("value", ignore_index=True)


def quantile(found: pd.DataFrame, share: float) -> float:
    """Return the smallest value that this share of the observations does not exceed."""
    if found.empty:
        return np.nan
    return float(found["value"][(found["count"].cumsum() / found["count"].sum()).searchsorted(share)])


def survival(found: pd.DataFrame) -> NDArray[np.float64]:
    """Return the Kaplan-Meier curve of a histogram of events with those at risk."""
    return np.asarray((1 - found["count"] / found["risk"].where(found["risk"] > 0)).fillna(1).cumprod(), np.float64)


def keyed(frame: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return cells with the keys of ``labels.csv`` instead of printed words.

    Raises
    ------
    FaultsFound
        If a word has no key.
    """
    key_of = {**dict(zip(labels["label"], labels["key"], strict=True)), "": ""}
    unknown = {name: int((~frame[name].isin(list(key_of))).sum()) for name in _WORDS}
    if faults := [
        Fault("labels.csv", name, "the words of a cell have no key", count, "Add the label with its key.")
        for name, count in unknown.items()
        if count
    ]:
        raise FaultsFound(faults)
    return frame.assign(**{name: frame[name].map(key_of) for name in _WORDS})
