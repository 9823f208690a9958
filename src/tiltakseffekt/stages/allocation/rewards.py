"""What an allocation is judged by: a weighted sum of a person's outcomes, less what the measure costs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.cost_benefit.engine import MONTHS_PER_YEAR, Array, wage_weights
from tiltakseffekt.stages.cost_benefit.table import Inputs
from tiltakseffekt.stages.cost_benefit.valuation import saved_per_wage, value_case


@dataclass(frozen=True)
class Reward:
    """What counts.

    Parameters
    ----------
    key
        ``months`` or ``net_benefit``.
    arms
        The arms, control first.
    weights
        Outcome to its weight.
    costs
        Cost of each arm, unit of the reward, shape (K,); zero where the cost is not known.
    offered
        Whether a rule may choose the arm, shape (K,).
    """

    key: str
    arms: tuple[str, ...]
    weights: Mapping[str, float]
    costs: Array
    offered: NDArray[np.bool_]

    def of_arms(self, values: pd.DataFrame, column: Callable[[str, str], str]) -> Array:
        """Return the reward of each person under each arm, shape (N, K), from columns named by arm and outcome."""
        sums = [self._sum(values[column(arm, outcome)] for outcome in self.weights) for arm in self.arms]
        return np.column_stack(sums) - self.costs

    def observed(self, outcomes: pd.DataFrame, arm: NDArray[np.int64]) -> Array:
        """Return the reward that each person had in the own arm, shape (N,)."""
        return self._sum(outcomes[outcome] for outcome in self.weights) - self.costs[arm]

    def _sum(self, outcomes: Iterable[pd.Series]) -> Array:
        """Return the weighted sum of the outcomes; not a matrix product, whose sums may depend on threads."""
        parts = [
            weight * column.to_numpy(np.float64) for weight, column in zip(self.weights.values(), outcomes, strict=True)
        ]
        total: Array = np.sum(parts, axis=0)
        return total

    def table(self) -> pd.DataFrame:
        """Return the schema POLICY_REWARDS."""
        weights = {f"weight__{outcome}": weight for outcome, weight in self.weights.items()}
        return pd.DataFrame(
            {"reward": self.key, "arm": self.arms, "cost": self.costs, "offered": self.offered} | weights
        )


def months_in_work(arms: Sequence[str], outcomes: Sequence[str], small_groups: str) -> Reward:
    """Return months in work over the years followed. The collection of small measures is nothing to be sent to."""
    weights = {outcome: 1.0 for outcome in outcomes if outcome in keys.ALL_MONTHS_IN_WORK}
    offered = np.array([arm != small_groups for arm in arms])
    return Reward("months", tuple(arms), weights, np.zeros(len(arms)), offered)


def net_benefit(arms: Sequence[str], inputs: Mapping[str, Inputs]) -> Reward | None:
    """Return society's net benefit of a person's wages and course, kroner, by the rules of the cost-benefit analysis.

    Wages of a year get their present value with persistence; the cost is that of a mean course. Measures without known
    costs are not offered. Without any there is no such reward.
    """
    if not inputs:
        return None
    case = next(iter(inputs.values())).case
    worth = case.rates.labour_cost + saved_per_wage(case.rates)
    weights = dict(zip(keys.WAGE_INCOME, (worth * wage_weights(case) / MONTHS_PER_YEAR).tolist(), strict=True))
    costs = np.array([value_case(inputs[arm].case).costs if arm in inputs else 0.0 for arm in arms])
    offered = np.array([arm == keys.CONTROL or arm in inputs for arm in arms])
    return Reward("net_benefit", tuple(arms), weights, costs, offered)


def rewards_of(scores: pd.DataFrame, inputs: Mapping[str, Inputs], arms: Arms) -> list[Reward]:
    """Return what can be counted with the scores at hand: months in work, and net benefit where costs are known.

    Parameters
    ----------
    scores
        Schema SCORES.
    inputs
        Measure to what the estimated basis of the cost-benefit analysis says of it.
    arms
        The arms of the evaluation.
    """
    scored = [arm for arm in arms.all if keys.score_column(arm, keys.MONTHS_IN_WORK[0]) in scores]
    outcomes = [name for name in keys.ALL_YEARLY_OUTCOMES if keys.score_column(keys.CONTROL, name) in scores]
    found = [months_in_work(scored, outcomes, arms.small_groups), net_benefit(scored, inputs)]
    return [reward for reward in found if reward is not None]
