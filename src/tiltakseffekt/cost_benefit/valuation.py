"""Present values and the items of the analysis (seed-004 7.3): pure arithmetic in kroner of the price year.

The start month is month 0 and is not discounted. A course of D months fills months 0, 1, ... (the last one pro
rata); effects count in months 1, 2, ..., as the outcomes do.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.cost_benefit.parameters import General, Measure

Timing = Literal["monthly", "yearly"]
Array = NDArray[np.float64]
MONTHS_PER_YEAR = 12


def discount_factors(months: Array, rate: float, growth: float, timing: Timing) -> Array:
    """Return what a krone in each month is worth in the start month: ((1 + growth) / (1 + rate)) ** years.

    Parameters
    ----------
    months
        Months after the start month.
    rate, growth
        Yearly discount rate and yearly real growth of the amount, 0.04 for 4 per cent.
    timing
        ``monthly``: years = months / 12. ``yearly``: whole years begun before the month, so that months 1-12 share
        one factor.
    """
    years = months / MONTHS_PER_YEAR if timing == "monthly" else np.ceil(months / MONTHS_PER_YEAR) - (months > 0)
    return ((1 + growth) / (1 + rate)) ** years


def present_months(duration: float, general: General) -> float:
    """Return the present value of one krone in each month of a course, the last month pro rata.

    Parameters
    ----------
    duration
        Months on the measure; the first is the start month.
    general
        Discount rate and timing.
    """
    months = np.arange(math.ceil(duration), dtype=np.float64)
    parts = np.minimum(1.0, duration - months)
    factors = discount_factors(months, general.discount_rate.share, 0.0, general.timing.value)
    return float(parts @ factors)


@dataclass(frozen=True)
class Span:
    """Months after the start in which one effect holds, both ends included."""

    first: int
    last: int


def effect_spans(persistence: int, late_persistence: int | None = None) -> tuple[Span, ...]:
    """Return the months in which the effect of each year holds (seed-004 l. 3440-3443).

    Parameters
    ----------
    persistence
        Year to the end of which the effect of year 3 lasts.
    late_persistence
        Year to the end of which an effect that begins in year 4 lasts; that of year 3 then holds in year 3 only.
    """
    ends = [1, 2, persistence] if late_persistence is None else [1, 2, 3, late_persistence]
    starts = [0, *ends[:-1]]
    return tuple(
        Span(start * MONTHS_PER_YEAR + 1, end * MONTHS_PER_YEAR) for start, end in zip(starts, ends, strict=True)
    )


def wage_weights(spans: Sequence[Span], general: General) -> Array:
    """Return the present value of one krone of monthly wage through each span, shape (spans,)."""
    return np.array(
        [
            discount_factors(
                np.arange(span.first, span.last + 1, dtype=np.float64),
                general.discount_rate.share,
                general.real_wage_growth.share,
                general.timing.value,
            ).sum()
            for span in spans
        ]
    )


def saved_benefits_per_wage(general: General) -> float:
    """Return the tax-financing cost saved per krone of wage: benefits after tax are a transfer (l. 3452-3490)."""
    net = general.saved_benefits_share.share * (1 - general.tax_on_benefits.share)
    return net * general.tax_financing_cost.share


def measure_price(measure: Measure, general: General) -> float:
    """Return what NAV buys for a participant in a month: the measure, mentor and inkluderingstilskudd."""
    price = measure.price.value if measure.price else 0.0
    mentor = measure.mentor_share.share * general.mentor_month.value if measure.mentor_share else 0.0
    grant = (
        measure.inclusion_grant_share.share * general.inclusion_grant_month.value
        if measure.inclusion_grant_share
        else 0.0
    )
    return price + mentor + grant


def transfer(measure: Measure) -> float:
    """Return the wage subsidy per month, on-costs of the covered part included (l. 3319-3324)."""
    subsidy = measure.wage_subsidy
    if subsidy is None:
        return 0.0
    return subsidy.gross_wage.value * subsidy.covered_share.share * (1 + subsidy.on_costs.share)


def caseworker_hours(measure: Measure, general: General) -> float:
    """Return the extra hours of a caseworker per month on the measure (l. 3342-3356)."""
    per_month = general.caseworker_hours.value / general.caseworker_measure_months.value
    return per_month * measure.caseworker_factor.value


@dataclass(frozen=True)
class Costs:
    """Cost of one course to society, kroner; None where a measure has no such item.

    ``*_month`` are what the budget pays per month.
    """

    nav_month: float
    nav: float
    other_sectors: float | None
    caseworker_month: float
    caseworker: float
    tiltakspenger_month: float
    tiltakspenger: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.nav + (self.other_sectors or 0.0) + self.caseworker + self.tiltakspenger


def course_costs(measure: Measure, general: General, duration: float, tiltakspenger_share: float) -> Costs:
    """Price one course of a measure.

    What is bought costs its price and the tax financing of it; what is transferred costs the tax financing only.

    Parameters
    ----------
    measure, general
        Prices, shares and rates.
    duration
        Months on the measure.
    tiltakspenger_share
        Share of those months with tiltakspenger, 0-1.
    """
    tax = general.tax_financing_cost.share
    months = present_months(duration, general)
    bought, transferred = measure_price(measure, general), transfer(measure)
    caseworker = caseworker_hours(measure, general) * general.caseworker_hour_price.value
    allowance = tiltakspenger_share * general.tiltakspenger_per_day.value * general.tiltakspenger_days.value
    others = measure.other_sectors
    outside = others.price.value / MONTHS_PER_YEAR * others.share.share if others else None
    return Costs(
        nav_month=bought + transferred,
        nav=((1 + tax) * bought + tax * transferred) * months,
        other_sectors=None if outside is None else (1 + tax) * outside * months,
        caseworker_month=caseworker,
        caseworker=(1 + tax) * caseworker * months,
        tiltakspenger_month=allowance,
        tiltakspenger=tax * allowance * months,
    )


@dataclass(frozen=True)
class Benefits:
    """Value of one course to society, kroner, with standard errors; these are missing when the effects have none."""

    value_creation: float
    value_creation_se: float
    saved_benefits: float
    saved_benefits_se: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.value_creation + self.saved_benefits

    @property
    def total_se(self) -> float:
        """Standard error of the total: both items are multiples of one wage stream."""
        return self.value_creation_se + self.saved_benefits_se


def course_benefits(
    effects: Sequence[float], covariance: Array | None, spans: Sequence[Span], general: General
) -> Benefits:
    """Value the effects of one course on wages.

    Parameters
    ----------
    effects
        Effect on the monthly wage in each span, kroner.
    covariance
        Their covariance, shape (spans, spans); None when they are specified, not estimated.
    spans
        The months in which each effect holds.
    general
        Rates, and what wages are worth.

    Notes
    -----
    Everything is linear in the effects, so the standard errors are exact: the root of w' V w with the present-value
    weights w.
    """
    weights = wage_weights(spans, general)
    wages = float(weights @ np.asarray(effects, dtype=np.float64))
    se = math.nan if covariance is None else math.sqrt(max(0.0, float(weights @ covariance @ weights)))
    labour, saved = general.labour_cost_factor.value, saved_benefits_per_wage(general)
    return Benefits(labour * wages, labour * se, saved * wages, saved * se)
