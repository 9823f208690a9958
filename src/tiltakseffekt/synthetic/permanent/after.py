"""Lives that have a permanent measure: what they are while it runs, and what follows."""

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tiltakseffekt.core.dice import roll
from tiltakseffekt.synthetic.dice import die
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
    FloatArray,
    Grants,
    IntArray,
    Lives,
    People,
)
from tiltakseffekt.synthetic.permanent.parameters import Permanent

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


def _numbers(parameters: Permanent) -> _Numbers:
    subsidy, vta = parameters.subsidy, parameters.vta
    return _Numbers(
        subsidy.reduced,
        subsidy.other_benefit,
        subsidy.disabled,
        subsidy.predecessor_disabled,
        subsidy.full_stays,
        np.array(subsidy.degrees),
        np.cumsum(subsidy.degree_shares),
        vta.disability_waits,
        np.array(vta.disability_wait),
        np.array(vta.wage),
        subsidy.after.full_disability,
        subsidy.after.disability,
        np.cumsum(subsidy.after.benefits),
        subsidy.after.months,
        subsidy.after.retired_none,
        subsidy.after.registered,
        subsidy.after.measure,
    )


@njit(cache=True, inline="always")
def _place(cumulative: FloatArray, draw: float) -> int:
    for place in range(len(cumulative) - 1):
        if draw < cumulative[place]:
            return place
    return len(cumulative) - 1


@njit(cache=True)
def _live(
    people: People,
    lives: Lives,
    states: NDArray[np.int8],
    jobs: NDArray[np.int16],
    pay: NDArray[np.float32],
    g: FloatArray,
    n: _Numbers,
    dice: NDArray[np.uint64],
    occupied: NDArray[np.bool_],
) -> None:
    """Change lives in place; mark the months in which no other measure may run."""
    for i in range(len(people.number)):
        person, end = people.number[i], min(people.gone[i], MONTHS)
        before, since, degree, job = OUTSIDE, 0, 0, -1
        disabled_from, until, leaves, draw = MONTHS, -1, -1, 0.0
        touched = False
        for when in range(1, end):
            state = states[i, when]
            if state == OUTSIDE and not touched:
                continue
            touched = True
            years = (when - people.birth[i]) // 12
            if state != before:
                if state >= PREDECESSOR and before < PREDECESSOR:
                    since, job = when, jobs[i, when]
                    degree = max(degree, lives.degree[i, when - 1])
                    if state == PREDECESSOR and degree == 0:
                        degree = 1 if roll(dice[_STAYS], person, when) < n.predecessor_disabled else 0
                    if degree == _FULL and roll(dice[_STAYS], person, when) >= n.full_stays:
                        degree = _FULL - 1
                    if 0 < degree < _FULL:
                        degree = n.degrees[_place(n.degree_shares, roll(dice[_DEGREE], person, when))]
                elif SHELTERED <= state <= ORDINARY:
                    since, job = when, when
                    degree = max(degree, lives.degree[i, when - 1])
                    if degree < _FULL:
                        disabled_from = when
                        waits = roll(dice[_WAITS], person, when)
                        if waits < n.waits:
                            span = n.wait[1] - n.wait[0] + 1
                            disabled_from = when + n.wait[0] + int(waits / n.waits * span)
                elif state == OUTSIDE and before >= PREDECESSOR:
                    until, leaves, draw = when + n.months, when, roll(dice[_AFTER], person, when)
                elif state == OUTSIDE:
                    until = -1
            if when >= disabled_from and state != OUTSIDE:
                degree, disabled_from = _FULL, MONTHS
            before = state

            if state >= PREDECESSOR:
                if degree == 0 and roll(dice[_DISABLED], person, when) < n.disabled and years < _EARLY_PENSION:
                    degree = n.degrees[_place(n.degree_shares, roll(dice[_DEGREE], person, when))]
                beside = degree == 0 and roll(dice[_OTHER], person, since) < n.other_benefit
                lives.benefit[i, when] = AAP if beside else NONE
                lives.group[i, when] = REDUCED if roll(dice[_REDUCED], person, since) < n.reduced else PERMANENT
                lives.work[i, when], lives.wage[i, when], lives.job[i, when] = WORKING, pay[i, when], job
            elif state != OUTSIDE:
                bonus = n.bonus[0] + (n.bonus[1] - n.bonus[0]) * roll(dice[_BONUS], person, since)
                lives.benefit[i, when] = NONE if degree == _FULL else AAP
                lives.group[i, when] = PERMANENT
                lives.work[i, when], lives.job[i, when] = SMALL, job
                lives.wage[i, when] = np.rint(bonus * g[when] / 12)
            elif when < until:
                works = False
                if years >= _EARLY_PENSION:
                    if degree == 0 and draw >= n.retired_none and years < _PENSION:
                        lives.benefit[i, when], lives.group[i, when] = AAP, REDUCED
                    else:
                        lives.benefit[i, when], lives.group[i, when] = NONE, -1
                else:
                    chance = n.disability if degree == 0 else (n.full_disability if degree < _FULL else 0.0)
                    if roll(dice[_DISABLED_AFTER], person, when) < chance:
                        degree = _FULL
                    if degree > 0:
                        lives.benefit[i, when] = NONE
                        stays = roll(dice[_REGISTERED], person, leaves) < n.registered
                        lives.group[i, when] = PERMANENT if stays else -1
                        works = degree < _FULL and roll(dice[_WORKS], person, leaves) < _PARTLY_DISABLED_WORK
                    else:
                        place = _place(n.benefits, draw)
                        lives.benefit[i, when], lives.group[i, when] = _BENEFITS[place], _GROUPS[place]
                        works = place == 0
                if years < _EARLY_PENSION and roll(dice[_MEASURE], person, leaves) < n.measure:
                    lives.group[i, when], works = PERMANENT, False
                if works:
                    lives.work[i, when], lives.wage[i, when], lives.job[i, when] = WORKING, pay[i, leaves - 1], job
                else:
                    lives.work[i, when], lives.wage[i, when], lives.job[i, when] = IDLE, 0.0, -1
            elif degree == _FULL:
                lives.work[i, when], lives.wage[i, when], lives.job[i, when] = IDLE, 0.0, -1
                lives.benefit[i, when] = NONE
                if lives.group[i, when] >= 0:
                    lives.group[i, when] = PERMANENT
            if state == OUTSIDE and when // 12 - people.birth[i] // 12 >= _PENSION:
                # Months that cover a registration until 67 must not leave its last, in the year of 67, to begin one.
                lives.group[i, when] = -1
            if state != OUTSIDE or when < until or degree == _FULL:
                lives.social[i, when], lives.enrolled[i, when] = 0, 0
                occupied[i, when] = True
                lives.degree[i, when] = degree if years < _PENSION else 0
            elif degree > 0:
                degree = max(degree, lives.degree[i, when])
                lives.degree[i, when] = degree if years < _PENSION else 0


def lived(
    seed: int,
    people: People,
    lives: Lives,
    states: NDArray[np.int8],
    jobs: NDArray[np.int16],
    grants: Grants,
    g: FloatArray,
    parameters: Permanent,
) -> tuple[Lives, NDArray[np.bool_]]:
    """Return lives with the permanent measures in them, and the months in which no measure of the core may run."""
    changed = Lives._make(values.copy() for values in lives)
    grant, when = months_of(grants.start, grants.stop)
    pay = np.zeros(states.shape, np.float32)
    pay[grants.person[grant], when] = wage_of(cost_in(grant, when, grants, g, parameters.subsidy), parameters.subsidy)
    dice = np.array([die(seed, "permanent", use) for use in _USES])
    occupied = np.zeros(states.shape, np.bool_)
    _live(people, changed, states, jobs, pay, g, _numbers(parameters), dice, occupied)
    return changed, occupied
