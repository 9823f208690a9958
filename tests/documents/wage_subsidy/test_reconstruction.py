"""The reconstruction gives the printed cells, and the intervals hold what gives them."""

import pytest

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.documents.audit.cells import Cells
from tiltakseffekt.documents.audit.verdicts import prints
from tiltakseffekt.documents.wage_subsidy.reconstruction import (
    THOUSAND,
    fiscal_cell,
    printed_system,
    reconstruct,
    social_cell,
)
from tiltakseffekt.evaluations.varig_lonnstilskudd.alternatives import (
    DISPLACEMENT,
    DISPLACING,
    NET,
    PRODUCTION,
    TAX_COST,
    fiscal_account,
    social_account,
)
from tiltakseffekt.evaluations.varig_lonnstilskudd.benefits import reduced_benefit


def test_the_net_rows_and_all_rows_of_four_alternatives_are_reproduced(found, vlt_rapport):
    account = social_account(found.inputs)
    asked = account[
        account["item"].isin([PRODUCTION, TAX_COST, NET])
        & ((account["alternative"] != DISPLACING) | (account["item"] == NET))
    ]
    assert len(asked) == 117
    for row in asked.itertuples(index=False):
        assert prints(vlt_rapport[social_cell(row.alternative, row.item, row.year)], row.value / THOUSAND)


def test_all_cells_of_the_financing_table_are_reproduced(found, vlt_rapport):
    account = fiscal_account(found.inputs)
    assert len(account) == 36
    for row in account.itertuples(index=False):
        name = fiscal_cell(row.alternative, row.item)
        # A dash is printed where there is nothing.
        assert prints(vlt_rapport[name], row.value / THOUSAND) if name in vlt_rapport else row.value == 0


def test_only_later_displacement_is_not_reproduced(found, vlt_rapport):
    account = social_account(found.inputs)
    missed = {
        (row.alternative, row.item, row.year)
        for row in account.itertuples(index=False)
        if (name := social_cell(row.alternative, row.item, row.year)) in vlt_rapport
        and not prints(vlt_rapport[name], row.value / THOUSAND)
    }
    assert missed == {(DISPLACING, DISPLACEMENT, str(year)) for year in range(2, 8)}


def test_intervals_hold_the_inputs(found):
    inputs, feasible = found.inputs, found.feasible
    assert feasible["wage"].contains(inputs.wage / THOUSAND)
    assert feasible["subsidy_rate"].contains(inputs.subsidy_rate)
    assert feasible["tax_rate"].contains(inputs.tax.rate)
    assert feasible["tax_allowance"].contains(inputs.tax.allowance / THOUSAND)
    # The rate of all participants (l. 1825), not that of Tabell 7-1.
    assert feasible["subsidy_rate"].contains(0.568)
    assert not feasible["subsidy_rate"].contains(0.561)
    assert not feasible["disability_rate"].contains(0.66)
    assert feasible["vtao_factor"].contains(0.28)


def test_the_graded_benefit_follows_when_labour_cost_stands_for_income_before_disability(
    found, wage_subsidy_parameters
):
    inputs = found.inputs
    labour_cost = inputs.cost_factor * inputs.wage
    assert found.feasible["income_before"].contains(labour_cost / THOUSAND)
    basic_amount = wage_subsidy_parameters.analysis.basic_amount.yearly
    rules = wage_subsidy_parameters.disability
    paid = reduced_benefit(inputs.disability, inputs.wage / 2, labour_cost, basic_amount, rules)
    assert found.feasible["graded_benefit"].contains(paid / THOUSAND)


def test_no_other_tax_rate_gives_the_cells(found, vlt_rapport, stated):
    rates = found.feasible["tax_rate"]
    for rate, possible in ((rates.low - 0.001, False), (rates.middle, True), (rates.high + 0.001, False)):
        assert printed_system(vlt_rapport, stated, rate).feasible() is possible


def test_cells_that_nothing_gives_are_named(vlt_rapport, wage_subsidy_parameters):
    name = social_cell("vlt_heltid", PRODUCTION, "3")
    wrong = [
        type(cell)(**{**vars(cell), "value": 500.0}) if cell.name == name else cell for cell in vlt_rapport.values()
    ]
    with pytest.raises(FaultsFound, match=r"1 Heltid med VLT\|Produksjonsbidrag\|3"):
        reconstruct(Cells(wrong), wage_subsidy_parameters)
