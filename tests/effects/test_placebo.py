"""Effects on what lies before: none on made-up data without any, one where participants were chosen by it."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.cohorts.covariates import DEFINITIONS
from tiltakseffekt.core import keys, schemas
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.effects.placebo import (
    BEFORE_REGISTRATION,
    BEFORE_START,
    TESTS,
    WITHOUT_INCOME,
    estimate_placebo,
    measure_months_before,
)
from tiltakseffekt.effects.settings import EffectSettings
from tiltakseffekt.matching.settings import ForestSettings, MatchingSettings

CHEAP = MatchingSettings(forest=ForestSettings(trees=40))
INCOME = [name for each in DEFINITIONS if each.key.startswith(("ar_over", "ar_pensj")) for name in each.columns]


@pytest.fixture(scope="module")
def history():
    """Return a sample in which years with income tell who takes part, and how much they worked long ago."""
    rng = np.random.default_rng(5)
    n = 4000
    years, other = rng.integers(0, 6, size=n), rng.normal(size=n)
    chance = 1 / (1 + np.exp(-(years - 3) / 2 - 0.3 * other))
    arm = np.where(rng.random(n) < chance, "amo", keys.CONTROL)
    ids = [f"p{k:05d}" for k in range(n)]
    work = np.clip(2 * years + other + rng.normal(size=n), 0, 12)
    sample = pd.DataFrame({"person_id": ids, "arm": arm, "fold": np.arange(n) % 2})
    covariates = pd.DataFrame({"person_id": ids, "x_alder__alder": other} | dict.fromkeys(INCOME, years * 1.0))
    months = pd.DataFrame({"person_id": ids, BEFORE_REGISTRATION: work, BEFORE_START: 12 - work})
    propensities = pd.DataFrame(
        {"person_id": ids, keys.propensity_column(keys.CONTROL): 1 - chance, keys.propensity_column("amo"): chance}
    )
    return sample, covariates, months, propensities


def test_nothing_is_found_where_covariates_tell_and_much_where_they_are_left_out(history):
    table = estimate_placebo(*history, EffectSettings(), CHEAP, 1)
    assert not table_faults(table, schemas.PLACEBO)
    found = table.set_index("test")
    assert tuple(found.index) == (BEFORE_REGISTRATION, BEFORE_START, WITHOUT_INCOME)
    assert set(found.index) == set(TESTS)
    for test in (BEFORE_REGISTRATION, BEFORE_START):
        assert found.loc[test, "low"] < 0 < found.loc[test, "high"]
        assert found.loc[test, "se"] < 0.2
    # Participants have worked about two months more for each of the years by which they differ.
    sample, _, months, _ = history
    treated = (sample["arm"] == "amo").to_numpy()
    raw = months.loc[treated, BEFORE_REGISTRATION].mean() - months.loc[~treated, BEFORE_REGISTRATION].mean()
    assert found.loc[WITHOUT_INCOME, "low"] > raw / 2
    assert found["n_arm"].unique().tolist() == [treated.sum()]


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


def test_months_are_those_of_the_two_years(tmp_path):
    panel = pd.DataFrame(
        [("a", month, True) for month in (75, 76, 87, 88, 99, 100, 101, 102, 103)] + [("b", 88, False)],
        columns=["person_id", "month", "in_work"],
    )
    panel.to_parquet(tmp_path / "000.parquet")
    # Registered in month 100: months 76 to 87. Started in month 103: months 91 to 102.
    sample = pd.DataFrame({"person_id": ["b", "a"], "registration_month": 100, "start_month": 103})
    months = measure_months_before(sample, [str(tmp_path / "000.parquet")], first_month=76)
    assert months.to_dict("list") == {"person_id": ["a", "b"], BEFORE_REGISTRATION: [2, 0], BEFORE_START: [4, 0]}
    late = measure_months_before(sample, [str(tmp_path / "000.parquet")], first_month=77)
    assert list(late.columns) == ["person_id", BEFORE_START]


def test_persons_without_covariates_are_refused(history):
    sample, covariates, months, propensities = history
    with pytest.raises(FaultsFound) as found:
        estimate_placebo(sample, covariates.iloc[5:], months, propensities, EffectSettings(), CHEAP, 1)
    assert "p0000" not in str(found.value)
