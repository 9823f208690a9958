"""The parameters of the permanent measures (config/synthetic/permanent.yaml) and their fitted weights."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from tiltakseffekt.core.settings import MonthText, Settings
from tiltakseffekt.core.yaml_files import read_yaml

Probability = Annotated[float, Field(ge=0, le=1)]
Percent = Annotated[float, Field(ge=0, le=100)]
Factor = Annotated[float, Field(ge=0)]


class Rules(Settings):
    """When these measures may touch a life at all."""

    wait: int
    sample: tuple[MonthText, MonthText]
    sample_wait: int
    washout: int
    youngest: int
    subsidy_ages: tuple[int, int]
    sheltered_last_age: int


class Places(Settings):
    """Quantiles of the places of a sheltered firm."""

    at: list[Probability]
    places: list[float]


class Units(Settings):
    """County units of NAV, in the order of the codebook."""

    keys: list[str]
    population: list[Factor]
    providers: list[int]
    places: Places


class Hours(Settings):
    """Agreed hours a week."""

    shares: list[Probability]
    part_time: list[float]
    part_time_shares: list[Probability]
    over: float
    full: float


class Industry(Settings):
    """A row of Tabell 5-2 of vlt_rapport."""

    divisions: list[str]
    share: Probability
    latest: Probability


class Beside(Settings):
    """A measure beside the subsidy."""

    code: str
    share: Probability
    months: float


class After(Settings):
    """What follows the subsidy."""

    sheltered: tuple[Probability, Probability]
    full_disability: Probability
    disability: Probability
    benefits: list[Probability]
    months: int
    retired_none: Probability
    registered: Probability
    measure: Probability
    measure_codes: list[str]
    measure_months: float


class Subsidy(Settings):
    """Varig lønnstilskudd and tidsubestemt lønnstilskudd."""

    starts: list[Factor]
    predecessor: list[Factor]
    transfer: list[Probability]
    measure_before: list[Percent]
    measure_half_year: list[Percent]
    benefit_before: list[Percent]
    benefit_half_year: list[Percent]
    age: list[Percent]
    sex: list[Percent]
    units: list[Factor]
    wage_subsidy_units: list[Percent]
    kept: list[Percent]
    wage_subsidy_months: list[Percent]
    kept_after_sickness: Percent
    predecessor_kept: Percent
    predecessor_older: float
    predecessor_disabled: Probability
    kept_months: int
    exits: Probability
    exits_tenure: list[Factor]
    exits_age: list[Factor]
    exits_benefit: tuple[Factor, Factor]
    reduced: Probability
    other_benefit: Probability
    disabled: Probability
    full_stays: Probability
    degrees: list[int]
    degree_shares: list[Probability]
    hours: Hours
    cost: list[Factor]
    cost_spread: Factor
    cost_factor: Factor
    rates: list[Percent]
    rate_shares: list[Probability]
    rate_hours: list[float]
    rate_units: list[float]
    rate_new: float
    rate_new_units: list[float]
    first_year: Percent
    later: Percent
    cap: float
    change: Probability
    reduced_rates: Probability
    step: float
    industries: list[Industry]
    sectors: list[list[Probability]]
    beside: list[Beside]
    after: After


class Sheltered(Settings):
    """VTA in sheltered firms."""

    stock: list[Factor]
    age: list[Percent]
    men: Probability


class Ordinary(Settings):
    """VTA in ordinary firms."""

    stock: list[Factor]
    age: list[Percent]
    men: Probability
    units: list[Factor]
    to_sheltered: Probability
    from_sheltered: Probability


class Vta(Settings):
    """What both kinds of VTA share."""

    exits: list[Probability]
    interrupted: list[Probability]
    benefit: list[Factor]
    permanent: Factor
    disability_waits: Probability
    disability_wait: tuple[int, int]
    wage: tuple[float, float]
    hours: float


class Diagnoses(Settings):
    """Shares of the diagnosis groups, by kind of person, and how many have one."""

    groups: dict[str, list[Factor]]
    registered: list[Probability]


class Permanent(Settings):
    """All parameters of the permanent measures."""

    rules: Rules
    units: Units
    subsidy: Subsidy
    sheltered: Sheltered
    ordinary: Ordinary
    vta: Vta
    diagnosis: Diagnoses


class Weights(Settings):
    """Log weights of the monthly probabilities to start, fitted to the targets on simulated lives (`fitting`).

    Lists follow the categories of the targets of the same name; years count from 2000.
    """

    subsidy_year: list[float]
    subsidy_measure_before: list[float]
    subsidy_measure_half_year: list[float]
    subsidy_benefit_before: list[float]
    subsidy_benefit_half_year: list[float]
    subsidy_age: list[float]
    subsidy_sex: list[float]
    subsidy_unit: list[float]
    subsidy_wage_subsidy_unit: list[float]
    subsidy_kept: list[float]
    subsidy_sick: list[float]
    subsidy_months: list[float]
    predecessor_year: list[float]
    predecessor_kept: list[float]
    sheltered_year: list[float]
    sheltered_age: list[float]
    sheltered_sex: list[float]
    ordinary_year: list[float]
    ordinary_age: list[float]
    ordinary_sex: list[float]


def read_permanent(path: str | Path) -> Permanent:
    """Read and check the parameters."""
    return Permanent.model_validate(read_yaml(path))
