"""Work month by month: before the first registration, without measures, and as lived."""

import numpy as np
from numba import njit

from tiltakseffekt.core.dice import roll
from tiltakseffekt.synthetic import state as at
from tiltakseffekt.synthetic import uses as use
from tiltakseffekt.synthetic.rulebook import FloatArray, IntArray, Kind, Life, Person, Rules


@njit(cache=True, inline="always")
def age_group(age: int) -> int:
    """Return the index of the age group of an age in years."""
    if age < 20:
        return 0
    return min(age // 10 - 1, 5)


@njit(cache=True, inline="always")
def years_at(month: int, p: Person) -> int:
    """Return the age in years that a person reaches in the year of a month."""
    return month // 12 - p.birth // 12


@njit(cache=True, inline="always")
def moment_of(s: IntArray, month: int) -> int:
    """Return when a die is thrown: the month, in the course of events that is drawn."""
    return month + (s[at.DRAW] << 10)


@njit(cache=True, inline="always")
def band(value: int, first: int, second: int, third: int) -> int:
    """Return 0 to 3: under the first limit, the second, the third, or not."""
    if value < first:
        return 0
    if value < second:
        return 1
    return 2 if value < third else 3


@njit(cache=True)
def picked(cumulative: FloatArray, draw: float) -> int:
    """Return the index at which cumulative weights pass the draw times their sum."""
    wanted = draw * cumulative[-1]
    for place in range(len(cumulative)):
        if wanted < cumulative[place]:
            return place
    return len(cumulative) - 1


@njit(cache=True)
def wage_of(month: int, factor: float, p: Person, rules: Rules) -> float:
    """Return whole kroner of a month in work: the person's level, the month's luck, prices, and a floor."""
    luck = 0.90 + 0.20 * roll(rules.dice[use.PAY], p.number, month)
    return max(np.rint(p.pay * luck * factor * rules.prices[month]), rules.least[month])


@njit(cache=True)
def small_wage(month: int, p: Person, rules: Rules) -> float:
    """Return whole kroner of a small job, which does not count as work, in a month without work; zero for most."""
    person = p.number
    if month // 12 - p.birth // 12 < 16 or roll(rules.dice[use.SMALL], person, 0) >= rules.small[0]:
        return 0.0
    draw = roll(rules.dice[use.SMALL], person, month + 512)
    if draw >= rules.small[1]:
        return 0.0
    return np.rint(rules.least[month] * (0.1 + 0.6 * draw / rules.small[1]))


@njit(cache=True)
def _category_at_entry(p: Person, rules: Rules, youngest: int) -> int:
    """Return the ledighetskategori of Tabell 2-2 that is drawn for the month of entry."""
    draw = roll(rules.dice[use.CATEGORY], p.number, 0)
    shares = rules.work_at_entry[p.entry_group]
    category = 0 if draw < shares[0] else (1 if draw < shares[0] + shares[1] else 2)
    if p.entry < youngest:
        return 2
    return 2 if category == 1 and p.entry - 1 < youngest else category


@njit(cache=True)
def live_history(p: Person, rules: Rules, life: Life) -> None:
    """Fill work up to the month of entry, going back in time from the category of Tabell 2-2 that is drawn for it."""
    person, entry, group = p.number, p.entry, p.entry_group
    youngest = max(p.birth + 18 * 12, p.first_month)
    category = _category_at_entry(p, rules, youngest)
    state = 1 if category == 0 else 0
    known = 1
    if category == 1:
        known = min(1 + int(roll(rules.dice[use.CATEGORY], person, 1) * 5), entry - youngest)
    elif category == 2:
        known = 6
    for back in range(entry - p.first_month + 1):
        month = entry - back
        if category == 1 and back == known:
            state = 1
        elif back > known or (category != 1 and back >= known):
            draw = roll(rules.dice[use.HISTORY], person, month)
            if state == 1:
                if draw < rules.job_back[group]:
                    state = 0
            elif draw < rules.gap_back[group] * np.exp(0.5 * p.index):
                state = 1
        if state == 1 and month >= youngest:
            life[month].work = 2
            life[month].wage = wage_of(month, 1.0, p, rules)
        else:
            _no_work(month, p, rules, life)
    _number_jobs(p, life)


@njit(cache=True)
def _no_work(month: int, p: Person, rules: Rules, life: Life) -> None:
    """Write a month without work, with or without a small job."""
    small = small_wage(month, p, rules)
    life[month].work = 1 if small > 0 else 0
    life[month].wage = small


@njit(cache=True)
def _number_jobs(p: Person, life: Life) -> None:
    """Write the first month of the job of each month up to the entry."""
    job = 0
    for month in range(p.first_month, p.entry + 1):
        if life[month].work == 2:
            if month == 0 or life[month - 1].work != 2:
                job = month
            life[month].job = job


@njit(cache=True)
def measured_work(life: Life, month: int) -> tuple[int, int]:
    """Return ledighetskategori (Tabell 2-2) in a month and months in work of the twelve before."""
    worked = 0
    for back in range(1, 13):
        if month - back >= 0 and life[month - back].work == 2:
            worked += 1
    if life[month].work == 2:
        return 0, worked
    for back in range(1, 6):
        if month - back >= 0 and life[month - back].work == 2:
            return 1, worked
    return 2, worked


@njit(cache=True)
def work_under(arm: int, k: int, w0: int, luck: float, kind: Kind, p: Person, rules: Rules) -> int:
    """Return work under an arm k months after its start, from work without measures and the person's own difference."""
    place = min(kind.group, 2)
    differences = rules.difference_group[arm, place], rules.difference_category[arm, kind.category]
    effect = rules.up[arm, k] + p.differences[arm] + differences[0] + differences[1]
    base = rules.base[place, kind.category, k]
    if effect >= 0:
        if w0 == 0 and luck * (1.0 - base) < effect:
            return 1
    elif w0 == 1 and luck * base < -effect:
        return 0
    return w0


@njit(cache=True)
def work_without(s: IntArray, month: int, years: int, p: Person, rules: Rules) -> None:
    """Find or lose a job in the life without measures."""
    if years < 18 or years >= 72:
        if s[at.W0] == 1:
            s[at.W0], s[at.W0_SINCE] = 0, month
        return
    tilt = p.index + rules.age_find[age_group(years)] + rules.trait_find * p.trait
    moment = moment_of(s, month)
    if s[at.W0] == 1:
        if roll(rules.dice[use.LOSE], p.number, moment) < _loses(s, month, tilt, rules) * rules.cycle_lose[month]:
            s[at.W0], s[at.W0_SINCE] = 0, month
    elif roll(rules.dice[use.FIND], p.number, moment) < _finds(s, month, tilt, rules) * rules.cycle_find[month]:
        s[at.W0], s[at.W0_SINCE] = 1, month


@njit(cache=True)
def _loses(s: IntArray, month: int, tilt: float, rules: Rules) -> float:
    """Return the probability to lose the job, before the business cycle."""
    state, since = month - s[at.W0_SINCE], month - s[at.EPISODE]
    if since <= 6 and state >= since:
        return rules.notice[s[at.REGIME]]
    return rules.lose[s[at.REGIME]] * rules.lose_tenure[band(state, 3, 12, 36)] * np.exp(-0.5 * tilt)


@njit(cache=True)
def _finds(s: IntArray, month: int, tilt: float, rules: Rules) -> float:
    """Return the probability to find a job, before the business cycle."""
    state = month - s[at.W0_SINCE]
    chance = rules.find[s[at.REGIME], s[at.CATEGORY]] * rules.find_gap[band(state, 6, 12, 24)] * np.exp(tilt)
    return chance * rules.disabled_finds if s[at.DEGREE] == 100 else chance


@njit(cache=True)
def work_as_lived(s: IntArray, month: int, years: int, p: Person, rules: Rules, life: Life) -> None:
    """Move work by the measure whose effect runs, and pay it."""
    work = s[at.W0]
    factor = 1.0
    if s[at.ACT] >= 0:
        person, arm = p.number, s[at.ACT]
        k = min(month - s[at.ACT_START], rules.up.shape[1] - 1)
        if roll(rules.dice[use.RENEW], person, month) < rules.renew:
            s[at.LUCK] = month
        luck = roll(rules.dice[use.MOVED], person, s[at.LUCK])
        work = work_under(arm, k, work, luck, Kind(s[at.REGIME], s[at.CATEGORY]), p, rules)
        factor = rules.pay_factor[arm, k]
    set_work(s, month, work if 18 <= years < 72 else 0, factor, p, rules, life)


@njit(cache=True)
def set_work(s: IntArray, month: int, work: int, factor: float, p: Person, rules: Rules, life: Life) -> None:
    """Write the work of a month."""
    if work != s[at.W]:
        s[at.W], s[at.W_SINCE] = work, month
        if work == 1:
            s[at.JOB] = month
    if work == 1:
        life[month].work = 2
        life[month].wage = wage_of(month, factor, p, rules)
        life[month].job = s[at.JOB]
    else:
        _no_work(month, p, rules, life)


@njit(cache=True)
def work_lately(s: IntArray, month: int) -> int:
    """Return 0 in work, 1 out of work for less than half a year, 2 longer."""
    if s[at.W] == 1:
        return 0
    return 1 if month - s[at.W_SINCE] < 6 else 2
