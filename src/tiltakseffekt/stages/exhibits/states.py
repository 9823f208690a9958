"""Figures of where people are, month by month: stacked areas that fill the whole."""

import math
from typing import Final

import pandas as pd
from matplotlib.patches import Patch
from matplotlib.ticker import MultipleLocator

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.panels import (
    NAME_LINE,
    Field,
    Grid,
    Heading,
    Panel,
    Spacing,
    keys_of,
    panels_of,
    value_axis,
)
from tiltakseffekt.stages.exhibits.style import QUIET, SMALL, WIDTH, colour, spread

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
    states = keys_of(data, "row")
    lay_out = _one if data["panel"].nunique() == 1 else _many
    return lay_out(data, layout, text, states)


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


def _draw(field: Field, layout: FigureLayout, text: Text, states: list[str]) -> dict[str, float]:
    """Stack the states; returns the middle of each at the right edge, in per cent, and 0 thickness left out."""
    axes = field.axes
    bottom, top = stack(field.data, states)
    axes.set(xlim=(top.index.min(), top.index.max()), ylim=(0, _WHOLE))
    for state in states:
        axes.fill_between(top.index, bottom[state], top[state], color=colour(state), linewidth=0)
        axes.plot(top.index, top[state], color="white", linewidth=0.5, clip_on=False)
    axes.xaxis.set_major_locator(MultipleLocator(layout.ticks or 6))
    value_axis(axes.xaxis, text, 0)
    axes.yaxis.set_major_locator(MultipleLocator(25))
    value_axis(axes.yaxis, text, 0)
    low, high = bottom.iloc[-1], top.iloc[-1]
    return {state: float(low[state] + high[state]) / 2 for state in states if high[state] > low[state]}


def _one(data: pd.DataFrame, layout: FigureLayout, text: Text, states: list[str]) -> dict[str, bytes]:
    notes, source = text.foot(data)
    spacing = Spacing(left=0.62, right=_NAMES, legend=0.1, foot=0.52)
    grid = Grid(text, (f"{_persons(data, text)}. {notes}", source), [Panel("", data, 3.2)], 1, spacing)
    field = grid.fields[0]
    axes, height = field.axes, field.panel.height
    middles = _draw(field, layout, text, states)
    last = data[data["x"] == data["x"].max()].set_index("row")["value"]
    at = spread([middle / _WHOLE * height for middle in middles.values()], NAME_LINE, 0.0, height)
    for (state, middle), y in zip(middles.items(), at, strict=True):
        words = f"{text.word(state)} {text.numbers.cell(float(last[state]), 'percent')}"
        right, top = field.left + field.width, field.top + height - y
        field.sheet.write(right + 0.12, top, words, va="center_baseline", fontsize=SMALL)
        ends = (1.0, 1.0 + 0.09 / field.width), (middle / _WHOLE, y / height)
        axes.plot(*ends, transform=axes.transAxes, color=colour(state), linewidth=2.0, clip_on=False)
    grid.title_y(0.14)
    grid.title_x(0.3, (0.52 + WIDTH - _NAMES) / 2)
    return grid.sheet.files()


def _many(data: pd.DataFrame, layout: FigureLayout, text: Text, states: list[str]) -> dict[str, bytes]:
    panels = panels_of(data, keys_of(data, "panel"), layout.panel_height)
    legend = 0.17 * math.ceil(len(states) / layout.legend_columns) + 0.06
    spacing = Spacing(left=0.52, right=0.24, gap=0.34, head=0.36, below=0.16, legend=legend, foot=0.42)
    grid = Grid(text, text.foot(data), panels, min(layout.columns, len(panels)), spacing)
    for field in grid.fields:
        middles = _draw(field, layout, text, states)
        field.heading(text.word(field.key), _persons(field.data, text), Heading(0.15, 0.3))
        field.share_axes()
        _number(field, middles, states)
    named = [
        Patch(facecolor=colour(state), linewidth=0, label=f"{number} {text.word(state)}")
        for number, state in enumerate(states, start=1)
    ]
    grid.sheet.legend(named, layout.legend_columns)
    grid.title_x(0.2)
    grid.title_y(0.1)
    return grid.sheet.files()


def _number(field: Field, middles: dict[str, float], states: list[str]) -> None:
    """Write the number of each state that is thick enough at the right of a field."""
    height = field.panel.height
    last = field.data[field.data["x"] == field.data["x"].max()].set_index("row")["value"]
    for state, middle in middles.items():
        if last[state] / _WHOLE * height >= _NUMBERED:
            right, top = field.left + field.width + 0.04, field.top + height * (1 - middle / _WHOLE)
            number = str(states.index(state) + 1)
            field.sheet.write(right, top, number, va="center", fontsize=SMALL - 1.5, color=QUIET)
