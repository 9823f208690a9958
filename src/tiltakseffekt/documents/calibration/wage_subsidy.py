"""What vlt_rapport (and meld_st_33) print of varig lønnstilskudd: stocks, starts, terms and what comes after.

A case begins in the first month on the subsidy that has been permanent since 2016; those who had its predecessor the
month before are transfers. Of several benefits in a month one counts, in the order of `BENEFIT_ROWS`. A kept job is one
at the employer of the first month that was held for twelve months, a year to five years before, beside no measure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.keys import NAV_GROUPS
from tiltakseffekt.core.months import month
from tiltakseffekt.documents.calibration.histories import (
    BENEFIT_ROWS,
    CODES,
    MEASURE_ROWS,
    MONTHS,
    NO_BENEFIT,
    ORDINARY,
    PREDECESSOR,
    SHELTERED,
    SUBSIDY,
    Array,
    Histories,
    at,
    covered,
    first_and_last,
)
from tiltakseffekt.documents.calibration.sums import PrintedCells, distribution, quantile, survival
from tiltakseffekt.stages.description.cells import distinct

_YEARS: Final = range(2016, 2024)
_FIRST: Final = month(2016, 1)
_END: Final = month(2023, 12)
_RATES: Final = month(2023, 2)
_WAGE_SUBSIDY: Final = MEASURE_ROWS.index("Midlertidig lønnstilskudd")
_MONTHS_OF: Final = {1: "1 måned før", 6: "6 måneder før"}
_FULL_TIME: Final = 37.5
_MAIN_GROUP: Final = "Hovedgruppe"
_EARLY_PENSION: Final = 62
_OSLO, _ROGALAND, _VEST_VIKEN, _AGDER = "oslo", "rogaland", "vest_viken", "agder"
_INDUSTRIES: Final = {
    "Primær": range(1, 4),
    "Industri, petroleum, teknisk og bergverk": range(5, 40),
    "Bygg og anlegg": range(41, 44),
    "Forretningsmessig tjenesteyting, transport, varehandel": (*range(45, 54), *range(58, 84)),
    "Utdanning (næring)": range(85, 86),
    "Helse og omsorg": range(86, 89),
    "Offentlig forvaltning": range(84, 85),
}
#: Measures after the subsidy that the text names.
_GROUPS_AFTER: Final = {
    "aft": "AFT",
    "oppfolging": "Oppfølging",
    "utvidet_oppfolging": "Utvidet oppfølging i NAV",
    "arbeidstrening": "Arbeidstrening",
}
_OTHER_INDUSTRIES: Final = "Andre næringer"
#: Codes of Tabell 5-6.
_BESIDE: Final = {
    "Midlertidig lønnstilskudd": ("MIDLONTIL",),
    "Mentor": ("MENTOR",),
    "Utvidet oppfølging i NAV": ("UTVAOONAV",),
    "Avklaring": ("AVKLARAG",),
    "Individuell oppfølging": ("INDOPPFAG",),
    "Inkluderingstilskudd": ("INKLUTILS",),
    "Funksjonsassistent": ("FUNKSJASS",),
    "Arbeidstrening": ("ARBTREN",),
}


@dataclass(frozen=True)
class _Cases:
    """The first case of each person: row, first and last month, and whether it is a transfer or has ended."""

    person: Array
    start: Array
    stop: Array
    transfer: Array
    ended: Array

    def where(self, chosen: Array) -> "_Cases":
        return _Cases(*(values[chosen] for values in vars(self).values()))


def _cases(had: Histories) -> _Cases:
    person, start, stop = first_and_last(had.on[SUBSIDY])
    transfer = at(had.on[PREDECESSOR], person, start - 1, 0).astype(bool)
    return _Cases(person, start, stop, transfer, stop < _END)


def measure_wage_subsidy(
    tables: Mapping[str, pd.DataFrame], had: Histories, labels_of_units: Mapping[str, str]
) -> pd.DataFrame:
    """Measure one shard.

    Parameters
    ----------
    tables
        The clean tables of `histories.histories`, ``employment``, ``wage_subsidy``, and ``diagnosis`` with the
        columns of its codebook, which is among them as `CODES`.
    had
        What `histories.histories` returned.
    labels_of_units
        Key of a county unit to its printed name.
    """
    cells, white_paper = PrintedCells("vlt_rapport"), PrintedCells("meld_st_33")
    cases = _cases(had)
    new = cases.where(~cases.transfer)
    paid = had.rows(tables["wage_subsidy"])
    _stocks(had, paid, tables, cells, white_paper)
    _everyone(tables, cells)
    _starters(had, cases, new, cells)
    _before(had, cases, new, labels_of_units, cells)
    _kept_jobs(had, tables["employment"], paid, new, cells)
    _present(had, cells)
    _use(had, tables, cells)
    _diagnoses(had, tables["diagnosis"], tables[CODES], cells)
    _terms(had, paid, cases, labels_of_units, cells, white_paper)
    _beside(had, cells)
    _exits(had, cases, cells)
    return pd.concat([cells.table(), white_paper.table()], ignore_index=True)


def _stocks(
    had: Histories, paid: pd.DataFrame, tables: Mapping[str, pd.DataFrame], cells: PrintedCells, paper: PrintedCells
) -> None:
    """Add Tabell 3-1 and 3-2: spending, participants, and their share of all participants."""
    participants = had.on[SUBSIDY] | had.on[PREDECESSOR]
    everyone = _participants(tables)
    cells.stock("text", "TULT", "Deltakere 2015", had.on[PREDECESSOR][:, month(2015, 1) : month(2016, 1)])
    for year in _YEARS:
        months = slice(month(year, 1), month(year, 1) + 12)
        mine = paid.loc[paid["month"].between(months.start, months.stop - 1)]
        for code, row in ((SUBSIDY, "Varig lønnstilskudd"), (PREDECESSOR, "TULT")):
            if code == SUBSIDY or year <= 2018:
                _spending(mine.loc[mine["measure_code"] == code], row, str(year), cells)
        _spending(mine, "Sum", str(year), cells)
        of_year = participants[:, months]
        cells.stock("tabell-3-2", "Antall VLT (inkl. TULT)", str(year), of_year)
        all_months, persons = everyone[year]
        share, count = (float(of_year.sum()), all_months), float(of_year.any(axis=1).sum())
        cells.share("tabell-3-2", "Andel av alle tiltak", str(year), *share, count=count, base=persons)
        if year in (2016, 2023):
            paper.stock("figur-5-2", "Varig lønnstilskudd", str(year), had.on[SUBSIDY][:, months])


def _spending(paid: pd.DataFrame, row: str, column: str, cells: PrintedCells) -> None:
    spent, persons = paid["subsidy"].sum() / 1e6, paid["person"].nunique()
    cells.number("tabell-3-1", row, column, spent, unit="million_nok", count=persons)


def _everyone(tables: Mapping[str, pd.DataFrame], cells: PrintedCells) -> None:
    """Add what is said of all with uføretrygd, and of all on a measure with reduced work capacity in 2023."""
    degree = tables["disability"].loc[tables["disability"]["month"] == _END, "degree"]
    for row, found in (("Full uføretrygd", degree == 100), ("Gradert uføretrygd", degree < 100)):
        cells.share("text", row, "Andel av alle uføretrygdede", float(found.sum()), len(degree))
    status = tables["nav_status"]
    chosen = (status["month"] >= month(2023, 1)) & (status["jobseeker_status"] == "tiltak")
    chosen &= status["nav_group"].isin(["spesielt_tilpasset", "varig_tilpasset"])
    months = status.loc[chosen, "person_id"].value_counts()
    sex = tables["person"].set_index("person_id")["sex"].reindex(months.index)
    for row, code in (("Mann", "1"), ("Kvinne", "2")):
        column = "Andel av tiltaksdeltakere med nedsatt arbeidsevne"
        these = months[sex == code]
        cells.share("text", row, column, float(these.sum()), float(months.sum()), count=len(these), base=len(months))


def _participants(tables: Mapping[str, pd.DataFrame]) -> dict[int, tuple[float, float]]:
    """Return person-months on any measure, and persons, by year."""
    status = tables["nav_status"]
    taking_part = status.loc[(status["jobseeker_status"] == "tiltak") & (status["month"] >= _FIRST)]
    years = taking_part["month"] // 12 + 2000
    found = taking_part.groupby(years)["person_id"].agg(["size", "nunique"]).reindex(_YEARS, fill_value=0)
    return {year: (float(months), float(persons)) for year, months, persons in found.itertuples()}


def _starters(had: Histories, cases: _Cases, new: _Cases, cells: PrintedCells) -> None:
    """Add how many had the subsidy, and the ages of those who began."""
    everyone = len(cases.person)
    cells.number("text", "Alle VLT-deltakere", "2016-2023", everyone)
    transfers = float(cases.transfer.sum())
    cells.share("text", "TULT måneden før", "Andel", transfers, everyone)
    cells.share("text", "TULT måneden før", "Andel, én desimal", transfers, everyone)
    cells.number("text", "TULT måneden før", "Antall", transfers)
    ages = had.years(new.person, new.start)
    cells.share("figur-5-1", "45 år eller eldre", "Andel av de som startet", float((ages >= 45).sum()), len(ages))
    cells.number("tabell-5-6", "N", "Andel av VLT-deltakerne", everyone)
    months = float(had.on[SUBSIDY].sum())
    cells.number("tabell-5-6", "N", "Gjennomsnittlig varighet", months, unit="person_months", count=everyone)


def _before(had: Histories, cases: _Cases, new: _Cases, units: Mapping[str, str], cells: PrintedCells) -> None:
    """Add Tabell 5-3 to 5-5, Figur 5-8 and 5-9: measures and benefits before the start."""
    for back, column in _MONTHS_OF.items():
        rows = at(had.measure, new.person, new.start - back, 0)
        cells.shares("tabell-5-3", MEASURE_ROWS, column, rows)
        cells.number("tabell-5-3", "N", column, len(rows))
        benefits = at(had.benefit, cases.person, cases.start - back, NO_BENEFIT)
        cells.shares("tabell-5-4", BENEFIT_ROWS, column, benefits)
    unit = at(had.unit, new.person, new.start, -1)
    benefits = at(had.benefit, new.person, new.start - 6, NO_BENEFIT)
    on_subsidy = at(had.measure, new.person, new.start - 6, 0) == _WAGE_SUBSIDY
    total = np.ones(len(unit), bool)
    for name, here in [("Total", total), *((label, unit == had.units.index(key)) for key, label in units.items())]:
        for row in ("AAP", "Ingen ytelse", "Uføretrygd", "Sykepenger"):
            found = float((benefits[here] == BENEFIT_ROWS.index(row)).sum())
            cells.share("tabell-5-5", name, row, found, float(here.sum()))
        cells.number("tabell-5-5", name, "Total", float(here.sum()))
        if name in ("Møre og Romsdal", "Nordland"):
            column = "Andel med midlertidig lønnstilskudd 6 måneder før"
            cells.share("figur-5-8", name, column, float((on_subsidy & here).sum()), float(here.sum()))
    months = _count_between(had.measure == _WAGE_SUBSIDY, new.person, new.start - 60, new.start - 1)
    some = months[months > 0]
    cells.share("figur-5-9", "12 måneder eller mindre", "Andel", float((some <= 12).sum()), len(some))
    cells.share("figur-5-9", "Inntil 24 måneder", "Andel", float((some <= 24).sum()), len(some))
    cells.number("figur-5-9", "N", "N", len(some))
    cells.histogram("figur-5-9", "months", new.person[months > 0], some)
    since_2016 = _count_between(
        had.measure == _WAGE_SUBSIDY, new.person, np.full(len(new.person), _FIRST), new.start - 1
    )
    row = "Ikke midlertidig lønnstilskudd siden januar 2016"
    cells.share("text", row, "Andel", float((since_2016 == 0).sum()), len(since_2016))


def _count_between(flag: Array, person: Array, first: Array, last: Array) -> Array:
    running = np.zeros((flag.shape[0], MONTHS + 1), np.int32)
    np.cumsum(flag, axis=1, out=running[:, 1:])
    first, last = np.clip(first, 0, MONTHS), np.clip(last + 1, 0, MONTHS)
    return np.asarray(running[person, np.maximum(first, last)] - running[person, first])


def _kept_jobs(had: Histories, jobs: pd.DataFrame, paid: pd.DataFrame, new: _Cases, cells: PrintedCells) -> None:
    """Add Figur 5-10: jobs that the subsidy keeps, and those of them kept after a year of sykepenger."""
    start = pd.Series(new.start, index=new.person)
    employer = paid.loc[paid["month"] == paid["person"].map(start)].set_index("person")["employer_id"]
    mine = had.rows(jobs[["person_id", "month", "employer_id"]])
    since = mine["person"].map(start) - mine["month"]
    window = since.between(12, 60) & (mine["employer_id"] == mine["person"].map(employer))
    mine = mine.loc[window]
    free = had.measure[mine["person"], mine["month"]] == 0
    free &= ~had.on[PREDECESSOR][mine["person"], mine["month"]]
    held = mine.loc[free, "person"].value_counts().reindex(new.person, fill_value=0).to_numpy()
    kept = held >= 12
    sick = kept & (_count_between(had.sick, new.person, new.start - 60, new.start - 1) >= 12)
    row = "Fastholdelse av stilling"
    cells.share("figur-5-10", row, "2016-2023", float(kept.sum()), len(kept))
    cells.share("figur-5-10", f"{row} etter 12 måneders sykmelding", "2016-2023", float(sick.sum()), len(kept))
    for year in (2016, 2023):
        these = new.start // 12 + 2000 == year
        cells.share("figur-5-10", row, str(year), float(kept[these].sum()), float(these.sum()))
    unit = at(had.unit, new.person, new.start, -1)
    for key in (_OSLO, _AGDER):
        here = unit == had.units.index(key)
        cells.share("kept", key, "share", float(kept[here].sum()), float(here.sum()), unit="ratio")


def _present(had: Histories, cells: PrintedCells) -> None:
    """Add those who have the subsidy in December 2023: age, sex, group, uføretrygd."""
    person = np.flatnonzero(had.on[SUBSIDY][:, _END])
    number, ages = len(person), had.years(person, np.full(len(person), _END))
    cells.share(
        "figur-5-1",
        "Gjennomsnittsalder",
        "Utgangen av 2023",
        float(ages.sum()),
        number,
        unit="years_of_age",
        count=number,
    )
    before = np.flatnonzero((had.on[SUBSIDY] | had.on[PREDECESSOR])[:, month(2019, 12)])
    then = had.years(before, np.full(len(before), month(2019, 12)))
    cells.share(
        "figur-5-1",
        "Gjennomsnittsalder",
        "2019",
        float(then.sum()),
        len(before),
        unit="years_of_age",
        count=len(before),
    )
    cells.share("figur-5-1", "Under 30 år", "VLT", float((ages < 30).sum()), number)
    cells.share("figur-5-1", "Over 50 år", "VLT", float((ages > 50).sum()), number)
    ever, when = np.nonzero(had.on[SUBSIDY])
    cells.histogram("figur-5-1", "ages", ever, had.years(ever, when))
    cells.shares("text", ("Mann", "Kvinne"), "Andel av VLT-deltakerne", had.sex[person])
    group = had.group[person, _END]
    for key, row in (
        ("varig_tilpasset", "Varig tilpasset innsats"),
        ("spesielt_tilpasset", "Spesielt tilpasset innsats"),
    ):
        cells.share("text", row, "Andel av VLT-deltakerne", float((group == NAV_GROUPS.index(key)).sum()), number)
    degree = had.degree[person, _END]
    disabled, full = float((degree > 0).sum()), float((degree == 100).sum())
    cells.share("figur-5-4", "Uføretrygd", "Andel av VLT-deltakerne", disabled, number)
    cells.share("text", "Uføretrygd", "Andel av eksisterende deltakere", disabled, number)
    cells.number("figur-5-4", "N", "N", disabled)
    cells.number("figur-5-4", "Alle VLT-deltakere", "Antall", number)
    cells.share("figur-5-4", "Uføregrad 100 prosent", "Andel", full, disabled)
    cells.share("figur-5-4", "Uføregrad 100 prosent", "Andel av alle VLT-deltakere", full, number)
    cells.number("figur-5-4", "Uføregrad 100 prosent", "Antall", full)
    other = float(((had.benefit[person, _END] != NO_BENEFIT) & (degree == 0)).sum())
    cells.share("text", "Andre ytelser", "Andel av eksisterende deltakere", other, number)
    cells.histogram("figur-5-4", "degrees", person[degree > 0], degree[degree > 0])


def _use(had: Histories, tables: Mapping[str, pd.DataFrame], cells: PrintedCells) -> None:
    """Add how much units use the subsidy, from which Figur 5-2 and 5-3 are read."""
    unit_of = tables["nav_office"].set_index("nav_office")["county_unit"]
    for exhibit, groups, months, keys in (
        ("figur-5-2", ["varig_tilpasset"], (month(2023, 9), month(2023, 9)), (_OSLO, _ROGALAND)),
        ("figur-5-3", ["spesielt_tilpasset", "varig_tilpasset"], (month(2023, 1), _END), (_VEST_VIKEN, _ROGALAND)),
    ):
        status = tables["nav_status"]
        status = status.loc[status["month"].between(*months) & status["nav_group"].isin(groups)]
        registered = status.groupby(status["nav_office"].map(unit_of))["person_id"].agg(["size", "nunique"])
        registered = registered.reindex(keys, fill_value=0)
        person, when = np.nonzero(had.on[SUBSIDY][:, months[0] : months[1] + 1])
        unit = had.unit[person, when + months[0]]
        for key, everyone, persons in registered.itertuples():
            here = person[unit == had.units.index(key)]
            share = float(len(here)), float(everyone)
            cells.share(f"use of {exhibit}", key, "share", *share, unit="ratio", count=distinct(here), base=persons)


def _diagnoses(had: Histories, diagnosis: pd.DataFrame, codes: pd.DataFrame, cells: PrintedCells) -> None:
    """Add Tabell 5-1."""
    both = np.asarray(np.any(had.on[SUBSIDY] & (had.degree > 0), axis=1))
    cells.number("tabell-5-1", "N", "Med VLT og uføretrygd", float(both.sum()))
    mine = had.rows(diagnosis.loc[diagnosis["basis"] == "uforetrygd"])
    mine = mine.loc[both[mine["person"]]]
    cells.number("tabell-5-1", "N", "Uføre med VLT", len(mine))
    groups = dict(zip(codes["row_vlt_rapport"], codes["row_group_vlt_rapport"], strict=True))
    for row, group in groups.items():
        found = float((mine["row_vlt_rapport"] == row).sum())
        cells.share("tabell-5-1", row, "Uføre med VLT", found, len(mine), row_group=group)
    for group in dict.fromkeys(groups.values()):
        if group != _MAIN_GROUP:
            found = float((mine["row_group_vlt_rapport"] == group).sum())
            cells.share("tabell-5-1", group, "Uføre med VLT", found, len(mine), row_group=_MAIN_GROUP)


def _terms(
    had: Histories,
    paid: pd.DataFrame,
    cases: _Cases,
    units: Mapping[str, str],
    cells: PrintedCells,
    paper: PrintedCells,
) -> None:
    """Add employers, working time, cost, rates and subsidies: Tabell 5-2 and 5-7, Figur 5-6 and 5-12 to 5-14."""
    start = pd.Series(cases.start, index=cases.person)
    paid = paid.loc[paid["measure_code"] == SUBSIDY]
    firsts = paid.loc[paid["month"] == paid["person"].map(start)]
    of_2023 = firsts.loc[firsts["month"] >= month(2023, 1)]
    for column, rows in (("Eksisterende VLT", firsts), ("Nye VLT i 2023", of_2023)):
        division, left = rows["industry"].astype(int), len(rows)
        for row, divisions in _INDUSTRIES.items():
            found = int(division.isin(divisions).sum())
            left -= found
            cells.share("tabell-5-2", row, column, found, len(rows))
        cells.share("tabell-5-2", _OTHER_INDUSTRIES, column, left, len(rows))
    cells.number("tabell-5-2", "Antall med registrert næring", "Nye VLT i 2023", len(of_2023))
    for sector, row in (("private", "Privat sektor"), ("public_enterprise", "Offentlig eide foretak")):
        cells.share("figur-5-6", row, "VLT-deltakere", float((firsts["sector"] == sector).sum()), len(firsts))
    cells.number("figur-5-6", "N", "VLT-deltakere", len(firsts))
    full = float((of_2023["agreed_hours"] >= _FULL_TIME).sum())
    cells.share("figur-5-14", "Heltid, minst 37,5 timer", "Nye VLT-deltakere", full, len(of_2023))
    cells.number("figur-5-14", "N", "Nye VLT-deltakere", len(of_2023))

    told = paid.loc[paid["month"] >= _RATES]
    hours = told["agreed_hours"]
    part_time = told.loc[hours < _FULL_TIME, "person"]
    share, count, base = (len(part_time), len(told)), part_time.nunique(), told["person"].nunique()
    paper.share("figur-5-7", "Varig lønnstilskudd", "Deltid", *share, count=count, base=base)
    for row, rows in (
        ("Alle", told),
        ("Under 37,5 timer", told.loc[hours < _FULL_TIME]),
        ("Lik 37,5 timer", told.loc[hours == _FULL_TIME]),
        ("Over 37,5 timer", told.loc[hours > _FULL_TIME]),
    ):
        _mean("tabell-5-7", row, "Gjennomsnittlig lønnsutgift", rows, "wage_cost", cells)
        _mean("tabell-5-7", row, "Tilskudd per måned", rows, "subsidy", cells)
        _mean("tabell-5-7", row, "Tilskuddssats", rows, "subsidy_rate", cells)
    _mean("tabell-5-7", "Heltid", "Månedslønn", told.loc[hours >= _FULL_TIME], "wage", cells)

    unit = pd.Series(had.unit[told["person"], told["month"]], index=told.index)
    labels = dict(enumerate(units.values()))
    begun = told["person"].map(start)
    new = told.loc[(told["month"] == begun)]
    of_rows: dict[str, pd.DataFrame] = {"Alle": told, "Alle nye": new}
    for place, label in labels.items():
        if label in ("Møre og Romsdal", "Nordland"):
            of_rows[label] = told.loc[unit == place]
        if label in ("Trøndelag", "Nordland"):
            of_rows[f"{label}, nye"] = new.loc[unit.loc[new.index] == place]
    for row, rows in of_rows.items():
        if row in ("Alle nye", "Nordland, nye"):
            cells.number("figur-5-12", row, "Antall saker", len(rows), unit="count")
        if row != "Nordland, nye":
            _mean("figur-5-12", row, "Gjennomsnittlig sats", rows, "subsidy_rate", cells)
            cells.histogram("figur-5-12", row, rows["person"].to_numpy(), rows["subsidy_rate"].to_numpy())

    ordered = told.sort_values(["person", "month"])
    step = ordered["subsidy_rate"].diff().where(ordered["person"].diff() == 0, 0)
    changed, everyone = ordered.loc[step != 0, "person"].nunique(), ordered["person"].nunique()
    cells.share("figur-5-13", "Endret sats", "Andel av sakene", changed, everyone)
    for row, these in (("Reduserte satser", step < 0), ("Økte satser", step > 0)):
        persons = ordered.loc[these, "person"].nunique()
        cells.number("figur-5-13", row, "Antall", float(these.sum()), unit="count", count=persons)


def _mean(exhibit: str, row: str, column: str, rows: pd.DataFrame, name: str, cells: PrintedCells) -> None:
    """Add the mean of a column over person-months: of a rate in per cent, else of kroner."""
    unit, size = ("percent", 100) if name == "subsidy_rate" else ("nok_per_month", 1)
    persons = rows["person"].nunique()
    total = float(rows[name].sum()) / size
    cells.share(exhibit, row, column, total, len(rows), unit=unit, count=persons, base=np.nan)


def _beside(had: Histories, cells: PrintedCells) -> None:
    """Add Tabell 5-6: other measures at the same time."""
    everyone, months = float(np.any(had.on[SUBSIDY], axis=1).sum()), float(had.on[SUBSIDY].sum())
    any_other = np.zeros(had.on[SUBSIDY].shape, bool)
    for row, codes in _BESIDE.items():
        spells = had.spells.loc[had.spells["measure_code"].isin(codes)]
        here = covered(spells, any_other.shape) & had.on[SUBSIDY]
        any_other |= here
        _share_beside(row, "Gjennomsnittlig varighet", here, everyone, months, cells)
    _share_beside("Minst ett annet tiltak", "Andel av deltakermånedene", any_other, everyone, months, cells)


def _share_beside(row: str, of_months: str, flag: Array, everyone: float, months: float, cells: PrintedCells) -> None:
    persons = float(flag.any(axis=1).sum())
    cells.share("tabell-5-6", row, "Andel av VLT-deltakerne", persons, everyone)
    cells.share("tabell-5-6", row, of_months, float(flag.sum()), months, count=persons, base=everyone)


def _exits(had: Histories, cases: _Cases, cells: PrintedCells) -> None:
    """Add Figur 5-15 to 5-18 and the text on what follows the subsidy."""
    length = cases.stop - cases.start + 1
    spans = np.arange(_END - _FIRST + 2)
    ended = cases.where(cases.ended)
    risk = (length[:, None] >= spans).sum(axis=0)
    cells.curve("figur-5-15", "exits", length[cases.ended], risk)
    cells.share("figur-5-15", "Avgang", "Per måned", len(ended.person), float(length.sum()), base=len(length))
    cells.share("figur-5-15", "Sensurerte", "Desember 2023", float((~cases.ended).sum()), len(length))

    ages = had.years(ended.person, ended.stop + 1)
    cells.number("figur-5-16", "N", "N", len(ages))
    cells.share("figur-5-16", "Under 50 år", "Andel", float((ages < 50).sum()), len(ages))
    cells.share("figur-5-16", "Etter fylte 62 år", "Andel", float((ages >= _EARLY_PENSION).sum()), len(ages))

    followed = ended.stop + 6 <= _END
    gone, ages = ended.where(followed), ages[followed]
    later = gone.stop + 6
    benefit = at(had.benefit, gone.person, later, NO_BENEFIT)
    disabled_before = at(had.degree, gone.person, gone.stop, 0)
    young = ages < _EARLY_PENSION
    for column, who in (("Alle", np.ones(len(ages), bool)), ("Under 62 år", young), ("62 år og over", ~young)):
        for row in ("Uføretrygd", "AAP", "Ingen ytelse"):
            if column != "62 år og over" or row == "Ingen ytelse":
                found = float((benefit[who] == BENEFIT_ROWS.index(row)).sum())
                cells.share("figur-5-17", row, column, found, float(who.sum()))
        if column != "62 år og over":
            cells.number("figur-5-17", "N", column, float(who.sum()))
    unemployed = np.isin(benefit, [BENEFIT_ROWS.index(row) for row in ("Dagpenger", "Tiltakspenger")])
    cells.share("figur-5-17", "Dagpenger eller tiltakspenger", "Alle", float(unemployed.sum()), len(benefit))
    graded = (disabled_before > 0) & (disabled_before < 100)
    on_it = benefit == 0
    column = "Andel av de med uføretrygd"
    cells.share("figur-5-17", "Gradert uføretrygd under VLT", column, float((graded & on_it).sum()), float(on_it.sum()))
    for back, label in ((6, "6 måneder etter"), (12, "12 måneder etter")):
        seen = (gone.stop + back <= _END) & young
        after = at(had.degree, gone.person, gone.stop + back, 0)
        rose = seen & graded & (after > disabled_before)
        cells.share("text", "Økt uføregrad", label, float(rose.sum()), float((seen & graded).sum()))
        without = seen & (disabled_before == 0)
        cells.share("text", "Ny uføretrygd", label, float((without & (after > 0)).sum()), float(without.sum()))
    _status_after(had, gone, later, cells)

    under = cases.where(had.years(cases.person, cases.start) < _EARLY_PENSION)
    away = (had.degree > 0) & ~had.on[SUBSIDY]
    later = _from(away, under)
    happened = later.any(axis=1)
    event = np.where(happened, later.argmax(axis=1), MONTHS - 1) - under.start + 1
    cells.number("figur-5-18", "N", "N", len(under.person))
    cells.curve("figur-5-18", "disabled", event[happened], (event[:, None] >= spans).sum(axis=0))


def _from(flag: Array, cases: _Cases) -> Array:
    """Return a flag of the persons of cases, from the start of each on."""
    return np.asarray(flag[cases.person] & (np.arange(MONTHS) >= cases.start[:, None]))


def _status_after(had: Histories, gone: _Cases, later: Array, cells: PrintedCells) -> None:
    total = len(later)
    measure, group = at(had.measure, gone.person, later, 0), at(had.group, gone.person, later, -1)
    registered = float((group >= 0).sum())
    cells.share("text", "Registrert med tiltaksstatus i Arena", "Andel", registered, total)
    cells.share("text", "Ingen registrert status", "Andel", total - registered, total)
    cells.share("text", "Aktivt tiltak", "Andel", float((measure > 0).sum()), total)
    for key, row in _GROUPS_AFTER.items():
        on = covered(had.spells.loc[had.spells["measure"] == key], had.measure.shape)
        cells.share("text", row, "Andel 6 måneder etter VLT", float(at(on, gone.person, later, 0).sum()), total)
    for code, row in ((ORDINARY, "VTA-O"), (SHELTERED, "VTA i skjermet virksomhet")):
        cells.share("text", row, "Andel", float(at(had.on[code], gone.person, later, 0).sum()), total)


@dataclass(frozen=True)
class _Derived:
    """A cell that is read from curves and distributions, and the persons behind it."""

    exhibit: str
    row: str
    column: str
    unit: str
    value: float
    count: float
    base: float = np.nan


def complete_wage_subsidy(sums: pd.DataFrame) -> pd.DataFrame:
    """Return cells that are read from curves and distributions: exhibit, row, column, unit, value, count and base."""
    derived = [
        *_curves(sums),
        *_quantiles(sums),
        *_extremes(sums),
        *_modes(sums),
        *_relative_uses(sums),
        *_growth(sums),
    ]
    return pd.DataFrame(derived)


def _curves(sums: pd.DataFrame) -> Iterator[_Derived]:
    exits, disabled = distribution(sums, "figur-5-15", "exits"), distribution(sums, "figur-5-18", "disabled")
    last = _END - _FIRST
    half = np.flatnonzero(survival(exits) <= 0.5)
    median = float(half[0]) if len(half) else np.nan
    yield _Derived("figur-5-15", "Median varighet", "Måneder", "months", median, exits["count"].sum())
    for exhibit, row, found in (
        ("figur-5-15", "Fortsatt i tiltaket", exits),
        ("figur-5-18", "Ikke gått over til uføretrygd", disabled),
    ):
        events, everyone = found["count"].sum(), found["risk"][0]
        staying = 100 * survival(found)[last] if everyone else np.nan
        yield _Derived(exhibit, row, "8 år", "percent", staying, everyone - events, everyone)


def _quantiles(sums: pd.DataFrame) -> Iterator[_Derived]:
    for row in ("Alle", "Alle nye", "Nordland"):
        persons = sums.loc[(sums["exhibit"] == "figur-5-12") & (sums["row"] == row) & (sums["unit"] == "percent")]
        rate = quantile(distribution(sums, "figur-5-12", row), 0.5)
        yield _Derived("figur-5-12", row, "Median sats", "percent", rate, persons["count"].sum())


def _extremes(sums: pd.DataFrame) -> Iterator[_Derived]:
    """Yield the largest and smallest values, with the persons who have them."""
    for exhibit, name, unit, cells in (
        ("figur-5-12", "Alle", "percent", ((0, "Alle", "Laveste sats"), (-1, "Alle", "Høyeste sats"))),
        ("figur-5-1", "ages", "years_of_age", ((0, "Yngste deltaker", "Alder"), (-1, "Eldste deltaker", "Alder"))),
    ):
        found = distribution(sums, exhibit, name)
        for place, row, column in cells:
            yield _Derived(exhibit, row, column, unit, *_read_off(found, place))


def _modes(sums: pd.DataFrame) -> Iterator[_Derived]:
    for exhibit, name, row, column, unit in (
        ("figur-5-9", "months", "Vanligste varighet", "Måneder", "months"),
        ("figur-5-4", "degrees", "Vanligste uføregrad", "Uføregrad", "percent"),
    ):
        found = distribution(sums, exhibit, name)
        yield _Derived(exhibit, row, column, unit, *_read_off(found, int(found["count"].argmax()) if len(found) else 0))


def _read_off(found: pd.DataFrame, place: int) -> tuple[float, float]:
    """Return the value at a place of a distribution and how many persons have it."""
    if found.empty:
        return np.nan, 0.0
    return float(found["value"].iloc[place]), float(found["persons"].iloc[place])


def _relative_uses(sums: pd.DataFrame) -> Iterator[_Derived]:
    """Yield how much one unit uses the subsidy relative to another; behind it are those of the smaller number."""
    for exhibit, source, one, other, row, column in (
        ("figur-5-2", "use of figur-5-2", _OSLO, _ROGALAND, "Oslo", "Relativt til Rogaland"),
        ("figur-5-3", "use of figur-5-3", _VEST_VIKEN, _ROGALAND, "Vest-Viken", "Relativt til Rogaland"),
        ("figur-5-11", "kept", _OSLO, _AGDER, "Oslo", "Relativt til Agder"),
    ):
        rows = sums.loc[sums["exhibit"] == source].set_index("row")
        share = (rows["numerator"] / rows["denominator"].where(rows["denominator"] > 0)).where(rows["numerator"] > 0)
        yield _Derived(exhibit, row, column, "ratio", share[one] / share[other], rows["count"][[one, other]].min())


def _growth(sums: pd.DataFrame) -> Iterator[_Derived]:
    rows = sums.loc[(sums["exhibit"] == "tabell-3-2") & (sums["unit"] == "persons")].set_index("column")
    stock = rows["numerator"].where(rows["numerator"] > 0)
    first, last = str(_YEARS[0]), str(_YEARS[-1])
    growth = 100 * (stock[last] / stock[first] - 1)
    row = "Antall VLT (inkl. TULT)"
    yield _Derived("tabell-3-2", row, "Vekst 2016-2023", "percent", growth, rows["count"][[first, last]].min())
    for before, year in pairwise(map(str, _YEARS)):
        growth = 100 * (stock[year] / stock[before] - 1)
        yield _Derived("tabell-3-2", "Vekst antall", year, "percent", growth, rows["count"][[before, year]].min())
