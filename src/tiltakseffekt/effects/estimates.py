"""From nuisance predictions to tables: scores of yearly outcomes, APO, ATE, ATET and their covariances."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.effects.scores import (
    Assignment,
    FloatArray,
    covariance,
    influence_of_mean,
    influence_of_treated_mean,
    potential_outcome_scores,
    standard_errors,
    treated_scores,
)
from tiltakseffekt.effects.settings import EffectSettings

#: Outcomes go through in blocks, so that scores of all of them never lie in memory together; the yearly ones in one,
#: because their scores are kept for the group effects and their estimates get covariances.
_BLOCKS: Final = (
    keys.ALL_YEARLY_OUTCOMES,
    *(keys.ALL_IN_WORK[first : first + 12] for first in range(0, len(keys.ALL_IN_WORK), 12)),
)
_REMEDY: Final = "Run the matching again; if it stays, report it as a defect."


class EffectTables(NamedTuple):
    """The tables of the stage (schemas SCORES, ESTIMATES, COVARIANCES and JOINT_COVARIANCES)."""

    scores: pd.DataFrame
    estimates: pd.DataFrame
    covariances: pd.DataFrame
    joint_covariances: pd.DataFrame


@dataclass(frozen=True)
class _Estimates:
    """Estimates of one estimand and arm, for several outcomes, with their influence values, shape (N, Q)."""

    estimand: str
    arm: str
    values: FloatArray
    influence: FloatArray


def estimate_effects(
    sample: pd.DataFrame,
    outcomes: pd.DataFrame,
    propensities: pd.DataFrame,
    predictions: pd.DataFrame,
    settings: EffectSettings,
) -> EffectTables:
    """Estimate average potential outcomes and effects of each arm against the control arm.

    Parameters
    ----------
    sample, outcomes, propensities, predictions
        Tables with the schemas SAMPLE, OUTCOMES, PROPENSITIES and OUTCOME_PREDICTIONS, on the same persons. The arms
        are those that have a propensity, the outcomes those that were measured.
    settings
        Level of the intervals and normalisation of the weights.

    Returns
    -------
    EffectTables
        Scores and covariances of yearly outcomes, estimates of all.

    Raises
    ------
    FaultsFound
        If persons, arms or values do not allow an estimate.
    """
    arms = tuple(arm for arm in keys.ALL_ARMS if keys.propensity_column(arm) in propensities)
    sample, outcomes, propensities, predictions = _aligned(sample, outcomes, propensities, predictions)
    if faults := _faults(arms, sample, outcomes, propensities, predictions):
        raise FaultsFound(faults)
    assignment = Assignment(
        arm=np.asarray(sample["arm"].map({arm: code for code, arm in enumerate(arms)}), dtype=np.int64),
        fold=np.asarray(sample["fold"], dtype=np.int64),
        propensities=propensities[[keys.propensity_column(arm) for arm in arms]].to_numpy(np.float64),
        normalise=settings.normalise_weights,
    )
    estimates, covariances, yearly_scores = [], [], pd.DataFrame()
    wages: dict[tuple[str, str], FloatArray] = {}
    measured = (tuple(outcome for outcome in block if outcome in outcomes) for block in _BLOCKS)
    for block in filter(None, measured):
        yearly = block[0] in keys.ALL_YEARLY_OUTCOMES
        observed = outcomes[list(block)].to_numpy(np.float64)
        predicted = _cube(predictions, arms, block)
        scores = potential_outcome_scores(assignment, observed, predicted)
        if yearly:
            names = [keys.score_column(arm, outcome) for arm in arms for outcome in block]
            yearly_scores = pd.DataFrame(scores.reshape(len(scores), -1), index=sample.index, columns=names)
        for estimate in _average_effects(assignment, observed, predicted, scores, arms):
            estimates.append(_estimate_rows(estimate, block, settings.confidence))
            if yearly and estimate.estimand != "apo":
                covariances.append(_covariance_rows(estimate, block))
            if yearly and estimate.estimand == "atet":
                wages |= {
                    (estimate.arm, name): estimate.influence[:, place]
                    for place, name in enumerate(block)
                    if name in keys.ALL_WAGE_INCOME
                }
    persons = sample["arm"].value_counts()
    table = pd.concat(estimates, ignore_index=True)
    table = table.assign(n=len(sample), n_arm=table["arm"].map(persons), n_control=persons[keys.CONTROL])
    joint = _joint_rows(wages)
    return EffectTables(yearly_scores.reset_index(), table, pd.concat(covariances, ignore_index=True), joint)


def arms_missing_in_folds(sample: pd.DataFrame) -> tuple[str, ...]:
    """List the arms that have nobody in at least one fold: there their estimates rest on the predictions alone."""
    counts = pd.crosstab(sample["arm"], sample["fold"])
    return tuple(arm for arm in keys.ALL_ARMS if arm in counts.index and (counts.loc[arm] == 0).any())


def _aligned(*tables: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the tables on the persons of the first, in the order of their identifiers."""
    indexed = [table.set_index("person_id").sort_index() for table in tables]
    persons = indexed[0].index
    names = ("sample", "outcomes", "propensities", "outcome_predictions")
    faults = [
        Fault(name, "person_id", "has other persons than the sample, or persons twice", count, _REMEDY)
        for name, table in zip(names, indexed, strict=True)
        if (count := len(persons.symmetric_difference(table.index)) + int(table.index.duplicated().sum()))
    ]
    if faults:
        raise FaultsFound(faults)
    return indexed


def _faults(
    arms: Sequence[str],
    sample: pd.DataFrame,
    outcomes: pd.DataFrame,
    propensities: pd.DataFrame,
    predictions: pd.DataFrame,
) -> list[Fault]:
    """List what makes an estimate impossible; counts only."""
    without_propensity = int((~sample["arm"].isin(arms)).sum())
    faults = [
        Fault("sample", "arm", f"the arm {arm} has a propensity but nobody is in it", 1, "Merge it with another arm.")
        for arm in arms
        if not (sample["arm"] == arm).any()
    ]
    if keys.CONTROL not in arms:
        faults.append(Fault("propensities", keys.propensity_column(keys.CONTROL), "the column is missing", 1, _REMEDY))
    if without_propensity:
        faults.append(Fault("sample", "arm", "persons are in an arm without propensity", without_propensity, _REMEDY))
    measured = [outcome for outcome in keys.ALL_OUTCOMES if outcome in outcomes]
    needed = {
        "outcomes": (outcomes, measured),
        "propensities": (propensities, [keys.propensity_column(arm) for arm in arms]),
        "outcome_predictions": (
            predictions,
            [keys.prediction_column(arm, outcome) for arm in arms for outcome in measured],
        ),
    }
    for name, (table, columns) in needed.items():
        present = [column for column in columns if column in table]
        faults += [Fault(name, c, "the column is missing", 1, _REMEDY) for c in columns if c not in table]
        unusable = (~np.isfinite(table[present].to_numpy(np.float64))).sum(axis=0)
        faults += [
            Fault(name, column, "values are missing or infinite", int(count), _REMEDY)
            for column, count in zip(present, unusable, strict=True)
            if count
        ]
    return faults or _propensity_faults(arms, sample, propensities)


def _propensity_faults(arms: Sequence[str], sample: pd.DataFrame, propensities: pd.DataFrame) -> list[Fault]:
    """List arms that occur where their propensity is not positive, and rows that do not sum to one."""
    columns = [keys.propensity_column(arm) for arm in arms]
    not_one = int((np.abs(propensities[columns].sum(axis=1) - 1) > 1e-6).sum())
    faults = [
        Fault("propensities", column, "not positive where the arm occurs", count, "Grow more trees or larger leaves.")
        for arm, column in zip(arms, columns, strict=True)
        if (count := int((propensities.loc[(sample["arm"] == arm).to_numpy(), column] <= 0).sum()))
    ]
    if not_one:
        faults.append(Fault("propensities", "", "the propensities of a person do not sum to one", not_one, _REMEDY))
    return faults


def _cube(predictions: pd.DataFrame, arms: Sequence[str], outcomes: Sequence[str]) -> FloatArray:
    """Return predictions as an array, shape (N, K, Q)."""
    columns = [keys.prediction_column(arm, outcome) for arm in arms for outcome in outcomes]
    return predictions[columns].to_numpy(np.float64).reshape(len(predictions), len(arms), len(outcomes))


def _average_effects(
    assignment: Assignment, observed: FloatArray, predicted: FloatArray, scores: FloatArray, arms: Sequence[str]
) -> Iterator[_Estimates]:
    """Yield APO of each arm, and ATE and ATET of each measure against the control arm."""
    control = arms.index(keys.CONTROL)
    for code, arm in enumerate(arms):
        yield _Estimates("apo", arm, scores[:, code].mean(axis=0), influence_of_mean(scores[:, code]))
        if code == control:
            continue
        difference = scores[:, code] - scores[:, control]
        yield _Estimates("ate", arm, difference.mean(axis=0), influence_of_mean(difference))
        of_treated = treated_scores(assignment, observed, predicted, code, code)
        of_treated -= treated_scores(assignment, observed, predicted, code, control)
        influence = influence_of_treated_mean(assignment, of_treated, code)
        yield _Estimates("atet", arm, of_treated.mean(axis=0), influence)


def _estimate_rows(estimate: _Estimates, outcomes: Sequence[str], confidence: float) -> pd.DataFrame:
    se = standard_errors(estimate.influence)
    half = stats.norm.ppf(0.5 + confidence / 2) * se
    return pd.DataFrame(
        {
            "estimand": estimate.estimand,
            "arm": estimate.arm,
            "outcome": list(outcomes),
            "estimate": estimate.values,
            "se": se,
            "low": estimate.values - half,
            "high": estimate.values + half,
        }
    )


def _covariance_rows(estimate: _Estimates, outcomes: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "estimand": estimate.estimand,
            "arm": estimate.arm,
            "outcome_a": list(chain.from_iterable([outcome] * len(outcomes) for outcome in outcomes)),
            "outcome_b": list(outcomes) * len(outcomes),
            "covariance": covariance(estimate.influence).ravel(),
        }
    )


def _joint_rows(influence: Mapping[tuple[str, str], FloatArray]) -> pd.DataFrame:
    """Return the covariance of every pair of estimates, whichever measure they are of."""
    joint = covariance(np.column_stack(list(influence.values())))
    return pd.DataFrame(
        [
            {"arm_a": arm_a, "outcome_a": outcome_a, "arm_b": arm_b, "outcome_b": outcome_b, "covariance": joint[i, j]}
            for i, (arm_a, outcome_a) in enumerate(influence)
            for j, (arm_b, outcome_b) in enumerate(influence)
        ]
    )
