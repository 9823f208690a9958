import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.documents.audit.formulas import Formula, Name, Number, total
from tiltakseffekt.documents.audit.intervals import Interval

NUMBERS = st.floats(-1e6, 1e6)


@st.composite
def _intervals(draw: st.DrawFn) -> tuple[Interval, float]:
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    return Interval(low, high), draw(st.floats(low, high))


def test_a_printed_number_may_lie_half_a_step_to_each_side() -> None:
    assert Interval.around(239400, 100) == Interval(239350, 239450)


def test_an_interval_with_its_ends_in_the_wrong_order_is_refused() -> None:
    with pytest.raises(ValueError, match="ends where it begins"):
        Interval(2, 1)


def test_division_by_what_may_be_zero_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        Interval(1, 2) / Interval(-1, 1)


@given(_intervals(), _intervals())
def test_intervals_hold_what_their_members_give(a: tuple[Interval, float], b: tuple[Interval, float]) -> None:
    (wide_a, x), (wide_b, y) = a, b
    assert (wide_a + wide_b).contains(x + y)
    assert (wide_a - wide_b).contains(x - y)
    assert (wide_a * wide_b).contains(x * y)
    assert (-wide_a).contains(-x)


@given(_intervals(), _intervals())
def test_formulas_over_intervals_hold_their_value_at_every_point(
    a: tuple[Interval, float], b: tuple[Interval, float]
) -> None:
    (wide_a, x), (wide_b, y) = a, b
    rule: Formula = total([2 * Name("a") * Name("b"), 3 - Name("a"), Name("b").through(lambda v: v**3 / 1e9)])
    assert rule.names() == {"a", "b"}
    assert rule.over({"a": wide_a, "b": wide_b}).contains(rule.at({"a": x, "b": y}))


def test_a_formula_is_computed_at_a_point() -> None:
    rule = 1.2 * Name("price") * Name("months") / 2 - Number(10)
    assert rule.at({"price": 100, "months": 3}) == pytest.approx(170)
    assert (-rule).at({"price": 100, "months": 3}) == pytest.approx(-170)
