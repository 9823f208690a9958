import numpy as np
import pytest

from tiltakseffekt.effects.balancing import balanced_weights


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
