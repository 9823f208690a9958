"""The covariates as a table for the documentation, written from their definitions."""

from tiltakseffekt.stages.cohorts.covariates import COLUMNS, DEFINITIONS

_OPENING = f"""\
# Covariates

Written from `DEFINITIONS` in `src/tiltakseffekt/stages/cohorts/covariates.py`, which the columns are found by too. One
row per row of Tabell 6-4 in effektrapport_2024, {len(COLUMNS)} columns in all, as in the report (p = 51, line 2150).
The report gives neither the coding of its categories nor their limits: those are ours. *r* is the month and *y* the
year of first registration; 0/1 means one column per category.

"""


def covariate_table() -> str:
    """Return the documentation of every covariate as a markdown table."""
    rows = "".join(
        f"| `{definition.group}` | `{definition.key}` | {definition.meaning} | {definition.measured} "
        f"| {definition.categories or ''} | {len(definition.columns)} | {definition.line} |\n"
        for definition in DEFINITIONS
    )
    total = f"| | total | | | | {len(COLUMNS)} | |\n"
    heads = "| group | covariate | what it holds | measured | categories in the report | columns | line |\n"
    return f"{_OPENING}{heads}|---|---|---|---|---|---|---|\n{rows}{total}"
