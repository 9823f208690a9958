"""How a parameter follows what numbers lack, on made-up numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.laboratory.fitting.moves import Lack, Step, lack, make_whole
from tiltakseffekt.laboratory.fitting.numbers import Cell, Numbers

SHARE, MANY = Cell("tabell", "", "a", "b"), Cell("tabell", "", "a", "b", "persons")


def numbers(printed, found, cell=SHARE):
    return Numbers({cell: printed}, {} if found is None else {cell: found}, None)


def moved(value, step, given_numbers, size=1.0):
    content = {"x": {"y": {"a": 0, "b": value}}}
    step.take(content, given_numbers, size)
    return content["x"]["y"]["b"]


def step(*lacks, bounds=(0.0, 1e6), **choices):
    return Step(("x", "y", "b"), lacks, bounds, **choices)


def test_a_parameter_grows_as_its_number_is_short():
    assert moved(4.0, step(lack(MANY)), numbers(200, 100, MANY)) == pytest.approx(8, rel=1e-4)
    assert moved(4.0, step(lack(MANY)), numbers(200, 100, MANY), 0.5) == pytest.approx(4 * 2**0.5, rel=1e-4)
    assert moved(4.0, step(lack(MANY), power=0.5), numbers(200, 100, MANY)) == pytest.approx(4 * 2**0.5, rel=1e-4)


def test_it_falls_where_it_lowers_the_number():
    assert moved(4.0, step(lack(MANY, -1)), numbers(200, 100, MANY)) == pytest.approx(2, rel=1e-4)


def test_several_lacks_are_multiplied_by_their_weights():
    given_numbers = Numbers({SHARE: 40, MANY: 100}, {SHARE: 10, MANY: 200}, None)
    assert moved(1.0, step(lack(SHARE, 0.5), lack(MANY)), given_numbers) == pytest.approx(1, rel=2e-3)


def test_a_sum_of_cells_and_a_part_of_it():
    given_numbers = Numbers({SHARE: 30, MANY: 10}, {SHARE: 15, MANY: 5}, None)
    assert moved(1.0, step(Lack((SHARE, MANY))), given_numbers) == pytest.approx(2, rel=2e-3)
    assert moved(1.0, step(Lack((SHARE, MANY), part=0.5)), given_numbers) == pytest.approx(1, rel=2e-3)


def test_odds_and_the_rest_to_a_hundred():
    odds = step(lack(SHARE, 1, "odds"), limit=100)
    assert moved(1.0, odds, numbers(75, 25)) == pytest.approx(9)
    assert moved(1.0, step(lack(SHARE, 1, "rest")), numbers(20, 60)) == pytest.approx(2, rel=1e-3)


def test_logarithms_are_moved_by_addition_and_shares_by_their_odds():
    assert moved(-3.0, step(lack(MANY), bounds=(-9, 9), scale="log"), numbers(200, 100, MANY)) == pytest.approx(
        -3 + np.log(2), rel=1e-4
    )
    assert moved(50.0, step(lack(MANY), bounds=(0, 100), scale="odds"), numbers(200, 100, MANY)) == pytest.approx(
        200 / 3, rel=1e-4
    )


def test_nobody_measured_moves_nothing():
    assert moved(4.0, step(lack(SHARE)), numbers(50, None)) == 4
    assert moved(4.0, step(lack(SHARE)), numbers(50, np.nan)) == 4


def test_a_number_that_is_not_printed_is_an_error():
    with pytest.raises(KeyError):
        moved(4.0, step(lack(MANY)), numbers(50, 40))


def test_a_zero_is_a_rule_and_stays():
    assert moved(0.0, step(lack(SHARE), bounds=(0.1, 1)), numbers(50, 10)) == 0


@given(
    st.floats(0.01, 100), st.floats(0, 100), st.floats(0, 100), st.floats(0.01, 1), st.sampled_from(["factor", "odds"])
)
def test_a_step_keeps_bounds_and_limit_and_goes_the_right_way(value, printed, found, size, scale):
    one = step(lack(SHARE), bounds=(0.01, 100), scale=scale, limit=1.6)
    after = moved(value, one, numbers(printed, found), size)
    assert 0.01 <= after <= 100
    assert (after - value) * (printed - found) >= -1e-9
    if scale == "factor":
        assert abs(np.log(after / value)) <= np.log(1.6) * size + 1e-9


def test_shares_are_made_whole_whatever_holds_them():
    content = {
        "rows": {"x": {"a": 1.0, "b": 3.0}, "y": {"a": 2.0, "b": 2.0}},
        "names": {"a": 2.0, "b": 6.0},
        "table": {"a": {"x": 1.0}, "b": {"x": 4.0}},
    }
    for place in (("rows", "x"), ("names",), ("table",)):
        make_whole(content, place)
    assert content == {
        "rows": {"x": {"a": 25.0, "b": 75.0}, "y": {"a": 2.0, "b": 2.0}},
        "names": {"a": 25.0, "b": 75.0},
        "table": {"a": {"x": 20.0}, "b": {"x": 80.0}},
    }
