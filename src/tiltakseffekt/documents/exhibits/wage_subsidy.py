"""Varig lønnstilskudd and VTA-O: printed tables beside what their rules give."""

from typing import Final

import pandas as pd

from tiltakseffekt.stages.exhibits.tidy import tidy

BASES: Final = ("as_printed", "as_specified", "as_reconstructed")
#: Series of the figure: account and basis to the key of its words.
SERIES: Final = {
    ("tabell-7-2", "as_printed"): "samfunnet_trykt",
    ("tabell-7-2", "as_specified"): "samfunnet_regler",
    ("offentlige_budsjetter", "as_reconstructed"): "staten_rekonstruert",
    ("offentlige_budsjetter", "as_specified"): "staten_regler",
}


def _of(wage_subsidy: pd.DataFrame, exhibit: str, orders: dict[str, list[str]]) -> pd.DataFrame:
    """Return the rows of a table in the order of its alternatives, rows, years and bases."""
    rows = wage_subsidy[wage_subsidy["exhibit"] == exhibit]
    places = {f"place_{name}": rows[name].map({key: n for n, key in enumerate(o)}) for name, o in orders.items()}
    return rows.assign(**places).sort_values(list(places), kind="stable").drop(columns=[*places, "exhibit"])


_ALTERNATIVES: Final = (
    "vlt_heltid",
    "vtao",
    "gradert_ufore",
    "vlt_fortrengning",
    "full_ufore",
    "vlt_dodvekt",
    "full_ufore_halv_stilling",
)
_SOCIAL: Final = ("produksjonsbidrag", "skattekostnad", "fortrenging", "netto")
_FISCAL: Final = (
    "tilskudd",
    "uforetrygd",
    "tiltakskostnader",
    "skatt",
    "netto_finansieringsbehov",
    "okt_redusert_behov",
)
_YEARS: Final = (*(str(year) for year in range(8)), "sum")


def vlt_netto(wage_subsidy: pd.DataFrame) -> pd.DataFrame:
    """Build the sums of Tabell 7-2 of vlt_rapport on every basis, from the table WAGE_SUBSIDY."""
    orders = {"subject": list(_ALTERNATIVES), "item": list(_SOCIAL), "basis": list(BASES)}
    rows = _of(wage_subsidy[wage_subsidy["year"] == "sum"], "tabell-7-2", orders)
    names = {"subject": "row_group", "item": "row", "basis": "column"}
    return tidy(rows.drop(columns="year").rename(columns=names))


def vlt_ar_for_ar(wage_subsidy: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-2 of vlt_rapport year by year, one panel per basis, from the table WAGE_SUBSIDY."""
    orders = {"basis": list(BASES), "subject": list(_ALTERNATIVES), "item": list(_SOCIAL), "year": list(_YEARS)}
    rows = _of(wage_subsidy, "tabell-7-2", orders)
    return tidy(rows.rename(columns={"basis": "panel", "subject": "row_group", "item": "row", "year": "column"}))


def vlt_alternativer(wage_subsidy: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-3 of vlt_rapport, one panel per basis, from the table WAGE_SUBSIDY."""
    orders = {"basis": list(BASES), "item": list(_FISCAL), "subject": list(_ALTERNATIVES)}
    rows = _of(wage_subsidy, "tabell-7-3", orders).drop(columns="year")
    return tidy(rows.rename(columns={"basis": "panel", "item": "row", "subject": "column"}))


def vlt_tre_land(wage_subsidy: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 3-4 of vlt_rapport on every basis, from the table WAGE_SUBSIDY."""
    subjects = [
        f"{level}_{land}" for level in ("gjennomsnittslonn", "minstelonn") for land in ("danmark", "sverige", "norge")
    ]
    orders = {"item": ["tilskudd_per_maned", "andel_av_lonnskostnad"], "subject": subjects, "basis": list(BASES)}
    rows = _of(wage_subsidy, "tabell-3-4", orders).drop(columns="year")
    level = rows["subject"].str.rpartition("_")
    rows = rows.assign(subject=level[2], row_group=level[0])
    return tidy(rows.rename(columns={"item": "panel", "subject": "row", "basis": "column"}))


def vlt_utledet(wage_subsidy: pd.DataFrame) -> pd.DataFrame:
    """Build the inferred inputs: what the rules state, and the interval that the printed cells leave."""
    rows = wage_subsidy[wage_subsidy["exhibit"] == "utledet"]
    stated = rows[rows["basis"] == "as_specified"].assign(column="etter_reglene")
    found = rows[rows["basis"] == "as_reconstructed"]
    ends = [found.assign(value=found[end], column=name) for end, name in (("low", "minst"), ("high", "hoyst"))]
    order = {name: place for place, name in enumerate(_INFERRED)}
    cells = pd.concat([stated, *ends]).sort_values("item", key=lambda names: names.map(order), kind="stable")
    return tidy(cells[["item", "column", "value", "unit"]].rename(columns={"item": "row"}))


_INFERRED: Final = (
    "wage",
    "subsidy_rate",
    "disability_rate",
    "graded_rate",
    "income_before",
    "vtao_factor",
    "side_income",
    "displacement",
    "tax_rate",
    "tax_allowance",
)


def vtao_budsjett(wage_subsidy: pd.DataFrame) -> pd.DataFrame:
    """Build what the budget argument of vtao_horing implies, from the table WAGE_SUBSIDY."""
    rows = wage_subsidy[wage_subsidy["exhibit"] == "vtao"]
    order = (
        "kostnad_per_plass",
        "kostnad_per_jobbspesialist",
        "nye_deltakere_trykt",
        "vekst_som_tallet_krever",
        "vekst_observert",
        "nye_deltakere_med_observert_vekst",
        "kostnad_ved_ett_ars_vekst",
    )
    place = {item: number for number, item in enumerate(order)}
    cells = [
        {"row": row["item"], "column": column, "value": row[end], "unit": row["unit"]}
        for row in rows.sort_values("item", key=lambda items: items.map(place)).to_dict("records")
        for column, end in (("minst", "low"), ("hoyst", "high"))
    ]
    return tidy(cells)


def figur_vlt(wage_subsidy: pd.DataFrame) -> pd.DataFrame:
    """Build the streams of each alternative by year: the net of society and what the treasury is left with."""
    parts = []
    for (exhibit, basis), series in SERIES.items():
        rows = wage_subsidy[(wage_subsidy["exhibit"] == exhibit) & (wage_subsidy["basis"] == basis)]
        rows = rows[rows["item"].isin(["netto", "netto_finansieringsbehov"]) & (rows["year"] != "sum")]
        # What the treasury pays is a need; its balance has the other sign.
        sign = 1.0 if exhibit == "tabell-7-2" else -1.0
        parts.append(rows.assign(row=series, x=rows["year"].astype(float), value=sign * rows["value"]))
    streams = pd.concat(parts).rename(columns={"subject": "panel"})
    order = {key: number for number, key in enumerate(_ALTERNATIVES)}
    streams = streams.sort_values("panel", key=lambda panels: panels.map(order), kind="stable")
    return tidy(streams[["panel", "row", "x", "value", "unit"]])
