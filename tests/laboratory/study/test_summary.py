import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.laboratory.study.design import Truth
from tiltakseffekt.laboratory.study.summary import summarise


def _estimates(values: dict[str, list[tuple[float, float]]]) -> pd.DataFrame:
    return pd.DataFrame(
        {"design": "d", "replication": i, "n_arm": 10 + i, "estimator": name, "estimand": "ate", "arm": 1}
        | {"estimate": estimate, "se": se}
        for name, draws in values.items()
        for i, (estimate, se) in enumerate(draws)
    )


def test_measures_by_hand():
    estimates = _estimates({"oracle": [(1.0, 1.0), (3.0, 1.0)], "other": [(3.0, 0.5), (5.0, 1.5)]})
    oracle, other = summarise(estimates, {"d": Truth(np.array([2.0]), np.array([0.0]))}).to_dict("records")
    assert oracle["bias"] == 0 and oracle["rmse_to_oracle"] == 1 and oracle["coverage"] == 1
    # Errors 1 and 3, against -1 and 1 of the oracle.
    assert other["bias"] == pytest.approx(2) and other["sd"] == pytest.approx(np.sqrt(2))
    assert other["mean_se"] == 1 and other["bias_in_se"] == pytest.approx(2)
    assert other["bias_in_se_mc"] == pytest.approx(np.sqrt(2) / np.sqrt(2))
    assert other["excess_bias_in_se"] == pytest.approx(2) and other["excess_bias_in_se_mc"] == 0
    assert other["rmse_to_oracle"] == pytest.approx(np.sqrt(5))
    # 1 > 1.96 * 0.5 and 3 > 1.96 * 1.5: neither interval holds the truth.
    assert other["coverage"] == 0 and other["coverage_mc"] == 0
    assert other["n_arm"] == 10.5 and other["replications"] == 2


def test_the_error_of_the_ratio_is_that_of_a_jackknife():
    random = np.random.default_rng(3)
    oracle = random.standard_normal(400)
    other = oracle + 0.7 * random.standard_normal(400) + 0.3
    estimates = _estimates({"oracle": [(e, 1.0) for e in oracle], "other": [(e, 1.0) for e in other]})
    row = summarise(estimates, {"d": Truth(np.zeros(1), np.zeros(1))}).iloc[1]
    left_out = [
        np.sqrt(np.square(np.delete(other, i)).mean() / np.square(np.delete(oracle, i)).mean()) for i in range(400)
    ]
    jackknife = np.sqrt(399 * np.var(left_out))
    assert row["rmse_to_oracle_mc"] == pytest.approx(jackknife, rel=0.03)


def test_order_of_replications_does_not_matter():
    random = np.random.default_rng(4)
    draws = {name: list(zip(random.random(30), random.random(30), strict=True)) for name in ("oracle", "other")}
    estimates, truth = _estimates(draws), {"d": Truth(np.array([0.5]), np.array([0.0]))}
    shuffled = estimates.sample(frac=1, random_state=0).sort_values("estimator", kind="stable")
    pd.testing.assert_frame_equal(summarise(estimates, truth), summarise(shuffled, truth))
