"""Least squares with influence values against pyfixest and statsmodels, and Wald tests."""

import numpy as np
import pytest
import statsmodels.api as sm

from tiltakseffekt.stages.effects.scores import covariance
from tiltakseffekt.stages.heterogeneity.linear import independent_columns, least_squares, wald_test


@pytest.fixture(scope="module")
def simulated() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(8)
    x = np.column_stack([np.ones(300), rng.normal(size=(300, 2)), rng.random(300) < 0.3])
    return x, x @ [1.0, 0.5, 0.0, -1.0] + rng.normal(size=300) * (1 + x[:, 3]), np.arange(300) % 17


@pytest.mark.parametrize("clustered", [False, True])
def test_covariance_and_wald_test_equal_those_of_statsmodels(simulated, clustered):
    x, y, groups = simulated
    ours = least_squares(x, y, groups if clustered else None)
    options = {"cov_type": "cluster", "cov_kwds": {"groups": groups}} if clustered else {"cov_type": "HC1"}
    theirs = sm.OLS(y, x).fit(**options, use_t=False)
    joint = covariance(ours.influence, groups if clustered else None)
    np.testing.assert_allclose(ours.coefficients, theirs.params, rtol=1e-10)
    np.testing.assert_allclose(joint, theirs.cov_params(), rtol=1e-9, atol=1e-15)
    expected = theirs.wald_test(np.eye(4)[1:], scalar=True)
    found = wald_test(ours.coefficients[1:], joint[1:, 1:])
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.df == 3
    assert found.p_value == pytest.approx(float(expected.pvalue))


def test_wald_test_by_hand_and_where_there_is_none():
    independent = wald_test(np.array([2.0, 3.0]), np.diag([1.0, 9.0]))
    assert independent.statistic == pytest.approx(4 + 1)
    assert independent.p_value == pytest.approx(np.exp(-2.5))
    for coefficients, joint in (
        (np.array([1.0, 1.0]), np.ones((2, 2))),
        (np.array([1.0, 1.0]), np.diag([1.0, 0.0])),
        (np.zeros(0), np.zeros((0, 0))),
    ):
        assert np.isnan(wald_test(coefficients, joint).p_value)


def test_units_do_not_matter_for_the_rank():
    assert wald_test(np.array([1e-9, 1e9]), np.diag([1e-18, 1e18])).statistic == pytest.approx(2)


def test_constants_and_combinations_are_left_out():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 50))
    columns = np.column_stack([np.full(50, 3.0), a, 1000 * b, 2 * a - b + 5, a * b])
    assert independent_columns(columns) == [1, 2, 4]
