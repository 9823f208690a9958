"""The engine by hand, and what must hold whatever the assumptions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.cost_benefit.engine import (
    ALLOWANCE,
    COST_ITEMS,
    ITEMS,
    NAV,
    SAVED_BENEFITS,
    SOCIAL_NET,
    VALUE_CREATION,
    WAGE_TAX,
    Case,
    MonthOnMeasure,
    Rates,
    by_year,
    course_flows,
    discount_factors,
    effect_path,
    net_benefit,
    social_values,
    stay_of_durations,
    stay_of_mean,
    wage_weights,
)
from tiltakseffekt.stages.cost_benefit.valuation import effect_spans

RATES = Rates(0.04, 0.013, "monthly", 0.2, 1.4, 0.3, 0.11)
MONTH = MonthOnMeasure(bought=1000.0, transferred=500.0, outside=200.0, allowance=300.0, caseworker=100.0)
CASE = Case(RATES, MONTH, stay_of_mean(2.0), (100.0, 200.0, 300.0), effect_spans(7))
EFFECT = st.floats(-30_000, 30_000)
SHARE = st.floats(0, 1)


def test_what_is_bought_costs_its_price_and_its_financing_and_transfers_their_financing():
    values = social_values(CASE)
    months = 1 + 1.04 ** (-1 / 12)
    assert values[NAV] == pytest.approx(-(1.2 * 1000 + 0.2 * 500) * months)
    assert values[ALLOWANCE] == pytest.approx(-0.2 * 300 * months)
    assert tuple(values) == ITEMS


def test_the_two_accounts_are_apart():
    flows = {flow.item: flow for flow in course_flows(CASE)}
    assert flows[NAV].budget == pytest.approx([-1500, -1500])
    assert flows[NAV].resource == pytest.approx([-1000, -1000])
    assert not flows[VALUE_CREATION].budget.any()
    assert not flows[SAVED_BENEFITS].resource.any()


def test_the_budget_by_year_adds_up_without_discounting():
    years = by_year(replace(CASE, rates=replace(RATES, growth=0.0)), 7, 0.4)
    assert years[NAV] == pytest.approx([-3000, 0, 0, 0, 0, 0, 0])
    assert years[WAGE_TAX] == pytest.approx([0.4 * 12 * effect for effect in (100, 200, *[300] * 5)])
    assert years[SAVED_BENEFITS] == pytest.approx([0.267 * 12 * effect for effect in (100, 200, *[300] * 5)])


def test_societys_years_add_up_to_its_net_when_nothing_is_discounted():
    flat = replace(CASE, rates=replace(RATES, growth=0.0, discount=0.0))
    assert by_year(flat, 7, 0.4)[SOCIAL_NET].sum() == pytest.approx(net_benefit(flat))
    grown = by_year(CASE, 7, 0.4)
    assert grown[WAGE_TAX][6] / by_year(flat, 7, 0.4)[WAGE_TAX][6] == pytest.approx(1.013**6.5, rel=1e-2)


@pytest.mark.parametrize("changes", [{}, {"displacement": 0.3, "deadweight": 0.1}, {"fade_out": 0.2}])
def test_weights_give_what_the_effects_are_worth(changes):
    case = replace(CASE, **changes)
    worth = case.rates.labour_cost * wage_weights(case) @ np.array(case.effects)
    assert worth == pytest.approx(social_values(case)[VALUE_CREATION])


def test_timing_of_a_year():
    months = np.array([1.0, 12.0, 13.0])
    assert discount_factors(months, 0.04, 0.0, "year_end") == pytest.approx([1.04**-1, 1.04**-1, 1.04**-2])
    assert discount_factors(months, 0.04, 0.0, "mid_year") == pytest.approx([1.04**-0.5, 1.04**-0.5, 1.04**-1.5])


def test_costs_may_begin_with_the_effects():
    later = social_values(replace(CASE, first_cost=1))[NAV]
    assert later == pytest.approx(social_values(CASE)[NAV] * 1.04 ** (-1 / 12))


def test_survival_puts_the_same_months_later():
    durations = np.array([1.0, 3.0])
    assert stay_of_durations(durations) == pytest.approx([1, 0.5, 0.5])
    assert stay_of_durations(durations).sum() == pytest.approx(stay_of_mean(2.0).sum())
    assert social_values(replace(CASE, stay=stay_of_durations(durations)))[NAV] > social_values(CASE)[NAV]


def test_effects_fade_from_their_second_last_year():
    path = effect_path(replace(CASE, fade_out=0.5))
    assert path[[0, 12, 24, 35, 36, 48]] == pytest.approx([100, 200, 300, 300, 150, 75])


def test_effects_that_end_before_the_course_are_refused():
    with pytest.raises(FaultsFound, match="the horizon of the effects ends before the course does"):
        net_benefit(replace(CASE, stay=stay_of_mean(85.0)))


@given(st.tuples(EFFECT, EFFECT, EFFECT), st.integers(0, 2), st.floats(0, 10_000))
def test_more_effect_is_more_net_benefit(effects, year, rise):
    more = tuple(effect + rise * (place == year) for place, effect in enumerate(effects))
    assert net_benefit(replace(CASE, effects=more)) >= net_benefit(replace(CASE, effects=effects)) - 1e-6


def test_without_effects_only_costs_remain():
    values = social_values(replace(CASE, effects=(0.0, 0.0, 0.0)))
    assert sum(values.values()) == pytest.approx(sum(values[item] for item in COST_ITEMS))


@given(SHARE, SHARE)
def test_full_displacement_leaves_the_costs_and_shares_multiply(deadweight, displacement):
    costs = net_benefit(replace(CASE, effects=(0.0, 0.0, 0.0)))
    some = net_benefit(replace(CASE, deadweight=deadweight, displacement=displacement))
    assert some - costs == pytest.approx((1 - deadweight) * (1 - displacement) * (net_benefit(CASE) - costs))


@given(st.floats(0.01, 1000))
def test_another_unit_of_money_changes_the_unit_only(rate):
    month = MonthOnMeasure(
        *(rate * getattr(MONTH, name) for name in ("bought", "transferred", "outside", "allowance", "caseworker"))
    )
    other = replace(CASE, month=month, effects=tuple(rate * effect for effect in CASE.effects))
    assert net_benefit(other) == pytest.approx(rate * net_benefit(CASE))
