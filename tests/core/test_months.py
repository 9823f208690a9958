import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.core.months import format_month, month, parse_month, year_of


def test_january_2000_is_month_zero():
    assert month(2000, 1) == 0
    assert month(1999, 12) == -1


@given(st.integers(-1200, 2400))
def test_writing_and_reading_a_month_are_inverse(count):
    assert parse_month(format_month(count)) == count
    assert year_of(count) == int(format_month(count)[:4])


@pytest.mark.parametrize("text", ["2017-13", "2017-00", "201707", "2017-7", "", "2017-07-01"])
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match="YYYY-MM"):
        parse_month(text)
