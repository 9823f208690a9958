"""Figure of bounds: for each measure the estimate, and below it what confounders of several strengths allow."""

import math
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

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
)

_STUB: Final = 1.3
_GAP: Final = 0.16
_HEAD: Final = 0.46
_ROW: Final = 0.155
_LEGEND: Final = 0.2
_BOUND: Final = 5.0
_ROBUSTNESS: Final = "robusthetsverdi"
_ESTIMATE: Final = "anslag"
_BOUNDS: Final = "grenser"
_UNCERTAINTY: Final = "usikkerhet"


def bound_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw bounds (thick) and uncertainty (thin) per ``row`` in a panel per measure; robustness values in its head."""
    shown = data[data["row"] != _ROBUSTNESS]
    panels, rows = (list(dict.fromkeys(map(str, shown[name]))) for name in ("panel", "row"))
    panels = in_house_order(set(panels), panels)
    lines, height = math.ceil(len(panels) / layout.columns), _ROW * len(rows)
    step = _HEAD + height + 0.1
    sheet = Sheet(text, text.foot(data), _LEGEND + lines * step + 0.45)
    width = (WIDTH - _STUB - 0.1 - _GAP * (layout.columns - 1)) / layout.columns
    numbers = shown[["value", "low", "high"]].to_numpy(float)
    limits = min(0.0, float(np.nanmin(numbers))), max(0.0, float(np.nanmax(numbers)))
    room = 0.03 * (limits[1] - limits[0]) or 1.0
    for position, key in enumerate(panels):
        line, column = divmod(position, layout.columns)
        left, top = _STUB + column * (width + _GAP), _LEGEND + line * step
        axes = sheet.axes(left, top + _HEAD, width, height)
        axes.set(xlim=(limits[0] - room, limits[1] + room), ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)))
        axes.tick_params(labelbottom=position + layout.columns >= len(panels))
        axes.set_yticklabels([text.word(row) for row in rows] if column == 0 else [])
        axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(number_axis(text, layout.decimals))
        _fill(axes, shown[shown["panel"] == key], rows, colour(key))
        sheet.write(left, top + 0.2, text.word(key), fontsize=SMALL, fontweight="bold")
        sheet.write(left, top + 0.37, _heading(data[data["panel"] == key], text), fontsize=SMALL - 0.5, color=QUIET)
    sheet.write((_STUB + WIDTH - 0.1) / 2, _LEGEND + lines * step + 0.24, text.x, ha="center", va="top", fontsize=SMALL)
    sheet.legend(
        [
            Line2D([], [], color=INK, marker="o", linestyle="", ms=4, label=text.word(_ESTIMATE)),
            Line2D([], [], color=INK, lw=_BOUND, alpha=0.45, label=text.word(_BOUNDS)),
            Line2D([], [], color=INK, lw=1.0, label=text.word(_UNCERTAINTY)),
        ]
    )
    return sheet.files()


def _heading(data: pd.DataFrame, text: Text) -> str:
    """Return the persons behind a panel and its robustness values in words."""
    values = data[(data["row"] == _ROBUSTNESS) & data["value"].notna()].set_index("column")["value"]
    told = " / ".join(
        text.numbers.cell(float(values[key]), "percent") for key in (_ESTIMATE, _UNCERTAINTY) if key in values
    )
    counts = data["count"].dropna()
    persons = text.numbers.number(int(counts.iloc[0]), 0) if len(counts) else text.missing
    return f"{text.n} = {persons}   {text.word(_ROBUSTNESS)} {told or text.missing}"


def _fill(axes: Axes, cells: pd.DataFrame, rows: list[str], shade: str) -> None:
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    numbers = cells[["value", "low", "high"]].to_numpy(float)
    for row, column, (value, low, high) in zip(cells["row"], cells["column"], numbers, strict=True):
        y = rows.index(str(row))
        if column == _BOUNDS:
            axes.plot([low, high], [y, y], color=shade, linewidth=_BOUND, alpha=0.45, solid_capstyle="butt", zorder=2)
        else:
            axes.plot([low, high], [y, y], color=shade, linewidth=1.0, zorder=3)
            axes.plot(
                [value], [y], "o", color=shade, markersize=3.2, zorder=4, markerfacecolor=shade if y == 0 else "white"
            )
