"""Printed numbers and what simulated registers give for them, by cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.documents.calibration.choices import Choices
from tiltakseffekt.documents.calibration.comparison import reasons
from tiltakseffekt.documents.printed import relations
from tiltakseffekt.laboratory.fitting.expected import ExpectedSums
from tiltakseffekt.synthetic.keyed import AGES_OF_STARTERS

#: The document whose numbers are fitted to.
DOCUMENT: Final = "effektrapport_2024"

#: Characteristics of starters: block of rows, and the rows that Tabell B-4 to B-6 print (nobody is 60 or over).
ROWS_OF: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "sex": ("gruppe_kjonn", keys.SEXES),
    "age": ("gruppe_alder", AGES_OF_STARTERS),
    "landgruppe": ("gruppe_innvandring", keys.LANDGRUPPER),
    "education": ("gruppe_utdanning", keys.EDUCATION_GROUPS),
    "ledighetskategori": ("gruppe_ledighet", keys.LEDIGHETSKATEGORIER),
}
#: Tabell B-4 to B-6 share out the measures.
_COMPOSITIONS: Final = {
    "tabell-b-4": ("aft", "amo", "arbeidsrettet_rehab", "arbeidstrening"),
    "tabell-b-5": ("avklaring", "jobbklubb", "midl_lonnstilskudd", "oppfolging"),
    "tabell-b-6": ("utdanning", "utvidet_oppfolging"),
}


class Cell(NamedTuple):
    """A printed number of the document, by the keys of its words."""

    exhibit: str
    row_group: str
    row: str
    column: str
    unit: str = "percent"
    panel: str = ""


@dataclass(frozen=True)
class Numbers:
    """Printed numbers, and found ones in the same units and for the whole population; expected sums beside."""

    printed: Mapping[Cell, float]
    found: Mapping[Cell, float]
    expected: ExpectedSums


def printed_numbers(targets: pd.DataFrame, choices: Choices) -> dict[Cell, float]:
    """Return the printed numbers that are compared; of several in one cell the first exact one, else the first."""
    compared = targets.loc[(targets["document"] == DOCUMENT) & (reasons(targets, choices) == "")]
    exact_first = compared.assign(loose=relations(compared) != "equal").sort_values("loose", kind="stable")
    return _by_cell(exact_first.drop_duplicates(list(Cell._fields)), "value")


def found_numbers(values: pd.DataFrame, expected: ExpectedSums, scale: float) -> dict[Cell, float]:
    """Return what was measured (`gather`), with expected starts and compositions in place of realised ones."""
    measured = _by_cell(values.loc[values["document"] == DOCUMENT], "value")
    return {**measured, **dict(_expected_cells(expected, scale))}


def starters(arm: str, group: str) -> Cell:
    """Return the cell of the starters from an entry group."""
    return Cell("tabell-6-3", "", arm, group, "persons")


def composition(arm: str, characteristic: str) -> tuple[Cell, ...]:
    """Return the cells of the composition of the starters of a measure by a characteristic."""
    block, rows = ROWS_OF[characteristic]
    exhibit = next(table for table, arms in _COMPOSITIONS.items() if arm in arms)
    return tuple(Cell(exhibit, block, row, "behandling", panel=arm) for row in rows)


def _expected_cells(expected: ExpectedSums, scale: float) -> Iterator[tuple[Cell, float]]:
    by_group = expected.starts["innsatsgruppe"]
    for column, arm in enumerate(expected.treated):
        for place, group in enumerate(keys.ENTRY_GROUPS):
            yield starters(arm, group), float(by_group[place, column]) / scale
    for column, arm in enumerate(expected.own):
        for characteristic in ROWS_OF:
            cells = composition(arm, characteristic)
            starts = expected.starts[characteristic][: len(cells), column]
            total = float(starts.sum())
            for cell, number in zip(cells, starts.tolist(), strict=True):
                yield cell, 100 * number / total if total else np.nan


def _by_cell(table: pd.DataFrame, column: str) -> dict[Cell, float]:
    cells = map(Cell._make, table[list(Cell._fields)].itertuples(index=False, name=None))
    return dict(zip(cells, pd.to_numeric(table[column]).tolist(), strict=True))
