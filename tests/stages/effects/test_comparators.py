import numpy as np
import pytest

from tiltakseffekt.stages.effects.comparators import (
    difference_of_means,
    inverse_probability,
    nearest_neighbour,
    regression_adjustment,
)
from tiltakseffekt.stages.effects.matched import fit_controls, weighted_difference

ARM = np.array([0, 0, 0, 1, 1, 2])
OUTCOME = np.array([1.0, 2.0, 4.0, 5.0, 9.0, 100.0])
PROPENSITIES = np.array(
    [[0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.2, 0.2, 0.6]]
)
ALL = np.ones(6, dtype=bool)


def test_difference_of_means_by_hand():
    estimate = difference_of_means(ARM, np.array([1.0, 2, 3, 4, 8, 100]), 1, 0)
    assert estimate.value == 4
    assert estimate.error == pytest.approx(np.sqrt(8 / 2 + 1 / 3))


def test_inverse_probability_by_hand():
    # Weights of the controls 2, 2, 4; of the treated 4, 2.
    estimate = inverse_probability(ARM, OUTCOME, PROPENSITIES, ALL, 1, 0)
    treated, control = (4 * 5 + 2 * 9) / 6, (2 * 1 + 2 * 2 + 4 * 4) / 8
    assert estimate.value == pytest.approx(treated - control)
    influence = [2 / 8 * (1 - control), 2 / 8 * (2 - control), 4 / 8 * (4 - control)]
    influence += [4 / 6 * (5 - treated), 2 / 6 * (9 - treated)]
    assert estimate.error == pytest.approx(np.sqrt(np.square(influence).sum()))


def test_inverse_probability_of_the_treated_by_hand():
    # The treated count once each; odds of the controls 1/2, 1/2, 2.
    estimate = inverse_probability(ARM, OUTCOME, PROPENSITIES, ARM == 1, 1, 0)
    assert estimate.value == pytest.approx(7 - (0.5 * 1 + 0.5 * 2 + 2 * 4) / 3)


def test_regression_adjustment_finds_exact_lines():
    x = np.array([[0.0], [1.0], [2.0], [0.0], [4.0], [3.0]])
    outcome = np.where(ARM == 1, 10 + 3 * x[:, 0], 1 + x[:, 0])
    assert regression_adjustment(x, ARM, outcome, ALL, 1, 0).value == pytest.approx(9 + 2 * x.mean())
    assert regression_adjustment(x, ARM, outcome, ARM == 1, 1, 0).value == pytest.approx(9 + 2 * 2)


def test_regression_adjustment_without_covariates_is_the_difference_of_means():
    arm, outcome = np.array([0, 0, 0, 1, 1, 1]), np.array([1.0, 2.0, 6.0, 4.0, 8.0, 9.0])
    estimate = regression_adjustment(np.zeros((6, 1)), arm, outcome, arm >= 0, 1, 0)
    assert estimate.value == pytest.approx(4)
    assert estimate.error == pytest.approx(np.sqrt((14 + 14) / 3 / 2))


def test_the_error_on_the_treated_is_the_spread_of_the_estimate_with_many_covariates():
    """75 treated and 45 covariates: the noise of the treated must count once, not through a regression of their own."""
    rng = np.random.default_rng(5)
    slopes = 0.3 * rng.normal(size=45)
    arm = np.arange(875) < 75
    found = []
    for _ in range(150):
        x = rng.normal(size=(875, 45))
        estimate = regression_adjustment(x, arm.astype(int), x @ slopes + 1.2 * rng.normal(size=875), arm, 1, 0)
        found.append(estimate)
    values, errors = np.array(found).T
    assert errors.mean() / values.std() == pytest.approx(1, abs=0.15)


def test_an_arm_that_is_the_target_is_compared_as_observed():
    """A second way: the observed mean of the treated less the prediction of the regression of the controls."""
    rng = np.random.default_rng(6)
    x, arm = rng.normal(size=(300, 3)), (rng.random(300) < 0.3).astype(int)
    outcome = x[:, 0] + arm * (1 + x[:, 1] ** 2) + rng.normal(size=300)
    treated, controls = arm == 1, arm == 0
    found = regression_adjustment(x, arm, outcome, treated, 1, 0)
    regression = fit_controls(x[controls], outcome[controls, None])
    none = np.zeros(controls.sum())
    other = weighted_difference(x[treated], outcome[treated, None], none, regression, adjust=True)
    assert found.value == pytest.approx(other.values[0])
    # The other has no factor for the parameters of the controls' regression.
    assert other.errors[0] < found.error < 1.02 * other.errors[0]


def test_nearest_neighbour_by_hand():
    x = np.array([[0.0], [1.0], [2.0], [1.1], [1.9], [9.0]])
    estimate = nearest_neighbour(x, ARM, OUTCOME, ARM == 1, 1, 0)
    # 1.1 is nearest to 1 (outcome 2), 1.9 to 2 (outcome 4); nobody is used twice.
    assert estimate.value == pytest.approx(((5 - 2) + (9 - 4)) / 2)
    assert estimate.error == pytest.approx(np.sqrt(2) / 2)
    everybody = nearest_neighbour(x, ARM, OUTCOME, ALL, 1, 0)
    effects = [5 - 1, 5 - 2, 9 - 4, 5 - 2, 9 - 4, 9 - 4]
    assert everybody.value == pytest.approx(np.mean(effects))
    # Uses: controls 1, 2, 3; treated 3, 3. Neighbours of the controls: 1, 0 or 2, 1.
    treated = 2 * 3 * 2 * (9 - 5) ** 2 / 2
    last = 3 * 2 * (4 - 2) ** 2 / 2
    middle = {2 * 1 * (2 - 1) ** 2 / 2, 2 * 1 * (4 - 2) ** 2 / 2}
    squares = np.square(effects - np.mean(effects)).sum()
    assert any(everybody.error == pytest.approx(np.sqrt((squares + treated + last + tied) / 36)) for tied in middle)


@pytest.mark.parametrize("estimand", ["ate", "atet"])
def test_all_find_a_constant_effect_under_confounding(estimand):
    random = np.random.default_rng(1)
    x = random.standard_normal((4000, 2))
    chance = 1 / (1 + np.exp(-x[:, 0]))
    arm = (random.random(4000) < chance).astype(int)
    outcome = 2 * arm + x[:, 0] + random.standard_normal(4000)
    target = np.ones(4000, dtype=bool) if estimand == "ate" else arm == 1
    estimates = [
        inverse_probability(arm, outcome, np.column_stack([1 - chance, chance]), target, 1, 0),
        regression_adjustment(x, arm, outcome, target, 1, 0),
        nearest_neighbour(x, arm, outcome, target, 1, 0),
    ]
    naive = outcome[arm == 1].mean() - outcome[arm == 0].mean()
    for estimate in estimates:
        assert abs(estimate.value - 2) < 4 * estimate.error < 0.5
        assert naive > estimate.value + 0.4
