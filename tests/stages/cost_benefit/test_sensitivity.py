"""Scenarios, break-even values, simulation, groups: by hand on small cases, and what must hold whatever the inputs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.arms import ARMS

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.cost_benefit import schemas
from tiltakseffekt.stages.cost_benefit.break_even import (
    break_even_later_effect,
    break_even_month,
    break_even_share,
    caseworker_hours_at_zero,
    largest_loss_of_effect,
    net_at_duration,
)
from tiltakseffekt.stages.cost_benefit.engine import (
    Case,
    MonthOnMeasure,
    Rates,
    net_benefit,
    stay_of_mean,
    wage_weights,
)
from tiltakseffekt.stages.cost_benefit.groups import net_by_group, present_wages
from tiltakseffekt.stages.cost_benefit.parameters import parse_parameters
from tiltakseffekt.stages.cost_benefit.scenarios import vary
from tiltakseffekt.stages.cost_benefit.sensitivity import joint_covariance, sensitivity, triangles
from tiltakseffekt.stages.cost_benefit.simulation import (
    Triangle,
    share_of_variance,
    simulate,
    value_of_information,
    value_of_perfect_information,
)
from tiltakseffekt.stages.cost_benefit.table import AS_ESTIMATED, Inputs, course_of
from tiltakseffekt.stages.cost_benefit.valuation import effect_spans
from tiltakseffekt.stages.exhibits.builders import sensitivity as exhibits

PARAMETERS = parse_parameters(
    read_yaml(Path(__file__).parents[3] / "config/evaluations/tiltakseffekter/prices.yaml"), ARMS.measures
)
#: No discounting and no growth, so that everything can be added up by hand.
FLAT = Rates(0.0, 0.0, "monthly", 0.2, 1.4, 0.0, 0.0)
MONTH = MonthOnMeasure(bought=1000.0, transferred=0.0, outside=None, allowance=0.0, caseworker=0.0)
#: Costs 1.2 * 1000 * 7 = 8 400; benefits 1.4 * 100 a month.
CASE = Case(FLAT, MONTH, stay_of_mean(7.0), (100.0, 100.0, 100.0), effect_spans(7))


def test_break_even_by_hand():
    assert net_benefit(CASE) == pytest.approx(1.4 * 100 * 84 - 8400)
    assert break_even_share(CASE) == pytest.approx(8400 / (1.4 * 100 * 84))
    assert break_even_month(CASE) == 60
    assert break_even_later_effect(CASE) == pytest.approx(8400 / (1.4 * 72))
    assert largest_loss_of_effect(CASE) == pytest.approx(1 - 8400 / (1.4 * 100 * 84))
    assert net_at_duration(CASE, 3.0) == pytest.approx(1.4 * 100 * 84 - 3600)


def test_only_the_last_effect_may_be_scaled():
    share = break_even_share(replace(CASE, effects=(-100.0, 0.0, 200.0)), late_only=True)
    assert share == pytest.approx((8400 + 1.4 * 1200) / (1.4 * 200 * 60))


def test_what_never_pays_has_no_break_even():
    losing = replace(CASE, effects=(-100.0, -100.0, -100.0))
    assert break_even_share(losing) is None
    assert break_even_month(losing) is None
    assert largest_loss_of_effect(losing) is None


def test_caseworkers_may_use_what_is_left():
    case = replace(CASE, month=replace(MONTH, caseworker=10.0))
    hours = caseworker_hours_at_zero(case, hours=0.5)
    assert hours == pytest.approx((1.4 * 100 * 84 - 8400) / (1.2 * 20 * 7))


@given(st.floats(0.05, 20))
def test_at_the_break_even_share_nothing_is_left(scale):
    case = replace(CASE, effects=(scale * 50, scale * 70, scale * 90))
    share = break_even_share(case)
    if share is not None:
        left = net_benefit(replace(case, effects=tuple(share * effect for effect in case.effects)))
        assert left == pytest.approx(0.0, abs=1e-4)


def test_scenarios_change_one_thing():
    assert vary(CASE, "discount_rate", 6.0).rates.discount == pytest.approx(0.06)
    assert vary(CASE, "effect_persistence", 3.0).spans[-1].last == 36
    assert vary(CASE, "effect", 50.0).effects == (50.0, 50.0, 50.0)
    assert net_benefit(vary(CASE, "price", 2.0)) == pytest.approx(net_benefit(CASE) - 8400)
    assert net_benefit(vary(CASE, "duration", 2.0)) == pytest.approx(net_benefit(CASE) - 8400)
    assert net_benefit(vary(CASE, "displacement", 100.0)) == pytest.approx(-8400)
    assert net_benefit(vary(CASE, "deadweight", 100.0)) == pytest.approx(-8400)


def test_an_unknown_parameter_is_refused():
    with pytest.raises(FaultsFound, match="is not a parameter that can be varied"):
        vary(CASE, "weather", 1.0)


def test_effects_and_parameters_are_drawn_with_their_covariance():
    other = replace(CASE, effects=(0.0, 0.0, 0.0))
    covariance = np.full((6, 6), 100.0)
    rng = np.random.default_rng(7)
    drawn = simulate({"a": CASE, "b": other}, covariance, {"displacement": Triangle(0, 0, 0)}, 400, rng)
    # One error moves all effects alike, and displacement stays where it is.
    assert np.corrcoef(drawn.net["a"], drawn.net["b"])[0, 1] == pytest.approx(1.0)
    assert drawn.net["a"] == pytest.approx(drawn.effects_only["a"])
    assert drawn.net["a"].std() == pytest.approx(1.4 * 84 * 10, rel=0.15)


def test_information_is_worth_what_it_changes():
    net = np.array([-100.0, 100.0] * 50)
    assert value_of_perfect_information(net) == pytest.approx(50)
    assert value_of_information(net, net) == pytest.approx(50)
    assert value_of_information(net + 1000, net) == pytest.approx(0)
    assert share_of_variance(net, net) == pytest.approx(1)
    assert share_of_variance(net, np.ones(100)) == 0.0


def _scores(people, effect):
    rows = {
        f"score__{arm}__{outcome}": np.zeros(people) for arm in ("ikke_tiltak", "amo") for outcome in keys.WAGE_INCOME
    }
    for outcome in keys.WAGE_INCOME:
        rows[f"score__amo__{outcome}"] = np.asarray(effect, dtype=float)
    return pd.DataFrame({"person_id": [f"p{number}" for number in range(people)], **rows})


def _people(groups):
    ids = [f"p{number}" for number in range(len(groups))]
    sample = pd.DataFrame({"person_id": ids, "arm": ["amo", *["ikke_tiltak"] * (len(ids) - 1)]})
    traits = {"age_group": "alder_20_29", "ledighetskategori": "i_arbeid", "landgruppe": groups}
    entries = pd.DataFrame({"person_id": ids, "duration": 5.0, "tiltakspenger_months": 2})
    return entries, sample, pd.DataFrame({"person_id": ids, **traits})


def test_groups_are_valued_by_the_mean_of_their_scores():
    given_case = Inputs(CASE, 7.0, 0.0, 0.5, participants=1)
    people = _people(["lg1", "lg1", "lg2", "lg2"])
    scores = _scores(4, [1200, 2400, 0, 0])
    rows = {row["item"]: row for row in net_by_group({"amo": given_case}, *people, scores, PARAMETERS)}
    # Costs of the five months that the one participant of the group spent, two of them with tiltakspenger.
    costs = 5 * (1.2 * 10_000 + 1.2 * 300) + 2 * 0.2 * 5_360
    assert rows["landgruppe+lg1"]["value"] == pytest.approx(1.4 * 150 * 84 - costs)
    assert rows["landgruppe+lg1"]["se"] == pytest.approx(1.4 * 84 * 50)
    assert rows["landgruppe+lg1"]["n"] == 1
    # Nobody of the other group takes part.
    assert "landgruppe+lg2" not in rows
    assert present_wages(scores, "amo", wage_weights(CASE))[0] == pytest.approx(100 * 84)


def made_up(key, effects):
    """Return inputs of a measure with a course of four months and independent errors of 100 kroner."""
    case = course_of(PARAMETERS.measures[key], PARAMETERS.general, 0.2, stay_of_mean(4.0), effects)
    return Inputs(case, 4.0, 0.2, 0.7, covariance=np.eye(len(effects)) * 1e4, participants=40)


@pytest.fixture(scope="module")
def table():
    amo = made_up("amo", (1000.0, 2000.0, 3000.0))
    few = PARAMETERS.uncertainty.model_copy(update={"draws": 100})
    groups = [{"measure": "amo", "item": "landgruppe+lg1", "value": 1.0, "se": 2.0, "n": 9}]
    return sensitivity(
        {"amo": replace(amo, alternative=(-100.0, 0.0, 100.0))},
        np.eye(3) * 1e4,
        PARAMETERS.model_copy(update={"uncertainty": few}),
        groups,
        np.random.default_rng(1),
    )


def test_the_table_obeys_its_schema(table):
    assert table_faults(table, schemas.SENSITIVITY) == []
    assert set(table["analysis"]) == {
        "simulation",
        "information",
        "tornado",
        "scenario",
        "break_even",
        "budget",
        "group",
    }


def test_the_tornado_has_the_base_between_its_ends_for_monotone_causes(table):
    rows = table[(table["analysis"] == "tornado") & (table["item"] == "discount_rate")]
    assert ((rows["low"] - rows["value"]) * (rows["high"] - rows["value"]) <= 0).all()


def test_the_scenario_at_the_parameter_is_the_base(table):
    amo = table[(table["basis"] == AS_ESTIMATED) & (table["measure"] == "amo")]
    base = amo[amo["analysis"] == "tornado"]["value"].iloc[0]
    tried = amo[(amo["analysis"] == "scenario") & (amo["item"] == "discount_rate") & (amo["x"] == 4)]
    assert tried["value"].iloc[0] == pytest.approx(base)


def test_the_effects_of_the_other_sample_are_tried_on_the_same_course(table):
    rows = table[table["analysis"] == "break_even"].set_index("item")["value"]
    other = replace(made_up("amo", (-100.0, 0.0, 100.0)).case)
    assert rows["net_alternative_sample"] == pytest.approx(net_benefit(other))


def test_an_effect_that_lasts_twice_as_long_does_so_in_every_scenario():
    case = made_up("utdanning", (-100.0, 0.0, 0.0, 300.0)).case
    assert case.spans[-1].last == 14 * 12
    assert vary(case, "effect_persistence", 7.0) == case
    assert vary(case, "effect_persistence", 5.0).spans[-1].last == 10 * 12
    assert vary(case, "effect_persistence", 1.0).spans[-1].last == 36


def test_an_effect_of_another_sample_is_the_same_for_all_groups_with_its_own_error():
    given_case = Inputs(replace(CASE, effects=(0.0, 0.0, 0.0, 50.0), spans=effect_spans(7, 14)), 7.0, 0.0, 0.5)
    given_case = replace(given_case, covariance=np.diag([0.0, 0.0, 0.0, 4.0]), participants=1)
    people = _people(["lg1", "lg1"])
    without = replace(given_case, case=replace(given_case.case, effects=(0.0, 0.0, 0.0, 0.0)))
    scores = _scores(2, [0, 0])
    rows, base = (next(net_by_group({"amo": one}, *people, scores, PARAMETERS)) for one in (given_case, without))
    months = 14 * 12 - 36
    assert rows["value"] - base["value"] == pytest.approx(1.4 * 50 * months)
    assert rows["se"] == pytest.approx(1.4 * 2 * months)


def test_exhibits_are_built_from_the_table(table):
    assert exhibits.figur_lonnsomhet(table, arms=ARMS)["column"].tolist() == ["netto", "sannsynlighet"]
    assert exhibits.nytte_usikkerhet(table, arms=ARMS)["text"].iloc[-1] in dict(PARAMETERS.uncertainty.parameters) | {
        "effects": 0
    }
    assert set(exhibits.nytte_grupper(table)["panel"]) == {"estimat", "standardfeil"}
    accounts = exhibits.nytte_budsjett(table).groupby("panel", sort=False)
    assert list(accounts.groups) == ["samfunnet", "staten", "staten_uten_lonnsskatt"]
    for _, account in accounts:
        years = account.set_index("column")["value"]
        assert years.drop("sum_ar").sum() == pytest.approx(years["sum_ar"])
    assert len(exhibits.figur_budsjett(table, arms=ARMS)) == 3 * 7
    assert len(exhibits.figur_tornado(table, arms=ARMS)) == 5
    assert exhibits.figur_balanse(table)["x"].max() == 14
    assert exhibits.figur_balanse_effekt(table)["x"].max() == 150
    assert set(exhibits.nytte_informasjon(table, arms=ARMS)["panel"]) == {"andel_av_usikkerheten", "verdi_av_kunnskap"}
    assert "netto_annet_utvalg" in set(exhibits.nytte_terskler(table, arms=ARMS)["column"])
    assert len(exhibits.nytte_scenarier(table, arms=ARMS)) == 13


def test_covariances_of_yearly_income_become_those_of_monthly_wages():
    rows = [
        {"arm_a": "amo", "outcome_a": a, "arm_b": "amo", "outcome_b": b, "covariance": 144.0 * (a == b)}
        for a in keys.WAGE_INCOME
        for b in keys.WAGE_INCOME
    ]
    joint = pd.DataFrame(rows)
    assert joint_covariance(joint, {"amo": made_up("amo", (1.0, 1.0, 1.0))}) == pytest.approx(np.eye(3))
    late = joint_covariance(joint, {"amo": made_up("utdanning", (1.0, 1.0, 1.0, 1.0))})
    assert late == pytest.approx(np.diag([1.0, 1.0, 1.0, 1e4]))


def test_the_most_likely_value_of_a_parameter_is_the_parameter():
    found = triangles(PARAMETERS)
    assert found["discount_rate"] == Triangle(2, 4, 6)
    assert found["price"].mode == 1.0
