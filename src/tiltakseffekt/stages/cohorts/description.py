"""The registers in brief, as chapter 4 of effektrapport_2024 describes NAV's users: sums of small counts."""

from collections.abc import Iterable, Sequence
from functools import reduce
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.clean.database import database, literal
from tiltakseffekt.stages.clean.tables import Resources
from tiltakseffekt.stages.cohorts import schemas
from tiltakseffekt.stages.cohorts.history import month_of
from tiltakseffekt.stages.cohorts.registration import Period, first_of_period, new_registrations
from tiltakseffekt.stages.cohorts.survival import kaplan_meier
from tiltakseffekt.stages.cohorts.treatment import episodes_after, first_episodes
from tiltakseffekt.stages.panel.registered import REGISTERED

#: Months since first registration in which wages are shown; chosen: a year before, at it, two years after.
WAGE_MONTHS: Final = (-12, 0, 24)
#: Lower end of the last, open class of wages, kroner a month at 2022 prices; chosen.
LAST_WAGE_CLASS: Final = 90_000
#: Months from first registration, that month included, in which a first measure starts (Figur 4-4, lines 1181-1183).
FIRST_MEASURE_WITHIN: Final = 24

TILTAK_COLUMNS: Final = ("person_id", "measure", "start_month", "stop_month", "main_measure")

_MONTHS: Final = """
SELECT month, status.nav_group, count(*) AS n, count(new.month) AS n_new
FROM status LEFT JOIN new USING (person_id, month)
WHERE month BETWEEN $first AND $last
GROUP BY ALL
"""

_PATHS: Final = f"""
WITH states AS (
    SELECT r.person_id, 'm' || step.month AS moment, coalesce(status.nav_group, '{keys.NOT_REGISTERED}') AS state
    FROM first_registered r CROSS JOIN (SELECT unnest({list(keys.PATH_MONTHS)}) AS month) step
    LEFT JOIN status ON status.person_id = r.person_id AND status.month = r.month + step.month
), paths AS (
    SELECT {", ".join(f"any_value(state) FILTER (moment = 'm{month}') AS m{month}" for month in keys.PATH_MONTHS)}
    FROM states GROUP BY person_id
)
SELECT *, count(*) AS n FROM paths GROUP BY ALL
"""

_WAGES: Final = """
SELECT r.nav_group AS first_group, p.month - r.month AS month_since_registration,
    least(p.wage // $width * $width, $open) AS wage_from, count(*) AS n
FROM {panel} p JOIN first_registered r USING (person_id)
WHERE p.in_work AND list_contains($months, p.month - r.month)
GROUP BY ALL
"""


class Shard(NamedTuple):
    """Files of one shard: clean ``nav_status`` and ``tiltak``, and the panel."""

    nav_status: Path
    tiltak: Path
    panel: Path


class Counts(NamedTuple):
    """Persons of one shard, or of all, in a column ``n`` (and ``n_new``) by the other columns."""

    months: pd.DataFrame
    paths: pd.DataFrame
    wages: pd.DataFrame
    durations: pd.DataFrame


def describe_registrations(
    shards: Iterable[Shard],
    period: Period,
    first: int,
    last: int,
    confidence: float,
    resources: Resources,
    arms: Arms,
) -> dict[str, pd.DataFrame]:
    """Describe who is registered, and what becomes of those registered for the first time.

    Parameters
    ----------
    shards
        All shards; a person never spans two, so their counts are summed.
    period
        When first registrations are described, and what makes one new.
    first, last
        First and last month of the panel. A measure without stop, or with one after `last`, is censored there.
    confidence
        Level of the intervals.
    resources
        Limits of DuckDB.
    arms
        The arms of the evaluation.

    Returns
    -------
    dict
        Tables NAV_MONTHS, NAV_PATHS, WAGE_CLASSES and MEASURE_SURVIVAL by name.
    """
    counts = reduce(_sum_counts, (count_shard(shard, period, first, last, resources, arms) for shard in shards))
    by_measure = counts.durations.groupby("measure")
    curves = [kaplan_meier(part, confidence).assign(measure=measure) for measure, part in by_measure]
    columns = list(schemas.MEASURE_SURVIVAL.columns)
    return {
        "nav_months": counts.months,
        "nav_paths": counts.paths,
        "wage_classes": counts.wages,
        "measure_survival": pd.concat(curves)[columns] if curves else pd.DataFrame(columns=columns),
    }


def count_shard(shard: Shard, period: Period, first: int, last: int, resources: Resources, arms: Arms) -> Counts:
    """Count the persons of one shard; see `describe_registrations`."""
    with database(resources.memory, resources.threads, resources.workspace) as base:
        counted = REGISTERED.format(nav_status=_file(shard.nav_status))
        base.execute(f"CREATE TEMP TABLE status AS SELECT person_id, month, nav_group FROM ({counted})")
        registered = base.sql("SELECT * FROM status ORDER BY person_id, month").df()
        person, month = registered["person_id"].factorize()[0], registered["month"].to_numpy()
        first_registered = registered.iloc[first_of_period(person, month, period)]
        base.register("new", registered.loc[new_registrations(person, month, period.without), ["person_id", "month"]])
        base.register("first_registered", first_registered)
        tiltak = pd.read_parquet(shard.tiltak, columns=list(TILTAK_COLUMNS))
        return Counts(
            months=base.sql(_MONTHS, params={"first": first, "last": last}).df(),
            paths=base.sql(_PATHS).df(),
            wages=base.sql(
                _WAGES.format(panel=_file(shard.panel)),
                params={"width": keys.WAGE_CLASS, "open": LAST_WAGE_CLASS, "months": list(WAGE_MONTHS)},
            ).df(),
            durations=count_durations(first_registered, tiltak, last, arms),
        )


def count_durations(registered: pd.DataFrame, tiltak: pd.DataFrame, last: int, arms: Arms) -> pd.DataFrame:
    """Count first measures by how many months they lasted and whether they ended within the data.

    Parameters
    ----------
    registered
        ``person_id`` and ``month`` of first registration.
    tiltak
        Cleaned spells; those that touch are one episode.
    last
        Last month of the data.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        ``measure`` (groups outside the effect analysis collected), ``months``, ``ended``, ``n``.
    """
    month = registered.set_index("person_id")["month"]
    first = first_episodes(episodes_after(month, tiltak))
    first = first.loc[first["start"] - month_of(first["person_id"], month) < FIRST_MEASURE_WITHIN]
    measure = first["measure"].where(first["measure"].isin(arms.measures), arms.small_groups)
    lasted = pd.DataFrame(
        {
            "measure": measure,
            "months": first["stop"].clip(upper=last) - first["start"] + 1,
            "ended": first["stop"] <= last,
        }
    )
    return lasted.groupby(list(lasted), as_index=False).size().rename(columns={"size": "n"})


def _sum_counts(one: Counts, other: Counts) -> Counts:
    return Counts(*(_sum(pair) for pair in zip(one, other, strict=True)))


def _sum(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    together = pd.concat(tables)
    return together.groupby([name for name in together if name not in ("n", "n_new")], as_index=False).sum()


def _file(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"
