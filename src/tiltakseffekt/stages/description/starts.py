"""Starts of measures and months on them: Tabell 4-4, 4-5 and B-2, Figur 1-1, 4-7, 4-9, 4-10, B-1 and B-2."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.months import year_of
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.stages.description.cells import Cells, distinct
from tiltakseffekt.stages.description.people import GROUPINGS, MEASURE_GROUPS, Array, People, Points
from tiltakseffekt.stages.description.registrations import CUMULATIVE_MONTHS, months_with
from tiltakseffekt.stages.description.settings import DescriptionSettings

_MONTHS_AFTER: Final = 24


class Starts(NamedTuple):
    """Starts of a period: where they are, which episode each begins, and whether it is the person's first."""

    points: Points
    episodes: pd.DataFrame
    first: Array

    def where(self, chosen: Array) -> "Starts":
        """Return the chosen starts."""
        return Starts(self.points.where(chosen), self.episodes.loc[chosen], self.first[chosen])


def starts_between(people: People, settings: DescriptionSettings, first: str, last: str) -> Starts:
    """Return the starts from the first to the last month.

    A person's first measure is the first start of the period after so many months without any measure; of several in
    that month the main measure, then the key decides. All other starts are later ones.
    """
    episodes = people.episodes
    episodes = episodes.loc[episodes["start"].between(people.column(first), people.column(last))]
    points = Points(episodes["person_id"].to_numpy(np.int64), episodes["start"].to_numpy(np.int64))
    without = settings.months_without_measure
    clean = people.count_between(people.measure_months, points, -without, -1) == 0
    firsts = np.zeros(len(points), np.bool_)
    firsts[np.flatnonzero(clean)[np.unique(points.person[clean], return_index=True)[1]]] = True
    return Starts(points, episodes.reset_index(drop=True), firsts)


def measure_starts(people: People, settings: DescriptionSettings, _: CohortSettings, cells: Cells) -> None:
    """Add the cells of this family."""
    starts = starts_between(people, settings, settings.first_month, settings.last_month)
    participants = months_with(people, people.on_measure, settings.first_month, settings.last_month)
    first = starts.where(starts.first)
    _tabell_4_4(people, starts, participants, cells)
    _tabell_4_5(people, first, cells)
    _figur_4_7(people, settings, starts, cells)
    _figur_4_9(people, cells)
    latest = starts_between(people, settings, settings.first_month_of_starts, settings.last_month_of_starts)
    _figur_4_10(people, latest, cells)
    _figur_b_1_and_b_2(people, first, cells)
    cells.number(
        "text",
        "tiltaksdeltakere",
        "til_enhver_tid",
        len(participants) / settings.number_of_months,
        count=distinct(participants.person),
    )
    _aft_after_a_year(people, cells)


def _tabell_4_4(people: People, starts: Starts, participants: Points, cells: Cells) -> None:
    exhibit, persons = "tabell-4-4", distinct(starts.points.person)
    for column, points, unit in (
        ("forste_oppstartede_tiltak", starts.points.where(starts.first), "starts"),
        ("ovrige_oppstartede_tiltak", starts.points.where(~starts.first), "starts"),
        ("alle_oppstartede_tiltak", starts.points, "starts"),
        ("alle_tiltaksdeltakere_hver_maned", participants, "person_months"),
    ):
        count = distinct(points.person)
        cells.number(exhibit, "n", column, len(points), unit=unit, count=count)
        if unit == "starts":
            cells.share(exhibit, "n", column, len(points), len(starts.points), count=count, base=persons)
        cells.composition(exhibit, column, points, people.describe(points))


def _tabell_4_5(people: People, first: Starts, cells: Cells) -> None:
    """Add how long first measures last: their own months within 24, and any measure in single months."""
    exhibit, described = "tabell-4-5", people.describe(first.points)
    everyone, total = np.zeros(len(first.points), np.int8), len(first.points)
    duration = durations(people, first.episodes)
    taking_part = {month: people.at(people.on_measure, first.points, month) for month in CUMULATIVE_MONTHS}
    cells.number(exhibit, "alle", "n", total)
    cells.sizes(exhibit, "n", first.points, described, "persons")
    cells.share(exhibit, "alle", "gjennomsnitt", duration.sum(), total, unit="months", count=total)
    cells.rates(exhibit, "gjennomsnitt", first.points, described, duration, unit="months")
    for month, flag in taking_part.items():
        cells.share(exhibit, "alle", f"m{month}", flag.sum(), total)
        cells.rates(exhibit, f"m{month}", first.points, described, flag)
    cells.share(exhibit, "alle", "ferdig_etter_1_maned", (~taking_part[1]).sum(), len(everyone))
    short = described["gruppe_ledighet"] < 2
    cells.share(
        exhibit,
        "de_andre_gruppene",
        "gjennomsnitt",
        duration[short].sum(),
        short.sum(),
        row_group="gruppe_ledighet",
        unit="months",
        count=short.sum(),
    )


def durations(people: People, episodes: pd.DataFrame) -> Array:
    """Return the months of each episode within 24 months of its start and within the panel."""
    last = np.minimum(episodes["stop"].to_numpy(np.int64), people.months - 1)
    return np.minimum(last - episodes["start"].to_numpy(np.int64) + 1, _MONTHS_AFTER)


def group_months(people: People) -> pd.DataFrame:
    """Return one row per person, month and measure group: ``person``, ``month`` (column), ``measure``."""
    episodes = people.episodes
    start = np.maximum(episodes["start"].to_numpy(np.int64), 0)
    stop = np.minimum(episodes["stop"].to_numpy(np.int64), people.months - 1)
    return spread(episodes["person_id"].to_numpy(np.int64), start, stop, measure=episodes["measure"].to_numpy(object))


def spread(person: Array, start: Array, stop: Array, **others: Array) -> pd.DataFrame:
    """Return one row per month from start to stop, with the other values repeated."""
    length = np.maximum(stop - start + 1, 0)
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    repeated = {name: np.repeat(values, length) for name, values in others.items()}
    return pd.DataFrame({"person": np.repeat(person, length), "month": np.repeat(start, length) + offset, **repeated})


def _figur_4_7(people: People, settings: DescriptionSettings, starts: Starts, cells: Cells) -> None:
    months = group_months(people)
    period = months.loc[
        months["month"].between(people.column(settings.first_month), people.column(settings.last_month))
    ]
    started = starts.episodes.rename(columns={"person_id": "person"})
    for table, column in ((started, "andel_av_oppstartede_tiltak"), (period, "andel_av_tiltaksmaneder")):
        number = table.groupby("measure", sort=False).size()
        persons = table.groupby("measure", sort=False)["person"].nunique()
        base = table["person"].nunique()
        for key in MEASURE_GROUPS:
            for exhibit in ("figur-1-1", "figur-4-7"):
                count = persons.get(key, 0)
                cells.share(exhibit, key, column, number.get(key, 0), len(table), count=count, base=base)


#: Ratios of participant-months of two years that the text states (lines 1412-1467).
_YEARS_COMPARED: Final = (
    ("arbeidstrening", 2017),
    ("midl_lonnstilskudd", 2014),
    ("oppfolging", 2010),
    ("i_alt", 2010),
)


def _figur_4_9(people: People, cells: Cells) -> None:
    months = group_months(people)
    year = (months["month"] + people.first) // 12 + year_of(0)
    by_year = months["person"].groupby([months["measure"], year.rename("year")]).agg(["size", "nunique"])
    years = range(year_of(people.first), year_of(people.first + people.months - 1) + 1)
    every = pd.MultiIndex.from_product([MEASURE_GROUPS, years])
    together = months["person"].groupby(year).agg(["size", "nunique"]).reindex(years, fill_value=0)
    for when, size, persons in together.itertuples():
        cells.number("figur-4-9", "i_alt", f"y{when}", size, unit="person_months", count=persons)
    for (key, when), size, persons in by_year.reindex(every, fill_value=0).itertuples():
        cells.number("figur-4-9", key, f"y{when}", size, unit="person_months", count=persons)
    for key, base_year in _YEARS_COMPARED:
        mine = months if key == "i_alt" else months.loc[months["measure"] == key]
        then, now = (mine.loc[year == which, "person"] for which in (base_year, 2022))
        cells.share(
            "figur-4-9",
            key,
            f"y2022_relativt_til_{base_year}",
            len(now),
            len(then),
            unit="ratio",
            count=now.nunique(),
            base=then.nunique(),
        )


#: Panels of Figur 4-10 and the characteristic by which each splits the starts.
STARTS_BY: Final = {
    "a_nav_grupper": "gruppe_innsats",
    "b_aldersgrupper": "gruppe_alder",
    "c_innvandringsgruppe": "gruppe_innvandring",
    "d_arbeidssituasjon": "gruppe_ledighet",
}


def _figur_4_10(people: People, starts: Starts, cells: Cells) -> None:
    described = people.describe(starts.points)
    measure, person = starts.episodes["measure"].to_numpy(object), starts.points.person
    old = described["gruppe_alder"] >= GROUPINGS["gruppe_alder"].index("alder_50_59")
    known_age = described["gruppe_alder"] < len(keys.AGE_GROUPS)
    country = described["gruppe_innvandring"]
    everyone = np.ones(len(person), np.bool_)
    figure = "figur-4-10"
    for panel, block in STARTS_BY.items():
        for key in MEASURE_GROUPS:
            for code, group in enumerate(GROUPINGS[block]):
                mine = person[(measure == key) & (described[block] == code)]
                cells.number(figure, key, group, len(mine), panel=panel, unit="starts", count=distinct(mine))
    for panel, row, column, of, flag in (
        ("b_aldersgrupper", "avklaring", "andel_50_ar_og_over", measure == "avklaring", old & known_age),
        ("c_innvandringsgruppe", "ikke_innvandrer", "andel_av_tiltaksdeltakerne", everyone, country == 0),
        ("c_innvandringsgruppe", "amo", "andel_landgruppe_3", measure == "amo", country == 3),
    ):
        cells.share(
            figure,
            row,
            column,
            (of & flag).sum(),
            of.sum(),
            panel=panel,
            count=distinct(person[of & flag]),
            base=distinct(person[of]),
        )


#: Measures that the text names one by one; the others are "the vast majority of the others" (lines 4227-4232).
_NAMED: Final = ("helsemessig_utredning", "tilrettelegging_bedrift", "midl_lonnstilskudd", "varig_lonnstilskudd", "aft")


def _figur_b_1_and_b_2(people: People, first: Starts, cells: Cells) -> None:
    measure = first.episodes["measure"].to_numpy(object)
    group = people.at(people.group, first.points)
    everyone = np.ones(len(first.points), np.bool_)
    by_measure = {key: measure == key for key in MEASURE_GROUPS}
    by_group = {key: group == code for code, key in enumerate(GROUPINGS["gruppe_innsats"])}
    together = {
        "alle_tiltaksdeltakere": everyone,
        "de_fleste_ovrige_tiltak": ~np.isin(measure, _NAMED),
        "alle_utdanningsgrupper": everyone,
    }
    members = {**by_measure, **by_group, **together}
    for exhibit, block, matrix in (
        ("figur-b-1", "andel_med_positiv_manedsinntekt", people.with_wage),
        ("figur-b-2", "andel_som_mottar_aap", people.aap),
    ):
        months = np.stack([people.at(matrix, first.points, month) for month in range(_MONTHS_AFTER + 1)], axis=1)
        for row, mine in members.items():
            add_course(cells, exhibit, "", block, row, months[mine], int(mine.sum()))


#: Months after the start that figures follow.
MONTHS: Final = range(_MONTHS_AFTER + 1)
#: Ranges of months that the text speaks of; a cell of a range is the mean over its months.
RANGES: Final = ((0, 4), (0, 24), (8, 24), (10, 24))


def add_course(cells: Cells, exhibit: str, panel: str, block: str, row: str, flags: Array, size: int) -> None:
    """Add the share with a flag in months after the start, and the mean over ranges of months."""
    in_month = flags.sum(axis=0)
    for month in MONTHS:
        cells.share(exhibit, row, f"m{month}", in_month[month], size, panel=panel, row_group=block)
    for first, last in RANGES:
        ever = int(flags[:, first : last + 1].any(axis=1).sum())
        total = in_month[first : last + 1].sum()
        cells.share(
            exhibit,
            row,
            f"m{first}_{last}",
            total,
            size * (last - first + 1),
            panel=panel,
            row_group=block,
            count=ever,
            base=size,
        )
    cells.share(exhibit, row, "forste_tiltaksmaned", in_month[0], size, panel=panel, row_group=block)


def _aft_after_a_year(people: People, cells: Cells) -> None:
    episodes = people.episodes
    started = episodes.loc[
        (episodes["measure"] == "aft") & episodes["start"].between(people.column("2018-01"), people.column("2018-12"))
    ]
    still = started.loc[started["stop"] >= started["start"] + 12]
    cells.share(
        "text",
        "aft",
        "fortsatt_pa_tiltaket_etter_ett_ar",
        len(still),
        len(started),
        count=still["person_id"].nunique(),
        base=started["person_id"].nunique(),
    )
