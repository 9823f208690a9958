"""Lives that have a permanent measure: what they are while it runs, and what follows."""

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tiltakseffekt.core.dice import roll
from tiltakseffekt.synthetic.dice import die
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.permanent.course import (
    ORDINARY,
    OUTSIDE,
    PREDECESSOR,
    SHELTERED,
)
from tiltakseffekt.synthetic.permanent.grants import cost_in, months_of, wage_of
from tiltakseffekt.synthetic.permanent.inputs import (
    AAP,
    DAGPENGER,
    IDLE,
    MONTHS,
    NONE,
    PERMANENT,
    REDUCED,
    SICK,
    SITUATION,
    SMALL,
    SYKEPENGER,
    TILTAKSPENGER,
    WORKING,
    Courses,
    FloatArray,
    Grants,
    IntArray,
    Lives,
    People,
)
from tiltakseffekt.synthetic.permanent.parameters import Permanent
from tiltakseffekt.synthetic.rulebook import packed

_FULL: Final = 100
#: chosen: share of those with uføretrygd in part who have an ordinary job afterwards.
_PARTLY_DISABLED_WORK: Final = 0.5
_PENSION: Final = 67
_EARLY_PENSION: Final = 62
#: Benefits after the subsidy, in the order of the parameters, and the NAV group that goes with each (-1 none).
_BENEFITS: Final = np.array([NONE, AAP, DAGPENGER, TILTAKSPENGER, SYKEPENGER])
_GROUPS: Final = np.array([-1, REDUCED, SITUATION, PERMANENT, SICK])
#: What the die is thrown for that gives a measure after the subsidy.
MEASURE_AFTER: Final = "measure after"
_USES: Final = (
    "reduced",
    "other benefit",
    "disabled",
    "degree",
    "waits",
    "bonus",
    "after",
    "disabled after",
    "registered after",
    "works after",
    "full stays",
    MEASURE_AFTER,
)
(
    _REDUCED,
    _OTHER,
    _DISABLED,
    _DEGREE,
    _WAITS,
    _BONUS,
    _AFTER,
    _DISABLED_AFTER,
    _REGISTERED,
    _WORKS,
    _STAYS,
    _MEASURE,
) = range(12)


class _Numbers(NamedTuple):
    reduced: float
    other_benefit: float
    disabled: float
    predecessor_disabled: float
    full_stays: float
    degrees: IntArray
    degree_shares: FloatArray  # cumulative
    waits: float
    wait: IntArray
    bonus: FloatArray
    full_disability: float
    disability: float
    benefits: FloatArray  # cumulative
    months: int
    retired_none: float
    registered: float
    measure: float
    g: FloatArray  # in force in each month, kroner a year
    dice: NDArray[np.uint64]  # one die for each of `_USES`


class _Overlaid(NamedTuple):
    """Lives that are changed in place, and what they are changed by."""

    people: People
    lives: Lives
    states: NDArray[np.int8]
    jobs: NDArray[np.int16]
    pay: NDArray[np.float32]
    occupied: NDArray[np.bool_]  # months in which no other measure may run


# The memory of a person while the months are gone through: an array of integers, and the index of each entry.
(
    _BEFORE,  # state of the month before
    _SINCE,  # first month of the stay
    _GRADE,  # degree of uføretrygd
    _JOB,  # first month of the job
    _DISABLED_FROM,  # month in which full uføretrygd is granted
    _UNTIL,  # first month that no longer follows the subsidy
    _LEAVES,  # month in which the subsidy was left
) = range(7)


def _numbers(seed: int, g: FloatArray, parameters: Permanent) -> _Numbers:
    subsidy, vta = parameters.subsidy, parameters.vta
    return _Numbers(
        subsidy.reduced,
        subsidy.other_benefit,
        subsidy.disabled,
        subsidy.predecessor_disabled,
        subsidy.full_stays,
        np.array(list(subsidy.degrees)),
        np.cumsum(array(subsidy.degrees)),
        vta.disability_waits,
        np.array(vta.disability_wait),
        np.array(vta.wage),
        subsidy.after.full_disability,
        subsidy.after.disability,
        np.cumsum(array(subsidy.after.benefits)),
        subsidy.after.months,
        subsidy.after.retired_none,
        subsidy.after.registered,
        subsidy.after.measure,
        g,
        np.array([die(seed, "permanent", use) for use in _USES]),
    )


@njit(cache=True, inline="always")
def _place(cumulative: FloatArray, draw: float) -> int:
    for place in range(len(cumulative) - 1):
        if draw < cumulative[place]:
            return place
    return len(cumulative) - 1


@njit(cache=True)
def _live(w: _Overlaid, law: NDArray[np.void]) -> None:
    """Change lives in place by one record of `_Numbers`; mark the months in which no other measure may run."""
    n = law[0]
    s = np.zeros(7, np.int64)
    for i in range(len(w.people.number)):
        s[:] = 0
        s[_BEFORE], s[_JOB], s[_DISABLED_FROM], s[_UNTIL], s[_LEAVES] = OUTSIDE, -1, MONTHS, -1, -1
        touched = False
        for when in range(1, min(w.people.gone[i], MONTHS)):
            state = w.states[i, when]
            if state == OUTSIDE and not touched:
                continue
            touched = True
            if state != s[_BEFORE]:
                _turn(s, i, when, w, n)
            if when >= s[_DISABLED_FROM] and state != OUTSIDE:
                s[_GRADE], s[_DISABLED_FROM] = _FULL, MONTHS
            s[_BEFORE] = state
            if state >= PREDECESSOR:
                _subsidised(s, i, when, w, n)
            elif state != OUTSIDE:
                _sheltered(s, i, when, w, n)
            elif when < s[_UNTIL]:
                _afterwards(s, i, when, w, n)
            elif s[_GRADE] == _FULL:
                _disabled(i, when, w)
            _close(s, i, when, w)


@njit(cache=True)
def _turn(s: IntArray, i: int, when: int, w: _Overlaid, n: _Numbers) -> None:
    """Begin or end a stay."""
    state, before = w.states[i, when], s[_BEFORE]
    if state >= PREDECESSOR and before < PREDECESSOR:
        _begin_subsidy(s, i, when, w, n)
    elif SHELTERED <= state <= ORDINARY:
        _begin_vta(s, i, when, w, n)
    elif state == OUTSIDE and before >= PREDECESSOR:
        s[_UNTIL], s[_LEAVES] = when + n.months, when
    elif state == OUTSIDE:
        s[_UNTIL] = -1


@njit(cache=True)
def _degree_in_part(person: int, when: int, n: _Numbers) -> int:
    return n.degrees[_place(n.degree_shares, roll(n.dice[_DEGREE], person, when))]


@njit(cache=True)
def _begin_subsidy(s: IntArray, i: int, when: int, w: _Overlaid, n: _Numbers) -> None:
    """Begin a stay with the subsidy, with at most a part of uføretrygd for nearly all."""
    person = w.people.number[i]
    s[_SINCE], s[_JOB] = when, w.jobs[i, when]
    degree = max(s[_GRADE], w.lives.degree[i, when - 1])
    if w.states[i, when] == PREDECESSOR and degree == 0:
        degree = 1 if roll(n.dice[_STAYS], person, when) < n.predecessor_disabled else 0
    if degree == _FULL and roll(n.dice[_STAYS], person, when) >= n.full_stays:
        degree = _FULL - 1
    if 0 < degree < _FULL:
        degree = _degree_in_part(person, when, n)
    s[_GRADE] = degree


@njit(cache=True)
def _begin_vta(s: IntArray, i: int, when: int, w: _Overlaid, n: _Numbers) -> None:
    """Begin a stay in VTA; who has no full uføretrygd is granted it, at once or soon."""
    s[_SINCE], s[_JOB] = when, when
    s[_GRADE] = max(s[_GRADE], w.lives.degree[i, when - 1])
    if s[_GRADE] < _FULL:
        s[_DISABLED_FROM] = when
        waits = roll(n.dice[_WAITS], w.people.number[i], when)
        if waits < n.waits:
            span = n.wait[1] - n.wait[0] + 1
            s[_DISABLED_FROM] = when + n.wait[0] + int(waits / n.waits * span)


@njit(cache=True)
def _subsidised(s: IntArray, i: int, when: int, w: _Overlaid, n: _Numbers) -> None:
    """Write a month with the subsidy."""
    person, years, lives = w.people.number[i], (when - w.people.birth[i]) // 12, w.lives
    if s[_GRADE] == 0 and roll(n.dice[_DISABLED], person, when) < n.disabled and years < _EARLY_PENSION:
        s[_GRADE] = _degree_in_part(person, when, n)
    beside = s[_GRADE] == 0 and roll(n.dice[_OTHER], person, s[_SINCE]) < n.other_benefit
    lives.benefit[i, when] = AAP if beside else NONE
    lives.group[i, when] = REDUCED if roll(n.dice[_REDUCED], person, s[_SINCE]) < n.reduced else PERMANENT
    lives.work[i, when], lives.wage[i, when], lives.job[i, when] = WORKING, w.pay[i, when], s[_JOB]


@njit(cache=True)
def _sheltered(s: IntArray, i: int, when: int, w: _Overlaid, n: _Numbers) -> None:
    """Write a month in VTA."""
    lives = w.lives
    bonus = n.bonus[0] + (n.bonus[1] - n.bonus[0]) * roll(n.dice[_BONUS], w.people.number[i], s[_SINCE])
    lives.benefit[i, when] = NONE if s[_GRADE] == _FULL else AAP
    lives.group[i, when] = PERMANENT
    lives.work[i, when], lives.job[i, when] = SMALL, s[_JOB]
    lives.wage[i, when] = np.rint(bonus * n.g[when] / 12)


@njit(cache=True)
def _afterwards(s: IntArray, i: int, when: int, w: _Overlaid, n: _Numbers) -> None:
    """Write a month of those that follow the subsidy."""
    person, years, lives = w.people.number[i], (when - w.people.birth[i]) // 12, w.lives
    works = False
    if years >= _EARLY_PENSION:
        draw = roll(n.dice[_AFTER], person, s[_LEAVES])
        lives.benefit[i, when], lives.group[i, when] = NONE, -1
        if s[_GRADE] == 0 and draw >= n.retired_none and years < _PENSION:
            lives.benefit[i, when], lives.group[i, when] = AAP, REDUCED
    else:
        works = _before_pension(s, i, when, w, n)
        if roll(n.dice[_MEASURE], person, s[_LEAVES]) < n.measure:
            lives.group[i, when], works = PERMANENT, False
    if works:
        lives.work[i, when], lives.wage[i, when] = WORKING, w.pay[i, s[_LEAVES] - 1]
        lives.job[i, when] = s[_JOB]
    else:
        _idle(i, when, w)


@njit(cache=True)
def _before_pension(s: IntArray, i: int, when: int, w: _Overlaid, n: _Numbers) -> bool:
    """Write benefit and group of a month after the subsidy of one under 62; return whether the person works."""
    person, lives = w.people.number[i], w.lives
    chance = n.disability if s[_GRADE] == 0 else (n.full_disability if s[_GRADE] < _FULL else 0.0)
    if roll(n.dice[_DISABLED_AFTER], person, when) < chance:
        s[_GRADE] = _FULL
    if s[_GRADE] > 0:
        lives.benefit[i, when] = NONE
        stays = roll(n.dice[_REGISTERED], person, s[_LEAVES]) < n.registered
        lives.group[i, when] = PERMANENT if stays else -1
        return s[_GRADE] < _FULL and roll(n.dice[_WORKS], person, s[_LEAVES]) < _PARTLY_DISABLED_WORK
    place = _place(n.benefits, roll(n.dice[_AFTER], person, s[_LEAVES]))
    lives.benefit[i, when], lives.group[i, when] = _BENEFITS[place], _GROUPS[place]
    return place == 0


@njit(cache=True)
def _idle(i: int, when: int, w: _Overlaid) -> None:
    w.lives.work[i, when], w.lives.wage[i, when], w.lives.job[i, when] = IDLE, 0.0, -1


@njit(cache=True)
def _disabled(i: int, when: int, w: _Overlaid) -> None:
    """Write a later month of one with full uføretrygd."""
    _idle(i, when, w)
    w.lives.benefit[i, when] = NONE
    if w.lives.group[i, when] >= 0:
        w.lives.group[i, when] = PERMANENT


@njit(cache=True)
def _close(s: IntArray, i: int, when: int, w: _Overlaid) -> None:
    """Write what every touched month has: the degree, and what it leaves no room for."""
    lives, birth, outside = w.lives, w.people.birth[i], w.states[i, when] == OUTSIDE
    if outside and when // 12 - birth // 12 >= _PENSION:
        # Months that cover a registration until 67 must not leave its last, in the year of 67, to begin one.
        lives.group[i, when] = -1
    own = not outside or when < s[_UNTIL] or s[_GRADE] == _FULL
    if own:
        lives.social[i, when], lives.enrolled[i, when] = 0, 0
        w.occupied[i, when] = True
    elif s[_GRADE] > 0:
        s[_GRADE] = max(s[_GRADE], lives.degree[i, when])
    if own or s[_GRADE] > 0:
        lives.degree[i, when] = s[_GRADE] if (when - birth) // 12 < _PENSION else 0


def lived(
    seed: int,
    people: People,
    lives: Lives,
    courses: Courses,
    grants: Grants,
    g: FloatArray,
    parameters: Permanent,
) -> tuple[Lives, NDArray[np.bool_]]:
    """Return lives with the permanent measures in them, and the months in which no measure of the core may run."""
    changed = Lives._make(values.copy() for values in lives)
    grant, when = months_of(grants.start, grants.stop)
    pay = np.zeros(courses.states.shape, np.float32)
    pay[grants.person[grant], when] = wage_of(cost_in(grant, when, grants, g, parameters.subsidy), parameters.subsidy)
    occupied = np.zeros(courses.states.shape, np.bool_)
    _live(_Overlaid(people, changed, *courses, pay, occupied), packed(_numbers(seed, g, parameters)))
    return changed, occupied
