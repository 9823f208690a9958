"""A figure of gains: one field per panel, each with its own axis, estimates with intervals and the truth beside."""

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.style import GRID, INK, QUIET, SMALL, WIDTH, Sheet, number_axis

_STUB, _ROW, _HEAD, _AXIS, _LEGEND = 2.3, 0.23, 0.42, 0.22, 0.26
_FIELD = "#0b6fae"
_TRUTH = "#c4572b"


def gain_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw the first ``column`` with its interval and the others as points, per ``row`` in a field per ``panel``."""
    panels = [str(key) for key in data["panel"].unique()]
    series = [str(key) for key in data["column"].unique()]
    rows = {panel: [str(key) for key in data.loc[data["panel"] == panel, "row"].unique()] for panel in panels}
    height = sum(_HEAD + _ROW * len(inside) + _AXIS for inside in rows.values())
    sheet = Sheet(text, text.foot(data), _LEGEND + height + 0.1)
    top = _LEGEND
    for panel in panels:
        inside = data[data["panel"] == panel]
        own = _ROW * len(rows[panel])
        axes = sheet.axes(_STUB, top + _HEAD, WIDTH - _STUB - 0.25, own)
        numbers = inside[["value", "low", "high"]].to_numpy(dtype=float).ravel()
        low, high = min(0.0, pd.Series(numbers).min()), max(0.0, pd.Series(numbers).max())
        room = 0.06 * (high - low) or 1.0
        axes.set(xlim=(low - room, high + room), ylim=(len(rows[panel]) - 0.5, -0.5), yticks=range(len(rows[panel])))
        axes.set_yticklabels([text.word(row) for row in rows[panel]])
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(number_axis(text, 1 if high - low < 5 else 0))
        for cell in inside.to_dict("records"):
            place = rows[panel].index(cell["row"])
            if cell["column"] == series[0]:
                ends = [cell["low"], cell["high"]]
                axes.plot(ends, [place, place], color=_FIELD, linewidth=2.2, solid_capstyle="butt")
                axes.plot([cell["value"]], [place], "o", color=_FIELD, markersize=4.2, zorder=3)
            else:
                axes.plot([cell["value"]], [place], "D", color=_TRUTH, mfc="white", markersize=4.6, zorder=4)
        sheet.write(0.1, top + 0.3, text.word(panel), fontweight="bold", fontsize=SMALL)
        counts = inside["count"].dropna()
        persons = text.numbers.number(int(counts.min()), 0) if len(counts) else text.missing
        sheet.write(WIDTH - 0.1, top + 0.3, f"{text.n} = {persons}", ha="right", color=QUIET, fontsize=SMALL)
        top += _HEAD + own + _AXIS
    signs = [Line2D([], [], color=_FIELD, marker="o", lw=2, ms=4, label=text.word(series[0]))]
    signs += [
        Line2D([], [], color=_TRUTH, marker="D", lw=0, ms=4.6, mfc="white", label=text.word(key)) for key in series[1:]
    ]
    sheet.legend(signs)
    return sheet.files()
