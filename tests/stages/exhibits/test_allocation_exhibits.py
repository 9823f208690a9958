"""Exhibits of the allocation: cells by hand, with and without truth, the gate and the drawing."""

import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.laboratory import schemas
from tiltakseffekt.stages.exhibits.builders.allocation import figur_fordeling, tabell_fordeling
from tiltakseffekt.stages.exhibits.catalogue import Disclosure
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.export.disclosure import control
from tiltakseffekt.stages.export.settings import DisclosureSettings


@pytest.fixture(scope="module")
def values():
    rows = [
        {"reward": reward, "policy": policy, "value": 5.0, "value_se": 0.1, "n": 400}
        | ({} if policy == "today" else {"gain": 1.0, "gain_se": 0.5, "low": 0.0, "high": 2.0, "fullest": 1.25})
        for reward in ("months", "net_benefit")
        for policy in keys.POLICIES
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def truth():
    return pd.DataFrame({"reward": "months", "policy": list(keys.POLICIES[1:]), "truth": 0.7})


@pytest.fixture(scope="module")
def shares():
    rows = [
        ("today", 0, "ikke_tiltak", 300),
        ("today", 0, "aft", 100),
        ("tree_capacity", 0, "ikke_tiltak", 97),
        ("tree_capacity", 0, "aft", 3),
        ("tree_capacity", 2, "ikke_tiltak", 203),
        ("tree_capacity", 2, "aft", 97),
        ("persons_capacity", 0, "ikke_tiltak", 320),
        ("persons_capacity", 0, "aft", 80),
    ]
    return pd.DataFrame(rows, columns=["policy", "group", "arm", "n"]).assign(reward="months")


@pytest.fixture(scope="module")
def rules():
    feature = "x_utdanning__niva"
    rows = [(0, False, 100), (2, True, 300)]
    table = pd.DataFrame(rows, columns=["group", "above", "n"])
    return table.assign(
        reward="months", policy="tree_capacity", question=1, feature=feature, threshold=3.0, indicator=False
    )


def test_gains_with_and_without_truth(values, truth):
    data = figur_fordeling(values, truth)
    assert data["panel"].nunique() == 4
    assert not (data["row"] == "today").any()
    assert data.loc[data["column"] == "sannhet", "value"].tolist() == [0.7] * 5
    without = figur_fordeling(values, pd.DataFrame(columns=list(schemas.POLICY_TRUTH.columns)))
    assert set(without["column"]) == {"gevinst"}


def test_who_is_sent_where(shares, rules, values):
    data = tabell_fordeling(shares, rules, values, arms=ARMS).set_index(["row", "column"])
    assert data.loc[("aft", "i_dag"), "value"] == 25
    assert data.loc[("aft", "til_sammen"), "value"] == 25
    assert data.loc[("aft", "gruppe_2"), "value"] == pytest.approx(24.25)
    assert data.loc[("andel_av_alle", "gruppe_1"), "value"] == 25
    assert data.loc[("kjennetegn_1", "gruppe_2"), "text"] == "x_utdanning__niva"
    assert data.loc[("verdi_1", "gruppe_1"), "text"] == "≤ 3"
    assert data.loc[("verdi_1", "gruppe_2"), "text"] == "> 3"
    assert data.loc[("fulleste_tiltak", "til_sammen"), "value"] == 125


def test_yes_and_no_stand_for_indicators(shares, rules, values):
    data = tabell_fordeling(shares, rules.assign(indicator=True, threshold=0.0), values, arms=ARMS)
    assert data.loc[data["row"] == "verdi_1", "text"].tolist() == ["nei", "ja"]


def test_few_persons_do_not_pass_the_gate(shares, rules, values):
    checked = control(
        tabell_fordeling(shares, rules, values, arms=ARMS), Disclosure(), DisclosureSettings(threshold=5)
    ).data
    hidden = checked[checked["text"] == ":"]
    # The group of a hundred is told, so that the 97 others would give the three away.
    places = set(zip(hidden["row"], hidden["column"], strict=True))
    assert places == {("aft", "gruppe_1"), ("ikke_tiltak", "gruppe_1")}


def test_nothing_learnt_gives_empty_data(shares, rules, values):
    assert tabell_fordeling(shares.iloc[:0], rules.iloc[:0], values.iloc[:0], arms=ARMS).empty


def test_drawings_have_every_word_and_are_the_same_twice(values, truth, shares, rules, catalogue, text_of):
    for name, data in (
        ("figur-fordeling", figur_fordeling(values, truth)),
        ("tabell-fordeling", tabell_fordeling(shares, rules, values, arms=ARMS)),
    ):
        first = draw(data, catalogue[name], text_of(name))
        assert first == draw(data, catalogue[name], text_of(name))
