"""The one interface of everything that learns nuisance functions, and its honest forest.

The doubly robust scores know only the two methods of `NuisanceLearner`, so that another engine can take its place.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tiltakseffekt.core.randomness import named_seed
from tiltakseffekt.matching.forest import Floats, Ints, forest_predictions
from tiltakseffekt.matching.settings import MatchingSettings

LOGGER = logging.getLogger("tiltakseffekt.matching")


class NuisanceLearner(Protocol):
    """Learns propensities and outcome regressions and predicts them out of fold.

    ``x`` has shape (persons, covariates); ``arm`` holds the arm of each person as 0 ... number of arms - 1, each of
    them taken by someone; ``folds`` the fold of each person, from 0.
    """

    def propensities(self, x: Floats, arm: Ints, folds: Ints) -> Floats:
        """Return the probability of each arm, shape (persons, arms); rows sum to one."""
        ...

    def outcomes(self, x: Floats, arm: Ints, outcomes: Floats, folds: Ints) -> Floats:
        """Return each outcome under each arm, shape (persons, arms, outcomes)."""
        ...


@dataclass(frozen=True)
class HonestForestLearner:
    """Cross-fitted honest forests (seed-004 lines 2118-2149; Knaus 2022).

    Parameters
    ----------
    settings
        The forests, and whether each arm has its own for the propensities.
    seed
        ``run.seed`` of the configuration.
    arms
        Names of the arms, in the order of the index; they name the seeds and the log lines.
    threads
        Threads; results do not depend on it.
    """

    settings: MatchingSettings
    seed: int
    arms: Sequence[str]
    threads: int = 1

    def propensities(self, x: Floats, arm: Ints, folds: Ints) -> Floats:
        """Return the probability of each arm, shape (persons, arms): forests of the arm indicators over their sum."""
        indicators = np.eye(len(self.arms))[arm]
        raw = np.empty_like(indicators)
        joint = self.settings.propensity == "joint"
        forests = [("all", slice(None))] if joint else [(name, slice(k, k + 1)) for k, name in enumerate(self.arms)]
        for fold, training, held_out in _splits(folds):
            for name, columns in forests:
                raw[held_out, columns] = self._forest(
                    x[training], indicators[training, columns], x[held_out], "propensity", name, fold
                )
            LOGGER.info("propensities: fold %d of %d", fold + 1, folds.max() + 1)
        return shares_above(raw, self.settings.smallest_propensity)

    def outcomes(self, x: Floats, arm: Ints, outcomes: Floats, folds: Ints) -> Floats:
        """Return each outcome under each arm, shape (persons, arms, outcomes); one forest per arm for all outcomes."""
        predicted = np.empty((len(x), len(self.arms), outcomes.shape[1]))
        for k, name in enumerate(self.arms):
            for fold, training, held_out in _splits(folds):
                own = training & (arm == k)
                predicted[held_out, k] = self._forest(x[own], outcomes[own], x[held_out], "outcome", name, fold)
            LOGGER.info("outcomes: arm %s, %d folds", name, folds.max() + 1)
        return predicted

    def _forest(self, x: Floats, y: Floats, x_new: Floats, use: str, arm: str, fold: int) -> Floats:
        seed = named_seed(self.seed, "matching", use, arm, fold)
        return forest_predictions(x, y, x_new, self.settings.forest, seed, threads=self.threads)


def shares_above(raw: Floats, smallest: float) -> Floats:
    """Divide rows by their sum, none of the shares less than `smallest`.

    Shares under it become `smallest`, the others of the row give way in proportion.

    Parameters
    ----------
    raw
        Values of zero or more, shape (rows, arms).
    smallest
        The floor, less than one divided by the number of arms.
    """
    sums = raw.sum(axis=1, keepdims=True)
    shares = np.divide(raw, sums, out=np.full_like(raw, 1 / raw.shape[1]), where=sums > 0)
    low = shares < smallest
    while True:
        room = 1 - smallest * low.sum(axis=1, keepdims=True)
        others = np.where(low, 0.0, shares)
        scaled = others * room / others.sum(axis=1, keepdims=True)
        if not (below := ~low & (scaled < smallest)).any():
            return np.where(low, smallest, scaled)
        low |= below


def _splits(folds: Ints) -> list[tuple[int, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """List fold, training rows and held-out rows."""
    return [(fold, folds != fold, folds == fold) for fold in range(int(folds.max()) + 1)]
