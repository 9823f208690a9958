"""Present values by hand, and what must hold whatever the parameters."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.cost_benefit.parameters import parse_parameters
from tiltakseffekt.cost_benefit.valuation import (
    Span,
    course_benefits,
    course_costs,
    discount_factors,
    effect_spans,
    present_months,
    saved_benefits_per_wage,
    wage_weights,
)

PARAMETERS = parse_parameters(read_yaml(Path(__file__).parents[2] / "config" / "cost_benefit.yaml"))
GENERAL = PARAMETERS.general
MEASURES = PARAMETERS.measures


def test_a_year_ahead_is_worth_one_over_one_plus_rate():
    months = np.array([0.0, 12.0, 24.0])
    assert discount_factors(months, 0.04, 0.0, "monthly") == pytest.approx([1, 1 / 1.04, 1 / 1.0816])
    assert discount_factors(months, 0.04, 0.013, "monthly")[1] == pytest.approx(1.013 / 1.04)


def test_yearly_timing_gives_the_months_of_a_year_one_factor():
    factors = discount_factors(np.arange(0.0, 26.0), 0.04, 0.0, "yearly")
    assert factors == pytest.approx([1.0] * 13 + [1 / 1.04] * 12 + [1 / 1.04**2])


def test_a_course_of_two_and_a_half_months():
    by_hand = 1 + 1.04 ** (-1 / 12) + 0.5 * 1.04 ** (-2 / 12)
    assert present_months(2.5, GENERAL) == pytest.approx(by_hand, rel=1e-12)
    assert present_months(0.0, GENERAL) == 0.0
    assert present_months(1.0, GENERAL) == 1.0


@given(st.floats(0, 60), st.floats(0, 60))
def test_longer_courses_are_worth_more_but_less_than_their_months(one, other):
    short, long = sorted((one, other))
    assert present_months(short, GENERAL) <= present_months(long, GENERAL) + 1e-12
    assert present_months(long, GENERAL) <= long + 1e-12


def test_effects_of_year_three_last_to_the_end_of_year_seven():
    assert effect_spans(7) == (Span(1, 12), Span(13, 24), Span(25, 84))
    assert effect_spans(7, 14) == (Span(1, 12), Span(13, 24), Span(25, 36), Span(37, 168))


def test_weights_are_a_geometric_series():
    q = (1.013 / 1.04) ** (1 / 12)
    by_hand = [q * (1 - q**12) / (1 - q), q**13 * (1 - q**12) / (1 - q), q**25 * (1 - q**60) / (1 - q)]
    assert wage_weights(effect_spans(7), GENERAL) == pytest.approx(by_hand, rel=1e-12)


def test_saved_benefits_are_the_tax_financing_of_benefits_after_tax():
    assert saved_benefits_per_wage(GENERAL) == pytest.approx(0.3 * 0.89 * 0.2)


def test_aft_costs_by_hand():
    costs = course_costs(MEASURES.aft, GENERAL, 2.0, 0.5)
    months = 1 + 1.04 ** (-1 / 12)
    assert costs.nav == pytest.approx(1.2 * 18700 * months)
    assert costs.caseworker == pytest.approx(1.2 * (500000 / 750000) * 450 * months)
    assert costs.tiltakspenger == pytest.approx(0.2 * 0.5 * 5360 * months)
    assert costs.other_sectors is None
    assert costs.total == pytest.approx(costs.nav + costs.caseworker + costs.tiltakspenger)


def test_a_wage_subsidy_costs_its_tax_financing_only():
    costs = course_costs(MEASURES.midl_lonnstilskudd, GENERAL, 1.0, 0.0)
    assert costs.nav_month == pytest.approx(23400 + 935)
    assert costs.nav == pytest.approx(0.2 * 23400 + 1.2 * 935)


def test_arbeidstrening_costs_mentor_and_grant_and_twice_the_time():
    costs = course_costs(MEASURES.arbeidstrening, GENERAL, 1.0, 0.0)
    assert costs.nav_month == pytest.approx(980)
    assert costs.caseworker_month == pytest.approx(600)


def test_utdanning_costs_the_schools_nine_tenths_of_a_place():
    assert course_costs(MEASURES.utdanning, GENERAL, 1.0, 0.0).other_sectors == pytest.approx(1.2 * 0.9 * 8950)


def test_benefits_and_errors_by_hand():
    spans = (Span(12, 12), Span(24, 24))
    delta = 1.013 / 1.04
    covariance = np.array([[4.0, 1.0], [1.0, 9.0]])
    benefits = course_benefits((100.0, -50.0), covariance, spans, GENERAL)
    wages = 100 * delta - 50 * delta**2
    se = (4 * delta**2 + 2 * delta**3 + 9 * delta**4) ** 0.5
    assert benefits.value_creation == pytest.approx(1.4 * wages)
    assert benefits.value_creation_se == pytest.approx(1.4 * se)
    assert benefits.saved_benefits == pytest.approx(0.0534 * wages)
    assert benefits.total_se == pytest.approx((1.4 + 0.0534) * se)


EFFECT = st.floats(-30_000, 30_000)


@given(st.tuples(EFFECT, EFFECT, EFFECT), st.integers(0, 2), st.floats(0, 10_000))
def test_more_wage_is_more_benefit(effects, year, rise):
    more = [effect + rise * (place == year) for place, effect in enumerate(effects)]
    before = course_benefits(effects, None, effect_spans(7), GENERAL).total
    assert course_benefits(more, None, effect_spans(7), GENERAL).total >= before - 1e-6


@given(st.lists(st.floats(-100, 100), min_size=9, max_size=9))
def test_errors_agree_with_draws_through_the_same_sum(roots):
    root = np.array(roots).reshape(3, 3)
    spans = effect_spans(7)
    benefits = course_benefits((0.0, 0.0, 0.0), root @ root.T, spans, GENERAL)
    by_root = [course_benefits(tuple(column), None, spans, GENERAL).value_creation for column in root.T]
    assert benefits.value_creation_se == pytest.approx(np.linalg.norm(by_root), abs=1e-3, rel=1e-6)
