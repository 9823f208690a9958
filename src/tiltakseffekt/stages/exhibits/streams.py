"""Figures of amounts by year: what society and the treasury are left with."""

import math
from typing import Any, Final

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, MultipleLocator

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.style import GRID, INK, QUIET, SMALL, WIDTH, Sheet, number_axis

_LEFT: Final = 0.68
_GAP: Final = 0.24
_HEAD: Final = 0.24
_LEGEND: Final = 0.24
#: Two accounts in two colours; the second reading of an account is dashed.
_SOCIETY: Final = "#0b6fae"
_TREASURY: Final = "#c4572b"


def _strokes(series: list[str]) -> dict[str, dict[str, Any]]:
    """Return how each series is drawn; the key of an account begins with its name."""
    strokes: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for key in series:
        colour = _SOCIETY if key.startswith("samfunnet") else _TREASURY
        dashed = {"linestyle": (0, (3, 1.5)), "linewidth": 1.3} if colour in seen else {"linewidth": 1.6}
        strokes[key] = {"color": colour, "linestyle": "-"} | dashed
        seen.add(colour)
    return strokes


def stream_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw streams (``row``) by year (``x``) per ``panel``, around a line at zero: up to two of each account."""
    panels = [str(key) for key in data["panel"].unique()]
    strokes = _strokes([str(key) for key in data["row"].unique()])
    columns = min(layout.columns, len(panels))
    lines = math.ceil(len(panels) / columns)
    step = layout.panel_height + _HEAD + 0.14
    width = (WIDTH - _LEFT - 0.12 - _GAP * (columns - 1)) / columns
    room = 0.06 * (data["value"].max() - data["value"].min())
    limits = data["value"].min() - room, data["value"].max() + room
    sheet = Sheet(text, text.foot(data), _LEGEND + lines * step + 0.42)
    for position, key in enumerate(panels):
        line, column = divmod(position, columns)
        left, top = _LEFT + column * (width + _GAP), _LEGEND + line * step
        axes = sheet.axes(left, top + _HEAD, width, layout.panel_height)
        axes.set(ylim=limits, xlim=(data["x"].min(), data["x"].max()))
        axes.grid(color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.axhline(0, color=INK, linewidth=0.9, zorder=2)
        axes.xaxis.set_major_locator(MultipleLocator(layout.ticks or 1))
        axes.xaxis.set_major_formatter(number_axis(text, 0))
        axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(number_axis(text, layout.decimals))
        axes.tick_params(labelbottom=position + columns >= len(panels), labelleft=column == 0)
        for row, stroke in strokes.items():
            stream = data[(data["panel"] == key) & (data["row"] == row)].sort_values("x")
            axes.plot(stream["x"], stream["value"], marker="o", markersize=2.2, zorder=3, clip_on=False, **stroke)
        sheet.write(left, top + 0.16, text.word(key), fontsize=SMALL, fontweight="bold")
        if len(counts := data.loc[data["panel"] == key, "count"].dropna()):
            persons = f"{text.n} = {text.numbers.number(int(counts.min()), 0)}"
            sheet.write(left + width, top + 0.16, persons, ha="right", color=QUIET, fontsize=SMALL - 1)
    sheet.legend([Line2D([], [], label=text.word(row), **stroke) for row, stroke in strokes.items()])
    bottom = _LEGEND + lines * step
    sheet.write(_LEFT + (WIDTH - _LEFT - 0.12) / 2, bottom + 0.16, text.x, ha="center", va="top")
    sheet.write(0.12, bottom / 2 + _HEAD / 2, text.y, rotation=90, ha="left", va="center")
    return sheet.files()
