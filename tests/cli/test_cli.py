"""The command itself: what it says of errors that nobody foresaw, and what it clears before it begins."""

import os

import pyarrow as pa
import pytest

from tiltakseffekt import cli

MARKER = "SECRETMARKER"


@pytest.fixture(autouse=True)
def umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def fail(*_):
    raise pa.ArrowInvalid(f"Could not convert '{MARKER}' with type str")


def test_an_error_that_might_quote_a_cell_is_told_by_type_and_frames(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "check_registers", fail)
    assert cli.main(["--directory", str(tmp_path), "check-registers", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("ArrowInvalid in\n")
    assert ", in check\n" in told.err
    assert MARKER not in told.out + told.err


def test_a_check_clears_what_a_killed_one_left_and_closes_what_it_writes(tmp_path, monkeypatch):
    left = tmp_path / "results" / "tmp" / "tmpabc" / "person-0.parquet"
    left.parent.mkdir(parents=True)
    left.write_text(MARKER)

    def check(*arguments):
        arguments[-1].mkdir(parents=True)
        (arguments[-1] / "new").touch()
        return []

    monkeypatch.setattr(cli, "check_registers", check)
    assert cli.main(["--directory", str(tmp_path), "check-registers", str(tmp_path)]) == 0
    assert not left.exists()
    new = tmp_path / "results" / "tmp" / "new"
    assert [path.stat().st_mode & 0o777 for path in (new, new.parent)] == [0o640, 0o750]
