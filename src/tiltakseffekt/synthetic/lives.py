"""Lives month by month: work, registration at NAV, measures and benefits of one person after another.

Two lives run side by side. The *life without measures* (`W0`) has jobs that are found and lost at rates that depend on
the covariates, the group and time since registration, the season, the business cycle and what came before; nothing in
it depends on measures. The *life as lived* is the same life moved by the measure that was started: with a probability
that gives the planted effect of the month, a person without work is in work, or the other way round. Registration,
measures and benefits follow the life as lived.

A person who is to start a measure in a month is still registered in it: a course of events in which she leaves
before is drawn again, until she stays (`TRIES`). Those who start are thus, given the covariates, like anybody who is
registered in that month, and the arm is independent of all potential outcomes given covariates and month, whatever
the dynamics.

Functions are compiled; the state of a person is an array of integers, indexed by the names of `state`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tiltakseffekt.core.dice import roll
from tiltakseffekt.synthetic import state as at
from tiltakseffekt.synthetic import uses as use
from tiltakseffekt.synthetic.measures import live_measures, write_chances
from tiltakseffekt.synthetic.registration import (
    benefit_before,
    grant_disability,
    leaves_register,
    record_month,
    register_or_move,
)
from tiltakseffekt.synthetic.rulebook import (
    FOLLOW,
    NEVER,
    NO_BENEFIT,
    PERMANENT,
    REDUCED,
    SITUATION,
    STANDARD,
    TRIES,
    WINDOW,
    Episodes,
    FloatArray,
    IntArray,
    Kind,
    Life,
    Person,
    Rules,
    Scene,
)
from tiltakseffekt.synthetic.work import (
    age_group,
    live_history,
    measured_work,
    picked,
    small_wage,
    wage_of,
    work_as_lived,
    work_under,
    work_without,
    years_at,
)

# How `_advance` ends.
_END, _EPISODE_BEGINS, _LEFT_EARLY = range(3)


@njit(cache=True)
def _advance(s: IntArray, month: int, end: int, w: Scene, fresh: bool) -> tuple[int, int]:
    """Live from a month on, until a new episode begins (unless `fresh`), the end, or leaving before a start.

    Returns
    -------
    tuple
        How it ended, and the month reached.
    """
    p, rules, life = w.p, w.rules, w.life
    while month < end:
        if month > p.last_month:
            return _END, end
        years = years_at(month, p)
        if fresh:
            fresh = False
        else:
            work_without(s, month, years, p, rules)
            work_as_lived(s, month, years, p, rules, life)
            if register_or_move(s, month, years, p, rules, life):
                return _EPISODE_BEGINS, month
        w.shadow[month] = s[at.W0]
        live_measures(s, month, w)
        grant_disability(s, month, years, p, rules)
        record_month(s, month, years, p, rules, life)
        if s[at.GROUP] >= 0 and leaves_register(s, month, years, p, rules):
            if month < s[at.LOCK]:
                return _LEFT_EARLY, month
            s[at.GROUP], s[at.BENEFIT], s[at.STARTS] = -1, NO_BENEFIT, 0
        month += 1
    return _END, end


@njit(cache=True)
def _plan(s: IntArray, month: int, w: Scene, chances: FloatArray) -> tuple[bool, int, int, int]:
    """Begin an episode; return whether the person is a candidate, the planned arm (-1 none), start, months worked."""
    p, rules = w.p, w.rules
    person, group = p.number, s[at.GROUP]
    category, worked = measured_work(w.life, month)
    s[at.REGIME], s[at.EPISODE], s[at.CATEGORY] = group, month, category
    s[at.CLEAN_STANDARD], s[at.PLANNED], s[at.ACT], s[at.DRAW] = 0, 0, -1, 0
    s[at.W0], s[at.W0_SINCE] = s[at.W], s[at.W_SINCE]
    s[at.LOCK], s[at.SWITCH_AT] = 0, NEVER
    chances[:] = 0.0
    if group > REDUCED:
        return False, -1, 0, worked
    s[at.PLANNED] = 1
    if group == STANDARD:
        share = rules.switches[category] * rules.switches_age[age_group(years_at(month, p))]
        if roll(rules.dice[use.PLAN], person, month) >= share:
            s[at.CLEAN_STANDARD] = 1
            return False, -1, 0, worked
    write_chances(s, month, worked, p, rules, chances)
    arm = _drawn_arm(chances, roll(rules.dice[use.ARM], person, month))
    start = picked(rules.start[group].cumsum(), roll(rules.dice[use.WHEN], person, month))
    if group == STANDARD:
        start = max(start, 1)
        _plan_switch(s, month, arm, start, p, rules)
    if group < REDUCED and roll(rules.dice[use.SWITCH], person, month + 256) < rules.reduced[arm]:
        s[at.SWITCH_TO] = REDUCED
        if group == SITUATION:
            s[at.SWITCH_AT] = (
                month + 1 + int(roll(rules.dice[use.SWITCH], person, month + 768) * start) if start > 0 else NEVER
            )
    return True, arm, start, worked


@njit(cache=True)
def _drawn_arm(chances: FloatArray, draw: float) -> int:
    """Return the arm that is drawn; -1 for none, whose chance stands last."""
    for arm in range(len(chances) - 1):
        draw -= chances[arm]
        if draw < 0:
            return arm
    return -1


@njit(cache=True)
def _plan_switch(s: IntArray, month: int, arm: int, start: int, p: Person, rules: Rules) -> None:
    """Plan the change of group of one who registers in standardinnsats and is to start a measure."""
    early = roll(rules.dice[use.SWITCH], p.number, month) ** rules.switch_power
    s[at.SWITCH_AT], s[at.SWITCH_TO] = month + 1 + int(early * start), SITUATION
    if s[at.SWITCH_AT] > month + start:
        s[at.SWITCH_AT] = month + start
    if arm == rules.jobbklubb and roll(rules.dice[use.SWITCH], p.number, month + 512) < rules.jobbklubb_first:
        s[at.SWITCH_AT] = min(month + start + 1 + int(early * 2), month + WINDOW)


@njit(cache=True)
def _commit(s: IntArray, month: int, begins: int, arm: int, w: Scene) -> int:
    """Plan a measure in the first course of events in which the person is still registered; return draws before it.

    After `TRIES` draws the person does without the plan.
    """
    if arm < 0:
        return 0
    kept = s.copy()
    end = min(begins, len(w.life))
    for attempt in range(TRIES):
        s[at.DRAW], s[at.LOCK] = attempt, begins
        how, _ = _advance(s, month, end, w, True)
        s[:] = kept
        s[at.DRAW] = attempt
        if how != _LEFT_EARLY:
            s[at.LOCK], s[at.NEXT], s[at.NEXT_AT] = begins, arm, begins
            return attempt
    return TRIES


@njit(cache=True)
def _run(s: IntArray, month: int, end: int, w: Scene, chances: FloatArray, fresh: bool) -> None:
    """Live to the end with whatever episodes come on the way."""
    how, month = _advance(s, month, end, w, fresh)
    while how == _EPISODE_BEGINS:
        _, arm, start, _ = _plan(s, month, w, chances)
        _commit(s, month, month + start, arm, w)
        how, month = _advance(s, month, end, w, True)


@njit(cache=True)
def _note(place: int, column: int, begins: int, w: Scene, episodes: Episodes) -> None:
    """Write the outcomes of a life from a start on."""
    for k in range(1, min(FOLLOW, w.p.last_month - begins) + 1):
        month = begins + k
        if w.life[month].work == 2:
            episodes.months[place, column] |= np.uint64(1) << np.uint64(k - 1)
        episodes.wages[place, column, (k - 1) // 12] += np.rint(w.life[month].wage / w.rules.prices[month])


@njit(cache=True)
def _note_moved(place: int, begins: int, kind: Kind, w: Scene, episodes: Episodes) -> None:
    """Write outcomes under each arm for a person who has left: the life without measures, moved by the arm."""
    p, rules = w.p, w.rules
    luck = roll(rules.dice[use.MOVED], p.number, begins)
    for k in range(1, min(FOLLOW, p.last_month - begins) + 1):
        month = begins + k
        if roll(rules.dice[use.RENEW], p.number, month) < rules.renew:
            luck = roll(rules.dice[use.MOVED], p.number, month)
        years = years_at(month, p)
        small = small_wage(month, p, rules)
        for arm in range(episodes.months.shape[1] - 1):
            work = work_under(arm, k, w.shadow[month], luck, kind, p, rules)
            wage = small
            if work == 1 and 18 <= years < 72:
                episodes.months[place, arm + 1] |= np.uint64(1) << np.uint64(k - 1)
                wage = wage_of(month, rules.pay_factor[arm, k], p, rules)
            episodes.wages[place, arm + 1, (k - 1) // 12] += np.rint(wage / rules.prices[month])


@njit(cache=True)
def _potential(
    place: int, month: int, begins: int, s: IntArray, w: Scene, chances: FloatArray, episodes: Episodes
) -> None:
    """Live on from a registration without its measure, and with each one instead, all with the same luck."""
    episodes.months[place, :] = 0
    episodes.wages[place, :, :] = 0.0
    kind = Kind(s[at.REGIME], s[at.CATEGORY])
    stop = min(begins + FOLLOW + 1, len(w.life))
    s[at.NEXT] = -1
    _advance(s, month, begins, w, True)
    if begins > w.p.last_month:
        return
    fresh = begins == month
    ready = s.copy()
    _run(s, begins, stop, w, chances, fresh)
    _note(place, 0, begins, w, episodes)
    if w.life[begins].group < 0:
        _note_moved(place, begins, kind, w, episodes)
        return
    for arm in range(episodes.months.shape[1] - 1):
        s[:] = ready
        s[at.LOCK], s[at.NEXT], s[at.NEXT_AT] = begins, arm, begins
        _run(s, begins, stop, w, chances, fresh)
        _note(place, arm + 1, begins, w, episodes)


@njit(cache=True)
def _enter(s: IntArray, used: int, p: Person, rules: Rules, life: Life) -> None:
    """Set the state of a person at the first registration, after the history before it."""
    entry = p.entry
    s[:] = 0
    s[at.USED] = used
    s[at.GROUP], s[at.PREVIOUS], s[at.REGISTERED] = p.entry_group, p.entry_group, entry
    s[at.LAST_REGISTERED] = s[at.LAST_MEASURE] = -NEVER
    s[at.W] = 1 if life[entry].work == 2 else 0
    since = entry
    while since > p.first_month and (life[since - 1].work == 2) == (s[at.W] == 1):
        since -= 1
    s[at.W_SINCE], s[at.JOB] = since, life[entry].job
    s[at.MEASURE] = s[at.NEXT] = s[at.ACT] = s[at.COURSE_END] = -1
    _, worked = measured_work(life, entry)
    benefit_before(s, entry, worked, p, rules, life)
    if s[at.W] == 0 and roll(rules.dice[use.DISABLED], p.number, entry + 512) < rules.disabled_before[p.entry_group]:
        s[at.DEGREE] = 100 if p.entry_group == PERMANENT else 50


@njit(cache=True)
def _write_plan(place: int, facts: tuple[int, int, int, int, int], s: IntArray, p: Person, episodes: Episodes) -> None:
    """Write who is planned to start what and when: month, start, arm, months worked, draws before."""
    month, begins, arm, worked, tries = facts
    row = episodes.facts[place]
    row[0], row[1], row[2], row[3] = p.row, month, begins, arm
    row[4], row[5], row[6], row[7] = s[at.REGIME], s[at.CATEGORY], worked, tries


@njit(cache=True)
def live(
    people: NDArray[np.void],
    law: NDArray[np.void],
    lives: NDArray[np.void],
    spells: NDArray[np.int32],
    episodes: Episodes,
    followed_to: int,
) -> tuple[int, int]:
    """Simulate persons, one after another.

    Parameters
    ----------
    people
        Persons: records with the fields of `Person`.
    law
        One record with the fields of `Rules`.
    lives
        Where lives are written: months of `LIFE`, by ``row`` of the person.
    spells
        Where measures are written: person (row), measure, start, stop, whether it is the main measure.
    episodes
        Where planned first measures and potential outcomes are written.
    followed_to
        Last month in which outcomes are known; episodes whose follow-up ends later are not written.

    Returns
    -------
    tuple
        How many spells and episodes were written.
    """
    rules = law[0]
    arms = rules.odds_group.shape[0]
    end = lives.shape[1]
    shadow = np.zeros(end, dtype=np.uint8)
    weights = np.zeros(arms)
    chances = np.zeros(arms + 1)
    s = np.zeros(at.SIZE, dtype=np.int64)
    kept = np.zeros(at.SIZE, dtype=np.int64)
    used, written = 0, 0
    for place in range(len(people)):
        p = people[place]
        w = Scene(p, rules, lives[p.row], shadow, spells, weights)
        live_history(p, rules, w.life)
        _enter(s, used, p, rules, w.life)
        month, how = p.entry, _EPISODE_BEGINS
        while how == _EPISODE_BEGINS:
            candidate, arm, start, worked = _plan(s, month, w, chances)
            begins = month + start
            planned = candidate and begins + FOLLOW <= followed_to
            if planned:
                if written == len(episodes.months):
                    raise IndexError("there is no room for more planned registrations")
                episodes.chances[written] = chances
            tries = _commit(s, month, begins, arm, w)
            if planned:
                _write_plan(written, (month, begins, arm, worked, tries), s, p, episodes)
                kept[:] = s
                _potential(written, month, begins, s, w, chances, episodes)
                s[:] = kept
                written += 1
            how, month = _advance(s, month, end, w, True)
        used = s[at.USED]
    return used, written
