import pandas as pd
from pandas.testing import assert_frame_equal

from tiltakseffekt.stages.exhibits.tidy import read_tidy, tidy, write_tidy


def test_tidy_data_survive_the_file(tmp_path):
    data = tidy(
        [
            {"row": "aft", "value": 1 / 3, "count": 12, "base": 100, "total": True, "unit": "percent"},
            {"row": "n", "text": "NA", "x": -3.0},
        ]
    )
    write_tidy(data, tmp_path / "data.csv")
    read = read_tidy(tmp_path / "data.csv")
    assert_frame_equal(read, data, rtol=1e-9)
    assert pd.isna(read.loc[1, "count"])
    assert read.loc[1, "text"] == "NA"


def test_reading_and_writing_again_gives_the_same_bytes(tmp_path):
    write_tidy(tidy([{"value": 0.1 + 0.2, "count": 3}]), tmp_path / "a" / "data.csv")
    write_tidy(read_tidy(tmp_path / "a" / "data.csv"), tmp_path / "b" / "data.csv")
    assert (tmp_path / "a" / "data.csv").read_bytes() == (tmp_path / "b" / "data.csv").read_bytes()


def test_a_cell_that_says_nothing_of_totals_is_none():
    assert tidy([{"total": True}, {}])["total"].tolist() == [True, False]


def test_data_without_rows_are_read():
    assert len(tidy([])) == 0


def test_an_empty_file_is_read(tmp_path):
    write_tidy(tidy([]), tmp_path / "data.csv")
    assert read_tidy(tmp_path / "data.csv").empty
