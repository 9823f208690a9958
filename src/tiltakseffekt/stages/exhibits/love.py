"""The love plot: every standardised mean difference, before and after weighting."""

from typing import Final

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.style import GRID, QUIET, SMALL, WIDTH, Sheet, colour, in_house_order, number_axis

_STUB: Final = 2.32
_GAP: Final = 0.16
_HEAD: Final = 0.22
_ROW: Final = 0.118
_FAMILY_GAP: Final = 0.35
_LEGEND_LINE: Final = 0.16
_LEGEND_COLUMNS: Final = 4
#: Differences under this are commonly held to be negligible (Austin 2009).
_NEGLIGIBLE: Final = 0.1
_SIGNS: Final = ("o", "s", "^", "D")


def love_plot(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a sign per measure (``column``) for every covariate (``row``), one panel per state (``panel``).

    Covariates are named ``x_FAMILY__NAME``; families stand apart.
    """
    rows = list(dict.fromkeys(map(str, data["row"])))
    measures = in_house_order(set(data["column"]), list(dict.fromkeys(data["column"])))
    panels = list(dict.fromkeys(map(str, data["panel"])))
    families = list(dict.fromkeys(row.split("__")[0] for row in rows))
    at = {row: order + _FAMILY_GAP * families.index(row.split("__")[0]) for order, row in enumerate(rows)}
    height = _ROW * (max(at.values()) + 1)
    legend = _LEGEND_LINE * -(-len(measures) // _LEGEND_COLUMNS) + 0.06
    sheet = Sheet(text, text.foot(data), legend + _HEAD + height + 0.46)
    width = (WIDTH - _STUB - 0.1 - _GAP * (len(panels) - 1)) / len(panels)
    largest = float(data["value"].max())
    for position, panel in enumerate(panels):
        axes = sheet.axes(_STUB + position * (width + _GAP), legend + _HEAD, width, height)
        axes.set(xlim=(-0.02 * largest, 1.05 * largest), ylim=(max(at.values()) + 0.5, -0.5), yticks=list(at.values()))
        axes.set_title(text.word(panel), fontweight="bold", loc="left", pad=4)
        axes.set_yticklabels([text.word(row) for row in rows] if position == 0 else [])
        axes.tick_params(axis="y", length=0, pad=3)
        axes.grid(axis="y", color=GRID, linewidth=0.4)
        axes.set_axisbelow(True)
        axes.axvline(_NEGLIGIBLE, color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)), zorder=1)
        axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(number_axis(text, layout.decimals))
        shown = data[data["panel"] == panel]
        for order, measure in enumerate(measures):
            own = shown[shown["column"] == measure]
            (signs,) = axes.plot(own["value"], own["row"].map(at), _SIGNS[order % len(_SIGNS)], color=colour(measure))
            signs.set(markersize=2.8, markeredgewidth=0, alpha=0.85, zorder=3)
    middle = _STUB + (WIDTH - _STUB - 0.1) / 2
    sheet.write(middle, legend + _HEAD + height + 0.26, text.x, ha="center", va="top", fontsize=SMALL)
    handles = [
        Line2D([], [], linestyle="", marker=_SIGNS[k % len(_SIGNS)], color=colour(key), ms=4, label=text.word(key))
        for k, key in enumerate(measures)
    ]
    sheet.legend(handles, columns=_LEGEND_COLUMNS)
    return sheet.files()
