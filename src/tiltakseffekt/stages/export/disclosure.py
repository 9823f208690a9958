"""Disclosure control: which cells may leave the protected area, and what becomes of the others.

A cell is suppressed when it rests on too few persons, when nearly all of a group are in it, when its group is too
small, or when it could be computed from cells that are shown. Totals are summed anew from what is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiltakseffekt.stages.exhibits.catalogue import Disclosure
from tiltakseffekt.stages.exhibits.few import Zeros, too_few
from tiltakseffekt.stages.exhibits.labels import SUPPRESSED
from tiltakseffekt.stages.exhibits.rounding import COUNTS
from tiltakseffekt.stages.export.settings import DisclosureSettings

_NUMBERS = ["value", "low", "high", "se"]
#: What is the same in cells that add up along a margin; `series` is the row, unless it is the panel once more.
_MARGINS = {
    "column": ["panel", "column", "x"],
    "row": ["panel", "series"],
    "block": ["panel", "row_group", "column"],
    "panel": ["row_group", "series", "column", "x"],
}


@dataclass(frozen=True)
class Checked:
    """Data after disclosure control.

    Parameters
    ----------
    data
        Tidy data; suppressed cells have no numbers and the sign of suppression as text.
    status
        ``pass``, ``review`` (a person must look first) or ``fail`` (nothing may leave).
    reasons
        Keys of the reasons for a status that is not ``pass``.
    cells, primary, secondary
        Number of cells with content, suppressed for themselves, and suppressed to protect others.
    """

    data: pd.DataFrame
    status: str
    reasons: tuple[str, ...]
    cells: int
    primary: int
    secondary: int


def known_sums(data: pd.DataFrame, disclosure: Disclosure) -> Iterator[pd.Index]:
    """Yield sets of cells whose counts sum to a number that the reader knows.

    Shares of one base that exhaust it (down a column, along a row, along a numeric axis or at one of its points) or
    that make up 100 per cent, whatever the persons behind them; counts with a printed total; and numbers and shares
    the sum of whose persons stands elsewhere, as the catalogue declares.
    """
    counted = data[data["count"].notna() & ~data["total"]]
    shares = counted[counted["base"].notna()]
    for direction in ("column", "row", "x"):
        for _, cells in shares.groupby(["panel", "row_group", direction, "base"], sort=True):
            whole = cells["unit"].eq("percent").all() and np.isclose(cells["value"].sum(), 100)
            if cells["count"].sum() == cells["base"].iloc[0] or whole:
                yield cells.index
    counts = counted[counted["base"].isna() & counted["unit"].isin(COUNTS)]
    added = pd.concat([counts, shares]).sort_index()
    added = added.assign(series=added["row"].where(added["row"] != added["panel"], ""), share=added["base"].notna())
    for direction in disclosure.margins:
        for _, cells in added.groupby([*_MARGINS[direction], "share"], sort=True, dropna=False):
            yield cells.index
    for total, beginning in disclosure.sums.items():
        together = counted[counted["column"].eq(total) | counted["column"].str.startswith(beginning)]
        for _, cells in together.groupby(["panel", "row_group", "row"], sort=True):
            yield cells.index
    totals = data[data["total"] & data["unit"].eq("persons")]
    for (panel, column), cells in counts[counts["x"].isna()].groupby(["panel", "column"], sort=True):
        if ((totals["panel"] == panel) & (totals["column"] == column)).any():
            yield cells.index


def protect_sums(data: pd.DataFrame, hidden: pd.Series, sums: list[pd.Index], threshold: int) -> pd.Series:
    """Hide further cells until no hidden cell, nor a hidden group smaller than the threshold, follows from a sum.

    The smallest cell with persons is taken first, so that as little as possible is lost.
    """
    hidden = hidden.copy()
    count = data["count"].astype("float64")
    changed = True
    while changed:
        changed = False
        for cells in sums:
            inside, outside = cells[hidden[cells]], cells[~hidden[cells]]
            exposed = len(inside) == 1 or (len(inside) > 1 and count[inside].sum() < threshold)
            if exposed and len(outside):
                smallest = int(count[outside].replace(0.0, np.inf).argmin())
                hidden[outside[[smallest]]] = True
                changed = True
    return hidden


def _protect_steps(data: pd.DataFrame, hidden: pd.Series, threshold: int) -> pd.Series:
    """Hide what remains between hidden steps of an attrition table, which would give them away by subtraction.

    The first column is what each step took, the second what remained after it; a hidden step is joined with its
    neighbours until together they are large enough.
    """
    hidden = hidden.copy()
    taken, remaining = (data.index[data["column"] == key] for key in data["column"].unique())
    count = data["count"].astype("float64").to_numpy()
    first = 0
    while first < len(taken):
        last = first
        if hidden[taken[first]]:
            while last + 1 < len(taken) and (last == first or count[taken[first : last + 1]].sum() < threshold):
                last += 1
            while first > 1 and (first == last or count[taken[first : last + 1]].sum() < threshold):
                first -= 1
            hidden[taken[first : last + 1]] = True
            hidden[remaining[first:last]] = True
        first = last + 1
    return hidden


def _share_fate(data: pd.DataFrame, hidden: pd.Series, direction: str) -> pd.Series:
    """Hide the cells that differ from a hidden one in their panel, row or column alone."""
    place = [data[name] for name in ("panel", "row_group", "row", "column", "x") if name != direction]
    return hidden.groupby(place, dropna=False).transform("any")


def _sum_totals(data: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    """Sum totals anew from the cells shown of their column, panel and unit, where one of those is hidden."""
    result = data.copy()
    for position in data.index[data["total"]]:
        cell = data.loc[position]
        same = ["panel", "column", "unit"]
        parts = data[(data[same] == cell[same]).all(axis=1) & ~data["total"]]
        shown = parts[~hidden[parts.index]]
        if len(shown) == len(parts):
            continue
        count = shown["count"].sum()
        if cell["unit"] == "percent":
            base = shown["base"].sum()
            result.loc[position, ["count", "base"]] = [count, base]
            result.loc[position, "value"] = 100.0 * count / base if base else float("nan")
        else:
            result.loc[position, "value"] = shown["value"].sum()
            result.loc[position, "count"] = count
    return result


def _blank(data: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    result = data.copy()
    result.loc[hidden, _NUMBERS] = float("nan")
    result.loc[hidden, ["count", "base"]] = pd.NA
    result.loc[hidden, "text"] = SUPPRESSED
    return result


def control(
    data: pd.DataFrame, disclosure: Disclosure, settings: DisclosureSettings, linked_panels: bool = False
) -> Checked:
    """Check every cell of an exhibit and suppress what may not leave.

    Parameters
    ----------
    data
        Tidy data of the exhibit.
    disclosure
        What the catalogue says about its cells.
    settings
        Thresholds of the data owner.
    linked_panels
        Whether the panels of a cell (estimate, error, stars) are shown or hidden together.

    Returns
    -------
    Checked
        The data without the suppressed cells, and the verdict.
    """
    content = data["value"].notna() | data["text"].ne("")
    uncounted = data["value"].notna() & data["count"].isna()
    if disclosure.cells == "persons" and uncounted.any():
        return _refused(data, "cells_without_counts", int(content.sum()))
    if disclosure.cells == "parameters" and data["count"].notna().any():
        return _refused(data, "parameters_with_counts", int(content.sum()))
    zeros = Zeros.all(settings.zeros == "suppress")
    primary = too_few(data["count"], data["base"], settings.threshold, zeros) & content
    hidden = protect_sums(data, primary, list(known_sums(data, disclosure)), settings.threshold)
    if disclosure.steps:
        hidden = _protect_steps(data, hidden, settings.threshold)
    for direction in (*disclosure.linked, *(["panel"] if linked_panels else [])):
        hidden = _share_fate(data, hidden, direction)
    hidden &= content
    summed = _sum_totals(data, hidden)
    late = too_few(summed["count"], summed["base"], settings.threshold, zeros) & content
    result = _blank(summed, hidden | late)
    cells, gone = int(content.sum()), int((hidden | late).sum())
    reasons = _reasons(cells, gone, settings)
    status = "fail" if {"nothing_to_show", "all_suppressed"} & set(reasons) else "review" if reasons else "pass"
    return Checked(result, status, reasons, cells, int(primary.sum()), gone - int(primary.sum()))


def _reasons(cells: int, gone: int, settings: DisclosureSettings) -> tuple[str, ...]:
    if cells == 0:
        return ("nothing_to_show",)
    if gone == cells:
        return ("all_suppressed",)
    return ("many_suppressed",) if gone > settings.review_above * cells else ()


def _refused(data: pd.DataFrame, reason: str, cells: int) -> Checked:
    return Checked(data.iloc[:0], "fail", (reason,), cells, 0, 0)
