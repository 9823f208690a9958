"""Values of policies by hand, the planted rule, capacity, and what does not depend on order."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import table_faults, write_table
from tiltakseffekt.stages.allocation import schemas
from tiltakseffekt.stages.allocation.policies import Evidence, allocate, mean_predictions
from tiltakseffekt.stages.allocation.rewards import Reward, months_in_work, net_benefit
from tiltakseffekt.stages.allocation.settings import AllocationSettings

from .conftest import ARMS, FEATURES

SETTINGS = AllocationSettings(features=FEATURES)
MONTHS = months_in_work(ARMS, keys.YEARLY_OUTCOMES, "annet")


@pytest.fixture(scope="module")
def allocated(tables):
    return allocate(Evidence(**tables), rewards=[MONTHS], settings=SETTINGS, confidence=0.95)


def test_tables_keep_their_schemas(allocated):
    schema_of = {schema.name: schema for schema in schemas.ALL}
    for name, table in allocated._asdict().items():
        assert not table_faults(table, schema_of[f"policy_{name}"])


def test_values_of_fixed_policies_by_hand(allocated, tables):
    values = allocated.values.set_index("policy")
    own = 3 * tables["outcomes"]["months_in_work_y1"]
    nobody = 3 * tables["scores"][keys.score_column(keys.CONTROL, "months_in_work_y1")]
    gain = nobody - own
    assert values.loc["today", "value"] == pytest.approx(own.mean())
    assert values.loc["nobody", "value"] == pytest.approx(nobody.mean())
    assert values.loc["nobody", "gain"] == pytest.approx(gain.mean())
    assert values.loc["nobody", "gain_se"] == pytest.approx(gain.std(ddof=0) / 30)
    assert values.loc["nobody", "high"] == pytest.approx(gain.mean() + 1.959964 * gain.std(ddof=0) / 30)


def test_the_planted_rule_is_found_and_worth_what_was_planted(allocated):
    rules = allocated.rules.query("policy == 'tree'")
    assert set(rules["feature"]) == set(FEATURES)
    assert rules.loc[rules["feature"] == FEATURES[1], "threshold"].unique().tolist() == [3.0]
    assert rules.loc[rules["feature"] == FEATURES[0], "indicator"].all()
    tree = allocated.values.set_index("policy").loc["tree"]
    # Of all, half gain 1.5 from AFT and a quarter 1.5 from AMO, in each of three years.
    truth = 3 * (4 + 0.75 * 1.5)
    assert abs(tree["value"] - truth) < 3 * tree["value_se"]


def test_places_are_kept(allocated):
    today = allocated.shares.query("policy == 'today'").set_index("arm")["n"]
    for policy in ("tree_capacity", "persons_capacity"):
        given = allocated.shares[allocated.shares["policy"] == policy].groupby("arm")["share"].sum()
        for arm in ARMS[1:]:
            assert given.get(arm, 0) <= today[arm] / today.sum() + 1e-9
        assert given.sum() == pytest.approx(1)


def test_use_of_places_is_told_where_policies_are_judged(allocated, tables):
    today = tables["sample"]["arm"].value_counts()
    values = allocated.values.set_index("policy")["fullest"]
    given = allocated.assignments.groupby("policy")[[f"share__{arm}" for arm in ARMS[1:]]].sum()
    for policy, sums in given.iterrows():
        expected = max(sums[f"share__{arm}"] / today[arm] for arm in ARMS[1:])
        assert values[policy] == pytest.approx(expected)
    assert np.isnan(values["today"])
    assert values["nobody"] == 0
    assert values["persons_capacity"] <= 1 + 1e-9
    # Trees keep within the places of the persons from whom they are learnt, not of those on whom they are judged.
    assert values["tree_capacity"] > 0.9
    assert values["tree"] > 1


def test_shares_of_a_person_sum_to_one(allocated):
    shares = allocated.assignments.filter(like="share__")
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1)
    assert (shares.to_numpy() >= 0).all()


def test_what_is_judged_out_of_fold_does_not_see_the_own_fold(tables):
    """With the scores of one fold turned upside down, what the others teach about it stays the same."""
    turned = tables["scores"].copy()
    own = tables["sample"]["fold"] == 2
    turned.loc[own, turned.columns[1:]] *= -1
    before, after = (
        allocate(
            Evidence(**(tables | {"scores": scores})), rewards=[MONTHS], settings=SETTINGS, confidence=0.9
        ).assignments
        for scores in (tables["scores"], turned)
    )
    persons = set(tables["sample"].loc[own, "person_id"])
    for policy in ("best_single", "tree", "tree_capacity"):
        both = [
            table[(table["policy"] == policy) & table["person_id"].isin(persons)].filter(like="share__")
            for table in (before, after)
        ]
        np.testing.assert_allclose(*both)


def test_where_no_division_gains_there_is_no_rule_and_a_table_still(tables, tmp_path):
    flat = tables["scores"].copy()
    flat.loc[:, flat.columns[1:]] = 1.0
    learnt = allocate(Evidence(**(tables | {"scores": flat})), rewards=[MONTHS], settings=SETTINGS, confidence=0.95)
    assert learnt.rules.empty
    write_table(learnt.rules, tmp_path / "rules.parquet", schemas.POLICY_RULES)
    assert learnt.shares.query("policy == 'tree'")["arm"].tolist() == [keys.CONTROL]


def test_the_order_of_persons_does_not_matter(allocated, tables):
    mixed = {name: table.sample(frac=1, random_state=k) for k, (name, table) in enumerate(tables.items())}
    again = allocate(Evidence(**mixed), rewards=[MONTHS], settings=SETTINGS, confidence=0.95)
    for before, after in zip(allocated, again, strict=True):
        pd.testing.assert_frame_equal(before, after)


def test_costs_and_weights_make_the_reward():
    reward = Reward("net_benefit", ("ikke_tiltak", "aft"), {"a": 2.0, "b": 1.0}, np.array([0.0, 5.0]), np.ones(2, bool))
    columns = {"ikke_tiltak__a": [1], "ikke_tiltak__b": [1], "aft__a": [4], "aft__b": [3]}
    assert reward.of_arms(pd.DataFrame(columns), lambda arm, y: f"{arm}__{y}").tolist() == [[3, 6]]
    assert reward.observed(pd.DataFrame({"a": [4.0], "b": [3.0]}), np.array([1])).tolist() == [6]


def test_without_known_costs_there_is_no_net_benefit_and_the_collection_is_not_offered():
    assert net_benefit(ARMS, {}) is None
    assert months_in_work(("ikke_tiltak", "annet"), keys.YEARLY_OUTCOMES, "annet").offered.tolist() == [True, False]


def test_repetitions_are_averaged():
    first = pd.DataFrame({"person_id": ["b", "a"], "fold": [0, 1], "p": [1.0, 3.0]})
    second = pd.DataFrame({"person_id": ["a", "b"], "fold": [0, 1], "p": [5.0, 3.0]})
    assert mean_predictions([first, second]).to_dict("list") == {"person_id": ["a", "b"], "p": [4.0, 2.0]}


@pytest.mark.parametrize("features", [["x_none"], [FEATURES[0], FEATURES[0]], []])
def test_unknown_repeated_or_no_features_are_refused(features):
    with pytest.raises(ValueError, match="features"):
        AllocationSettings(features=features)


def test_protected_characteristics_are_not_in_the_default():
    for feature in AllocationSettings().features:
        assert not feature.startswith(("x_kjonn", "x_alder", "x_innvandring", "x_familie", "x_uforehistorikk"))
        assert feature not in ("x_ytelser__maneder_aap", "x_ytelser__maneder_sykepenger")
