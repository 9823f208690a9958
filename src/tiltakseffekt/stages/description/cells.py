"""Moments as sums over persons, one row per printed cell that could be, which add up over shards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

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


@dataclass(frozen=True)
class Place:
    """Where a cell is printed in its document."""

    exhibit: str
    row: str = ""
    column: str = ""
    panel: str = ""
    row_group: str = ""


class Count(NamedTuple):
    """What is counted, and how many persons are behind it."""

    number: float
    persons: float


@dataclass(frozen=True)
class Measure:
    """A cell as it is declared: what is counted, of what, where it is printed and in which unit.

    Parameters
    ----------
    place
        Where it is printed.
    numerator, denominator
        What is counted and of what; no denominator for what grows with the number of persons.
    unit
        Unit of the value: numerator by denominator, or the numerator alone.
    """

    place: Place
    numerator: Count
    denominator: Count | None
    unit: str

    def sums(self) -> tuple[float, ...]:
        """Return `SUMS`, which add up over shards."""
        of = self.denominator or Count(np.nan, np.nan)
        return (float(self.numerator.number), float(of.number), self.numerator.persons, of.persons)


def share(place: Place, numerator: float | Count, denominator: float | Count, unit: str = "percent") -> Measure:
    """Declare a share or a mean; what is given as a mere number is a number of persons."""
    return Measure(place, _count(numerator), _count(denominator), unit)


def number(place: Place, numerator: float | Count, unit: str = "persons") -> Measure:
    """Declare a number that grows with the population; a mere number is one of persons."""
    return Measure(place, _count(numerator), None, unit)


def _count(given: float | Count) -> Count:
    return given if isinstance(given, Count) else Count(given, given)


def counted(person: Array | pd.Series) -> Count:
    """Count observations, given the person of each."""
    return Count(len(person), distinct(person))


def person_months(flags: Array) -> Count:
    """Count months with a flag, given a row of them per person."""
    return Count(flags.sum(), flags.any(axis=1).sum())


def by_rows(
    place: Place, points: Points, codes: Mapping[str, Array], values: Array | None = None, unit: str = "percent"
) -> Iterator[Measure]:
    """Declare a cell for each row of each block of characteristics.

    Parameters
    ----------
    place
        Where the cells are printed, but for row and block.
    points
        Moments of persons.
    codes
        The code of each of `GROUPINGS` at the points.
    values
        What is averaged over the points of each row; without it the row's share of all points, or their number if the
        unit is one of `COUNTED`.
    unit
        Unit of the cells.
    """
    everyone = None if unit in COUNTED or values is not None else counted(points.person)
    for block, code in codes.items():
        in_row = _by_code(points, code, block)
        if values is not None:
            sums = np.bincount(code, weights=values, minlength=len(GROUPINGS[block])).tolist()
            _, behind = _by_code(points.where(values > 0), code[values > 0], block)
        for row, parts in _BLOCKS[block]:
            at, of_row = replace(place, row=row, row_group=block), _of_parts(*in_row, parts)
            if values is not None:
                yield share(at, _of_parts(sums, behind, parts), of_row, unit)
            else:
                yield Measure(at, of_row, everyone, unit)


def _of_parts(numbers: Sequence[float], persons: Sequence[float], parts: Iterable[int]) -> Count:
    return Count(*(sum(values[part] for part in parts) for values in (numbers, persons)))


def cells_of(document: str, measures: Iterable[Measure]) -> pd.DataFrame:
    """Return the cells of a document: `CELL` and `SUMS`, one row per measure."""
    rows = [(document, *_key(measure), *measure.sums()) for measure in measures]
    return pd.DataFrame(rows, columns=[*CELL, *SUMS]).astype(dict.fromkeys(SUMS, "float64"))


def _key(measure: Measure) -> tuple[str, ...]:
    place = measure.place
    return (place.exhibit, place.panel, place.row_group, place.row, place.column, measure.unit)


def distinct(person: Array | pd.Series) -> int:
    """Return the number of persons among the observations."""
    return len(pd.unique(person))


def _by_code(points: Points, code: Array, block: str) -> tuple[Sequence[int], Sequence[int]]:
    """Return observations and distinct persons of each code."""
    size = len(GROUPINGS[block])
    observed = np.bincount(code, minlength=size)
    seen = np.zeros((size, points.person.max(initial=-1) + 1), np.bool_)
    seen[code, points.person] = True
    return observed.tolist(), seen.sum(axis=1).tolist()
