"""Differences, classes, calibration and prediction quality, computed by hand on a few persons."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.matching import schemas
from tiltakseffekt.stages.matching.diagnostics import (
    calibrate_propensities,
    calibration_classes,
    calibration_slope,
    classify_propensities,
    describe_differences,
    measure_predictions,
)

#: Two persons in AMO, four controls; folds balanced within arms.
SAMPLE = pd.DataFrame(
    {
        "person_id": list("abcdef"),
        "arm": ["amo"] * 2 + [keys.CONTROL] * 4,
        "fold": [0, 1, 0, 0, 1, 1],
    }
)
PROPENSITIES = pd.DataFrame(
    {
        "person_id": list("fedcba"),
        "propensity__ikke_tiltak": [0.8, 0.5, 0.8, 2 / 3, 0.5, 0.4],
        "propensity__amo": [0.2, 0.5, 0.2, 1 / 3, 0.5, 0.6],
    }
)


def test_differences_and_persons_behind_them_by_hand():
    covariates = pd.DataFrame(
        {"person_id": list("abcdef"), "x_a": [1.0, 3, 0, 0, 2, 2], "x_rare": [0.0, 1, 1, 0, 0, 0]}
    )
    table = describe_differences(SAMPLE, PROPENSITIES, covariates)
    assert not table_faults(table, schemas.BALANCE_OF_COVARIATES)
    by_name = table.set_index(["arm", "covariate"])
    assert by_name.index.tolist() == [("amo", "x_a"), ("amo", "x_rare")]
    # Means 2 and 1, weighted mean (2 + 0.5) / 2 = 1.25; both variances are 1.
    assert by_name.loc[("amo", "x_a")].tolist() == pytest.approx([1, 0.75, 2, 2])
    # Shares 1/2 and 1/4, weighted 0.5 / 2; variances 1/4 and 3/16, root of their mean sqrt(7/32).
    assert by_name.loc[("amo", "x_rare")].tolist() == pytest.approx([0.25 / np.sqrt(7 / 32)] * 2 + [1, 2])


def test_classes_of_propensities_hold_everyone_once():
    e = PROPENSITIES.assign(propensity__amo=[1e-9, 0.001, 0.0099, 0.011, 0.5, 1.0])
    table = classify_propensities(SAMPLE, e)
    assert not table_faults(table, schemas.PROPENSITY_CLASSES)
    assert table.groupby("group")["n"].sum().to_dict() == {"behandling": 2, "kontroll": 4}
    control = table[(table["group"] == "kontroll") & (table["n"] > 0)].set_index("low")["n"]
    # f under the lowest limit and e on it share a class; d lies just under 0.01, c just over.
    assert control.index.to_numpy() == pytest.approx([0.001, 10**-2.2, 0.01])
    assert control.tolist() == [2, 1, 1]
    treated = table[(table["group"] == "behandling") & (table["n"] > 0)]
    assert treated["high"].to_numpy() == pytest.approx([10**-0.2, 1.0])


def test_calibration_classes_by_hand():
    """Of 20 members, ten have 0.1 to 0.19 and ten 0.3; the first class ends at 0.19."""
    low = np.arange(0.1, 0.195, 0.01)
    propensity = np.concatenate([low, np.full(10, 0.3), [0.05, 0.185, 0.2, 0.31]])
    members = np.arange(24) < 20
    classes = calibration_classes(propensity, members)
    assert classes.tolist() == [0] * 10 + [1] * 10 + [0, 0, 1, 1]
    sample = pd.DataFrame({"person_id": range(24), "arm": np.where(members, "amo", keys.CONTROL)})
    e = pd.DataFrame({"person_id": range(24), "propensity__amo": propensity, "propensity__ikke_tiltak": 1 - propensity})
    table = calibrate_propensities(sample, e)
    assert not table_faults(table, schemas.PROPENSITY_CALIBRATION)
    amo = table[table["arm"] == "amo"].set_index("place")
    assert amo.loc[0, ["n", "n_arm"]].tolist() == [12, 10]
    assert amo.loc[0, "predicted"] == pytest.approx((low.sum() + 0.05 + 0.185) / 12)
    assert amo.loc[1, "observed"] == pytest.approx(10 / 12)
    assert len(table[table["arm"] == keys.CONTROL]) == 1


@given(st.lists(st.tuples(st.sampled_from([0.01, 0.02, 0.2, 0.3, 0.9]), st.booleans()), min_size=1, max_size=300))
def test_every_calibration_class_has_members_and_classes_rise(persons):
    propensity, members = np.array([p for p, _ in persons]), np.array([m for _, m in persons])
    members[0] = True
    classes = calibration_classes(propensity, members)
    assert (np.bincount(classes, members) > 0).all()
    order = np.argsort(propensity, kind="stable")
    assert (np.diff(classes[order]) >= 0).all()


def test_prediction_quality_by_hand():
    outcomes = pd.DataFrame(
        {"person_id": list("abcdef")} | {name: [1.0, 3, 0, 2, 4, 6] for name in keys.YEARLY_OUTCOMES}
    )
    predictions = {
        keys.prediction_column(arm, name): [2.0, 2, 1, 1, 4, 6]
        for arm in (keys.CONTROL, "amo")
        for name in keys.YEARLY_OUTCOMES
    }
    table = measure_predictions(
        SAMPLE, PROPENSITIES, pd.DataFrame({"person_id": list("abcdef")} | predictions), outcomes
    )
    assert not table_faults(table, schemas.PREDICTION_QUALITY)
    by_target = table.set_index(["arm", "target"])
    # Controls: squared errors 1, 1, 0, 0; the other fold has the means 5 and 1: squared errors 25, 9, 9, 25.
    control = by_target.loc[(keys.CONTROL, "months_in_work_y1")]
    assert control[["n", "loss", "loss_of_constant"]].tolist() == [4, 0.5, 17]
    assert control["gain"] == pytest.approx(1 - 0.5 / 17)
    # Predictions of AMO do not differ; the constants are 3 and 1, off by two.
    amo = by_target.loc[("amo", "wage_income_y3")]
    assert amo[["n", "loss", "loss_of_constant"]].tolist() == [2, 1, 4]
    assert np.isnan(amo["slope"])
    # In each fold one of three is in AMO, so the constant is 1/3.
    participation = by_target.loc[("amo", "participation")]
    chances = [0.6, 0.5, 2 / 3, 0.8, 0.5, 0.8]
    assert participation["loss"] == pytest.approx(-np.mean(np.log(chances)))
    assert participation["loss_of_constant"] == pytest.approx(-(np.log(1 / 3) + 2 * np.log(2 / 3)) / 3)


def test_a_slope_over_one_tells_that_predictions_differ_too_little():
    observed = np.array([0.0, 2, 4, 6])
    assert calibration_slope(observed, observed / 2 + 7) == pytest.approx(2)
    assert calibration_slope(observed, observed) == pytest.approx(1)
    assert np.isnan(calibration_slope(observed, np.ones(4)))


def test_the_order_of_persons_does_not_matter():
    rng = np.random.default_rng(2)
    n = 200
    p = rng.uniform(0.1, 0.9, n)
    ids = [f"p{k:03d}" for k in range(n)]
    sample = pd.DataFrame(
        {"person_id": ids, "arm": np.where(rng.random(n) < p, "aft", keys.CONTROL), "fold": np.arange(n) % 2}
    )
    e = pd.DataFrame({"person_id": ids, "propensity__aft": p, "propensity__ikke_tiltak": 1 - p})
    shuffled = calibrate_propensities(sample.sample(frac=1, random_state=1), e.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(calibrate_propensities(sample, e), shuffled)
