"""From parameters to cases of the engine: what months of a measure cost and have as effects (effektrapport_2024 7.3).

The start month is month 0 and is not discounted. A course of D months fills months 0, 1, ... (the last one pro
rata); effects count in months 1, 2, ..., as the outcomes do.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tiltakseffekt.stages.cost_benefit.engine import (
    BENEFIT_ITEMS,
    COST_ITEMS,
    MONTHS_PER_YEAR,
    Array,
    Case,
    MonthOnMeasure,
    Rates,
    Span,
    social_values,
    wage_weights,
)
from tiltakseffekt.stages.cost_benefit.parameters import General, Measure


def rates_of(general: General) -> Rates:
    """Return the rates of the parameters."""
    return Rates(
        discount=general.discount_rate.share,
        growth=general.real_wage_growth.share,
        timing=general.timing.value,
        tax_financing=general.tax_financing_cost.share,
        labour_cost=general.labour_cost_factor.value,
        saved_benefits=general.saved_benefits_share.share,
        benefit_tax=general.tax_on_benefits.share,
    )


def month_on_measure(measure: Measure, general: General, tiltakspenger_share: float) -> MonthOnMeasure:
    """Return what a participant costs in a month on the measure.

    Parameters
    ----------
    measure, general
        Prices and shares.
    tiltakspenger_share
        Share of the months with tiltakspenger, 0-1.
    """
    others = measure.other_sectors
    return MonthOnMeasure(
        bought=measure_price(measure, general),
        transferred=transfer(measure),
        outside=others.price.value / MONTHS_PER_YEAR * others.share.share if others else None,
        allowance=tiltakspenger_share * general.tiltakspenger_per_day.value * general.tiltakspenger_days.value,
        caseworker=caseworker_hours(measure, general) * general.caseworker_hour_price.value,
    )


def effect_spans(persistence: int, late_persistence: int | None = None) -> tuple[Span, ...]:
    """Return the months in which the effect of each year holds (effektrapport_2024 l. 3440-3443).

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
class Valued:
    """What one course is worth to society by item, kroner, costs below zero; standard errors where effects have them.

    Parameters
    ----------
    values
        Item to its present value; items that a measure does not have are left out.
    wage_se
        Standard error of the present value of the wages.
    rates
        What wages are worth.
    """

    values: Mapping[str, float]
    wage_se: float
    rates: Rates

    @property
    def net(self) -> float:
        """All of it."""
        return sum(self.values.values())

    @property
    def costs(self) -> float:
        """The costs, above zero."""
        return -sum(self.values.get(item, 0.0) for item in COST_ITEMS)

    @property
    def benefits(self) -> float:
        """What the effects are worth."""
        return sum(self.values[item] for item in BENEFIT_ITEMS)

    def se(self, item: str) -> float:
        """Return the standard error of an item; both benefits are multiples of one wage stream."""
        match item:
            case "effekt_pa_verdiskaping":
                return self.rates.labour_cost * self.wage_se
            case "spart_trygd_som_folge_av_okt_arbeid":
                return saved_per_wage(self.rates) * self.wage_se
            case _:
                return math.nan

    @property
    def net_se(self) -> float:
        """Standard error of the net; costs are taken as known."""
        return sum(self.se(item) for item in BENEFIT_ITEMS)


def saved_per_wage(rates: Rates) -> float:
    """Return the tax-financing cost saved per krone of wage: benefits after tax are a transfer (l. 3452-3490)."""
    return rates.saved_benefits * (1 - rates.benefit_tax) * rates.tax_financing


def value_case(case: Case, covariance: Array | None = None) -> Valued:
    """Value one course.

    Parameters
    ----------
    case
        The course.
    covariance
        Of its effects, shape (spans, spans); None when they are specified, not estimated.

    Notes
    -----
    Everything is linear in the effects, so the standard errors are exact: the root of w' V w with the present-value
    weights w.
    """
    se = math.nan
    if covariance is not None:
        weights = wage_weights(case)
        se = math.sqrt(max(0.0, float(weights @ covariance @ weights)))
    return Valued(social_values(case), se, case.rates)
