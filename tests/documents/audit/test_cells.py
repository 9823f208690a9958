import pandas as pd
import pytest

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.documents.audit.cells import read_cells
from tiltakseffekt.documents.audit.intervals import Interval

COLUMNS = ["exhibit", "panel", "row", "row_group", "column", "value", "unit", "population", "kind", "line", "note"]


def _published() -> pd.DataFrame:
    rows = [
        ["tabell-1", "", "A", "", "Pris", "18700", "nok", "", "table", "7", ""],
        ["tabell-1", "", "B", "", "Pris", "10000", "nok", "", "table", "8", ""],
        ["tabell-1", "", "A", "", "Pris", "18800", "nok", "", "prose", "9", ""],
        ["tabell-1", "", "A", "", "Nytte", "Negativ", "text", "", "table", "7", ""],
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_cells_know_their_line_and_how_far_they_were_rounded() -> None:
    cells = read_cells(_published())
    assert cells["tabell-1|B|Pris"].line == 8
    assert cells["tabell-1|B|Pris"].interval == Interval(9950, 10050)
    assert cells["tabell-1|A|Nytte"].words == "Negativ"


def test_a_place_that_is_printed_twice_has_two_cells() -> None:
    cells = read_cells(_published())
    assert (cells["tabell-1|A|Pris"].value, cells["tabell-1|A|Pris|prose"].value) == (18700, 18800)


def test_steps_may_be_given_for_a_cell_or_a_column() -> None:
    cells = read_cells(_published(), {"tabell-1|Pris": 10, "tabell-1|A|Pris": 1})
    assert (cells["tabell-1|A|Pris"].step, cells["tabell-1|B|Pris"].step) == (1, 10)


def test_a_step_for_no_cell_is_refused() -> None:
    with pytest.raises(FaultsFound, match="a step is given for a cell that is not printed"):
        read_cells(_published(), {"tabell-2|Pris": 10})


def test_an_unknown_cell_is_named_in_one_sentence() -> None:
    with pytest.raises(FaultsFound, match=r"tabell-1\|C\|Pris: no such cell is printed"):
        read_cells(_published())["tabell-1|C|Pris"]
