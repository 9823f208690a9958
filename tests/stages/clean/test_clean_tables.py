"""Cleaning of single tables: what is kept, what is set aside and why."""

import hashlib

import pandas as pd
import pyarrow.parquet as pq
import pytest

from tiltakseffekt.stages.clean.database import database
from tiltakseffekt.stages.clean.shards import shard_of, shard_sql
from tiltakseffekt.stages.clean.tables import TableCounts
from tiltakseffekt.stages.registers.settings import CsvFormat

SHARDS = 3


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "clean").iterdir())}


def kept(folder, name):
    return pd.concat(
        [pd.read_parquet(path) for path in sorted((folder / "clean").glob(f"{name}-*.parquet"))], ignore_index=True
    )


def aside(folder, name):
    return pd.read_parquet(folder / f"quarantine/{name}.parquet")


def reasons(counts):
    return {(column, rule): rows for column, rule, rows in counts.set_aside if rows}


def test_sound_tables_are_kept_whole_and_typed(tmp_path, tables, write, clean):
    counts = clean(write(tables, tmp_path / "in"))
    assert all(one.kept == one.received and not reasons(one) for one in counts.values())
    employment = kept(tmp_path / "in", "employment")
    assert sorted(employment["month"].unique()) == [216, 217, 218]
    assert employment["person_id"].str.len().eq(4).all()
    assert set(kept(tmp_path / "in", "tiltak")["measure"]) == {"arbeidstrening", "annet"}
    assert set(kept(tmp_path / "in", "nav_status")["nav_group"]) == {"situasjonsbestemt"}
    for shard in range(SHARDS):
        persons = pd.read_parquet(tmp_path / f"in/clean/person-{shard}.parquet")
        assert all(shard_of(person, SHARDS) == shard for person in persons["person_id"])
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize(
    ("layout", "csv_format"),
    [
        ({"form": "csv"}, CsvFormat()),
        ({"form": "csv", "separator": ";", "encoding": "latin-1"}, CsvFormat(delimiter=";", encoding="latin-1")),
        ({"form": "csv", "parts": 2}, CsvFormat()),
        ({"form": "parquet", "parts": 3}, CsvFormat()),
    ],
)
def test_every_layout_gives_the_same_bytes(tmp_path, tables, write, clean, layout, csv_format):
    clean(write(tables, tmp_path / "one"))
    clean(write(tables, tmp_path / "other", **layout), csv_format, threads=2)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "other")


def test_decimal_commas_are_read(tmp_path, tables, write, clean):
    clean(write(tables, tmp_path / "one"))
    comma = {
        name: table.assign(
            **{
                key: table[key].map(lambda x: str(x).replace(".", ","), na_action="ignore")
                for key in table.select_dtypes("float")
            }
        )
        for name, table in tables.items()
    }
    clean(write(comma, tmp_path / "other", form="csv", separator=";"), CsvFormat(delimiter=";", decimal=","))
    assert hashes(tmp_path / "one") == hashes(tmp_path / "other")


def test_each_row_has_its_first_reason_and_counts_add_up(tmp_path, tables, write, clean):
    jobs = tables["employment"]
    broken = pd.concat([jobs, jobs.iloc[[0] * 8]], ignore_index=True).astype({"wage": "object", "month": "object"})
    new = range(len(jobs), len(jobs) + 8)
    broken.loc[new, "employer_id"] = [f"N{i}" for i in new]
    changes = {"wage": "much", "sector": None, "occupation": "x", "month": 201813, "person_id": "9999"}
    for row, (column, value) in zip(new, changes.items(), strict=False):
        broken.loc[row, column] = value
    broken.loc[new[5], "wage"] = -1.0
    broken.loc[new[6], ["wage", "sector"]] = [-1.0, "circus"]
    broken.loc[new[7], "month"] = 209901
    counts = clean(write({**tables, "employment": broken}, tmp_path / "in", form="csv"))["employment"]
    assert reasons(counts) == {
        ("wage", "wrong_type"): 1,
        ("sector", "missing_value"): 1,
        ("occupation", "not_allowed"): 1,
        ("sector", "not_allowed"): 1,
        ("wage", "outside_range"): 1,
        ("month", "month_out_of_range"): 2,
        ("person_id", "unknown_person"): 1,
    }
    assert counts.kept == len(jobs)
    assert len(aside(tmp_path / "in", "employment")) == 8


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_repeated_rows_lose_their_copies_and_conflicting_keys_lose_all(tmp_path, tables, write, clean, form):
    status = tables["nav_status"]
    conflict = status.iloc[[1]].assign(nav_office="0999")
    repeated = pd.concat([status, status.iloc[[0, 0]], status.iloc[[1]], conflict], ignore_index=True)
    counts = clean(write({**tables, "nav_status": repeated}, tmp_path / "in", form=form))["nav_status"]
    key = "person_id, month"
    assert reasons(counts) == {(key, "duplicate_row"): 2, (key, "conflicting_key"): 3}
    assert counts.kept == len(status) - 1
    assert set(aside(tmp_path / "in", "nav_status")["month"]) == {"201801", "201802"}


def test_row_rules_and_unknown_codes(tmp_path, tables, write, clean):
    spells = pd.concat([tables["tiltak"]] * 2, ignore_index=True)
    spells.loc[2, ["start_month", "stop_month"]] = [201810, 201809]
    spells.loc[3, ["measure_code", "start_month"]] = ["NOTACODE", 201810]
    counts = clean(write({**tables, "tiltak": spells}, tmp_path / "in"))["tiltak"]
    assert reasons(counts) == {
        ("measure_code", "unknown_code"): 1,
        ("start_month, stop_month", "stop_before_start"): 1,
    }


def repairs(counts):
    return {rule: rows for _, rule, rows in counts.repaired if rows}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_birth_a_century_off_is_moved(tmp_path, tables, write, clean, form):
    tables["person"]["birth_month"] = [188001, 209012, 197505, 185007]
    counts = clean(write(tables, tmp_path / "in", form=form))["person"]
    assert repairs(counts) == {"wrong_century": 3}
    assert counts.kept == counts.received == 4
    months = kept(tmp_path / "in", "person").set_index("person_id")["birth_month"]
    assert months.to_dict() == {"0001": -20 * 12, "0002": -120 + 11, "0003": -25 * 12 + 4, "0004": -50 * 12 + 6}
    found = aside(tmp_path / "in", "person")
    assert set(found["birth_month"]) == {"188001", "209012", "185007"}
    assert set(found["action"]) == {"repaired"}


def test_sentinels_become_missing_where_that_is_allowed(tmp_path, tables, write, clean):
    tables["tiltak"]["stop_month"] = [999912, 0]
    tables["employment"].loc[0, "occupation"] = "9999"
    tables["employment"].loc[1, "industry"] = "00"
    tables["employment"].loc[[1, 2], "wage"] = [30000.0, 99999999.0]
    tables["nav_status"].loc[0, "nav_office"] = "9999"
    tables["residence"].loc[0, "municipality"] = "9999"
    counts = clean(write(tables, tmp_path / "in"))
    assert repairs(counts["tiltak"]) == {"unknown_stop": 2}
    assert repairs(counts["employment"]) == {"unknown_occupation": 1, "unknown_industry": 1}
    assert reasons(counts["employment"]) == {("wage", "outside_range"): 1}
    assert repairs(counts["nav_status"]) == {"unknown_office": 1}
    assert repairs(counts["residence"]) == {"unknown_municipality": 1}
    assert kept(tmp_path / "in", "tiltak")["stop_month"].isna().all()
    assert kept(tmp_path / "in", "residence")["municipality"].isna().sum() == 1
    one = counts["employment"]
    assert one.received == one.kept + sum(rows for _, _, rows in one.set_aside)


def test_measures_after_death_or_emigration_are_cut_or_set_aside(tmp_path, tables, write, clean):
    tables["person"]["death_month"] = pd.array([201802, pd.NA, 201802, pd.NA], dtype="Int64")
    tables["person"]["emigration_month"] = pd.array([pd.NA, 201802, 201803, 201802], dtype="Int64")
    tables["employment"] = tables["employment"][tables["employment"]["person_id"] == "0001"]
    tables["tiltak"] = pd.DataFrame(
        {
            "person_id": ["0001", "0002", "0003", "0004", "0004"],
            "measure_code": "ARBTREN",
            "start_month": [201801, 201803, 201802, 201801, 201804],
            "stop_month": pd.array([201805, pd.NA, 201802, pd.NA, 201805], dtype="Int64"),
            "main_measure": True,
        }
    )
    counts = clean(write(tables, tmp_path / "in"))
    assert reasons(counts["tiltak"]) == {("start_month", "start_after_exit"): 2}
    assert repairs(counts["tiltak"]) == {"stop_after_exit": 2}
    stops = kept(tmp_path / "in", "tiltak").set_index("person_id")["stop_month"]
    assert stops.to_dict() == {"0001": 217, "0003": 217, "0004": 217}
    assert reasons(counts["employment"]) == {("month", "job_after_death"): 1}


def test_a_code_out_of_use_is_set_aside_beyond_two_months(tmp_path, tables, write, clean):
    starts = {"MIDLONTIL": [201510, 201511], "LONNTIL": [201904, 201905, 200501], "ARBTREN": [202212]}
    rows = [(code, month) for code, months in starts.items() for month in months]
    tables["tiltak"] = pd.DataFrame(
        {
            "person_id": [f"000{number % 4 + 1}" for number in range(len(rows))],
            "measure_code": [code for code, _ in rows],
            "start_month": [month for _, month in rows],
            "stop_month": pd.array([pd.NA] * len(rows), dtype="Int64"),
            "main_measure": True,
        }
    )
    counts = clean(write(tables, tmp_path / "in"))["tiltak"]
    assert reasons(counts) == {("measure_code", "expired_code"): 2}
    assert set(aside(tmp_path / "in", "tiltak")["start_month"]) == {"201510", "201905"}


def test_old_numbers_become_their_successors_only_where_these_are_in_use(tmp_path, tables, write, clean):
    homes = tables["residence"].assign(municipality="7097")
    homes["year"] = homes["year"].replace({2017: 2019, 2018: 2020})
    tables["residence"] = homes
    assert repairs(clean(write(tables, tmp_path / "old"))["residence"]) == {}
    homes.loc[homes.index[-1], "municipality"] = "7201"
    for form in ("csv", "parquet"):
        counts = clean(write(tables, tmp_path / form, form=form))["residence"]
        assert repairs(counts) == {"old_number": 3}
        assert kept(tmp_path / form, "residence").groupby("year")["municipality"].unique().explode().to_dict() == {
            2019: "7097",
            2020: "7201",
        }


def test_what_is_found_in_several_rows_is_counted_and_kept_as_it_was(tmp_path, tables, write, clean):
    tables["employment"] = tables["employment"].assign(wage=[0.0 if n % 3 == 2 else 1000.0 for n in range(12)])
    tables["income"]["work_income"] = [5000.0, 3000.0] * 3 + [0.0, 0.0]
    counts = clean(write(tables, tmp_path / "in"))
    assert reasons(counts["employment"]) == {("wage", "unpaid_job"): 4}
    assert {(rule, rows) for _, rule, rows in counts["income"].noted if rows} == {("job_without_income", 1)}
    found = aside(tmp_path / "in", "employment")
    assert set(found["month"]) == {"201803"}
    assert set(found["rule"]) == {"unpaid_job"}


def test_rows_of_a_person_set_aside_are_unknown(tmp_path, tables, write, clean):
    tables["person"].loc[0, "sex"] = "3"
    counts = clean(write(tables, tmp_path / "in"))
    assert reasons(counts["income"]) == {("person_id", "unknown_person"): 2}


def test_whole_numbers_delivered_as_floats_are_read_and_halves_are_not(tmp_path, tables, write, clean):
    tables["residence"] = tables["residence"].astype({"children": "float64", "year": "float64"})
    tables["residence"].loc[0, "children"] = 1.5
    for form in ("csv", "parquet"):
        counts = clean(write(tables, tmp_path / form, form=form))["residence"]
        assert reasons(counts) == {("children", "wrong_type"): 1}


def test_an_empty_table_gives_empty_shards(tmp_path, tables, write, clean):
    tables["disability"] = tables["disability"].iloc[:0]
    counts = clean(write(tables, tmp_path / "in"))["disability"]
    assert (counts.received, counts.kept) == (0, 0)
    schema = pq.read_schema(tmp_path / "in/clean/disability-0.parquet")
    assert schema.names == ["person_id", "month", "degree"]


def test_the_shard_is_the_same_in_sql(tmp_path):
    ids = [f"{number:05d}" for number in range(200)] + ["Ø1"]
    with database("200MB", 1, tmp_path / "work") as base:
        rows = base.execute(f"SELECT {shard_sql('i', 7)} FROM (SELECT unnest(?) AS i)", [ids]).fetchall()
    assert [row[0] for row in rows] == [shard_of(person, 7) for person in ids]


def test_counts_survive_their_file():
    counts = TableCounts("person", 3, 2, (("sex", "not_allowed", 1),))
    assert TableCounts.from_dict(counts.as_dict()) == counts
