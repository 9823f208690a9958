"""The cohort: first registrations and first measures of all shards, small measure groups collected."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.stages.cohorts import schemas
from tiltakseffekt.stages.cohorts.registration import RULES, first_registrations
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.stages.cohorts.treatment import first_measures

PANEL_COLUMNS: Final = ("person_id", "month", "nav_group", "on_measure", "tiltakspenger")
PERSON_COLUMNS: Final = ("person_id", "birth_month")
TILTAK_COLUMNS: Final = ("person_id", "measure", "start_month", "stop_month", "main_measure")


class EntryShard(NamedTuple):
    """What the cohort needs of one shard: the columns named in this module."""

    panel: pd.DataFrame
    person: pd.DataFrame
    tiltak: pd.DataFrame


def build_entries(
    shards: Iterable[EntryShard], settings: CohortSettings, arms: Arms, last: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Select the cohort.

    A person never spans two shards, so each shard is worked alone; only the size of the measure groups needs all.

    Parameters
    ----------
    shards
        The shards, one at a time; may be a generator, so that only one is in memory.
    settings
        The rules of the cohort.
    arms
        The arms of the evaluation.
    last
        Last month of the panel.

    Returns
    -------
    tuple
        Tables ENTRIES (sorted by person) and ATTRITION.
    """
    tables, counts = zip(*(_shard_entries(shard, settings, arms, last) for shard in shards), strict=True)
    table: pd.DataFrame = pd.concat(tables).sort_values("person_id", ignore_index=True)
    arm = assign_arms(table["measure"], settings.smallest_group, arms)
    if settings.chains:
        arm = assign_chains(arm, table["chain"], settings.smallest_group, arms)
    entries = table.assign(arm=arm)[list(schemas.ENTRIES.columns)]
    return entries, attrition_table(sum(counts[1:], start=counts[0]))


def assign_arms(measure: pd.Series, smallest_group: int, arms: Arms) -> pd.Series:
    """Return the arm of each person: control, one of the measures, or the collection of small groups.

    Parameters
    ----------
    measure
        Group key of the first measure; missing for controls.
    smallest_group
        Measures with fewer starters go to the collection (line 2300).
    arms
        The arms of the evaluation; other measures go to the collection too.
    """
    starters = measure.value_counts()
    large = [key for key in arms.measures if starters.get(key, 0) >= smallest_group]
    return measure.where(measure.isin(large) | measure.isna(), arms.small_groups).fillna(arms.control)


def assign_chains(arm: pd.Series, chain: pd.Series, smallest_group: int, arms: Arms) -> pd.Series:
    """Return the arm of each person when chains are arms of their own; smaller chains stay with their first measure.

    Parameters
    ----------
    arm
        Arm by the first measure alone.
    chain
        Key of the chain; missing for those in none.
    smallest_group
        Fewest persons of a chain.
    arms
        The arms of the evaluation.
    """
    persons = chain.value_counts()
    large = [chain.key for chain in arms.chains if persons.get(chain.key, 0) >= smallest_group]
    return chain.where(chain.isin(large), arm)


def attrition_table(remaining: pd.Series) -> pd.DataFrame:
    """Return ATTRITION from the number of persons still in after each rule."""
    return pd.DataFrame(
        {
            "step": range(len(RULES)),
            "rule": remaining.index,
            "left_out": -remaining.diff().fillna(0).to_numpy("int64"),
            "remaining": remaining.to_numpy("int64"),
        }
    )


def _shard_entries(
    shard: EntryShard, settings: CohortSettings, arms: Arms, last: int
) -> tuple[pd.DataFrame, pd.Series]:
    earliest = parse_month(settings.first_registration) - settings.washout_months
    panel = shard.panel.loc[shard.panel["month"] >= earliest]
    registrations, remaining = first_registrations(panel, shard.person, settings)
    entrants = panel.loc[panel["person_id"].isin(registrations["person_id"])]
    return first_measures(registrations, shard.tiltak, entrants, settings, arms.chain_of, last), remaining
