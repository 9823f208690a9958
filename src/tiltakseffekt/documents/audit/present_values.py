"""Present values as functions of a duration, for the rules of an audit."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from tiltakseffekt.stages.cost_benefit.engine import Rates, discount_factors, stay_of_mean

_HALVINGS = 60


def present_value_of(rates: Rates, first: int, growth: float = 0.0) -> Callable[[float], float]:
    """Return the present value of one krone a month as a function of the number of months, the last one pro rata.

    Parameters
    ----------
    rates
        Discount rate and timing.
    first
        Month of the first krone, counted from the start month.
    growth
        Yearly real growth of the krone.
    """

    def value(duration: float) -> float:
        stay = stay_of_mean(max(duration, 0.0))
        months = np.arange(first, first + len(stay), dtype=np.float64)
        return float(stay @ discount_factors(months, rates.discount, growth, rates.timing))

    return value


def duration_of(value: Callable[[float], float], present: float, longest: float = 600.0) -> float:
    """Return the number of months with a present value, by bisection."""
    low, high = 0.0, longest
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if value(middle) < present else (low, middle)
    return (low + high) / 2


def months_until(cost: float, monthly: Sequence[float]) -> float:
    """Return the first month in which cumulated benefits reach a cost; infinity when they never do.

    Parameters
    ----------
    cost
        What is to be covered.
    monthly
        Present value of the benefits of month 1, 2, ...
    """
    reached = np.cumsum(np.asarray(monthly, dtype=np.float64)) >= cost
    return float(np.argmax(reached) + 1) if reached.any() else math.inf
