"""The specified basis: what effektrapport_2024 prints of each measure, through its stated rules."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from tiltakseffekt.core.settings import Settings
from tiltakseffekt.stages.cost_benefit.engine import MONTHS_PER_YEAR, stay_of_mean
from tiltakseffekt.stages.cost_benefit.parameters import (
    General,
    Measure,
    Money,
    Months,
    Parameters,
    Percent,
    faults_found,
)
from tiltakseffekt.stages.cost_benefit.table import Inputs, course_of
from tiltakseffekt.stages.cost_benefit.valuation import caseworker_hours

AS_SPECIFIED: Final = "as_specified"
FILE: Final = "stated_inputs.yaml"


class WageEffect(Money):
    """Effect of a measure on the monthly wage; may be negative."""

    value: float = Field(allow_inf_nan=False)
    unit: Literal["nok_per_month"]


class YearlyEffect(Money):
    """Effect of a measure on yearly wage income; may be negative."""

    value: float = Field(allow_inf_nan=False)
    unit: Literal["nok_per_year"]


class StatedSample(Settings):
    """Printed effects in another sample."""

    income_effect_y1: YearlyEffect
    income_effect_y2: YearlyEffect
    income_effect_y3: YearlyEffect

    @property
    def monthly(self) -> tuple[float, ...]:
        """The effects on the monthly wage, kroner."""
        yearly = (self.income_effect_y1, self.income_effect_y2, self.income_effect_y3)
        return tuple(effect.value / MONTHS_PER_YEAR for effect in yearly)


class StatedMeasure(Settings):
    """What is printed of one measure as input of the cost-benefit analysis."""

    duration: Months
    tiltakspenger_share: Percent
    wage_effect_y1: WageEffect
    wage_effect_y2: WageEffect
    wage_effect_y3: WageEffect
    late_wage_effect: WageEffect | None = Field(None, description="From year 4 on, in place of that of year 3")
    alternative_sample: StatedSample | None = None

    @property
    def effects(self) -> tuple[float, ...]:
        """The effects on the monthly wage by year, kroner."""
        given = (self.wage_effect_y1, self.wage_effect_y2, self.wage_effect_y3, self.late_wage_effect)
        return tuple(effect.value for effect in given if effect)


class StatedInputs(Settings):
    """The printed inputs of all measures."""

    documents: Annotated[dict[str, str], Field(min_length=1, description="Key to full reference of each source")]
    price_year: int = Field(description="Year of the kroner in which everything is expressed")
    measures: dict[str, StatedMeasure]


def parse_stated_inputs(content: Mapping[str, Any]) -> StatedInputs:
    """Check the content of ``stated_inputs.yaml`` of a document.

    Raises
    ------
    FaultsFound
        With all faults of the file.
    """
    documents = content.get("documents")
    context = {
        "documents": tuple(documents) if isinstance(documents, Mapping) else (),
        "price_year": content.get("price_year"),
    }
    try:
        return StatedInputs.model_validate(content, context=context)
    except ValidationError as error:
        raise faults_found(error, FILE) from None


def specified_inputs(stated: StatedInputs, parameters: Parameters) -> dict[str, Inputs]:
    """Return what the document prints of each measure that it prints something of and that has a price."""
    priced = parameters.measures.items()
    return {
        key: _specified(stated.measures[key], measure, parameters.general)
        for key, measure in priced
        if key in stated.measures
    }


def _specified(stated: StatedMeasure, measure: Measure, general: General) -> Inputs:
    share, duration = stated.tiltakspenger_share.share, stated.duration.value
    return Inputs(
        case=course_of(measure, general, share, stay_of_mean(duration), stated.effects),
        duration=duration,
        tiltakspenger_share=share,
        caseworker_hours=caseworker_hours(measure, general),
        alternative=stated.alternative_sample.monthly if stated.alternative_sample else None,
    )
