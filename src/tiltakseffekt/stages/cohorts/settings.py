"""Settings of the cohort and of the covariates."""

from typing import Literal

from pydantic import Field, field_validator

from tiltakseffekt.core.settings import MonthText, Settings
from tiltakseffekt.stages.cohorts.covariates import NAMES


class CohortSettings(Settings):
    """Who is in the effect sample (effektrapport_2024 section 6.1.3)."""

    first_registration: MonthText = Field("2017-07", description="First month of first registration (line 2215)")
    last_registration: MonthText = Field("2018-12", description="Last month of first registration (line 2216)")
    washout_months: int = Field(
        24, ge=0, description="Months before registration without innsatsgruppe and without measure (lines 2156-2157)"
    )
    washout_groups: Literal["nav_group", "innsatsgruppe", "reduced_capacity"] = Field(
        "nav_group",
        description="What must be absent in those months besides measures: nav_group = any registration, sykmeldt and "
        "annen gruppe too; innsatsgruppe = the four innsatsgrupper only (see docs/method); reduced_capacity = "
        "spesielt and varig tilpasset innsats only (footnote 11)",
    )
    entry_groups: tuple[Literal["standard", "situasjonsbestemt", "spesielt_tilpasset"], ...] = Field(
        ("standard", "situasjonsbestemt", "spesielt_tilpasset"),
        min_length=1,
        description="Groups through which one enters the sample (lines 2154-2156)",
    )
    standard_must_change_within: int = Field(
        12, ge=0, description="Months within which standardinnsats must change to a closer follow-up (lines 2157-2159)"
    )
    start_window_months: int = Field(
        12,
        ge=1,
        description="Months, the registration month included, in which a start makes a person treated (line 2175)",
    )
    oldest_age: int = Field(
        59, ge=16, description="Oldest age in the sample; inferred from tables that end at 50-59 years"
    )
    chains: bool = Field(
        False, description="Whether the five chains of two measures are arms of their own (lines 2809-2832)"
    )
    smallest_group: int = Field(
        30,
        ge=1,
        description="Measure groups with fewer starters go to Annet; 150 in the report (line 2300), "
        "here 150 times the default scale 0.2",
    )
    covariates: tuple[str, ...] = Field(
        NAMES,
        min_length=1,
        description="What persons are described by: keys of rows of Tabell 6-4 (docs/covariates.md)",
    )

    @field_validator("covariates")
    @classmethod
    def _declared(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in names if name not in NAMES]
        if unknown or len(set(names)) < len(names):
            raise ValueError("each must be the key of a covariate (docs/covariates.md), once")
        return names
