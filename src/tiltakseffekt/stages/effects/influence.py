"""How much the effect on the treated rests on the controls with the most extreme weights."""

import math
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.stages.effects.assignments import assignment_of
from tiltakseffekt.stages.effects.scores import (
    Assignment,
    FloatArray,
    IntArray,
    Normalisation,
    effect_on_treated,
    standard_errors,
)

#: Share of the controls, those with the largest weights, without whom the effects are estimated once more.
TRIMMED_SHARE: Final = 0.01


def measure_influence(
    sample: pd.DataFrame,
    outcomes: pd.DataFrame,
    propensities: pd.DataFrame,
    predictions: pd.DataFrame,
    *,
    normalise: Normalisation,
    features: FloatArray | None = None,
    cluster: IntArray | None = None,
) -> pd.DataFrame:
    """Estimate the ATET on yearly outcomes with and without the controls that have the largest weights.

    The treated stay, so that the effect is that of the same persons; the nuisance predictions stay too.

    Parameters
    ----------
    sample, outcomes, propensities, predictions
        Tables with the schemas SAMPLE, OUTCOMES, BOUNDED_PROPENSITIES (of the first repetition) and
        OUTCOME_PREDICTIONS; the persons are those of the sample.
    normalise
        How weights are scaled, as in `Assignment`.
    features
        What weights are to balance, in the order of the identifiers, as in `Assignment`.
    cluster
        Cluster of each person in the order of their identifiers, from 0; without it persons are independent.

    Returns
    -------
    pandas.DataFrame
        Schema WEIGHT_INFLUENCE.
    """
    persons = sample.sort_values("person_id", ignore_index=True)
    aligned = (
        table.set_index("person_id").loc[persons["person_id"]] for table in (outcomes, propensities, predictions)
    )
    y, e, mu = aligned
    arms = keys.arms_of(e)
    assignment = assignment_of(arms, persons, e, normalise=normalise, features=features)
    measured = [outcome for outcome in keys.ALL_YEARLY_OUTCOMES if outcome in outcomes]
    columns = [keys.prediction_column(arm, outcome) for arm in arms for outcome in measured]
    predicted = mu[columns].to_numpy(np.float64).reshape(len(mu), len(arms), -1)
    observed = y[measured].to_numpy(np.float64)
    control = arms.index(keys.CONTROL)
    return pd.concat(
        [
            _compare(assignment, observed, predicted, code, control, cluster).assign(arm=arm, outcome=measured)
            for code, arm in enumerate(arms)
            if code != control
        ],
        ignore_index=True,
    )


def _compare(
    assignment: Assignment,
    observed: FloatArray,
    predicted: FloatArray,
    treated: int,
    control: int,
    cluster: IntArray | None,
) -> pd.DataFrame:
    weights = replace(assignment, normalise="none").weights_of_treated(treated, control)
    n_control = int((assignment.arm == control).sum())
    n_trimmed = math.ceil(TRIMMED_SHARE * n_control)
    extreme = np.argsort(-weights, kind="stable")[:n_trimmed]
    kept = np.ones(len(weights), dtype=bool)
    kept[extreme] = False
    value, influence = effect_on_treated(assignment, observed, predicted, treated, control)
    se = standard_errors(influence, cluster)
    without = replace(
        assignment,
        arm=assignment.arm[kept],
        fold=assignment.fold[kept],
        propensities=assignment.propensities[kept],
        features=None if assignment.features is None else assignment.features[kept],
    )
    change = effect_on_treated(without, observed[kept], predicted[kept], treated, control)[0] - value
    return pd.DataFrame(
        {
            "n_control": n_control,
            "n_trimmed": n_trimmed,
            "weight_share": weights[extreme].sum() / weights.sum(),
            "change": change,
            "change_in_se": np.divide(change, se, out=np.full_like(se, np.nan), where=se > 0),
        }
    )
