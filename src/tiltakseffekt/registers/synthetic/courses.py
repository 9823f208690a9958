"""Courses at NAV: measures, and the registrations around them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.core.keys import NAV_GROUPS, TREATED_ARMS
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.assignment import Plan, reduced_at_start
from tiltakseffekt.registers.synthetic.parameters import MONTHS, FloatArray, Measures, Parameters
from tiltakseffekt.registers.synthetic.population import NEVER, IntArray, Persons, choose
from tiltakseffekt.registers.synthetic.work import Exit

_STANDARD, _SITUATION, _REDUCED, _PERMANENT, _SICK, _OTHER = range(len(NAV_GROUPS))
#: A person who comes back does so within this many months, so that coming back is never a new first registration.
_LONGEST_GAP = 20


@dataclass(frozen=True)
class Spells:
    """Measures: one row per spell; months are columns since 2005-01, the stop may lie after the last one."""

    person: IntArray
    arm: IntArray
    start: IntArray
    stop: IntArray
    main: NDArray[np.bool_]


@dataclass(frozen=True)
class Courses:
    """Measures and the NAV group of each month, person by month, -1 when not registered."""

    spells: Spells
    groups: NDArray[np.int8]


def _arm(name: str) -> int:
    return TREATED_ARMS.index(name)


def _by_arm(values: dict[str, float]) -> FloatArray:
    return np.array([values[arm] for arm in TREATED_ARMS])


def _durations(random: np.random.Generator, arm: IntArray, measures: Measures) -> IntArray:
    draws = random.gamma(_by_arm(measures.shape)[arm], _by_arm(measures.scale)[arm])
    return np.clip(np.ceil(draws), 1, measures.longest).astype(np.int64)


def _spells(
    random: np.random.Generator, person: IntArray, arm: IntArray, start: IntArray, persons: Persons, measures: Measures
) -> Spells:
    """Draw the durations of measures and leave out those that would begin after the person is gone."""
    stop = start + _durations(random, arm, measures) - 1
    gone = persons.last_month[person]
    stop = np.where(gone < MONTHS - 1, np.minimum(stop, gone), stop)
    keep = start <= gone
    return Spells(person[keep], arm[keep], start[keep], stop[keep], np.ones(keep.sum(), dtype=bool))


def _followers(random: np.random.Generator, first: Spells, persons: Persons, measures: Measures) -> Spells:
    """Draw the measures that follow the first ones: at most two whole months later, or long after."""
    weights = np.array([[measures.next[arm].get(other, 0.0) for other in TREATED_ARMS] for arm in TREATED_ARMS])
    follows = random.random(len(first.person)) < _by_arm(measures.followed)[first.arm] / 100
    later = ~follows & (random.random(len(first.person)) < 0.12)
    pause = np.where(follows, random.integers(1, 4, len(follows)), 4 + random.geometric(0.08, len(follows)))
    arm = choose(random, weights, first.arm)
    keep = follows | later
    return _spells(random, first.person[keep], arm[keep], (first.stop + pause)[keep], persons, measures)


def _later_starts(random: np.random.Generator, plan: Plan, persons: Persons, parameters: Parameters) -> Spells:
    """Draw the measures of controls in months 12 to 47 (Tabell 6-1); they change no outcome."""
    selection = parameters.selection
    group = np.maximum(persons.entry_group, 0)
    later, never = np.array(selection.later), np.array(selection.never)
    chance = later.sum(axis=1) / (later.sum(axis=1) + never)
    rows = np.flatnonzero(plan.candidate & ~plan.treated & (random.random(len(persons)) < chance[group]))
    period = choose(random, selection.later, group[rows])
    first, length = np.array([12, 15, 18, 21, 24]), np.array([3, 3, 3, 3, 24])
    offset = first[period] + (random.random(len(rows)) * length[period]).astype(np.int64)
    weights = np.array([selection.treated[arm] for arm in TREATED_ARMS]).T
    arm = choose(random, weights, group[rows])
    return _spells(random, rows, arm, persons.entry[rows] + offset, persons, parameters.measures)


def _outside_cohort(
    random: np.random.Generator, plan: Plan, leaves: Exit, persons: Persons, parameters: Parameters
) -> Spells:
    """Draw measures of persons who never enter a cohort; they change no outcome."""
    group = np.where(persons.entry_group >= 0, persons.entry_group, persons.nav_group)
    chance = np.array([parameters.selection.unswitched_jobbklubb, 0, 0, 0.2, 0.2, 0.14])[group]
    rows = np.flatnonzero(~plan.candidate & (random.random(len(persons)) < chance))
    offset = (random.random(len(rows)) * np.minimum(leaves.offset[rows], 24)).astype(np.int64)
    arms = np.array([_arm(name) for name in ("arbeidstrening", "avklaring", "oppfolging", "amo")])
    arm = arms[random.integers(0, len(arms), len(rows))]
    arm = np.where(group[rows] == _STANDARD, _arm("jobbklubb"), arm)
    arm = np.where(group[rows] == _PERMANENT, _arm("annet"), arm)
    return _spells(random, rows, arm, persons.entry[rows] + offset, persons, parameters.measures)


def _earlier(random: np.random.Generator, persons: Persons, parameters: Parameters) -> Spells:
    """Draw measures of earlier registrations, inside them and from 2010 on."""
    chance = parameters.population.earlier_measure
    rows = np.flatnonzero((persons.earlier_start < NEVER) & (random.random(len(persons)) < chance))
    length = (persons.earlier_end - persons.earlier_start)[rows]
    start = persons.earlier_start[rows] + (random.random(len(rows)) * length).astype(np.int64)
    arms = np.array([_arm(name) for name in ("arbeidstrening", "amo", "oppfolging", "avklaring")])
    drawn = _spells(random, rows, arms[random.integers(0, len(arms), len(rows))], start, persons, parameters.measures)
    keep = drawn.start >= 60
    stop = np.minimum(drawn.stop, persons.earlier_end[drawn.person])
    return Spells(drawn.person[keep], drawn.arm[keep], drawn.start[keep], stop[keep], drawn.main[keep])


def _joined(parts: list[Spells]) -> Spells:
    return Spells(
        np.concatenate([part.person for part in parts]),
        np.concatenate([part.arm for part in parts]),
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.stop for part in parts]),
        np.concatenate([part.main for part in parts]),
    )


def _switch_month(
    random: np.random.Generator, plan: Plan, persons: Persons, parameters: Parameters
) -> tuple[IntArray, IntArray]:
    """Return the month of the change of NAV group after entry (`NEVER` without) and the group after it."""
    count = len(persons)
    group = persons.entry_group
    reduced = random.random(count) < reduced_at_start(plan, parameters.selection)
    before_start = 1 + (random.random(count) * np.maximum(plan.start, 1)).astype(np.int64)
    month = np.full(count, NEVER)
    target = np.full(count, _SITUATION)

    standard = plan.candidate & (group == _STANDARD)
    month[standard] = plan.switch[standard]
    target[standard & reduced] = _REDUCED

    moves = plan.candidate & (group == _SITUATION) & reduced & (plan.start > 0)
    month[moves] = before_start[moves]
    target[moves] = _REDUCED

    back = plan.candidate & (group == _REDUCED) & (random.random(count) < 0.01)
    month[back] = before_start[back]
    permanent = (group == _REDUCED) & ~back & (random.random(count) < 0.05)
    month[permanent] = 18 + random.integers(0, 24, count)[permanent]
    target[permanent] = _PERMANENT
    return np.where(month < NEVER, persons.entry + month, NEVER), target


def draw_courses(seed: int, shard: int, persons: Persons, plan: Plan, leaves: Exit, parameters: Parameters) -> Courses:
    """Draw all measures and the registrations that hold them."""
    random = named_generator(seed, "registers", shard, "courses")
    measures = parameters.measures
    rows = np.flatnonzero(plan.treated)
    first = _spells(random, rows, plan.arm[rows], (persons.entry + plan.start)[rows], persons, measures)
    after = _followers(random, first, persons, measures)
    later = _later_starts(random, plan, persons, parameters)
    outside = _outside_cohort(random, plan, leaves, persons, parameters)
    earlier = _earlier(random, persons, parameters)

    end = persons.entry + leaves.offset - 1
    for part in (first, outside):
        np.maximum.at(end, part.person, part.stop)
    back = np.full(len(persons), NEVER)
    back_end = np.full(len(persons), -1)
    for part in (after, later):
        wait = random.integers(0, 3, len(part.person))
        earliest = np.maximum(end[part.person] + 1, persons.entry[part.person] + 12)
        starts = np.minimum(np.maximum(part.start - wait, earliest), part.start)
        back[part.person] = np.minimum(starts, end[part.person] + _LONGEST_GAP)
        back_end[part.person] = part.stop + random.geometric(0.4, len(part.person))

    groups = _group_months(random, persons, plan, end, back, back_end, parameters)
    spells = _joined([first, after, later, outside, earlier])
    return Courses(spells, groups)


def _group_months(
    random: np.random.Generator,
    persons: Persons,
    plan: Plan,
    end: IntArray,
    back: IntArray,
    back_end: IntArray,
    parameters: Parameters,
) -> NDArray[np.int8]:
    """Return the NAV group of each month, person by month, -1 when not registered."""
    when = np.arange(MONTHS)[None, :]
    entry = persons.entry[:, None]
    first_group = np.where(persons.entry_group >= 0, persons.entry_group, persons.nav_group)[:, None]
    month, target = _switch_month(random, plan, persons, parameters)
    groups = np.where(when < month[:, None], first_group, target[:, None]).astype(np.int8)
    registered = ((when >= entry) & (when <= end[:, None])) | ((when >= back[:, None]) & (when <= back_end[:, None]))
    groups[~registered] = -1
    before = (when >= persons.registered[:, None]) & (when < entry)
    groups = np.where(before, persons.nav_group[:, None], groups).astype(np.int8)
    once = (when >= persons.earlier_start[:, None]) & (when <= persons.earlier_end[:, None])
    groups[once] = np.where(random.random(len(persons)) < 0.8, _STANDARD, _SITUATION).astype(np.int8)[
        np.nonzero(once)[0]
    ]
    other = plan.treated & (plan.start > 0) & (random.random(len(persons)) < parameters.selection.other_at_start)
    rows = np.flatnonzero(other)
    groups[rows, (persons.entry + plan.start)[rows]] = _OTHER
    groups[when > persons.last_month[:, None]] = -1
    return groups
