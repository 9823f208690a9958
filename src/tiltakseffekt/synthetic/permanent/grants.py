"""What is granted with a wage subsidy: the job, its hours and cost, and the rate."""

from typing import Final

import numpy as np
from scipy.special import ndtri

from tiltakseffekt.core.months import month
from tiltakseffekt.synthetic.dice import die, throw
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.permanent.course import PREDECESSOR, SUBSIDY, runs
from tiltakseffekt.synthetic.permanent.inputs import (
    MONTHS,
    NEVER,
    Courses,
    FloatArray,
    Grants,
    IntArray,
    People,
    share_of,
)
from tiltakseffekt.synthetic.permanent.parameters import Hours, Subsidy

_LATEST: Final = month(2023, 1)
_TWELVE: Final = 12


def draw_grants(seed: int, people: People, courses: Courses, subsidy: Subsidy) -> Grants:
    """Return the grant of every spell with the permanent subsidy or its predecessor; a transfer changes only the name.

    Parameters
    ----------
    seed, people
        As the courses were drawn from.
    courses
        As `course.draw_courses` returns them.
    subsidy
        Parameters of the subsidy.
    """
    person, state, start, stop = runs(courses.states)
    subsidised = state >= PREDECESSOR
    person, state, start, stop = person[subsidised], state[subsidised], start[subsidised], stop[subsidised]
    after = np.zeros(len(person), bool)
    after[1:] = (person[1:] == person[:-1]) & (start[1:] == stop[:-1] + 1)
    begun = np.where(after, np.roll(start, 1), start)

    def draws(use: str) -> FloatArray:
        return throw(die(seed, "permanent", use), people.number[person], begun)

    latest = begun >= _LATEST
    rows = list(subsidy.industries.values())
    shares = np.array([[row.share for row in rows], [row.latest for row in rows]])
    industry = share_of(draws("industry"), shares[latest.astype(np.int64)])
    divisions = np.array([len(row.divisions) for row in rows])
    first = np.cumsum(divisions) - divisions
    division = first[industry] + (draws("division") * divisions[industry]).astype(np.int64)
    kind, hours = _hours(draws("hours"), draws("part time"), subsidy.hours)
    spread = np.sqrt(np.log1p(subsidy.cost_spread**2))
    level = np.exp(spread * ndtri(draws("cost").clip(1e-9, 1 - 1e-9)) - spread**2 / 2)
    part = np.where(kind == 0, hours / subsidy.hours.full, 1.0)
    unit = people.unit[person]
    shift = array(subsidy.rate_hours)[kind] + array(subsidy.rate_units)[unit]
    shift += latest * (subsidy.rate_new + array(subsidy.rate_new_units)[unit])
    rate = _rate(draws("rate"), shift, subsidy)
    wait = np.log1p(-draws("change")) / np.log1p(-subsidy.change)
    changed = begun + 1 + np.minimum(wait, NEVER).astype(np.int64)
    falls = draws("direction") < subsidy.reduced_rates
    return Grants(
        person=person,
        start=start,
        stop=stop,
        permanent=state == SUBSIDY,
        job=courses.jobs[person, begun].astype(np.int64),
        industry=industry,
        division=division,
        sector=share_of(draws("sector"), np.array([array(row.sectors) for row in rows])[industry]),
        hours=hours,
        cost=array(subsidy.cost)[kind] * part * level,
        rate=rate,
        changed=np.where(changed < MONTHS, changed, NEVER),
        rate_after=np.clip(rate + np.where(falls, -subsidy.step, subsidy.step), min(subsidy.rates), max(subsidy.rates)),
    )


def _hours(draws: FloatArray, part: FloatArray, hours: Hours) -> tuple[IntArray, FloatArray]:
    """Return whether hours are under, at or over full time, and how many they are."""
    kind = share_of(draws, array(hours.shares))
    under = np.array(list(hours.part_time))[share_of(part, array(hours.part_time))]
    return kind, np.choose(kind, [under, np.full(len(kind), hours.full), np.full(len(kind), hours.over)])


def _rate(draws: FloatArray, shift: FloatArray, subsidy: Subsidy) -> FloatArray:
    """Return rates whose shares are shifted by standard deviations on the normal scale."""
    bounds = ndtri(np.cumsum(array(subsidy.rates))[:-1].clip(0, 1))
    place = (ndtri(draws.clip(1e-9, 1 - 1e-9)) + shift)[:, None] > bounds
    return np.array(list(subsidy.rates))[place.sum(axis=1)]


def cost_in(grant: IntArray, when: IntArray, grants: Grants, g: FloatArray, subsidy: Subsidy) -> FloatArray:
    """Return the wage cost of grants in months, whole kroner; the wage is never under the limit of in work.

    Parameters
    ----------
    grant, when
        Index of the grant, and month.
    grants, subsidy
        The grants and their parameters.
    g
        G in force in each month, kroner a year.
    """
    cost = grants.cost[grant] * g[when] / g[_LATEST : _LATEST + _TWELVE].mean()
    return np.rint(np.maximum(cost, np.ceil(g[when] / _TWELVE) * subsidy.cost_factor))


def wage_of(cost: FloatArray, subsidy: Subsidy) -> FloatArray:
    """Return the wage inside a wage cost, whole kroner."""
    return np.ceil(cost / subsidy.cost_factor - 0.5)


def rate_in(grant: IntArray, when: IntArray, begun: IntArray, grants: Grants, subsidy: Subsidy) -> FloatArray:
    """Return the rate of grants in months, per cent, under the limits of the first and of later years."""
    rate = np.where(when >= grants.changed[grant], grants.rate_after[grant], grants.rate[grant])
    return np.minimum(rate, np.where(when - begun[grant] < _TWELVE, subsidy.first_year, subsidy.later))


def begun(grants: Grants) -> IntArray:
    """Return the first month of the case of each grant: a transfer carries on what the predecessor began."""
    after = np.zeros(len(grants.person), bool)
    after[1:] = (grants.person[1:] == grants.person[:-1]) & (grants.start[1:] == grants.stop[:-1] + 1)
    return np.where(after, np.roll(grants.start, 1), grants.start)


def subsidy_in(
    grant: IntArray, when: IntArray, cost: FloatArray, rate: FloatArray, grants: Grants, g: FloatArray, subsidy: Subsidy
) -> FloatArray:
    """Return the subsidy of months, whole kroner: the rate of the cost, at most the cap of the position."""
    position = np.minimum(grants.hours[grant] / subsidy.hours.full, 1.0)
    return np.floor(np.minimum(cost * rate / 100, subsidy.cap * g[when] / _TWELVE * position))


def months_of(start: IntArray, stop: IntArray) -> tuple[IntArray, IntArray]:
    """Return index and month of every month of spells."""
    length = stop - start + 1
    index = np.repeat(np.arange(len(start)), length)
    within = np.arange(len(index)) - np.repeat(np.cumsum(length) - length, length)
    return index, start[index] + within
