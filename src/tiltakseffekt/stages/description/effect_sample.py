"""The effect sample: Tabell 6-1 to 6-3 and 6-6, B-3 to B-8, and durations of Tabell 7-2 and 7-4.

The rules are those of the stage ``cohorts``, whose functions are called on the persons of the shard. Only what becomes
of the controls is another: the report draws each of them a month of pseudo-start and leaves out those who are no longer
registered then. Here nobody is drawn; each counts with the probability of still being registered, averaged over the
months in which the starters of the same first group start.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.cohorts.entries import EntryShard, build_entries
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.stages.cohorts.treatment import LATER_START_MONTHS
from tiltakseffekt.stages.description.cells import (
    CELL,
    INTERMEDIATE,
    SUMS,
    Count,
    Measure,
    Place,
    by_rows,
    cells_of,
    number,
    share,
)
from tiltakseffekt.stages.description.people import Array, People, Points, running_count

#: Rows of Tabell 6-1 after the year in which a start makes a person treated: key, first and last month.
_WITHIN_YEAR: Final = (("m0_2", 0, 2), ("m3_5", 3, 5), ("m6_8", 6, 8), ("m9_11", 9, 11))
_LATER: Final = (("m12_14", 12, 14), ("m15_17", 15, 17), ("m18_20", 18, 20), ("m21_23", 21, 23), ("m24_47", 24, 47))
_NEVER: Final = "begynner_ikke_pa_tiltak"
_OTHER_GROUP: Final = "annen_gruppe"
_REDUCED: Final = (3, 4)
_STARTERS, _CONTROLS = "oppstarter", "kontroller"
_HISTORY_MONTHS: Final = 60

_TABLES_OF_MEASURES: Final = {
    **dict.fromkeys(("aft", "amo", "arbeidsrettet_rehab", "arbeidstrening"), "tabell-b-4"),
    **dict.fromkeys(("avklaring", "jobbklubb", "midl_lonnstilskudd", "oppfolging"), "tabell-b-5"),
    **dict.fromkeys(("utdanning", "utvidet_oppfolging"), "tabell-b-6"),
}
#: Samples of Tabell B-8: column, months without registration, only reduced work capacity.
_AFT_SAMPLES: Final = (
    ("hoved_2_ar", 24, False),
    ("hoved_1_ar", 12, False),
    ("alternativ_nedsatt_1_ar", 12, True),
)


def measure_effect_sample(people: People, arms: Arms, settings: CohortSettings) -> Iterator[Measure]:
    """Declare the cells of this family."""
    samples = {
        column: _entries(people, arms, settings.model_copy(update={"washout_months": washout}), reduced)
        for column, washout, reduced in _AFT_SAMPLES
    }
    entries = samples["hoved_2_ar"]
    treated = _treated(entries, settings)
    yield from _starts_and_controls(people, "tabell-6-1", entries, settings)
    yield from _tabell_6_2(treated)
    yield from _tabell_6_3(treated, arms)
    yield from _tabell_6_6(entries, arms, settings)
    yield from _tabell_b_3(treated, arms)
    yield from _tabell_b_4_to_b_6(people, treated)
    yield from _tabell_b_7(people, samples["alternativ_nedsatt_1_ar"], arms, settings)
    yield from _tabell_b_8(people, {column: _treated(table, settings) for column, table in samples.items()})
    yield from _tabell_7_2_and_7_4(treated, arms)
    yield from _income_at_registration(people, treated, arms)


def _entries(people: People, arms: Arms, settings: CohortSettings, only_reduced: bool) -> pd.DataFrame:
    """Return ENTRIES of the shard with the first measure within 48 months, whatever the size of its group.

    The alternative sample enters with reduced work capacity and knows no other registration (lines 2692-2703).
    """
    seen = np.where(np.isin(people.group, _REDUCED), people.group, np.int8(0)) if only_reduced else people.group
    person, month = np.nonzero((seen > 0) | people.on_measure)
    names = pd.Categorical.from_codes(
        (seen[person, month] - 1).tolist(), dtype=pd.CategoricalDtype(list(keys.NAV_GROUPS))
    )
    panel = pd.DataFrame(
        {
            "person_id": person,
            "month": month + people.first,
            "nav_group": names,
            "on_measure": people.on_measure[person, month],
            "tiltakspenger": people.tiltakspenger[person, month],
        }
    )
    persons = pd.DataFrame({"person_id": np.arange(people.size), "birth_month": people.birth_month})
    every_start = settings.model_copy(update={"start_window_months": LATER_START_MONTHS, "smallest_group": 1})
    entries, _ = build_entries(
        [EntryShard(panel, persons, people.spells)], every_start, arms, people.first + people.months - 1
    )
    return entries.assign(
        start_offset=entries["start_offset"].astype("float64"), first_group=entries["first_group"].astype("object")
    )


def _treated(entries: pd.DataFrame, settings: CohortSettings) -> pd.DataFrame:
    return entries.loc[entries["start_offset"] < settings.start_window_months]


def _points(people: People, entries: pd.DataFrame) -> Points:
    month = entries["registration_month"].to_numpy(np.int64) - people.first
    return Points(entries["person_id"].to_numpy(np.int64), month)


def _starts_and_controls(
    people: People, exhibit: str, entries: pd.DataFrame, settings: CohortSettings
) -> Iterator[Measure]:
    """Declare what `complete_controls` needs: starters by month, and controls still registered by month."""
    offset = entries["start_offset"].to_numpy(float)
    group = entries["first_group"].to_numpy(object)
    control = ~(offset < settings.start_window_months)
    later = np.select([(offset >= first) & (offset <= last) for _, first, last in _LATER], _LATER_KEYS, _NEVER)
    points = _points(people, entries)
    for month in range(settings.start_window_months):
        registered = people.at(people.group, points, month) > 0
        for key in keys.ENTRY_GROUPS:
            starters = int(((group == key) & (offset == month)).sum())
            yield number(Place(exhibit, str(month), key, panel=_STARTERS), starters, INTERMEDIATE)
            for period in (*_LATER_KEYS, _NEVER):
                still = int((control & registered & (group == key) & (later == period)).sum())
                yield number(Place(exhibit, str(month), key, panel=_CONTROLS, row_group=period), still, INTERMEDIATE)


_LATER_KEYS: Final = [key for key, _, _ in _LATER]


def complete_controls(sums: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of Tabell 6-1, 6-3 and B-7 that count controls, from the sums of all shards.

    Parameters
    ----------
    sums
        Cells summed over the shards, with the intermediate sums of `measure_effect_sample`.
    """
    groups = sums.loc[sums["unit"] == INTERMEDIATE].groupby(["document", "exhibit"], sort=False)
    parts = [cells_of(str(document), _completed(str(exhibit), rows)) for (document, exhibit), rows in groups]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*CELL, *SUMS])


def _completed(exhibit: str, rows: pd.DataFrame) -> Iterator[Measure]:
    for group in keys.ENTRY_GROUPS:
        mine = rows.loc[rows["column"] == group].assign(month=rows["row"].astype(int))
        starters = mine.loc[mine["panel"] == _STARTERS].set_index("month")["numerator"].sort_index()
        controls = mine.loc[mine["panel"] == _CONTROLS].pivot_table(
            index="month", columns="row_group", values="numerator", aggfunc="sum"
        )
        starting = starters / starters.sum() if starters.sum() else starters * np.nan
        expected = controls.mul(starting, axis=0).sum(min_count=1)
        if exhibit == "tabell-6-1":
            yield from _tabell_6_1(group, starters, expected)
            yield number(Place("tabell-6-3", keys.CONTROL, group), expected.sum())
        elif group == "spesielt_tilpasset":
            yield number(Place(exhibit, keys.CONTROL, group), expected.sum())


def _tabell_6_1(group: str, starters: pd.Series, controls: pd.Series) -> Iterator[Measure]:
    exhibit, total = "tabell-6-1", float(starters.sum() + controls.sum())
    yield number(Place(exhibit, "n", group), total)
    for key, first, last in _WITHIN_YEAR:
        yield share(Place(exhibit, key, group), starters.loc[first:last].sum(), total)
    for key in (*_LATER_KEYS, _NEVER):
        yield share(Place(exhibit, key, group), controls[key], total)
    within_four_years = starters.sum() + controls[_LATER_KEYS].sum()
    column = "andel_av_tiltaksstarterne_innen_4_ar_som_er_i"
    yield share(Place(exhibit, group, column), starters.sum(), within_four_years)


def _tabell_6_2(treated: pd.DataFrame) -> Iterator[Measure]:
    at_start = treated["group_at_start"].astype("object")
    at_start = at_start.where(at_start.isin(keys.ENTRY_GROUPS), _OTHER_GROUP)
    for column in keys.ENTRY_GROUPS:
        mine = at_start.loc[treated["first_group"] == column]
        yield number(Place("tabell-6-2", "n", column), len(mine))
        for row in (*keys.ENTRY_GROUPS, _OTHER_GROUP):
            yield share(Place("tabell-6-2", row, column), (mine == row).sum(), len(mine))


def _tabell_6_3(treated: pd.DataFrame, arms: Arms) -> Iterator[Measure]:
    for column in keys.ENTRY_GROUPS:
        counts = treated.loc[treated["first_group"] == column, "arm"].value_counts()
        for row in arms.treated:
            yield number(Place("tabell-6-3", row, column), counts.get(row, 0))


def _tabell_6_6(entries: pd.DataFrame, arms: Arms, settings: CohortSettings) -> Iterator[Measure]:
    year = settings.start_window_months
    for column, first, last in (("m0_11", 0, year - 1), ("m12_23", year, 2 * year - 1)):
        counts = entries.loc[entries["start_offset"].between(first, last), "arm"].value_counts()
        for row in arms.treated:
            yield number(Place("tabell-6-6", row, column), counts.get(row, 0), "starts")


def _tabell_b_3(treated: pd.DataFrame, arms: Arms) -> Iterator[Measure]:
    for row in (*arms.treated, "total"):
        mine = treated if row == "total" else treated.loc[treated["arm"] == row]
        followed = mine["followed_by_measure"].sum()
        yield share(Place("tabell-b-3", row, "etterfolgende_tiltak"), followed, len(mine))
        yield share(Place("tabell-b-3", row, "alene"), len(mine) - followed, len(mine))


def _tabell_b_4_to_b_6(people: People, treated: pd.DataFrame) -> Iterator[Measure]:
    for arm, exhibit in _TABLES_OF_MEASURES.items():
        points = _points(people, treated.loc[treated["arm"] == arm])
        yield number(Place(exhibit, "n", "behandling", panel=arm), len(points))
        yield from by_rows(Place(exhibit, column="behandling", panel=arm), points, people.describe(points))


def _tabell_b_7(people: People, entries: pd.DataFrame, arms: Arms, settings: CohortSettings) -> Iterator[Measure]:
    """Declare the alternative sample, all in spesielt tilpasset innsats."""
    counts = _treated(entries, settings)["arm"].value_counts()
    for row in arms.treated:
        yield number(Place("tabell-b-7", row, "spesielt_tilpasset"), counts.get(row, 0))
    yield from _starts_and_controls(people, "tabell-b-7", entries, settings)


def _tabell_b_8(people: People, samples: dict[str, pd.DataFrame]) -> Iterator[Measure]:
    exhibit, block = "tabell-b-8", "nav_historikk_siste_60_maneder"
    in_innsatsgruppe = running_count((people.group > 0) & (people.group <= len(keys.INNSATSGRUPPER)))
    for column, treated in samples.items():
        points = _points(people, treated.loc[treated["arm"] == "aft"])
        yield number(Place(exhibit, "n", column), len(points))
        yield from by_rows(Place(exhibit, column=column), points, people.describe(points))
        for row, running in (
            ("antall_maneder_registrert_i_en_innsatsgruppe_utenom_sykmeldt", in_innsatsgruppe),
            ("antall_maneder_pa_arbeidsmarkedstiltak", people.measure_months),
        ):
            months = people.count_between(running, points, -_HISTORY_MONTHS, -1)
            yield share(
                Place(exhibit, row, column, row_group=block), Count(months.sum(), len(points)), len(points), "months"
            )


def _tabell_7_2_and_7_4(treated: pd.DataFrame, arms: Arms) -> Iterator[Measure]:
    """Declare how long the treated are on their first measure in the panel, and the months with tiltakspenger."""
    for arm in arms.valued:
        mine = treated.loc[treated["arm"] == arm]
        months, paid = mine["duration"].sum(), mine["tiltakspenger_months"]
        for exhibit in ("tabell-7-2", "tabell-7-4"):
            yield share(Place(exhibit, arm, "gjennomsnittlig_varighet"), Count(months, len(mine)), len(mine), "months")
        column, receivers = "andel_av_tiltaksmaneder_med_tiltakspenger", (paid > 0).sum()
        yield share(Place("tabell-7-4", arm, column), Count(paid.sum(), receivers), Count(months, len(mine)))


def _income_at_registration(people: People, treated: pd.DataFrame, arms: Arms) -> Iterator[Measure]:
    points = _points(people, treated)
    working, well_paid = (people.at(matrix, points) for matrix in (people.in_work, people.high_income))
    own: Array = treated["arm"].to_numpy(object)
    for arm in arms.treated:
        mine = (own == arm) & working
        column = "i_arbeid_ved_forste_registrering_med_yrkesinntekt_under_3"
        yield share(Place("text", arm, column), (mine & ~well_paid).sum(), mine.sum())
