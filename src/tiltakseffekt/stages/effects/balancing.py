"""Inverse probability weights that balance: moved as little as possible until covariates have the means they should.

Estimated propensities and outcome regressions are both shrunken. What each misses goes in the same direction, so the
product of the two errors, which doubly robust scores leave standing, is not small where selection is strong and overlap
thin. Weights under which the covariates of an arm have the means of the target population remove the part of that
product that is linear in the covariates handed over, whatever the propensities were (entropy balancing: Hainmueller
2012; with an outcome regression: Athey, Imbens and Wager 2018, Ben-Michael, Feller and Rothstein 2021).

The weights know nothing of outcomes. Given covariates and arms they are fixed numbers, so the influence values of the
scores hold as they stand.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.basis import expand
from tiltakseffekt.stages.matching.samples import covariate_matrix

FloatArray = NDArray[np.float64]

_STEPS: Final = 100
_PRECISION: Final = 1e-14


def weight_features(settings: EffectSettings, covariates: pd.DataFrame, sample: pd.DataFrame) -> FloatArray | None:
    """Return what the weights are to balance, shape (N, q), or nothing when they are inverse probabilities.

    Each covariate counts with bends at its quartiles, in standard deviations; persons in the order of identifiers.
    """
    return balancing_features(settings, covariate_matrix(covariates, sample["person_id"].sort_values()))


def balancing_features(settings: EffectSettings, x: FloatArray) -> FloatArray | None:
    """Return what `weight_features` does, of covariates as a matrix, shape (N, p)."""
    return None if settings.weights == "inverse_probability" else expand(x, x).training


def balanced_weights(base: FloatArray, features: FloatArray, target: FloatArray, penalty: float) -> FloatArray:
    """Return the weights nearest to `base` under which the features have the means of a target.

    They minimise the Kullback-Leibler divergence from the base weights plus the squared imbalances divided by twice
    the penalty: the larger the penalty, the more imbalance may remain.

    Parameters
    ----------
    base
        Positive weights, for example inverse probabilities, shape (n,).
    features
        What is to be balanced, in units of their standard deviation, shape (n, q).
    target
        Means wanted, shape (q,).
    penalty
        More than zero. At the solution each imbalance is the penalty times the multiplier of its feature.

    Returns
    -------
    ndarray, shape (n,)
        Positive weights with sum one.
    """
    # Sums in one order, whatever the threads of the linear algebra.
    with threadpool_limits(1, user_api="blas"):
        return _tilted(base / base.sum(), features - target, penalty)


def _tilted(share: FloatArray, distance: FloatArray, penalty: float) -> FloatArray:
    """Minimise the dual by Newton's method with halved steps and return the weights."""
    multipliers = np.zeros(distance.shape[1])
    value, weights = _dual(share, distance, multipliers, penalty)
    for _ in range(_STEPS):
        means = weights @ distance
        slope = means + penalty * multipliers
        curvature = (distance * weights[:, None]).T @ distance - np.outer(means, means)
        curvature[np.diag_indices_from(curvature)] += penalty
        step = np.linalg.solve(curvature, slope)
        descent = float(slope @ step)
        if descent < _PRECISION:
            break
        length = 1.0
        while True:
            trial = multipliers - length * step
            new_value, new_weights = _dual(share, distance, trial, penalty)
            if new_value <= value - 1e-4 * length * descent or length < 1e-6:
                break
            length /= 2
        multipliers, value, weights = trial, new_value, new_weights
    return weights


def _dual(share: FloatArray, distance: FloatArray, multipliers: FloatArray, penalty: float) -> tuple[float, FloatArray]:
    """Return the convex dual of the problem, to be minimised, and the weights that belong to the multipliers."""
    exponent = distance @ multipliers
    highest = exponent.max()
    tilted = share * np.exp(exponent - highest)
    total = float(tilted.sum())
    value = np.log(total) + highest + penalty / 2 * float(multipliers @ multipliers)
    return float(value), tilted / total
