"""What the analysis of varig lønnstilskudd takes from elsewhere than printed tables, each number with its source."""

from collections.abc import Mapping
from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from tiltakseffekt.core.settings import Settings
from tiltakseffekt.stages.cost_benefit.parameters import faults_found

FILE: Final = "wage_subsidy.yaml"
MONTHS_PER_YEAR: Final = 12


class Stated(Settings):
    """Something with the line or the paragraph that states it."""

    document: str = Field(description="Key of the document in `documents`")
    line: int | None = Field(None, ge=1, description="Line of the text version of a report")
    paragraph: str = Field("", description="Paragraph of a law, row of a table of rates")
    verified: Literal["source", "quoted", "unverified"] | None = Field(
        None,
        description="How what no report prints was held against its source: read there, read in another publication, "
        "or not yet; empty for lines of a report",
    )
    note: str = Field("", description="What else the source says of it, and how it is read here")

    @field_validator("document")
    @classmethod
    def _known(cls, document: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get("documents", ())
        if document not in known:
            raise ValueError(f"not one of the documents: {', '.join(known)}")
        return document

    @model_validator(mode="after")
    def _placed(self) -> Self:
        if (self.line is None) == (not self.paragraph):
            raise ValueError("the parameter needs either a line or a paragraph of its document")
        if (self.verified is None) == bool(self.paragraph):
            raise ValueError("say how the paragraph was verified, and nothing of that for a line")
        return self


class Number(Stated):
    """A number of zero or more with its unit."""

    value: float = Field(ge=0, allow_inf_nan=False)


class Percent(Number):
    """A share."""

    value: float = Field(ge=0, le=100)
    unit: Literal["percent"]

    @property
    def share(self) -> float:
        """The value as a number from 0 to 1."""
        return self.value / 100


class YearlyRate(Percent):
    """A discount rate."""

    unit: Literal["percent_per_year"]  # type: ignore[assignment]


class Factor(Number):
    """A number without unit."""

    unit: Literal["factor"]


class BasicAmounts(Number):
    """A multiple of the grunnbeløp."""

    unit: Literal["basic_amounts"]


class Weeks(Number):
    """A duration in weeks."""

    unit: Literal["weeks"]


class Years(Stated):
    """A whole number of years."""

    value: int = Field(ge=1)
    unit: Literal["years"]


class DanishKroner(Number):
    """Danish kroner per month."""

    unit: Literal["dkk_per_month"]


class SwedishKronor(Number):
    """Swedish kronor per month."""

    unit: Literal["sek_per_month"]


class Kroner(Number):
    """Norwegian kroner of one year."""

    price_year: int
    unit: Literal["nok_per_month", "nok_per_year"]

    @property
    def yearly(self) -> float:
        """Kroner per year."""
        return self.value * (MONTHS_PER_YEAR if self.unit == "nok_per_month" else 1)


class Bracket(Stated):
    """A step of trinnskatt: the rate of the income above a limit, up to the next one."""

    above: float = Field(ge=0)
    rate: float = Field(ge=0, le=100)
    price_year: int


class _OneYear(Settings):
    price_year: int = Field(description="Year of all kroner of the section")

    @model_validator(mode="after")
    def _common(self) -> Self:
        wrong = [
            name
            for name, entry in self
            for item in (entry if isinstance(entry, tuple) else (entry,))
            if isinstance(item, Kroner | Bracket) and item.price_year != self.price_year
        ]
        if wrong:
            raise ValueError(f"prices of another year than {self.price_year}: {', '.join(wrong)}")
        return self


class Analysis(_OneYear):
    """What chapter 7 states of the alternatives."""

    wage: Kroner
    position: Percent
    subsidy_rate: Percent
    labour_cost_factor: Factor
    vtao_subsidy: Kroner
    disability_rate: Percent
    graded_disability_rate: Percent
    side_income: BasicAmounts
    displacement_weeks: Weeks
    unemployment_benefit_rate: Percent
    deadweight: Percent
    tax_financing_cost: Percent
    discount_rate: YearlyRate
    period: Years
    years_shown: Years
    basic_amount: Kroner


class Tax(_OneYear):
    """Rates of income tax and arbeidsgiveravgift."""

    ordinary_rate: Percent
    personal_allowance: Kroner
    minimum_deduction_rate: Percent
    minimum_deduction_limit: Kroner
    social_security_rate: Percent
    social_security_floor: Kroner
    social_security_phase_in: Percent
    brackets: tuple[Bracket, ...] = Field(min_length=1)
    employer_contribution: Percent

    @field_validator("brackets")
    @classmethod
    def _rising(cls, brackets: tuple[Bracket, ...]) -> tuple[Bracket, ...]:
        limits = [bracket.above for bracket in brackets]
        if limits != sorted(set(limits)):
            raise ValueError("the brackets must rise")
        return brackets


class LabourCost(Settings):
    """What an employer pays beyond wage and arbeidsgiveravgift."""

    holiday_pay: Percent
    occupational_pension: Percent


class Disability(Settings):
    """Rules of uføretrygd."""

    rate: Percent
    income_ceiling: BasicAmounts
    income_limit: BasicAmounts
    vta_income_limit: BasicAmounts
    income_stop: Percent


class Subsidy(Settings):
    """Rules of varig lønnstilskudd."""

    first_year_ceiling: Percent
    later_ceiling: Percent
    cap: BasicAmounts


class Comparison(_OneYear):
    """Rules and rates behind the comparison with Denmark and Sweden."""

    flexjob_threshold: DanishKroner
    flexjob_lower_rate: Percent
    flexjob_upper_rate: Percent
    swedish_ceiling: SwedishKronor
    swedish_lowest_wage: SwedishKronor
    nok_per_dkk: Factor
    nok_per_sek: Factor
    basic_amount: Kroner


class Duration(Settings):
    """How long the data on participation reach."""

    window: Years


class Parameters(Settings):
    """All parameters of the analysis."""

    documents: dict[str, str] = Field(min_length=1, description="Key to full reference of each source")
    analysis: Analysis
    tax: Tax
    labour_cost: LabourCost
    disability: Disability
    subsidy: Subsidy
    comparison: Comparison
    duration: Duration


def parse_parameters(content: Mapping[str, Any]) -> Parameters:
    """Check the content of ``config/evaluations/varig_lonnstilskudd/prices.yaml``.

    Parameters
    ----------
    content
        The file as nested mappings.

    Raises
    ------
    FaultsFound
        With all faults: unknown or missing parameters, missing sources, units that are not those of the parameter,
        values out of range, money of another price year than that of its section.
    """
    documents = content.get("documents")
    context = {"documents": tuple(documents) if isinstance(documents, Mapping) else ()}
    try:
        return Parameters.model_validate(content, context=context)
    except ValidationError as error:
        raise faults_found(error, FILE) from None
