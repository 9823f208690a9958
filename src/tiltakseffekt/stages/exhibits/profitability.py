"""Figures of costs and benefits: waterfalls, tornados and simulated net benefits."""

import math
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, MultipleLocator

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.style import (
    GRID,
    INK,
    QUIET,
    SMALL,
    WIDTH,
    Sheet,
    colour,
    in_house_order,
    number_axis,
    spread,
)

_STUB: Final = 1.62
_ROW: Final = 0.17
_HEAD: Final = 0.24
_GAP: Final = 0.16
_AXIS: Final = 0.3
_FOOT: Final = 0.28
#: Shades of what adds to the net benefit and what takes from it.
GAIN: Final = "#2a8f83"
LOSS: Final = "#c4572b"


def _panels(data: pd.DataFrame) -> list[str]:
    return in_house_order(set(data["panel"]), [str(key) for key in data["panel"].unique()])


def _numbers(rows: pd.DataFrame) -> list[tuple[float, float, float]]:
    numbers = rows[["value", "low", "high"]].to_numpy(dtype=float)
    return [(float(value), float(low), float(high)) for value, low, high in numbers]


def _persons(rows: pd.DataFrame, text: Text) -> str:
    counts = rows["count"].dropna()
    return text.numbers.number(int(counts.min()), 0) if len(counts) else text.missing


def _limits(data: pd.DataFrame) -> tuple[float, float]:
    numbers = data[["value", "low", "high"]].to_numpy(dtype=float)
    shown = np.append(numbers[np.isfinite(numbers)], 0.0)
    low, high = float(shown.min()), float(shown.max())
    room = 0.05 * (high - low) or 1.0
    return low - room, high + room


def _bars_field(axes: Axes, rows: pd.DataFrame, limits: tuple[float, float], layout: FigureLayout, text: Text) -> None:
    axes.set(xlim=limits, ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)))
    axes.set_yticklabels([text.word(str(row)) for row in rows["row"]], fontsize=SMALL - 1)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(number_axis(text, layout.decimals))
    axes.tick_params(axis="x", labelsize=SMALL - 1)


def _grid(data: pd.DataFrame, layout: FigureLayout, text: Text) -> tuple[Sheet, list[tuple[str, pd.DataFrame, Axes]]]:
    """Lay out one field of bars per panel, two beside each other."""
    panels = _panels(data)
    columns = min(layout.columns, len(panels))
    by_panel = {key: data[data["panel"] == key] for key in panels}
    lines = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    heights = [_ROW * max(len(by_panel[key]) for key in line) for line in lines]
    field = sum(heights) + len(lines) * (_HEAD + _AXIS) + _FOOT
    notes, source = text.foot(data)
    sheet = Sheet(text, (notes, source), field)
    width = (WIDTH - 0.3 - _GAP * (columns - 1)) / columns
    placed = []
    top = 0.0
    for line, height in zip(lines, heights, strict=True):
        for column, key in enumerate(line):
            left = 0.06 + column * (width + _GAP)
            own = _ROW * len(by_panel[key])
            axes = sheet.axes(left + _STUB, top + _HEAD, width - _STUB, own)
            sheet.write(left + 0.04, top + 0.16, text.word(key), fontweight="bold", color=colour(key), fontsize=SMALL)
            persons = f"{text.n} = {_persons(by_panel[key], text)}"
            sheet.write(left + width, top + 0.16, persons, ha="right", color=QUIET, fontsize=SMALL - 1)
            placed.append((key, by_panel[key], axes))
        top += _HEAD + height + _AXIS
    sheet.write(WIDTH / 2, top + 0.08, text.x, ha="center", va="top", fontsize=SMALL)
    return sheet, placed


def waterfall(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw what each item (``row``) adds to or takes from the net benefit of a measure (``panel``); the last is it."""
    sheet, placed = _grid(data, layout, text)
    for key, rows, axes in placed:
        _bars_field(axes, rows, _limits(rows), layout, text)
        last = len(rows) - 1
        for y, (value, low, high) in enumerate(_numbers(rows)):
            if math.isnan(value):
                continue
            shade = colour(key) if y == last else GAIN if value >= 0 else LOSS
            axes.barh(y, high - low, left=low, color=shade, height=0.62, zorder=2)
            if y < last:
                axes.plot([high, high], [y, y + 1], color=QUIET, linewidth=0.6, zorder=3)
    return sheet.files()


def tornado(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw how far each cause (``row``) moves the net benefit of a measure (``panel``): its low and its high value."""
    sheet, placed = _grid(data, layout, text)
    for _, rows, axes in placed:
        _bars_field(axes, rows, _limits(rows), layout, text)
        for y, (value, low, high) in enumerate(_numbers(rows)):
            if math.isnan(value):
                continue
            for end, shade in ((low, "#8a8a8a"), (high, "#0b6fae")):
                axes.barh(y, end - value, left=value, color=shade, height=0.62, zorder=2)
        for base in rows["value"].dropna().unique():
            axes.axvline(float(base), color=INK, linewidth=0.8, linestyle=(0, (2, 1.5)), zorder=3)
    return sheet.files()


def profitability(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw the simulated net benefit of each measure (``row``) with its interval, the probability of profit beside."""
    rows = in_house_order(set(data["row"]), [str(key) for key in data["row"].unique()])
    shown = data[data["column"] == "netto"]
    net = dict(zip(shown["row"].astype(str), _numbers(shown), strict=True))
    chances = data[data["column"] == "sannsynlighet"]
    chance = dict(zip(chances["row"].astype(str), chances["value"].astype(float), strict=True))
    height, right = 0.27 * len(rows), 2.1
    sheet = Sheet(text, text.foot(data), height + 0.3 + 0.55)
    axes = sheet.axes(_STUB + 0.1, 0.3, WIDTH - _STUB - right - 0.2, height)
    limits = _limits(data[data["column"] == "netto"])
    axes.set(xlim=limits, ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)))
    axes.set_yticklabels([text.word(row) for row in rows])
    axes.tick_params(axis="y", length=0, labelsize=SMALL + 0.5)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(number_axis(text, layout.decimals))
    sheet.write(WIDTH - 0.1, 0.22, text.word("sannsynlighet"), ha="right", fontsize=SMALL, fontweight="bold")
    sheet.write(WIDTH - 1.5, 0.22, text.n, ha="right", fontsize=SMALL, fontweight="bold")
    for y, row in enumerate(rows):
        middle_of_row = 0.3 + 0.27 * (y + 0.5)
        persons = _persons(data[data["row"] == row], text)
        sheet.write(WIDTH - 1.5, middle_of_row, persons, ha="right", va="center_baseline", fontsize=SMALL)
        value, low, high = net.get(row, (math.nan, math.nan, math.nan))
        if not math.isnan(value):
            axes.plot([low, high], [y, y], color=colour(row), linewidth=2.2, solid_capstyle="butt")
            axes.plot([value], [y], "o", color=colour(row), markersize=4)
        profit = chance.get(row, math.nan) * layout.scale
        words = text.missing if math.isnan(profit) else text.numbers.cell(profit, "percent")
        sheet.write(WIDTH - 0.1, middle_of_row, words, ha="right", va="center_baseline", fontsize=SMALL)
    middle = _STUB + 0.1 + (WIDTH - _STUB - right - 0.2) / 2
    sheet.write(middle, 0.3 + height + 0.32, text.x, ha="center", va="top", fontsize=SMALL)
    return sheet.files()


def value_curves(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw the net benefit of each measure (``panel``) along ``x`` in one field, each named at its end."""
    height, left, names = 3.3, 0.62, 1.5
    sheet = Sheet(text, text.foot(data), height + 0.55)
    axes = sheet.axes(left, 0.1, WIDTH - left - names, height)
    limits = _limits(data)
    axes.set(xlim=(data["x"].min(), data["x"].max()), ylim=limits)
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axhline(0, color=INK, linewidth=0.9, zorder=1)
    axes.yaxis.set_major_formatter(number_axis(text, layout.decimals))
    if layout.ticks:
        axes.xaxis.set_major_locator(MultipleLocator(layout.ticks))
    axes.xaxis.set_major_formatter(number_axis(text, 0))
    panels = _panels(data)
    curves = {key: data[(data["panel"] == key) & data["value"].notna()].sort_values("x") for key in panels}
    curves = {key: curve for key, curve in curves.items() if len(curve)}
    ends = [
        (float(curve["value"].iloc[-1]) - limits[0]) / (limits[1] - limits[0]) * height for curve in curves.values()
    ]
    for (key, curve), end in zip(curves.items(), spread(ends, 0.15, 0.0, height), strict=True):
        axes.plot(curve["x"], curve["value"], color=colour(key), linewidth=1.6)
        sheet.write(
            WIDTH - names + 0.06,
            0.1 + height - end,
            text.word(key),
            color=colour(key),
            fontweight="bold",
            va="center_baseline",
            fontsize=SMALL - 0.5,
        )
    sheet.write(left + (WIDTH - left - names) / 2, 0.1 + height + 0.32, text.x, ha="center", va="top")
    sheet.write(0.12, 0.1 + height / 2, text.y, rotation=90, ha="left", va="center")
    return sheet.files()
