"""Exhibits of the rules of overlap: cells by hand, counts that give nobody away, the gate and the drawing."""

import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.stages.exhibits.builders.overlap_rules import figur_trimming, trimming
from tiltakseffekt.stages.exhibits.catalogue import Disclosure
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.export.disclosure import control
from tiltakseffekt.stages.export.settings import DisclosureSettings

KEPT = {"none": 90, "clip": 90, "fixed": 0, "crump": 88, "common_support": 30, "pairwise_support": 80}


@pytest.fixture(scope="module")
def table():
    rows = []
    for rule, kept in KEPT.items():
        for estimand in ("ate", "atet"):
            for outcome in (*keys.YEARLY_OUTCOMES, *keys.TOTALS):
                numbers = {
                    "estimate": 1.5,
                    "se": 0.5,
                    "low": 0.5,
                    "high": 2.5,
                    "effective": 70.5,
                    "largest_share": 0.02,
                }
                rows.append(
                    {"rule": rule, "estimand": estimand, "arm": "amo", "outcome": outcome}
                    | (numbers if kept else dict.fromkeys(numbers, float("nan")))
                    | {"n": 500, "n_kept": 4 * kept, "n_arm": 90, "n_arm_kept": kept}
                    | {"n_control": 400, "n_control_kept": 3 * kept, "extreme": 7}
                )
    return pd.DataFrame(rows)


def test_counts_do_not_tell_how_few_are_left_out(table):
    data = figur_trimming(table, 5, arms=ARMS)
    counts = data.set_index("row")["count"].to_dict()
    assert counts == {
        "ingen_utelatt": 90,
        "hoyere_gulv": 90,
        "minst_varians": 90,
        "felles_for_alle": 30,
        "felles_parvis": 80,
    }


def test_two_rules_do_not_differ_by_a_few_persons(table):
    """One rule keeps three persons fewer than another; exact counts or shares would tell of the three."""
    kept = {"felles_for_alle": 32, "felles_parvis": 29}
    near = table.assign(n_arm_kept=table["rule"].map(KEPT | {"common_support": 32, "pairwise_support": 29}))
    counts = figur_trimming(near, 5, arms=ARMS).set_index("row")["count"]
    shares = (
        trimming(near, 5, arms=ARMS).set_index(["row", "panel", "column"]).loc[(slice(None), "utelatt", "deltakere"), :]
    )
    effects = trimming(near, 5, arms=ARMS).query("panel == 'atet'").groupby("row")["count"].first()
    for row in kept:
        assert counts[row] == effects[row] == 30
        assert shares.loc[(row, "utelatt", "deltakere"), "count"] == 60
        assert shares.loc[(row, "utelatt", "deltakere"), "value"] == pytest.approx(100 * 60 / 90)


@pytest.mark.parametrize(("kept", "count"), [(3, 3), (5, 10), (8, 10), (14, 10), (26, 30), (88, 90)])
def test_few_who_are_kept_are_counted_exactly_for_the_gate_to_hide_them(table, kept, count):
    few = table.assign(n_arm_kept=kept, effective=70.5, estimate=1.5)
    assert set(figur_trimming(few, 5, arms=ARMS)["count"]) == {count}


def test_few_effective_controls_are_what_an_effect_rests_on(table):
    checked = control(
        figur_trimming(table.assign(effective=3.2), 5, arms=ARMS), Disclosure(), DisclosureSettings(threshold=5)
    )
    assert checked.data["value"].isna().all()


def test_cells_of_the_table(table):
    data = trimming(table, 5, arms=ARMS).set_index(["row", "panel", "column"])
    assert data.loc[("felles_for_alle", "utelatt", "deltakere"), "value"] == pytest.approx(100 * 60 / 90)
    assert data.loc[("felles_parvis", "kontrollenes_vekter", "storste_vekter"), "value"] == pytest.approx(2)
    assert data.loc[("ingen_utelatt", "ate", "maneder"), ["value", "se"]].tolist() == [1.5, 0.5]
    assert data.loc[("fast_terskel", "atet", "kroner"), ["value"]].isna().all()
    assert data.loc[("ingen_utelatt", "kontrollenes_vekter", "ytterste"), ["value", "count"]].tolist() == [10, 10]
    few = trimming(table.assign(extreme=4), 5, arms=ARMS).set_index(["row", "panel", "column"])
    assert few.loc[("ingen_utelatt", "kontrollenes_vekter", "ytterste"), "count"] == 4


def test_small_numbers_left_out_do_not_pass_the_gate(table):
    checked = control(trimming(table, 5, arms=ARMS), Disclosure(), DisclosureSettings(threshold=5)).data
    hidden = checked[checked["text"] == ":"]
    assert hidden.empty
    few = table.assign(
        n_arm_kept=table["n_arm_kept"].replace(30, 3), n_control_kept=table["n_control_kept"].replace(90, 2)
    )
    checked = control(trimming(few, 5, arms=ARMS), Disclosure(), DisclosureSettings(threshold=5)).data
    hidden = checked[checked["text"] == ":"]
    assert hidden["row"].unique().tolist() == ["felles_for_alle"]
    assert set(hidden["panel"]) == {"utelatt", "kontrollenes_vekter", "atet", "ate"}


def test_drawings_have_every_word(table, catalogue, text_of):
    for name, data in (
        ("figur-trimming", figur_trimming(table, 5, arms=ARMS)),
        ("trimming-tall", trimming(table, 5, arms=ARMS)),
    ):
        assert draw(data, catalogue[name], text_of(name))
