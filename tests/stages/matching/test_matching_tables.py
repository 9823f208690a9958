"""Pseudo-starts, outcomes, weights and overlap on made-up persons."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.arms import ARMS

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.keys import ALL_MONTHS_IN_WORK, ALL_WAGE_INCOME, BENEFITS, IN_WORK, NAV_GROUPS
from tiltakseffekt.core.tables import table_faults, write_table
from tiltakseffekt.stages.matching.description import (
    control_weights,
    describe_overlap,
    standardised_differences,
)
from tiltakseffekt.stages.matching.outcomes import measure_outcomes
from tiltakseffekt.stages.matching.person_months import read_months
from tiltakseffekt.stages.matching.pseudo_starts import draw_offsets, draw_pseudo_starts, start_probabilities
from tiltakseffekt.stages.matching.schemas import OUTCOMES, OVERLAP
from tiltakseffekt.stages.matching.schemas import SAMPLE as SAMPLE_SCHEMA
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings
from tiltakseffekt.stages.panel.schemas import PANEL

SETTINGS = MatchingSettings(folds=2, pseudo_start_forest=ForestSettings(trees=20))


def _panel(folder: Path, rows: list[tuple[str, int, bool, int, str | None]], shards: int = 2) -> list[str]:
    """Write person, month, in_work, wage, nav_group as a panel."""
    table = pd.DataFrame(rows, columns=["person_id", "month", "in_work", "wage", "nav_group"]).assign(
        high_income=False, nav_office=None, on_measure=False, measure=None, disability_degree=0
    )
    table = table.assign(**dict.fromkeys(BENEFITS, False))
    paths = []
    for shard in range(shards):
        own = table[table["person_id"].map(lambda text: ord(text[-1]) % shards) == shard]
        paths.append(str(folder / f"{shard:03d}.parquet"))
        write_table(own, paths[-1], PANEL)
    return paths


def _entries(n_treated: int, n_control: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    random = np.random.default_rng(0)
    n = n_treated + n_control
    ids = [f"p{k:04d}" for k in range(n)]
    treated = np.arange(n) < n_treated
    offset = pd.array(random.integers(0, 12, n), dtype="Int64")
    offset[~treated] = pd.NA
    entries = pd.DataFrame(
        {
            "person_id": ids,
            "registration_month": 210,
            "arm": np.where(treated, "amo", "ikke_tiltak"),
            "start_offset": offset,
        }
    )
    return entries, pd.DataFrame({"person_id": ids, "x_a": random.normal(size=n), "x_b": random.normal(size=n)})


def test_only_controls_leave_and_only_if_not_registered(tmp_path):
    entries, covariates = _entries(20, 40)
    registered = [f"p{k:04d}" for k in range(20, 60) if k % 2]
    rows = [(person, month, False, 0, "sykmeldt") for person in registered for month in range(210, 222)]
    rows += [(f"p{k:04d}", month, True, 9, None) for k in range(20, 60, 2) for month in range(210, 222)]
    panel = _panel(tmp_path, rows)
    sample = draw_pseudo_starts(entries, covariates, panel, SETTINGS, 12, 1, ARMS.all)
    assert not table_faults(sample, SAMPLE_SCHEMA)
    treated = sample[sample["arm"] == "amo"]
    assert treated["start_offset"].tolist() == entries["start_offset"].dropna().tolist()
    assert sample.loc[sample["arm"] == "ikke_tiltak", "person_id"].tolist() == registered
    assert sample["start_offset"].between(0, 11).all()
    assert (sample["start_month"] == 210 + sample["start_offset"]).all()
    mixed = entries.sample(frac=1, random_state=1), covariates.sample(frac=1, random_state=2)
    shuffled = draw_pseudo_starts(*mixed, panel, SETTINGS, 12, 1, ARMS.all, threads=2)
    pd.testing.assert_frame_equal(sample, shuffled, check_exact=True)


def test_registration_counts_in_the_pseudo_start_month_alone(tmp_path):
    """All starters start in month 3, so all controls get month 3; one is registered then, one just before and after."""
    entries, covariates = _entries(10, 8)
    entries.loc[entries["arm"] == "amo", "start_offset"] = 3
    rows = [(f"p{k:04d}", 213, False, 0, "standard") for k in range(10, 14)]
    rows += [(f"p{k:04d}", month, False, 0, "standard") for k in range(14, 18) for month in (212, 214)]
    sample = draw_pseudo_starts(entries, covariates, _panel(tmp_path, rows), SETTINGS, 12, 1, ARMS.all)
    controls = sample[sample["arm"] == "ikke_tiltak"]
    assert controls["person_id"].tolist() == [f"p{k:04d}" for k in range(10, 14)]
    assert (controls["start_offset"] == 3).all()


@pytest.mark.parametrize(
    ("where", "kept"),
    [("nav_group", NAV_GROUPS), ("closer_follow_up", ("situasjonsbestemt", "spesielt_tilpasset"))],
)
def test_where_controls_must_be_registered_is_a_setting(tmp_path, where, kept):
    """Four controls in each NAV group, one in no group though in work, one nowhere."""
    entries, covariates = _entries(20, 4 * len(NAV_GROUPS) + 2)
    controls = entries.loc[entries["arm"] == "ikke_tiltak", "person_id"].tolist()
    groups = dict(zip(controls, [*NAV_GROUPS * 4, None], strict=False))
    rows = [(person, month, True, 9, group) for person, group in groups.items() for month in range(210, 222)]
    settings = SETTINGS.model_copy(update={"controls_registered_in": where})
    sample = draw_pseudo_starts(entries, covariates, _panel(tmp_path, rows), settings, 12, 1, ARMS.all)
    left = sample.loc[sample["arm"] == "ikke_tiltak", "person_id"].tolist()
    assert left == [person for person in controls if groups.get(person) in kept]


def test_start_probabilities_sum_to_one_and_follow_the_covariates():
    random = np.random.default_rng(1)
    x = random.normal(size=(400, 2))
    offset = np.where(x[:, 0] > 0, 2, 9)
    new = np.array([[2.0, 0.0], [-2.0, 0.0]])
    p = start_probabilities(x, offset, new, ForestSettings(trees=30), 12, 1)
    assert p.sum(axis=1) == pytest.approx([1, 1])
    assert p[0, 2] > 0.95 and p[1, 9] > 0.95


@given(arrays(float, (7, 12), elements=st.floats(0.01, 1)), st.integers(0, 100))
def test_draws_lie_in_the_window_and_are_reproducible(raw, seed):
    p = raw / raw.sum(axis=1, keepdims=True)
    drawn = draw_offsets(p, seed)
    assert ((drawn >= 0) & (drawn <= 11)).all()
    assert np.array_equal(drawn, draw_offsets(p, seed))


def test_draws_have_the_probabilities_given():
    p = np.tile([0.0, 0.5, 0.2, 0.3, 0.0], (20000, 1))
    assert np.bincount(draw_offsets(p, 1), minlength=5) / 20000 == pytest.approx(p[0], abs=0.015)


def test_outcomes_by_hand(tmp_path):
    """a works months 1-2, 12 and 13 and earns in month 0 and 37 too, which do not count; b is nowhere."""
    rows = [("a", 200 + t, t != 5, 100, None) for t in (0, 1, 2, 5, 12, 13, 36, 37)]
    sample = pd.DataFrame({"person_id": ["b", "a"], "start_month": [200, 200]})
    outcomes = measure_outcomes(sample, _panel(tmp_path, rows), 240, SETTINGS)
    assert not table_faults(outcomes, OUTCOMES)
    a, b = outcomes.iloc[0], outcomes.iloc[1]
    assert a["person_id"] == "a"
    assert a[["months_in_work_y1", "months_in_work_y2", "months_in_work_y3"]].tolist() == [3, 1, 1]
    assert a[["wage_income_y1", "wage_income_y2", "wage_income_y3"]].tolist() == [400, 100, 100]
    assert [t for t, name in enumerate(IN_WORK, 1) if a[name]] == [1, 2, 12, 13, 36]
    assert (b.drop("person_id") == 0).all()


@pytest.mark.parametrize(("months", "worked"), [(24, [3, 1]), (48, [3, 1, 1, 1])])
def test_the_follow_up_is_a_setting(tmp_path, months, worked):
    rows = [("a", 200 + t, t != 5, 100, None) for t in (0, 1, 2, 5, 12, 13, 36, 37)]
    sample = pd.DataFrame({"person_id": ["a"], "start_month": [200]})
    panel = _panel(tmp_path, rows)
    settings = MatchingSettings(follow_up_months=months, outcomes="yearly")
    outcomes = measure_outcomes(sample, panel, 200 + months, settings)
    assert not table_faults(outcomes, OUTCOMES)
    years = len(worked)
    assert list(outcomes) == ["person_id", *ALL_MONTHS_IN_WORK[:years], *ALL_WAGE_INCOME[:years]]
    assert outcomes.loc[0, list(ALL_MONTHS_IN_WORK[:years])].tolist() == worked
    with pytest.raises(FaultsFound, match=f"covers {months} months"):
        measure_outcomes(sample, panel, 200 + months - 1, settings)


def test_follow_up_beyond_the_panel_is_an_error_without_values(tmp_path):
    sample = pd.DataFrame({"person_id": ["secret1", "secret2"], "start_month": [204, 205]})
    with pytest.raises(FaultsFound) as found:
        measure_outcomes(sample, _panel(tmp_path, [("a", 1, True, 1, None)]), 240, SETTINGS)
    assert found.value.faults[0].count == 1
    assert "secret" not in str(found.value)


def test_months_outside_the_window_and_other_persons_are_not_read(tmp_path):
    panel = _panel(tmp_path, [("a", 9, True, 1, None), ("a", 10, True, 2, None), ("b", 10, True, 4, None)])
    persons = pd.DataFrame({"person_id": ["a", "c"], "reference_month": [10, 10]})
    assert read_months(panel, persons, ["wage"], 0, 1)["wage"].tolist() == [[2, 0], [0, 0]]


#: Six persons: two in AMO, four controls, of whom the first two have the weights 0.5 and 0.25, the others 1 and 0.25.
SAMPLE = pd.DataFrame(
    {
        "person_id": list("abcdef"),
        "arm": ["amo"] * 2 + ["ikke_tiltak"] * 4,
    }
)
PROPENSITIES = pd.DataFrame(
    {
        "person_id": list("fedcba"),
        "propensity__ikke_tiltak": [0.8, 0.5, 0.8, 2 / 3, 0.5, 0.4],
        "propensity__amo": [0.2, 0.5, 0.2, 1 / 3, 0.5, 0.6],
    }
)


def test_control_weights_by_hand():
    assert control_weights(SAMPLE, PROPENSITIES, "amo") == pytest.approx([0.5, 0.25, 1, 0.25])


def test_overlap_and_differences_by_hand():
    covariates = pd.DataFrame({"person_id": list("abcdef"), "x_a": [1.0, 3, 0, 0, 2, 2], "x_constant": 7.0})
    differences = standardised_differences(SAMPLE, PROPENSITIES, covariates).set_index(["arm", "covariate"])
    # Means 2 and 1, weighted mean (2 + 0.5) / 2 = 1.25; both variances are 1.
    assert differences.loc[("amo", "x_a")].tolist() == pytest.approx([1, 0.75])
    assert differences.loc[("amo", "x_constant")].tolist() == [0, 0]
    trimming = pd.DataFrame({"arm": ["ikke_tiltak", "amo"], "trimmed": [1, 4], "raised": [0, 2]})
    overlap = describe_overlap(SAMPLE, PROPENSITIES, covariates, trimming, 5)
    assert not table_faults(overlap, OVERLAP)
    amo = overlap.set_index("arm").loc["amo"]
    assert amo["sum_of_control_weights"] == pytest.approx(2)
    assert amo["effective_controls"] == pytest.approx(4 / (0.25 + 0.0625 + 1 + 0.0625))
    assert amo["largest_weights_share"] == 1
    assert amo["p50"] == pytest.approx(0.55)
    assert amo[["n", "trimmed", "raised_to_floor", "share_below_one_per_cent"]].tolist() == [2, 4, 2, 0]
    assert amo[["max_std_difference_before", "max_std_difference_after"]].tolist() == pytest.approx([1, 0.75])
    control = overlap.set_index("arm").loc["ikke_tiltak"]
    assert control[["sum_of_control_weights", "effective_controls", "max_std_difference_after"]].tolist() == [4, 4, 0]
