"""What a killed run left is cleared by the next one, unless somebody is at work."""

import os

import pytest

from tiltakseffekt.workflow.leftovers import clear_leftovers


@pytest.fixture
def results(tmp_path):
    for name in ("tmp/tmp1/person-0.parquet", "panel/.000.parquet.part", "panel/000.parquet", "export/a/data.csv"):
        path = tmp_path / "results" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "results"


def files(results):
    return {
        path.relative_to(results).as_posix() for path in results.rglob("*") if path.is_file() and path.name != ".in-use"
    }


def test_spilled_and_half_written_files_are_cleared_and_nothing_else(results):
    os.close(clear_leftovers(results))
    assert files(results) == {"panel/000.parquet", "export/a/data.csv"}
    assert not (results / "tmp").exists()


def test_nothing_is_cleared_under_another_process_at_work(results):
    at_work = clear_leftovers(results)
    spilled = results / "tmp" / "clean_person" / "spill"
    spilled.mkdir(parents=True)
    os.close(clear_leftovers(results))
    assert spilled.is_dir()
    os.close(at_work)
    os.close(clear_leftovers(results))
    assert not spilled.exists()


def test_without_results_there_is_nothing_to_clear(tmp_path):
    os.close(clear_leftovers(tmp_path / "results"))
    assert files(tmp_path / "results") == set()
