"""Settings of the description of registered persons and of measures."""

from pydantic import Field

from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.settings import MonthText, Settings


class DescriptionSettings(Settings):
    """Periods of chapters 4 and 5, and what the document leaves open there."""

    first_month: MonthText = Field(
        "2016-01", description="First month of the period of chapter 4 (effektrapport_2024 line 1083)"
    )
    last_month: MonthText = Field("2020-12", description="Last month of the period of chapter 4 (line 1083)")
    last_month_of_states: MonthText = Field(
        "2019-10", description="Last month of a first start in chapter 5 (line 1793)"
    )
    first_month_of_starts: MonthText = Field(
        "2022-01", description="First month of the starts that are described by group (Figur 4-10, line 1565)"
    )
    last_month_of_starts: MonthText = Field("2022-12", description="Last month of them (line 1565)")
    months_without_registration: int = Field(
        24, ge=0, description="Months in no NAV group before a first registration; chosen: that of the effect sample"
    )
    months_without_measure: int = Field(
        24, ge=0, description="Months on no measure before a first start; chosen: that of the effect sample"
    )
    months_between_measures: int = Field(
        2, ge=0, description="Whole months without measure that a course of measures may hold (lines 1662, 2821)"
    )

    @property
    def number_of_months(self) -> int:
        """Number of months of the period of chapter 4."""
        return parse_month(self.last_month) - parse_month(self.first_month) + 1
