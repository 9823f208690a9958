"""P-values for many tests: by hand, and the share of families with a false finding."""

import numpy as np
import pytest

from tiltakseffekt.stages.effects.settings import BootstrapSettings
from tiltakseffekt.stages.effects.simultaneous import drawn_t_values
from tiltakseffekt.stages.heterogeneity.many_tests import holm, romano_wolf


def test_holm_by_hand():
    # 4 * 0.01, 3 * 0.02, then never falling: max(0.06, 2 * 0.025), max(0.06, 0.3).
    np.testing.assert_allclose(holm(np.array([0.3, 0.01, np.nan, 0.025, 0.02])), [0.3, 0.04, np.nan, 0.06, 0.06])
    assert np.isnan(holm(np.array([np.nan]))).all()


def test_stepdown_by_hand():
    """Each test is held against the largest drawn t-value of the tests that are not larger than itself."""
    rng = np.random.default_rng(3)
    influence = rng.normal(size=(40, 4))
    bootstrap = BootstrapSettings(draws=100)
    t_values = np.array([1.2, -2.5, np.nan, 1.9])
    found = romano_wolf(t_values, influence, bootstrap, np.random.default_rng(9))
    order = [1, 3, 0]
    drawn = np.concatenate(list(drawn_t_values(influence[:, order], 100, "gaussian", np.random.default_rng(9))))
    largest = np.column_stack([drawn.max(axis=1), drawn[:, 1:].max(axis=1), drawn[:, 2]])
    p = (1 + (largest >= [2.5, 1.9, 1.2]).sum(axis=0)) / 101
    np.testing.assert_allclose(found[order], [p[0], max(p[:2]), max(p)])
    assert np.isnan(found[2])


def test_one_test_alone_is_not_adjusted():
    influence = np.random.default_rng(0).normal(size=(500, 1))
    p = romano_wolf(np.array([1.96]), influence, BootstrapSettings(draws=20_000), np.random.default_rng(1))
    assert p == pytest.approx(0.05, abs=0.006)


def test_equal_tests_cost_nothing_and_holm_more():
    one = np.random.default_rng(0).normal(size=(500, 1))
    bootstrap = BootstrapSettings(draws=5000)
    p = romano_wolf(np.full(20, 2.2), np.repeat(one, 20, axis=1), bootstrap, np.random.default_rng(1))
    np.testing.assert_allclose(p, 0.028, atol=0.008)


@pytest.mark.parametrize("clustered", [False, True])
def test_a_false_finding_is_made_in_five_per_cent_of_the_families(clustered):
    """Means of twelve correlated normal variables without effect, one of them with: it may be found."""
    rng = np.random.default_rng(11)
    bootstrap, families, n = BootstrapSettings(draws=100), 400, 150
    cluster = np.arange(n) % 50 if clustered else None
    false, found = 0, 0
    for _ in range(families):
        noise = rng.normal(size=(50, 1))[np.arange(n) % 50] if clustered else 0.0
        values = rng.normal(size=(n, 12)) + rng.normal(size=(n, 1)) + noise
        values[:, 0] += 1.0
        influence = values - values.mean(axis=0)
        sums = np.array([influence[cluster == c].sum(axis=0) for c in range(50)]) if clustered else influence
        t_values = values.mean(axis=0) / (np.sqrt(np.square(sums).sum(axis=0)) / n)
        p = romano_wolf(t_values, influence, bootstrap, rng, cluster)
        false += (p[1:] <= 0.05).any()
        found += p[0] <= 0.05
    # Three standard errors of a share of 400.
    assert 0.01 < false / families < 0.05 + 3 * np.sqrt(0.05 * 0.95 / families)
    assert found / families > 0.9
