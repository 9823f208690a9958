"""Covariates as bins: a byte per value, so that a split is found by counting."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

#: Bins of a covariate at most: what a byte holds. With 63, forests on continuous covariates differ visibly from grf's.
BINS: Final = 255


class BinnedRows(NamedTuple):
    """Training and new rows as bins 0 ... 254, shape (p, rows): a covariate lies in one stretch of memory."""

    training: npt.NDArray[np.uint8]
    new: npt.NDArray[np.uint8]


def bin_rows(x: npt.NDArray[np.floating], x_new: npt.NDArray[np.floating]) -> BinnedRows:
    """Divide covariates into bins by their distribution in the training rows.

    Parameters
    ----------
    x, x_new
        Covariates of training and new rows, shape (rows, p), without missing values.
    """
    training, new = np.empty(x.T.shape, np.uint8), np.empty(x_new.T.shape, np.uint8)
    for j in range(x.shape[1]):
        edges = bin_edges(x[:, j])
        training[j] = np.searchsorted(edges, x[:, j])
        new[j] = np.searchsorted(edges, x_new[:, j])
    return BinnedRows(training, new)


def bin_edges(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return the borders between bins: between any two values if there are at most 255 of them, else at quantiles.

    >>> bin_edges(np.array([3.0, 1.0, 1.0, 7.0]))
    array([2., 5.])
    """
    levels, counts = np.unique(values, return_counts=True)
    last = _last_levels(counts, BINS)
    return (levels[last].astype(np.float64) + levels[last + 1]) / 2


@njit(cache=True)
def _last_levels(counts: npt.NDArray[np.int64], bins: int) -> npt.NDArray[np.int64]:
    """Return the last level in each bin but the highest; rows of one level are never divided."""
    last = np.empty(bins, np.int64)
    closed, held, rows = 0, 0, counts.sum()
    for level in range(len(counts) - 1):
        held += counts[level]
        free = bins - closed
        # A bin is closed when it has its share of what is left, when the next level is a share by itself, or when
        # each level left can have a bin of its own.
        if free > 1 and (held * free >= rows or counts[level + 1] * free >= rows or len(counts) - level <= free):
            last[closed] = level
            closed += 1
            rows -= held
            held = 0
    return last[:closed]
