"""The frame of a script: what it tells of errors, to whom it opens its files, what it records where."""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tiltakseffekt.core.files import write_text
from tiltakseffekt.workflow.job import LOGGER, job

ROOT = Path(__file__).parents[2]
MARKER = "SECRETMARKER"


@pytest.fixture
def snakemake(tmp_path, monkeypatch):
    """Return what Snakemake hands to the script that exports a table, in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    script = str(ROOT / "scripts/export/export_exhibit.py")
    monkeypatch.setattr(sys.modules["__main__"], "__file__", script, raising=False)
    monkeypatch.setattr(LOGGER, "handlers", LOGGER.handlers)
    write_text("results/exhibits/tabell-1/data.csv", "row,count\na,3\n")
    before = os.umask(0o022)
    yield SimpleNamespace(
        rule="export_table",
        log=["results/logs/export.log"],
        params={"code": "c"},
        wildcards={"exhibit": "tabell-1"},
        input=["results/exhibits/tabell-1/data.csv"],
        output=[f"results/{stage}/tabell-1/provenance.json" for stage in ("export", "exhibits")],
    )
    os.umask(before)


def test_the_message_of_a_defect_stands_neither_in_the_log_nor_on_the_screen(snakemake, capsys):
    with pytest.raises(SystemExit), job(snakemake):
        raise ValueError(MARKER)
    log = Path(snakemake.log[0])
    assert log.read_text(encoding="utf-8").startswith("ERROR ValueError in\n")
    assert MARKER not in log.read_text(encoding="utf-8") + "".join(capsys.readouterr())
    assert log.stat().st_mode & 0o777 == 0o640


def test_the_hash_of_an_exhibit_inside_stays_inside(snakemake):
    with job(snakemake):
        pass
    released, full = (json.loads(Path(path).read_text(encoding="utf-8")) for path in snakemake.output)
    assert list(released["inputs"].values()) == [None]
    assert len(full["inputs"]["results/exhibits/tabell-1/data.csv"]) == 64
