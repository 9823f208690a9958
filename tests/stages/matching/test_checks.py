"""Bad input to the nuisance functions: one clear error with everything in it, or a treatment that is counted."""

import logging

import numpy as np
import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.keys import OUTCOMES
from tiltakseffekt.stages.matching.checks import check_covariates, check_sample, log_empty_levels, varying
from tiltakseffekt.stages.matching.nuisances import fit_outcomes, fit_propensities
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings

SETTINGS = MatchingSettings(folds=2, forest=ForestSettings(trees=4))


def tables(n: int = 60) -> dict[str, pd.DataFrame]:
    """Return sample, covariates and outcomes: two thirds controls, one third amo."""
    random = np.random.default_rng(1)
    ids = [f"secret{k:03d}" for k in range(n)]
    arm = np.where(np.arange(n) % 3 == 0, "amo", "ikke_tiltak")
    covariates = {"x_a": random.normal(size=n), "x_level": (random.random(n) < 0.5).astype(float)}
    return {
        "sample": pd.DataFrame({"person_id": ids, "arm": arm, "fold": np.arange(n) // 3 % 2}),
        "covariates": pd.DataFrame({"person_id": ids, **covariates}),
        "outcomes": pd.DataFrame({"person_id": ids, **dict.fromkeys(OUTCOMES, random.random(n))}),
    }


def spoilt(name: str) -> dict[str, pd.DataFrame]:
    good = tables()
    sample, covariates, outcomes = good["sample"], good["covariates"], good["outcomes"]
    treated = (sample["arm"] == "amo").to_numpy()
    match name:
        case "missing value":
            covariates.loc[:3, "x_a"] = np.nan
        case "infinite covariate":
            covariates.loc[5, "x_level"] = np.inf
        case "infinite outcome":
            outcomes.loc[:1, "wage_income_y2"] = -np.inf
        case "missing outcome":
            outcomes.loc[7, "in_work_m03"] = np.nan
        case "person twice in the sample":
            good["sample"] = pd.concat([sample, sample.iloc[:2]])
        case "person twice in the covariates":
            good["covariates"] = pd.concat([covariates, covariates.iloc[:1]])
        case "person without covariates":
            good["covariates"] = covariates.iloc[3:]
        case "person without outcomes":
            good["outcomes"] = outcomes.iloc[1:]
        case "range of its own":
            covariates.loc[treated, "x_a"] += 100
        case "level of its own":
            covariates["x_level"] = np.where(treated, 1.0, np.arange(60) % 2 * 2.0)
        case "one fold":
            good["sample"] = sample.assign(fold=np.where(treated, 0, sample["fold"]))
        case "nothing varies":
            good["covariates"] = covariates.assign(x_a=1.0, x_level=0.0)
    return good


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing value", "covariates: x_a: values are missing or infinite (4)"),
        ("infinite covariate", "covariates: x_level: values are missing or infinite (1)"),
        ("infinite outcome", "outcomes: wage_income_y2: values are missing or infinite (2)"),
        ("missing outcome", "outcomes: in_work_m03: values are missing or infinite (1)"),
        ("person twice in the sample", "sample: person_id: persons are there twice (2)"),
        ("person twice in the covariates", "covariates: person_id: persons are there twice (1)"),
        ("person without covariates", "covariates: person_id: persons of the sample are missing (3)"),
        ("person without outcomes", "outcomes: person_id: persons of the sample are missing (1)"),
        ("range of its own", "covariates: x_a: the covariate separates the arm amo from the controls perfectly (20)"),
        (
            "level of its own",
            "covariates: x_level: the covariate separates the arm amo from the controls perfectly (20)",
        ),
        ("one fold", "sample: arm amo: all its persons are in one fold (20)"),
        ("nothing varies", "covariates: every covariate is constant in the sample (2)"),
    ],
)
def test_bad_input_is_one_clear_error_without_values(name, said):
    with pytest.raises(FaultsFound) as caught:
        fit_outcomes(**spoilt(name), settings=SETTINGS, seed=1, arms=ARMS.all)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_all_faults_come_at_once():
    bad = tables()
    bad["covariates"].loc[0, "x_level"] = np.nan
    bad["outcomes"].loc[0, "in_work_m01"] = np.inf
    bad["sample"]["fold"] = np.where(bad["sample"]["arm"] == "amo", 1, bad["sample"]["fold"])
    bad["covariates"].loc[bad["sample"]["arm"] == "amo", "x_a"] -= 50
    with pytest.raises(FaultsFound, match="4 faults found"):
        check_sample(bad["sample"], bad["covariates"], bad["outcomes"])


def test_good_input_passes_and_others_outside_the_sample_do_not_matter():
    good = tables()
    check_sample(**good)
    more = pd.DataFrame({"person_id": ["other"], "x_a": [np.nan], "x_level": [np.inf]})
    check_sample(good["sample"], pd.concat([good["covariates"], more]))
    check_covariates(good["sample"]["person_id"], pd.concat([good["covariates"], more]))


def test_a_constant_covariate_is_counted_and_changes_nothing(caplog):
    good = tables()
    sample, covariates = good["sample"], good["covariates"]
    without = fit_propensities(sample, covariates, SETTINGS, 1, ARMS.all)
    with caplog.at_level(logging.INFO, "tiltakseffekt.stages.matching"):
        with_constant = fit_propensities(
            good["sample"], good["covariates"].assign(x_constant=7.0), SETTINGS, 1, ARMS.all
        )
    pd.testing.assert_frame_equal(without, with_constant, check_exact=True)
    assert "1 of 3 are constant" in caplog.text


def test_levels_without_anybody_of_an_arm_are_counted(caplog):
    """Half of 40 persons have the arm, 16 the level; a second level has 4 persons, too few to say anything."""
    arm = np.repeat([0, 1], 20)
    level = np.zeros(40)
    level[:16] = 1
    level[16:20] = 2
    x = np.column_stack([level, np.arange(40.0)])
    with caplog.at_level(logging.WARNING, "tiltakseffekt.stages.matching"):
        log_empty_levels(x, arm, ["ikke_tiltak", "amo"])
    assert caplog.messages == [
        "arm ikke_tiltak: 1 levels of covariates without anybody of it; 20 persons there",
        "arm amo: 1 levels of covariates without anybody of it; 16 persons there",
    ]


def test_varying_keeps_order_and_values():
    x = np.array([[1.0, 5, 2], [1, 6, 3]])
    assert varying(x).tolist() == [[5, 2], [6, 3]]
