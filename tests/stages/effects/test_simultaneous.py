"""Critical values of the multiplier bootstrap: against known distributions, and clusters as persons."""

import numpy as np
import pytest
from scipy import stats

from tiltakseffekt.stages.effects.simultaneous import critical_values


def critical(influence, family=None, multiplier="gaussian", cluster=None, draws=4000, confidence=0.95):
    family = np.zeros(influence.shape[1], dtype=np.int64) if family is None else family
    return critical_values(influence, family, confidence, draws, multiplier, np.random.default_rng(3), cluster)


@pytest.mark.parametrize("multiplier", ["gaussian", "rademacher"])
def test_one_estimate_has_the_normal_quantile(multiplier):
    influence = np.random.default_rng(1).normal(size=(400, 1))
    assert critical(influence, multiplier=multiplier)[0] == pytest.approx(1.96, abs=0.08)


def test_independent_estimates_have_the_quantile_of_sidak_and_equal_ones_that_of_one():
    influence = np.linalg.qr(np.random.default_rng(2).normal(size=(400, 4)))[0]
    assert critical(influence)[0] == pytest.approx(stats.norm.ppf(0.5 + 0.95**0.25 / 2), abs=0.08)
    equal = np.repeat(influence[:, :1], 4, axis=1) * [1, -2, 3, 1e6]
    assert critical(equal)[0] == pytest.approx(1.96, abs=0.08)


def test_families_share_the_multipliers_but_not_the_maximum():
    influence = np.random.default_rng(4).normal(size=(200, 5))
    both = critical(influence, np.array([0, 1, 0, 1, 1]))
    assert both[0] == pytest.approx(critical(influence[:, [0, 2]])[0])
    assert both[1] == pytest.approx(critical(influence[:, [1, 3, 4]])[0])


def test_clusters_act_as_persons_with_their_sums():
    influence = np.random.default_rng(5).normal(size=(300, 3))
    cluster = np.arange(300) % 60
    sums = influence.reshape(5, 60, 3).sum(axis=0)
    assert critical(influence, cluster=cluster)[0] == pytest.approx(critical(sums)[0], rel=1e-12)


def test_an_estimate_without_variance_does_not_count():
    influence = np.random.default_rng(6).normal(size=(200, 3))
    with_constant = np.column_stack([influence, np.zeros(200)])
    assert critical(with_constant)[0] == critical(influence)[0]
    assert critical(np.zeros((50, 2)))[0] == 0
