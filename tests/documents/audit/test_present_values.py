import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.documents.audit.present_values import duration_of, months_until, present_value_of
from tiltakseffekt.stages.cost_benefit.engine import Rates

RATES = Rates(0.04, 0.013, "monthly", 0.2, 1.4, 0.3, 0.11)


def test_two_and_a_half_months_from_the_month_after_the_start() -> None:
    by_hand = 1.04 ** (-1 / 12) + 1.04 ** (-2 / 12) + 0.5 * 1.04 ** (-3 / 12)
    assert present_value_of(RATES, 1)(2.5) == pytest.approx(by_hand)


@given(st.floats(0.1, 120))
def test_the_duration_is_found_again(duration: float) -> None:
    value = present_value_of(RATES, 1)
    assert duration_of(value, value(duration)) == pytest.approx(duration, abs=1e-6)


def test_months_until_the_costs_are_covered() -> None:
    assert months_until(25.0, [10.0] * 5) == 3
    assert math.isinf(months_until(60.0, [10.0] * 5))
