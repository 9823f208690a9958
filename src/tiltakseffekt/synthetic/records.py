"""What is simulated for the persons of a shard, before it becomes tables."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.synthetic.population import BoolArray, IntArray, Persons
from tiltakseffekt.synthetic.rulebook import Episodes


@dataclass(frozen=True)
class Spells:
    """Measures: one row per spell; months count from 2000-01, the stop may lie after the last one.

    Parameters
    ----------
    person
        Row of the person.
    measure
        Index into `parameters.Measures.groups`.
    start, stop
        First and last month.
    main
        Whether it is the main measure of its months.
    """

    person: IntArray
    measure: IntArray
    start: IntArray
    stop: IntArray
    main: BoolArray


@dataclass(frozen=True)
class Lives:
    """The persons of a shard, their months (records of `LIFE`), measures, and planned registrations."""

    persons: Persons
    months: NDArray[np.void]
    spells: Spells
    episodes: Episodes


@dataclass(frozen=True)
class Told:
    """Persons whose months are told in tables: the seed of the run, and their identifiers beside what they are."""

    seed: int
    persons: Persons
    months: NDArray[np.void]
    identifiers: list[str]
