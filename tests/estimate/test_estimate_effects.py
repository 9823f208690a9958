"""The estimator on data frames: planted truth, DoubleML, and what must not matter."""

import numpy as np
import pandas as pd
import pytest
from doubleml import DoubleMLData, DoubleMLIRM
from doubleml.utils import DMLDummyClassifier, DMLDummyRegressor, PSProcessorConfig
from hypothesis import given, settings
from hypothesis import strategies as st

from tiltakseffekt.estimate import Effects, estimate_effects
from tiltakseffekt.estimate.example import COVARIATES, make_example

#: Few trees, so that tests are quick.
QUICK = {"trees": 10, "folds": 2, "draws": 100}

ARMS = ("none", "course", "subsidy")


@pytest.fixture(scope="module")
def several() -> tuple[pd.DataFrame, np.ndarray, Effects]:
    data, effect = make_example(3000, ARMS, 1)
    result = estimate_effects(
        data, ["y1", "y2"], "arm", "none", COVARIATES, groups=["urban", "vocation"], trees=50, seed=3
    )
    return data, effect, result


def test_average_effects_of_several_arms_are_found(several):
    data, effect, result = several
    assert result.labels == ARMS
    for k, arm in enumerate(ARMS[1:], 1):
        truth = {"ATE": effect[:, k].mean(), "ATET": effect[data["arm"] == arm, k].mean()}
        for estimand, value in truth.items():
            row = result.averages.set_index(["arm", "estimand", "outcome"]).loc[(arm, estimand, "y1")]
            assert abs(row["estimate"] - value) < 3.5 * row["se"]
            assert row["se"] < 0.1
            assert row["low"] < row["estimate"] < row["high"]
            assert row["simultaneous_low"] < row["low"]


def test_effects_by_group_are_found_and_their_difference_is_seen(several):
    _, _, result = several
    gate = result.gate.query("outcome == 'y1' and group == 'urban'").set_index(["arm", "level"])
    for arm, k in (("course", 1), ("subsidy", 2)):
        for level in (False, True):
            row = gate.loc[(arm, level)]
            assert abs(row["estimate"] - k * (1 + level)) < 3.5 * row["se"]
        assert gate.loc[(arm, True), "p_romano_wolf"] < 0.05
        assert np.isnan(gate.loc[(arm, False), "difference"])
    tests = result.gate_tests.query("outcome == 'y1'").set_index(["arm", "group"])["p_value"]
    assert tests["subsidy", "urban"] < 0.01 < tests["subsidy", "vocation"]
    assert tests["subsidy", "all groups"] < 0.01


def test_group_effects_weighted_by_their_rows_are_the_average_effect(several):
    data, _, result = several
    gate = result.gate.query("outcome == 'y1' and arm == 'course'")
    ate = result.ate.query("outcome == 'y1' and arm == 'course'")["estimate"].iloc[0]
    for _, part in gate.groupby("group"):
        assert part["n"].sum() == len(data)
        assert np.average(part["estimate"], weights=part["n"]) == pytest.approx(ate)


def test_the_covariance_has_the_standard_errors_and_knows_that_one_outcome_is_twice_the_other(several):
    _, _, result = several
    np.testing.assert_allclose(np.sqrt(np.diag(result.covariance)), result.averages["se"])
    one, two = ("ATE", "course", "y1"), ("ATE", "course", "y2")
    assert result.covariance.loc[one, two] == pytest.approx(2 * result.covariance.loc[one, one], rel=0.05)


def test_weights_balance(several):
    _, _, result = several
    assert result.balance["before"].abs().max() > 0.1 > 10 * result.balance["after"].abs().max()
    assert result.remarks() == ()


def test_the_table_has_every_effect_once(several):
    _, _, result = several
    table = result.table()
    assert table["estimand"].value_counts().to_dict() == {"ATE": 4, "ATET": 4, "GATE": 2 * 2 * 5}
    assert not table.duplicated(["estimand", "arm", "outcome", "group", "level"]).any()


@pytest.mark.parametrize(("estimand", "score"), [("ATE", "ATE"), ("ATET", "ATTE")])
def test_doubleml_finds_the_same_with_the_same_nuisances(estimand, score):
    data = make_example(400, ("no", "yes"), 2).data
    found = estimate_effects(
        data, "y1", "arm", "no", COVARIATES, weights="inverse_probability", normalise="none", **QUICK
    )
    fitted = found.nuisances
    model = DoubleMLIRM(
        DoubleMLData(data.assign(arm=(data["arm"] == "yes").astype(float)), "y1", "arm", ["x1"]),
        DMLDummyRegressor(),
        DMLDummyClassifier(),
        score=score,
        n_folds=2,
        ps_processor_config=PSProcessorConfig(clipping_threshold=1e-12),
        draw_sample_splitting=False,
    )
    fold = fitted["fold", "", ""].to_numpy()
    model.set_sample_splitting([[(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(2)]])
    told = {f"ml_g{k}": fitted[["prediction"]].to_numpy()[:, [k]] for k in range(2)}
    model.fit(external_predictions={"arm": told | {"ml_m": fitted[["propensity"]].to_numpy()[:, [1]]}})
    own = found.averages.set_index("estimand").loc[estimand]
    assert own["estimate"] == pytest.approx(model.coef[0], abs=1e-10)
    assert own["se"] == pytest.approx(model.se[0], abs=1e-10)


TABLES = ("averages", "covariance", "gate", "gate_tests", "overlap", "balance", "nuisances", "rows")
SMALL = make_example(120, ARMS, 4).data


def of_small(data: pd.DataFrame = SMALL, control: object = "none", **options) -> Effects:
    return estimate_effects(
        data, ["y1"], "arm", control, COVARIATES, groups="urban", cluster="town", **(QUICK | {"trees": 3} | options)
    )


def assert_same(one: Effects, other: Effects, tables: tuple[str, ...] = TABLES) -> None:
    for name in tables:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


@pytest.mark.parametrize("learner", ["honest_forest", "ensemble"])
def test_threads_change_no_bit(learner):
    assert_same(of_small(learner=learner, trees=30), of_small(learner=learner, trees=30, threads=3))


@given(st.permutations(range(len(SMALL))))
@settings(max_examples=5, deadline=None)
def test_the_order_of_the_rows_does_not_matter(order):
    shuffled = of_small(SMALL.iloc[order])
    assert_same(of_small(), shuffled, tuple(name for name in TABLES if name != "nuisances"))
    pd.testing.assert_frame_equal(shuffled.nuisances.sort_index(), of_small().nuisances, check_exact=True)


@given(st.lists(st.integers(-99, 99), min_size=3, max_size=3, unique=True).map(sorted))
@settings(max_examples=5, deadline=None)
def test_labels_of_the_arms_do_not_matter(labels):
    """Labels in the order of the old ones; the control is told apart by `control`, not by its place."""
    order = ("course", "none", "subsidy")
    renamed = of_small(SMALL.assign(arm=SMALL["arm"].map(dict(zip(order, labels, strict=True)))), labels[1])
    assert renamed.labels == (labels[1], labels[0], labels[2])
    numbers = ["estimate", "se", "low", "high", "simultaneous_low", "p_value"]
    np.testing.assert_array_equal(renamed.averages[numbers], of_small().averages[numbers])
    np.testing.assert_array_equal(renamed.gate["p_romano_wolf"], of_small().gate["p_romano_wolf"])


def test_another_seed_draws_other_folds_and_repetitions_count_as_uncertainty():
    one, other = of_small(), of_small(seed=2)
    assert one.nuisances["fold", "", ""].tolist() != other.nuisances["fold", "", ""].tolist()
    repeated = of_small(repetitions=3)
    assert repeated.averages["estimate"].tolist() != one.averages["estimate"].tolist()
    assert np.isfinite(repeated.averages["se"]).all()


def test_clusters_are_summed():
    """Each row thrice, as clusters of three: the errors of a third of the rows, not of three times as many."""
    rows = make_example(150, ("no", "yes"), 5).data.assign(row=range(150))
    thrice = pd.concat([rows] * 3, ignore_index=True)
    asked = (thrice, "y1", "arm", "no", COVARIATES)
    alone, together = (estimate_effects(*asked, cluster=cluster, **QUICK) for cluster in (None, "row"))
    ratio = together.averages["se"] / alone.averages["se"]
    assert (together.averages["estimate"] == alone.averages["estimate"]).all()
    assert ratio.between(1.3, np.sqrt(3) + 1e-9).all()


def test_trimming_leaves_rows_out_and_says_so():
    found = of_small(trim="fixed", trim_below=0.2)
    trimmed = int(found.rows.set_index("rows").loc["trimmed", "count"])
    assert trimmed > 0
    assert found.used == len(SMALL) - trimmed == found.nuisances["kept", "", ""].sum()
    assert found.averages["n_control"].iloc[0] < (SMALL["arm"] == "none").sum()
