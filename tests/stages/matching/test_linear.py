import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tiltakseffekt.stages.matching import linear
from tiltakseffekt.stages.matching.linear import logit_index, ridge_predictions

RANDOM = np.random.default_rng(3)
X = RANDOM.standard_normal((120, 4))


def test_ridge_follows_strong_signals_and_shrinks_noise():
    y = np.column_stack([3 * X[:, 0] - X[:, 1] + 0.1 * RANDOM.standard_normal(120), RANDOM.standard_normal(120)])
    predicted = ridge_predictions(X, y, X)
    assert np.corrcoef(predicted[:, 0], y[:, 0])[0, 1] > 0.99
    assert predicted[:, 1].std() < 0.3


def test_the_approximate_loss_is_near_that_of_leaving_out_each_row():
    taken = RANDOM.random(120) < 1 / (1 + np.exp(-2 * X[:, 0]))
    penalty = 0.01
    fit = LogisticRegression(C=1 / (penalty * 120), solver="newton-cholesky", tol=1e-8).fit(X, taken)
    losses = []
    for row in range(120):
        rest = np.arange(120) != row
        left_out = LogisticRegression(C=1 / (penalty * 120), solver="newton-cholesky", tol=1e-8).fit(
            X[rest], taken[rest]
        )
        index = left_out.decision_function(X[[row]])[0]
        losses.append(np.logaddexp(0, -index if taken[row] else index))
    approximate = linear._left_out_loss(X, taken, fit.decision_function(X), penalty)
    naive = linear._left_out_loss(X, taken, fit.decision_function(X), 1e9)
    assert approximate == pytest.approx(np.mean(losses), rel=2e-3)
    assert abs(naive - np.mean(losses)) > 5 * abs(approximate - np.mean(losses))


def test_a_logit_finds_its_coefficients_and_stays_finite_when_arms_separate():
    x = RANDOM.standard_normal((4000, 2))
    taken = RANDOM.random(4000) < 1 / (1 + np.exp(-(x[:, 0] - 1)))
    index = logit_index(x, taken, np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    np.testing.assert_allclose(index, [-1, 0, -1], atol=0.2)
    separated = logit_index(x, x[:, 0] > 0, x)
    assert np.isfinite(separated).all() and ((separated > 0) == (x[:, 0] > 0)).mean() > 0.97


def test_a_logit_without_signal_keeps_to_the_share():
    index = logit_index(X, np.arange(120) % 3 == 0, X)
    np.testing.assert_allclose(index, np.log(0.5), atol=0.3)
