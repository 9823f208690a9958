"""The alternatives of vlt_rapport chapter 7, year by year: what society gains and what the treasury pays.

One set of `Inputs` gives both tables. The inputs by the stated rules and those that were inferred from the printed
cells differ in their values only, so a single departure can be undone by taking some values from the other set.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import Parameters
from tiltakseffekt.evaluations.varig_lonnstilskudd.taxes import StatutoryTax, TaxRule

#: Alternatives of Tabell 7-2: VLT in a full position, VTA-O, graded benefit with half a position, VLT that displaces
#: another, full benefit with a small income.
VLT: Final = "vlt_heltid"
VTAO: Final = "vtao"
GRADED: Final = "gradert_ufore"
DISPLACING: Final = "vlt_fortrengning"
BENEFIT: Final = "full_ufore"
ALTERNATIVES: Final = (VLT, VTAO, GRADED, DISPLACING, BENEFIT)
#: Columns that Tabell 7-3 has beside the first four alternatives.
DEADWEIGHT: Final = "vlt_dodvekt"
FULL_AND_HALF: Final = "full_ufore_halv_stilling"
FINANCED: Final = (VLT, VTAO, GRADED, DISPLACING, DEADWEIGHT, FULL_AND_HALF)

#: Rows of Tabell 7-2.
PRODUCTION: Final = "produksjonsbidrag"
TAX_COST: Final = "skattekostnad"
DISPLACEMENT: Final = "fortrenging"
NET: Final = "netto"
SOCIAL_ITEMS: Final = (PRODUCTION, TAX_COST, DISPLACEMENT, NET)
#: Rows of Tabell 7-3.
SUBSIDY: Final = "tilskudd"
DISABILITY: Final = "uforetrygd"
MEASURE_COST: Final = "tiltakskostnader"
TAX: Final = "skatt"
NEED: Final = "netto_finansieringsbehov"
CHANGE: Final = "okt_redusert_behov"
FISCAL_ITEMS: Final = (SUBSIDY, DISABILITY, MEASURE_COST, TAX, NEED, CHANGE)

#: Column of the sum over the years.
SUM: Final = "sum"
#: The 52 of the rule 33/52 (l. 2673).
WEEKS_PER_YEAR: Final = 52


@dataclass(frozen=True)
class Inputs:
    """Everything that both tables depend on; money in kroner per year, shares 0-1.

    Parameters
    ----------
    wage
        Wage of alternative 1.
    position
        Position of the graded alternative.
    subsidy_rate
        Subsidy as a share of the wage.
    cost_factor
        Production, the subsidy not deducted, per krone of wage.
    vtao_subsidy, vtao_factor
        Subsidy, which is also the wage, in VTA-O; production per krone of that wage.
    disability_rate, graded_rate
        Full and graded uføretrygd as shares of the wage of alternative 1.
    side_income, side_factor
        Income beside full uføretrygd; production per krone of it.
    tax
        What the treasury gets of wage and benefit.
    tax_cost
        Tax cost of public funds.
    benefit_is_tax_cost
        Whether alternative 4 counts the whole benefit as tax cost instead of that of the net financing.
    displaced
        Loss in the first year when another is displaced, as a share of production in alternative 1, subsidy included.
    displaced_later
        What the loss grows by from each later year to the next, starting from none.
    vtao_paid
        How many times the subsidy of VTA-O enters the financing need of Tabell 7-3.
    change_of_benefit
        Whether the last column of Tabell 7-3 compares alternative 4 instead of its own need.
    deadweight
        Part of the subsidy paid without need.
    discount_rate
        Per year.
    years
        Number of yearly amounts, the first not discounted.
    """

    wage: float
    position: float
    subsidy_rate: float
    cost_factor: float
    vtao_subsidy: float
    vtao_factor: float
    disability_rate: float
    graded_rate: float
    side_income: float
    side_factor: float
    tax: TaxRule
    tax_cost: float
    benefit_is_tax_cost: bool
    displaced: float
    displaced_later: float
    vtao_paid: int
    change_of_benefit: bool
    deadweight: float
    discount_rate: float
    years: int

    def __post_init__(self) -> None:
        """Refuse amounts below zero and spans without a year."""
        amounts = {"wage": self.wage, "vtao_subsidy": self.vtao_subsidy, "side_income": self.side_income}
        if negative := [name for name, amount in amounts.items() if amount < 0]:
            raise ValueError(f"below zero: {', '.join(negative)}")
        if self.years < 1:
            raise ValueError("the analysis needs at least one year")

    @property
    def subsidy(self) -> float:
        """Varig lønnstilskudd of a full position."""
        return self.subsidy_rate * self.wage

    @property
    def disability(self) -> float:
        """Full uføretrygd."""
        return self.disability_rate * self.wage

    @property
    def graded_disability(self) -> float:
        """Uføretrygd beside half a position."""
        return self.graded_rate * self.wage


@dataclass(frozen=True)
class Financing:
    """What the treasury pays and gets in a year, in kroner."""

    subsidy: float
    disability: float
    tax: float

    @property
    def need(self) -> float:
        """Net financing need."""
        return self.subsidy + self.disability - self.tax


def specified_inputs(parameters: Parameters) -> Inputs:
    """Return the inputs by the rules and numbers that the document states, with the tax rules of the year."""
    stated = parameters.analysis
    return Inputs(
        wage=stated.wage.yearly,
        position=stated.position.share,
        subsidy_rate=stated.subsidy_rate.share,
        cost_factor=stated.labour_cost_factor.value,
        vtao_subsidy=stated.vtao_subsidy.yearly,
        vtao_factor=stated.labour_cost_factor.value,
        disability_rate=stated.disability_rate.share,
        graded_rate=stated.graded_disability_rate.share,
        side_income=stated.side_income.value * stated.basic_amount.yearly,
        side_factor=stated.labour_cost_factor.value,
        tax=StatutoryTax(parameters.tax),
        tax_cost=stated.tax_financing_cost.share,
        benefit_is_tax_cost=False,
        displaced=stated.displacement_weeks.value / WEEKS_PER_YEAR,
        displaced_later=0.0,
        vtao_paid=1,
        change_of_benefit=False,
        deadweight=stated.deadweight.share,
        discount_rate=stated.discount_rate.share,
        years=stated.years_shown.value,
    )


def financing(inputs: Inputs, alternative: str) -> Financing:
    """Return what an alternative costs the treasury in a year, each subsidy counted once.

    Parameters
    ----------
    inputs
        The numbers.
    alternative
        One of `ALTERNATIVES` or of the further columns of Tabell 7-3.

    Raises
    ------
    ValueError
        If there is no such alternative.
    """
    wage, tax = inputs.wage, inputs.tax
    half = inputs.position * wage
    match alternative:
        case "vlt_heltid" | "vlt_fortrengning":
            return Financing(inputs.subsidy, 0.0, tax(wage, 0.0))
        case "vlt_dodvekt":
            return Financing((1 + inputs.deadweight) * inputs.subsidy, 0.0, tax(wage, 0.0))
        case "vtao":
            benefit = inputs.disability
            return Financing(inputs.vtao_subsidy, benefit, tax(inputs.vtao_subsidy, benefit))
        case "gradert_ufore":
            benefit = inputs.graded_disability
            return Financing(inputs.position * inputs.subsidy, benefit, tax(half, benefit))
        case "full_ufore_halv_stilling":
            return Financing(inputs.position * inputs.subsidy, inputs.disability, tax(half, inputs.disability))
        case "full_ufore":
            return Financing(0.0, inputs.disability, tax(inputs.side_income, inputs.disability))
        case _:
            raise ValueError(f"no such alternative: {alternative}")


def production(inputs: Inputs, alternative: str) -> float:
    """Return the contribution to production in a year: labour cost less the subsidy that makes up for what lacks."""
    full = inputs.cost_factor * inputs.wage - inputs.subsidy
    match alternative:
        case "vlt_heltid" | "vlt_fortrengning":
            return full
        case "vtao":
            return inputs.vtao_factor * inputs.vtao_subsidy
        case "gradert_ufore":
            return inputs.position * full
        case "full_ufore":
            return inputs.side_factor * inputs.side_income
        case _:
            raise ValueError(f"no such alternative: {alternative}")


def tax_cost(inputs: Inputs, alternative: str) -> float:
    """Return the cost of raising what the treasury pays in a year."""
    paid = financing(inputs, alternative)
    if alternative == BENEFIT and inputs.benefit_is_tax_cost:
        return paid.disability
    return inputs.tax_cost * paid.need


def displacement(inputs: Inputs, alternative: str) -> list[float]:
    """Return the loss by displacement of each year, as it enters the net."""
    if alternative != DISPLACING:
        return [0.0] * inputs.years
    first = inputs.displaced * inputs.cost_factor * inputs.wage
    return [first, *(inputs.displaced_later * later for later in range(inputs.years - 1))]


def discount_factors(inputs: Inputs) -> list[float]:
    """Return the factor of each year; the first is 1."""
    return [(1 + inputs.discount_rate) ** -year for year in range(inputs.years)]


def social_account(inputs: Inputs) -> pd.DataFrame:
    """Compute Tabell 7-2.

    The loss by displacement enters as it stands: the first year needs no discounting, and what the printed net rows
    subtract in later years is not discounted.

    Returns
    -------
    pandas.DataFrame
        Columns alternative, item, year (``0`` ... and ``sum``) and value in kroner, discounted.
    """
    return pd.DataFrame(_social(inputs), columns=["alternative", "item", "year", "value"])


def _social(inputs: Inputs) -> Iterator[tuple[str, str, str, float]]:
    factors = discount_factors(inputs)
    for alternative in ALTERNATIVES:
        made, taxed = production(inputs, alternative), tax_cost(inputs, alternative)
        rows = {
            PRODUCTION: [factor * made for factor in factors],
            TAX_COST: [factor * taxed for factor in factors],
            DISPLACEMENT: displacement(inputs, alternative),
        }
        rows[NET] = [gain - cost - loss for gain, cost, loss in zip(*rows.values(), strict=True)]
        for item, values in rows.items():
            yield from ((alternative, item, str(year), value) for year, value in enumerate(values))
            yield alternative, item, SUM, sum(values)


def fiscal_account(inputs: Inputs) -> pd.DataFrame:
    """Compute Tabell 7-3.

    Returns
    -------
    pandas.DataFrame
        Columns alternative, item and value in kroner of the first year.
    """
    return pd.DataFrame(_fiscal(inputs), columns=["alternative", "item", "value"])


def _fiscal(inputs: Inputs) -> Iterator[tuple[str, str, float]]:
    base = financing(inputs, VLT).need
    for alternative in FINANCED:
        paid = financing(inputs, alternative)
        again = (inputs.vtao_paid - 1) * inputs.vtao_subsidy if alternative == VTAO else 0.0
        compared = BENEFIT if alternative == FULL_AND_HALF and inputs.change_of_benefit else alternative
        change = financing(inputs, compared).need + again - base
        values = (paid.subsidy, paid.disability, again, paid.tax, paid.need + again, change)
        yield from ((alternative, item, value) for item, value in zip(FISCAL_ITEMS, values, strict=True))


def net_benefit(inputs: Inputs) -> dict[str, float]:
    """Return the net of each alternative over all years, in kroner."""
    account = social_account(inputs)
    sums = account[(account["item"] == NET) & (account["year"] == SUM)]
    return dict(zip(sums["alternative"], map(float, sums["value"]), strict=True))
