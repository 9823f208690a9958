"""How alike the treated and their controls are under the weights of the estimates."""

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.stages.effects.assignments import assignment_of
from tiltakseffekt.stages.effects.scores import FloatArray, Normalisation
from tiltakseffekt.stages.matching.differences import standardised_difference
from tiltakseffekt.stages.matching.samples import arms_present, covariate_matrix


def measure_balance(
    sample: pd.DataFrame,
    propensities: pd.DataFrame,
    covariates: pd.DataFrame,
    *,
    normalise: Normalisation,
    features: FloatArray | None = None,
) -> pd.DataFrame:
    """Compare the mean of each covariate between each measure and the controls as the ATET weights them.

    Parameters
    ----------
    sample, propensities, covariates
        Tables with the schemas SAMPLE, BOUNDED_PROPENSITIES (of one repetition) and COVARIATES; persons are those of
        the sample.
    normalise, features
        As in `Assignment`; features are in the order of the identifiers.

    Returns
    -------
    pandas.DataFrame
        Schema WEIGHTED_BALANCE, in the unit of `standardised_difference`.
    """
    persons = sample.sort_values("person_id", ignore_index=True)
    arms = arms_present(persons, keys.arms_of(propensities))
    e = propensities.set_index("person_id").loc[persons["person_id"]]
    assignment = assignment_of(arms, persons, e, normalise=normalise, features=features)
    names = [str(name) for name in covariates.columns if str(name).startswith("x_")]
    x = covariate_matrix(covariates, persons["person_id"])
    control = arms.index(keys.CONTROL)
    controls = assignment.arm == control
    parts = []
    for code, arm in enumerate(arms):
        if code == control:
            continue
        own = x[assignment.arm == code]
        weights = assignment.weights_of_treated(code, control)[controls]
        difference = standardised_difference(own, x[controls], weights)
        parts.append(pd.DataFrame({"arm": arm, "covariate": names, "difference": difference}))
    return pd.concat(parts, ignore_index=True)
