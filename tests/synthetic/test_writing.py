"""Registers as Parquet and as CSV: what is written is what is read back."""

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.stages.registers.settings import CsvFormat
from tiltakseffekt.synthetic.writing import write_register

FORMS = [
    CsvFormat(),
    CsvFormat(delimiter=";", decimal=",", encoding="latin-1"),
    CsvFormat(delimiter=",", decimal=","),
    CsvFormat(delimiter="\t"),
]
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
CODES = st.none() | st.text('ÆØÅæøå019,;|\t" x', min_size=1)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: repr(form.delimiter + form.decimal))
@given(rows=st.lists(st.tuples(CODES, NUMBERS, st.none() | st.integers(-(2**31), 2**31 - 1)), min_size=1, max_size=8))
def test_values_survive(form, rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    codes, numbers, months = (list(column) for column in zip(*rows, strict=True))
    table = pa.table(
        {
            "code": pa.array(codes, pa.string()),
            "number": pa.array(numbers, pa.float64()),
            "month": pa.array(months, pa.int32()),
        }
    )
    write_register(table, path, form)
    read = duckdb.sql(
        f"SELECT code, CAST(replace(number, '{form.decimal}', '.') AS DOUBLE), CAST(month AS INTEGER)"
        f" FROM read_csv('{path}', all_varchar=true, header=true, delim='{form.delimiter}', quote='\"', escape='\"',"
        f" encoding='{form.encoding}')"
    ).fetchall()
    assert read == rows


def test_an_empty_table_has_its_header(tmp_path):
    write_register(pa.table({"month": pa.array([], pa.int32())}), tmp_path / "table.csv", CsvFormat())
    assert (tmp_path / "table.csv").read_text() == '"month"\n'


def test_csv_has_the_marks_of_its_format_and_text_in_quotation_marks(tmp_path):
    form = CsvFormat(delimiter=";", decimal=",", encoding="latin-1")
    table = pa.table({"code": ["UFØREPENLØ", None], "wage": [1000.5, None], "main": [True, False]})
    write_register(table, tmp_path / "table.csv", form)
    lines = (tmp_path / "table.csv").read_bytes().decode("latin-1").splitlines()
    assert lines == ['"code";"wage";"main"', '"UFØREPENLØ";"1000,5";true', ";;false"]


def test_parquet_holds_text_where_the_table_has_dictionaries(tmp_path):
    table = pa.table({"code": pa.array(["a", "b", "a"]), "wage": [1.5, None, 2.0]})
    coded = table.set_column(0, "code", table["code"].dictionary_encode())
    write_register(coded, tmp_path / "table.parquet", CsvFormat())
    assert pq.read_table(tmp_path / "table.parquet").equals(table)
