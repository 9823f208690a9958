"""Random numbers by counter: each is a function of a key and two counters, not of an order.

Compiled functions on many threads draw the same numbers whatever the division of the work. The hash is SplitMix64
(Steele, Lea and Flood 2014).
"""

from typing import Final

import numpy as np
from numba import njit

from tiltakseffekt.core.compiled import cache_by_source

cache_by_source()

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
def derived(key: np.uint64, counter: int) -> np.uint64:
    """Return the key that a key has for a counter from 0: that of a tree within a forest, of a child of a node."""
    return _mixed(key + _GOLDEN * (np.uint64(counter) + _ONE))


@njit(cache=True)
def roll(key: np.uint64, first: int, second: int) -> float:
    """Return the throw, 0 <= u < 1, of a key for two counters from 0: a person and a month, a node and a variable."""
    return np.float64(derived(derived(key, first), second) >> _S11) * _UNIT
