import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.stages.exhibits.alluvial import order_of_states, stack, state_sizes
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.exhibits.style import spread
from tiltakseffekt.stages.exhibits.tidy import tidy


def flows(*rows):
    columns = ("panel", "row", "column", "value")
    return tidy(dict(zip(columns, row, strict=True)) | {"count": row[3]} for row in rows)


MOVES = flows(
    ("m6", "standard", "standard", 30.0),
    ("m6", "standard", "ikke_registrert", 50.0),
    ("m6", "sykmeldt", "standard", 20.0),
    ("m12", "standard", "standard", 45.0),
    ("m12", "ikke_registrert", "ikke_registrert", 50.0),
)


def test_states_are_as_large_as_the_larger_of_what_comes_and_what_goes():
    assert state_sizes(MOVES) == [
        {"standard": 80, "sykmeldt": 20},
        {"standard": 50, "ikke_registrert": 50},
        {"standard": 45, "ikke_registrert": 50},
    ]
    assert order_of_states(MOVES) == ["standard", "sykmeldt", "ikke_registrert"]


def test_states_are_stacked_with_a_gap_and_absent_ones_take_no_room():
    spans = stack({"b": 20.0, "a": 80.0}, ["a", "x", "b"], 0.01)
    assert spans["a"] == (0, pytest.approx(0.8))
    assert spans["b"] == (pytest.approx(0.87), pytest.approx(1.07))
    assert "x" not in spans


def test_the_note_tells_of_hidden_flows(catalogue, text_of):
    text = text_of("figur-veier-videre")
    hidden = MOVES.assign(text=["", "", "", "", ":"], value=[30.0, 50.0, 20.0, 45.0, None])
    assert draw(hidden, catalogue["figur-veier-videre"], text) != draw(MOVES, catalogue["figur-veier-videre"], text)


@given(st.lists(st.floats(0, 4), max_size=12), st.floats(0.01, 0.3))
def test_places_are_spread_in_order_and_within_limits(wanted, gap):
    placed = spread(wanted, gap, 0.0, 4.0)
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], placed[place]))
    ordered = [placed[place] for place in order]
    assert all(other - one >= gap - 1e-9 for one, other in itertools.pairwise(ordered))
    assert all(-1e-9 <= place <= 4 + 1e-9 for place in placed)


def test_places_far_apart_stay_where_they_are():
    assert spread([3.0, 1.0, 2.0], 0.5, 0.0, 4.0) == [3.0, 1.0, 2.0]
    assert spread([1.0, 1.0], 0.5, 0.0, 4.0) == pytest.approx([0.75, 1.25])
