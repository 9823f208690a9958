"""Random numbers by name and number: each throw is a function of seed, use, person and month, not of an order.

A shard, a core or a counterfactual life that throws the same die for the same person and month sees the same number,
so that persons do not depend on how they are divided, and lives under different measures share their luck. The hash
is SplitMix64 (Steele, Lea and Flood 2014), twice.
"""

from typing import Final

import numpy as np
from numba import njit, vectorize
from numpy.typing import ArrayLike, NDArray

from tiltakseffekt.core.randomness import named_seed

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_S30: Final = np.uint64(30)
_S27: Final = np.uint64(27)
_S31: Final = np.uint64(31)
_S11: Final = np.uint64(11)
_ONE: Final = np.uint64(1)
_UNIT: Final = 1.0 / (1 << 53)


@njit(cache=True)
def _mixed(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> _S30)) * _FIRST
    value = (value ^ (value >> _S27)) * _SECOND
    return value ^ (value >> _S31)


@njit(cache=True)
def roll(die: np.uint64, person: int, when: int) -> float:
    """Return the throw, 0 <= u < 1, of a die for a person and a moment (a month, or any counter from 0)."""
    first = _mixed(die + _GOLDEN * (np.uint64(person) + _ONE))
    return np.float64(_mixed(first + _GOLDEN * (np.uint64(when) + _ONE)) >> _S11) * _UNIT


@vectorize(["float64(uint64, int64, int64)"], cache=True)  # type: ignore[no-untyped-call, untyped-decorator]
def _throws(die: np.uint64, person: int, when: int) -> float:
    return roll(die, person, when)


def die(seed: int, *names: str | int) -> np.uint64:
    """Return the die of one named use of randomness (see `core.randomness.named_seed`)."""
    return np.uint64(named_seed(seed, "registers", *names))


def throw(thrown: np.uint64, persons: ArrayLike, when: ArrayLike = 0) -> NDArray[np.float64]:
    """Return throws of a die, 0 <= u < 1, for persons and moments that broadcast together."""
    return np.asarray(_throws(thrown, np.asarray(persons, np.int64), np.asarray(when, np.int64)))
