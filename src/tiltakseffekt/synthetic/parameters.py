"""The parameters of the simulation (config/synthetic/lives.yaml) and the code books it draws from."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.settings import Settings
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.synthetic.keyed import (
    ByAge,
    ByAgeOfStarters,
    ByCategory,
    ByEducation,
    ByEntryGroup,
    ByGroup,
    ByLandgruppe,
    ByMonthOfYear,
    BySex,
    ByYearOfEffect,
    Rising,
    exactly,
    wrong_keys,
)
from tiltakseffekt.synthetic.permanent.parameters import Permanent, Weights
from tiltakseffekt.synthetic.rulebook import FOLLOW, WINDOW

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

# Where the bands of months begin, after the first from 0: in the job, without a job, registered, out of the register,
# and registered before a later measure.
TENURE: Final = (3, 12, 36)
WITHOUT_WORK: Final = (6, 12, 24)
REGISTERED_FOR: Final = (6, 12, 24)
OUT_FOR: Final = (24, 60)
WAITED: Final = (2, 6, 12, 18, 24)

#: Groups of measures that are for good and have no codes here (permanent.yaml).
_FOR_GOOD: Final = ("varig_lonnstilskudd", "vta")
#: Fitted maps that hold every measure.
_BY_MEASURE: Final = ("later_arms", "log_odds", "length", "followed", "next", "tiltakspenger", "shift")


def _ordered(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] > pair[1]:
        raise ValueError("the first of the two numbers must not exceed the second")
    return pair


def _sum_to_one(shares: dict[str, float]) -> dict[str, float]:
    if not np.isclose(sum(shares.values()), 1):
        raise ValueError("the shares must sum to one")
    return shares


def _falling(shares: dict[float, float]) -> dict[float, float]:
    return dict(sorted(shares.items(), reverse=True))


Probability = Annotated[float, Field(ge=0, le=1)]
#: A monthly probability to end, by which a geometric number of months is drawn.
Hazard = Annotated[float, Field(gt=0, le=1)]
Percent = Annotated[float, Field(ge=0, le=100)]
#: Shares that sum to one.
NamedShares = Annotated[dict[str, Probability], AfterValidator(_sum_to_one)]
#: Read from the largest key down.
Falling: Final = AfterValidator(_falling)
#: Whole numbers drawn evenly from the first to the last, both included.
Span = Annotated[tuple[int, int], AfterValidator(_ordered)]
#: Least and most that a value may be.
Limits = Annotated[tuple[float, float], AfterValidator(_ordered)]


class Population(Settings):
    """Who registers, and when."""

    ages: ByAge[Span]
    education_under_20: ByEducation[Percent]
    year: Annotated[dict[int, float], exactly(*range(FIRST_YEAR, LAST_YEAR + 1))]
    month_of_year: ByMonthOfYear[float]
    spring_2020: float
    newly_arrived: ByGroup[Probability]
    stay_newly_arrived: Span
    stay: Span
    dies: ByAge[Probability]
    emigrates: ByLandgruppe[Probability]
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

    season: ByMonthOfYear[float]
    gap_back: ByGroup[Hazard]
    job_back: ByGroup[Hazard]
    education: ByEducation[float]
    landgruppe: ByLandgruppe[float]
    age: ByAge[float]
    woman: float
    unemployment: float
    trait: float
    lose_tenure: Annotated[dict[int, float], exactly(0, *TENURE)]
    full_time_wage: float
    wage_education: ByEducation[float]
    wage_age: ByAge[float]
    wage_spread: float
    least_wage: float
    position_shares: ByGroup[Annotated[dict[Percent, Percent], Falling]]
    small_job: Probability
    small_job_months: Probability


class Registration(Settings):
    """Leaving and coming back to the register, and changes of group before a start."""

    leave_time: ByGroup[Annotated[dict[int, float], exactly(0, *REGISTERED_FOR)]]
    register_time: Annotated[dict[int, float], exactly(0, *OUT_FOR)]
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
    years: dict[str, Annotated[dict[int, float], Rising]]


class Measures(Settings):
    """Courses of measures."""

    duration: dict[str, float]
    shape: dict[str, float]
    scale: dict[str, float]
    longest: int
    beside_outlasts: Probability
    codes: dict[str, dict[str, float]]

    @property
    def started(self) -> tuple[str, ...]:
        """Measures that are started, as first ones or later, in the order in which arrays count them."""
        return tuple(self.duration)

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of measures by which spells are numbered: what is started, then what runs beside or is for good."""
        return (*self.started, *(group for group in self.codes if group not in self.duration), *_FOR_GOOD)


class Benefits(Settings):
    """Benefits: amounts, and who receives them."""

    amount: Annotated[dict[str, float], exactly(*keys.BENEFITS)]
    dagpenger: ByGroup[Probability]
    aap: ByGroup[Probability]
    sykepenger: ByGroup[Probability]
    sosialhjelp: ByGroup[Probability]
    sick_before: ByGroup[Probability]
    sick_months: ByGroup[int]
    kvalifiseringsstonad: Probability


class Disability(Settings):
    """Disability benefit."""

    before: ByGroup[Probability]
    granted: ByGroup[ByAge[Probability]]
    full: Probability
    leaves: Probability
    finds: float


class Education(Settings):
    """Ongoing education."""

    study: ByAge[Probability]
    study_ends: Probability
    study_measure: dict[str, Probability]
    study_least: int


class Tables(Settings):
    """What fills the register tables and touches neither selection nor outcomes."""

    countries: ByLandgruppe[list[str]]
    immigration_category: NamedShares
    nus2000: ByEducation[list[str]]
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
    small_positions: Annotated[dict[str, Percent], exactly("larger", "smaller")]
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

    profile: dict[str, Annotated[dict[int, float], Rising]]
    months_in_work: dict[str, ByYearOfEffect[float]]
    wage_income: dict[str, ByYearOfEffect[float]]
    at_start: dict[str, Probability]
    renew: Probability


class Characteristics(Settings):
    """Numbers of those who start a measure, by characteristic."""

    innsatsgruppe: ByEntryGroup[float]
    sex: BySex[float]
    age: ByAgeOfStarters[float]
    landgruppe: ByLandgruppe[float]
    education: ByEducation[float]
    ledighetskategori: ByCategory[float]


class Differences(Settings):
    """Differences of an effect by characteristic; education is not one of them (Tabell 6-7)."""

    innsatsgruppe: ByEntryGroup[float]
    sex: BySex[float]
    age: ByAgeOfStarters[float]
    landgruppe: ByLandgruppe[float]
    ledighetskategori: ByCategory[float]


class LogOdds(Settings):
    """Log odds of a measure against none: by entry group, and by what else is fitted."""

    innsatsgruppe: ByEntryGroup[float]
    sex: BySex[float] | None = None
    age: ByAgeOfStarters[float] | None = None
    landgruppe: ByLandgruppe[float] | None = None
    education: ByEducation[float] | None = None
    ledighetskategori: ByCategory[float] | None = None


class Factors(Settings):
    """Factors by what a person is."""

    age: ByAge[float]
    education: ByEducation[float]
    landgruppe: ByLandgruppe[float]
    sex: BySex[float]


class Heterogeneity(Settings):
    """How effects differ between groups."""

    share: Probability
    differences: dict[str, Differences]


class Reference(Settings):
    """What fitted shares stay near to: per cent per NAV group, and the largest factor between the two."""

    within: float
    women: ByGroup[Percent]
    age: ByGroup[ByAge[Percent]]
    landgruppe: ByGroup[ByLandgruppe[Percent]]
    education: ByGroup[ByEducation[Percent]]
    again: ByGroup[ByGroup[Percent]]


class Fitted(Settings):
    """What is fitted to printed tables (config/synthetic/fitted.yaml)."""

    persons: int
    first_group: ByGroup[Percent]
    women: ByGroup[Percent]
    age: ByGroup[ByAge[Percent]]
    landgruppe: ByGroup[ByLandgruppe[Percent]]
    education: ByGroup[ByEducation[Percent]]
    work_at_entry: ByGroup[ByCategory[Percent]]
    find: ByGroup[ByCategory[Probability]]
    find_gap: Annotated[dict[int, float], exactly(0, *WITHOUT_WORK)]
    lose: ByGroup[Probability]
    notice: ByGroup[Probability]
    leave_work: ByGroup[Probability]
    leave_idle: ByGroup[Probability]
    moves_first_year: ByGroup[ByGroup[Probability]]
    moves_later: ByGroup[ByGroup[Probability]]
    register_lost: ByGroup[Probability]
    register_idle: ByGroup[Probability]
    register_work: ByGroup[Probability]
    register_sick: Probability
    again: ByGroup[ByGroup[Percent]]
    switches: ByCategory[Probability]
    switches_age: ByAge[float]
    start: ByEntryGroup[Annotated[dict[int, float], exactly(*range(WINDOW))]]
    later: ByGroup[Annotated[dict[int, Probability], exactly(0, *WAITED)]]
    later_again: ByGroup[Probability]
    later_tilt: float
    later_work: ByCategory[float]
    later_by: Factors
    reduced_by: Factors
    later_arms: dict[str, ByGroup[float]]
    log_odds: dict[str, LogOdds]
    length: dict[str, float]
    length_group: ByGroup[float]
    length_age: ByAge[float]
    followed: dict[str, Percent]
    next: dict[str, dict[str, float]]
    tiltakspenger: dict[str, Percent]
    beside: dict[str, dict[str, Probability]]
    disabled: float
    shift: dict[str, ByYearOfEffect[float]]
    wage: dict[str, ByYearOfEffect[float]]
    base: ByEntryGroup[ByCategory[Annotated[dict[int, Probability], exactly(*range(FOLLOW + 1))]]]


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
    composition: dict[str, Characteristics]
    heterogeneity: Heterogeneity
    reference: Reference
    fitted: Fitted
    permanent: Permanent
    permanent_weights: Weights

    @property
    def treated(self) -> tuple[str, ...]:
        """Measures with a planted effect of their own; the last is that to which all others are counted."""
        return tuple(arm for arm in self.measures.started if arm in self.effects.profile)

    @model_validator(mode="after")
    def _measures_are_the_same_everywhere(self) -> Self:
        started, treated = self.measures.started, self.treated
        if treated != started[: len(treated)] or treated[-1:] != (keys.OTHER_MEASURES,):
            raise ValueError(
                "measures.duration begins with the measures that have an effect in effects.profile; the last of them "
                f"is {keys.OTHER_MEASURES}"
            )
        errors = [*self._of_all(started), *self._of_some()]
        if errors:
            raise ValidationError.from_exception_data("measures", errors)
        return self

    def _of_all(self, started: tuple[str, ...]) -> list[InitErrorDetails]:
        """Return what is wrong with the maps that hold every measure, or every one with an effect of its own."""
        fitted, own = self.fitted, self.treated[:-1]
        whole: dict[tuple[str, ...], Mapping[str, Any]] = {
            ("measures", "shape"): self.measures.shape,
            ("measures", "scale"): self.measures.scale,
            **{("fitted", name): getattr(fitted, name) for name in _BY_MEASURE},
        }
        of_own: dict[tuple[str, ...], Mapping[str, Any]] = {
            ("composition",): self.composition,
            ("heterogeneity", "differences"): self.heterogeneity.differences,
        }
        return [
            *chain.from_iterable(wrong_keys(values, started, path) for path, values in whole.items()),
            *chain.from_iterable(wrong_keys(values, own, path) for path, values in of_own.items()),
            *wrong_keys(self.effects.months_in_work, self.treated, ("effects", "months_in_work")),
        ]

    def _of_some(self) -> list[InitErrorDetails]:
        """Return the keys of other maps by measure that are none."""
        started, groups, fitted = self.measures.started, self.measures.groups, self.fitted
        some: dict[tuple[str, ...], Mapping[str, Any]] = {
            ("registration", "reduced_at_start"): self.registration.reduced_at_start,
            ("selection", "months_worked"): self.selection.months_worked,
            ("selection", "unemployment"): self.selection.unemployment,
            ("selection", "years"): self.selection.years,
            ("education", "study_measure"): self.education.study_measure,
            ("effects", "profile"): self.effects.profile,
            ("effects", "wage_income"): self.effects.wage_income,
            ("effects", "at_start"): self.effects.at_start,
            ("fitted", "wage"): fitted.wage,
            ("fitted", "beside"): fitted.beside,
            **{("fitted", "next", arm): others for arm, others in fitted.next.items()},
        }
        beside = {("fitted", "beside", arm): others for arm, others in fitted.beside.items()}
        return [
            *chain.from_iterable(wrong_keys(values, started, path, whole=False) for path, values in some.items()),
            *chain.from_iterable(wrong_keys(values, groups, path, whole=False) for path, values in beside.items()),
        ]


def read_parameters(
    lives: str | Path, fitted: str | Path, permanent: str | Path, permanent_weights: str | Path
) -> Parameters:
    """Read and check the parameters: those of lives and those of permanent measures, each with what is fitted.

    Raises
    ------
    FaultsFound
        With every value that cannot be and every key that is missing or unknown, in all four files.
    """
    parts = {"fitted": Path(fitted), "permanent": Path(permanent), "permanent_weights": Path(permanent_weights)}
    try:
        return Parameters.model_validate(
            {**read_yaml(lives), **{name: read_yaml(file) for name, file in parts.items()}}
        )
    except ValidationError as error:
        raise FaultsFound([_fault(details, Path(lives), parts) for details in error.errors()]) from None


def _fault(details: ErrorDetails, lives: Path, parts: Mapping[str, Path]) -> Fault:
    path = [str(place) for place in details["loc"]]
    file = parts.get(path[0]) if path else None
    where = path[1:] if file else path
    rule = details["msg"].removeprefix("Value error, ")
    return Fault((file or lives).name, ".".join(where), rule, 1, "Correct the entry.")


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
