"""The parameters of the simulation (config/synthetic/lives.yaml) and the code books it draws from."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from tiltakseffekt.core.keys import TREATED_ARMS
from tiltakseffekt.core.settings import Settings
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.synthetic.permanent.parameters import Permanent, Weights

FloatArray = NDArray[np.float64]

#: Months are counted from January 2000, when lives begin to be simulated; NAV's tables run to December 2023
#: (vlt_rapport), those of Statistics Norway to December 2022 (effektrapport_2024 lines 690-707).
FIRST_YEAR: Final = 2000
NAV_YEARS: Final = 24
MONTHS: Final = NAV_YEARS * 12
LAST_YEAR: Final = 2022
STATISTICS_END: Final = (LAST_YEAR + 1 - FIRST_YEAR) * 12
#: Months from which the registers tell (config/registers.yaml): NAV groups, measures and income from January 2005;
#: residence, education and municipalities from January 2009; jobs, benefits and disability from January 2010.
DELIVERY_BEGINS: Final = (2005 - FIRST_YEAR) * 12
RESIDENCE_BEGINS: Final = (2009 - FIRST_YEAR) * 12
REGISTERS_BEGIN: Final = (2010 - FIRST_YEAR) * 12
#: The delivered population had a NAV group in one of these months (effektrapport_2024 lines 678-687).
POPULATION: Final = ((2009 - FIRST_YEAR) * 12, STATISTICS_END)
#: Month of March 2020, when the pandemic came (effektrapport_2024 line 2221).
PANDEMIC: Final = (2020 - FIRST_YEAR) * 12 + 2

#: Measures that are started later than as a planned first one, beside those of the effect sample.
LATER_ARMS: Final = (*TREATED_ARMS, "ips", "helsemessig_utredning")
#: Groups of measures by which spells are numbered: the later arms, then those that run beside or are for good.
SPELL_GROUPS: Final = (*LATER_ARMS, "tilrettelegging_bedrift", "varig_lonnstilskudd", "vta")


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

    ages: list[Span]
    education_under_20: list[Percent]
    year: list[float]
    month_of_year: list[float]
    spring_2020: float
    newly_arrived: list[Probability]
    stay_newly_arrived: Span
    stay: Span
    dies: list[Probability]
    emigrates: list[Probability]
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


class Times(Settings):
    """Months in which times are other than usual, and factors on finding work, losing it, and registering."""

    first: int
    last: int
    finding: float
    losing: float
    registering: float


class Work(Settings):
    """Work and wages without a measure."""

    season: list[float]
    gap_back: list[Hazard]
    job_back: list[Hazard]
    education: list[float]
    landgruppe: list[float]
    age: list[float]
    woman: float
    unemployment: float
    trait: float
    lose_tenure: list[float]
    full_time_wage: float
    wage_education: list[float]
    wage_age: list[float]
    wage_spread: float
    least_wage: float
    positions: list[float]
    position_shares: list[list[Percent]]
    small_job: Probability
    small_job_months: Probability


class Registration(Settings):
    """Leaving and coming back to the register, and changes of group before a start."""

    leave_time: list[list[float]]
    register_time: list[float]
    switch_power: float
    jobbklubb_first: Probability
    reduced_at_start: dict[str, Probability]
    reduced_at_start_other: Probability
    reduced_without_measure: Probability


class Selection(Settings):
    """Who starts which measure, and when, beside what is fitted."""

    months_worked: dict[str, float]
    unemployment: dict[str, float]
    office_spread: float
    trait: float
    cap: float
    years: dict[str, dict[int, float]]


class Measures(Settings):
    """Courses of measures."""

    duration: dict[str, float]
    shape: dict[str, float]
    scale: dict[str, float]
    longest: int
    beside_outlasts: Probability
    codes: dict[str, dict[str, float]]


class Benefits(Settings):
    """Benefits: amounts, and who receives them."""

    amount: dict[str, float]
    dagpenger: list[Probability]
    aap: list[Probability]
    sykepenger: list[Probability]
    sosialhjelp: list[Probability]
    sick_before: list[Probability]
    sick_months: list[int]
    kvalifiseringsstonad: Probability


class Disability(Settings):
    """Disability benefit."""

    before: list[Probability]
    granted: list[list[Probability]]
    full: Probability
    leaves: Probability
    finds: float


class Education(Settings):
    """Ongoing education."""

    study: list[Probability]
    study_ends: Probability
    study_measure: dict[str, Probability]
    study_least: int


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
    at_start: dict[str, Probability]
    renew: Probability


class Heterogeneity(Settings):
    """How effects differ between groups."""

    share: Probability
    differences: dict[str, dict[str, list[float]]]


class Reference(Settings):
    """What fitted shares stay near to: per cent per NAV group, and the largest factor between the two."""

    within: float
    women: list[Percent]
    age: list[list[Percent]]
    landgruppe: list[list[Percent]]
    education: list[list[Percent]]
    again: list[list[Percent]]


class Fitted(Settings):
    """What is fitted to printed tables (config/synthetic/fitted.yaml); lists in the orders of core/keys.py."""

    persons: int
    first_group: list[Percent]
    women: list[Percent]
    age: list[list[Percent]]
    landgruppe: list[list[Percent]]
    education: list[list[Percent]]
    work_at_entry: list[list[Percent]]
    find: list[list[Probability]]
    find_gap: list[float]
    lose: list[Probability]
    notice: list[Probability]
    leave_work: list[Probability]
    leave_idle: list[Probability]
    moves_first_year: list[list[Probability]]
    moves_later: list[list[Probability]]
    register_lost: list[Probability]
    register_idle: list[Probability]
    register_work: list[Probability]
    register_sick: Probability
    again: list[list[Percent]]
    switches: list[Probability]
    switches_age: list[float]
    start: list[list[float]]
    later: list[list[Probability]]
    later_again: list[Probability]
    later_tilt: float
    later_work: list[float]
    later_by: dict[str, list[float]]
    reduced_by: dict[str, list[float]]
    later_arms: dict[str, list[float]]
    log_odds: dict[str, dict[str, list[float]]]
    length: dict[str, float]
    length_group: list[float]
    length_age: list[float]
    followed: dict[str, Percent]
    next: dict[str, dict[str, float]]
    tiltakspenger: dict[str, Percent]
    beside: dict[str, dict[str, Probability]]
    disabled: float
    shift: dict[str, list[float]]
    wage: dict[str, list[float]]
    base: list[list[list[Probability]]]


class Parameters(Settings):
    """All parameters of the simulation: config/synthetic/lives.yaml and what is fitted."""

    population: Population
    municipalities: Places
    cycle: list[Times]
    work: Work
    registration: Registration
    selection: Selection
    measures: Measures
    benefits: Benefits
    disability: Disability
    education: Education
    tables: Tables
    effects: Effects
    composition: dict[str, dict[str, list[float]]]
    heterogeneity: Heterogeneity
    reference: Reference
    fitted: Fitted
    permanent: Permanent
    permanent_weights: Weights


def read_parameters(
    lives: str | Path, fitted: str | Path, permanent: str | Path, permanent_weights: str | Path
) -> Parameters:
    """Read and check the parameters: those of lives and those of permanent measures, each with what is fitted."""
    files = {"fitted": fitted, "permanent": permanent, "permanent_weights": permanent_weights}
    chosen, *parts = (read_yaml(file) for file in (lives, *files.values()))
    return Parameters.model_validate({**chosen, **dict(zip(files, parts, strict=True))})


@dataclass(frozen=True)
class Codebooks:
    """What the simulation takes from the code books.

    Parameters
    ----------
    g, prices
        Basic amount from 1 May (kroner) and consumer price index, one value for each year from 2000 to 2023; years
        before 2005, which no table shows, have the value of 2005.
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
    first = min(values)
    return np.array([values[max(year, first)] for year in range(FIRST_YEAR, FIRST_YEAR + NAV_YEARS)])


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
