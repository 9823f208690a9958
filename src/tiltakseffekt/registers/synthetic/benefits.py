"""Benefits and disability, person by month."""

import numpy as np

from tiltakseffekt.core.keys import BENEFITS, TREATED_ARMS
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.courses import Courses
from tiltakseffekt.registers.synthetic.parameters import (
    MONTHS,
    REGISTERS_BEGIN,
    Disability,
    Measures,
    Parameters,
    Receipt,
)
from tiltakseffekt.registers.synthetic.population import NEVER, BoolArray, IntArray, Persons, between
from tiltakseffekt.registers.synthetic.work import Exit


def draw_benefits(
    seed: int, shard: int, persons: Persons, worked: IntArray, leaves: Exit, courses: Courses, parameters: Parameters
) -> dict[str, BoolArray]:
    """Draw who receives which benefit in which month."""
    random = named_generator(seed, "registers", shard, "benefits")
    benefits = parameters.benefits
    receipt = benefits.receipt
    count = len(persons)
    entry, end = persons.entry, persons.entry + leaves.offset - 1
    when = np.arange(MONTHS)[None, :]

    def spell(rule: Receipt, start: IntArray, length: IntArray | int, who: BoolArray | bool = True) -> BoolArray:
        least, most = rule.worked
        share = np.array(rule.share)[persons.profile]
        receives = (random.random(count) < share) & (worked >= least) & (worked <= most) & who
        first = np.where(receives, start, NEVER)
        return (when >= first[:, None]) & (when < (first + length)[:, None])

    wait = between(random, benefits.sosialhjelp_before, count)
    recent = (persons.landgruppe == 3) & (entry - persons.immigrated < benefits.introduksjonsstonad_arrived)
    months = {
        "dagpenger": spell(
            receipt.dagpenger,
            entry,
            np.minimum(random.geometric(benefits.dagpenger_ends, count), benefits.dagpenger_longest),
        ),
        "sosialhjelp": spell(
            receipt.sosialhjelp, entry - wait, wait + random.geometric(benefits.sosialhjelp_ends, count)
        ),
        "sykepenger": spell(receipt.sykepenger, entry - benefits.sykepenger_months, benefits.sykepenger_months)
        | spell(
            receipt.sykepenger_short,
            entry - benefits.sykepenger_short_before + wait,
            between(random, benefits.sykepenger_short_months, count),
        ),
        "aap": spell(receipt.aap, entry, np.maximum(end - entry + 1, 1)),
        "kvalifiseringsstonad": spell(
            receipt.kvalifiseringsstonad,
            entry - benefits.kvalifiseringsstonad_months,
            benefits.kvalifiseringsstonad_months,
        ),
        "introduksjonsstonad": spell(
            receipt.introduksjonsstonad,
            persons.immigrated + benefits.introduksjonsstonad_after,
            between(random, benefits.introduksjonsstonad_months, count),
            recent,
        ),
    }
    months["tiltakspenger"] = _tiltakspenger(random, courses, count, parameters.measures)
    alive = when <= persons.last_month[:, None]
    return {name: months[name] & alive & (when >= REGISTERS_BEGIN) for name in BENEFITS}


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


def draw_disability(seed: int, shard: int, persons: Persons, leaves: Exit, disability: Disability) -> IntArray:
    """Draw degrees of disability, person by month (0 = none)."""
    random = named_generator(seed, "registers", shard, "disability")
    count = len(persons)
    group = persons.profile
    adult = persons.age_group > 0
    had = (random.random(count) < np.array(disability.before)[group]) & adult
    since = persons.entry - between(random, disability.before_for, count)
    degree = random.choice(disability.degrees, count, p=disability.degree_shares)
    gets = ~had & ~leaves.for_job & (random.random(count) < np.array(disability.after)[group])
    start = np.where(had, since, np.where(gets, persons.entry + leaves.offset, NEVER))
    when = np.arange(MONTHS)[None, :]
    receives = (when >= np.maximum(start, REGISTERS_BEGIN)[:, None]) & (when <= persons.last_month[:, None])
    return np.where(receives, np.where(had, degree, disability.degree_after)[:, None], 0)
