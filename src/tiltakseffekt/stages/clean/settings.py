"""Settings of the cleaning."""

from pydantic import Field

from tiltakseffekt.core.settings import Settings


class CleanSettings(Settings):
    """How much may be set aside before the run stops."""

    largest_quarantined_share: float = Field(
        0.02,
        ge=0,
        le=1,
        description="Share of a table's rows that one rule may set aside before the run stops; chosen: more is no "
        "slip of registration, and somebody should look",
    )
    duckdb_memory: str = Field("1500MB", pattern=r"\d+(MB|GB)", description="Memory limit of one DuckDB job")
