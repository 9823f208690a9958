"""From the tables of the sample to who was in which arm, as the scores want it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.stages.effects.scores import Assignment, FloatArray, Normalisation
from tiltakseffekt.stages.matching.samples import arm_codes


def assignment_of(
    arms: Sequence[str],
    persons: pd.DataFrame,
    propensities: pd.DataFrame,
    *,
    normalise: Normalisation,
    features: FloatArray | None,
) -> Assignment:
    """Return arms, folds and propensities of persons as arrays.

    Parameters
    ----------
    arms
        Names of the arms, in the order of their codes.
    persons
        Schema SAMPLE, or its columns ``arm``; in the order of the identifiers.
    propensities
        Schema BOUNDED_PROPENSITIES of one repetition, of the same persons in the same order.
    normalise, features
        As in `Assignment`.
    """
    return Assignment(
        arm=arm_codes(persons, arms),
        fold=propensities["fold"].to_numpy(np.int64),
        propensities=propensities[[keys.propensity_column(arm) for arm in arms]].to_numpy(np.float64),
        normalise=normalise,
        features=features,
    )
