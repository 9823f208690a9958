"""What vlt_rapport (and meld_st_33) print of varig lønnstilskudd: stocks, starts, terms and what comes after.

A case begins in the first month on the subsidy that has been permanent since 2016; those who had its predecessor the
month before are transfers. Of several benefits in a month one counts, in the order of `BENEFIT_ROWS`. A kept job is one
at the employer of the first month that was held for twelve months, a year to five years before, beside no measure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
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
from tiltakseffekt.documents.calibration.sums import curve, distribution, histogram, quantile, shares, stock, survival
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
    cases = _cases(had)
    new = cases.where(~cases.transfer)
    paid = had.rows(tables["wage_subsidy"])
    report = chain(
        _stocks(had, paid, tables),
        _everyone(tables),
        _starters(had, cases, new),
        _before(had, cases, new, labels_of_units),
        _kept_jobs(had, tables["employment"], paid, new),
        _present(had),
        _use(had, tables),
        _diagnoses(had, tables["diagnosis"], tables[CODES]),
        _terms(had, paid, cases, labels_of_units),
        _beside(had),
        _exits(had, cases),
    )
    paper = cells_of("meld_st_33", _white_paper(had, paid))
    return pd.concat([cells_of("vlt_rapport", report), paper], ignore_index=True)


def _white_paper(had: Histories, paid: pd.DataFrame) -> Iterator[Measure]:
    for year in (2016, 2023):
        months = slice(month(year, 1), month(year, 1) + 12)
        yield stock(Place("figur-5-2", "Varig lønnstilskudd", str(year)), had.on[SUBSIDY][:, months])
    told = _told(paid)
    part_time = told.loc[told["agreed_hours"] < _FULL_TIME, "person"]
    yield share(Place("figur-5-7", "Varig lønnstilskudd", "Deltid"), counted(part_time), counted(told["person"]))


def _told(paid: pd.DataFrame) -> pd.DataFrame:
    """Return the months of the subsidy since its rates are told."""
    return paid.loc[(paid["measure_code"] == SUBSIDY) & (paid["month"] >= _RATES)]


def _stocks(had: Histories, paid: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> Iterator[Measure]:
    """Declare Tabell 3-1 and 3-2: spending, participants, and their share of all participants."""
    participants = had.on[SUBSIDY] | had.on[PREDECESSOR]
    everyone = _participants(tables)
    yield stock(Place("text", "TULT", "Deltakere 2015"), had.on[PREDECESSOR][:, month(2015, 1) : month(2016, 1)])
    for year in _YEARS:
        months = slice(month(year, 1), month(year, 1) + 12)
        mine = paid.loc[paid["month"].between(months.start, months.stop - 1)]
        for code, row in ((SUBSIDY, "Varig lønnstilskudd"), (PREDECESSOR, "TULT")):
            if code == SUBSIDY or year <= 2018:
                yield from _spending(mine.loc[mine["measure_code"] == code], row, str(year))
        yield from _spending(mine, "Sum", str(year))
        of_year = participants[:, months]
        yield stock(Place("tabell-3-2", "Antall VLT (inkl. TULT)", str(year)), of_year)
        yield share(Place("tabell-3-2", "Andel av alle tiltak", str(year)), person_months(of_year), everyone[year])


def _spending(paid: pd.DataFrame, row: str, column: str) -> Iterator[Measure]:
    spent, persons = paid["subsidy"].sum() / 1e6, paid["person"].nunique()
    yield number(Place("tabell-3-1", row, column), Count(spent, persons), "million_nok")


def _everyone(tables: Mapping[str, pd.DataFrame]) -> Iterator[Measure]:
    """Declare what is said of all with uføretrygd, and of all on a measure with reduced work capacity in 2023."""
    degree = tables["disability"].loc[tables["disability"]["month"] == _END, "degree"]
    for row, found in (("Full uføretrygd", degree == 100), ("Gradert uføretrygd", degree < 100)):
        yield share(Place("text", row, "Andel av alle uføretrygdede"), float(found.sum()), len(degree))
    status = tables["nav_status"]
    chosen = (status["month"] >= month(2023, 1)) & (status["jobseeker_status"] == "tiltak")
    chosen &= status["nav_group"].isin(["spesielt_tilpasset", "varig_tilpasset"])
    months = status.loc[chosen, "person_id"].value_counts()
    sex = tables["person"].set_index("person_id")["sex"].reindex(months.index)
    for row, code in (("Mann", "1"), ("Kvinne", "2")):
        column = "Andel av tiltaksdeltakere med nedsatt arbeidsevne"
        these = months[sex == code]
        yield share(
            Place("text", row, column), Count(float(these.sum()), len(these)), Count(float(months.sum()), len(months))
        )


def _participants(tables: Mapping[str, pd.DataFrame]) -> dict[int, Count]:
    """Return person-months on any measure, and persons, by year."""
    status = tables["nav_status"]
    taking_part = status.loc[(status["jobseeker_status"] == "tiltak") & (status["month"] >= _FIRST)]
    years = taking_part["month"] // 12 + 2000
    found = taking_part.groupby(years)["person_id"].agg(["size", "nunique"]).reindex(_YEARS, fill_value=0)
    return {year: Count(*of_year) for year, *of_year in found.itertuples()}


def _starters(had: Histories, cases: _Cases, new: _Cases) -> Iterator[Measure]:
    """Declare how many had the subsidy, and the ages of those who began."""
    everyone = len(cases.person)
    yield number(Place("text", "Alle VLT-deltakere", "2016-2023"), everyone)
    transfers = float(cases.transfer.sum())
    yield share(Place("text", "TULT måneden før", "Andel"), transfers, everyone)
    yield share(Place("text", "TULT måneden før", "Andel, én desimal"), transfers, everyone)
    yield number(Place("text", "TULT måneden før", "Antall"), transfers)
    ages = had.years(new.person, new.start)
    yield share(
        Place("figur-5-1", "45 år eller eldre", "Andel av de som startet"), float((ages >= 45).sum()), len(ages)
    )
    yield number(Place("tabell-5-6", "N", "Andel av VLT-deltakerne"), everyone)
    months = float(had.on[SUBSIDY].sum())
    yield number(Place("tabell-5-6", "N", "Gjennomsnittlig varighet"), Count(months, everyone), "person_months")


def _before(had: Histories, cases: _Cases, new: _Cases, units: Mapping[str, str]) -> Iterator[Measure]:
    """Declare Tabell 5-3 to 5-5, Figur 5-8 and 5-9: measures and benefits before the start."""
    for back, column in _MONTHS_OF.items():
        rows = at(had.measure, new.person, new.start - back, 0)
        yield from shares(Place("tabell-5-3", column=column), MEASURE_ROWS, rows)
        yield number(Place("tabell-5-3", "N", column), len(rows))
        benefits = at(had.benefit, cases.person, cases.start - back, NO_BENEFIT)
        yield from shares(Place("tabell-5-4", column=column), BENEFIT_ROWS, benefits)
    unit = at(had.unit, new.person, new.start, -1)
    benefits = at(had.benefit, new.person, new.start - 6, NO_BENEFIT)
    on_subsidy = at(had.measure, new.person, new.start - 6, 0) == _WAGE_SUBSIDY
    total = np.ones(len(unit), bool)
    for name, here in [("Total", total), *((label, unit == had.units.index(key)) for key, label in units.items())]:
        for row in ("AAP", "Ingen ytelse", "Uføretrygd", "Sykepenger"):
            found = float((benefits[here] == BENEFIT_ROWS.index(row)).sum())
            yield share(Place("tabell-5-5", name, row), found, float(here.sum()))
        yield number(Place("tabell-5-5", name, "Total"), float(here.sum()))
        if name in ("Møre og Romsdal", "Nordland"):
            column = "Andel med midlertidig lønnstilskudd 6 måneder før"
            yield share(Place("figur-5-8", name, column), float((on_subsidy & here).sum()), float(here.sum()))
    months = _count_between(had.measure == _WAGE_SUBSIDY, new.person, new.start - 60, new.start - 1)
    some = months[months > 0]
    yield share(Place("figur-5-9", "12 måneder eller mindre", "Andel"), float((some <= 12).sum()), len(some))
    yield share(Place("figur-5-9", "Inntil 24 måneder", "Andel"), float((some <= 24).sum()), len(some))
    yield number(Place("figur-5-9", "N", "N"), len(some))
    yield from histogram(Place("figur-5-9", "months"), new.person[months > 0], some)
    since_2016 = _count_between(
        had.measure == _WAGE_SUBSIDY, new.person, np.full(len(new.person), _FIRST), new.start - 1
    )
    row = "Ikke midlertidig lønnstilskudd siden januar 2016"
    yield share(Place("text", row, "Andel"), float((since_2016 == 0).sum()), len(since_2016))


def _count_between(flag: Array, person: Array, first: Array, last: Array) -> Array:
    running = np.zeros((flag.shape[0], MONTHS + 1), np.int32)
    np.cumsum(flag, axis=1, out=running[:, 1:])
    first, last = np.clip(first, 0, MONTHS), np.clip(last + 1, 0, MONTHS)
    return np.asarray(running[person, np.maximum(first, last)] - running[person, first])


def _kept_jobs(had: Histories, jobs: pd.DataFrame, paid: pd.DataFrame, new: _Cases) -> Iterator[Measure]:
    """Declare Figur 5-10: jobs that the subsidy keeps, and those of them kept after a year of sykepenger."""
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
    yield share(Place("figur-5-10", row, "2016-2023"), float(kept.sum()), len(kept))
    yield share(Place("figur-5-10", f"{row} etter 12 måneders sykmelding", "2016-2023"), float(sick.sum()), len(kept))
    for year in (2016, 2023):
        these = new.start // 12 + 2000 == year
        yield share(Place("figur-5-10", row, str(year)), float(kept[these].sum()), float(these.sum()))
    unit = at(had.unit, new.person, new.start, -1)
    for key in (_OSLO, _AGDER):
        here = unit == had.units.index(key)
        yield share(Place("kept", key, "share"), float(kept[here].sum()), float(here.sum()), "ratio")


def _present(had: Histories) -> Iterator[Measure]:
    """Declare those who have the subsidy in December 2023: age, sex, group, uføretrygd."""
    person = np.flatnonzero(had.on[SUBSIDY][:, _END])
    everyone, ages = len(person), had.years(person, np.full(len(person), _END))
    yield share(
        Place("figur-5-1", "Gjennomsnittsalder", "Utgangen av 2023"),
        Count(float(ages.sum()), everyone),
        everyone,
        "years_of_age",
    )
    before = np.flatnonzero((had.on[SUBSIDY] | had.on[PREDECESSOR])[:, month(2019, 12)])
    then = had.years(before, np.full(len(before), month(2019, 12)))
    yield share(
        Place("figur-5-1", "Gjennomsnittsalder", "2019"),
        Count(float(then.sum()), len(before)),
        len(before),
        "years_of_age",
    )
    yield share(Place("figur-5-1", "Under 30 år", "VLT"), float((ages < 30).sum()), everyone)
    yield share(Place("figur-5-1", "Over 50 år", "VLT"), float((ages > 50).sum()), everyone)
    ever, when = np.nonzero(had.on[SUBSIDY])
    yield from histogram(Place("figur-5-1", "ages"), ever, had.years(ever, when))
    yield from shares(Place("text", column="Andel av VLT-deltakerne"), ("Mann", "Kvinne"), had.sex[person])
    group = had.group[person, _END]
    for key, row in (
        ("varig_tilpasset", "Varig tilpasset innsats"),
        ("spesielt_tilpasset", "Spesielt tilpasset innsats"),
    ):
        yield share(
            Place("text", row, "Andel av VLT-deltakerne"), float((group == NAV_GROUPS.index(key)).sum()), everyone
        )
    degree = had.degree[person, _END]
    disabled, full = float((degree > 0).sum()), float((degree == 100).sum())
    yield share(Place("figur-5-4", "Uføretrygd", "Andel av VLT-deltakerne"), disabled, everyone)
    yield share(Place("text", "Uføretrygd", "Andel av eksisterende deltakere"), disabled, everyone)
    yield number(Place("figur-5-4", "N", "N"), disabled)
    yield number(Place("figur-5-4", "Alle VLT-deltakere", "Antall"), everyone)
    yield share(Place("figur-5-4", "Uføregrad 100 prosent", "Andel"), full, disabled)
    yield share(Place("figur-5-4", "Uføregrad 100 prosent", "Andel av alle VLT-deltakere"), full, everyone)
    yield number(Place("figur-5-4", "Uføregrad 100 prosent", "Antall"), full)
    other = float(((had.benefit[person, _END] != NO_BENEFIT) & (degree == 0)).sum())
    yield share(Place("text", "Andre ytelser", "Andel av eksisterende deltakere"), other, everyone)
    yield from histogram(Place("figur-5-4", "degrees"), person[degree > 0], degree[degree > 0])


def _use(had: Histories, tables: Mapping[str, pd.DataFrame]) -> Iterator[Measure]:
    """Declare how much units use the subsidy, from which Figur 5-2 and 5-3 are read."""
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
            yield share(Place(f"use of {exhibit}", key, "share"), counted(here), Count(everyone, persons), "ratio")


def _diagnoses(had: Histories, diagnosis: pd.DataFrame, codes: pd.DataFrame) -> Iterator[Measure]:
    """Declare Tabell 5-1."""
    both = np.asarray(np.any(had.on[SUBSIDY] & (had.degree > 0), axis=1))
    yield number(Place("tabell-5-1", "N", "Med VLT og uføretrygd"), float(both.sum()))
    mine = had.rows(diagnosis.loc[diagnosis["basis"] == "uforetrygd"])
    mine = mine.loc[both[mine["person"]]]
    yield number(Place("tabell-5-1", "N", "Uføre med VLT"), len(mine))
    groups = dict(zip(codes["row_vlt_rapport"], codes["row_group_vlt_rapport"], strict=True))
    for row, group in groups.items():
        found = float((mine["row_vlt_rapport"] == row).sum())
        yield share(Place("tabell-5-1", row, "Uføre med VLT", row_group=group), found, len(mine))
    for group in dict.fromkeys(groups.values()):
        if group != _MAIN_GROUP:
            found = float((mine["row_group_vlt_rapport"] == group).sum())
            yield share(Place("tabell-5-1", group, "Uføre med VLT", row_group=_MAIN_GROUP), found, len(mine))


def _terms(had: Histories, paid: pd.DataFrame, cases: _Cases, units: Mapping[str, str]) -> Iterator[Measure]:
    start = pd.Series(cases.start, index=cases.person)
    firsts = paid.loc[(paid["measure_code"] == SUBSIDY) & (paid["month"] == paid["person"].map(start))]
    told = _told(paid)
    yield from _workplaces(firsts)
    yield from _pay(told)
    yield from _rates(had, told, start, units)
    yield from _changed_rates(told)


def _workplaces(firsts: pd.DataFrame) -> Iterator[Measure]:
    """Declare employers and working time in the first month: Tabell 5-2, Figur 5-6 and 5-14."""
    of_2023 = firsts.loc[firsts["month"] >= month(2023, 1)]
    for column, rows in (("Eksisterende VLT", firsts), ("Nye VLT i 2023", of_2023)):
        division, left = rows["industry"].astype(int), len(rows)
        for row, divisions in _INDUSTRIES.items():
            found = int(division.isin(divisions).sum())
            left -= found
            yield share(Place("tabell-5-2", row, column), found, len(rows))
        yield share(Place("tabell-5-2", _OTHER_INDUSTRIES, column), left, len(rows))
    yield number(Place("tabell-5-2", "Antall med registrert næring", "Nye VLT i 2023"), len(of_2023))
    for sector, row in (("private", "Privat sektor"), ("public_enterprise", "Offentlig eide foretak")):
        yield share(Place("figur-5-6", row, "VLT-deltakere"), float((firsts["sector"] == sector).sum()), len(firsts))
    yield number(Place("figur-5-6", "N", "VLT-deltakere"), len(firsts))
    full = float((of_2023["agreed_hours"] >= _FULL_TIME).sum())
    yield share(Place("figur-5-14", "Heltid, minst 37,5 timer", "Nye VLT-deltakere"), full, len(of_2023))
    yield number(Place("figur-5-14", "N", "Nye VLT-deltakere"), len(of_2023))


def _pay(told: pd.DataFrame) -> Iterator[Measure]:
    """Declare cost, subsidies and rates by working time: Tabell 5-7."""
    hours = told["agreed_hours"]
    for row, rows in (
        ("Alle", told),
        ("Under 37,5 timer", told.loc[hours < _FULL_TIME]),
        ("Lik 37,5 timer", told.loc[hours == _FULL_TIME]),
        ("Over 37,5 timer", told.loc[hours > _FULL_TIME]),
    ):
        yield from _mean("tabell-5-7", row, "Gjennomsnittlig lønnsutgift", rows, "wage_cost")
        yield from _mean("tabell-5-7", row, "Tilskudd per måned", rows, "subsidy")
        yield from _mean("tabell-5-7", row, "Tilskuddssats", rows, "subsidy_rate")
    yield from _mean("tabell-5-7", "Heltid", "Månedslønn", told.loc[hours >= _FULL_TIME], "wage")


def _rates(had: Histories, told: pd.DataFrame, start: pd.Series, units: Mapping[str, str]) -> Iterator[Measure]:
    """Declare rates by county unit: Figur 5-12."""
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
            yield number(Place("figur-5-12", row, "Antall saker"), len(rows), "count")
        if row != "Nordland, nye":
            yield from _mean("figur-5-12", row, "Gjennomsnittlig sats", rows, "subsidy_rate")
            yield from histogram(Place("figur-5-12", row), rows["person"].to_numpy(), rows["subsidy_rate"].to_numpy())


def _changed_rates(told: pd.DataFrame) -> Iterator[Measure]:
    """Declare who had their rate changed: Figur 5-13."""
    ordered = told.sort_values(["person", "month"])
    step = ordered["subsidy_rate"].diff().where(ordered["person"].diff() == 0, 0)
    changed, everyone = ordered.loc[step != 0, "person"].nunique(), ordered["person"].nunique()
    yield share(Place("figur-5-13", "Endret sats", "Andel av sakene"), changed, everyone)
    for row, these in (("Reduserte satser", step < 0), ("Økte satser", step > 0)):
        persons = ordered.loc[these, "person"].nunique()
        yield number(Place("figur-5-13", row, "Antall"), Count(float(these.sum()), persons), "count")


def _mean(exhibit: str, row: str, column: str, rows: pd.DataFrame, name: str) -> Iterator[Measure]:
    """Declare the mean of a column over person-months: of a rate in per cent, else of kroner."""
    unit, size = ("percent", 100) if name == "subsidy_rate" else ("nok_per_month", 1)
    persons = rows["person"].nunique()
    total = float(rows[name].sum()) / size
    yield share(Place(exhibit, row, column), Count(total, persons), Count(len(rows), np.nan), unit)


def _beside(had: Histories) -> Iterator[Measure]:
    """Declare Tabell 5-6: other measures at the same time."""
    everyone, months = float(np.any(had.on[SUBSIDY], axis=1).sum()), float(had.on[SUBSIDY].sum())
    any_other = np.zeros(had.on[SUBSIDY].shape, bool)
    for row, codes in _BESIDE.items():
        spells = had.spells.loc[had.spells["measure_code"].isin(codes)]
        here = covered(spells, any_other.shape) & had.on[SUBSIDY]
        any_other |= here
        yield from _share_beside(row, "Gjennomsnittlig varighet", here, everyone, months)
    yield from _share_beside("Minst ett annet tiltak", "Andel av deltakermånedene", any_other, everyone, months)


def _share_beside(row: str, of_months: str, flag: Array, everyone: float, months: float) -> Iterator[Measure]:
    persons = float(flag.any(axis=1).sum())
    yield share(Place("tabell-5-6", row, "Andel av VLT-deltakerne"), persons, everyone)
    yield share(Place("tabell-5-6", row, of_months), Count(float(flag.sum()), persons), Count(months, everyone))


def _exits(had: Histories, cases: _Cases) -> Iterator[Measure]:
    """Declare Figur 5-15 to 5-18 and the text on what follows the subsidy."""
    length = cases.stop - cases.start + 1
    spans = np.arange(_END - _FIRST + 2)
    ended = cases.where(cases.ended)
    risk = (length[:, None] >= spans).sum(axis=0)
    yield from curve(Place("figur-5-15", "exits"), length[cases.ended], risk)
    yield share(Place("figur-5-15", "Avgang", "Per måned"), len(ended.person), Count(float(length.sum()), len(length)))
    yield share(Place("figur-5-15", "Sensurerte", "Desember 2023"), float((~cases.ended).sum()), len(length))

    ages = had.years(ended.person, ended.stop + 1)
    yield number(Place("figur-5-16", "N", "N"), len(ages))
    yield share(Place("figur-5-16", "Under 50 år", "Andel"), float((ages < 50).sum()), len(ages))
    yield share(Place("figur-5-16", "Etter fylte 62 år", "Andel"), float((ages >= _EARLY_PENSION).sum()), len(ages))

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
                yield share(Place("figur-5-17", row, column), found, float(who.sum()))
        if column != "62 år og over":
            yield number(Place("figur-5-17", "N", column), float(who.sum()))
    unemployed = np.isin(benefit, [BENEFIT_ROWS.index(row) for row in ("Dagpenger", "Tiltakspenger")])
    yield share(Place("figur-5-17", "Dagpenger eller tiltakspenger", "Alle"), float(unemployed.sum()), len(benefit))
    graded = (disabled_before > 0) & (disabled_before < 100)
    on_it = benefit == 0
    column = "Andel av de med uføretrygd"
    yield share(
        Place("figur-5-17", "Gradert uføretrygd under VLT", column), float((graded & on_it).sum()), float(on_it.sum())
    )
    for back, label in ((6, "6 måneder etter"), (12, "12 måneder etter")):
        seen = (gone.stop + back <= _END) & young
        after = at(had.degree, gone.person, gone.stop + back, 0)
        rose = seen & graded & (after > disabled_before)
        yield share(Place("text", "Økt uføregrad", label), float(rose.sum()), float((seen & graded).sum()))
        without = seen & (disabled_before == 0)
        yield share(Place("text", "Ny uføretrygd", label), float((without & (after > 0)).sum()), float(without.sum()))
    yield from _status_after(had, gone, later)

    under = cases.where(had.years(cases.person, cases.start) < _EARLY_PENSION)
    away = (had.degree > 0) & ~had.on[SUBSIDY]
    later = _from(away, under)
    happened = later.any(axis=1)
    event = np.where(happened, later.argmax(axis=1), MONTHS - 1) - under.start + 1
    yield number(Place("figur-5-18", "N", "N"), len(under.person))
    yield from curve(Place("figur-5-18", "disabled"), event[happened], (event[:, None] >= spans).sum(axis=0))


def _from(flag: Array, cases: _Cases) -> Array:
    """Return a flag of the persons of cases, from the start of each on."""
    return np.asarray(flag[cases.person] & (np.arange(MONTHS) >= cases.start[:, None]))


def _status_after(had: Histories, gone: _Cases, later: Array) -> Iterator[Measure]:
    total = len(later)
    measure, group = at(had.measure, gone.person, later, 0), at(had.group, gone.person, later, -1)
    registered = float((group >= 0).sum())
    yield share(Place("text", "Registrert med tiltaksstatus i Arena", "Andel"), registered, total)
    yield share(Place("text", "Ingen registrert status", "Andel"), total - registered, total)
    yield share(Place("text", "Aktivt tiltak", "Andel"), float((measure > 0).sum()), total)
    for key, row in _GROUPS_AFTER.items():
        on = covered(had.spells.loc[had.spells["measure"] == key], had.measure.shape)
        yield share(Place("text", row, "Andel 6 måneder etter VLT"), float(at(on, gone.person, later, 0).sum()), total)
    for code, row in ((ORDINARY, "VTA-O"), (SHELTERED, "VTA i skjermet virksomhet")):
        yield share(Place("text", row, "Andel"), float(at(had.on[code], gone.person, later, 0).sum()), total)


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
        used = (rows["numerator"] / rows["denominator"].where(rows["denominator"] > 0)).where(rows["numerator"] > 0)
        yield _Derived(exhibit, row, column, "ratio", used[one] / used[other], rows["count"][[one, other]].min())


def _growth(sums: pd.DataFrame) -> Iterator[_Derived]:
    rows = sums.loc[(sums["exhibit"] == "tabell-3-2") & (sums["unit"] == "persons")].set_index("column")
    taking_part = rows["numerator"].where(rows["numerator"] > 0)
    first, last = str(_YEARS[0]), str(_YEARS[-1])
    growth = 100 * (taking_part[last] / taking_part[first] - 1)
    row = "Antall VLT (inkl. TULT)"
    yield _Derived("tabell-3-2", row, "Vekst 2016-2023", "percent", growth, rows["count"][[first, last]].min())
    for before, year in pairwise(map(str, _YEARS)):
        growth = 100 * (taking_part[year] / taking_part[before] - 1)
        yield _Derived("tabell-3-2", "Vekst antall", year, "percent", growth, rows["count"][[before, year]].min())
