"""Settings of the registers: where the tables come from."""

from typing import Literal, Self

from pydantic import Field, model_validator

from tiltakseffekt.core.settings import Settings
from tiltakseffekt.synthetic.defects.settings import DefectSettings


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
    truth_path: str | None = Field(
        None, description="Folder with the planted truth that belongs to extracts of synthetic registers, if any"
    )
    delivery: Literal["parquet", "csv"] = Field(
        "parquet", description="Files in which synthetic registers are written; CSV as registers.csv says"
    )
    csv: CsvFormat = Field(default_factory=CsvFormat, description="How CSV extracts are written")
    scale: float = Field(
        0.2,
        gt=0,
        le=1,
        description="Size of the synthetic registers; 1 = everyone with a NAV group 2009-2022 (effektrapport_2024 "
        "lines 678-687), about 1.9 million persons; chosen: a fifth, so that a report takes minutes",
    )
    defects: DefectSettings = Field(default_factory=DefectSettings, description="Defects of the synthetic registers")
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

    @model_validator(mode="after")
    def _only_synthetic_registers_are_broken(self) -> Self:
        if self.provider == "files" and self.defects.planted not in ("none", ()):
            raise ValueError("registers.defects are planted in synthetic registers only")
        return self
