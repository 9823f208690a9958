"""Data of the exhibits about the compared groups: Tabell B-4 to B-6, Figur 6-1 and the overlap table.

Controls have the weights of the estimates, but in the exhibits that stand beside the printed ones e_w/e_0.
"""

from collections.abc import Hashable, Sequence
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.keys import CHARACTERISTICS, CONTROL
from tiltakseffekt.stages.exhibits.tidy import tidy

#: Characteristic in the table ``balance`` to block of rows; the row with the number of persons is in no block.
_ROW_GROUPS: Final = {
    "n": "",
    "innsatsgruppe": "gruppe_innsats",
    "sex": "gruppe_kjonn",
    "age_group": "gruppe_alder",
    "landgruppe": "gruppe_innvandring",
    "education": "gruppe_utdanning",
    "ledighetskategori": "gruppe_ledighet",
}

#: How Tabell B-4 to B-6 share out the measures.
_TABELL_B_4: Final = ("aft", "amo", "arbeidsrettet_rehab", "arbeidstrening")
_TABELL_B_5: Final = ("avklaring", "jobbklubb", "midl_lonnstilskudd", "oppfolging")
_TABELL_B_6: Final = ("utdanning", "utvidet_oppfolging")

#: Column of the table ``overlap`` to column key and unit of the exhibit.
_OVERLAP: Final = {
    "n": ("n", "persons"),
    "sum_of_control_weights": ("sum_vekter", "persons"),
    "effective_controls": ("effektive_kontroller", "persons"),
    "largest_weights_share": ("storste_vekter", "percent"),
    "p01": ("tilbyelighet_p01", "probability"),
    "p50": ("tilbyelighet_p50", "probability"),
    "p99": ("tilbyelighet_p99", "probability"),
    "share_below_one_per_cent": ("andel_under_1_prosent", "percent"),
    "trimmed": ("utelatt", "persons"),
    "raised_to_floor": ("lofted_til_gulv", "persons"),
    "max_std_difference_before": ("storste_forskjell_for", "standard_deviations"),
    "max_std_difference_after": ("storste_forskjell_etter", "standard_deviations"),
}

#: Of these the persons beyond, in per cent of the arm.
_QUANTILES: Final = {"p01": 1, "p50": 50, "p99": 1}
#: These rest on the weighted controls.
_OF_WEIGHTS: Final = (
    "sum_of_control_weights",
    "effective_controls",
    "largest_weights_share",
    "max_std_difference_after",
)


def deltakere_og_kontroller_1(balance: pd.DataFrame) -> pd.DataFrame:
    """Characteristics of the treated and of their weighted controls: AFT, AMO, rehabilitation, work practice."""
    return _balance_table(balance, _TABELL_B_4)


def deltakere_og_kontroller_2(balance: pd.DataFrame) -> pd.DataFrame:
    """Characteristics of the treated and of their weighted controls: assessment, job club, subsidy, follow-up."""
    return _balance_table(balance, _TABELL_B_5)


def deltakere_og_kontroller_3(balance: pd.DataFrame) -> pd.DataFrame:
    """Characteristics of the treated and of their weighted controls: education and extended follow-up."""
    return _balance_table(balance, _TABELL_B_6)


def vektede_kontroller(balance: pd.DataFrame) -> pd.DataFrame:
    """Tabell B-4 to B-6 in one, with the weights of the printed tables."""
    by_odds = balance.assign(control=balance["control_by_odds"])
    return _balance_table(by_odds, (*_TABELL_B_4, *_TABELL_B_5, *_TABELL_B_6))


def _balance_table(balance: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Return the cells of some measures: per cent with unrounded counts, and persons or the sum of weights.

    Groups that nobody in the effect sample belongs to have no row.
    """
    somebody = balance.groupby(["grouping", "term"])[["n_treated", "n_control"]].transform("sum").sum(axis=1) > 0
    by_key = {(cell["arm"], cell["grouping"], cell["term"]): cell for cell in balance[somebody].to_dict("records")}
    cells = []
    for measure in measures:
        for grouping, terms in {"n": ("n",), **CHARACTERISTICS}.items():
            for term in terms:
                if (cell := by_key.get((measure, grouping, term))) is not None:
                    everyone = by_key[measure, "n", "n"]
                    place = {"panel": measure, "row_group": _ROW_GROUPS[grouping], "row": term}
                    cells.append(place | {"column": "behandling"} | _balance_cell(cell, everyone, "treated"))
                    cells.append(place | {"column": "kontroll"} | _balance_cell(cell, everyone, "control"))
    return tidy(cells)


def _balance_cell(cell: dict[Hashable, Any], everyone: dict[Hashable, Any], side: str) -> dict[str, Any]:
    """Return value, unit and counts of a cell: a share of its side, or the size of the side itself."""
    count = cell[f"n_{side}"]
    if cell is everyone:
        return {"value": cell[side], "unit": "persons", "count": count}
    return {"value": cell[side] * 100, "unit": "percent", "count": count, "base": everyone[f"n_{side}"]}


def figur_arbeid_for_og_etter(paths: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Weighted share in work around first registration: one panel per measure, treated and weighted controls."""
    return _path_lines(paths[paths["group"] != "kontroll_odds"], arms)


def figur_vektede_kontroller(paths: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Figur 6-1 with the weights of the printed one."""
    by_odds = paths[paths["group"] != "kontroll"]
    return _path_lines(by_odds.assign(group=by_odds["group"].replace("kontroll_odds", "kontroll")), arms)


def _path_lines(paths: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return the shares of the measures in per cent: panels are the measures, rows the groups."""
    shown = _in_order(paths, arms.measures)
    return tidy(
        pd.DataFrame(
            {
                "panel": shown["arm"],
                "row": shown["group"],
                "x": shown["month_since_registration"],
                "value": shown["share_in_work"] * 100,
                "se": shown["se"] * 100,
                "unit": "percent",
                "count": shown["n_in_work"],
                "base": shown["n"],
            }
        )
    )


def figur_arbeid_registrering(paths: pd.DataFrame, confidence: float, arms: Arms) -> pd.DataFrame:
    """Share in work around first registration: a panel per arm, with the controls as they are in every one.

    Parameters
    ----------
    paths
        PATHS.
    confidence
        Level of the pointwise intervals.
    arms
        The arms of the evaluation.
    """
    own = _in_order(paths[paths["group"] == "behandling"], arms.treated).assign(row="tiltaksdeltakere")
    controls = paths[paths["arm"] == CONTROL].assign(row=CONTROL)
    beside = [controls.assign(arm=arm) for arm in (*own["arm"].unique(), CONTROL)]
    shown = pd.concat([own, *beside], ignore_index=True)
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * shown["se"]
    return tidy(
        pd.DataFrame(
            {
                "panel": shown["arm"],
                "row": shown["row"],
                "x": shown["month_since_registration"],
                "value": shown["share_in_work"] * 100,
                "low": (shown["share_in_work"] - half).clip(0, 1) * 100,
                "high": (shown["share_in_work"] + half).clip(0, 1) * 100,
                "se": shown["se"] * 100,
                "unit": "percent",
                "count": shown["n_in_work"],
                "base": shown["n"],
            }
        )
    )


def overlapp(overlap: pd.DataFrame, threshold: int, arms: Arms) -> pd.DataFrame:
    """Overlap of each arm with the controls: weights, propensities and standardised differences.

    Parameters
    ----------
    overlap
        OVERLAP.
    threshold
        Fewest persons on either side of a quantile; others are left out, since they tell of single persons. Where the
        effective number of controls is smaller, it is the count of what rests on their weights.
    arms
        The arms of the evaluation.
    """
    shown = _in_order(overlap, arms.unchained)
    cells = []
    for name, (column, unit) in _OVERLAP.items():
        scale = 100.0 if unit == "percent" else 1.0
        few_beyond = (name in _QUANTILES) & (shown["n"] * _QUANTILES.get(name, 100) < 100 * threshold)
        cells.append(
            pd.DataFrame(
                {
                    "row": shown["arm"],
                    "column": column,
                    "value": shown[name].mask(few_beyond) * scale,
                    "unit": unit,
                    "count": _persons_behind(shown, name, threshold),
                }
            )
        )
    return tidy(pd.concat(cells, ignore_index=True))


def _persons_behind(overlap: pd.DataFrame, name: str, threshold: int) -> pd.Series:
    """Return the persons behind a column: those that it counts, the arm, or effective controls if they are few."""
    if name in ("trimmed", "raised_to_floor"):
        return overlap[name]
    effective = np.floor(overlap["effective_controls"]).astype("int64")
    few = (effective < threshold) & (name in _OF_WEIGHTS)
    return overlap["n"].mask(few, np.minimum(overlap["n"], effective))


def _in_order(table: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """Return the rows of some arms, the arms in the order given."""
    order = table["arm"].map({arm: place for place, arm in enumerate(arms)})
    return table.assign(order=order).dropna(subset="order").sort_values("order", kind="stable")
