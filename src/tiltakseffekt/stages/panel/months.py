"""The clean registers of one shard of persons become person-months."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.months import parse_month, year_of
from tiltakseffekt.core.tables import arrow_schema
from tiltakseffekt.stages.clean.database import database, literal
from tiltakseffekt.stages.clean.tables import Resources
from tiltakseffekt.stages.panel import schemas
from tiltakseffekt.stages.panel.registered import REGISTERED
from tiltakseffekt.stages.panel.settings import PanelSettings

_MAY: Final = 4

#: Register tables from which the panel is made.
SOURCES: Final = ("person", "employment", "nav_status", "tiltak", "benefits", "disability")

# Persons are numbered, so that months are gathered by one integer instead of by text.
_PERSONS = """
CREATE TEMP TABLE persons AS
SELECT person_id, (row_number() OVER (ORDER BY person_id) - 1) AS person FROM {person}
"""

# Sums of whole oere and of millionths of a per cent are exact, so that they do not depend on the order of the jobs.
_WORK = """
CREATE TEMP TABLE work AS
WITH sums AS (
    SELECT person, month,
        sum(CAST(round(wage * 100) AS BIGINT)) AS oere,
        sum(CAST(round(position_pct * 1000000) AS BIGINT)) AS position
    FROM {employment} JOIN persons USING (person_id)
    GROUP BY person, month
)
SELECT person, month,
    oere * 12 >= $in_work_g_twelfths * g * 100 AND position >= $in_work_position_pct * 1000000 AS in_work,
    oere * 12 >= $high_income_g_twelfths * g * 100 AND position >= $in_work_position_pct * 1000000 AS high_income,
    CAST(round(CAST(oere AS DOUBLE) * price_factor / 100) AS BIGINT) AS wage
FROM sums JOIN calendar USING (month)
"""

_MEASURES = """
CREATE TEMP TABLE measures AS
WITH months AS (
    SELECT person, measure, main_measure, start_month,
        unnest(range(
            greatest(start_month, $first)::BIGINT,
            least(coalesce(stop_month, $last), $last)::BIGINT + 1
        ))::INTEGER AS month
    FROM {tiltak} JOIN persons USING (person_id)
)
SELECT person, month, first(measure ORDER BY main_measure DESC, start_month, measure) AS measure
FROM months
GROUP BY person, month
"""

_BENEFITS = """
CREATE TEMP TABLE received AS
SELECT person, month, {flags}
FROM {benefits} JOIN persons USING (person_id)
WHERE amount > 0 AND month BETWEEN $first AND $last
GROUP BY person, month
"""

_PANEL = """
WITH status AS (
    SELECT person, month, nav_group, nav_office FROM ({registered}) JOIN persons USING (person_id)
    WHERE month BETWEEN $first AND $last
), degrees AS (
    SELECT person, month, degree FROM {disability} JOIN persons USING (person_id)
    WHERE month BETWEEN $first AND $last
)
SELECT person_id, month,
    coalesce(in_work, false) AS in_work,
    coalesce(high_income, false) AS high_income,
    coalesce(wage, 0) AS wage,
    nav_group, nav_office,
    measure IS NOT NULL AS on_measure,
    measure,
    {flags},
    coalesce(degree, 0) AS disability_degree
FROM work
FULL JOIN status USING (person, month)
FULL JOIN measures USING (person, month)
FULL JOIN received USING (person, month)
FULL JOIN degrees USING (person, month)
JOIN persons USING (person)
ORDER BY person, month
"""


def calendar(settings: PanelSettings, prices: Mapping[int, float], base_amounts: Mapping[int, int]) -> pd.DataFrame:
    """Return what a krone and G are in each month of the panel.

    Parameters
    ----------
    settings
        Months of the panel and year of the prices.
    prices
        Year to annual consumer price index.
    base_amounts
        Year to G in force from 1 May.

    Returns
    -------
    pandas.DataFrame
        ``month``; ``g``, G in force in the month, kroner a year; ``price_factor``, by which nominal kroner become
        kroner of the price year.

    Raises
    ------
    FaultsFound
        If a codebook lacks a year.
    """
    months = range(parse_month(settings.first_month), parse_month(settings.last_month) + 1)
    g_years = [year_of(month) - (month % 12 < _MAY) for month in months]
    price_years = [year_of(month) for month in months]
    lacking = [("kpi.csv", year) for year in sorted({*price_years, settings.price_year} - set(prices))]
    lacking += [("grunnbelop.csv", year) for year in sorted(set(g_years) - set(base_amounts))]
    if lacking:
        raise FaultsFound([Fault(file, "year", f"the year {year} is missing", 1, "Add it.") for file, year in lacking])
    return pd.DataFrame(
        {
            "month": pd.array(list(months), dtype="int32"),
            "g": [base_amounts[year] for year in g_years],
            "price_factor": [prices[settings.price_year] / prices[year] for year in price_years],
        }
    )


def build_panel(
    tables: Mapping[str, Path],
    months: pd.DataFrame,
    settings: PanelSettings,
    resources: Resources,
) -> pa.Table:
    """Return the person-months of one shard in which any register says something.

    Wage and position are summed over the jobs of the month. In a month with several measures the main one counts; if
    none or several are main, the one that began first, then the first by key.

    Parameters
    ----------
    tables
        Clean Parquet file of the shard for each of `SOURCES`.
    months
        As `calendar` returns.
    settings
        Months of the panel and when a person counts as in work.
    resources
        Limits of DuckDB.

    Returns
    -------
    pyarrow.Table
        As the schema ``PANEL``, sorted by key.
    """
    flags = ", ".join(f"bool_or(benefit = {literal(benefit)}) AS {benefit}" for benefit in keys.BENEFITS)
    filled = ", ".join(f"coalesce({benefit}, false) AS {benefit}" for benefit in keys.BENEFITS)
    files = {name: f"read_parquet({literal(str(tables[name]))})" for name in SOURCES}
    numbers = settings.model_dump(include={"in_work_g_twelfths", "high_income_g_twelfths", "in_work_position_pct"})
    span = {"first": int(months["month"].min()), "last": int(months["month"].max())}
    with database(resources.memory, resources.threads, resources.workspace) as base:
        base.register("calendar", months)
        base.execute(_PERSONS.format(**files))
        base.execute(_WORK.format(**files), numbers)
        base.execute(_MEASURES.format(**files), span)
        base.execute(_BENEFITS.format(**files, flags=flags), span)
        registered = REGISTERED.format(**files)
        panel = base.sql(_PANEL.format(**files, flags=filled, registered=registered), params=span).to_arrow_table()
    return _as_panel(panel)


def _as_panel(panel: pa.Table) -> pa.Table:
    """Return the table in the types of the schema, after checking what the schema promises of missing values."""
    columns = schemas.PANEL.columns
    typed = panel.select(list(columns)).cast(arrow_schema(schemas.PANEL, columns))
    holes = [name for name, column in columns.items() if not column.nullable and typed.column(name).null_count]
    groups = pc.unique(typed.column("nav_group")).drop_null().to_pylist()
    if holes or not set(groups) <= set(keys.NAV_GROUPS):
        raise ArithmeticError("the panel breaks its schema")
    return typed
