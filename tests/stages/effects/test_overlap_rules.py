"""Effects under each rule of overlap: against the whole estimation on the persons that the rule keeps."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.estimates import estimate_effects
from tiltakseffekt.stages.effects.overlap_rules import compare_overlap_rules
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.overlap import kept_persons, pairwise_support, raised
from tiltakseffekt.stages.matching.settings import OverlapSettings

ARMS = (keys.CONTROL, "aft", "amo")
OVERLAP = OverlapSettings(clip=0.001, trim_below=0.05)


def _tables(n=600):
    rng = np.random.default_rng(3)
    x = rng.normal(size=n)
    odds = np.exp(np.column_stack([np.zeros(n), -1.5 + 1.2 * x, -1.5 - x]))
    p = odds / odds.sum(axis=1, keepdims=True)
    arm = (rng.random((n, 1)) > p.cumsum(axis=1)).sum(axis=1)
    ids = [f"p{k:04d}" for k in range(n)]
    fold = np.arange(n) % 2
    y = x + arm + rng.normal(size=n)
    predicted = {
        keys.prediction_column(name, outcome): 0.5 * x + code
        for code, name in enumerate(ARMS)
        for outcome in keys.YEARLY_OUTCOMES
    }
    tables = {
        "sample": pd.DataFrame({"person_id": ids, "arm": np.array(ARMS)[arm], "fold": fold}),
        "outcomes": pd.DataFrame({"person_id": ids} | dict.fromkeys(keys.YEARLY_OUTCOMES, y)),
        "propensities": pd.DataFrame(
            {"person_id": ids, "fold": fold}
            | {keys.propensity_column(name): p[:, code] for code, name in enumerate(ARMS)}
        ),
        "predictions": pd.DataFrame({"person_id": ids, "fold": fold} | predicted),
    }
    return tables, p, arm


@pytest.fixture(scope="module")
def compared():
    tables, _, _ = _tables()
    return compare_overlap_rules(**tables, overlap=OVERLAP, settings=EffectSettings(), threshold=5)


def _whole_estimation(kept, floor=OVERLAP.clip, cluster=None):
    tables, p, _ = _tables()
    bounded = tables["propensities"].assign(repetition=1)
    bounded[[keys.propensity_column(arm) for arm in ARMS]] = raised(p, floor)
    return estimate_effects(
        tables["sample"][kept],
        tables["outcomes"][kept],
        bounded[kept],
        [tables["predictions"][kept]],
        EffectSettings(),
        1,
        cluster,
    ).estimates


@pytest.mark.parametrize("rule", ["none", "clip", "fixed", "crump", "common_support"])
def test_a_rule_gives_what_the_whole_estimation_gives_on_those_it_keeps(compared, rule):
    _, p, arm = _tables()
    trim = "none" if rule == "clip" else rule
    kept = kept_persons(p, arm, OVERLAP.model_copy(update={"trim": trim}))
    expected = _whole_estimation(kept, OVERLAP.trim_below if rule == "clip" else OVERLAP.clip)
    both = compared[compared["rule"] == rule].merge(expected, on=["estimand", "arm", "outcome"])
    assert len(both) == 2 * 2 * len(keys.YEARLY_OUTCOMES)
    for column in ("estimate", "se", "low", "high"):
        np.testing.assert_allclose(both[f"{column}_x"], both[f"{column}_y"], rtol=1e-9)
    assert (both["n_kept"] == kept.sum()).all()
    assert (both["n_arm_y"] == both["n_arm_kept"]).all()


@pytest.mark.parametrize("rule", ["none", "crump"])
def test_errors_are_those_of_clusters(compared, rule):
    tables, p, arm = _tables()
    office = np.arange(600) // 40
    clustered = compare_overlap_rules(
        **tables, overlap=OVERLAP, settings=EffectSettings(), threshold=5, cluster=office
    ).query("rule == @rule")
    kept = kept_persons(p, arm, OVERLAP.model_copy(update={"trim": rule}))
    expected = _whole_estimation(kept, cluster=office[kept])
    both = clustered.merge(expected, on=["estimand", "arm", "outcome"])
    np.testing.assert_allclose(both["se_x"], both["se_y"], rtol=1e-9)
    alone = compared.query("rule == @rule")
    assert (clustered["estimate"].dropna() == alone["estimate"].dropna()).all()
    assert (clustered["se"].dropna() != alone["se"].dropna()).all()


def test_pairwise_support_by_hand():
    """Share of arm 1 of arms 0 and 1: controls 0.2 and 0.6, arm 1 0.4 and 0.8; arm 2 is judged by the same range."""
    e = np.array([[0.8, 0.2, 0.0], [0.2, 0.3, 0.5], [0.3, 0.2, 0.5], [0.1, 0.4, 0.5], [0.25, 0.25, 0.5], [0, 0, 1]])
    arm = np.array([0, 0, 1, 1, 2, 2])
    assert pairwise_support(e, arm, 1, 0).tolist() == [False, True, True, False, True, False]


def test_a_pair_is_estimated_as_the_whole_among_those_kept(compared):
    _, p, arm = _tables()
    kept = pairwise_support(p, arm, 2, 0)
    assert 0 < kept.sum() < len(kept)
    expected = _whole_estimation(kept).query("arm == 'amo' and outcome == 'months_in_work_y2'")
    row = compared.query("rule == 'pairwise_support' and arm == 'amo' and outcome == 'months_in_work_y2'")
    for estimand in ("ate", "atet"):
        both = [table.set_index("estimand").loc[estimand, ["estimate", "se"]] for table in (row, expected)]
        np.testing.assert_allclose(both[0].astype(float), both[1].astype(float), rtol=1e-9)


def test_weights_are_described_by_hand(compared):
    _, p, arm = _tables()
    row = compared.query("rule == 'none' and estimand == 'atet' and arm == 'aft'").iloc[0]
    # Hájek weights: scaled within folds, which here have like many persons.
    bounded = raised(p, OVERLAP.clip)
    odds = bounded[:, 1] / bounded[:, 0]
    weights = np.concatenate(
        [odds[own] / odds[own].sum() for own in ((arm == 0) & (np.arange(600) % 2 == f) for f in (0, 1))]
    )
    assert row["effective"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert row["largest_share"] == pytest.approx(np.sort(weights)[-5:].sum() / weights.sum())
    assert row["extreme"] == (weights > 10 * weights.mean()).sum()


def test_totals_are_sums_of_years(compared):
    rows = compared.query("rule == 'crump' and estimand == 'ate' and arm == 'aft'").set_index("outcome")["estimate"]
    assert rows["months_in_work_total"] == pytest.approx(rows[list(keys.MONTHS_IN_WORK)].sum())
    assert not table_faults(compared, schemas.OVERLAP_RULES)


def test_a_rule_that_leaves_nobody_has_counts_and_no_estimate():
    tables, _, _ = _tables()
    strict = OverlapSettings(trim_below=0.49)
    table = compare_overlap_rules(**tables, overlap=strict, settings=EffectSettings(), threshold=5)
    gone = table[table["rule"] == "fixed"]
    assert (gone["n_kept"] == 0).all()
    assert gone[["estimate", "se", "low", "effective"]].isna().all(axis=None)
    assert (gone["n_arm"] > 0).all()
    assert not table_faults(table, schemas.OVERLAP_RULES)


def test_what_allows_no_estimate_is_refused_at_once():
    tables, _, _ = _tables()
    tables["outcomes"].loc[[3, 5], "wage_income_y1"] = np.nan
    tables["predictions"] = tables["predictions"].drop(columns=keys.prediction_column("aft", "wage_income_y2"))
    with pytest.raises(FaultsFound) as caught:
        compare_overlap_rules(**tables, overlap=OVERLAP, settings=EffectSettings(), threshold=5)
    assert "missing or infinite" in str(caught.value)
    assert "the column is missing" in str(caught.value)
