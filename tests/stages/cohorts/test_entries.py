"""The rules of the cohort on made-up persons: who is in, who is out, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.arms import ARMS

from tiltakseffekt.config.loading import load_configuration
from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.cohorts import schemas
from tiltakseffekt.stages.cohorts.entries import (
    PANEL_COLUMNS,
    TILTAK_COLUMNS,
    EntryShard,
    assign_arms,
    assign_chains,
    build_entries,
)
from tiltakseffekt.stages.cohorts.registration import RULES
from tiltakseffekt.stages.cohorts.settings import CohortSettings

#: January 2018, inside the window July 2017 (210) to December 2018 (227).
R = 216
#: December 2022, the last month of the panel.
END = 275
FIRST, LAST = 210, 227
SETTINGS = CohortSettings(smallest_group=1)
#: The narrower reading of the washout, in which only the four innsatsgrupper count.
NARROW = CohortSettings(smallest_group=1, washout_groups="innsatsgruppe")
VARIANTS = load_configuration(Path(__file__).parents[3] / "config")
CHAIN = "amo_arbeidstrening"
SITUATION, SPECIAL, STANDARD = "situasjonsbestemt", "spesielt_tilpasset", "standard"


@dataclass
class Person:
    """A made-up person; months count from January 2000."""

    groups: dict[int, str] = field(default_factory=dict)
    spells: list[tuple[Any, ...]] = field(default_factory=list)
    tiltakspenger: Iterable[int] = ()
    birth_year: int = 1980


def stay(first: int, last: int, group: str = SITUATION) -> dict[int, str]:
    return dict.fromkeys(range(first, last + 1), group)


def shard(persons: dict[str, Person]) -> EntryShard:
    panel, tiltak = [], []
    for name, person in persons.items():
        on_measure = {m for _, start, stop, *_ in person.spells for m in range(start, min(stop or 275, 275) + 1)}
        paid = set(person.tiltakspenger)
        for month in sorted(set(person.groups) | on_measure | paid):
            panel.append((name, month, person.groups.get(month), month in on_measure, month in paid))
        for measure, start, stop, *main in person.spells:
            tiltak.append((name, measure, start, stop, main[0] if main else True))
    births = [(name, (person.birth_year - 2000) * 12 + 5) for name, person in persons.items()]
    return EntryShard(
        pd.DataFrame(panel, columns=list(PANEL_COLUMNS)).astype(
            {"person_id": "str", "month": "int32", "nav_group": "str", "on_measure": bool, "tiltakspenger": bool}
        ),
        pd.DataFrame(births, columns=["person_id", "birth_month"]).astype({"person_id": "str"}),
        pd.DataFrame(tiltak, columns=list(TILTAK_COLUMNS)).astype(
            {"person_id": "str", "measure": "str", "start_month": "int64", "stop_month": "Int64", "main_measure": bool}
        ),
    )


def run(persons: dict[str, Person], settings: CohortSettings = SETTINGS) -> tuple[pd.DataFrame, pd.DataFrame]:
    entries, attrition = build_entries([shard(persons)], settings, ARMS, END)
    assert not table_faults(entries, schemas.ENTRIES)
    assert not table_faults(attrition, schemas.ATTRITION)
    return entries.set_index("person_id"), attrition.set_index("rule")


def only(person: Person, settings: CohortSettings = SETTINGS) -> pd.Series:
    entries, _ = run({"p": person}, settings)
    assert len(entries) == 1
    return entries.loc["p"]


def lost_at(person: Person, settings: CohortSettings = SETTINGS) -> str | None:
    """Return the rule that leaves a person out, None when the person is in."""
    _, attrition = run({"p": person}, settings)
    out = attrition.index[attrition["left_out"] == 1]
    return None if out.empty else str(out[0])


@pytest.mark.parametrize(
    ("person", "rule"),
    [
        pytest.param(Person(stay(R, R)), None, id="one month of situasjonsbestemt is enough"),
        pytest.param(Person(stay(R, R, SPECIAL)), None, id="spesielt tilpasset enters"),
        pytest.param(Person(), "registrert_i_perioden", id="never registered"),
        pytest.param(Person(stay(FIRST, FIRST)), None, id="first month of the window"),
        pytest.param(Person(stay(LAST, LAST)), None, id="last month of the window"),
        pytest.param(Person(stay(FIRST - 1, FIRST - 1)), "registrert_i_perioden", id="the month before the window"),
        pytest.param(Person(stay(LAST + 1, LAST + 1)), "registrert_i_perioden", id="the month after the window"),
        pytest.param(Person(stay(FIRST - 1, FIRST)), "uten_innsatsgruppe_for", id="registered since before the window"),
        pytest.param(Person(stay(R, R, "varig_tilpasset")), "registrert_i_perioden", id="varig is no entry group"),
        pytest.param(Person(stay(R, R, "sykmeldt")), "registrert_i_perioden", id="sykmeldt is no entry group"),
        pytest.param(
            Person({R: "varig_tilpasset", R + 1: SITUATION}), "uten_innsatsgruppe_for", id="varig blocks what follows"
        ),
        pytest.param(Person({R - 24: STANDARD, R: SITUATION}), "uten_innsatsgruppe_for", id="23 months without"),
        pytest.param(Person({R - 25: STANDARD, R: SITUATION}), None, id="24 months without"),
        pytest.param(Person({R - 26: STANDARD, R: SITUATION}), None, id="25 months without"),
        pytest.param(
            Person(stay(R, R), [("amo", R - 26, R - 24)]), "uten_tiltak_for", id="measure ended 24 months before"
        ),
        pytest.param(Person(stay(R, R), [("amo", R - 26, R - 25)]), None, id="measure ended 25 months before"),
        pytest.param(Person(stay(R, R), [("amo", R - 28, R - 26)]), None, id="measure ended 26 months before"),
        pytest.param(Person(stay(R, R), [("vta", R - 1, None)]), "uten_tiltak_for", id="began a measure just before"),
        pytest.param(Person(stay(R, R), birth_year=2018 - 59), None, id="59 in the year of registration"),
        pytest.param(Person(stay(R, R), birth_year=2018 - 60), "hoyeste_alder", id="60 in the year of registration"),
        pytest.param(Person(stay(R, R + 20, STANDARD)), "standard_byttet", id="standard that never changes"),
        pytest.param(Person({R: STANDARD, R + 1: SITUATION}), None, id="standard that changes at once"),
        pytest.param(Person({R: STANDARD, R + 12: SPECIAL}), None, id="standard that changes after 12 months"),
        pytest.param(
            Person({R: STANDARD, R + 13: SPECIAL}), "standard_byttet", id="standard that changes after 13 months"
        ),
        pytest.param(
            Person({R: STANDARD, R + 1: "varig_tilpasset"}), "standard_byttet", id="standard that changes to varig"
        ),
    ],
)
def test_each_rule_at_its_border(person: Person, rule: str | None) -> None:
    assert lost_at(person) == rule


def variant(name: str) -> CohortSettings:
    """Return the cohort of a variant of the project, with arms of any size."""
    return VARIANTS[f"tiltakseffekter/{name}"].cohorts.model_copy(update={"smallest_group": 1})


@pytest.mark.parametrize(("without", "blocks"), [(11, True), (12, False), (13, False)])
@pytest.mark.parametrize("name", ["washout_12", "aft_sample"])
def test_twelve_months_without_reduced_capacity_and_measure(name: str, without: int, blocks: bool) -> None:
    last = R - without - 1
    for before, rule in (
        (Person({last: SPECIAL, R: SPECIAL}), "uten_innsatsgruppe_for"),
        (Person({last: "varig_tilpasset", R: SPECIAL}), "uten_innsatsgruppe_for"),
        (Person(stay(R, R, SPECIAL), [("amo", last - 2, last)]), "uten_tiltak_for"),
    ):
        assert lost_at(before, variant(name)) == (rule if blocks else None)


@pytest.mark.parametrize("before", [STANDARD, SITUATION, "sykmeldt", "annen_gruppe"])
def test_the_aft_sample_is_entered_from_other_groups(before: str) -> None:
    person = Person(stay(R - 20, R - 1, before) | stay(R, R + 5, SPECIAL), [("aft", R + 11, R + 12)])
    assert lost_at(person) in ("uten_innsatsgruppe_for", "registrert_i_perioden")
    entry = only(person, variant("aft_sample"))
    assert (entry["registration_month"], entry["first_group"], entry["arm"]) == (R, SPECIAL, "aft")


@pytest.mark.parametrize("group", [STANDARD, SITUATION])
def test_the_aft_sample_is_not_entered_by_other_groups(group: str) -> None:
    assert lost_at(Person(stay(R, R + 5, group)), variant("aft_sample")) == "registrert_i_perioden"


@pytest.mark.parametrize(
    ("name", "group"),
    [("group_standard", STANDARD), ("group_situasjonsbestemt", SITUATION), ("group_spesielt", SPECIAL)],
)
def test_each_group_alone(name: str, group: str) -> None:
    for first in keys.ENTRY_GROUPS:
        person = Person({R: first, R + 12: SPECIAL})
        assert lost_at(person, variant(name)) == (None if first == group else "registrert_i_perioden")
    never_changes = Person(stay(R, R + 20, STANDARD))
    assert lost_at(never_changes, variant("group_standard")) == "standard_byttet"


def test_who_comes_from_a_group_that_is_no_entry_group_does_not_enter_later() -> None:
    """Entry by situasjonsbestemt alone does not turn a change of group into a first registration."""
    person = Person(stay(R - 3, R - 1, STANDARD) | stay(R, R + 5))
    assert lost_at(person, variant("group_situasjonsbestemt")) == "uten_innsatsgruppe_for"


@pytest.mark.parametrize(("offset", "arm"), [(0, "amo"), (11, "amo"), (12, "amo"), (23, "amo"), (24, "ikke_tiltak")])
def test_start_within_two_years(offset: int, arm: str) -> None:
    assert only(Person(stay(R, R), [("amo", R + offset, R + offset + 2)]), variant("start_24"))["arm"] == arm


@pytest.mark.parametrize(
    ("month", "rule"), [(191, "registrert_i_perioden"), (192, None), (215, None), (216, "registrert_i_perioden")]
)
def test_registration_from_january_2016_to_december_2017(month: int, rule: str | None) -> None:
    assert lost_at(Person({month: SITUATION}), variant("cohort_2016")) == rule


@pytest.mark.parametrize(("gap", "arm"), [(-2, CHAIN), (0, CHAIN), (1, CHAIN), (2, CHAIN), (3, "amo")])
def test_a_chain_has_at_most_two_whole_months_between(gap: int, arm: str) -> None:
    person = Person(stay(R, R), [("amo", R, R + 3), ("arbeidstrening", R + 4 + gap, R + 9)])
    assert only(person, variant("chains"))["arm"] == arm
    assert only(person)["arm"] == "amo"


@pytest.mark.parametrize(
    ("spells", "arm"),
    [
        pytest.param([("amo", R, R + 3), ("arbeidstrening", R, R + 5)], "amo", id="in the same month"),
        pytest.param([("amo", R, R + 5), ("arbeidstrening", R + 1, R + 5)], "amo", id="not ending later"),
        pytest.param([("amo", R, R + 5), ("arbeidstrening", R + 1, R + 6)], CHAIN, id="ending a month later"),
        pytest.param([("amo", R, None), ("arbeidstrening", R + 1, None)], "amo", id="neither has ended"),
        pytest.param([("amo", R, R + 1), ("amo", R + 3, R + 4)], "amo", id="the same again"),
        pytest.param([("arbeidstrening", R, R), ("aft", R + 1, R + 3)], "arbeidstrening", id="none of the five"),
        pytest.param([("amo", R, R), ("aft", R + 1, R + 3), ("arbeidstrening", R + 2, R + 4)], "amo", id="third"),
        pytest.param([("amo", R + 11, R + 13), ("arbeidstrening", R + 14, R + 15)], CHAIN, id="second after the year"),
        pytest.param([("amo", R + 12, R + 13), ("arbeidstrening", R + 14, R + 15)], "ikke_tiltak", id="too late"),
    ],
)
def test_what_is_a_chain(spells: list[tuple[Any, ...]], arm: str) -> None:
    assert only(Person(stay(R, R), spells), variant("chains"))["arm"] == arm


def test_small_chains_stay_with_their_first_measure() -> None:
    arm = pd.Series(["amo", "amo", "annet", "ikke_tiltak"])
    chain = pd.Series([CHAIN, CHAIN, "avklaring_arbeidstrening", None], dtype="str")
    assert list(assign_chains(arm, chain, 2, ARMS)) == [CHAIN, CHAIN, "annet", "ikke_tiltak"]
    assert list(assign_chains(arm, chain, 3, ARMS)) == list(arm)


@pytest.mark.parametrize("group", keys.NAV_GROUPS)
@pytest.mark.parametrize(("last", "blocks"), [(FIRST - 1, True), (FIRST - 24, True), (FIRST - 25, False)])
def test_which_groups_block_within_the_washout_is_a_setting(group: str, last: int, blocks: bool) -> None:
    person = Person(stay(last - 3, last, group) | stay(FIRST, FIRST))
    blocked = "uten_innsatsgruppe_for" if blocks else None
    assert lost_at(person) == blocked
    assert lost_at(person, NARROW) == (blocked if group in keys.INNSATSGRUPPER else None)


def test_any_nav_group_blocks_unless_said_otherwise() -> None:
    assert CohortSettings().washout_groups == "nav_group"


@pytest.mark.parametrize("before", ["sykmeldt", "annen_gruppe"])
def test_who_comes_from_another_group_in_one_stay_enters_in_the_narrow_reading_only(before: str) -> None:
    person = Person(stay(R - 3, R - 1, before) | stay(R, R + 5, SPECIAL))
    assert lost_at(person) == "uten_innsatsgruppe_for"
    entry = only(person, NARROW)
    assert (entry["registration_month"], entry["first_group"]) == (R, SPECIAL)


def test_measures_block_in_both_readings() -> None:
    person = Person(stay(R, R), [("amo", R - 26, R - 24)])
    assert lost_at(person) == lost_at(person, NARROW) == "uten_tiltak_for"


def test_a_gap_shorter_than_the_washout_makes_no_second_registration() -> None:
    entry = only(Person({FIRST: SITUATION} | stay(FIRST + 12, FIRST + 15, SPECIAL)))
    assert (entry["registration_month"], entry["first_group"]) == (FIRST, SITUATION)


def test_the_first_of_several_registrations_counts_and_its_rules_are_not_tried_on_the_next() -> None:
    short = CohortSettings(washout_months=6, smallest_group=1)
    person = Person({FIRST: SITUATION, FIRST + 10: SPECIAL})
    assert only(person, short)["registration_month"] == FIRST
    standard_first = Person({FIRST: STANDARD, FIRST + 13: SPECIAL})
    assert lost_at(standard_first, short) == "standard_byttet"


@pytest.mark.parametrize(
    ("offset", "arm", "later"),
    [(0, "amo", 0), (11, "amo", 11), (12, "ikke_tiltak", 12), (47, "ikke_tiltak", 47), (48, "ikke_tiltak", None)],
)
def test_start_window(offset: int, arm: str, later: int | None) -> None:
    entry = only(Person(stay(R, R), [("amo", R + offset, R + offset + 2)]))
    assert entry["arm"] == arm
    assert entry["start_offset"] is pd.NA if arm == "ikke_tiltak" else entry["start_offset"] == offset
    assert entry["later_start_offset"] is pd.NA if later is None else entry["later_start_offset"] == later


def test_a_measure_long_before_registration_is_not_the_first_measure() -> None:
    entry = only(Person(stay(R, R), [("aft", R - 40, R - 30), ("amo", R + 3, R + 4)]))
    assert (entry["arm"], entry["start_offset"]) == ("amo", 3)


@pytest.mark.parametrize(
    ("spells", "arm"),
    [
        ([("amo", R + 1, R + 1), ("aft", R + 1, R + 1)], "aft"),
        ([("amo", R + 1, R + 1, True), ("aft", R + 1, R + 1, False)], "amo"),
        ([("amo", R, R, False), ("aft", R + 1, R + 1, True)], "amo"),
    ],
)
def test_measures_that_start_in_the_same_month(spells: list[tuple[Any, ...]], arm: str) -> None:
    assert only(Person(stay(R, R), spells))["arm"] == arm


@pytest.mark.parametrize(("gap", "followed"), [(-1, True), (0, True), (1, True), (2, True), (3, False)])
@pytest.mark.parametrize("measure", ["aft", "vta"])
def test_chain_of_at_most_two_whole_months(gap: int, followed: bool, measure: str) -> None:
    entry = only(Person(stay(R, R), [("amo", R, R + 3), (measure, R + 4 + gap, R + 9)]))
    assert entry["followed_by_measure"] == followed


def test_a_measure_that_starts_in_the_same_month_or_before_does_not_follow() -> None:
    assert not only(Person(stay(R, R), [("aft", R, R + 3), ("amo", R, R + 9)]))["followed_by_measure"]


@pytest.mark.parametrize(("stop", "followed"), [(R + 2, False), (R + 3, False), (R + 4, True), (None, True)])
def test_a_measure_that_began_beside_the_first_follows_when_it_goes_on_after_it(
    stop: int | None, followed: bool
) -> None:
    entry = only(Person(stay(R, R), [("aft", R, R + 3), ("amo", R + 1, stop)]))
    assert entry["followed_by_measure"] == followed


def test_a_measure_inside_the_first_does_not_hide_the_one_that_follows() -> None:
    spells = [("aft", R, R + 3), ("vta", R + 1, R + 2), ("aft", R + 5, R + 6), ("amo", R + 6, R + 7)]
    assert only(Person(stay(R, R), spells))["followed_by_measure"]
    assert not only(Person(stay(R, R), spells[:-1]))["followed_by_measure"]


@pytest.mark.parametrize(("second", "duration"), [(R + 3, 6), (R + 4, 6), (R + 5, 4)])
def test_spells_of_one_group_that_touch_are_one_episode(second: int, duration: int) -> None:
    entry = only(Person(stay(R, R), [("amo", R, R + 3), ("amo", second, R + 5)]))
    assert (entry["followed_by_measure"], entry["duration"]) == (False, duration)


def test_an_episode_inside_a_longer_one_does_not_shorten_it() -> None:
    entry = only(Person(stay(R, R), [("amo", R, R + 9), ("amo", R + 1, R + 2), ("amo", R + 8, R + 11)]))
    assert entry["duration"] == 12


@pytest.mark.parametrize(
    ("stop", "duration"),
    [(R + 2, 1), (R + 26, 25), (END - 1, 57), (END, 58), (END + 1, 58), (None, 58)],
)
def test_duration_until_the_panel_ends(stop: int | None, duration: int) -> None:
    """The measure begins in March 2018, 58 months before the panel ends with December 2022."""
    entry = only(Person(stay(R, R), [("amo", R + 2, stop)], tiltakspenger=range(R - 9, 276)))
    assert (entry["duration"], entry["tiltakspenger_months"]) == (duration, duration)


def test_tiltakspenger_only_during_the_measure() -> None:
    entry = only(Person(stay(R, R), [("amo", R + 2, R + 4)], tiltakspenger=[R + 1, R + 2, R + 4, R + 5]))
    assert entry["tiltakspenger_months"] == 2


def test_group_in_the_month_of_the_start() -> None:
    spells = [("amo", R + 2, R + 4)]
    assert only(Person(stay(R, R + 1) | {R + 2: SPECIAL}, spells))["group_at_start"] == SPECIAL
    assert pd.isna(only(Person(stay(R, R + 1), spells))["group_at_start"])


def test_controls_have_no_start() -> None:
    entry = only(Person(stay(R, R + 5)))
    assert entry["arm"] == keys.CONTROL
    assert pd.isna(entry["start_offset"]) and pd.isna(entry["group_at_start"])
    assert (entry["duration"], entry["tiltakspenger_months"], entry["followed_by_measure"]) == (0, 0, False)


def test_small_and_other_measures_are_collected() -> None:
    measure = pd.Series(["amo"] * 3 + ["aft"] * 2 + ["vta"] * 5 + [None], dtype="str")
    assert list(assign_arms(measure, 3, ARMS)) == ["amo"] * 3 + ["annet"] * 7 + ["ikke_tiltak"]
    assert list(assign_arms(measure, 4, ARMS)) == ["annet"] * 10 + ["ikke_tiltak"]


def test_group_size_counts_over_all_shards() -> None:
    parts = [shard({f"{n}": Person(stay(R, R), [("amo", R, R)])}) for n in range(2)]
    entries, attrition = build_entries(parts, CohortSettings(smallest_group=2), ARMS, END)
    assert list(entries["arm"]) == ["amo", "amo"]
    assert list(attrition["remaining"]) == [2] * len(RULES)


def test_nobody_at_all() -> None:
    entries, attrition = run({})
    assert entries.empty
    assert not attrition["remaining"].any()


@st.composite
def populations(draw: st.DrawFn) -> dict[str, Person]:
    stays = st.tuples(st.integers(180, 250), st.integers(0, 14), st.sampled_from(keys.NAV_GROUPS))
    spell = st.tuples(st.sampled_from(("amo", "aft", "vta")), st.integers(180, 290), st.integers(0, 8), st.booleans())
    persons = {}
    for name in range(draw(st.integers(1, 6))):
        groups: dict[int, str] = {}
        for start, length, what in draw(st.lists(stays, max_size=4)):
            groups |= stay(start, start + length, what)
        spells = [(m, start, start + length, main) for m, start, length, main in draw(st.lists(spell, max_size=3))]
        persons[f"p{name}"] = Person(groups, spells, birth_year=draw(st.integers(1950, 2003)))
    return persons


def by_hand(person: Person, washout: Iterable[str]) -> tuple[int, int | None] | None:
    """Registration month and start month by plain loops over the calendar; None when not in the cohort."""
    on_measure = {m for _, start, stop, _ in person.spells for m in range(start, stop + 1)}
    for r in range(FIRST, LAST + 1):
        before = range(r - 24, r)
        blocked = any(person.groups.get(m) in washout or m in on_measure for m in before)
        if person.groups.get(r) not in keys.ENTRY_GROUPS or blocked:
            continue
        if 2000 + r // 12 - person.birth_year > 59:
            return None
        if person.groups[r] == STANDARD and not any(
            person.groups.get(m) in (SITUATION, SPECIAL) for m in range(r + 1, r + 13)
        ):
            return None
        starts = [start for _, start, _, _ in person.spells if r <= start < r + 12]
        return r, min(starts, default=None)
    return None


@hypothesis_settings(max_examples=60, deadline=None)
@given(populations(), st.sampled_from([(SETTINGS, keys.NAV_GROUPS), (NARROW, keys.INNSATSGRUPPER)]))
def test_agrees_with_plain_loops(persons: dict[str, Person], reading: tuple[CohortSettings, tuple[str, ...]]) -> None:
    settings, washout = reading
    entries, attrition = run(persons, settings)
    expected = {name: by_hand(person, washout) for name, person in persons.items()}
    assert set(entries.index) == {name for name, entry in expected.items() if entry}
    for name, entry in entries.iterrows():
        registration, start = expected[str(name)] or (None, None)
        assert entry["registration_month"] == registration
        assert (entry["arm"] == keys.CONTROL) == (start is None)
        if start is not None:
            assert entry["start_offset"] == start - entry["registration_month"]
    assert (attrition["left_out"] >= 0).all()
    assert attrition["left_out"].sum() + len(entries) == len(persons)
    assert attrition["remaining"].iloc[-1] == len(entries)


@hypothesis_settings(max_examples=20, deadline=None)
@given(populations(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(persons: dict[str, Person], seed: int) -> None:
    given_order = shard(persons)
    generator = np.random.default_rng(seed)
    shuffled = EntryShard(*(t.iloc[generator.permutation(len(t))].reset_index(drop=True) for t in given_order))
    tables = (build_entries([order], SETTINGS, ARMS, END) for order in (given_order, shuffled))
    for left, right in zip(*tables, strict=True):
        pd.testing.assert_frame_equal(left, right)
