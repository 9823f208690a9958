"""Best linear projection of the effect on a few characteristics (Semenova and Chernozhukov 2021)."""

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.stages.effects.scores import FloatArray, IntArray, covariance
from tiltakseffekt.stages.heterogeneity.linear import independent_columns, least_squares, wald_test
from tiltakseffekt.stages.heterogeneity.profile import STEPS


def project(described: pd.DataFrame, effect: FloatArray, cluster: IntArray | None = None) -> pd.DataFrame:
    """Regress the score of an effect on all characteristics at once.

    Parameters
    ----------
    described
        What `profile` returns, N rows. Columns that are constant or a combination of those before are left out.
    effect
        Score of each person, shape (N,).
    cluster
        Cluster of each person, from 0, shape (N,).

    Returns
    -------
    DataFrame
        Per characteristic ``term``, ``estimate`` per step of `STEPS`, ``se`` (HC1, or clustered), two-sided ``p_value``
        (normal), and ``p_joint`` of the test that all are zero, the same in each row. No row when nothing varies.
    """
    steps = described.to_numpy(np.float64) / np.array([STEPS[str(name)] for name in described])
    kept = list(independent_columns(steps))
    fit = least_squares(np.column_stack([np.ones(len(steps)), steps[:, kept]]), effect, cluster)
    slopes, joint = fit.coefficients[1:], covariance(fit.influence[:, 1:], cluster)
    se = np.sqrt(np.diag(joint))
    t_values = np.divide(slopes, se, out=np.full_like(slopes, np.nan), where=se > 0)
    return pd.DataFrame(
        {
            "term": [described.columns[place] for place in kept],
            "estimate": slopes,
            "se": se,
            "p_value": 2 * stats.norm.sf(np.abs(t_values)),
            "p_joint": wald_test(slopes, joint).p_value,
        }
    )
