"""Settings of made-up registers: how large they are, how they are written, and what is broken in them."""

from typing import Literal, Self

from pydantic import Field, model_validator

from tiltakseffekt.stages.registers.settings import RegisterSettings
from tiltakseffekt.synthetic.defects.settings import DefectSettings


class SyntheticRegisterSettings(RegisterSettings):
    """Where the registers come from, and, where they are made up, how."""

    truth_path: str | None = Field(
        None, description="Folder with the planted truth that belongs to extracts of synthetic registers, if any"
    )
    delivery: Literal["parquet", "csv"] = Field(
        "parquet", description="Files in which synthetic registers are written; CSV as registers.csv says"
    )
    scale: float = Field(
        0.2,
        gt=0,
        le=1,
        description="Size of the synthetic registers; 1 = everyone with a NAV group 2009-2022 (effektrapport_2024 "
        "lines 678-687), about 1.9 million persons; chosen: a fifth, so that a report takes minutes",
    )
    defects: DefectSettings = Field(default_factory=DefectSettings, description="Defects of the synthetic registers")

    @model_validator(mode="after")
    def _only_synthetic_registers_are_broken(self) -> Self:
        if self.provider == "files" and self.defects.planted not in ("none", ()):
            raise ValueError("registers.defects are planted in synthetic registers only")
        return self
