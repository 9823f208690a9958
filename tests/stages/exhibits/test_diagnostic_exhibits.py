"""Data of the exhibits about the nuisance functions."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.stages.cohorts.covariates import COLUMNS
from tiltakseffekt.stages.exhibits.builders.diagnostics import (
    figur_forskjeller,
    figur_overlapp,
    figur_sannsynligheter,
    join_classes,
    treffsikkerhet,
    wilson,
    ytterste_vekter,
)
from tiltakseffekt.stages.exhibits.catalogue import Disclosure
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.export.disclosure import control
from tiltakseffekt.stages.export.settings import DisclosureSettings


def _classes(*n):
    edges = 10.0 ** -np.arange(len(n), -1, -1)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": n})


def test_small_classes_join_their_neighbours_and_empty_ends_go():
    joined = join_classes(_classes(0, 3, 4, 0, 9, 2, 6, 1, 0), 5)
    assert joined["n"].tolist() == [7, 9, 9]
    assert joined["classes"].tolist() == [2, 2, 3]
    assert joined["low"].iloc[0] == 10.0**-8
    assert joined["high"].iloc[-1] == 10.0**-1
    assert join_classes(_classes(1, 2), 5)["n"].tolist() == [3]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=24).filter(any), st.integers(1, 8))
def test_no_class_is_too_small_unless_all_are(counts, threshold):
    joined = join_classes(_classes(*counts), threshold)
    assert joined["n"].sum() == sum(counts)
    assert (joined["n"] >= threshold).all() or len(joined) == 1


def _overlap_table():
    rng = np.random.default_rng(3)
    edges = 10 ** (np.arange(16) / 5 - 3)
    parts = [
        pd.DataFrame({"arm": arm, "group": group, "low": edges[:-1], "high": edges[1:], "n": rng.poisson(9, 15)})
        for arm in ("amo", "aft")
        for group in ("behandling", "kontroll")
    ]
    return pd.concat(parts, ignore_index=True)


def test_distributions_add_up_to_all_and_pass_the_gate(catalogue, text_of):
    data = figur_overlapp(_overlap_table(), 5, arms=ARMS)
    assert data["panel"].unique().tolist() == ["aft", "amo"]
    assert (data.groupby(["panel", "row"])["count"].sum() == data.groupby(["panel", "row"])["base"].first()).all()
    checked = control(data, Disclosure(), DisclosureSettings(threshold=5))
    assert (checked.status, checked.primary, checked.secondary) == ("pass", 0, 0)
    args = (catalogue["figur-overlapp"], text_of("figur-overlapp"))
    assert draw(data, *args) == draw(data, *args)


def _differences(n=200, rare=3):
    return pd.DataFrame(
        [
            {"arm": arm, "covariate": name, "before": -0.4, "after": 0.1, "n": n, "n_other_than_zero": n}
            for arm in ("amo", "jobbklubb")
            for name in COLUMNS
        ]
    ).assign(n_other_than_zero=lambda t: t["n_other_than_zero"].where(t["covariate"] != "x_kjonn__kvinne", rare))


def _under_weights(differences):
    return differences[["arm", "covariate"]].assign(difference=-0.01)


def test_the_difference_of_a_rare_trait_is_hidden_before_and_after(catalogue, text_of):
    data = figur_forskjeller(_differences(), _under_weights(_differences()), arms=ARMS)
    assert len(data) == 2 * 3 * len(COLUMNS)
    assert data.groupby("panel", sort=False)["value"].unique().map(list).tolist() == [[0.4], [0.1], [0.01]]
    checked = control(data, Disclosure(), DisclosureSettings(threshold=5))
    hidden = checked.data[checked.data["value"].isna()]
    assert set(hidden["row"]) == {"x_kjonn__kvinne"}
    assert len(hidden) == 6
    args = (catalogue["figur-forskjeller"], text_of("figur-forskjeller"))
    assert draw(checked.data, *args) == draw(checked.data, *args)


def test_a_hidden_category_does_not_follow_from_the_others():
    """Landgruppe has four columns of which everyone has one; the one of three persons takes another with it."""
    groups = dict(
        zip([name for name in COLUMNS if name.startswith("x_innvandring__")], (120, 3, 40, 37, 80), strict=True)
    )
    table = _differences(rare=90)
    table["n_other_than_zero"] = table["covariate"].map(groups).fillna(table["n_other_than_zero"]).astype(int)
    checked = control(
        figur_forskjeller(table, _under_weights(table), arms=ARMS), Disclosure(), DisclosureSettings(threshold=5)
    )
    hidden = checked.data[checked.data["value"].isna()]
    assert set(hidden["row"]) == {"x_innvandring__lg1", "x_innvandring__lg3"}


def test_calibration_in_per_cent_with_wilson_intervals(catalogue, text_of):
    table = pd.DataFrame(
        {
            "arm": ["ikke_tiltak", "amo"],
            "place": 0,
            "n": 100,
            "n_arm": [50, 10],
            "predicted": [0.4, 0.2],
            "observed": [0.5, 0.1],
        }
    )
    data = figur_sannsynligheter(table, 0.95, arms=ARMS)
    assert data["panel"].tolist() == ["ikke_tiltak", "amo"]
    assert data.loc[1, ["x", "value", "count", "base"]].tolist() == [20, 10, 10, 100]
    # Wilson's interval of 10 of 100 (Agresti and Coull 1998 give the formula): 5.52 to 17.44 per cent.
    assert data.loc[1, ["low", "high"]].tolist() == pytest.approx([5.5229, 17.4366], abs=1e-3)
    args = (catalogue["figur-sannsynligheter"], text_of("figur-sannsynligheter"))
    assert draw(data, *args) == draw(data, *args)


def test_wilson_holds_the_share_and_stays_within_zero_and_one():
    low, high = wilson(pd.Series([0, 3, 10]), pd.Series([10, 10, 10]), 0.95)
    assert (low >= -1e-12).all() and (high <= 1 + 1e-12).all()
    assert (low.to_numpy() <= [1e-12, 0.3, 1.0]).all() and (high.to_numpy() >= [0.0, 0.3, 1 - 1e-12]).all()


def test_prediction_quality_has_a_row_per_arm_and_years_under_outcomes():
    targets = ["participation", *keys.YEARLY_OUTCOMES]
    table = pd.DataFrame(
        [
            {"arm": arm, "target": target, "n": 50, "loss": 0.5, "loss_of_constant": 1.0, "gain": k / 10, "slope": 1.5}
            for arm in ("amo", keys.CONTROL)
            for k, target in enumerate(targets)
        ]
    )
    data = treffsikkerhet(table, arms=ARMS)
    assert data["panel"].unique().tolist() == ["deltakelse", "maneder_i_arbeid", "lonnsinntekt"]
    amo = data[data["row"] == "amo"].set_index(["panel", "column"])["value"]
    assert amo["deltakelse"].to_dict() == {"logtap": 0.5, "forbedring": 0.0, "helning": 1.5}
    assert amo[("maneder_i_arbeid", "ar_3")] == 0.3
    assert amo[("lonnsinntekt", "ar_1")] == 0.4


def test_changes_rest_on_those_left_out():
    table = pd.DataFrame(
        [
            {"arm": "aft", "outcome": outcome, "n_control": 900, "n_trimmed": 9, "weight_share": 0.25}
            | {"change": float(k), "change_in_se": -k / 10}
            for k, outcome in enumerate(keys.YEARLY_OUTCOMES)
        ]
    )
    data = ytterste_vekter(table, arms=ARMS).set_index(["panel", "column"])
    assert set(data["count"]) == {9}
    assert data.loc[("utelatte_kontroller", "andel_av_vekten"), "value"] == 25
    assert data.loc[("lonnsinntekt", "ar_3"), "value"] == 5
    assert data.loc[("storste_endring", "i_standardfeil"), "value"] == 0.5
