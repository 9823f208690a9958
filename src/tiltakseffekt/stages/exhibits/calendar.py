"""Figures along time: series in one field, or a panel each with marked periods."""

import math
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from tiltakseffekt.core.months import parse_month, year_of
from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.style import GRID, PERIODS, QUIET, SMALL, WIDTH, Sheet, colour, number_axis, spread

_LEFT: Final = 0.62
_NAMES: Final = 1.5
_LINE: Final = 0.15
#: Most panels side by side in which the number stands beside the name.
_BESIDE: Final = 2


def _frame(axes: Axes, data: pd.DataFrame, layout: FigureLayout, text: Text) -> None:
    """Set up an axis of years and one of values that begins at zero."""
    highest = data["value"].max() if (data["value"] > 0).any() else 1.0
    axes.set(xlim=(math.floor(data["x"].min()), math.ceil(data["x"].max())), ylim=(0, 1.06 * highest))
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MultipleLocator(layout.ticks or 1))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=not layout.decimals))
    axes.yaxis.set_major_formatter(number_axis(text, layout.decimals))


def calendar_lines(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a line per series (``row``) along years or months (``x``), each named at its end."""
    shares = data["base"].notna().any()
    sums = data.groupby("x")["base" if shares else "count"].sum()
    ends = dict.fromkeys(text.numbers.number(float(end), 0) for end in (sums.min(), sums.max()))
    height = 3.1
    notes, source = text.foot(data)
    sheet = Sheet(text, (f"{text.n} = {'–'.join(ends)}. {notes}", source), height + (0.6 if text.x else 0.5))
    axes = sheet.axes(_LEFT, 0.1, WIDTH - _LEFT - _NAMES, height)
    _frame(axes, data, layout, text)
    lines = {str(key): line.dropna(subset="value") for key, line in data.groupby("row", sort=False)}
    lines = {key: line for key, line in lines.items() if len(line)}
    top = axes.get_ylim()[1]
    wanted = [float(line["value"].iloc[-1]) / top * height for line in lines.values()]
    for key, y in zip(lines, spread(wanted, _LINE, 0.0, height), strict=True):
        whole = data[data["row"] == key]
        axes.plot(whole["x"], whole["value"], color=colour(key), linewidth=1.6, solid_capstyle="butt")
        right = WIDTH - _NAMES + 0.06
        sheet.write(right, 0.1 + height - y, text.word(key), color=colour(key), fontweight="bold", va="center_baseline")
    sheet.write(0.12, 0.1 + height / 2, text.y, rotation=90, ha="left", va="center")
    sheet.write((_LEFT + WIDTH - _NAMES) / 2, 0.1 + height + 0.3, text.x, ha="center", va="top")
    return sheet.files()


def calendar_panels(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a panel with its own scale per series (``panel``) along years (``x``), with marked periods."""
    panels = [str(key) for key in data["panel"].unique()]
    columns = min(layout.columns, len(panels))
    lines = math.ceil(len(panels) / columns)
    # Narrow panels have no room for name and number beside each other.
    narrow = columns > _BESIDE
    head, legend = (0.38, 0.05) if narrow else (0.24, 0.22)
    step = layout.panel_height + head + 0.26
    width = (WIDTH - _LEFT * columns - 0.12) / columns
    sheet = Sheet(text, text.foot(data), legend + lines * step + 0.05)
    for position, key in enumerate(panels):
        line, column = divmod(position, columns)
        left, top = _LEFT + column * (width + _LEFT), legend + line * step
        series = data[data["panel"] == key]
        axes = sheet.axes(left, top + head, width, layout.panel_height)
        _frame(axes, series, layout, text)
        for (first, last), shade in zip(layout.periods.values(), PERIODS, strict=False):
            axes.axvspan(_year(first, 0), _year(last, 1), color=shade, linewidth=0, zorder=0)
        axes.plot(series["x"], series["value"], color=colour(key), linewidth=1.1)
        number = series["value"] if series["unit"].eq("person_months").all() else series["count"]
        persons = f"{text.n} = {text.numbers.number(float(number.sum()), 0)}"
        sheet.write(left, top + 0.14, text.word(key), fontsize=SMALL, fontweight="bold")
        if narrow:
            sheet.write(left, top + 0.29, persons, fontsize=SMALL, color=QUIET)
        else:
            sheet.write(left + width, top + 0.14, persons, fontsize=SMALL, color=QUIET, ha="right")
    named = zip(layout.periods, PERIODS, strict=False)
    if layout.periods:
        sheet.legend([Patch(color=shade, linewidth=0, label=text.word(period)) for period, shade in named])
    sheet.write(0.12, legend + lines * step / 2, text.y, rotation=90, ha="left", va="center")
    return sheet.files()


def _year(month: str, later: int) -> float:
    count = parse_month(month) + later
    return year_of(count) + count % 12 / 12
