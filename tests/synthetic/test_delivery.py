"""Whole registers in a folder: the same bytes on any way there, resumption, and clear errors."""

import dataclasses
import errno
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.cli import main
from tiltakseffekt.core import codebook
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.clean.registers import check_registers
from tiltakseffekt.stages.clean.settings import CleanSettings
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.stages.registers.reception import inspect
from tiltakseffekt.stages.registers.settings import CsvFormat
from tiltakseffekt.synthetic.defects.ledger import row_keys
from tiltakseffekt.synthetic.defects.settings import DEFECTS, DefectSettings
from tiltakseffekt.synthetic.delivery import deliver as module
from tiltakseffekt.synthetic.delivery import pieces, workers
from tiltakseffekt.synthetic.delivery.deliver import DeliveryStopped, deliver
from tiltakseffekt.synthetic.delivery.order import (
    MOST_SHARDS,
    PERSONS_PER_SHARD,
    Order,
    check_request,
    shards_for,
)
from tiltakseffekt.synthetic.parameters import read_codebooks, read_parameters

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
BOOKS = [CONFIG / "codebook" / f"{name}.csv" for name in ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering")]
PARAMETERS = [CONFIG / "synthetic" / f"{name}.yaml" for name in ("lives", "fitted", "permanent", "permanent_weights")]
SHARDS = 3
CONTRACT = load_contract(CONFIG / "registers.yaml")
CODE_LISTS = codebook.read_codebooks((CONFIG / "codebook").glob("*.csv"))
ORDER = Order(
    seed=11,
    scale=0.001,
    shards=SHARDS,
    form="parquet",
    csv_format=CsvFormat(),
    parameters=read_parameters(*PARAMETERS),
    codebooks=read_codebooks(*BOOKS),
    defects=DefectSettings(),
    contract=CONTRACT,
    code_lists=CODE_LISTS,
    sources={"code": "0"},
)


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refuse(order, folder, shard):
    raise AssertionError("a finished shard is made again")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "delivery"
    deliver(ORDER, folder)
    return folder


@pytest.fixture
def copy(whole, tmp_path):
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def test_two_cores_give_the_bytes_of_one(whole, tmp_path):
    summary = deliver(ORDER, tmp_path / "two", cores=2)
    assert content(tmp_path / "two") == content(whole)
    assert (summary.made, summary.kept) == (SHARDS, 0)
    assert summary.peak_bytes > 50e6


def test_the_folder_holds_every_table_of_the_contract_and_the_truth_apart(whole):
    registers = whole / "registers"
    names = {path.name for path in registers.iterdir()} - {"about.json"}
    required = {name for name, table in CONTRACT.tables.items() if not table.optional}
    assert required <= names <= set(CONTRACT.tables)
    parts = [f"part-{shard:03d}.parquet" for shard in range(SHARDS)]
    for name, table in ((name, CONTRACT.tables[name]) for name in names):
        expected = parts if table.about_persons else parts[:1]
        assert sorted(path.name for path in (registers / name).iterdir()) == expected
    for truth in (whole / "truth", whole / "truth" / "assignment", whole / "truth" / "defects"):
        assert sorted(path.name for path in truth.glob("part-*")) == parts


def assert_contract_is_kept(registers, form, work):
    assert check_registers(registers, CONTRACT, CODE_LISTS, CleanSettings(), form, work) == []
    assert inspect(registers, CONTRACT, CODE_LISTS, form)[0].origin == "synthetic"


def test_parquet_keeps_the_contract(whole, tmp_path):
    assert_contract_is_kept(whole / "registers", CsvFormat(), tmp_path / "work")


@pytest.mark.parametrize("form", [CsvFormat(), CsvFormat(delimiter=";", decimal=",", encoding="latin-1")])
def test_csv_says_the_same_as_parquet_and_keeps_the_contract(whole, tmp_path, form):
    deliver(dataclasses.replace(ORDER, form="csv", csv_format=form), tmp_path / "csv")
    assert_contract_is_kept(tmp_path / "csv" / "registers", form, tmp_path / "work")
    path = tmp_path / "csv" / "registers" / "employment" / "part-001.csv"
    types = {name: "str" for name, column in CONTRACT.tables["employment"].columns.items() if column.is_text}
    read = pd.read_csv(path, sep=form.delimiter, decimal=form.decimal, encoding=form.encoding, dtype=types)
    table = pd.read_parquet(whole / "registers" / "employment" / "part-001.parquet")
    pd.testing.assert_frame_equal(read, table, check_dtype=False, rtol=0, atol=0)


def test_planted_defects_are_in_the_files_and_in_the_ledger(whole, tmp_path):
    order = dataclasses.replace(ORDER, defects=DefectSettings(planted="all", duplicate_parts=0.3))
    deliver(order, tmp_path / "broken")
    ledger = pd.read_parquet(tmp_path / "broken" / "truth" / "defects")
    assert len(set(ledger["defect"])) > len(DEFECTS) / 2
    for name, listed in ledger.groupby("table"):
        table = pq.read_table(tmp_path / "broken" / "registers" / name)
        assert set(listed["key"]) <= set(row_keys(table, CONTRACT.tables[name].key).to_pylist()), name
    for part in ("truth/part-000.parquet", "truth/assignment/part-000.parquet"):
        assert (tmp_path / "broken" / part).read_bytes() == (whole / part).read_bytes()
    assert pd.read_parquet(whole / "truth" / "defects").empty


def test_the_same_again_makes_and_touches_nothing(copy, monkeypatch):
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    monkeypatch.setattr(workers, "make_shard", refuse)
    summary = deliver(ORDER, copy)
    assert (summary.made, summary.kept, summary.replaced) == (0, SHARDS, ())
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


def test_a_lost_or_cut_file_makes_its_shard_again_and_no_other(whole, copy):
    (copy / "registers" / "tiltak" / "part-001.parquet").unlink()
    with (copy / "truth" / "part-002.parquet").open("r+b") as file:
        file.truncate(10)
    summary = deliver(ORDER, copy)
    assert (summary.made, summary.kept) == (2, 1)
    assert content(copy) == content(whole)


def test_a_run_that_fails_leaves_finished_shards_and_no_whole_registers(whole, tmp_path, monkeypatch):
    def fail_at_last(order, folder, shard):
        if shard == SHARDS - 1:
            raise OSError(errno.ENOSPC, "full")
        return pieces.make_shard(order, folder, shard)

    monkeypatch.setattr(workers, "make_shard", fail_at_last)
    with pytest.raises(DeliveryStopped, match="no room left"):
        deliver(ORDER, tmp_path / "new")
    assert not (tmp_path / "new" / "registers" / "municipality").exists()
    assert (tmp_path / "new" / "registers" / "about.json").is_file()
    monkeypatch.undo()
    assert deliver(ORDER, tmp_path / "new").kept == SHARDS - 1
    assert content(tmp_path / "new") == content(whole)


def command(*arguments):
    call = "from tiltakseffekt.cli import main; raise SystemExit(main())"
    return [sys.executable, "-c", call, "simulate-registers", *map(str, arguments)]


def wait_until(holds, seconds):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def group_is_gone(group):
    """Whether every process of a group has ended; one that nobody has waited for yet counts as ended."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group, *_ = path.read_text().rpartition(")")[2].split()
            if int(its_group) == group and state != "Z":
                return False
    return True


def test_a_killed_run_goes_on_with_the_same_bytes(tmp_path):
    arguments = ("--scale", 0.003, "--shards", 12, "--to")
    killed, fresh = tmp_path / "killed", tmp_path / "fresh"
    running = subprocess.Popen(
        command(*arguments, killed, "--cores", 2), cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True
    )
    wait_until(lambda: list(killed.glob("finished/part-*.json")), 120)
    running.send_signal(signal.SIGKILL)
    running.wait()
    # The workers end with their parent.
    wait_until(lambda: group_is_gone(running.pid), 30)
    finished = len(list(killed.glob("finished/part-*.json")))
    assert 1 <= finished < 12
    assert not (killed / "registers" / "municipality").exists()
    again = subprocess.run(
        command(*arguments, killed, "--cores", 2), cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert f"{12 - finished} shards made, {finished} kept from before" in again.stdout
    subprocess.run(command(*arguments, fresh), cwd=ROOT, check=True, capture_output=True)
    assert content(killed) == content(fresh)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 12},
        {"scale": 0.0011},
        {"shards": 2},
        {"form": "csv"},
        {"defects": DefectSettings(planted=("duplicate_rows",))},
        {"sources": {"code": "1"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_manifest_makes_everything_anew(copy, change):
    order = dataclasses.replace(ORDER, **change)
    summary = deliver(order, copy)
    assert (summary.made, summary.kept) == (order.shards, 0)
    assert summary.replaced
    parts = {path.name for path in (copy / "registers").rglob("part-*")}
    assert parts == {f"part-{shard:03d}.{order.form}" for shard in range(order.shards)}
    assert deliver(order, copy).made == 0


def test_progress_and_summary_tell_numbers_and_no_identifier(tmp_path, capsys):
    summary = deliver(ORDER, tmp_path / "new", progress=True)
    said = capsys.readouterr().err + summary.text()
    assert f"{ORDER.persons}/{ORDER.persons}" in said
    persons = pq.read_table(tmp_path / "new" / "registers" / "person", columns=["person_id"])["person_id"].to_pylist()
    assert not set(persons) & set(re.findall(r"\w+", said))
    rows = {name: written.rows for name, written in summary.tables.items()}
    assert rows["person"] == len(persons) == ORDER.persons
    assert list(rows)[-3:] == ["truth", "truth/assignment", "truth/defects"]
    files = [path for part in ("registers", "truth") for path in (tmp_path / "new" / part).rglob("part-*")]
    assert sum(written.bytes for written in summary.tables.values()) == sum(path.stat().st_size for path in files)


@pytest.mark.parametrize(
    ("arguments", "column"),
    [
        (["--scale", "0"], "--scale"),
        (["--scale", "1.5"], "--scale"),
        (["--scale", "nan"], "--scale"),
        (["--scale", "1e-9"], "--scale"),
        (["--scale", "0.01", "--format", "xlsx"], "--format"),
        (["--scale", "0.01", "--shards", "0"], "--shards"),
        (["--scale", "0.01", "--shards", "600"], "--shards"),
        (["--scale", "0.01", "--cores", "0"], "--cores"),
    ],
)
def test_each_bad_request_is_one_fault(arguments, column, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(["simulate-registers", *arguments, "--to", str(tmp_path / "new")]) == 1
    said = capsys.readouterr().err
    assert "1 fault found" in said
    assert f"simulate-registers: {column}:" in said
    assert not (tmp_path / "new").exists()


def test_all_faults_of_a_request_come_at_once():
    with pytest.raises(FaultsFound) as error:
        check_request(2, 0, 0, "sas", 100)
    assert len(error.value.faults) == 4


def a_file(folder):
    folder.write_text("theirs")


def other_content(folder):
    folder.mkdir()
    (folder / "notes.txt").write_text("theirs")


def other_manifest(folder):
    folder.mkdir()
    (folder / "manifest.json").write_text('{"name": "theirs"}')


@pytest.mark.parametrize("make", [a_file, other_content, other_manifest])
def test_a_folder_that_holds_something_else_is_left_alone(make, tmp_path):
    folder = tmp_path / "theirs"
    make(folder)
    before = folder.read_bytes() if folder.is_file() else content(folder)
    with pytest.raises(DeliveryStopped, match="holds something else"):
        deliver(ORDER, folder)
    assert (folder.read_bytes() if folder.is_file() else content(folder)) == before


def test_too_little_room_stops_after_the_first_shard_that_tells(tmp_path, monkeypatch):
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(DeliveryStopped, match="There is no room in"):
        deliver(ORDER, tmp_path / "new")
    assert len(list((tmp_path / "new" / "finished").iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_one_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryStopped, match="cannot be written"):
        deliver(ORDER, tmp_path / "file" / "new")


def test_a_worker_that_is_ended_is_one_error(tmp_path, monkeypatch):
    def ended(*_):
        raise BrokenProcessPool
        yield

    monkeypatch.setattr(module, "make_shards", ended)
    with pytest.raises(DeliveryStopped, match="fewer --cores"):
        deliver(ORDER, tmp_path / "new", cores=2)


@given(st.integers(0, 10_000_000))
def test_shards_are_small_enough_and_no_more_than_needed(persons):
    shards = shards_for(persons)
    assert 1 <= shards <= MOST_SHARDS
    assert persons <= shards * PERSONS_PER_SHARD or shards == MOST_SHARDS
    assert shards == 1 or persons > (shards - 1) * PERSONS_PER_SHARD
