from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.arms import ARMS

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.keys import OUTCOMES
from tiltakseffekt.stages.matching.folds import assign_folds
from tiltakseffekt.stages.matching.learner import HonestForestLearner, shares
from tiltakseffekt.stages.matching.nuisances import fit_outcomes, fit_propensities
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings

REFERENCE = Path(__file__).parents[2] / "reference" / "causaldml-a"
FEW_TREES = MatchingSettings(forest=ForestSettings(trees=12))


def _persons(n: int = 300, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    random = np.random.default_rng(seed)
    ids = [f"p{k:04d}" for k in range(n)]
    arm = pd.Series(random.choice(["ikke_tiltak", "amo", "utdanning"], n, p=[0.6, 0.3, 0.1]))
    sample = pd.DataFrame({"person_id": ids, "arm": arm, "fold": assign_folds(arm, 5, 1, ARMS.all)})
    covariates = pd.DataFrame(random.normal(size=(n, 3)), columns=["x_a", "x_b", "x_c"]).assign(person_id=ids)
    outcomes = pd.DataFrame(random.random((n, len(OUTCOMES))), columns=list(OUTCOMES)).assign(person_id=ids)
    return sample, covariates, outcomes


def test_tables_name_arms_that_occur_and_rows_sum_to_one():
    sample, covariates, outcomes = _persons()
    e = fit_propensities(sample, covariates, FEW_TREES, 1, ARMS.all)
    assert list(e.columns) == [
        "person_id",
        "fold",
        "propensity__ikke_tiltak",
        "propensity__amo",
        "propensity__utdanning",
    ]
    assert e.filter(like="propensity__").sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-12)
    m = fit_outcomes(sample, covariates, outcomes, FEW_TREES, 1, ARMS.all)
    assert m.shape == (len(sample), 2 + 3 * len(OUTCOMES))
    assert "predicted__amo__in_work_m36" in m


@pytest.mark.parametrize("mode", ["per_arm", "joint"])
def test_order_of_rows_and_threads_do_not_matter(mode):
    sample, covariates, outcomes = _persons()
    settings = FEW_TREES.model_copy(update={"propensity": mode})
    shuffled = sample.sample(frac=1, random_state=1), covariates.sample(frac=1, random_state=2)
    e = fit_propensities(sample, covariates, settings, 1, ARMS.all)
    pd.testing.assert_frame_equal(e, fit_propensities(*shuffled, settings, 1, ARMS.all, threads=2), check_exact=True)
    m = fit_outcomes(sample, covariates, outcomes, settings, 1, ARMS.all)
    again = fit_outcomes(*shuffled, outcomes.sample(frac=1, random_state=3), settings, 1, ARMS.all, threads=2)
    pd.testing.assert_frame_equal(m, again, check_exact=True)


def test_predictions_are_out_of_fold_and_use_the_own_arm_only():
    """Outcomes of one fold do not touch its predictions; outcomes of another arm touch none of this arm."""
    sample, covariates, outcomes = _persons()
    before = fit_outcomes(sample, covariates, outcomes, FEW_TREES, 1, ARMS.all)
    in_fold, in_amo = (sample["fold"] == 2).to_numpy(), (sample["arm"] == "amo").to_numpy()
    changed = outcomes.copy()
    changed.loc[in_fold & in_amo, list(OUTCOMES)] = 1000.0
    after = fit_outcomes(sample, covariates, changed, FEW_TREES, 1, ARMS.all)
    amo = [name for name in before if name.startswith("predicted__amo__")]
    others = [name for name in before if name not in amo]
    pd.testing.assert_frame_equal(before.loc[in_fold, amo], after.loc[in_fold, amo], check_exact=True)
    pd.testing.assert_frame_equal(before[others], after[others], check_exact=True)
    assert (before.loc[~in_fold, amo] != after.loc[~in_fold, amo]).any().all()


def test_planted_propensities_are_recovered():
    random = np.random.default_rng(4)
    x = random.normal(size=(3000, 4))
    truth = np.column_stack([np.where(x[:, 0] > 0, 0.8, 0.4), np.where(x[:, 0] > 0, 0.15, 0.1)])
    truth = np.column_stack([truth, 1 - truth.sum(axis=1)])
    arm = (random.random(3000)[:, None] > truth.cumsum(axis=1)).sum(axis=1)
    settings = MatchingSettings(forest=ForestSettings(trees=60))
    e = HonestForestLearner(settings, 1, ["a", "b", "c"], 2).propensities(x, arm, np.arange(3000) % 5)
    clear = np.abs(x[:, 0]) > 0.2
    assert np.abs(e - truth)[clear].mean() < 0.05
    for high in (x[:, 0] > 0.2, x[:, 0] < -0.2):
        assert e[high].mean(axis=0) == pytest.approx(truth[high].mean(axis=0), abs=0.03)


def test_constant_covariate_gives_the_shares_of_the_arms():
    arm = np.repeat([0, 1], [300, 100])
    learner = HonestForestLearner(MatchingSettings(forest=ForestSettings(trees=100)), 1, ["a", "b"])
    e = learner.propensities(np.ones((400, 1)), arm, np.arange(400) % 5)
    assert e[:, 1] == pytest.approx(0.25, abs=0.02)


def test_shares_by_hand():
    by_hand = [[0.75, 0.25, 0.0], [1 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(shares(np.array([[0.6, 0.2, 0.0], [0.0, 0.0, 0.0]])), by_hand)


@given(st.lists(st.sampled_from(["ikke_tiltak", "amo", "aft"]), max_size=60), st.integers(2, 6))
def test_folds_are_balanced_within_arms_and_over_all(drawn, folds):
    arm = pd.Series(["ikke_tiltak"] * 6 + ["amo"] * 6 + ["aft"] * 6 + drawn)
    fold = assign_folds(arm, folds, 1, ARMS.all)
    for name in arm.unique():
        sizes = fold[arm == name].value_counts().reindex(range(folds), fill_value=0)
        assert sizes.max() - sizes.min() <= 1
    sizes = fold.value_counts().reindex(range(folds), fill_value=0)
    assert sizes.max() - sizes.min() <= 1


def test_too_small_arms_are_one_clear_error():
    arm = pd.Series(["ikke_tiltak"] * 20 + ["amo"] * 3 + ["aft"] * 4 + ["utdanning"] * 5)
    with pytest.raises(FaultsFound) as found:
        assign_folds(arm, 5, 1, ARMS.all)
    assert [(fault.column, fault.count) for fault in found.value.faults] == [("arm aft", 4), ("arm amo", 3)]


def test_propensities_agree_with_causaldml():
    """Ours with 100 trees are noisier than theirs with 2000: measured at most 0.02 apart, correlation 0.9."""
    data = pd.read_csv(REFERENCE / "data.csv")
    theirs = pd.read_csv(REFERENCE / "propensities.csv").filter(like="e_arm").to_numpy()
    learner = HonestForestLearner(MatchingSettings(forest=ForestSettings(trees=100)), 1, list("0123"), 2)
    x = data[[f"x{k}" for k in range(1, 9)]].to_numpy(float)
    ours = learner.propensities(x, data["arm"].to_numpy(), data["fold"].to_numpy() - 1)
    assert (ours - theirs).std(axis=0).max() < 0.03
    assert np.abs((ours - theirs).mean(axis=0)).max() < 0.005
    assert min(np.corrcoef(ours[:, k], theirs[:, k])[0, 1] for k in range(4)) > 0.87
