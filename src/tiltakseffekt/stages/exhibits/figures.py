"""Drawing: tidy data, catalogue entry and words in, figure out. Pure, and the same bytes every time."""

from collections.abc import Callable
from typing import Final

import matplotlib as mpl
import pandas as pd

from tiltakseffekt.stages.exhibits.alluvial import alluvial
from tiltakseffekt.stages.exhibits.bars import paired_bars, stacked_bars, tornado, waterfall
from tiltakseffekt.stages.exhibits.catalogue import FigureLayout
from tiltakseffekt.stages.exhibits.curves import (
    calendar_lines,
    calendar_panels,
    calibration_panels,
    effect_panels,
    fifth_panels,
    overlap_panels,
    path_panels,
    stream_panels,
    survival_panels,
    value_curves,
)
from tiltakseffekt.stages.exhibits.intervals import (
    bound_panels,
    dumbbell,
    gain_panels,
    interval_by_measure,
    interval_panels,
    love_plot,
    profitability,
    study_panels,
)
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.panels import NUMBERS
from tiltakseffekt.stages.exhibits.states import state_areas
from tiltakseffekt.stages.exhibits.style import RC, SMALL, WIDTH, Sheet

_TYPES: Final[dict[str, Callable[[pd.DataFrame, FigureLayout, Text], dict[str, bytes]]]] = {
    "interval_by_measure": interval_by_measure,
    "interval_panels": interval_panels,
    "dumbbell": dumbbell,
    "effect_panels": effect_panels,
    "fifth_panels": fifth_panels,
    "path_panels": path_panels,
    "survival_panels": survival_panels,
    "overlap_panels": overlap_panels,
    "calibration_panels": calibration_panels,
    "love_plot": love_plot,
    "stream_panels": stream_panels,
    "calendar_lines": calendar_lines,
    "calendar_panels": calendar_panels,
    "alluvial": alluvial,
    "waterfall": waterfall,
    "tornado": tornado,
    "profitability": profitability,
    "value_curves": value_curves,
    "state_areas": state_areas,
    "stacked_bars": stacked_bars,
    "paired_bars": paired_bars,
    "study_panels": study_panels,
    "bound_panels": bound_panels,
    "gain_panels": gain_panels,
}


def draw_figure(data: pd.DataFrame, layout: FigureLayout, text: Text) -> dict[str, bytes]:
    """Draw a figure.

    Parameters
    ----------
    data
        Tidy data with at least one value.
    layout
        Layout of the catalogue entry.
    text
        The words of the exhibit.

    Returns
    -------
    dict of str to bytes
        ``figure.svg`` and ``figure.png``.
    """
    scaled = data.assign(**{name: data[name] / layout.scale for name in NUMBERS})
    with mpl.rc_context(RC):
        return _TYPES[layout.type](scaled, layout, text)


def draw_notice(words: str, text: Text) -> dict[str, bytes]:
    """Draw the placeholder of a figure that cannot be shown."""
    with mpl.rc_context(RC):
        sheet = Sheet(text, (*text.notes, text.source), 1.2)
        sheet.write(WIDTH / 2, 0.6, words, ha="center", va="center", fontsize=SMALL + 1, fontweight="bold", wrap=True)
        return sheet.files()
