"""The engine `ensemble`: forests and penalised linear models on a bent basis, mixed by how well they predict."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import softmax
from threadpoolctl import threadpool_limits

from tiltakseffekt.matching.basis import expand
from tiltakseffekt.matching.forest import Floats, Ints
from tiltakseffekt.matching.learner import HonestForestLearner
from tiltakseffekt.matching.linear import logit_index, ridge_predictions
from tiltakseffekt.matching.stacking import least_squares_weights, mix, mixture_weights

LOGGER = logging.getLogger("tiltakseffekt.matching")


class _Task(NamedTuple):
    """Training rows of one arm against the reference arm, or of one arm alone, and the rows to predict."""

    arm: int
    training: npt.NDArray[np.bool_]
    held_out: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class EnsembleLearner:
    """Cross-fitted honest forests and penalised linear models, with weights from their out-of-fold predictions.

    Parameters
    ----------
    forest
        The honest forests.
    reference
        Index of the arm with which each other arm is compared in the logits; the largest is best.
    """

    forest: HonestForestLearner
    reference: int

    def propensities(self, x: Floats, arm: Ints, folds: Ints) -> Floats:
        """Return the probability of each arm, shape (persons, arms)."""
        learners = {"forest": self.forest.propensities(x, arm, folds), "logit": self.logits(x, arm, folds)}
        weights = mixture_weights(list(learners.values()), arm)
        _log_weights("propensities", learners, weights)
        return mix(list(learners.values()), weights)

    def outcomes(self, x: Floats, arm: Ints, outcomes: Floats, folds: Ints) -> Floats:
        """Return each outcome under each arm, shape (persons, arms, outcomes); each arm has weights of its own."""
        learners = {
            "forest": self.forest.outcomes(x, arm, outcomes, folds),
            "ridge": self.ridges(x, arm, outcomes, folds),
        }
        predicted = np.empty_like(learners["forest"])
        for k, name in enumerate(self.forest.arms):
            own = arm == k
            weights = least_squares_weights([p[own, k] for p in learners.values()], outcomes[own])
            predicted[:, k] = mix([p[:, k] for p in learners.values()], weights)
            _log_weights(f"outcomes, arm {name}", learners, weights)
        return predicted

    def logits(self, x: Floats, arm: Ints, folds: Ints) -> Floats:
        """Return multinomial logit probabilities, each arm fitted against the reference arm (Begg and Gray 1984)."""
        index = np.zeros((len(x), len(self.forest.arms)))

        def fit(task: _Task) -> Floats:
            basis = expand(x[task.training], x[task.held_out])
            return logit_index(basis.training, arm[task.training] == task.arm, basis.new)

        tasks = [
            _Task(k, training & ((arm == k) | (arm == self.reference)), held_out)
            for training, held_out in _splits(folds)
            for k in range(len(self.forest.arms))
            if k != self.reference
        ]
        for task, predicted in self._each(fit, tasks):
            index[task.held_out, task.arm] = predicted
        probabilities: Floats = softmax(index, axis=1)
        return probabilities

    def ridges(self, x: Floats, arm: Ints, outcomes: Floats, folds: Ints) -> Floats:
        """Return predictions of ridge regressions in each arm, shape (persons, arms, outcomes)."""
        predictions = np.empty((len(x), len(self.forest.arms), outcomes.shape[1]))

        def fit(task: _Task) -> Floats:
            basis = expand(x[task.training], x[task.held_out])
            return ridge_predictions(basis.training, outcomes[task.training], basis.new)

        tasks = [
            _Task(k, training & (arm == k), held_out)
            for training, held_out in _splits(folds)
            for k in range(len(self.forest.arms))
        ]
        for task, predicted in self._each(fit, tasks):
            predictions[task.held_out, task.arm] = predicted
        return predictions

    def _each(self, fit: Callable[[_Task], Floats], tasks: Sequence[_Task]) -> Iterator[tuple[_Task, Floats]]:
        # Threads share out whole fits. Inside a fit the linear algebra keeps to one, so that sums have one order.
        with threadpool_limits(1), ThreadPoolExecutor(self.forest.threads) as pool:
            yield from zip(tasks, pool.map(fit, tasks), strict=True)


def _splits(folds: Ints) -> list[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    return [(folds != fold, folds == fold) for fold in range(int(folds.max()) + 1)]


def _log_weights(what: str, learners: dict[str, Floats], weights: Floats) -> None:
    shares = ", ".join(f"{name} {weight:.2f}" for name, weight in zip(learners, weights, strict=True))
    LOGGER.info("%s: weights %s", what, shares)
