"""Settings of the heterogeneity analysis."""

from pydantic import Field

from tiltakseffekt.core.settings import Settings


class HeterogeneitySettings(Settings):
    """Which outcome is regressed and how wide the kernels are."""

    outcomes: tuple[str, ...] = Field(
        ("months_in_work_y3",),
        description="Outcomes of the group effects and of who gains (Tabell 6-7: months in work, third year)",
    )
    age_bandwidth: float | None = Field(
        None, gt=1, description="Bandwidth of the age kernel in years; empty = rule of thumb from the data"
    )
    age_from: int = Field(
        18, ge=0, description="First age of the age curve, which effektrapport_2024 does not have; chosen: adults"
    )
    age_to: int = Field(
        59, ge=0, description="Last age of the age curve; the groups of effektrapport_2024 end at 50-59 (line 2974)"
    )
    work_history_bandwidth: float | None = Field(
        None,
        gt=1,
        description="Bandwidth of the kernel over months in work before registration; empty = rule of thumb",
    )
    window_smallest: int = Field(
        10,
        ge=1,
        description="Fewest persons on the measure within one bandwidth of a point for a curve to have it; chosen: "
        "twice the usual threshold of disclosure",
    )
