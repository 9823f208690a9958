"""The parameters of the simulation (config/synthetic.yaml) and the code books it draws from."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import yaml
from numpy.typing import NDArray

from tiltakseffekt.config.base import Settings

FloatArray = NDArray[np.float64]

#: The simulation runs from January 2005 to December 2022; columns of person-by-month arrays count from there.
FIRST_YEAR: Final = 2005
LAST_YEAR: Final = 2022
MONTHS: Final = (LAST_YEAR - FIRST_YEAR + 1) * 12
ORIGIN: Final = (FIRST_YEAR - 2000) * 12


class Population(Settings):
    """Who registers, and when."""

    persons: int
    first_group: list[float]
    month_of_year: list[float]
    spring_2020: float
    women: list[float]
    age: list[list[float]]
    landgruppe: list[list[float]]
    education: list[list[float]]
    education_under_20: list[float]
    moves_on: list[float]
    moves_to: list[list[float]]
    moves_on_hazard: float
    earlier_within_24: float
    earlier_before: float
    earlier_measure: float
    dead: float
    emigrated: list[float]


class Work(Settings):
    """Work, registration and wages without a measure."""

    months: list[int]
    before: list[list[float]]
    persistence: float
    personal_share: float
    education: list[float]
    landgruppe: list[float]
    age: list[float]
    woman: float
    unemployment: float
    registered: list[float]
    after_job: list[float]
    after_other: list[float]
    leave: list[float]
    leave_switched: float
    leave_by_work: list[float]
    leave_for_job: list[float]
    full_time_wage: float
    wage_education: list[float]
    wage_age: list[float]
    wage_spread: float
    positions: list[float]
    position_shares: list[float]
    second_job: float
    small_job: float


class Selection(Settings):
    """Who starts which measure, and when."""

    treated: dict[str, list[float]]
    standard_switches: float
    switch_by_work: list[float]
    months_worked: dict[str, float]
    unemployment: dict[str, float]
    office_spread: float
    start: list[list[float]]
    later: list[list[float]]
    never: list[float]
    jobbklubb_in_standard: float
    unswitched_jobbklubb: float
    reduced_at_start: dict[str, float]
    reduced_at_start_other: float
    other_at_start: float
    log_odds: dict[str, dict[str, list[float]]]


class Measures(Settings):
    """Courses of measures."""

    duration: dict[str, float]
    shape: dict[str, float]
    scale: dict[str, float]
    longest: int
    followed: dict[str, float]
    next: dict[str, dict[str, float]]
    tiltakspenger: dict[str, float]
    mentor: float
    codes: dict[str, dict[str, float]]


class Effects(Settings):
    """Planted effects of the measures."""

    months: list[int]
    profile: dict[str, list[float]]
    months_in_work: dict[str, list[float]]
    wage_income: dict[str, list[float]]
    shift: dict[str, list[float]]
    wage: dict[str, list[float]]
    lowest_probability: float
    highest_probability: float


class Heterogeneity(Settings):
    """How effects differ between groups."""

    share: float
    differences: dict[str, dict[str, list[float]]]


class Parameters(Settings):
    """All parameters of the simulation, as in config/synthetic.yaml."""

    population: Population
    work: Work
    selection: Selection
    measures: Measures
    effects: Effects
    composition: dict[str, dict[str, list[float]]]
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
