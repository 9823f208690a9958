"""Characteristics and paths of the compared groups, by hand, against the ATET and with weights that balance."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import table_faults, write_table
from tiltakseffekt.stages.effects.group_description import describe_balance, describe_paths
from tiltakseffekt.stages.effects.groups import ComparedGroups, compared_groups
from tiltakseffekt.stages.effects.schemas import BALANCE, PATHS
from tiltakseffekt.stages.effects.scores import treated_scores
from tiltakseffekt.stages.panel.schemas import PANEL

#: Two persons in AMO and four controls, whose e_w/e_0 are 1/2, 1/4, 1 and 1/4. In the fold of c and d there are three
#: persons, as in that of e and f.
SAMPLE = pd.DataFrame(
    {
        "person_id": list("abcdef"),
        "arm": ["amo"] * 2 + [keys.CONTROL] * 4,
        "registration_month": [100, 101, 100, 100, 101, 101],
    }
)
PROPENSITIES = pd.DataFrame(
    {
        "person_id": list("fedcba"),
        "fold": [1, 1, 0, 0, 1, 0],
        "propensity__ikke_tiltak": [0.8, 0.5, 0.8, 2 / 3, 0.5, 0.4],
        "propensity__amo": [0.2, 0.5, 0.2, 1 / 3, 0.5, 0.6],
    }
)
CHARACTERISTICS = pd.DataFrame(
    {
        "person_id": list("abcdef"),
        "innsatsgruppe": ["standard", "spesielt_tilpasset", "standard", "standard", "standard", "situasjonsbestemt"],
        "sex": ["mann", "kvinne", "mann", "mann", "kvinne", "kvinne"],
        "age_group": "alder_20_29",
        "landgruppe": "lg3",
        "education": "grunnskole",
        "ledighetskategori": "i_arbeid",
    }
)
SHUFFLED = SAMPLE.sample(frac=1, random_state=2)


def _panel(folder: Path, in_work: list[tuple[str, int]]) -> list[str]:
    """Write the months in which persons work as a panel of one shard."""
    table = pd.DataFrame(in_work, columns=["person_id", "month"]).assign(
        in_work=True, wage=1, nav_group=None, high_income=False, nav_office=None, on_measure=False, measure=None
    )
    path = str(folder / "000.parquet")
    write_table(table.assign(disability_degree=0, **dict.fromkeys(keys.BENEFITS, False)), path, PANEL)
    return [path]


def test_weights_by_hand():
    """Scaled in each fold, c and d stand for one participant, e and f for the other."""
    odds = compared_groups(SHUFFLED, PROPENSITIES, normalise="none")
    assert odds.control_persons("amo") == pytest.approx([0.5, 0.25, 1, 0.25])
    scaled = compared_groups(SHUFFLED, PROPENSITIES, normalise="fold")
    assert scaled.control_weights["amo"] == pytest.approx([2, 1, 2.4, 0.6])
    assert scaled.control_persons("amo") == pytest.approx([2 / 3, 1 / 3, 0.8, 0.2])
    assert scaled.by_odds().control_persons("amo") == pytest.approx([0.5, 0.25, 1, 0.25])


def test_balance_by_hand():
    """Treated, controls under either weights, and persons of both groups."""
    balance = describe_balance(compared_groups(SHUFFLED, PROPENSITIES, normalise="fold"), CHARACTERISTICS)
    assert not table_faults(balance, BALANCE)
    assert balance["arm"].unique().tolist() == ["amo"]
    cells = balance.set_index(["grouping", "term"]).drop(columns="arm")
    assert cells.loc[("n", "n")].tolist() == pytest.approx([2, 2, 2, 2, 4])
    assert cells.loc[("sex", "mann")].tolist() == pytest.approx([0.5, 0.5, 0.375, 1, 2])
    assert cells.loc[("innsatsgruppe", "situasjonsbestemt")].tolist() == pytest.approx([0, 0.1, 0.125, 0, 1])
    assert cells.loc[("age_group", "alder_20_29")].tolist() == pytest.approx([1, 1, 1, 2, 4])
    names = ["treated", "control", "control_by_odds"]
    shares = balance[balance["grouping"] != "n"].groupby("grouping")[names].sum()
    assert shares.to_numpy() == pytest.approx(1)


def test_without_scaling_the_sum_of_weights_is_that_of_the_odds():
    propensities = PROPENSITIES.assign(propensity__amo=PROPENSITIES["propensity__amo"] * 0.9)
    unscaled = describe_balance(compared_groups(SAMPLE, propensities, normalise="none"), CHARACTERISTICS)
    assert unscaled["control"].tolist() == pytest.approx(unscaled["control_by_odds"].tolist())
    assert unscaled["control"][0] == pytest.approx(1.8)


def test_paths_by_hand(tmp_path):
    """In month 0, a of the treated and d, e of the controls are in work; b was the month before."""
    groups = compared_groups(SHUFFLED, PROPENSITIES, normalise="fold")
    panel = _panel(tmp_path, [("a", 100), ("d", 100), ("e", 101), ("b", 100)])
    paths = describe_paths(groups, panel, 98, 103)
    assert not table_faults(paths, PATHS)
    by_cell = paths[paths["arm"] == "amo"].set_index(["group", "month_since_registration"])
    assert sorted(paths["month_since_registration"].unique()) == [-2, -1, 0, 1, 2]
    treated, control, by_odds = (by_cell.loc[(group, 0)] for group in ("behandling", "kontroll", "kontroll_odds"))
    assert (treated["share_in_work"], treated["n"], treated["n_in_work"]) == (0.5, 2, 1)
    assert treated["se"] == pytest.approx(np.sqrt(0.5 * 0.5 / 2))
    share = (1 / 3 + 0.8) / 2
    assert (control["share_in_work"], control["n"], control["n_in_work"]) == (pytest.approx(share), 4, 2)
    squares = np.square([2 / 3 * share, 1 / 3 * (1 - share), 0.8 * (1 - share), 0.2 * share])
    assert control["se"] == pytest.approx(np.sqrt(squares.sum()) / 2)
    assert (by_odds["share_in_work"], by_odds["n"], by_odds["n_in_work"]) == (pytest.approx(0.625), 4, 2)
    squares = np.square([0.5 * 0.625, 0.25 * 0.375, 1 * 0.375, 0.25 * 0.625])
    assert by_odds["se"] == pytest.approx(np.sqrt(squares.sum()) / 2)
    assert by_cell.loc[("behandling", -1), "share_in_work"] == 0.5
    assert by_cell.loc[("kontroll", 1), "share_in_work"] == 0
    unweighted = paths[paths["arm"] == keys.CONTROL].set_index("month_since_registration")
    assert unweighted["group"].unique().tolist() == ["kontroll"]
    assert unweighted.loc[0, "share_in_work"] == 0.5


def _drawn(normalise: str, balanced: bool) -> tuple[ComparedGroups, pd.DataFrame]:
    """Return groups of three arms that are selected on sex and age, with half-wrong propensities."""
    random = np.random.default_rng(4)
    n = 900
    man, old = random.random(n) < 0.5, random.random(n) < 0.3
    raw = np.stack([np.ones(n), 0.3 + 0.8 * man, 0.2 + 0.5 * old], axis=1)
    true = raw / raw.sum(axis=1, keepdims=True)
    arms = (keys.CONTROL, "aft", "amo")
    arm = (random.random((n, 1)) > true.cumsum(axis=1)).sum(axis=1)
    fitted = 0.5 * true + 0.5 * true.mean(axis=0)
    ids = [f"p{k:04d}" for k in range(n)]
    sample = pd.DataFrame({"person_id": ids, "arm": np.array(arms)[arm]})
    propensities = pd.DataFrame(fitted, columns=[keys.propensity_column(name) for name in arms])
    propensities = propensities.assign(person_id=ids, fold=random.integers(0, 5, n))
    traits = pd.DataFrame(
        {
            **dict.fromkeys(keys.CHARACTERISTICS, ""),
            "person_id": ids,
            "sex": np.where(man, "mann", "kvinne"),
            "age_group": np.where(old, "alder_50_59", "alder_20_29"),
        }
    )
    features = np.stack([man, old], axis=1).astype(float)
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    shuffled = sample.sample(frac=1, random_state=1)
    return compared_groups(shuffled, propensities, normalise=normalise, features=features if balanced else None), traits


@pytest.mark.parametrize(("normalise", "balanced"), [("fold", False), ("sample", False), ("none", True)])
def test_the_share_of_the_controls_is_the_outcome_that_the_estimates_give_the_treated(normalise, balanced):
    """Without predictions the counterfactual mean of a trait is its share under the very weights of the estimates."""
    groups, traits = _drawn(normalise, balanced)
    balance = describe_balance(groups, traits).set_index(["arm", "grouping", "term"])
    columns = [("sex", "mann"), ("age_group", "alder_50_59")]
    outcomes = np.stack([(traits[name] == term).to_numpy(float) for name, term in columns], axis=1)
    nothing = np.zeros((len(traits), 3, 2))
    for code, measure in ((1, "aft"), (2, "amo")):
        counterfactual = treated_scores(groups.assignment, outcomes, nothing, code, 0).mean(axis=0)
        rows = balance.loc[[(measure, *column) for column in columns]]
        assert rows["control"].tolist() == pytest.approx(counterfactual.tolist(), abs=1e-12)
        assert balance.loc[(measure, "n", "n"), "control"] == pytest.approx(balance.loc[(measure, "n", "n"), "treated"])


def test_the_controls_of_balanced_weights_are_like_the_treated_and_those_of_the_odds_are_not():
    groups, traits = _drawn("fold", balanced=True)
    row = describe_balance(groups, traits).set_index(["arm", "grouping", "term"]).loc[("aft", "sex", "mann")]
    assert abs(row["treated"] - row["control"]) < 0.01
    assert abs(row["treated"] - row["control_by_odds"]) > 0.05
