"""The DAG end to end: what it makes, and what makes it run again."""

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from tiltakseffekt.config.evaluations import all_exhibits
from tiltakseffekt.core.files import sha256
from tiltakseffekt.workflow.trace import describe_trace, read_provenance

ROOT = Path(__file__).parents[2]
OWN = ROOT / "config/evaluations/tiltakseffekter"
pytestmark = pytest.mark.workflow
ENTRIES = all_exhibits(ROOT / "config/evaluations")
CATALOGUE = sorted(ENTRIES)


def planned(output: str) -> set[str]:
    """Read the names of the rules that a dry run would run."""
    return {name for name, _ in re.findall(r"^(\w+) +(\d+)$", output, re.MULTILINE)} - {"all", "total"}


def planned_exhibits(output: str) -> list[str]:
    names = (name.replace("__", "/", 1).partition("/") for name in planned(output) if "__" in name)
    return sorted(f"{evaluation}/{name.replace('_', '-')}" for evaluation, _, name in names)


def test_every_exhibit_of_the_catalogue_is_made_and_exported(finished):
    for stage in ("exhibits", "export"):
        folder = finished.result(stage)
        assert sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*")) == CATALOGUE


def test_the_report_is_rendered(finished):
    for suffix in ("html", "docx", "pdf"):
        assert finished.result(f"report/tiltakseffekter/tiltakseffekter.{suffix}").stat().st_size > 20_000


def test_nothing_is_left_to_do(finished):
    assert "Nothing to be done" in finished.run("--cores", "1", "--dry-run")


def test_a_checkout_that_only_touches_files_makes_nothing_stale(finished):
    for name in ("config", "manuscript", "scripts", "src"):
        for path in (path for path in (finished.folder / name).rglob("*") if path.is_file()):
            path.touch()
    assert "Nothing to be done" in finished.run("--cores", "1", "--dry-run")


def test_every_trace_ends_at_register_files_with_hashes_or_at_files_of_the_project(finished):
    person = re.compile(r"registers/person/part-000\.parquet  sha256 [0-9a-f]{64}")
    own = re.compile(r"config/\S+  sha256 [0-9a-f]{16}")
    for exhibit, entry in ENTRIES.items():
        trace = describe_trace(read_provenance(exhibit, finished.result(""), CATALOGUE))
        without_persons = entry.public or entry.disclosure.cells == "parameters"
        known_without_files = without_persons and not entry.inputs
        ends = person.search(trace) or (without_persons and own.search(trace))
        assert ends or known_without_files, exhibit
    assert person.search(finished.tiltak("trace", CATALOGUE[0]))


def test_no_hash_of_a_file_that_stays_inside_leaves(finished):
    """By every hash in what leaves, apart from files that leave themselves, register files and files of the project."""
    leaves = [path for path in finished.result("export").rglob("*") if path.is_file()]
    open_to_all = [*leaves, *finished.result("registers").rglob("*.*"), *(finished.folder / "config").rglob("*.*")]
    allowed = {sha256(path) for path in open_to_all}
    seen = set()
    for path in (path for path in leaves if path.suffix in (".json", ".csv", ".md", ".html", ".svg")):
        seen |= set(re.findall(r"\b[0-9a-f]{64}\b", path.read_text(encoding="utf-8")))
    assert seen
    assert seen <= allowed


def test_every_file_with_persons_is_told_of_to_those_with_registers_of_their_own(finished, person_files):
    for path in finished.result("").rglob("*.parquet"):
        if "person_id" in pq.read_schema(path).names:
            shown = path.relative_to(finished.folder).as_posix()
            assert any(fnmatchcase(shown, name) or shown.startswith(f"{name}/") for name in person_files), shown


def test_nothing_that_a_run_writes_is_open_to_others(finished):
    for path in (path for path in finished.result("").rglob("*") if not path.is_symlink()):
        assert not path.stat().st_mode & 0o007, path.relative_to(finished.folder)


def test_only_the_laboratory_reads_the_truth(finished):
    """By the records of what each job read."""
    readers = set()
    for path in finished.result("provenance").rglob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        if any(re.search(r"\btruth/", name) for name in record["inputs"]):
            readers.add(record["script"])
    assert readers
    assert all(script.startswith("scripts/laboratory/") for script in readers), readers


def test_all_exhibits_are_current(finished):
    lines = finished.tiltak("status", "--configfile", "overlay.yaml").splitlines()
    assert sorted(line.split() for line in lines) == sorted([exhibit, "current"] for exhibit in CATALOGUE)


def test_another_word_in_the_manuscript_renders_only_the_manuscript(finished):
    with finished.edited("manuscript/tiltakseffekter/_metode.qmd", ".", ". Et ord til."):
        output = finished.run("--cores", "1", "--dry-run")
    assert planned(output) == {"write_variables", "assemble_manuscript", "render_report"}


def test_another_label_draws_only_the_exhibits_that_use_it(finished):
    path = "config/evaluations/tiltakseffekter/labels/nb.yaml"
    title = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))["exhibits"]["frafall"]["title"]
    with finished.edited(path, title, f"{title} (endret)"):
        output = finished.run("--cores", "1", "--dry-run")
    assert re.findall(r"Check (\S+) and let out", output) == ["tiltakseffekter/frafall"]
    assert planned_exhibits(output) == []
    assert "estimate_effects" not in planned(output)


def test_another_function_makes_exactly_its_dependants_stale(finished):
    path = "src/tiltakseffekt/stages/exhibits/builders/matching.py"
    with finished.edited(path, "def figur_arbeid_for_og_etter(", "def figur_arbeid_for_og_etter(*, edited: int = 1, "):
        output = finished.run("--cores", "1", "--dry-run")
        status = finished.tiltak("status", "--configfile", "overlay.yaml")
    assert planned_exhibits(output) == ["tiltakseffekter/figur-arbeid-for-og-etter"]
    assert [line.split()[0] for line in status.splitlines() if "stale" in line] == [
        "tiltakseffekter/figur-arbeid-for-og-etter"
    ]
    assert "figur_arbeid_for_og_etter: code" in status


def test_another_lock_file_makes_everything_stale(finished):
    with finished.edited("uv.lock", "version = 1", "version = 1 "):
        output = finished.run("--cores", "1", "--dry-run")
        status = finished.tiltak("status", "--configfile", "overlay.yaml")
    assert planned_exhibits(output) == CATALOGUE
    assert all("uv.lock" in line for line in status.splitlines())


def test_a_new_variant_is_planned_by_its_name_alone(finished):
    file = "config/evaluations/tiltakseffekter/variants.yaml"
    entry = "washout_6: {meaning: shorter, source: this test, overrides: {cohorts: {washout_months: 6}}}\n"
    with finished.edited(file, "report_estimator:\n", f"{entry}report_estimator:\n"):
        wanted = "results/effects/tiltakseffekter/washout_6/estimates.parquet"
        output = finished.run(wanted, "--cores", "1", "--dry-run")
    assert {"build_entries", "draw_pseudo_starts", "estimate_effects"} <= planned(output)
    assert not {"clean_table", "build_panel"} & planned(output)


def test_a_misspelt_setting_stops_the_run_with_what_to_paste(finished):
    done = finished.snakemake("--cores", "1", "--dry-run", "--config", "seeed=1")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "seeed is not a setting" in said
    assert "did you mean seed? Paste:" in said
    assert "Traceback" not in said
