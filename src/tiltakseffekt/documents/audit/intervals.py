"""Interval arithmetic: what is known of a number that was rounded before it was printed."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

#: Slack for the noise of floating point, relative to the size of the numbers.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Interval:
    """All numbers from `low` to `high`, both ends included.

    >>> Interval(1, 2) * Interval(-1, 3)
    Interval(low=-2, high=6)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse ends in the wrong order."""
        if not self.low <= self.high:
            raise ValueError(f"an interval ends where it begins or later: {self.low} to {self.high}")

    @classmethod
    def exactly(cls, value: float) -> Self:
        """Return the interval of one number."""
        return cls(value, value)

    @classmethod
    def around(cls, value: float, step: float) -> Self:
        """Return every number that is `value` when rounded to a multiple of `step`."""
        return cls(value - step / 2, value + step / 2)

    @property
    def middle(self) -> float:
        """Halfway between the ends."""
        return (self.low + self.high) / 2

    @property
    def width(self) -> float:
        """The distance between the ends."""
        return self.high - self.low

    def __neg__(self) -> "Interval":
        """Turn the sign of every number."""
        return Interval(-self.high, -self.low)

    def __add__(self, other: "Interval") -> "Interval":
        """Add each number to each."""
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Interval") -> "Interval":
        """Subtract each number from each."""
        return self + -other

    def __mul__(self, other: "Interval") -> "Interval":
        """Multiply each number with each."""
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: "Interval") -> "Interval":
        """Divide each number by each."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor may be zero")
        return self * Interval(1 / other.high, 1 / other.low)

    def through(self, increasing: Callable[[float], float]) -> "Interval":
        """Return the values of a function that never falls."""
        return Interval(increasing(self.low), increasing(self.high))

    def contains(self, value: float) -> bool:
        """Say whether a number lies within, with slack for floating point."""
        slack = TOLERANCE * max(1.0, abs(value))
        return self.low - slack <= value <= self.high + slack

    def meets(self, other: "Interval") -> bool:
        """Say whether the two have a number in common, with slack for floating point."""
        slack = TOLERANCE * max(1.0, *(abs(end) for end in (self.low, self.high) if math.isfinite(end)))
        return self.low <= other.high + slack and other.low <= self.high + slack
