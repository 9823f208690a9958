"""Simulate persons in memory under fitted parameters and measure them, shard by shard, on one core or more."""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.documents.calibration.comparison import compare
from tiltakseffekt.documents.calibration.measuring import values_of_all
from tiltakseffekt.laboratory.fitting.expected import ExpectedSums, added, expected_sums
from tiltakseffekt.laboratory.fitting.numbers import Numbers, found_numbers, printed_numbers
from tiltakseffekt.laboratory.fitting.simulated import simulated_tables
from tiltakseffekt.laboratory.fitting.study import Study
from tiltakseffekt.stages.description.measuring import add_up, measure_shard
from tiltakseffekt.synthetic.delivery.workers import begin_worker
from tiltakseffekt.synthetic.municipalities import draw_municipalities
from tiltakseffekt.synthetic.parameters import Fitted
from tiltakseffekt.synthetic.simulate import draw_lives

#: Persons simulated at once: about half a gigabyte. It decides the order in which sums are added, so it does not follow
#: the number of cores.
_PERSONS_PER_SHARD: Final = 12_500


@dataclass(frozen=True)
class Shard:
    """Persons to simulate: the parameters, the seed, and their first number and the one after the last."""

    study: Study
    seed: int
    first: int
    end: int


@dataclass(frozen=True)
class Measurement:
    """What simulated registers give, for the steps and beside the printed numbers (`compare`)."""

    numbers: Numbers
    comparison: pd.DataFrame


Sums = tuple[pd.DataFrame, ExpectedSums]
#: Measures shards and returns the sums of each, in their order.
Measure = Callable[[Iterable[Shard]], Iterable[Sums]]


def measured_shard(shard: Shard) -> Sums:
    """Simulate a shard and return what was measured and what was to be expected."""
    study = shard.study
    places = draw_municipalities(shard.seed, study.parameters, study.simulation)
    number = np.arange(shard.first, shard.end)
    lives = draw_lives(shard.seed, number, study.parameters, study.simulation, places)
    tables = simulated_tables(shard.seed, lives, study, places, [f"{one:010d}" for one in number])
    sums = measure_shard(tables, study.codebooks, study.arms, study.description, study.cohorts, study.panel)
    return sums, expected_sums(lives, study.parameters, study.cohorts)


def measured(study: Study, fitted: Fitted, persons: int, seed: int, measure: Measure) -> Measurement:
    """Simulate persons under fitted parameters and return what they give, for the whole population."""
    world = replace(study, parameters=study.under(fitted))
    firsts = range(0, persons, _PERSONS_PER_SHARD)
    shards = [Shard(world, seed, first, min(first + _PERSONS_PER_SHARD, persons)) for first in firsts]
    parts = list(measure(shards))
    scale = persons / fitted.persons
    described = add_up(sums for sums, _ in parts)
    values, expected = values_of_all(described, scale), added(sums for _, sums in parts)
    printed = printed_numbers(study.targets, study.choices)
    comparison = compare(values, study.targets, study.choices)
    return Measurement(Numbers(printed, found_numbers(values, expected, scale), expected), comparison)


@contextmanager
def on_cores(cores: int) -> Generator[Measure, None, None]:
    """Yield what measures shards on so many cores; the result does not depend on them."""
    if cores == 1:
        yield lambda shards: map(measured_shard, shards)
        return
    # Processes are started anew, not forked: threads of libraries do not survive a fork.
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn"), initializer=begin_worker) as pool:
        try:
            yield lambda shards: pool.map(measured_shard, shards)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
