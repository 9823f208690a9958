"""Figure of the study of the estimator: a row per estimator, a dot per arm."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.style import GRID, INK, QUIET, SMALL, WIDTH, Sheet, number_axis

_LEGEND: Final = 0.15
_STUB: Final = 2.05
_GAP: Final = 0.2
_ROW: Final = 0.27
_HEAD: Final = 0.42
_FOOT: Final = 0.3
#: From the smallest arm to the largest: shade and size of its dot.
_DOTS: Final = (("#c4572b", 3.0), ("#c39a1f", 3.8), ("#2a9d8f", 4.6), ("#0b6fae", 5.4))
#: What an evaluator would accept.
_ACCEPTED: Final = {"skjevhet": (-0.2, 0.2), "dekning": (93.0, 97.0)}
_NOMINAL: Final = {"skjevhet": 0.0, "dekning": 95.0}


def study_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw measures (``column``) side by side for each ``panel``; arms (``x``: persons) differ in colour and size."""
    panels, columns = (list(dict.fromkeys(data[name])) for name in ("panel", "column"))
    rows, sizes = list(dict.fromkeys(data["row"])), sorted(data["x"].unique())
    block = _HEAD + _ROW * len(rows) + _FOOT
    sheet = Sheet(text, text.foot(data), _LEGEND + block * len(panels))
    width = (WIDTH - _STUB - 0.15 - _GAP * (len(columns) - 1)) / len(columns)
    for down, panel in enumerate(panels):
        top = _LEGEND + block * down
        sheet.write(0.1, top + 0.2, text.word(panel), fontsize=SMALL + 0.5, fontweight="bold")
        for across, column in enumerate(columns):
            axes = sheet.axes(_STUB + across * (width + _GAP), top + _HEAD, width, _ROW * len(rows))
            cells = data[(data["panel"] == panel) & (data["column"] == column)]
            _field(axes, cells, rows, sizes, column)
            axes.set_xlim(_limits(data[data["column"] == column], column))
            axes.set_title(text.word(column), loc="left", fontsize=SMALL, pad=4)
            axes.set_yticklabels([text.word(row) for row in rows] if across == 0 else [])
            axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
            axes.xaxis.set_major_formatter(number_axis(text, 0 if column == "dekning" else 1))
    sheet.legend(
        [
            Line2D(
                [], [], color=shade, marker="o", ms=size, lw=1, label=f"{text.n} ≈ {text.numbers.number(persons, 0)}"
            )
            for persons, (shade, size) in zip(sizes, _DOTS, strict=False)
        ]
    )
    return sheet.files()


def _limits(cells: pd.DataFrame, column: str) -> tuple[float, float]:
    shown = [*cells["low"], *cells["high"], *_ACCEPTED[column]]
    room = 0.04 * (max(shown) - min(shown))
    return min(shown) - room, max(shown) + room


def _field(axes: Axes, cells: pd.DataFrame, rows: list[str], sizes: list[float], column: str) -> None:
    axes.set(ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)))
    axes.axvspan(*_ACCEPTED[column], color=GRID, linewidth=0, alpha=0.7, zorder=0)
    axes.axvline(_NOMINAL[column], color=QUIET, linewidth=0.8, zorder=1)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0, labelsize=SMALL, labelcolor=INK)
    for edge in range(1, len(rows)):
        axes.axhline(edge - 0.5, color=GRID, linewidth=0.5, zorder=0)
    places = np.linspace(-0.3, 0.3, len(sizes))
    numbers = cells[["x", "value", "low", "high"]].to_numpy(float)
    for row, (persons, value, low, high) in zip(cells["row"], numbers, strict=True):
        order = sizes.index(persons)
        shade, size = _DOTS[order % len(_DOTS)]
        y = rows.index(row) + places[order]
        axes.plot([low, high], [y, y], color=shade, linewidth=0.9, zorder=2)
        axes.plot([value], [y], "o", color=shade, markersize=size, markeredgewidth=0, zorder=3)
