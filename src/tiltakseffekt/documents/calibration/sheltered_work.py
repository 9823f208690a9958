"""What vta_kartlegging (and meld_st_33) print of varig tilrettelagt arbeid that registers hold; no surveys.

A transition is a month on one kind of place after a month on the other (vta_kartlegging lines 929-930).
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.months import month
from tiltakseffekt.documents.calibration.histories import CODES, ORDINARY, SHELTERED, Histories
from tiltakseffekt.documents.calibration.sums import PrintedCells
from tiltakseffekt.stages.description.cells import distinct

_JANUARY_2007: Final = month(2007, 1)
_JANUARY_2021: Final = month(2021, 1)
_FEBRUARY_2021: Final = month(2021, 2)
_AGES: Final = ("19 år og under", "20-24 år", "25-29 år", "30-39 år", "40-49 år", "50-59 år", "60 år og over")
_AGE_BOUNDS: Final = (20, 25, 30, 40, 50, 60)
_UNITS: Final = {"trondelag": "Trøndelag", "agder": "Agder", "oslo": "Oslo"}


def measure_sheltered_work(tables: Mapping[str, pd.DataFrame], had: Histories) -> pd.DataFrame:
    """Measure one shard.

    Parameters
    ----------
    tables
        The clean tables ``vta_place`` and ``diagnosis``, the latter with the columns of its codebook, which is among
        them as `CODES`.
    had
        What `histories.histories` returned.
    """
    cells, paper = PrintedCells("vta_kartlegging"), PrintedCells("meld_st_33")
    ordinary, sheltered = had.on[ORDINARY], had.on[SHELTERED] & ~had.on[ORDINARY]
    person, when = np.nonzero(ordinary[:, month(2020, 1) : _JANUARY_2021])
    ages = np.digitize(had.years(person, when + month(2020, 1)), _AGE_BOUNDS)
    everyone = distinct(person)
    for code, column in enumerate(_AGES):
        number, persons = float((ages == code).sum()), distinct(person[ages == code])
        cells.share("tabell-4", "VTA-O", column, number, len(ages), count=persons, base=everyone)
    _diagnoses(had, ordinary, tables["diagnosis"], tables[CODES], cells)
    _transitions(ordinary, sheltered, cells)
    _sexes(had, ordinary, cells)
    _interruptions(tables["vta_place"], cells)
    for key, label in _UNITS.items():
        here = had.unit[:, _FEBRUARY_2021] == had.units.index(key)
        found, all_places = (flag[here, _FEBRUARY_2021].sum() for flag in (ordinary, ordinary | sheltered))
        cells.share("text", label, "Andel VTA-O-plasser, februar 2021", float(found), float(all_places))
    months = slice(month(2023, 1), month(2023, 12) + 1)
    both, alone = (ordinary | sheltered)[:, months], ordinary[:, months]
    paper.stock("text", "Varig tilrettelagt arbeid", "Deltakere 2023", both)
    before = (ordinary | sheltered)[:, month(2016, 1) : month(2017, 1)]
    paper.stock("text", "Varig tilrettelagt arbeid", "Deltakere fram til 2017", before)
    share = float(alone.sum()), float(both.sum())
    paper.share("text", "VTA-O", "Andel av VTA-deltakerne", *share, count=_persons(alone), base=_persons(both))
    return pd.concat([cells.table(), paper.table()], ignore_index=True)


def _diagnoses(
    had: Histories, ordinary: Any, diagnosis: pd.DataFrame, codes: pd.DataFrame, cells: PrintedCells
) -> None:
    present = ordinary[:, _JANUARY_2021]
    mine = had.rows(diagnosis.loc[diagnosis["basis"] == "uforetrygd"])
    mine = mine.loc[present[mine["person"]]]
    for row in dict.fromkeys(codes["row_vta_kartlegging"]):
        found = float((mine["row_vta_kartlegging"] == row).sum())
        cells.number("tabell-5", row, "Antall", found)
        cells.share("tabell-5", row, "Prosent", found, float(present.sum()))


def _transitions(ordinary: Any, sheltered: Any, cells: PrintedCells) -> None:
    before, after = slice(_JANUARY_2007 - 1, _JANUARY_2021 - 1), slice(_JANUARY_2007, _JANUARY_2021)
    to_ordinary, back = sheltered[:, before] & ordinary[:, after], ordinary[:, before] & sheltered[:, after]
    there, here = float(to_ordinary.sum()), float(back.sum())
    moved = _persons(to_ordinary | back)
    first, last = (float(ordinary[:, when].sum()) for when in (_JANUARY_2007, _JANUARY_2021))
    present = _persons(ordinary[:, [_JANUARY_2007, _JANUARY_2021]])
    for column in ("2007-2020", "Siden 2007, sammendrag"):
        cells.number("figur-9", "VTA-S -> VTA-O", column, there, unit="count", count=_persons(to_ordinary))
        cells.number("figur-9", "VTA-O -> VTA-S", column, here, unit="count", count=_persons(back))
        row = "Netto fra VTA-S, andel av økningen"
        # A share of a difference is a share of no group of persons.
        cells.share("figur-9", row, column, there - here, last - first, count=moved, base=np.nan)
        cells.number("figur-9", "Økning i VTA-O-beholdningen", column, last - first, count=present)
    cells.number("figur-9", "Overganger i alt", "2007-2020", there + here, unit="count", count=moved)
    cells.number("figur-9", "Netto til VTA-O", "2007-2020", there - here, count=moved)
    cells.number("figur-9", "Netto fra VTA-S", "2007-2020", there - here, count=moved)
    cells.number("figur-9", "Netto fra VTA-S per år", "2007-2020", (there - here) / 14, count=moved)
    cells.number(
        "figur-9", "Årlig tilstrømming til VTA-O-beholdningen", "2007-2020", (last - first) / 14, count=present
    )
    cells.number("figur-9", "Beholdning VTA-O", "Januar 2007", first)
    cells.number("figur-9", "Beholdning VTA-O", "Januar 2021", last)


def _sexes(had: Histories, ordinary: Any, cells: PrintedCells) -> None:
    for first, column in (
        (_JANUARY_2007, "Andel av VTA-O-deltakerne siden 2007"),
        (month(2017, 1), "Andel av VTA-O-deltakerne fra 2017"),
    ):
        person, _ = np.nonzero(ordinary[:, first:_JANUARY_2021])
        men = person[had.sex[person] == 0]
        cells.share("text", "Mann", column, len(men), len(person), count=distinct(men), base=distinct(person))


def _interruptions(places: pd.DataFrame, cells: PrintedCells) -> None:
    broken = places.loc[
        (places["arrangement"] == "ordinaer")
        & places["interrupted"].astype("boolean").fillna(False)
        & places["stop_month"].between(_JANUARY_2007, month(2021, 3))
    ]
    length = broken["stop_month"] - broken["start_month"] + 1
    everyone = broken["person_id"].nunique()
    cells.number("text", "Avbrøt deltakelsen i VTA-O", "2007 - mars 2021", len(broken), count=everyone)
    for months, row in ((12, "Avbrøt innen ett år"), (36, "Avbrøt innen tre år")):
        early = broken.loc[length <= months, "person_id"]
        persons = early.nunique()
        cells.share("text", row, "Andel av de som avbrøt", len(early), len(broken), count=persons, base=everyone)


def _persons(flag: Any) -> float:
    return float(flag.any(axis=1).sum())


def measure_providers(providers: pd.DataFrame, labels_of_units: Mapping[str, str]) -> pd.DataFrame:
    """Measure the list of sheltered firms: Tabell 1 and the table of county units; once, not by shard.

    What stands behind these numbers is firms.
    """
    cells = PrintedCells("vta_kartlegging")
    places, number = providers["places"].to_numpy(float), len(providers)
    for row, value in (
        ("Gjennomsnitt", places.mean()),
        ("Minimum", places.min()),
        ("1. kvartil", np.quantile(places, 0.25)),
        ("Median", np.median(places)),
        ("3. kvartil", np.quantile(places, 0.75)),
        ("Maksimum", places.max()),
        ("Standardavvik", places.std(ddof=1)),
    ):
        cells.share("tabell-1", row, "Populasjon", float(value), 1, unit="places", count=number, base=np.nan)
    for key, label in labels_of_units.items():
        cells.share("tabell-u2", label, "Populasjon", float((providers["county_unit"] == key).sum()), number)
    cells.number("tabell-u2", "N", "Populasjon", number, unit="count")
    return cells.table()
