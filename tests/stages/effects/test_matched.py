"""Weights by hand, what the comparison adds up to, and a known effect under selection."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linearmodels.iv import IV2SLS

from tiltakseffekt.stages.effects.comparators import difference_of_means, inverse_probability
from tiltakseffekt.stages.effects.matched import (
    entropy_weights,
    fit_controls,
    nearest_weights,
    radius_weights,
    weighted_difference,
)


def test_nearest_weights_by_hand():
    # 1 is nearest to 0.9, which both others share; 3 to 4 alone; 9 beyond all of them to 5.
    controls = np.array([5.0, 0.9, 4.0, 0.9])
    assert nearest_weights(np.array([1.0, 3.0, 9.0]), controls) == pytest.approx(np.array([2, 1, 2, 1]) / 6)
    assert nearest_weights(np.array([1.0]), np.array([7.0])).tolist() == [1.0]


def test_radius_weights_by_hand():
    # Distances to the nearest are 1 and 1, so the radius is 3.
    controls = np.array([1.0, 12.0, 2.0, 9.0])
    first = np.array([2 / 3, 0, 1 / 3, 0])
    second = np.array([0, 1 / 3, 0, 2 / 3])
    assert radius_weights(np.array([0.0, 10.0]), controls) == pytest.approx((first + second) / 2)


def test_a_person_without_anybody_in_the_radius_gets_the_nearest():
    treated = np.append(np.zeros(50), 100.0)
    weights = radius_weights(treated, np.array([0.0, 0.0, 7.0]))
    assert weights == pytest.approx(np.array([25, 25, 1]) / 51)


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=30),
    st.lists(st.integers(-50, 50), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_weights_sum_to_one_and_do_not_depend_on_the_order(treated, controls, random):
    at, pool = np.array(treated) / 7, np.array(controls) / 7
    order = np.array(random.sample(range(len(pool)), len(pool)))
    for weigh in (nearest_weights, radius_weights):
        weights = weigh(at, pool)
        assert weights.sum() == pytest.approx(1)
        assert weights.min() >= 0
        assert weigh(at, pool[order]) == pytest.approx(weights[order])


def test_entropy_weights_balance_and_are_exponential_in_the_covariate():
    rng = np.random.default_rng(2)
    treated, controls = rng.normal(0.4, 1, (500, 1)), rng.normal(size=(900, 1))
    weights = entropy_weights(treated, np.column_stack([controls]))
    assert weights.sum() == pytest.approx(1)
    assert weights @ controls[:, 0] == pytest.approx(treated.mean(), abs=2e-3)
    # The solution of Hainmueller has log weights on a line.
    slope, level = np.polyfit(controls[:, 0], np.log(weights), 1)
    assert np.log(weights) == pytest.approx(level + slope * controls[:, 0], abs=1e-9)


def test_means_out_of_reach_are_approached():
    controls = np.array([[0.0, 1.0], [1.0, 1.0], [0.5, 1.0]])
    weights = entropy_weights(np.array([[5.0, 1.0]]), controls)
    assert weights.sum() == pytest.approx(1)
    assert weights.argmax() == 1


def test_equal_weights_without_adjustment_are_the_difference_of_means():
    outcomes = np.array([[1.0], [2.0], [6.0]])
    regression = fit_controls(np.zeros((3, 1)), outcomes)
    found = weighted_difference(np.zeros((2, 1)), np.array([[4.0], [8.0]]), np.full(3, 1 / 3), regression, adjust=False)
    assert found.values == pytest.approx([6 - 3])
    # Divisor n in both groups.
    assert found.errors == pytest.approx([np.sqrt(4 / 2 + 14 / 3 / 3)])


def test_adjustment_takes_out_a_line_whatever_the_weights():
    x = np.array([[0.0], [1.0], [2.0], [5.0]])
    regression = fit_controls(x, 3 + 2 * x)
    for weights in (np.full(4, 0.25), np.array([1.0, 0, 0, 0])):
        found = weighted_difference(
            np.array([[4.0], [6.0]]), np.array([[12.0], [16.0]]), weights, regression, adjust=True
        )
        assert found.values == pytest.approx([1.0])
        assert found.errors == pytest.approx([0.0], abs=1e-9)


def test_equal_weights_with_adjustment_are_the_regression_of_a_second_package():
    """With equal weights the adjusted comparison is the prediction of the controls' regression at the treated."""
    rng = np.random.default_rng(3)
    x, of_treated = rng.normal(size=(300, 2)), rng.normal(0.5, 1, (80, 2))
    outcomes = (1 + x[:, 0] + rng.normal(size=300))[:, None]
    regression = fit_controls(x, outcomes)
    treated = (3 + of_treated[:, 0])[:, None]
    found = weighted_difference(of_treated, treated, np.full(300, 1 / 300), regression, adjust=True)
    at = np.column_stack([np.ones(300), x - of_treated.mean(axis=0)])
    other = IV2SLS(outcomes, at, None, None).fit(cov_type="robust")
    assert found.values[0] == pytest.approx(treated.mean() - other.params.iloc[0])
    of_treated_residuals = treated[:, 0] - regression.predict(np.column_stack([np.ones(80), of_treated]))[:, 0]
    variance = other.std_errors.iloc[0] ** 2 + of_treated_residuals.var() / 80
    assert found.errors[0] == pytest.approx(np.sqrt(variance))


def test_nothing_is_told_by_a_regression_with_as_many_parameters_as_controls():
    rng = np.random.default_rng(7)
    x = rng.normal(size=(5, 4))
    # The same covariate twice is one parameter.
    for columns, told in ((x, False), (np.column_stack([x[:, :3], x[:, 0]]), True)):
        regression = fit_controls(columns, rng.normal(size=(5, 2)))
        found = weighted_difference(columns[:2], np.ones((2, 2)), np.full(5, 0.2), regression, adjust=True)
        assert np.isfinite([*found.values, *found.errors]).all() == told


def test_all_find_a_constant_effect_under_selection_and_their_errors_are_of_the_right_size():
    rng = np.random.default_rng(4)
    found = {name: [] for name in ("nearest", "radius", "entropy")}
    naive = []
    for _ in range(150):
        x = rng.normal(size=(600, 2))
        odds = x[:, 0] - 1
        treated = rng.random(600) < 1 / (1 + np.exp(-odds))
        outcomes = (2 * treated + x[:, 0] + 0.5 * np.square(x[:, 1]) + rng.normal(size=600))[:, None]
        regression = fit_controls(x[~treated], outcomes[~treated])
        weights = {
            "nearest": nearest_weights(odds[treated], odds[~treated]),
            "radius": radius_weights(odds[treated], odds[~treated]),
            "entropy": entropy_weights(x[treated], x[~treated]),
        }
        for name, of_controls in weights.items():
            estimates = weighted_difference(
                x[treated], outcomes[treated], of_controls, regression, adjust=name != "entropy"
            )
            found[name].append((estimates.values[0], estimates.errors[0]))
        naive.append(difference_of_means(treated.astype(int), outcomes[:, 0], 1, 0).value)
    assert np.mean(naive) > 2.5
    for name, pairs in found.items():
        values, errors = np.array(pairs).T
        assert abs(values.mean() - 2) < 4 * values.std() / np.sqrt(150) + 0.03, name
        assert 0.8 < errors.mean() / values.std() < 1.25, name


def test_weighting_by_known_odds_has_the_error_of_inverse_probability():
    """Without covariates the regression is a mean, and both errors are the same formula."""
    rng = np.random.default_rng(5)
    treated = np.arange(200) < 60
    outcome, e = rng.normal(size=200), rng.uniform(0.2, 0.8, 200)
    other = inverse_probability(treated.astype(int), outcome, np.column_stack([1 - e, e]), treated, 1, 0)
    odds = (e / (1 - e))[~treated]
    none = np.zeros((200, 1))
    found = weighted_difference(
        none[treated],
        outcome[treated, None],
        odds / odds.sum(),
        fit_controls(none[~treated], outcome[~treated, None]),
        adjust=False,
    )
    assert (found.values[0], found.errors[0]) == pytest.approx((other.value, other.error))
