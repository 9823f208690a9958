"""Weights of several learners, from predictions that each made for rows it had not seen.

The cross-fitted predictions of all rows serve as such ("short-stacking": Ahrens, Hansen, Schaffer and Wiemann 2025,
Journal of Applied Econometrics 40): no second cross-validation inside the training folds, and with a handful of weights
for thousands of rows next to nothing that a row could learn of itself.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import nnls

from tiltakseffekt.stages.matching.forest import Floats, Ints

_STEPS = 200


def least_squares_weights(predictions: Sequence[Floats], y: Floats) -> Floats:
    """Return weights of zero or more with sum one that minimise the squared error, summed over standardised outcomes.

    Parameters
    ----------
    predictions
        One array for each learner, shape (rows, outcomes), out of fold.
    y
        Outcomes, shape (rows, outcomes).
    """
    spread = y.std(axis=0)
    errors = np.column_stack([((p - y) / np.where(spread > 0, spread, np.inf)).ravel() for p in predictions])
    # Weights with sum one turn the errors of the learners into the error of their mixture. The last row of ones asks
    # for that sum; its scale does not matter, since dividing by the sum gives the same solution for each scale.
    scale = max(float(np.sqrt(np.square(errors).sum())), 1.0)
    weights = nnls(np.vstack([errors / scale, np.ones(len(predictions))]), np.append(np.zeros(len(errors)), 1.0))[0]
    return weights / weights.sum()


def mixture_weights(propensities: Sequence[Floats], arm: Ints) -> Floats:
    """Return weights of zero or more with sum one that maximise the likelihood of the arms (by the EM algorithm).

    Parameters
    ----------
    propensities
        One array for each learner, shape (rows, arms), out of fold.
    arm
        Arm of each row.
    """
    own = np.column_stack([np.take_along_axis(p, arm[:, None], axis=1)[:, 0] for p in propensities])
    own = np.maximum(own, 1e-9)
    weights = np.full(len(propensities), 1 / len(propensities))
    for _ in range(_STEPS):
        weights = (own * weights / (own * weights).sum(axis=1, keepdims=True)).mean(axis=0)
    return weights


def mix(predictions: Sequence[Floats], weights: Floats) -> Floats:
    """Return the weighted sum of the learners' predictions."""
    total: Floats = np.zeros_like(predictions[0])
    for prediction, weight in zip(predictions, weights, strict=True):
        total += weight * prediction
    return total
