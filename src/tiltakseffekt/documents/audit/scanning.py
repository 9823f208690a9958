"""The feasible interval of an input that enters in a way no linear program takes: by scanning and bisection."""

from collections.abc import Callable

import numpy as np

from tiltakseffekt.documents.audit.intervals import Interval

_HALVINGS = 50


def feasible_interval(possible: Callable[[float], bool], within: Interval, points: int = 201) -> Interval | None:
    """Return the smallest interval that holds every feasible value found, with ends to machine precision.

    Parameters
    ----------
    possible
        Says of a value whether everything else can hold with it; mostly the feasibility of a linear system that is
        linear once this value is fixed.
    within
        Where the value is sought.
    points
        Number of values that are tried before the ends are refined. A feasible set narrower than the distance between
        them may be missed.
    """
    grid = np.linspace(within.low, within.high, points)
    hits = [position for position, value in enumerate(grid) if possible(float(value))]
    if not hits:
        return None
    first, last = hits[0], hits[-1]
    low = float(grid[0]) if first == 0 else _edge(possible, float(grid[first - 1]), float(grid[first]))
    high = float(grid[-1]) if last == points - 1 else _edge(possible, float(grid[last + 1]), float(grid[last]))
    return Interval(low, high)


def _edge(possible: Callable[[float], bool], outside: float, inside: float) -> float:
    for _ in range(_HALVINGS):
        middle = (outside + inside) / 2
        if possible(middle):
            inside = middle
        else:
            outside = middle
    return inside
