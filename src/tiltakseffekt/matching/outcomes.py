"""Outcomes in the three years after the (pseudo-)start (seed-004 lines 2219-2220, 2376-2378)."""

from collections.abc import Sequence

import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.keys import FOLLOW_UP_MONTHS, IN_WORK, MONTHS_IN_WORK, WAGE_INCOME
from tiltakseffekt.matching.person_months import read_months


def measure_outcomes(sample: pd.DataFrame, panel: Sequence[str], last_month: int) -> pd.DataFrame:
    """Measure months in work and wage income per year, and the state in work of each month.

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

    Returns
    -------
    pandas.DataFrame
        Schema ``outcomes``: months per year, kroner at 2022 prices per year, 0 or 1 per month.

    Raises
    ------
    FaultsFound
        If the panel ends before the follow-up of someone does.
    """
    unobserved = int((sample["start_month"] + FOLLOW_UP_MONTHS > last_month).sum())
    if unobserved:
        raise FaultsFound(
            [
                Fault(
                    "panel",
                    "panel.last_month",
                    f"the panel covers {FOLLOW_UP_MONTHS} months after every start",
                    unobserved,
                    "Extend the registers and panel.last_month, or end the cohort earlier (cohorts.last_registration).",
                )
            ]
        )
    persons = sample.sort_values("person_id", ignore_index=True)
    starts = persons[["person_id", "start_month"]].rename(columns={"start_month": "reference_month"})
    months = read_months(panel, starts, ["in_work", "wage"], 1, FOLLOW_UP_MONTHS)
    in_work, wage = months["in_work"], months["wage"]
    years = (len(persons), len(MONTHS_IN_WORK), -1)
    return pd.concat(
        [
            persons[["person_id"]],
            pd.DataFrame(in_work.reshape(years).sum(axis=2), columns=list(MONTHS_IN_WORK)),
            pd.DataFrame(wage.reshape(years).sum(axis=2), columns=list(WAGE_INCOME)),
            pd.DataFrame(in_work, columns=list(IN_WORK)),
        ],
        axis=1,
    )
