"""Settings of the heterogeneity analysis."""

from pydantic import Field

from tiltakseffekt.config.base import Settings


class HeterogeneitySettings(Settings):
    """Which outcome is regressed and how wide the age kernel is."""

    outcomes: tuple[str, ...] = Field(
        ("months_in_work_y3",), description="Outcomes of the group effects (Tabell 6-7: months in work, third year)"
    )
    age_bandwidth: float | None = Field(
        None, gt=0, description="Bandwidth of the age kernel in years; empty = rule of thumb from the data"
    )
