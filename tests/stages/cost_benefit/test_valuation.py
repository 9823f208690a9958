"""Present values by hand, and what must hold whatever the parameters."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.arms import ARMS

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.stages.cost_benefit.engine import (
    CASEWORKER,
    NAV,
    OTHER_SECTORS,
    SAVED_BENEFITS,
    VALUE_CREATION,
    Case,
    MonthOnMeasure,
    Span,
    discount_factors,
    span_weights,
    stay_of_mean,
)
from tiltakseffekt.stages.cost_benefit.parameters import parse_parameters
from tiltakseffekt.stages.cost_benefit.valuation import (
    effect_spans,
    month_on_measure,
    rates_of,
    saved_per_wage,
    value_case,
)

PARAMETERS = parse_parameters(
    read_yaml(Path(__file__).parents[3] / "config/evaluations/tiltakseffekter/prices.yaml"), ARMS.measures
)
GENERAL = PARAMETERS.general
MEASURES = PARAMETERS.measures
RATES = rates_of(GENERAL)


def course(measure, duration, share):
    month = month_on_measure(measure, GENERAL, share)
    return month, value_case(Case(RATES, month, stay_of_mean(duration), (), ())).values


def work(effects, covariance, spans):
    month = month_on_measure(MEASURES["aft"], GENERAL, 0.0)
    return value_case(Case(RATES, month, stay_of_mean(0.0), tuple(effects), spans), covariance)


def test_a_year_ahead_is_worth_one_over_one_plus_rate():
    months = np.array([0.0, 12.0, 24.0])
    assert discount_factors(months, 0.04, 0.0, "monthly") == pytest.approx([1, 1 / 1.04, 1 / 1.0816])
    assert discount_factors(months, 0.04, 0.013, "monthly")[1] == pytest.approx(1.013 / 1.04)


def test_yearly_timing_gives_the_months_of_a_year_one_factor():
    factors = discount_factors(np.arange(0.0, 26.0), 0.04, 0.0, "yearly")
    assert factors == pytest.approx([1.0] * 13 + [1 / 1.04] * 12 + [1 / 1.04**2])


def price_of(duration):
    """Return what a course costs when a month on it costs one krone."""
    return value_case(Case(RATES, MonthOnMeasure(0.0, 0.0, None, 0.0, 1.0), stay_of_mean(duration), (), ())).costs / 1.2


def test_a_course_of_two_and_a_half_months():
    by_hand = 1 + 1.04 ** (-1 / 12) + 0.5 * 1.04 ** (-2 / 12)
    assert price_of(2.5) == pytest.approx(by_hand, rel=1e-12)
    assert price_of(0.0) == 0.0
    assert price_of(1.0) == pytest.approx(1.0, rel=1e-12)


@given(st.floats(0, 60), st.floats(0, 60))
def test_longer_courses_are_worth_more_but_less_than_their_months(one, other):
    short, long = sorted((one, other))
    assert price_of(short) <= price_of(long) + 1e-12
    assert price_of(long) <= long + 1e-12


def test_effects_of_year_three_last_to_the_end_of_year_seven():
    assert effect_spans(7) == (Span(1, 12), Span(13, 24), Span(25, 84))
    assert effect_spans(7, 14) == (Span(1, 12), Span(13, 24), Span(25, 36), Span(37, 168))


def test_weights_are_a_geometric_series():
    q = (1.013 / 1.04) ** (1 / 12)
    by_hand = [q * (1 - q**12) / (1 - q), q**13 * (1 - q**12) / (1 - q), q**25 * (1 - q**60) / (1 - q)]
    assert span_weights(effect_spans(7), RATES) == pytest.approx(by_hand, rel=1e-12)


def test_saved_benefits_are_the_tax_financing_of_benefits_after_tax():
    assert saved_per_wage(RATES) == pytest.approx(0.3 * 0.89 * 0.2)


def test_aft_costs_by_hand():
    _, values = course(MEASURES["aft"], 2.0, 0.5)
    months = 1 + 1.04 ** (-1 / 12)
    assert values[NAV] == pytest.approx(-1.2 * 18700 * months)
    assert values[CASEWORKER] == pytest.approx(-1.2 * (500000 / 750000) * 450 * months)
    assert values["tiltakspenger"] == pytest.approx(-0.2 * 0.5 * 5360 * months)
    assert OTHER_SECTORS not in values


def test_a_wage_subsidy_costs_its_tax_financing_only():
    month, values = course(MEASURES["midl_lonnstilskudd"], 1.0, 0.0)
    assert month.bought + month.transferred == pytest.approx(23400 + 935)
    assert values[NAV] == pytest.approx(-(0.2 * 23400 + 1.2 * 935))


def test_arbeidstrening_costs_mentor_and_grant_and_twice_the_time():
    month, _ = course(MEASURES["arbeidstrening"], 1.0, 0.0)
    assert month.bought == pytest.approx(980)
    assert month.caseworker == pytest.approx(600)


def test_utdanning_costs_the_schools_nine_tenths_of_a_place():
    assert course(MEASURES["utdanning"], 1.0, 0.0)[1][OTHER_SECTORS] == pytest.approx(-1.2 * 0.9 * 8950)


def test_benefits_and_errors_by_hand():
    delta = 1.013 / 1.04
    valued = work((100.0, -50.0), np.array([[4.0, 1.0], [1.0, 9.0]]), (Span(12, 12), Span(24, 24)))
    wages = 100 * delta - 50 * delta**2
    se = (4 * delta**2 + 2 * delta**3 + 9 * delta**4) ** 0.5
    assert valued.values[VALUE_CREATION] == pytest.approx(1.4 * wages)
    assert valued.se(VALUE_CREATION) == pytest.approx(1.4 * se)
    assert valued.values[SAVED_BENEFITS] == pytest.approx(0.0534 * wages)
    assert valued.net_se == pytest.approx((1.4 + 0.0534) * se)


@given(st.lists(st.floats(-100, 100), min_size=9, max_size=9))
def test_errors_agree_with_draws_through_the_same_sum(roots):
    root = np.array(roots).reshape(3, 3)
    spans = effect_spans(7)
    by_root = [work(column, None, spans).values[VALUE_CREATION] for column in root.T]
    valued = work((0.0, 0.0, 0.0), root @ root.T, spans)
    assert valued.se(VALUE_CREATION) == pytest.approx(np.linalg.norm(by_root), abs=1e-3, rel=1e-6)
