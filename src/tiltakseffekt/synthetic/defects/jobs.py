"""Defects of jobs and incomes."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tiltakseffekt.stages.registers.contract import PERSON_ID
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

_JOBS, _INCOME = "employment", "income"
#: Longest time that an ended job goes on (chosen: half a year).
_LINGERS = 6
#: Work income, kroner, given to a year without a job (chosen: from little to a year of low pay).
_LEAST_INCOME, _MOST_INCOME = 20_000, 300_000


def late_deregistration(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Let some ended jobs go on for one to six months: half of them without pay, half with the wage unchanged."""
    if _JOBS not in tables:
        return tables, no_entries()
    rows, key = tables[_JOBS], plan.key(_JOBS)
    person, employer = (
        rows.column(name).combine_chunks().dictionary_encode().indices.to_numpy() for name in (PERSON_ID, "employer_id")
    )
    month = _counted(rows)
    order = np.lexsort((month, employer, person))
    follows = (person[order][1:] == person[order][:-1]) & (employer[order][1:] == employer[order][:-1])
    free = np.full(rows.num_rows, month.max(initial=0), dtype=np.int64) - month
    free[order[:-1][follows]] = month[order][1:][follows] - month[order][:-1][follows] - 1
    where = plan.struck("late_deregistration", _JOBS, rows, free > 0)
    wanted = 1 + (plan.throws(rows, "late_deregistration", "months")[where] * _LINGERS).astype(np.int64)
    unpaid = plan.throws(rows, "late_deregistration", "unpaid")[where] < 0.5
    months = np.minimum(wanted, free[where])
    ahead = np.arange(months.sum()) - np.repeat(months.cumsum() - months, months) + 1
    more = rows.take(np.repeat(where, months))
    everywhere = np.arange(more.num_rows)
    month_of = more.column("month").to_numpy().astype(np.int64)
    more = with_values(more, "month", everywhere, pa.array(shifted(month_of, ahead)))
    without = np.flatnonzero(np.repeat(unpaid, months))
    more = with_values(more, "wage", without, pa.array(np.zeros(len(without))))
    return {**tables, _JOBS: with_rows(rows, more, key)}, entries("late_deregistration", _JOBS, more, key, "added")


def income_without_job(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Give work income to some years without a job and without work income."""
    if not {_JOBS, _INCOME} <= set(tables):
        return tables, no_entries()
    rows = tables[_INCOME]
    wages = _wages(tables)
    year, income = rows.column("year").to_numpy(), rows.column("work_income").to_numpy()
    first = tables[_JOBS].num_rows and pc.min(tables[_JOBS].column("month")).as_py() // 100
    where = plan.struck("income_without_job", _INCOME, rows, np.isnan(wages) & (income == 0) & (year >= first))
    luck = plan.throws(rows, "income_without_job", "amount")[where]
    amount = np.round(_LEAST_INCOME + luck * (_MOST_INCOME - _LEAST_INCOME), -2)
    return _other_income(tables, plan, where, amount, "income_without_job")


def job_without_income(tables: Tables, plan: Plan) -> tuple[Tables, pd.DataFrame]:
    """Take the work income from some years with wages."""
    if not {_JOBS, _INCOME} <= set(tables):
        return tables, no_entries()
    rows = tables[_INCOME]
    candidates = (np.nan_to_num(_wages(tables)) > 0) & (rows.column("work_income").to_numpy() > 0)
    where = plan.struck("job_without_income", _INCOME, rows, candidates)
    return _other_income(tables, plan, where, np.zeros(len(where)), "job_without_income")


def _counted(rows: pa.Table) -> NDArray[np.int64]:
    month = rows.column("month").to_numpy().astype(np.int64)
    return month // 100 * 12 + month % 100


def _wages(tables: Tables) -> NDArray[np.float64]:
    """Return the wages of each row of income; not a number in years without a job."""
    jobs, rows = tables[_JOBS], tables[_INCOME]
    year = pc.divide(jobs.column("month"), 100)
    of_jobs = jobs.select([PERSON_ID, "wage"]).append_column("year", year.cast(rows.schema.field("year").type))
    paid = of_jobs.group_by([PERSON_ID, "year"]).aggregate([("wage", "sum")])
    numbered = rows.select([PERSON_ID, "year"]).append_column("row", pa.array(np.arange(rows.num_rows)))
    joined = numbered.join(paid, [PERSON_ID, "year"]).sort_by("row")
    return joined.column("wage_sum").to_numpy().astype(np.float64)


def _other_income(
    tables: Tables, plan: Plan, where: Where, amount: NDArray[np.float64], defect: Defect
) -> tuple[Tables, pd.DataFrame]:
    rows = tables[_INCOME]
    original = rows.column("work_income").take(where)
    damaged = with_values(rows, "work_income", where, pa.array(amount))
    listed = entries(defect, _INCOME, damaged.take(where), plan.key(_INCOME), "changed", "work_income", original)
    return {**tables, _INCOME: damaged}, listed
