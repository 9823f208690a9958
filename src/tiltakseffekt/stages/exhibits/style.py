"""The one look of all figures: fonts, colours, and where heading and notes stand.

Every figure is as wide as the text column of the report, so that eight points in the picture are eight on paper.
"""

import io
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from tiltakseffekt.core import keys
from tiltakseffekt.stages.exhibits.labels import Text

#: Width of the text column, 16 cm in inches.
WIDTH: Final = 6.3
_DPI: Final = 200
_LEFT: Final = 0.1
_TITLE, _BODY, SMALL = 10.5, 8.5, 8.0
_TITLE_CHARACTERS, _BODY_CHARACTERS, _NOTE_CHARACTERS = 76, 100, 104
_TITLE_LINE, _BODY_LINE, _NOTE_LINE = 0.2, 0.16, 0.145

INK: Final = "#222222"
QUIET: Final = "#595959"
GRID: Final = "#dcdcdc"
MARK: Final = "#9c1c1c"
#: Shades of periods marked on a calendar axis, in their order.
PERIODS: Final = ("#ece3cc", "#dcdce8")

#: One colour per measure in every figure: Paul Tol's muted scheme, its light colours darkened for thin lines.
COLOURS: Final[Mapping[str, str]] = {
    "aft": "#332288",
    "amo": "#117733",
    "arbeidsrettet_rehab": "#aa4499",
    "arbeidstrening": "#0b7fab",
    "avklaring": "#882255",
    "jobbklubb": "#7a7a22",
    "midl_lonnstilskudd": "#cc6677",
    "oppfolging": "#2a8f83",
    "utdanning": "#b07a1c",
    "utvidet_oppfolging": "#4a4a9f",
    "helsemessig_utredning": "#5f8f3f",
    "ips": "#b5527f",
    "tilrettelegging_bedrift": "#8a5a44",
    "varig_lonnstilskudd": "#3f6f7f",
    "vta": "#6b3f8f",
    "annet": "#777777",
}
#: One colour per NAV group in every figure, told apart also by the colour-blind and in print.
NAV_COLOURS: Final[Mapping[str, str]] = {
    "standard": "#0b6fae",
    "situasjonsbestemt": "#2a9d8f",
    "spesielt_tilpasset": "#c4572b",
    "varig_tilpasset": "#7b1f4b",
    "sykmeldt": "#c39a1f",
    "annen_gruppe": "#6f6aa8",
    "ikke_registrert": "#a6a6a6",
}

#: One colour per state after the first measure; neighbours in a stack differ in lightness, also in print.
STATE_COLOURS: Final[Mapping[str, str]] = {
    "tilstand_arbeid_tiltak": "#0a2f63",
    "tilstand_arbeid_hoy": "#2f7ebc",
    "tilstand_arbeid_lav": "#a9d0ea",
    "tilstand_utdanning": "#1b6b3a",
    "tilstand_tiltak": "#e8a33d",
    "tilstand_ufor": "#5b2a52",
    "tilstand_arbeidssoker": "#f2e2a0",
    "tilstand_nedsatt": "#cf7564",
    "tilstand_annet": "#d0d0d0",
}
#: Shades of ordered groups from the first to the last, even steps of lightness.
SHADES: Final = ("#12355b", "#2f6690", "#5b96b8", "#93bfcf", "#c9dfe0", "#e9ddb8", "#d9b26f")

#: Settings of matplotlib; the salt makes the names inside an SVG the same in every run.
RC: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": SMALL,
    "svg.fonttype": "path",
    "svg.hashsalt": "tiltakseffekt",
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelcolor": INK,
    "axes.titlesize": SMALL,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "text.color": INK,
}


def _wrapped(lines: tuple[str, ...], characters: int) -> list[str]:
    return [part for line in lines for part in textwrap.wrap(line, characters)]


class Sheet:
    """A figure with heading and notes in place and a free field between them.

    Parameters
    ----------
    text
        The words of the exhibit.
    foot
        Lines under the picture, wrapped here.
    height
        Height of the free field in inches.
    """

    def __init__(self, text: Text, foot: tuple[str, ...], height: float) -> None:
        title = _wrapped((text.title,), _TITLE_CHARACTERS)
        subtitle = _wrapped((text.subtitle,), _BODY_CHARACTERS)
        notes = _wrapped(foot, _NOTE_CHARACTERS)
        head = 0.12 + _TITLE_LINE * len(title) + _BODY_LINE * len(subtitle) + 0.08
        base = 0.12 + _NOTE_LINE * (len(notes) + bool(text.mark))
        self.height = head + height + base
        self.bottom = base
        self.field = height
        self.figure = Figure(figsize=(WIDTH, self.height), facecolor="white")
        FigureCanvasAgg(self.figure)
        at = self._lines(title, self.height - 0.08, _TITLE_LINE, size=_TITLE, weight="bold")
        self._lines(subtitle, at, _BODY_LINE, size=_BODY, color=QUIET)
        at = self._lines(notes, base - 0.03, _NOTE_LINE, size=SMALL, color=QUIET)
        self._lines([text.mark] if text.mark else [], at, _NOTE_LINE, size=SMALL, color=MARK, weight="bold")

    def _lines(self, lines: list[str], top: float, step: float, **style: Any) -> float:
        for line in lines:
            top -= step
            self.figure.text(_LEFT / WIDTH, top / self.height, line, va="baseline", ha="left", **style)
        return top

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes placed in inches; `top` counts down from the upper edge of the free field."""
        bottom = self.bottom + self.field - top - height
        return self.figure.add_axes(
            (left / WIDTH, bottom / self.height, width / WIDTH, height / self.height), facecolor="white"
        )

    def write(self, x: float, top: float, words: str, **style: Any) -> None:
        """Set words at inches from the left and from the upper edge of the free field."""
        at = self.bottom + self.field - top
        self.figure.text(x / WIDTH, at / self.height, words, **style)

    def legend(self, handles: Sequence[Artist], columns: int | None = None) -> None:
        """Explain the signs of the picture above it, in one line or in so many columns."""
        self.figure.legend(
            handles=list(handles),
            loc="upper left",
            bbox_to_anchor=(0.1 / WIDTH, (self.bottom + self.field + 0.02) / self.height),
            ncol=columns or max(len(handles), 1),
            frameon=False,
            fontsize=SMALL,
            borderpad=0,
            borderaxespad=0,
            handlelength=2.6,
        )

    def files(self) -> dict[str, bytes]:
        """Return the figure as SVG and PNG, without dates and versions."""
        drawn = {}
        for suffix, metadata in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
            buffer = io.BytesIO()
            self.figure.savefig(buffer, format=suffix, dpi=_DPI, metadata=metadata)
            drawn[f"figure.{suffix}"] = buffer.getvalue()
        return drawn


def colour(key: str) -> str:
    """Return the colour of a measure, a NAV group or a state; anything else is drawn in ink."""
    return COLOURS.get(key) or NAV_COLOURS.get(key) or STATE_COLOURS.get(key, INK)


def in_house_order(present: set[str], first_seen: list[str]) -> list[str]:
    """Return measures in the order of the report, then other keys in the order of the data; what is collected last."""
    measures = [key for key in keys.MEASURES if key in present]
    others = [key for key in first_seen if key not in keys.TREATED_ARMS]
    return [*measures, *others, *([keys.OTHER_MEASURES] if keys.OTHER_MEASURES in present else [])]


def number_axis(text: Text, decimals: int) -> FuncFormatter:
    """Return tick labels in the number format of the language."""
    return FuncFormatter(lambda value, _: text.numbers.number(value, decimals))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart until neighbours are `gap` away from each other, as little as possible and within limits.

    Parameters
    ----------
    wanted
        Where each would lie, in any order; the order of the places is kept.
    gap, low, high
        Distance of neighbours, and between what limits all lie if there is room.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    blocks: list[tuple[float, int]] = []
    for rank, place in enumerate(order):
        mean, size = wanted[place] - rank * gap, 1
        while blocks and blocks[-1][0] >= mean:
            other, more = blocks.pop()
            mean, size = (mean * size + other * more) / (size + more), size + more
        blocks.append((mean, size))
    apart = [mean for mean, size in blocks for _ in range(size)]
    room = max(high - gap * (len(wanted) - 1), low)
    placed = [0.0] * len(wanted)
    for rank, place in enumerate(order):
        placed[place] = min(max(apart[rank], low), room) + rank * gap
    return placed
