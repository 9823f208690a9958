"""Settings of the allocation."""

from typing import Literal

from pydantic import Field, field_validator

from tiltakseffekt.core.settings import Settings
from tiltakseffekt.stages.cohorts.covariates import COLUMNS

#: What a caseworker sees at registration about work, education and NAV's own decisions. Left out by choice, since a
#: rule ought not to treat persons differently for them: sex, age, country of birth, family, and health as it shows in
#: sick pay, work assessment allowance and disability.
FEATURES = (
    "x_innsatsgruppe__standard",
    "x_innsatsgruppe__spesielt_tilpasset",
    "x_utdanning__niva",
    "x_arbeidshistorikk__maneder_i_arbeid_12",
    "x_arbeidshistorikk__ar_over_1g",
    "x_arbeidshistorikk__ar_over_3g",
    "x_arbeidshistorikk__i_arbeid",
    "x_arbeidshistorikk__uten_arbeid_6_mnd",
    "x_ytelser__maneder_dagpenger",
    "x_ytelser__maneder_sosialhjelp",
    "x_nav_historikk__maneder_innsatsgruppe",
)


class AllocationSettings(Settings):
    """What a rule may look at and how fine it may be."""

    features: tuple[str, ...] = Field(
        FEATURES,
        min_length=1,
        description="Covariates by which a rule may divide persons; by default not sex, age, origin, family or health",
    )
    depth: Literal[1, 2] = Field(
        2, description="Depth of the policy trees: two or four groups; chosen: four can still be read aloud as a rule"
    )
    levels: int = Field(
        16,
        ge=2,
        le=64,
        description="Most levels of a covariate between which a tree may divide; more are joined; chosen: the "
        "search takes the square of them",
    )
    smallest_group: float = Field(
        0.02,
        ge=0,
        lt=0.5,
        description="Smallest share of the persons in a group of a tree; chosen: a rule for fewer than one in fifty "
        "is none",
    )

    @field_validator("features")
    @classmethod
    def _known(cls, features: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [feature for feature in features if feature not in COLUMNS]
        if unknown or len(set(features)) < len(features):
            raise ValueError("each must be a column of the covariates (docs/covariates.md), once")
        return features
