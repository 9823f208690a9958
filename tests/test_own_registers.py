"""The list of files with persons in docs/own-registers.md: whoever adds such a table has to add it there."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tiltakseffekt.cli.tables import TABLES

ROOT = Path(__file__).parents[1]
REPETITION = "results/matching/{variant}/repetition-{repetition}"
RULES = "".join(
    path.read_text(encoding="utf-8").replace("{REPETITION}", REPETITION)
    for path in sorted((ROOT / "workflow" / "rules").glob("*.smk"))
)

#: Where the tables with a row for a person are written, as the rules say it.
FILES = {
    "panel": ["results/panel/{shard}.parquet"],
    "entries": ["results/cohorts/{variant}/entries.parquet"],
    "characteristics": ["results/cohorts/{variant}/characteristics.parquet"],
    "covariates": ["results/cohorts/{variant}/covariates.parquet"],
    "sample": ["results/matching/{variant}/full_sample.parquet", "results/matching/{variant}/sample.parquet"],
    "outcomes": ["results/matching/{variant}/outcomes.parquet"],
    "propensities": [f"{REPETITION}/propensities.parquet"],
    "bounded_propensities": ["results/matching/{variant}/propensities.parquet"],
    "outcome_predictions": [f"{REPETITION}/outcome_predictions.parquet"],
    "scores": ["results/effects/{variant}/scores.parquet"],
    "offices": ["results/effects/{variant}/offices.parquet"],
    "fifths": ["results/heterogeneity/{variant}/fifths.parquet"],
    "policy_assignments": ["results/allocation/{variant}/policy_assignments.parquet"],
    "truth": ["results/truth/part-{shard}.parquet"],
    "assignment": ["results/truth/assignment/part-{shard}.parquet"],
    "defect_ledger": ["results/truth/defects/part-{shard}.parquet"],
}


def test_every_table_about_persons_is_known():
    assert set(FILES) == {schema.name for tables in TABLES.values() for schema in tables if schema.microdata}


@pytest.mark.parametrize("path", [path for paths in FILES.values() for path in paths])
def test_the_list_has_every_table_about_persons_that_a_rule_writes(path, person_files):
    assert f'"{path}"' in RULES
    # The wildcard of a variant holds its evaluation too.
    file = re.sub(r"{\w+}", "1", path.replace("{variant}", "{evaluation}/{variant}"))
    assert any(fnmatchcase(file, pattern) or file.startswith(f"{pattern}/") for pattern in person_files)
