import numpy as np
import pytest

from tiltakseffekt.stages.matching.ensemble import EnsembleLearner
from tiltakseffekt.stages.matching.learner import HonestForestLearner
from tiltakseffekt.stages.matching.settings import MatchingSettings

ARMS = ["ikke_tiltak", "aft", "amo"]
ROWS = 300


def learner(threads=1):
    settings = MatchingSettings(nuisance="ensemble", propensity="joint", forest={"trees": 10})
    return EnsembleLearner(HonestForestLearner(settings, 7, ARMS, threads), 0)


@pytest.fixture(scope="module")
def sample():
    random = np.random.default_rng(5)
    x = np.column_stack([random.standard_normal((ROWS, 3)), np.ones(ROWS), np.arange(ROWS)])
    index = np.column_stack([np.full(ROWS, 0.8), x[:, 0], -x[:, 0]])
    chances = np.exp(index) / np.exp(index).sum(axis=1, keepdims=True)
    arm = (chances.cumsum(axis=1) < random.random((ROWS, 1))).sum(axis=1)
    y = np.column_stack([x[:, 0] + arm, 100 * x[:, 1]]) + random.standard_normal((ROWS, 2)) * [1, 100]
    folds = np.arange(ROWS) % 3
    return x, arm, y, folds, chances


def test_propensities_are_chances_near_the_truth(sample):
    x, arm, _, folds, chances = sample
    found = learner().propensities(x, arm, folds)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found > 0).all()
    assert np.corrcoef(found[:, 1], chances[:, 1])[0, 1] > 0.9


def test_outcomes_are_near_the_truth_in_each_arm(sample):
    x, arm, y, folds, _ = sample
    found = learner().outcomes(x, arm, y, folds)
    assert found.shape == (ROWS, 3, 2)
    for k in range(3):
        assert np.corrcoef(found[:, k, 0], x[:, 0])[0, 1] > 0.8


def test_results_do_not_depend_on_threads(sample):
    x, arm, y, folds, _ = sample
    one, two = learner(1), learner(2)
    np.testing.assert_array_equal(one.propensities(x, arm, folds), two.propensities(x, arm, folds))
    np.testing.assert_array_equal(one.outcomes(x, arm, y, folds), two.outcomes(x, arm, y, folds))


def test_nobody_is_predicted_from_the_own_outcome_or_arm(sample):
    x, arm, y, folds, _ = sample
    engine, held_out = learner(), folds == 1
    changed = np.where(held_out[:, None], 1e6, y)
    before, after = (engine.ridges(x, arm, outcomes, folds) for outcomes in (y, changed))
    np.testing.assert_array_equal(before[held_out], after[held_out])
    assert (before[~held_out] != after[~held_out]).any()
    other_arms = np.where(held_out, (arm + 1) % 3, arm)
    before, after = (engine.logits(x, arms, folds) for arms in (arm, other_arms))
    np.testing.assert_array_equal(before[held_out], after[held_out])


def test_a_covariate_that_numbers_the_rows_tells_no_outcome(sample):
    x, arm, _, folds, _ = sample
    noise = np.random.default_rng(8).standard_normal((ROWS, 1))
    found = learner().outcomes(x, arm, noise, folds)[np.arange(ROWS), arm]
    assert abs(np.corrcoef(found[:, 0], noise[:, 0])[0, 1]) < 0.2
