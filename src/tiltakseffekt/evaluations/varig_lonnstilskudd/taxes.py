"""Tax and what an employer pays, as functions of yearly kroner."""

from dataclasses import dataclass
from typing import Protocol

from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import LabourCost, Tax


class TaxRule(Protocol):
    """What the treasury gets of a person's wage and benefit."""

    def __call__(self, wage: float, benefit: float) -> float:
        """Return tax in kroner per year."""
        ...


def ordinary_tax(income: float, rules: Tax) -> float:
    """Return tax on ordinary income: the income less minstefradrag and personfradrag, at one rate."""
    deduction = min(rules.minimum_deduction_rate.share * income, rules.minimum_deduction_limit.value)
    return rules.ordinary_rate.share * max(0.0, income - deduction - rules.personal_allowance.value)


def social_security(income: float, rules: Tax) -> float:
    """Return trygdeavgift: none below the floor, phased in above it."""
    phased_in = rules.social_security_phase_in.share * max(0.0, income - rules.social_security_floor.value)
    return min(rules.social_security_rate.share * income, phased_in)


def bracket_tax(income: float, rules: Tax) -> float:
    """Return trinnskatt."""
    tax, taxed = 0.0, income
    for bracket in reversed(rules.brackets):
        above = max(0.0, taxed - bracket.above)
        tax += bracket.rate / 100 * above
        taxed -= above
    return tax


def income_tax(income: float, rules: Tax) -> float:
    """Return what a person in tax class 1 pays of wage and uføretrygd together; both are taxed alike.

    Parameters
    ----------
    income
        Kroner per year.
    rules
        Rates of one year.
    """
    return ordinary_tax(income, rules) + social_security(income, rules) + bracket_tax(income, rules)


def employer_contribution(wage: float, rules: Tax) -> float:
    """Return arbeidsgiveravgift of a wage; benefits carry none."""
    return rules.employer_contribution.share * wage


def labour_cost(wage: float, rules: Tax, parts: LabourCost) -> float:
    """Return what an employer pays: wage, holiday pay and pension, and arbeidsgiveravgift on all three."""
    paid = wage * (1 + parts.holiday_pay.share + parts.occupational_pension.share)
    return paid + employer_contribution(paid, rules)


@dataclass(frozen=True)
class StatutoryTax:
    """Income tax of wage and benefit, and arbeidsgiveravgift of the wage."""

    rules: Tax

    def __call__(self, wage: float, benefit: float) -> float:
        """Return tax in kroner per year."""
        return income_tax(wage + benefit, self.rules) + employer_contribution(wage, self.rules)


@dataclass(frozen=True)
class LinearTax:
    """A rate of wage and benefit alike, less a fixed amount: the simplest rule that fits printed taxes.

    Parameters
    ----------
    rate
        Tax of a further krone, 0-1.
    allowance
        Kroner of tax spared per year.
    """

    rate: float
    allowance: float

    def __call__(self, wage: float, benefit: float) -> float:
        """Return tax in kroner per year."""
        return self.rate * (wage + benefit) - self.allowance
