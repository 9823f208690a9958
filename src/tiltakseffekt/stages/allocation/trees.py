"""The best tree of depth one or two over all splits, from sums of rewards by pairs of features.

A tree of depth two asks two questions of a person, so its groups are sums over cells of two features. With few levels
these sums are small tables, built once; the best tree under any prices of the arms is found by looking through them.
The result is that of the exhaustive search of Zhou, Athey and Wager (2023).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Values this close, relative to their size, are equal; of equals the first counts, by feature, then level.
_TIE: Final = 1e-9


@dataclass(frozen=True)
class Split:
    """Persons whose level of a feature is at most `level` go to the first side, others to the second."""

    feature: int
    level: int


@dataclass(frozen=True)
class Tree:
    """A root and the splits of its two sides; None where a side, or everybody, is not divided."""

    root: Split | None = None
    sides: tuple[Split | None, Split | None] = (None, None)

    def groups(self, codes: Codes) -> Codes:
        """Return the group of each person, 0 … 3: twice the side of the root plus the side there; codes (N, p)."""
        side = _beyond(self.root, codes)
        below = np.where(side == 1, _beyond(self.sides[1], codes), _beyond(self.sides[0], codes))
        return 2 * side + below


def _beyond(split: Split | None, codes: Codes) -> Codes:
    if split is None:
        return np.zeros(len(codes), dtype=np.int64)
    return (codes[:, split.feature] > split.level).astype(np.int64)


def pair_sums(codes: Codes, rewards: Array, levels: int) -> Array:
    """Return sums of rewards, and in the last place persons, by the levels of each pair of features.

    Parameters
    ----------
    codes
        Level of each feature, 0 … levels-1, shape (N, p).
    rewards
        Reward under each arm, shape (N, K).
    levels
        Number of levels.

    Returns
    -------
    ndarray, shape (p, levels, p, levels, K + 1)
    """
    features = codes.shape[1]
    summed = [*rewards.T, np.ones(len(codes))]
    sums = np.zeros((features, levels, features, levels, len(summed)))
    for first in range(features):
        for second in range(first, features):
            cell = codes[:, first] * levels + codes[:, second]
            for place, values in enumerate(summed):
                table = np.bincount(cell, values, minlength=levels**2).reshape(levels, levels)
                sums[first, :, second, :, place] = table
                sums[second, :, first, :, place] = table.T
    return sums


def best_tree(sums: Array, prices: Array, smallest: float, depth: int) -> tuple[Tree, float]:
    """Return the tree whose groups, each with its best arm, have the largest sum of rewards less prices.

    Parameters
    ----------
    sums
        What `pair_sums` returns.
    prices
        Price of each arm for a person, infinite for an arm that must not be chosen, shape (K,).
    smallest
        Fewest persons in a group.
    depth
        1 or 2.

    Returns
    -------
    tree : Tree
    value : float
        The sum.
    """
    everybody = sums[0, :, 0].sum(axis=(0, 1))
    first = sums[:, :, 0].sum(axis=2).cumsum(axis=1)
    ends = np.stack([first, everybody - first], axis=2)
    whole = np.where(ends[..., -1] >= smallest, _best_arm(ends, prices), -np.inf)
    value, second = whole.copy(), np.full(whole.shape, -1)
    if depth == 2:
        scale = _TIE * (1 + np.abs(whole[np.isfinite(whole)]).max(initial=0))
        for root, cells in enumerate(sums):
            place, best = _best_division(cells, prices, smallest, scale)
            better = best > whole[root] + scale
            value[root], second[root] = np.where(better, best, whole[root]), np.where(better, place, -1)
    alone = float(_best_arm(everybody, prices))
    scale = _TIE * (1 + abs(alone))
    both = value.sum(axis=2).ravel()
    first_best = int(_first_best(both, scale))
    if not both[first_best] > alone + scale:
        return Tree(), alone
    feature, level = divmod(first_best, sums.shape[1])
    near, far = (None if at < 0 else Split(*divmod(int(at), sums.shape[1])) for at in second[feature, level])
    return Tree(Split(feature, level), (near, far)), float(both[first_best])


def _best_division(cells: Array, prices: Array, smallest: float, scale: float) -> tuple[Codes, Array]:
    """Return place and value of the best split of both sides of each split of one feature, shapes (levels, 2)."""
    near = cells.cumsum(axis=0)
    below = np.stack([near, near[-1:] - near], axis=1).cumsum(axis=3)
    children = np.stack([below, below[:, :, :, -1:] - below], axis=4)
    large = (children[..., -1] >= smallest).all(axis=-1)
    divided = np.where(large, _best_arm(children, prices).sum(axis=-1), -np.inf).reshape(len(cells), 2, -1)
    place = _first_best(divided, scale)
    return place, np.take_along_axis(divided, place[..., None], axis=-1)[..., 0]


def _best_arm(sums: Array, prices: Array) -> Array:
    """Return the largest sum of rewards less prices over arms; sums (..., K + 1) with persons last."""
    with np.errstate(invalid="ignore"):
        net = np.where(np.isinf(prices), -np.inf, sums[..., :-1] - prices * sums[..., -1:])
    best: Array = net.max(axis=-1)
    return best


def _first_best(values: Array, scale: float) -> Codes:
    """Return the first place along the last axis whose value equals the largest within the tolerance."""
    place: Codes = (values >= values.max(axis=-1, keepdims=True) - scale).argmax(axis=-1)
    return place
