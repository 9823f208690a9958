"""Figures of curves: values along time, an age, a share or a price, in a field per panel or all in one."""

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, MultipleLocator, NullLocator

from tiltakseffekt.core.months import parse_month, year_of
from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.panels import (
    Field,
    Grid,
    Heading,
    Panel,
    Spacing,
    keys_of,
    least_persons,
    light_grid,
    limits,
    name_ends,
    ordered_keys,
    panels_of,
    value_axis,
    zero_line,
)
from tiltakseffekt.stages.exhibits.style import INK, PERIODS, QUIET, SMALL, colour, number_axis

_STROKES: Final[tuple[dict[str, Any], ...]] = (
    {"linestyle": "-", "linewidth": 1.6},
    {"linestyle": (0, (3, 1.5)), "linewidth": 1.2},
    {"linestyle": (0, (1, 1)), "linewidth": 1.4},
)
#: Two accounts in two colours; the second reading of an account is dashed.
_SOCIETY: Final = "#0b6fae"
_TREASURY: Final = "#c4572b"
#: Room at the right for the names of curves that share a field, inches.
_NAMES: Final = 1.5
#: Most panels side by side in which the number stands beside the name.
_BESIDE: Final = 2

Limits = tuple[float, float]


def persons(data: pd.DataFrame, text: Text) -> str:
    """Return the persons behind the first series: the base of its shares, or its counts, as a range if they differ."""
    first = data[data["value"].notna() & (data["row"] == data["row"].iloc[0])]
    counts = first[["base", "count"]].bfill(axis=1)["base"].dropna()
    if counts.empty:
        return text.missing
    ends = dict.fromkeys((int(counts.min()), int(counts.max())))
    return "–".join(text.numbers.number(end, 0) for end in ends)


def _by_panel(data: pd.DataFrame, layout: FigureLayout, text: Text, legend: float, ends: Limits) -> Grid:
    """Lay out a field per measure (``panel``) with the same axes, under its name and the persons behind it."""
    panels = panels_of(data, ordered_keys(data, "panel"), layout.panel_height)
    spacing = Spacing(left=0.62, right=0.12, gap=0.24, head=0.36, below=0.14, legend=legend, foot=0.5)
    grid = Grid(text, text.foot(data), panels, min(layout.columns, len(panels)), spacing)
    for field in grid.fields:
        field.axes.set(ylim=ends, xlim=(data["x"].min(), data["x"].max()))
        light_grid(field.axes)
        field.heading(text.word(field.key), f"{text.n} = {persons(field.data, text)}", Heading())
        if layout.ticks:
            field.axes.xaxis.set_major_locator(MultipleLocator(layout.ticks))
        value_axis(field.axes.xaxis, text, 0)
        value_axis(field.axes.yaxis, text, layout.decimals, 5)
        field.share_axes()
    grid.title_x(0.22)
    grid.title_y(down=spacing.head / 2)
    return grid


def _explain(grid: Grid, series: list[str], text: Text) -> None:
    grid.sheet.legend([Line2D([], [], color=INK, label=text.word(row), **_STROKES[n]) for n, row in enumerate(series)])


def effect_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a curve with its band per measure (``panel``) along ``x``; a second ``row`` has a wider band, dotted."""
    series = keys_of(data, "row") if layout.bands else [""]
    grid = _by_panel(data, layout, text, 0.22 if layout.bands else 0.0, limits(data))
    dotted = _STROKES[2] | {"linewidth": 0.9}
    for field in grid.fields:
        curves = field.data.sort_values("x")
        curve = curves[curves["row"] == series[0]] if layout.bands else curves
        axes, shade = field.axes, colour(field.key)
        zero_line(axes, upright=False, zorder=2)
        axes.fill_between(curve["x"], curve["low"], curve["high"], color=shade, alpha=0.25, linewidth=0, zorder=1)
        for edge in ("low", "high"):
            axes.plot(curve["x"], curve[edge], color=shade, linewidth=0.6, zorder=2)
            for row in series[1:]:
                wider = curves[curves["row"] == row]
                axes.plot(wider["x"], wider[edge], color=shade, zorder=2, **dotted)
        axes.plot(curve["x"], curve["value"], color=shade, linewidth=1.6, zorder=3)
    if layout.bands:
        wider_bands = [Line2D([], [], color=INK, label=text.word(row), **_STROKES[2]) for row in series[1:]]
        grid.sheet.legend([Patch(color=INK, alpha=0.25, label=text.word(series[0])), *wider_bands])
    return grid.sheet.files()


def fifth_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw estimates with intervals at steps ``x`` per ``panel``; a second ``row`` as open diamonds beside them.

    A row without ``x`` is a number told above the panel, with a star when its interval does not hold zero.
    """
    points = data[data["x"].notna()]
    series = keys_of(points, "row")
    looks: tuple[dict[str, Any], ...] = ({"marker": "o"}, {"marker": "D", "markerfacecolor": "white"})
    grid = _by_panel(points, layout, text, 0.22, limits(points))
    for field in grid.fields:
        axes = field.axes
        zero_line(axes, upright=False)
        axes.set_xlim(points["x"].min() - 0.5, points["x"].max() + 0.5)
        axes.grid(visible=False, axis="x")
        for order, row in enumerate(series):
            cells = field.data[field.data["row"] == row]
            shade = colour(field.key) if order == 0 else INK
            axes.vlines(cells["x"], cells["low"], cells["high"], color=shade, linewidth=1.8, zorder=2)
            look: dict[str, Any] = {"linestyle": "", "markersize": 3.8, "color": shade} | looks[order]
            axes.plot(cells["x"] + 0.25 * order, cells["value"], **look)
        for cell in data[(data["panel"] == field.key) & data["x"].isna() & data["value"].notna()].itertuples():
            _tell(axes, cell, text)
    grid.sheet.legend(
        [Line2D([], [], linestyle="", color=INK, label=text.word(row), **looks[n]) for n, row in enumerate(series)]
    )
    return grid.sheet.files()


def _tell(axes: Axes, cell: Any, text: Text) -> None:
    """Write a number and its standard error at the right on the line of the number of persons above a panel."""
    star = "*" if cell.low > 0 or cell.high < 0 else ""
    number, se = (text.numbers.cell(value, cell.unit) for value in (cell.value, cell.se))
    words = f"{text.word(cell.row)} {number}{star} ({se})"
    axes.annotate(words, (1, 1), (0, 5), "axes fraction", "offset points", ha="right", fontsize=SMALL, color=QUIET)


def path_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw paths (``row``: first solid in the colour of the panel, the others broken) per ``panel``, with any bands."""
    grid = _by_panel(data, layout, text, 0.22, (0.0, limits(data)[1]))
    series = keys_of(data, "row")
    for field in grid.fields:
        field.axes.axvline(0, color=QUIET, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=1)
        for order, row in enumerate(series):
            path = field.data[field.data["row"] == row].sort_values("x")
            shade = colour(field.key) if order == 0 else INK
            field.axes.plot(path["x"], path["value"], color=shade, zorder=4 - order, **_STROKES[order])
            field.axes.fill_between(path["x"], path["low"], path["high"], color=shade, alpha=0.2, linewidth=0, zorder=1)
    _explain(grid, series, text)
    return grid.sheet.files()


def survival_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a falling step function with its band per ``panel``; those there at the start are told."""
    at_start = data.assign(base=data.groupby("panel")["base"].transform("max"))
    grid = _by_panel(at_start, layout, text, 0.0, (0.0, 100.0))
    for field in grid.fields:
        curve = field.data[field.data["value"].notna()].sort_values("x")
        band: dict[str, Any] = {"step": "post", "color": colour(field.key), "alpha": 0.25, "linewidth": 0}
        field.axes.fill_between(curve["x"], curve["low"], curve["high"], **band)
        field.axes.step(curve["x"], curve["value"], where="post", color=colour(field.key), linewidth=1.6)
    return grid.sheet.files()


def _log_scale(axes: Axes, direction: str, ends: Limits, text: Text) -> None:
    """Make an axis logarithmic, with a tick at each power of ten, written in full."""
    axis = axes.xaxis if direction == "x" else axes.yaxis
    axes.set(**{f"{direction}scale": "log", f"{direction}lim": ends})
    axis.set_major_locator(LogLocator())
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda at, _: text.numbers.number(at, max(0, -math.floor(math.log10(at))))))


def overlap_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw two distributions (``row``: first filled, second broken) on a logarithmic ``x`` per ``panel``."""
    grid = _by_panel(data, layout, text, 0.22, (0.0, limits(data)[1]))
    series = keys_of(data, "row")
    for field in grid.fields:
        _log_scale(field.axes, "x", (10 ** math.floor(math.log10(data["x"].min())), 100.0), text)
        for order, row in enumerate(series):
            curve = field.data[field.data["row"] == row].sort_values("x")
            shade = colour(field.key) if order == 0 else INK
            field.axes.plot(curve["x"], curve["value"], color=shade, marker="o", markersize=1.6, **_STROKES[order])
            if order == 0:
                field.axes.fill_between(curve["x"], 0, curve["value"], color=shade, alpha=0.2, linewidth=0)
    _explain(grid, series, text)
    return grid.sheet.files()


def calibration_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw shares with intervals against predicted shares (``x``) on logarithmic axes, with the line of equality."""
    members = data.assign(base=data.groupby("panel")["count"].transform("sum"))
    ends = float(np.nanmin(data[["x", "low"]])) / 1.2, 100.0
    grid = _by_panel(members, layout, text, 0.0, ends)
    for field in grid.fields:
        axes = field.axes
        _log_scale(axes, "x", ends, text)
        _log_scale(axes, "y", ends, text)
        axes.plot(ends, ends, color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)), zorder=1)
        points = field.data.sort_values("x")
        axes.vlines(points["x"], points["low"], points["high"], color=colour(field.key), linewidth=1.4, zorder=2)
        axes.plot(points["x"], points["value"], "o", markersize=3, color=colour(field.key), zorder=3)
    return grid.sheet.files()


def _account_strokes(series: list[str]) -> dict[str, dict[str, Any]]:
    """Return how each stream is drawn; the key of an account begins with its name."""
    strokes: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for key in series:
        shade = _SOCIETY if key.startswith("samfunnet") else _TREASURY
        dashed = {"linestyle": (0, (3, 1.5)), "linewidth": 1.3} if shade in seen else {"linewidth": 1.6}
        strokes[key] = {"color": shade, "linestyle": "-"} | dashed
        seen.add(shade)
    return strokes


def stream_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw streams (``row``) by year (``x``) per ``panel``, around a line at zero: up to two of each account."""
    panels = panels_of(data, keys_of(data, "panel"), layout.panel_height)
    strokes = _account_strokes(keys_of(data, "row"))
    room = 0.06 * (data["value"].max() - data["value"].min())
    ends = data["value"].min() - room, data["value"].max() + room
    spacing = Spacing(left=0.68, right=0.12, gap=0.24, head=0.24, below=0.14, legend=0.24, foot=0.42)
    grid = Grid(text, text.foot(data), panels, min(layout.columns, len(panels)), spacing)
    for field in grid.fields:
        axes = field.axes
        axes.set(ylim=ends, xlim=(data["x"].min(), data["x"].max()))
        light_grid(axes)
        zero_line(axes, upright=False, zorder=2)
        axes.xaxis.set_major_locator(MultipleLocator(layout.ticks or 1))
        value_axis(axes.xaxis, text, 0)
        value_axis(axes.yaxis, text, layout.decimals, 5)
        field.share_axes()
        for row, stroke in strokes.items():
            stream = field.data[field.data["row"] == row].sort_values("x")
            axes.plot(stream["x"], stream["value"], marker="o", markersize=2.2, zorder=3, clip_on=False, **stroke)
        behind = f"{text.n} = {least_persons(field.data, text)}" if field.data["count"].notna().any() else ""
        field.heading(text.word(field.key), behind, Heading(0.16, 0.16, SMALL - 1))
    grid.sheet.legend([Line2D([], [], label=text.word(row), **stroke) for row, stroke in strokes.items()])
    grid.title_x(0.16)
    grid.title_y()
    return grid.sheet.files()


def _along_years(axes: Axes, data: pd.DataFrame, layout: FigureLayout, text: Text) -> None:
    """Set up an axis of years and one of values that begins at zero."""
    highest = data["value"].max() if (data["value"] > 0).any() else 1.0
    axes.set(xlim=(math.floor(data["x"].min()), math.ceil(data["x"].max())), ylim=(0, 1.06 * highest))
    light_grid(axes)
    axes.xaxis.set_major_locator(MultipleLocator(layout.ticks or 1))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=not layout.decimals))
    axes.yaxis.set_major_formatter(number_axis(text, layout.decimals))


def _one_field(panel: Panel, text: Text, notes: tuple[str, ...], foot: float) -> tuple[Grid, Field]:
    """Lay out one field with room at its right for the names of its curves."""
    grid = Grid(text, notes, [panel], 1, Spacing(left=0.62, right=_NAMES, legend=0.1, foot=foot))
    return grid, grid.fields[0]


def calendar_lines(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a line per series (``row``) along years or months (``x``), each named at its end."""
    shares = data["base"].notna().any()
    sums = data.groupby("x")["base" if shares else "count"].sum()
    totals = dict.fromkeys(text.numbers.number(float(end), 0) for end in (sums.min(), sums.max()))
    notes, source = text.foot(data)
    foot = (f"{text.n} = {'–'.join(totals)}. {notes}", source)
    grid, field = _one_field(Panel("", data, 3.1), text, foot, 0.5 if text.x else 0.4)
    _along_years(field.axes, data, layout, text)
    last = data[data["value"].notna()].groupby("row", sort=False)["value"].last() / field.axes.get_ylim()[1]
    ends = {key: float(last[key]) for key in keys_of(data, "row") if key in last}
    for key in ends:
        line = data[data["row"] == key]
        field.axes.plot(line["x"], line["value"], color=colour(key), linewidth=1.6, solid_capstyle="butt")
    name_ends(field, ends, text, SMALL)
    grid.title_y()
    grid.title_x(0.3)
    return grid.sheet.files()


def calendar_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a panel with its own scale per series (``panel``) along years (``x``), with marked periods."""
    panels = panels_of(data, keys_of(data, "panel"), layout.panel_height)
    columns = min(layout.columns, len(panels))
    # Narrow panels have no room for name and number beside each other.
    narrow = columns > _BESIDE
    head, legend = (0.38, 0.05) if narrow else (0.24, 0.22)
    spacing = Spacing(left=0.62, right=0.12, gap=0.62, head=head, below=0.26, legend=legend, foot=0.05)
    grid = Grid(text, text.foot(data), panels, columns, spacing)
    for field in grid.fields:
        _along_years(field.axes, field.data, layout, text)
        for (first, last), shade in zip(layout.periods.values(), PERIODS, strict=False):
            field.axes.axvspan(_year(first, 0), _year(last, 1), color=shade, linewidth=0, zorder=0)
        field.axes.plot(field.data["x"], field.data["value"], color=colour(field.key), linewidth=1.1)
        own = field.data["unit"].eq("person_months").all()
        number = float(field.data["value" if own else "count"].sum())
        behind = f"{text.n} = {text.numbers.number(number, 0)}"
        field.heading(text.word(field.key), behind, Heading(0.14, 0.29 if narrow else 0.14))
    named = zip(layout.periods, PERIODS, strict=False)
    if layout.periods:
        grid.sheet.legend([Patch(color=shade, linewidth=0, label=text.word(period)) for period, shade in named])
    grid.title_y()
    return grid.sheet.files()


def _year(month: str, later: int) -> float:
    count = parse_month(month) + later
    return year_of(count) + count % 12 / 12


def value_curves(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw the net benefit of each measure (``panel``) along ``x`` in one field, each named at its end."""
    grid, field = _one_field(Panel("", data, 3.3), text, text.foot(data), 0.45)
    low, high = limits(data, 0.05)
    field.axes.set(xlim=(data["x"].min(), data["x"].max()), ylim=(low, high))
    light_grid(field.axes)
    zero_line(field.axes, upright=False)
    value_axis(field.axes.yaxis, text, layout.decimals)
    if layout.ticks:
        field.axes.xaxis.set_major_locator(MultipleLocator(layout.ticks))
    value_axis(field.axes.xaxis, text, 0)
    ends = {}
    for key in ordered_keys(data, "panel"):
        curve = data[(data["panel"] == key) & data["value"].notna()].sort_values("x")
        if len(curve):
            ends[key] = (float(curve["value"].iloc[-1]) - low) / (high - low)
            field.axes.plot(curve["x"], curve["value"], color=colour(key), linewidth=1.6)
    name_ends(field, ends, text, SMALL - 0.5)
    grid.title_x(0.32)
    grid.title_y()
    return grid.sheet.files()
