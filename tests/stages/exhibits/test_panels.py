import pandas as pd
import pytest

from tiltakseffekt.stages.exhibits.panels import (
    Grid,
    Heading,
    Panel,
    Spacing,
    keys_of,
    least_persons,
    limits,
    ordered_keys,
    panels_of,
)
from tiltakseffekt.stages.exhibits.style import WIDTH
from tiltakseffekt.stages.exhibits.tidy import tidy

SPACING = Spacing(left=0.6, right=0.1, gap=0.2, head=0.3, below=0.15, legend=0.25, foot=0.5)


@pytest.fixture
def text(text_of):
    return text_of("figur-maneder-i-arbeid")


def grid_of(text, heights, columns, heads=()):
    heads = heads or [None] * len(heights)
    panels = [
        Panel(f"p{n}", tidy([]), height, head) for n, (height, head) in enumerate(zip(heights, heads, strict=True))
    ]
    return Grid(text, (), panels, columns, SPACING)


def test_fields_stand_in_lines_under_their_heads(text):
    grid = grid_of(text, [1.0] * 5, 2)
    width = (WIDTH - 0.6 - 0.1 - 0.2) / 2
    assert [field.left for field in grid.fields] == pytest.approx([0.6, 0.8 + width] * 2 + [0.6])
    assert [field.top for field in grid.fields] == pytest.approx([0.55, 0.55, 2.0, 2.0, 3.45])
    assert grid.bottom == pytest.approx(0.25 + 3 * 1.45)
    assert grid.sheet.field == pytest.approx(grid.bottom + 0.5)


def test_a_line_is_as_high_as_its_highest_field_and_its_largest_head(text):
    grid = grid_of(text, [1.0, 2.0, 0.5], 2, [0.1, 0.4, None])
    assert [field.edge for field in grid.fields] == pytest.approx([0.25, 0.25, 0.25 + 0.4 + 2.0 + 0.15])
    assert [field.top for field in grid.fields] == pytest.approx([0.65, 0.65, 2.8 + 0.3])


def test_only_the_first_of_a_line_and_the_lowest_of_a_column_carry_their_axes(text):
    grid = grid_of(text, [1.0] * 5, 3)
    assert [field.first for field in grid.fields] == [True, False, False, True, False]
    assert [field.lowest for field in grid.fields] == [False, False, True, True, True]


def test_axes_lie_where_the_field_says(text):
    field = grid_of(text, [1.0] * 3, 2).fields[1]
    box = field.axes.get_position()
    assert box.width * WIDTH == pytest.approx(field.width)
    assert box.x0 * WIDTH == pytest.approx(field.left)
    assert box.height * field.sheet.height == pytest.approx(1.0)


@pytest.mark.parametrize(("told", "left"), [(0.29, True), (0.14, False)])
def test_what_is_told_stands_below_the_name_or_at_the_right_of_its_line(text, told, left):
    field = grid_of(text, [1.0], 1).fields[0]
    field.heading("name", "n = 40", Heading(0.14, told))
    below = field.sheet.figure.texts[-1]
    assert below.get_text() == "n = 40"
    assert below.get_position()[0] * WIDTH == pytest.approx(field.left if left else field.left + field.width)


def test_keys_come_in_the_order_of_the_data_or_of_the_report():
    data = tidy([{"panel": key} for key in ("noe_annet", "utdanning", "aft")])
    assert keys_of(data, "panel") == ["noe_annet", "utdanning", "aft"]
    assert ordered_keys(data, "panel") == ["aft", "utdanning", "noe_annet"]
    assert [panel.data["panel"].tolist() for panel in panels_of(data, ["aft"], 1.0)] == [["aft"]]


def test_an_axis_holds_zero_and_every_interval_with_room_beside():
    assert limits(tidy([{"value": 2.0, "low": 1.0, "high": 10.0}])) == pytest.approx((-0.6, 10.6))
    assert limits(tidy([{"value": -5.0}]), 0.1) == pytest.approx((-5.5, 0.5))
    assert limits(tidy([{"value": float("nan")}])) == (-1.0, 1.0)


def test_the_fewest_persons_behind_a_field_are_told(text):
    data = tidy([{"count": 1_400}, {"count": 60}, {"count": pd.NA}])
    assert least_persons(data, text) == "60"
    assert least_persons(data.iloc[2:], text) == text.missing
