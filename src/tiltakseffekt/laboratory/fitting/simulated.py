"""From lives straight to what the calibration measures: clean tables and panel in memory.

Cleaning and panel stage take most of the time of a run on files, and a fit needs hundreds of shards. Synthetic
registers are sound, so that both come down to counting months and naming groups; a test holds the result against the
two stages.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tiltakseffekt.core import keys
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.laboratory.fitting.study import Study
from tiltakseffekt.stages.description.people import COLUMNS
from tiltakseffekt.synthetic.municipalities import Municipalities
from tiltakseffekt.synthetic.permanent.shard import with_coded, with_permanent_measures
from tiltakseffekt.synthetic.records import Lives
from tiltakseffekt.synthetic.rulebook import AAP, TILTAKSPENGER
from tiltakseffekt.synthetic.tables import (
    education_table,
    enrolment_table,
    one_at_a_time,
    person_table,
    strings,
    tiltak_table,
)

#: Work of a month of a life that counts as in work.
_IN_WORK: Final = 2
_MONTHS: Final = ("birth_month", "month", "start_month", "stop_month")


def simulated_tables(
    seed: int, lives: Lives, study: Study, places: Municipalities, identifiers: Sequence[str]
) -> dict[str, pa.Table]:
    """Return the tables of a shard that `measure_shard` takes, with permanent measures laid over the lives.

    Parameters
    ----------
    seed
        Seed of the registers.
    lives
        Persons of the shard, simulated under the parameters of the study.
    study, places
        Where they live.
    identifiers
        Of the persons, in ascending order.
    """
    parameters, books, ids = study.parameters, study.simulation, list(identifiers)
    persons, contents = lives.persons, parameters.tables
    made = with_permanent_measures(seed, lives, places, books, parameters)
    started = tiltak_table(seed, persons, made.spells, parameters.measures, books, ids)
    tiltak = _counted(one_at_a_time(with_coded(started, made, parameters.permanent, ids)))
    tables = {
        "person": _counted(person_table(seed, persons, contents, ids)),
        "education": _counted(education_table(seed, persons, contents, ids)),
        "tiltak": tiltak.append_column("measure", _measures(tiltak["measure_code"], study)),
        "panel": _panel(made.months, _on_measure(tiltak, ids, study), ids, study),
        "enrolment": _counted(enrolment_table(made.months, ids)),
    }
    return {name: table.select(COLUMNS[name]) for name, table in tables.items()}


def _counted(table: pa.Table) -> pa.Table:
    """Return a register table with text spelt out and months as counts since 2000-01."""
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        elif name in _MONTHS:
            year, month = pc.divide(column, 100), pc.subtract(column, pc.multiply(pc.divide(column, 100), 100))
            column = pc.add(pc.multiply(pc.subtract(year, 2000), 12), pc.subtract(month, 1)).cast(pa.int32())
        columns.append(column)
    return pa.table(columns, names=table.column_names)


def _measures(codes: pa.ChunkedArray, study: Study) -> pa.Array:
    coded = codes.combine_chunks().dictionary_encode()
    groups = pa.array([study.groups_of_codes[code] for code in coded.dictionary.to_pylist()], pa.string())
    return groups.take(coded.indices)


def _on_measure(tiltak: pa.Table, ids: list[str], study: Study) -> NDArray[np.bool_]:
    """Return who is on a measure, person by month of the panel."""
    first, months = parse_month(study.panel.first_month), len(study.months)
    person = pc.index_in(tiltak["person_id"], value_set=pa.array(ids)).to_numpy()
    start = tiltak["start_month"].to_numpy() - first
    stop = pc.fill_null(tiltak["stop_month"], first + months).to_numpy() - first
    edges = np.zeros((len(ids), months + 1), np.int16)
    np.add.at(edges, (person, np.clip(start, 0, months)), 1)
    np.add.at(edges, (person, np.clip(stop + 1, 0, months)), -1)
    return edges.cumsum(axis=1)[:, :months] > 0


def _panel(lives: NDArray[np.void], on_measure: NDArray[np.bool_], ids: list[str], study: Study) -> pa.Table:
    """Return the person-months in which any register says something."""
    first, calendar = parse_month(study.panel.first_month), study.months
    months = lives[:, first : first + len(calendar)]
    told = on_measure | (months["wage"] > 0) | (months["group"] >= 0) | (months["benefit"] > 0)
    told |= (months["social"] > 0) | (months["degree"] > 0)
    person, column = np.nonzero(told)
    rows = months[person, column]
    wage = rows["wage"].astype(np.float64)
    in_work = rows["work"] == _IN_WORK
    high = wage * 12 >= study.panel.high_income_g_twelfths * _of_month(calendar, "g")[column]
    return pa.table(
        {
            "person_id": strings(person, ids).cast(pa.string()),
            "month": pa.array(column + first, pa.int32()),
            "in_work": pa.array(in_work),
            "high_income": pa.array(in_work & high),
            "wage": pa.array(np.floor(wage * _of_month(calendar, "price_factor")[column] + 0.5).astype(np.int64)),
            "nav_group": strings(rows["group"].astype(np.int64), list(keys.NAV_GROUPS)).cast(pa.string()),
            "on_measure": pa.array(on_measure[person, column]),
            "aap": pa.array(rows["benefit"] == AAP),
            "tiltakspenger": pa.array(rows["benefit"] == TILTAKSPENGER),
            "disability_degree": pa.array(rows["degree"].astype(np.int64)),
        }
    )


def _of_month(calendar: pd.DataFrame, column: str) -> NDArray[np.float64]:
    return calendar[column].to_numpy(np.float64)
