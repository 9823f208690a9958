"""Drawing: tidy data, catalogue entry and words in, figure out. Pure, and the same bytes every time."""

import math
from collections.abc import Callable
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, MultipleLocator, NullLocator

from tiltakseffekt.stages.exhibits.alluvial import alluvial
from tiltakseffekt.stages.exhibits.bars import paired_bars, stacked_bars
from tiltakseffekt.stages.exhibits.bounds import bound_panels
from tiltakseffekt.stages.exhibits.calendar import calendar_lines, calendar_panels
from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.gain_panels import gain_panels
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.love import love_plot
from tiltakseffekt.stages.exhibits.profitability import profitability, tornado, value_curves, waterfall
from tiltakseffekt.stages.exhibits.states import state_areas
from tiltakseffekt.stages.exhibits.streams import stream_panels
from tiltakseffekt.stages.exhibits.study_figure import study_panels
from tiltakseffekt.stages.exhibits.style import (
    GRID,
    INK,
    QUIET,
    RC,
    SMALL,
    WIDTH,
    Sheet,
    colour,
    in_house_order,
    number_axis,
)

_STUB: Final = 1.62
_COUNT: Final = 0.55
_GAP: Final = 0.14
#: Width of a letter and height of a line of the title of a panel, inches.
_TITLE_LETTER: Final = 0.065
_TITLE_LINE: Final = 0.15
_ROW: Final = 0.25
_LINES: Final = ("value", "low", "high")
_STROKES: Final[tuple[dict[str, Any], ...]] = (
    {"linestyle": "-", "linewidth": 1.6},
    {"linestyle": (0, (3, 1.5)), "linewidth": 1.2},
    {"linestyle": (0, (1, 1)), "linewidth": 1.4},
)


def _keys(data: pd.DataFrame, column: str) -> list[str]:
    return [str(key) for key in data[column].unique()]


def _limits(data: pd.DataFrame) -> tuple[float, float]:
    numbers = data[list(_LINES)].to_numpy(dtype=float)
    low, high = min(0.0, float(np.nanmin(numbers))), max(0.0, float(np.nanmax(numbers)))
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def _interval(axes: Axes, cell: Any, y: float, shade: str, filled: bool) -> None:
    if math.isnan(cell.value):
        return
    if not math.isnan(cell.low):
        axes.plot([cell.low, cell.high], [y, y], color=shade, linewidth=2.0, solid_capstyle="butt", zorder=2)
    face = shade if filled else "white"
    axes.plot([cell.value], [y], "o", markersize=3.2, color=shade, markerfacecolor=face, markeredgewidth=1.2, zorder=3)


def _arrows(axes: Axes, cell: Any, y: float, shade: str) -> None:
    """Tell by an arrow on which side an interval goes beyond the axis."""
    low, high = axes.get_xlim()
    for edge, beyond, sign in ((low, cell.low < low, "<"), (high, cell.high > high, ">")):
        if beyond:
            axes.plot([edge], [y], sign, markersize=4, color=shade, clip_on=False, zorder=3)


def _persons(data: pd.DataFrame, text: Text) -> str:
    """Return the persons behind the first series: the base of its shares, or its counts, as a range if they differ."""
    first = data[data["value"].notna() & (data["row"] == data["row"].iloc[0])]
    counts = first[["base", "count"]].bfill(axis=1)["base"].dropna()
    if counts.empty:
        return text.missing
    ends = dict.fromkeys((int(counts.min()), int(counts.max())))
    return "–".join(text.numbers.number(end, 0) for end in ends)


def _by_measure(
    data: pd.DataFrame, layout: FigureLayout, text: Text, panel: str, series: list[str], row_height: float
) -> dict[str, bytes]:
    """Draw estimates with intervals: measures downwards in their blocks, one panel per year, series within the row."""
    rows = _rows(data)
    panels = _keys(data, panel)
    legend = 0.24 if len(series) > 1 else 0.0
    height = row_height * len(rows)
    width = (WIDTH - _STUB - _COUNT - 0.1 - _GAP * (len(panels) - 1)) / len(panels)
    titles = {key: _title(text.word(key), width) for key in panels}
    top = legend + 0.25 + _TITLE_LINE * max(title.count("\n") for title in titles.values())
    sheet = Sheet(text, text.foot(data), top + height + 0.52)
    limits = _limits(data)
    offsets = np.linspace(-0.17, 0.17, len(series)) if len(series) > 1 else np.zeros(1)
    for position, key in enumerate(panels):
        axes = sheet.axes(_STUB + position * (width + _GAP), top, width, height)
        axes.set(xlim=limits, ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)))
        axes.set_title(titles[key], fontweight="bold", loc="left", pad=5)
        axes.grid(axis="x", color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
        if layout.reference:
            axes.axvline(data["value"].iloc[0], color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)), zorder=1)
        for edge in range(1, len(rows)):
            axes.axhline(edge - 0.5, color=GRID, linewidth=0.4, zorder=0)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0, labelsize=SMALL + 0.5)
        axes.set_yticklabels([text.word(row or group) for group, row in rows] if position == 0 else [])
        for label, (_, row) in zip(axes.get_yticklabels(), rows, strict=True):
            label.set_fontweight("normal" if row else "bold")
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(number_axis(text, layout.decimals))
        for cell in data[data[panel] == key].itertuples():
            order = series.index(str(cell.column)) if len(series) > 1 else 0
            place = rows.index((str(cell.row_group), str(cell.row)))
            _interval(axes, cell, place + offsets[order], colour(str(cell.row)), order == 0)
    middle = _STUB + (WIDTH - _STUB - _COUNT - 0.1) / 2
    sheet.write(middle, top + height + 0.3, text.x, ha="center", va="top", fontsize=SMALL)
    right = WIDTH - 0.1
    sheet.write(right, top - 0.05, text.n, ha="right", va="bottom", fontsize=SMALL, fontweight="bold")
    for position, (group, row) in enumerate(rows):
        cells = data[(data["row_group"] == group) & (data["row"] == row)]
        if not cells.empty:
            y = top + row_height * (position + 0.5)
            sheet.write(right, y, _persons(cells, text), ha="right", va="center_baseline", fontsize=SMALL)
    if len(series) > 1:
        sheet.legend(
            [
                Line2D([], [], color=INK, marker="o", lw=2, ms=4, mfc=face, label=text.word(key))
                for face, key in zip((INK, "white"), series, strict=True)
            ]
        )
    return sheet.files()


def _title(words: str, width: float) -> str:
    """Break the title of a panel of some inches before what stands in parentheses, if it is too long for one line."""
    return words.replace(" (", "\n(") if len(words) * _TITLE_LETTER > width else words


def _rows(data: pd.DataFrame) -> list[tuple[str, str]]:
    """Return block and row of each line from top to bottom; a line without row is the heading of its block."""
    rows: list[tuple[str, str]] = []
    for group in _keys(data, "row_group"):
        inside = data[data["row_group"] == group]
        rows += [(group, "")] if group else []
        rows += [(group, row) for row in in_house_order(set(inside["row"]), _keys(inside, "row"))]
    return rows


def interval_by_measure(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw one estimate per measure (``row``, in blocks of ``row_group``) and year (``column``)."""
    return _by_measure(data, layout, text, "column", [""], _ROW)


def dumbbell(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw two estimates (``column``) per measure (``row``) and year (``panel``), one above the other."""
    return _by_measure(data, layout, text, "panel", _keys(data, "column"), 0.33)


def interval_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw one estimate per ``row`` in a panel per measure (``panel``); a line goes down from the first one."""
    panels, rows = in_house_order(set(data["panel"]), _keys(data, "panel")), _keys(data, "row")
    lines = math.ceil(len(panels) / layout.columns)
    # Many rows in four lines of panels: with the caption the page is full.
    head, pitch, below = (0.4, 0.127, 0.08) if layout.same_persons else (0.3, 0.16, 0.12)
    height = pitch * len(rows)
    step = head + height + below
    sheet = Sheet(text, text.foot(data), lines * step + 0.45)
    beside = _GAP if layout.same_persons else _COUNT
    width = (WIDTH - _STUB - 0.1) / layout.columns - beside
    limits = _limits(data[~data["row"].isin(layout.open_rows)])
    for position, key in enumerate(panels):
        line, column = divmod(position, layout.columns)
        left, top = _STUB + column * (width + beside), line * step + head
        axes = sheet.axes(left, top, width, height)
        axes.set(xlim=limits, ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)))
        axes.grid(axis="x", color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.tick_params(labelbottom=position + layout.columns >= len(panels))
        axes.set_yticklabels([text.word(row) for row in rows] if column == 0 else [])
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(number_axis(text, layout.decimals))
        inside = data[data["panel"] == key]
        for value in inside.loc[inside["row"] == rows[0], "value"].dropna():
            axes.axvline(value, color=colour(key), linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
        for cell in inside.itertuples():
            place = rows.index(str(cell.row))
            _interval(axes, cell, place, colour(key), place == 0)
            _arrows(axes, cell, place, colour(key))
        if layout.same_persons:
            persons = f"{text.n} = {_persons(inside, text)}"
            sheet.write(left, top - 0.2, text.word(key), va="bottom", fontsize=SMALL, fontweight="bold")
            sheet.write(left, top - 0.05, persons, va="bottom", fontsize=SMALL, color=QUIET)
            continue
        axes.set_title(text.word(key), fontweight="bold", loc="left", pad=4)
        right = left + width + beside - 0.16
        sheet.write(right, top - 0.06, text.n, ha="right", va="bottom", fontsize=SMALL, fontweight="bold")
        for place, row in enumerate(rows):
            if not (cells := inside[inside["row"] == row]).empty:
                y = top + pitch * (place + 0.5)
                sheet.write(right, y, _persons(cells, text), ha="right", va="center_baseline", fontsize=SMALL - 0.5)
    middle = _STUB + (WIDTH - _STUB - 0.1) / 2
    sheet.write(middle, lines * step + 0.24, text.x, ha="center", va="top", fontsize=SMALL)
    return sheet.files()


def _panel_grid(
    data: pd.DataFrame, layout: FigureLayout, text: Text, legend: float, limits: tuple[float, float]
) -> tuple[Sheet, list[tuple[str, Axes]]]:
    panels = in_house_order(set(data["panel"]), _keys(data, "panel"))
    columns = min(layout.columns, len(panels))
    lines = math.ceil(len(panels) / columns)
    head, left, gap = 0.36, 0.62, 0.24
    step = layout.panel_height + head + 0.14
    sheet = Sheet(text, text.foot(data), legend + lines * step + 0.5)
    width = (WIDTH - left - 0.12 - gap * (columns - 1)) / columns
    placed = []
    for position, key in enumerate(panels):
        line, column = divmod(position, columns)
        axes = sheet.axes(left + column * (width + gap), legend + line * step + head, width, layout.panel_height)
        axes.set(ylim=limits, xlim=(data["x"].min(), data["x"].max()))
        axes.grid(color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        start = left + column * (width + gap)
        sheet.write(start, legend + line * step + 0.14, text.word(key), fontsize=SMALL, fontweight="bold")
        persons = f"{text.n} = {_persons(data[data['panel'] == key], text)}"
        sheet.write(start, legend + line * step + 0.29, persons, fontsize=SMALL, color=QUIET)
        if layout.ticks:
            axes.xaxis.set_major_locator(MultipleLocator(layout.ticks))
        axes.xaxis.set_major_formatter(number_axis(text, 0))
        axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(number_axis(text, layout.decimals))
        axes.tick_params(labelbottom=position + columns >= len(panels), labelleft=column == 0)
        placed.append((key, axes))
    sheet.write(left + (WIDTH - left - 0.12) / 2, legend + lines * step + 0.22, text.x, ha="center", va="top")
    sheet.write(0.12, legend + lines * step / 2 + head / 2, text.y, rotation=90, ha="left", va="center")
    return sheet, placed


def effect_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a curve with its band per measure (``panel``) along ``x``; a second ``row`` has a wider band, dotted."""
    series = _keys(data, "row") if layout.bands else [""]
    sheet, placed = _panel_grid(data, layout, text, 0.22 if layout.bands else 0.0, _limits(data))
    for key, axes in placed:
        curves = data[data["panel"] == key].sort_values("x")
        curve = curves[curves["row"] == series[0]] if layout.bands else curves
        shade = colour(key)
        axes.axhline(0, color=INK, linewidth=0.9, zorder=2)
        axes.fill_between(curve["x"], curve["low"], curve["high"], color=shade, alpha=0.25, linewidth=0, zorder=1)
        for edge in ("low", "high"):
            axes.plot(curve["x"], curve[edge], color=shade, linewidth=0.6, zorder=2)
            for row in series[1:]:
                wider = curves[curves["row"] == row]
                axes.plot(wider["x"], wider[edge], color=shade, zorder=2, **_STROKES[2] | {"linewidth": 0.9})
        axes.plot(curve["x"], curve["value"], color=shade, linewidth=1.6, zorder=3)
    if layout.bands:
        dotted = [Line2D([], [], color=INK, label=text.word(row), **_STROKES[2]) for row in series[1:]]
        sheet.legend([Patch(color=INK, alpha=0.25, label=text.word(series[0])), *dotted])
    return sheet.files()


def fifth_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw estimates with intervals at steps ``x`` per ``panel``; a second ``row`` as open diamonds beside them.

    A row without ``x`` is a number told above the panel, with a star when its interval does not hold zero.
    """
    points = data[data["x"].notna()]
    series = _keys(points, "row")
    looks: tuple[dict[str, Any], ...] = ({"marker": "o"}, {"marker": "D", "markerfacecolor": "white"})
    sheet, placed = _panel_grid(points, layout, text, 0.22, _limits(points))
    for key, axes in placed:
        axes.axhline(0, color=INK, linewidth=0.9, zorder=1)
        axes.set_xlim(points["x"].min() - 0.5, points["x"].max() + 0.5)
        axes.grid(visible=False, axis="x")
        inside = points[points["panel"] == key]
        for order, row in enumerate(series):
            cells = inside[inside["row"] == row]
            shade = colour(key) if order == 0 else INK
            axes.vlines(cells["x"], cells["low"], cells["high"], color=shade, linewidth=1.8, zorder=2)
            axes.plot(
                cells["x"] + 0.25 * order, cells["value"], linestyle="", markersize=3.8, color=shade, **looks[order]
            )
        for cell in data[(data["panel"] == key) & data["x"].isna() & data["value"].notna()].itertuples():
            _tell(axes, cell, text)
    handles = [
        Line2D([], [], linestyle="", color=INK, label=text.word(row), **looks[order])
        for order, row in enumerate(series)
    ]
    sheet.legend(handles)
    return sheet.files()


def _tell(axes: Axes, cell: Any, text: Text) -> None:
    """Write a number and its standard error at the right on the line of the number of persons above a panel."""
    star = "*" if cell.low > 0 or cell.high < 0 else ""
    number, se = (text.numbers.cell(value, cell.unit) for value in (cell.value, cell.se))
    words = f"{text.word(cell.row)} {number}{star} ({se})"
    axes.annotate(words, (1, 1), (0, 5), "axes fraction", "offset points", ha="right", fontsize=SMALL, color=QUIET)


def path_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw paths (``row``: first solid in the colour of the panel, the others broken) per ``panel``, with any bands."""
    high = _limits(data)[1]
    sheet, placed = _panel_grid(data, layout, text, 0.22, (0.0, high))
    series = _keys(data, "row")
    for key, axes in placed:
        axes.axvline(0, color=QUIET, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=1)
        for order, row in enumerate(series):
            path = data[(data["panel"] == key) & (data["row"] == row)].sort_values("x")
            shade = colour(key) if order == 0 else INK
            axes.plot(path["x"], path["value"], color=shade, zorder=4 - order, **_STROKES[order])
            axes.fill_between(path["x"], path["low"], path["high"], color=shade, alpha=0.2, linewidth=0, zorder=1)
    sheet.legend([Line2D([], [], color=INK, label=text.word(row), **_STROKES[n]) for n, row in enumerate(series)])
    return sheet.files()


def survival_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a falling step function with its band per ``panel``; those there at the start are told."""
    at_start = data.assign(base=data.groupby("panel")["base"].transform("max"))
    sheet, placed = _panel_grid(at_start, layout, text, 0.0, (0.0, 100.0))
    for key, axes in placed:
        curve = data[(data["panel"] == key) & data["value"].notna()].sort_values("x")
        shade = colour(key)
        axes.fill_between(curve["x"], curve["low"], curve["high"], step="post", color=shade, alpha=0.25, linewidth=0)
        axes.step(curve["x"], curve["value"], where="post", color=shade, linewidth=1.6)
    return sheet.files()


def _log_scale(axes: Axes, direction: str, limits: tuple[float, float], text: Text) -> None:
    """Make an axis logarithmic, with a tick at each power of ten, written in full."""
    axis = axes.xaxis if direction == "x" else axes.yaxis
    axes.set(**{f"{direction}scale": "log", f"{direction}lim": limits})
    axis.set_major_locator(LogLocator())
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda at, _: text.numbers.number(at, max(0, -math.floor(math.log10(at))))))


def overlap_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw two distributions (``row``: first filled, second broken) on a logarithmic ``x`` per ``panel``."""
    sheet, placed = _panel_grid(data, layout, text, 0.22, (0.0, _limits(data)[1]))
    series = _keys(data, "row")
    for key, axes in placed:
        _log_scale(axes, "x", (10 ** math.floor(math.log10(data["x"].min())), 100.0), text)
        for order, row in enumerate(series):
            curve = data[(data["panel"] == key) & (data["row"] == row)].sort_values("x")
            shade = colour(key) if order == 0 else INK
            axes.plot(curve["x"], curve["value"], color=shade, marker="o", markersize=1.6, **_STROKES[order])
            if order == 0:
                axes.fill_between(curve["x"], 0, curve["value"], color=shade, alpha=0.2, linewidth=0)
    sheet.legend([Line2D([], [], color=INK, label=text.word(row), **_STROKES[n]) for n, row in enumerate(series)])
    return sheet.files()


def calibration_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw shares with intervals against predicted shares (``x``) on logarithmic axes, with the line of equality."""
    members = data.assign(base=data.groupby("panel")["count"].transform("sum"))
    limits = float(np.nanmin(data[["x", "low"]])) / 1.2, 100.0
    sheet, placed = _panel_grid(members, layout, text, 0.0, limits)
    for key, axes in placed:
        _log_scale(axes, "x", limits, text)
        _log_scale(axes, "y", limits, text)
        axes.plot(limits, limits, color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)), zorder=1)
        points = data[data["panel"] == key].sort_values("x")
        axes.vlines(points["x"], points["low"], points["high"], color=colour(key), linewidth=1.4, zorder=2)
        axes.plot(points["x"], points["value"], "o", markersize=3, color=colour(key), zorder=3)
    return sheet.files()


_TYPES: Final[dict[str, Callable[[pd.DataFrame, FigureLayout, Text], dict[str, bytes]]]] = {
    "interval_by_measure": interval_by_measure,
    "interval_panels": interval_panels,
    "dumbbell": dumbbell,
    "effect_panels": effect_panels,
    "fifth_panels": fifth_panels,
    "path_panels": path_panels,
    "survival_panels": survival_panels,
    "overlap_panels": overlap_panels,
    "calibration_panels": calibration_panels,
    "love_plot": love_plot,
    "stream_panels": stream_panels,
    "calendar_lines": calendar_lines,
    "calendar_panels": calendar_panels,
    "alluvial": alluvial,
    "waterfall": waterfall,
    "tornado": tornado,
    "profitability": profitability,
    "value_curves": value_curves,
    "state_areas": state_areas,
    "stacked_bars": stacked_bars,
    "paired_bars": paired_bars,
    "study_panels": study_panels,
    "bound_panels": bound_panels,
    "gain_panels": gain_panels,
}


def draw_figure(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a figure.

    Parameters
    ----------
    data
        Tidy data with at least one value.
    layout
        Layout of the catalogue entry.
    text
        The words of the exhibit.

    Returns
    -------
    dict of str to bytes
        ``figure.svg`` and ``figure.png``.
    """
    scaled = data.assign(**{name: data[name] / layout.scale for name in _LINES})
    with mpl.rc_context(RC):
        return _TYPES[layout.type](scaled, layout, text)


def draw_notice(words: str, text: Text) -> dict[str, bytes]:
    """Draw the placeholder of a figure that cannot be shown."""
    with mpl.rc_context(RC):
        sheet = Sheet(text, (*text.notes, text.source), 1.2)
        sheet.write(WIDTH / 2, 0.6, words, ha="center", va="center", fontsize=SMALL + 1, fontweight="bold", wrap=True)
        return sheet.files()
