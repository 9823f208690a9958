"""The alluvial diagram: how many move between states from one moment to the next."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.numbers import NO_BREAK_SPACE
from tiltakseffekt.stages.exhibits.style import INK, QUIET, SMALL, WIDTH, Sheet, colour, spread

_HEIGHT: Final = 4.3
_HEAD: Final = 0.3
_SIDE: Final = 1.62
_BAR: Final = 0.13
_GAP: Final = 0.07
_LINE: Final = 0.15

Spans = dict[str, tuple[float, float]]


def order_of_states(data: pd.DataFrame) -> list[str]:
    """Return all states: those that are left in the order of the data, then those that are only entered."""
    return [str(key) for key in pd.concat([data["row"], data["column"]]).unique()]


def state_sizes(data: pd.DataFrame) -> list[dict[str, float]]:
    """Return the persons in each state at each moment: the larger of those who come and those who leave.

    The two differ only where a flow is suppressed.
    """
    parts = [part for _, part in data.groupby("panel", sort=False)]
    leaving = [part.groupby("row")["value"].sum() for part in parts]
    coming = [part.groupby("column")["value"].sum() for part in parts]
    nobody = pd.Series(dtype="float64")
    return [
        {str(key): float(max(one.get(key, 0.0), other.get(key, 0.0))) for key in one.index.union(other.index)}
        for one, other in zip([nobody, *coming], [*leaving, nobody], strict=True)
    ]


def stack(sizes: dict[str, float], states: list[str], unit: float) -> Spans:
    """Return upper and lower edge of each state, inches from the top, states downwards with a gap between them."""
    spans: Spans = {}
    at = 0.0
    for state in states:
        if sizes.get(state, 0.0) > 0:
            spans[state] = (at, at + sizes[state] * unit)
            at = spans[state][1] + _GAP
    return spans


def alluvial(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw persons who move from a state (``row``) to a state (``column``) in each period (``panel``: its end)."""
    moves = data[data["value"] > 0]
    states, sizes, ends = order_of_states(moves), state_sizes(moves), [str(key) for key in moves["panel"].unique()]
    everyone = sum(sizes[0].values())

    def share(persons: float) -> str:
        percent = 100 * persons / everyone
        least = 10.0**-layout.decimals
        sign = "<" if percent < least / 2 else ""
        return f"{sign}{text.numbers.number(max(percent, least), layout.decimals)}{NO_BREAK_SPACE}%"

    unit = (_HEIGHT - _GAP * (max(map(len, sizes)) - 1)) / max(sum(column.values()) for column in sizes)
    stacks = [stack(column, states, unit) for column in sizes]
    lefts = np.linspace(_SIDE, WIDTH - _SIDE - _BAR, len(stacks))
    notes, source = text.foot(data)
    notes = f"{text.n} = {text.numbers.number(everyone, 0)}. {notes}"
    sheet = Sheet(text, (notes, source), _HEAD + _HEIGHT + 0.1)
    axes = sheet.axes(0, _HEAD, WIDTH, _HEIGHT)
    axes.set(xlim=(0, WIDTH), ylim=(_HEIGHT, 0))
    axes.set_axis_off()
    for position, end in enumerate(ends):
        part = moves[moves["panel"] == end]
        _bands(axes, part, stacks[position : position + 2], states, lefts[position : position + 2], unit)
    for left, spans, head in zip(lefts, stacks, [text.x, *map(text.word, ends)], strict=True):
        sheet.write(left + _BAR / 2, _HEAD - 0.12, head, ha="center", fontsize=SMALL, fontweight="bold")
        for state, (top, bottom) in spans.items():
            axes.add_patch(Rectangle((left, top), _BAR, bottom - top, facecolor=colour(state), linewidth=0, zorder=3))
    for place in (0, -1):
        words = [f"{text.word(state)} {share(sizes[place][state])}" for state in stacks[place]]
        _names(axes, stacks[place], words, float(lefts[place]), place == 0)
    for left, spans, column in zip(lefts[1:-1], stacks[1:-1], sizes[1:-1], strict=True):
        for state, (top, bottom) in spans.items():
            if bottom - top >= _LINE:
                beside, middle = left + _BAR + 0.04, (top + bottom) / 2
                axes.text(beside, middle, share(column[state]), va="center_baseline", fontsize=SMALL, zorder=4)
    return sheet.files()


def _bands(
    axes: Axes, flows: pd.DataFrame, stacks: list[Spans], states: list[str], lefts: np.ndarray, unit: float
) -> None:
    """Draw the flows between two moments; at both ends bands lie in the order of the state at the other end."""
    at = [{state: span[0] for state, span in spans.items()} for spans in stacks]
    left, right = lefts[0] + _BAR, lefts[1]
    order = {state: place for place, state in enumerate(states)}
    sorted_flows = sorted(flows.itertuples(), key=lambda flow: (order[str(flow.row)], order[str(flow.column)]))
    for flow in sorted_flows:
        one, other, width = str(flow.row), str(flow.column), float(flow.value) * unit  # type: ignore[arg-type]
        start, end = at[0][one], at[1][other]
        at[0][one] += width
        at[1][other] += width
        axes.add_patch(PathPatch(_band(left, right, start, end, width), facecolor=colour(one), alpha=0.45, linewidth=0))


def _band(left: float, right: float, start: float, end: float, width: float) -> Path:
    middle = (left + right) / 2
    upper = [(left, start), (middle, start), (middle, end), (right, end)]
    lower = [(right, end + width), (middle, end + width), (middle, start + width), (left, start + width)]
    curve = [Path.CURVE4] * 3
    return Path([*upper, *lower, upper[0]], [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])


def _names(axes: Axes, spans: Spans, words: list[str], left: float, before: bool) -> None:
    """Write words beside the states of an outer column; those of thin states make room for each other."""
    middles = [(top + bottom) / 2 for top, bottom in spans.values()]
    edge, step = (left, -0.06) if before else (left + _BAR, 0.06)
    align = "right" if before else "left"
    for word, middle, y in zip(words, middles, spread(middles, _LINE, 0.0, _HEIGHT), strict=True):
        axes.text(edge + step, y, word, ha=align, va="center_baseline", fontsize=SMALL, color=INK)
        if abs(y - middle) > _LINE / 2:
            axes.plot((edge, edge + 0.8 * step), (middle, y), color=QUIET, linewidth=0.5)
