"""The first measure after registration: when, which, how long, what followed (effektrapport_2024 lines 2175-2191)."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.stages.cohorts.history import month_of
from tiltakseffekt.stages.cohorts.settings import CohortSettings

#: Months after registration over which later starts are counted (Tabell 6-1, lines 2239-2252).
LATER_START_MONTHS: Final = 48
#: Whole months that may lie between the end of a measure and the start of the next in a chain (lines 2820-2821).
CHAIN_GAP_MONTHS: Final = 2

_STILL_RUNNING: Final = 10**6


def first_measures(
    registrations: pd.DataFrame,
    tiltak: pd.DataFrame,
    panel: pd.DataFrame,
    settings: CohortSettings,
    chains: Mapping[tuple[str, str], str],
    last: int,
) -> pd.DataFrame:
    """Add to each registration the first measure after it.

    Spells of one measure group that overlap or follow each other without a month between are one episode. Of
    episodes that start in the same month a main measure goes before others, then the group key decides. A person is
    treated when the first episode starts within ``start_window_months``, the registration month included.

    Parameters
    ----------
    registrations
        ``person_id``, ``registration_month``, ``first_group``.
    tiltak
        Cleaned spells: ``person_id``, ``measure`` (group key), ``start_month``, ``stop_month``, ``main_measure``.
    panel
        ``person_id``, ``month``, ``nav_group``, ``tiltakspenger`` of PANEL.
    settings
        The start window.
    chains
        First and second measure to the key of the chain that they are.
    last
        Last month of the panel, until which the duration of the first measure is observed.

    Returns
    -------
    pandas.DataFrame
        The registrations with ``measure`` (group key of the first measure, missing for controls), ``chain`` (key of the
        chain that the first measure began, missing when none of ``chains``) and all columns of ENTRIES but ``arm``.
    """
    registered = registrations.set_index("person_id")["registration_month"]
    episodes = episodes_after(registered, tiltak)
    first = first_episodes(episodes)
    first = first.assign(offset=first["start"] - month_of(first["person_id"], registered))
    treated = first.loc[first["offset"] < settings.start_window_months].copy()
    successors = _successors(treated, episodes)
    treated["chain"] = _chains(treated, successors, chains)
    treated["followed_by_measure"] = treated["person_id"].isin(successors["person_id"])
    treated["duration"] = treated["stop"].clip(upper=last) - treated["start"] + 1
    treated = treated.merge(_at_start(treated, panel), on="person_id", how="left")
    treated["tiltakspenger_months"] = _benefit_months(treated, panel)

    later = first.loc[first["offset"] < LATER_START_MONTHS].set_index("person_id")["offset"]
    added = ["measure", "chain", "group_at_start", "followed_by_measure", "duration", "tiltakspenger_months"]
    table = registrations.merge(
        treated[["person_id", "offset", *added]].rename(columns={"offset": "start_offset"}), on="person_id", how="left"
    )
    return table.assign(
        start_offset=table["start_offset"].astype("Int64"),
        later_start_offset=later.reindex(table["person_id"]).astype("Int64").array,
        followed_by_measure=table["followed_by_measure"].eq(True),
        duration=table["duration"].fillna(0).astype("int64"),
        tiltakspenger_months=table["tiltakspenger_months"].fillna(0).astype("int64"),
    )


def episodes_after(registered: pd.Series, tiltak: pd.DataFrame) -> pd.DataFrame:
    """Return the episodes, as `join_spells` does, of spells that begin in the month of registration or later.

    Parameters
    ----------
    registered
        Month of registration, indexed by person.
    tiltak
        Cleaned spells.
    """
    spells = tiltak.loc[tiltak["person_id"].isin(registered.index)]
    return join_spells(spells.loc[spells["start_month"] >= month_of(spells["person_id"], registered)])


def first_episodes(episodes: pd.DataFrame) -> pd.DataFrame:
    """Return the first episode of each person; of several in one month a main measure, then the first by key."""
    order = ["person_id", "start", "main_measure", "measure"]
    return episodes.sort_values(order, ascending=[True, True, False, True]).drop_duplicates("person_id")


def join_spells(spells: pd.DataFrame) -> pd.DataFrame:
    """Join spells of one person and measure group that overlap or touch into episodes.

    Returns
    -------
    pandas.DataFrame
        ``person_id``, ``measure``, ``start``, ``stop`` (last month; a very late month when it still runs),
        ``main_measure`` (whether a spell that opens the episode is a main measure).
    """
    table = spells[["person_id", "measure"]].assign(
        start=spells["start_month"].astype("int64"),
        stop=spells["stop_month"].astype("Int64").fillna(_STILL_RUNNING).astype("int64"),
        main_measure=spells["main_measure"].astype(bool),
    )
    table = table.sort_values(
        ["person_id", "measure", "start", "main_measure"], ascending=[True, True, True, False], ignore_index=True
    )
    within = table.groupby(["person_id", "measure"], sort=False)
    reached = within["stop"].cummax().groupby([table["person_id"], table["measure"]], sort=False).shift()
    episode = (reached.isna() | (table["start"] > reached + 1)).cumsum()
    return table.groupby(episode, sort=False).agg(
        person_id=("person_id", "first"),
        measure=("measure", "first"),
        start=("start", "first"),
        stop=("stop", "max"),
        main_measure=("main_measure", "first"),
    )


def _successors(first: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """Return the episodes that follow each first measure in a chain.

    Such a measure is of another group, starts later and ends later, and soon enough after the first. One that began
    beside the first and goes on after it makes a chain too (lines 1637-1640).
    """
    pairs = episodes.merge(first[["person_id", "measure", "start", "stop"]], on="person_id", suffixes=("", "_first"))
    later = (pairs["start"] > pairs["start_first"]) & (pairs["stop"] > pairs["stop_first"])
    soon = pairs["start"] - pairs["stop_first"] <= CHAIN_GAP_MONTHS + 1
    return pairs.loc[later & soon & (pairs["measure"] != pairs["measure_first"])]


def _chains(first: pd.DataFrame, successors: pd.DataFrame, key_of: Mapping[tuple[str, str], str]) -> np.ndarray:
    """Return the chain that each first measure began, missing when it began none; the earliest successor counts."""
    second = first_episodes(successors).set_index("person_id")["measure"]
    begun = zip(first["measure"], first["person_id"].map(second), strict=True)
    return pd.array([key_of.get(measures) for measures in begun], dtype="str").to_numpy()


def _at_start(treated: pd.DataFrame, panel: pd.DataFrame) -> pd.DataFrame:
    at_start = panel["month"] == month_of(panel["person_id"], treated.set_index("person_id")["start"])
    return panel.loc[at_start, ["person_id", "nav_group"]].rename(columns={"nav_group": "group_at_start"})


def _benefit_months(treated: pd.DataFrame, panel: pd.DataFrame) -> np.ndarray:
    paid = panel.loc[panel["tiltakspenger"], ["person_id", "month"]]
    paid = paid.merge(treated[["person_id", "start", "duration"]], on="person_id")
    during = (paid["month"] - paid["start"]).between(0, paid["duration"] - 1)
    return paid.loc[during, "person_id"].value_counts().reindex(treated["person_id"], fill_value=0).to_numpy(np.int64)
