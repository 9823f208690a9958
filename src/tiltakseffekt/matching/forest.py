"""An honest random forest for one or many outcomes at once, around scikit-learn's tree.

Each tree draws a subsample without replacement. One part of it grows the tree, the other fills the leaves with its
means (honesty; seed-004 lines 2142-2145, Athey, Tibshirani and Wager 2019). All outcomes share the tree: splits
minimise the sum of their standardised squared errors, and leaf means are in the unit of each outcome.
"""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.tree import DecisionTreeRegressor

from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.matching.settings import ForestSettings

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
    """Fit an honest forest and predict new rows; the trees are not kept.

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
        Means over the trees of the leaf means of the honest rows.

    Raises
    ------
    ValueError
        If there are fewer than two training rows.
    """
    if len(x) < 2:
        raise ValueError("an honest forest needs at least two rows: one that grows the tree and one that predicts")
    x = np.ascontiguousarray(x, dtype=np.float32)
    x_new = np.ascontiguousarray(x_new, dtype=np.float32)
    spread = y.std(axis=0)
    standardised = (y - y.mean(axis=0)) / np.where(spread > 0, spread, 1.0)

    def add_up(task: range) -> Floats:
        total = np.zeros((len(x_new), y.shape[1]))
        for tree in task:
            total += _tree_predictions(x, y, standardised, x_new, settings, named_generator(seed, "tree", tree))
        return total

    tasks = [
        range(first, min(first + _TREES_PER_TASK, settings.trees))
        for first in range(0, settings.trees, _TREES_PER_TASK)
    ]
    total = np.zeros((len(x_new), y.shape[1]))
    with ThreadPoolExecutor(threads) as pool:
        for part in pool.map(add_up, tasks):
            total += part
    return total / settings.trees


def variables_per_split(p: int, extra: int) -> int:
    """Return how many of `p` variables are drawn at each split: the root of p plus `extra`, rounded up, at most p.

    >>> variables_per_split(51, 20)
    28
    """
    return min(math.ceil(math.sqrt(p) + extra), p)


def honest_parts(rows: int, settings: ForestSettings, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw the rows that grow a tree and the rows that fill its leaves: disjoint, none empty."""
    drawn = random.permutation(rows)[: max(2, int(rows * settings.subsample))]
    growing = min(max(1, int(len(drawn) * settings.honest_share)), len(drawn) - 1)
    return drawn[:growing], drawn[growing:]


def _tree_predictions(
    x: npt.NDArray[np.float32],
    y: Floats,
    standardised: Floats,
    x_new: npt.NDArray[np.float32],
    settings: ForestSettings,
    random: np.random.Generator,
) -> Floats:
    growing, filling = honest_parts(len(x), settings, random)
    fitted = DecisionTreeRegressor(
        max_features=variables_per_split(x.shape[1], settings.variables_per_split_extra),
        min_samples_split=settings.smallest_node + 1,
        random_state=int(random.integers(2**31)),
    ).fit(x[growing], standardised[growing], check_input=False)
    tree = fitted.tree_
    leaves = tree.apply(x[filling])
    _close_empty_branches(tree, np.bincount(leaves, minlength=tree.node_count))
    means = _group_means(leaves, y[filling], tree.node_count)
    return means[tree.apply(x_new)]


def _close_empty_branches(tree: Any, rows: Ints) -> None:
    """Send every row past branches without honest rows, as grf prunes them.

    A node with an empty child gives way to its other child; here its threshold is moved so that all rows go there.
    """
    left, right = tree.children_left, tree.children_right
    rows = rows.copy()
    for parents in reversed(list(_levels(left, right))):
        rows[parents] = rows[left[parents]] + rows[right[parents]]
    parents = np.flatnonzero(left >= 0)
    tree.threshold[parents[rows[left[parents]] == 0]] = -np.inf
    tree.threshold[parents[rows[right[parents]] == 0]] = np.inf


def _levels(left: Ints, right: Ints) -> Iterator[Ints]:
    """Yield the inner nodes of a tree, depth by depth from the root."""
    nodes = np.zeros(1, dtype=np.intp)
    while len(nodes := nodes[left[nodes] >= 0]):
        yield nodes
        nodes = np.concatenate([left[nodes], right[nodes]])


def _group_means(groups: Ints, values: Floats, size: int) -> Floats:
    """Return the mean of each column of `values` in each of `size` groups; zero for a group without rows."""
    member = sparse.csr_array((np.ones(len(groups)), (groups, np.arange(len(groups)))), shape=(size, len(groups)))
    counts = np.bincount(groups, minlength=size)
    return (member @ values) / np.maximum(counts, 1)[:, None]
