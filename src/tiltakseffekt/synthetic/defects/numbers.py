"""Numbers that changed in 2020, and rows that still hold the old ones."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiltakseffekt.core.codebook import MUNICIPALITY_CHANGES, OFFICE_CHANGES, Codebooks, successors
from tiltakseffekt.core.tables import spelt_out
from tiltakseffekt.synthetic.defects.ledger import Plan, Tables, Where, entries, no_entries, with_values
from tiltakseffekt.synthetic.defects.settings import Defect, DefectSettings

Changes = Sequence[tuple[str, str, int]]

_PLACES: dict[Defect, tuple[str, str, str, str]] = {
    "old_municipality_numbers": ("residence", "municipality", "year", MUNICIPALITY_CHANGES),
    "old_office_numbers": ("nav_status", "nav_office", "month", OFFICE_CHANGES),
}


def old_municipality_numbers(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Deliver some residences from 2020 on under the number that the municipality had before."""
    return _old_numbers(tables, plan, "old_municipality_numbers")


def old_office_numbers(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Deliver some months at NAV from 2020 on under the number that the office had before."""
    return _old_numbers(tables, plan, "old_office_numbers")


def reform(tables: Tables, plan: Plan) -> Tables:
    """Return the tables as they are after the reform of 2020, for the numbers of which old ones are planted."""
    after = dict(tables)
    for defect, (name, column, _, _) in _PLACES.items():
        if plan.settings.rate(defect) and name in tables:
            where, new = _replaced(tables, plan.codebooks, defect)
            after[name] = with_values(tables[name], column, where, new)
    return after


def reform_places(tables: Tables, codebooks: Codebooks, settings: DefectSettings) -> Tables:
    """Return the tables of places as they are after the reform.

    From then on a municipality is the mean of those that merged, unweighted; a new number of a NAV office stands
    beside the old one, in the county unit of the first of those that it replaced. Nothing changes where no old numbers
    are planted.
    """
    after = {name: spelt_out(table) for name, table in tables.items()}
    if settings.rate("old_municipality_numbers") and "municipality" in after:
        after["municipality"] = _merged(after["municipality"], successors(codebooks, MUNICIPALITY_CHANGES))
    if settings.rate("old_office_numbers") and "nav_office" in after:
        after["nav_office"] = _renumbered(after["nav_office"], successors(codebooks, OFFICE_CHANGES))
    return after


def _merged(places: pa.Table, changes: Changes) -> pa.Table:
    frame = places.to_pandas()
    for old, new, month in changes:
        frame.loc[(frame["municipality"] == old) & (frame["month"] >= month), "municipality"] = new
    means = frame.groupby(["municipality", "month"], as_index=False).mean()
    means["centrality"] = means["centrality"].round().astype("int32")
    return pa.Table.from_pandas(means[frame.columns], schema=places.schema, preserve_index=False)


def _renumbered(offices: pa.Table, changes: Changes) -> pa.Table:
    frame = offices.to_pandas()
    new = frame.merge(pd.DataFrame(changes, columns=["nav_office", "new", "month"]), on="nav_office")
    both = pd.concat([frame, new.assign(nav_office=new["new"])[frame.columns]]).drop_duplicates("nav_office")
    return pa.Table.from_pandas(both.sort_values("nav_office"), schema=offices.schema, preserve_index=False)


def _replaced(tables: Tables, codebooks: Codebooks, defect: Defect) -> tuple[Where, pa.Array]:
    """Return the rows whose number was replaced by then, and their new numbers."""
    name, column, at, file = _PLACES[defect]
    rows = tables[name]
    changes = pd.DataFrame(successors(codebooks, file), columns=["old", "new", "month"]).set_index("old")
    number = rows.column(column).to_pandas()
    since = number.map(changes["month"]).to_numpy(np.float64)
    when = rows.column(at).to_numpy() * (100 if at == "year" else 1) + (1 if at == "year" else 0)
    where = np.flatnonzero(when >= since)
    return where, pa.array(number.iloc[where].map(changes["new"]), pa.string())


def _old_numbers(tables: Tables, plan: Plan, defect: Defect) -> tuple[Tables, pd.DataFrame]:
    """Put old numbers back in some rows after the reform; of several old ones the last in the codebook."""
    name, column, _, file = _PLACES[defect]
    if name not in tables:
        return tables, no_entries()
    rows = tables[name]
    changes = successors(plan.codebooks, file)
    before = {new: old for old, new, _ in changes}
    renewed = pc.is_in(rows.column(column), value_set=pa.array(sorted(before)))
    where = plan.struck(defect, name, rows, np.asarray(renewed))
    original = rows.column(column).take(where)
    damaged = with_values(rows, column, where, pa.array([before[new] for new in original.to_pylist()], pa.string()))
    return {**tables, name: damaged}, entries(
        defect, name, damaged.take(where), plan.key(name), "changed", column, original
    )
