"""Measures: the chances of a planned first one, later ones, chains, and what runs beside."""

from typing import Final

import numpy as np
from numba import njit

from tiltakseffekt.core.dice import roll
from tiltakseffekt.synthetic import state as at
from tiltakseffekt.synthetic import uses as use
from tiltakseffekt.synthetic.rulebook import (
    FOLLOW,
    OTHER,
    STANDARD,
    WINDOW,
    FloatArray,
    IntArray,
    Person,
    Rules,
    Scene,
)
from tiltakseffekt.synthetic.work import age_group, moment_of, picked, set_work, work_lately, years_at

#: chosen: a measure beside another that outlasts it does so by up to so many months.
_BESIDE_OUTLASTS_MONTHS: Final = 4
#: chosen: one that does not, covers at least this share of what is left of the other.
_BESIDE_COVERS: Final = 0.5
#: chosen: the next measure of a chain begins at once or one or two months after, the longest gap that the episodes of
#: the document bridge (effektrapport_2024 lines 1662, 2821).
_CHAIN_WAITS: Final = 3
#: chosen: a measure within so many months makes the next one likelier, as long as the history of measures reaches that
#: the analysis controls for (effektrapport_2024 line 2457); and none that is no chain begins so soon after the last.
_REMEMBERED_MONTHS: Final = 60
_PAUSE_MONTHS: Final = 3


@njit(cache=True)
def write_chances(s: IntArray, month: int, worked: int, p: Person, rules: Rules, out: FloatArray) -> None:
    """Write the probability of each arm (none last) at a registration."""
    group, category, age = s[at.GROUP], s[at.CATEGORY], age_group(years_at(month, p))
    place = p.place_after if month >= p.moved else p.place
    local = rules.local[place, month]
    arms = rules.odds_group.shape[0]
    total = 1.0
    for arm in range(arms):
        odds = (
            rules.odds_group[arm, group]
            + p.odds[arm]
            + rules.odds_age[arm, age]
            + rules.odds_category[arm, category]
            + rules.odds_worked[arm] * (worked - 6)
            + rules.odds_local[arm] * local
        )
        out[arm] = np.exp(odds) * rules.later_year[month // 12, arm]
        total += out[arm]
    for arm in range(arms):
        out[arm] /= total
    out[arms] = 1.0 / total


@njit(cache=True)
def _months_on(arm: int, group: int, age: int, draw: float, rules: Rules) -> int:
    """Return the months of a measure."""
    table = rules.length[arm]
    place = draw * (len(table) - 1)
    low = int(place)
    months = table[low] + (table[min(low + 1, len(table) - 1)] - table[low]) * (place - low)
    return max(1, int(np.ceil(months * rules.length_group[group] * rules.length_age[age])))


@njit(cache=True)
def _begin_measure(s: IntArray, month: int, arm: int, w: Scene) -> None:
    """Start a measure, and what runs beside it."""
    p, rules = w.p, w.rules
    person, year = p.number, month // 12
    if rules.later_year[year, arm] <= 0:
        return
    group = s[at.GROUP] if s[at.GROUP] >= 0 else OTHER
    age = age_group(years_at(month, p))
    stop = month + _months_on(arm, group, age, roll(rules.dice[use.LENGTH], person, month), rules) - 1
    stop = min(stop, p.last_month)
    s[at.MEASURE], s[at.STOP] = arm, stop
    s[at.PAID] = 1 if roll(rules.dice[use.BENEFIT], person, month + 512) < rules.tiltakspenger[arm] else 0
    s[at.COURSE_END] = -1
    if roll(rules.dice[use.STUDY], person, month + 512) < rules.study_measure[arm]:
        s[at.COURSE_END] = max(stop, month + rules.study_least)
    s[at.STARTS] += 1
    if s[at.ACT] < 0 or month - s[at.ACT_START] > FOLLOW:
        s[at.ACT], s[at.ACT_START], s[at.LUCK] = arm, month, month
    if s[at.USED] + 2 > len(w.spells):
        raise IndexError("there is no room for more spells")
    _write_spell(s, w, arm, month, stop, 1)
    _begin_beside(s, month, arm, stop, w)


@njit(cache=True)
def _write_spell(s: IntArray, w: Scene, measure: int, start: int, stop: int, main: int) -> None:
    spell = w.spells[s[at.USED]]
    spell[0], spell[1], spell[2], spell[3], spell[4] = w.p.row, measure, start, stop, main
    s[at.USED] += 1


@njit(cache=True)
def _begin_beside(s: IntArray, month: int, arm: int, stop: int, w: Scene) -> None:
    """Start what runs beside a measure, if anything does."""
    rules, year = w.rules, month // 12
    draw = roll(rules.dice[use.BESIDE], w.p.number, month)
    for other in range(rules.beside.shape[1]):
        chance = rules.beside[arm, other]
        runs = other >= rules.later_year.shape[1] or rules.later_year[year, other] > 0
        if draw < chance and stop > month and runs:
            last = min(_last_beside(month, stop, draw / chance, rules), w.p.last_month)
            _write_spell(s, w, other, month, last, 0)
            return
        draw -= chance
        if draw < 0:
            return


@njit(cache=True)
def _last_beside(first: int, stop: int, place: float, rules: Rules) -> int:
    """Return the last month of a measure beside another one that stops in a month."""
    if place < rules.beside_outlasts:
        return stop + 1 + int(place / rules.beside_outlasts * _BESIDE_OUTLASTS_MONTHS)
    return max(first, stop - int((1 - place) / (1 - rules.beside_outlasts) * _BESIDE_COVERS * (stop - first)))


@njit(cache=True)
def _factor(group: int, month: int, p: Person, rules: Rules, weights: FloatArray) -> float:
    """Write cumulative weights of later measures and return how much more likely than others this person starts."""
    age = age_group((month - p.birth + p.birth % 12) // 12)
    year = month // 12
    total, plain = 0.0, 0.0
    for arm in range(rules.later_arms.shape[1]):
        usual = rules.later_arms[group, arm]
        weight = usual * np.exp(rules.later_tilt * (p.odds[arm] + rules.odds_age[arm, age]))
        plain += usual
        total += weight * rules.later_year[year, arm]
        weights[arm] = total
    if plain <= 0:
        return 0.0
    return min(total / plain * rules.later_age[age] * np.exp(p.later), rules.later_cap)


@njit(cache=True, inline="always")
def live_measures(s: IntArray, month: int, w: Scene) -> None:
    """End and start measures."""
    if s[at.MEASURE] >= 0 and month > s[at.STOP]:
        _end_measure(s, month, w.p, w.rules)
    if s[at.MEASURE] < 0 and s[at.GROUP] >= 0:
        arm = _next_measure(s, month, w.p, w.rules, w.weights)
        if arm >= 0:
            _live_start(s, month, arm, w)


@njit(cache=True)
def _live_start(s: IntArray, month: int, arm: int, w: Scene) -> None:
    """Start a measure, and work in its first month where it gives that."""
    _begin_measure(s, month, arm, w)
    # Not in the month of the registration, in which work is a covariate.
    if s[at.ACT_START] == month > s[at.EPISODE] and w.rules.at_start[arm] >= 0:
        grown = 18 <= years_at(month, w.p) < 72
        work = 1 if grown and roll(w.rules.dice[use.MOVED], w.p.number, month + 512) < w.rules.at_start[arm] else 0
        set_work(s, month, work, 1.0, w.p, w.rules, w.life)


@njit(cache=True)
def _end_measure(s: IntArray, month: int, p: Person, rules: Rules) -> None:
    """End a measure after its last month, and draw what follows it."""
    last, moment = s[at.MEASURE], moment_of(s, month)
    s[at.MEASURE] = -1
    draw = roll(rules.dice[use.NEXT], p.number, moment)
    if draw < rules.followed[last] and s[at.GROUP] >= 0:
        s[at.NEXT] = picked(rules.next_arms[last], roll(rules.dice[use.NEXT_ARM], p.number, moment))
        s[at.NEXT_AT] = month + int(draw / rules.followed[last] * _CHAIN_WAITS)


@njit(cache=True)
def _next_measure(s: IntArray, month: int, p: Person, rules: Rules, weights: FloatArray) -> int:
    """Return the measure that begins in a month: one that is planned or follows, or a later one; -1 for none."""
    if s[at.NEXT] >= 0:
        if month < s[at.NEXT_AT]:
            return -1
        arm = s[at.NEXT]
        s[at.NEXT] = -1
        return arm
    if month <= s[at.LOCK]:
        return -1
    chance, moment = _chance_of_later(s, month, rules), moment_of(s, month)
    if chance <= 0:
        return -1
    if roll(rules.dice[use.START], p.number, moment) < chance * _factor(s[at.GROUP], month, p, rules, weights):
        return picked(weights, roll(rules.dice[use.LATER_ARM], p.number, moment))
    return -1


@njit(cache=True)
def _chance_of_later(s: IntArray, month: int, rules: Rules) -> float:
    """Return the probability that a measure begins that is no planned first one, for a person like others."""
    group = s[at.GROUP]
    planned = s[at.PLANNED] == 1 and month - s[at.EPISODE] < WINDOW
    if planned and not (s[at.CLEAN_STANDARD] == 1 and group == STANDARD):
        return 0.0
    if month - s[at.LAST_MEASURE] <= _PAUSE_MONTHS:
        return 0.0
    chance = rules.later[group, _spell_band(month - s[at.REGISTERED])]
    if s[at.STARTS] > 0 or month - s[at.LAST_MEASURE] < _REMEMBERED_MONTHS:
        chance = rules.later_again[group]
    return chance * rules.later_work[work_lately(s, month)]


@njit(cache=True)
def _spell_band(months: int) -> int:
    """Return the band of months registered: under 2, 6, 12, 18, 24, more."""
    if months < 2:
        return 0
    if months < 6:
        return 1
    return min(months // 6 + 1, 5)
