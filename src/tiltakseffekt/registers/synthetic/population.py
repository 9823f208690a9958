"""The persons of a shard: who they are, when they register, and what they did at NAV before."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.core.months import month
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.municipalities import Municipalities
from tiltakseffekt.registers.synthetic.parameters import (
    MONTHS,
    ORIGIN,
    PANDEMIC,
    RESIDENCE_BEGINS,
    FloatArray,
    Population,
    Span,
)

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Column (months since 2005-01) of January 2016, where first registrations begin; they run for 60 months.
FIRST_REGISTRATION = month(2016, 1) - ORIGIN
REGISTRATION_MONTHS = 60
NEVER = 10_000


@dataclass(frozen=True)
class Persons:
    """The persons of a shard, one value each; months are columns since 2005-01, `NEVER` when it does not happen.

    Parameters
    ----------
    nav_group
        Index of the NAV group at first registration (`registered`).
    entry_group
        Index of the entry group in month `entry`, -1 for those who never have one.
    entry
        Month of the first entry group; the first registration for those who never have one.
    female, age_group, landgruppe, education
        Indices into the lists of core/keys.py, measured in `entry`.
    birth, immigrated, died, emigrated
        Months; birth and immigration may lie before 2005-01 (negative).
    earlier_start, earlier_end
        First and last month of an earlier registration.
    """

    nav_group: IntArray
    registered: IntArray
    entry_group: IntArray
    entry: IntArray
    female: IntArray
    age_group: IntArray
    landgruppe: IntArray
    education: IntArray
    birth: IntArray
    immigrated: IntArray
    died: IntArray
    emigrated: IntArray
    earlier_start: IntArray
    earlier_end: IntArray
    municipality: IntArray
    municipality_after: IntArray
    moved: IntArray
    office: IntArray

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.entry)

    @property
    def profile(self) -> IntArray:
        """Return the NAV group whose profile the person has: the entry group, else the first one."""
        return np.where(self.entry_group >= 0, self.entry_group, self.nav_group)

    @property
    def last_month(self) -> IntArray:
        """Return the last month in which anything can be registered."""
        return np.minimum(np.minimum(self.died, self.emigrated), MONTHS - 1)

    def municipality_at(self, when: IntArray) -> IntArray:
        """Return the municipality on 1 January of the year of a month."""
        return np.where(when - when % 12 >= self.moved, self.municipality_after, self.municipality)


def choose(random: np.random.Generator, weights: FloatArray | list[list[float]], rows: IntArray) -> IntArray:
    """Draw one column for each person with the weights of the person's row."""
    cumulative = np.cumsum(np.asarray(weights, dtype=float), axis=1)
    cumulative /= cumulative[:, -1:]
    draws = random.random(len(rows))
    return (draws[:, None] >= cumulative[rows][:, :-1]).sum(axis=1)


def between(random: np.random.Generator, span: Span, count: int) -> IntArray:
    """Draw whole numbers evenly from the first to the last of a span, both included."""
    return random.integers(*span, count, endpoint=True)


def _registration_weights(population: Population) -> FloatArray:
    weights = np.tile(np.array(population.month_of_year), REGISTRATION_MONTHS // 12)
    spring = PANDEMIC - FIRST_REGISTRATION
    weights[spring : spring + 3] *= population.spring_2020
    return weights[None, :]


def _ages(random: np.random.Generator, group: IntArray, population: Population) -> IntArray:
    low, high = np.array(population.ages).T
    return low[group] + (random.random(len(group)) * (high - low + 1)[group]).astype(np.int64)


def draw_persons(seed: int, shard: int, count: int, population: Population, places: Municipalities) -> Persons:
    """Draw the persons of a shard."""
    random = named_generator(seed, "registers", shard, "persons")
    none = np.zeros(count, dtype=np.int64)
    nav_group = choose(random, [population.first_group], none)
    registered = FIRST_REGISTRATION + choose(random, _registration_weights(population), none)
    moves_on = random.random(count) < np.array(population.moves_on)[nav_group] / 100
    moves_to = choose(random, population.moves_to, nav_group)
    entry_group = np.where(nav_group <= 2, nav_group, np.where(moves_on, moves_to, -1))
    wait = np.minimum(random.geometric(population.moves_on_hazard, count), population.moves_on_longest)
    entry = np.where((nav_group > 2) & moves_on, registered + wait, registered)

    profile = np.where(entry_group >= 0, entry_group, nav_group)
    female = (random.random(count) < np.array(population.women)[profile] / 100).astype(np.int64)
    age_group = choose(random, population.age, profile)
    age = _ages(random, age_group, population)
    landgruppe = choose(random, population.landgruppe, profile)
    education = np.where(
        age_group == 0,
        choose(random, [population.education_under_20], none),
        choose(random, population.education, profile),
    )
    birth = (entry // 12 - age) * 12 + random.integers(0, 12, count)
    stay = np.where(
        (landgruppe == 3) & (profile == 1) & (random.random(count) < population.newly_arrived),
        between(random, population.stay_newly_arrived, count),
        between(random, population.stay, count),
    )
    immigrated = np.where(landgruppe == 0, NEVER, np.maximum(entry - stay, birth))
    leaves = entry + between(random, population.gone_after, count)
    died = np.where(random.random(count) < population.dead, leaves, NEVER)
    emigrates = random.random(count) < np.array(population.emigrated)[landgruppe]
    emigrated = np.where(emigrates & (died == NEVER), leaves, NEVER)
    earlier_start, earlier_end = _earlier_registration(random, entry, registered, immigrated, population)
    municipality = random.choice(len(places.weight), count, p=places.weight)
    moved = np.where(random.random(count) < population.moved, random.integers(RESIDENCE_BEGINS, MONTHS, count), NEVER)
    municipality_after = random.choice(len(places.weight), count, p=places.weight)
    at_entry = np.where(entry - entry % 12 >= moved, municipality_after, municipality)
    return Persons(
        nav_group=nav_group,
        registered=registered,
        entry_group=entry_group,
        entry=entry,
        female=female,
        age_group=age_group,
        landgruppe=landgruppe,
        education=education,
        birth=birth,
        immigrated=immigrated,
        died=np.where(died < MONTHS, died, NEVER),
        emigrated=np.where(emigrated < MONTHS, emigrated, NEVER),
        earlier_start=earlier_start,
        earlier_end=earlier_end,
        municipality=municipality,
        municipality_after=municipality_after,
        moved=moved,
        office=at_entry * places.offices + random.integers(0, places.offices, count),
    )


def _earlier_registration(
    random: np.random.Generator, entry: IntArray, registered: IntArray, immigrated: IntArray, population: Population
) -> tuple[IntArray, IntArray]:
    """Return first and last month of an earlier registration; all begin before 2016, so none enters a cohort."""
    count = len(entry)
    kind = random.random(count)
    recent = kind < population.earlier_within_24
    old = ~recent & (kind < population.earlier_within_24 + population.earlier_before)
    gap = np.where(
        recent, between(random, population.earlier_gap_recent, count), between(random, population.earlier_gap, count)
    )
    end = registered - gap
    start = np.minimum(end - between(random, population.earlier_length, count), FIRST_REGISTRATION - 1)
    possible = (recent | old) & (start > 0) & ((immigrated == NEVER) | (immigrated < start))
    return np.where(possible, start, NEVER), np.where(possible, end, NEVER)


def unemployment_at_entry(persons: Persons, places: Municipalities) -> FloatArray:
    """Return the unemployment of the municipality in the month of entry, per cent."""
    return places.unemployment[persons.municipality_at(persons.entry), persons.entry]
