"""Figures of bars that lie: one line per category, its parts behind, below or after each other."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.panels import (
    NUMBERS,
    Field,
    Grid,
    Heading,
    Panel,
    Spacing,
    keys_of,
    least_persons,
    light_grid,
    limits,
    name_rows,
    ordered_keys,
    value_axis,
    zero_line,
)
from tiltakseffekt.stages.exhibits.style import INK, NAV_COLOURS, QUIET, SHADES, SMALL, WIDTH, colour

_STUB: Final = 1.75
_GAP: Final = 0.2
_RIGHT: Final = 0.34
_ROW: Final = 0.165
_LEGEND_LINE: Final = 0.17
#: Most shades from one series to the next.
_LONGEST_STEP: Final = 3
#: Series of a panel up to which its legend has one column, if there are other panels beside it.
_FEW: Final = 4
#: Shades of what adds to the net benefit and what takes from it, and of the low and the high value of a cause.
GAIN: Final = "#2a8f83"
LOSS: Final = "#c4572b"
_LOW, _HIGH = "#8a8a8a", "#0b6fae"


def _shades(series: Sequence[str]) -> list[str]:
    """Return NAV groups in their colours, other series in even steps from dark to light."""
    if set(series) <= set(NAV_COLOURS):
        return [NAV_COLOURS[key] for key in series]
    step = min((len(SHADES) - 1) / max(len(series) - 1, 1), _LONGEST_STEP)
    return [SHADES[round(step * place)] for place in range(len(series))]


def _patches(series: Sequence[str], text: Text) -> list[Patch]:
    shades = _shades(series)
    return [Patch(facecolor=shade, label=text.word(key)) for key, shade in zip(series, shades, strict=True)]


def _rows_of_bars(field: Field, rows: Sequence[str], layout: FigureLayout, text: Text) -> None:
    name_rows(field.axes, rows, text.word, field.first)
    light_grid(field.axes, "x")
    value_axis(field.axes.xaxis, text, layout.decimals, 4 if layout.columns > 1 else 6)


def _size(data: pd.DataFrame, text: Text) -> str:
    """Return what the bars of counts add up to, or how many persons other bars rest on."""
    counted = data["unit"].isin(("persons", "starts")).all()
    behind = data["base"].max() if data["base"].notna().any() else data.drop_duplicates("row")["count"].sum()
    return f"{text.n} = {text.numbers.number(float(data['count'].sum() if counted else behind), 0)}"


def _abreast(series: Sequence[str], layout: FigureLayout, alone: bool) -> int:
    """Return the columns of the legend of a panel."""
    return layout.legend_columns if len(series) > _FEW or alone else 1


def stacked_bars(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a bar per category (``row``), made up of series (``column``), per ``panel``."""
    rows, keys = ordered_keys(data, "row"), keys_of(data, "panel")
    alone = len(keys) == 1
    panels = []
    for key in keys:
        mine = data[data["panel"] == key]
        series = keys_of(mine, "column")
        lines = math.ceil(len(series) / _abreast(series, layout, alone))
        panels.append(Panel(key, mine, _ROW * len(rows), _LEGEND_LINE * lines + (0.06 if alone else 0.4)))
    notes, source = text.foot(data)
    foot = (f"{_size(data, text)}. {notes}" if alone else notes, source)
    spacing = Spacing(left=_STUB, right=_RIGHT, gap=_GAP, below=0.3, foot=0.16)
    grid = Grid(text, foot, panels, min(layout.columns, len(panels)), spacing)
    for field in grid.fields:
        series = keys_of(field.data, "column")
        _rows_of_bars(field, rows, layout, text)
        _stack(field, rows, series)
        _legend_above(field.axes, _patches(series, text), _abreast(series, layout, alone))
        if field.key:
            field.heading(text.word(field.key), _size(field.data, text), Heading(0.17, 0.31))
    grid.title_x(-0.04)
    return grid.sheet.files()


def _stack(field: Field, rows: list[str], series: list[str]) -> None:
    start = pd.Series(0.0, index=rows)
    for key, shade in zip(series, _shades(series), strict=True):
        mine = field.data[field.data["column"] == key]
        values = mine.set_index("row")["value"].reindex(rows).fillna(0.0)
        field.axes.barh(range(len(rows)), values, 0.74, left=start, color=shade, edgecolor="white", linewidth=0.4)
        start = start + values


def _legend_above(axes: Axes, handles: Sequence[Patch], columns: int) -> None:
    spacing: dict[str, Any] = {"borderpad": 0.2, "borderaxespad": 0, "handlelength": 1.0}
    spacing |= {"columnspacing": 0.8, "handletextpad": 0.4, "labelspacing": 0.25}
    place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncol": columns}
    axes.legend(handles=handles, frameon=False, fontsize=SMALL - 0.5, **place, **spacing)


def paired_bars(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a bar per category (``row``) and series (``column``), the series below each other, with their values."""
    rows, series = ordered_keys(data, "row"), keys_of(data, "column")
    notes, source = text.foot(data)
    foot = (f"{_size(data, text)}. {notes}", source)
    spacing = Spacing(left=_STUB, right=_RIGHT, legend=0.24, foot=0.5)
    grid = Grid(text, foot, [Panel("", data, 0.3 * len(rows))], 1, spacing)
    axes = grid.fields[0].axes
    _rows_of_bars(grid.fields[0], rows, layout, text)
    thick = 0.8 / len(series)
    for place, (key, shade) in enumerate(zip(series, _shades(series), strict=True)):
        values = data[data["column"] == key].set_index("row")["value"].reindex(rows)
        at = [row + (place - (len(series) - 1) / 2) * thick for row in range(len(rows))]
        axes.barh(at, values.fillna(0.0), thick * 0.92, color=shade)
        for y, value in zip(at, values, strict=True):
            words = text.missing if math.isnan(value) else text.numbers.number(float(value), 1)
            beside = (0.0 if math.isnan(value) else float(value), y)
            style: dict[str, Any] = {"va": "center", "fontsize": SMALL - 1.5, "color": INK}
            axes.annotate(words, beside, (2, 0), textcoords="offset points", **style)
    grid.sheet.legend(_patches(series, text))
    grid.title_x(0.3)
    return grid.sheet.files()


#: Draws a row of a panel, at its place among so many: field, place, number of rows, value, low and high.
Mark = Callable[[Field, int, int, tuple[float, float, float]], None]


def _amounts(data: pd.DataFrame, layout: FigureLayout, text: Text, mark: Mark) -> Grid:
    """Draw amounts per ``row`` in a field with an axis of its own per measure (``panel``)."""
    stub, row = 1.62, 0.17
    inside = {key: data[data["panel"] == key] for key in ordered_keys(data, "panel")}
    panels = [Panel(key, rows, row * len(rows)) for key, rows in inside.items()]
    spacing = Spacing(left=0.06 + stub, right=0.24, gap=0.16 + stub, head=0.24, below=0.3, foot=0.28)
    grid = Grid(text, text.foot(data), panels, min(layout.columns, len(panels)), spacing)
    for field in grid.fields:
        axes, rows = field.axes, field.data
        axes.set_xlim(limits(rows, 0.05))
        name_rows(axes, keys_of(rows, "row"), text.word, True, SMALL - 1)
        light_grid(axes, "x")
        zero_line(axes)
        value_axis(axes.xaxis, text, layout.decimals, 4)
        axes.tick_params(axis="x", labelsize=SMALL - 1)
        behind = f"{text.n} = {least_persons(rows, text)}"
        name, told = (field.left - stub + 0.04, text.word(field.key)), (field.left + field.width, behind)
        top = field.edge + 0.16
        grid.sheet.write(name[0], top, name[1], fontweight="bold", color=colour(field.key), fontsize=SMALL)
        grid.sheet.write(told[0], top, told[1], ha="right", color=QUIET, fontsize=SMALL - 1)
        for place, (value, low, high) in enumerate(rows[list(NUMBERS)].to_numpy(dtype=float)):
            if not math.isnan(value):
                mark(field, place, len(rows), (value, low, high))
    grid.title_x(0.08, WIDTH / 2)
    return grid


def _fall(field: Field, place: int, rows: int, numbers: tuple[float, float, float]) -> None:
    """Draw what an item adds or takes, and the thin line to the next; the last is what is left."""
    value, low, high = numbers
    last = place == rows - 1
    shade = colour(field.key) if last else GAIN if value >= 0 else LOSS
    field.axes.barh(place, high - low, left=low, color=shade, height=0.62, zorder=2)
    if not last:
        field.axes.plot([high, high], [place, place + 1], color=QUIET, linewidth=0.6, zorder=3)


def _swing(field: Field, place: int, rows: int, numbers: tuple[float, float, float]) -> None:
    """Draw how far from its value a cause moves the net benefit."""
    value, low, high = numbers
    for end, shade in ((low, _LOW), (high, _HIGH)):
        field.axes.barh(place, end - value, left=value, color=shade, height=0.62, zorder=2)


def waterfall(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw what each item (``row``) adds to or takes from the net benefit of a measure (``panel``); the last is it."""
    return _amounts(data, layout, text, _fall).sheet.files()


def tornado(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw how far each cause (``row``) moves the net benefit of a measure (``panel``): its low and its high value."""
    grid = _amounts(data, layout, text, _swing)
    for field in grid.fields:
        for base in field.data["value"].dropna().unique():
            field.axes.axvline(float(base), color=INK, linewidth=0.8, linestyle=(0, (2, 1.5)), zorder=3)
    return grid.sheet.files()
