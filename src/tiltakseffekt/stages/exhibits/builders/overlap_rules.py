"""Data of the exhibits about rules of overlap: effects under each, and what each does to persons and weights."""

import math
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.tidy import tidy

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


def figur_trimming(overlap_rules: pd.DataFrame, threshold: int, arms: Arms) -> pd.DataFrame:
    """Return the ATET on months in work in the second year under each rule: a panel per measure, a row per rule.

    Parameters
    ----------
    overlap_rules
        OVERLAP_RULES.
    threshold
        Fewest persons that may be told apart. Rules leave out nested sets, so that exact counts of two rules could
        differ by fewer; those left out are told in tens, and the counts of those kept follow from these.
    arms
        The arms of the evaluation.
    """
    atet = overlap_rules[(overlap_rules["estimand"] == "atet") & (overlap_rules["outcome"] == _SECOND_YEAR)]
    found = {(row["arm"], row["rule"]): row for row in atet.dropna(subset="estimate").to_dict("records")}
    return tidy(
        {"panel": arm, "row": name, "unit": "months_per_year", "count": _behind(row, "n_arm", threshold)}
        | {"value": row["estimate"], "low": row["low"], "high": row["high"], "se": row["se"]}
        for arm in arms.measures
        for rule, name in _ROWS.items()
        if (row := found.get((arm, rule))) is not None
    )


def trimming(overlap_rules: pd.DataFrame, threshold: int, arms: Arms) -> pd.DataFrame:
    """Return what each rule does to persons, weights and effects over all years followed.

    Parameters
    ----------
    overlap_rules
        OVERLAP_RULES.
    threshold
        As in `figur_trimming`.
    arms
        The arms of the evaluation.

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
        for arm in arms.treated
        for rule, name in _ROWS.items()
        if (arm, rule) in rows
        for cell in _cells(rows[arm, rule], threshold)
    )


def _cells(rows: dict[tuple[str, str], dict[Any, Any]], threshold: int) -> Iterator[dict[str, Any]]:
    row = rows["atet", _TOTALS[0][0]]
    for column, group in (("deltakere", "n_arm"), ("kontroller", "n_control")):
        yield {"panel": "utelatt", "column": column} | _left_out(row, group, threshold)
    weights = {"panel": "kontrollenes_vekter", "count": _behind(row, "n_control", threshold)}
    yield weights | {"column": "effektive_kontroller", "value": row["effective"], "unit": "persons"}
    yield weights | {"column": "storste_vekter", "value": 100 * row["largest_share"], "unit": "percent"}
    extreme = _counted(int(row["extreme"]), threshold)
    yield weights | {"column": "ytterste", "value": extreme, "unit": "persons", "count": extreme}
    for estimand in ("atet", "ate"):
        for outcome, column, unit in _TOTALS:
            effect = rows[estimand, outcome]
            place = {"panel": estimand, "count": _behind(effect, "n_arm", threshold), "unit": unit}
            yield place | {"column": column, "value": effect["estimate"], "se": effect["se"]}
            yield place | {"column": f"standardfeil_{column}", "value": effect["se"]}


def _left_out(row: dict[Any, Any], group: str, threshold: int) -> dict[str, Any]:
    """Return the share of a group that is left out, from a number in tens.

    Where few are kept the numbers are exact, since the gate then hides the cell.
    """
    whole, kept = int(row[group]), int(row[f"{group}_kept"])
    out = whole - kept if kept < threshold else _in_tens(whole - kept, threshold)
    return {"value": 100 * out / whole, "unit": "percent", "count": out, "base": whole}


def _behind(row: dict[Any, Any], group: str, threshold: int) -> int:
    """Return the persons kept of a group, exact where the gate hides them, or the effective number if that is small."""
    whole, kept = int(row[group]), int(row[f"{group}_kept"])
    if row["effective"] < threshold:
        return min(kept, int(row["effective"]))
    return kept if kept < threshold else max(threshold, whole - _in_tens(whole - kept, threshold))


def _counted(persons: int, threshold: int) -> int:
    """Return a number in tens, or exact where the gate hides it."""
    return persons if persons < threshold else max(threshold, _in_tens(persons, threshold))


def _in_tens(persons: int, threshold: int) -> int:
    """Round to the nearest multiple of ten, or of as many tens as hold the threshold; halves go down."""
    unit = 10 * math.ceil(threshold / 10)
    return unit * math.ceil(persons / unit - 0.5)
