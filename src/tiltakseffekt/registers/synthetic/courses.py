"""Courses at NAV: measures, and the registrations around them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.core.keys import NAV_GROUPS, TREATED_ARMS
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.assignment import WINDOW, Plan, reduced_at_start
from tiltakseffekt.registers.synthetic.parameters import (
    MONTHS,
    REGISTERS_BEGIN,
    FloatArray,
    Measures,
    Parameters,
)
from tiltakseffekt.registers.synthetic.population import NEVER, IntArray, Persons, between, choose
from tiltakseffekt.registers.synthetic.work import Exit

_STANDARD, _SITUATION, _REDUCED, _PERMANENT, _SICK, _OTHER = range(len(NAV_GROUPS))


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


def draw_durations(random: np.random.Generator, arm: IntArray, measures: Measures) -> IntArray:
    """Draw the months of courses, one for each index into `TREATED_ARMS`."""
    draws = random.gamma(_by_arm(measures.shape)[arm], _by_arm(measures.scale)[arm])
    return np.clip(np.ceil(draws), 1, measures.longest).astype(np.int64)


def _spells(
    random: np.random.Generator, person: IntArray, arm: IntArray, start: IntArray, persons: Persons, measures: Measures
) -> Spells:
    """Draw the durations of measures and leave out those that would begin after the person is gone."""
    stop = start + draw_durations(random, arm, measures) - 1
    gone = persons.last_month[person]
    stop = np.where(gone < MONTHS - 1, np.minimum(stop, gone), stop)
    keep = start <= gone
    return Spells(person[keep], arm[keep], start[keep], stop[keep], np.ones(keep.sum(), dtype=bool))


def _followers(random: np.random.Generator, first: Spells, persons: Persons, measures: Measures) -> Spells:
    """Draw the measures that follow the first ones: at most two whole months later, or long after."""
    weights = np.array([[measures.next[arm].get(other, 0.0) for other in TREATED_ARMS] for arm in TREATED_ARMS])
    follows = random.random(len(first.person)) < _by_arm(measures.followed)[first.arm] / 100
    later = ~follows & (random.random(len(first.person)) < measures.long_after)
    soon = between(random, measures.pause, len(follows))
    pause = np.where(follows, soon, measures.long_pause + random.geometric(measures.long_pause_ends, len(follows)))
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
    first, length = np.array(selection.later_months), np.diff(selection.later_months)
    offset = first[period] + (random.random(len(rows)) * length[period]).astype(np.int64)
    weights = np.array([selection.treated[arm] for arm in TREATED_ARMS]).T
    arm = choose(random, weights, group[rows])
    return _spells(random, rows, arm, persons.entry[rows] + offset, persons, parameters.measures)


def _outside_cohort(
    random: np.random.Generator, plan: Plan, leaves: Exit, persons: Persons, parameters: Parameters
) -> Spells:
    """Draw measures of persons who never enter a cohort; they change no outcome."""
    group, selection = persons.profile, parameters.selection
    chance = np.array(selection.outside)[group]
    rows = np.flatnonzero(~plan.candidate & (random.random(len(persons)) < chance))
    offset = (random.random(len(rows)) * np.minimum(leaves.offset[rows], selection.outside_within)).astype(np.int64)
    arms = np.array([_arm(name) for name in selection.outside_measures])
    arm = arms[random.integers(0, len(arms), len(rows))]
    arm = np.where(group[rows] == _STANDARD, _arm("jobbklubb"), arm)
    arm = np.where(group[rows] == _PERMANENT, _arm("annet"), arm)
    return _spells(random, rows, arm, persons.entry[rows] + offset, persons, parameters.measures)


def _earlier(random: np.random.Generator, persons: Persons, parameters: Parameters) -> Spells:
    """Draw measures of earlier registrations, inside them and from 2010 on."""
    population = parameters.population
    had = random.random(len(persons)) < population.earlier_measure
    rows = np.flatnonzero((persons.earlier_start < NEVER) & had)
    length = (persons.earlier_end - persons.earlier_start)[rows]
    start = persons.earlier_start[rows] + (random.random(len(rows)) * length).astype(np.int64)
    arms = np.array([_arm(name) for name in population.earlier_measures])
    drawn = _spells(random, rows, arms[random.integers(0, len(arms), len(rows))], start, persons, parameters.measures)
    keep = drawn.start >= REGISTERS_BEGIN
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
    count, selection = len(persons), parameters.selection
    group = persons.entry_group
    reduced = random.random(count) < reduced_at_start(plan, selection)
    before_start = 1 + (random.random(count) * np.maximum(plan.start, 1)).astype(np.int64)
    month = np.full(count, NEVER)
    target = np.full(count, _SITUATION)

    standard = plan.candidate & (group == _STANDARD)
    month[standard] = plan.switch[standard]
    target[standard & reduced] = _REDUCED

    moves = plan.candidate & (group == _SITUATION) & reduced & (plan.start > 0)
    month[moves] = before_start[moves]
    target[moves] = _REDUCED

    back = plan.candidate & (group == _REDUCED) & (random.random(count) < selection.reduced_goes_back)
    month[back] = before_start[back]
    permanent = (group == _REDUCED) & ~back & (random.random(count) < selection.reduced_to_permanent)
    month[permanent] = between(random, selection.permanent_after, count)[permanent]
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
        wait = between(random, measures.back_before, len(part.person))
        earliest = np.maximum(end[part.person] + 1, persons.entry[part.person] + WINDOW)
        starts = np.minimum(np.maximum(part.start - wait, earliest), part.start)
        back[part.person] = np.minimum(starts, end[part.person] + measures.longest_gap)
        back_end[part.person] = part.stop + random.geometric(measures.back_ends, len(part.person))

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
    first_group = persons.profile[:, None]
    month, target = _switch_month(random, plan, persons, parameters)
    groups = np.where(when < month[:, None], first_group, target[:, None]).astype(np.int8)
    registered = ((when >= entry) & (when <= end[:, None])) | ((when >= back[:, None]) & (when <= back_end[:, None]))
    groups[~registered] = -1
    before = (when >= persons.registered[:, None]) & (when < entry)
    groups = np.where(before, persons.nav_group[:, None], groups).astype(np.int8)
    once = (when >= persons.earlier_start[:, None]) & (when <= persons.earlier_end[:, None])
    standard = random.random(len(persons)) < parameters.population.earlier_standard
    groups[once] = np.where(standard, _STANDARD, _SITUATION).astype(np.int8)[np.nonzero(once)[0]]
    other = plan.treated & (plan.start > 0) & (random.random(len(persons)) < parameters.selection.other_at_start)
    rows = np.flatnonzero(other)
    groups[rows, (persons.entry + plan.start)[rows]] = _OTHER
    groups[when > persons.last_month[:, None]] = -1
    return groups
