"""The nine mutually exclusive states after the first measure: Figur 5-1 to 5-7 and Tabell B-2 (lines 1721-1756)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from tiltakseffekt.core import keys
from tiltakseffekt.stages.description.cells import Measure, Place, number, person_months, share
from tiltakseffekt.stages.description.people import GROUPINGS, MEASURE_GROUPS, Array, People, Points
from tiltakseffekt.stages.description.settings import DescriptionSettings
from tiltakseffekt.stages.description.starts import RANGES, course, starts_between

#: States in the order in which the first criterion met decides.
STATES: Final = (
    *("tilstand_arbeid_tiltak", "tilstand_arbeid_hoy", "tilstand_arbeid_lav", "tilstand_utdanning"),
    *("tilstand_tiltak", "tilstand_ufor", "tilstand_arbeidssoker", "tilstand_nedsatt", "tilstand_annet"),
)
#: States taken together.
UNIONS: Final = {
    "tilstand_arbeid_i_alt": STATES[:3],
    "tilstand_arbeid_uten_tiltak": STATES[1:3],
    "ufor_eller_nedsatt_arbeidsevne_ikke_pa_tiltak": ("tilstand_ufor", "tilstand_nedsatt"),
}
_JOBSEEKERS: Final = (1, 2)
_REDUCED: Final = (3, 4)
_MONTHS: Final = 25
#: Measures of Figur 5-2; the other panels by measure are those of Figur 5-3.
FIRST_PANELS: Final = ("midl_lonnstilskudd", "jobbklubb", "arbeidstrening", "amo", "utdanning")


class Courses(NamedTuple):
    """State and other facts of each starter (row) in months 0 to 24 after the start (column)."""

    state: Array
    in_work: Array
    low_income: Array
    on_measure: Array

    def where(self, chosen: Array) -> "Courses":
        """Return the chosen starters."""
        return Courses(*(matrix[chosen] for matrix in self))


def measure_states(people: People, settings: DescriptionSettings) -> Iterator[Measure]:
    """Declare the cells of this family."""
    starts = starts_between(people, settings, settings.first_month, settings.last_month_of_states)
    first = starts.where(starts.first)
    measure = first.episodes["measure"].to_numpy(object)
    courses = courses_of(people, first.points)
    for key in MEASURE_GROUPS:
        yield number(Place("tabell-b-2", key, "n"), (measure == key).sum())
    for exhibit, panel, mine in _panels(people, first.points, measure):
        yield from _panel(exhibit, panel, courses.where(mine))
    yield from _figur_5_4_disabled(people, first.points, courses)


def courses_of(people: People, points: Points) -> Courses:
    """Return the course of each starter; the first criterion met decides the state."""

    def follow(matrix: Array) -> Array:
        return np.stack([people.at(matrix, points, month) for month in range(_MONTHS)], axis=1)

    in_work, high_income, on_measure = follow(people.in_work), follow(people.high_income), follow(people.on_measure)
    group = follow(people.group)
    criteria = [
        in_work & on_measure,
        in_work & high_income,
        in_work,
        follow(people.enrolled),
        on_measure,
        follow(people.disabled),
        np.isin(group, _JOBSEEKERS),
        np.isin(group, _REDUCED),
    ]
    state = np.select(criteria, range(len(criteria)), len(criteria)).astype(np.int8)
    return Courses(state, in_work, in_work & ~high_income, on_measure)


def _panels(people: People, points: Points, measure: Array) -> Iterator[tuple[str, str, Array]]:
    described = people.describe(points)
    everyone = np.ones(len(points), np.bool_)
    yield "figur-5-1", "alle_tiltaksdeltakere", everyone
    for key in MEASURE_GROUPS:
        yield ("figur-5-2" if key in FIRST_PANELS else "figur-5-3"), key, measure == key
    for exhibit, block in (
        ("figur-5-4", "gruppe_innsats"),
        ("figur-5-5", "gruppe_alder"),
        ("figur-5-6", "gruppe_innvandring"),
        ("figur-5-7", "gruppe_ledighet"),
    ):
        for code, key in enumerate(GROUPINGS[block]):
            yield exhibit, key, described[block] == code
    age = described["gruppe_alder"]
    yield "figur-5-5", "alder_20_59", (age >= 1) & (age <= keys.AGE_GROUPS.index("alder_50_59"))
    yield "figur-5-5", "alle_aldersgrupper", everyone


def _panel(exhibit: str, panel: str, mine: Courses) -> Iterator[Measure]:
    for code, key in enumerate(STATES):
        yield from course(Place(exhibit, key, panel=panel), mine.state == code)
    for key, parts in UNIONS.items():
        together = np.isin(mine.state, list(map(STATES.index, parts)))
        yield from course(Place(exhibit, key, panel=panel), together)
    yield from course(Place(exhibit, "pa_tiltak", panel=panel), mine.on_measure)
    disabled = (mine.state[:, 0] == STATES.index("tilstand_ufor")).sum()
    yield share(Place(exhibit, "tilstand_ufor", "startpunkt", panel=panel), disabled, len(mine.state))
    yield from _low_income(exhibit, panel, mine)
    yield from _education(exhibit, panel, mine)


def _low_income(exhibit: str, panel: str, mine: Courses) -> Iterator[Measure]:
    for first, last in ((24, 24), *RANGES):
        column = f"m{first}" if first == last else f"m{first}_{last}"
        low, in_work = (person_months(flags[:, first : last + 1]) for flags in (mine.low_income, mine.in_work))
        yield share(Place(exhibit, "i_arbeid_lav_inntekt_andel_av_de_i_arbeid", column, panel=panel), low, in_work)


def _education(exhibit: str, panel: str, mine: Courses) -> Iterator[Measure]:
    """Declare those in education after half a year, relative to the start month."""
    enrolled = (mine.state == STATES.index("tilstand_utdanning")).sum(axis=0)
    row = "i_utdanning_relativt_til_oppstart"
    yield share(Place(exhibit, row, "m6", panel=panel), enrolled[6], enrolled[0], "ratio")


def _figur_5_4_disabled(people: People, points: Points, courses: Courses) -> Iterator[Measure]:
    """Declare what each group at the start is of all who are disabled after two years."""
    disabled = courses.state[:, -1] == STATES.index("tilstand_ufor")
    group = people.at(people.group, points)
    for code, key in enumerate(GROUPINGS["gruppe_innsats"]):
        mine = (disabled & (group == code)).sum()
        yield share(Place("figur-5-4", "andel_av_alle_som_blir_ufore", "m24", panel=key), mine, disabled.sum())
