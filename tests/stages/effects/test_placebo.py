"""Effects on what lies before: none on made-up data without any, one where participants were chosen by it."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.cohorts.covariates import DEFINITIONS
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.placebo import (
    _OF_THAT_YEAR,
    AT_RISK,
    BEFORE_REGISTRATION,
    BEFORE_START,
    TESTS,
    WITHOUT_HISTORY,
    _difference_of_rates,
    estimate_placebo,
    measure_months_before,
)
from tiltakseffekt.stages.effects.scores import Assignment, treated_scores
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings

CHEAP = MatchingSettings(forest=ForestSettings(trees=40))
#: Covariates that hold a part of months 24 to 13 before registration; the last year before it is r-12 to r-1.
HISTORY = [
    name
    for each in DEFINITIONS
    if each.group in ("mottak_av_ytelser", "uforehistorikk") or each.key.startswith(("ar_over", "ar_pensj"))
    for name in each.columns
]


@pytest.fixture(scope="module")
def history():
    """Return a sample in which what was before tells who takes part, and how much they worked long ago.

    Participants start later and so have more months to be in work in, but work as large a share of them.
    """
    rng = np.random.default_rng(5)
    n = 4000
    years, other = rng.integers(0, 6, size=n), rng.normal(size=n)
    chance = 1 / (1 + np.exp(-(years - 3) / 2 - 0.3 * other))
    arm = np.where(rng.random(n) < chance, "amo", keys.CONTROL)
    ids = [f"p{k:05d}" for k in range(n)]
    work = np.clip(2 * years + other + rng.normal(size=n), 0, 12)
    sample = pd.DataFrame({"person_id": ids, "arm": arm, "fold": np.arange(n) % 2})
    covariates = pd.DataFrame({"person_id": ids, "x_alder__alder": other} | dict.fromkeys(HISTORY, years * 1.0))
    between = rng.integers(0, 6, size=n) + 3 * (arm == "amo") * (rng.random(n) < 0.8)
    until = rng.binomial(between, 0.1 + 0.1 * years)
    months = pd.DataFrame({"person_id": ids, BEFORE_REGISTRATION: work, BEFORE_START: until, AT_RISK: between})
    months = months.astype(dict.fromkeys(months.columns[1:], "float64"))
    propensities = pd.DataFrame(
        {"person_id": ids, keys.propensity_column(keys.CONTROL): 1 - chance, keys.propensity_column("amo"): chance}
    )
    return sample, covariates, months, propensities


def test_nothing_is_found_where_covariates_tell_and_much_where_they_are_left_out(history):
    table = estimate_placebo(*history, EffectSettings(), CHEAP, 1)
    assert not table_faults(table, schemas.PLACEBO)
    found = table.set_index("test")
    assert tuple(found.index) == (BEFORE_REGISTRATION, BEFORE_START, WITHOUT_HISTORY)
    assert set(found.index) == set(TESTS)
    for test in (BEFORE_REGISTRATION, BEFORE_START):
        assert found.loc[test, "low"] < 0 < found.loc[test, "high"]
        assert found.loc[test, "se"] < 0.3
    # Participants have worked about two months more for each of the years by which they differ.
    sample, _, months, _ = history
    treated = (sample["arm"] == "amo").to_numpy()
    raw = months.loc[treated, BEFORE_REGISTRATION].mean() - months.loc[~treated, BEFORE_REGISTRATION].mean()
    assert found.loc[WITHOUT_HISTORY, "low"] > raw / 2
    assert found.loc[BEFORE_REGISTRATION, ["n_arm", "n_control"]].tolist() == [treated.sum(), (~treated).sum()]
    at_risk = (months[AT_RISK] > 0).to_numpy()
    assert found.loc[BEFORE_START, ["n_arm", "n_control"]].tolist() == [
        (treated & at_risk).sum(),
        (~treated & at_risk).sum(),
    ]


def test_the_difference_of_shares_worked_is_that_of_a_saturated_regression(history):
    """With one binary covariate and inverse probabilities by cell, both ratios are weighted means by hand."""
    sample, _, months, _ = history
    cell = (np.arange(len(sample)) % 2 == 0).astype(float)
    treated = (sample["arm"] == "amo").to_numpy()
    chance = np.where(cell == 1, treated[cell == 1].mean(), treated[cell == 0].mean())
    sample = sample.assign(fold=0)
    months = months.drop(columns=BEFORE_REGISTRATION)
    arm, at_risk, worked = treated.astype(np.int64), months[AT_RISK].to_numpy(), months[BEFORE_START].to_numpy()
    observed = np.column_stack([worked, at_risk])
    assignment = Assignment(arm, np.zeros(len(arm), np.int64), np.column_stack([1 - chance, chance]), "none", None)
    nothing = np.zeros((len(arm), 2, 2))
    own, other = (treated_scores(assignment, observed, nothing, 1, d) for d in (1, 0))
    value, influence = _difference_of_rates(own, other)
    weight = chance / (1 - chance)
    by_hand = worked[treated].sum() / at_risk[treated].sum()
    by_hand -= (weight * worked)[~treated].sum() / (weight * at_risk)[~treated].sum()
    assert value == pytest.approx(12 * by_hand)
    # The influence of each half of the sample is what leaving out the other half does, to first order.
    step = 1e-4
    tilted = 1 + step * (2 * cell - 1)
    moved, _ = _difference_of_rates(own * tilted[:, None], other * tilted[:, None])
    assert moved - value == pytest.approx((influence[:, 0] * (tilted - 1)).mean(), rel=1e-3)


def test_errors_are_those_of_clusters(history):
    small = [table.iloc[:400] for table in history]
    told = (EffectSettings(weights="inverse_probability"), MatchingSettings(forest=ForestSettings(trees=5)), 1)
    alone = estimate_placebo(*small, *told)
    same = estimate_placebo(*small, *told, cluster=np.arange(400))
    pairs = estimate_placebo(*small, *told, cluster=np.arange(400) // 2)
    pd.testing.assert_frame_equal(alone, same)
    assert (pairs["estimate"] == alone["estimate"]).all()
    assert (pairs["se"] != alone["se"]).all()


def test_order_of_persons_and_threads_do_not_matter(history):
    small = [table.iloc[:400] for table in history]
    mixed = [table.sample(frac=1, random_state=k) for k, table in enumerate(small)]
    settings = MatchingSettings(forest=ForestSettings(trees=5))
    one = estimate_placebo(*small, EffectSettings(weights="inverse_probability"), settings, 1)
    two = estimate_placebo(*mixed, EffectSettings(weights="inverse_probability"), settings, 1, threads=2)
    pd.testing.assert_frame_equal(one, two)


def test_a_test_without_months_has_no_rows(history):
    sample, covariates, months, propensities = (table.iloc[:400] for table in history)
    settings = MatchingSettings(forest=ForestSettings(trees=5))
    told = (EffectSettings(), settings, 1)
    only = estimate_placebo(sample, covariates, months.drop(columns=BEFORE_REGISTRATION), propensities, *told)
    assert only["test"].tolist() == [BEFORE_START]


def test_the_test_without_history_has_no_covariate_of_that_year():
    """Twelve columns: six benefits, three degrees of disability, and three counts of years."""
    dropped = [name for each in DEFINITIONS if each.measured in _OF_THAT_YEAR for name in each.columns]
    assert sorted(dropped) == sorted(HISTORY)
    assert len(dropped) == 12


def test_months_are_those_before_registration_and_until_the_start(tmp_path):
    panel = pd.DataFrame(
        [("a", month, True) for month in (75, 76, 87, 88, 99, 100, 101, 102, 103)] + [("b", 88, False)],
        columns=["person_id", "month", "in_work"],
    )
    panel.to_parquet(tmp_path / "000.parquet")
    # Registered in month 100: months 76 to 87. Started in month 103: months 101 and 102; in month 101: none.
    sample = pd.DataFrame({"person_id": ["b", "a"], "registration_month": 100, "start_month": [101, 103]})
    months = measure_months_before(sample, [str(tmp_path / "000.parquet")], first_month=76)
    assert months.to_dict("list") == {
        "person_id": ["a", "b"],
        BEFORE_REGISTRATION: [2, 0],
        BEFORE_START: [2, 0],
        AT_RISK: [2, 0],
    }
    late = measure_months_before(sample, [str(tmp_path / "000.parquet")], first_month=77)
    assert list(late.columns) == ["person_id", BEFORE_START, AT_RISK]
    at_once = measure_months_before(sample.assign(start_month=101), [str(tmp_path / "000.parquet")], first_month=76)
    assert list(at_once.columns) == ["person_id", BEFORE_REGISTRATION]


def test_persons_without_covariates_are_refused(history):
    sample, covariates, months, propensities = history
    with pytest.raises(FaultsFound) as found:
        estimate_placebo(sample, covariates.iloc[5:], months, propensities, EffectSettings(), CHEAP, 1)
    assert "p0000" not in str(found.value)
