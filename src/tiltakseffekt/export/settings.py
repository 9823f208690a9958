"""Settings of disclosure control."""

from pydantic import Field

from tiltakseffekt.config.base import Settings


class DisclosureSettings(Settings):
    """Thresholds of the data owner."""

    threshold: int = Field(5, ge=1, description="A cell that rests on fewer persons is suppressed")
