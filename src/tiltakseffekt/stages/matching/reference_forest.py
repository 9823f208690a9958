"""The honest forest as a short loop over scikit-learn's trees: the yardstick of `forest` for results and speed.

Slow and obvious: values are not binned, no share of a node is asked of its children (`balance` is not used), and
classes are outcomes of zero and one. Parameters, results and errors are those of the functions of the same names there.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.tree import DecisionTreeRegressor

from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.stages.matching.forest import (
    Floats,
    Ints,
    check_rows,
    honest_sizes,
    standardised,
    variables_per_split,
)
from tiltakseffekt.stages.matching.settings import ForestSettings


def forest_predictions(
    x: npt.NDArray[np.floating],
    y: Floats,
    x_new: npt.NDArray[np.floating],
    settings: ForestSettings,
    seed: int,
    *,
    threads: int = 1,
) -> Floats:
    """Fit an honest forest for one or many outcomes at once and predict new rows."""
    check_rows(x, y, x_new)
    x, x_new = np.asarray(x, np.float32), np.asarray(x_new, np.float32)
    z = standardised(y)

    def predict(tree: int) -> Floats:
        random = named_generator(seed, "tree", tree)
        drawn, growing = honest_sizes(len(x), settings)
        rows = random.permutation(len(x))[:drawn]
        return tree_predictions(x, y, z, x_new, settings, rows[:growing], rows[growing:], int(random.integers(2**31)))

    total = np.zeros((len(x_new), y.shape[1]))
    with ThreadPoolExecutor(threads) as pool:
        for part in pool.map(predict, range(settings.trees)):
            total += part
    return total / settings.trees


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
    """Return the probability of each class from one forest for all."""
    return forest_predictions(x, np.eye(classes)[labels], x_new, settings, seed, threads=threads)


def one_against_rest(
    x: npt.NDArray[np.floating],
    labels: Ints,
    x_new: npt.NDArray[np.floating],
    settings: ForestSettings,
    seeds: Sequence[int],
    *,
    threads: int = 1,
) -> Floats:
    """Return the probability of each class from a forest of its own."""
    indicators = (labels[:, None] == np.arange(len(seeds))).astype(np.float64)
    parts = [
        forest_predictions(x, indicators[:, [k]], x_new, settings, seed, threads=threads)
        for k, seed in enumerate(seeds)
    ]
    return np.hstack(parts)


def tree_predictions(
    x: npt.NDArray[np.float32],
    y: Floats,
    z: Floats,
    x_new: npt.NDArray[np.float32],
    settings: ForestSettings,
    growing: Ints,
    filling: Ints,
    seed: int,
) -> Floats:
    """Grow a tree for the standardised outcomes `z` on some rows, fill its leaves with others, and predict new rows."""
    fitted = DecisionTreeRegressor(
        max_features=variables_per_split(x.shape[1], settings.variables_per_split_extra),
        min_samples_split=settings.smallest_node + 1,
        random_state=seed,
    ).fit(x[growing], z[growing], check_input=False)
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
