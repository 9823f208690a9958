"""Histories of those who ever had a permanent measure, as matrices with a row per person and a column per month.

Few have one, so that a shard is small here and every definition of vlt_rapport and vta_kartlegging a line of array
arithmetic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tiltakseffekt.core.keys import NAV_GROUPS

Array = NDArray[Any]

#: Months from January 2000 to December 2023.
MONTHS: Final = 288
#: Name under which the codebook of diagnoses is among the tables.
CODES: Final = "diagnose"
#: Arena codes of the permanent measures (effektrapport_2024 Tabell A-1).
SUBSIDY, PREDECESSOR, SHELTERED, ORDINARY = "VARLONTIL", "TIDSUBLONN", "VASV", "VATIAROR"
PERMANENT_CODES: Final = (SUBSIDY, PREDECESSOR, SHELTERED, ORDINARY)
#: Rows of Tabell 5-3 of vlt_rapport by key of the group of Tabell A-1; the first is no measure, the last all others.
MEASURE_ROWS: Final = (
    "Ikke tiltak",
    "Midlertidig lønnstilskudd",
    "Tilrettelagt arbeid",
    "Arbeidstrening",
    "AFT",
    "Oppfølging",
    "Alle andre tiltak",
)
_ROW_OF: Final = {"midl_lonnstilskudd": 1, "vta": 2, "arbeidstrening": 3, "aft": 4, "oppfolging": 5}
#: Rows of Tabell 5-4 of vlt_rapport; of several benefits the first that is named here counts.
BENEFIT_ROWS: Final = ("Uføretrygd", "AAP", "Sykepenger", "Dagpenger", "Tiltakspenger", "Ingen ytelse")
NO_BENEFIT: Final = 5


@dataclass(frozen=True)
class Histories:
    """Persons who ever had a permanent measure.

    Parameters
    ----------
    ids
        Identifiers, sorted.
    on
        Months on each of `PERMANENT_CODES`.
    measure
        Row of Tabell 5-3 of the main measure, without the wage subsidies.
    benefit
        Row of Tabell 5-4.
    unit
        County unit of the office, index in ``units``; -1 not registered.
    spells
        Their spells on all measures, with ``person`` (row) and ``stop`` (last month, at most the last of the data).
    """

    ids: pd.Index
    sex: Array
    birth: Array
    gone: Array
    on: Mapping[str, Array]
    measure: Array
    group: Array
    unit: Array
    benefit: Array
    degree: Array
    sick: Array
    spells: pd.DataFrame
    units: tuple[str, ...]

    def rows(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a table about these persons, with ``person``, the row of the matrices."""
        person = self.ids.get_indexer(pd.Index(table["person_id"]))
        return table.assign(person=person).loc[person >= 0].reset_index(drop=True)

    def years(self, person: Array, when: Array) -> Array:
        """Return ages in whole years."""
        return np.asarray((when - self.birth[person]) // 12)


def histories(tables: Mapping[str, pd.DataFrame], units: tuple[str, ...]) -> Histories:
    """Lay out the tables of one shard.

    Parameters
    ----------
    tables
        Clean tables ``person``, ``tiltak``, ``nav_status``, ``benefits``, ``disability`` and ``nav_office``; months
        are counts since 2000-01.
    units
        Keys of the county units.
    """
    tiltak = tables["tiltak"]
    ids = pd.Index(np.unique(tiltak.loc[tiltak["measure_code"].isin(PERMANENT_CODES), "person_id"].astype(str)))
    person = tables["person"].set_index("person_id").reindex(ids)
    leaves = person[["death_month", "emigration_month"]].astype("float64").min(axis=1).fillna(MONTHS)
    shape = (len(ids), MONTHS)

    def own(name: str) -> pd.DataFrame:
        table = tables[name]
        row = ids.get_indexer(table["person_id"])
        found = table.assign(person=row).loc[row >= 0]
        return found.loc[found["month"].between(0, MONTHS - 1)] if "month" in found else found

    spells = own("tiltak")
    stop = spells["stop_month"].astype("float64").fillna(MONTHS - 1).clip(upper=MONTHS - 1).astype(int)
    spells = spells.assign(stop=stop).reset_index(drop=True)
    on = {code: covered(spells.loc[spells["measure_code"] == code], shape) for code in PERMANENT_CODES}
    wage_subsidies = spells["measure_code"].isin([SUBSIDY, PREDECESSOR])
    main = spells.loc[spells["main_measure"] & ~wage_subsidies]
    row_of = main["measure"].map(_ROW_OF).fillna(len(MEASURE_ROWS) - 1).astype(int)
    measure = np.zeros(shape, np.int8)
    for row in range(len(MEASURE_ROWS) - 1, 0, -1):
        measure[covered(main.loc[row_of == row], shape)] = row

    status = own("nav_status")
    group = np.full(shape, -1, np.int8)
    group[status["person"], status["month"]] = status["nav_group"].map({k: i for i, k in enumerate(NAV_GROUPS)})
    office_unit = tables["nav_office"].set_index("nav_office")["county_unit"]
    unit = np.full(shape, -1, np.int8)
    known = status["nav_office"].map(office_unit).map({key: i for i, key in enumerate(units)})
    unit[status["person"], status["month"]] = known.fillna(-1).astype(int)

    disability = own("disability")
    degree = np.zeros(shape, np.int16)
    degree[disability["person"], disability["month"]] = disability["degree"]
    paid = own("benefits")
    paid = paid.loc[paid["amount"] > 0]
    benefit = np.full(shape, NO_BENEFIT, np.int8)
    for row in range(len(BENEFIT_ROWS) - 2, 0, -1):
        rows = paid.loc[paid["benefit"] == BENEFIT_ROWS[row].lower()]
        benefit[rows["person"], rows["month"]] = row
    sick = benefit == BENEFIT_ROWS.index("Sykepenger")
    benefit[degree > 0] = 0
    return Histories(
        ids,
        np.asarray(person["sex"] == "2").astype(np.int8),
        person["birth_month"].to_numpy(np.int64),
        (leaves + 1).to_numpy(np.int64),
        on,
        measure,
        group,
        unit,
        benefit,
        degree,
        sick,
        spells,
        units,
    )


def covered(spells: pd.DataFrame, shape: tuple[int, ...]) -> Array:
    """Return the months that spells cover."""
    steps = np.zeros((shape[0], shape[1] + 1), np.int16)
    start = spells["start_month"].to_numpy(np.int64).clip(0, MONTHS - 1)
    np.add.at(steps, (spells["person"].to_numpy(), start), 1)
    np.add.at(steps, (spells["person"].to_numpy(), spells["stop"].to_numpy(np.int64) + 1), -1)
    return np.asarray(steps.cumsum(axis=1)[:, :-1] > 0)


def first_and_last(on: Array) -> tuple[Array, Array, Array]:
    """Return who has the state at all, its first month, and the last month of that stay."""
    person = np.flatnonzero(on.any(axis=1))
    first = on[person].argmax(axis=1)
    ended = ~on[person] & (np.arange(MONTHS) > first[:, None])
    last = np.where(ended.any(axis=1), ended.argmax(axis=1), MONTHS) - 1
    return person, first, last


def at(matrix: Array, person: Array, when: Array, outside: int) -> Array:
    """Return values of persons in months; `outside` for months that the matrix does not have."""
    inside = (when >= 0) & (when < MONTHS)
    return np.asarray(np.where(inside, matrix[person, np.clip(when, 0, MONTHS - 1)], outside))
