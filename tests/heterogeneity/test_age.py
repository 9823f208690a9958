"""Age curve: against brute-force weighted least squares, and on planted curves."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import schemas
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.heterogeneity.age import estimate_age_curve, local_linear, rule_of_thumb
from tiltakseffekt.heterogeneity.settings import HeterogeneitySettings

OUTCOME = "months_in_work_y3"


def brute_force(ages: np.ndarray, scores: np.ndarray, age: int, bandwidth: float) -> tuple[float, float]:
    """Weighted least squares around one age, person by person, with White's matrix."""
    distance = ages - age
    weights = np.clip(1 - (distance / bandwidth) ** 2, 0, None)
    x = np.column_stack([np.ones(len(ages)), distance])
    bread = np.linalg.inv(x.T @ (weights[:, None] * x))
    beta = bread @ x.T @ (weights * scores)
    moments = x * (weights * (scores - x @ beta))[:, None]
    return beta[0], np.sqrt((bread @ moments.T @ moments @ bread)[0, 0])


@pytest.fixture(scope="module")
def simulated() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    ages = rng.integers(18, 60, 500)
    return ages, np.sin(ages / 8) + rng.normal(size=500) * ages / 30


@pytest.mark.parametrize("bandwidth", [2.0, 5.3, 40.0])
def test_equals_brute_force(simulated, bandwidth):
    ages, scores = simulated
    curve = local_linear(ages, scores, np.arange(18, 60), bandwidth)
    expected = [brute_force(ages, scores, age, bandwidth) for age in range(18, 60)]
    np.testing.assert_allclose(curve.value, [value for value, _ in expected], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(curve.se, [se for _, se in expected], rtol=1e-9)


def test_a_straight_line_is_found_exactly_also_at_the_ends(simulated):
    ages, _ = simulated
    curve = local_linear(ages, 2.0 - 0.1 * ages, np.array([18, 40, 59]), 6.0)
    np.testing.assert_allclose(curve.value, [0.2, -2.0, -3.9], atol=1e-10)
    np.testing.assert_allclose(curve.se, 0, atol=1e-10)


def test_no_value_where_one_age_or_none_is_near():
    curve = local_linear(np.array([30, 30, 31]), np.array([1.0, 2, 3]), np.array([20, 29, 30]), 2.0)
    assert np.isnan(curve.value).tolist() == [True, True, False]


def test_rule_of_thumb_by_hand():
    ages = np.array([20, 30, 40, 50])
    assert rule_of_thumb(ages) == pytest.approx(2.34 * np.sqrt(500 / 3) * 4**-0.2)
    assert rule_of_thumb(np.array([30, 30, 31])) == 2


def tables(n: int = 1500) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(4)
    ids = [f"p{i:04d}" for i in range(n)]
    ages = rng.integers(18, 60, n)
    # Nobody under 35 is on AFT.
    arm = np.where((ages >= 35) & (rng.random(n) < 0.3), "aft", "ikke_tiltak")
    scores = {
        f"score__ikke_tiltak__{OUTCOME}": rng.normal(size=n),
        f"score__aft__{OUTCOME}": 0.05 * (ages - 40) + rng.normal(size=n),
    }
    return (
        pd.DataFrame({"person_id": ids, **scores}),
        pd.DataFrame({"person_id": ids, "arm": arm}).iloc[::-1],
        pd.DataFrame({"person_id": ids, "age": ages}),
    )


def test_curve_finds_the_planted_slope_and_leaves_out_ages_without_participants():
    settings = HeterogeneitySettings(age_bandwidth=5)
    curve = estimate_age_curve(*tables(), settings, confidence=0.95)
    assert not table_faults(curve, schemas.AGE_CURVE)
    assert curve["age"].min() == 31
    assert curve["age"].max() == 59
    truth = 0.05 * (curve["age"] - 40)
    assert (np.abs(curve["estimate"] - truth) < 4 * curve["se"]).all()
    row = curve.query("age == 40").iloc[0]
    persons = tables()[1].merge(tables()[2])
    near = persons["age"].between(36, 44)
    assert row["n_window"] == near.sum()
    assert row["n_window_arm"] == (near & (persons["arm"] == "aft")).sum()
    np.testing.assert_allclose((row["high"] - row["low"]) / row["se"], 2 * 1.959963984540054)
