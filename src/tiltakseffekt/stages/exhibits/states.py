"""Figures of where people are, month by month: stacked areas that fill the whole."""

import math
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MultipleLocator

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.style import QUIET, SMALL, WIDTH, Sheet, colour, number_axis, spread

_LEFT: Final = 0.52
_HEAD: Final = 0.36
_GAP: Final = 0.34
_LINE: Final = 0.15
#: Room at the right for the names of the states of a single panel, inches.
_NAMES: Final = 2.3
#: Least height at which a state gets its number beside the panel, inches.
_NUMBERED: Final = 0.07
_WHOLE: Final = 100.0


def state_areas(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw the share in each state (``row``) along ``x``, one on top of the other, per ``panel``.

    States are named at the right of a single panel; with several panels they are numbered, and the legend has the
    numbers. What disclosure control hid is left white.
    """
    states = [str(key) for key in data["row"].unique()]
    panels = [str(key) for key in data["panel"].unique()]
    return _one(data, layout, text, states) if len(panels) == 1 else _many(data, layout, text, states, panels)


def _persons(data: pd.DataFrame, text: Text) -> str:
    return f"{text.n} = {text.numbers.number(float(data['base'].max()), 0)}" if data["base"].notna().any() else ""


def stack(data: pd.DataFrame, states: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lower and the upper end of each state (column) at each ``x``, in per cent.

    What is hidden at one ``x`` is, taken together, what is left of the whole. Room for it is kept below the first state
    that is hidden, so that those above the last hidden one are where they belong.
    """
    shares = data.pivot_table(index="x", columns="row", values="value", sort=True).reindex(columns=states)
    hidden = shares.isna()
    left = (_WHOLE - shares.sum(axis=1)).clip(lower=0.0)
    room = (hidden & (hidden.cumsum(axis=1) == 1)).mul(left, axis=0)
    thickness = shares.fillna(0.0)
    top = (thickness + room).cumsum(axis=1)
    return top - thickness, top


def _draw(axes: Axes, data: pd.DataFrame, layout: FigureLayout, text: Text, states: list[str]) -> dict[str, float]:
    """Stack the states; returns the middle of each at the right edge, in per cent, and 0 thickness left out."""
    bottom, top = stack(data, states)
    axes.set(xlim=(top.index.min(), top.index.max()), ylim=(0, _WHOLE))
    for state in states:
        axes.fill_between(top.index, bottom[state], top[state], color=colour(state), linewidth=0)
        axes.plot(top.index, top[state], color="white", linewidth=0.5, clip_on=False)
    axes.xaxis.set_major_locator(MultipleLocator(layout.ticks or 6))
    axes.xaxis.set_major_formatter(number_axis(text, 0))
    axes.yaxis.set_major_locator(MultipleLocator(25))
    axes.yaxis.set_major_formatter(number_axis(text, 0))
    low, high = bottom.iloc[-1], top.iloc[-1]
    return {state: float(low[state] + high[state]) / 2 for state in states if high[state] > low[state]}


def _one(data: pd.DataFrame, layout: FigureLayout, text: Text, states: list[str]) -> dict[str, bytes]:
    height = 3.2
    notes, source = text.foot(data)
    sheet = Sheet(text, (f"{_persons(data, text)}. {notes}", source), height + 0.62)
    axes = sheet.axes(_LEFT + 0.1, 0.1, WIDTH - _LEFT - 0.1 - _NAMES, height)
    middles = _draw(axes, data, layout, text, states)
    last = data[data["x"] == data["x"].max()].set_index("row")["value"]
    at = spread([middle / _WHOLE * height for middle in middles.values()], _LINE, 0.0, height)
    for (state, middle), y in zip(middles.items(), at, strict=True):
        right = WIDTH - _NAMES
        share = text.numbers.cell(float(last[state]), "percent")
        words = f"{text.word(state)} {share}"
        sheet.write(right + 0.12, 0.1 + height - y, words, va="center_baseline", fontsize=SMALL)
        axes.plot(
            (1.0, 1.0 + 0.09 / (WIDTH - _LEFT - 0.1 - _NAMES)),
            (middle / _WHOLE, y / height),
            transform=axes.transAxes,
            color=colour(state),
            linewidth=2.0,
            clip_on=False,
        )
    sheet.write(0.14, 0.1 + height / 2, text.y, rotation=90, ha="left", va="center")
    sheet.write((_LEFT + WIDTH - _NAMES) / 2, 0.1 + height + 0.3, text.x, ha="center", va="top")
    return sheet.files()


def _many(
    data: pd.DataFrame, layout: FigureLayout, text: Text, states: list[str], panels: list[str]
) -> dict[str, bytes]:
    columns = min(layout.columns, len(panels))
    lines = math.ceil(len(panels) / columns)
    legend_lines = math.ceil(len(states) / layout.legend_columns)
    legend = 0.17 * legend_lines + 0.06
    step = layout.panel_height + _HEAD + 0.16
    sheet = Sheet(text, text.foot(data), legend + lines * step + 0.42)
    width = (WIDTH - _LEFT - 0.24 - _GAP * (columns - 1)) / columns
    for position, key in enumerate(panels):
        line, column = divmod(position, columns)
        left, top = _LEFT + column * (width + _GAP), legend + line * step
        mine = data[data["panel"] == key]
        axes = sheet.axes(left, top + _HEAD, width, layout.panel_height)
        middles = _draw(axes, mine, layout, text, states)
        sheet.write(left, top + 0.15, text.word(key), fontsize=SMALL, fontweight="bold")
        sheet.write(left, top + 0.3, _persons(mine, text), fontsize=SMALL, color=QUIET)
        axes.tick_params(labelbottom=position + columns >= len(panels), labelleft=column == 0)
        last = mine[mine["x"] == mine["x"].max()].set_index("row")["value"]
        for state, middle in middles.items():
            if last[state] / _WHOLE * layout.panel_height >= _NUMBERED:
                y = top + _HEAD + layout.panel_height * (1 - middle / _WHOLE)
                number = str(states.index(state) + 1)
                sheet.write(left + width + 0.04, y, number, va="center", fontsize=SMALL - 1.5, color=QUIET)
    named = [
        Patch(facecolor=colour(state), linewidth=0, label=f"{number} {text.word(state)}")
        for number, state in enumerate(states, start=1)
    ]
    sheet.legend(named, layout.legend_columns)
    sheet.write(_LEFT + (WIDTH - _LEFT - 0.24) / 2, legend + lines * step + 0.2, text.x, ha="center", va="top")
    sheet.write(0.1, legend + lines * step / 2, text.y, rotation=90, ha="left", va="center")
    return sheet.files()
