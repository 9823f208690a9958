import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.documents.audit.intervals import Interval
from tiltakseffekt.documents.audit.linear import ANY, System, exp_range, log_range
from tiltakseffekt.documents.audit.scanning import feasible_interval


def _two_sums() -> System:
    """Two unknowns with sum 10 +- 1 and difference 2 +- 1."""
    system = System({"x": ANY, "y": ANY})
    system.between("sum", {"x": 1, "y": 1}, Interval(9, 11))
    system.between("difference", {"x": 1, "y": -1}, Interval(1, 3))
    return system


def test_the_range_of_an_unknown_rests_on_all_rows() -> None:
    system = _two_sums()
    found = system.range_of({"x": 1})
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(5), pytest.approx(7))


def test_the_solution_lies_in_the_middle_of_the_rows() -> None:
    assert _two_sums().solution() == {"x": pytest.approx(6), "y": pytest.approx(4)}


def test_rows_that_contradict_each_other_are_found_without_the_innocent() -> None:
    system = _two_sums()
    system.between("x", {"x": 1}, Interval(8, 9))
    system.between("elsewhere", {"y": 1}, Interval(0, 9))
    assert not system.feasible()
    assert system.range_of({"x": 1}) is None
    assert system.solution() is None
    assert system.conflict() == ["sum", "difference", "x"]
    exceptions = system.fewest_exceptions()
    assert exceptions is not None and len(exceptions) == 1 and exceptions[0] != "elsewhere"
    assert system.fewest_exceptions(trusted=["sum", "difference"]) == ["x"]
    assert system.fewest_exceptions(trusted=["sum", "difference", "x"]) is None


def test_two_separate_contradictions_cost_two_rows() -> None:
    system = System({"x": ANY, "y": ANY})
    for name in ("x", "y"):
        system.between(f"{name} small", {name: 1}, Interval(0, 1))
        system.between(f"{name} large", {name: 1}, Interval(2, 3))
    exceptions = system.fewest_exceptions(trusted=["x small"])
    assert exceptions is not None and len(exceptions) == 2
    assert "x large" in exceptions


def test_a_system_without_contradiction_has_no_conflict() -> None:
    assert _two_sums().conflict() == []
    assert _two_sums().fewest_exceptions() == []


def test_a_weight_of_no_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="not among the unknowns: z"):
        _two_sums().between("row", {"z": 1}, ANY)


@given(st.floats(1, 1e5), st.floats(0.1, 50), st.floats(1e-6, 10))
def test_products_are_exact_through_their_logarithms(price: float, months: float, step: float) -> None:
    system = System({"price": log_range(Interval(0.9 * price, 1.1 * price)), "months": ANY})
    cost = Interval.around(1.2 * price * months, min(step, price * months))
    system.product("cost", {"price": 1, "months": 1}, 1.2, cost)
    found = system.range_of({"months": 1})
    assert found is not None
    assert exp_range(found).low == pytest.approx(cost.low / (1.2 * 1.1 * price), rel=1e-6)
    assert exp_range(found).high == pytest.approx(cost.high / (1.2 * 0.9 * price), rel=1e-6)


def test_the_feasible_interval_of_a_nonlinear_input_is_scanned() -> None:
    found = feasible_interval(lambda x: 2 <= x * x <= 3, Interval(0, 5))
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(math.sqrt(2)), pytest.approx(math.sqrt(3)))
    assert feasible_interval(lambda x: x > 9, Interval(0, 5)) is None
    assert feasible_interval(lambda x: True, Interval(0, 5)) == Interval(0, 5)
