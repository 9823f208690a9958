"""Data of the tables that state definitions: who is in which group. They come from code lists and labels alone."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.tidy import tidy

#: Columns of Tabell 3-1; the words of a cell are those of the measure and the column joined.
_RULES: Final = ("i_tiltaksforskriften", "formal", "malgruppe", "maksimal_varighet")

#: Block, effect and plan of each row of Tabell 7-1, with its line in effektrapport_2024.
_VALUED: Final = (
    ("kostnader", "tiltak_kjopt", "prissatt"),  # l. 3078
    ("kostnader", "tiltak_overforing", "prissatt"),  # l. 3079
    ("kostnader", "tiltak_andre_sektorer", "prissatt"),  # l. 3082
    ("kostnader", "tiltak_tiltakspenger", "prissatt"),  # l. 3083
    ("kostnader", "tiltak_veileder", "prissatt"),  # l. 3084
    ("kostnader", "tiltak_arbeidsgivere_kostnad", "ikke_prissatt"),  # l. 3085
    ("kostnader", "tiltak_deltakere_kostnad", "ikke_prissatt"),  # l. 3086
    ("kostnader", "tiltak_fortrengning", "ikke_prissatt"),  # l. 3087
    ("nyttevirkninger", "tiltak_verdiskaping", "prissatt"),  # l. 3102
    ("nyttevirkninger", "tiltak_spart_trygd", "prissatt"),  # l. 3103
    ("nyttevirkninger", "tiltak_arbeidsgivere_nytte", "ikke_prissatt"),  # l. 3104
    ("nyttevirkninger", "tiltak_deltakere_nytte", "ikke_prissatt"),  # l. 3105
    ("nyttevirkninger", "tiltak_avklaring", "ikke_prissatt"),  # l. 3106
    ("nyttevirkninger", "tiltak_systemeffekt", "ikke_prissatt"),  # l. 3109
    ("samlet_virkning", "tiltak_netto", "prissatt_og_omtalt"),  # l. 3110
)


def landgrupper(landgrupper: pd.DataFrame) -> pd.DataFrame:
    """Definition of each landgruppe, and how many countries of the code list are in it.

    Parameters
    ----------
    landgrupper
        ``landgruppe.csv`` as text. Of the last group it lists only some.
    """
    listed = landgrupper["landgruppe"].value_counts()
    groups = keys.LANDGRUPPER[1:]
    numbers = [
        {"row": key, "column": "antall_land", "value": float(listed[str(number)]), "unit": "count"}
        for number, key in enumerate(groups[:-1], start=1)
    ]
    return tidy([*_defined(groups, "definisjon"), *numbers])


def ledighetsgrupper() -> pd.DataFrame:
    """Definition of each ledighetskategori."""
    return tidy(_defined(keys.LEDIGHETSKATEGORIER, "definisjon"))


def tiltakene(arms: Arms) -> pd.DataFrame:
    """Purpose, target group and longest duration of the measures of the effect analysis."""
    return tidy([cell for column in _RULES for cell in _defined(arms.measures, column)])


def nav_gruppene() -> pd.DataFrame:
    """Who is in each NAV group."""
    return tidy(_defined(keys.NAV_GROUPS, "beskrivelse"))


def verdsatte_virkninger() -> pd.DataFrame:
    """Effects of a measure on society: which have a price, and how the analysis values them."""
    return tidy(
        {"row_group": block, "row": key, "column": column, "text": words, "unit": "text"}
        for block, key, plan in _VALUED
        for column, words in (("plan_for_verdsetting", plan), ("slik_gjort_her", f"{key}_slik_gjort_her"))
    )


def tiltaksgruppene(tiltaksgruppering: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Names and codes in the registers of each group of measures.

    Parameters
    ----------
    tiltaksgruppering
        ``tiltaksgruppering.csv`` as text.
    labels
        ``labels.csv`` as text, for the keys of the groups.
    """
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    named = tiltaksgruppering.assign(
        words=[_measure(*row) for row in tiltaksgruppering[["name", "code", "start", "stop"]].itertuples(index=False)]
    )
    return tidy(
        {"row": key_of[str(group)], "column": "koder", "text": "; ".join(rows["words"]), "unit": "text"}
        for group, rows in named.groupby("group", sort=False)
    )


def _measure(name: str, code: str, start: str, stop: str) -> str:
    months = [f"{month[:4]}-{month[4:]}" for month in (start, stop) if month]
    return f"{name} ({', '.join([code, '–'.join(months)] if months else [code])})"


def _defined(rows: Sequence[str], column: str) -> list[dict[str, str]]:
    return [{"row": key, "column": column, "text": f"{key}_{column}", "unit": "text"} for key in rows]
