"""Settings of the report."""

from typing import Literal

from pydantic import Field

from tiltakseffekt.config.base import Settings


class ReportSettings(Settings):
    """Formats and language of the report."""

    formats: tuple[Literal["html", "docx", "typst"], ...] = Field(
        ("html", "docx", "typst"), description="Formats of the rendered report; typst gives the PDF"
    )
    language: Literal["nb", "en"] = Field("nb", description="Language of the exhibits")
