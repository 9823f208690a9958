"""Which unrounded inputs the cost-benefit tables of effektrapport_2024 leave possible, over all cells at once."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tiltakseffekt.documents.audit.course_rules import (
    note_under_7_5,
    outside_cost,
    price_rule,
    printed_costs,
    social_price,
)
from tiltakseffekt.documents.audit.formulas import Name
from tiltakseffekt.documents.audit.intervals import Interval
from tiltakseffekt.documents.audit.linear import ANY, System, exp_range, log_range
from tiltakseffekt.documents.audit.present_values import duration_of
from tiltakseffekt.documents.audit.reading import (
    ALLOWANCE_ROW,
    BREAK_EVEN,
    BUDGET,
    CASEWORKER_ROW,
    COST,
    DURATION,
    EDUCATION,
    EFFECTS,
    HOUR_PRICE,
    LASTS,
    MONTHLY,
    NAV_ROW,
    OTHER_ROW,
    PER_CENT,
    SAVED_ROW,
    SHARE,
    SUM,
    TIMINGS,
    VALUED,
    WAGE,
    WORK_ROW,
    WORTH,
    Convention,
    Reading,
)
from tiltakseffekt.stages.cost_benefit.engine import Timing

_ABOVE: Final = Interval(0.0, math.inf)
#: Less than covered, by a krone at least.
_BELOW: Final = Interval(-math.inf, -1.0)
#: How many values are tried of what enters in no linear way.
_HOUR_PRICES: Final = 7
_LENGTHS: Final = 15
_POSITIVE: Final = Interval(0.1, 600.0)


def cost_system(reading: Reading, prices: Mapping[str, Interval] | None = None) -> System:
    """Return what the cost tables say jointly of the months that each course really counts, in logarithms.

    Unknowns of a measure: ``months`` (present value of a krone each month), ``price`` (monthly cost to society of what
    NAV pays) and ``share`` (with tiltakspenger). One price of an hour holds for all.

    Parameters
    ----------
    reading
        The cells.
    prices
        What other tables leave for the price of a measure.
    """
    cells, tax = reading.cells, reading.rates.tax_financing
    unknowns = {"hour": log_range(cells[HOUR_PRICE].interval)}
    for key in VALUED:
        share = cells[reading.cell("tabell-7-4", key, SHARE)].interval
        unknowns |= {f"{key} share": log_range(share)}
        unknowns[f"{key} months"] = log_range(_POSITIVE)
        unknowns[f"{key} price"] = log_range(_both(_price_range(reading, key), (prices or {}).get(key, ANY)))
    system = System(unknowns)
    for key in VALUED:
        hours, day = reading.hours(key), reading.parameters.general.tiltakspenger_per_day.value
        daily = day * reading.parameters.general.tiltakspenger_days.value / 100
        present, price, share_of = f"{key} months", f"{key} price", f"{key} share"

        def row(
            table: str, column: str, powers: Mapping[str, float], factor: float, sign: int = 1, key: str = key
        ) -> None:
            name = reading.cell(table, key, column)
            if name in cells:
                interval = cells[name].interval
                system.product(name, powers, factor, interval if sign > 0 else -interval)

        if key != WAGE:
            row("tabell-7-2", COST, {present: 1, price: 1}, 1.0)
        row("tabell-7-3", MONTHLY, {"hour": 1}, hours)
        row("tabell-7-3", COST, {"hour": 1, present: 1}, (1 + tax) * hours)
        row("tabell-7-4", MONTHLY, {share_of: 1}, daily)
        row("tabell-7-4", COST, {share_of: 1, present: 1}, tax * daily)
        row("tabell-7-6", NAV_ROW, {present: 1, price: 1}, 1.0, -1)
        row("tabell-7-6", CASEWORKER_ROW, {"hour": 1, present: 1}, (1 + tax) * hours, -1)
        row("tabell-7-6", ALLOWANCE_ROW, {share_of: 1, present: 1}, tax * daily, -1)
        if outside := outside_cost(reading, key):
            row("tabell-7-6", OTHER_ROW, {present: 1}, (1 + tax) * outside, -1)
    return system


def _price_range(reading: Reading, key: str) -> Interval:
    """Return the interval of the monthly cost to society of what NAV pays."""
    rule = price_rule(reading, key)
    printed = reading.cells[rule.cell].interval
    month = printed
    if rule.formula is not None:
        implied = rule.formula.over({name: reading.cells[name].interval for name in rule.formula.names()})
        month = _both(printed, implied)
    return social_price(reading, key, Name("month")).over({"month": month})


def effect_system(reading: Reading, key: str, cost: Interval, month_cost: Interval) -> System:
    """Return what the tables say jointly of the unrounded effects of a measure.

    Unknowns: the three effects, ``cost`` of the course and ``month_cost``, what a month on the measure costs society.

    Parameters
    ----------
    reading, key
        The cells and the measure.
    cost, month_cost
        What the cost tables leave for the two.
    """
    system = System(dict.fromkeys([*reading.effects(key), "cost", "month_cost"], ANY))
    system.between(reading.cell("tabell-7-2", key, COST), {"cost": 1}, cost)
    system.between(reading.cell("tabell-7-2", key, BUDGET), {"month_cost": 1}, month_cost)
    _effect_rows(reading, key, system, {"month_cost": 1.0}, 0.0, None)
    return system


def _effect_rows(
    reading: Reading,
    key: str,
    system: System,
    month: Mapping[str, float],
    fixed: float,
    present: float | None,
) -> None:
    """Add the rows of effects, sums, break-even values and longest courses.

    Parameters
    ----------
    reading, key, system
        The cells, the measure and the system.
    month, fixed
        Monthly cost as a weighted sum of unknowns and a known amount.
    present
        Present months of a course; None when its cost is the unknown ``cost``.
    """
    cells, effects = reading.cells, reading.effects(key)
    for name in effects:
        system.between(name, {name: 1}, cells[name].interval)
    value = dict(zip(effects, map(float, reading.worth(key)), strict=True))
    both = {name: reading.with_benefits * weight for name, weight in value.items()}

    def row(
        name: str, benefits: Mapping[str, float], months: float | None, interval: Interval, scale: float = 1
    ) -> None:
        """Require that benefits less `months` of costs (None: those of the course) lie in an interval."""
        if months is None and present is None:
            costs, known = {"cost": 1.0}, 0.0
        else:
            times = months if months is not None else float(present or 0.0)
            costs, known = {unknown: times * weight for unknown, weight in month.items()}, times * fixed
        moved = interval + Interval.exactly(scale * known)
        less = {unknown: -scale * weight for unknown, weight in costs.items()}
        system.between(name, {**benefits, **less}, moved)

    def cell(table: str, column: str) -> str:
        return reading.cell(table, key, column)

    worth = cell("tabell-7-5", WORTH)
    years = note_under_7_5(reading)[1] if key == EDUCATION else None
    printed_value = dict(zip(effects, map(float, reading.worth(key, years)), strict=True))
    system.between(worth, printed_value, cells[worth].interval)
    work, saved, net = (cell("tabell-7-6", column) for column in (WORK_ROW, SAVED_ROW, SUM))
    system.between(work, value, cells[work].interval)
    system.between(saved, {name: both[name] - value[name] for name in effects}, cells[saved].interval)
    row(net, both, None, cells[net].interval)
    for suffix in ("", " ved forlengelse"):
        longest, name = cell("tabell-7-8", f"Maksimal varighet{suffix}"), cell("tabell-7-8", f"{SUM}{suffix}")
        if longest in cells:
            row(name, both, reading.cost_months(cells[longest].value), cells[name].interval)
    amount, share, lasts = (cell("tabell-7-7", column) for column in (BREAK_EVEN, PER_CENT, LASTS))
    if amount in cells and share not in cells:
        later = both[effects[1]] + both[effects[2]]
        row(amount, {}, None, -cells[amount].interval, 1 / later)
    if share not in cells:
        return
    per_cent = cells[share].value / 100
    system.between(amount, {effects[2]: per_cent}, cells[amount].interval)
    scaled = effects[2:] if key == EDUCATION else effects
    for part, interval in ((per_cent, _ABOVE), (per_cent - 0.01, _BELOW)):
        row(share, {name: both[name] * (part if name in scaled else 1.0) for name in effects}, None, interval)
    by_month = [reading.monthly_worth(key, tuple(float(name == other) for other in effects)) for name in effects]
    last = round(cells[lasts].value)
    for months, interval in ((last, _ABOVE), (last - 1, _BELOW)):
        weights = {name: float(worth[:months].sum()) for name, worth in zip(effects, by_month, strict=True)}
        row(lasts, weights, None, interval)


@dataclass(frozen=True)
class Joint:
    """What all tables say together.

    Parameters
    ----------
    exceptions
        Names of the cells that must be given up for the rest to hold: a smallest set.
    conflicts
        For each of them, the cells with which it cannot hold.
    inferred
        Feasible intervals of inputs by name of the cell that prints them: durations, the price of an hour, effects.
    durations, month, hour_price, effects
        One set of unrounded inputs in the middle of what is feasible.
    """

    exceptions: tuple[str, ...]
    conflicts: Mapping[str, tuple[str, ...]]
    inferred: Mapping[str, Interval]
    durations: Mapping[str, float]
    shares: Mapping[str, float]
    prices: Mapping[str, float]
    hour_price: float
    effects: Mapping[str, tuple[float, ...]]


def infer(reading: Reading) -> Joint:
    """Solve for the inputs that the document does not print, over all cells at once.

    Of the effects of Oppfølging, either that of year 1 or that of year 2 must differ from what is printed besides that
    of later years. The text says that there is no effect in the first year (l. 2544), so that of year 2 is trusted.
    """
    exceptions, conflicts, prices = _exceptions(reading)
    costs = cost_system(reading, prices)
    inferred = {HOUR_PRICE: _range(costs, "hour")}
    for key in VALUED:
        present = _range(costs, f"{key} months")
        inferred[reading.cell("tabell-7-2", key, DURATION)] = present.through(_duration(reading))
        rest = effect_system(reading, key, *_cost_ranges(reading, key, costs)).without(exceptions)
        for name in reading.effects(key):
            found = rest.range_of({name: 1})
            if found is not None and not set(reading.effects(key)).isdisjoint(exceptions):
                inferred[name] = found
    hours = np.linspace(inferred[HOUR_PRICE].low, inferred[HOUR_PRICE].high, _HOUR_PRICES)[1:-1]
    sets = [_inputs(reading, costs, exceptions, float(hour)) for hour in hours]
    hour, points = max(zip(hours, sets, strict=True), key=lambda found: len(found[1]))
    if missing := [key for key in VALUED if key not in points]:
        raise ValueError(f"no unrounded inputs agree with the tables: {', '.join(missing)}")
    return Joint(
        exceptions=tuple(exceptions),
        conflicts=conflicts,
        inferred=inferred,
        durations={key: _duration(reading)(present) for key, (present, _) in points.items()},
        shares={key: point["share"] / 100 for key, (_, point) in points.items()},
        prices={key: point["price"] for key, (_, point) in points.items()},
        hour_price=float(hour),
        effects={key: tuple(point[name] for name in reading.effects(key)) for key, (_, point) in points.items()},
    )


def _exceptions(reading: Reading) -> tuple[list[str], dict[str, tuple[str, ...]], dict[str, Interval]]:
    """Return the cells to give up, what each conflicts with, and what the rest leaves for the price of each measure."""
    costs = cost_system(reading)
    prices: dict[str, Interval] = {}
    exceptions: list[str] = []
    conflicts: dict[str, tuple[str, ...]] = {}
    for key in VALUED:
        system = effect_system(reading, key, *_cost_ranges(reading, key, costs))
        given_up = system.fewest_exceptions(trusted=_trusted(reading, key)) or []
        for name in given_up:
            alone = system.without([other for other in given_up if other != name]).conflict()
            conflicts[name] = tuple(other for other in alone if other != name)
        exceptions += given_up
        month = system.without(given_up).range_of({"month_cost": 1}) or ANY
        prices[key] = month - _other_month_costs(reading, key, costs)
    return exceptions, conflicts, prices


def compare_conventions(reading: Reading, timings: Sequence[Timing] = TIMINGS) -> dict[Convention, int]:
    """Return how many cells must be given up for the rest to hold under each convention of discounting."""
    conventions = [Convention(timing, grow) for timing in timings for grow in (False, True)]
    return {one: len(_exceptions(replace(reading, convention=one))[0]) for one in conventions}


def _inputs(
    reading: Reading, costs: System, exceptions: Sequence[str], hour: float
) -> dict[str, tuple[float, dict[str, float]]]:
    """Return, by measure, the present months and other inputs farthest from what rounding forbids, at one hour price.

    All is linear once the present months are fixed, so those are tried one after the other.
    """
    found = {}
    for key in VALUED:
        within = _range(costs, f"{key} months")
        tried = [
            (float(present), measure_system(reading, key, float(present), hour).without(exceptions).central())
            for present in np.linspace(within.low, within.high, _LENGTHS)
            if _caseworker_holds(reading, key, float(present), hour)
        ]
        feasible = [(present, central) for present, central in tried if central is not None]
        if feasible:
            present, (point, _) = max(feasible, key=lambda pair: pair[1][1])
            found[key] = (present, point)
    return found


def _caseworker_holds(reading: Reading, key: str, present: float, hour: float) -> bool:
    cost = (1 + reading.rates.tax_financing) * reading.hours(key) * hour * present
    printed = {reading.cell("tabell-7-3", key, COST): cost, reading.cell("tabell-7-6", key, CASEWORKER_ROW): -cost}
    return all(reading.cells[name].interval.contains(value) for name, value in printed.items())


def measure_system(reading: Reading, key: str, present: float, hour: float) -> System:
    """Return what all tables say of a measure when the present months of its course and the price of an hour are known.

    Unknowns: the three effects, ``price`` (monthly cost to society of what NAV pays) and ``share`` (with tiltakspenger,
    per cent).
    """
    cells, general = reading.cells, reading.parameters.general
    tax = reading.rates.tax_financing
    daily = 0.01 * general.tiltakspenger_days.value * general.tiltakspenger_per_day.value
    caseworker = (1 + tax) * reading.hours(key) * hour
    fixed = caseworker + (1 + tax) * outside_cost(reading, key)
    system = System({**dict.fromkeys(reading.effects(key), ANY), "price": ANY, "share": ANY})
    system.between("price", {"price": 1}, _price_range(reading, key))
    share = reading.cell("tabell-7-4", key, SHARE)
    system.between(share, {"share": 1}, cells[share].interval)

    def row(table: str, column: str, coefficients: Mapping[str, float]) -> None:
        name = reading.cell(table, key, column)
        if name in cells:
            system.between(name, coefficients, cells[name].interval)

    if key != WAGE:
        row("tabell-7-2", COST, {"price": present})
    row("tabell-7-4", MONTHLY, {"share": daily})
    row("tabell-7-4", COST, {"share": tax * daily * present})
    row("tabell-7-6", NAV_ROW, {"price": -present})
    row("tabell-7-6", ALLOWANCE_ROW, {"share": -tax * daily * present})
    month = {"price": 1.0, "share": tax * daily}
    _effect_rows(reading, key, system, month, fixed, present)
    return system


def _trusted(reading: Reading, key: str) -> list[str]:
    columns = (("tabell-7-2", COST), ("tabell-7-2", BUDGET), ("tabell-7-5", EFFECTS[1]))
    return [reading.cell(table, key, column) for table, column in columns]


def _duration(reading: Reading) -> Callable[[float], float]:
    return lambda present: duration_of(reading.cost_months, present)


def _range(system: System, name: str) -> Interval:
    found = system.range_of({name: 1})
    if found is None:
        raise ValueError(f"nothing is feasible for {name}")
    return exp_range(found)


def _other_month_costs(reading: Reading, key: str, costs: System) -> Interval:
    """Return what a month on the measure costs society besides what NAV pays for it."""
    tax, general = reading.rates.tax_financing, reading.parameters.general
    daily = 0.01 * general.tiltakspenger_days.value * general.tiltakspenger_per_day.value
    return (
        _range(costs, "hour") * Interval.exactly((1 + tax) * reading.hours(key))
        + _range(costs, f"{key} share") * Interval.exactly(tax * daily)
        + Interval.exactly((1 + tax) * outside_cost(reading, key))
    )


def _cost_ranges(reading: Reading, key: str, costs: System) -> tuple[Interval, Interval]:
    """Return what the cost tables leave for the cost of a course and of a month."""
    month = _range(costs, f"{key} price") + _other_month_costs(reading, key, costs)
    printed = printed_costs(reading, key)
    course = printed.over({name: reading.cells[name].interval for name in printed.names()})
    return _both(course, month * _range(costs, f"{key} months")), month


def _both(one: Interval, other: Interval) -> Interval:
    return Interval(max(one.low, other.low), min(one.high, other.high))
