"""The table SENSITIVITY: how sure the net benefits are, and what would change their sign."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core import keys
from tiltakseffekt.stages.cost_benefit import schemas
from tiltakseffekt.stages.cost_benefit.break_even import (
    break_even_later_effect,
    break_even_month,
    break_even_share,
    caseworker_hours_at_zero,
    largest_loss_of_effect,
    net_at_duration,
)
from tiltakseffekt.stages.cost_benefit.engine import MONTHS_PER_YEAR, Array, Case, by_year, net_benefit
from tiltakseffekt.stages.cost_benefit.parameters import Measure, Parameters, Spread
from tiltakseffekt.stages.cost_benefit.scenarios import vary
from tiltakseffekt.stages.cost_benefit.simulation import (
    Simulation,
    Triangle,
    share_of_variance,
    simulate,
    value_of_information,
    value_of_perfect_information,
)
from tiltakseffekt.stages.cost_benefit.table import AS_ESTIMATED, Inputs
from tiltakseffekt.stages.cost_benefit.valuation import value_case

Row = dict[str, Any]
_KRONER: Final = "nok_2022"
_PER_MONTH: Final = "nok_2022_per_month"
#: The effects themselves, beside the parameters.
_EFFECTS: Final = "effects"
#: Years of the fiscal view.
_BUDGET_YEARS: Final = 7


def triangles(parameters: Parameters) -> dict[str, Triangle]:
    """Return the distributions of the uncertain parameters; factors are most likely one."""
    spreads: dict[str, Spread] = dict(parameters.uncertainty.parameters)
    return {
        name: Triangle(
            spread.low,
            1.0 if name in ("price", "duration", "caseworker_time") else getattr(parameters.general, name).value,
            spread.high,
        )
        for name, spread in spreads.items()
    }


def joint_covariance(joint: pd.DataFrame, inputs: Mapping[str, Inputs]) -> Array:
    """Return the covariance of the monthly wage effects of some measures, year by year within each.

    An effect of another sample has its own variance, and covariance zero with all others.

    Parameters
    ----------
    joint
        Table JOINT_COVARIANCES.
    inputs
        Measure to what the estimated basis says of it, in order.
    """
    places = [(key, name) for key, given in inputs.items() for name in keys.ALL_WAGE_INCOME[: len(given.case.effects)]]
    index = pd.MultiIndex.from_tuples(places)
    wide = joint.pivot(index=["arm_a", "outcome_a"], columns=["arm_b", "outcome_b"], values="covariance")
    matrix: Array = wide.reindex(index=index, columns=index).to_numpy(np.float64) / MONTHS_PER_YEAR**2
    for place, (key, name) in enumerate(places):
        own = inputs[key].covariance
        if name not in keys.WAGE_INCOME and own is not None:
            matrix[place, :] = matrix[:, place] = 0.0
            matrix[place, place] = own[-1, -1]
    return matrix


def sensitivity(
    estimated: Mapping[str, Inputs],
    covariance: Array,
    parameters: Parameters,
    groups: list[Row],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the table SENSITIVITY of the estimated basis.

    Parameters
    ----------
    estimated
        Measure to what the estimated basis says of it.
    covariance
        Of all its effects in its order, shape (effects, effects).
    parameters
        Checked parameters.
    groups
        Net benefits by group with standard errors.
    rng
        Generator of the simulation.
    """
    half = _half_width(parameters)
    rows: list[Row] = []
    if estimated:
        cases = {measure: given.case for measure, given in estimated.items()}
        drawn = simulate(cases, covariance, triangles(parameters), parameters.uncertainty.draws, rng)
        rows += [
            {"basis": AS_ESTIMATED, "n": estimated[row["measure"]].participants, **row}
            for row in _simulated(drawn, parameters.uncertainty.interval.value)
        ]
        rows += [
            {
                **group,
                "analysis": "group",
                "basis": AS_ESTIMATED,
                "low": group["value"] - half * group["se"],
                "high": group["value"] + half * group["se"],
                "unit": _KRONER,
            }
            for group in groups
        ]
    return _table([*rows, *_of_basis(AS_ESTIMATED, estimated, parameters)])


def sensitivity_of_basis(basis: str, inputs: Mapping[str, Inputs], parameters: Parameters) -> pd.DataFrame:
    """Return the table SENSITIVITY of a basis without its simulation: scenarios, break-even values and the budget.

    Parameters
    ----------
    basis
        Its name.
    inputs
        Measure to what the basis says of it.
    parameters
        Checked parameters.
    """
    return _table(list(_of_basis(basis, inputs, parameters)))


def _of_basis(basis: str, inputs: Mapping[str, Inputs], parameters: Parameters) -> Iterator[Row]:
    spread, half = triangles(parameters), _half_width(parameters)
    for measure, given in inputs.items():
        found = [
            *_tornado(given, spread, half),
            *_scenarios(given.case, parameters),
            *_break_even(parameters.measures[measure], given),
            *_budget(given.case, parameters.fiscal.share),
        ]
        yield from ({"basis": basis, "measure": measure, "n": given.participants, **row} for row in found)


def _half_width(parameters: Parameters) -> float:
    return float(stats.norm.ppf(0.5 + parameters.uncertainty.interval.value / 200))


def _table(rows: list[Row]) -> pd.DataFrame:
    table = pd.DataFrame(rows).reindex(columns=list(schemas.SENSITIVITY.columns))
    return table.assign(x=table["x"].fillna(0.0)).astype(
        {"x": "float64", "value": "float64", "low": "float64", "high": "float64", "se": "float64", "n": "Int64"}
    )


def _simulated(drawn: Simulation, level: float) -> Iterator[Row]:
    ends = [50 - level / 2, 50 + level / 2]
    for measure, net in drawn.net.items():
        for item, values in (("all", net), ("effects_only", drawn.effects_only[measure])):
            low, high = np.percentile(values, ends)
            where = {"analysis": "simulation", "measure": measure}
            yield {**where, "item": f"net_{item}", "value": values.mean(), "low": low, "high": high, "unit": _KRONER}
            yield {**where, "item": f"probability_{item}", "value": 100 * (values > 0).mean(), "unit": "percent"}
        best = np.max(np.column_stack(list(drawn.net.values())), axis=1)
        yield {
            "analysis": "simulation",
            "measure": measure,
            "item": "probability_first",
            "value": 100 * float((net == best).mean()),
            "unit": "percent",
        }
        # The effects explain what is left when the parameters keep their values.
        causes = {name: drawn.parameters[name] for name in drawn.parameters}
        causes[_EFFECTS] = drawn.effects_only[measure]
        for name, values in causes.items():
            where = {"analysis": "information", "measure": measure, "item": name}
            yield {**where, "value": value_of_information(net, values), "unit": _KRONER}
            share = 100 * share_of_variance(net, values)
            yield {**where, "item": f"variance+{name}", "value": share, "unit": "percent"}
        perfect = value_of_perfect_information(net)
        yield {"analysis": "information", "measure": measure, "item": "everything", "value": perfect, "unit": _KRONER}


def _tornado(given: Inputs, spread: Mapping[str, Triangle], half: float) -> Iterator[Row]:
    base = net_benefit(given.case)
    for name, triangle in spread.items():
        low, high = (net_benefit(vary(given.case, name, value)) for value in (triangle.low, triangle.high))
        yield {"analysis": "tornado", "item": name, "value": base, "low": low, "high": high, "unit": _KRONER}
    if given.covariance is not None:
        valued = value_case(given.case, given.covariance).net_se
        ends = {"low": base - half * valued, "high": base + half * valued}
        yield {"analysis": "tornado", "item": _EFFECTS, "value": base, **ends, "unit": _KRONER}


def _scenarios(case: Case, parameters: Parameters) -> Iterator[Row]:
    for name, tried in parameters.uncertainty.scenarios:
        for value in tried.values:
            net = net_benefit(vary(case, name, value))
            yield {"analysis": "scenario", "item": name, "x": value, "value": net, "unit": _KRONER}


def _break_even(measure: Measure, given: Inputs) -> Iterator[Row]:
    case = given.case
    late = len(case.effects) > len(keys.WAGE_INCOME)
    share = break_even_share(case, late_only=late)
    later = break_even_later_effect(case)
    loss = largest_loss_of_effect(case)
    answers: dict[str, tuple[float | None, str]] = {
        "share_of_effect": (None if share is None else 100 * share, "percent"),
        "wage_effect": (None if share is None else share * case.effects[-1], _PER_MONTH),
        "later_wage_effect": (later, _PER_MONTH),
        "months": (break_even_month(case), "months"),
        "caseworker_hours": (caseworker_hours_at_zero(case, given.caseworker_hours), "hours"),
        "displacement": (None if loss is None else 100 * loss, "percent"),
    }
    for name, duration in (("longest", measure.longest), ("longest_prolonged", measure.longest_prolonged)):
        if duration is not None:
            answers[f"duration_{name}"] = (duration.value, "months")
            answers[f"net_{name}"] = (net_at_duration(case, duration.value), _KRONER)
    if given.alternative is not None:
        other = replace(case, effects=given.alternative)
        answers["net_alternative_sample"] = (net_benefit(other), _KRONER)
        far = vary(other, "effect_persistence", 40.0)
        month = break_even_month(far)
        answers["years_alternative_sample"] = (None if month is None else month / MONTHS_PER_YEAR, "years")
    for item, (value, unit) in answers.items():
        yield {"analysis": "break_even", "item": item, "value": value, "unit": unit}


def _budget(case: Case, wage_tax: float) -> Iterator[Row]:
    for item, amounts in by_year(case, _BUDGET_YEARS, wage_tax).items():
        for year, amount in enumerate(amounts.tolist(), 1):
            yield {"analysis": "budget", "item": item, "x": float(year), "value": amount, "unit": _KRONER}
