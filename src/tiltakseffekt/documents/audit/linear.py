"""Linear systems of rounded cells: what unprinted inputs must be for all of them to hold at once.

Products enter through their logarithms (`System.product`), which keeps them linear and exact: the log of a rounding
interval is an interval.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from tiltakseffekt.documents.audit.intervals import Interval

Array = NDArray[np.float64]
#: Anything: the range of an unknown about which nothing is known beforehand.
ANY: Final = Interval(-math.inf, math.inf)

_OPTIMAL: Final = 0


@dataclass(frozen=True)
class _Row:
    name: str
    coefficients: Mapping[str, float]
    interval: Interval


class System:
    """Unknowns in boxes, and named rows: a weighted sum of unknowns lies in an interval.

    Parameters
    ----------
    unknowns
        Name to the range in which it is sought.
    """

    def __init__(self, unknowns: Mapping[str, Interval]) -> None:
        self.unknowns = dict(unknowns)
        self._rows: list[_Row] = []

    @property
    def rows(self) -> list[str]:
        """Names of the rows."""
        return [row.name for row in self._rows]

    def between(self, name: str, coefficients: Mapping[str, float], interval: Interval) -> None:
        """Require that a weighted sum of unknowns lies in an interval.

        Parameters
        ----------
        name
            Name of the row, mostly of the cell that gives the interval. Rows of one name stand and fall together.
        coefficients
            Unknown to its weight.
        interval
            Where the sum lies.
        """
        if unknown := set(coefficients) - set(self.unknowns):
            raise ValueError(f"not among the unknowns: {', '.join(sorted(unknown))}")
        self._rows.append(_Row(name, dict(coefficients), interval))

    def product(self, name: str, powers: Mapping[str, float], factor: float, interval: Interval) -> None:
        """Require that a positive product lies in an interval, where the unknowns are logarithms.

        Parameters
        ----------
        name
            Name of the row.
        powers
            Unknown to its power; each stands for the log of a positive number.
        factor
            Positive number in front.
        interval
            Where the product lies; a lower end of zero or less does not bind.
        """
        low = math.log(interval.low / factor) if interval.low > 0 else -math.inf
        self.between(name, powers, Interval(low, math.log(interval.high / factor)))

    def without(self, names: Sequence[str]) -> "System":
        """Return the system without the rows of some names."""
        rest = System(self.unknowns)
        rest._rows = [row for row in self._rows if row.name not in names]
        return rest

    def _matrix(self) -> tuple[Array, Array, Array]:
        place = {name: position for position, name in enumerate(self.unknowns)}
        matrix = np.zeros((len(self._rows), len(place)))
        for position, row in enumerate(self._rows):
            for name, weight in row.coefficients.items():
                matrix[position, place[name]] = weight
        low = np.array([row.interval.low for row in self._rows])
        high = np.array([row.interval.high for row in self._rows])
        return matrix, low, high

    def _solve(self, weights: Array) -> Array | None:
        """Return the point that makes a weighted sum least; None when there is none."""
        matrix, low, high = self._matrix()
        above, below = np.isfinite(high), np.isfinite(low)
        result = linprog(
            weights,
            A_ub=np.vstack([matrix[above], -matrix[below]]),
            b_ub=np.concatenate([high[above], -low[below]]),
            bounds=[(bound.low, bound.high) for bound in self.unknowns.values()],
            method="highs",
        )
        return np.asarray(result.x) if result.status == _OPTIMAL else None

    def solution(self) -> dict[str, float] | None:
        """Return one point that satisfies every row, as far as possible from the ends; None when there is none."""
        found = self.central()
        return found[0] if found else None

    def central(self) -> tuple[dict[str, float], float] | None:
        """Return the point of `solution` and how far it lies from the ends, as a share of half the intervals."""
        matrix, low, high = self._matrix()
        finite = np.isfinite(low) & np.isfinite(high)
        widths = np.where(finite, high - low, 0.0)
        slack = np.hstack([matrix, widths[:, None] / 2])
        inner = np.hstack([-matrix, widths[:, None] / 2])
        above, below = np.isfinite(high), np.isfinite(low)
        result = linprog(
            np.append(np.zeros(len(self.unknowns)), -1.0),
            A_ub=np.vstack([slack[above], inner[below]]),
            b_ub=np.concatenate([high[above], -low[below]]),
            bounds=[*((bound.low, bound.high) for bound in self.unknowns.values()), (0.0, 1.0)],
            method="highs",
        )
        if result.status != _OPTIMAL:
            return None
        return dict(zip(self.unknowns, map(float, result.x[:-1]), strict=True)), float(result.x[-1])

    def feasible(self) -> bool:
        """Say whether all rows can hold at once."""
        return self._solve(np.zeros(len(self.unknowns))) is not None

    def range_of(self, coefficients: Mapping[str, float]) -> Interval | None:
        """Return the interval of a weighted sum over all points that satisfy every row; None when there are none."""
        weights = np.array([coefficients.get(name, 0.0) for name in self.unknowns])
        least, most = self._solve(weights), self._solve(-weights)
        if least is None or most is None:
            return None
        low, high = float(weights @ least), float(weights @ most)
        return Interval(min(low, high), max(low, high))

    def conflict(self) -> list[str]:
        """Return names of rows that cannot hold together although all but any one of them can; empty if all can.

        Rows are left out one name after the other, the last first, as long as the rest stays impossible (a deletion
        filter); so of several conflicts the one of early rows is told.
        """
        if self.feasible():
            return []
        system = self
        for name in reversed(dict.fromkeys(self.rows)):
            shorter = system.without([name])
            if not shorter.feasible():
                system = shorter
        return list(dict.fromkeys(system.rows))

    def fewest_exceptions(self, trusted: Sequence[str] = ()) -> list[str] | None:
        """Return a smallest set of names whose rows must be given up for the rest to hold.

        Every conflict must lose a row, so the answer is a smallest set that hits all conflicts; those are found one by
        one, each by hitting the ones known before.

        Parameters
        ----------
        trusted
            Names that are not given up.

        Returns
        -------
        list of str or None
            Empty when everything holds; None when the trusted rows alone contradict each other.
        """
        conflicts: list[list[str]] = []
        given_up: list[str] = []
        while conflict := self.without(given_up).conflict():
            doubted = [name for name in conflict if name not in trusted]
            if not doubted:
                return None
            conflicts.append(doubted)
            given_up = _smallest_hitting(conflicts)
        return given_up


def _smallest_hitting(sets: Sequence[Sequence[str]]) -> list[str]:
    """Return a smallest selection of names with at least one from each set."""
    names = list(dict.fromkeys(name for members in sets for name in members))
    hits = np.array([[name in members for name in names] for members in sets], dtype=np.float64)
    result = milp(
        np.ones(len(names)),
        constraints=LinearConstraint(hits, lb=1),
        integrality=np.ones(len(names)),
        bounds=Bounds(0, 1),
    )
    return [name for name, chosen in zip(names, result.x, strict=True) if chosen > 0.5]


def log_range(interval: Interval) -> Interval:
    """Return the logarithms of an interval of positive numbers."""
    return interval.through(math.log)


def exp_range(interval: Interval) -> Interval:
    """Return the numbers whose logarithms lie in an interval."""
    return interval.through(math.exp)
