"""The DAG end to end: what it makes, what makes it run again, and that its bytes do not depend on the way."""

import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests_support import write_as_csv

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.workflow
CATALOGUE = sorted(yaml.safe_load((ROOT / "config" / "exhibits.yaml").read_text(encoding="utf-8"))["exhibits"])


def planned(output: str) -> set[str]:
    """Read the names of the rules that a dry run would run."""
    return {name for name, _ in re.findall(r"^(\w+) +(\d+)$", output, re.MULTILINE)} - {"all", "total"}


def planned_exhibits(output: str) -> list[str]:
    return sorted(name.replace("_", "-") for name in planned(output) if name.replace("_", "-") in CATALOGUE)


def test_every_exhibit_of_the_catalogue_is_made_and_exported(finished):
    for stage in ("exhibits", "export"):
        assert sorted(path.name for path in finished.result(stage).iterdir()) == CATALOGUE


def test_the_report_is_rendered(finished):
    for suffix in ("html", "docx", "pdf"):
        assert finished.result(f"report/tiltakseffekt.{suffix}").stat().st_size > 20_000


def test_nothing_is_left_to_do(finished):
    assert "Nothing to be done" in finished.run("--cores", "1", "--dry-run")


def test_every_trace_ends_at_register_files_with_hashes(finished):
    for exhibit in CATALOGUE:
        text = finished.tiltak("trace", exhibit)
        assert re.search(r"registers/person/part-000\.parquet  sha256 [0-9a-f]{64}", text), exhibit


def test_all_exhibits_are_current(finished):
    lines = finished.tiltak("status", "--configfile", "overlay.yaml").splitlines()
    assert [line.split() for line in lines] == [[exhibit, "current"] for exhibit in CATALOGUE]


def test_another_word_in_the_manuscript_renders_only_the_manuscript(finished):
    with finished.edited("manuscript/sections/_metode.qmd", ".", ". Et ord til."):
        output = finished.run("--cores", "1", "--dry-run")
    assert planned(output) == {"assemble_manuscript", "render_report"}


def test_another_label_builds_only_the_exhibits_that_use_it(finished):
    title = yaml.safe_load((ROOT / "config/labels/nb.yaml").read_text(encoding="utf-8"))["exhibits"]["tabell-6-1"]["title"]
    with finished.edited("config/labels/nb.yaml", title, f"{title} (endret)"):
        output = finished.run("--cores", "1", "--dry-run")
    assert planned_exhibits(output) == ["tabell-6-1"]
    assert "estimate_effects" not in planned(output)


def test_another_function_makes_exactly_its_dependants_stale(finished):
    path = "src/tiltakseffekt/exhibits/matching.py"
    with finished.edited(path, "def figur_6_1(", "def figur_6_1(*, edited: int = 1, "):
        output = finished.run("--cores", "1", "--dry-run")
        status = finished.tiltak("status", "--configfile", "overlay.yaml")
    assert planned_exhibits(output) == ["figur-6-1"]
    assert [line.split()[0] for line in status.splitlines() if "stale" in line] == ["figur-6-1"]
    assert "figur_6_1: code" in status


def test_another_lock_file_makes_everything_stale(finished):
    with finished.edited("uv.lock", "version = 1", "version = 1 "):
        output = finished.run("--cores", "1", "--dry-run")
        status = finished.tiltak("status", "--configfile", "overlay.yaml")
    assert planned_exhibits(output) == CATALOGUE
    assert all("uv.lock" in line for line in status.splitlines())


def test_one_person_table_more_or_less_than_the_contract_stops_before_anything_is_computed(finished, tmp_path):
    pass
