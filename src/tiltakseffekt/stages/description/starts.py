"""Starts of measures and months on them: Tabell 4-4, 4-5 and B-2, Figur 1-1, 4-7, 4-9, 4-10, B-1 and B-2."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.months import year_of
from tiltakseffekt.stages.description.cells import Count, Measure, Place, by_rows, counted, number, share
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


def measure_starts(people: People, settings: DescriptionSettings) -> Iterator[Measure]:
    """Declare the cells of this family."""
    starts = starts_between(people, settings, settings.first_month, settings.last_month)
    participants = months_with(people, people.on_measure, settings.first_month, settings.last_month)
    first = starts.where(starts.first)
    yield from _tabell_4_4(people, starts, participants)
    yield from _tabell_4_5(people, first)
    yield from _figur_4_7(people, settings, starts)
    yield from _figur_4_9(people)
    latest = starts_between(people, settings, settings.first_month_of_starts, settings.last_month_of_starts)
    yield from _figur_4_10(people, latest)
    yield from _figur_b_1_and_b_2(people, first)
    months, persons = counted(participants.person)
    yield number(
        Place("text", "tiltaksdeltakere", "til_enhver_tid"), Count(months / settings.number_of_months, persons)
    )
    yield from _aft_after_a_year(people)


def _tabell_4_4(people: People, starts: Starts, participants: Points) -> Iterator[Measure]:
    exhibit, every_start = "tabell-4-4", counted(starts.points.person)
    for column, points, unit in (
        ("forste_oppstartede_tiltak", starts.points.where(starts.first), "starts"),
        ("ovrige_oppstartede_tiltak", starts.points.where(~starts.first), "starts"),
        ("alle_oppstartede_tiltak", starts.points, "starts"),
        ("alle_tiltaksdeltakere_hver_maned", participants, "person_months"),
    ):
        observed = counted(points.person)
        yield number(Place(exhibit, "n", column), observed, unit)
        if unit == "starts":
            yield share(Place(exhibit, "n", column), observed, every_start)
        yield from by_rows(Place(exhibit, column=column), points, people.describe(points))


def _tabell_4_5(people: People, first: Starts) -> Iterator[Measure]:
    """Declare how long first measures last: their own months within 24, and any measure in single months."""
    exhibit, described, total = "tabell-4-5", people.describe(first.points), len(first.points)
    duration = durations(people, first.episodes)
    taking_part = {month: people.at(people.on_measure, first.points, month) for month in CUMULATIVE_MONTHS}
    yield number(Place(exhibit, "alle", "n"), total)
    yield from by_rows(Place(exhibit, column="n"), first.points, described, unit="persons")
    yield share(Place(exhibit, "alle", "gjennomsnitt"), Count(duration.sum(), total), total, "months")
    yield from by_rows(Place(exhibit, column="gjennomsnitt"), first.points, described, duration, unit="months")
    for month, flag in taking_part.items():
        yield share(Place(exhibit, "alle", f"m{month}"), flag.sum(), total)
        yield from by_rows(Place(exhibit, column=f"m{month}"), first.points, described, flag)
    yield share(Place(exhibit, "alle", "ferdig_etter_1_maned"), (~taking_part[1]).sum(), total)
    short = described["gruppe_ledighet"] < 2
    yield share(
        Place(exhibit, "de_andre_gruppene", "gjennomsnitt", row_group="gruppe_ledighet"),
        Count(duration[short].sum(), short.sum()),
        short.sum(),
        "months",
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


def _figur_4_7(people: People, settings: DescriptionSettings, starts: Starts) -> Iterator[Measure]:
    months = group_months(people)
    period = months.loc[
        months["month"].between(people.column(settings.first_month), people.column(settings.last_month))
    ]
    started = starts.episodes.rename(columns={"person_id": "person"})
    for table, column in ((started, "andel_av_oppstartede_tiltak"), (period, "andel_av_tiltaksmaneder")):
        by_measure = table.groupby("measure", sort=False)["person"].agg(["size", "nunique"])
        everyone = counted(table["person"])
        for key, *observed in by_measure.reindex(MEASURE_GROUPS, fill_value=0).itertuples():
            for exhibit in ("figur-1-1", "figur-4-7"):
                yield share(Place(exhibit, key, column), Count(*observed), everyone)


#: Ratios of participant-months of two years that the text states (lines 1412-1467).
_YEARS_COMPARED: Final = (
    ("arbeidstrening", 2017),
    ("midl_lonnstilskudd", 2014),
    ("oppfolging", 2010),
    ("i_alt", 2010),
)


def _figur_4_9(people: People) -> Iterator[Measure]:
    months = group_months(people)
    year = (months["month"] + people.first) // 12 + year_of(0)
    by_year = months["person"].groupby([months["measure"], year.rename("year")]).agg(["size", "nunique"])
    years = range(year_of(people.first), year_of(people.first + people.months - 1) + 1)
    every = pd.MultiIndex.from_product([MEASURE_GROUPS, years])
    together = months["person"].groupby(year).agg(["size", "nunique"]).reindex(years, fill_value=0)
    for when, size, persons in together.itertuples():
        yield number(Place("figur-4-9", "i_alt", f"y{when}"), Count(size, persons), "person_months")
    for (key, when), size, persons in by_year.reindex(every, fill_value=0).itertuples():
        yield number(Place("figur-4-9", key, f"y{when}"), Count(size, persons), "person_months")
    for key, base_year in _YEARS_COMPARED:
        mine = months if key == "i_alt" else months.loc[months["measure"] == key]
        then, now = (mine.loc[year == which, "person"] for which in (base_year, 2022))
        yield share(Place("figur-4-9", key, f"y2022_relativt_til_{base_year}"), counted(now), counted(then), "ratio")


#: Panels of Figur 4-10 and the characteristic by which each splits the starts.
STARTS_BY: Final = {
    "a_nav_grupper": "gruppe_innsats",
    "b_aldersgrupper": "gruppe_alder",
    "c_innvandringsgruppe": "gruppe_innvandring",
    "d_arbeidssituasjon": "gruppe_ledighet",
}


def _figur_4_10(people: People, starts: Starts) -> Iterator[Measure]:
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
                yield number(Place(figure, key, group, panel=panel), counted(mine), "starts")
    for panel, row, column, of, flag in (
        ("b_aldersgrupper", "avklaring", "andel_50_ar_og_over", measure == "avklaring", old & known_age),
        ("c_innvandringsgruppe", "ikke_innvandrer", "andel_av_tiltaksdeltakerne", everyone, country == 0),
        ("c_innvandringsgruppe", "amo", "andel_landgruppe_3", measure == "amo", country == 3),
    ):
        yield share(Place(figure, row, column, panel=panel), counted(person[of & flag]), counted(person[of]))


#: Measures that the text names one by one; the others are "the vast majority of the others" (lines 4227-4232).
_NAMED: Final = ("helsemessig_utredning", "tilrettelegging_bedrift", "midl_lonnstilskudd", "varig_lonnstilskudd", "aft")


def _figur_b_1_and_b_2(people: People, first: Starts) -> Iterator[Measure]:
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
            yield from course(Place(exhibit, row, row_group=block), months[mine])


#: Months after the start that figures follow.
MONTHS: Final = range(_MONTHS_AFTER + 1)
#: Ranges of months that the text speaks of; a cell of a range is the mean over its months.
RANGES: Final = ((0, 4), (0, 24), (8, 24), (10, 24))


def course(place: Place, flags: Array) -> Iterator[Measure]:
    """Declare the share with a flag in months after the start, and the mean over ranges of months.

    Parameters
    ----------
    place
        Where the cells are printed, but for the column.
    flags
        A row per starter, a column per month from that of the start.
    """
    in_month, size = flags.sum(axis=0), len(flags)
    for month in MONTHS:
        yield share(replace(place, column=f"m{month}"), in_month[month], size)
    for first, last in RANGES:
        ever = flags[:, first : last + 1].any(axis=1).sum()
        months, followed = Count(in_month[first : last + 1].sum(), ever), Count(size * (last - first + 1), size)
        yield share(replace(place, column=f"m{first}_{last}"), months, followed)
    yield share(replace(place, column="forste_tiltaksmaned"), in_month[0], size)


def _aft_after_a_year(people: People) -> Iterator[Measure]:
    episodes = people.episodes
    started = episodes.loc[
        (episodes["measure"] == "aft") & episodes["start"].between(people.column("2018-01"), people.column("2018-12"))
    ]
    still = started.loc[started["stop"] >= started["start"] + 12]
    yield share(
        Place("text", "aft", "fortsatt_pa_tiltaket_etter_ett_ar"),
        counted(still["person_id"]),
        counted(started["person_id"]),
    )
