"""Settings of the report."""

from typing import Final, Literal

from pydantic import Field

from tiltakseffekt.core.settings import Settings

#: How the file of each format ends.
ENDINGS: Final = {"html": "html", "docx": "docx", "typst": "pdf"}


class ReportSettings(Settings):
    """Formats and language of the report."""

    formats: tuple[Literal["html", "docx", "typst"], ...] = Field(
        ("html", "docx", "typst"), description="Formats of the rendered report; typst gives the PDF"
    )
    draft: bool = Field(
        False, description="Whether to render with the exhibits that exist, placeholders in place of the others"
    )
    language: Literal["nb", "en"] = Field("nb", description="Language of the exhibits")
