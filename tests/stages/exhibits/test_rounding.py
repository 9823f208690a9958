"""Rounding before numbers leave: persons behind estimates, numbers that stand elsewhere too, and digits."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.stages.description.cells import COUNTED
from tiltakseffekt.stages.exhibits.rounding import GROWING, drawn_digits, round_counts, round_parts, to_nearest
from tiltakseffekt.stages.exhibits.tidy import tidy


def parts(*rows):
    """Value, unit, count, base."""
    table = pd.DataFrame(rows, columns=["value", "unit", "count", "base"])
    return table["value"], table["unit"], table["count"].astype("Int64"), table["base"].astype("Int64")


def test_persons_are_rounded_to_the_nearest_multiple_and_at_least_it():
    persons = pd.Series([0, 1, 4, 5, 14, 15, 1234, pd.NA], dtype="Int64")
    assert to_nearest(persons, 10).tolist()[:-1] == [0, 10, 10, 10, 10, 20, 1230]
    assert to_nearest(persons, 1).equals(persons)


def test_persons_behind_estimates_are_rounded_and_those_of_numbers_and_shares_are_not():
    data = tidy(
        [
            {"value": 1.2, "unit": "months", "count": 63},
            {"value": 1.2, "unit": "standard_deviations", "count": 63, "base": 127},
            {"value": 63.0, "unit": "persons", "count": 63},
            {"value": 49.6, "unit": "percent", "count": 63, "base": 127},
            {"value": 8.0, "unit": "percent", "count": 63},
            {"value": 8.0, "unit": "percent"},
        ]
    )
    rounded = round_counts(data, 10)
    assert rounded["count"].tolist()[:-1] == [60, 60, 63, 63, 60]
    assert rounded["base"].dropna().tolist() == [130, 127]
    assert round_counts(data, 10, everywhere=True)["count"].dropna().eq(60).all()
    assert round_counts(data, 1).equals(data)


def test_parts_are_as_if_persons_came_in_multiples_and_means_are_as_they_were():
    rounded = round_parts(
        *parts(
            (63.0, "persons", 63, None),
            (315.0, "person_months", 63, None),
            (31.5, "percent", 63, 200),
            (97.5, "percent", 195, 200),
            (100.0, "percent", 7, 7),
            (8.4, "months", 63, 200),
            (8.4, "percent", 63, None),
            (0.0, "percent", 0, 200),
            (np.nan, "persons", 63, None),
        ),
        10,
    )
    assert rounded.tolist()[:-1] == pytest.approx([60, 300, 30, 100, 100, 8.4, 8.4, 0])
    assert np.isnan(rounded.iloc[-1])


def test_what_grows_with_the_persons_is_what_the_description_counts():
    assert set(COUNTED) <= set(GROWING)


def test_a_table_keeps_the_decimals_that_it_prints(catalogue):
    data = tidy([{"value": -1234567.8, "unit": "nok_2022"}, {"value": 1.23456, "se": 0.98765, "unit": "months"}])
    rounded = drawn_digits(data, catalogue["nytte-kostnad"])
    assert rounded["value"].tolist() == [-1235000, 1.2]
    assert rounded["se"].tolist()[1] == 1.0


@pytest.mark.parametrize(
    ("value", "unit", "rounded"),
    [
        (1234.567, "nok_2022", 1235),
        (12.3456, "percent", 12.3),
        (1.23456, "months_per_year", 1.23),
        (0.123456, "months_per_year", 0.1235),
        (-0.00123456, "percent", -0.001235),
        (123_456.0, "persons", 123_456),
        (0.0, "percent", 0.0),
    ],
)
def test_a_figure_keeps_the_decimals_of_the_unit_or_four_digits(value, unit, rounded, catalogue):
    data = tidy([{"value": value, "unit": unit}, {"unit": unit}])
    assert drawn_digits(data, catalogue["figur-maneder-i-arbeid"])["value"].tolist()[0] == rounded


def test_a_mean_and_its_persons_do_not_give_the_sum(catalogue):
    """The attack: a mean with ten digits times the number of persons is a whole number for the right number only."""
    months, persons = 7_213, 1_234
    data = tidy([{"value": months / persons, "unit": "months", "count": persons}])

    def sums(data):
        """Return the numbers of persons near the stated one for which the sum of the months is whole."""
        value, count = data["value"].item(), int(data["count"].item())
        near = range(count - 5, count + 6)
        return [n for n in near if abs(value * n - round(value * n)) < 1e-6]

    assert sums(data) == [persons]
    assert persons not in sums(round_counts(drawn_digits(data, catalogue["figur-varighet-av-lop"]), 10))
