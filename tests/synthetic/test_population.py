"""Who the persons are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.core.keys import NAV_GROUPS
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.municipalities import draw_municipalities
from tiltakseffekt.synthetic.parameters import RESIDENCE_BEGINS
from tiltakseffekt.synthetic.population import NEVER, between, choose, draw_persons, registration_weights

SEED = 3


@pytest.fixture(scope="module")
def places(parameters, codebooks):
    return draw_municipalities(SEED, parameters, codebooks)


@pytest.fixture(scope="module")
def persons(parameters, places):
    return draw_persons(SEED, np.arange(50_000), 0, parameters, places)


def near(found, share, count):
    return np.abs(found - share) < 5 * np.sqrt(share * (1 - share) / count) + 1e-9


def test_choice_follows_the_weights_of_the_row():
    draws = (np.arange(1000) + 0.5) / 1000
    first = choose(draws, np.array([[1.0, 0, 0], [0, 1, 3]]), np.zeros(1000, int))
    second = choose(draws, np.array([[1.0, 0, 0], [0, 1, 3]]), np.ones(1000, int))
    assert (first == 0).all()
    assert np.bincount(second).tolist() == [0, 250, 750]


@given(st.integers(-5, 5), st.integers(0, 9), st.floats(0, 1, exclude_max=True))
def test_numbers_between_are_in_the_span(first, length, draw):
    value = between(np.array([draw]), (first, first + length))[0]
    assert first <= value <= first + length


def test_a_person_is_the_same_alone_and_among_others(parameters, places, persons):
    alone = draw_persons(SEED, np.array([77]), 0, parameters, places)
    for name in ("entry", "birth", "died", "emigrated", "office", "education"):
        assert getattr(alone, name)[0] == getattr(persons, name)[77], name
    assert draw_persons(SEED, np.array([77]), 1, parameters, places).key != alone.key


def test_persons_are_composed_by_group_as_the_parameters_say(parameters, persons):
    fitted, count = parameters.fitted, len(persons)
    shares = array(fitted.first_group) / sum(fitted.first_group.values())
    assert near(np.bincount(persons.entry_group, minlength=6) / count, shares, count).all()
    for place, group in enumerate(NAV_GROUPS):
        rows = persons.entry_group == place
        for values, weights in (
            (persons.female, np.array([100 - fitted.women[group], fitted.women[group]])),
            (persons.age_group, array(fitted.age[group])),
            (persons.landgruppe, array(fitted.landgruppe[group])),
        ):
            share = weights / weights.sum()
            assert near(np.bincount(values[rows], minlength=len(share)) / rows.sum(), share, rows.sum()).all()


def test_months_of_registration_follow_their_weights(parameters, persons):
    weights = registration_weights(parameters.population)
    share = weights / weights.sum()
    assert near(np.bincount(persons.entry, minlength=len(share)) / len(persons), share, len(persons)).all()


def test_what_happens_to_a_person_happens_in_order(parameters, persons):
    age = persons.entry // 12 - persons.birth // 12
    first, last = array(parameters.population.ages).T
    assert ((age >= first[persons.age_group]) & (age <= last[persons.age_group])).all()
    foreign = persons.landgruppe > 0
    assert ((persons.immigrated == NEVER) == ~foreign).all()
    assert (persons.immigrated[foreign] >= persons.birth[foreign]).all()
    assert (persons.immigrated[foreign] < persons.entry[foreign]).all()
    assert (persons.died > persons.entry).all()
    assert (persons.emigrated >= persons.entry + 12).all()
    both = (persons.died < NEVER) & (persons.emigrated < NEVER)
    assert (persons.emigrated <= persons.died)[both].all()
    moves = persons.moved < NEVER
    assert (persons.moved[moves] >= RESIDENCE_BEGINS).all()
    assert (persons.municipality_at(np.maximum(persons.moved - 1, 0)) == persons.municipality)[moves].all()
    assert (persons.municipality_at(persons.moved) == persons.municipality_after).all()


def test_more_die_with_age(persons):
    old = persons.age_group >= 4
    assert (persons.died[old] < NEVER).mean() > 2 * (persons.died[~old] < NEVER).mean()


def test_municipalities_do_not_depend_on_persons_and_have_offices(parameters, codebooks, places):
    again = draw_municipalities(SEED, parameters, codebooks)
    assert (again.unemployment == places.unemployment).all()
    assert places.weight.sum() == pytest.approx(1)
    low, high = parameters.municipalities.unemployment_limits
    assert places.unemployment.min() >= low and places.unemployment.max() <= high
    assert len(set(places.office_numbers)) == len(places.number) * places.offices == len(places.office_shift)
