"""Settings of the person-month panel."""

from pydantic import Field

from tiltakseffekt.core.settings import MonthText, Settings


class PanelSettings(Settings):
    """Months of the panel and when a person counts as in work."""

    first_month: MonthText = Field(
        "2010-01",
        description="First month of the panel; chosen: more than the 60 months of history "
        "(effektrapport_2024 line 2457) before 2016",
    )
    last_month: MonthText = Field("2022-12", description="Last month of the panel (effektrapport_2024 line 2218)")
    in_work_g_twelfths: float = Field(
        1,
        gt=0,
        description="Twelfths of G that the wage of a month must reach to count as in work "
        "(effektrapport_2024 line 2376)",
    )
    high_income_g_twelfths: float = Field(
        3, gt=0, description="Twelfths of G that the wage of a month must reach to count as high income (line 1729)"
    )
    in_work_position_pct: float = Field(
        20, ge=0, description="Agreed position, per cent, needed to count as in work (effektrapport_2024 line 2377)"
    )
    price_year: int = Field(
        2022, description="Year of the prices in which wages are measured (effektrapport_2024 line 2378)"
    )
