"""Repeated cross-fitting: one estimate of several, which differ by the draw of the folds alone."""

import numpy as np

from tiltakseffekt.stages.effects.scores import FloatArray


def median_of_repetitions(values: FloatArray, errors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the median of the estimates, and its standard error (Chernozhukov et al. 2018, Definition 3.3).

    Parameters
    ----------
    values, errors
        Estimates and their standard errors, shape (repetitions, M).

    Returns
    -------
    estimate, error : ndarray, shape (M,)
        The error is the root of the median of squared error plus squared distance to the median estimate, so that the
        draw of the folds counts as uncertainty.
    """
    estimate: FloatArray = np.median(values, axis=0)
    if len(values) == 1:
        return estimate, errors[0]
    error: FloatArray = np.sqrt(np.median(np.square(errors) + np.square(values - estimate), axis=0))
    return estimate, error


def rescaled(covariance: FloatArray, errors: FloatArray) -> FloatArray:
    """Return a covariance, shape (M, M), with the correlations it has and the standard errors given, shape (M,).

    The medians of covariances need not form a covariance; correlations of mean influence values do.
    """
    own = np.sqrt(np.diag(covariance))
    factor = np.divide(errors, own, out=np.ones_like(own), where=own > 0)
    scaled: FloatArray = covariance * np.outer(factor, factor)
    return scaled
