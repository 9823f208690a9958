"""What the permanent measures take from the core of the simulation, and give back in the same shape."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

#: A month that does not come.
NEVER: Final = 10_000
#: Months from January 2000 to December 2023.
MONTHS: Final = 288

#: NAV groups as in core/keys.py.
SITUATION, REDUCED, PERMANENT, SICK = 1, 2, 3, 4
#: Main benefits.
NONE, AAP, DAGPENGER, TILTAKSPENGER, SYKEPENGER = range(5)
#: Work of a month: none, a small job below the limit of in work, in work.
IDLE, SMALL, WORKING = range(3)


class People(NamedTuple):
    """Persons, one value each; months count from 2000-01."""

    number: IntArray
    female: NDArray[np.uint8]
    birth: IntArray
    gone: IntArray  # first month after death or emigration, or NEVER
    unit: IntArray  # county unit of NAV


class Lives(NamedTuple):
    """What a person's life leaves, person by month; the fields of the core's rows."""

    group: NDArray[np.int8]
    work: NDArray[np.uint8]
    wage: NDArray[np.float32]
    job: NDArray[np.int16]  # first month of the job of the month
    benefit: NDArray[np.uint8]
    social: NDArray[np.uint8]
    degree: NDArray[np.uint8]
    enrolled: NDArray[np.uint8]


class Spells(NamedTuple):
    """Measures, one value per spell; measures as groups of Tabell A-1 in an order that the core tells."""

    person: IntArray
    measure: IntArray
    start: IntArray
    stop: IntArray
    main: NDArray[np.bool_]


class Core(NamedTuple):
    """Persons, their lives and their measures as the core made them."""

    people: People
    lives: Lives
    spells: Spells


class Courses(NamedTuple):
    """Permanent measures, person by month: the state, and the job (its first month) in which a subsidy starts."""

    states: NDArray[np.int8]
    jobs: NDArray[np.int16]


class CodedSpells(NamedTuple):
    """Spells with their Arena code, which stand beside those of the core."""

    person: IntArray
    code: IntArray  # index of `overlay.CODES`
    start: IntArray
    stop: IntArray
    main: NDArray[np.bool_]


class Grants(NamedTuple):
    """Wage subsidies, one value per spell."""

    person: IntArray
    start: IntArray
    stop: IntArray
    permanent: NDArray[np.bool_]  # varig lønnstilskudd; else its predecessor
    job: IntArray  # first month of the job, which tells the employer
    industry: IntArray  # row of Tabell 5-2
    division: IntArray  # index of all divisions in the order of the rows
    sector: IntArray  # private, public enterprise, municipal, state
    hours: FloatArray
    cost: FloatArray  # of a month, 2023-kroner
    rate: FloatArray  # at the start, per cent
    changed: IntArray  # month from which another rate holds, or NEVER
    rate_after: FloatArray


def share_of(draws: FloatArray, shares: FloatArray) -> IntArray:
    """Return which share each draw from 0 to 1 falls into; rows of shares may differ."""
    cumulative = np.cumsum(shares, axis=-1)
    cumulative = cumulative / cumulative[..., -1:]
    return np.asarray((draws[:, None] >= cumulative).sum(axis=-1), np.int64).clip(0, cumulative.shape[-1] - 1)
