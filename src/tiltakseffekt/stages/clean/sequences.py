"""Defects that show only in several rows of a person, or beside another register: what is found and what is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

#: What cleaning does with a row that a rule finds.
Action = Literal["set_aside", "repaired", "noted"]

#: One clean file of each table that a table looks at, for the same shard of persons.
Beside = Mapping[str, Path]

OVERLAPPING: Final = "overlapping_spell"
GAPPED: Final = "gapped_spell"
UNPAID: Final = "unpaid_job"
INCOME_ALONE: Final = "income_without_job"
JOB_ALONE: Final = "job_without_income"

#: Status of NAV in a month on a measure (contract, nav_status.jobseeker_status).
_ON_MEASURE: Final = "tiltak"
_STILL_RUNS: Final = np.iinfo(np.int32).max
_ORIGIN_YEAR: Final = 2000


@dataclass(frozen=True)
class SequenceRule:
    """A rule about several rows: the columns that it reads, its name and what is done."""

    column: str
    rule: str
    action: Action


@dataclass(frozen=True)
class Found:
    """Rows that a rule found, as they were before anything was done."""

    rule: str
    action: Action
    rows: pa.Table


#: What a search returns: the rows to keep, and what it found.
Searched = tuple[pa.Table, list[Found]]

_SPELL: Final = "start_month, stop_month"
_RULES: Final[Mapping[str, tuple[SequenceRule, ...]]] = {
    "tiltak": (
        SequenceRule(_SPELL, OVERLAPPING, "set_aside"),
        SequenceRule(_SPELL, OVERLAPPING, "repaired"),
        SequenceRule(_SPELL, GAPPED, "set_aside"),
        SequenceRule(_SPELL, GAPPED, "repaired"),
    ),
    "employment": (SequenceRule("wage", UNPAID, "set_aside"),),
    "income": (
        SequenceRule("work_income", INCOME_ALONE, "noted"),
        SequenceRule("work_income", JOB_ALONE, "noted"),
    ),
}


def sequence_rules(table: str) -> tuple[SequenceRule, ...]:
    """Return the rules about several rows of a table."""
    return _RULES.get(table, ())


def search(table: str, rows: pa.Table, beside: Beside) -> Searched:
    """Apply the rules about several rows to the clean rows of a table in one shard, sorted by key.

    Parameters
    ----------
    table
        Name of the table.
    rows
        Its rows, whose keys do not repeat.
    beside
        Clean files of other tables for the same persons; a rule without its table finds nothing.

    Returns
    -------
    tuple
        The rows to keep, sorted by key; and what was found.
    """
    searches: Mapping[str, Callable[[pa.Table, Beside], Searched]] = {
        "tiltak": merge_spells,
        "employment": cut_unpaid_jobs,
        "income": compare_with_jobs,
    }
    return searches[table](rows, beside) if table in searches and rows.num_rows else (rows, [])


def merge_spells(rows: pa.Table, beside: Beside) -> Searched:
    """Merge spells of one measure that overlap, or that a hole of a month divides in which NAV knew of a measure.

    A hole counts only when no other spell of the person explains the status of that month. The first spell takes the
    last stop of those merged into it; the others are set aside.
    """
    spells = rows.select(["person_id", "measure_code", "start_month", "stop_month"]).to_pandas()
    start = spells["start_month"].to_numpy(np.int64)
    stop = spells["stop_month"].fillna(_STILL_RUNS).to_numpy(np.int64)
    person, code = spells["person_id"].to_numpy(object), spells["measure_code"].to_numpy(object)
    same = np.concatenate([[False], (person[1:] == person[:-1]) & (code[1:] == code[:-1])])
    latest = pd.Series(stop).groupby(np.cumsum(~same)).cummax().to_numpy()
    before = np.concatenate([[-1], latest[:-1]])
    overlaps = same & (start <= before)
    holed = same & (start == before + 2)
    if holed.any():
        holed[holed] = _on_measure_in(person[holed], before[holed] + 1, person, start, stop, beside)
    joins = overlaps | holed
    if not joins.any():
        return rows, []
    cluster = np.cumsum(~joins)
    last_stop = pd.Series(stop).groupby(cluster).transform("max").to_numpy()
    rule = pd.Series(np.where(holed, 2, np.where(overlaps, 1, 0))).groupby(cluster).transform("max").to_numpy()
    first = ~joins & (last_stop > stop)
    found = [
        Found(OVERLAPPING, "set_aside", rows.filter(pa.array(overlaps))),
        Found(GAPPED, "set_aside", rows.filter(pa.array(holed))),
        Found(OVERLAPPING, "repaired", rows.filter(pa.array(first & (rule == 1)))),
        Found(GAPPED, "repaired", rows.filter(pa.array(first & (rule == 2)))),
    ]
    stops = pa.array(np.where(last_stop == _STILL_RUNS, 0, last_stop), pa.int32(), mask=last_stop == _STILL_RUNS)
    merged = rows.set_column(rows.schema.get_field_index("stop_month"), rows.schema.field("stop_month"), stops)
    return merged.filter(pa.array(~joins)), found


def _on_measure_in(
    holders: NDArray[np.object_],
    holes: NDArray[np.int64],
    person: NDArray[np.object_],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    beside: Beside,
) -> NDArray[np.bool_]:
    """Tell for each hole whether NAV knew of a measure in that month and no spell of the person covers it."""
    if "nav_status" not in beside:
        return np.zeros(len(holes), dtype=bool)
    wanted = pd.DataFrame({"person_id": holders, "month": holes})
    known = pq.read_table(
        beside["nav_status"],
        columns=["person_id", "month"],
        filters=[("jobseeker_status", "==", _ON_MEASURE), ("person_id", "in", set(holders))],
    ).to_pandas()
    on_measure = pd.MultiIndex.from_frame(wanted).isin(pd.MultiIndex.from_frame(known))
    spells = pd.DataFrame({"person_id": person, "start": start, "stop": stop})
    pairs = wanted.reset_index().merge(spells, on="person_id")
    covered = pairs.loc[pairs["month"].between(pairs["start"], pairs["stop"]), "index"]
    return np.asarray(on_measure & ~wanted.index.isin(covered), dtype=bool)


def cut_unpaid_jobs(rows: pa.Table, beside: Beside) -> Searched:
    """Set aside the months at the end of an unbroken run of a job in which nothing was paid: it had ended before.

    Months without pay that pay follows in the same run are leave and stay.
    """
    if pc.min(rows.column("wage")).as_py() > 0:
        return rows, []
    unpaid = np.asarray(pc.less_equal(rows.column("wage"), 0))
    persons = pc.unique(rows.column("person_id").filter(pa.array(unpaid)))
    theirs = np.flatnonzero(pc.is_in(rows.column("person_id"), value_set=persons))
    jobs = rows.take(pa.array(theirs)).select(["person_id", "employer_id", "month", "wage"]).to_pandas()
    jobs = jobs.sort_values(["person_id", "employer_id", "month"])
    of_job = jobs.groupby(["person_id", "employer_id"], sort=False)["month"]
    run = (of_job.diff() != 1).cumsum()
    last_paid = jobs["month"].where(jobs["wage"] > 0).groupby(run).transform("max").fillna(-1)
    tail = np.zeros(rows.num_rows, dtype=bool)
    tail[theirs[jobs.index]] = jobs["month"] > last_paid
    if not tail.any():
        return rows, []
    return rows.filter(pa.array(~tail)), [Found(UNPAID, "set_aside", rows.filter(pa.array(tail)))]


def compare_with_jobs(rows: pa.Table, beside: Beside) -> Searched:
    """Compare the work income of a year with the jobs in it.

    Both contradictions are noted and kept. Income without a job is what the self-employed have. Wages without income
    mean that one of the registers is wrong, and it cannot be told which: the income may be lost, or the job may have
    ended before; a year set aside would count as one without income too, and lose its pensionable income besides.
    """
    if "employment" not in beside:
        return rows, []
    paid = _paid_in_years(beside["employment"])
    if not paid.num_rows:
        return rows, []
    first, last = pc.min(paid.column("year")).as_py(), pc.max(paid.column("year")).as_py()
    numbered = rows.select(["person_id", "year", "work_income"]).append_column(
        "row", pa.array(np.arange(rows.num_rows))
    )
    beside_wages = numbered.join(paid, ["person_id", "year"]).sort_by("row")
    wage = beside_wages.column("wage")
    covered = pc.and_(pc.greater_equal(rows.column("year"), first), pc.less_equal(rows.column("year"), last))
    alone = pc.and_(pc.and_(covered, pc.is_null(wage)), pc.greater(rows.column("work_income"), 0))
    contradicted = pc.and_(pc.fill_null(pc.greater(wage, 0), False), pc.equal(rows.column("work_income"), 0))
    found = [
        Found(INCOME_ALONE, "noted", rows.filter(alone)),
        Found(JOB_ALONE, "noted", rows.filter(contradicted)),
    ]
    return rows, found


def _paid_in_years(employment: Path) -> pa.Table:
    """Return the wages of each person and year with a job, from a table sorted by person and month."""
    jobs = pq.read_table(employment, columns=["person_id", "month", "wage"])
    if not jobs.num_rows:
        return pa.table({"person_id": pa.array([], pa.string()), "year": pa.array([], pa.int64()), "wage": []})
    person = jobs.column("person_id").combine_chunks()
    year = jobs.column("month").to_numpy().astype(np.int64) // 12 + _ORIGIN_YEAR
    begins = np.asarray(pc.not_equal(person.slice(1), person.slice(0, len(person) - 1))) | (year[1:] != year[:-1])
    starts = np.flatnonzero(np.concatenate([[True], begins]))
    wage = np.add.reduceat(jobs.column("wage").to_numpy(), starts)
    return pa.table({"person_id": person.take(pa.array(starts)), "year": year[starts], "wage": wage})
