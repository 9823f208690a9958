"""Doubly robust scores of potential outcomes and what follows from them (Knaus 2022, The Econometrics Journal 25(3)).

Notation of the shapes: N persons, K arms, Q outcomes. The formulas are those of
``tests/reference/causaldml-a/README.md``. Each estimate is a mean of scores, so its uncertainty, and its covariance
with any other estimate, follows from influence values: one number per person and estimate.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.effects.balancing import balanced_weights

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Normalisation = Literal["fold", "sample", "none"]


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
        Whether the weights of an arm are scaled to sum to the number of persons: in each fold, in the sample, or not.
    features
        Covariates that the weights are to balance, in units of their standard deviation, shape (N, q); none for inverse
        probability weights. Balanced weights of an arm sum to N, whatever `normalise` says.
    """

    arm: IntArray
    fold: IntArray
    propensities: FloatArray
    normalise: Normalisation
    features: FloatArray | None = None

    @property
    def own_propensity(self) -> FloatArray:
        """Return the probability of the arm that occurred, shape (N,)."""
        own: FloatArray = np.take_along_axis(self.propensities, self.arm[:, None], axis=1)[:, 0]
        return own

    def share(self, arm: int) -> float:
        """Return the share of the persons in an arm."""
        return float(np.mean(self.arm == arm))

    def weights_of_all(self) -> FloatArray:
        """Return weights, shape (N,), under which each arm stands for everybody."""
        weights: FloatArray = 1 / self.own_propensity
        if self.features is None:
            return self.scale(weights)
        everybody = np.ones(len(self.arm), dtype=bool)
        return np.sum([self._balanced(weights, k, everybody) for k in np.unique(self.arm)], axis=0)

    def weights_of_treated(self, treated: int, arm: int) -> FloatArray:
        """Return weights, shape (N,), under which one arm stands for the persons of another; zero outside it."""
        odds = self.propensities[:, treated] / (self.share(treated) * self.own_propensity)
        if self.features is None:
            return np.where(self.arm == arm, self.scale(odds), 0.0)
        return self._balanced(odds, arm, self.arm == treated)

    def _balanced(self, base: FloatArray, arm: int, target: NDArray[np.bool_]) -> FloatArray:
        """Return balanced weights of the persons of an arm; as close as the size of either group allows."""
        assert self.features is not None
        members = self.arm == arm
        penalty = 1 / min(members.sum(), target.sum())
        weights = np.zeros(len(self.arm))
        shares = balanced_weights(base[members], self.features[members], self.features[target].mean(axis=0), penalty)
        weights[members] = len(self.arm) * shares
        return weights

    def scale(self, weights: FloatArray) -> FloatArray:
        """Return weights, shape (N,), that sum to the number of persons within each arm (Hájek), if so wished.

        A person has a weight in the own arm only, hence one number per person.
        """
        if self.normalise == "none":
            return weights
        blocks = {"fold": np.unique(self.fold, return_inverse=True)[1], "sample": np.zeros_like(self.fold)}
        block = blocks[self.normalise]
        cell = block * self.propensities.shape[1] + self.arm
        sums = np.bincount(cell, weights)[cell]
        scaled: FloatArray = np.bincount(block)[block] * weights / sums
        return scaled


def potential_outcome_scores(
    assignment: Assignment, outcomes: FloatArray, predictions: FloatArray, weights: FloatArray | None = None
) -> FloatArray:
    """Return the score of the potential outcome of each person under each arm.

    Parameters
    ----------
    assignment
        Arms, folds and propensities.
    outcomes
        Observed outcomes, shape (N, Q).
    predictions
        Out-of-fold prediction of each outcome under each arm, shape (N, K, Q).
    weights
        What `weights_of_all` returns, if it is known already.

    Returns
    -------
    ndarray, shape (N, K, Q)
        Prediction, plus the weighted residual in the arm that occurred; unit of the outcome.
    """
    weights = assignment.weights_of_all() if weights is None else weights
    person = np.arange(len(outcomes))
    scores = predictions.copy()
    scores[person, assignment.arm] += weights[:, None] * (outcomes - predictions[person, assignment.arm])
    return scores


def treated_scores(
    assignment: Assignment,
    outcomes: FloatArray,
    predictions: FloatArray,
    treated: int,
    arm: int,
    weights: FloatArray | None = None,
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
    weights
        What `weights_of_treated` returns for these two, if it is known already.

    Returns
    -------
    ndarray, shape (N, Q)
        Scores, unit of the outcome. Persons outside both arms have zero.
    """
    weights = assignment.weights_of_treated(treated, arm) if weights is None else weights
    members = (assignment.arm == treated) / assignment.share(treated)
    predicted = predictions[:, arm]
    scores: FloatArray = members[:, None] * predicted + weights[:, None] * (outcomes - predicted)
    return scores


def influence_of_mean(scores: FloatArray) -> FloatArray:
    """Return the influence values of a mean of scores; the first axis is the person."""
    influence: FloatArray = scores - scores.mean(axis=0)
    return influence


def weighted_mean(scores: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean of scores in a target population, and its influence values.

    Parameters
    ----------
    scores
        Scores, shape (N, Q).
    weights
        Weight of each person, shape (N,): zero or more, a function of covariates or arms. An indicator gives the mean
        over a group.

    Returns
    -------
    values : ndarray, shape (Q,)
        Unit of the scores.
    influence : ndarray, shape (N, Q)
        Weight over mean weight, times score minus mean; so the sum of the weights counts as estimated. The covariance
        of several populations follows from `covariance`, also where they overlap.
    """
    shares = (weights / weights.mean())[:, None]
    values: FloatArray = (shares * scores).mean(axis=0)
    influence: FloatArray = shares * (scores - values)
    return values, influence


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


def summed_by_cluster(influence: FloatArray, cluster: IntArray | None) -> FloatArray:
    """Return influence values, shape (N, M), summed within each cluster, shape (C, M); without clusters as they are.

    Clusters are numbered from 0, shape (N,).
    """
    if cluster is None:
        return influence
    sums: FloatArray = np.stack([np.bincount(cluster, column) for column in influence.T], axis=1)
    return sums


def standard_errors(influence: FloatArray, cluster: IntArray | None = None) -> FloatArray:
    """Return the standard error of each estimate from its influence values, shape (N, M).

    The divisor is N, without a factor for few clusters. Persons, or with `cluster` those of different clusters, are
    independent.
    """
    sums = summed_by_cluster(influence, cluster)
    errors: FloatArray = np.sqrt(np.square(sums).sum(axis=0)) / len(influence)
    return errors


def covariance(influence: FloatArray, cluster: IntArray | None = None) -> FloatArray:
    """Return the joint covariance, shape (M, M), of M estimates from their influence values, shape (N, M).

    The columns may be any estimates on the same persons: years, outcomes, arms, groups, ATE beside ATET.
    """
    sums = summed_by_cluster(influence, cluster)
    # Not a matrix product, whose order of summation may depend on the number of threads.
    joint: FloatArray = np.einsum("ni,nj->ij", sums, sums) / len(influence) ** 2
    return joint
