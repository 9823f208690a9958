"""Data of the exhibits that set printed cells of effektrapport_2024 beside ours: conventions, thresholds, summary."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from tiltakseffekt.core.keys import COST_BENEFIT_MEASURES
from tiltakseffekt.stages.exhibits.tidy import tidy

_PRINTED: Final = "as_printed"
_REBUILT: Final = "as_reconstructed"

Cell = dict[str, Any]


def revisjon_konvensjoner(conventions: pd.DataFrame) -> pd.DataFrame:
    """Return how many cells contradict others under each convention of discounting, from the table CONVENTIONS."""
    return tidy(
        {"row": row["timing"], "column": row["costs"], "value": row["in_conflict"], "unit": "count"}
        for timing in ("monthly", "mid_year", "yearly", "year_end")
        for row in conventions[conventions["timing"] == timing].to_dict("records")
    )


_BREAK_EVEN: Final = {
    "effekt_pa_manedlig_lonn": (
        "Effekt på månedlig lønn år 2-7",
        {"aft": "later_wage_effect", "arbeidsrettet_rehab": "later_wage_effect"},
        "wage_effect",
        "nok_2022_per_month",
    ),
    "andel_av_opprinnelig_estimat": ("Andel av opprinnelig estimat", {}, "share_of_effect", "percent"),
    "effektenes_varighet": ("Effektenes varighet", {}, "months", "months"),
}


def tabell_7_7(sensitivity: pd.DataFrame, audit: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-7, what must hold for benefits just to cover costs, on every basis.

    The document gives AFT and Arbeidsrettet rehabilitering, whose effects are negative, the effect from year 2 on that
    would cover the costs when there is none in year 1.

    Parameters
    ----------
    sensitivity, audit
        SENSITIVITY and AUDIT.
    labels
        ``config/codebook/labels.csv`` read as text: label to key.
    """
    cells = []
    chosen = sensitivity[sensitivity["analysis"] == "break_even"]
    for basis, rows in chosen.groupby("basis", sort=False):
        answer: dict[Any, dict[Any, Any]] = {(row["measure"], row["item"]): row for row in rows.to_dict("records")}
        for measure in [key for key in COST_BENEFIT_MEASURES if key in set(rows["measure"])]:
            for column, (_, special, usual, unit) in _BREAK_EVEN.items():
                found = answer[measure, special.get(measure, usual)]
                cells.append(
                    {"panel": basis, "row": measure, "column": column, "value": found["value"], "unit": unit}
                    | {"count": found["n"]}
                )
    columns = {printed: column for column, (printed, _, _, _) in _BREAK_EVEN.items()}
    return tidy([*cells, *_as_printed(audit, labels, "tabell-7-7", columns)])


_LONGEST: Final = {
    "maksimal_varighet": ("Maksimal varighet", "duration_longest", "months"),
    "sum_prissatte_virkninger": ("Sum prissatte virkninger", "net_longest", "nok_2022"),
    "maksimal_varighet_ved_forlengelse": (
        "Maksimal varighet ved forlengelse",
        "duration_longest_prolonged",
        "months",
    ),
    "sum_prissatte_virkninger_ved_forlengelse": (
        "Sum prissatte virkninger ved forlengelse",
        "net_longest_prolonged",
        "nok_2022",
    ),
}


def tabell_7_8(sensitivity: pd.DataFrame, audit: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-8, net benefits when courses last as long as they may, on every basis.

    Parameters
    ----------
    sensitivity, audit, labels
        As in `tabell_7_7`.
    """
    item_of = {item: (column, unit) for column, (_, item, unit) in _LONGEST.items()}
    chosen = sensitivity[(sensitivity["analysis"] == "break_even") & sensitivity["item"].isin(list(item_of))]
    cells = [
        {"panel": row["basis"], "row": row["measure"], "column": item_of[row["item"]][0], "value": row["value"]}
        | {"unit": item_of[row["item"]][1], "count": row["n"]}
        for row in chosen.to_dict("records")
    ]
    columns = {printed: column for column, (printed, _, _) in _LONGEST.items()}
    return tidy([*cells, *_as_printed(audit, labels, "tabell-7-8", columns)])


def _as_printed(audit: pd.DataFrame, labels: pd.DataFrame, exhibit: str, columns: Mapping[str, str]) -> Iterator[Cell]:
    """Yield the reconstructed and the printed cells of an exhibit."""
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    rows = audit[(audit["exhibit"] == exhibit) & audit["column"].isin(list(columns))]
    for panel, name in ((_REBUILT, "rebuilt"), (_PRINTED, "printed")):
        for row in rows.to_dict("records"):
            where = {"panel": panel, "row": key_of[row["row"]], "column": columns[row["column"]]}
            yield {**where, "value": row[name], "unit": row["unit"]}


_SUMMARY: Final = {
    "tiltakskostnader_finansiert_av_nav": ("tiltakskostnader_finansiert_av_nav",),
    "andre_kostnader": (
        "tiltakskostnader_i_andre_sektorer",
        "tiltakspenger",
        "merkostnad_nav_veileders_tidsbruk",
    ),
    "effekt_pa_verdiskaping_og_spart_trygd": ("effekt_pa_verdiskaping", "spart_trygd_som_folge_av_okt_arbeid"),
    "sum_prissatte_virkninger": ("sum_prissatte_virkninger",),
}


def tabell_1_1(cost_benefit: pd.DataFrame, audit: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 1-1, the summary of costs and benefits, on every basis.

    The document adds rounded rows of Tabell 7-6, so that the reconstruction does so too.

    Parameters
    ----------
    cost_benefit, audit
        COST_BENEFIT and AUDIT.
    labels
        ``config/codebook/labels.csv`` read as text: label to key.
    """
    rows = cost_benefit[cost_benefit["exhibit"] == "tabell-7-6"]
    return tidy([*_summary_cells(rows), *_summary_as_printed(audit, labels)])


def _summary_cells(rows: pd.DataFrame) -> Iterator[Cell]:
    for basis in ("as_estimated", "as_specified"):
        of_basis = rows[rows["basis"] == basis]
        for line, items in _SUMMARY.items():
            for measure in [key for key in COST_BENEFIT_MEASURES if key in set(of_basis["measure"])]:
                parts = of_basis[(of_basis["measure"] == measure) & of_basis["item"].isin(items)]
                where = {"panel": basis, "row": line, "column": measure, "unit": "nok_2022"}
                yield {**where, "value": parts["value"].sum(), "count": parts["n"].min()}
        for row in of_basis[of_basis["item"] == "samlet_netto_nytte"].to_dict("records"):
            where = {"panel": basis, "row": row["item"], "column": row["measure"], "unit": "text"}
            yield {**where, "text": row["text"], "count": row["n"]}


def _summary_as_printed(audit: pd.DataFrame, labels: pd.DataFrame) -> Iterator[Cell]:
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    rows = audit[(audit["exhibit"] == "tabell-1-1") & (audit["kind"] == "table")]
    lines = {key: place for place, key in enumerate((*_SUMMARY, "samlet_netto_nytte"))}
    rows = rows.assign(key=rows["row"].map(key_of)).sort_values("key", key=lambda key: key.map(lines), kind="stable")
    for panel, name in ((_REBUILT, "rebuilt"), (_PRINTED, "printed")):
        for row in rows.to_dict("records"):
            where = {"panel": panel, "row": row["key"], "column": key_of[row["column"]], "unit": row["unit"]}
            words = row["words"] if isinstance(row["words"], str) else ""
            yield {**where, "value": row[name], "text": words.lower()}
