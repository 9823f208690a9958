"""Formulas over named numbers, read both at a point and over intervals.

>>> price, months = Name("price"), Name("months")
>>> cost = 1.2 * price * months
>>> cost.at({"price": 100, "months": 2})
240.0
>>> cost.over({"price": Interval(99, 101), "months": Interval(2, 2)})
Interval(low=237.6, high=242.4)
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tiltakseffekt.documents.audit.intervals import Interval


class Formula(ABC):
    """A formula over named numbers.

    Over intervals it is the natural extension: exact when each name occurs once, too wide, never too narrow, when one
    occurs more often. What follows jointly from many cells is a question for `linear.System`.
    """

    @abstractmethod
    def at(self, values: Mapping[str, float]) -> float:
        """Return the value where every name has one value."""

    @abstractmethod
    def over(self, ranges: Mapping[str, Interval]) -> Interval:
        """Return the interval of the values where every name lies in an interval."""

    @abstractmethod
    def names(self) -> frozenset[str]:
        """Return the names that occur."""

    def __add__(self, other: "Formula | float") -> "Formula":
        """Add."""
        return _Pair(self, formula(other), "+")

    __radd__ = __add__

    def __sub__(self, other: "Formula | float") -> "Formula":
        """Subtract."""
        return _Pair(self, formula(other), "-")

    def __rsub__(self, other: float) -> "Formula":
        """Subtract from a number."""
        return formula(other) - self

    def __mul__(self, other: "Formula | float") -> "Formula":
        """Multiply."""
        return _Pair(self, formula(other), "*")

    __rmul__ = __mul__

    def __truediv__(self, other: "Formula | float") -> "Formula":
        """Divide."""
        return _Pair(self, formula(other), "/")

    def __neg__(self) -> "Formula":
        """Turn the sign."""
        return -1.0 * self

    def through(self, increasing: Callable[[float], float]) -> "Formula":
        """Apply a function that never falls."""
        return _Through(self, increasing)


@dataclass(frozen=True)
class Number(Formula):
    """A number that is known exactly."""

    value: float

    def at(self, values: Mapping[str, float]) -> float:
        """Return the number."""
        return self.value

    def over(self, ranges: Mapping[str, Interval]) -> Interval:
        """Return the interval of the number alone."""
        return Interval.exactly(self.value)

    def names(self) -> frozenset[str]:
        """Return none."""
        return frozenset()


@dataclass(frozen=True)
class Name(Formula):
    """A cell or an input, by its name."""

    name: str

    def at(self, values: Mapping[str, float]) -> float:
        """Return the value of the name."""
        return values[self.name]

    def over(self, ranges: Mapping[str, Interval]) -> Interval:
        """Return the interval of the name."""
        return ranges[self.name]

    def names(self) -> frozenset[str]:
        """Return the name itself."""
        return frozenset({self.name})


_AT: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
_OVER: Final[Mapping[str, Callable[[Interval, Interval], Interval]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


@dataclass(frozen=True)
class _Pair(Formula):
    left: Formula
    right: Formula
    sign: str

    def at(self, values: Mapping[str, float]) -> float:
        return _AT[self.sign](self.left.at(values), self.right.at(values))

    def over(self, ranges: Mapping[str, Interval]) -> Interval:
        return _OVER[self.sign](self.left.over(ranges), self.right.over(ranges))

    def names(self) -> frozenset[str]:
        return self.left.names() | self.right.names()


@dataclass(frozen=True)
class _Through(Formula):
    inner: Formula
    increasing: Callable[[float], float]

    def at(self, values: Mapping[str, float]) -> float:
        return self.increasing(self.inner.at(values))

    def over(self, ranges: Mapping[str, Interval]) -> Interval:
        return self.inner.over(ranges).through(self.increasing)

    def names(self) -> frozenset[str]:
        return self.inner.names()


@dataclass(frozen=True)
class Call(Formula):
    """A function of several formulas that rises or falls with each of them.

    Parameters
    ----------
    function
        Takes one number for each argument.
    rising, falling
        The arguments with which it never falls, and after them those with which it never rises.
    """

    function: Callable[..., float]
    rising: tuple[Formula, ...] = ()
    falling: tuple[Formula, ...] = ()

    def at(self, values: Mapping[str, float]) -> float:
        """Return the value where every name has one value."""
        return self.function(*(argument.at(values) for argument in (*self.rising, *self.falling)))

    def over(self, ranges: Mapping[str, Interval]) -> Interval:
        """Return the values between the two extreme corners."""
        up = [argument.over(ranges) for argument in self.rising]
        down = [argument.over(ranges) for argument in self.falling]
        low = self.function(*(i.low for i in up), *(i.high for i in down))
        high = self.function(*(i.high for i in up), *(i.low for i in down))
        return Interval(low, high)

    def names(self) -> frozenset[str]:
        """Return the names in the arguments."""
        return frozenset().union(*(argument.names() for argument in (*self.rising, *self.falling)))


def formula(value: "Formula | float") -> Formula:
    """Return a formula as it is and a number as a formula."""
    return value if isinstance(value, Formula) else Number(float(value))


def total(terms: Iterable[Formula]) -> Formula:
    """Return the sum of formulas."""
    result: Formula = Number(0.0)
    for term in terms:
        result = result + term
    return result
