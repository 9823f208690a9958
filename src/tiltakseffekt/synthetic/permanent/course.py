"""Who starts a permanent measure, and when it ends: one person after another, month by month."""

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tiltakseffekt.core.dice import roll
from tiltakseffekt.core.keys import NAV_GROUPS
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.synthetic.dice import die
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.permanent.inputs import (
    MONTHS,
    PERMANENT,
    REDUCED,
    SICK,
    SITUATION,
    SYKEPENGER,
    WORKING,
    Core,
    Courses,
    FloatArray,
    IntArray,
    Lives,
    People,
    Spells,
)
from tiltakseffekt.synthetic.permanent.parameters import MEASURES_BEFORE, Permanent, Weights
from tiltakseffekt.synthetic.rulebook import packed

#: States of a person-month.
OUTSIDE, SHELTERED, ORDINARY, PREDECESSOR, SUBSIDY = range(5)
#: Columns of benefits before the start: as inputs, then uføretrygd in part and in full.
PART_DISABLED, FULLY_DISABLED = 5, 6
#: Months of sykepenger that count as a year (vlt_rapport line 571); chosen: they count for three years.
_SICK_YEAR: Final = 12
_SICK_COUNTS: Final = 36
_OTHER_GROUP: Final = NAV_GROUPS.index("annen_gruppe")
_WAGE_SUBSIDY: Final = MEASURES_BEFORE.index("midl_lonnstilskudd")
_VTA_BEFORE: Final = MEASURES_BEFORE.index("tilrettelagt_arbeid")
_FIRST_YEAR: Final = 2000
#: Years since 2000 until which the predecessor was granted.
_SUBSIDY_BEGINS: Final = 16
#: What a person has by the benefit before the start, as `parameters.HAS` counts it.
_HAS: Final = np.array([0, 2, 1, 1, 1, 3, 4])
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
    dice: NDArray[np.uint64]  # of courses, of moves between kinds, of transfers


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


def chances(seed: int, parameters: Permanent, weights: Weights) -> Chances:
    """Return parameters, weights and dice as arrays."""
    subsidy, vta, ordinary = parameters.subsidy, parameters.vta, parameters.ordinary
    transfer = np.zeros(MONTHS // 12)
    transfer[[year - _FIRST_YEAR for year in subsidy.transfer]] = array(subsidy.transfer)
    arrays: dict[str, Any] = {name: array(values) for name, values in weights.model_dump().items()}
    with np.errstate(divide="ignore"):
        logs = [np.maximum(np.log(array(values, np.float64)), _DEAD) for values in (ordinary.units, vta.benefit)]
    return Chances(
        **arrays,
        ordinary_unit=logs[0],
        vta_benefit=logs[1],
        vta_permanent=float(np.log(vta.permanent)),
        transfer=transfer,
        exits=subsidy.exits,
        exits_tenure=array(subsidy.exits_tenure),
        exits_age=array(subsidy.exits_age),
        exits_benefit=array(subsidy.exits_benefit),
        vta_exits=array(vta.exits),
        to_sheltered=ordinary.to_sheltered,
        from_sheltered=ordinary.from_sheltered,
        after=array(subsidy.after.sheltered),
        ages=np.array([*parameters.rules.subsidy_ages, parameters.rules.youngest, parameters.rules.sheltered_last_age]),
        kept_months=subsidy.kept_months,
        predecessor_older=subsidy.predecessor_older,
        dice=np.array([die(seed, "permanent", use) for use in ("course", "move", "transfer")]),
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


class _Given(NamedTuple):
    """Persons, what is known of them by month, and what is written."""

    people: People
    lives: Lives
    measures: NDArray[np.int8]  # row of Tabell 5-3 (vlt_rapport)
    allowed: IntArray  # first month that may be touched
    states: NDArray[np.int8]
    jobs: NDArray[np.int16]  # subsidised ones, in their first month


class _Case(NamedTuple):
    """What moves the chance of a start with the subsidy: indices of its weights."""

    year: int
    age: int
    sex: int
    unit: int
    measure: int  # of the month before
    measure_half_year: int
    benefit: int
    benefit_half_year: int
    on_subsidy: int  # whether on midlertidig lønnstilskudd half a year before
    months: int  # on it before
    keeps: int  # whether a job is kept
    rested: int  # whether after a year of sykepenger


# The memory of a person while the months are gone through: an array of integers, and the index of each entry.
(
    _STATE,
    _SINCE,  # first month of the state
    _HAD,  # benefit before the subsidy
    _DONE,  # whether the subsidy has been had
    _JOB,  # first month of the job last held, -1 none
    _WORKED,  # last month in it
    _SICK_FOR,  # months of sykepenger without a break
    _SICK_LAST,  # last month of a year of it
    _HELD,  # months in the job without a measure, up to a year ago
    _SUPPORTED,  # months on midlertidig lønnstilskudd that are remembered
) = range(10)
_LONG_AGO: Final = -999


@njit(cache=True)
def _courses(given: _Given, law: NDArray[np.void], counts: NDArray[np.void]) -> None:
    """Fill the states, the subsidised job (in the start month), and the expected starts.

    Parameters
    ----------
    given
        Persons, and where states and jobs are written.
    law
        One record with the fields of `Chances`.
    counts
        One record with the fields of `Expected`.
    """
    c, expected = law[0], counts[0]
    s = np.zeros(10, np.int64)
    for i in range(len(given.people.number)):
        s[:] = 0
        s[_STATE], s[_JOB], s[_WORKED], s[_SICK_LAST] = OUTSIDE, -1, _LONG_AGO, _LONG_AGO
        person, birth = given.people.number[i], given.people.birth[i]
        for when in range(1, min(given.people.gone[i], MONTHS)):
            _remember(s, i, when, given)
            if when < given.allowed[i]:
                continue
            draw, age = roll(c.dice[0], person, when), when - birth
            if s[_STATE] >= PREDECESSOR:
                _leave_subsidy(s, person, age, when, draw, c)
            else:
                if s[_STATE] != OUTSIDE:
                    draw = _leave_vta(s, person, age, when, draw, c)
                if draw < 1.0 and _may_start_subsidy(s, given.lives.group[i, when - 1], age // 12, c):
                    draw = _start_subsidy(s, i, when, draw, given, c, expected)
                if draw < 1.0 and _may_start_vta(s, i, when, given.lives, age // 12, c):
                    _start_vta(s, i, when, draw, given, c, expected)
            given.states[i, when] = s[_STATE]
            if SHELTERED <= s[_STATE] <= ORDINARY:
                _count_vta(s[_STATE] - SHELTERED, given.people.female[i], when, age // 12, expected)


@njit(cache=True)
def _count_vta(kind: int, sex: int, when: int, years: int, expected: Expected) -> None:
    """Add a month in VTA to what is expected, and to the stock in December."""
    expected.vta_sex[kind, sex] += 1
    if when % 12 == 11:
        expected.vta_stock[kind, when // 12, vta_age(years)] += 1


@njit(cache=True, inline="always")
def _remember(s: IntArray, i: int, when: int, given: _Given) -> None:
    """Take in the month before: the job last held, support, and the last year of sykepenger."""
    lives, measures, before = given.lives, given.measures, when - 1
    if lives.work[i, before] == WORKING and s[_STATE] == OUTSIDE:
        if lives.job[i, before] != s[_JOB]:
            s[_JOB], s[_HELD] = lives.job[i, before], 0
        s[_WORKED] = before
    lag = when - 12
    if lag >= 0 and s[_JOB] >= 0 and lives.work[i, lag] == WORKING and lives.job[i, lag] == s[_JOB]:
        s[_HELD] += 1 if measures[i, lag] == 0 else 0
    s[_SUPPORTED] += 1 if measures[i, before] == _WAGE_SUBSIDY else 0
    if when > _REMEMBERED:
        s[_SUPPORTED] -= 1 if measures[i, before - _REMEMBERED] == _WAGE_SUBSIDY else 0
    if lives.benefit[i, before] == SYKEPENGER:
        s[_SICK_FOR] += 1
        if s[_SICK_FOR] >= _SICK_YEAR - 1:
            s[_SICK_LAST] = before
    else:
        s[_SICK_FOR] = 0


@njit(cache=True)
def _leave_subsidy(s: IntArray, person: int, age: int, when: int, draw: float, c: Chances) -> None:
    """Leave the subsidy, perhaps for VTA; or pass from the predecessor to it."""
    years = age // 12
    leave = (
        c.exits
        * c.exits_tenure[_tenure(when - s[_SINCE])]
        * c.exits_age[_exit_age(age)]
        * c.exits_benefit[1 if s[_HAD] > 0 else 0]
    )
    if draw < leave or years > c.ages[1]:
        s[_STATE], s[_SINCE] = OUTSIDE, when
        other = roll(c.dice[1], person, when)
        if years < 60:
            if other < c.after[0]:
                s[_STATE] = SHELTERED
            elif other < c.after[0] + c.after[1]:
                s[_STATE] = ORDINARY
    elif s[_STATE] == PREDECESSOR and roll(c.dice[2], person, when) < c.transfer[when // 12]:
        s[_STATE] = SUBSIDY


@njit(cache=True)
def _leave_vta(s: IntArray, person: int, age: int, when: int, draw: float, c: Chances) -> float:
    """Leave VTA or change its kind; return what is left of the draw, 1 if it is spent."""
    state = s[_STATE]
    draw -= c.vta_exits[_vta_tenure(when - s[_SINCE])]
    if draw < 0 or age // 12 > c.ages[3]:
        s[_STATE], s[_SINCE] = OUTSIDE, when
        return 1.0
    if state == SHELTERED and roll(c.dice[1], person, when) < c.from_sheltered:
        s[_STATE], s[_SINCE] = ORDINARY, when
        return 1.0
    if state == ORDINARY and roll(c.dice[1], person, when) < c.to_sheltered:
        s[_STATE], s[_SINCE] = SHELTERED, when
        return 1.0
    return draw


@njit(cache=True, inline="always")
def _may_start_subsidy(s: IntArray, group: int, years: int, c: Chances) -> bool:
    """Return whether a person of a group and age may start with the subsidy."""
    may = group in (REDUCED, PERMANENT, SICK, _OTHER_GROUP) or s[_STATE] != OUTSIDE
    return may and s[_DONE] == 0 and c.ages[0] <= years < c.ages[1]


@njit(cache=True)
def _start_subsidy(s: IntArray, i: int, when: int, draw: float, given: _Given, c: Chances, expected: Expected) -> float:
    """Start the subsidy or its predecessor, perhaps; return what is left of the draw, 1 if it is spent."""
    case = _case(s, i, when, given, c)
    if case.year < _SUBSIDY_BEGINS:
        started, chance = PREDECESSOR, _chance_of_predecessor(case, c, expected)
    else:
        started, chance = SUBSIDY, _chance_of_subsidy(case, c)
        _expect(case, chance, expected)
    if draw >= chance:
        return draw - chance
    s[_STATE], s[_SINCE], s[_HAD], s[_DONE] = started, when, case.benefit, 1
    follows = given.measures[i, when - 1] == _WAGE_SUBSIDY and given.lives.work[i, when - 1] == WORKING
    given.jobs[i, when] = s[_JOB] if case.keeps == 1 or follows else when
    return 1.0


@njit(cache=True, inline="always")
def _case(s: IntArray, i: int, when: int, given: _Given, c: Chances) -> _Case:
    """Return what moves the chance of a start in a month."""
    people, measures, states = given.people, given.measures, given.states
    before, half, in_vta = when - 1, max(when - 6, 0), s[_STATE] != OUTSIDE
    keeps = s[_HELD] >= c.kept_months and when - s[_WORKED] <= _JOB_KEPT and not in_vta
    half_year = _VTA_BEFORE if SHELTERED <= states[i, half] <= ORDINARY else measures[i, half]
    return _Case(
        year=when // 12,
        age=subsidy_age((when - people.birth[i]) // 12),
        sex=int(people.female[i]),
        unit=people.unit[i],
        measure=_VTA_BEFORE if in_vta else int(measures[i, before]),
        measure_half_year=int(half_year),
        benefit=FULLY_DISABLED if in_vta else _received(given.lives, i, before),
        benefit_half_year=_received(given.lives, i, half),
        on_subsidy=1 if half_year == _WAGE_SUBSIDY else 0,
        months=_support(s[_SUPPORTED]),
        keeps=1 if keeps else 0,
        rested=1 if when - s[_SICK_LAST] <= _SICK_COUNTS else 0,
    )


@njit(cache=True)
def _chance_of_predecessor(case: _Case, c: Chances, expected: Expected) -> float:
    """Return the probability to start with the predecessor, and add it to what is expected."""
    plain = c.subsidy_age[case.age] + c.subsidy_sex[case.sex]
    older = c.predecessor_older * (case.age - 5)
    chance = np.exp(c.predecessor_year[case.year] + plain + older + c.predecessor_kept[case.keeps])
    expected.predecessor_year[case.year] += chance
    expected.predecessor_kept[case.keeps] += chance
    return chance


@njit(cache=True)
def _chance_of_subsidy(case: _Case, c: Chances) -> float:
    """Return the probability to start with the subsidy."""
    plain = c.subsidy_age[case.age] + c.subsidy_sex[case.sex]
    weight = c.subsidy_year[case.year] + plain + c.subsidy_unit[case.unit]
    weight += c.subsidy_months[case.months]
    weight += c.subsidy_measure_before[case.measure] + c.subsidy_measure_half_year[case.measure_half_year]
    weight += c.subsidy_benefit_before[case.benefit] + c.subsidy_benefit_half_year[case.benefit_half_year]
    if case.on_subsidy == 1:
        weight += c.subsidy_wage_subsidy_unit[case.unit]
    if case.keeps == 1:
        weight += c.subsidy_kept[case.year] + c.subsidy_sick[case.rested]
    return np.exp(min(weight, _MOST_SUBSIDY))


@njit(cache=True)
def _expect(case: _Case, chance: float, expected: Expected) -> None:
    """Add a probability to start with the subsidy to what is expected, by all that moves it."""
    expected.subsidy_year[case.year] += chance
    expected.subsidy_before[case.measure] += chance
    expected.subsidy_half_year[case.measure_half_year] += chance
    expected.benefit_before[case.benefit] += chance
    expected.benefit_half_year[case.benefit_half_year] += chance
    expected.subsidy_age[case.age] += chance
    expected.subsidy_sex[case.sex] += chance
    expected.subsidy_unit[case.unit] += chance
    expected.wage_subsidy_unit[case.unit, case.on_subsidy] += chance
    expected.months[case.months] += chance
    expected.kept[case.year, case.keeps] += chance
    if case.keeps == 1:
        expected.sick[case.rested] += chance


@njit(cache=True, inline="always")
def _may_start_vta(s: IntArray, i: int, when: int, lives: Lives, years: int, c: Chances) -> bool:
    """Return whether a person may start VTA."""
    group = lives.group[i, when - 1]
    may = group in (PERMANENT, REDUCED) or (group == SITUATION and lives.degree[i, when - 1] == 100)
    return may and s[_STATE] == OUTSIDE and c.ages[2] <= years < c.ages[3] - _LAST_YEARS


@njit(cache=True)
def _start_vta(s: IntArray, i: int, when: int, draw: float, given: _Given, c: Chances, expected: Expected) -> None:
    """Start VTA, perhaps: in a sheltered firm or in an ordinary one."""
    lives, before = given.lives, when - 1
    permanent = c.vta_permanent if lives.group[i, before] == PERMANENT else 0.0
    plain = c.vta_benefit[_HAS[_received(lives, i, before)]] + permanent
    for arrangement in range(2):
        weight = _weight_of_vta(arrangement, i, when, given.people, c)
        chance = np.exp(min(weight + plain, _MOST_SHELTERED))
        expected.vta_year[arrangement, when // 12] += chance
        if s[_STATE] == OUTSIDE:
            if 0 <= draw < chance:
                s[_STATE], s[_SINCE] = SHELTERED + arrangement, when
            draw -= chance


@njit(cache=True)
def _weight_of_vta(arrangement: int, i: int, when: int, people: People, c: Chances) -> float:
    """Return the log weight of a kind of VTA for a person."""
    year, bracket, sex = when // 12, vta_age((when - people.birth[i]) // 12), people.female[i]
    if arrangement == 0:
        return c.sheltered_year[year] + c.sheltered_age[bracket] + c.sheltered_sex[sex]
    weight = c.ordinary_year[year] + c.ordinary_age[bracket] + c.ordinary_sex[sex]
    return weight + c.ordinary_unit[people.unit[i]]


def draw_courses(
    seed: int, core: Core, kinds: IntArray, parameters: Permanent, weights: Weights
) -> tuple[Courses, Expected]:
    """Return the state of each person-month, the job in the months in which a subsidy starts, and expected starts."""
    people, lives, spells = core
    shape = lives.group.shape
    courses, counts = Courses(np.zeros(shape, np.int8), np.full(shape, -1, np.int16)), packed(no_expected())
    measures = measures_by_month(spells, kinds, shape[0])
    given = _Given(people, lives, measures, allowed_from(lives, parameters), *courses)
    _courses(given, packed(chances(seed, parameters, weights)), counts)
    return courses, Expected._make(counts[name][0] for name in Expected._fields)


def runs(states: NDArray[np.int8]) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return person, state, first and last month of each stay in one state other than `OUTSIDE`."""
    edge = np.ones((states.shape[0], 1), bool)
    begins = np.hstack([edge, states[:, 1:] != states[:, :-1]]) & (states != OUTSIDE)
    ends = np.hstack([states[:, 1:] != states[:, :-1], edge]) & (states != OUTSIDE)
    person, start = np.nonzero(begins)
    _, stop = np.nonzero(ends)
    return person, states[person, start].astype(np.int64), start, stop
