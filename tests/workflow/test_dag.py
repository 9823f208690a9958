"""The DAG end to end: what it makes, what makes it run again, and that its bytes do not depend on the way."""

import json
import re
import shutil
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml
from pyarrow import csv

from tiltakseffekt.core.files import sha256
from tiltakseffekt.exhibits.catalogue import load_catalogue
from tiltakseffekt.workflow.trace import describe_trace, read_provenance

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.workflow
ENTRIES = load_catalogue(ROOT / "config" / "exhibits.yaml")
CATALOGUE = sorted(entry.id for entry in ENTRIES)


def needs_other_variants(entry) -> bool:
    return any("@" in table for table in entry.inputs.values())


def first_of_each_module() -> list[str]:
    """List one exhibit of each module of builders, of the main analysis where there is one."""
    chosen: dict[str, str] = {}
    for entry in sorted(ENTRIES, key=needs_other_variants):
        chosen.setdefault(entry.builder.partition(":")[0], entry.id)
    return sorted(chosen.values())


#: Enough to see that drawing depends on the tables alone.
SAMPLED = first_of_each_module()


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


def test_a_checkout_that_only_touches_files_makes_nothing_stale(finished):
    for name in ("config", "manuscript", "scripts", "src"):
        for path in (path for path in (finished.folder / name).rglob("*") if path.is_file()):
            path.touch()
    assert "Nothing to be done" in finished.run("--cores", "1", "--dry-run")


def test_every_trace_ends_at_register_files_with_hashes(finished):
    person = re.compile(r"registers/person/part-000\.parquet  sha256 [0-9a-f]{64}")
    for exhibit in CATALOGUE:
        assert person.search(describe_trace(read_provenance(exhibit, finished.result(""), CATALOGUE))), exhibit
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


def test_only_the_validation_stage_reads_the_truth(finished):
    """By the records of what each job read."""
    readers = set()
    for path in finished.result("provenance").rglob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        if any(re.search(r"\btruth/", name) for name in record["inputs"]):
            readers.add(record["script"])
    assert readers
    assert all(script.startswith("scripts/validation/") for script in readers), readers


def test_all_exhibits_are_current(finished):
    lines = finished.tiltak("status", "--configfile", "overlay.yaml").splitlines()
    assert sorted(line.split() for line in lines) == sorted([exhibit, "current"] for exhibit in CATALOGUE)


def test_another_word_in_the_manuscript_renders_only_the_manuscript(finished):
    with finished.edited("manuscript/_metode.qmd", ".", ". Et ord til."):
        output = finished.run("--cores", "1", "--dry-run")
    assert planned(output) == {"write_variables", "assemble_manuscript", "render_report"}


def test_another_label_builds_only_the_exhibits_that_use_it(finished):
    title = yaml.safe_load((ROOT / "config/labels/nb.yaml").read_text(encoding="utf-8"))["exhibits"]["tabell-6-1"][
        "title"
    ]
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


MARKER = "SECRETMARKER"


def marked(table: pa.Table) -> pa.Table:
    """Put the marker before every identifier of a person; their order stays."""
    if "person_id" not in table.column_names:
        return table
    identifiers = pc.binary_join_element_wise(MARKER, table["person_id"].cast(pa.string()), "")
    return table.set_column(table.column_names.index("person_id"), "person_id", identifiers)


def as_csv(source: Path, target: Path) -> None:
    """Write Parquet registers as one CSV file per table, with the marker in the identifiers."""
    target.mkdir()
    for table in sorted(path for path in source.iterdir() if path.is_dir()):
        parts = [pq.read_table(part) for part in sorted(table.glob("*.parquet"))]
        csv.write_csv(marked(pa.concat_tables(parts)), target / f"{table.name}.csv")
    shutil.copy(source / "about.json", target)


def from_files(finished, folder: Path, registers: Path, truth: Path):
    """Return a project that reads the registers of the finished run as extracts."""
    settings = {"provider": "files", "path": str(registers), "truth_path": str(truth)}
    configuration = finished.configuration | {"registers": finished.configuration["registers"] | settings}
    return type(finished)(folder, configuration)


def tables_without_persons(project) -> dict[str, bytes]:
    """Return the tables of the main analysis, between cohorts and exhibits, that have no row for a person.

    What is measured shard by shard is left out: who is in which shard follows from the identifiers.
    """
    stages = ("cohorts", "description", "matching", "effects", "heterogeneity", "cost_benefit", "validation")
    paths = (path for stage in stages for path in sorted(project.result(f"{stage}/main").rglob("*.parquet")))
    return {
        str(path.relative_to(project.folder)): path.read_bytes()
        for path in paths
        if "person_id" not in pq.read_schema(path).names and not path.stem.isdigit()
    }


@pytest.fixture(scope="module")
def from_csv(finished, tmp_path_factory):
    """Run up to exhibits on CSV extracts with marked identifiers, one core and another hash seed."""
    folder = tmp_path_factory.mktemp("csv")
    as_csv(finished.result("registers"), folder / "registers")
    (folder / "truth").mkdir()
    # Without defects the ledger has no rows, and so no identifier to mark.
    shutil.copytree(finished.result("truth/defects"), folder / "truth" / "defects")
    for part in finished.result("truth").glob("part-*.parquet"):
        pq.write_table(marked(pq.read_table(part)), folder / "truth" / part.name)
    project = from_files(finished, folder / "project", folder / "registers", folder / "truth")
    exhibits = [f"results/exhibits/{exhibit}/data.csv" for exhibit in SAMPLED]
    project.run(*exhibits, *tables_without_persons(finished), "--cores", "1", hash_seed="1")
    return project


def test_csv_one_core_other_identifiers_and_another_hash_seed_give_the_same_bytes(finished, from_csv):
    assert tables_without_persons(from_csv) == tables_without_persons(finished)
    made, wanted = from_csv.exhibit_bytes(), finished.exhibit_bytes()
    assert {name.partition("/")[0] for name in made} == set(SAMPLED)
    assert made == {name: wanted[name] for name in made}


def test_no_identifier_is_in_logs_provenance_or_exhibits(from_csv):
    assert MARKER.encode() in from_csv.result("../../registers/person.csv").read_bytes()
    for folder in ("logs", "provenance", "exhibits", "benchmarks"):
        for path in (path for path in from_csv.result(folder).rglob("*") if path.is_file()):
            assert MARKER.encode() not in path.read_bytes(), path.name


def test_registers_as_parquet_files_give_the_same_clean_tables(finished, tmp_path):
    project = from_files(finished, tmp_path / "project", finished.result("registers"), finished.result("truth"))
    project.run("results/clean/data_quality.parquet", "--cores", "2", hash_seed="2")
    clean = [path.relative_to(finished.result("clean")) for path in finished.result("clean").rglob("*.parquet")]
    for path in clean:
        assert project.result(f"clean/{path}").read_bytes() == finished.result(f"clean/{path}").read_bytes(), path


def test_a_variant_is_planned_by_its_name_alone(finished):
    output = finished.run("results/effects/report_estimator/estimates.parquet", "--cores", "1", "--dry-run")
    assert {"build_entries", "draw_pseudo_starts", "estimate_effects"} <= planned(output)
    assert not {"clean_table", "build_panel"} & planned(output)


def test_faults_in_the_registers_stop_the_run_before_anything_is_computed(finished, tmp_path):
    as_csv(finished.result("registers"), tmp_path / "csv")
    (tmp_path / "csv" / "income.csv").unlink()
    tiltak = tmp_path / "csv" / "tiltak.csv"
    tiltak.write_text(tiltak.read_text().replace("start_month", "begin_month", 1))
    project = from_files(finished, tmp_path / "project", tmp_path / "csv", finished.result("truth"))
    done = project.snakemake("--cores", "1")
    assert done.returncode != 0
    assert "2 faults found" in done.stderr
    assert "income" in done.stderr
    assert "start_month" in done.stderr
    assert not project.result("panel").exists()


def test_a_misspelt_setting_stops_the_run_with_what_to_paste(finished):
    done = finished.snakemake("--cores", "1", "--dry-run", "--config", "seeed=1")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "seeed is not a setting" in said
    assert "did you mean seed? Paste:" in said
    assert "Traceback" not in said
