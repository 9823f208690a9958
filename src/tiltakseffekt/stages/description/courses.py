"""Courses of measures (tiltaksløp): alone, combined, chained. Tabell 4-6 to 4-8 (lines 1613-1713).

A course is a sequence of episodes on measures in which no break holds more than two whole months. It is a combination
when two measures share a month, and a chain when a measure that began later than another also ends later.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.months import year_of
from tiltakseffekt.stages.description.cells import Count, Measure, Place, counted, number, share
from tiltakseffekt.stages.description.people import MEASURE_GROUPS, Array, People
from tiltakseffekt.stages.description.settings import DescriptionSettings
from tiltakseffekt.stages.description.starts import group_months, spread

#: Kinds of courses: whether combined, whether chained.
KINDS: Final = {
    (False, False): "alene",
    (True, False): "tiltakskombinasjon",
    (False, True): "tiltakskjede",
    (True, True): "bade_tiltakskombinasjon_og_kjede",
}
_TRAINING: Final = "arbeidstrening"
#: The printed pairs of Tabell 4-7 and sequences of Tabell 4-8.
_PAIRS: Final = (
    ("arbeidstrening", "tilrettelegging_bedrift"),
    ("midl_lonnstilskudd", "tilrettelegging_bedrift"),
    ("arbeidstrening", "utvidet_oppfolging"),
    ("oppfolging", "utdanning"),
    ("arbeidstrening", "utdanning"),
    ("arbeidstrening", "oppfolging"),
    ("midl_lonnstilskudd", "utvidet_oppfolging"),
    ("midl_lonnstilskudd", "oppfolging"),
    ("tilrettelegging_bedrift", "utdanning"),
    ("amo", "arbeidstrening"),
)
_SEQUENCES: Final = (
    ("arbeidstrening", "midl_lonnstilskudd"),
    ("amo", "arbeidstrening"),
    ("avklaring", "aft"),
    ("avklaring", "arbeidstrening"),
    ("avklaring", "oppfolging"),
    ("jobbklubb", "arbeidstrening"),
    ("oppfolging", "midl_lonnstilskudd"),
    ("arbeidstrening", "amo"),
    ("oppfolging", "arbeidstrening"),
    ("arbeidstrening", "utdanning"),
    ("arbeidstrening", "oppfolging"),
    ("utvidet_oppfolging", "arbeidstrening", "utvidet_oppfolging"),
    ("oppfolging", "arbeidstrening", "oppfolging"),
    ("aft", "oppfolging"),
    ("jobbklubb", "amo"),
)
#: Combinations of 2022 by Arena code (footnote 3, lines 1652-1655): row, codes or group on either side.
_MENTOR: Final = ("MENTOR",)
_HIGHER_EDUCATION: Final = ("HOYEREUTD", "FORSHOYUTD")
_COMBINATIONS_OF_2022: Final = (
    ("midl_lonnstilskudd__og__utvidet_oppfolging", "midl_lonnstilskudd", "utvidet_oppfolging", ()),
    ("arbeidstrening__og__utvidet_oppfolging", "arbeidstrening", "utvidet_oppfolging", ()),
    ("midl_lonnstilskudd__og__mentor", "midl_lonnstilskudd", "tilrettelegging_bedrift", _MENTOR),
    ("arbeidstrening__og__mentor", "arbeidstrening", "tilrettelegging_bedrift", _MENTOR),
    ("hoyere_utdanning__og__oppfolging", "oppfolging", "utdanning", _HIGHER_EDUCATION),
)
#: Rows of numbers by pair and by sequence of measures, whatever is printed: measures joined by a sign.
PAIR, SEQUENCE, JOINED = "tiltakspar", "tiltaksrekke", "+"
#: Columns of Figur 4-8: months on the measure that begins a course, and on others.
FIRST_MEASURE, OTHER_MEASURES = "pa_det_forste_tiltaket", "bare_pa_andre_tiltak"
#: Months from the start of a course in which its months are counted (Figur 4-8, line 1399).
_WITHIN: Final = 24
#: Between the measures of a sequence, and where keys of the codebook are cut.
_THEN: Final = "__til__"
_LONGEST_KEY: Final = 60


def courses_of(people: People, gap: int) -> pd.DataFrame:
    """Return the episodes with the number of their course, sorted by course and start.

    Parameters
    ----------
    people
        The persons of the shard.
    gap
        Whole months without measure that a course may hold.
    """
    episodes = people.episodes
    stop = episodes["stop"].clip(upper=people.months - 1)
    reached = stop.groupby(episodes["person_id"], sort=False).cummax()
    reached = reached.groupby(episodes["person_id"], sort=False).shift()
    new = reached.isna() | (episodes["start"] - reached - 1 > gap)
    return episodes.assign(stop=stop, course=new.cumsum() - 1)


def describe_courses(episodes: pd.DataFrame) -> pd.DataFrame:
    """Return one row per course.

    ``person_id``, ``start`` (column of the first month), ``duration`` (months from the first to the last), ``starts``
    (episodes), ``sequence`` (measures in the order in which they begin, the same one after itself counted once) and its
    ``length``, ``combination``, ``chain``.
    """
    table = episodes.groupby("course", sort=False).agg(
        person_id=("person_id", "first"),
        start=("start", "first"),
        stop=("stop", "max"),
        starts=("start", "size"),
        sequence=("measure", "first"),
    )
    # Most courses are one episode, so that only the others are worth the labour.
    several = episodes.loc[episodes["course"].map(table["starts"]) > 1]
    repeated = (several["measure"] == several["measure"].shift()) & (several["course"] == several["course"].shift())
    measures = several.loc[~repeated].groupby("course", sort=False)["measure"]
    table["sequence"] = measures.agg(_THEN.join).reindex(table.index).fillna(table["sequence"])
    table["length"] = measures.size().reindex(table.index, fill_value=1)
    pairs = _pairs(several)
    table["combination"] = table.index.isin(pairs.loc[pairs["start_b"] <= pairs["stop_a"], "course"])
    later = (pairs["start_b"] > pairs["start_a"]) & (pairs["stop_b"] > pairs["stop_a"])
    table["chain"] = table.index.isin(pairs.loc[later, "course"])
    return table.assign(duration=table["stop"] - table["start"] + 1)


def _pairs(episodes: pd.DataFrame) -> pd.DataFrame:
    """Return each pair of episodes of different measures in one course, the earlier (a) before the later (b)."""
    table = episodes[["course", "measure", "start", "stop"]].assign(place=np.arange(len(episodes)))
    pairs = table.merge(table, on="course", suffixes=("_a", "_b"))
    return pairs.loc[(pairs["place_a"] < pairs["place_b"]) & (pairs["measure_a"] != pairs["measure_b"])]


def measure_courses(people: People, settings: DescriptionSettings) -> Iterator[Measure]:
    """Declare the cells of this family."""
    episodes = courses_of(people, settings.months_between_measures)
    table = describe_courses(episodes)
    first, last = people.column(settings.first_month), people.column(settings.last_month)
    started = table.loc[table["start"].between(first, last)]
    months = _measures_by_month(people)
    yield from _tabell_4_6(people, started, months)
    yield from _tabell_4_7(months.loc[months["month"].between(first, last)])
    yield from _combinations_of_2022(people, months)
    yield from _tabell_4_8(started)
    yield from _figur_4_8(people, episodes.loc[episodes["course"].isin(started.index)], started)
    yield from _supplements(people, settings)


def _tabell_4_6(people: People, started: pd.DataFrame, months: pd.DataFrame) -> Iterator[Measure]:
    exhibit, column, everyone = "tabell-4-6", "antall_tiltakslop", counted(started["person_id"])
    for (combination, chain), row in KINDS.items():
        mine = started.loc[(started["combination"] == combination) & (started["chain"] == chain)]
        of_kind = counted(mine["person_id"])
        months_of_kind = Count(mine["duration"].sum(), of_kind.persons)
        yield number(Place(exhibit, row, column), of_kind, "spells")
        yield share(Place(exhibit, row, column), of_kind, everyone)
        yield share(Place(exhibit, row, "varighet_pa_tiltakslop"), months_of_kind, of_kind, "months")
    yield number(Place(exhibit, "i_alt", column), everyone, "spells")
    for row, flag in (
        ("flere_enn_ett_tiltak", started["combination"] | started["chain"]),
        ("tiltakskjede_i_alt", started["chain"]),
        ("tiltakskombinasjon_i_alt", started["combination"]),
    ):
        yield share(Place(exhibit, row, column), counted(started.loc[flag, "person_id"]), everyone)
    combined = months.loc[months["several"]]
    year = (combined["month"] + people.first) // 12 + year_of(0)
    # The text compares the use "since 2014" without naming the other year: the last of the period of the tables.
    now, then = (combined.loc[year == which, "person"] for which in (2020, 2014))
    yield share(
        Place(exhibit, "tiltakskombinasjon_i_alt", "bruk_relativt_til_2014"), counted(now), counted(then), "ratio"
    )


def _starts(chains: pd.DataFrame) -> Count:
    return Count(chains["starts"].sum(), chains["person_id"].nunique())


def _measures_by_month(people: People) -> pd.DataFrame:
    """Return `group_months` with ``several``: whether the person is on several measures in the month."""
    months = group_months(people)
    return months.assign(several=months.duplicated(["person", "month"], keep=False))


def _tabell_4_7(months: pd.DataFrame) -> Iterator[Measure]:
    """Declare months in which pairs of measures meet; with three measures in a month, three pairs do."""
    exhibit, combined = "tabell-4-7", months.loc[months["several"]]
    pairs = combined.merge(combined, on=["person", "month"], suffixes=("_a", "_b"))
    pairs = pairs.loc[pairs["measure_a"] < pairs["measure_b"]]
    every_pair = counted(pairs["person"])
    for one, other in _PAIRS:
        mine = pairs.loc[(pairs["measure_a"] == one) & (pairs["measure_b"] == other), "person"]
        row = f"{one}__og__{other}"
        yield number(Place(exhibit, row, "antall_tiltaksmaneder"), counted(mine), "person_months")
        yield share(Place(exhibit, row, "andel"), counted(mine), every_pair)
    for pair, mine in pairs.groupby(["measure_a", "measure_b"])["person"]:
        place = Place(exhibit, JOINED.join(map(str, pair)), "antall_tiltaksmaneder", row_group=PAIR)
        yield number(place, counted(mine), "person_months")
    yield number(Place(exhibit, "i_alt", "antall_tiltaksmaneder"), every_pair, "person_months")
    training = combined.loc[combined["measure"] == _TRAINING, "person"]
    yield share(
        Place(exhibit, "arbeidstrening_ett_av_tiltakene", "andel"),
        counted(training),
        Count(len(combined.drop_duplicates(["person", "month"])), every_pair.persons),
    )


def _code_months(people: People) -> pd.DataFrame:
    """Return one row per person, month and Arena code: ``person``, ``month``, ``measure``, ``code``."""
    spells = people.spells
    start = np.maximum(spells["start_month"].to_numpy(np.int64) - people.first, 0)
    last = people.months - 1
    stop = spells["stop_month"].fillna(last + people.first).to_numpy(np.int64) - people.first
    months = spread(
        spells["person_id"].to_numpy(np.int64),
        start,
        np.minimum(stop, last),
        measure=spells["measure"].to_numpy(object),
        code=spells["measure_code"].to_numpy(object),
    )
    return months.drop_duplicates(["person", "month", "code"])


def _in_months(months: pd.DataFrame, of: pd.DataFrame) -> Array:
    """Tell which rows fall in a person-month of the others."""
    keys = pd.MultiIndex.from_frame(of[["person", "month"]])
    return np.asarray(pd.MultiIndex.from_frame(months[["person", "month"]]).isin(keys))


def _combinations_of_2022(people: People, months: pd.DataFrame) -> Iterator[Measure]:
    year = range(people.column("2022-01"), people.column("2022-12") + 1)
    combined = months.loc[months["several"] & months["month"].isin(year)]
    pairs = combined.merge(combined, on=["person", "month"], suffixes=("_a", "_b"))
    pairs = pairs.loc[pairs["measure_a"] < pairs["measure_b"]]
    coded = _code_months(people)
    coded = coded.loc[coded["month"].isin(year)]
    for row, one, other, codes in _COMBINATIONS_OF_2022:
        mine = pairs.loc[(pairs["measure_a"] == one) & (pairs["measure_b"] == other)]
        if codes:
            mine = mine.loc[_in_months(mine, coded.loc[coded["code"].isin(codes)])]
        yield share(Place("tabell-4-7", row, "andel_2022"), counted(mine["person"]), counted(pairs["person"]))


def _tabell_4_8(started: pd.DataFrame) -> Iterator[Measure]:
    """Declare starts in chains by the sequence of measures, as a share of the starts in all chains.

    The text calls the printed shares those of chains, but only starts agree with the printed numbers: the sequences of
    two measures alone would be more chains than Tabell 4-6 has.
    """
    exhibit, chains = "tabell-4-8", started.loc[started["chain"]]
    column, every_start = "antall_oppstartede_tiltak", _starts(chains)
    for sequence in _SEQUENCES:
        key = _THEN.join(sequence)
        row, mine = key[:_LONGEST_KEY], _starts(chains.loc[chains["sequence"] == key])
        yield number(Place(exhibit, row, column), mine, "starts")
        yield share(Place(exhibit, row, "andel"), mine, every_start)
    for name, of_sequence in chains.groupby("sequence"):
        row = str(name).replace(_THEN, JOINED)
        yield number(Place(exhibit, row, column, row_group=SEQUENCE), _starts(of_sequence), "starts")
    yield number(Place(exhibit, "i_alt", column), every_start, "starts")
    length, everyone = started["length"], counted(started["person_id"])
    for row, chosen in (
        ("tiltakskjede_i_alt", length >= 2),
        ("to_tiltak", length == 2),
        ("tre_tiltak", length == 3),
        ("fire_eller_flere_tiltak", length >= 4),
    ):
        mine = counted(started.loc[started["chain"] & chosen, "person_id"])
        yield share(Place(exhibit, row, "andel_av_oppstartede_tiltakslop"), mine, everyone)


def _figur_4_8(people: People, episodes: pd.DataFrame, started: pd.DataFrame) -> Iterator[Measure]:
    """Declare the months on measures within two years of the start of a course, by the measure that begins it.

    A month on the first measure counts as that, whatever runs beside it, and a month on several others counts once.
    """
    begins = episodes.groupby("course", sort=False)[["measure", "start"]].transform("first")
    end = np.minimum(episodes["stop"], begins["start"] + _WITHIN - 1)
    own = (end - episodes["start"] + 1).clip(lower=0).where(episodes["measure"] == begins["measure"], 0)
    first = started["start"].to_numpy(np.int64)
    person, last = started["person_id"].to_numpy(np.int64), np.minimum(started["stop"], first + _WITHIN - 1)
    running = people.measure_months
    table = pd.DataFrame(
        {
            "measure": begins["measure"].groupby(episodes["course"], sort=False).first(),
            FIRST_MEASURE: own.groupby(episodes["course"], sort=False).sum(),
            "all": running[person, last.to_numpy(np.int64) + 1] - running[person, first],
            "person": started["person_id"],
        },
        index=started.index,
    )
    table[OTHER_MEASURES] = table["all"] - table[FIRST_MEASURE]
    for key in MEASURE_GROUPS:
        mine = table.loc[table["measure"] == key]
        begun = counted(mine["person"])
        for column in (FIRST_MEASURE, OTHER_MEASURES):
            yield share(Place("figur-4-8", key, column), Count(mine[column].sum(), begun.persons), begun, "months")


#: Measures whose months the text says are combined with mentor or inkluderingstilskudd (lines 3325-3328).
_SUPPLEMENTED: Final = ("arbeidstrening", "midl_lonnstilskudd", "utdanning")
_SUPPLEMENTS: Final = (("mentor", "MENTOR"), ("inkluderingstilskudd", "INKLUTILS"))


def _supplements(people: People, settings: DescriptionSettings) -> Iterator[Measure]:
    months = _code_months(people)
    first, last = people.column(settings.first_month), people.column(settings.last_month)
    months = months.loc[months["month"].between(first, last)]
    for key in _SUPPLEMENTED:
        mine = months.loc[months["measure"] == key].drop_duplicates(["person", "month"])
        for name, code in _SUPPLEMENTS:
            together = mine.loc[_in_months(mine, months.loc[months["code"] == code])]
            yield share(
                Place("text", key, f"andel_av_tiltaksmanedene_kombinert_med_{name}"),
                counted(together["person"]),
                counted(mine["person"]),
            )
