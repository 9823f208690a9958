"""The honest random forest (Wager and Athey 2018; Athey, Tibshirani and Wager 2019), compiled.

Each tree draws a subsample without replacement. One part of it grows the tree, the other fills the leaves with its
means (honesty; effektrapport_2024 lines 2142-2145). Covariates are binned, outcomes or classes share the trees. Results
do not depend on threads, memory not on the number of trees. `reference_forest` is the same, slow and obvious.
"""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from tiltakseffekt.stages.matching.bins import bin_rows
from tiltakseffekt.stages.matching.forest_kernel import LANES, Rules, Training, add_trees
from tiltakseffekt.stages.matching.settings import ForestSettings

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: Trees that one task adds up. Fixed, so that sums are formed in the same order for any number of threads.
_TREES_PER_TASK = 10


def forest_predictions(
    x: npt.NDArray[np.floating],
    y: Floats,
    x_new: npt.NDArray[np.floating],
    settings: ForestSettings,
    seed: int,
    *,
    threads: int = 1,
) -> Floats:
    """Fit an honest forest for one or many outcomes at once and predict new rows; the trees are not kept.

    Splits minimise the sum of the standardised squared errors of all outcomes.

    Parameters
    ----------
    x
        Covariates of the training rows, shape (rows, p).
    y
        Outcomes of the training rows, shape (rows, outcomes).
    x_new
        Covariates of the rows to predict, shape (new rows, p).
    settings
        The forest.
    seed
        Seed of this forest (see `named_seed`); each tree derives its own.
    threads
        Threads; the result is the same, bit by bit, for any number.

    Returns
    -------
    array of float, shape (new rows, outcomes)
        Means over the trees of the leaf means of the honest rows, in the unit of each outcome.

    Raises
    ------
    ValueError
        If there are fewer than two training rows, or a value is missing or infinite.
    """
    check_rows(x, y, x_new)
    rows = bin_rows(x, x_new)
    return _grow(outcome_training(y, rows.training), rows.new, y.shape[1], settings, seed, threads)


def class_predictions(
    x: npt.NDArray[np.floating],
    labels: Ints,
    classes: int,
    x_new: npt.NDArray[np.floating],
    settings: ForestSettings,
    seed: int,
    *,
    threads: int = 1,
) -> Floats:
    """Return the probability of each class from one forest for all, shape (new rows, classes).

    The same as `forest_predictions` of the indicators of the classes, without making them: rows sum to one.
    ``labels`` holds 0 ... `classes` - 1; other parameters and errors as there.
    """
    check_rows(x, labels, x_new)
    rows = bin_rows(x, x_new)
    return _grow(class_training(labels, classes, rows.training), rows.new, classes, settings, seed, threads)


def one_against_rest(
    x: npt.NDArray[np.floating],
    labels: Ints,
    x_new: npt.NDArray[np.floating],
    settings: ForestSettings,
    seeds: Sequence[int],
    *,
    threads: int = 1,
) -> Floats:
    """Return the probability of each class from a forest of its own, shape (new rows, classes).

    One seed for each class; rows need not sum to one. Other parameters and errors as for `class_predictions`.
    """
    check_rows(x, labels, x_new)
    rows = bin_rows(x, x_new)
    shares = np.empty((len(x_new), len(seeds)))
    for k, seed in enumerate(seeds):
        training = class_training((labels == k).astype(np.intp), 2, rows.training)
        shares[:, k] = _grow(training, rows.new, 2, settings, seed, threads)[:, 1]
    return shares


def variables_per_split(p: int, extra: int) -> int:
    """Return how many of `p` variables are drawn at each split: the root of p plus `extra`, rounded up, at most p.

    >>> variables_per_split(51, 20)
    28
    """
    return min(math.ceil(math.sqrt(p) + extra), p)


def honest_sizes(rows: int, settings: ForestSettings) -> tuple[int, int]:
    """Return how many rows are drawn for a tree and how many of them grow it: at least one, not all."""
    drawn = max(2, int(rows * settings.subsample))
    return drawn, min(max(1, int(drawn * settings.honest_share)), drawn - 1)


def growing_rules(rows: int, p: int, settings: ForestSettings) -> Rules:
    """Translate the settings for a training set."""
    return Rules(
        *honest_sizes(rows, settings),
        variables_per_split(p, settings.variables_per_split_extra),
        settings.smallest_node,
        settings.balance,
    )


def check_rows(x: npt.NDArray[np.floating], y: npt.NDArray[Any], x_new: npt.NDArray[np.floating]) -> None:
    """Refuse what no forest can learn from, with a `ValueError`: one row, or a value that is missing or infinite."""
    if len(x) < 2:
        raise ValueError("an honest forest needs at least two rows: one that grows the tree and one that predicts")
    if not (np.isfinite(x).all() and np.isfinite(x_new).all()):
        raise ValueError("an honest forest needs covariates that are all finite")
    if not np.isfinite(y).all():
        raise ValueError("an honest forest needs outcomes that are all finite")


def standardised(y: Floats) -> Floats:
    """Give each outcome mean 0 and variance 1; a constant outcome becomes 0."""
    spread = y.std(axis=0)
    return (y - y.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def outcome_training(y: Floats, codes: npt.NDArray[np.uint8]) -> Training:
    """Prepare outcomes, shape (rows, outcomes), for the kernel."""
    lanes = -(-y.shape[1] // LANES) * LANES
    filled_up = np.zeros((len(y), lanes), np.float32)
    filled_up[:, : y.shape[1]] = standardised(y)
    return Training(
        codes, codes.max(axis=1), np.empty(0, np.uint8), np.empty(0), np.ascontiguousarray(y, np.float64), filled_up
    )


def class_training(labels: npt.NDArray[np.integer], classes: int, codes: npt.NDArray[np.uint8]) -> Training:
    """Prepare labels 0 ... `classes` - 1 for the kernel; a class that nobody or everybody has weighs nothing."""
    share = np.bincount(labels, minlength=classes) / len(labels)
    variance = share * (1 - share)
    weights = np.divide(1, variance, out=np.zeros(classes), where=variance > 0)
    return Training(
        codes,
        codes.max(axis=1),
        labels.astype(np.uint8),
        weights,
        np.empty((0, 0)),
        np.empty((len(labels), 0), np.float32),
    )


def _grow(
    training: Training, new: npt.NDArray[np.uint8], outcomes: int, settings: ForestSettings, seed: int, threads: int
) -> Floats:
    """Return the mean of the predictions of all trees."""
    p, rows = training.codes.shape
    rules = growing_rules(rows, p, settings)

    def add_up(first: int) -> Floats:
        total = np.zeros((new.shape[1], outcomes))
        last = min(first + _TREES_PER_TASK, settings.trees)
        add_trees(training, new, rules, np.uint64(seed), first, last, total)
        return total

    total = np.zeros((new.shape[1], outcomes))
    with ThreadPoolExecutor(threads) as pool:
        for part in pool.map(add_up, range(0, settings.trees, _TREES_PER_TASK)):
            total += part
    return total / settings.trees
