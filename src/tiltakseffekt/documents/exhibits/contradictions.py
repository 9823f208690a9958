"""Numbers of chapters 4 to 6 of effektrapport_2024 that other numbers printed there contradict."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.documents.measures import MEASURES
from tiltakseffekt.stages.exhibits.labels import COMPOSED

#: A number and another of the same quantity: exhibit, line, row, column, unit of each.
PAIRS: Final = (
    (
        ("tabell-4-2", "1110", "n", "forste_registrering", "persons"),
        ("tabell-4-3", "1221", "alle", "n", "persons"),
    ),
    (
        ("figur-4-3", "1061", "standard", "forste_nav_gruppe", "percent"),
        ("tabell-4-2", "1112", "standard", "forste_registrering", "percent"),
    ),
    (
        ("figur-4-4", "1170", "standard", "begynt_pa_tiltak_innen_24_maneder", "percent"),
        ("tabell-4-3", "1223", "standard", "m24", "percent"),
    ),
    (
        ("figur-4-4", "1169", "spesielt_tilpasset", "begynt_pa_tiltak_innen_24_maneder", "percent"),
        ("tabell-4-3", "1225", "spesielt_tilpasset", "m24", "percent"),
    ),
    (
        ("figur-4-5", "1197", "standard", "m24", "percent"),
        ("tabell-4-3", "1223", "standard", "m24", "percent"),
    ),
)
#: Levels of one, two and three stars: those of the printed legend of Tabell 6-7 (line 2998), and those that fit.
LEGEND: Final = (0.10, 0.05, 0.01)
FITTING: Final = (0.05, 0.01, 0.001)
_LEGEND_LINES: Final = "2998–2999"
_SECOND_YEAR: Final = ("m12_14", "m15_17", "m18_20", "m21_23")

Cell = dict[str, Any]
Other = tuple[float, list[int]]


def contradictions(published: pd.DataFrame, labels: pd.DataFrame) -> Iterator[Cell]:
    """Yield the cells of each number that is contradicted: its line, the lines against it, itself, what they give.

    Parameters
    ----------
    published
        ``config/documents/effektrapport_2024/numbers.csv`` read as text.
    labels
        ``config/codebook/labels.csv`` read as text: label to key.
    """
    key_of = {**dict(zip(labels["label"], labels["key"], strict=True)), "": ""}
    table = published.assign(**{name: published[name].map(key_of) for name in ("panel", "row_group", "row", "column")})
    table = table[table["unit"] != "text"]
    table = table.assign(number=pd.to_numeric(table["value"]), line=table["line"].astype(int))
    yield from _pairs(table)
    yield from _row_of_all(table)
    yield from _starts(table)
    yield from _stars(table)


def _contradicted(row: dict[Any, Any], other: Other) -> Iterator[Cell]:
    """Yield a number if the other one is farther from it than its printed decimals allow."""
    value, lines = other
    decimals = len(row["value"].partition(".")[2])
    if abs(row["number"] - value) <= 10**-decimals / 2:
        return
    words = dict.fromkeys(filter(None, (row["row"], row["column"])))
    where = {
        "panel": "motsagt",
        "row_group": f"effektrapport_2024{COMPOSED}{row['exhibit']}",
        "row": COMPOSED.join(words),
    }
    yield {**where, "column": "linjer", "text": str(row["line"]), "unit": "text"}
    yield {**where, "column": "mot_linjer", "text": ", ".join(map(str, sorted(set(lines)))), "unit": "text"}
    yield {**where, "column": "trykt", "value": row["number"], "unit": row["unit"]}
    yield {**where, "column": "etter_andre_tall", "value": value, "unit": row["unit"]}


def _at(table: pd.DataFrame, place: tuple[str, str, str, str, str]) -> dict[Any, Any]:
    exhibit, line, row, column, unit = place
    found = table[
        (table["exhibit"] == exhibit)
        & (table["line"] == int(line))
        & (table["row"] == row)
        & (table["column"] == column)
        & (table["unit"] == unit)
    ]
    return found.to_dict("records")[0]


def _pairs(table: pd.DataFrame) -> Iterator[Cell]:
    for place, against in PAIRS:
        other = _at(table, against)
        yield from _contradicted(_at(table, place), (other["number"], [other["line"]]))


def _row_of_all(table: pd.DataFrame) -> Iterator[Cell]:
    """Hold the row of all of Tabell 4-5 against the mean of its groups, by their printed sizes."""
    cells = table[(table["exhibit"] == "tabell-4-5") & (table["kind"] == "table")]
    groups = cells[cells["row_group"] == "gruppe_innsats"]
    sizes = groups[groups["column"] == "n"].set_index("row")["number"]
    for row in cells[(cells["row"] == "alle") & (cells["unit"] == "percent")].to_dict("records"):
        shares = groups[(groups["column"] == row["column"]) & (groups["unit"] == "percent")].set_index("row")
        weights = sizes.reindex(shares.index)
        mean = float((shares["number"] * weights).sum() / weights.sum())
        yield from _contradicted(row, (mean, [int(line) for line in shares["line"]]))


def _starts(table: pd.DataFrame) -> Iterator[Cell]:
    """Hold the starts of Tabell 6-6 against Tabell 6-3 in the first year, and against Tabell 6-1 in the second."""
    starts = table[table["exhibit"] == "tabell-6-6"]
    persons = table[table["exhibit"] == "tabell-6-3"]
    for row in starts[starts["column"] == "m0_11"].to_dict("records"):
        same = persons[persons["row"] == row["row"]]
        yield from _contradicted(row, (float(same["number"].sum()), list(same["line"])))
    shares = table[(table["exhibit"] == "tabell-6-1") & (table["kind"] == "table")]
    second = shares[shares["row"].isin(_SECOND_YEAR)]
    sizes = shares[shares["row"] == "n"].set_index("column")["number"]
    implied = float((second["number"] / 100 * second["column"].map(sizes)).sum())
    later = starts[starts["column"] == "m12_23"]
    total = {**later.iloc[0].to_dict(), "row": "total", "number": float(later["number"].sum())}
    yield from _contradicted(total, (round(implied), list(second["line"])))


def _stars(table: pd.DataFrame) -> Iterator[Cell]:
    """Count the cells of Tabell 6-7 whose stars no value within the rounding allows, by the legend and as they fit."""
    where = {"panel": "motsagt", "row_group": f"effektrapport_2024{COMPOSED}tabell-6-7", "row": "stjerner_i_strid"}
    yield {**where, "column": "linjer", "text": _LEGEND_LINES, "unit": "text"}
    yield {**where, "column": "trykt", "value": float(stars_at_odds(table, LEGEND)), "unit": "count"}
    yield {**where, "column": "etter_andre_tall", "value": float(stars_at_odds(table, FITTING)), "unit": "count"}


def stars_at_odds(table: pd.DataFrame, levels: tuple[float, ...]) -> int:
    """Count the printed estimates of Tabell 6-7 whose stars contradict their estimate and standard error.

    Parameters
    ----------
    table
        Printed numbers with keys and ``number``.
    levels
        Levels of one, two and three stars.
    """
    cells = table[(table["exhibit"] == "tabell-6-7") & table["column"].isin(MEASURES)]
    numbers = cells.pivot(index=["row_group", "row", "column"], columns="panel", values="number")
    half = 0.005
    size = numbers["estimat"].abs()
    most = (size + half) / (numbers["standardfeil"] - half)
    least = (size - half).clip(lower=0) / (numbers["standardfeil"] + half)
    fewest, largest = (_stars_of(z.to_numpy(float), levels) for z in (least, most))
    printed = numbers["stjerner"].to_numpy(float)
    return int(((printed < fewest) | (printed > largest)).sum())


def _stars_of(z: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    p_value = 2 * stats.norm.sf(z)
    counts: np.ndarray = (p_value[:, None] < np.array(levels)).sum(axis=1)
    return counts
