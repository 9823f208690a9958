"""Benefits and disability, person by month."""

from typing import Final

import numpy as np

from tiltakseffekt.core.keys import BENEFITS, TREATED_ARMS
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.courses import Courses
from tiltakseffekt.registers.synthetic.parameters import MONTHS, Measures
from tiltakseffekt.registers.synthetic.population import NEVER, BoolArray, IntArray, Persons
from tiltakseffekt.registers.synthetic.work import Exit

_FIRST: Final = 60
# chosen: amounts a month in twelfths of G, near the rules of the National Insurance Act
AMOUNT: Final = {
    "aap": 2.2,
    "dagpenger": 2.0,
    "tiltakspenger": 0.58,  # 5 360 kroner a month in 2022 (seed-004 lines 3377-3379)
    "sosialhjelp": 0.9,
    "sykepenger": 3.2,
    "kvalifiseringsstonad": 2.0,
    "introduksjonsstonad": 2.0,
}


def draw_benefits(
    seed: int, shard: int, persons: Persons, worked: IntArray, leaves: Exit, courses: Courses, measures: Measures
) -> dict[str, BoolArray]:
    """Draw who receives which benefit in which month (shares chosen; those of tiltakspenger are Tabell 7-4)."""
    random = named_generator(seed, "registers", shard, "benefits")
    count = len(persons)
    group = np.where(persons.entry_group >= 0, persons.entry_group, persons.nav_group)
    entry, end = persons.entry, persons.entry + leaves.offset - 1
    when = np.arange(MONTHS)[None, :]

    def spell(chance: list[float], start: IntArray, length: IntArray, who: BoolArray | bool = True) -> BoolArray:
        receives = (random.random(count) < np.array(chance)[group]) & who
        first = np.where(receives, start, NEVER)[:, None]
        return (when >= first) & (when < first + length[:, None])

    wait = random.integers(0, 18, count)
    recent = (persons.landgruppe == 3) & (entry - persons.immigrated < 60)
    months = {
        "dagpenger": spell(
            [0.6, 0.25, 0.08, 0.0, 0.05, 0.2], entry, np.minimum(random.geometric(0.12, count), 24), worked >= 6
        ),
        "sosialhjelp": spell(
            [0.06, 0.38, 0.14, 0.2, 0.03, 0.22], entry - wait, wait + random.geometric(0.1, count), worked < 10
        ),
        "sykepenger": spell([0.03, 0.03, 0.6, 0.1, 0.95, 0.15], entry - 12, np.full(count, 12), worked >= 4)
        | spell([0.12] * 6, entry - 24 + wait, random.integers(1, 4, count), worked >= 6),
        "aap": spell([0.01, 0.03, 0.72, 0.3, 0.0, 0.05], entry, np.maximum(end - entry + 1, 1)),
        "kvalifiseringsstonad": spell([0, 0.04, 0.02, 0, 0, 0.01], entry - 12, np.full(count, 12), worked == 0),
        "introduksjonsstonad": spell(
            [0.3, 0.8, 0.3, 0, 0, 0.3], persons.immigrated + 3, random.integers(18, 28, count), recent
        ),
    }
    months["tiltakspenger"] = _tiltakspenger(random, courses, count, measures)
    alive = when <= persons.last_month[:, None]
    return {name: months[name] & alive & (when >= _FIRST) for name in BENEFITS}


def _tiltakspenger(random: np.random.Generator, courses: Courses, count: int, measures: Measures) -> BoolArray:
    spells = courses.spells
    share = np.array([measures.tiltakspenger[arm] for arm in TREATED_ARMS])[spells.arm] / 100
    paid = np.flatnonzero(random.random(len(spells.person)) < share)
    result = np.zeros((count, MONTHS), dtype=bool)
    when = np.arange(MONTHS)
    np.logical_or.at(
        result, spells.person[paid], (when >= spells.start[paid, None]) & (when <= spells.stop[paid, None])
    )
    return result


def draw_disability(seed: int, shard: int, persons: Persons, leaves: Exit) -> IntArray:
    """Draw degrees of disability, person by month (0 = none); shares chosen."""
    random = named_generator(seed, "registers", shard, "disability")
    count = len(persons)
    group = np.where(persons.entry_group >= 0, persons.entry_group, persons.nav_group)
    adult = persons.age_group > 0
    had = (random.random(count) < np.array([0.004, 0.006, 0.04, 0.3, 0.03, 0.02])[group]) & adult
    since = persons.entry - random.integers(1, 60, count)
    degree = random.choice([20, 40, 50, 60, 80, 100], count, p=[0.05, 0.15, 0.35, 0.1, 0.05, 0.3])
    gets = ~had & ~leaves.for_job & (random.random(count) < np.array([0, 0.02, 0.4, 0.5, 0.1, 0.05])[group])
    start = np.where(had, since, np.where(gets, persons.entry + leaves.offset, NEVER))
    when = np.arange(MONTHS)[None, :]
    receives = (when >= np.maximum(start, _FIRST)[:, None]) & (when <= persons.last_month[:, None])
    return np.where(receives, np.where(had, degree, 100)[:, None], 0)
