"""Uføretrygd, varig lønnstilskudd and the subsidies of the neighbours, as functions of kroner."""

from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import Disability, Subsidy


def disability_benefit(income_before: float, degree: float, basic_amount: float, rules: Disability) -> float:
    """Return yearly uføretrygd before any reduction for income.

    Parameters
    ----------
    income_before
        Yearly income that the benefit is computed of.
    degree
        Degree of disability, 0-1.
    basic_amount
        Grunnbeløpet.
    rules
        Rate and ceiling.
    """
    counted = min(income_before, rules.income_ceiling.value * basic_amount)
    return degree * rules.rate.share * counted


def reduced_benefit(
    full_benefit: float,
    income: float,
    income_before: float,
    basic_amount: float,
    rules: Disability,
    in_vta: bool = False,
) -> float:
    """Return full uføretrygd as it is paid to someone with income.

    Income up to a limit changes nothing. Beyond it each krone takes from the benefit what the full benefit replaces of
    a krone of former income, and nothing is paid when the income passes most of the former one.

    Parameters
    ----------
    full_benefit
        Yearly benefit at degree 100.
    income
        Yearly income beside it.
    income_before
        Inntekt før uførhet (IFU), at today's level.
    basic_amount
        Grunnbeløpet.
    rules
        Limits.
    in_vta
        Whether the person is in VTA, where the limit is higher.
    """
    limit = (rules.income_limit.value + (rules.vta_income_limit.value if in_vta else 0.0)) * basic_amount
    if income <= limit:
        return full_benefit
    if income > rules.income_stop.share * income_before:
        return 0.0
    return max(0.0, full_benefit - full_benefit / income_before * (income - limit))


def wage_subsidy(
    labour_cost: float,
    rate: float,
    basic_amount: float,
    rules: Subsidy,
    *,
    first_year: bool = False,
    position: float = 1.0,
) -> float:
    """Return yearly varig lønnstilskudd.

    Parameters
    ----------
    labour_cost
        What the employer pays per year.
    rate
        Rate that NAV has granted, 0-1; more than the ceiling is not paid.
    basic_amount
        Grunnbeløpet, of which the cap is a multiple.
    rules
        Ceilings and cap.
    first_year
        Whether the higher ceiling of the first year holds.
    position
        Part of a full-time position, 0-1, which lowers the cap.
    """
    ceiling = rules.first_year_ceiling if first_year else rules.later_ceiling
    return min(min(rate, ceiling.share) * labour_cost, rules.cap.value * basic_amount * position)


def flexjob_subsidy(wage: float, threshold: float, lower_rate: float, upper_rate: float) -> float:
    """Return the Danish subsidy per month of a wage in the currency of the threshold, before the cap at full pay."""
    return lower_rate * min(wage, threshold) + upper_rate * max(0.0, wage - threshold)
