"""Both accounts on made-up inputs: hand-computed cells, identities, properties, bad input."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.evaluations.varig_lonnstilskudd.alternatives import (
    ALTERNATIVES,
    BENEFIT,
    DISPLACING,
    FINANCED,
    NET,
    SUM,
    VLT,
    VTAO,
    Inputs,
    discount_factors,
    financing,
    fiscal_account,
    net_benefit,
    production,
    social_account,
    tax_cost,
)
from tiltakseffekt.evaluations.varig_lonnstilskudd.taxes import LinearTax

SIMPLE = Inputs(
    wage=400_000,
    position=0.5,
    subsidy_rate=0.5,
    cost_factor=1.25,
    vtao_subsidy=80_000,
    vtao_factor=1.25,
    disability_rate=0.6,
    graded_rate=0.3,
    side_income=60_000,
    side_factor=1.0,
    tax=LinearTax(0.4, 0),
    tax_cost=0.2,
    benefit_is_tax_cost=False,
    displaced=0.5,
    displaced_later=0.0,
    vtao_paid=1,
    change_of_benefit=False,
    deadweight=0.2,
    discount_rate=0.0,
    years=2,
)


def cell(table, alternative, item, year=SUM):
    rows = table[(table["alternative"] == alternative) & (table["item"] == item)]
    return float((rows[rows["year"] == year] if "year" in rows else rows)["value"].iloc[0])


def test_the_social_account_by_hand():
    # VLT: 1.25 x 400 - 200 = 300; the treasury pays 200 - 160 = 40, at a cost of 8. Two years.
    nets = net_benefit(SIMPLE)
    assert nets[VLT] == pytest.approx(2 * (300_000 - 8_000))
    # VTA-O: 100 made; 80 + 240 - 0.4 x 320 = 192 paid.
    assert nets[VTAO] == pytest.approx(2 * (100_000 - 0.2 * 192_000))
    # Another loses half of 500 in the first year.
    assert nets[DISPLACING] == pytest.approx(nets[VLT] - 250_000)
    # Full benefit: 60 made; 240 - 0.4 x 300 = 120 paid.
    assert nets[BENEFIT] == pytest.approx(2 * (60_000 - 24_000))


def test_the_fiscal_account_by_hand():
    account = fiscal_account(SIMPLE)
    assert cell(account, "vlt_dodvekt", "netto_finansieringsbehov") == pytest.approx(80_000)
    assert cell(account, "vlt_dodvekt", "okt_redusert_behov") == pytest.approx(40_000)
    # Half a position: 100 + 240 - 0.4 x 440.
    assert cell(account, "full_ufore_halv_stilling", "netto_finansieringsbehov") == pytest.approx(164_000)
    twice = fiscal_account(replace(SIMPLE, vtao_paid=2))
    assert cell(twice, VTAO, "netto_finansieringsbehov") - cell(account, VTAO, "netto_finansieringsbehov") == 80_000
    other = fiscal_account(replace(SIMPLE, change_of_benefit=True))
    assert cell(other, "full_ufore_halv_stilling", "okt_redusert_behov") == pytest.approx(120_000 - 40_000)


def test_present_value_by_hand():
    inputs = replace(SIMPLE, discount_rate=0.25, years=3)
    assert discount_factors(inputs) == pytest.approx([1, 0.8, 0.64])
    assert net_benefit(inputs)[VLT] == pytest.approx(2.44 * 292_000)


def test_rows_add_up():
    account = social_account(replace(SIMPLE, discount_rate=0.04, years=8, displaced_later=1_000))
    wide = account.pivot(index=["alternative", "year"], columns="item", values="value")
    assert (wide[NET] - (wide["produksjonsbidrag"] - wide["skattekostnad"] - wide["fortrenging"])).abs().max() < 1e-6
    sums = wide.xs(SUM, level="year")
    years = wide.drop(index=SUM, level="year").groupby("alternative").sum()
    assert (sums - years).abs().max().max() < 1e-6


def test_tax_cost_is_the_share_of_the_need_of_the_fiscal_account():
    account = fiscal_account(SIMPLE)
    for alternative in set(ALTERNATIVES) & set(FINANCED):
        assert tax_cost(SIMPLE, alternative) == pytest.approx(
            0.2 * cell(account, alternative, "netto_finansieringsbehov")
        )


@given(rate=st.floats(0, 0.6), more=st.floats(0.01, 0.3))
def test_a_higher_subsidy_costs_society_what_it_makes_up_for_and_its_financing(rate, more):
    low, high = (net_benefit(replace(SIMPLE, subsidy_rate=r))[VLT] for r in (rate, rate + more))
    assert low - high == pytest.approx(2 * 1.2 * more * SIMPLE.wage)


@given(scale=st.floats(0.1, 10))
def test_another_unit_of_money_changes_nothing(scale):
    scaled = replace(
        SIMPLE,
        wage=scale * SIMPLE.wage,
        vtao_subsidy=scale * SIMPLE.vtao_subsidy,
        side_income=scale * SIMPLE.side_income,
    )
    for alternative, net in net_benefit(SIMPLE).items():
        assert net_benefit(scaled)[alternative] == pytest.approx(scale * net)


def test_no_wage_and_no_benefit_give_nothing():
    nothing = replace(SIMPLE, wage=0, vtao_subsidy=0, side_income=0)
    assert set(net_benefit(nothing).values()) == {0.0}


def test_impossible_inputs_are_refused():
    with pytest.raises(ValueError, match="below zero: wage"):
        replace(SIMPLE, wage=-1)
    with pytest.raises(ValueError, match="at least one year"):
        replace(SIMPLE, years=0)
    for account in (financing, production):
        with pytest.raises(ValueError, match="no such alternative"):
            account(SIMPLE, "ukjent")
