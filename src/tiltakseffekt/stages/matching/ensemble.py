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

from tiltakseffekt.stages.matching.basis import expand
from tiltakseffekt.stages.matching.forest import Floats, Ints
from tiltakseffekt.stages.matching.learner import HonestForestLearner
from tiltakseffekt.stages.matching.linear import logit_index, ridge_predictions
from tiltakseffekt.stages.matching.stacking import least_squares_weights, mix, mixture_weights

LOGGER = logging.getLogger("tiltakseffekt.stages.matching")


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
        return mixed_propensities(self.forest.propensities(x, arm, folds), self.logits(x, arm, folds), arm)

    def outcomes(self, x: Floats, arm: Ints, outcomes: Floats, folds: Ints) -> Floats:
        """Return each outcome under each arm, shape (persons, arms, outcomes)."""
        forests, ridges = self.forest.outcomes(x, arm, outcomes, folds), self.ridges(x, arm, outcomes, folds)
        return mixed_outcomes(forests, ridges, arm, outcomes)

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


def mixed_propensities(forests: Floats, logits: Floats, arm: Ints) -> Floats:
    """Mix two sets of out-of-fold probabilities, shape (persons, arms), by the likelihood of the arms."""
    weights = mixture_weights([forests, logits], arm)
    LOGGER.info("propensities: forest %.2f, logit %.2f", *weights)
    return mix([forests, logits], weights)


def mixed_outcomes(forests: Floats, ridges: Floats, arm: Ints, outcomes: Floats) -> Floats:
    """Mix two sets of out-of-fold predictions, shape (persons, arms, outcomes); each arm has weights of its own."""
    mixed = np.empty_like(forests)
    for k in range(forests.shape[1]):
        own = arm == k
        weights = least_squares_weights([forests[own, k], ridges[own, k]], outcomes[own])
        LOGGER.info("outcomes of arm %d: forest %.2f, ridge %.2f", k, *weights)
        mixed[:, k] = mix([forests[:, k], ridges[:, k]], weights)
    return mixed


def _splits(folds: Ints) -> list[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    return [(folds != fold, folds == fold) for fold in range(int(folds.max()) + 1)]
