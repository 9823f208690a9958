"""First registrations and months registered: Tabell 4-2, 4-3 and B-1, Figur 4-1 to 4-6."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from tiltakseffekt.core import keys
from tiltakseffekt.stages.cohorts.registration import Period, first_of_period
from tiltakseffekt.stages.description.cells import Measure, Place, by_rows, counted, number, person_months, share
from tiltakseffekt.stages.description.people import GROUPINGS, Array, People, Points
from tiltakseffekt.stages.description.settings import DescriptionSettings

#: Months after first registration of Tabell 4-3 (lines 1216-1251).
CUMULATIVE_MONTHS: Final = (1, 6, 12, 18, 24)
#: Months after first registration that figures follow.
_FOLLOWED: Final = range(25)
_STANDARD, _SPESIELT = 1, 3
_INNSATSGRUPPER = range(1, 5)


def first_registrations(people: People, settings: DescriptionSettings) -> Points:
    """Return each person's first month in the period in a NAV group after so long without any.

    The document gives no rule for how long; see ``config/documents/effektrapport_2024/choices.yaml``.
    """
    person, month = np.nonzero(people.group > 0)
    period = Period(
        people.column(settings.first_month), people.column(settings.last_month), settings.months_without_registration
    )
    places = first_of_period(person, month, period)
    return Points(person[places], month[places])


def registered_months(people: People, settings: DescriptionSettings) -> Points:
    """Return all months of the period in which a person has a NAV group."""
    return months_with(people, people.group > 0, settings.first_month, settings.last_month)


def months_with(people: People, flag: Array, first: str, last: str) -> Points:
    """Return the months from the first to the last that have the flag."""
    start = people.column(first)
    person, month = np.nonzero(flag[:, start : people.column(last) + 1])
    return Points(person, month + start)


def measure_registrations(people: People, settings: DescriptionSettings) -> Iterator[Measure]:
    """Declare the cells of this family."""
    first = first_registrations(people, settings)
    months = registered_months(people, settings)
    described = people.describe(first)
    yield from _tabell_4_2(people, first, months)
    yield from _tabell_4_3(people, first, described)
    yield from _tabell_b_1(people, months)
    yield from _figur_4_1(people)
    yield from _figur_4_2_and_4_3(people, first)
    yield from _figur_4_4_to_4_6(people, first, described["gruppe_innsats"])


def _tabell_4_2(people: People, first: Points, months: Points) -> Iterator[Measure]:
    exhibit, everyone = "tabell-4-2", counted(months.person)
    for column, points, unit in (
        ("forste_registrering", first, "persons"),
        ("alle_registrerte", months, "person_months"),
    ):
        observed = counted(points.person)
        yield number(Place(exhibit, "n", column), observed, unit)
        yield share(Place(exhibit, "n", column), observed, everyone)
        yield from by_rows(Place(exhibit, column=column), points, people.describe(points))


def _tabell_4_3(people: People, first: Points, described: dict[str, Array]) -> Iterator[Measure]:
    exhibit = "tabell-4-3"
    yield number(Place(exhibit, "alle", "n"), len(first))
    yield from by_rows(Place(exhibit, column="n"), first, described, unit="persons")
    for month in CUMULATIVE_MONTHS:
        started = _started(people, first, month)
        yield share(Place(exhibit, "alle", f"m{month}"), started.sum(), len(first))
        yield from by_rows(Place(exhibit, column=f"m{month}"), first, described, started)
    by_half_a_year, by_two_years = (_started(people, first, month).sum() for month in (6, 24))
    column = "n6_maneder_andel_av_de_som_begynner_innen_24_maneder"
    place = Place(exhibit, "de_fleste_nav_grupper", column, row_group="gruppe_innsats")
    yield share(place, by_half_a_year, by_two_years)


def _started(people: People, points: Points, month: int) -> Array:
    """Return who has been on a measure at least once up to so many months after the points."""
    return people.count_between(people.measure_months, points, 0, month) > 0


def first_measure_months(people: People, points: Points) -> Points:
    """Return the first month on a measure from each point on; there must be one."""
    later = people.on_measure[points.person] & (np.arange(people.months) >= points.month[:, None])
    return Points(points.person, later.argmax(axis=1))


def _tabell_b_1(people: People, months: Points) -> Iterator[Measure]:
    """Declare months on a measure as a share of months registered; those on a measure without a NAV group are not."""
    on_measure = people.at(people.on_measure, months)
    yield from by_rows(Place("tabell-b-1", column="tiltaksintensitet"), months, people.describe(months), on_measure)


def _figur_4_1(people: People) -> Iterator[Measure]:
    stock = people.group[:, people.column("2011-01") :]
    yield share(
        Place("figur-4-1", "spesielt_tilpasset", "andel_av_registrerte_med_innsatsgruppe"),
        person_months(stock == _SPESIELT),
        person_months(np.isin(stock, _INNSATSGRUPPER)),
    )


def _figur_4_2_and_4_3(people: People, first: Points) -> Iterator[Measure]:
    group = {month: people.at(people.group, first, month) for month in _FOLLOWED}
    standard = {month: group[month] == _STANDARD for month in group}
    still = (group[24] > 0).sum()
    total, new_standard = len(first), standard[0].sum()
    left = (standard[0] & (group[6] == 0)).sum()
    figure = "figur-4-2"
    for month in _FOLLOWED:
        for code, key in enumerate(GROUPINGS["gruppe_innsats"]):
            yield share(Place(figure, key, f"m{month}"), (group[month] == code).sum(), total)
    yield share(Place(figure, "standard", "forste_registreringsmaned"), new_standard, total)
    yield share(
        Place(figure, "standard", "n4_maneder_senere_antall_relativt_til_forste_maned"),
        standard[4].sum(),
        new_standard,
        "ratio",
    )
    yield share(Place(figure, "standard", "n24_maneder_andel_av_fortsatt_registrerte"), standard[24].sum(), still)
    yield share(Place("figur-4-3", "standard", "forste_nav_gruppe"), new_standard, total)
    yield share(Place("figur-4-3", "standard", "ikke_registrert_etter_6_maneder"), left, new_standard)
    yield number(Place("figur-4-3", "n", "n"), total)


def _figur_4_4_to_4_6(people: People, first: Points, group: Array) -> Iterator[Measure]:
    for code, key in enumerate(keys.NAV_GROUPS, start=1):
        mine = first.where(group == code)
        for exhibit, column, month in (
            ("figur-4-4", "begynt_pa_tiltak_innen_24_maneder", 24),
            *(("figur-4-5", f"m{month}", month) for month in _FOLLOWED),
        ):
            yield share(Place(exhibit, key, column), _started(people, mine, month).sum(), len(mine))
        yield share(Place("figur-4-5", key, "andel_av_alle_brukere"), len(mine), len(first))
    started = first.where(_started(people, first, people.months))
    yield number(Place("figur-4-6", "n", "n"), len(started))
    came_from = people.at(people.group, started)
    begins_in = people.at(people.group, first_measure_months(people, started))
    for code, key in enumerate(keys.NAV_GROUPS, start=1):
        for other, at_start in enumerate(GROUPINGS["gruppe_innsats"]):
            yield number(Place("figur-4-6", key, at_start), ((came_from == code) & (begins_in == other)).sum())
