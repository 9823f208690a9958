"""First registrations: who enters the cohort, when, and which rule left out the others.

Rules R1 to R4 of the main sample (effektrapport_2024 lines 2154-2174 and 2215-2216). Chapter 4 has a wider definition,
in which every NAV group counts and nothing else is asked: `new_registrations`.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.stages.cohorts.history import month_of
from tiltakseffekt.stages.cohorts.settings import CohortSettings

#: Rules in the order in which they are applied; the first one counts the population itself.
RULES: Final = (
    "befolkning",
    "registrert_i_perioden",
    "uten_innsatsgruppe_for",
    "uten_tiltak_for",
    "hoyeste_alder",
    "standard_byttet",
)
STANDARD: Final = "standard"

_NEVER: Final = np.iinfo(np.int64).max
_WASHOUT_GROUPS: Final = {
    "nav_group": keys.NAV_GROUPS,
    "innsatsgruppe": keys.INNSATSGRUPPER,
    "reduced_capacity": keys.REDUCED_CAPACITY,
}


class Period(NamedTuple):
    """Months (since 2000-01) in which first registrations are described, and months in no NAV group before one."""

    first: int
    last: int
    without: int


def new_registrations(
    person: npt.NDArray[np.integer[Any]], month: npt.NDArray[np.integer[Any]], without: int
) -> npt.NDArray[np.bool_]:
    """Tell which registered months follow so many months in no NAV group.

    Parameters
    ----------
    person, month
        Code of the person and month of each registered month, shape (n,), sorted by person and month.
    without
        Months in no group that make a registration new. The first registered month of a person always is.
    """
    return months_since(person, month, np.ones(len(person), np.bool_)) > without


def first_of_period(
    person: npt.NDArray[np.integer[Any]], month: npt.NDArray[np.integer[Any]], period: Period
) -> npt.NDArray[np.int64]:
    """Return the places of each person's first new registration of a period; see `new_registrations`."""
    inside = (month >= period.first) & (month <= period.last)
    places = np.flatnonzero(inside & new_registrations(person, month, period.without))
    return places[np.unique(person[places], return_index=True)[1]].astype(np.int64)


def first_registrations(
    panel: pd.DataFrame, person: pd.DataFrame, settings: CohortSettings
) -> tuple[pd.DataFrame, pd.Series]:
    """Find the first registration of each person who meets the rules.

    A month r qualifies when it lies in the window, the group is one of ``entry_groups``, and none of the
    ``washout_months`` months before r has a group of ``washout_groups`` or a measure; the first such month counts. Age
    is the age reached in the year of r.
    First in standardinnsats, a person needs situasjonsbestemt or spesielt tilpasset innsats in one of the months
    r+1 to r+``standard_must_change_within``.

    Parameters
    ----------
    panel
        ``person_id``, ``month``, ``nav_group``, ``on_measure`` of PANEL, in any order.
    person
        ``person_id`` and ``birth_month`` (months since 2000-01) of the whole population.
    settings
        The rules.

    Returns
    -------
    tuple
        ``person_id``, ``registration_month``, ``first_group``, sorted by person; and the number of persons still in
        after each of `RULES`.
    """
    first, last = parse_month(settings.first_registration), parse_month(settings.last_registration)
    latest_needed = last + settings.standard_must_change_within
    rows = panel.loc[panel["month"].between(first - settings.washout_months, latest_needed)]
    groups = _WASHOUT_GROUPS[settings.washout_groups]
    rows = rows.loc[rows["nav_group"].isin([*groups, *keys.ENTRY_GROUPS]) | rows["on_measure"]]
    rows = rows.merge(person[["person_id", "birth_month"]], on="person_id", how="inner")
    rows = rows.sort_values(["person_id", "month"], ignore_index=True)

    code = rows["person_id"].factorize()[0]
    month = rows["month"].to_numpy(np.int64)
    in_group = rows["nav_group"].isin(groups).to_numpy(bool)
    rows["since_group"] = months_since(code, month, in_group)
    rows["since_measure"] = months_since(code, month, rows["on_measure"].to_numpy(bool))

    entering = rows.loc[rows["month"].between(first, last) & rows["nav_group"].isin(settings.entry_groups)]
    without_group = entering.loc[entering["since_group"] > settings.washout_months]
    without_both = without_group.loc[without_group["since_measure"] > settings.washout_months]
    entrants = without_both.drop_duplicates("person_id").rename(
        columns={"month": "registration_month", "nav_group": "first_group"}
    )
    age = entrants["registration_month"] // 12 - entrants["birth_month"] // 12
    young_enough = entrants.loc[age <= settings.oldest_age]
    moves_on = (young_enough["first_group"] != STANDARD) | _changes_in_time(young_enough, rows, settings)
    kept = young_enough.loc[moves_on, ["person_id", "registration_month", "first_group"]]

    remaining = [
        len(person),
        entering["person_id"].nunique(),
        without_group["person_id"].nunique(),
        len(entrants),
        len(young_enough),
        len(kept),
    ]
    return kept.reset_index(drop=True), pd.Series(remaining, index=list(RULES), dtype="int64")


def months_since(
    code: npt.NDArray[np.integer[Any]], month: npt.NDArray[np.integer[Any]], flag: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Return months since the person's last earlier row with the flag; rows are sorted by person and month."""
    position = np.arange(len(code))
    latest = np.roll(np.maximum.accumulate(np.where(flag, position, -1)), 1)
    latest[:1] = -1
    found = (latest >= 0) & (code[latest] == code)
    since = month.astype(np.int64) - month[latest]
    return np.where(found, since, _NEVER)


def _changes_in_time(entrants: pd.DataFrame, rows: pd.DataFrame, settings: CohortSettings) -> pd.Series:
    """Tell for each entrant whether closer follow-up begins within the months that the rule allows."""
    closer = rows.loc[rows["nav_group"].isin(keys.CLOSER_FOLLOW_UP), ["person_id", "month"]]
    wait = closer["month"] - month_of(closer["person_id"], entrants.set_index("person_id")["registration_month"])
    in_time = closer.loc[wait.between(1, settings.standard_must_change_within), "person_id"]
    return entrants["person_id"].isin(in_time)
