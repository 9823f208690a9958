"""Settings of disclosure control."""

from typing import Literal

from pydantic import Field

from tiltakseffekt.core.settings import Settings


class DisclosureSettings(Settings):
    """Thresholds of the data owner."""

    threshold: int = Field(
        5,
        ge=1,
        description="A cell that rests on fewer persons is suppressed; chosen: a usual one, the data owner decides",
    )
    zeros: Literal["show", "suppress"] = Field(
        "show", description="Whether cells with no person, and shares of a whole group, are shown"
    )
    round_counts: int = Field(
        10,
        ge=1,
        description="Persons behind an estimate leave rounded to the nearest multiple of this, at least it, since what "
        "is hidden in one exhibit must not follow from exact numbers in another; 1 = not rounded; chosen: twice the "
        "usual threshold, so that a difference of two of them says nothing of fewer persons than that",
    )
    review_above: float = Field(
        0.2,
        ge=0,
        le=1,
        description="Share of suppressed cells above which a person must look at the exhibit; chosen: a fifth",
    )
    reviewed: tuple[str, ...] = Field(
        (),
        description="Exhibits with the status review that a person has looked at and let out; those from real "
        "registers are not released before their id stands here, with its evaluation as in "
        "tiltakseffekter/analyseutvalget",
    )
