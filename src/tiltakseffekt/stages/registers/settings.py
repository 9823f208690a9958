"""Settings of the registers: where the tables come from."""

from typing import Literal, Self

from pydantic import Field, model_validator

from tiltakseffekt.core.settings import Settings


class CsvFormat(Settings):
    """How CSV extracts are written; Parquet needs no such settings."""

    delimiter: Literal[",", ";", "\t", "|"] = Field(",", description="Column separator of CSV extracts")
    decimal: Literal[".", ","] = Field(".", description="Decimal mark of CSV extracts")
    encoding: Literal["utf-8", "latin-1"] = Field("utf-8", description="Encoding of CSV extracts")


class RegisterSettings(Settings):
    """Where the registers come from and how they are divided."""

    provider: Literal["synthetic", "files"] = Field(
        "synthetic", description="synthetic = simulate the registers; files = read the extracts in registers.path"
    )
    path: str | None = Field(
        None, description="Folder with one file or folder per table of config/registers.yaml; only for provider: files"
    )
    csv: CsvFormat = Field(default_factory=CsvFormat, description="How CSV extracts are written")
    shards: int = Field(
        16,
        ge=1,
        le=512,
        description="Number of parts into which persons are divided; chosen: about 25 000 in each at the default scale",
    )

    @model_validator(mode="after")
    def _files_have_a_folder(self) -> Self:
        if self.provider == "files" and self.path is None:
            raise ValueError("registers.path is needed with provider: files")
        return self
