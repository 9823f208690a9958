"""Potential work and wages under each arm, with the arithmetic of the written registers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.registers.synthetic.assignment import Plan, centred_differences, traits
from tiltakseffekt.registers.synthetic.parameters import MONTHS, ORIGIN, Codebooks, FloatArray, Parameters
from tiltakseffekt.registers.synthetic.population import BoolArray, IntArray, Persons
from tiltakseffekt.registers.synthetic.work import Float32, Index, Pay, at_2022_prices, nominal_wage


@dataclass(frozen=True)
class Lives:
    """Everything of a shard on which potential outcomes rest; arrays are person by month since 2005-01."""

    persons: Persons
    plan: Plan
    index: Index
    without: Float32
    pay: Pay
    category: IntArray

    @property
    def begins(self) -> IntArray:
        """Return the month of the start or of the latent start."""
        return self.persons.entry + self.plan.start


def effect_tables(parameters: Parameters) -> tuple[FloatArray, FloatArray]:
    """Return effect on the probability of work and factor on the wage, (arms, months since start).

    Column 0 is the start month, in which a measure changes nothing; after the last month given the effect stays.
    """
    effects = parameters.effects
    since = np.arange(MONTHS)
    year = np.clip((since - 1) // 12, 0, keys.FOLLOW_UP_YEARS - 1)
    moves = np.zeros((len(keys.TREATED_ARMS), MONTHS))
    factors = np.ones_like(moves)
    nothing = [0.0] * keys.FOLLOW_UP_YEARS
    for row, arm in enumerate(keys.TREATED_ARMS):
        shift, raised = effects.shift.get(arm, nothing), effects.wage.get(arm, nothing)
        moves[row] = np.interp(since, effects.months, effects.profile[arm]) + np.array(shift)[year]
        factors[row] = 1 + np.array(raised)[year]
    moves[:, 0], factors[:, 0] = 0, 1
    return moves, factors


def personal_differences(lives: Lives, parameters: Parameters) -> FloatArray:
    """Return how much the effect of each arm on the probability of work differs for each person, (persons, arms)."""
    groupings = traits(lives.persons, lives.category)
    result = np.zeros((len(lives.persons), len(keys.TREATED_ARMS)))
    for arm, by_group in centred_differences(parameters).items():
        for name, values in by_group.items():
            result[:, keys.TREATED_ARMS.index(arm)] += values[groupings[name]] / 12
    return result


def probability_under(without: Float32, move: FloatArray, parameters: Parameters) -> FloatArray:
    """Return the probability of work when a measure moves it, kept inside the limits."""
    effects = parameters.effects
    return np.clip(without + move, effects.lowest_probability, effects.highest_probability)


def realised(lives: Lives, parameters: Parameters, codebooks: Codebooks) -> tuple[BoolArray, FloatArray]:
    """Return work and nominal wages as they happen, person by month."""
    moves, factors = effect_tables(parameters)
    works = (lives.index.propensity < lives.without) & lives.index.able
    small = lives.pay.small * lives.index.able
    columns, work = np.arange(MONTHS), parameters.work
    wages = np.where(works, nominal_wage(lives.pay.real, 1.0, columns, codebooks, work), small)

    rows = np.flatnonzero(lives.plan.treated)
    arm = lives.plan.arm[rows, None]
    since = np.maximum(columns - lives.begins[rows, None], 0)
    own = personal_differences(lives, parameters)[rows, lives.plan.arm[rows]][:, None]
    under = probability_under(lives.without[rows], moves[arm, since] + own, parameters)
    moved = (lives.index.propensity[rows] < under) & lives.index.able[rows]
    paid = np.where(
        moved,
        nominal_wage(lives.pay.real[rows], factors[arm, since], columns, codebooks, work),
        small[rows],
    )
    works[rows] = np.where(since > 0, moved, works[rows])
    wages[rows] = np.where(since > 0, paid, wages[rows])
    return works, wages


def potential_outcomes(
    lives: Lives, identifiers: list[str], parameters: Parameters, codebooks: Codebooks
) -> pd.DataFrame:
    """Return TRUTH: the outcomes of every candidate under every arm, from the start or latent start.

    Only candidates whose follow-up ends by December 2022 are in. Later measures of controls change nothing by
    construction: effects are gross effects of the first measure (seed-004 lines 2383-2387).
    """
    rows = np.flatnonzero(lives.plan.candidate & (lives.begins + keys.FOLLOW_UP_MONTHS < MONTHS))
    since = np.arange(1, keys.FOLLOW_UP_MONTHS + 1)
    columns = lives.begins[rows, None] + since
    cells = (rows[:, None], columns)
    propensity, without, able = lives.index.propensity[cells], lives.without[cells], lives.index.able[cells]
    real, small = lives.pay.real[cells], lives.pay.small[cells] * able
    moves, factors = effect_tables(parameters)
    differences = personal_differences(lives, parameters)[rows]
    person = np.array(identifiers, dtype=object)[rows]

    tables = []
    for arm in keys.ARMS:
        if arm == keys.CONTROL:
            works = (propensity < without) & able
            paid = nominal_wage(real, 1.0, columns, codebooks, parameters.work)
        else:
            row = keys.TREATED_ARMS.index(arm)
            under = probability_under(without, moves[row, since] + differences[:, row, None], parameters)
            works = (propensity < under) & able
            paid = nominal_wage(real, factors[row, since], columns, codebooks, parameters.work)
        wages = at_2022_prices(np.where(works, paid, small), columns, codebooks)
        values = np.concatenate([_by_year(works), _by_year(wages), works], axis=1).astype(np.float64)
        table = pd.DataFrame(values, columns=list(keys.OUTCOMES))
        table.insert(0, "person_id", person)
        table.insert(1, "arm", arm)
        table.insert(2, "start_month", lives.begins[rows] + ORIGIN)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _by_year(values: FloatArray | BoolArray) -> FloatArray:
    return values.reshape(len(values), keys.FOLLOW_UP_YEARS, 12).sum(axis=2).astype(np.float64)
