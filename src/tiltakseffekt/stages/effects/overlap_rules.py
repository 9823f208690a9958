"""Effects under each rule of overlap, from one set of nuisance predictions: nothing is fitted again.

A rule that leaves persons out changes whom an effect is about. The rules for all arms at once look at every
probability of a person; `pairwise_support` asks of each measure only who is comparable with the controls.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.effects.checks import aligned, estimation_faults
from tiltakseffekt.stages.effects.scores import (
    Assignment,
    FloatArray,
    IntArray,
    Normalisation,
    effect_on_treated,
    influence_of_mean,
    potential_outcome_scores,
    standard_errors,
)
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.overlap import (
    Bools,
    effective_number,
    kept_persons,
    pairwise_support,
    raised,
    share_of_largest,
)
from tiltakseffekt.stages.matching.samples import arm_codes
from tiltakseffekt.stages.matching.settings import OverlapSettings

#: A weight above this multiple of the mean weight is counted as extreme; ours, for the count only.
EXTREME: Final = 10.0


@dataclass(frozen=True)
class _Persons:
    """Arms, folds, raw propensities (N, K), outcomes (N, Q), predictions (N, K, Q), features, clusters."""

    arm: IntArray
    fold: IntArray
    propensities: FloatArray
    observed: FloatArray
    predicted: FloatArray
    features: FloatArray | None
    cluster: IntArray | None

    def kept(self, kept: Bools) -> "_Persons":
        """Return some of the persons."""
        return replace(
            self,
            arm=self.arm[kept],
            fold=self.fold[kept],
            propensities=self.propensities[kept],
            observed=self.observed[kept],
            predicted=self.predicted[kept],
            features=None if self.features is None else self.features[kept],
            cluster=None if self.cluster is None else self.cluster[kept],
        )

    def floored(self, floor: float) -> "_Persons":
        """Return the persons with small propensities raised."""
        return replace(self, propensities=raised(self.propensities, floor))

    def pair(self, treated: int) -> "_Persons":
        """Return the persons with the control arm as 0, one measure as 1 and the other arms together as 2."""
        arm = np.select([self.arm == 0, self.arm == treated], [0, 1], 2)
        others = np.delete(self.propensities, [0, treated], axis=1).sum(axis=1)
        propensities = np.column_stack([self.propensities[:, [0, treated]], others])
        # What is predicted under the other arms enters no effect.
        return replace(self, arm=arm, propensities=propensities, predicted=self.predicted[:, [0, treated, 0]])


def compare_overlap_rules(
    sample: pd.DataFrame,
    outcomes: pd.DataFrame,
    propensities: pd.DataFrame,
    predictions: pd.DataFrame,
    overlap: OverlapSettings,
    settings: EffectSettings,
    threshold: int,
    features: FloatArray | None = None,
    cluster: IntArray | None = None,
) -> pd.DataFrame:
    """Estimate ATE and ATET on yearly outcomes and their sums under each rule of overlap.

    Parameters
    ----------
    sample, outcomes, propensities, predictions
        Tables with the schemas SAMPLE (before trimming), OUTCOMES, PROPENSITIES and OUTCOME_PREDICTIONS, of one
        repetition of the cross-fitting.
    overlap
        Floor, and threshold of the rule `fixed`, to which the rule `clip` raises the floor instead (to half of an
        equal share at most, so that the others have something to give).
    settings
        Level of the intervals and normalisation of the weights.
    threshold
        Fewest persons whose weights are told of, as in `share_of_largest`.
    features
        What weights are to balance, in the order of the identifiers, as in `Assignment`; they are balanced anew among
        those kept.
    cluster
        Cluster of each person in the order of their identifiers, from 0; without it persons are independent.

    Returns
    -------
    pandas.DataFrame
        Schema OVERLAP_RULES; without estimates where a rule leaves nobody in the arm or among the controls.

    Raises
    ------
    FaultsFound
        If persons, arms or values do not allow an estimate.
    """
    arms = keys.arms_of(propensities)
    tables = aligned(sample, outcomes, propensities, predictions)
    columns = [keys.propensity_column(arm) for arm in arms]
    floored = tables[2].copy()
    floored[columns] = raised(tables[2][columns].to_numpy(np.float64), overlap.clip)
    if faults := estimation_faults(arms, tables[0], tables[1], floored, tables[3]):
        raise FaultsFound(faults)
    years = [outcome for outcome in keys.ALL_YEARLY_OUTCOMES if outcome in outcomes]
    totals = [[years.index(year) for year in summed if year in years] for summed in keys.TOTALS.values()]
    predicted = tables[3][[keys.prediction_column(arm, year) for arm in arms for year in years]]
    everybody = _Persons(
        arm=arm_codes(tables[0], arms),
        fold=tables[2]["fold"].to_numpy(np.int64),
        propensities=tables[2][columns].to_numpy(np.float64),
        observed=_with_totals(tables[1][years].to_numpy(np.float64), totals),
        predicted=_with_totals(predicted.to_numpy(np.float64).reshape(len(predicted), len(arms), -1), totals),
        features=features,
        cluster=cluster,
    )
    by_rule = _by_rule(everybody, arms, [*years, *keys.TOTALS], overlap, settings, threshold)
    rows = pd.concat(by_rule, ignore_index=True)
    half = stats.norm.ppf(0.5 + settings.confidence / 2) * rows["se"]
    return rows.assign(low=rows["estimate"] - half, high=rows["estimate"] + half)


def _with_totals(values: FloatArray, totals: Sequence[Sequence[int]]) -> FloatArray:
    """Return outcomes along the last axis, with the sums of some of them behind."""
    sums = [values[..., list(summed)].sum(axis=-1, keepdims=True) for summed in totals]
    return np.concatenate([values, *sums], axis=-1)


def _by_rule(
    everybody: _Persons,
    arms: Sequence[str],
    outcomes: Sequence[str],
    overlap: OverlapSettings,
    settings: EffectSettings,
    threshold: int,
) -> Iterator[pd.DataFrame]:
    floors = {"none": overlap.clip, "clip": max(overlap.clip, min(overlap.trim_below, 0.5 / len(arms)))}
    every, raw, normalise = range(1, len(arms)), everybody.propensities, settings.normalise
    for rule in keys.OVERLAP_RULES:
        persons = everybody.floored(floors.get(rule, overlap.clip))
        if rule == "pairwise_support":
            judged = [(persons.pair(code), pairwise_support(raw, everybody.arm, code, 0), {1: code}) for code in every]
        else:
            as_if = overlap.model_copy(update={"trim": "none" if rule in floors else rule})
            judged = [(persons, kept_persons(raw, everybody.arm, as_if), {code: code for code in every})]
        effects = chain.from_iterable(_effects(*each, normalise, threshold) for each in judged)
        for code, rows in effects:
            yield rows.assign(rule=rule, arm=arms[code], outcome=np.tile(outcomes, 2))


def _effects(
    persons: _Persons, kept: Bools, codes: Mapping[int, int], normalise: Normalisation, threshold: int
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield ATE and ATET of some arms among the persons kept, by the code that each arm has elsewhere."""
    left = persons.kept(kept)
    before, after = (np.bincount(arm, minlength=max(codes) + 1) for arm in (persons.arm, left.arm))
    assignment = Assignment(left.arm, left.fold, left.propensities, normalise, left.features)
    of_all = assignment.weights_of_all() if len(left.arm) else np.zeros(0)
    scores = potential_outcome_scores(assignment, left.observed, left.predicted, of_all)
    nothing = np.full(left.observed.shape[1], np.nan)
    for code in codes:
        counts = {
            "n": len(kept),
            "n_kept": len(left.arm),
            "n_arm": before[code],
            "n_arm_kept": after[code],
            "n_control": before[0],
            "n_control_kept": after[0],
        }
        if after[code] and after[0]:
            difference = scores[:, code] - scores[:, 0]
            errors = standard_errors(influence_of_mean(difference), left.cluster)
            ate = _rows("ate", difference.mean(axis=0), errors, of_all[left.arm == code], threshold)
            weights = [assignment.weights_of_treated(code, arm) for arm in (code, 0)]
            value, influence = effect_on_treated(
                assignment, left.observed, left.predicted, code, 0, weights=(weights[0], weights[1])
            )
            errors = standard_errors(influence, left.cluster)
            atet = _rows("atet", value, errors, weights[1][left.arm == 0], threshold)
        else:
            ate, atet = (_rows(estimand, nothing, nothing, np.zeros(0), threshold) for estimand in ("ate", "atet"))
        yield codes[code], pd.concat([ate, atet], ignore_index=True).assign(**counts)


def _rows(estimand: str, values: FloatArray, errors: FloatArray, weights: FloatArray, threshold: int) -> pd.DataFrame:
    """Return the estimates of one estimand and what is told of its weights; missing without persons."""
    empty = not len(weights)
    return pd.DataFrame(
        {
            "estimand": estimand,
            "estimate": values,
            "se": errors,
            "effective": np.nan if empty else effective_number(weights),
            "largest_share": np.nan if empty else share_of_largest(weights, threshold),
            "extreme": 0 if empty else int((weights > EXTREME * weights.mean()).sum()),
        }
    )
