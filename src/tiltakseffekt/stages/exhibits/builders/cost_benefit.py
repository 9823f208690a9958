"""Tabell 7-2 to 7-6: costs and benefits of one course of each measure, on estimated and on specified inputs."""

from typing import Final

import pandas as pd

from tiltakseffekt.core.keys import COST_BENEFIT_MEASURES
from tiltakseffekt.stages.cost_benefit.course_inputs import FIXED, MOVABLE
from tiltakseffekt.stages.exhibits.tidy import tidy

#: Panels of every table, the main one first: our durations and effects; the printed inputs and stated rules of
#: effektrapport_2024; the unrounded inputs under which its cells are reproduced; its cells.
PANELS: Final = ("as_estimated", "as_specified", "as_reconstructed", "as_printed")

_DURATION: Final = "gjennomsnittlig_varighet"
_BUDGET: Final = "budsjettmessig_kostnad_per_maned"
_COST: Final = "total_samfunnsokonomisk_kostnad"


def _cells(cost_benefit: pd.DataFrame, exhibit: str, items: tuple[str, ...]) -> pd.DataFrame:
    chosen = cost_benefit[cost_benefit["exhibit"] == exhibit]
    order = {name: place for place, name in enumerate((*PANELS, *items))}
    return (
        chosen.assign(panel_place=chosen["basis"].map(order), item_place=chosen["item"].map(order))
        .rename(columns={"basis": "panel", "n": "count"})
        .drop(columns="exhibit")
    )


def _by_measure(cost_benefit: pd.DataFrame, exhibit: str, items: tuple[str, ...]) -> pd.DataFrame:
    cells = _cells(cost_benefit, exhibit, items).sort_values(["panel_place", "measure", "item_place"], kind="stable")
    cells = cells.rename(columns={"measure": "row", "item": "column"})
    return tidy(cells.drop(columns=["panel_place", "item_place"]))


def tabell_7_2(cost_benefit: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-2, costs of carrying out measures in NAV, from the table COST_BENEFIT."""
    return _by_measure(cost_benefit, "tabell-7-2", (_DURATION, "budsjettkostnad_per_maned", _COST))


def tabell_7_3(cost_benefit: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-3, costs of caseworkers' extra time, from the table COST_BENEFIT."""
    hours = "gjennomsnittlig_mer_tidsbruk_for_veileder_per_maned_i_tiltak"
    return _by_measure(cost_benefit, "tabell-7-3", (_DURATION, hours, _BUDGET, _COST))


def tabell_7_4(cost_benefit: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-4, costs of tiltakspenger, from the table COST_BENEFIT."""
    share = "andel_av_tiltaksmaneder_med_tiltakspenger"
    return _by_measure(cost_benefit, "tabell-7-4", (_DURATION, share, _BUDGET, _COST))


def tabell_7_5(cost_benefit: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-5, effects on wages and their value, from the table COST_BENEFIT.

    The year in which effects end stands in a column of its own, since the bases differ in it for Utdanning.
    """
    effects = ("effekt_lonn_ar_0_1", "effekt_lonn_ar_1_2", "effekt_lonn_ar_2_3", "effekt_lonn_ar_2_7")
    items = (*effects, "effektens_slutt_etter_oppstart", "total_samfunnsokonomisk_virkning")
    return _by_measure(cost_benefit, "tabell-7-5", items)


def hva_hvis(course_inputs: pd.DataFrame) -> pd.DataFrame:
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
    order = {subject: place for place, subject in enumerate((*COST_BENEFIT_MEASURES, *MOVABLE, *FIXED))}
    cells = course_inputs.sort_values("subject", key=lambda subject: subject.map(order), kind="stable")
    return tidy(cells.rename(columns={"subject": "row", "item": "column", "n": "count"}))


def tabell_7_6(cost_benefit: pd.DataFrame) -> pd.DataFrame:
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
    cells = _cells(cost_benefit, "tabell-7-6", items).sort_values(
        ["panel_place", "item_place", "measure"], kind="stable"
    )
    cells = cells.rename(columns={"item": "row", "measure": "column"})
    return tidy(cells.drop(columns=["panel_place", "item_place"]))
