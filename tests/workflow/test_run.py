"""What every run does beside its jobs: it clears what was left, and closes what it writes to others."""

import pytest

pytestmark = pytest.mark.workflow


def test_a_run_clears_what_was_left_and_writes_for_nobody_else_but_a_dry_run_removes_nothing(make_project, tmp_path):
    project = make_project(tmp_path / "project", {"registers": {"scale": 0.02, "shards": 2}})
    left = project.result("tmp/clean_person/spill")
    left.mkdir(parents=True)
    project.run("results/registers/about.json", "--cores", "1", "--dry-run")
    assert left.is_dir()
    project.run("results/registers/about.json", "--cores", "1")
    assert not left.exists()
    written = [path for path in project.result("").rglob("*") if path.is_file()]
    assert {path.suffix for path in written} >= {".json", ".log", ".tsv"}
    folders = [project.result(""), project.folder / ".snakemake"]
    assert not [path for path in (*folders, *written) if path.stat().st_mode & 0o007]


def test_an_unknown_exhibit_among_the_reviewed_stops_the_run(make_project, tmp_path):
    project = make_project(tmp_path / "project", {"export": {"reviewed": ["figur-maneder-i-arbei"]}})
    done = project.snakemake("--cores", "1", "--dry-run")
    assert done.returncode != 0
    assert "did you mean tiltakseffekter/figur-maneder-i-arbeid" in done.stdout + done.stderr
