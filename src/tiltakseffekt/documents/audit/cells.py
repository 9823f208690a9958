"""Printed cells: a number with its place, its line and the interval that its rounding leaves."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.documents.audit.intervals import Interval
from tiltakseffekt.documents.printed import printed_step

_RELATIONS: Final = {"just_over": "over", "over": "over", "nearly": "under"}


@dataclass(frozen=True)
class Cell:
    """One printed cell.

    Parameters
    ----------
    name
        Exhibit, panel, row group, row and column as printed, joined by ``|``; parts that are empty are left out.
    exhibit, row, column
        Where it stands.
    value
        The printed number; missing when words are printed.
    words
        The printed words; empty when a number is printed.
    step
        Unit to which the number is rounded.
    unit
        Its unit.
    kind
        ``table`` or ``prose``.
    line
        Line of the text version.
    relation
        ``over``: the document says that the number is a little more than printed; ``under``: a little less; else empty.
    """

    name: str
    exhibit: str
    row: str
    column: str
    value: float
    words: str
    step: float
    unit: str
    kind: str
    line: int
    relation: str = ""

    @property
    def interval(self) -> Interval:
        """Every number that would be printed like this; more and less are meant of the size, not of the sign."""
        if not self.relation:
            return Interval.around(self.value, self.step)
        away = self.step if (self.relation == "over") == (self.value >= 0) else -self.step
        return Interval(min(self.value, self.value + away), max(self.value, self.value + away))


def cell_name(*parts: str) -> str:
    """Return the name of a cell: its exhibit, panel, row group, row and column as far as they are given.

    >>> cell_name("tabell-7-2", "", "", "AFT", "Varighet")
    'tabell-7-2|AFT|Varighet'
    """
    return "|".join(part for part in parts if part)


class Cells(Mapping[str, Cell]):
    """The printed cells of a document by name."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = {cell.name: cell for cell in cells}

    def __getitem__(self, name: str) -> Cell:
        """Return a cell, or say that nothing of the name is printed."""
        try:
            return self._cells[name]
        except KeyError:
            raise FaultsFound(
                [Fault("published", name, "no such cell is printed", 1, "Correct the name of the cell.")]
            ) from None

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._cells)

    def __len__(self) -> int:
        """Count the cells."""
        return len(self._cells)

    def __contains__(self, name: object) -> bool:
        """Say whether a cell of the name is printed."""
        return name in self._cells

    def of(self, exhibit: str) -> list[Cell]:
        """Return the cells of an exhibit in the order of the file."""
        return [cell for cell in self.values() if cell.exhibit == exhibit]


def read_cells(published: pd.DataFrame, steps: Mapping[str, float] | None = None) -> Cells:
    """Take the cells from a file of printed numbers.

    Parameters
    ----------
    published
        A file ``numbers.csv`` of ``config/documents`` read as text. When a place is printed twice, in the table and in
        its notes, the name of the second ends with ``|prose`` (or its line, if that is taken too).
    steps
        Unit of rounding by cell name, or by exhibit and column joined by ``|``, where it is not the one that the
        printed numbers of the same exhibit, kind and unit share.

    Raises
    ------
    FaultsFound
        If a step is given for no printed cell.
    """
    rows = published.fillna("")
    words = rows["unit"].isin(["text", "stars"])
    step_of = (
        rows["value"]
        .where(~words, "0")
        .groupby([rows["exhibit"], rows["kind"], rows["unit"]])
        .transform(lambda values: printed_step(values.tolist()))
    )
    given = dict(steps or {})
    cells: dict[str, Cell] = {}
    used: set[str] = set()
    for row, is_words, step in zip(rows.to_dict("records"), words, step_of, strict=True):
        name = cell_name(row["exhibit"], row["panel"], row["row_group"], row["row"], row["column"])
        if name in cells:
            name = f"{name}|{row['kind']}" if f"{name}|{row['kind']}" not in cells else f"{name}|{row['line']}"
        shared = cell_name(row["exhibit"], row["column"])
        used |= {key for key in (name, shared) if key in given}
        cells[name] = Cell(
            name=name,
            exhibit=row["exhibit"],
            row=row["row"],
            column=row["column"],
            value=math.nan if is_words else float(row["value"]),
            words=row["value"] if is_words else "",
            step=given.get(name, given.get(shared, float(step))),
            unit=row["unit"],
            kind=row["kind"],
            line=int(row["line"]),
            relation=_RELATIONS.get(row["note"].partition(";")[0].strip(), ""),
        )
    if unused := sorted(set(given) - used):
        raise FaultsFound(
            [
                Fault("published", name, "a step is given for a cell that is not printed", 1, "Correct the name.")
                for name in unused
            ]
        )
    return Cells(list(cells.values()))
