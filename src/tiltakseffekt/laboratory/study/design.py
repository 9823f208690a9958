"""What a design is: a way to draw samples whose propensities, expected outcomes and effects are known."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Sample(NamedTuple):
    """One draw of N persons: what an evaluator sees, and what only we know.

    ``x`` has shape (N, p); ``arm`` (0 = controls) and ``outcome`` shape (N,); ``propensities`` and ``means``, the
    expected outcome under each arm, shape (N, K).
    """

    x: Floats
    arm: Ints
    outcome: Floats
    propensities: Floats
    means: Floats


class Truth(NamedTuple):
    """Average effects of arm 1 ... K-1 against arm 0 in the population: on everybody, and on those in the arm."""

    ate: Floats
    atet: Floats


class Design(NamedTuple):
    """A design by name: how to draw a sample, and the truth."""

    name: str
    draw: Callable[[np.random.Generator], Sample]
    truth: Truth


def draw_arms(propensities: Floats, random: np.random.Generator) -> Ints:
    """Draw the arm of each person from its propensities, shape (N, K)."""
    passed = propensities.cumsum(axis=1) < random.random((len(propensities), 1))
    arms: Ints = np.minimum(passed.sum(axis=1), propensities.shape[1] - 1)
    return arms


def average_effects(propensities: Floats, means: Floats) -> Truth:
    """Return the truth of a population, each row of which counts the same."""
    effects = means[:, 1:] - means[:, :1]
    shares = propensities[:, 1:]
    return Truth(effects.mean(axis=0), (shares * effects).sum(axis=0) / shares.sum(axis=0))


def own(values: Floats, arm: Ints) -> Floats:
    """Return the value of the arm that each person is in, from values of all arms, shape (N, K)."""
    taken: Floats = np.take_along_axis(values, arm[:, None], axis=1)[:, 0]
    return taken
