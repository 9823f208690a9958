"""Persons sorted by what is predicted to be their effect: effects by fifth, and who is in the first and the last.

Chernozhukov, Demirer, Duflo and Fernández-Val (2018; Econometrica 2025), with cross-fitting in the place of their many
splits: predictions are made from the other folds, and persons are sorted within their fold.
"""

from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.stages.effects.scores import FloatArray, IntArray, covariance
from tiltakseffekt.stages.heterogeneity.linear import least_squares, wald_test

FIFTHS: Final = 5
#: Row of the last fifth minus the first.
DIFFERENCE: Final = "difference"


def fifths(predicted: FloatArray, fold: IntArray) -> IntArray:
    """Return the fifth of each person's predicted effect within the fold, 1 (least) … 5, shape (N,).

    Equal predictions share a fifth, so that fifths can differ in size and be empty: with one prediction for all,
    everybody is in the third.
    """
    by_fold = pd.Series(predicted).groupby(fold)
    before = by_fold.rank(method="average").to_numpy() - 0.5
    size = by_fold.transform("size").to_numpy()
    return np.asarray(before * FIFTHS // size + 1, dtype=np.int64)


def effects_by_fifth(
    fifth: IntArray,
    predicted: FloatArray,
    effect: FloatArray,
    in_arm: np.ndarray,
    confidence: float,
    cluster: IntArray | None = None,
) -> pd.DataFrame:
    """Return the mean score in each fifth of the predicted effect, and the last minus the first.

    Parameters
    ----------
    fifth, predicted, effect, in_arm
        Fifth, predicted effect, score of the effect, and whether the person is in the arm, shape (N,).
    confidence
        Level of the intervals.
    cluster
        Cluster of each person, from 0, shape (N,).

    Returns
    -------
    DataFrame
        Columns of the schema SORTED_EFFECTS but outcome and arm. No row unless the first and the last fifth have two
        persons or more: then nothing sorts them.
    """
    present = [number for number in range(1, FIFTHS + 1) if (fifth == number).any()]
    if min((fifth == 1).sum(), (fifth == FIFTHS).sum()) < 2:
        return pd.DataFrame()
    member = (fifth[:, None] == np.array(present)).astype(np.float64)
    fit = least_squares(member, effect, cluster)
    against_first = np.column_stack([-np.ones(len(present) - 1), np.eye(len(present) - 1)])
    rows = np.vstack([np.eye(len(present)), against_first[-1:]])
    values = rows @ fit.coefficients
    joint = covariance(fit.influence, cluster)
    se = np.sqrt(np.diag(rows @ joint @ rows.T))
    equal = wald_test(against_first @ fit.coefficients, against_first @ joint @ against_first.T)
    half = stats.norm.ppf(0.5 + confidence / 2) * se
    counts, counts_in_arm = member.sum(axis=0), member[in_arm].sum(axis=0)
    mean_predicted = rows @ (np.einsum("nk,n->k", member, predicted) / counts)
    return pd.DataFrame(
        {
            "group": [*(f"fifth_{number}" for number in present), DIFFERENCE],
            "predicted": mean_predicted,
            "estimate": values,
            "se": se,
            "low": values - half,
            "high": values + half,
            "p_value": 2 * stats.norm.sf(np.abs(np.divide(values, se, out=np.full_like(se, np.nan), where=se > 0))),
            "p_equal": equal.p_value,
            "n": [*counts, counts[0] + counts[-1]],
            "n_arm": [*counts_in_arm, counts_in_arm[0] + counts_in_arm[-1]],
        }
    ).astype({"n": "int64", "n_arm": "int64"})


def classify(fifth: IntArray, described: pd.DataFrame, cluster: IntArray | None = None) -> pd.DataFrame:
    """Return the mean characteristics of the first and the last fifth, and their difference.

    Parameters
    ----------
    fifth
        Fifth of each person, shape (N,), of which neither the first nor the last is empty.
    described
        What `profile` returns, N rows.
    cluster
        Cluster of each person, from 0, shape (N,).

    Returns
    -------
    DataFrame
        Columns of the schema CLASSIFICATION but outcome and arm.
    """
    ends = np.column_stack([fifth == 1, fifth == FIFTHS]).astype(np.float64)
    inside = ends.any(axis=1)
    of_cluster = None if cluster is None else np.unique(cluster[inside], return_inverse=True)[1]
    rows = []
    for term in described:
        values = described[term].to_numpy(np.float64)[inside]
        fit = least_squares(ends[inside], values, of_cluster)
        means, joint = fit.coefficients, covariance(fit.influence, of_cluster)
        rows.append(
            {
                "term": term,
                "least": means[0],
                "least_se": np.sqrt(joint[0, 0]),
                "most": means[1],
                "most_se": np.sqrt(joint[1, 1]),
                "difference": means[1] - means[0],
                "se": np.sqrt(max(joint[0, 0] + joint[1, 1] - 2 * joint[0, 1], 0.0)),
                "n_least": int(ends[:, 0].sum()),
                "n_most": int(ends[:, 1].sum()),
            }
        )
    return pd.DataFrame(rows)
