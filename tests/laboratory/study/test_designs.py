import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.laboratory.study import literature, registers
from tiltakseffekt.laboratory.study.design import average_effects, draw_arms, own
from tiltakseffekt.laboratory.study.literature import literature_designs
from tiltakseffekt.laboratory.study.registers import PERSONS, SHARES, build_pool, registers_design


@pytest.fixture(scope="module")
def pool():
    random = np.random.default_rng(0)
    ids = [f"p{i:04d}" for i in range(1500)]
    x = random.standard_normal((1500, 3))
    arm = random.choice(list(SHARES), 1500, p=[0.4, 0.15, 0.15, 0.15, 0.15])
    sample = pd.DataFrame({"person_id": ids, "registration_month": 210, "arm": arm})
    covariates = pd.DataFrame(x, columns=["x_a", "x_b", "x_c"]).assign(x_same=1.0, person_id=ids)
    truth = pd.concat(
        pd.DataFrame(
            {"person_id": ids, "registration_month": 210, "arm": name}
            | {registers.OUTCOME: np.clip(6 + 2 * x[:, 0] + k + random.standard_normal(1500), 0, 12)}
        )
        for k, name in enumerate(SHARES)
    )
    return build_pool(sample, covariates, truth)


def test_average_effects_by_hand():
    propensities = np.array([[0.5, 0.5], [0.9, 0.1]])
    truth = average_effects(propensities, np.array([[1.0, 3.0], [1.0, 7.0]]))
    assert truth.ate == pytest.approx(4) and truth.atet == pytest.approx((0.5 * 2 + 0.1 * 6) / 0.6)


def test_arms_are_drawn_by_their_propensities():
    propensities = np.tile([0.2, 0.5, 0.3], (20_000, 1))
    shares = np.bincount(draw_arms(propensities, np.random.default_rng(1))) / 20_000
    np.testing.assert_allclose(shares, [0.2, 0.5, 0.3], atol=0.02)


@pytest.mark.parametrize("design", literature_designs(), ids=lambda design: design.name)
def test_samples_have_the_stated_truth(design):
    samples = [design.draw(np.random.default_rng(seed)) for seed in range(40)]
    propensities = np.vstack([sample.propensities for sample in samples])
    means = np.vstack([sample.means for sample in samples])
    np.testing.assert_allclose(propensities.sum(axis=1), 1)
    drawn = average_effects(propensities, means)
    effects = means[:, 1:] - means[:, :1]
    tolerance = 5 * effects.std(axis=0) / np.sqrt(len(means)) + 1e-9
    assert (np.abs(drawn.ate - design.truth.ate) < tolerance).all()
    assert (np.abs(drawn.atet - design.truth.atet) < 3 * tolerance).all()


@pytest.mark.parametrize("design", literature_designs(), ids=lambda design: design.name)
def test_outcomes_scatter_about_the_mean_of_the_own_arm(design):
    samples = [design.draw(np.random.default_rng(seed)) for seed in range(10)]
    noise = np.concatenate([sample.outcome - own(sample.means, sample.arm) for sample in samples])
    assert abs(noise.mean()) < 5 * noise.std() / np.sqrt(len(noise)) and 0.9 < noise.std() < 1.6


def test_constant_effects_are_those_stated():
    truths = {design.name: design.truth for design in literature_designs()}
    assert truths["kang_schafer"].ate == pytest.approx(0) and truths["nie_wager_c"].ate == pytest.approx(1)
    np.testing.assert_allclose(truths["arms_good_overlap"].atet, [0.5, 1, 1.5])
    # Mean of (x1 + x2) / 2 for two uniforms.
    assert truths["nie_wager_a"].ate == pytest.approx(0.5, abs=2e-3)


def test_kang_and_schafer_print_a_mean_of_210_and_half_treated():
    sample = next(design for design in literature_designs() if design.name == "kang_schafer")
    drawn = [sample.draw(np.random.default_rng(seed)) for seed in range(30)]
    assert np.concatenate([s.means[:, 0] for s in drawn]).mean() == pytest.approx(210, abs=1)
    assert np.concatenate([s.propensities[:, 1] for s in drawn]).mean() == pytest.approx(0.5, abs=0.01)


def test_overlap_is_thinner_where_it_should_be():
    smallest = {
        design.name: np.quantile(design.draw(np.random.default_rng(0)).propensities, 0.001)
        for design in literature_designs()
    }
    assert smallest["arms_thin_overlap"] < 0.3 * smallest["arms_good_overlap"]
    assert smallest["nie_wager_c"] < smallest["nie_wager_a"]


def test_the_registers_design_has_the_wanted_shares_and_the_truth_of_its_pool(pool):
    design = registers_design(pool)
    np.testing.assert_allclose(pool.propensities.mean(axis=0), list(SHARES.values()), atol=1e-3)
    np.testing.assert_allclose(design.truth.ate, (pool.means[:, 1:] - pool.means[:, :1]).mean(axis=0))
    # The planted effects are 1, 2, 3 and 4 before outcomes are kept within 0 and 12.
    np.testing.assert_allclose(design.truth.ate, [1, 2, 3, 4], atol=0.3)
    sample = design.draw(np.random.default_rng(2))
    assert sample.x.shape == (PERSONS, 3) and set(sample.arm) == set(range(5))


def test_deviations_of_the_registers_design_have_mean_zero(pool):
    np.testing.assert_allclose(pool.deviations.mean(axis=1), 0, atol=1e-9)
    assert 0.5 < pool.deviations.std() < 2


def test_arms_of_the_registers_design_are_arms():
    assert set(SHARES) < set(ARMS.unchained) and next(iter(SHARES)) == keys.CONTROL
    assert sum(SHARES.values()) == pytest.approx(1)


def test_two_arms_lie_half_an_effect_from_the_baseline():
    propensities, means = literature._two_arms(expit(np.zeros(2)), np.array([1.0, 2.0]), np.array([4.0, 0.0]))
    np.testing.assert_allclose(propensities, 0.5)
    np.testing.assert_allclose(means, [[-1, 3], [2, 2]])
