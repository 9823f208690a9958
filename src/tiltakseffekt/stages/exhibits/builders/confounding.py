"""Data of the exhibits about what an unobserved confounder could do, and of effects where there can be none."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.tidy import tidy

_PANELS: Final = {
    keys.MONTHS_IN_WORK[1]: ("maneder_i_arbeid", "months_per_year"),
    keys.WAGE_INCOME[1]: ("lonnsinntekt", "nok_2022"),
}
_FIGURE: Final = keys.MONTHS_IN_WORK[1]


def figur_uobservert(confounding: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return the ATET on months in work in the second year, and its bounds for confounders as strong as groups.

    Parameters
    ----------
    confounding
        CONFOUNDING.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels are measures. The row ``anslag`` holds the estimate, ``robusthetsverdi`` the two robustness values in per
        cent, the others a group each; columns are the bounds and the confidence region.
    """
    cells: list[dict[str, Any]] = []
    for arm, rows in _by_arm(confounding[confounding["outcome"] == _FIGURE], arms=arms):
        first = rows[0]
        own = {"panel": arm, "count": first["n_arm"]}
        place = own | {"value": first["estimate"], "unit": "months_per_year"}
        ends = {"low": first["interval_low"], "high": first["interval_high"]}
        cells.append(place | {"row": "anslag", "column": "usikkerhet"} | ends)
        for row in rows:
            at = place | {"row": row["benchmark"]}
            cells.append(at | {"column": "usikkerhet", "low": row["region_low"], "high": row["region_high"]})
            cells.append(at | {"column": "grenser", "low": row["low"], "high": row["high"]})
        cells += [own | value for value in _robustness(first)]
    return tidy(cells)


def uobservert(confounding: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return all bounds, the strength of the groups that stand for a confounder, and the robustness values.

    Parameters
    ----------
    confounding
        CONFOUNDING.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels are outcomes, blocks measures. A robustness value is a strength, the same for outcome and participation.
    """
    cells: list[dict[str, Any]] = []
    for outcome, (panel, unit) in _PANELS.items():
        for arm, rows in _by_arm(confounding[confounding["outcome"] == outcome], arms=arms):
            place = {"panel": panel, "row_group": arm, "count": rows[0]["n_arm"]}
            cells += [place | cell for cell in _lines(rows, unit)]
    return tidy(cells)


def figur_placebo(placebo: pd.DataFrame, estimates: pd.DataFrame, threshold: int, arms: Arms) -> pd.DataFrame:
    """Return the ATET on months in work in the second year, and on months in work in years before the measure.

    Parameters
    ----------
    placebo, estimates
        PLACEBO and ESTIMATES.
    threshold
        Fewest persons behind a test. With as many its count is that of the whole measure, since those who are in one
        test and not in another may be fewer.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels are measures; the first row is the effect, the others are the tests.
    """
    effect = estimates[(estimates["estimand"] == "atet") & (estimates["outcome"] == _FIGURE)].assign(test="effekt_ar_2")
    both = pd.concat([effect, placebo], ignore_index=True) if len(placebo) else effect
    return tidy(
        {"panel": arm, "row": row["test"], "value": row["estimate"], "unit": "months_per_year"}
        | {"count": rows[0]["n_arm"] if row["n_arm"] >= threshold else row["n_arm"]}
        | {name: row[name] for name in ("low", "high", "se")}
        for arm, rows in _by_arm(both, arms=arms)
        for row in rows
    )


def _lines(rows: list[dict[str, Any]], unit: str) -> Iterator[dict[str, Any]]:
    first = rows[0]
    told = {"anslag": first["estimate"], "fra": first["interval_low"], "til": first["interval_high"]}
    for column, value in told.items():
        yield {"row": "anslag", "column": column, "value": value, "unit": unit}
    yield {"row": "uten_balanse", "column": "anslag", "value": first["unbalanced"], "unit": unit}
    for row in rows:
        shares = {"i_utfallet": 100 * row["cf_y"], "i_deltakelsen": 100 * row["cf_d"]}
        effects = {"endring": row["change"], "fra": row["low"], "til": row["high"]}
        for column, value in shares.items():
            yield {"row": row["benchmark"], "column": column, "value": value, "unit": "percent"}
        yield {"row": row["benchmark"], "column": "rho", "value": row["rho"], "unit": "ratio"}
        for column, value in effects.items():
            yield {"row": row["benchmark"], "column": column, "value": value, "unit": unit}
    for column in ("i_utfallet", "i_deltakelsen"):
        for value in _robustness(first):
            yield value | {"row": f"{value['row']}_{value['column']}", "column": column}


def _robustness(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for column, name in (("anslag", "robustness"), ("usikkerhet", "robustness_of_interval")):
        yield {"row": "robusthetsverdi", "column": column, "value": 100 * row[name], "unit": "percent"}


def _by_arm(table: pd.DataFrame, arms: Arms) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for arm in arms.treated:
        own = table[table["arm"] == arm]
        if len(own):
            yield arm, [dict(zip(map(str, own.columns), values, strict=True)) for values in own.itertuples(index=False)]
