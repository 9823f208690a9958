"""Arms with limited places: prices at which the places suffice, and the shares of groups that get a place."""

from typing import Final

import numpy as np
from scipy.optimize import OptimizeResult, linprog

from tiltakseffekt.stages.allocation.trees import Array, Bools, Codes, Tree, best_tree

#: Assignments that are generated at most, and the share of the value at which what can still be won is nothing.
_COLUMNS: Final = 2000
_NOTHING: Final = 1e-6
#: Trees tried under prices that follow from the places left over by the tree before.
_TREES: Final = 15


def assign_persons(rewards: Array, places: Array) -> Array:
    """Return the share of each arm that each person gets, shape (N, K): the largest sum of rewards within the places.

    The linear program is solved by generating columns (Dantzig and Wolfe 1960): at given prices of a place everyone
    takes the best arm, which is one assignment; the best mixture of the assignments so far that keeps within the places
    gives the next prices, until nothing is to be won. All but a few persons get one arm wholly.

    Parameters
    ----------
    rewards
        Reward under each arm, control first, shape (N, K); minus infinity where an arm must not be chosen.
    places
        Places of each arm, shape (K,); infinite for the control arm.
    """
    n, arms = rewards.shape
    limited = np.flatnonzero(np.isfinite(places))
    # Per person and in units of the largest reward: the solver fails where sums of kroner stand beside shares.
    rewards = rewards / _largest(rewards)
    person = np.arange(n)
    columns = [np.zeros(n, dtype=np.int64)]
    values, used = [float(rewards[:, 0].mean())], [np.zeros(len(limited))]
    prices, bound = np.zeros(arms), values[0]
    mixture = np.ones(1)
    for _ in range(_COLUMNS):
        taken = (rewards - prices).argmax(axis=1).astype(np.int64)
        own = rewards[person, taken]
        if float((own - prices[taken]).mean()) <= bound + _NOTHING * abs(bound):
            break
        columns.append(taken)
        values.append(float(own.mean()))
        used.append(np.bincount(taken, minlength=arms)[limited] / n)
        found = _solved(
            linprog(
                -np.array(values),
                A_ub=np.column_stack(used),
                b_ub=places[limited] / n,
                A_eq=np.ones((1, len(values))),
                b_eq=[1.0],
                method="highs",
            )
        )
        mixture = found.x
        prices[limited] = np.maximum(-found.ineqlin.marginals, 0.0)
        bound = -float(found.eqlin.marginals[0])
    shares = np.zeros(rewards.shape)
    for weight, taken in zip(mixture, columns, strict=True):
        if weight > 0:
            shares[person, taken] += weight
    return shares


def share_places(sums: Array, persons: Array, places: Array) -> tuple[Array, Array, float]:
    """Return which share of each group gets each arm, and the price of a place in each arm.

    Parameters
    ----------
    sums
        Sum of rewards of each group under each arm, shape (G, K); minus infinity where an arm must not be chosen.
    persons
        Persons in each group, shape (G,).
    places
        Places of each arm, shape (K,); infinite where there is no limit.

    Returns
    -------
    shares : ndarray, shape (G, K)
        Rows sum to one.
    prices : ndarray, shape (K,)
    value : float
        The sum of rewards.
    """
    groups, arms = sums.shape
    means = np.divide(sums, persons[:, None], out=np.zeros_like(sums), where=persons[:, None] > 0)
    allowed = np.isfinite(means)
    limited = np.flatnonzero(np.isfinite(places))
    within = np.tile(np.eye(arms)[limited], groups)
    everybody = np.kron(np.eye(groups), np.ones(arms))
    upper = np.where(allowed, persons[:, None], 0.0).ravel()
    unit = _largest(means)
    found = _solved(
        linprog(
            -np.where(allowed, means / unit, 0.0).ravel(),
            A_ub=within if len(limited) else None,
            b_ub=places[limited] if len(limited) else None,
            A_eq=everybody,
            b_eq=persons,
            bounds=np.column_stack([np.zeros(groups * arms), upper]),
            method="highs",
        )
    )
    given = found.x.reshape(groups, arms)
    nobody = np.eye(arms)[np.zeros(groups, dtype=int)]
    shares = np.divide(given, persons[:, None], out=nobody, where=persons[:, None] > 0)
    prices = np.zeros(arms)
    if len(limited):
        prices[limited] = -found.ineqlin.marginals * unit
    return shares, prices, -float(found.fun) * unit


def _largest(rewards: Array) -> float:
    """Return the size of the largest reward, which is the unit of a program; one if all are zero."""
    return float(np.abs(rewards[np.isfinite(rewards)]).max(initial=0.0)) or 1.0


def _solved(found: OptimizeResult) -> OptimizeResult:
    """Return what a program that always has a solution found."""
    if found.x is None:
        raise RuntimeError(f"the program that shares the places was not solved: {found.message}")
    return found


def tree_within(
    sums: Array,
    codes: Codes,
    rewards: Array,
    offered: Bools,
    places: Array,
    smallest: float,
    depth: int,
) -> tuple[Tree, Array]:
    """Return a tree, and which share of each of its four groups gets each arm, within the places.

    The best tree under the prices of a place is found exactly; its groups then share the places by a linear program,
    whose prices lead to the next tree. Of the trees found the best counts. Without limits the first is the best of all.

    Parameters
    ----------
    sums, smallest, depth
        As in `best_tree`.
    codes, rewards
        Of the persons behind the sums, shapes (N, p) and (N, K).
    offered
        Whether an arm may be chosen, shape (K,).
    places
        As in `share_places`.
    """
    prices = np.zeros(rewards.shape[1])
    best: tuple[float, Tree, Array] | None = None
    for _ in range(_TREES):
        tree, _ = best_tree(sums, np.where(offered, prices, np.inf), smallest, depth)
        group = tree.groups(codes)
        of_groups = np.stack([np.bincount(group, column, minlength=4) for column in rewards.T], axis=1)
        persons = np.bincount(group, minlength=4).astype(np.float64)
        shares, found, value = share_places(np.where(offered, of_groups, -np.inf), persons, places)
        if best is None or value > best[0]:
            best = value, tree, shares
        if np.array_equal(found, prices):
            break
        prices = (prices + found) / 2
    assert best is not None
    return best[1], best[2]
