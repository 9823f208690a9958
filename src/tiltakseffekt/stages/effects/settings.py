"""Settings of the effects."""

from typing import Literal

from pydantic import Field

from tiltakseffekt.core.settings import Settings


class BootstrapSettings(Settings):
    """The multiplier bootstrap of simultaneous intervals (Chernozhukov, Chetverikov and Kato 2013)."""

    draws: int = Field(
        1000,
        ge=100,
        description="Draws of the multipliers; chosen: a tail of 5 per cent is then known to 0.7 points (one "
        "standard error)",
    )
    multiplier: Literal["gaussian", "rademacher"] = Field("gaussian", description="Distribution of the multipliers")


class EffectSettings(Settings):
    """How averages and their uncertainty are formed."""

    confidence: float = Field(
        0.95,
        gt=0.5,
        lt=1,
        description="Level of confidence intervals; chosen: the usual one, effektrapport_2024 states none",
    )
    weights: Literal["inverse_probability", "balanced"] = Field(
        "balanced",
        description="Weights of the residuals: inverse_probability = as in the report; balanced = moved as little as "
        "possible until covariates have the means of the target population (see docs/estimator-study.md)",
    )
    normalise: Literal["fold", "sample", "none"] = Field(
        "fold",
        description="Scale inverse probability weights to the number of persons in each fold (Knaus 2022), in the "
        "whole sample, or not at all; balanced weights have the sum of the whole sample",
    )
    cluster: Literal["none", "office"] = Field(
        "none",
        description="Whose influence values are summed before they are squared: nobody's, or those of persons with the "
        "same NAV office in the month of registration; not stated in effektrapport_2024",
    )
    bootstrap: BootstrapSettings = Field(
        default_factory=BootstrapSettings, description="Intervals that hold for all years and measures at once"
    )
