"""Doubly robust scores of potential outcomes and what follows from them (Knaus 2022, The Econometrics Journal 25(3)).

Notation of the shapes: N persons, K arms, Q outcomes. The formulas are those of
``tests/reference/causaldml-a/README.md``. Each estimate is a mean of scores, so its uncertainty, and its covariance
with any other estimate, follows from influence values: one number per person and estimate.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.stages.effects.balancing import balanced_weights

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Normalisation = Literal["fold", "sample", "none"]
#: A target population: the persons of an arm, or of any of several.
Target = int | tuple[int, ...]


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

    def among(self, target: Target) -> NDArray[np.bool_]:
        """Return who is in a target population, shape (N,)."""
        return np.isin(self.arm, target)

    def share(self, target: Target) -> float:
        """Return the share of the persons in a target population."""
        return float(np.mean(self.among(target)))

    def weights_of_all(self) -> FloatArray:
        """Return weights, shape (N,), under which each arm stands for everybody."""
        weights: FloatArray = 1 / self.own_propensity
        if self.features is None:
            return self.scale(weights)
        everybody = np.ones(len(self.arm), dtype=bool)
        return np.sum([self._balanced(weights, k, everybody) for k in np.unique(self.arm)], axis=0)

    def weights_of_treated(self, treated: Target, arm: int) -> FloatArray:
        """Return weights, shape (N,), under which one arm stands for the persons of others; zero outside it."""
        probability = self.propensities[:, np.atleast_1d(treated)].sum(axis=1)
        odds = probability / (self.share(treated) * self.own_propensity)
        if self.features is None:
            return np.where(self.arm == arm, self.scale(odds), 0.0)
        return self._balanced(odds, arm, self.among(treated))

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
    treated: Target,
    arm: int,
    weights: FloatArray | None = None,
) -> FloatArray:
    """Return scores whose mean is the average outcome under `arm` of those who are in the arms `treated`.

    The errors of predictions and of propensities enter through their product alone, also when the target is several
    arms: their probability, not the fact of being in them, weighs the residuals.

    Parameters
    ----------
    assignment, outcomes, predictions
        As in `potential_outcome_scores`.
    treated
        Arm, or arms, of those over whom the average goes.
    arm
        Arm whose potential outcome is meant.
    weights
        What `weights_of_treated` returns for these two, if it is known already.

    Returns
    -------
    ndarray, shape (N, Q)
        Scores, unit of the outcome. Persons outside these arms have zero.
    """
    weights = assignment.weights_of_treated(treated, arm) if weights is None else weights
    members = assignment.among(treated) / assignment.share(treated)
    predicted = predictions[:, arm]
    scores: FloatArray = members[:, None] * predicted + weights[:, None] * (outcomes - predicted)
    return scores


def influence_of_mean(scores: FloatArray) -> FloatArray:
    """Return the influence values of a mean of scores; the first axis is the person."""
    influence: FloatArray = scores - scores.mean(axis=0)
    return influence


def influence_of_treated_mean(assignment: Assignment, scores: FloatArray, treated: Target) -> FloatArray:
    """Return the influence values of a mean over the treated, allowing for their estimated share.

    Parameters
    ----------
    assignment
        Arms.
    scores
        Scores from `treated_scores`, or a difference of two such, shape (N, Q).
    treated
        Arm, or arms, of those over whom the average goes.

    Returns
    -------
    ndarray, shape (N, Q)
        Score minus mean for the treated divided by their share. (Taking the share as known would subtract the mean
        from everybody: `influence_of_mean`, the formula of the R package causalDML.)
    """
    members = assignment.among(treated) / assignment.share(treated)
    influence: FloatArray = scores - members[:, None] * scores.mean(axis=0)
    return influence


def effect_on_treated(
    assignment: Assignment,
    outcomes: FloatArray,
    predictions: FloatArray,
    arm: int,
    control: int,
    *,
    treated: Target | None = None,
    weights: tuple[FloatArray, FloatArray] | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return the average effect of an arm against another on those who are treated, and its influence values.

    Parameters
    ----------
    assignment, outcomes, predictions
        As in `potential_outcome_scores`.
    arm, control
        The two that are compared.
    treated
        Arm, or arms, of those over whom the average goes; without it those in `arm` (ATET).
    weights
        What `weights_of_treated` returns for `arm` and for `control`, if it is known already.

    Returns
    -------
    values : ndarray, shape (Q,)
        Unit of the outcome.
    influence : ndarray, shape (N, Q)
        See `influence_of_treated_mean`.
    """
    target = arm if treated is None else treated
    of_arm, of_control = (None, None) if weights is None else weights
    scores = treated_scores(assignment, outcomes, predictions, target, arm, of_arm)
    scores -= treated_scores(assignment, outcomes, predictions, target, control, of_control)
    return scores.mean(axis=0), influence_of_treated_mean(assignment, scores, target)


def summed_by_cluster(influence: FloatArray, cluster: IntArray | None) -> FloatArray:
    """Return influence values, shape (N, M), summed within each cluster, shape (C, M); without clusters as they are.

    Clusters are numbered from 0, shape (N,).
    """
    if cluster is None:
        return influence
    sums: FloatArray = np.stack([np.bincount(cluster, column) for column in influence.T], axis=1)
    return sums


def small_sample_factor(n: int, parameters: int, clusters: int) -> float:
    """Return C/(C-1) · (n-1)/(n-k), by which the clustered variance of a regression is multiplied (CRV1)."""
    return clusters / (clusters - 1) * (n - 1) / (n - parameters)


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
