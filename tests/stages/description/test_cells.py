"""Declared cells, each sum computed by hand."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.stages.description.cells import (
    Count,
    Place,
    by_rows,
    cells_of,
    counted,
    number,
    person_months,
    share,
)
from tiltakseffekt.stages.description.people import Points

#: Five moments of three persons, and the sex at each: codes 0 = man, 1 = woman.
POINTS = Points(np.array([0, 0, 1, 2, 2]), np.array([0, 1, 0, 0, 1]))
SEX = {"gruppe_kjonn": np.array([0, 0, 0, 1, 1])}


def sums(measures, row=None):
    table = cells_of("document", measures).set_index("row")
    found = table[["numerator", "denominator", "count", "base"]]
    return list(found.loc[row]) if row else found.to_numpy().tolist()


def test_a_mere_number_is_one_of_persons():
    assert sums([share(Place("exhibit", "row", "column"), 3, 8)]) == [[3, 8, 3, 8]]


def test_a_number_has_no_denominator():
    (found,) = sums([number(Place("exhibit"), Count(7, 2), "starts")])
    assert found[0::2] == [7, 2]
    assert np.isnan(found[1::2]).all()


@pytest.mark.parametrize("person", [np.array([4, 4, 1]), pd.Series(["b", "b", "a"])])
def test_persons_are_counted_once(person):
    assert counted(person) == (3, 2)


def test_months_are_of_those_who_have_one():
    assert person_months(np.array([[True, True], [False, False], [False, True]])) == (3, 2)


def test_without_values_a_row_is_a_share_of_all_points():
    measures = list(by_rows(Place("exhibit", column="column"), POINTS, SEX))
    assert sums(measures, "mann") == [3, 5, 2, 3]
    assert sums(measures, "kvinne") == [2, 5, 1, 3]
    assert {measure.place.row_group for measure in measures} == {"gruppe_kjonn"}


def test_values_are_averaged_within_the_row():
    measures = list(by_rows(Place("exhibit"), POINTS, SEX, np.array([4, 0, 0, 1, 2]), unit="months"))
    assert sums(measures, "mann") == [4, 3, 1, 2]
    assert sums(measures, "kvinne") == [3, 2, 1, 1]


def test_points_of_a_row_can_be_numbered():
    (found,) = (measure for measure in by_rows(Place("e"), POINTS, SEX, unit="starts") if measure.place.row == "mann")
    assert (found.numerator, found.denominator) == ((3, 2), None)
