"""What the propensities make of the controls: how far each arm overlaps with them, and how alike they become.

The controls of arm w have the weights e_w(X)/e_0(X), which make them like the persons in arm w. These judge the
propensities; what the controls count in the estimates is a matter of the effects.
"""

import numpy as np
import pandas as pd

from tiltakseffekt.core.keys import CONTROL, arms_of, propensity_column
from tiltakseffekt.stages.matching.differences import standardised_difference
from tiltakseffekt.stages.matching.forest import Floats
from tiltakseffekt.stages.matching.overlap import effective_number, share_of_largest
from tiltakseffekt.stages.matching.samples import arms_present, covariate_matrix


def control_weights(sample: pd.DataFrame, propensities: pd.DataFrame, arm: str) -> Floats:
    """Return the weight e_w(X)/e_0(X) of each control for arm w, in the order of the sample, not normalised."""
    controls = sample.loc[sample["arm"] == CONTROL, "person_id"]
    e = propensities.set_index("person_id").loc[controls]
    return (e[propensity_column(arm)] / e[propensity_column(CONTROL)]).to_numpy()


def describe_overlap(
    sample: pd.DataFrame,
    propensities: pd.DataFrame,
    covariates: pd.DataFrame,
    trimming: pd.DataFrame,
    threshold: int,
) -> pd.DataFrame:
    """Describe how far each arm overlaps with the controls.

    Parameters
    ----------
    sample, propensities, covariates
        Tables of the same persons.
    trimming
        Schema TRIMMING: how many were left out and raised to the floor.
    threshold
        Fewest persons whose weights are told of, as in `share_of_largest`.

    Returns
    -------
    pandas.DataFrame
        Schema ``overlap``.
    """
    e = propensities.set_index("person_id").loc[sample["person_id"]]
    differences = standardised_differences(sample, propensities, covariates).set_index("arm")
    largest_differences = differences[["before", "after"]].abs().groupby(level="arm").max()
    counts = trimming.set_index("arm")
    rows = []
    for arm in arms_present(sample, arms_of(propensities)):
        own = e[propensity_column(arm)].to_numpy()
        weights = control_weights(sample, propensities, arm)
        p01, p50, p99 = np.quantile(own[(sample["arm"] == arm).to_numpy()], [0.01, 0.5, 0.99])
        rows.append(
            {
                "arm": arm,
                "n": int((sample["arm"] == arm).sum()),
                "sum_of_control_weights": weights.sum(),
                "effective_controls": effective_number(weights),
                "largest_weights_share": share_of_largest(weights, threshold),
                "p01": p01,
                "p50": p50,
                "p99": p99,
                "share_below_one_per_cent": (own < 0.01).mean(),
                "trimmed": counts.loc[arm, "trimmed"],
                "raised_to_floor": counts.loc[arm, "raised"],
                "max_std_difference_before": largest_differences.loc[arm, "before"],
                "max_std_difference_after": largest_differences.loc[arm, "after"],
            }
        )
    return pd.DataFrame(rows)


def standardised_differences(
    sample: pd.DataFrame, propensities: pd.DataFrame, covariates: pd.DataFrame
) -> pd.DataFrame:
    """Compare the mean of each covariate between each arm and the controls, before and after weighting.

    Returns
    -------
    pandas.DataFrame
        ``arm``, ``covariate``, ``before``, ``after``: as in `standardised_difference`.
    """
    names = [str(name) for name in covariates.columns if str(name).startswith("x_")]
    x = covariate_matrix(covariates, sample["person_id"])
    controls = x[(sample["arm"] == CONTROL).to_numpy()]
    parts = []
    for arm in arms_present(sample, arms_of(propensities)):
        own = x[(sample["arm"] == arm).to_numpy()]
        weights = control_weights(sample, propensities, arm)
        parts.append(
            pd.DataFrame(
                {
                    "arm": arm,
                    "covariate": names,
                    "before": standardised_difference(own, controls),
                    "after": standardised_difference(own, controls, weights),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
