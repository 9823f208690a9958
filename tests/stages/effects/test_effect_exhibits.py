"""Data of the figures of average effects: rows, columns, units and counts."""

import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.stages.exhibits.builders.confounding import figur_placebo, figur_uobservert, uobservert
from tiltakseffekt.stages.exhibits.builders.effects import (
    figur_arbeid_alle_tiltak,
    figur_arbeid_tre_tiltak,
    figur_deltakere_og_alle,
    figur_innsatsgrupper,
    figur_lonnsinntekt,
    figur_maneder_i_arbeid,
    figur_robusthet,
    robusthet,
    samtidige_intervaller,
    to_estimatorer,
)


@pytest.fixture(scope="module")
def estimates() -> pd.DataFrame:
    """Build estimates whose value tells estimand, arm and outcome; rows in an order that is not that of readers."""
    rows = [
        {"estimand": estimand, "arm": arm, "outcome": outcome, "estimate": e * 10_000 + a * 100 + o, "n_arm": 50 + a}
        for e, estimand in enumerate(("apo", "ate", "atet"))
        for a, arm in enumerate(ARMS.unchained)
        for o, outcome in enumerate(keys.OUTCOMES)
        if estimand == "apo" or arm != keys.CONTROL
    ]
    table = pd.DataFrame(rows).sort_values(["outcome", "arm"], ascending=False, ignore_index=True)
    return table.assign(se=2.0, low=table["estimate"] - 4, high=table["estimate"] + 4)


def test_yearly_effects_have_a_row_per_measure_and_a_column_per_year(estimates):
    for figure, unit, first in ((figur_maneder_i_arbeid, "months_per_year", 0), (figur_lonnsinntekt, "nok_2022", 3)):
        data = figure(estimates, ARMS)
        assert data["row"].unique().tolist() == list(keys.TREATED_ARMS)
        assert data["column"].tolist() == ["maned_1_12", "maned_13_24", "maned_25_36"] * 11
        amo = data[data["row"] == "amo"]
        assert amo["value"].tolist() == [20_200 + first + year for year in range(3)]
        assert amo["low"].tolist() == [value - 4 for value in amo["value"]]
        assert set(amo["count"]) == {52}
        assert set(data["unit"]) == {unit}


def test_monthly_effects_are_percentage_points_along_the_months(estimates):
    data = figur_arbeid_tre_tiltak(estimates)
    assert data["panel"].unique().tolist() == ["aft", "arbeidsrettet_rehab", "utdanning"]
    aft = data[data["panel"] == "aft"]
    assert aft["x"].tolist() == list(range(1, 37))
    assert aft["value"].tolist() == [100 * (20_100 + 6 + month) for month in range(36)]
    assert set(aft["se"]) == {200}
    assert set(data["unit"]) == {"percentage_points"}
    everything = figur_arbeid_alle_tiltak(estimates, arms=ARMS)
    assert everything["panel"].unique().tolist() == list(keys.TREATED_ARMS)
    assert len(everything) == 11 * 36


def test_atet_stands_beside_ate_by_year(estimates):
    data = figur_deltakere_og_alle(estimates, arms=ARMS)
    assert data["panel"].unique().tolist() == ["maned_1_12", "maned_13_24", "maned_25_36"]
    assert data["column"].unique().tolist() == ["atet", "ate"]
    cell = data.query("panel == 'maned_25_36' and row == 'aft'").set_index("column")["value"]
    assert cell.to_dict() == {"atet": 20_102, "ate": 10_102}
    assert len(data) == 2 * 3 * 11


def test_chains_and_the_fourth_year_are_shown_where_they_are_estimated(estimates):
    chained = estimates.replace({"arm": {"annet": "amo_arbeidstrening"}})
    fourth = estimates[estimates["outcome"] == "wage_income_y3"].assign(outcome="wage_income_y4")
    assert figur_maneder_i_arbeid(chained, arms=ARMS)["row"].unique().tolist() == [*keys.MEASURES, "amo_arbeidstrening"]
    four = figur_lonnsinntekt(pd.concat([fourth, estimates]), arms=ARMS)
    assert four["column"].unique().tolist() == ["maned_1_12", "maned_13_24", "maned_25_36", "maned_37_48"]


def test_groups_are_blocks_of_rows(estimates):
    few = estimates[estimates["arm"].isin(["aft", "annet"])]
    data = figur_innsatsgrupper(standard=few, situasjonsbestemt=estimates, arms=ARMS)
    assert data["row_group"].unique().tolist() == ["standard", "situasjonsbestemt"]
    assert data[data["row_group"] == "standard"]["row"].unique().tolist() == ["aft", "annet"]


def test_analyses_stand_beside_each_other_by_measure(estimates):
    other = estimates.assign(estimate=estimates["estimate"] + 1)
    short = other[~other["outcome"].str.endswith("y3") & (other["arm"] != "aft")]
    figure = figur_robusthet(main=estimates, start_24=short, arms=ARMS)
    assert figure["panel"].unique().tolist() == list(keys.MEASURES)
    assert figure[figure["panel"] == "aft"]["row"].tolist() == ["main"]
    assert figure[figure["panel"] == "amo"]["value"].tolist() == [20_201, 20_202]
    table = robusthet(main=estimates, start_24=short, arms=ARMS)
    assert table["row_group"].unique().tolist() == list(keys.TREATED_ARMS)
    amo = table[(table["row_group"] == "amo") & (table["row"] == "start_24")]
    assert amo["column"].tolist() == ["maned_1_12", "maned_13_24"] * 2
    assert amo["panel"].tolist() == ["estimat"] * 2 + ["standardfeil"] * 2
    assert amo["value"].tolist() == [20_201, 20_202, 2, 2]


def test_simultaneous_intervals_stand_beside_those_of_each_effect(estimates):
    wide = estimates.assign(simultaneous_low=estimates["estimate"] - 6, simultaneous_high=estimates["estimate"] + 6)
    table = samtidige_intervaller(wide, arms=ARMS)
    assert table["row_group"].unique().tolist() == list(keys.YEARLY_OUTCOMES)
    assert table["row"].unique().tolist() == list(keys.TREATED_ARMS)
    cell = table[(table["row_group"] == "wage_income_y2") & (table["row"] == "aft")].set_index("column")
    assert (cell["value"] - cell.loc["estimat", "value"]).tolist() == [0, -4, 4, -6, 6]
    assert cell["unit"].unique().tolist() == ["nok_2022"]
    assert cell["count"].unique().tolist() == [51]


def test_bounds_of_unobserved_confounders_stand_beside_the_estimate():
    row = {"n_arm": 60, "n_control": 900, "estimate": 1.0, "interval_low": 0.5, "interval_high": 1.5}
    row |= {"unbalanced": 0.9, "largest_bias": 12.0, "robustness": 0.08, "robustness_of_interval": 0.04}
    row |= {"cf_y": 0.1, "cf_d": 0.05, "rho": -0.5, "change": -0.4, "low": 0.1, "high": 1.9}
    row |= {"region_low": -0.4, "region_high": 2.4}
    places = [
        {"arm": arm, "outcome": outcome, "benchmark": group}
        for arm in ("jobbklubb", "amo")
        for outcome in ("months_in_work_y2", "wage_income_y2")
        for group in ("arbeidshistorikk", "gruppe_utdanning")
    ]
    table = pd.DataFrame([place | row for place in places])
    figure = figur_uobservert(table, arms=ARMS)
    assert figure["panel"].unique().tolist() == ["amo", "jobbklubb"]
    assert len(figure) == 2 * (1 + 2 * 2 + 2)
    bounds = figure[(figure["panel"] == "amo") & (figure["column"] == "grenser")]
    assert bounds[["value", "low", "high"]].to_numpy().tolist() == [[1.0, 0.1, 1.9]] * 2
    cells = uobservert(table, arms=ARMS).set_index(["panel", "row_group", "row", "column"])["value"]
    own = cells["maneder_i_arbeid"]["amo"]
    assert own["arbeidshistorikk"].to_dict() == pytest.approx(
        {"i_utfallet": 10, "i_deltakelsen": 5, "rho": -0.5, "endring": -0.4, "fra": 0.1, "til": 1.9}
    )
    assert own["robusthetsverdi_usikkerhet"].tolist() == pytest.approx([4, 4])


def test_placebo_tests_stand_below_the_effect(estimates):
    numbers = {"estimate": 0.2, "se": 0.1, "low": 0.0, "high": 0.4, "n_arm": 51, "n_control": 9}
    placebo = pd.DataFrame([{"test": test, "arm": "amo"} | numbers for test in ("before_start",)])
    amo = figur_placebo(placebo, estimates, 5, arms=ARMS).query("panel == 'amo'")
    assert amo["row"].tolist() == ["effekt_ar_2", "before_start"]
    assert amo["value"].iloc[1] == 0.2


def test_counts_of_placebo_tests_do_not_tell_who_is_in_one_alone(estimates):
    """Two of the persons have no month until the start; the difference of exact counts would be two."""
    numbers = {"test": "before_start", "arm": "amo", "estimate": 0.2, "se": 0.1, "low": 0.0, "high": 0.4}
    for n, count in ((50, 52), (4, 4)):
        placebo = pd.DataFrame([numbers | {"n_arm": n, "n_control": 9}])
        assert figur_placebo(placebo, estimates, 5, arms=ARMS).query("panel == 'amo'")["count"].tolist() == [52, count]


def test_an_empty_placebo_table_leaves_the_effect(estimates):
    placebo = pd.DataFrame(columns=["test", "arm", "estimate", "se", "low", "high", "n_arm", "n_control"])
    assert figur_placebo(placebo.iloc[:0], estimates, 5, arms=ARMS)["row"].unique().tolist() == ["effekt_ar_2"]


def test_two_estimators_stand_beside_each_other_with_their_errors():
    rows = [
        {"estimand": "atet", "arm": arm, "outcome": outcome, "estimate": 1.0, "se": 0.5, "low": 0.0, "high": 2.0}
        for arm in ("aft", "amo")
        for outcome in (*keys.MONTHS_IN_WORK, *keys.WAGE_INCOME)
    ]
    estimates = pd.DataFrame(rows).assign(n_arm=40, n_control=400)
    data = to_estimatorer(main=estimates, report_estimator=estimates.assign(estimate=3.0), arms=ARMS)
    assert data["panel"].unique().tolist() == ["main", "report_estimator"]
    assert data["column"].unique().tolist()[:2] == ["maned_1_12", "maned_1_12+standardfeil"]
    values = data[(data["row"] == "aft") & (data["row_group"] == "maneder_i_arbeid")].set_index(["panel", "column"])
    assert values["value"]["report_estimator", "maned_13_24"] == 3.0
    assert values["value"]["main", "maned_13_24+standardfeil"] == 0.5
    assert len(data) == 2 * 2 * 2 * 6
