"""The parameters of the simulation (config/synthetic.yaml) and the code books it draws from."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from tiltakseffekt.config.base import Settings

FloatArray = NDArray[np.float64]

#: The simulation runs from January 2005 to December 2022; columns of person-by-month arrays count from there.
FIRST_YEAR: Final = 2005
LAST_YEAR: Final = 2022
MONTHS: Final = (LAST_YEAR - FIRST_YEAR + 1) * 12
ORIGIN: Final = (FIRST_YEAR - 2000) * 12
#: Columns from which the registers tell (config/registers.yaml): residence, education and municipalities from January
#: 2009; jobs, benefits and disability from January 2010, as do the codes of measures (Tabell A-1).
RESIDENCE_BEGINS: Final = (2009 - FIRST_YEAR) * 12
REGISTERS_BEGIN: Final = (2010 - FIRST_YEAR) * 12
#: Column of March 2020, when the pandemic came (seed-004 line 2221).
PANDEMIC: Final = (2020 - FIRST_YEAR) * 12 + 2


def _ordered(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] > pair[1]:
        raise ValueError("the first of the two numbers must not exceed the second")
    return pair


def _sums_to_one(shares: list[float]) -> list[float]:
    if not np.isclose(sum(shares), 1):
        raise ValueError("the shares must sum to one")
    return shares


def _values_sum_to_one(shares: dict[str, float]) -> dict[str, float]:
    _sums_to_one(list(shares.values()))
    return shares


Probability = Annotated[float, Field(ge=0, le=1)]
#: A monthly probability to end, by which a geometric number of months is drawn.
Hazard = Annotated[float, Field(gt=0, le=1)]
Percent = Annotated[float, Field(ge=0, le=100)]
#: Shares that sum to one.
Shares = Annotated[list[Probability], AfterValidator(_sums_to_one)]
NamedShares = Annotated[dict[str, Probability], AfterValidator(_values_sum_to_one)]
#: Whole numbers drawn evenly from the first to the last, both included.
Span = Annotated[tuple[int, int], AfterValidator(_ordered)]
#: Least and most that a value may be.
Limits = Annotated[tuple[float, float], AfterValidator(_ordered)]


class Population(Settings):
    """Who registers, and when."""

    persons: int
    first_group: list[Percent]
    month_of_year: list[float]
    spring_2020: float
    women: list[Percent]
    age: list[list[Percent]]
    ages: list[Span]
    landgruppe: list[list[Percent]]
    education: list[list[Percent]]
    education_under_20: list[Percent]
    moves_on: list[Percent]
    moves_to: list[list[Percent]]
    moves_on_hazard: Hazard
    moves_on_longest: int
    newly_arrived: Probability
    stay_newly_arrived: Span
    stay: Span
    earlier_within_24: Probability
    earlier_gap_recent: Span
    earlier_before: Probability
    earlier_gap: Span
    earlier_length: Span
    earlier_standard: Probability
    earlier_measure: Probability
    earlier_measures: list[str]
    dead: Probability
    emigrated: list[Probability]
    gone_after: Span
    moved: Probability


class Places(Settings):
    """Municipalities and their NAV offices."""

    count: int
    offices: int
    first_number: int
    size_exponent: float
    unemployment: float
    unemployment_spread: float
    unemployment_level: Limits
    unemployment_limits: Limits
    season: float
    pandemic: float
    pandemic_fades: float
    drift_spread: float
    drift_weight: float
    income: float
    income_spread: float
    income_central: float
    income_class: float
    disability: float
    disability_class: float
    disability_spread: float
    disability_limits: Limits
    disability_trend: float


class Work(Settings):
    """Work, registration and wages without a measure."""

    youngest: int
    oldest: int
    months: list[int]
    before: list[list[Probability]]
    persistence: Probability
    personal_share: Probability
    education: list[float]
    landgruppe: list[float]
    age: list[float]
    woman: float
    unemployment: float
    registered: list[Probability]
    after_job: list[Probability]
    after_other: list[Probability]
    leave: list[Hazard]
    leave_switched: Hazard
    leave_by_work: list[float]
    leave_index: float
    leave_limits: Limits
    leave_for_job: list[Probability]
    full_time_wage: float
    wage_education: list[float]
    wage_age: list[float]
    wage_spread: float
    wage_noise: float
    least_wage: float
    positions: list[float]
    position_shares: list[Percent]
    small_job: Probability
    small_job_months: Hazard
    small_wage: Limits


class Selection(Settings):
    """Who starts which measure, and when."""

    treated: dict[str, list[float]]
    standard_switches: Probability
    switch_by_work: list[float]
    switch_early: int
    switch_after_jobbklubb: Hazard
    months_worked: dict[str, float]
    months_worked_centre: int
    unemployment: dict[str, float]
    office_spread: float
    start: list[list[Percent]]
    later: list[list[Percent]]
    later_months: list[int]
    never: list[Percent]
    jobbklubb_in_standard: Probability
    outside: list[Probability]
    outside_within: int
    outside_measures: list[str]
    reduced_at_start: dict[str, Probability]
    reduced_at_start_other: Probability
    reduced_without_measure: Probability
    reduced_goes_back: Probability
    reduced_to_permanent: Probability
    permanent_after: Span
    other_at_start: Probability
    log_odds: dict[str, dict[str, list[float]]]


class Measures(Settings):
    """Courses of measures."""

    duration: dict[str, float]
    shape: dict[str, float]
    scale: dict[str, float]
    longest: int
    followed: dict[str, Percent]
    pause: Span
    next: dict[str, dict[str, float]]
    long_after: Probability
    long_pause: int
    long_pause_ends: Hazard
    longest_gap: int
    back_before: Span
    back_ends: Hazard
    tiltakspenger: dict[str, Percent]
    mentor: Probability
    codes: dict[str, dict[str, float]]


class Receipt(Settings):
    """Share who receive a benefit, per NAV group, among those with this many months in work of the last twelve."""

    share: list[Probability]
    worked: Span


class Receipts(Settings):
    """Who receives which benefit; tiltakspenger follow the measures."""

    dagpenger: Receipt
    sosialhjelp: Receipt
    sykepenger: Receipt
    sykepenger_short: Receipt
    aap: Receipt
    kvalifiseringsstonad: Receipt
    introduksjonsstonad: Receipt


class Benefits(Settings):
    """Benefits: amounts, who receives them, and how long."""

    amount: dict[str, float]
    receipt: Receipts
    dagpenger_ends: Hazard
    dagpenger_longest: int
    sosialhjelp_before: Span
    sosialhjelp_ends: Hazard
    sykepenger_months: int
    sykepenger_short_before: int
    sykepenger_short_months: Span
    kvalifiseringsstonad_months: int
    introduksjonsstonad_after: int
    introduksjonsstonad_months: Span
    introduksjonsstonad_arrived: int


class Disability(Settings):
    """Disability benefit before entry and after the registration."""

    before: list[Probability]
    before_for: Span
    degrees: list[int]
    degree_shares: Shares
    after: list[Probability]
    degree_after: int


class Tables(Settings):
    """What fills the register tables and touches neither selection nor outcomes."""

    countries: list[list[str]]
    immigration_category: NamedShares
    nus2000: list[list[str]]
    adult: int
    couples: Probability
    couple_age: int
    parents: Probability
    children: Span
    parent_age: float
    parent_age_spread: float
    parent_age_limits: Limits
    family_unknown: Probability
    employers: int
    occupations: list[str]
    industries: list[str]
    sectors: NamedShares
    small_positions: tuple[float, float]
    small_position_larger: Probability
    second_job: Probability
    second_job_share: Probability
    second_job_least: float
    second_job_position: Percent
    first_job_keeps: float
    business: Probability
    business_income: float
    business_spread: float


class Effects(Settings):
    """Planted effects of the measures."""

    months: list[int]
    profile: dict[str, list[float]]
    months_in_work: dict[str, list[float]]
    wage_income: dict[str, list[float]]
    shift: dict[str, list[float]]
    wage: dict[str, list[float]]
    lowest_probability: Probability
    highest_probability: Probability


class Heterogeneity(Settings):
    """How effects differ between groups."""

    share: Probability
    differences: dict[str, dict[str, list[float]]]


class Parameters(Settings):
    """All parameters of the simulation, as in config/synthetic.yaml."""

    population: Population
    municipalities: Places
    work: Work
    selection: Selection
    measures: Measures
    benefits: Benefits
    disability: Disability
    tables: Tables
    effects: Effects
    composition: dict[str, dict[str, list[Percent]]]
    heterogeneity: Heterogeneity


def read_parameters(path: str | Path) -> Parameters:
    """Read and check the parameters of the simulation."""
    return Parameters.model_validate(yaml.safe_load(Path(path).read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Codebooks:
    """What the simulation takes from the code books.

    Parameters
    ----------
    g, prices
        Basic amount from 1 May (kroner) and consumer price index, one value for each year 2005-2022.
    group_codes
        Arena codes of each NAV group.
    code_months
        First and last month (YYYYMM) in which each Arena code of a measure ran.
    """

    g: FloatArray
    prices: FloatArray
    group_codes: dict[str, list[str]]
    code_months: dict[str, tuple[int, int]]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _yearly(path: Path, column: str) -> FloatArray:
    values = {int(row["year"]): float(row[column]) for row in _rows(path)}
    return np.array([values[year] for year in range(FIRST_YEAR, LAST_YEAR + 1)])


def read_codebooks(
    grunnbelop: str | Path, kpi: str | Path, innsatsgruppe: str | Path, tiltaksgruppering: str | Path
) -> Codebooks:
    """Read the code books from their files."""
    months: dict[str, tuple[int, int]] = {}
    for row in _rows(Path(tiltaksgruppering)):
        if row["start"]:
            start, stop = int(row["start"]), int(row["stop"])
            before = months.get(row["code"], (start, stop))
            months[row["code"]] = (min(before[0], start), max(before[1], stop))
    return Codebooks(
        g=_yearly(Path(grunnbelop), "g_1_may"),
        prices=_yearly(Path(kpi), "kpi_2015_100"),
        group_codes={
            row["key"]: row["arena_codes"].split("|") for row in _rows(Path(innsatsgruppe)) if row["arena_codes"]
        },
        code_months=months,
    )
