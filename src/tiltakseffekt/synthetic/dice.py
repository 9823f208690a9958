"""Random numbers by name and number: each throw is a function of seed, use, person and month, not of an order.

A shard, a core or a counterfactual life that throws the same die for the same person and month sees the same number,
so that persons do not depend on how they are divided, and lives under different measures share their luck.
"""

import numpy as np
from numba import vectorize
from numpy.typing import ArrayLike, NDArray

from tiltakseffekt.core.dice import roll
from tiltakseffekt.core.randomness import named_seed


@vectorize(["float64(uint64, int64, int64)"], cache=True)  # type: ignore[no-untyped-call, untyped-decorator]
def _throws(die: np.uint64, person: int, when: int) -> float:
    return roll(die, person, when)


def die(seed: int, *names: str | int) -> np.uint64:
    """Return the die of one named use of randomness (see `core.randomness.named_seed`)."""
    return np.uint64(named_seed(seed, "registers", *names))


def throw(thrown: np.uint64, persons: ArrayLike, when: ArrayLike = 0) -> NDArray[np.float64]:
    """Return throws of a die, 0 <= u < 1, for persons and moments that broadcast together."""
    return np.asarray(_throws(thrown, np.asarray(persons, np.int64), np.asarray(when, np.int64)))
