"""The calibration of the permanent measures: vlt_rapport, vta_kartlegging and the stocks of meld_st_33.

What they take stands in optional tables of the contract, and what takes a table that is not there is not measured.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tiltakseffekt.documents.calibration.histories import CODES, PERMANENT_CODES, histories
from tiltakseffekt.documents.calibration.sheltered_work import measure_providers, measure_sheltered_work
from tiltakseffekt.documents.calibration.sums import added, keyed, values_of
from tiltakseffekt.documents.calibration.wage_subsidy import complete_wage_subsidy, measure_wage_subsidy
from tiltakseffekt.stages.description.cells import CELL, SUMS

#: Columns that are read of each clean table of a shard; months are counts since 2000-01.
COLUMNS: Final = {
    "tiltak": ("person_id", "measure_code", "measure", "start_month", "stop_month", "main_measure"),
    "person": ("person_id", "sex", "birth_month", "death_month", "emigration_month"),
    "nav_status": ("person_id", "month", "nav_group", "jobseeker_status", "nav_office"),
    "benefits": ("person_id", "month", "benefit", "amount"),
    "disability": ("person_id", "month", "degree"),
    "employment": ("person_id", "month", "employer_id"),
    "wage_subsidy": (
        *("person_id", "month", "employer_id", "measure_code", "industry", "sector", "agreed_hours"),
        *("wage", "wage_cost", "subsidy_rate", "subsidy"),
    ),
    "vta_place": ("person_id", "start_month", "stop_month", "arrangement", "interrupted"),
    "diagnosis": ("person_id", "basis", "diagnosis"),
    "nav_office": ("nav_office", "county_unit"),
}
_WAGE_SUBSIDY: Final = ("wage_subsidy", "diagnosis", "nav_office")
_SHELTERED_WORK: Final = ("vta_place", "diagnosis", "nav_office")
#: Optional tables without which some cells of a document are not measured.
TAKES: Final[Mapping[str, tuple[str, ...]]] = {
    "vlt_rapport": _WAGE_SUBSIDY,
    "vta_kartlegging": (*_SHELTERED_WORK, "vta_provider"),
    "meld_st_33": (*_WAGE_SUBSIDY, "vta_place"),
}
#: Tables of which only those who ever had a permanent measure are looked at; they are the largest.
_OF_PARTICIPANTS: Final = ("benefits", "employment")


def incomplete_documents(tables: Collection[str]) -> frozenset[str]:
    """Return the documents of which some cells cannot be measured on registers with these tables."""
    return frozenset(document for document, names in TAKES.items() if not set(names) <= set(tables))


def read_permanent(paths: Mapping[str, str | Path]) -> dict[str, pd.DataFrame]:
    """Read what is measured of one shard: Parquet files by table; an optional table may be missing."""
    tables: dict[str, pd.DataFrame] = {}
    for name, columns in COLUMNS.items():
        if name in paths:
            table = pq.read_table(paths[name], columns=list(columns))
            tables[name] = (_of(table, tables["tiltak"]) if name in _OF_PARTICIPANTS else table).to_pandas()
    return tables


def _of(table: pa.Table, tiltak: pd.DataFrame) -> pa.Table:
    participants = tiltak.loc[tiltak["measure_code"].isin(PERMANENT_CODES), "person_id"].astype("str").unique()
    return table.filter(pc.is_in(table["person_id"], value_set=pa.array(participants, table["person_id"].type)))


def measure_permanent(tables: Mapping[str, pd.DataFrame], diagnoses: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Measure one shard: sums under printed words, which add up over shards.

    Parameters
    ----------
    tables
        Those of `COLUMNS`; what takes an optional one that is missing is not measured.
    diagnoses, units
        Codebooks ``diagnose.csv`` and ``fylkesenhet.csv``.
    """
    names = dict(zip(units["key"], units["label"], strict=True))
    parts = [pd.DataFrame(columns=[*CELL, *SUMS]).astype(dict.fromkeys(SUMS, "float64"))]
    subsidy, sheltered = (set(needed) <= set(tables) for needed in (_WAGE_SUBSIDY, _SHELTERED_WORK))
    if subsidy or sheltered:
        had = histories(tables, tuple(names))
        coded = tables["diagnosis"].merge(diagnoses.drop(columns="label"), left_on="diagnosis", right_on="code")
        given = {**tables, "diagnosis": coded, CODES: diagnoses}
        parts += [measure_wage_subsidy(given, had, names)] if subsidy else []
        parts += [measure_sheltered_work(given, had)] if sheltered else []
    return pd.concat(parts, ignore_index=True)


def gather_permanent(
    parts: Iterable[pd.DataFrame],
    scale: float,
    labels: pd.DataFrame,
    providers: pd.DataFrame | None = None,
    units: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Add shards up and read off the values, with the keys of ``labels.csv``.

    Parameters
    ----------
    parts
        What `measure_permanent` returned, one per shard.
    scale
        Scale of the registers; numbers are divided by it.
    labels
        ``labels.csv`` as text.
    providers, units
        The clean table ``vta_provider``, of whatever scale the whole list, and ``fylkesenhet.csv``.
    """
    sums = added(parts)
    values = values_of(sums, scale)
    found = [values.loc[~values["exhibit"].str.startswith("use of") & (values["exhibit"] != "kept")]]
    if (sums["document"] == "vlt_rapport").any():
        found.append(complete_wage_subsidy(sums).assign(document="vlt_rapport", panel="", row_group=""))
    if providers is not None and units is not None:
        names = dict(zip(units["key"], units["label"], strict=True))
        found.append(values_of(measure_providers(providers, names), scale=1))
    whole = pd.concat(found, ignore_index=True).reindex(columns=[*CELL, *SUMS, "value"])
    return keyed(whole, labels)
