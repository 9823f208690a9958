"""By which rules lives are lived, and what they leave: the records that compiled functions read and write."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

#: A month that does not come.
NEVER: Final = 10_000
#: Draws of a course of events before one is kept though the person leaves before the start.
TRIES: Final = 60
#: Months without NAV group and measure after which a registration counts as new (effektrapport_2024 line 2157).
CLEAN: Final = 24
#: Months from registration in which a first measure counts (effektrapport_2024 line 2175).
WINDOW: Final = 12
#: Months of follow-up.
FOLLOW: Final = 36

STANDARD, SITUATION, REDUCED, PERMANENT, SICK, OTHER = range(6)
NO_BENEFIT, AAP, DAGPENGER, TILTAKSPENGER, SYKEPENGER, KVALIFISERING, INTRODUKSJON = range(7)


class Rules(NamedTuple):
    """Parameters of lives as arrays; groups are NAV groups (6), arms as in `Measures.started`.

    Monthly probabilities unless said otherwise; ``months`` = calendar months since 2000-01.
    """

    work_at_entry: FloatArray  # (group, category) shares
    gap_back: FloatArray  # (group,) going back in time, that a time without work began
    job_back: FloatArray  # (group,) going back in time, that a job began
    find: FloatArray  # (group, category)
    find_gap: FloatArray  # (4,) factor by months without work: under 6, 12, 24, more
    lose: FloatArray  # (group,)
    lose_tenure: FloatArray  # (4,) factor by months in the job: under 3, 12, 36, more
    notice: FloatArray  # (group,) for the first half year of those registered while in work
    age_find: FloatArray  # (6,) log factor
    cycle_find: FloatArray  # (months,)
    cycle_lose: FloatArray  # (months,)
    cycle_register: FloatArray  # (months,)
    leave_work: FloatArray  # (group,) registered and in work
    leave_idle: FloatArray  # (group,) registered and not in work
    leave_time: FloatArray  # (group, 4) factor by months registered: under 6, 12, 24, more
    moves: FloatArray  # (2, group, group) within and after the first year of a registration
    register_lost: FloatArray  # (group,) that a lost job leads to registration, by previous group
    register_idle: FloatArray  # (group,)
    register_work: FloatArray  # (group,)
    register_time: FloatArray  # (3,) factor by months out: under 24, 60, more
    register_sick: float  # share of those in work who register as sykmeldt
    again: FloatArray  # (group, group) cumulative: the group of a registration within two years by the previous one
    first_group: FloatArray  # (group,) cumulative: the group of any other registration
    switches: FloatArray  # (category,) probability that standard is planned to give way
    switches_age: FloatArray  # (6,) factor
    switch_power: float
    reduced: FloatArray  # (arms + 1,) in reduced work capacity at the start, first measures; last: none
    odds_group: FloatArray  # (arms, group) log odds against none, the entry groups
    odds_age: FloatArray  # (arms, 6)
    odds_category: FloatArray  # (arms, 3)
    odds_worked: FloatArray  # (arms,) per month of twelve, from six
    odds_local: FloatArray  # (arms,) per percentage point of unemployment
    start: FloatArray  # (3, 12) shares of start months
    later: FloatArray  # (group, 6) start of a measure by months registered: under 2, 6, 12, 18, 24, more
    later_again: FloatArray  # (group,) the same after an earlier measure
    later_arms: FloatArray  # (group, arms) weights
    later_year: FloatArray  # (years, arms) factors
    later_tilt: float  # weight of the log odds of first measures in later starts
    later_work: FloatArray  # (category,) factor on starting a later measure by work of the last half year
    reduced_age: FloatArray  # (6,) log factor, as `Person.reduced`
    later_cap: float  # largest factor of covariates on starting
    later_age: FloatArray  # (6,) factor
    length: FloatArray  # (arms, quantiles) months
    length_group: FloatArray  # (group,) factor
    length_age: FloatArray  # (6,) factor
    followed: FloatArray  # (arms,) probability
    next_arms: FloatArray  # (arms, arms) cumulative
    beside: FloatArray  # (arms, groups of measures) probability of a second measure at the same time
    beside_outlasts: float  # share of those that run on when the first has ended
    up: FloatArray  # (arms, months since start) effect on the probability of work
    pay_factor: FloatArray  # (arms, months since start)
    base: FloatArray  # (3, category, months since start) work without measures
    difference_group: FloatArray  # (arms, 3) difference of the effect, per month
    difference_category: FloatArray  # (arms, 3)
    at_start: FloatArray  # (arms,) share in work in the start month, -1 unchanged
    renew: float
    dagpenger: FloatArray  # (group,)
    aap: FloatArray  # (group,)
    sykepenger: FloatArray  # (group,)
    social: FloatArray  # (group,)
    kvalifisering: float
    tiltakspenger: FloatArray  # (arms,)
    disabled: FloatArray  # (group, 6) by age, after a year
    disabled_before: FloatArray  # (group,) share with a degree at the first registration
    disabled_full: float
    disabled_leaves: float
    disabled_finds: float  # factor
    study: FloatArray  # (6,) starts in August by age
    study_ends: float
    study_measure: FloatArray  # (arms,) enrolled while on the measure
    study_least: int  # and at least so many months after the start
    small: FloatArray  # (2,) share of persons with small jobs, share of their months
    trait_find: float
    jobbklubb: int  # the arm that may begin in standard
    jobbklubb_first: float  # probability that it does
    sick_before: FloatArray  # (group,) sickness benefit before the first registration
    sick_months: FloatArray  # (group,) at most so many months
    local: FloatArray  # (places, months) unemployment as distance from its mean
    prices: FloatArray  # (months,) of 2022-kroner
    least: FloatArray  # (months,) least pay of a month in work, kroner
    dice: NDArray[np.uint64]  # one die for each of `DICE`


def packed(record: Any) -> NDArray[np.void]:
    """Return one structured record with the fields of a named tuple of numbers and arrays.

    Compiled functions hand a record on as one pointer, where a tuple costs a count of references for each array.
    """
    values = {name: np.asarray(value) for name, value in record._asdict().items()}
    table = np.zeros(1, dtype=[(name, value.dtype, value.shape) for name, value in values.items()])
    for name, value in values.items():
        table[name][0] = value
    return table


class Person(NamedTuple):
    """A person (arrays of them while they are made); months count from 2000-01."""

    row: Any
    number: Any
    entry: Any
    entry_group: Any
    birth: Any
    first_month: Any
    last_month: Any
    immigrated: Any
    newcomer: Any
    index: Any  # log rate of finding work
    trait: Any
    odds: Any  # (arms,) log odds from what does not change
    differences: Any  # (arms,) of the effect, per month
    later: Any  # log factor on starting a later measure
    reduced: Any  # log factor on coming into spesielt tilpasset innsats; half of it, inverted, on leaving it
    place: Any
    place_after: Any
    moved: Any
    pay: Any  # 2022-kroner a month


#: What each month of a life leaves: a row of a structured array with these fields.
LIFE: Final = np.dtype(
    [
        ("wage", np.float32),  # nominal kroner
        ("job", np.int16),  # first month of the job
        ("group", np.int8),  # NAV group, -1 not registered
        ("work", np.uint8),  # 0 none, 1 a small job that does not count, 2 in work
        ("benefit", np.uint8),
        ("social", np.uint8),
        ("degree", np.uint8),
        ("enrolled", np.uint8),
    ]
)
Life = Any


class Scene(NamedTuple):
    """What compiled functions read and write while a person lives, beside her state."""

    p: Any  # the person, a record of `Person`
    rules: Any  # a record of `Rules`
    life: Any  # her months, records of `LIFE`
    shadow: NDArray[np.uint8]  # work without measures, by month
    spells: NDArray[np.int32]  # measures of all persons
    weights: FloatArray  # room for weights of measures


class Kind(NamedTuple):
    """By what effects and shares in work differ: NAV group and ledighetskategori."""

    group: int
    category: int


class Episodes(NamedTuple):
    """Registrations from which a first measure is planned, and every potential outcome; one row each."""

    facts: NDArray[np.int32]  # person, month, start, arm (-1 none), group, category, worked, tries, whether a candidate
    chances: FloatArray  # probability of each arm, none last
    months: NDArray[np.uint64]  # (n, 1 + arms) bit k-1 = in work k months after the start; control first
    wages: FloatArray  # (n, 1 + arms, years) 2022-kroner
