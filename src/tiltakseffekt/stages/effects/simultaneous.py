"""Intervals that hold for a whole family of estimates at once: multiplier bootstrap of the largest t-value.

Chernozhukov, Chetverikov and Kato (2013, Annals of Statistics 41(6)); for double machine learning Belloni,
Chernozhukov and Kato (2015) and, with cross-fitting, Chernozhukov et al. (2018).
"""

from collections.abc import Iterator
from typing import Final, Literal

import numpy as np

from tiltakseffekt.stages.effects.scores import FloatArray, IntArray, summed_by_cluster

Multiplier = Literal["gaussian", "rademacher"]

#: Draws whose multipliers lie in memory together; the result does not depend on it.
_AT_ONCE: Final = 50


def drawn_multipliers(
    size: int, draws: int, multiplier: Multiplier, random: np.random.Generator
) -> Iterator[FloatArray]:
    """Yield the multipliers of the bootstrap, some draws at a time, shape (B, size): one for each person or cluster."""
    for first in range(0, draws, _AT_ONCE):
        shape = (min(_AT_ONCE, draws - first), size)
        if multiplier == "gaussian":
            yield random.standard_normal(shape)
        else:
            yield np.where(random.random(shape) < 0.5, -1.0, 1.0)


def critical_values(
    influence: FloatArray,
    family: IntArray,
    confidence: float,
    draws: int,
    multiplier: Multiplier,
    random: np.random.Generator,
    cluster: IntArray | None = None,
) -> FloatArray:
    """Return, for each family, the multiple of the standard errors within which all its estimates lie at once.

    Parameters
    ----------
    influence
        Influence values of all estimates, shape (N, M).
    family
        Family of each estimate, 0 … F-1, shape (M,).
    confidence
        Probability that all intervals of a family cover.
    draws
        Number of draws.
    multiplier
        Each person, or cluster, gets a standard normal number, or minus or plus one.
    random
        Generator of the multipliers.
    cluster
        Cluster of each person, from 0, shape (N,); without it persons are independent.

    Returns
    -------
    ndarray, shape (F,)
        Quantile of the largest absolute t-value. Estimates without variance do not count; a family of such has zero.
    """
    families = int(family.max()) + 1
    largest = [
        np.stack([t[:, family == number].max(axis=1) for number in range(families)], axis=1)
        for t in drawn_t_values(influence, draws, multiplier, random, cluster)
    ]
    return np.quantile(np.concatenate(largest), confidence, axis=0).astype(np.float64)


def drawn_t_values(
    influence: FloatArray,
    draws: int,
    multiplier: Multiplier,
    random: np.random.Generator,
    cluster: IntArray | None = None,
) -> Iterator[FloatArray]:
    """Yield absolute t-values of all estimates as they would be if every effect were zero, some draws at a time.

    Parameters
    ----------
    influence, draws, multiplier, random, cluster
        As in `critical_values`.

    Yields
    ------
    ndarray, shape (B, M)
        A row per draw; zero for estimates without variance.
    """
    sums = summed_by_cluster(influence, cluster)
    scale = np.sqrt(np.square(sums).sum(axis=0))
    directions = np.divide(sums, scale, out=np.zeros_like(sums), where=scale > 0)
    for drawn in drawn_multipliers(len(sums), draws, multiplier, random):
        # Not a matrix product, whose order of summation may depend on the number of threads.
        yield np.abs(np.einsum("bn,nm->bm", drawn, directions))
