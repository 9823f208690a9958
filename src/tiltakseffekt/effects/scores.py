"""Doubly robust scores of potential outcomes and what follows from them (Knaus 2022, The Econometrics Journal 25(3)).

Notation of the shapes: N persons, K arms, Q outcomes. The formulas are those of
``tests/reference/causaldml-a/README.md``. Each estimate is a mean of scores, so its uncertainty, and its covariance
with any other estimate, follows from influence values: one number per person and estimate.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Assignment:
    """Who was in which arm and fold, and how probable each arm was.

    Parameters
    ----------
    arm
        Arm of each person, 0 … K-1, shape (N,).
    fold
        Fold of the cross-fitting, shape (N,).
    propensities
        Out-of-fold probability of each arm, shape (N, K); positive for the arm that occurs.
    normalise
        Whether weights are scaled to the size of the fold, within each fold and arm.
    """

    arm: IntArray
    fold: IntArray
    propensities: FloatArray
    normalise: bool

    @property
    def own_propensity(self) -> FloatArray:
        """Return the probability of the arm that occurred, shape (N,)."""
        own: FloatArray = np.take_along_axis(self.propensities, self.arm[:, None], axis=1)[:, 0]
        return own

    def share(self, arm: int) -> float:
        """Return the share of the persons in an arm."""
        return float(np.mean(self.arm == arm))

    def scale(self, weights: FloatArray) -> FloatArray:
        """Return weights, shape (N,), that sum to the size of the fold within each fold and arm, if so wished.

        A person has a weight in the own arm only, hence one number per person.
        """
        if not self.normalise:
            return weights
        fold = np.unique(self.fold, return_inverse=True)[1]
        cell = fold * self.propensities.shape[1] + self.arm
        sums = np.bincount(cell, weights)[cell]
        scaled: FloatArray = np.bincount(fold)[fold] * weights / sums
        return scaled


def potential_outcome_scores(assignment: Assignment, outcomes: FloatArray, predictions: FloatArray) -> FloatArray:
    """Return the score of the potential outcome of each person under each arm.

    Parameters
    ----------
    assignment
        Arms, folds and propensities.
    outcomes
        Observed outcomes, shape (N, Q).
    predictions
        Out-of-fold prediction of each outcome under each arm, shape (N, K, Q).

    Returns
    -------
    ndarray, shape (N, K, Q)
        Prediction, plus the weighted residual in the arm that occurred; unit of the outcome.
    """
    weights = assignment.scale(1 / assignment.own_propensity)
    person = np.arange(len(outcomes))
    scores = predictions.copy()
    scores[person, assignment.arm] += weights[:, None] * (outcomes - predictions[person, assignment.arm])
    return scores


def treated_scores(
    assignment: Assignment, outcomes: FloatArray, predictions: FloatArray, treated: int, arm: int
) -> FloatArray:
    """Return scores whose mean is the average outcome under `arm` of those who are in the arm `treated`.

    Parameters
    ----------
    assignment, outcomes, predictions
        As in `potential_outcome_scores`.
    treated
        Arm of those over whom the average goes.
    arm
        Arm whose potential outcome is meant.

    Returns
    -------
    ndarray, shape (N, Q)
        Scores, unit of the outcome. Persons outside both arms have zero.
    """
    share = assignment.share(treated)
    odds = assignment.propensities[:, treated] / (share * assignment.own_propensity)
    weights = np.where(assignment.arm == arm, assignment.scale(odds), 0.0)
    members = (assignment.arm == treated) / share
    predicted = predictions[:, arm]
    scores: FloatArray = members[:, None] * predicted + weights[:, None] * (outcomes - predicted)
    return scores


def influence_of_mean(scores: FloatArray) -> FloatArray:
    """Return the influence values of a mean of scores; the first axis is the person."""
    influence: FloatArray = scores - scores.mean(axis=0)
    return influence


def influence_of_treated_mean(assignment: Assignment, scores: FloatArray, treated: int) -> FloatArray:
    """Return the influence values of a mean over the treated, allowing for their estimated share.

    Parameters
    ----------
    assignment
        Arms.
    scores
        Scores from `treated_scores`, or a difference of two such, shape (N, Q).
    treated
        Arm of those over whom the average goes.

    Returns
    -------
    ndarray, shape (N, Q)
        Score minus mean for the treated divided by their share. (Taking the share as known would subtract the mean
        from everybody: `influence_of_mean`, the formula of the R package causalDML.)
    """
    members = (assignment.arm == treated) / assignment.share(treated)
    influence: FloatArray = scores - members[:, None] * scores.mean(axis=0)
    return influence


def standard_errors(influence: FloatArray) -> FloatArray:
    """Return the standard error of each estimate from its influence values; divisor N, persons independent."""
    errors: FloatArray = np.sqrt(np.square(influence).sum(axis=0)) / len(influence)
    return errors


def covariance(influence: FloatArray) -> FloatArray:
    """Return the joint covariance, shape (M, M), of M estimates from their influence values, shape (N, M).

    The columns may be any estimates on the same persons: years, outcomes, arms, ATE beside ATET.
    """
    # Not a matrix product, whose order of summation may depend on the number of threads.
    joint: FloatArray = np.einsum("ni,nj->ij", influence, influence) / len(influence) ** 2
    return joint
