"""Work month by month without a measure, and what a month in work pays.

A person has a latent propensity ``u`` (uniform in each month, correlated over time) and a probability of work ``p0``;
the person works when ``u < p0``. A measure moves the probability and leaves ``u`` as it is, so that all arms share
the same luck.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.parameters import MONTHS, Codebooks, FloatArray, Work
from tiltakseffekt.registers.synthetic.population import NEVER, BoolArray, IntArray, Persons

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Index:
    """What drives work: the index of the person (probit) and the latent propensity, person by month."""

    index: FloatArray
    propensity: Float32
    able: BoolArray


@dataclass(frozen=True)
class Exit:
    """When a person would leave the register without a measure (months since entry), and whether for a job."""

    offset: IntArray
    for_job: BoolArray


@dataclass(frozen=True)
class Pay:
    """What months pay: 2022-kroner in work, nominal kroner of small jobs, agreed position."""

    real: Float32
    small: Float32
    position: FloatArray


def draw_index(seed: int, shard: int, persons: Persons, unemployment: FloatArray, work: Work) -> Index:
    """Draw the index and the latent propensity of each person; unemployment as its distance from the mean."""
    random = named_generator(seed, "registers", shard, "propensity")
    count = len(persons)
    index = (
        np.array(work.education)[persons.education]
        + np.array(work.landgruppe)[persons.landgruppe]
        + np.array(work.age)[persons.age_group]
        + work.woman * persons.female
        + work.unemployment * unemployment
    )
    stays = np.float32(np.sqrt(work.personal_share)) * random.standard_normal(count, dtype=np.float32)
    passing = random.standard_normal((MONTHS, count), dtype=np.float32)
    new = np.float32(np.sqrt(1 - work.persistence**2))
    for column in range(1, MONTHS):
        passing[column] = np.float32(work.persistence) * passing[column - 1] + new * passing[column]
    propensity = ndtr(stays + np.float32(np.sqrt(1 - work.personal_share)) * passing).T
    when = np.arange(MONTHS)
    arrived = np.where(persons.immigrated == NEVER, -NEVER, persons.immigrated)
    able = (
        (when >= (persons.birth + work.youngest * 12)[:, None])
        & (when < (persons.birth + work.oldest * 12)[:, None])
        & (when >= arrived[:, None])
        & (when <= persons.last_month[:, None])
    )
    return Index(index, np.ascontiguousarray(propensity), able)


def probability_before(persons: Persons, index: FloatArray, work: Work) -> Float32:
    """Return the probability of work in each month up to entry (later months hold the value at entry)."""
    months = np.arange(-MONTHS, 1)
    table = np.stack([ndtri(np.interp(months, work.months, knots)) for knots in work.before]).astype(np.float32)
    since = np.clip(np.arange(MONTHS) - persons.entry[:, None], -MONTHS, 0) + MONTHS
    return np.asarray(ndtr(table[persons.profile[:, None], since] + index[:, None].astype(np.float32)))


def probability_after(persons: Persons, index: FloatArray, leaves: Exit, before: Float32, work: Work) -> Float32:
    """Return the no-measure probability of work in every month."""
    profile = persons.profile

    def level(values: FloatArray) -> Float32:
        return np.asarray(ndtr(ndtri(values) + index), dtype=np.float32)[:, None]

    registered = level(np.array(work.registered)[profile])
    after = level(np.where(leaves.for_job, np.array(work.after_job)[profile], np.array(work.after_other)[profile]))
    since = np.arange(MONTHS) - persons.entry[:, None]
    return np.where(since <= 0, before, np.where(since < leaves.offset[:, None], registered, after))


def draw_exits(
    seed: int,
    shard: int,
    persons: Persons,
    index: FloatArray,
    category: IntArray,
    not_before: IntArray,
    switched: BoolArray,
    work: Work,
) -> Exit:
    """Draw exits: a constant monthly probability from `not_before` on, given the covariates.

    Since it is constant, what remains of a registration after a start has the same distribution as after a
    pseudo-start in any other month: treated and controls still registered differ in nothing unmeasured.
    """
    random = named_generator(seed, "registers", shard, "exit")
    profile = persons.profile
    leave = np.where(switched, work.leave_switched, np.array(work.leave)[profile])
    leave = leave * np.array(work.leave_by_work)[category] * np.exp(work.leave_index * index)
    leave = np.clip(leave, *work.leave_limits)
    for_job = np.asarray(ndtr(ndtri(np.array(work.leave_for_job)[profile]) + index))
    return Exit(not_before + random.geometric(leave), random.random(len(persons)) < for_job)


def draw_pay(seed: int, shard: int, persons: Persons, codebooks: Codebooks, work: Work) -> Pay:
    """Draw positions, wages and small jobs."""
    random = named_generator(seed, "registers", shard, "pay")
    count = len(persons)
    position = random.choice(work.positions, count, p=np.array(work.position_shares) / sum(work.position_shares))
    level = (
        np.log(work.full_time_wage)
        + np.array(work.wage_education)[persons.education]
        + np.array(work.wage_age)[persons.age_group]
        + random.normal(0, work.wage_spread, count)
    )
    real = (np.exp(level) * position / 100).astype(np.float32)[:, None]
    noise = np.exp(np.float32(work.wage_noise) * random.standard_normal((count, MONTHS), dtype=np.float32))
    prone = random.random(count) < work.small_job
    share = random.random((count, MONTHS), dtype=np.float32)
    monthly_g = (np.repeat(codebooks.g, 12) / 12).astype(np.float32)
    least, most = work.small_wage
    amount = np.rint((share / work.small_job_months * (most - least) + least) * monthly_g)
    small = np.where(prone[:, None] & (share < work.small_job_months), amount, 0)
    return Pay(real * noise, small.astype(np.float32), position)


def nominal_wage(
    real: Float32, factor: FloatArray | float, columns: IntArray, codebooks: Codebooks, work: Work
) -> FloatArray:
    """Return whole nominal kroner for a month in work that pays `real` 2022-kroner times `factor`."""
    prices = np.repeat(codebooks.prices / codebooks.prices[-1], 12)
    least = np.ceil(work.least_wage * np.repeat(codebooks.g, 12) / 12)
    return np.maximum(np.rint(real.astype(np.float64) * factor * prices[columns]), least[columns])


def at_2022_prices(nominal: FloatArray, columns: IntArray, codebooks: Codebooks) -> FloatArray:
    """Return whole 2022-kroner, deflated by the yearly consumer price index."""
    return np.rint(nominal * np.repeat(codebooks.prices[-1] / codebooks.prices, 12)[columns])


def measured_history(works: BoolArray, entry: IntArray) -> tuple[IntArray, IntArray]:
    """Return ledighetskategori (0, 1, 2) at entry and months in work in the twelve months before.

    Parameters
    ----------
    works
        In work, person by month; only months up to entry are read.
    entry
        Month of entry.
    """
    rows = np.arange(len(entry))[:, None]
    window = works[rows, entry[:, None] - np.arange(13)]
    category = np.where(window[:, 0], 0, np.where(window[:, 1:6].any(axis=1), 1, 2))
    return category, window[:, 1:].sum(axis=1)
