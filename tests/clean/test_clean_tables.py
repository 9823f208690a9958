"""Cleaning of single tables: what is kept, what is set aside and why."""

import hashlib
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from tiltakseffekt.clean.database import database
from tiltakseffekt.clean.shards import shard_of, shard_sql
from tiltakseffekt.clean.tables import Resources, Source, TableCounts, clean_table
from tiltakseffekt.registers.layout import table_files
from tiltakseffekt.registers.settings import CsvFormat

SHARDS = 3


@pytest.fixture
def clean(tmp_path, contract, codebooks):
    """Return a function that cleans every table of a folder and returns counts by table."""

    def run(folder: Path, csv_format: CsvFormat | None = None, threads: int = 1) -> dict[str, TableCounts]:
        counts = {}
        persons = [folder / f"clean/person-{shard}.parquet" for shard in range(SHARDS)]
        for name, table in contract.tables.items():
            shards = SHARDS if table.about_persons else 1
            counts[name] = clean_table(
                name,
                Source(tuple(table_files(folder, name)), csv_format or CsvFormat()),
                contract,
                codebooks,
                [folder / f"clean/{name}-{shard}.parquet" for shard in range(shards)],
                folder / f"quarantine/{name}.parquet",
                Resources("500MB", threads, tmp_path / "work"),
                persons if table.about_persons and name != "person" else (),
            )
        return counts

    return run


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
            **{key: table[key].map(lambda x: str(x).replace(".", ",")) for key in table.select_dtypes("float")}
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
    conflict = status.iloc[[1]].assign(nav_office="9999")
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
