"""Outcomes in the years after the (pseudo-)start (effektrapport_2024 lines 2219-2220, 2376-2378)."""

from collections.abc import Sequence

import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.keys import ALL_IN_WORK, ALL_MONTHS_IN_WORK, ALL_WAGE_INCOME
from tiltakseffekt.stages.matching.person_months import read_months
from tiltakseffekt.stages.matching.settings import MatchingSettings


def measure_outcomes(
    sample: pd.DataFrame, panel: Sequence[str], last_month: int, settings: MatchingSettings
) -> pd.DataFrame:
    """Measure months in work and wage income per year and, if so wished, the state in work of each month.

    Months count from the one after the (pseudo-)start month. A month without a row in the panel, also after death or
    emigration, is a month without work and wage.

    Parameters
    ----------
    sample
        The effect sample (schema ``sample``).
    panel
        Paths of the shards of the panel.
    last_month
        Last month of the panel.
    settings
        Length of the follow-up, and which outcomes are measured.

    Returns
    -------
    pandas.DataFrame
        Schema ``outcomes``: months per year, kroner at 2022 prices per year, and 0 or 1 per month.

    Raises
    ------
    FaultsFound
        If the panel ends before the follow-up of someone does.
    """
    follow_up, years = settings.follow_up_months, settings.follow_up_months // 12
    unobserved = int((sample["start_month"] + follow_up > last_month).sum())
    if unobserved:
        raise FaultsFound(
            [
                Fault(
                    "panel",
                    "panel.last_month",
                    f"the panel covers {follow_up} months after every start",
                    unobserved,
                    "Extend the registers and panel.last_month, end the cohort earlier (cohorts.last_registration), or "
                    "shorten matching.follow_up_months.",
                )
            ]
        )
    persons = sample.sort_values("person_id", ignore_index=True)
    starts = persons[["person_id", "start_month"]].rename(columns={"start_month": "reference_month"})
    months = read_months(panel, starts, ["in_work", "wage"], 1, follow_up)
    in_work, wage = months["in_work"], months["wage"]
    by_year = (len(persons), years, 12)
    tables = [
        persons[["person_id"]],
        pd.DataFrame(in_work.reshape(by_year).sum(axis=2), columns=list(ALL_MONTHS_IN_WORK[:years])),
        pd.DataFrame(wage.reshape(by_year).sum(axis=2), columns=list(ALL_WAGE_INCOME[:years])),
    ]
    if settings.outcomes == "all":
        tables.append(pd.DataFrame(in_work, columns=list(ALL_IN_WORK[:follow_up])))
    return pd.concat(tables, axis=1)
