"""Least squares with influence values, from which the joint covariance of several regressions follows."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from tiltakseffekt.stages.effects.scores import FloatArray, IntArray, small_sample_factor


class Linear(NamedTuple):
    """Coefficients, shape (K,), and the influence value of each person on them, shape (N, K)."""

    coefficients: FloatArray
    influence: FloatArray


class Wald(NamedTuple):
    """A test that several coefficients are all zero; missing where their covariance has not full rank."""

    statistic: float
    df: int
    p_value: float


def least_squares(regressors: FloatArray, outcome: FloatArray, cluster: IntArray | None = None) -> Linear:
    """Fit least squares and return what each person contributes to the errors of the coefficients.

    Parameters
    ----------
    regressors
        Linearly independent columns, the constant among them, shape (N, K).
    outcome
        Shape (N,).
    cluster
        Cluster of each person, from 0, shape (N,).

    Returns
    -------
    Linear
        Influence values are scaled so that the covariance that `effects.scores.covariance` forms of them is HC1, or
        with clusters CRV1, of the regression.
    """
    n, k = regressors.shape
    # Not matrix products, whose order of summation may depend on the number of threads.
    bread = np.linalg.inv(np.einsum("ni,nj->ij", regressors, regressors))
    coefficients = np.einsum("ij,nj,n->i", bread, regressors, outcome)
    residuals = outcome - np.einsum("nk,k->n", regressors, coefficients)
    factor = n / (n - k)
    if cluster is not None:
        factor = small_sample_factor(n, k, int(cluster.max()) + 1)
    influence = np.einsum("nk,kj->nj", regressors * residuals[:, None], bread) * n * np.sqrt(factor)
    return Linear(coefficients, influence)


def wald_test(coefficients: FloatArray, covariance: FloatArray) -> Wald:
    """Test that all coefficients are zero by the chi-squared distribution.

    Parameters
    ----------
    coefficients, covariance
        Shapes (K,) and (K, K).
    """
    k = len(coefficients)
    errors = np.sqrt(np.diag(covariance))
    if not k or not (errors > 0).all():
        return Wald(np.nan, k, np.nan)
    correlation = covariance / np.outer(errors, errors)
    if np.linalg.matrix_rank(correlation, hermitian=True) < k:
        return Wald(np.nan, k, np.nan)
    t = coefficients / errors
    statistic = float(t @ np.linalg.solve(correlation, t))
    return Wald(statistic, k, float(stats.chi2.sf(statistic, k)))


def independent_columns(columns: FloatArray) -> Sequence[int]:
    """Return the columns, from left to right, that are no linear combination of those before and of the constant."""
    centred = columns - columns.mean(axis=0)
    spread = centred.std(axis=0)
    scaled = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    products = np.einsum("ni,nj->ij", scaled, scaled) / len(scaled)
    kept: list[int] = []
    for place in range(columns.shape[1]):
        tried = [*kept, place]
        if np.linalg.matrix_rank(products[np.ix_(tried, tried)], hermitian=True) == len(tried):
            kept = tried
    return kept
