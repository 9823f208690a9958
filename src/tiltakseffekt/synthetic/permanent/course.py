"""Who starts a permanent measure, and when it ends: one person after another, month by month."""

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tiltakseffekt.core.dice import roll
from tiltakseffekt.core.keys import NAV_GROUPS
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.synthetic.dice import die
from tiltakseffekt.synthetic.permanent.inputs import (
    MONTHS,
    PERMANENT,
    REDUCED,
    SICK,
    SITUATION,
    SYKEPENGER,
    WORKING,
    FloatArray,
    IntArray,
    Lives,
    People,
    Spells,
)
from tiltakseffekt.synthetic.permanent.parameters import Permanent, Weights

#: States of a person-month.
OUTSIDE, SHELTERED, ORDINARY, PREDECESSOR, SUBSIDY = range(5)
#: Columns of benefits before the start: as inputs, then uføretrygd in part and in full.
PART_DISABLED, FULLY_DISABLED = 5, 6
#: Months of sykepenger that count as a year (vlt_rapport line 571); chosen: they count for three years.
_SICK_YEAR: Final = 12
_SICK_COUNTS: Final = 36
_OTHER_GROUP: Final = NAV_GROUPS.index("annen_gruppe")
_WAGE_SUBSIDY: Final = 1
_VTA_BEFORE: Final = 2
#: Months for which midlertidig lønnstilskudd is remembered (vlt_rapport line 1633).
_REMEMBERED: Final = 60
#: chosen: a job that was held so many months ago can still be kept by the subsidy.
_JOB_KEPT: Final = 24
#: chosen: logarithms of the largest monthly chance of the subsidy and of VTA, so that no month is certain.
_MOST_SUBSIDY, _MOST_SHELTERED = -0.1, -0.5
#: chosen: no VTA begins in the last three years before its last age.
_LAST_YEARS: Final = 3
_DEAD: Final = -1e9


class Chances(NamedTuple):
    """Parameters of the courses as arrays; weights are logarithms."""

    subsidy_year: FloatArray
    subsidy_measure_before: FloatArray
    subsidy_measure_half_year: FloatArray
    subsidy_benefit_before: FloatArray
    subsidy_benefit_half_year: FloatArray
    subsidy_age: FloatArray
    subsidy_sex: FloatArray
    subsidy_unit: FloatArray
    subsidy_wage_subsidy_unit: FloatArray
    subsidy_kept: FloatArray  # by year: weight of keeping a job
    subsidy_sick: FloatArray  # of those, without and with a year of sykepenger
    subsidy_months: FloatArray  # by months on midlertidig lønnstilskudd before
    predecessor_year: FloatArray
    predecessor_kept: FloatArray
    sheltered_year: FloatArray
    sheltered_age: FloatArray
    sheltered_sex: FloatArray
    ordinary_year: FloatArray
    ordinary_age: FloatArray
    ordinary_sex: FloatArray
    ordinary_unit: FloatArray
    vta_benefit: FloatArray
    vta_permanent: float
    transfer: FloatArray  # by year since 2000
    exits: float
    exits_tenure: FloatArray
    exits_age: FloatArray
    exits_benefit: FloatArray
    vta_exits: FloatArray
    to_sheltered: float
    from_sheltered: float
    after: FloatArray  # VTA-S and VTA-O after the subsidy
    ages: IntArray  # youngest and oldest with the subsidy, youngest and oldest in VTA
    kept_months: int
    predecessor_older: float


class Expected(NamedTuple):
    """Expected starts by category, and months on a measure, to which `fitting` compares the targets."""

    subsidy_year: FloatArray
    subsidy_before: FloatArray
    subsidy_half_year: FloatArray
    benefit_before: FloatArray
    benefit_half_year: FloatArray
    subsidy_age: FloatArray
    subsidy_sex: FloatArray
    subsidy_unit: FloatArray
    wage_subsidy_unit: FloatArray  # (unit, with or without)
    kept: FloatArray  # (year, kept or not)
    sick: FloatArray
    months: FloatArray  # by months on midlertidig lønnstilskudd before
    predecessor_year: FloatArray
    predecessor_kept: FloatArray
    vta_year: FloatArray  # (kind, year) starts
    vta_stock: FloatArray  # (kind, year, age) in December
    vta_sex: FloatArray  # (kind, sex) months


def no_expected() -> Expected:
    """Return counts of nothing."""
    shapes = (24, 7, 7, 7, 7, 10, 2, 12, (12, 2), (24, 2), 2, 4, 24, 2, (2, 24), (2, 24, 7), (2, 2))
    return Expected._make(np.zeros(shape) for shape in shapes)


def chances(parameters: Permanent, weights: Weights) -> Chances:
    """Return parameters and weights as arrays."""
    subsidy, vta, ordinary = parameters.subsidy, parameters.vta, parameters.ordinary
    transfer = np.zeros(MONTHS // 12)
    transfer[16 : 16 + len(subsidy.transfer)] = subsidy.transfer
    arrays: dict[str, Any] = {name: np.array(values) for name, values in weights.model_dump().items()}
    with np.errstate(divide="ignore"):
        logs = [np.maximum(np.log(np.array(values, np.float64)), _DEAD) for values in (ordinary.units, vta.benefit)]
    return Chances(
        **arrays,
        ordinary_unit=logs[0],
        vta_benefit=logs[1],
        vta_permanent=float(np.log(vta.permanent)),
        transfer=transfer,
        exits=subsidy.exits,
        exits_tenure=np.array(subsidy.exits_tenure),
        exits_age=np.array(subsidy.exits_age),
        exits_benefit=np.array(subsidy.exits_benefit),
        vta_exits=np.array(vta.exits),
        to_sheltered=ordinary.to_sheltered,
        from_sheltered=ordinary.from_sheltered,
        after=np.array(subsidy.after.sheltered),
        ages=np.array([*parameters.rules.subsidy_ages, parameters.rules.youngest, parameters.rules.sheltered_last_age]),
        kept_months=subsidy.kept_months,
        predecessor_older=subsidy.predecessor_older,
    )


def allowed_from(lives: Lives, parameters: Permanent) -> IntArray:
    """Return the month from which permanent measures may touch a life.

    That is some months after the first registration; for those whom the effect sample may hold, after their follow-up.
    """
    rules = parameters.rules
    first, last = map(parse_month, rules.sample)
    registered = lives.group >= 0
    never = ~registered.any(axis=1)
    allowed = np.where(never, MONTHS, registered.argmax(axis=1) + rules.wait)
    grouped = registered & (lives.group <= PERMANENT)
    since = np.cumsum(np.pad(grouped, ((0, 0), (1, 0))), axis=1, dtype=np.int16)
    for when in range(first, last + 1):
        recent = since[:, when] - since[:, max(when - rules.washout, 0)]
        new = grouped[:, when] & (lives.group[:, when] <= REDUCED) & (recent == 0)
        allowed = np.where(new, np.maximum(allowed, when + rules.sample_wait), allowed)
    return np.asarray(allowed, np.int64)


@njit(cache=True)
def _fill(kinds: NDArray[np.int8], person: IntArray, kind: IntArray, start: IntArray, stop: IntArray) -> None:
    for spell in range(len(person)):
        for when in range(start[spell], min(stop[spell] + 1, MONTHS)):
            kinds[person[spell], when] = kind[spell]


def measures_by_month(spells: Spells, kinds: IntArray, persons: int) -> NDArray[np.int8]:
    """Return the row of Tabell 5-3 (vlt_rapport) of the main measure of each month; kinds map groups of measures."""
    result = np.zeros((persons, MONTHS), np.int8)
    main = np.asarray(spells.main)
    _fill(result, spells.person[main], kinds[spells.measure[main]], spells.start[main], spells.stop[main])
    return result


@njit(cache=True, inline="always")
def subsidy_age(years: int) -> int:
    """Return the age group of starts of the subsidy."""
    if years < 60:
        return max(0, min(years // 5 - 4, 7))
    return 8 if years < 62 else 9


@njit(cache=True, inline="always")
def vta_age(years: int) -> int:
    """Return the age group of vta_kartlegging Tabell 4."""
    if years < 20:
        return 0
    if years < 30:
        return years // 5 - 3
    return min(years // 10, 6)


@njit(cache=True, inline="always")
def _exit_age(age: int) -> int:
    years = age // 12
    if years < 30:
        return 0
    if years < 50:
        return 1
    if years < 60:
        return 2
    if years < 62:
        return 3
    if years == 62:
        return 4
    return 5 if years < 67 else 6


@njit(cache=True, inline="always")
def _received(lives: Lives, i: int, when: int) -> int:
    degree = lives.degree[i, when]
    if degree > 0:
        return FULLY_DISABLED if degree == 100 else PART_DISABLED
    return min(lives.benefit[i, when], SYKEPENGER)


@njit(cache=True, inline="always")
def _vta_tenure(months: int) -> int:
    if months < 12:
        return 0 if months < 6 else 1
    return min(1 + months // 12, 4)


@njit(cache=True, inline="always")
def _support(months: int) -> int:
    if months == 0:
        return 0
    if months <= 12:
        return 1
    return 2 if months <= 24 else 3


@njit(cache=True, inline="always")
def _tenure(months: int) -> int:
    if months < 6:
        return 0
    return 1 if months < 84 else 2


@njit(cache=True)
def _courses(
    people: People,
    lives: Lives,
    measures: NDArray[np.int8],
    allowed: IntArray,
    c: Chances,
    dice: NDArray[np.uint64],
    states: NDArray[np.int8],
    jobs: NDArray[np.int16],
    expected: Expected,
) -> None:
    """Fill the states, the subsidised job (in the start month), and the expected starts."""
    for i in range(len(people.number)):
        person, end, sex = people.number[i], min(people.gone[i], MONTHS), people.female[i]
        state, since, had, done = OUTSIDE, 0, 0, False
        last_job, last_worked, sick, last_sick, held, supported = -1, -999, 0, -999, 0, 0
        for when in range(1, end):
            before = when - 1
            # The job last held, months held without a measure up to a year ago, and the last year of sykepenger.
            if lives.work[i, before] == WORKING and state == OUTSIDE:
                if lives.job[i, before] != last_job:
                    last_job, held = lives.job[i, before], 0
                last_worked = before
            lag = when - 12
            if lag >= 0 and last_job >= 0 and lives.work[i, lag] == WORKING and lives.job[i, lag] == last_job:
                held += 1 if measures[i, lag] == 0 else 0
            supported += 1 if measures[i, before] == _WAGE_SUBSIDY else 0
            if when > _REMEMBERED:
                supported -= 1 if measures[i, before - _REMEMBERED] == _WAGE_SUBSIDY else 0
            if lives.benefit[i, before] == SYKEPENGER:
                sick += 1
                if sick >= _SICK_YEAR - 1:
                    last_sick = before
            else:
                sick = 0
            if when < allowed[i]:
                continue
            age = when - people.birth[i]
            years, year = age // 12, when // 12
            draw = roll(dice[0], person, when)
            if state >= PREDECESSOR:
                leave = (
                    c.exits
                    * c.exits_tenure[_tenure(when - since)]
                    * c.exits_age[_exit_age(age)]
                    * c.exits_benefit[1 if had > 0 else 0]
                )
                if draw < leave or years > c.ages[1]:
                    state, since = OUTSIDE, when
                    other = roll(dice[1], person, when)
                    if years < 60:
                        if other < c.after[0]:
                            state = SHELTERED
                        elif other < c.after[0] + c.after[1]:
                            state = ORDINARY
                elif state == PREDECESSOR and roll(dice[2], person, when) < c.transfer[year]:
                    state = SUBSIDY
            else:
                if state != OUTSIDE:
                    draw -= c.vta_exits[_vta_tenure(when - since)]
                    if draw < 0 or years > c.ages[3]:
                        state, since = OUTSIDE, when
                        draw = 1.0
                    elif state == SHELTERED and roll(dice[1], person, when) < c.from_sheltered:
                        state, since = ORDINARY, when
                        draw = 1.0
                    elif state == ORDINARY and roll(dice[1], person, when) < c.to_sheltered:
                        state, since = SHELTERED, when
                        draw = 1.0
                group = lives.group[i, before]
                now = _received(lives, i, before)
                in_vta = state != OUTSIDE
                if in_vta:
                    now = FULLY_DISABLED
                # The wage subsidy.
                may = group in (REDUCED, PERMANENT, SICK, _OTHER_GROUP) or in_vta
                if may and not done and draw < 1.0 and c.ages[0] <= years < c.ages[1]:
                    keeps = held >= c.kept_months and when - last_worked <= _JOB_KEPT and not in_vta
                    rested = 1 if when - last_sick <= _SICK_COUNTS else 0
                    plain = c.subsidy_age[subsidy_age(years)] + c.subsidy_sex[sex]
                    if year < 16:
                        kept = 1 if keeps else 0
                        older = c.predecessor_older * (subsidy_age(years) - 5)
                        chance = np.exp(c.predecessor_year[year] + plain + older + c.predecessor_kept[kept])
                        expected.predecessor_year[year] += chance
                        expected.predecessor_kept[kept] += chance
                        started = PREDECESSOR
                    else:
                        half = max(when - 6, 0)
                        m1 = _VTA_BEFORE if in_vta else measures[i, before]
                        m6 = measures[i, half]
                        if SHELTERED <= states[i, half] <= ORDINARY:
                            m6 = _VTA_BEFORE
                        b6 = _received(lives, i, half)
                        unit = people.unit[i]
                        on = 1 if m6 == _WAGE_SUBSIDY else 0
                        weight = c.subsidy_year[year] + plain + c.subsidy_unit[unit]
                        months = _support(supported)
                        weight += c.subsidy_months[months]
                        weight += c.subsidy_measure_before[m1] + c.subsidy_measure_half_year[m6]
                        weight += c.subsidy_benefit_before[now] + c.subsidy_benefit_half_year[b6]
                        if on == 1:
                            weight += c.subsidy_wage_subsidy_unit[unit]
                        if keeps:
                            weight += c.subsidy_kept[year] + c.subsidy_sick[rested]
                        chance = np.exp(min(weight, _MOST_SUBSIDY))
                        expected.subsidy_year[year] += chance
                        expected.subsidy_before[m1] += chance
                        expected.subsidy_half_year[m6] += chance
                        expected.benefit_before[now] += chance
                        expected.benefit_half_year[b6] += chance
                        expected.subsidy_age[subsidy_age(years)] += chance
                        expected.subsidy_sex[sex] += chance
                        expected.subsidy_unit[unit] += chance
                        expected.wage_subsidy_unit[unit, on] += chance
                        expected.months[months] += chance
                        expected.kept[year, 1 if keeps else 0] += chance
                        if keeps:
                            expected.sick[rested] += chance
                        started = SUBSIDY
                    if draw < chance:
                        state, since, had, done = started, when, now, True
                        follows = measures[i, before] == _WAGE_SUBSIDY and lives.work[i, before] == WORKING
                        jobs[i, when] = last_job if keeps or follows else when
                        draw = 1.0
                    else:
                        draw -= chance
                # VTA.
                disabled = lives.degree[i, before] == 100
                may = group in (PERMANENT, REDUCED) or (group == SITUATION and disabled)
                if state == OUTSIDE and may and draw < 1.0 and c.ages[2] <= years < c.ages[3] - _LAST_YEARS:
                    kind = 0 if now == 0 else (2 if now == 1 else (3 if now == 5 else (4 if now == 6 else 1)))
                    plain = c.vta_benefit[kind] + (c.vta_permanent if group == PERMANENT else 0.0)
                    bracket = vta_age(years)
                    for arrangement in range(2):
                        if arrangement == 0:
                            weight = c.sheltered_year[year] + c.sheltered_age[bracket] + c.sheltered_sex[sex]
                        else:
                            weight = c.ordinary_year[year] + c.ordinary_age[bracket] + c.ordinary_sex[sex]
                            weight += c.ordinary_unit[people.unit[i]]
                        chance = np.exp(min(weight + plain, _MOST_SHELTERED))
                        expected.vta_year[arrangement, year] += chance
                        if state == OUTSIDE:
                            if 0 <= draw < chance:
                                state, since = SHELTERED + arrangement, when
                            draw -= chance
            states[i, when] = state
            if SHELTERED <= state <= ORDINARY:
                expected.vta_sex[state - 1, sex] += 1
                if when % 12 == 11:
                    expected.vta_stock[state - 1, year, vta_age(years)] += 1


def draw_courses(
    seed: int, people: People, lives: Lives, spells: Spells, kinds: IntArray, parameters: Permanent, weights: Weights
) -> tuple[NDArray[np.int8], NDArray[np.int16], Expected]:
    """Return the state of each person-month, the job in the months in which a subsidy starts, and expected starts."""
    shape = lives.group.shape
    states, jobs, expected = np.zeros(shape, np.int8), np.full(shape, -1, np.int16), no_expected()
    dice = np.array([die(seed, "permanent", use) for use in ("course", "move", "transfer")])
    measures = measures_by_month(spells, kinds, shape[0])
    _courses(
        people,
        lives,
        measures,
        allowed_from(lives, parameters),
        chances(parameters, weights),
        dice,
        states,
        jobs,
        expected,
    )
    return states, jobs, expected


def runs(states: NDArray[np.int8]) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return person, state, first and last month of each stay in one state other than `OUTSIDE`."""
    edge = np.ones((states.shape[0], 1), bool)
    begins = np.hstack([edge, states[:, 1:] != states[:, :-1]]) & (states != OUTSIDE)
    ends = np.hstack([states[:, 1:] != states[:, :-1], edge]) & (states != OUTSIDE)
    person, start = np.nonzero(begins)
    _, stop = np.nonzero(ends)
    return person, states[person, start].astype(np.int64), start, stop
