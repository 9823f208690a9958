"""Data of the exhibits about the calibration: printed numbers beside those of the registers.

On synthetic registers a likeness is no finding, since they are fitted to the printed numbers; a difference says what
they do not carry.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from tiltakseffekt.documents.calibration.choices import REASONS
from tiltakseffekt.documents.calibration.comparison import UNMEASURABLE, summarise, with_rounded_persons
from tiltakseffekt.stages.description.cells import CELL, COUNTED
from tiltakseffekt.stages.exhibits.few import Zeros, too_few
from tiltakseffekt.stages.exhibits.labels import COMPOSED
from tiltakseffekt.stages.exhibits.tidy import tidy

_OTHERS: Final = "andre"
_BY_REASON: Final = "utelatt_etter_grunn"
_RELATIONS: Final = {"equal": "", "about": "omtrent", "at_least": "minst", "at_most": "hoyst"}
_IN_PER_CENT: Final = "i_prosent"
#: Panels of the largest differences, how many rows each document has in it, and the unit of its differences.
_SHARES: Final = ("andeler", 15, "percentage_points")
_NUMBERS: Final = ("antall", 10, "percent")

Cell = dict[Any, Any]


def kalibrering(calibration: pd.DataFrame, threshold: int, round_counts: int) -> pd.DataFrame:
    """Return how many printed numbers are compared, and how near those of the registers are, by exhibit.

    Parameters
    ----------
    calibration
        CALIBRATION.
    threshold
        Numbers that rest on fewer persons are counted apart, and medians of fewer numbers are left out, so that no
        median gives away what is hidden elsewhere.
    round_counts
        As in `with_rounded_persons`.

    Returns
    -------
    pandas.DataFrame
        Row groups are documents and rows exhibits; those of which nothing is compared are one row. Below stands why
        numbers are left out.
    """
    summary = summarise(with_rounded_persons(calibration, round_counts), threshold)
    without = (summary["compared"] == 0) & (summary["too_few"] == 0)
    rest = summary.loc[without, ["document", "printed", "left_out"]].groupby("document", sort=False).sum().reset_index()
    rows = pd.concat([summary.loc[~without], rest.assign(exhibit=_OTHERS, compared=0, too_few=0)])
    return tidy([*_summary_cells(rows), *_reason_cells(calibration)])


def _summary_cells(rows: pd.DataFrame) -> Iterator[Cell]:
    columns = (
        ("antall_trykte", "printed", "count"),
        ("antall_sammenlignet", "compared", "count"),
        ("antall_for_faa", "too_few", "count"),
        ("antall_utelatt", "left_out", "count"),
        ("median_avvik_prosentpoeng", "median_points", "percentage_points"),
        ("innen_1_prosentpoeng", "within_1", "percent"),
        ("innen_3_prosentpoeng", "within_3", "percent"),
        ("innen_5_prosent", "within_5_per_cent", "percent"),
    )
    # In the order of the documents, with the rest of each document after its exhibits.
    place = {document: place for place, document in enumerate(rows["document"].unique())}
    for row in rows.sort_values("document", key=lambda documents: documents.map(place), kind="stable").to_dict(
        "records"
    ):
        for column, name, unit in columns:
            yield {
                "row_group": row["document"],
                "row": row["exhibit"],
                "column": column,
                "value": row[name],
                "unit": unit,
            }


def _reason_cells(calibration: pd.DataFrame) -> Iterator[Cell]:
    numbers = calibration["reason"].value_counts()
    for reason in (*REASONS, UNMEASURABLE):
        place = {"row_group": _BY_REASON, "row": reason, "column": "antall_utelatt"}
        yield {**place, "value": int(numbers.get(reason, 0)), "unit": "count"}


def kalibrering_avvik(
    calibration: pd.DataFrame, threshold: int, round_counts: int, zeros: Literal["show", "suppress"]
) -> pd.DataFrame:
    """Return the largest differences of each document: of shares in points, of numbers in per cent of the printed one.

    Parameters
    ----------
    calibration, threshold, round_counts
        As in `kalibrering`; numbers that rest on fewer persons are not ranked.
    zeros
        Setting ``export.zeros``: where it hides them they are not ranked either, since a hidden number among the
        ranked ones would be a zero.
    """
    cells = _once(with_rounded_persons(calibration, round_counts))
    suppressed = zeros == "suppress"
    few = Zeros(nobody=suppressed, everybody=suppressed, no_group=True)
    large = cells.loc[~too_few(cells["count"], cells["base"], threshold, few)]
    shares = large.loc[large["unit"] == "percent"]
    numbers = large.loc[large["unit"].isin(COUNTED) & (large["printed"] > 0)]
    relative = numbers.assign(difference=100 * numbers["difference"] / numbers["printed"])
    return tidy(
        {
            **cell,
            "panel": panel,
            "row_group": row["document"],
            "row": _composed(row["exhibit"], row["panel"], row["row_group"], *_row(row)),
        }
        for table, (panel, size, unit) in ((shares, _SHARES), (relative, _NUMBERS))
        for _, cells_of_document in table.groupby("document", sort=False)
        for row in _largest(cells_of_document, size).to_dict("records")
        for cell in _compared_cells(row, unit)
    )


def _largest(table: pd.DataFrame, size: int) -> pd.DataFrame:
    return table.assign(size=table["difference"].abs()).nlargest(size, "size")


def kalibrering_celler(calibration: pd.DataFrame, round_counts: int) -> pd.DataFrame:
    """Return every compared number: printed, of the registers, the difference, and it in units of rounding.

    A number that is stated several times stands once.

    Parameters
    ----------
    calibration, round_counts
        As in `kalibrering`.
    """
    return tidy(
        {**cell, "panel": _composed(row["document"], row["exhibit"]), **_block_and_row(row)}
        for row in _once(with_rounded_persons(calibration, round_counts)).to_dict("records")
        for cell in _compared_cells(row, "percentage_points" if row["unit"] == "percent" else row["unit"])
    )


def _once(calibration: pd.DataFrame) -> pd.DataFrame:
    """Return the compared numbers, each once, and whether its place also holds a number in another unit."""
    compared = calibration.loc[calibration["reason"] == ""].drop_duplicates([*CELL, "relation"])
    place = [name for name in (*CELL, "relation") if name != "unit"]
    return compared.assign(shared=compared.duplicated(place, keep=False))


def _compared_cells(row: Cell, difference_unit: str) -> list[Cell]:
    behind = {"count": round(row["count"]), "base": None if np.isnan(row["base"]) else round(row["base"])}
    # Numbers are printed to the last person, so that their difference in units of rounding says nothing more.
    steps = {} if row["unit"] in COUNTED else {"value": row["difference_in_steps"], **behind}
    return [
        {"column": "trykt", "value": row["printed"], "unit": row["unit"]},
        {"column": "simulert", "value": row["ours"], "unit": row["unit"], **behind},
        {"column": "avvik", "value": row["difference"], "unit": difference_unit, **behind},
        {"column": "avvik_i_avrundinger", "unit": "ratio", **steps},
    ]


def _block_and_row(row: Cell) -> Cell:
    """Return the block and the row of a cell: of a table its column is a block, of a figure it is in the row."""
    table = row["exhibit"].startswith("tabell")
    block = (row["panel"], row["row_group"], *([row["column"]] if table else []))
    return {"row_group": _composed(*block), "row": _composed(*_row(row, with_column=not table))}


def _row(row: Cell, with_column: bool = True) -> tuple[str, ...]:
    unit = _IN_PER_CENT if row["shared"] and row["unit"] == "percent" else ""
    return (row["row"], *([row["column"]] if with_column else []), _RELATIONS[row["relation"]], unit)


def _composed(*keys: str) -> str:
    return COMPOSED.join(filter(None, dict.fromkeys(keys)))
