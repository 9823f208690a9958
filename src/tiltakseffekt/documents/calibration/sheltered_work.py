"""What vta_kartlegging (and meld_st_33) print of varig tilrettelagt arbeid that registers hold; no surveys.

A transition is a month on one kind of place after a month on the other (vta_kartlegging lines 929-930).
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.months import month
from tiltakseffekt.documents.calibration.histories import CODES, ORDINARY, SHELTERED, Array, Histories
from tiltakseffekt.documents.calibration.sums import stock
from tiltakseffekt.stages.description.cells import (
    Count,
    Measure,
    Place,
    cells_of,
    counted,
    number,
    person_months,
    share,
)

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
    ordinary, sheltered = had.on[ORDINARY], had.on[SHELTERED] & ~had.on[ORDINARY]
    report = chain(
        _ages(had, ordinary),
        _diagnoses(had, ordinary, tables["diagnosis"], tables[CODES]),
        _transitions(ordinary, sheltered),
        _sexes(had, ordinary),
        _interruptions(tables["vta_place"]),
        _places(had, ordinary, sheltered),
    )
    paper = cells_of("meld_st_33", _white_paper(ordinary, sheltered))
    return pd.concat([cells_of("vta_kartlegging", report), paper], ignore_index=True)


def _ages(had: Histories, ordinary: Array) -> Iterator[Measure]:
    person, when = np.nonzero(ordinary[:, month(2020, 1) : _JANUARY_2021])
    ages = np.digitize(had.years(person, when + month(2020, 1)), _AGE_BOUNDS)
    for code, column in enumerate(_AGES):
        yield share(Place("tabell-4", "VTA-O", column), counted(person[ages == code]), counted(person))


def _places(had: Histories, ordinary: Array, sheltered: Array) -> Iterator[Measure]:
    for key, label in _UNITS.items():
        here = had.unit[:, _FEBRUARY_2021] == had.units.index(key)
        found, all_places = (flag[here, _FEBRUARY_2021].sum() for flag in (ordinary, ordinary | sheltered))
        yield share(Place("text", label, "Andel VTA-O-plasser, februar 2021"), float(found), float(all_places))


def _white_paper(ordinary: Array, sheltered: Array) -> Iterator[Measure]:
    months = slice(month(2023, 1), month(2023, 12) + 1)
    both, alone = (ordinary | sheltered)[:, months], ordinary[:, months]
    yield stock(Place("text", "Varig tilrettelagt arbeid", "Deltakere 2023"), both)
    before = (ordinary | sheltered)[:, month(2016, 1) : month(2017, 1)]
    yield stock(Place("text", "Varig tilrettelagt arbeid", "Deltakere fram til 2017"), before)
    yield share(Place("text", "VTA-O", "Andel av VTA-deltakerne"), person_months(alone), person_months(both))


def _diagnoses(had: Histories, ordinary: Array, diagnosis: pd.DataFrame, codes: pd.DataFrame) -> Iterator[Measure]:
    present = ordinary[:, _JANUARY_2021]
    mine = had.rows(diagnosis.loc[diagnosis["basis"] == "uforetrygd"])
    mine = mine.loc[present[mine["person"]]]
    for row in dict.fromkeys(codes["row_vta_kartlegging"]):
        found = float((mine["row_vta_kartlegging"] == row).sum())
        yield number(Place("tabell-5", row, "Antall"), found)
        yield share(Place("tabell-5", row, "Prosent"), found, float(present.sum()))


def _transitions(ordinary: Array, sheltered: Array) -> Iterator[Measure]:
    before, after = slice(_JANUARY_2007 - 1, _JANUARY_2021 - 1), slice(_JANUARY_2007, _JANUARY_2021)
    to_ordinary, back = sheltered[:, before] & ordinary[:, after], ordinary[:, before] & sheltered[:, after]
    there, here = float(to_ordinary.sum()), float(back.sum())
    moved = _persons(to_ordinary | back)
    first, last = (float(ordinary[:, when].sum()) for when in (_JANUARY_2007, _JANUARY_2021))
    present = _persons(ordinary[:, [_JANUARY_2007, _JANUARY_2021]])
    for column in ("2007-2020", "Siden 2007, sammendrag"):
        yield number(Place("figur-9", "VTA-S -> VTA-O", column), Count(there, _persons(to_ordinary)), "count")
        yield number(Place("figur-9", "VTA-O -> VTA-S", column), Count(here, _persons(back)), "count")
        row = "Netto fra VTA-S, andel av økningen"
        # A share of a difference is a share of no group of persons.
        yield share(Place("figur-9", row, column), Count(there - here, moved), Count(last - first, np.nan))
        yield number(Place("figur-9", "Økning i VTA-O-beholdningen", column), Count(last - first, present))
    yield number(Place("figur-9", "Overganger i alt", "2007-2020"), Count(there + here, moved), "count")
    yield number(Place("figur-9", "Netto til VTA-O", "2007-2020"), Count(there - here, moved))
    yield number(Place("figur-9", "Netto fra VTA-S", "2007-2020"), Count(there - here, moved))
    yield number(Place("figur-9", "Netto fra VTA-S per år", "2007-2020"), Count((there - here) / 14, moved))
    yield number(
        Place("figur-9", "Årlig tilstrømming til VTA-O-beholdningen", "2007-2020"), Count((last - first) / 14, present)
    )
    yield number(Place("figur-9", "Beholdning VTA-O", "Januar 2007"), first)
    yield number(Place("figur-9", "Beholdning VTA-O", "Januar 2021"), last)


def _sexes(had: Histories, ordinary: Array) -> Iterator[Measure]:
    for first, column in (
        (_JANUARY_2007, "Andel av VTA-O-deltakerne siden 2007"),
        (month(2017, 1), "Andel av VTA-O-deltakerne fra 2017"),
    ):
        person, _ = np.nonzero(ordinary[:, first:_JANUARY_2021])
        men = person[had.sex[person] == 0]
        yield share(Place("text", "Mann", column), counted(men), counted(person))


def _interruptions(places: pd.DataFrame) -> Iterator[Measure]:
    broken = places.loc[
        (places["arrangement"] == "ordinaer")
        & places["interrupted"].astype("boolean").fillna(False)
        & places["stop_month"].between(_JANUARY_2007, month(2021, 3))
    ]
    length = broken["stop_month"] - broken["start_month"] + 1
    yield number(Place("text", "Avbrøt deltakelsen i VTA-O", "2007 - mars 2021"), counted(broken["person_id"]))
    for months, row in ((12, "Avbrøt innen ett år"), (36, "Avbrøt innen tre år")):
        early = broken.loc[length <= months, "person_id"]
        yield share(Place("text", row, "Andel av de som avbrøt"), counted(early), counted(broken["person_id"]))


def _persons(flag: Array) -> float:
    return float(flag.any(axis=1).sum())


def measure_providers(providers: pd.DataFrame, labels_of_units: Mapping[str, str]) -> pd.DataFrame:
    """Measure the list of sheltered firms: Tabell 1 and the table of county units; once, not by shard.

    What stands behind these numbers is firms.
    """
    return cells_of("vta_kartlegging", _providers(providers, labels_of_units))


def _providers(providers: pd.DataFrame, labels_of_units: Mapping[str, str]) -> Iterator[Measure]:
    places, firms = providers["places"].to_numpy(float), len(providers)
    for row, value in (
        ("Gjennomsnitt", places.mean()),
        ("Minimum", places.min()),
        ("1. kvartil", np.quantile(places, 0.25)),
        ("Median", np.median(places)),
        ("3. kvartil", np.quantile(places, 0.75)),
        ("Maksimum", places.max()),
        ("Standardavvik", places.std(ddof=1)),
    ):
        yield share(Place("tabell-1", row, "Populasjon"), Count(float(value), firms), Count(1, np.nan), "places")
    for key, label in labels_of_units.items():
        yield share(Place("tabell-u2", label, "Populasjon"), float((providers["county_unit"] == key).sum()), firms)
    yield number(Place("tabell-u2", "N", "Populasjon"), firms, "count")
