"""Registers with every defect, delivered as CSV, from simulation to the score of cleaning."""

import pandas as pd
import pyarrow.parquet as pq
import pytest

from tiltakseffekt.synthetic.defects.settings import DEFECTS

pytestmark = pytest.mark.workflow

BROKEN = {
    "registers": {
        "scale": 0.005,
        "shards": 2,
        "delivery": "csv",
        "csv": {"delimiter": ";", "decimal": ",", "encoding": "latin-1"},
        "defects": {"planted": "all", "duplicate_parts": 0.3, "measures_after_exit": 1.0, "wrong_century": 0.01},
    }
}


@pytest.fixture(scope="module")
def broken(make_project, tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("defects") / "project", BROKEN)
    project.run(
        "results/exhibits/teknisk_rapport/datadefekter/data.csv", "results/clean/data_quality.parquet", "--cores", "1"
    )
    return project


def test_every_defect_is_planted_and_scored(broken):
    scores = pd.read_parquet(broken.result("laboratory/defect_scores.parquet")).set_index("defect")
    assert set(scores.index) == set(DEFECTS)
    assert (scores["planted"] > 0).all()
    assert (scores["found"] <= scores["planted"]).all()
    for defect in ("wrong_century", "expired_codes", "overlapping_spells", "conflicting_rows", "duplicate_rows"):
        assert scores.loc[defect, "recall"] > 0.9, defect
    # Half of them keep their wage and look like jobs.
    assert 0 < scores.loc["late_deregistration", "recall"] < 0.6


def test_counts_add_up_and_nothing_stops(broken):
    quality = pd.read_parquet(broken.result("clean/data_quality.parquet"))
    whole = quality.groupby("table").agg({"received": "first", "kept": "first", "quarantined": "sum"})
    assert (whole["received"] == whole["kept"] + whole["quarantined"]).all()
    assert not quality["stops"].any()
    for table, rows in whole.iterrows():
        clean = [broken.result(f"clean/{table}.parquet"), *sorted(broken.result(f"clean/{table}").glob("*.parquet"))]
        assert sum(pq.read_metadata(path).num_rows for path in clean if path.is_file()) == rows["kept"], table


def test_only_validation_reads_the_ledger(broken):
    for record in broken.result("provenance").rglob("*.json"):
        text = record.read_text()
        if "truth/defects" in text:
            assert any(rule in record.name for rule in ("simulate_registers", "score_defects")), record.name
