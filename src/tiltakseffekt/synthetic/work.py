"""Work month by month: before the first registration, without measures, and as lived."""

import numpy as np
from numba import njit

from tiltakseffekt.core.dice import roll
from tiltakseffekt.synthetic import state as at
from tiltakseffekt.synthetic import uses as use
from tiltakseffekt.synthetic.rulebook import FloatArray, IntArray, Life, Person, Rules


@njit(cache=True, inline="always")
def age_group(age: int) -> int:
    """Return the index of the age group of an age in years."""
    if age < 20:
        return 0
    return min(age // 10 - 1, 5)


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
def live_history(p: Person, rules: Rules, life: Life) -> None:
    """Fill work up to the month of entry, going back in time from the category of Tabell 2-2 that is drawn for it."""
    person, entry, group = p.number, p.entry, p.entry_group
    draw = roll(rules.dice[use.CATEGORY], person, 0)
    shares = rules.work_at_entry[group]
    category = 0 if draw < shares[0] else (1 if draw < shares[0] + shares[1] else 2)
    youngest = max(p.birth + 18 * 12, p.first_month)
    if entry < youngest:
        category = 2
    if category == 1 and entry - 1 < youngest:
        category = 2
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
            small = small_wage(month, p, rules)
            life[month].work = 1 if small > 0 else 0
            life[month].wage = small
    job = 0
    for month in range(p.first_month, entry + 1):
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
def work_under(arm: int, k: int, w0: int, luck: float, group: int, category: int, own: float, rules: Rules) -> int:
    """Return work under an arm k months after its start, from work without measures and the person's own difference."""
    place = min(group, 2)
    effect = rules.up[arm, k] + own + rules.difference_group[arm, place] + rules.difference_category[arm, category]
    base = rules.base[place, category, k]
    if effect >= 0:
        if w0 == 0 and luck * (1.0 - base) < effect:
            return 1
    elif w0 == 1 and luck * base < -effect:
        return 0
    return w0


@njit(cache=True)
def work_without(
    s: IntArray,
    month: int,
    moment: int,
    years: int,
    age: int,
    p: Person,
    rules: Rules,
) -> None:
    """Find or lose a job in the life without measures."""
    if years < 18 or years >= 72:
        if s[at.W0] == 1:
            s[at.W0], s[at.W0_SINCE] = 0, month
        return
    person, regime = p.number, s[at.REGIME]
    state = month - s[at.W0_SINCE]
    tilt = p.index + rules.age_find[age] + rules.trait_find * p.trait
    if s[at.W0] == 1:
        chance = rules.lose[regime] * rules.lose_tenure[band(state, 3, 12, 36)] * np.exp(-0.5 * tilt)
        since = month - s[at.EPISODE]
        if since <= 6 and state >= since:
            chance = rules.notice[regime]
        if roll(rules.dice[use.LOSE], person, moment) < chance * rules.cycle_lose[month]:
            s[at.W0], s[at.W0_SINCE] = 0, month
        return
    chance = rules.find[regime, s[at.CATEGORY]] * rules.find_gap[band(state, 6, 12, 24)] * np.exp(tilt)
    if s[at.DEGREE] == 100:
        chance *= rules.disabled_finds
    if roll(rules.dice[use.FIND], person, moment) < chance * rules.cycle_find[month]:
        s[at.W0], s[at.W0_SINCE] = 1, month


@njit(cache=True)
def work_as_lived(s: IntArray, month: int, p: Person, rules: Rules, life: Life) -> None:
    """Move work by the measure whose effect runs, and pay it."""
    work = s[at.W0]
    factor = 1.0
    if s[at.ACT] >= 0:
        person, arm = p.number, s[at.ACT]
        k = min(month - s[at.ACT_START], rules.up.shape[1] - 1)
        if roll(rules.dice[use.RENEW], person, month) < rules.renew:
            s[at.LUCK] = month
        luck = roll(rules.dice[use.MOVED], person, s[at.LUCK])
        work = work_under(arm, k, work, luck, s[at.REGIME], s[at.CATEGORY], p.differences[arm], rules)
        factor = rules.pay_factor[arm, k]
    set_work(s, month, work, factor, p, rules, life)


@njit(cache=True)
def set_work(
    s: IntArray,
    month: int,
    work: int,
    factor: float,
    p: Person,
    rules: Rules,
    life: Life,
) -> None:
    """Write the work of a month."""
    years = month // 12 - p.birth // 12
    if years < 18 or years >= 72:
        work = 0
    if work != s[at.W]:
        s[at.W], s[at.W_SINCE] = work, month
        if work == 1:
            s[at.JOB] = month
    if work == 1:
        life[month].work = 2
        life[month].wage = wage_of(month, factor, p, rules)
        life[month].job = s[at.JOB]
    else:
        small = small_wage(month, p, rules)
        life[month].work = 1 if small > 0 else 0
        life[month].wage = small


@njit(cache=True)
def work_lately(s: IntArray, month: int) -> int:
    """Return 0 in work, 1 out of work for less than half a year, 2 longer."""
    if s[at.W] == 1:
        return 0
    return 1 if month - s[at.W_SINCE] < 6 else 2
