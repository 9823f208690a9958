"""From nuisance predictions to tables: scores of yearly outcomes, APO, ATE, ATET, their covariances and intervals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.stages.effects.assignments import assignment_of
from tiltakseffekt.stages.effects.averages import Average, average_effects, find_weights
from tiltakseffekt.stages.effects.checks import aligned, estimation_faults
from tiltakseffekt.stages.effects.repetitions import median_of_repetitions, rescaled
from tiltakseffekt.stages.effects.scores import (
    FloatArray,
    IntArray,
    covariance,
    potential_outcome_scores,
    standard_errors,
)
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.effects.simultaneous import critical_values

#: Outcomes go through in blocks, so that scores of all of them never lie in memory together; the yearly ones in one,
#: because their scores are kept for the group effects and their estimates get covariances.
_BLOCKS: Final = (
    keys.ALL_YEARLY_OUTCOMES,
    *(keys.ALL_IN_WORK[first : first + 12] for first in range(0, len(keys.ALL_IN_WORK), 12)),
)
#: Effects on these, over all years and measures, are one family of simultaneous intervals for each estimand.
_FAMILIES: Final = [
    (estimand, outcomes) for estimand in ("atet", "ate") for outcomes in (keys.ALL_MONTHS_IN_WORK, keys.ALL_WAGE_INCOME)
]


class EffectTables(NamedTuple):
    """The tables of the stage (schemas SCORES, ESTIMATES, COVARIANCES and JOINT_COVARIANCES)."""

    scores: pd.DataFrame
    estimates: pd.DataFrame
    covariances: pd.DataFrame
    joint_covariances: pd.DataFrame


@dataclass
class _Gathered:
    """Estimates of one estimand, arm and block of outcomes over the repetitions of the cross-fitting."""

    estimand: str
    arm: str
    outcomes: Sequence[str]
    values: list[FloatArray] = field(default_factory=list)
    errors: list[FloatArray] = field(default_factory=list)
    influence: FloatArray = field(default_factory=lambda: np.zeros(()))

    @property
    def with_covariance(self) -> bool:
        """Return whether influence values are kept: those of yearly effects, which get covariances."""
        return self.outcomes[0] in keys.ALL_YEARLY_OUTCOMES and self.estimand in ("ate", "atet")

    def add(self, estimates: Average, cluster: IntArray | None, share: float) -> None:
        """Add a repetition, which is the given share of all."""
        self.values.append(estimates.values)
        self.errors.append(standard_errors(estimates.influence, cluster))
        if self.with_covariance:
            self.influence = self.influence + estimates.influence * share

    def summary(self) -> tuple[FloatArray, FloatArray]:
        """Return estimates and standard errors."""
        return median_of_repetitions(np.array(self.values), np.array(self.errors))


def estimate_effects(
    sample: pd.DataFrame,
    outcomes: pd.DataFrame,
    propensities: pd.DataFrame,
    predictions: Iterable[pd.DataFrame],
    settings: EffectSettings,
    seed: int,
    cluster: IntArray | None = None,
    features: FloatArray | None = None,
) -> EffectTables:
    """Estimate average potential outcomes and effects of each arm against the control arm.

    Parameters
    ----------
    sample, outcomes, propensities
        Tables with the schemas SAMPLE, OUTCOMES and BOUNDED_PROPENSITIES. The persons are those of the sample; the arms
        those that have a propensity, the outcomes those that were measured.
    predictions
        Schema OUTCOME_PREDICTIONS, one table for each repetition of the cross-fitting, in their order. They are taken
        one at a time.
    settings
        Level of the intervals, normalisation of the weights, bootstrap.
    seed
        ``run.seed`` of the configuration, for the multipliers.
    cluster
        Cluster of each person in the order of their identifiers, from 0; without it persons are independent.
    features
        What the weights are to balance, in the order of the identifiers (see `weight_features`); without it they are
        inverse probabilities.

    Returns
    -------
    EffectTables
        Scores (their mean over the repetitions) and covariances of yearly outcomes, estimates of all.

    Raises
    ------
    FaultsFound
        If persons, arms or values do not allow an estimate.
    """
    arms = keys.arms_of(propensities)
    persons = sample.set_index("person_id").sort_index()
    of_repetition = list(propensities.groupby("repetition"))
    share = 1 / len(of_repetition)
    found: dict[tuple[str, str, Sequence[str]], _Gathered] = {}
    scores: FloatArray = np.zeros(())
    measured = [tuple(outcome for outcome in block if outcome in outcomes) for block in _BLOCKS]
    for (_, fitted), predicted in zip(of_repetition, predictions, strict=True):
        tables = aligned(sample, outcomes, fitted, predicted)
        if faults := estimation_faults(arms, *tables):
            raise FaultsFound(faults)
        assignment = assignment_of(arms, persons, tables[2], normalise=settings.normalise, features=features)
        control = arms.index(keys.CONTROL)
        weights = find_weights(assignment, control)
        for block in filter(None, measured):
            observed = tables[1][list(block)].to_numpy(np.float64)
            cube = _cube(tables[3], arms, block)
            of_block = potential_outcome_scores(assignment, observed, cube, weights.of_all)
            for estimates in average_effects(assignment, weights, observed, cube, of_block, control):
                key = (estimates.estimand, arms[estimates.arm], block)
                found.setdefault(key, _Gathered(*key)).add(estimates, cluster, share)
            if block is measured[0]:
                scores = scores + of_block * share
    yearly = [gathered for gathered in found.values() if gathered.with_covariance]
    factors = _simultaneous_factors(yearly, settings, seed, cluster)
    table = pd.concat(
        [_estimate_rows(each, settings.confidence, factors) for each in found.values()], ignore_index=True
    )
    counts = persons["arm"].value_counts()
    table = table.assign(n=len(persons), n_arm=table["arm"].map(counts), n_control=counts[keys.CONTROL])
    return EffectTables(
        _score_table(persons, arms, measured[0], scores),
        table,
        pd.concat([_covariance_rows(gathered, cluster) for gathered in yearly], ignore_index=True),
        _joint_rows([gathered for gathered in yearly if gathered.estimand == "atet"], cluster),
    )


def _score_table(
    persons: pd.DataFrame, arms: Sequence[str], outcomes: Sequence[str], scores: FloatArray
) -> pd.DataFrame:
    names = [keys.score_column(arm, outcome) for arm in arms for outcome in outcomes]
    return pd.DataFrame(scores.reshape(len(scores), -1), index=persons.index, columns=names).reset_index()


def _cube(predictions: pd.DataFrame, arms: Sequence[str], outcomes: Sequence[str]) -> FloatArray:
    """Return predictions as an array, shape (N, K, Q)."""
    columns = [keys.prediction_column(arm, outcome) for arm in arms for outcome in outcomes]
    return predictions[columns].to_numpy(np.float64).reshape(len(predictions), len(arms), len(outcomes))


def _simultaneous_factors(
    yearly: Sequence[_Gathered], settings: EffectSettings, seed: int, cluster: IntArray | None
) -> Mapping[tuple[str, str], float]:
    """Return by estimand and outcome the multiple of the standard error for intervals that hold for a whole family."""
    members = [
        [
            number
            for number, (estimand, family) in enumerate(_FAMILIES)
            if estimand == each.estimand and outcome in family
        ]
        for each in yearly
        for outcome in each.outcomes
    ]
    values = critical_values(
        np.column_stack([each.influence for each in yearly]),
        np.array(members)[:, 0],
        settings.confidence,
        settings.bootstrap.draws,
        settings.bootstrap.multiplier,
        named_generator(seed, "effects", "multipliers"),
        cluster,
    )
    return {
        (estimand, outcome): value
        for (estimand, family), value in zip(_FAMILIES, values.tolist(), strict=True)
        for outcome in family
    }


def _estimate_rows(gathered: _Gathered, confidence: float, factors: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    values, se = gathered.summary()
    half = stats.norm.ppf(0.5 + confidence / 2) * se
    wide = np.array([factors.get((gathered.estimand, outcome), np.nan) for outcome in gathered.outcomes]) * se
    return pd.DataFrame(
        {
            "estimand": gathered.estimand,
            "arm": gathered.arm,
            "outcome": list(gathered.outcomes),
            "estimate": values,
            "se": se,
            "low": values - half,
            "high": values + half,
            "simultaneous_low": values - wide,
            "simultaneous_high": values + wide,
        }
    )


def _covariance_rows(gathered: _Gathered, cluster: IntArray | None) -> pd.DataFrame:
    outcomes = gathered.outcomes
    joint = rescaled(covariance(gathered.influence, cluster), gathered.summary()[1])
    return pd.DataFrame(
        {
            "estimand": gathered.estimand,
            "arm": gathered.arm,
            "outcome_a": list(chain.from_iterable([outcome] * len(outcomes) for outcome in outcomes)),
            "outcome_b": list(outcomes) * len(outcomes),
            "covariance": joint.ravel(),
        }
    )


def _joint_rows(effects: Sequence[_Gathered], cluster: IntArray | None) -> pd.DataFrame:
    """Return the covariance of every pair of effects on wage income, whichever measure they are of."""
    wages = [place for place, name in enumerate(effects[0].outcomes) if name in keys.ALL_WAGE_INCOME]
    names = [(each.arm, each.outcomes[place]) for each in effects for place in wages]
    errors = np.concatenate([each.summary()[1][wages] for each in effects])
    joint = rescaled(covariance(np.column_stack([each.influence[:, wages] for each in effects]), cluster), errors)
    return pd.DataFrame(
        [
            {"arm_a": arm_a, "outcome_a": outcome_a, "arm_b": arm_b, "outcome_b": outcome_b, "covariance": joint[i, j]}
            for i, (arm_a, outcome_a) in enumerate(names)
            for j, (arm_b, outcome_b) in enumerate(names)
        ]
    )
