"""Figures of bars that lie: one line per category, parts behind or below each other."""

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.style import (
    GRID,
    INK,
    NAV_COLOURS,
    QUIET,
    SHADES,
    SMALL,
    WIDTH,
    Sheet,
    in_house_order,
    number_axis,
)

_STUB: Final = 1.75
_GAP: Final = 0.2
_RIGHT: Final = 0.34
_ROW: Final = 0.165
_LEGEND_LINE: Final = 0.17
#: Most shades from one series to the next.
_LONGEST_STEP: Final = 3
#: Series of a panel up to which its legend has one column, if there are other panels beside it.
_FEW: Final = 4


def _columns(data: pd.DataFrame, name: str) -> list[str]:
    return [str(key) for key in data[name].unique()]


def _shades(series: Sequence[str]) -> list[str]:
    """Return NAV groups in their colours, other series in even steps from dark to light."""
    if set(series) <= set(NAV_COLOURS):
        return [NAV_COLOURS[key] for key in series]
    step = min((len(SHADES) - 1) / max(len(series) - 1, 1), _LONGEST_STEP)
    return [SHADES[round(step * place)] for place in range(len(series))]


def _frame(axes: Axes, rows: Sequence[str], layout: FigureLayout, text: Text, named: bool) -> None:
    axes.set(ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)))
    axes.set_yticklabels([text.word(row) for row in rows] if named else [])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(4 if layout.columns > 1 else 6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(number_axis(text, layout.decimals))


def _size(data: pd.DataFrame, text: Text) -> str:
    """Return what the bars of counts add up to, or how many persons other bars rest on."""
    counted = data["unit"].isin(("persons", "starts")).all()
    behind = data["base"].max() if data["base"].notna().any() else data.drop_duplicates("row")["count"].sum()
    return f"{text.n} = {text.numbers.number(float(data['count'].sum() if counted else behind), 0)}"


def stacked_bars(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a bar per category (``row``), made up of series (``column``), per ``panel``."""
    panels = _columns(data, "panel")
    rows = in_house_order(set(data["row"]), _columns(data, "row"))
    columns = min(layout.columns, len(panels))
    lines = math.ceil(len(panels) / columns)
    series = {key: _columns(data[data["panel"] == key], "column") for key in panels}
    abreast = {
        key: layout.legend_columns if len(keys) > _FEW or len(panels) == 1 else 1 for key, keys in series.items()
    }
    heads = [
        _LEGEND_LINE * max(math.ceil(len(series[key]) / abreast[key]) for key in panels[first : first + columns])
        + (0.4 if len(panels) > 1 else 0.06)
        for first in range(0, len(panels), columns)
    ]
    height = _ROW * len(rows)
    tops = [sum(heads[:line]) + line * (height + 0.3) for line in range(lines + 1)]
    notes, source = text.foot(data)
    notes = notes if len(panels) > 1 else f"{_size(data, text)}. {notes}"
    sheet = Sheet(text, (notes, source), tops[-1] + 0.16)
    width = (WIDTH - _STUB - _RIGHT - _GAP * (columns - 1)) / columns
    for position, panel in enumerate(panels):
        line, column = divmod(position, columns)
        left, top = _STUB + column * (width + _GAP), tops[line]
        mine = data[data["panel"] == panel]
        axes = sheet.axes(left, top + heads[line], width, height)
        _frame(axes, rows, layout, text, column == 0)
        start = pd.Series(0.0, index=rows)
        shades = _shades(series[panel])
        for key, shade in zip(series[panel], shades, strict=True):
            values = mine[mine["column"] == key].set_index("row")["value"].reindex(rows).fillna(0.0)
            axes.barh(range(len(rows)), values, 0.74, left=start, color=shade, edgecolor="white", linewidth=0.4)
            start = start + values
        named = [Patch(facecolor=shade, label=text.word(key)) for key, shade in zip(series[panel], shades, strict=True)]
        axes.legend(
            handles=named,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncol=abreast[panel],
            frameon=False,
            fontsize=SMALL - 0.5,
            borderpad=0.2,
            borderaxespad=0,
            handlelength=1.0,
            columnspacing=0.8,
            handletextpad=0.4,
            labelspacing=0.25,
        )
        if panel:
            sheet.write(left, top + 0.17, text.word(panel), fontsize=SMALL, fontweight="bold")
            sheet.write(left, top + 0.31, _size(mine, text), fontsize=SMALL, color=QUIET)
    sheet.write(_STUB + (WIDTH - _STUB - _RIGHT) / 2, tops[-1] - 0.04, text.x, ha="center", va="top")
    return sheet.files()


def paired_bars(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a bar per category (``row``) and series (``column``), the series below each other, with their values."""
    rows = in_house_order(set(data["row"]), _columns(data, "row"))
    series = _columns(data, "column")
    shades = _shades(series)
    height = 0.3 * len(rows)
    legend = 0.24
    notes, source = text.foot(data)
    sheet = Sheet(text, (f"{_size(data, text)}. {notes}", source), legend + height + 0.5)
    axes = sheet.axes(_STUB, legend, WIDTH - _STUB - _RIGHT, height)
    _frame(axes, rows, layout, text, True)
    thick = 0.8 / len(series)
    for place, (key, shade) in enumerate(zip(series, shades, strict=True)):
        values = data[data["column"] == key].set_index("row")["value"].reindex(rows)
        at = [row + (place - (len(series) - 1) / 2) * thick for row in range(len(rows))]
        axes.barh(at, values.fillna(0.0), thick * 0.92, color=shade)
        for y, value in zip(at, values, strict=True):
            words = text.missing if math.isnan(value) else text.numbers.number(float(value), 1)
            beside = 0.0 if math.isnan(value) else float(value)
            axes.annotate(
                words, (beside, y), (2, 0), textcoords="offset points", va="center", fontsize=SMALL - 1.5, color=INK
            )
    sheet.legend([Patch(facecolor=shade, label=text.word(key)) for key, shade in zip(series, shades, strict=True)])
    sheet.write(_STUB + (WIDTH - _STUB - _RIGHT) / 2, legend + height + 0.3, text.x, ha="center", va="top")
    return sheet.files()
