import pandas as pd
import pytest

from tiltakseffekt.cli.tables import TABLES
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.files import sha256
from tiltakseffekt.core.tables import Column, TableSchema, read_table, table_faults, write_table

SCHEMA = TableSchema(
    name="example",
    meaning="An example.",
    key=("person_id",),
    microdata=True,
    columns={
        "person_id": Column("string", "identifier"),
        "group": Column("string", "group", True, ("a", "b")),
    },
    families={
        "x_": Column("float", "a covariate"),
        "share_": Column("float", "a share", True, least=0, most=1),
    },
)


def table(**columns):
    return pd.DataFrame({"person_id": ["SECRET2", "SECRET1"], "group": ["a", None], "x_1": [1.0, 2.0]} | columns)


def test_a_table_is_written_sorted_and_reads_back(tmp_path):
    write_table(table(), tmp_path / "t.parquet", SCHEMA)
    assert read_table(tmp_path / "t.parquet")["person_id"].tolist() == ["SECRET1", "SECRET2"]


def test_rows_of_some_persons_are_read_as_they_are_in_the_whole_table(tmp_path):
    write_table(table(), tmp_path / "t.parquet", SCHEMA)
    whole = read_table(tmp_path / "t.parquet", ["person_id", "group"])
    some = read_table(tmp_path / "t.parquet", ["person_id", "group"], pd.Series(["SECRET2", "SECRET9"]))
    pd.testing.assert_frame_equal(some, whole[whole["person_id"] == "SECRET2"].reset_index(drop=True))
    assert read_table(tmp_path / "t.parquet", persons=pd.Series(["SECRET9"])).empty


def test_row_order_does_not_change_the_bytes(tmp_path):
    write_table(table(), tmp_path / "a.parquet", SCHEMA)
    write_table(table().iloc[::-1], tmp_path / "b.parquet", SCHEMA)
    assert sha256(tmp_path / "a.parquet") == sha256(tmp_path / "b.parquet")


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"extra": [1, 2]}, "not in the schema"),
        ({"x_1": [1.0, None]}, "missing"),
        ({"group": ["a", "c"]}, "not allowed"),
        ({"share_1": [0.5, -0.1]}, "beyond the least possible, 0"),
        ({"share_1": [1.1, 0.5]}, "beyond the most possible, 1"),
        ({"person_id": ["SECRET1", "SECRET1"]}, "key repeats"),
    ],
)
def test_a_broken_schema_is_told_without_a_value(columns, rule, tmp_path):
    with pytest.raises(FaultsFound, match=rule) as caught:
        write_table(table(**columns), tmp_path / "t.parquet", SCHEMA)
    assert "SECRET" not in str(caught.value)
    assert not (tmp_path / "t.parquet").exists()


def test_what_is_missing_or_off_by_rounding_is_in_range():
    assert not table_faults(table(share_1=[None, 1 + 1e-12]), SCHEMA)
    assert not table_faults(table(share_1=[0.0, 1.0]), SCHEMA)


def test_values_that_are_known_in_the_run_alone_are_checked_too():
    narrow = SCHEMA.allowing("group", ["b"])
    assert [fault.rule for fault in table_faults(table(), narrow)] == ["a value is not allowed"]
    assert not table_faults(table(), SCHEMA)


def test_a_missing_column_is_told():
    assert [fault.column for fault in table_faults(table().drop(columns="group"), SCHEMA)] == ["group"]


def test_schema_names_are_unique_and_keys_are_columns():
    schemas = [schema for tables in TABLES.values() for schema in tables]
    names = [schema.name for schema in schemas]
    assert len(names) == len(set(names))
    assert all(schema.column(name) for schema in schemas for name in schema.key)
