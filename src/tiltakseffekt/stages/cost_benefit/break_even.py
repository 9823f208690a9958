"""What must hold for a measure just to be profitable, by root finding on the engine."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.optimize import brentq

from tiltakseffekt.stages.cost_benefit.engine import (
    BENEFIT_ITEMS,
    Case,
    MonthOnMeasure,
    course_flows,
    discount_factors,
    net_benefit,
    social_values,
    stay_of_mean,
)

_LARGEST_SHARE: Final = 10.0


def root(function: Callable[[float], float], low: float, high: float) -> float | None:
    """Return where a function crosses zero between two points; None when it has the same sign at both."""
    at_low, at_high = function(low), function(high)
    if at_low == 0:
        return low
    if at_low * at_high > 0:
        return None
    return float(brentq(function, low, high, xtol=1e-10, rtol=1e-12))


def break_even_share(case: Case, late_only: bool = False) -> float | None:
    """Return the share of the effects at which the net benefit is zero.

    Parameters
    ----------
    case
        The course.
    late_only
        Whether only the last effect is scaled, the others kept.

    Returns
    -------
    float or None
        None when not even ten times the effects cover the costs.
    """

    def net(share: float) -> float:
        early = case.effects[:-1] if late_only else tuple(share * effect for effect in case.effects[:-1])
        return net_benefit(replace(case, effects=(*early, share * case.effects[-1])))

    return root(net, 0.0, _LARGEST_SHARE)


def break_even_later_effect(case: Case) -> float | None:
    """Return the monthly wage effect from year 2 on, with none in year 1, at which the net benefit is zero."""
    count = len(case.effects)
    return root(lambda effect: net_benefit(replace(case, effects=(0.0, *[effect] * (count - 1)))), 0.0, 1e6)


def break_even_month(case: Case) -> int | None:
    """Return the first month after the start by which the benefits have covered the costs; None when they never do."""
    rates, values = case.rates, social_values(case)
    costs = -sum(value for item, value in values.items() if item not in BENEFIT_ITEMS)
    cumulated = np.zeros(1)
    for flow in course_flows(case):
        if flow.item in BENEFIT_ITEMS:
            factors = discount_factors(flow.months, rates.discount, flow.growth, rates.timing)
            amounts = (flow.resource + rates.tax_financing * flow.budget) * factors
            cumulated = cumulated + np.cumsum(amounts)
    reached = cumulated >= costs
    return int(np.argmax(reached)) + 1 if reached.any() else None


def net_at_duration(case: Case, duration: float) -> float:
    """Return the net benefit when the course lasts another time and has the same effects."""
    return net_benefit(replace(case, stay=stay_of_mean(duration)))


def caseworker_hours_at_zero(case: Case, hours: float) -> float | None:
    """Return the hours of a caseworker per month at which the net benefit is zero.

    Parameters
    ----------
    case
        The course.
    hours
        Hours per month in the case.
    """
    price = case.month.caseworker / hours

    def net(given: float) -> float:
        month: MonthOnMeasure = replace(case.month, caseworker=given * price)
        return net_benefit(replace(case, month=month))

    return root(net, 0.0, 1e4)


def largest_loss_of_effect(case: Case) -> float | None:
    """Return the share of the effects, 0-1, that may be lost to displacement or deadweight before the net is zero."""
    return root(lambda share: net_benefit(replace(case, displacement=share)), 0.0, 1.0)
