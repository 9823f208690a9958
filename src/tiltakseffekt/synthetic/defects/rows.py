"""Defects that any row can have: copies, contradicting copies, codes for unknown, births in the wrong century."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.stages.registers.contract import PERSON
from tiltakseffekt.synthetic.defects.ledger import Plan, Tables, Where, entries, no_entries, with_rows, with_values

#: Codes for unknown by table and column. Months of which missing says something stand for a missing value.
SENTINELS: Final[dict[tuple[str, str], tuple[Any, ...]]] = {
    ("person", "death_month"): (999912, 0),
    ("person", "emigration_month"): (999912, 0),
    ("residence", "municipality"): ("9999",),
    ("education", "nus2000"): ("", " "),
    ("employment", "occupation"): ("9999",),
    ("employment", "industry"): ("00",),
    ("employment", "sector"): ("", " "),
    ("employment", "wage"): (99_999_999.0,),
    ("nav_status", "nav_office"): ("9999",),
    ("tiltak", "stop_month"): (999912, 0),
    ("benefits", "amount"): (99_999_999.0,),
}


def wrong_century(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Give some persons a year of birth a century too early or too late."""
    rows = tables[PERSON]
    where = plan.struck("wrong_century", PERSON, rows)
    birth = rows.column("birth_month").take(where)
    early = plan.throws(rows, "wrong_century", "early")[where] < 0.5
    born = birth.to_numpy() + np.where(early, -10_000, 10_000)
    damaged = with_values(rows, "birth_month", where, pa.array(born))
    listed = entries("wrong_century", PERSON, damaged.take(where), plan.key(PERSON), "changed", "birth_month", birth)
    return {**tables, PERSON: damaged}, listed


def sentinel_codes(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Write codes for unknown instead of values; in columns of months, instead of missing ones."""
    changed, ledger = dict(tables), [no_entries()]
    for (name, column), codes in SENTINELS.items():
        if name not in tables or column not in tables[name].column_names:
            continue
        rows = changed[name]
        missing = np.asarray(rows.column(column).is_null())
        candidates = missing if plan.contract.tables[name].columns[column].type == "yearmonth" else ~missing
        where = plan.struck("sentinel_codes", name, rows, candidates, column)
        original = rows.column(column).take(where)
        which = (plan.throws(rows, "sentinel_codes", name, column, "code")[where] * len(codes)).astype(np.int64)
        changed[name] = with_values(rows, column, where, pa.array(codes).take(pa.array(which)))
        damaged = changed[name].take(where)
        ledger.append(entries("sentinel_codes", name, damaged, plan.key(name), "changed", column, original))
    return changed, pd.concat(ledger, ignore_index=True)


def conflicting_rows(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Deliver some rows once more with another value of one column; persons are spared, who would be lost whole."""
    changed, ledger = dict(tables), [no_entries()]
    for name, rows in tables.items():
        column = _last_value_column(rows, plan.key(name))
        if name == PERSON or column is None:
            continue
        candidates = np.asarray(rows.column(column).is_valid())
        where = plan.struck("conflicting_rows", name, rows, candidates)
        original = rows.column(column).take(where)
        other, differs = _other_values(rows, column, where)
        copies = rows.take(where[differs])
        copies = with_values(copies, column, np.arange(copies.num_rows), other.filter(pa.array(differs)))
        changed[name] = with_rows(rows, copies, plan.key(name))
        original = original.filter(pa.array(differs))
        ledger.append(entries("conflicting_rows", name, copies, plan.key(name), "added", column, original))
    return changed, pd.concat(ledger, ignore_index=True)


def duplicate_rows(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Deliver some rows twice."""
    changed, ledger = dict(tables), [no_entries()]
    for name, rows in tables.items():
        copies = rows.take(plan.struck("duplicate_rows", name, rows))
        changed[name] = with_rows(rows, copies, plan.key(name))
        ledger.append(entries("duplicate_rows", name, copies, plan.key(name), "added"))
    return changed, pd.concat(ledger, ignore_index=True)


def duplicate_parts(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Deliver some parts of tables twice, as a file that holds its rows once more below."""
    changed, ledger = dict(tables), [no_entries()]
    for name, rows in tables.items():
        luck = named_generator(plan.seed, "defects", "duplicate_parts", name, plan.shard).random()
        if luck < plan.settings.rate("duplicate_parts"):
            changed[name] = pa.concat_tables([rows, rows])
            ledger.append(entries("duplicate_parts", name, rows, plan.key(name), "added"))
    return changed, pd.concat(ledger, ignore_index=True)


def _last_value_column(rows: pa.Table, key: Sequence[str]) -> str | None:
    return next((name for name in reversed(rows.column_names) if name not in key), None)


def _other_values(rows: pa.Table, column: str, where: Where) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Return other values that are allowed, and where they differ: a number one off, a text of a row far away."""
    values = rows.column(column).combine_chunks()
    own = values.take(pa.array(where))
    if pa.types.is_boolean(values.type):
        return pc.invert(own), np.ones(len(where), dtype=bool)
    if not pa.types.is_string(values.type):
        return pc.if_else(pc.greater(own, 1), pc.subtract(own, 1), pc.add(own, 1)), np.ones(len(where), dtype=bool)
    following = values.take(pa.array((where + rows.num_rows // 2) % max(rows.num_rows, 1)))
    return following, np.asarray(pc.fill_null(pc.not_equal(following, own), False))
