"""Registration at NAV and what goes with it: groups, benefits, disability, education, leaving."""

from typing import Final

import numpy as np
from numba import njit

from tiltakseffekt.core.dice import roll
from tiltakseffekt.synthetic import state as at
from tiltakseffekt.synthetic import uses as use
from tiltakseffekt.synthetic.rulebook import (
    AAP,
    CLEAN,
    DAGPENGER,
    INTRODUKSJON,
    KVALIFISERING,
    NEVER,
    NO_BENEFIT,
    PERMANENT,
    REDUCED,
    SICK,
    STANDARD,
    SYKEPENGER,
    TILTAKSPENGER,
    WINDOW,
    IntArray,
    Life,
    Person,
    Rules,
)
from tiltakseffekt.synthetic.work import age_group, band, measured_work, moment_of, picked

# chosen: months for which a benefit is granted, the longest that its rules allow: AAP three years and twice one year
# more, sykepenger the rest of a year, dagpenger 104 weeks, the programmes of introduction and qualification two years
# and one.
_AAP_MONTHS: Final = 60
_SYKEPENGER_MONTHS: Final = 11
_DAGPENGER_MONTHS: Final = 24
_INTRODUCTION_MONTHS: Final = 24
_QUALIFICATION_MONTHS: Final = 12
#: chosen: months from arrival to the programme of introduction.
_INTRODUCTION_WAITS: Final = 3
# chosen: months of work in the last twelve that give a right to sykepenger and dagpenger.
_WORKED_FOR_SYKEPENGER: Final = 4
_WORKED_FOR_DAGPENGER: Final = 6
#: chosen: from 18 years one has benefits of one's own, at 67 the pension takes over.
_ADULT, _PENSION = 18, 67
#: chosen: how fast the chance to leave spesielt tilpasset innsats falls with reduced capacity for work.
_REDUCED_STAYS: Final = 0.5


@njit(cache=True)
def _set_benefit(s: IntArray, month: int, group: int, worked: int, rules: Rules, draw: float) -> None:
    """Choose the benefit that comes with a group."""
    s[at.BENEFIT], s[at.BENEFIT_END] = NO_BENEFIT, month
    if draw < rules.aap[group]:
        s[at.BENEFIT], s[at.BENEFIT_END] = AAP, month + _AAP_MONTHS
    elif draw < rules.aap[group] + rules.sykepenger[group] and worked >= _WORKED_FOR_SYKEPENGER:
        s[at.BENEFIT], s[at.BENEFIT_END] = SYKEPENGER, month + _SYKEPENGER_MONTHS
    elif draw < rules.aap[group] + rules.sykepenger[group] + rules.dagpenger[group] and worked >= _WORKED_FOR_DAGPENGER:
        s[at.BENEFIT], s[at.BENEFIT_END] = DAGPENGER, month + _DAGPENGER_MONTHS


@njit(cache=True)
def register_or_move(s: IntArray, month: int, years: int, p: Person, rules: Rules, life: Life) -> bool:
    """Register, or change group; return whether a new episode begins."""
    if s[at.GROUP] < 0:
        return 18 <= years <= 66 and _register(s, month, p, rules, life)
    if month == s[at.SWITCH_AT]:
        s[at.SWITCH_AT] = NEVER
        if s[at.GROUP] != s[at.SWITCH_TO]:
            s[at.GROUP] = s[at.SWITCH_TO]
            _benefit_of_reduced(s, month, p.number, rules)
    elif s[at.SWITCH_AT] == NEVER and month > s[at.LOCK]:
        _move(s, month, years, p, rules)
    return False


@njit(cache=True)
def _register(s: IntArray, month: int, p: Person, rules: Rules, life: Life) -> bool:
    """Register, perhaps; return whether a new episode begins."""
    moment, person = moment_of(s, month), p.number
    out = month - s[at.LAST_REGISTERED]
    chance = _chance_to_register(s, month, out, rules)
    if roll(rules.dice[use.REGISTER], person, moment) >= chance * rules.cycle_register[month]:
        return False
    s[at.GROUP], s[at.REGISTERED], s[at.STARTS] = _group_of(s, month, out, person, rules), month, 0
    _, worked = measured_work(life, month)
    _set_benefit(s, month, s[at.GROUP], worked, rules, roll(rules.dice[use.BENEFIT], person, moment))
    return out > CLEAN and month - s[at.LAST_MEASURE] > CLEAN


@njit(cache=True)
def _chance_to_register(s: IntArray, month: int, out: int, rules: Rules) -> float:
    """Return the probability to register after so many months out, before the business cycle."""
    before = s[at.PREVIOUS]
    time = rules.register_time[0 if out < 24 else (1 if out < 60 else 2)]
    if s[at.W] == 1:
        chance = rules.register_work[before] * time
    elif s[at.W_SINCE] == month and out > 1:
        chance = rules.register_lost[before]
    else:
        chance = rules.register_idle[before] * time
    return chance * rules.disabled_finds if s[at.DEGREE] == 100 else chance


@njit(cache=True)
def _group_of(s: IntArray, month: int, out: int, person: int, rules: Rules) -> int:
    """Return the NAV group of a registration after so many months out."""
    moment = moment_of(s, month)
    if s[at.CLEAN_STANDARD] == 1 and month - s[at.EPISODE] <= WINDOW:
        return STANDARD
    if s[at.W] == 1 and roll(rules.dice[use.GROUP], person, moment + 512) < rules.register_sick:
        return SICK
    draw = roll(rules.dice[use.GROUP], person, moment)
    return picked(rules.again[s[at.PREVIOUS]], draw) if out <= CLEAN else picked(rules.first_group, draw)


@njit(cache=True)
def _move(s: IntArray, month: int, years: int, p: Person, rules: Rules) -> None:
    """Change group, perhaps."""
    if s[at.CLEAN_STANDARD] == 1 and s[at.GROUP] == STANDARD and month - s[at.EPISODE] <= WINDOW:
        return
    draw = roll(rules.dice[use.MOVE], p.number, moment_of(s, month))
    late = 0 if month - s[at.REGISTERED] < 12 else 1
    tilt = np.exp(p.reduced + rules.reduced_age[age_group(years)])
    for group in range(6):
        draw -= rules.moves[late, s[at.GROUP], group] * (tilt if group == REDUCED else 1.0)
        if draw < 0:
            s[at.GROUP] = group
            if s[at.PLANNED] == 0 and s[at.REGIME] > PERMANENT:
                s[at.REGIME] = group
            _benefit_of_reduced(s, month, p.number, rules)
            return


@njit(cache=True)
def _benefit_of_reduced(s: IntArray, month: int, person: int, rules: Rules) -> None:
    """Give AAP to those who come into spesielt tilpasset innsats."""
    if (
        s[at.GROUP] == REDUCED
        and s[at.DEGREE] == 0
        and roll(rules.dice[use.BENEFIT], person, moment_of(s, month)) < rules.aap[REDUCED]
    ):
        s[at.BENEFIT], s[at.BENEFIT_END] = AAP, month + _AAP_MONTHS


@njit(cache=True)
def grant_disability(s: IntArray, month: int, years: int, p: Person, rules: Rules) -> None:
    """Grant disability benefit, by the life without measures, so that no measure changes work through it."""
    person = p.number
    if (
        s[at.DEGREE] > 0
        or s[at.W0] == 1
        or month - s[at.W0_SINCE] < 12
        or month - s[at.EPISODE] < 12
        or years >= _PENSION
    ):
        return
    if roll(rules.dice[use.DISABLED], person, month) < rules.disabled[s[at.REGIME], age_group(years)]:
        s[at.DEGREE] = 100 if roll(rules.dice[use.DISABLED], person, month + 512) < rules.disabled_full else 50
        s[at.BENEFIT] = NO_BENEFIT


@njit(cache=True)
def record_month(s: IntArray, month: int, years: int, p: Person, rules: Rules, life: Life) -> None:
    """Write group, benefits, disability and education of a month."""
    life[month].group = s[at.GROUP]
    life[month].degree = s[at.DEGREE] if years < 67 else 0
    _study(s, month, years, p, rules)
    life[month].enrolled = 1 if month <= s[at.COURSE_END] or s[at.ENROLLED] == 1 else 0
    if s[at.BENEFIT] != NO_BENEFIT and month > s[at.BENEFIT_END]:
        s[at.BENEFIT] = NO_BENEFIT
    benefit = _benefit(s, month, years, p, rules)
    life[month].benefit = benefit
    life[month].social = 1 if _on_social_assistance(s, benefit, p.number, rules) else 0


@njit(cache=True)
def _study(s: IntArray, month: int, years: int, p: Person, rules: Rules) -> None:
    """Begin education in August and end it in July."""
    if s[at.ENROLLED] == 1:
        if month % 12 == 6 and roll(rules.dice[use.STUDY], p.number, month) < rules.study_ends:
            s[at.ENROLLED] = 0
    elif month % 12 == 7:
        begins = rules.study[age_group(years)]
        if roll(rules.dice[use.STUDY], p.number, month) < begins:
            s[at.ENROLLED] = 1


@njit(cache=True)
def _benefit(s: IntArray, month: int, years: int, p: Person, rules: Rules) -> int:
    """Return the main benefit of a month: what was granted, or else what stands in for it."""
    work, registered = s[at.W], s[at.GROUP] >= 0
    benefit = s[at.BENEFIT]
    if s[at.DEGREE] == 100 or not registered or years >= _PENSION or (benefit == DAGPENGER and work == 1):
        benefit = NO_BENEFIT
    arrived = month - p.immigrated
    eligible = benefit == NO_BENEFIT and work == 0 and s[at.DEGREE] < 100 and years >= _ADULT
    if p.newcomer == 1 and eligible and 0 <= arrived - _INTRODUCTION_WAITS < _INTRODUCTION_MONTHS:
        return INTRODUKSJON
    if benefit != NO_BENEFIT or not registered or s[at.DEGREE] > 0:
        return benefit
    if s[at.MEASURE] >= 0 and s[at.PAID] == 1:
        return TILTAKSPENGER
    if work == 0 and month - s[at.REGISTERED] < _QUALIFICATION_MONTHS:
        draw = roll(rules.dice[use.SOCIAL], p.number, s[at.REGISTERED] + 512)
        return KVALIFISERING if draw < rules.kvalifisering else NO_BENEFIT
    return NO_BENEFIT


@njit(cache=True)
def _on_social_assistance(s: IntArray, benefit: int, person: int, rules: Rules) -> bool:
    """Return whether a person who is registered and has little else receives sosialhjelp beside it."""
    poor = benefit in (NO_BENEFIT, TILTAKSPENGER) and s[at.W] == 0 and s[at.DEGREE] == 0
    if not poor or s[at.GROUP] < 0:
        return False
    return roll(rules.dice[use.SOCIAL], person, s[at.REGISTERED]) < rules.social[s[at.GROUP]]


@njit(cache=True)
def leaves_register(s: IntArray, month: int, years: int, p: Person, rules: Rules) -> bool:
    """Note the month in the register; return whether it was the last one."""
    s[at.LAST_REGISTERED], s[at.PREVIOUS] = month, s[at.GROUP]
    if s[at.MEASURE] >= 0:
        s[at.LAST_MEASURE] = month
    if (s[at.MEASURE] >= 0 and month < s[at.STOP]) or s[at.SWITCH_AT] < NEVER:
        return False
    if s[at.NEXT] >= 0 and month >= s[at.LOCK]:
        return False
    chance = _chance_to_leave(s, month, years, p, rules)
    return years >= _PENSION or roll(rules.dice[use.LEAVE], p.number, moment_of(s, month)) < chance


@njit(cache=True)
def _chance_to_leave(s: IntArray, month: int, years: int, p: Person, rules: Rules) -> float:
    """Return the probability that a month in the register is the last one."""
    group = s[at.GROUP]
    chance = rules.leave_work[group] if s[at.W] == 1 else rules.leave_idle[group]
    if s[at.DEGREE] == 100 and group != PERMANENT:
        chance = rules.disabled_leaves
    if group == REDUCED:
        chance *= np.exp(-_REDUCED_STAYS * (p.reduced + rules.reduced_age[age_group(years)]))
    return chance * rules.leave_time[group, band(month - s[at.REGISTERED], 6, 12, 24)]


@njit(cache=True)
def benefit_before(s: IntArray, entry: int, worked: int, p: Person, rules: Rules, life: Life) -> None:
    """Give the benefit of the first registration, and sickness benefit before it where illness led there."""
    person, group = p.number, p.entry_group
    _set_benefit(s, entry, group, worked, rules, roll(rules.dice[use.BENEFIT], person, entry))
    if (
        worked >= _WORKED_FOR_SYKEPENGER
        and roll(rules.dice[use.BENEFIT], person, entry + 512) < rules.sick_before[group]
    ):
        months = 1 + int(roll(rules.dice[use.BENEFIT], person, entry + 768) * rules.sick_months[group])
        for month in range(max(entry - months, p.first_month), entry):
            life[month].benefit = SYKEPENGER
