"""Settings of the defects: which are planted, and how often."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from tiltakseffekt.core.settings import Settings

Defect = Literal[
    "wrong_century",
    "old_municipality_numbers",
    "old_office_numbers",
    "measures_after_exit",
    "expired_codes",
    "gapped_spells",
    "overlapping_spells",
    "late_deregistration",
    "income_without_job",
    "job_without_income",
    "sentinel_codes",
    "conflicting_rows",
    "duplicate_rows",
    "duplicate_parts",
]

#: Every defect, in the order in which they are planted.
DEFECTS: tuple[Defect, ...] = get_args(Defect)

Share = Annotated[float, Field(ge=0, le=1)]


class DefectSettings(Settings):
    """Which defects the synthetic registers have, and in what share of the rows (or persons, jobs) that could."""

    planted: Literal["none", "all"] | tuple[Defect, ...] = Field(
        "none", description="Defects to plant in synthetic registers: none, all, or a list of the names below"
    )
    wrong_century: Share = Field(
        0.001, description="Share of persons born a century off (1885 or 2085 for 1985); chosen: one in a thousand"
    )
    old_municipality_numbers: Share = Field(
        0.02,
        description="Share of residences from 2020 on delivered under the number before the merger of municipalities; "
        "chosen: a few late deliveries. When planted, municipalities merge in 2020 as the codebook says",
    )
    old_office_numbers: Share = Field(
        0.02,
        description="Share of NAV months from 2020 on under the old number of a renumbered office; chosen as above. "
        "When planted, offices change numbers in 2020 as the codebook says",
    )
    measures_after_exit: Share = Field(
        0.2,
        description="Share of persons with a measure and a death or emigration whose measure goes on or begins after; "
        "chosen: high, since few can have it",
    )
    expired_codes: Share = Field(
        0.005,
        description="Share of spells under a code of their group outside its months of Tabell A-1; chosen: rare, as "
        "old codes overlap their successors in the table (effektrapport_2024 lines 3926-4144) but seldom beyond",
    )
    gapped_spells: Share = Field(
        0.01, description="Share of spells of three months or more delivered as two with a hole of a month; chosen"
    )
    overlapping_spells: Share = Field(
        0.01, description="Share of spells of two months or more of which a part is delivered once more; chosen"
    )
    late_deregistration: Share = Field(
        0.1,
        description="Share of ended jobs that go on for one to six months, half of them with the wage unchanged; "
        "chosen: often, since registered jobs linger (vlt_rapport lines 2103-2112: 79 per cent with at least half a "
        "position one month after, 46 per cent six months after, far more than interviews say)",
    )
    income_without_job: Share = Field(
        0.001, description="Share of years without job and work income that get work income; chosen"
    )
    job_without_income: Share = Field(
        0.001, description="Share of years with wages that lose their work income; chosen"
    )
    sentinel_codes: Share = Field(
        0.001, description="Share of values of a column that hold a code for unknown (9999, 999912, blank); chosen"
    )
    conflicting_rows: Share = Field(
        0.0005, description="Share of rows delivered once more with another value; chosen: rare, as both are lost"
    )
    duplicate_rows: Share = Field(0.001, description="Share of rows delivered twice; chosen")
    duplicate_parts: Share = Field(0.02, description="Share of parts of a table delivered twice; chosen")

    def rate(self, defect: Defect) -> float:
        """Return the share of a defect; zero when it is not planted."""
        planted = self.planted == "all" or defect in self.planted
        return float(getattr(self, defect)) if planted else 0.0

    @property
    def rates(self) -> dict[Defect, float]:
        """Return the defects that are planted, in their order, with their shares."""
        return {defect: self.rate(defect) for defect in DEFECTS if self.rate(defect)}
