"""Every kind of bad input gives one clear line, all in one go, and no value."""

import pandas as pd
import pytest

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.files import write_json
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.clean import schemas
from tiltakseffekt.stages.clean.quality import data_quality, quality_faults, read_counts, stop_at_faults
from tiltakseffekt.stages.clean.registers import check_registers
from tiltakseffekt.stages.clean.settings import CleanSettings
from tiltakseffekt.stages.clean.tables import TableCounts
from tiltakseffekt.stages.exhibits.builders.clean import datakvalitet
from tiltakseffekt.stages.registers.reception import receive
from tiltakseffekt.stages.registers.settings import CsvFormat

MARKER = "SECRETMARKER"


@pytest.fixture
def check(tmp_path, contract, codebooks):
    def run(folder, csv_format=None):
        settings = CleanSettings(duckdb_memory="500MB")
        work = tmp_path / "work"
        return check_registers(folder, contract, codebooks, settings, csv_format or CsvFormat(), work, threads=1)

    return run


def lines(faults):
    return {(fault.file, fault.column, fault.rule): fault.count for fault in faults}


def with_row(table, **values):
    row = table.iloc[[0]].astype(dict.fromkeys(values, "object")).assign(**values)
    return pd.concat([table.astype(dict.fromkeys(values, "object")), row], ignore_index=True)


def test_sound_registers_have_no_faults(tmp_path, tables, write, check):
    assert check(write(tables, tmp_path / "in")) == []
    assert check(write(tables, tmp_path / "parts", form="csv", parts=2)) == []
    assert list((tmp_path / "work").iterdir()) == []


def test_a_missing_table_and_column_and_a_wrong_type_are_told_together(tmp_path, tables, write, check):
    del tables["income"]
    del tables["education"]["nus2000"]
    tables["residence"]["municipality"] = 301
    tables["employment"]["wage"] = "x"
    tables["tiltak"].loc[0, "measure_code"] = "NOTACODE"
    found = lines(check(write(tables, tmp_path / "in")))
    assert found == {
        ("income", "", "the table is missing"): 1,
        ("education.parquet", "nus2000", "the column is missing"): 1,
        ("residence.parquet", "municipality", "the column has the wrong type; the contract wants code"): 1,
        ("employment.parquet", "wage", "the column has the wrong type; the contract wants number"): 1,
        ("tiltak", "measure_code", "the code does not stand in the codebook"): 1,
    }


def test_faults_of_rows_are_told_together(tmp_path, tables, write, check):
    tables["nav_status"] = with_row(tables["nav_status"], kvalifiseringsgruppe="NOTACODE", month=201805)
    tables["income"] = with_row(tables["income"])
    tables["benefits"] = with_row(tables["benefits"], month=201813)
    tables["employment"] = with_row(tables["employment"], person_id="nobody")
    tables["employment"] = with_row(tables["employment"], wage=-1.0)
    tables["tiltak"] = with_row(tables["tiltak"], start_month=201804)
    found = lines(check(write(tables, tmp_path / "in", form="csv")))
    assert found == {
        ("nav_status", "kvalifiseringsgruppe", "the code does not stand in the codebook"): 1,
        ("income", "person_id, year", "the whole row repeats; one is kept"): 1,
        ("benefits", "month", "the month is no month, or outside its bounds"): 1,
        ("employment", "person_id", "the person is not in the table person"): 1,
        ("employment", "wage", "the number is outside its bounds"): 1,
        (
            "tiltak",
            "start_month, stop_month",
            "it does not hold that the stop month is not before the start month",
        ): 1,
    }


@pytest.mark.parametrize("part", ["whole", "half", "nothing"])
def test_an_unreadable_parquet_file_is_told(tmp_path, tables, write, check, part):
    path = write(tables, tmp_path / "in") / "income.parquet"
    content = path.read_bytes()
    path.write_bytes({"whole": b"no parquet", "half": content[: len(content) // 2], "nothing": b""}[part])
    assert lines(check(tmp_path / "in")) == {
        ("income.parquet", "", "the Parquet file cannot be read; it is truncated or damaged"): 1
    }


def test_a_parquet_file_damaged_inside_is_told(tmp_path, tables, write, check):
    path = write(tables, tmp_path / "in") / "income.parquet"
    content = bytearray(path.read_bytes())
    content[4:200] = b"\xff" * 196
    path.write_bytes(content)
    assert ("income", "", "a file is damaged") in lines(check(tmp_path / "in"))


def test_another_separator_and_another_encoding_are_told(tmp_path, tables, write, check):
    write(tables, tmp_path / "in", form="csv")
    tables["income"].to_csv(tmp_path / "in/income.csv", sep=";", index=False)
    tables["tiltak"].to_csv(tmp_path / "in/tiltak.csv", encoding="latin-1", index=False)
    tables["education"].to_csv(tmp_path / "in/education.csv", encoding="utf-16", index=False)
    assert lines(check(tmp_path / "in")) == {
        ("income.csv", "", "the header is one column when it is split at ','"): 1,
        ("tiltak.csv", "", "the file is not written in utf-8"): 1,
        ("education.csv", "", "the file is not written in utf-8"): 1,
    }
    found = lines(check(tmp_path / "in", CsvFormat(encoding="latin-1")))
    assert ("tiltak.csv", "", "the file is not written in latin-1") not in found


def test_utf_8_is_no_latin_1(tmp_path, tables, write, check):
    write(tables, tmp_path / "in", form="csv")
    found = lines(check(tmp_path / "in", CsvFormat(encoding="latin-1")))
    assert found == {("tiltak.csv", "", "the file is not written in latin-1"): 1}


def test_a_ragged_csv_row_is_told(tmp_path, tables, write, check):
    path = write(tables, tmp_path / "in", form="csv") / "income.csv"
    path.write_text(path.read_text() + "one,two\n")
    rule = "a row has not the columns of the header, or a quotation mark is not closed"
    assert lines(check(tmp_path / "in")) == {("income", "", rule): 1}


def test_the_same_fault_in_many_parts_is_told_once(tmp_path, tables, write, check):
    tables["income"] = tables["income"].drop(columns="work_income")
    found = lines(check(write(tables, tmp_path / "in", parts=2)))
    assert found == {("income/", "work_income", "the column is missing"): 2}


def test_no_message_holds_a_value(tmp_path, tables, write, check, contract, codebooks, capfd, caplog):
    marked = {
        name: table.assign(
            **{key: MARKER + table[key] for key in ("person_id", "employer_id") if key in table},
            **{key: MARKER for key in ("nus2000", "occupation", "measure_code") if key in table},
        )
        for name, table in tables.items()
    }
    marked["employment"]["person_id"] += "x"
    marked["income"]["work_income"] = MARKER
    folder = write(marked, tmp_path / "in", form="csv")
    (folder / "education.csv").write_text(f'person_id,year,nus2000\n"{MARKER},{MARKER}\n{MARKER}')
    faults = check(folder)
    assert {fault.file for fault in faults} >= {"employment", "income", "tiltak", "education"}
    with pytest.raises(FaultsFound) as raised:
        raise FaultsFound(faults)
    captured = capfd.readouterr()
    text = "".join([str(raised.value), repr(raised.value), captured.out, captured.err, caplog.text])
    assert MARKER not in text
    assert receive(folder, contract, codebooks, CsvFormat()).origin == "registers"


def test_the_receipt_names_origin_files_rows_and_ignored_columns(tmp_path, tables, write, contract, codebooks):
    tables["income"]["shoe_size"] = 42
    folder = write(tables, tmp_path / "in", form="csv", parts=2)
    write_json(folder / "about.json", {"origin": "synthetic", "scale": 0.1})
    receipt = receive(folder, contract, codebooks, CsvFormat())
    assert (receipt.origin, receipt.scale) == ("synthetic", 0.1)
    assert receipt.ignored == ("income.shoe_size",)
    assert sum(file.rows for file in receipt.files if file.table == "employment") == len(tables["employment"])
    assert {file.file for file in receipt.files if file.table == "income"} == {
        "income/piece 0.csv",
        "income/piece 1.csv",
    }
    assert all(len(file.sha256) == 64 for file in receipt.files)


def test_a_table_there_twice_is_told(tmp_path, tables, write, contract, codebooks):
    folder = write(tables, tmp_path / "in")
    write({"income": tables["income"]}, folder, form="csv")
    with pytest.raises(FaultsFound, match="more than once"):
        receive(folder, contract, codebooks, CsvFormat())


def test_quality_stops_at_the_tolerance_and_at_any_unknown_code(tmp_path, contract):
    counts = [
        TableCounts("income", 100, 96, (("work_income", "outside_range", 2), ("year", "outside_range", 2))),
        TableCounts("tiltak", 1000, 999, (("measure_code", "unknown_code", 1), ("start_month", "missing_value", 0))),
        TableCounts("benefits", 0, 0, (("month", "missing_value", 0),)),
    ]
    for one in counts:
        write_json(tmp_path / f"{one.table}.json", one.as_dict())
    read = read_counts([tmp_path / f"{one.table}.json" for one in counts])
    quality = data_quality(read, CleanSettings(largest_quarantined_share=0.02))
    assert list(quality["stops"]) == [False, False, True, False, False]
    assert table_faults(quality, schemas.DATA_QUALITY) == []
    strict = data_quality(read, CleanSettings(largest_quarantined_share=0.01))
    assert list(strict["stops"]) == [True, True, True, False, False]
    stop_at_faults(quality[quality["table"] == "income"], contract)
    with pytest.raises(FaultsFound) as stopped:
        stop_at_faults(quality, contract)
    assert len(stopped.value.faults) == 3
    remedies = [fault.remedy for fault in quality_faults(quality, contract)]
    assert [remedy.startswith("The rows are set aside") for remedy in remedies] == [True, True, False]


def test_the_exhibit_adds_up():
    counts = [TableCounts("income", 10, 7, (("work_income", "outside_range", 2), ("year", "outside_range", 1)))]
    cells = datakvalitet(data_quality(counts, CleanSettings()))
    values = cells.set_index(["panel", "column"])["value"]
    assert values["rader", "received"] == values["rader", "kept"] + values["rader", "quarantined"]
    assert values["grunner", "outside_range"] == 3
    assert values["grunner"].sum() == values["rader", "quarantined"]


def test_repaired_and_noted_rows_stand_in_panels_of_their_own():
    counts = [
        TableCounts("tiltak", 9, 8, (("stop_month", "gapped_spell", 1),), (("stop_month", "gapped_spell", 1),)),
        TableCounts("income", 5, 5, (), (), (("work_income", "income_without_job", 2),)),
    ]
    values = datakvalitet(data_quality(counts, CleanSettings())).set_index(["panel", "row", "column"])["value"]
    assert values["rettelser", "tiltak", "gapped_spell"] == 1
    assert values["merknader", "income", "income_without_job"] == 2
    assert "merknader" not in set(values.xs("tiltak", level="row").replace(0, None).dropna().index.get_level_values(0))
