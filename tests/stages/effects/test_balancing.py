from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.stages.effects.balancing import balanced_weights, weight_features
from tiltakseffekt.stages.effects.scores import Assignment, potential_outcome_scores, treated_scores
from tiltakseffekt.stages.effects.settings import EffectSettings


def test_two_persons_by_hand():
    # With one feature 0 and 1 and target 0.8 the weights are 0.2 and 0.8, whatever the base.
    weights = balanced_weights(np.array([3.0, 1.0]), np.array([[0.0], [1.0]]), np.array([0.8]), 1e-9)
    np.testing.assert_allclose(weights, [0.2, 0.8], atol=1e-6)


def test_base_weights_that_balance_stay():
    weights = balanced_weights(np.array([1.0, 3.0]), np.array([[0.0], [1.0]]), np.array([0.75]), 0.1)
    np.testing.assert_allclose(weights, [0.25, 0.75])


@pytest.mark.parametrize("penalty", [1e-8, 0.05, 10.0])
def test_what_remains_is_the_penalty_times_the_multiplier(penalty):
    random = np.random.default_rng(0)
    features, base, target = random.standard_normal((60, 3)), random.random(60) + 0.1, np.array([0.3, -0.2, 0.1])
    weights = balanced_weights(base, features, target, penalty)
    imbalance = weights @ features - target
    # The weights are the base tilted by the multipliers, which can be read off their logarithms.
    tilt = np.linalg.lstsq(np.column_stack([features, np.ones(60)]), np.log(weights / base), rcond=None)
    np.testing.assert_allclose(imbalance, -penalty * tilt[0][:3], atol=1e-5)
    assert weights.sum() == pytest.approx(1) and (weights > 0).all()
    assert np.abs(imbalance).max() < (1e-6 if penalty < 1e-6 else np.inf)


def test_a_target_out_of_reach_is_approached_without_infinite_weights():
    weights = balanced_weights(np.ones(4), np.array([[0.0], [0.1], [0.2], [0.3]]), np.array([9.0]), 0.5)
    assert np.isfinite(weights).all() and weights[3] == weights.max()


def test_what_is_the_same_for_all_changes_nothing():
    features = np.column_stack([[0.0, 1.0, 2.0], np.ones(3)])
    with_constant = balanced_weights(np.ones(3), features, np.array([1.4, 5.0]), 0.01)
    without = balanced_weights(np.ones(3), features[:, :1], np.array([1.4]), 0.01)
    np.testing.assert_allclose(with_constant, without, atol=1e-8)


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    random = np.random.default_rng(6)
    x = random.standard_normal((900, 2))
    index = np.column_stack([np.zeros(900), 0.8 * x[:, 0], -0.8 * x[:, 1]])
    true = np.exp(index) / np.exp(index).sum(axis=1, keepdims=True)
    arm = (true.cumsum(axis=1) < random.random((900, 1))).sum(axis=1)
    # Propensities shrunken half way, as those of a forest.
    return Assignment(arm, np.arange(900) % 5, (true + 1 / 3) / 2, "fold", x)


def test_each_arm_gets_the_means_of_everybody_or_of_the_treated(assignment):
    x, arm = assignment.features, assignment.arm
    weights = assignment.weights_of_all()
    assert weights.sum() == pytest.approx(3 * 900)
    for k in range(3):
        np.testing.assert_allclose(weights[arm == k] @ x[arm == k] / 900, x.mean(axis=0), atol=0.01)
    of_treated = assignment.weights_of_treated(1, 0)
    assert of_treated.sum() == pytest.approx(900) and not of_treated[arm != 0].any()
    np.testing.assert_allclose(of_treated @ x / 900, x[arm == 1].mean(axis=0), atol=0.01)
    np.testing.assert_allclose(assignment.weights_of_treated(1, 1)[arm == 1], 900 / (arm == 1).sum())


def test_balance_makes_good_for_shrunken_propensities_and_regressions(assignment):
    x = assignment.features
    outcomes = (3 * x[:, 0] - x[:, 1])[:, None]
    # Regressions that shrink everything to half; the true effect is zero for all arms.
    predictions = np.repeat(0.5 * outcomes[:, None, :], 3, axis=1)
    plain = replace(assignment, features=None)
    errors = [
        np.abs(np.diff(potential_outcome_scores(by, outcomes, predictions).mean(axis=0)[:, 0])).max()
        for by in (plain, assignment)
    ]
    assert errors[0] > 0.2 and errors[1] < 0.05
    of_treated = treated_scores(assignment, outcomes, predictions, 1, 1)
    of_treated -= treated_scores(assignment, outcomes, predictions, 1, 0)
    assert abs(of_treated.mean()) < 0.05


def test_features_are_in_the_order_of_the_identifiers_and_only_when_they_are_wanted():
    covariates = pd.DataFrame({"person_id": ["b", "a", "c"], "x_one": [2.0, 1.0, 6.0]})
    sample = pd.DataFrame({"person_id": ["c", "b", "a"]})
    features = weight_features(EffectSettings(weights="balanced"), covariates, sample)
    assert features[0, 0] < features[1, 0] < features[2, 0]
    np.testing.assert_allclose(features.std(axis=0), 1)
    assert weight_features(EffectSettings(weights="inverse_probability"), covariates, sample) is None
