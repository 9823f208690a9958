"""What is wrong with data and options is told at once, without values; the rules for rows and encodings."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.estimate import estimate_effects
from tiltakseffekt.estimate.columns import encode
from tiltakseffekt.estimate.example import COVARIATES, make_example
from tiltakseffekt.estimate.options import PLACES, Plan, option_values, read_options
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.settings import MatchingSettings

#: Few trees, so that tests are quick.
QUICK = {"trees": 10, "folds": 2, "draws": 100}

DATA = make_example(100, ("no", "yes"), 6).data


def faults(data: pd.DataFrame, *asked, **options) -> list[tuple[str, str, int]]:
    with pytest.raises(FaultsFound) as caught:
        estimate_effects(data, *asked, **options)
    assert "secret" not in str(caught.value)
    assert all(fault.remedy for fault in caught.value.faults)
    return [(fault.column, fault.rule, fault.count) for fault in caught.value.faults]


def test_all_faults_of_data_and_options_are_told_at_once():
    bad = DATA.assign(
        y1=DATA["y1"].where(DATA.index > 2),
        y2="secret",
        x1=np.where(DATA.index == 5, np.inf, DATA["x1"]),
        x2=[f"secret {row}" for row in range(100)],
        day=pd.Timestamp("2017-01-01"),
        age=[f"secret {row // 4}" for row in range(100)],
        whole="secret",
    )
    found = faults(
        bad,
        ["y1", "y2"],
        "arm",
        "secret control",
        ["x1", "x2", "day", "gone", "y1"],
        groups=["age", "arm"],
        cluster="whole",
        folds=1,
        tree=5,
    )
    told = {(column, count) for column, _, count in found}
    assert told == {
        ("y1", 3),
        ("y1", 2),
        ("y2", 97),
        ("x1", 1),
        ("x2", 97),
        ("day", 97),
        ("gone", 1),
        ("age", 25),
        ("arm", 1),
        ("arm", 0),
        ("whole", 1),
        ("folds", 1),
        ("tree", 1),
    }


def test_small_arms_and_one_arm_are_refused_with_the_number_of_arms():
    arm = DATA["arm"].where(DATA.index > 1, "secret")
    assert faults(DATA.assign(arm=arm), "y1", "arm", "no", COVARIATES) == [
        ("arm", "each arm must have at least 5 complete rows; arms that have fewer", 1)
    ]
    assert faults(DATA.assign(arm="no"), "y1", "arm", "no", COVARIATES)[-1][1] == "there must be at least two arms"


def test_a_covariate_that_is_the_arm_is_refused():
    copied = DATA.assign(copy=DATA["arm"])
    told = faults(copied, "y1", "arm", "no", [*COVARIATES, "copy"])
    assert told == [
        (
            "copy",
            "the covariate separates an arm from the controls perfectly; rows of such arms",
            int((DATA["arm"] == "yes").sum()),
        )
    ]


def test_covariates_that_do_not_vary_are_left_out_and_told_and_all_of_them_refused():
    constant = DATA.assign(same=1, town="x")
    found = estimate_effects(constant, "y1", "arm", "no", [*COVARIATES, "same"], **QUICK)
    assert found.constant == ("same",)
    assert any("do not vary" in remark for remark in found.remarks())
    assert faults(constant, "y1", "arm", "no", ["same", "town"]) == [("", "none of them varies", 2)]


def test_names_that_are_not_there_or_twice_and_nothing_to_learn_from():
    twice = pd.concat([DATA, DATA[["x1"]]], axis=1)
    assert faults(twice, "y1", "arm", "no", ["x1", "x2"]) == [("x1", "several columns have this name", 2)]
    assert faults(DATA, "y1", "arm", "no", []) == [("", "there must be at least one", 0)]
    assert faults(DATA.iloc[:0], "y1", "arm", "no", ["x1"])[0][1] == "no row is complete"
    with pytest.raises(TypeError, match="DataFrame"):
        estimate_effects({"y1": [1]}, "y1", "arm", "no", ["x1"])


def test_rows_with_missing_values_are_refused_or_dropped_and_counted():
    holes = DATA.assign(
        x1=DATA["x1"].where(DATA.index > 3),
        vocation=DATA["vocation"].where(DATA.index != 3),
        other=np.nan,
    )
    asked = (holes, "y1", "arm", "no", COVARIATES)
    assert [(column, count) for column, _, count in faults(*asked)] == [("vocation", 1), ("x1", 4)]
    found = estimate_effects(*asked, missing="drop", **QUICK)
    assert dict(found.rows.to_numpy().tolist()) == {
        "given": 100,
        "missing: x1": 4,
        "missing: vocation": 1,
        "left out as incomplete": 4,
        "trimmed": 0,
        "used": 96,
    }
    assert found.nuisances.index.tolist() == list(range(4, 100))
    complete = estimate_effects(holes.iloc[4:], "y1", "arm", "no", COVARIATES, **QUICK)
    pd.testing.assert_frame_equal(found.averages, complete.averages, check_exact=True)


def test_covariates_are_encoded_by_rule():
    assert encode("a", pd.Series([1, 3])).values.tolist() == [[1.0], [3.0]]
    assert encode("a", pd.Series([True, False], dtype="boolean")).values.tolist() == [[1.0], [0.0]]
    two = encode("a", pd.Series(["x", "w", "x"]))
    assert (two.names, two.values.tolist()) == (("a=x",), [[1.0], [0.0], [1.0]])
    three = encode("a", pd.Series(pd.Categorical(["lo", "hi", "mid"], ["lo", "mid", "hi", "never"])))
    assert three.names == ("a=lo", "a=mid", "a=hi")
    assert three.values.tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]


def test_text_categories_and_numbers_of_other_types_are_the_same_to_the_estimator():
    other = DATA.assign(
        arm=pd.Categorical(DATA["arm"]), urban=DATA["urban"].astype("Int64"), vocation=DATA["vocation"].astype(object)
    )
    one, two = (estimate_effects(data, "y1", "arm", "no", COVARIATES, **QUICK) for data in (DATA, other))
    pd.testing.assert_frame_equal(one.averages, two.averages, check_exact=True)


def test_defaults_are_those_of_the_evaluation():
    plan = read_options({}).plan
    assert (plan.matching, plan.effects) == (MatchingSettings(), EffectSettings())
    assert list(option_values(plan)) == list(PLACES)


def test_options_that_are_wrong_are_told_with_what_they_are_and_their_default():
    plan, found = read_options({"trees": 0, "clip": "secret", "missing": "guess", "colour": 1})
    assert plan == Plan()
    assert [fault.column for fault in found] == ["colour", "trees", "clip", "missing"]
    assert "Trees per forest" in found[1].remedy
    assert "the default is 200" in found[1].remedy
    assert not any("secret" in fault.sentence() for fault in found)
