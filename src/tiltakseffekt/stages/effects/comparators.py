"""Simple estimators to hold the doubly robust ones against: weighting, regression adjustment, matching.

Each compares one arm with another, on average over a target population: everybody (ATE), or those in an arm (ATET).
They are pure functions of arrays; N persons, K arms. The target is a mask over the persons.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from tiltakseffekt.stages.effects.scores import FloatArray, IntArray

Mask = NDArray[np.bool_]


class Estimate(NamedTuple):
    """An average effect and its standard error, in the unit of the outcome."""

    value: float
    error: float


def difference_of_means(arm: IntArray, outcome: FloatArray, treated: int, control: int) -> Estimate:
    """Compare two arms as they are; the variances of the two may differ.

    Parameters
    ----------
    arm, outcome
        Arm (0 … K-1) and outcome of each person, shape (N,).
    treated, control
        The arms to compare.
    """
    groups = [outcome[arm == k] for k in (treated, control)]
    variance = sum(group.var(ddof=1) / len(group) for group in groups)
    return Estimate(float(groups[0].mean() - groups[1].mean()), float(np.sqrt(variance)))


def inverse_probability(
    arm: IntArray, outcome: FloatArray, propensities: FloatArray, target: Mask, treated: int, control: int
) -> Estimate:
    """Compare weighted means, with weights that sum to one in each arm (Hájek).

    Parameters
    ----------
    arm, outcome
        Arm (0 … K-1) and outcome of each person, shape (N,).
    propensities
        Probability of each arm, shape (N, K).
    target
        Everybody, or the persons of one arm.
    treated, control
        The arms to compare.

    Returns
    -------
    Estimate
        The standard error takes the propensities as known. When they are estimated it may be too large or too small:
        that it errs on the side of caution holds for the ATE with a parametric or series model (Hirano, Imbens and
        Ridder 2003), not for the ATET (Reifeis and Hudgens 2022), and says nothing of forests.
    """
    everybody = bool(target.all())
    in_target = np.ones(len(arm)) if everybody else propensities[:, np.unique(arm[target])].sum(axis=1)
    means, influence = [], np.zeros(len(arm))
    for k, sign in ((treated, 1.0), (control, -1.0)):
        weights = np.where(arm == k, in_target / propensities[:, k], 0.0)
        weights /= weights.sum()
        # Not a dot product, whose order of summation may depend on the number of threads.
        means.append(float((weights * outcome).sum()))
        influence += sign * weights * (outcome - means[-1])
    return Estimate(means[0] - means[1], float(np.sqrt(np.square(influence).sum())))


def regression_adjustment(
    x: FloatArray, arm: IntArray, outcome: FloatArray, target: Mask, treated: int, control: int
) -> Estimate:
    """Compare predictions of a least-squares regression in each arm, averaged over the target.

    Parameters
    ----------
    x
        Covariates, shape (N, p); columns that do not vary in an arm have no weight there.
    arm, outcome, target, treated, control
        As in `inverse_probability`.

    Returns
    -------
    Estimate
        The standard error is robust to heteroskedasticity (HC1) and allows for the sampling of the target. An arm that
        is the target itself needs no regression: its mean is observed, and so is the noise in it.
    """
    size = int(target.sum())
    at = np.concatenate([[1.0], x[target].mean(axis=0)])
    effects, variance = np.zeros(size), 0.0
    # One thread, so that sums are formed in one order.
    with threadpool_limits(1, user_api="blas"):
        for k, sign in ((treated, 1.0), (control, -1.0)):
            members = arm == k
            if np.array_equal(members, target):
                effects += sign * outcome[members]
                continue
            design = np.column_stack([np.ones(members.sum()), x[members]])
            inverse = np.linalg.pinv(design.T @ design, hermitian=True)
            coefficients = inverse @ (design.T @ outcome[members])
            residuals = outcome[members] - design @ coefficients
            freedom = max(len(design) - np.linalg.matrix_rank(design), 1)
            pull = design @ (inverse @ at)
            variance += float(np.square(pull * residuals).sum()) * len(design) / freedom
            effects += sign * (coefficients[0] + x[target] @ coefficients[1:])
    variance += float(effects.var()) / size
    return Estimate(float(effects.mean()), float(np.sqrt(variance)))


def nearest_neighbour(
    x: FloatArray, arm: IntArray, outcome: FloatArray, target: Mask, treated: int, control: int
) -> Estimate:
    """Give each person of the target the outcome of the nearest person in either arm, with replacement.

    Parameters
    ----------
    x
        Covariates, shape (N, p); distances are Euclidean after division by the standard deviations.
    arm, outcome, target, treated, control
        As in `inverse_probability`; an own outcome is used where there is one. Two persons at least in each arm.

    Returns
    -------
    Estimate
        Without bias correction; standard error of Abadie and Imbens (2006, theorem 7), the variance of an outcome given
        covariates from its nearest neighbour in the same arm.
    """
    spread = x.std(axis=0)
    scaled = x[:, spread > 0] / spread[spread > 0]
    effects, noise = np.zeros(int(target.sum())), 0.0
    for k, sign in ((treated, 1.0), (control, -1.0)):
        members = np.flatnonzero(arm == k)
        search = NearestNeighbors(n_neighbors=2).fit(scaled[members])
        match = search.kneighbors(scaled[target], 1, return_distance=False)[:, 0]
        own = arm[target] == k
        match[own] = np.searchsorted(members, np.flatnonzero(target)[own])
        effects += sign * outcome[members][match]
        # Of two neighbours one may be the person, but with equal covariates it need not be the first.
        pair = search.kneighbors(scaled[members], return_distance=False)
        other = np.where(pair[:, 0] == np.arange(len(members)), pair[:, 1], pair[:, 0])
        uses = np.bincount(match, minlength=len(members))
        noise += float((uses * (uses - 1) * np.square(outcome[members] - outcome[members][other]) / 2).sum())
    variance = (np.square(effects - effects.mean()).sum() + noise) / len(effects) ** 2
    return Estimate(float(effects.mean()), float(np.sqrt(variance)))
