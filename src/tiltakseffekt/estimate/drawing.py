"""The figures of an estimation: effects with intervals, and balance before and after weighting."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tiltakseffekt.stages.exhibits.style import GRID, INK, MARK, QUIET

_WIDTH: Final = 6.3
_ROW: Final = 0.24
_HEADING: Final = 0.75
_FONT: Final = 9
_COLOURS: Final = {"ATE": "#332288", "ATET": "#117733", "GATE": "#b07a1c"}


def draw_effects(table: pd.DataFrame, outcomes: Sequence[str]) -> Figure:
    """Draw each effect as a point with its interval, from the top in the order of the table.

    Parameters
    ----------
    table
        What `Effects.table` returns.
    outcomes
        Outcomes, a panel each, from the top.
    """
    parts = [table[table["outcome"] == outcome] for outcome in outcomes]
    heights = [_HEADING + _ROW * len(part) for part in parts]
    figure = Figure(figsize=(_WIDTH, sum(heights)), layout="constrained")
    axes = figure.subplots(len(parts), 1, squeeze=False, height_ratios=heights)[:, 0]
    for panel, outcome, part in zip(axes, outcomes, parts, strict=True):
        rows = np.arange(len(part))
        colours = part["estimand"].map(_COLOURS).tolist()
        panel.axvline(0, color=QUIET, linewidth=0.8)
        panel.hlines(rows, part["low"], part["high"], color=colours, linewidth=1.6)
        panel.scatter(part["estimate"], rows, color=colours, s=18, zorder=3)
        several = part["arm"].nunique() > 1
        labels = [_label(row, several) for row in part.to_dict("records")]
        _dress(panel, labels, f"Effects on {outcome}")
    return figure


def draw_balance(balance: pd.DataFrame, most: int, limit: float) -> Figure:
    """Draw absolute standardised differences of each arm, hollow before weighting and filled after.

    Parameters
    ----------
    balance
        ``arm``, ``covariate``, ``before``, ``after``.
    most
        Covariates shown for an arm, those that differ most before weighting.
    limit
        Difference at which a line is drawn.
    """
    arms = balance["arm"].unique().tolist()
    parts = []
    for arm in arms:
        absolute = balance[balance["arm"] == arm].assign(
            before=lambda part: part["before"].abs(), after=lambda part: part["after"].abs()
        )
        parts.append(absolute.sort_values("before", ascending=False, kind="stable").head(most))
    heights = [_HEADING + _ROW * len(part) for part in parts]
    figure = Figure(figsize=(_WIDTH, sum(heights) + 0.3), layout="constrained")
    axes = figure.subplots(len(parts), 1, squeeze=False, height_ratios=heights)[:, 0]
    for panel, arm, part in zip(axes, arms, parts, strict=True):
        rows = np.arange(len(part))
        panel.axvline(limit, color=MARK, linewidth=0.8, linestyle="--")
        panel.hlines(rows, part["before"], part["after"], color=GRID, linewidth=1.6)
        panel.scatter(part["before"], rows, facecolor="white", edgecolor=INK, s=22, zorder=3, label="before weighting")
        panel.scatter(part["after"], rows, color=INK, s=18, zorder=4, label="after weighting")
        panel.set_xlim(left=-0.01 * panel.get_xlim()[1])
        _dress(panel, part["covariate"].tolist(), f"{arm}: absolute standardised difference from the controls")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False, fontsize=_FONT)
    return figure


def _label(row: Mapping[Hashable, object], with_arm: bool) -> str:
    what = f"{row['group']}: {row['level']}" if row["estimand"] == "GATE" else str(row["estimand"])
    return f"{row['arm']}, {what}" if with_arm else what


def _dress(panel: Axes, labels: Sequence[str], title: str) -> None:
    panel.set_yticks(range(len(labels)), labels)
    panel.set_ylim(len(labels) - 0.4, -0.6)
    panel.set_title(title, loc="left", fontsize=_FONT + 1)
    panel.tick_params(labelsize=_FONT, length=0)
    panel.grid(axis="x", color=GRID, linewidth=0.6)
    panel.set_axisbelow(True)
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)
