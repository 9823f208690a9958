import pytest

from tiltakseffekt.stages.exhibits.numbers import MINUS, NO_BREAK_SPACE, NumberFormat

NORWEGIAN = NumberFormat(",", NO_BREAK_SPACE, {"nok_2022": -2})
ENGLISH = NumberFormat(".", ",", {})


@pytest.mark.parametrize(
    ("value", "decimals", "norwegian", "english"),
    [
        (1234567.891, 2, f"1{NO_BREAK_SPACE}234{NO_BREAK_SPACE}567,89", "1,234,567.89"),
        (-0.04, 1, "0,0", "0.0"),
        (-0.5, 1, f"{MINUS}0,5", f"{MINUS}0.5"),
        (999.5, 0, f"1{NO_BREAK_SPACE}000", "1,000"),
    ],
)
def test_numbers_are_written_as_the_language_does(value, decimals, norwegian, english):
    assert NORWEGIAN.number(value, decimals) == norwegian
    assert ENGLISH.number(value, decimals) == english


def test_decimals_follow_the_unit_and_the_catalogue():
    assert NORWEGIAN.cell(16.72, "percent") == f"16,7{NO_BREAK_SPACE}%"
    assert NORWEGIAN.cell(1.234, "months_per_year") == "1,23"
    assert NORWEGIAN.cell(-239449.0, "nok_2022") == f"{MINUS}239{NO_BREAK_SPACE}400"
    assert ENGLISH.cell(-239449.0, "nok_2022") == f"{MINUS}239,449"
