"""Costs and benefits of one course of each measure, and what must hold for them to balance."""

from typing import Any, Final

import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.cost_benefit.course_inputs import FIXED, MOVABLE
from tiltakseffekt.stages.exhibits.tidy import tidy

_DURATION: Final = "gjennomsnittlig_varighet"
_BUDGET: Final = "budsjettmessig_kostnad_per_maned"
_COST: Final = "total_samfunnsokonomisk_kostnad"


def _cells(cost_benefit: pd.DataFrame, exhibit: str, items: tuple[str, ...]) -> pd.DataFrame:
    chosen = cost_benefit[cost_benefit["exhibit"] == exhibit]
    order = {name: place for place, name in enumerate(items)}
    return (
        chosen.assign(item_place=chosen["item"].map(order))
        .rename(columns={"n": "count"})
        .drop(columns=["exhibit", "basis"])
    )


def _by_measure(cost_benefit: pd.DataFrame, exhibit: str, items: tuple[str, ...]) -> pd.DataFrame:
    cells = _cells(cost_benefit, exhibit, items).sort_values(["measure", "item_place"], kind="stable")
    cells = cells.rename(columns={"measure": "row", "item": "column"})
    return tidy(cells.drop(columns="item_place"))


def tiltakskostnader(cost_benefit: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-2, costs of carrying out measures in NAV, from the table COST_BENEFIT."""
    return _by_measure(cost_benefit, "tabell-7-2", (_DURATION, "budsjettkostnad_per_maned", _COST))


def veiledertid(cost_benefit: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-3, costs of caseworkers' extra time, from the table COST_BENEFIT."""
    hours = "gjennomsnittlig_mer_tidsbruk_for_veileder_per_maned_i_tiltak"
    return _by_measure(cost_benefit, "tabell-7-3", (_DURATION, hours, _BUDGET, _COST))


def tiltakspenger(cost_benefit: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-4, costs of tiltakspenger, from the table COST_BENEFIT."""
    share = "andel_av_tiltaksmaneder_med_tiltakspenger"
    return _by_measure(cost_benefit, "tabell-7-4", (_DURATION, share, _BUDGET, _COST))


def verdiskaping(cost_benefit: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-5, effects on wages and their value, from the table COST_BENEFIT.

    The year in which effects end stands in a column of its own, since it differs between measures.
    """
    effects = ("effekt_lonn_ar_0_1", "effekt_lonn_ar_1_2", "effekt_lonn_ar_2_3", "effekt_lonn_ar_2_7")
    items = (*effects, "effektens_slutt_etter_oppstart", "total_samfunnsokonomisk_virkning")
    return _by_measure(cost_benefit, "tabell-7-5", items)


def hva_hvis(course_inputs: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Build what the page rests on, from the table COURSE_INPUTS.

    Returns
    -------
    pandas.DataFrame
        Rows are measures and parameters, columns what is told of them; ``low`` and ``high`` are how far a parameter may
        be moved. Nothing when courses are not of mean duration, since the page knows no other.
    """
    words = course_inputs.set_index("subject")["text"]
    if words["time_on_measure"] != "mean_duration":
        return tidy([])
    order = {subject: place for place, subject in enumerate((*arms.valued, *MOVABLE, *FIXED))}
    cells = course_inputs.sort_values("subject", key=lambda subject: subject.map(order), kind="stable")
    return tidy(cells.rename(columns={"subject": "row", "item": "column", "n": "count"}))


def nytte_kostnad(cost_benefit: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-6, all effects of each measure and their sum, from the table COST_BENEFIT.

    Effects without a price are words, given as keys. Every estimated cell of a column rests on the same persons, so
    the sum carries their number itself and is no total of parts that could be hidden one by one.
    """
    items = (
        "tiltakskostnader_finansiert_av_nav",
        "tiltakskostnader_i_andre_sektorer",
        "tiltakspenger",
        "merkostnad_nav_veileders_tidsbruk",
        "effekt_pa_verdiskaping",
        "spart_trygd_som_folge_av_okt_arbeid",
        "sum_prissatte_virkninger",
        "fortrengingseffekt",
        "systemeffekt_eksternalitet_av_at_andre_blir_sendt_pa_tiltak",
        "samlet_netto_nytte",
    )
    cells = _cells(cost_benefit, "tabell-7-6", items).sort_values(["item_place", "measure"], kind="stable")
    cells = cells.rename(columns={"item": "row", "measure": "column"})
    return tidy(cells.drop(columns="item_place"))


#: Column to the item for measures of which another is asked, the usual item, and unit.
BREAK_EVEN: Final = {
    "effekt_pa_manedlig_lonn": ("later_wage_effect", "wage_effect", "nok_2022_per_month"),
    "andel_av_opprinnelig_estimat": ("share_of_effect", "share_of_effect", "percent"),
    "effektenes_varighet": ("months", "months", "months"),
}
#: Measures whose negative effects leave nothing to scale: the effect from year 2 on is asked for instead.
_LATER: Final = ("aft", "arbeidsrettet_rehab")


def balansepunkt(sensitivity: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Build Tabell 7-7, what must hold for benefits just to cover costs, from the table SENSITIVITY.

    The document gives AFT and Arbeidsrettet rehabilitering, whose effects are negative, the effect from year 2 on that
    would cover the costs when there is none in year 1.
    """
    rows = sensitivity[sensitivity["analysis"] == "break_even"]
    answer: dict[Any, dict[Any, Any]] = {(row["measure"], row["item"]): row for row in rows.to_dict("records")}
    cells = []
    for measure in _measures(rows, arms=arms):
        for column, (later, usual, unit) in BREAK_EVEN.items():
            found = answer[measure, later if measure in _LATER else usual]
            cells.append({"row": measure, "column": column, "value": found["value"], "unit": unit, "count": found["n"]})
    return tidy(cells)


#: Item to column and unit.
LONGEST: Final = {
    "duration_longest": ("maksimal_varighet", "months"),
    "net_longest": ("sum_prissatte_virkninger", "nok_2022"),
    "duration_longest_prolonged": ("maksimal_varighet_ved_forlengelse", "months"),
    "net_longest_prolonged": ("sum_prissatte_virkninger_ved_forlengelse", "nok_2022"),
}


def lengste_varighet(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-8, net benefits when courses last as long as they may, from the table SENSITIVITY."""
    chosen = sensitivity[(sensitivity["analysis"] == "break_even") & sensitivity["item"].isin(list(LONGEST))]
    return tidy(
        {"row": row["measure"], "column": LONGEST[row["item"]][0], "value": row["value"]}
        | {"unit": LONGEST[row["item"]][1], "count": row["n"]}
        for row in chosen.to_dict("records")
    )


#: Line of the summary to the items that it adds up.
SUMMARY: Final = {
    "tiltakskostnader_finansiert_av_nav": ("tiltakskostnader_finansiert_av_nav",),
    "andre_kostnader": (
        "tiltakskostnader_i_andre_sektorer",
        "tiltakspenger",
        "merkostnad_nav_veileders_tidsbruk",
    ),
    "effekt_pa_verdiskaping_og_spart_trygd": ("effekt_pa_verdiskaping", "spart_trygd_som_folge_av_okt_arbeid"),
    "sum_prissatte_virkninger": ("sum_prissatte_virkninger",),
}


def nytte_kostnad_kort(cost_benefit: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Build Tabell 1-1, the summary of costs and benefits, from the table COST_BENEFIT."""
    rows = cost_benefit[cost_benefit["exhibit"] == "tabell-7-6"]
    cells = []
    for line, items in SUMMARY.items():
        for measure in _measures(rows, arms=arms):
            parts = rows[(rows["measure"] == measure) & rows["item"].isin(items)]
            if parts["value"].notna().any():
                where = {"row": line, "column": measure, "unit": "nok_2022"}
                cells.append({**where, "value": parts["value"].sum(), "count": parts["n"].min()})
            elif len(parts):
                where = {"row": line, "column": measure, "unit": "text"}
                cells.append({**where, "text": parts["text"].iloc[0], "count": parts["n"].min()})
    cells += [
        {"row": row["item"], "column": row["measure"], "unit": "text", "text": row["text"], "count": row["n"]}
        for row in rows[rows["item"] == "samlet_netto_nytte"].to_dict("records")
    ]
    return tidy(cells)


def _measures(rows: pd.DataFrame, arms: Arms) -> list[str]:
    return [key for key in arms.valued if key in set(rows["measure"])]
