"""The estimators of the study, on one sample: they share nuisance functions, so that each is fitted once."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from tiltakseffekt.core.keys import CONTROL, TREATED_ARMS
from tiltakseffekt.laboratory.study.design import Floats, Ints, Sample
from tiltakseffekt.stages.effects.comparators import inverse_probability, nearest_neighbour, regression_adjustment
from tiltakseffekt.stages.effects.scores import (
    Assignment,
    effect_on_treated,
    influence_of_mean,
    potential_outcome_scores,
    standard_errors,
)
from tiltakseffekt.stages.matching.basis import expand
from tiltakseffekt.stages.matching.ensemble import EnsembleLearner, mixed_outcomes, mixed_propensities
from tiltakseffekt.stages.matching.folds import assign_folds
from tiltakseffekt.stages.matching.learner import HonestForestLearner
from tiltakseffekt.stages.matching.overlap import raised
from tiltakseffekt.stages.matching.settings import MatchingSettings

ESTIMATORS: Final = (
    "oracle",
    "honest_forest",
    "honest_forest_balanced",
    "ensemble",
    "ensemble_balanced",
    "inverse_probability",
    "regression_adjustment",
    "nearest_neighbour",
)


class Result(NamedTuple):
    """An estimate of the effect of an arm on everybody (``ate``) or on its own persons (``atet``)."""

    estimator: str
    estimand: str
    arm: int
    estimate: float
    se: float


class _Nuisances(NamedTuple):
    """Propensities, shape (N, K), and predictions, shape (N, K, 1)."""

    propensities: Floats
    predictions: Floats


def estimate_all(sample: Sample, settings: MatchingSettings, seed: int) -> list[Result]:
    """Estimate the effect of each arm by each estimator.

    Parameters
    ----------
    sample
        A draw of a design.
    settings
        Folds and forests.
    seed
        Seed of folds and forests.
    """
    arms = [CONTROL, *TREATED_ARMS][: sample.propensities.shape[1]]
    folds = assign_folds(pd.Series(np.array(arms)[sample.arm]), settings.folds, seed, arms).to_numpy()
    forest = HonestForestLearner(settings, seed, arms)
    ensemble = EnsembleLearner(forest, 0)
    outcome = sample.outcome[:, None]
    grown = forest.propensities(sample.x, sample.arm, folds)
    predicted = forest.outcomes(sample.x, sample.arm, outcome, folds)
    mixture = mixed_propensities(grown, ensemble.logits(sample.x, sample.arm, folds), sample.arm)
    ridges = ensemble.ridges(sample.x, sample.arm, outcome, folds)
    forests = _Nuisances(raised(grown, settings.overlap.clip), predicted)
    mixed = _Nuisances(raised(mixture, settings.overlap.clip), mixed_outcomes(predicted, ridges, sample.arm, outcome))
    features = expand(sample.x, sample.x).training
    doubly_robust = {
        "oracle": (_Nuisances(sample.propensities, sample.means[:, :, None]), None),
        "honest_forest": (forests, None),
        "honest_forest_balanced": (forests, features),
        "ensemble": (mixed, None),
        "ensemble_balanced": (mixed, features),
    }
    results = [
        result
        for name, (nuisances, balanced) in doubly_robust.items()
        for result in _doubly_robust(name, sample, folds, nuisances, balanced)
    ]
    return results + list(_simple(sample, mixed.propensities))


def _doubly_robust(
    name: str, sample: Sample, folds: Ints, nuisances: _Nuisances, features: Floats | None
) -> Iterator[Result]:
    assignment = Assignment(sample.arm, folds, nuisances.propensities, "fold", features)
    outcome = sample.outcome[:, None]
    scores = potential_outcome_scores(assignment, outcome, nuisances.predictions)
    for k in range(1, scores.shape[1]):
        difference = scores[:, k] - scores[:, 0]
        error = float(standard_errors(influence_of_mean(difference))[0])
        yield Result(name, "ate", k, float(difference.mean()), error)
        value, influence = effect_on_treated(assignment, outcome, nuisances.predictions, k, 0)
        yield Result(name, "atet", k, float(value[0]), float(standard_errors(influence)[0]))


def _simple(sample: Sample, propensities: Floats) -> Iterator[Result]:
    for k in range(1, propensities.shape[1]):
        for estimand, target in (("ate", np.ones(len(sample.x), dtype=bool)), ("atet", sample.arm == k)):
            compared = (target, k, 0)
            ipw = inverse_probability(sample.arm, sample.outcome, propensities, *compared)
            regression = regression_adjustment(sample.x, sample.arm, sample.outcome, *compared)
            neighbours = nearest_neighbour(sample.x, sample.arm, sample.outcome, *compared)
            yield Result("inverse_probability", estimand, k, *ipw)
            yield Result("regression_adjustment", estimand, k, *regression)
            yield Result("nearest_neighbour", estimand, k, *neighbours)
