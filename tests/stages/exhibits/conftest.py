"""Made-up tidy data of every layout, and words from the real label files."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.config.evaluations import all_exhibits, all_labels
from tiltakseffekt.config.loading import load_configuration, setting_at
from tiltakseffekt.core.keys import LANDGRUPPER, MEASURES, NAV_GROUPS, TREATED_ARMS
from tiltakseffekt.stages.exhibits.labels import compose_text
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.stages.exhibits.words import select_labels

CONFIG = Path(__file__).resolve().parents[3] / "config"
YEARS = ("maned_1_12", "maned_13_24", "maned_25_36")


def _effects(scale: float, unit: str) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    cells = []
    for place, row in enumerate(TREATED_ARMS):
        for year, column in enumerate(YEARS):
            value = scale * (rng.normal() + 0.6 * year)
            half = scale * (0.15 + 0.12 * (place % 4))
            cells.append(
                {"row": row, "column": column, "value": value, "low": value - half, "high": value + half}
                | {"se": half / 1.96, "unit": unit, "count": 45 + 211 * place}
            )
    return tidy(cells)


def _analyses() -> pd.DataFrame:
    effects = _effects(1.0, "months_per_year")
    second = effects[effects["column"] == YEARS[1]].assign(panel=lambda cells: cells["row"])
    rows = [second.assign(row=row, value=second["value"] + n / 9) for n, row in enumerate(("main", "washout_12"))]
    return tidy(pd.concat(rows, ignore_index=True))


def _curves(panels: tuple[str, ...], x: range) -> pd.DataFrame:
    cells = []
    for place, panel in enumerate(panels):
        for at in x:
            value = -9 + 14 * np.log1p(at) / np.log(37) + place - 4 * np.sin(at / 9)
            cells.append({"panel": panel, "x": at, "value": value, "low": value - 3, "high": value + 3, "count": 845})
    return tidy(cells)


def _fifths() -> pd.DataFrame:
    fifths = _curves(MEASURES, range(1, 6))
    told = _curves(MEASURES, range(5, 6)).assign(row="femte_minus_forste", x=float("nan"), se=1.2)
    parts = [fifths.assign(row="anslag"), fifths.assign(row="sannhet", low=float("nan"), high=float("nan")), told]
    return tidy(pd.concat(parts, ignore_index=True).assign(unit="months_per_year"))


def _paths() -> pd.DataFrame:
    cells = []
    for place, panel in enumerate(MEASURES):
        for row in ("behandling", "kontroll"):
            for at in range(-24, 49):
                value = 35 + 2 * place - 12 / (1 + abs(at) / 4) + (0.4 * max(at, 0) if row == "behandling" else 0)
                cells.append({"panel": panel, "row": row, "x": at, "value": value, "count": 300, "base": 900})
    return tidy(cells)


def _calendar(column: str) -> pd.DataFrame:
    cells = []
    for place, group in enumerate(NAV_GROUPS):
        for month in range(24):
            count = 900 - 150 * place + 7 * (month % 12)
            cells.append({column: group, "x": 2019 + month / 12, "value": float(count), "count": count})
    return tidy(cells).assign(row=lambda data: data[column])


def _flows() -> pd.DataFrame:
    cells = []
    for end in ("m6", "m12", "m18"):
        for place, group in enumerate(NAV_GROUPS):
            for other, count in ((group, 200 - 30 * place), ("ikke_registrert", 100 + 20 * place)):
                cells.append({"panel": end, "row": group, "column": other, "value": float(count), "count": count})
    return tidy(cells)


def _survival() -> pd.DataFrame:
    cells = []
    for panel in TREATED_ARMS:
        for at in range(49):
            value = 100 * 0.9**at
            band = {"low": value - 2, "high": value + 2} if at else {}
            cells.append({"panel": panel, "row": panel, "x": at, "value": value, "count": 9, "base": 900 - at} | band)
    return tidy(cells)


def _gate() -> pd.DataFrame:
    rows = {
        "gruppe_innsats": ("konstant_arbeidssoker", "nedsatt_arbeidsevne"),
        "gruppe_kjonn": ("konstant_mann", "kvinne"),
        "gruppe_ledighet": ("konstant_i_arbeid", "i_arbeid_siste_5_mnd", "uten_arbeid_6_mnd"),
    }
    cells = []
    for group, terms in rows.items():
        for order, row in enumerate(terms):
            for column in MEASURES:
                place = {"row_group": group, "row": row, "column": column, "count": 60}
                cells.append(place | {"panel": "estimat", "value": 1.234 - order * 2.5, "unit": "months_per_year"})
                cells.append(place | {"panel": "standardfeil", "value": 0.301, "unit": "standard_error"})
                cells.append(place | {"panel": "stjerner", "text": "***" if order == 0 else "", "unit": "stars"})
    return tidy(cells)


def _balance() -> pd.DataFrame:
    cells = []
    for panel in MEASURES[:4]:
        for column in ("behandling", "kontroll"):
            place = {"panel": panel, "column": column}
            cells.append(place | {"row": "n", "value": 845.0, "unit": "persons", "count": 845})
            for row, count in (("mann", 400), ("kvinne", 445)):
                share = {"value": 100 * count / 845, "unit": "percent", "count": count, "base": 845}
                cells.append(place | {"row_group": "gruppe_kjonn", "row": row} | share)
    return tidy(cells)


def _costs() -> pd.DataFrame:
    cells = []
    for panel in ("as_estimated", "as_specified"):
        for column in (key for key in MEASURES if key != "avklaring"):
            place = {"panel": panel, "column": column}
            cells.append(place | {"row": "tiltakskostnader_finansiert_av_nav", "value": -239400.0, "unit": "nok_2022"})
            cells.append(place | {"row": "tiltakskostnader_i_andre_sektorer", "unit": "nok_2022"})
            cells.append(place | {"row": "fortrengingseffekt", "text": "ubetydelig_ingen", "unit": "text"})
    return tidy(cells)


def _bars(rows: tuple[str, ...]) -> pd.DataFrame:
    cells = []
    for place, panel in enumerate(("aft", "amo", "utdanning")):
        for at, row in enumerate(rows):
            low, high = 1e5 * (place - at), 1e5 * (place + 1)
            cells.append({"panel": panel, "row": row, "value": high - low, "low": low, "high": high, "count": 40})
    return tidy(cells).assign(unit="nok_2022")


def _net() -> pd.DataFrame:
    cells = []
    for place, row in enumerate(("aft", "amo")):
        net = {"value": 1e5 * place, "low": -1e5, "high": 3e5, "unit": "nok_2022"}
        cells.append({"row": row, "column": "netto", "count": 40} | net)
        cells.append({"row": row, "column": "sannsynlighet", "value": 60.0, "unit": "percent", "count": 40})
    return tidy(cells)


def _areas(panels: tuple[str, ...]) -> pd.DataFrame:
    cells = []
    for place, panel in enumerate(panels):
        for month in range(25):
            counts = [900 - 20 * month + 5 * place, 60, 20 * month - 5 * place + 40]
            for row, count in zip(("tilstand_tiltak", "tilstand_ufor", "tilstand_annet"), counts, strict=True):
                share = {"value": 100 * count / 1000, "unit": "percent", "count": count, "base": 1000}
                cells.append({"panel": panel, "row": row, "x": month} | share)
    return tidy(cells)


def _parts(rows: tuple[str, ...], columns: tuple[str, ...], panels: tuple[str, ...], unit: str) -> pd.DataFrame:
    cells = []
    for panel in panels:
        for place, row in enumerate(rows):
            for at, column in enumerate(columns):
                count = 100 + 40 * place + 15 * at
                cells.append({"panel": panel, "row": row, "column": column, "value": float(count), "count": count})
    return tidy(cells).assign(unit=unit)


def _bounds() -> pd.DataFrame:
    cells = []
    for place, panel in enumerate(MEASURES):
        own = {"panel": panel, "value": place / 9, "count": 60, "unit": "months_per_year"}
        cells.append(own | {"row": "anslag", "column": "usikkerhet", "low": -0.5, "high": 1.5})
        for row in ("arbeidshistorikk", "gruppe_innsats"):
            cells.append(own | {"row": row, "column": "usikkerhet", "low": -2.5, "high": 3.5})
            cells.append(own | {"row": row, "column": "grenser", "low": -2.0, "high": 3.0})
        cells.append({"panel": panel, "row": "robusthetsverdi", "column": "anslag", "value": 4.2, "unit": "percent"})
    return tidy(cells)


@pytest.fixture(scope="session")
def made_up():
    """Return tidy data by exhibit, one exhibit for each layout."""
    both = pd.concat(
        [
            _effects(1.0, "months_per_year").assign(panel=lambda d: d["column"], column=estimand)
            for estimand in ("ate", "atet")
        ]
    )
    return {
        "figur-maneder-i-arbeid": _effects(1.0, "months_per_year"),
        "figur-lonnsinntekt": _effects(40_000.0, "nok_2022"),
        "figur-innsatsgrupper": tidy(
            pd.concat([_effects(1.0, "months_per_year").assign(row_group=group) for group in NAV_GROUPS[:3]])
        ),
        "figur-robusthet": _analyses(),
        "figur-uobservert": _bounds(),
        "figur-deltakere-og-alle": tidy(both.reset_index(drop=True)),
        "figur-arbeid-tre-tiltak": _curves(("aft", "arbeidsrettet_rehab", "utdanning"), range(1, 37)),
        "figur-arbeid-alle-tiltak": _curves(TREATED_ARMS, range(1, 37)),
        "figur-alder": tidy(
            pd.concat([_curves(MEASURES, range(18, 60)).assign(row=row) for row in ("punktvis", "hele_kurven")])
        ),
        "figur-sorterte-effekter": _fifths(),
        "figur-arbeid-for-og-etter": _paths(),
        "figur-registrerte": _calendar("row"),
        "figur-sesong": _calendar("panel"),
        "figur-veier-videre": _flows(),
        "figur-varighet": _survival(),
        "figur-tilstander-alle": _areas(("",)),
        "figur-tilstander-arbeid-opplaring": _areas(("amo", "jobbklubb")),
        "figur-oppstart-to-ar": _parts(NAV_GROUPS, ("tiltak", "ikke_tiltak"), ("",), "persons"),
        "figur-deltakere": _parts(MEASURES, LANDGRUPPER, ("c_innvandringsgruppe", "d_arbeidssituasjon"), "starts"),
        "figur-tiltak-i-bruk": _parts(
            MEASURES, ("andel_av_oppstartede_tiltak", "andel_av_tiltaksmaneder"), ("",), "percent"
        ),
        "figur-fossefall": _bars(("effekt_pa_verdiskaping", "tiltakspenger", "sum_prissatte_virkninger")),
        "figur-tornado": _bars(("effects", "discount_rate")),
        "figur-lonnsomhet": _net(),
        "figur-balanse": _curves(("aft", "amo"), range(3, 14)),
        "effekt-i-grupper": _gate(),
        "deltakere-og-kontroller-1": _balance(),
        "nytte-kostnad-mot-trykk": _costs(),
    }


@pytest.fixture(scope="session")
def catalogue():
    return {entry.id: entry for entry in all_exhibits(CONFIG / "evaluations").values()}


@pytest.fixture(scope="session")
def text_of(catalogue):
    """Return the words of an exhibit in a language."""
    configurations = load_configuration(CONFIG)
    words = {language: all_labels(CONFIG, language) for language in ("nb", "en")}
    evaluation_of = {entry.id: name.partition("/")[0] for name, entry in all_exhibits(CONFIG / "evaluations").items()}

    def compose(exhibit, language="nb", origin="synthetic", **changed):
        entry = catalogue[exhibit]
        labels = select_labels(words[language][evaluation_of[exhibit]], entry)
        facts = {name: setting_at(configurations, path, "tiltakseffekter/main") for name, path in entry.facts.items()}
        return compose_text(entry, labels, facts | changed, origin)

    return compose
