"""Defects of the spells on measures."""

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from tiltakseffekt.core.codebook import MEASURE_CODES, code_months
from tiltakseffekt.stages.registers.contract import PERSON, PERSON_ID
from tiltakseffekt.synthetic.defects.ledger import (
    Plan,
    Tables,
    Where,
    entries,
    no_entries,
    shifted,
    with_rows,
    with_values,
)
from tiltakseffekt.synthetic.defects.settings import Defect

_TILTAK = "tiltak"
_OPEN = 999912


def measures_after_exit(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Let the last measure of some persons go on after death or emigration, or give them one that begins after.

    Half of the persons have the one, half the other; the months are one to six after the exit.
    """
    if _TILTAK not in tables:
        return _nothing(tables)
    rows, key, last_month = tables[_TILTAK], plan.key(_TILTAK), plan.contract.tables[_TILTAK].last or _OPEN
    exits = _exits(tables[PERSON]).reindex(rows.column(PERSON_ID).to_pandas()).to_numpy()
    start = rows.column("start_month").to_numpy()
    late = exits_later(exits, plan.throws(rows, "measures_after_exit", "months"))
    last_of_person = pd.Series(start).groupby(rows.column(PERSON_ID).to_pandas().to_numpy()).transform("max") == start
    candidates = (exits < _OPEN) & (start <= exits) & (late <= last_month) & last_of_person.to_numpy()
    where = plan.struck("measures_after_exit", _TILTAK, rows, candidates)
    begins = plan.throws(rows, "measures_after_exit", "begins")[where] < 0.5
    longer, anew = where[~begins], where[begins]
    original = rows.column("stop_month").take(longer)
    damaged = with_values(rows, "stop_month", longer, pa.array(late[longer]))
    more = rows.take(anew)
    everywhere = np.arange(more.num_rows)
    for column in ("start_month", "stop_month"):
        more = with_values(more, column, everywhere, pa.array(late[anew]))
    listed = [
        entries("measures_after_exit", _TILTAK, damaged.take(longer), key, "changed", "stop_month", original),
        entries("measures_after_exit", _TILTAK, more, key, "added"),
    ]
    return {**tables, _TILTAK: with_rows(damaged, more, key)}, pd.concat(listed, ignore_index=True)


def exits_later(exits: NDArray[np.int64], throws: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return a month one to six after an exit; never for those who never left."""
    return np.where(exits < _OPEN, shifted(np.minimum(exits, 900012), 1 + (throws * 6).astype(np.int64)), _OPEN)


def expired_codes(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Deliver some spells under another code of their group that was not in use when they began."""
    if _TILTAK not in tables:
        return _nothing(tables)
    rows, key = tables[_TILTAK], plan.key(_TILTAK)
    use = plan.contract.tables[_TILTAK].columns["measure_code"].in_use
    if use is None:
        return _nothing(tables)
    months = code_months(plan.codebooks, MEASURE_CODES, "code", use.first, use.last, use.slack)
    book = plan.codebooks[MEASURE_CODES]
    group_of = dict(zip(book["code"], book["group"], strict=True))
    where = plan.struck("expired_codes", _TILTAK, rows)
    luck = plan.throws(rows, "expired_codes", "code")[where]
    picked = []
    codes, starts = rows.column("measure_code").take(where).to_pylist(), rows.column("start_month").take(where)
    for code, start, u in zip(codes, starts.to_pylist(), luck, strict=True):
        out = [
            other
            for other, (first, last) in months.items()
            if group_of[other] == group_of[code] and not first <= start <= last
        ]
        picked.append(out[int(u * len(out))] if out else None)
    taken = np.array([code is not None for code in picked], dtype=bool)
    original = rows.column("measure_code").take(where[taken])
    codes_out = pa.array([code for code in picked if code is not None], pa.string())
    damaged = with_values(rows, "measure_code", where[taken], codes_out)
    struck = damaged.take(where[taken])
    listed = entries("expired_codes", _TILTAK, struck, key, "changed", "measure_code", original)
    return {**tables, _TILTAK: with_rows(damaged.filter(_others(damaged, where[taken])), struck, key)}, listed


def gapped_spells(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Deliver some spells of three months or more as two with a hole of a month between them."""
    if _TILTAK not in tables:
        return _nothing(tables)
    rows, key = tables[_TILTAK], plan.key(_TILTAK)
    where, start, length = _long_spells(rows, plan, "gapped_spells", 3)
    inside = 1 + (plan.throws(rows, "gapped_spells", "where")[where] * (length - 2)).astype(np.int64)
    original = rows.column("stop_month").take(where)
    damaged = with_values(rows, "stop_month", where, pa.array(shifted(start, inside - 1)))
    second = with_values(rows.take(where), "start_month", np.arange(len(where)), pa.array(shifted(start, inside + 1)))
    listed = [
        entries("gapped_spells", _TILTAK, damaged.take(where), key, "changed", "stop_month", original),
        entries("gapped_spells", _TILTAK, second, key, "added"),
    ]
    return {**tables, _TILTAK: with_rows(damaged, second, key)}, pd.concat(listed, ignore_index=True)


def overlapping_spells(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Deliver the later part of some spells of two months or more once more, as a spell of its own."""
    if _TILTAK not in tables:
        return _nothing(tables)
    rows, key = tables[_TILTAK], plan.key(_TILTAK)
    where, start, length = _long_spells(rows, plan, "overlapping_spells", 2)
    inside = 1 + (plan.throws(rows, "overlapping_spells", "where")[where] * (length - 1)).astype(np.int64)
    part = with_values(rows.take(where), "start_month", np.arange(len(where)), pa.array(shifted(start, inside)))
    return {**tables, _TILTAK: with_rows(rows, part, key)}, entries("overlapping_spells", _TILTAK, part, key, "added")


def _nothing(tables: Tables) -> tuple[Tables, pd.DataFrame]:
    return tables, no_entries()


def _exits(persons: pa.Table) -> pd.Series:
    """Return the month of death or emigration of each person, whichever is first; a late month for those who stay."""
    both = persons.select(["death_month", "emigration_month"]).to_pandas()
    return both.min(axis=1).fillna(_OPEN).astype("int64").set_axis(persons.column(PERSON_ID).to_pandas())


def _long_spells(
    rows: pa.Table, plan: Plan, defect: Defect, least: int
) -> tuple[Where, NDArray[np.int64], NDArray[np.int64]]:
    """Return the ended spells of some length that a defect strikes, their first months and their lengths."""
    start = rows.column("start_month").to_numpy().astype(np.int64)
    stop = rows.column("stop_month").fill_null(0).to_numpy().astype(np.int64)
    length = stop // 100 * 12 + stop % 100 - start // 100 * 12 - start % 100 + 1
    where = plan.struck(defect, _TILTAK, rows, length >= least)
    return where, start[where], length[where]


def _others(rows: pa.Table, where: Where) -> pa.Array:
    mask = np.ones(rows.num_rows, dtype=bool)
    mask[where] = False
    return pa.array(mask)
