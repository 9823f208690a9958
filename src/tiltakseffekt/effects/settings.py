"""Settings of the effects."""

from pydantic import Field

from tiltakseffekt.config.base import Settings


class EffectSettings(Settings):
    """How averages and their uncertainty are formed."""

    confidence: float = Field(0.95, gt=0.5, lt=1, description="Level of confidence intervals; not stated in seed-004")
    normalise_weights: bool = Field(
        True, description="Scale inverse probability weights to the fold size within each fold (Knaus 2022)"
    )
