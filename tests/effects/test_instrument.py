"""Leave-one-out shares by hand; two stages by hand and by their package in full; strong and weak practice."""

import numpy as np
import pytest
from linearmodels.iv import IV2SLS

from tiltakseffekt.effects.instrument import FirstStage, instrumented, share_of_others


def test_shares_of_others_by_hand():
    office = np.array([0, 0, 0, 2, 2, 4, -1])
    treated = np.array([True, False, True, False, False, True, True])
    np.testing.assert_array_equal(share_of_others(treated, office), [0.5, 1, 0.5, 0, 0, np.nan, np.nan])
    assert np.isnan(share_of_others(treated, np.full(7, -1))).all()


def made_up(spread, seed=1, offices=120, size=40):
    """Make persons whose office's practice has some spread; a trait that nobody sees moves treatment and outcome."""
    rng = np.random.default_rng(seed)
    office = np.repeat(np.arange(offices), size)
    n = len(office)
    x, trait = rng.normal(size=(n, 2)), rng.normal(size=n)
    practice = spread * rng.normal(size=offices)[office]
    treated = practice + 0.5 * x[:, 0] + trait + rng.normal(size=n) > 0.5
    outcomes = np.column_stack([3 * treated + x[:, 0] + 2 * trait, 1e5 * (treated + trait)]) + rng.normal(size=(n, 2))
    return x, treated, outcomes, share_of_others(treated, office), office


def test_equals_the_ratio_of_two_covariances_without_covariates():
    x, treated, outcomes, share, office = made_up(1.0)
    found, stage = instrumented(x[:, :0], treated.astype(float), outcomes, share, office)
    for place in (0, 1):
        ratio = np.cov(share, outcomes[:, place])[0, 1] / np.cov(share, treated)[0, 1]
        assert found.values[place] == pytest.approx(ratio)
    assert stage.coefficient == pytest.approx(np.cov(share, treated)[0, 1] / share.var(ddof=1))
    assert stage.partial_r2 == pytest.approx(np.corrcoef(share, treated)[0, 1] ** 2)
    assert (stage.n, stage.offices) == (4800, 120)


def test_equals_its_package_with_the_covariates_left_in():
    x, treated, outcomes, share, office = made_up(0.7)
    found, stage = instrumented(np.column_stack([x, x[:, 0]]), treated.astype(float), outcomes, share, office)
    constant = np.column_stack([np.ones(len(x)), x])
    for place in (0, 1):
        whole = IV2SLS(outcomes[:, place], constant, treated.astype(float), share)
        other = whole.fit(cov_type="clustered", clusters=office)
        assert found.values[place] == pytest.approx(other.params.iloc[-1])
        assert found.errors[place] == pytest.approx(other.std_errors.iloc[-1])
    diagnostics = other.first_stage.diagnostics.iloc[0]
    assert stage.f == pytest.approx(diagnostics["f.stat"])
    assert stage.partial_r2 == pytest.approx(diagnostics["partial.rsquared"])


def test_a_strong_practice_finds_the_effect_that_comparisons_miss_and_no_practice_is_weak():
    x, treated, outcomes, share, office = made_up(1.0)
    found, stage = instrumented(x, treated.astype(float), outcomes, share, office)
    assert stage.f > 50
    assert abs(found.values[0] - 3) < 4 * found.errors[0] < 2
    assert outcomes[treated, 0].mean() - outcomes[~treated, 0].mean() > 4.5
    weak = [
        instrumented(x, treated.astype(float), outcomes, share, office)[1].weak
        for x, treated, outcomes, share, office in (made_up(0.0, seed, offices=60, size=20) for seed in range(20))
    ]
    assert sum(weak) >= 18


def test_the_wrong_sign_is_no_practice_however_strong():
    assert not FirstStage(0.4, 0.1, 16.0, 0.1, 100, 9).weak
    assert FirstStage(-0.4, 0.1, 16.0, 0.1, 100, 9).weak
    assert FirstStage(0.3, 0.1, 9.0, 0.1, 100, 9).weak


def test_nothing_where_the_instrument_does_not_vary():
    x, treated, outcomes, share, office = made_up(1.0, offices=6)
    assert instrumented(x, treated.astype(float), outcomes, np.full(len(x), 0.3), office) is None
    assert instrumented(x, treated.astype(float), outcomes, share, np.zeros_like(office)) is None
    assert instrumented(np.column_stack([x, share]), treated.astype(float), outcomes, share, office) is None
