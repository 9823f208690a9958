"""Moments as sums over persons, one row per printed cell that could be, which add up over shards."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.stages.description.people import GROUPINGS, Array, Points

#: What identifies a cell in the published numbers.
CELL: Final = ("document", "exhibit", "panel", "row_group", "row", "column", "unit")
#: Additive sums of a cell.
SUMS: Final = ("numerator", "denominator", "count", "base")
#: Units of cells that grow with the number of persons; they have no denominator.
COUNTED: Final = ("persons", "person_months", "starts", "spells", "count", "million_nok")
#: Unit of sums from which other cells are derived when all shards are there.
INTERMEDIATE: Final = "intermediate"

#: Rows that are several rows of their block together: block, row, rows.
TOGETHER: Final = (
    ("gruppe_alder", "under_30_ar", ("alder_under_20", "alder_20_29")),
    ("gruppe_innsats", "nedsatt_arbeidsevne", ("spesielt_tilpasset", "varig_tilpasset")),
    ("gruppe_innvandring", "innvandrer", ("lg1", "lg2", "lg3")),
    ("gruppe_utdanning", "vgs_i_alt", ("vgs_studieforberedende", "vgs_yrkesfaglig", "vgs_annen")),
    ("gruppe_ledighet", "uten_arbeid_i_oppstartsmaneden", ("i_arbeid_siste_5_mnd", "uten_arbeid_6_mnd")),
)
_BLOCKS: Final = {
    block: [
        *((key, (code,)) for code, key in enumerate(rows)),
        *((row, tuple(map(rows.index, parts))) for name, row, parts in TOGETHER if name == block),
    ]
    for block, rows in GROUPINGS.items()
}


class Cells:
    """Cells of one published document, gathered one by one.

    ``count`` is the number of persons behind the numerator and ``base`` that behind the denominator.
    """

    def __init__(self, document: str) -> None:
        self.document = document
        self._rows: list[tuple[Any, ...]] = []

    def share(
        self,
        exhibit: str,
        row: str,
        column: str,
        numerator: float,
        denominator: float,
        *,
        panel: str = "",
        row_group: str = "",
        unit: str = "percent",
        count: float | None = None,
        base: float | None = None,
    ) -> None:
        """Add a share or a mean; without `count` and `base` the sums are themselves numbers of persons."""
        key = (self.document, exhibit, panel, row_group, row, column, unit)
        persons = (numerator if count is None else count, denominator if base is None else base)
        self._rows.append((*key, float(numerator), float(denominator), *persons))

    def number(
        self,
        exhibit: str,
        row: str,
        column: str,
        numerator: float,
        *,
        panel: str = "",
        unit: str = "persons",
        row_group: str = "",
        count: float | None = None,
    ) -> None:
        """Add a number that grows with the population."""
        key = (self.document, exhibit, panel, row_group, row, column, unit)
        self._rows.append((*key, float(numerator), np.nan, numerator if count is None else count, np.nan))

    def composition(
        self, exhibit: str, column: str, points: Points, codes: Mapping[str, Array], *, panel: str = ""
    ) -> None:
        """Add the share of the points in each row of each block of characteristics."""
        base = distinct(points.person)
        for block, code in codes.items():
            observed, persons = _by_code(points, code, block)
            for row, parts in _BLOCKS[block]:
                numerator, count = (sum(numbers[part] for part in parts) for numbers in (observed, persons))
                self.share(
                    exhibit, row, column, numerator, len(points), panel=panel, row_group=block, count=count, base=base
                )

    def rates(
        self,
        exhibit: str,
        column: str,
        points: Points,
        codes: Mapping[str, Array],
        values: Array,
        *,
        unit: str = "percent",
        panel: str = "",
    ) -> None:
        """Add the mean of the values over the points in each row of each block of characteristics."""
        with_value = values > 0
        for block, code in codes.items():
            sums = np.bincount(code, weights=values, minlength=len(GROUPINGS[block]))
            observed, base = _by_code(points, code, block)
            _, count = _by_code(points.where(with_value), code[with_value], block)
            for row, parts in _BLOCKS[block]:
                numerator, denominator, behind, of = (
                    float(sum(array[part] for part in parts)) for array in (sums, observed, count, base)
                )
                self.share(
                    exhibit,
                    row,
                    column,
                    numerator,
                    denominator,
                    panel=panel,
                    row_group=block,
                    unit=unit,
                    count=behind,
                    base=of,
                )

    def sizes(self, exhibit: str, column: str, points: Points, codes: Mapping[str, Array], unit: str) -> None:
        """Add the number of points in each row of each block of characteristics."""
        for block, code in codes.items():
            observed, persons = _by_code(points, code, block)
            for row, parts in _BLOCKS[block]:
                number, count = (sum(numbers[part] for part in parts) for numbers in (observed, persons))
                self.number(exhibit, row, column, number, row_group=block, unit=unit, count=count)

    def table(self) -> pd.DataFrame:
        """Return the cells: `CELL` and `SUMS`."""
        frame = pd.DataFrame(self._rows, columns=[*CELL, *SUMS])
        return frame.astype(dict.fromkeys(SUMS, "float64"))


def distinct(person: Array) -> int:
    """Return the number of persons among the observations."""
    return len(np.unique(person))


def _by_code(points: Points, code: Array, block: str) -> tuple[Sequence[int], Sequence[int]]:
    """Return observations and distinct persons of each code."""
    size = len(GROUPINGS[block])
    observed = np.bincount(code, minlength=size)
    seen = np.zeros((size, points.person.max(initial=-1) + 1), np.bool_)
    seen[code, points.person] = True
    return observed.tolist(), seen.sum(axis=1).tolist()
