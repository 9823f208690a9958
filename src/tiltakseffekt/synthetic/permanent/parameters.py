"""The parameters of the permanent measures (config/synthetic/permanent.yaml) and their fitted weights."""

from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import Field

from tiltakseffekt.core.settings import MonthText, Settings
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.synthetic.keyed import BySex, Rising, exactly

_LAST_YEAR: Final = 2023
#: County units of NAV (config/codebook/fylkesenhet.csv).
COUNTY_UNITS: Final = (
    "ost_viken",
    "oslo",
    "innlandet",
    "vest_viken",
    "vestfold_og_telemark",
    "agder",
    "rogaland",
    "vestland",
    "more_og_romsdal",
    "nordland",
    "troms_og_finnmark",
    "trondelag",
)
#: Rows of Tabell 5-3 (vlt_rapport) as arrays count them: no measure, those named, all others.
MEASURES_BEFORE: Final = (
    "ikke_tiltak",
    "midl_lonnstilskudd",
    "tilrettelagt_arbeid",
    "arbeidstrening",
    "aft",
    "oppfolging",
    "alle_andre_tiltak",
)
#: Benefits before the start as arrays count them: main benefits of lives, then uføretrygd in part and in full.
BENEFITS_BEFORE: Final = (
    "ingen_ytelse",
    "aap",
    "dagpenger",
    "tiltakspenger",
    "sykepenger",
    "gradert_uforetrygd",
    "full_uforetrygd",
)
HOURS: Final = ("deltid", "heltid", "over_37_5_timer")
SECTORS: Final = ("private", "public_enterprise", "municipal", "state")
ARRANGEMENTS: Final = ("skjermet", "ordinaer")
#: Months in VTA from which the middle and the long stays begin.
INTERRUPTED_FROM: Final = (13, 37)
#: What a person has who may come into VTA, as arrays count it.
HAS: Final = ("ingen_ytelse", "andre_ytelser", "aap", "gradert_uforetrygd", "full_uforetrygd")
#: Persons by whose diagnoses shares are given, as arrays count them.
DIAGNOSED: Final = ("vta", "varig_lonnstilskudd", "andre")

T = TypeVar("T")
ByUnit = Annotated[dict[str, T], exactly(*COUNTY_UNITS)]
ByHours = Annotated[dict[str, T], exactly(*HOURS)]
ByMeasureBefore = Annotated[dict[str, T], exactly(*MEASURES_BEFORE)]
ByBenefitBefore = Annotated[dict[str, T], exactly(*BENEFITS_BEFORE)]
ByDiagnosed = Annotated[dict[str, T], exactly(*DIAGNOSED)]
#: Age groups by their first age: of starts of the subsidy (vlt_rapport line 1297), and of vta_kartlegging Tabell 4.
BySubsidyAge = Annotated[dict[int, T], exactly(0, 25, 30, 35, 40, 45, 50, 55, 60, 62)]
ByVtaAge = Annotated[dict[int, T], exactly(0, 20, 25, 30, 40, 50, 60)]
#: Months on midlertidig lønnstilskudd before: none, up to 12, to 24, more (vlt_rapport lines 1627-1635).
BySupport = Annotated[dict[int, T], exactly(0, 1, 13, 25)]
#: Whether something holds.
ByYesOrNo = Annotated[dict[bool, T], exactly(False, True)]
#: Years from 2000, in which lives begin; the subsidy began in 2016, its predecessor in 2007.
ByYear = Annotated[dict[int, T], exactly(*range(2000, _LAST_YEAR + 1))]
ByYearOfSubsidy = Annotated[dict[int, T], exactly(*range(2016, _LAST_YEAR + 1))]

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


class Units(Settings):
    """County units of NAV; places of a sheltered firm by quantile."""

    population: ByUnit[Factor]
    providers: ByUnit[int]
    places: Annotated[dict[Probability, float], Rising]


class Hours(Settings):
    """Agreed hours a week."""

    shares: ByHours[Probability]
    part_time: Annotated[dict[float, Probability], Rising]
    over: float
    full: float


class Industry(Settings):
    """A row of Tabell 5-2 of vlt_rapport."""

    divisions: list[str]
    share: Probability
    latest: Probability
    sectors: Annotated[dict[str, Probability], exactly(*SECTORS)]


class Beside(Settings):
    """A measure beside the subsidy."""

    share: Probability
    months: float


class After(Settings):
    """What follows the subsidy."""

    sheltered: Annotated[dict[str, Probability], exactly(*ARRANGEMENTS)]
    full_disability: Probability
    disability: Probability
    benefits: Annotated[dict[str, Probability], exactly(*BENEFITS_BEFORE[:-2])]
    months: int
    retired_none: Probability
    registered: Probability
    measure: Probability
    measure_codes: list[str]
    measure_months: float


class Subsidy(Settings):
    """Varig lønnstilskudd and tidsubestemt lønnstilskudd."""

    starts: ByYearOfSubsidy[Factor]
    predecessor: Annotated[dict[int, Factor], exactly(*range(2007, 2016))]
    transfer: Annotated[dict[int, Probability], exactly(*range(2016, 2020))]
    measure_before: ByMeasureBefore[Percent]
    measure_half_year: ByMeasureBefore[Percent]
    benefit_before: ByBenefitBefore[Percent]
    benefit_half_year: ByBenefitBefore[Percent]
    age: BySubsidyAge[Percent]
    sex: BySex[Percent]
    units: ByUnit[Factor]
    wage_subsidy_units: ByUnit[Percent]
    kept: ByYearOfSubsidy[Percent]
    wage_subsidy_months: BySupport[Percent]
    kept_after_sickness: Percent
    predecessor_kept: Percent
    predecessor_older: float
    predecessor_disabled: Probability
    kept_months: int
    exits: Probability
    exits_tenure: Annotated[dict[int, Factor], exactly(0, 6, 84)]
    exits_age: Annotated[dict[int, Factor], exactly(0, 30, 50, 60, 62, 63, 67)]
    exits_benefit: ByYesOrNo[Factor]
    reduced: Probability
    other_benefit: Probability
    disabled: Probability
    full_stays: Probability
    degrees: Annotated[dict[int, Probability], Rising]
    hours: Hours
    cost: ByHours[Factor]
    cost_spread: Factor
    cost_factor: Factor
    rates: Annotated[dict[Percent, Probability], Rising]
    rate_hours: ByHours[float]
    rate_units: ByUnit[float]
    rate_new: float
    rate_new_units: ByUnit[float]
    first_year: Percent
    later: Percent
    cap: float
    change: Probability
    reduced_rates: Probability
    step: float
    industries: dict[str, Industry]
    beside: dict[str, Beside]
    after: After


class Sheltered(Settings):
    """VTA in sheltered firms."""

    stock: Annotated[dict[int, Factor], exactly(*range(2004, _LAST_YEAR + 1))]
    age: ByVtaAge[Percent]
    men: Probability


class Ordinary(Settings):
    """VTA in ordinary firms."""

    stock: Annotated[dict[int, Factor], exactly(*range(2006, _LAST_YEAR + 1))]
    age: ByVtaAge[Percent]
    men: Probability
    units: ByUnit[Factor]
    to_sheltered: Probability
    from_sheltered: Probability


class Vta(Settings):
    """What both kinds of VTA share."""

    exits: Annotated[dict[int, Probability], exactly(0, 6, 12, 24, 36)]
    interrupted: Annotated[dict[int, Probability], exactly(0, *INTERRUPTED_FROM)]
    benefit: Annotated[dict[str, Factor], exactly(*HAS)]
    permanent: Factor
    disability_waits: Probability
    disability_wait: tuple[int, int]
    wage: tuple[float, float]
    hours: float


class Diagnoses(Settings):
    """Shares of the diagnosis groups, by kind of person, and how many have one."""

    groups: dict[str, ByDiagnosed[Factor]]
    registered: ByDiagnosed[Probability]


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
    """Log weights of the monthly probabilities to start, fitted to the targets on simulated lives (`fitting`)."""

    subsidy_year: ByYear[float]
    subsidy_measure_before: ByMeasureBefore[float]
    subsidy_measure_half_year: ByMeasureBefore[float]
    subsidy_benefit_before: ByBenefitBefore[float]
    subsidy_benefit_half_year: ByBenefitBefore[float]
    subsidy_age: BySubsidyAge[float]
    subsidy_sex: BySex[float]
    subsidy_unit: ByUnit[float]
    subsidy_wage_subsidy_unit: ByUnit[float]
    subsidy_kept: ByYear[float]
    subsidy_sick: ByYesOrNo[float]
    subsidy_months: BySupport[float]
    predecessor_year: ByYear[float]
    predecessor_kept: ByYesOrNo[float]
    sheltered_year: ByYear[float]
    sheltered_age: ByVtaAge[float]
    sheltered_sex: BySex[float]
    ordinary_year: ByYear[float]
    ordinary_age: ByVtaAge[float]
    ordinary_sex: BySex[float]


def read_permanent(path: str | Path) -> Permanent:
    """Read and check the parameters."""
    return Permanent.model_validate(read_yaml(path))
