"""Small multiples: fields in lines and columns, each under its heading, with shared axes and their titles."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import MaxNLocator

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
    spread,
)

#: Columns of tidy data that are drawn along the axis of values.
NUMBERS: Final = ("value", "low", "high")
#: Least distance of names beside each other, inches.
NAME_LINE: Final = 0.15


@dataclass(frozen=True)
class Spacing:
    """Inches around the fields of a sheet.

    Parameters
    ----------
    left, right
        From the edges of the sheet to the first and from the last field of a line.
    gap
        Between two fields of a line.
    head, below
        Above a field for its heading, and below it for its axis.
    legend, foot
        Above the first line for the legend, and below the last one for the title of the axis.
    """

    left: float
    right: float
    gap: float = 0.0
    head: float = 0.0
    below: float = 0.0
    legend: float = 0.0
    foot: float = 0.0


@dataclass(frozen=True)
class Heading:
    """Where the heading of a field stands, inches down from the upper edge of its head.

    Parameters
    ----------
    name, told
        Line of the name and of what is told of the field; at the right of the same line when they are equal.
    size
        Size of what is told, points.
    """

    name: float = 0.14
    told: float = 0.29
    size: float = SMALL


@dataclass(frozen=True)
class Panel:
    """What a field shows.

    Parameters
    ----------
    key
        Key of the panel.
    data
        Its tidy data.
    height
        Height of its field, inches.
    head
        Room for its heading, inches; that of the spacing when missing.
    """

    key: str
    data: pd.DataFrame
    height: float
    head: float | None = None


@dataclass(frozen=True)
class Field:
    """A panel in its place.

    Parameters
    ----------
    panel
        What it shows.
    sheet, axes
        Where it is drawn.
    left, top, width
        Inches from the left and from the upper edge of the free field to its upper left corner, and its width.
    edge
        Inches down to the upper edge of its head.
    first, lowest
        Whether it begins a line, and whether no field is below it.
    """

    panel: Panel
    sheet: Sheet
    axes: Axes
    left: float
    top: float
    width: float
    edge: float
    first: bool
    lowest: bool

    @property
    def key(self) -> str:
        """Key of the panel."""
        return self.panel.key

    @property
    def data(self) -> pd.DataFrame:
        """Tidy data of the panel."""
        return self.panel.data

    def heading(self, name: str, told: str, at: Heading, shade: str = INK) -> None:
        """Write the name of the field and what is told of it, such as the persons behind it, above it."""
        right = self.left + self.width
        self.sheet.write(self.left, self.edge + at.name, name, fontsize=SMALL, fontweight="bold", color=shade)
        place: dict[str, Any] = {"x": right, "ha": "right"} if at.told == at.name else {"x": self.left}
        self.sheet.write(top=self.edge + at.told, words=told, fontsize=at.size, color=QUIET, **place)

    def share_axes(self, values: bool = True) -> None:
        """Number the horizontal axis only where no field is below, and that of values only in the first field."""
        self.axes.tick_params(labelbottom=self.lowest)
        if values:
            self.axes.tick_params(labelleft=self.first)


class Grid:
    """Fields in lines and columns on a sheet.

    Parameters
    ----------
    text
        The words of the exhibit.
    foot
        Lines under the picture.
    panels
        What the fields show, line by line; a line is as high as its highest field.
    columns
        Fields side by side.
    spacing
        Inches around the fields.
    """

    def __init__(
        self, text: Text, foot: tuple[str, ...], panels: Sequence[Panel], columns: int, spacing: Spacing
    ) -> None:
        self.spacing, self.text = spacing, text
        lines = [panels[start : start + columns] for start in range(0, len(panels), columns)]
        heads = [max(self._head(panel) for panel in line) for line in lines]
        steps = [
            max(panel.height for panel in line) + head + spacing.below for head, line in zip(heads, lines, strict=True)
        ]
        #: Inches down to the lower edge of the last line, its axis included.
        self.bottom = spacing.legend + sum(steps)
        self.sheet = Sheet(text, foot, self.bottom + spacing.foot)
        width = (WIDTH - spacing.left - spacing.right - spacing.gap * (columns - 1)) / columns
        self.fields = []
        for position, panel in enumerate(panels):
            line, column = divmod(position, columns)
            left = spacing.left + column * (width + spacing.gap)
            edge = spacing.legend + sum(steps[:line])
            top = edge + heads[line]
            axes = self.sheet.axes(left, top, width, panel.height)
            lowest = position + columns >= len(panels)
            self.fields.append(Field(panel, self.sheet, axes, left, top, width, edge, column == 0, lowest))

    def _head(self, panel: Panel) -> float:
        return self.spacing.head if panel.head is None else panel.head

    def title_x(self, down: float, middle: float | None = None) -> None:
        """Write the title of the horizontal axis so far below the fields, in their middle unless another is given."""
        spacing = self.spacing
        x = spacing.left + (WIDTH - spacing.left - spacing.right) / 2 if middle is None else middle
        self.sheet.write(x, self.bottom + down, self.text.x, ha="center", va="top")

    def title_y(self, left: float = 0.12, down: float = 0.0) -> None:
        """Write the title of the axis of values, upwards, in the middle of the lines or so far below it."""
        middle = (self.spacing.legend + self.bottom) / 2
        self.sheet.write(left, middle + down, self.text.y, rotation=90, ha="left", va="center")


def keys_of(data: pd.DataFrame, column: str) -> list[str]:
    """Return the keys of a column in the order of the data."""
    return [str(key) for key in data[column].unique()]


def ordered_keys(data: pd.DataFrame, column: str) -> list[str]:
    """Return the keys of a column in the order of the report."""
    return in_house_order(set(data[column]), keys_of(data, column))


def panels_of(data: pd.DataFrame, keys: Iterable[str], height: float, column: str = "panel") -> list[Panel]:
    """Return a panel of one height per key of a column."""
    return [Panel(key, data[data[column] == key], height) for key in keys]


def limits(data: pd.DataFrame, room: float = 0.06) -> tuple[float, float]:
    """Return the ends of an axis that holds zero and all values and intervals, with room beside them."""
    numbers = data[list(NUMBERS)].to_numpy(dtype=float)
    shown = np.append(numbers[np.isfinite(numbers)], 0.0)
    low, high = float(shown.min()), float(shown.max())
    beside = room * (high - low) or 1.0
    return low - beside, high + beside


def least_persons(data: pd.DataFrame, text: Text) -> str:
    """Return the least number of persons behind cells in words."""
    counts = data["count"].dropna()
    return text.numbers.number(int(counts.min()), 0) if len(counts) else text.missing


def value_axis(axis: Axis, text: Text, decimals: int, ticks: int | None = None) -> None:
    """Number an axis in the format of the language, with about so many round ticks."""
    if ticks:
        axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(number_axis(text, decimals))


def light_grid(axes: Axes, along: str = "both") -> None:
    """Draw light lines behind everything, at the ticks of both axes or of one."""
    axes.grid(axis=along, color=GRID, linewidth=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def name_rows(axes: Axes, rows: Sequence[str], word: Callable[[str], str], named: bool, size: float = SMALL) -> None:
    """Let rows go downwards from 0, without axis and ticks, and name them at the left."""
    axes.set(ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)))
    axes.set_yticklabels([word(row) for row in rows] if named else [])
    axes.tick_params(axis="y", length=0, labelsize=size)
    axes.spines["left"].set_visible(False)


def zero_line(axes: Axes, upright: bool = True, zorder: float = 1) -> None:
    """Draw the line at zero."""
    (axes.axvline if upright else axes.axhline)(0, color=INK, linewidth=0.9, zorder=zorder)


def name_ends(field: Field, ends: dict[str, float], text: Text, size: float) -> None:
    """Write names at the right of a field, each where its curve ends (share of the height), clear of each other."""
    height = field.panel.height
    places = spread([end * height for end in ends.values()], NAME_LINE, 0.0, height)
    style = {"fontweight": "bold", "va": "center_baseline", "fontsize": size}
    for key, y in zip(ends, places, strict=True):
        right, top = field.left + field.width + 0.06, field.top + height - y
        field.sheet.write(right, top, text.word(key), color=colour(key), **style)
