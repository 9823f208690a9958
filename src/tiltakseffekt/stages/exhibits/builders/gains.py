"""Data of the exhibits of many tests and of who gains: projection, effects by fifth, and who is in the fifths."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.builders.heterogeneity import OUTCOME, ROW_GROUPS, with_stars
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.stages.heterogeneity.gate import ALL_GROUPINGS
from tiltakseffekt.stages.heterogeneity.many_tests import holm
from tiltakseffekt.stages.heterogeneity.profile import SHARES, STEPS
from tiltakseffekt.stages.heterogeneity.sorted_effects import DIFFERENCE, FIFTHS

#: Level at which differences are counted.
_LEVEL: Final = 0.05
#: Column of the table ``gate`` to row of the counts.
_ADJUSTMENTS: Final = {
    "p_value": "signifikant_ujustert",
    "p_holm": "signifikant_holm",
    "p_romano_wolf": "signifikant_romano_wolf",
}
#: Unit of the mean of each characteristic, and of a difference of means.
_UNITS: Final = dict.fromkeys(SHARES, ("percent", "percentage_points")) | {
    "alder": ("years", "years"),
    "maneder_i_arbeid": ("months", "months"),
    "ar_over_1g": ("years", "years"),
}


def mange_tester(
    gate: pd.DataFrame, gate_tests: pd.DataFrame, projection: pd.DataFrame, sorted_effects: pd.DataFrame, arms: Arms
) -> pd.DataFrame:
    """How many group differences are significant when all are tested, and joint tests of heterogeneity.

    Parameters
    ----------
    gate, gate_tests, projection, sorted_effects
        GATE, GATE_TESTS, PROJECTION and SORTED_EFFECTS.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Columns are the measures, and all of them together for the counts. The count is that of the participants.
    """
    tables = (gate, gate_tests, projection, sorted_effects)
    gate, gate_tests, projection, sorted_effects = (_chosen(table, arms=arms) for table in tables)
    persons = gate[gate["grouping"] == "sex"].groupby("arm")["n_group_arm"].sum()
    differences = gate[~gate["constant"]]
    shown = [arm for arm in arms.measures if arm in persons.index]

    def cells(group: str, row: str, values: pd.Series, unit: str) -> list[dict[str, Any]]:
        here = [arm for arm in shown if arm in values.index]
        common = {"row_group": group, "row": row, "unit": unit}
        return [common | {"column": arm, "value": values[arm], "count": persons[arm]} for arm in here]

    def total(group: str, row: str, of_arm: pd.Series) -> dict[str, Any]:
        cell = {"row_group": group, "row": row, "column": "alle_tiltak", "unit": "count"}
        return cell | {"value": float(of_arm.reindex(shown).sum()), "count": persons[shown].sum()}

    group = "forskjeller_mellom_grupper"
    numbers = {"antall_forskjeller": differences.groupby("arm").size()} | {
        row: (differences[column] < _LEVEL).groupby(differences["arm"]).sum() for column, row in _ADJUSTMENTS.items()
    }
    rows = []
    for row, number in numbers.items():
        rows += [*cells(group, row, number.astype("float64"), "count"), total(group, row, number)]
    for grouping, row in {**ROW_GROUPS, ALL_GROUPINGS: "alle_kjennetegn"}.items():
        of_grouping = gate_tests[gate_tests["grouping"] == grouping].set_index("arm")
        rows += cells("p_lik_effekt_i_gruppene", row, of_grouping["p_value"], "probability")
        if grouping == ALL_GROUPINGS:
            rows += cells("p_lik_effekt_i_gruppene", "alle_kjennetegn_holm", of_grouping["p_holm"], "probability")
    last = sorted_effects[sorted_effects["group"] == DIFFERENCE].set_index("arm")
    rows += cells("p_hvem_har_effekt", "projeksjonen", projection.groupby("arm")["p_joint"].first(), "probability")
    rows += cells("p_hvem_har_effekt", "alle_femdeler", last["p_equal"], "probability")
    rows += cells("p_hvem_har_effekt", "femte_minus_forste", last["p_value"], "probability")
    # A measure counts when its difference is significant with all measures tested.
    larger = (last["estimate"] > 0) & (holm(last["p_value"].to_numpy(np.float64)) < _LEVEL)
    rows += [total("p_hvem_har_effekt", "femte_over_forste", larger)]
    return tidy(rows)


def projeksjon(projection: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Best linear projection of the effect on months in work in the third year: slopes, standard errors and stars.

    Parameters
    ----------
    projection
        PROJECTION.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels ``estimat``, ``standardfeil`` and ``stjerner``; rows are the characteristics, columns the measures. The
        count is that of the persons of the sample, on whom each slope rests.
    """
    chosen = _ordered(_chosen(projection, arms=arms), STEPS, arms=arms)
    cells = pd.DataFrame({"row": "steg_" + chosen["term"], "column": chosen["arm"], "count": chosen["n"]})
    return with_stars(cells, chosen)


def klassifisering(classification: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Means of the characteristics of those with the least and the largest predicted effect, and their difference.

    Parameters
    ----------
    classification
        CLASSIFICATION.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels ``estimat`` and, for the difference, ``standardfeil``; blocks are the characteristics, columns
        the measures.
    """
    chosen = _ordered(_chosen(classification, arms=arms), STEPS, arms=arms)
    return tidy(cell for row in chosen.to_dict("records") for cell in _class_cells(row))


def _class_cells(row: dict[Any, Any]) -> Iterable[dict[str, Any]]:
    unit, unit_of_difference = _UNITS[row["term"]]
    factor = 100 if unit == "percent" else 1
    place = {"row_group": row["term"], "column": row["arm"], "panel": "estimat"}
    persons = [_persons(row[end], row[f"n_{end}"], unit) for end in ("least", "most")]
    for end, key, behind in zip(("least", "most"), ("minst_effekt", "storst_effekt"), persons, strict=True):
        yield place | {"row": key, "value": factor * row[end], "unit": unit} | behind
    # With one mean and the difference a reader has the other: the difference is hidden when either is.
    difference = place | {"row": "forskjell"} | min(persons, key=_fewest)
    se = factor * row["se"]
    yield difference | {"value": factor * row["difference"], "se": se, "unit": unit_of_difference}
    yield difference | {"panel": "standardfeil", "value": se, "unit": "standard_error"}


def _persons(mean: float, n: int, unit: str) -> dict[str, int]:
    """Return the persons behind a mean or, of a share, those who have the characteristic and all."""
    return {"count": round(mean * n), "base": n} if unit == "percent" else {"count": n}


def _fewest(persons: dict[str, int]) -> float:
    """Return the smallest group but none of persons that a cell tells of, by which it is hidden."""
    groups = (persons["count"], persons.get("base", 0) - persons["count"])
    return min((group for group in groups if group > 0), default=float("inf"))


def figur_sorterte_effekter(
    sorted_effects: pd.DataFrame, arms: Arms, fifths_truth: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Effect on months in work in the third year by fifth of the predicted effect, beside the planted one if given.

    Parameters
    ----------
    sorted_effects, fifths_truth
        SORTED_EFFECTS and, to set it beside, FIFTHS_TRUTH, which is empty when there is no truth.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels are the measures; rows ``anslag``, ``sannhet`` and, without ``x``, ``femte_minus_forste``. The count
        is that of the participants in the fifth; the truth rests on everybody in it.
    """
    place = {key: position for position, key in enumerate(arms.measures)}
    estimates = _chosen(sorted_effects, arms=arms)
    # With one end and the difference a reader has the other end: the difference is hidden when either is.
    ends = estimates[estimates["group"].isin([f"fifth_{number}" for number in (1, FIFTHS)]) & (estimates["n_arm"] > 0)]
    fewest = estimates["arm"].map(ends.groupby("arm")["n_arm"].min()).fillna(0)
    count = estimates["n_arm"].mask(estimates["group"] == DIFFERENCE, fewest)
    numbers = estimates.rename(columns={"estimate": "value"}).assign(count=count)
    cells = numbers[["arm", "group", "value", "low", "high", "se", "count"]].assign(
        row=["femte_minus_forste" if group == DIFFERENCE else "anslag" for group in numbers["group"]]
    )
    if fifths_truth is not None:
        truth = _chosen(fifths_truth, arms=arms).rename(columns={"truth": "value", "n": "count"})
        planted = truth[["arm", "group", "value", "count"]].assign(row="sannhet")
        cells = pd.concat([cells, planted], ignore_index=True)
    cells = cells.assign(x=pd.to_numeric(cells["group"].str.removeprefix("fifth_"), errors="coerce"))
    cells = cells.assign(place=cells["arm"].map(place)).sort_values(["place", "row", "x"], ignore_index=True)
    return tidy(
        cells[["row", "x", "value", "low", "high", "se", "count"]].assign(panel=cells["arm"], unit="months_per_year")
    )


def _chosen(table: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return the rows of the measures of Tabell 6-7 and of its outcome."""
    return table[(table["outcome"] == OUTCOME) & table["arm"].isin(list(arms.measures))].reset_index(drop=True)


def _ordered(table: pd.DataFrame, terms: Iterable[str], arms: Arms) -> pd.DataFrame:
    """Return rows by characteristic and measure, in the order of the exhibits."""
    place = {key: position for order in (terms, arms.measures) for position, key in enumerate(order)}
    return table.sort_values(["term", "arm"], key=lambda column: column.map(place), ignore_index=True)
