"""Permanent measures change lives as they must, only when they may, and person by person."""

import numpy as np
import pytest

from tiltakseffekt.synthetic.permanent.course import (
    ORDINARY,
    OUTSIDE,
    PREDECESSOR,
    SHELTERED,
    SUBSIDY,
    allowed_from,
    runs,
)
from tiltakseffekt.synthetic.permanent.inputs import MONTHS, NEVER, Core, Lives, People, Spells
from tiltakseffekt.synthetic.permanent.overlay import overlay, rows_before


def years_of(people, person, when):
    return (when - people.birth[person]) // 12


def test_every_kind_of_measure_occurs(laid):
    counts = np.bincount(laid.states.ravel(), minlength=5)
    assert (counts[1:] > 100).all()


def test_nothing_begins_before_it_may(core, laid, parameters):
    lives = core[1]
    person, _, start, _ = runs(laid.states)
    assert (start >= allowed_from(lives, parameters)[person]).all()


def test_untouched_lives_stay_as_they_were(core, laid):
    lives = core[1]
    none = (laid.states == OUTSIDE).all(axis=1)
    assert none.any()
    for before, after in zip(lives, laid.lives, strict=True):
        np.testing.assert_array_equal(before[none], after[none])


def test_months_before_the_first_permanent_measure_stay_as_they_were(core, laid):
    before_any = np.cumsum(laid.states > OUTSIDE, axis=1) == 0
    for before, after in zip(core[1], laid.lives, strict=True):
        np.testing.assert_array_equal(before[before_any], after[before_any])


def test_nobody_is_on_a_measure_after_death_or_emigration(core, laid):
    person, when = np.nonzero(laid.states)
    assert (when < core[0].gone[person]).all()


def test_ages_are_within_their_limits(core, laid, parameters):
    people = core[0]
    for kinds, limits in (
        ((PREDECESSOR, SUBSIDY), parameters.rules.subsidy_ages),
        ((SHELTERED, ORDINARY), (parameters.rules.youngest, parameters.rules.sheltered_last_age)),
    ):
        person, when = np.nonzero(np.isin(laid.states, kinds))
        years = years_of(people, person, when)
        assert years.min() >= limits[0] and years.max() <= limits[1]


def test_the_predecessor_ends_in_2019_and_the_subsidy_begins_in_2016(laid):
    assert np.nonzero(laid.states == SUBSIDY)[1].min() >= 16 * 12
    assert (laid.states[:, : 7 * 12] != PREDECESSOR).all()


def test_with_the_subsidy_one_is_in_work_and_without_full_benefits(laid, g):
    lives, on = laid.lives, laid.states >= PREDECESSOR
    when = np.nonzero(on)[1]
    assert (lives.work[on] == 2).all()
    assert (lives.wage[on] >= g[when] / 12).all()
    assert set(np.unique(lives.group[on])) <= {2, 3}
    assert (lives.group[on] == 3).mean() > 0.95
    assert not lives.social[on].any() and not lives.enrolled[on].any()
    assert (lives.benefit[on & (lives.degree > 0)] == 0).all()


def test_in_vta_one_has_a_small_wage_and_nearly_always_full_disability_benefit(laid, g):
    lives, on = laid.lives, (laid.states == SHELTERED) | (laid.states == ORDINARY)
    when = np.nonzero(on)[1]
    assert (lives.work[on] == 1).all()
    assert (lives.wage[on] > 0).all() and (lives.wage[on] < g[when] / 12).all()
    assert (lives.group[on] == 3).all()
    assert (lives.degree[on] == 100).mean() > 0.9
    assert (lives.benefit[on] == np.where(lives.degree[on] == 100, 0, 1)).all()


def test_measures_of_the_core_do_not_run_beside_permanent_ones(laid):
    for person, start, stop in zip(laid.spells.person, laid.spells.start, laid.spells.stop, strict=True):
        assert (laid.states[person, start : stop + 1] == OUTSIDE).all()


def test_coded_spells_cover_the_states_and_what_runs_beside_lies_inside(laid):
    coded = laid.coded
    covered = np.zeros(laid.states.shape, bool)
    permanent = coded.code < 4
    assert coded.main[permanent].all()
    for person, start, stop in zip(coded.person[permanent], coded.start[permanent], coded.stop[permanent], strict=True):
        covered[person, start : stop + 1] = True
    np.testing.assert_array_equal(covered, laid.states > OUTSIDE)
    beside = ~coded.main
    assert beside.any()
    for person, start, stop in zip(coded.person[beside], coded.start[beside], coded.stop[beside], strict=True):
        assert (laid.states[person, start : stop + 1] == SUBSIDY).all()


def test_measures_after_the_subsidy_follow_it_at_once_and_end_before_anything_permanent(core, laid):
    coded = laid.coded
    after = coded.main & (coded.code >= 4)
    assert after.any()
    for person, start, stop in zip(coded.person[after], coded.start[after], coded.stop[after], strict=True):
        assert laid.states[person, start - 1] == SUBSIDY
        assert (laid.states[person, start : stop + 1] == OUTSIDE).all()
        assert start <= stop < core[0].gone[person]
        assert (laid.lives.group[person, start : stop + 1] == 3).all()


def test_the_same_twice_and_for_persons_alone(core, laid, parameters, weights, g, groups):
    people, lives, spells = core
    some = np.flatnonzero((laid.states > OUTSIDE).any(axis=1))[::-3]
    place = np.full(len(people.number), -1)
    place[some] = np.arange(len(some))
    chosen = place[spells.person] >= 0
    alone = overlay(
        11,
        Core(
            People(*(values[some] for values in people)),
            Lives(*(values[some] for values in lives)),
            Spells(place[spells.person[chosen]], *(values[chosen] for values in spells[1:])),
        ),
        groups,
        g,
        parameters,
        weights,
    )
    np.testing.assert_array_equal(alone.states, laid.states[some])
    for one, all_of_them in zip(alone.lives, laid.lives, strict=True):
        np.testing.assert_array_equal(one, all_of_them[some])
    rate = dict(zip(zip(laid.grants.person, laid.grants.start, strict=True), laid.grants.rate, strict=True))
    assert len(alone.grants.rate) > 10
    for person, start, found in zip(alone.grants.person, alone.grants.start, alone.grants.rate, strict=True):
        assert rate[some[person], start] == found


def life_of(group):
    shape = (1, MONTHS)
    zero = np.zeros(shape, np.uint8)
    return Lives(group[None].astype(np.int8), zero, zero.astype(np.float32), zero.astype(np.int16), *(zero,) * 4)


@pytest.mark.parametrize(
    ("first", "group", "expected"),
    [
        (100, 2, 112),  # a year after the first registration
        (215, 2, 215 + 48),  # in the effect sample: after its follow-up
        (215, 4, 227),  # sykmeldt is no entry into the sample
        (230, 2, 242),  # registered after the sample
    ],
)
def test_waiting_from_the_first_registration(parameters, first, group, expected):
    months = np.full(MONTHS, -1)
    months[first:] = group
    assert allowed_from(life_of(months), parameters).tolist() == [expected]


def test_one_who_comes_back_into_the_sample_waits_too(parameters):
    months = np.full(MONTHS, -1)
    months[50:80] = 3
    months[220:] = 1
    assert allowed_from(life_of(months), parameters).tolist() == [268]
    months[200:] = 1
    assert allowed_from(life_of(months), parameters).tolist() == [62]


def test_one_who_never_registers_never_starts(parameters):
    assert allowed_from(life_of(np.full(MONTHS, -1)), parameters).tolist() == [MONTHS]


def test_stays_of_states():
    states = np.array([[0, 1, 1, 2, 0], [3, 4, 4, 4, 4]], np.int8)
    found = [values.tolist() for values in runs(states)]
    assert found == [[0, 0, 1, 1], [1, 2, 3, 4], [1, 3, 0, 1], [2, 3, 0, 4]]


def test_groups_of_measures_become_rows_of_the_table_of_before():
    assert rows_before(["aft", "jobbklubb", "midl_lonnstilskudd"]).tolist() == [4, 6, 1]


def test_death_ends_a_measure_in_a_hand_made_life(core, laid):
    people = core[0]
    person, _, _, stop = runs(laid.states)
    died = people.gone[person] < NEVER
    assert (stop[died] < people.gone[person][died]).all()
    assert (stop[died] == people.gone[person][died] - 1).any()
