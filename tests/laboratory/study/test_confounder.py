"""The study of the bounds: its request, the trait in the registers, what is stored, and the exhibit."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.laboratory.exhibits.study import grenser_mot_sannhet
from tiltakseffekt.laboratory.study import command
from tiltakseffekt.laboratory.study.confounder import (
    COLUMNS,
    PROVENANCE,
    RESULT,
    TABLES,
    Request,
    check_request,
    compare_bounds,
    updated,
    with_trait,
)
from tiltakseffekt.stages.effects.confounding import Nuisances, Problem
from tiltakseffekt.stages.effects.scores import Assignment
from tiltakseffekt.stages.exhibits.inputs import read_input
from tiltakseffekt.synthetic.parameters import read_parameters

ROOT = Path(__file__).parents[3]
VARIANT = "evaluation/main"


def test_only_the_weight_of_the_trait_changes():
    files = [ROOT / f"config/synthetic/{name}.yaml" for name in ("lives", "fitted", "permanent", "permanent_weights")]
    parameters = read_parameters(*files)
    other = with_trait(parameters, 0.7)
    assert (parameters.work.trait, other.work.trait) == (0.0, 0.7)
    assert with_trait(other, 0.0) == parameters


def test_all_that_is_wrong_with_a_request_is_told_at_once():
    check_request(Request([0.0, 0.5], 1, VARIANT))
    with pytest.raises(FaultsFound) as found:
        check_request(Request([0.5, -1.0, float("nan"), 0.5], 0, VARIANT))
    assert len(found.value.faults) == 3
    with pytest.raises(FaultsFound, match="at least one"):
        check_request(Request([], 1, VARIANT))


def test_the_workflow_writes_the_tables_that_the_studies_read():
    rules = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "workflow/rules").glob("*.smk"))
    for table in (*TABLES, *(f"results/{table}" for table in command.TABLES)):
        assert f'"{table}"' in rules.replace("{repetition}", "1"), table


def test_the_stored_result_has_the_columns_and_says_how_it_was_made():
    stored = pd.read_csv(ROOT / RESULT)
    told = json.loads((ROOT / PROVENANCE).read_text(encoding="utf-8"))
    assert list(stored.columns) == list(COLUMNS)
    assert stored["trait"].unique().tolist() == told["weights"]
    assert (stored["region_low"] <= stored["low"]).all()
    assert (stored["high"] <= stored["region_high"]).all()
    grenser_mot_sannhet(read_input(ROOT / RESULT))


def test_a_truth_is_held_by_the_region_and_counted():
    row = dict.fromkeys(COLUMNS, 0.0) | {"outcome": "months_in_work_y2", "trait": 0.5, "truth": 1.0, "cf_y": 0.1}
    row |= {"interval_low": 1.2, "interval_high": 2.0, "region_low": 0.8, "region_high": 2.4}
    table = pd.DataFrame([row | {"arm": "amo"}, row | {"arm": "jobbklubb", "truth": 1.5}])
    cells = grenser_mot_sannhet(table).set_index(["row", "column"])
    assert cells["row_group"].unique().tolist() == ["vekt_0_5"]
    assert cells.loc["amo", "text"][["i_intervallet", "i_grensene", "i_grensene_som_gruppe"]].tolist() == [
        "nei",
        "ja",
        "nei",
    ]
    assert cells.loc["antall_holdt", "value"].tolist() == [1, 2, 0]
    assert cells.loc[("amo", "i_utfallet"), "value"] == pytest.approx(10)


def test_what_is_told_of_a_confounder_is_found_and_nothing_else():
    rng = np.random.default_rng(2)
    n = 6000
    x, u = rng.normal(size=n), rng.normal(size=n)
    arm = (rng.random(n) < 1 / (1 + np.exp(1 - 0.5 * x - 0.5 * u))).astype(np.int64)
    y = x + 0.8 * u + 0.5 * arm + rng.normal(size=n)
    # Nuisances that know x, and are off by a constant.
    chance = 1 / (1 + np.exp(1.3 - 0.5 * x))
    propensities = np.column_stack([1 - chance, chance])
    predictions = (x[:, None] + np.array([0.2, 0.9]))[:, :, None]
    assignment = Assignment(arm, np.arange(n) % 5, propensities, "fold")
    problem = Problem(y[:, None], (keys.CONTROL, "amo"), assignment, Nuisances(propensities, predictions))
    constant = np.ones((n, 1))
    known, unknown = updated(problem, np.column_stack([constant, u])), updated(problem, constant)
    slope = np.polyfit(u, np.log(known.propensities[:, 1] / known.propensities[:, 0]) - 0.5 * x, 1)[0]
    assert slope == pytest.approx(0.5, abs=0.1)
    assert np.polyfit(u, known.predictions[:, 0, 0] - x, 1)[0] == pytest.approx(0.8, abs=0.06)
    assert np.var(unknown.predictions[:, 0, 0] - x) == pytest.approx(0, abs=1e-12)
    row = compare_bounds(problem, known, unknown, 1, 0, 0.975)
    assert row["cf_y"] == pytest.approx(0.64 / 1.64, abs=0.05)
    assert not row["interval_low"] < 0.5 < row["interval_high"]
    assert row["region_low"] < 0.5 < row["region_high"]
