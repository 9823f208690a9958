"""The engine: one course of a measure as flows by month, on the budget account and on the account of society.

Every flow has two sides. The budget side is what public budgets pay (below zero) or save. The resource side is what
society uses up or gains. Society's net is the resource side plus the tax-financing cost of the budget side
(effektrapport_2024 l. 3113-3117), so that what is bought costs its price and the tax financing of it, and a transfer
the tax financing only.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.core.errors import Fault, FaultsFound

Timing = Literal["monthly", "yearly", "mid_year", "year_end"]
Array = NDArray[np.float64]
MONTHS_PER_YEAR: Final = 12

NAV: Final = "tiltakskostnader_finansiert_av_nav"
OTHER_SECTORS: Final = "tiltakskostnader_i_andre_sektorer"
ALLOWANCE: Final = "tiltakspenger"
CASEWORKER: Final = "merkostnad_nav_veileders_tidsbruk"
VALUE_CREATION: Final = "effekt_pa_verdiskaping"
SAVED_BENEFITS: Final = "spart_trygd_som_folge_av_okt_arbeid"
#: Items of the sum, in the order of Tabell 7-6.
ITEMS: Final = (NAV, OTHER_SECTORS, ALLOWANCE, CASEWORKER, VALUE_CREATION, SAVED_BENEFITS)
COST_ITEMS: Final = ITEMS[:4]
#: What the treasury sees beside the sum.
WAGE_TAX: Final = "skatt_pa_okt_lonn"
SOCIAL_NET: Final = "samfunnets_netto"
BENEFIT_ITEMS: Final = ITEMS[4:]


@dataclass(frozen=True)
class Span:
    """Months after the start in which one effect holds, both ends included."""

    first: int
    last: int


@dataclass(frozen=True)
class Rates:
    """What holds for every measure; shares and rates as numbers, 0.04 for 4 per cent.

    Parameters
    ----------
    discount, growth
        Yearly discount rate, and yearly real growth of what follows wages.
    timing
        When within the course of time an amount is discounted.
    tax_financing
        Cost to society per krone of public money.
    labour_cost
        Value of a krone of gross wage to society.
    saved_benefits
        Kroner of benefits saved per krone of wage, before tax.
    benefit_tax
        Share of benefits that is paid back as tax.
    """

    discount: float
    growth: float
    timing: Timing
    tax_financing: float
    labour_cost: float
    saved_benefits: float
    benefit_tax: float


@dataclass(frozen=True)
class MonthOnMeasure:
    """What a participant costs public budgets in a month on the measure, kroner.

    Parameters
    ----------
    bought
        What NAV buys.
    transferred
        Wage subsidy, a transfer.
    outside
        What other sectors buy; None when the measure has no such cost.
    allowance
        Tiltakspenger, a transfer.
    caseworker
        Time of caseworkers.
    """

    bought: float
    transferred: float
    outside: float | None
    allowance: float
    caseworker: float


@dataclass(frozen=True)
class Case:
    """One course of a measure under one set of assumptions.

    Parameters
    ----------
    rates, month
        What holds for all measures, and what a month on this one costs.
    stay
        Share of the participants who are on the measure in month 0, 1, ...
    effects
        Effect on the monthly wage in each span, kroner.
    spans
        Months in which each effect holds.
    deadweight
        Share of the effect that would have come without the measure. Zero for effects against a control group, which
        are net of it.
    displacement
        Share of the effect that is lost because others lose work.
    fade_out
        Share of the last effect that is lost each year after its first year.
    lasting
        Times as long as those of other measures that the effects last.
    first_cost
        Month in which the course begins to cost: 0, the start month, or 1, the month after it, in which effects begin.
    """

    rates: Rates
    month: MonthOnMeasure
    stay: Array
    effects: tuple[float, ...]
    spans: tuple[Span, ...]
    deadweight: float = 0.0
    displacement: float = 0.0
    fade_out: float = 0.0
    lasting: float = 1.0
    first_cost: int = 0


@dataclass(frozen=True)
class Flow:
    """One item by month.

    Parameters
    ----------
    item
        Key of the item.
    first
        Month after the start month of the first amount.
    resource, budget
        The two sides by month, kroner.
    growth
        Yearly real growth of the amounts.
    """

    item: str
    first: int
    resource: Array = field(repr=False)
    budget: Array = field(repr=False)
    growth: float

    @property
    def months(self) -> Array:
        """The months of the amounts."""
        return np.arange(self.first, self.first + len(self.budget), dtype=np.float64)


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
        one factor. ``mid_year`` and ``year_end``: the same, half a year and a year later.
    """
    return ((1 + growth) / (1 + rate)) ** _years(months, timing)


_DELAY: Final = {"yearly": 0.0, "mid_year": 0.5, "year_end": 1.0}


def _years(months: Array, timing: Timing) -> Array:
    if timing == "monthly":
        return months / MONTHS_PER_YEAR
    return np.ceil(months / MONTHS_PER_YEAR) - (months > 0) + _DELAY[timing]


def stay_of_mean(duration: float) -> Array:
    """Return the share on the measure by month when all stay as long, the last month pro rata."""
    return np.minimum(1.0, duration - np.arange(math.ceil(duration), dtype=np.float64))


def stay_of_durations(durations: Array) -> Array:
    """Return the share on the measure by month of persons who stay for different times.

    The sum of the shares is the mean duration; the months lie later than those of `stay_of_mean`.
    """
    months = np.arange(math.ceil(durations.max(initial=0.0)), dtype=np.float64)
    return np.array([np.clip(durations - month, 0.0, 1.0).mean() for month in months])


def effect_path(case: Case) -> Array:
    """Return the effect on the monthly wage in month 1, 2, ... after deadweight, displacement and fading."""
    path = np.zeros(max((span.last for span in case.spans), default=0))
    for effect, span in zip(case.effects, case.spans, strict=True):
        path[span.first - 1 : span.last] = effect
    if case.fade_out and case.spans:
        last = case.spans[-1]
        years = (np.arange(last.first, last.last + 1) - last.first) // MONTHS_PER_YEAR
        path[last.first - 1 :] *= (1 - case.fade_out) ** years
    return path * (1 - case.deadweight) * (1 - case.displacement)


def course_flows(case: Case) -> tuple[Flow, ...]:
    """Return every priced item of one course by month.

    Raises
    ------
    FaultsFound
        If the effects end before the course does.
    """
    wages = effect_path(case)
    if case.spans and len(case.stay) > len(wages):
        raise FaultsFound(
            [
                Fault(
                    "prices.yaml",
                    "effect_persistence",
                    "the horizon of the effects ends before the course does",
                    1,
                    "Let effects last at least as long as the measure.",
                )
            ]
        )
    rates, month, stay, start = case.rates, case.month, case.stay, case.first_cost
    nothing = np.zeros(len(stay))
    saved = rates.saved_benefits * (1 - rates.benefit_tax) * wages
    outside = [] if month.outside is None else [Flow(OTHER_SECTORS, start, *(-month.outside * stay,) * 2, 0.0)]
    return (
        Flow(NAV, start, -month.bought * stay, -(month.bought + month.transferred) * stay, 0.0),
        *outside,
        Flow(ALLOWANCE, start, nothing, 0.0 - month.allowance * stay, 0.0),
        Flow(CASEWORKER, start, *(-month.caseworker * stay,) * 2, 0.0),
        Flow(VALUE_CREATION, 1, rates.labour_cost * wages, np.zeros(len(wages)), rates.growth),
        Flow(SAVED_BENEFITS, 1, np.zeros(len(wages)), saved, rates.growth),
    )


def social_values(case: Case) -> dict[str, float]:
    """Return the present value of every item to society, kroner."""
    rates = case.rates
    return {
        flow.item: float(
            (flow.resource + rates.tax_financing * flow.budget)
            @ discount_factors(flow.months, rates.discount, flow.growth, rates.timing)
        )
        for flow in course_flows(case)
    }


def net_benefit(case: Case) -> float:
    """Return the net benefit of one course to society, kroner."""
    return sum(social_values(case).values())


def by_year(case: Case, years: int, wage_tax: float) -> dict[str, Array]:
    """Return what public budgets pay and save in each year after the start, and what society is left with.

    Nothing is discounted; amounts that follow wages grow with them.

    Parameters
    ----------
    case
        The course.
    years
        Number of years.
    wage_tax
        What the treasury gets of a krone of wage, employers' contribution included. It is a transfer that the sum of
        the priced effects leaves out, as the document does; here it stands apart.

    Returns
    -------
    dict of str to array
        The budget side of every item, `WAGE_TAX`, and `SOCIAL_NET`, each in kroner of the price year, shape (years,).
    """
    flows = course_flows(case)
    result = {flow.item: _sums_by_year(flow, flow.budget, case, years) for flow in flows}
    wages = Flow(WAGE_TAX, 1, np.zeros(0), wage_tax * effect_path(case), case.rates.growth)
    result[WAGE_TAX] = _sums_by_year(wages, wages.budget, case, years)
    social = [_sums_by_year(f, f.resource + case.rates.tax_financing * f.budget, case, years) for f in flows]
    result[SOCIAL_NET] = np.sum(social, axis=0)
    return result


def _sums_by_year(flow: Flow, side: Array, case: Case, years: int) -> Array:
    amounts = side * (1 + flow.growth) ** _years(flow.months, case.rates.timing)
    year = np.minimum(np.maximum(flow.months - flow.first, 0) // MONTHS_PER_YEAR, years).astype(int)
    return np.bincount(year, weights=amounts, minlength=years + 1)[:years].astype(np.float64)


def span_weights(spans: Sequence[Span], rates: Rates) -> Array:
    """Return the present value of one krone of monthly wage through each span, shape (spans,)."""
    return np.array(
        [
            discount_factors(
                np.arange(span.first, span.last + 1, dtype=np.float64), rates.discount, rates.growth, rates.timing
            ).sum()
            for span in spans
        ]
    )


def wage_weights(case: Case) -> Array:
    """Return the present value of a krone of each effect after all that is lost of it, shape (effects,)."""
    if not case.effects:
        return np.zeros(0)
    alone = np.array([effect_path(replace(case, effects=tuple(unit))) for unit in np.eye(len(case.effects))])
    months = np.arange(1, alone.shape[1] + 1, dtype=np.float64)
    factors: Array = discount_factors(months, case.rates.discount, case.rates.growth, case.rates.timing)
    weights: Array = alone @ factors
    return weights
