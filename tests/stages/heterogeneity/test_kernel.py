"""Effect curves: against brute-force weighted least squares, on planted curves, and bands that hold whole curves."""

import numpy as np
import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.effects.settings import BootstrapSettings, EffectSettings
from tiltakseffekt.stages.heterogeneity import schemas
from tiltakseffekt.stages.heterogeneity.kernel import (
    estimate_curves,
    kernel_window,
    local_linear,
    rule_of_thumb,
    uniform_factors,
)
from tiltakseffekt.stages.heterogeneity.persons import Scored
from tiltakseffekt.stages.heterogeneity.settings import HeterogeneitySettings

OUTCOME = "months_in_work_y3"
EFFECTS = EffectSettings(bootstrap=BootstrapSettings(draws=200))


def brute_force(ages: np.ndarray, scores: np.ndarray, age: int, bandwidth: float, cluster: np.ndarray | None = None):
    """Weighted least squares around one age, person by person, with White's matrix or that of clusters."""
    distance = ages - age
    weights = np.clip(1 - (distance / bandwidth) ** 2, 0, None)
    x = np.column_stack([np.ones(len(ages)), distance])
    bread = np.linalg.inv(x.T @ (weights[:, None] * x))
    beta = bread @ x.T @ (weights * scores)
    moments = x * (weights * (scores - x @ beta))[:, None]
    if cluster is not None:
        moments = np.array([moments[cluster == c].sum(axis=0) for c in np.unique(cluster)])
    return beta[0], np.sqrt((bread @ moments.T @ moments @ bread)[0, 0])


def _given(tables, cluster=None):
    scores, sample, characteristics, *others = tables
    return Scored(scores, sample, characteristics, ARMS, cluster), *others


@pytest.fixture(scope="module")
def simulated() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    ages = rng.integers(18, 60, 500)
    return ages, np.sin(ages / 8) + rng.normal(size=500) * ages / 30


@pytest.mark.parametrize("bandwidth", [2.0, 5.3, 40.0])
@pytest.mark.parametrize("clustered", [False, True])
def test_equals_brute_force(simulated, bandwidth, clustered):
    ages, scores = simulated
    cluster = np.arange(500) % 23 if clustered else None
    curve = local_linear(kernel_window(ages, np.arange(18, 60), bandwidth), scores, cluster)
    expected = [brute_force(ages, scores, age, bandwidth, cluster) for age in range(18, 60)]
    np.testing.assert_allclose(curve.value, [value for value, _ in expected], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(curve.se, [se for _, se in expected], rtol=1e-9)


def test_a_straight_line_is_found_exactly_also_at_the_ends(simulated):
    ages, _ = simulated
    curve = local_linear(kernel_window(ages, np.array([18, 40, 59]), 6.0), 2.0 - 0.1 * ages)
    np.testing.assert_allclose(curve.value, [0.2, -2.0, -3.9], atol=1e-10)
    np.testing.assert_allclose(curve.se, 0, atol=1e-10)


def test_no_value_where_one_age_or_none_is_near():
    window = kernel_window(np.array([30, 30, 31]), np.array([20, 29, 30]), 2.0)
    curve = local_linear(window, np.array([1.0, 2, 3]))
    assert np.isnan(curve.value).tolist() == [True, True, False]


def test_rule_of_thumb_by_hand():
    ages = np.array([20, 30, 40, 50])
    assert rule_of_thumb(ages) == pytest.approx(2.34 * np.sqrt(500 / 3) * 4**-0.2)
    assert rule_of_thumb(np.array([30, 30, 31])) == 2


def test_the_band_of_one_point_is_the_pointwise_interval_and_that_of_many_is_wider(simulated):
    ages, scores = simulated
    settings = EffectSettings(bootstrap=BootstrapSettings(draws=20_000))
    window = kernel_window(ages, np.array([30]), 5.0)
    one = uniform_factors(window, [scores], [local_linear(window, scores).se], settings, np.random.default_rng(1))
    assert one == pytest.approx(1.96, abs=0.05)
    window = kernel_window(ages, np.arange(18, 60), 3.0)
    settings = EffectSettings(bootstrap=BootstrapSettings(draws=500))
    many = uniform_factors(window, [scores], [local_linear(window, scores).se], settings, np.random.default_rng(1))
    assert 2.7 < many.item() < 3.5


def test_multipliers_of_a_band_add_up_persons_as_influence_values_do(simulated):
    """With one draw the factor is the largest t-value of the curve of the multiplied residuals."""
    ages, scores = simulated
    at, cluster = np.array([25, 40]), np.arange(500) % 11
    window = kernel_window(ages, at, 4.0)
    curve = local_linear(window, scores, cluster)
    settings = EffectSettings(bootstrap=BootstrapSettings(draws=100), confidence=0.99)
    found = uniform_factors(window, [scores], [curve.se], settings, np.random.default_rng(5), cluster)
    drawn = np.concatenate([b.standard_normal((50, 11)) for b in [np.random.default_rng(5)] for _ in range(2)])
    t_values = []
    for multipliers in drawn:
        moved = []
        for place, age in enumerate(at):
            distance = ages - age
            weights = np.clip(1 - (distance / 4.0) ** 2, 0, None)
            x = np.column_stack([np.ones(500), distance])
            bread = np.linalg.inv(x.T @ (weights[:, None] * x))
            residuals = scores - x @ (bread @ x.T @ (weights * scores))
            moved.append((bread @ x.T @ (weights * residuals * multipliers[cluster]))[0] / curve.se[place])
        t_values.append(np.abs(moved).max())
    assert found.item() == pytest.approx(np.quantile(t_values, 0.99))


def tables(n: int = 1500) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(4)
    ids = [f"p{i:04d}" for i in range(n)]
    ages, months = rng.integers(18, 60, n), rng.integers(0, 13, n)
    # Nobody under 35 is on AFT.
    arm = np.where((ages >= 35) & (rng.random(n) < 0.3), "aft", "ikke_tiltak")
    scores = {
        f"score__ikke_tiltak__{OUTCOME}": rng.normal(size=n),
        f"score__aft__{OUTCOME}": 0.05 * (ages - 40) + 0.1 * (months - 6) ** 2 + rng.normal(size=n),
    }
    return (
        pd.DataFrame({"person_id": ids, **scores}),
        pd.DataFrame({"person_id": ids, "arm": arm}).iloc[::-1],
        pd.DataFrame({"person_id": ids, "age": ages}),
        pd.DataFrame({"person_id": ids, "x_arbeidshistorikk__maneder_i_arbeid_12": months.astype(float)}),
    )


def test_curves_find_what_is_planted_and_leave_out_points_without_participants():
    settings = HeterogeneitySettings(age_bandwidth=5, work_history_bandwidth=2)
    curves = estimate_curves(*_given(tables()), settings, EFFECTS, 1)
    assert not table_faults(curves, schemas.EFFECT_CURVES)
    by_age = curves.query("characteristic == 'age'")
    assert (by_age["at"].min(), by_age["at"].max()) == (31, 59)
    # The other characteristic has mean 0.1 * 14 in every age.
    truth = 0.05 * (by_age["at"] - 40) + 1.4
    assert (np.abs(by_age["estimate"] - truth) < 4 * by_age["se"]).all()
    by_work = curves.query("characteristic == 'work_history'")
    truth = 0.1 * (by_work["at"] - 6) ** 2 + 0.05 * (38.5 - 40)
    assert by_work["at"].tolist() == list(range(13))
    # Inside a window of two months a parabola bends by less than a fifth.
    assert (np.abs(by_work["estimate"] - truth) < 4 * by_work["se"] + 0.1).all()
    row = by_age.query("at == 40").iloc[0]
    persons = tables()[1].merge(tables()[2])
    near = persons["age"].between(36, 44)
    assert row["n_window"] == near.sum()
    assert row["n_window_arm"] == (near & (persons["arm"] == "aft")).sum()
    assert row["n_arm"] == (persons["arm"] == "aft").sum()
    np.testing.assert_allclose((row["high"] - row["low"]) / row["se"], 2 * 1.959963984540054)
    assert (curves["uniform_high"] > curves["high"]).all()


def test_no_points_at_all_make_an_empty_table():
    settings = HeterogeneitySettings(window_smallest=2000)
    curves = estimate_curves(*_given(tables()), settings, EFFECTS, 1)
    assert curves.empty
    assert not table_faults(curves, schemas.EFFECT_CURVES)


def test_persons_without_covariates_are_counted():
    scores, sample, characteristics, covariates = tables()
    with pytest.raises(FaultsFound, match=r"covariates: person_id: persons of the sample are missing \(3\)"):
        estimate_curves(
            Scored(scores, sample, characteristics, ARMS), covariates.iloc[3:], HeterogeneitySettings(), EFFECTS, 1
        )
