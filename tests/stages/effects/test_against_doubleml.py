"""The second implementation: DoubleML on equal nuisance predictions, unclipped and equally normalised."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from doubleml import DoubleMLAPOS, DoubleMLData, DoubleMLIRM
from doubleml.utils import DMLDummyClassifier, DMLDummyRegressor, PSProcessorConfig

from tiltakseffekt.stages.effects.scores import (
    Assignment,
    influence_of_mean,
    influence_of_treated_mean,
    potential_outcome_scores,
    standard_errors,
    treated_scores,
)

REFERENCE = Path(__file__).parents[2] / "reference" / "causaldml-a"
ARMS = range(4)
NO_CLIPPING = PSProcessorConfig(clipping_threshold=1e-12)
NORMALISATION = pytest.mark.parametrize("normalise", ["sample", "none"])


@pytest.fixture(scope="module", params=["y2", "y3"])
def problem(request: pytest.FixtureRequest) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return data with the outcome as ``y``, propensities and predictions of it, shapes (N, K)."""
    data = pd.read_csv(REFERENCE / "data.csv")
    propensities = pd.read_csv(REFERENCE / "propensities.csv").drop(columns="id").to_numpy()
    columns = [f"m_{request.param}_arm{arm}" for arm in ARMS]
    predicted = pd.read_csv(REFERENCE / "outcome_predictions.csv")[columns].to_numpy()
    return data[["x1", "x2", "arm", "fold"]].assign(y=data[request.param].astype(float)), propensities, predicted


def external(fold: pd.Series) -> dict[str, object]:
    """Return what DoubleML is told when all predictions come from outside."""
    return {
        "ml_g": DMLDummyRegressor(),
        "ml_m": DMLDummyClassifier(),
        "n_folds": fold.nunique(),
        "ps_processor_config": NO_CLIPPING,
        "draw_sample_splitting": False,
    }


def splits(fold: pd.Series) -> list[list[tuple[np.ndarray, np.ndarray]]]:
    return [[(np.flatnonzero(fold != name), np.flatnonzero(fold == name)) for name in sorted(fold.unique())]]


@NORMALISATION
def test_potential_outcomes_and_effects_of_all_arms_equal_doubleml(problem, normalise):
    data, propensities, predicted = problem
    model = DoubleMLAPOS(
        DoubleMLData(data, "y", "arm", ["x1", "x2"]),
        treatment_levels=list(ARMS),
        normalize_ipw=normalise == "sample",
        **external(data["fold"]),
    )
    model.set_sample_splitting(splits(data["fold"]))
    # The average over other levels enters sensitivity analyses alone; any finite number will do.
    told = {
        arm: {"ml_g_d_lvl1": predicted[:, [arm]], "ml_g_d_lvl0": predicted[:, [0]], "ml_m": propensities[:, [arm]]}
        for arm in ARMS
    }
    model.fit(external_predictions=told)
    assignment = Assignment(data["arm"].to_numpy(), data["fold"].to_numpy(), propensities, normalise)
    scores = potential_outcome_scores(assignment, data[["y"]].to_numpy(), predicted[:, :, None])[:, :, 0]
    np.testing.assert_allclose(scores.mean(axis=0), model.coef, rtol=0, atol=1e-8)
    np.testing.assert_allclose(standard_errors(influence_of_mean(scores)), model.se, rtol=0, atol=1e-8)
    effects = model.causal_contrast(reference_levels=0)
    difference = scores[:, 1:] - scores[:, [0]]
    np.testing.assert_allclose(difference.mean(axis=0), effects.thetas, rtol=0, atol=1e-8)
    np.testing.assert_allclose(standard_errors(influence_of_mean(difference)), effects.ses, rtol=0, atol=1e-8)


def two_arms(problem) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the first two arms alone, their propensities divided by the sum."""
    data, propensities, predicted = problem
    kept = (data["arm"] < 2).to_numpy()
    e = propensities[kept, :2] / propensities[kept, :2].sum(axis=1, keepdims=True)
    return data[kept].reset_index(drop=True), e, predicted[kept, :2]


@pytest.mark.parametrize(("score", "normalise"), [("ATE", "sample"), ("ATE", "none"), ("ATTE", "none")])
def test_effects_of_two_arms_equal_doubleml(problem, score, normalise):
    """ATTE without normalisation alone: DoubleML scales the propensities there, causalDML and we the odds."""
    data, propensities, predicted = two_arms(problem)
    model = DoubleMLIRM(
        DoubleMLData(data, "y", "arm", ["x1", "x2"]),
        score=score,
        normalize_ipw=normalise == "sample",
        **external(data["fold"]),
    )
    model.set_sample_splitting(splits(data["fold"]))
    told = {"ml_g0": predicted[:, [0]], "ml_g1": predicted[:, [1]], "ml_m": propensities[:, [1]]}
    model.fit(external_predictions={"arm": told})
    assignment = Assignment(data["arm"].to_numpy(), data["fold"].to_numpy(), propensities, normalise)
    y, cube = data[["y"]].to_numpy(), predicted[:, :, None]
    if score == "ATE":
        scores = potential_outcome_scores(assignment, y, cube)
        difference = scores[:, 1] - scores[:, 0]
        influence = influence_of_mean(difference)
    else:
        difference = treated_scores(assignment, y, cube, 1, 1) - treated_scores(assignment, y, cube, 1, 0)
        influence = influence_of_treated_mean(assignment, difference, 1)
    np.testing.assert_allclose(difference.mean(axis=0), model.coef, rtol=0, atol=1e-8)
    np.testing.assert_allclose(standard_errors(influence), model.se, rtol=0, atol=1e-8)
