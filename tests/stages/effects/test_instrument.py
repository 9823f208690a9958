"""Leave-one-out shares by hand; two stages by their package in full; intervals by grid and by how often they hold."""

import numpy as np
import pandas as pd
import pytest
from linearmodels.iv import IV2SLS

from tiltakseffekt.stages.effects.instrument import FirstStage, anderson_rubin, instrumented, share_of_others
from tiltakseffekt.stages.effects.ols import fit_ols


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
    found, _, stage = instrumented(x[:, :0], treated.astype(float), outcomes, share, office, 0.95)
    for place in (0, 1):
        ratio = np.cov(share, outcomes[:, place])[0, 1] / np.cov(share, treated)[0, 1]
        assert found.values[place] == pytest.approx(ratio)
    assert stage.coefficient == pytest.approx(np.cov(share, treated)[0, 1] / share.var(ddof=1))
    assert stage.partial_r2 == pytest.approx(np.corrcoef(share, treated)[0, 1] ** 2)
    assert (stage.n, stage.offices) == (4800, 120)


def test_equals_its_package_with_the_covariates_left_in():
    x, treated, outcomes, share, office = made_up(0.7)
    found, _, stage = instrumented(np.column_stack([x, x[:, 0]]), treated.astype(float), outcomes, share, office, 0.95)
    # The package has no factor for few clusters and for parameters: a constant, two covariates and treatment.
    factor = 120 / 119 * 4799 / (4800 - 4)
    constant = np.column_stack([np.ones(len(x)), x])
    for place in (0, 1):
        whole = IV2SLS(outcomes[:, place], constant, treated.astype(float), share)
        other = whole.fit(cov_type="clustered", clusters=office)
        assert found.values[place] == pytest.approx(other.params.iloc[-1])
        assert found.errors[place] == pytest.approx(np.sqrt(factor) * other.std_errors.iloc[-1])
    diagnostics = other.first_stage.diagnostics.iloc[0]
    assert stage.f == pytest.approx(diagnostics["f.stat"] / factor)
    assert stage.partial_r2 == pytest.approx(diagnostics["partial.rsquared"])


def test_the_interval_holds_what_a_regression_does_not_reject():
    """Outcome less b times treatment is regressed on the instrument by another package, over a grid of b."""
    for spread, seed in ((1.0, 1), (0.12, 3)):
        x, treated, outcomes, share, office = made_up(spread, seed, offices=40, size=25)
        _, intervals, stage = instrumented(x, treated.astype(float), outcomes, share, office, 0.95)
        data = pd.DataFrame({"share": share, "x0": x[:, 0], "x1": x[:, 1], "office": office})
        low, high = intervals.low[0], intervals.high[0]
        ends = [low, high] if intervals.shape[0] != "everything" else []
        for b in [*(end + step for end in ends for step in (-0.01, 0.01)), -50.0, 0.0, 50.0]:
            outcome = outcomes[:, 0] - b * treated
            fit = fit_ols(data.assign(y=outcome), "y", ["share", "x0", "x1"], vcov="CRV1", cluster="office").table.loc[
                "share"
            ]
            # Ours counts a parameter more, treatment.
            t = fit["estimate"] / fit["se"] * np.sqrt((1000 - 5) / (1000 - 4))
            inside = {"between": low <= b <= high, "outside": b <= low or b >= high, "everything": True}
            assert (abs(t) <= 1.959964) == inside[str(intervals.shape[0])], (b, stage.f)


@pytest.mark.parametrize(
    ("slopes", "shape", "low", "high"),
    [
        # Without covariance and with variances of one, the effects for which (s_y - b s_d)^2 <= 3.84 (1 + b^2).
        ((5.0, 10.0), "between", 1.3435, 3.3827),
        ((1.0, 5.0), "outside", -5.0065, 1.4873),
        ((1.0, 0.5), "everything", np.nan, np.nan),
    ],
)
def test_shapes_of_the_interval_by_hand(slopes, shape, low, high):
    found = anderson_rubin(np.array(slopes), np.eye(2), 0.95)
    assert found.shape.tolist() == [shape]
    assert (found.low[0], found.high[0]) == pytest.approx((low, high), abs=1e-3, nan_ok=True)
    if shape != "everything":
        for b in (found.low[0], found.high[0]):
            assert (slopes[1] - b * slopes[0]) ** 2 == pytest.approx(3.8414588 * (1 + b**2))


def test_intervals_hold_the_effect_as_often_as_they_say_with_a_weak_instrument_where_normal_ones_do_not():
    """The instrument hardly moves treatment, and what moves treatment moves outcomes: the worst case for those."""
    rng = np.random.default_rng(12)
    held, normal, strengths = [], [], []
    clusters = np.repeat(np.arange(100), 2)
    for _ in range(200):
        z = np.repeat(rng.choice([-1.0, 1.0], 100), 2)
        trait = rng.normal(size=200)
        treatment = 0.12 * z + trait + 0.1 * rng.normal(size=200)
        outcome = (1.0 * treatment - 2 * trait + 0.1 * rng.normal(size=200))[:, None]
        found, intervals, stage = instrumented(np.zeros((200, 0)), treatment, outcome, z, clusters, 0.95)
        low, high = intervals.low[0], intervals.high[0]
        inside = {"between": low <= 1 <= high, "outside": low >= 1 or high <= 1, "everything": True}
        held.append(inside[str(intervals.shape[0])])
        normal.append(abs(found.values[0] - 1) < 1.96 * found.errors[0])
        strengths.append(stage.f)
    assert 1 < np.median(strengths) < 10
    assert np.mean(held) == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 200))
    assert np.mean(normal) < 0.9


def test_a_strong_practice_finds_the_effect_that_comparisons_miss_and_no_practice_is_weak():
    x, treated, outcomes, share, office = made_up(1.0)
    found, intervals, stage = instrumented(x, treated.astype(float), outcomes, share, office, 0.95)
    assert stage.f > 50
    assert abs(found.values[0] - 3) < 4 * found.errors[0] < 2
    # With a strong instrument the interval is nearly the normal one.
    assert intervals.shape.tolist() == ["between", "between"]
    assert intervals.low == pytest.approx(found.values - 1.96 * found.errors, abs=0.15 * found.errors.max())
    assert outcomes[treated, 0].mean() - outcomes[~treated, 0].mean() > 4.5
    weak = [
        instrumented(x, treated.astype(float), outcomes, share, office, 0.95).stage.weak
        for x, treated, outcomes, share, office in (made_up(0.0, seed, offices=60, size=20) for seed in range(20))
    ]
    assert sum(weak) >= 18


def test_the_wrong_sign_is_no_practice_however_strong():
    assert not FirstStage(0.5, 0.1, 25.0, 0.1, 100, 9).weak
    assert FirstStage(-0.5, 0.1, 25.0, 0.1, 100, 9).weak
    assert FirstStage(0.4, 0.1, 16.0, 0.1, 100, 9).weak


def test_nothing_where_the_instrument_does_not_vary():
    x, treated, outcomes, share, office = made_up(1.0, offices=6)
    assert instrumented(x, treated.astype(float), outcomes, np.full(len(x), 0.3), office, 0.95) is None
    assert instrumented(x, treated.astype(float), outcomes, share, np.zeros_like(office), 0.95) is None
    assert instrumented(np.column_stack([x, share]), treated.astype(float), outcomes, share, office, 0.95) is None
    few = slice(0, 4)
    assert instrumented(x[few], treated[few].astype(float), outcomes[few], share[few], np.arange(4), 0.95) is None
