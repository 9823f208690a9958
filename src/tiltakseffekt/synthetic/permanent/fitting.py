"""Weights of starting, so that those who start are composed as published: proportional fitting on simulated lives.

Each round compares expected starts by category with their targets and moves the log weights by what lacks, damped.
Expected starts are sums of probabilities, so that a part of the population is enough. VTA is fitted to its stock: the
starts that a year needs are the change of the stock and those who left.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.permanent.course import Expected
from tiltakseffekt.synthetic.permanent.inputs import FloatArray
from tiltakseffekt.synthetic.permanent.parameters import Ordinary, Permanent, Sheltered, Weights

_FIRST_YEAR: Final = 2000
_YEARS: Final = 24
_LIMIT: Final = 8.0
#: Rounds after which the steps are half as long.
_HALVED: Final = 10
_FIRST_SUBSIDY, _FIRST_PREDECESSOR, _FIRST_SHELTERED, _FIRST_ORDINARY = 16, 7, 1, 5


def fit(
    expected_under: Callable[[Weights], Expected], scale: float, parameters: Permanent, rounds: int, weights: Weights
) -> Weights:
    """Return weights fitted in rounds.

    Parameters
    ----------
    expected_under
        Runs the overlay on simulated lives and returns the expected starts.
    scale
        Scale of those lives; 1 = all of Norway.
    parameters
        With the targets.
    rounds
        How often the weights are moved.
    weights
        Where to begin.
    """
    for done in range(rounds):
        weights = next_weights(weights, expected_under(weights), scale, parameters, 1 / (1 + done / _HALVED))
    return weights


def next_weights(
    weights: Weights, expected: Expected, scale: float, parameters: Permanent, boldness: float = 1.0
) -> Weights:
    """Return the weights of the next round; of the steps only the share `boldness` is taken."""
    subsidy = parameters.subsidy
    values = {name: array(value) for name, value in weights.model_dump().items()}

    def shares(name: str, found: FloatArray, wanted: Mapping[Any, float] | list[float], step: float = 0.7) -> None:
        values[name] = values[name] + boldness * step * _lack(found, array(wanted, np.float64))
        values[name] -= values[name].mean() if len(found) < _YEARS else 0.0

    def levels(name: str, first: int, found: FloatArray, wanted: FloatArray, step: float = 0.7) -> None:
        years = slice(first, first + len(wanted))
        change = np.log(np.maximum(wanted, 1.0) / np.maximum(found[years] / scale, 0.5))
        values[name][years] = (values[name][years] + boldness * step * np.clip(change, -1.5, 1.5)).clip(-16, 2)

    levels("subsidy_year", _FIRST_SUBSIDY, expected.subsidy_year, array(subsidy.starts))
    shares("subsidy_measure_before", expected.subsidy_before, subsidy.measure_before)
    shares("subsidy_measure_half_year", expected.subsidy_half_year, subsidy.measure_half_year)
    shares("subsidy_benefit_before", expected.benefit_before, subsidy.benefit_before)
    shares("subsidy_benefit_half_year", expected.benefit_half_year, subsidy.benefit_half_year)
    shares("subsidy_age", expected.subsidy_age, subsidy.age)
    shares("subsidy_sex", expected.subsidy_sex, subsidy.sex)
    shares("subsidy_unit", expected.subsidy_unit, subsidy.units)
    on = expected.wage_subsidy_unit
    with_it = array(subsidy.wage_subsidy_units)
    odds = np.log(with_it / (100 - with_it))
    found = np.log(np.maximum(on[:, 1], 1e-6) / np.maximum(on[:, 0], 1e-6))
    moved = values["subsidy_wage_subsidy_unit"] + boldness * 0.5 * np.clip(odds - found, -1, 1)
    values["subsidy_wage_subsidy_unit"] = (moved - moved.mean()).clip(-_LIMIT, _LIMIT)
    kept = array(subsidy.kept) / 100
    years = slice(_FIRST_SUBSIDY, _FIRST_SUBSIDY + len(kept))
    by_year = expected.kept[years]
    gap = np.log(kept / (1 - kept)) - np.log(np.maximum(by_year[:, 1], 1e-6) / np.maximum(by_year[:, 0], 1e-6))
    values["subsidy_kept"][years] = (values["subsidy_kept"][years] + boldness * 0.7 * np.clip(gap, -1, 1)).clip(
        -_LIMIT, _LIMIT
    )
    rested = subsidy.kept_after_sickness
    shares("subsidy_sick", expected.sick, [100 - rested, rested])
    shares("subsidy_months", expected.months, subsidy.wage_subsidy_months)

    stock = array(subsidy.predecessor)
    leaves = 12 * subsidy.exits
    before = np.concatenate([[0.0], stock[:-1]])
    needed = stock - before + leaves * (stock + before) / 2
    levels("predecessor_year", _FIRST_PREDECESSOR, expected.predecessor_year, needed)
    shares("predecessor_kept", expected.predecessor_kept, [100 - subsidy.predecessor_kept, subsidy.predecessor_kept])

    _vta(values, expected, scale, parameters, levels, shares)
    named = {name: zip(given, values[name], strict=True) for name, given in weights.model_dump().items()}
    return Weights(**{name: {key: round(float(value), 4) for key, value in pairs} for name, pairs in named.items()})


def _vta(
    values: dict[str, FloatArray],
    expected: Expected,
    scale: float,
    parameters: Permanent,
    levels: Callable[..., None],
    shares: Callable[..., None],
) -> None:
    kinds: tuple[tuple[str, Sheltered | Ordinary], ...] = (
        ("sheltered", parameters.sheltered),
        ("ordinary", parameters.ordinary),
    )
    for kind, (name, given) in enumerate(kinds):
        first, stock = min(given.stock) - _FIRST_YEAR, array(given.stock)
        december = expected.vta_stock[kind].sum(axis=1) / scale
        wanted = np.zeros(_YEARS)
        wanted[first : first + len(stock)] = stock
        ramp = slice(_FIRST_SHELTERED if kind == 0 else _FIRST_ORDINARY, first)
        wanted[ramp] = np.linspace(0, stock[0], first - ramp.start + 1)[1:][: first - ramp.start]
        lacks = wanted - december
        lacks[1:] -= lacks[:-1]
        needed = np.maximum(expected.vta_year[kind] / scale + lacks, 1.0)
        levels(f"{name}_year", ramp.start, expected.vta_year[kind], needed[ramp.start :], 0.7)
        recent = expected.vta_stock[kind][18:21].sum(axis=0)
        shares(f"{name}_age", recent, given.age, 0.35)
        shares(f"{name}_sex", expected.vta_sex[kind], [given.men, 1 - given.men], 0.5)


def _lack(found: FloatArray, wanted: FloatArray) -> FloatArray:
    """Return by which log factor the shares of categories lack; bounded."""
    has = found / max(found.sum(), 1e-9)
    return np.clip(np.log(np.maximum(wanted / wanted.sum(), 1e-4) / np.maximum(has, 1e-5)), -1.0, 1.0)
