"""Figures of numbers with intervals: rows downwards, numbers to the right, in a field per year, measure or panel."""

import math
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.curves import persons
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
    panels_of,
    value_axis,
    zero_line,
)
from tiltakseffekt.stages.exhibits.style import GRID, INK, QUIET, SMALL, WIDTH, colour

_STUB: Final = 1.62
_COUNT: Final = 0.55
_GAP: Final = 0.14
#: Width of a letter and height of a line of the title of a panel, inches.
_TITLE_LETTER: Final = 0.065
_TITLE_LINE: Final = 0.15
_ROW: Final = 0.25


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


def interval_by_measure(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw one estimate per measure (``row``, in blocks of ``row_group``) and year (``column``)."""
    return _by_measure(data.assign(panel=data["column"], column=""), layout, text, _ROW)


def dumbbell(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw two estimates (``column``) per measure (``row``) and year (``panel``), one above the other."""
    return _by_measure(data, layout, text, 0.33)


def _by_measure(data: pd.DataFrame, layout: FigureLayout, text: Text, row_height: float) -> dict[str, bytes]:
    """Draw estimates with intervals: measures downwards in their blocks, a field per panel, columns within the row."""
    rows, series = _rows(data), keys_of(data, "column")
    panels = panels_of(data, keys_of(data, "panel"), row_height * len(rows))
    spacing = Spacing(left=_STUB, right=_COUNT + 0.1, gap=_GAP, legend=0.24 if len(series) > 1 else 0.0, foot=0.52)
    width = (WIDTH - spacing.left - spacing.right - _GAP * (len(panels) - 1)) / len(panels)
    titles = {panel.key: _title(text.word(panel.key), width) for panel in panels}
    head = 0.25 + _TITLE_LINE * max(title.count("\n") for title in titles.values())
    grid = Grid(text, text.foot(data), panels, len(panels), replace(spacing, head=head))
    offsets = np.linspace(-0.17, 0.17, len(series)) if len(series) > 1 else np.zeros(1)
    for field in grid.fields:
        _measure_axes(field, rows, limits(data), layout, text)
        field.axes.set_title(titles[field.key], fontweight="bold", loc="left", pad=5)
        if layout.reference:
            first = data["value"].iloc[0]
            field.axes.axvline(first, color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)), zorder=1)
        for cell in field.data.itertuples():
            order = series.index(str(cell.column))
            place = rows.index((str(cell.row_group), str(cell.row)))
            _interval(field.axes, cell, place + offsets[order], colour(str(cell.row)), order == 0)
    grid.title_x(0.3)
    _persons_beside(grid, data, rows, text)
    if len(series) > 1:
        grid.sheet.legend(
            [
                Line2D([], [], color=INK, marker="o", lw=2, ms=4, mfc=face, label=text.word(key))
                for face, key in zip((INK, "white"), series, strict=True)
            ]
        )
    return grid.sheet.files()


def _rows(data: pd.DataFrame) -> list[tuple[str, str]]:
    """Return block and row of each line from top to bottom; a line without row is the heading of its block."""
    rows: list[tuple[str, str]] = []
    for group in keys_of(data, "row_group"):
        rows += [(group, "")] if group else []
        rows += [(group, row) for row in ordered_keys(data[data["row_group"] == group], "row")]
    return rows


def _title(words: str, width: float) -> str:
    """Break the title of a panel of some inches before what stands in parentheses, if it is too long for one line."""
    return words.replace(" (", "\n(") if len(words) * _TITLE_LETTER > width else words


def _measure_axes(
    field: Field, rows: list[tuple[str, str]], ends: tuple[float, float], layout: FigureLayout, text: Text
) -> None:
    axes = field.axes
    axes.set_xlim(ends)
    light_grid(axes, "x")
    zero_line(axes)
    for edge in range(1, len(rows)):
        axes.axhline(edge - 0.5, color=GRID, linewidth=0.4, zorder=0)
    name_rows(axes, [row or group for group, row in rows], text.word, field.first, SMALL + 0.5)
    for label, (_, row) in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("normal" if row else "bold")
    value_axis(axes.xaxis, text, layout.decimals, 6)


def _persons_beside(grid: Grid, data: pd.DataFrame, rows: list[tuple[str, str]], text: Text) -> None:
    """Write the persons behind each row at the right of the fields."""
    field, right = grid.fields[-1], WIDTH - 0.1
    grid.sheet.write(right, field.top - 0.05, text.n, ha="right", va="bottom", fontsize=SMALL, fontweight="bold")
    for position, (group, row) in enumerate(rows):
        cells = data[(data["row_group"] == group) & (data["row"] == row)]
        if not cells.empty:
            y = field.top + field.panel.height / len(rows) * (position + 0.5)
            grid.sheet.write(right, y, persons(cells, text), ha="right", va="center_baseline", fontsize=SMALL)


def interval_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw one estimate per ``row`` in a panel per measure (``panel``); a line goes down from the first one."""
    rows = keys_of(data, "row")
    # Many rows in four lines of panels: with the caption the page is full.
    head, pitch, below = (0.4, 0.127, 0.08) if layout.same_persons else (0.3, 0.16, 0.12)
    beside = _GAP if layout.same_persons else _COUNT
    panels = panels_of(data, ordered_keys(data, "panel"), pitch * len(rows))
    spacing = Spacing(left=_STUB, right=0.1 + beside, gap=beside, head=head, below=below, foot=0.45)
    grid = Grid(text, text.foot(data), panels, layout.columns, spacing)
    for field in grid.fields:
        axes, shade = field.axes, colour(field.key)
        axes.set_xlim(limits(data[~data["row"].isin(layout.open_rows)]))
        light_grid(axes, "x")
        zero_line(axes)
        name_rows(axes, rows, text.word, field.first)
        field.share_axes(values=False)
        value_axis(axes.xaxis, text, layout.decimals, 6)
        for value in field.data.loc[field.data["row"] == rows[0], "value"].dropna():
            axes.axvline(value, color=shade, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
        for cell in field.data.itertuples():
            place = rows.index(str(cell.row))
            _interval(axes, cell, place, shade, place == 0)
            _arrows(axes, cell, place, shade)
        if layout.same_persons:
            behind = f"{text.n} = {persons(field.data, text)}"
            grid.sheet.write(field.left, field.top - 0.2, text.word(field.key), va="bottom", fontweight="bold")
            grid.sheet.write(field.left, field.top - 0.05, behind, va="bottom", color=QUIET)
        else:
            axes.set_title(text.word(field.key), fontweight="bold", loc="left", pad=4)
            _persons_of_rows(field, rows, beside, text)
    grid.title_x(0.24, _STUB + (WIDTH - _STUB - 0.1) / 2)
    return grid.sheet.files()


def _persons_of_rows(field: Field, rows: list[str], beside: float, text: Text) -> None:
    right, pitch = field.left + field.width + beside - 0.16, field.panel.height / len(rows)
    style: dict[str, Any] = {"ha": "right"}
    field.sheet.write(right, field.top - 0.06, text.n, va="bottom", fontsize=SMALL, fontweight="bold", **style)
    for place, row in enumerate(rows):
        if not (cells := field.data[field.data["row"] == row]).empty:
            y = field.top + pitch * (place + 0.5)
            field.sheet.write(right, y, persons(cells, text), va="center_baseline", fontsize=SMALL - 0.5, **style)


_BOUND: Final = 5.0
_ROBUSTNESS: Final = "robusthetsverdi"
_ESTIMATE: Final = "anslag"
_BOUNDS: Final = "grenser"
_UNCERTAINTY: Final = "usikkerhet"


def bound_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw bounds (thick) and uncertainty (thin) per ``row`` in a panel per measure; robustness values in its head."""
    shown = data[data["row"] != _ROBUSTNESS]
    rows = keys_of(shown, "row")
    panels = panels_of(data, ordered_keys(shown, "panel"), 0.155 * len(rows))
    spacing = Spacing(left=1.3, right=0.1, gap=0.16, head=0.46, below=0.1, legend=0.2, foot=0.45)
    grid = Grid(text, text.foot(data), panels, layout.columns, spacing)
    for field in grid.fields:
        field.axes.set_xlim(limits(shown, 0.03))
        light_grid(field.axes, "x")
        zero_line(field.axes)
        name_rows(field.axes, rows, text.word, field.first)
        field.share_axes(values=False)
        value_axis(field.axes.xaxis, text, layout.decimals, 8)
        _bounds(field.axes, field.data[field.data["row"] != _ROBUSTNESS], rows, colour(field.key))
        field.heading(text.word(field.key), _robustness(field.data, text), Heading(0.2, 0.37, SMALL - 0.5))
    grid.title_x(0.24)
    grid.sheet.legend(
        [
            Line2D([], [], color=INK, marker="o", linestyle="", ms=4, label=text.word(_ESTIMATE)),
            Line2D([], [], color=INK, lw=_BOUND, alpha=0.45, label=text.word(_BOUNDS)),
            Line2D([], [], color=INK, lw=1.0, label=text.word(_UNCERTAINTY)),
        ]
    )
    return grid.sheet.files()


def _robustness(data: pd.DataFrame, text: Text) -> str:
    """Return the persons behind a panel and its robustness values in words."""
    values = data[(data["row"] == _ROBUSTNESS) & data["value"].notna()].set_index("column")["value"]
    told = " / ".join(
        text.numbers.cell(float(values[key]), "percent") for key in (_ESTIMATE, _UNCERTAINTY) if key in values
    )
    return f"{text.n} = {least_persons(data, text)}   {text.word(_ROBUSTNESS)} {told or text.missing}"


def _bounds(axes: Axes, cells: pd.DataFrame, rows: list[str], shade: str) -> None:
    numbers = cells[list(NUMBERS)].to_numpy(float)
    for row, column, (value, low, high) in zip(cells["row"], cells["column"], numbers, strict=True):
        y = rows.index(str(row))
        if column == _BOUNDS:
            axes.plot([low, high], [y, y], color=shade, linewidth=_BOUND, alpha=0.45, solid_capstyle="butt", zorder=2)
        else:
            face = shade if y == 0 else "white"
            axes.plot([low, high], [y, y], color=shade, linewidth=1.0, zorder=3)
            axes.plot([value], [y], "o", color=shade, markersize=3.2, zorder=4, markerfacecolor=face)


_FIELD: Final = "#0b6fae"
_TRUTH: Final = "#c4572b"
#: Length of an axis of gains under which its ticks need a decimal.
_SHORT: Final = 5.6


def gain_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw the first ``column`` with its interval and the others as points, per ``row`` in a field per ``panel``."""
    series = keys_of(data, "column")
    inside = {key: data[data["panel"] == key] for key in keys_of(data, "panel")}
    panels = [Panel(key, cells, 0.23 * cells["row"].nunique()) for key, cells in inside.items()]
    spacing = Spacing(left=2.3, right=0.25, head=0.42, below=0.22, legend=0.26, foot=0.1)
    grid = Grid(text, text.foot(data), panels, 1, spacing)
    for field in grid.fields:
        axes, rows = field.axes, keys_of(field.data, "row")
        low, high = limits(field.data)
        axes.set_xlim(low, high)
        name_rows(axes, rows, text.word, named=True)
        light_grid(axes, "x")
        zero_line(axes)
        value_axis(axes.xaxis, text, 1 if high - low < _SHORT else 0, 6)
        for cell in field.data.to_dict("records"):
            place = rows.index(cell["row"])
            if cell["column"] == series[0]:
                ends = [cell["low"], cell["high"]]
                axes.plot(ends, [place, place], color=_FIELD, linewidth=2.2, solid_capstyle="butt")
                axes.plot([cell["value"]], [place], "o", color=_FIELD, markersize=4.2, zorder=3)
            else:
                axes.plot([cell["value"]], [place], "D", color=_TRUTH, mfc="white", markersize=4.6, zorder=4)
        behind = f"{text.n} = {least_persons(field.data, text)}"
        replace(field, left=0.1, width=WIDTH - 0.2).heading(text.word(field.key), behind, Heading(0.3, 0.3))
    signs = [Line2D([], [], color=_FIELD, marker="o", lw=2, ms=4, label=text.word(series[0]))]
    signs += [
        Line2D([], [], color=_TRUTH, marker="D", lw=0, ms=4.6, mfc="white", label=text.word(key)) for key in series[1:]
    ]
    grid.sheet.legend(signs)
    return grid.sheet.files()


_LEGEND_COLUMNS: Final = 4
#: Differences under this are commonly held to be negligible (Austin 2009).
_NEGLIGIBLE: Final = 0.1
_SIGNS: Final = ("o", "s", "^", "D")


def love_plot(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a sign per measure (``column``) for every covariate (``row``), one panel per state (``panel``).

    Covariates are named ``x_FAMILY__NAME``; families stand apart.
    """
    rows, measures = keys_of(data, "row"), ordered_keys(data, "column")
    families = list(dict.fromkeys(row.split("__")[0] for row in rows))
    at = {row: order + 0.35 * families.index(row.split("__")[0]) for order, row in enumerate(rows)}
    panels = panels_of(data, keys_of(data, "panel"), 0.118 * (max(at.values()) + 1))
    legend = 0.16 * -(-len(measures) // _LEGEND_COLUMNS) + 0.06
    spacing = Spacing(left=2.32, right=0.1, gap=0.16, head=0.22, legend=legend, foot=0.46)
    grid = Grid(text, text.foot(data), panels, len(panels), spacing)
    largest = float(data["value"].max())
    for field in grid.fields:
        axes = field.axes
        axes.set(xlim=(-0.02 * largest, 1.05 * largest), ylim=(max(at.values()) + 0.5, -0.5), yticks=list(at.values()))
        axes.set_title(text.word(field.key), fontweight="bold", loc="left", pad=4)
        axes.set_yticklabels([text.word(row) for row in rows] if field.first else [])
        axes.tick_params(axis="y", length=0, pad=3)
        axes.grid(axis="y", color=GRID, linewidth=0.4)
        axes.set_axisbelow(True)
        axes.axvline(_NEGLIGIBLE, color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)), zorder=1)
        value_axis(axes.xaxis, text, layout.decimals, 4)
        for order, measure in enumerate(measures):
            own = field.data[field.data["column"] == measure]
            (signs,) = axes.plot(own["value"], own["row"].map(at), _SIGNS[order % len(_SIGNS)], color=colour(measure))
            signs.set(markersize=2.8, markeredgewidth=0, alpha=0.85, zorder=3)
    grid.title_x(0.26)
    handles = [
        Line2D([], [], linestyle="", marker=_SIGNS[k % len(_SIGNS)], color=colour(key), ms=4, label=text.word(key))
        for k, key in enumerate(measures)
    ]
    grid.sheet.legend(handles, columns=_LEGEND_COLUMNS)
    return grid.sheet.files()


#: From the smallest arm to the largest: shade and size of its dot.
_DOTS: Final = (("#c4572b", 3.0), ("#c39a1f", 3.8), ("#2a9d8f", 4.6), ("#0b6fae", 5.4))
#: What an evaluator would accept.
_ACCEPTED: Final = {"skjevhet": (-0.2, 0.2), "dekning": (93.0, 97.0)}
_NOMINAL: Final = {"skjevhet": 0.0, "dekning": 95.0}


def study_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw measures (``column``) side by side for each ``panel``; arms (``x``: persons) differ in colour and size."""
    rows, columns, sizes = keys_of(data, "row"), keys_of(data, "column"), sorted(data["x"].unique())
    panels = [
        panel
        for key in keys_of(data, "panel")
        for panel in panels_of(data[data["panel"] == key], columns, 0.27 * len(rows), "column")
    ]
    spacing = Spacing(left=2.05, right=0.15, gap=0.2, head=0.42, below=0.3, legend=0.15)
    grid = Grid(text, text.foot(data), panels, len(columns), spacing)
    for field in grid.fields:
        axes, column = field.axes, field.key
        if field.first:
            name = text.word(str(field.data["panel"].iloc[0]))
            field.sheet.write(0.1, field.edge + 0.2, name, fontsize=SMALL + 0.5, fontweight="bold")
        name_rows(axes, rows, text.word, field.first)
        _dots(axes, field.data, rows, sizes)
        axes.set_xlim(_study_limits(data[data["column"] == column], column))
        axes.set_title(text.word(column), loc="left", fontsize=SMALL, pad=4)
        value_axis(axes.xaxis, text, 0 if column == "dekning" else 1, 5)
    grid.sheet.legend(
        [
            Line2D([], [], color=shade, marker="o", ms=size, lw=1, label=f"{text.n} ≈ {text.numbers.number(number, 0)}")
            for number, (shade, size) in zip(sizes, _DOTS, strict=False)
        ]
    )
    return grid.sheet.files()


def _study_limits(cells: pd.DataFrame, column: str) -> tuple[float, float]:
    shown = [*cells["low"], *cells["high"], *_ACCEPTED[column]]
    room = 0.04 * (max(shown) - min(shown))
    return min(shown) - room, max(shown) + room


def _dots(axes: Axes, cells: pd.DataFrame, rows: list[str], sizes: list[float]) -> None:
    column = str(cells["column"].iloc[0])
    axes.axvspan(*_ACCEPTED[column], color=GRID, linewidth=0, alpha=0.7, zorder=0)
    axes.axvline(_NOMINAL[column], color=QUIET, linewidth=0.8, zorder=1)
    for edge in range(1, len(rows)):
        axes.axhline(edge - 0.5, color=GRID, linewidth=0.5, zorder=0)
    places = np.linspace(-0.3, 0.3, len(sizes))
    numbers = cells[["x", *NUMBERS]].to_numpy(float)
    for row, (number, value, low, high) in zip(cells["row"], numbers, strict=True):
        order = sizes.index(number)
        shade, size = _DOTS[order % len(_DOTS)]
        y = rows.index(str(row)) + places[order]
        axes.plot([low, high], [y, y], color=shade, linewidth=0.9, zorder=2)
        axes.plot([value], [y], "o", color=shade, markersize=size, markeredgewidth=0, zorder=3)


def profitability(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw the simulated net benefit of each measure (``row``) with its interval, the probability of profit beside."""
    rows = ordered_keys(data, "row")
    net = data[data["column"] == "netto"]
    chance = data[data["column"] == "sannsynlighet"].set_index("row")["value"].astype(float) * layout.scale
    spacing = Spacing(left=_STUB + 0.1, right=2.2, legend=0.3, foot=0.55)
    grid = Grid(text, text.foot(data), [Panel("", net, 0.27 * len(rows))], 1, spacing)
    axes, right = grid.fields[0].axes, WIDTH - 0.1
    axes.set_xlim(limits(net, 0.05))
    name_rows(axes, rows, text.word, True, SMALL + 0.5)
    light_grid(axes, "x")
    zero_line(axes)
    value_axis(axes.xaxis, text, layout.decimals)
    for row, (value, low, high) in zip(net["row"].astype(str), net[list(NUMBERS)].to_numpy(float), strict=True):
        if not math.isnan(value):
            place, shade = rows.index(row), colour(row)
            axes.plot([low, high], [place, place], color=shade, linewidth=2.2, solid_capstyle="butt")
            axes.plot([value], [place], "o", color=shade, markersize=4)
    for x, head in ((right, text.word("sannsynlighet")), (WIDTH - 1.5, text.n)):
        grid.sheet.write(x, 0.22, head, ha="right", fontsize=SMALL, fontweight="bold")
    for place, row in enumerate(rows):
        y, profit = 0.3 + 0.27 * (place + 0.5), chance.get(row, math.nan)
        words = text.missing if math.isnan(profit) else text.numbers.cell(profit, "percent")
        for x, told in ((WIDTH - 1.5, least_persons(data[data["row"] == row], text)), (right, words)):
            grid.sheet.write(x, y, told, ha="right", va="center_baseline", fontsize=SMALL)
    grid.title_x(0.32)
    return grid.sheet.files()
