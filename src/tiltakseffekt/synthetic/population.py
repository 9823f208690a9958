"""The persons: who they are and when they register for the first time.

Every draw is a throw for the person's number (`dice`), so that a person is the same whatever the shard.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.synthetic.dice import die, throw
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.municipalities import Municipalities
from tiltakseffekt.synthetic.parameters import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS,
    RESIDENCE_BEGINS,
    FloatArray,
    Parameters,
    Population,
    Span,
)

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: A month that does not come.
NEVER = 10_000


@dataclass(frozen=True)
class Persons:
    """Persons, one value each; months count from 2000-01, `NEVER` when it does not happen.

    Parameters
    ----------
    number
        The person's own number, from which everything about the person is thrown.
    draw
        How often the person was drawn until the life was one of the delivered population.
    entry, entry_group
        Month and NAV group of the first registration.
    female, age_group, landgruppe, education
        Indices into the lists of core/keys.py, measured in `entry`.
    birth, immigrated, died, emigrated
        Months; birth and immigration may lie before 2000-01 (negative).
    newcomer
        Whether the person came as a refugee shortly before the first registration.
    municipality, municipality_after, moved
        Municipality before and after the month `moved`.
    office
        NAV office.
    """

    number: IntArray
    draw: IntArray
    entry: IntArray
    entry_group: IntArray
    female: IntArray
    age_group: IntArray
    landgruppe: IntArray
    education: IntArray
    birth: IntArray
    immigrated: IntArray
    newcomer: BoolArray
    died: IntArray
    emigrated: IntArray
    municipality: IntArray
    municipality_after: IntArray
    moved: IntArray
    office: IntArray

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.number)

    @property
    def key(self) -> IntArray:
        """Return what dice are thrown for: number and draw."""
        return self.number + (self.draw << 40)

    @property
    def last_month(self) -> IntArray:
        """Return the last month in which the person is there."""
        return np.minimum(np.minimum(self.died, self.emigrated), MONTHS - 1)

    @property
    def first_month(self) -> IntArray:
        """Return the first month, from 2000-01 on, in which the person is there and sixteen years old or more."""
        arrived = np.where(self.immigrated == NEVER, 0, self.immigrated)
        return np.maximum(np.maximum(arrived, self.birth + 16 * 12), 0)

    def municipality_at(self, month: IntArray) -> IntArray:
        """Return the index of the municipality in a month."""
        return np.where(month >= self.moved, self.municipality_after, self.municipality)

    def replaced(self, rows: BoolArray, others: Self) -> Self:
        """Return the persons with those in some rows replaced by others."""
        values = {}
        for field in fields(self):
            value = getattr(self, field.name).copy()
            value[rows] = getattr(others, field.name)
            values[field.name] = value
        return type(self)(**values)


def choose(draws: FloatArray, weights: FloatArray, row: IntArray) -> IntArray:
    """Return for each draw, 0 <= u < 1, an index with probability in proportion to a row of weights."""
    cumulative = weights.cumsum(axis=1)
    cumulative /= cumulative[:, -1:]
    return np.asarray((draws[:, None] >= cumulative[row]).sum(axis=1).clip(max=weights.shape[1] - 1))


def between(draws: FloatArray, span: Span) -> IntArray:
    """Return for each draw a whole number from the first to the last of a span."""
    return span[0] + (draws * (span[1] - span[0] + 1)).astype(np.int64)


def registration_weights(population: Population) -> FloatArray:
    """Return the weight of each month from 2000-01 to 2022-12 as month of the first registration."""
    season = np.tile(array(population.month_of_year), LAST_YEAR + 1 - FIRST_YEAR)
    weights = np.repeat(array(population.year), 12) * season
    spring = (2020 - FIRST_YEAR) * 12 + 2
    weights[spring : spring + 3] *= population.spring_2020
    return weights


def draw_persons(seed: int, number: IntArray, draw: int, parameters: Parameters, places: Municipalities) -> Persons:
    """Draw persons.

    Parameters
    ----------
    seed
        Seed of the run.
    number
        Numbers of the persons.
    draw
        How often they have been drawn before.
    parameters
        Parameters of the simulation.
    places
        Municipalities.
    """
    population, fitted = parameters.population, parameters.fitted
    count = len(number)
    key = number + (np.int64(draw) << 40)
    none = np.zeros(count, dtype=np.int64)

    def thrown(use: str, when: int = 0) -> FloatArray:
        return throw(die(seed, "person", use), key, when)

    entry = choose(thrown("entry"), registration_weights(population)[None, :], none)
    group = choose(thrown("group"), array(fitted.first_group)[None, :], none)
    female = (thrown("sex") < array(fitted.women)[group] / 100).astype(np.int64)
    age_group = choose(thrown("age"), array(fitted.age), group)
    landgruppe = choose(thrown("landgruppe"), array(fitted.landgruppe), group)
    education = np.where(
        age_group == 0,
        choose(thrown("education"), array(population.education_under_20)[None, :], none),
        choose(thrown("education"), array(fitted.education), group),
    )
    first, last = array(population.ages).T
    age = first[age_group] + (thrown("years") * (last - first + 1)[age_group]).astype(np.int64)
    birth = (entry // 12 - age) * 12 + (thrown("birth") * 12).astype(np.int64)
    newcomer = (landgruppe == 3) & (thrown("newcomer") < array(population.newly_arrived)[group])
    stay = np.where(
        newcomer, between(thrown("stay"), population.stay_newly_arrived), between(thrown("stay"), population.stay)
    )
    immigrated = np.where(landgruppe == 0, NEVER, np.maximum(entry - stay, birth))
    died = _dies(thrown("death"), entry, birth, population)
    leaves = entry + 12 + _geometric(thrown("emigration"), array(population.emigrates)[landgruppe])
    died = np.where(died < MONTHS, died, NEVER)
    emigrated = np.where((leaves < MONTHS) & (leaves < died), leaves, NEVER)
    municipality = choose(thrown("municipality"), places.weight[None, :], none)
    after = choose(thrown("municipality", 1), places.weight[None, :], none)
    span = (RESIDENCE_BEGINS, MONTHS - 1)
    moved = np.where(thrown("moved") < population.moved, between(thrown("moved", 1), span), NEVER)
    at_entry = np.where(entry - entry % 12 >= moved, after, municipality)
    return Persons(
        number=number,
        draw=np.full(count, draw),
        entry=entry,
        entry_group=group,
        female=female,
        age_group=age_group,
        landgruppe=landgruppe,
        education=education,
        birth=birth,
        immigrated=immigrated,
        newcomer=newcomer,
        died=died,
        emigrated=np.where(died < emigrated, NEVER, emigrated),
        municipality=municipality,
        municipality_after=after,
        moved=moved,
        office=at_entry * places.offices + (thrown("office") * places.offices).astype(np.int64),
    )


def _geometric(draws: FloatArray, hazard: FloatArray) -> IntArray:
    """Return months until something with a constant monthly probability happens."""
    return (np.log1p(-draws) / np.log1p(-hazard)).astype(np.int64)


def _dies(draws: FloatArray, entry: IntArray, birth: IntArray, population: Population) -> IntArray:
    """Return months of death, with a probability that grows with the age reached, from a month after entry on."""
    luck = -np.log1p(-draws)
    month = entry + 1
    died = np.full(len(entry), NEVER)
    hazards = -np.log1p(-array(population.dies))
    ages = list(population.ages.values())
    for group, (first, _) in enumerate(ages):
        following = ages[group + 1][0] if group + 1 < len(ages) else 200
        ends = birth + following * 12
        starts = np.maximum(month, birth + first * 12 if group else month)
        length = np.maximum(ends - starts, 0)
        here = (died == NEVER) & (luck < hazards[group] * length)
        died = np.where(here, starts + (luck / hazards[group]).astype(np.int64), died)
        luck = luck - hazards[group] * length
    return died


def unemployment_at_entry(persons: Persons, places: Municipalities) -> FloatArray:
    """Return the unemployment of the municipality in the month of the first registration, per cent."""
    return places.unemployment[persons.municipality_at(persons.entry), persons.entry]
