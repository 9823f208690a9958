"""Data of the exhibits about rules of overlap: effects under each, and what each does to persons and weights."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.exhibits.tidy import tidy

#: Rule to row of the exhibits.
_ROWS: Final = {
    "none": "ingen_utelatt",
    "clip": "hoyere_gulv",
    "fixed": "fast_terskel",
    "crump": "minst_varians",
    "common_support": "felles_for_alle",
    "pairwise_support": "felles_parvis",
}
_SECOND_YEAR: Final = "months_in_work_y2"
_TOTALS: Final = (("months_in_work_total", "maneder", "months"), ("wage_income_total", "kroner", "nok_2022"))


def figur_trimming(overlap_rules: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return the ATET on months in work in the second year under each rule: a panel per measure, a row per rule.

    Parameters
    ----------
    overlap_rules
        OVERLAP_RULES.
    threshold
        Fewest persons that may be told apart. Where fewer are left out, the count is that of the whole arm, since the
        difference of two counts would give them away.
    """
    atet = overlap_rules[(overlap_rules["estimand"] == "atet") & (overlap_rules["outcome"] == _SECOND_YEAR)]
    found = {(row["arm"], row["rule"]): row for row in atet.dropna(subset="estimate").to_dict("records")}
    return tidy(
        {"panel": arm, "row": name, "unit": "months_per_year", "count": _count(row, "n_arm", threshold)}
        | {"value": row["estimate"], "low": row["low"], "high": row["high"], "se": row["se"]}
        for arm in keys.MEASURES
        for rule, name in _ROWS.items()
        if (row := found.get((arm, rule))) is not None
    )


def trimming(overlap_rules: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return what each rule does to persons, weights and effects over all years followed.

    Parameters
    ----------
    overlap_rules
        OVERLAP_RULES.
    threshold
        As in `figur_trimming`.

    Returns
    -------
    pandas.DataFrame
        Row groups are measures, rows rules; panels persons, weights of the controls, ATET and ATE.
    """
    rows: dict[tuple[str, str], dict[tuple[str, str], dict[Any, Any]]] = {}
    for row in overlap_rules.to_dict("records"):
        rows.setdefault((row["arm"], row["rule"]), {})[row["estimand"], row["outcome"]] = row
    return tidy(
        {"row_group": arm, "row": name} | cell
        for arm in keys.TREATED_ARMS
        for rule, name in _ROWS.items()
        if (arm, rule) in rows
        for cell in _cells(rows[arm, rule], threshold)
    )


def _cells(rows: dict[tuple[str, str], dict[Any, Any]], threshold: int) -> Iterator[dict[str, Any]]:
    row = rows["atet", _TOTALS[0][0]]
    for column, group in (("deltakere", "n_arm"), ("kontroller", "n_control")):
        out = row[group] - row[f"{group}_kept"]
        place = {"panel": "utelatt", "column": column, "count": out, "base": row[group]}
        yield place | {"value": 100 * out / row[group], "unit": "percent"}
    weights = {"panel": "kontrollenes_vekter", "count": _count(row, "n_control", threshold)}
    yield weights | {"column": "effektive_kontroller", "value": row["effective"], "unit": "persons"}
    yield weights | {"column": "storste_vekt", "value": 100 * row["largest_share"], "unit": "percent"}
    yield weights | {"column": "ytterste", "value": row["extreme"], "unit": "persons", "count": row["extreme"]}
    for estimand in ("atet", "ate"):
        for outcome, column, unit in _TOTALS:
            effect = rows[estimand, outcome]
            place = {"panel": estimand, "count": _count(effect, "n_arm", threshold), "unit": unit}
            yield place | {"column": column, "value": effect["estimate"], "se": effect["se"]}
            yield place | {"column": f"standardfeil_{column}", "value": effect["se"]}


def _count(row: dict[Any, Any], group: str, threshold: int) -> int:
    """Return the persons kept of a group, or all of it where those left out are too few to be told."""
    whole, kept = int(row[group]), int(row[f"{group}_kept"])
    return whole if 0 < whole - kept < threshold else kept
