"""Defects that show only in several rows, or beside another register: made-up persons."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.stages.clean.sequences import compare_with_jobs, cut_unpaid_jobs, merge_spells, search

JAN = 216


def spells(*rows):
    frame = pd.DataFrame(rows, columns=["person_id", "measure_code", "start_month", "stop_month"])
    frame = frame.sort_values(["person_id", "measure_code", "start_month"])
    schema = pa.schema([("person_id", pa.string()), ("measure_code", pa.string()), ("start_month", pa.int32())])
    return pa.Table.from_pandas(frame, schema.append(pa.field("stop_month", pa.int32())), preserve_index=False)


def content(table):
    return [tuple(row.values()) for row in table.to_pylist()]


def found(searched):
    return {(one.rule, one.action): one.rows.num_rows for one in searched[1] if one.rows.num_rows}


@pytest.fixture
def status(tmp_path):
    """NAV knew of a measure of person a in January to May, of b in no month."""
    months = pd.DataFrame({"person_id": ["a"] * 5 + ["b"] * 5, "month": [*range(JAN, JAN + 5)] * 2})
    months["jobseeker_status"] = ["tiltak"] * 5 + ["helt_ledig"] * 5
    months.to_parquet(tmp_path / "nav_status.parquet", index=False)
    return {"nav_status": tmp_path / "nav_status.parquet"}


def test_overlapping_spells_of_one_measure_become_one():
    rows = spells(
        ("a", "X", JAN, JAN + 3),
        ("a", "X", JAN + 2, JAN + 6),
        ("a", "X", JAN + 3, JAN + 4),
        ("a", "Y", JAN + 1, None),
        ("b", "X", JAN + 1, JAN + 2),
    )
    searched = merge_spells(rows, {})
    assert content(searched[0]) == [("a", "X", JAN, JAN + 6), ("a", "Y", JAN + 1, None), ("b", "X", JAN + 1, JAN + 2)]
    assert found(searched) == {("overlapping_spell", "set_aside"): 2, ("overlapping_spell", "repaired"): 1}


def test_a_spell_inside_another_that_still_runs_changes_nothing_of_it():
    searched = merge_spells(spells(("a", "X", JAN, None), ("a", "X", JAN + 1, JAN + 2)), {})
    assert content(searched[0]) == [("a", "X", JAN, None)]
    assert found(searched) == {("overlapping_spell", "set_aside"): 1}


def test_spells_that_follow_each_other_stay(status):
    rows = spells(("a", "X", JAN, JAN + 1), ("a", "X", JAN + 2, JAN + 2), ("a", "X", JAN + 5, JAN + 6))
    assert merge_spells(rows, status) == (rows, [])


def test_a_hole_is_closed_only_when_nav_knew_of_a_measure_and_no_other_spell_explains_it(status):
    hole = [("X", JAN, JAN + 1), ("X", JAN + 3, JAN + 4)]
    for person, beside, merged in (("a", status, True), ("b", status, False), ("a", {}, False)):
        searched = merge_spells(spells(*((person, *one) for one in hole)), beside)
        assert (searched[0].num_rows == 1) == merged
        assert bool(searched[1]) == merged
    explained = spells(*(("a", *one) for one in hole), ("a", "Y", JAN + 2, JAN + 2))
    assert merge_spells(explained, status) == (explained, [])


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("XY"), st.integers(0, 20), st.integers(0, 6)),
        min_size=1,
        max_size=12,
        unique_by=lambda spell: spell[:3],
    )
)
def test_merging_keeps_every_month_on_a_measure_and_leaves_no_overlap(drawn):
    rows = spells(*((person, code, start, start + length) for person, code, start, length in drawn))
    merged, _ = merge_spells(rows, {})

    def months(table):
        return {(p, c, month) for p, c, start, stop in content(table) for month in range(start, stop + 1)}

    assert months(merged) == months(rows)
    assert len(months(merged)) == sum(stop - start + 1 for _, _, start, stop in content(merged))


def jobs(*rows):
    frame = pd.DataFrame(rows, columns=["person_id", "month", "employer_id", "wage"])
    return pa.Table.from_pandas(frame.sort_values(["person_id", "month", "employer_id"]), preserve_index=False)


def test_only_months_after_the_last_pay_of_an_unbroken_run_are_cut():
    rows = jobs(
        *(("a", JAN + n, "E", wage) for n, wage in enumerate([9.0, 0.0, 9.0, 0.0, 0.0])),
        *(("a", JAN + n, "F", 5.0) for n in range(5)),
        ("a", JAN + 6, "E", 9.0),
        ("b", JAN, "E", 7.0),
    )
    kept, (unpaid,) = cut_unpaid_jobs(rows, {})
    assert [(row["employer_id"], row["month"]) for row in unpaid.rows.to_pylist()] == [("E", JAN + 3), ("E", JAN + 4)]
    assert kept.num_rows == rows.num_rows - 2
    assert cut_unpaid_jobs(kept, {}) == (kept, [])


def incomes(*rows):
    return pa.Table.from_pandas(pd.DataFrame(rows, columns=["person_id", "year", "work_income"]), preserve_index=False)


def test_income_and_jobs_are_compared_in_the_years_that_both_cover(tmp_path):
    pq.write_table(
        jobs(("a", JAN, "E", 9.0), ("b", JAN + 12, "E", 9.0), ("c", JAN, "E", 0.0)), tmp_path / "jobs.parquet"
    )
    rows = incomes(
        ("a", 2017, 50.0),
        ("a", 2018, 0.0),
        ("a", 2019, 50.0),
        ("b", 2018, 0.0),
        ("b", 2019, 9.0),
        ("c", 2018, 0.0),
        ("d", 2018, -5.0),
    )
    kept, marked = compare_with_jobs(rows, {"employment": tmp_path / "jobs.parquet"})
    by_rule = {one.rule: content(one.rows) for one in marked}
    assert by_rule == {"income_without_job": [("a", 2019, 50.0)], "job_without_income": [("a", 2018, 0.0)]}
    assert {one.action for one in marked} == {"noted"}
    assert kept is rows
    assert compare_with_jobs(rows, {}) == (rows, [])


def test_no_jobs_at_all_say_nothing_of_incomes(tmp_path):
    schema = pa.schema([("person_id", pa.string()), ("month", pa.int32()), ("wage", pa.float64())])
    pq.write_table(schema.empty_table(), tmp_path / "jobs.parquet")
    rows = incomes(("a", 2018, 50.0))
    assert compare_with_jobs(rows, {"employment": tmp_path / "jobs.parquet"}) == (rows, [])


def test_other_tables_and_empty_ones_pass():
    rows = incomes(("a", 2018, 50.0))
    assert search("education", rows, {}) == (rows, [])
    assert search("income", rows.slice(0, 0), {}) == (rows.slice(0, 0), [])
