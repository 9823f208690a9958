"""The same registers as extracts: the same bytes by another way, no identifier outside, and faults told at the door."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from tiltakseffekt.stages.exhibits.catalogue import load_catalogue

ENTRIES = load_catalogue(Path(__file__).parents[2] / "config" / "evaluations/tiltakseffekter/exhibits.yaml")
pytestmark = [pytest.mark.workflow, pytest.mark.extracts]


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
    stages = ("cohorts", "description", "matching", "effects", "heterogeneity", "cost_benefit", "laboratory")
    paths = (
        path for stage in stages for path in sorted(project.result(f"{stage}/tiltakseffekter/main").rglob("*.parquet"))
    )
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
    exhibits = [f"results/exhibits/tiltakseffekter/{exhibit}/data.csv" for exhibit in SAMPLED]
    project.run(*exhibits, *tables_without_persons(finished), "--cores", "1", hash_seed="1")
    return project


def test_csv_one_core_other_identifiers_and_another_hash_seed_give_the_same_bytes(finished, from_csv):
    assert tables_without_persons(from_csv) == tables_without_persons(finished)
    made, wanted = from_csv.exhibit_bytes(), finished.exhibit_bytes()
    assert {name.split("/")[1] for name in made} == set(SAMPLED)
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
