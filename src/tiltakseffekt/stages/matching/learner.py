"""The one interface of everything that learns nuisance functions, and its honest forest.

The doubly robust scores know only the two methods of `NuisanceLearner`, so that another engine can take its place.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from tiltakseffekt.core.randomness import named_seed
from tiltakseffekt.stages.matching import forest, reference_forest
from tiltakseffekt.stages.matching.forest import Floats, Ints
from tiltakseffekt.stages.matching.settings import MatchingSettings

LOGGER = logging.getLogger("tiltakseffekt.stages.matching")


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


class Engine(NamedTuple):
    """The functions that grow honest forests; see those of the same names in `matching.forest`."""

    forest_predictions: Callable[..., Floats]
    class_predictions: Callable[..., Floats]
    one_against_rest: Callable[..., Floats]


COMPILED: Final = Engine(forest.forest_predictions, forest.class_predictions, forest.one_against_rest)
REFERENCE: Final = Engine(
    reference_forest.forest_predictions, reference_forest.class_predictions, reference_forest.one_against_rest
)


@dataclass(frozen=True)
class HonestForestLearner:
    """Cross-fitted honest forests (effektrapport_2024 lines 2118-2149; Knaus 2022).

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
    engine
        What grows the forests: `COMPILED` or `REFERENCE`.
    """

    settings: MatchingSettings
    seed: int
    arms: Sequence[str]
    threads: int = 1
    engine: Engine = COMPILED

    def propensities(self, x: Floats, arm: Ints, folds: Ints) -> Floats:
        """Return the probability of each arm, shape (persons, arms): forests of the arm indicators over their sum."""
        raw = np.empty((len(x), len(self.arms)))
        progress = Progress("propensities", len(x) * (int(folds.max()) + 1))
        for fold, training, held_out in _splits(folds):
            rows = x[training], arm[training]
            new, forest_settings = x[held_out], self.settings.forest
            if self.settings.propensity == "joint":
                seed = self._seed("propensity", "all", fold)
                raw[held_out] = self.engine.class_predictions(
                    *rows, len(self.arms), new, forest_settings, seed, threads=self.threads
                )
            else:
                seeds = [self._seed("propensity", name, fold) for name in self.arms]
                raw[held_out] = self.engine.one_against_rest(*rows, new, forest_settings, seeds, threads=self.threads)
            progress.advance(len(x), f"fold {fold + 1} of {folds.max() + 1}")
        return shares(raw)

    def outcomes(self, x: Floats, arm: Ints, outcomes: Floats, folds: Ints) -> Floats:
        """Return each outcome under each arm, shape (persons, arms, outcomes); one forest per arm for all outcomes."""
        predicted = np.empty((len(x), len(self.arms), outcomes.shape[1]))
        progress = Progress("outcomes", len(x))
        for k, name in enumerate(self.arms):
            for fold, training, held_out in _splits(folds):
                own = training & (arm == k)
                predicted[held_out, k] = self.engine.forest_predictions(
                    x[own],
                    outcomes[own],
                    x[held_out],
                    self.settings.forest,
                    self._seed("outcome", name, fold),
                    threads=self.threads,
                )
            progress.advance(int((arm == k).sum()), f"arm {name}")
        return predicted

    def _seed(self, use: str, arm: str, fold: int) -> int:
        return named_seed(self.seed, "matching", use, arm, fold)


class Progress:
    """Log lines that say what is done and about how much time is left."""

    def __init__(self, name: str, whole: float) -> None:
        self.name, self.whole, self.done, self.start = name, whole, 0.0, time.monotonic()

    def advance(self, part: float, what: str) -> None:
        """Log that `what` is finished, which is `part` of the whole."""
        self.done += part
        left = (time.monotonic() - self.start) * (self.whole / self.done - 1)
        LOGGER.info("%s: %s, %.0f per cent, about %.0f s left", self.name, what, 100 * self.done / self.whole, left)


def shares(raw: Floats) -> Floats:
    """Divide rows of values of zero or more, shape (rows, arms), by their sum; a row of zeros becomes equal shares."""
    sums = raw.sum(axis=1, keepdims=True)
    return np.divide(raw, sums, out=np.full_like(raw, 1 / raw.shape[1]), where=sums > 0)


def _splits(folds: Ints) -> list[tuple[int, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """List fold, training rows and held-out rows."""
    return [(fold, folds != fold, folds == fold) for fold in range(int(folds.max()) + 1)]
