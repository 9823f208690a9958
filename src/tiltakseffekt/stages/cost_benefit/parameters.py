"""Parameters of the cost-benefit analysis: each with its unit, price year and the place where it is printed."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import ErrorDetails

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.settings import Settings

FILE = "prices.yaml"


class Source(Settings):
    """Where something is printed."""

    document: str = Field(description="Key of the document in `documents`")
    line: int = Field(ge=1, description="Line of the text version of the document")
    note: str = Field("", description="What else the document says of it, and how it is read here")

    @field_validator("document")
    @classmethod
    def _known(cls, document: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get("documents", ())
        if document not in known:
            raise ValueError(f"not one of the documents: {', '.join(known)}")
        return document


class Parameter(Source):
    """A number with its unit and its source."""

    value: float
    unit: str = Field(description="One unit is allowed for each parameter; nothing is converted")


class _PerHundred(Parameter):
    value: float = Field(ge=0, le=100)

    @property
    def share(self) -> float:
        """The value as a number from 0 to 1, 0.04 for 4 per cent."""
        return self.value / 100


class Percent(_PerHundred):
    """A share."""

    unit: Literal["percent"]


class YearlyRate(_PerHundred):
    """A yearly rate of growth or discount."""

    unit: Literal["percent_per_year"]


class Months(Parameter):
    """A duration in months."""

    value: float = Field(ge=0)
    unit: Literal["months"]


class Years(Parameter):
    """A whole number of years."""

    value: int = Field(ge=1)
    unit: Literal["years"]


class Factor(Parameter):
    """A number without unit, zero or more."""

    value: float = Field(ge=0)
    unit: Literal["factor"]


class Days(Parameter):
    """Days in a month."""

    value: float = Field(ge=0, le=31)
    unit: Literal["days_per_month"]


class Hours(Parameter):
    """Hours of work in all."""

    value: float = Field(ge=0)
    unit: Literal["hours"]


class MeasureMonths(Parameter):
    """Months on measures in all."""

    value: float = Field(gt=0)
    unit: Literal["measure_months"]


class Money(Parameter):
    """Kroner of one year; all money of the analysis is of the same year."""

    price_year: int

    @field_validator("price_year")
    @classmethod
    def _common(cls, year: int, info: ValidationInfo) -> int:
        common = (info.context or {}).get("price_year")
        if year != common:
            raise ValueError(
                f"the price year of the analysis is {common}; prices of another year must be adjusted first"
            )
        return year


class MonthlyPrice(Money):
    """Kroner per month."""

    value: float = Field(ge=0)
    unit: Literal["nok_per_month"]


class YearlyPrice(Money):
    """Kroner per year."""

    value: float = Field(ge=0)
    unit: Literal["nok_per_year"]


class DailyPrice(Money):
    """Kroner per day."""

    value: float = Field(ge=0)
    unit: Literal["nok_per_day"]


class HourlyPrice(Money):
    """Kroner per hour."""

    value: float = Field(ge=0)
    unit: Literal["nok_per_hour"]


class Timing(Source):
    """When within the course of time an amount is discounted."""

    value: Literal["monthly", "yearly", "mid_year", "year_end"]


class TimeOnMeasure(Source):
    """Whether costs fall in the months of a course of mean duration or in those that participants really spend."""

    value: Literal["mean_duration", "survival"]


class Displacement(Source):
    """Judgement in words: do participants displace other workers?"""

    value: Literal["ubetydelig_ingen", "liten_negativ"]


class SystemEffect(Source):
    """Judgement in words: do others change behaviour because participants are sent on measures?"""

    value: Literal["liten_positiv"]


class General(Settings):
    """What holds for every measure."""

    timing: Timing
    discount_rate: YearlyRate
    real_wage_growth: YearlyRate
    tax_financing_cost: Percent
    labour_cost_factor: Factor
    saved_benefits_share: Percent
    tax_on_benefits: Percent
    effect_persistence: Years
    fade_out: YearlyRate
    deadweight: Percent
    displacement: Percent
    time_on_measure: TimeOnMeasure
    tiltakspenger_per_day: DailyPrice
    tiltakspenger_days: Days
    caseworker_hours: Hours
    caseworker_measure_months: MeasureMonths
    caseworker_hour_price: HourlyPrice
    mentor_month: MonthlyPrice
    inclusion_grant_month: MonthlyPrice


class WageSubsidy(Settings):
    """What NAV pays of a participant's wage: a transfer, which costs society its tax financing only."""

    gross_wage: MonthlyPrice
    covered_share: Percent
    on_costs: Percent


class OtherSectors(Settings):
    """What a measure costs outside NAV."""

    price: YearlyPrice
    share: Percent


class OtherSample(Source):
    """Effects of another sample: those that a variant of the evaluation estimates."""

    variant: str = Field(description="Name of the variant")


class LateEffect(OtherSample):
    """An effect that starts in year 4 and replaces that of year 3 from then on."""

    persistence: Years


class Measure(Settings):
    """Prices and judgements of one measure."""

    longest: Months | None = None
    longest_prolonged: Months | None = None
    caseworker_factor: Factor
    price: MonthlyPrice | None = None
    mentor_share: Percent | None = None
    inclusion_grant_share: Percent | None = None
    wage_subsidy: WageSubsidy | None = None
    other_sectors: OtherSectors | None = None
    late_effect: LateEffect | None = None
    alternative_sample: OtherSample | None = Field(None, description="Effects to try in place of the main ones")
    displacement: Displacement | None = None
    system_effect: SystemEffect | None = None

    @model_validator(mode="after")
    def _has_a_price(self) -> Self:
        if not (self.price or self.mentor_share or self.inclusion_grant_share or self.wage_subsidy):
            raise ValueError("has no price; leave the measure out of `measures` when none is known")
        return self


class _Grounded(Settings):
    """Something that either a document prints or that is chosen, with the reason."""

    document: str | None = Field(None, description="Key of the document in `documents`; empty when chosen")
    line: int | None = Field(None, ge=1, description="Line of the text version of the document")
    chosen: str | None = Field(None, description="Why it was chosen; empty when a document prints it")
    note: str = ""

    @model_validator(mode="after")
    def _has_a_ground(self, info: ValidationInfo) -> Self:
        known = (info.context or {}).get("documents", ())
        if (self.chosen is None) == (self.document is None) or (self.document is None) != (self.line is None):
            raise ValueError("say either document and line, or why it was chosen")
        if self.document is not None and self.document not in known:
            raise ValueError(f"not one of the documents: {', '.join(known)}")
        return self


VariedUnit = Literal["percent_per_year", "percent", "factor", "years"]


class Spread(_Grounded):
    """Lowest and highest value of an uncertain parameter; the most likely is the parameter itself."""

    low: float = Field(ge=0)
    high: float = Field(ge=0)
    unit: VariedUnit

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError("the lowest value lies above the highest")
        return self


class Tried(_Grounded):
    """Values of a parameter that are tried one by one."""

    values: tuple[float, ...] = Field(min_length=2)
    unit: VariedUnit


class GroundedShare(_Grounded):
    """A share that no document of the analysis need print."""

    value: float = Field(ge=0, le=100)
    unit: Literal["percent"]


class Fiscal(Settings):
    """What the treasury gets of a wage; the sum of the priced effects leaves it out."""

    tax_on_wages: GroundedShare
    employer_contribution: GroundedShare

    @property
    def share(self) -> float:
        """Both together, as a number from 0 to 1."""
        return (self.tax_on_wages.value + self.employer_contribution.value) / 100


class Interval(_Grounded):
    """Level of simulated intervals."""

    value: float = Field(gt=0, lt=100)
    unit: Literal["percent"]


class Spreads(Settings):
    """The uncertain parameters."""

    discount_rate: Spread
    real_wage_growth: Spread
    tax_financing_cost: Spread
    labour_cost_factor: Spread
    saved_benefits_share: Spread
    effect_persistence: Spread
    fade_out: Spread
    displacement: Spread
    price: Spread
    duration: Spread
    caseworker_time: Spread


class Scenarios(Settings):
    """The parameters that are tried value by value."""

    discount_rate: Tried
    effect_persistence: Tried
    displacement: Tried
    deadweight: Tried
    tax_financing_cost: Tried
    effect: Tried


class Uncertainty(Settings):
    """What is uncertain besides the effects."""

    draws: int = Field(ge=100)
    interval: Interval
    parameters: Spreads
    scenarios: Scenarios


class Parameters(Settings):
    """All parameters of the cost-benefit analysis."""

    documents: Annotated[dict[str, str], Field(min_length=1, description="Key to full reference of each source")]
    price_year: int = Field(description="Year of the kroner in which everything is expressed")
    general: General
    fiscal: Fiscal
    uncertainty: Uncertainty
    measures: dict[str, Measure] = Field(description="Measure to its prices, in the order of the exhibits")

    @field_validator("measures")
    @classmethod
    def _registered(cls, entries: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        unknown = sorted(set(entries) - set((info.context or {}).get("registered", ())))
        if unknown:
            raise ValueError(f"not measures of the evaluation: {', '.join(unknown)}")
        return entries

    def unpriced(self, measures: Iterable[str]) -> tuple[str, ...]:
        """Return those of some measures that have no price."""
        return tuple(key for key in measures if key not in self.measures)


def _fault(error: ErrorDetails, file: str) -> Fault:
    path = ".".join(map(str, error["loc"]))
    match error["type"]:
        case "extra_forbidden":
            return Fault(file, path, "is not a parameter of the analysis", 1, "Remove it or correct its spelling.")
        case "missing" if path.endswith((".document", ".line")):
            return Fault(file, path, "the parameter has no source", 1, "Say in which document and line it stands.")
        case "missing":
            return Fault(file, path, "is missing", 1, "Give value, unit, document and line.")
        case _:
            return Fault(file, path, error["msg"].removeprefix("Value error, "), 1, "Correct the entry.")


def faults_found(error: ValidationError, file: str) -> FaultsFound:
    """Return what is wrong with a file of parameters, all at once."""
    return FaultsFound([_fault(details, file) for details in error.errors()])


def parse_parameters(content: Mapping[str, Any], registered: Iterable[str]) -> Parameters:
    """Check the prices of an evaluation (``prices.yaml`` in its folder).

    Parameters
    ----------
    content
        The file as nested mappings.
    registered
        The measures of the evaluation.

    Raises
    ------
    FaultsFound
        With all faults: unknown or missing parameters, unknown measures, missing sources, units that are not those of
        the parameter, values out of range, money of another price year.
    """
    documents = content.get("documents")
    context = {
        "documents": tuple(documents) if isinstance(documents, Mapping) else (),
        "price_year": content.get("price_year"),
        "registered": tuple(registered),
    }
    try:
        return Parameters.model_validate(content, context=context)
    except ValidationError as error:
        raise faults_found(error, FILE) from None


def other_samples(content: Mapping[str, Any]) -> list[str]:
    """Return the variants of the evaluation whose effects enter besides the main ones, sorted.

    Parameters
    ----------
    content
        ``prices.yaml``, which need not be checked yet.
    """
    named = [entry.get(key) for entry in content["measures"].values() for key in ("late_effect", "alternative_sample")]
    return sorted({sample["variant"] for sample in named if sample})
