"""How fast the compiled forest is: against the reference, by threads, by persons and trees (`make bench-estimator`).

Ratios are of times in one run on one machine. The sample is made up; errors are against its true chances and, for
outcomes, against what happened to persons who trained nothing.
"""

import resource
import time
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np

from tiltakseffekt.laboratory.made_up_sample import MadeUpSample, make_up_sample
from tiltakseffekt.stages.matching.forest import Floats
from tiltakseffekt.stages.matching.learner import COMPILED, REFERENCE, Engine, HonestForestLearner
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings

#: Persons of the effect sample of effektrapport_2024, and the trees of its forests (line 2140).
_PERSONS: Final = 55_237
_TREES: Final = 2000
#: Arms whose propensity, and arm whose outcomes, the engines are compared on: a large, a middling and a small one.
_COMPARED_ARMS: Final = (0, 1, 8)


class _Fit(NamedTuple):
    """Seconds on the clock, seconds of all processors, and the error of the predictions."""

    seconds: float
    processor: float
    error: float


def measure_speed(trees: int, threads: int, *, full: bool = False, persons: int = _PERSONS) -> Iterator[str]:
    """Yield the lines of the benchmark.

    Parameters
    ----------
    trees
        Trees per forest where engines are compared.
    threads
        Threads where not one and two are compared.
    full
        Whether the whole job is run with all 2000 trees, and not with fewer.
    persons
        Size of the made-up sample.
    """
    sample = make_up_sample(persons)
    start = time.perf_counter()
    _whole_fold(make_up_sample(2000), 1, 1)
    yield f"start, with compilation where it is not cached: {time.perf_counter() - start:.1f} s"
    yield f"{persons} made-up persons, 12 arms, 51 covariates, 42 outcomes; one fold of five held out"
    few = ForestSettings(trees=trees)
    for name, fit, bar in (("propensities", _fit_propensities, 5), ("42 outcomes", _fit_outcomes, 3)):
        ours, theirs = (_timed(fit, engine, sample, few, threads) for engine in (COMPILED, REFERENCE))
        yield (
            f"{name}, {trees} trees, {threads} threads: honest_forest {ours.seconds:.1f} s, reference "
            f"{theirs.seconds:.1f} s, ratio {theirs.seconds / ours.seconds:.1f} (bar {bar}), of processor time "
            f"{theirs.processor / ours.processor:.1f}; RMSE {ours.error:.5f} and {theirs.error:.5f}, difference "
            f"{100 * (ours.error / theirs.error - 1):+.2f} per cent (bar 1)"
        )
        one, two = (_timed(fit, COMPILED, sample, few, number).seconds for number in (1, 2))
        yield f"{name}: one thread {one:.1f} s, two {two:.1f} s, ratio {one / two:.2f} (bar 1.7)"
    yield "persons, seconds for one fold of propensities and outcomes of all arms:"
    for part in (8, 4, 2, 1):
        yield f"  {persons // part:6d} {_whole_fold(make_up_sample(persons // part), trees, threads):8.1f}"
    yield f"trees, seconds for the same ({persons} persons):"
    for number in (trees // 2, trees, 2 * trees):
        yield f"  {number:6d} {_whole_fold(sample, number, threads):8.1f}"
    yield from _whole_job(sample, _TREES if full else trees, threads)


def _whole_job(sample: MadeUpSample, trees: int, threads: int) -> Iterator[str]:
    """Fit all propensities and outcomes out of fold, as the workflow does."""
    settings = MatchingSettings(forest=ForestSettings(trees=trees))
    learner = HonestForestLearner(settings, 1, [str(k) for k in range(sample.chances.shape[1])], threads)
    start, processor = time.perf_counter(), time.process_time()
    learner.propensities(sample.x, sample.arm, sample.folds)
    learner.outcomes(sample.x, sample.arm, sample.y, sample.folds)
    minutes = (time.perf_counter() - start) / 60
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    used = (time.process_time() - processor) / 60
    yield (
        f"whole job, five folds, {trees} trees, {threads} threads: {minutes:.1f} min ({used:.1f} of processor time), "
        f"{memory:.1f} GB at most (bar 4)"
    )
    if trees < _TREES:
        yield (
            f"  with {_TREES} trees, time being linear in trees: {minutes * _TREES / trees:.0f} min (bar 60), "
            f"{used * _TREES / trees:.0f} of processor time"
        )


def _timed(
    fit: Callable[[Engine, MadeUpSample, ForestSettings, int], float],
    engine: Engine,
    sample: MadeUpSample,
    settings: ForestSettings,
    threads: int,
) -> _Fit:
    start, processor = time.perf_counter(), time.process_time()
    error = fit(engine, sample, settings, threads)
    return _Fit(time.perf_counter() - start, time.process_time() - processor, error)


def _whole_fold(sample: MadeUpSample, trees: int, threads: int) -> float:
    settings, training = ForestSettings(trees=trees), sample.folds != 0
    arms = range(sample.chances.shape[1])
    start = time.perf_counter()
    x, new = sample.x[training], sample.x[~training]
    COMPILED.one_against_rest(x, sample.arm[training], new, settings, list(arms), threads=threads)
    for k in arms:
        _arm_outcomes(COMPILED, sample, k, settings, threads)
    return time.perf_counter() - start


def _fit_propensities(engine: Engine, sample: MadeUpSample, settings: ForestSettings, threads: int) -> float:
    """Fit forests of single arms on four folds; return the root mean squared error on the fifth."""
    training = sample.folds != 0
    labels = np.full(len(sample.arm), len(_COMPARED_ARMS))
    for label, k in enumerate(_COMPARED_ARMS):
        labels[sample.arm == k] = label
    x, new = sample.x[training], sample.x[~training]
    found = engine.one_against_rest(x, labels[training], new, settings, _COMPARED_ARMS, threads=threads)
    return _root_mean_square(found - sample.chances[~training][:, _COMPARED_ARMS])


def _fit_outcomes(engine: Engine, sample: MadeUpSample, settings: ForestSettings, threads: int) -> float:
    """Fit all outcomes in single arms on four folds; return the error on the fifth, in standard deviations."""
    held_out = sample.folds == 0
    errors = []
    for k in _COMPARED_ARMS:
        found = _arm_outcomes(engine, sample, k, settings, threads)
        own = sample.arm[held_out] == k
        errors.append((found[own] - sample.y[held_out][own]) / sample.y.std(axis=0))
    return _root_mean_square(np.vstack(errors))


def _arm_outcomes(engine: Engine, sample: MadeUpSample, k: int, settings: ForestSettings, threads: int) -> Floats:
    held_out = sample.folds == 0
    own = ~held_out & (sample.arm == k)
    return engine.forest_predictions(sample.x[own], sample.y[own], sample.x[held_out], settings, k, threads=threads)


def _root_mean_square(errors: Floats) -> float:
    return float(np.sqrt(np.square(errors).mean()))
