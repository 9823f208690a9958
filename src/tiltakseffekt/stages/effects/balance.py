"""How alike the treated and their controls are under the weights of the estimates."""

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.stages.effects.groups import ComparedGroups
from tiltakseffekt.stages.matching.differences import standardised_difference
from tiltakseffekt.stages.matching.samples import covariate_matrix


def measure_balance(groups: ComparedGroups, covariates: pd.DataFrame) -> pd.DataFrame:
    """Compare the mean of each covariate between each measure and the controls as the ATET weights them.

    Parameters
    ----------
    groups
        Persons, arms and weights.
    covariates
        Schema COVARIATES, of the persons of the groups.

    Returns
    -------
    pandas.DataFrame
        Schema WEIGHTED_BALANCE, in the unit of `standardised_difference`.
    """
    names = [str(name) for name in covariates.columns if str(name).startswith("x_")]
    x = covariate_matrix(covariates, groups.persons["person_id"])
    controls = x[groups.members(keys.CONTROL)]
    parts = []
    for measure in groups.measures:
        difference = standardised_difference(x[groups.members(measure)], controls, groups.control_weights[measure])
        parts.append(pd.DataFrame({"arm": measure, "covariate": names, "difference": difference}))
    return pd.concat(parts, ignore_index=True)
