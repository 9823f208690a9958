"""Tax and benefits against cases reckoned by hand, and what must hold of any income."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.evaluations.varig_lonnstilskudd.benefits import (
    disability_benefit,
    flexjob_subsidy,
    reduced_benefit,
    wage_subsidy,
)
from tiltakseffekt.evaluations.varig_lonnstilskudd.taxes import (
    LinearTax,
    StatutoryTax,
    bracket_tax,
    income_tax,
    labour_cost,
    ordinary_tax,
    social_security,
)

G = 100_000.0
KRONER = st.floats(0, 3_000_000)


@pytest.fixture(scope="module")
def tax(wage_subsidy_parameters):
    return wage_subsidy_parameters.tax


@pytest.fixture(scope="module")
def disability(wage_subsidy_parameters):
    return wage_subsidy_parameters.disability


@pytest.fixture(scope="module")
def subsidy(wage_subsidy_parameters):
    return wage_subsidy_parameters.subsidy


def test_income_tax_by_hand(tax):
    # 22 % of 450 000 - 104 450 - 79 600; 7.9 %; 1.7 % of 80 800 and 4 % of 170 850.
    assert ordinary_tax(450_000, tax) == pytest.approx(0.22 * 265_950)
    assert social_security(450_000, tax) == pytest.approx(35_550)
    assert bracket_tax(450_000, tax) == pytest.approx(0.017 * 80_800 + 0.04 * 170_850)
    assert income_tax(450_000, tax) == pytest.approx(58_509 + 35_550 + 1_373.6 + 6_834)


def test_small_incomes_pay_nothing(tax):
    assert income_tax(69_650, tax) == 0
    # A hundred kroner above the floor: a quarter of them.
    assert social_security(69_750, tax) == pytest.approx(25)


def test_the_deduction_is_a_share_before_it_is_capped(tax):
    assert ordinary_tax(200_000, tax) == pytest.approx(0.22 * (200_000 - 92_000 - 79_600))


@given(income=KRONER, more=st.floats(1, 100_000))
def test_tax_rises_with_income_but_never_as_fast(tax, income, more):
    before, after = income_tax(income, tax), income_tax(income + more, tax)
    assert 0 <= before <= income
    assert before <= after + 1e-6
    assert after - before <= 0.6 * more + 1e-6


def test_employers_pay_for_wages_only(tax):
    rule = StatutoryTax(tax)
    assert rule(100_000, 200_000) == pytest.approx(income_tax(300_000, tax) + 14_100)
    assert rule(0, 300_000) == pytest.approx(income_tax(300_000, tax))
    assert LinearTax(0.5, 1_000)(10_000, 20_000) == 14_000


def test_labour_cost_gives_the_factor_of_the_document(tax, wage_subsidy_parameters):
    factor = labour_cost(1, tax, wage_subsidy_parameters.labour_cost)
    assert factor == pytest.approx((1 + 0.102 + 0.02) * 1.141)
    assert round(factor, 2) == wage_subsidy_parameters.analysis.labour_cost_factor.value


def test_disability_benefit_by_hand(disability):
    assert disability_benefit(450_000, 1, G, disability) == pytest.approx(297_000)
    assert disability_benefit(450_000, 0.5, G, disability) == pytest.approx(148_500)
    # Income above six basic amounts does not count.
    assert disability_benefit(900_000, 1, G, disability) == pytest.approx(396_000)


def test_income_reduces_the_benefit_beyond_the_limit(disability):
    full = 300_000.0
    assert reduced_benefit(full, 40_000, 500_000, G, disability) == full
    # 60 % of what is above 0.4 G.
    assert reduced_benefit(full, 140_000, 500_000, G, disability) == pytest.approx(240_000)
    assert reduced_benefit(full, 400_001, 500_000, G, disability) == 0
    # In VTA the limit is one basic amount higher.
    assert reduced_benefit(full, 140_000, 500_000, G, disability, in_vta=True) == full


@given(first=st.floats(0, 600_000), second=st.floats(0, 600_000))
def test_more_income_never_gives_more_benefit(disability, first, second):
    less, more = sorted((first, second))
    assert reduced_benefit(300_000, less, 500_000, G, disability) >= reduced_benefit(
        300_000, more, 500_000, G, disability
    )


def test_the_subsidy_keeps_to_its_ceilings(subsidy):
    assert wage_subsidy(600_000, 0.5, G, subsidy) == 300_000
    assert wage_subsidy(600_000, 0.8, G, subsidy) == pytest.approx(402_000)
    assert wage_subsidy(600_000, 0.8, G, subsidy, first_year=True) == pytest.approx(450_000)
    assert wage_subsidy(900_000, 0.67, G, subsidy) == 500_000
    assert wage_subsidy(900_000, 0.67, G, subsidy, position=0.5) == 250_000


def test_the_danish_subsidy_by_hand():
    assert flexjob_subsidy(10_000, 15_250, 0.3, 0.135) == pytest.approx(3_000)
    assert flexjob_subsidy(20_000, 15_250, 0.3, 0.135) == pytest.approx(4_575 + 641.25)
