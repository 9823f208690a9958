"""The gate: an exhibit is checked, drawn from what may be shown, and leaves with its status."""

from pathlib import Path

import pandas as pd

from tiltakseffekt.core.files import sha256, write_json
from tiltakseffekt.stages.exhibits.catalogue import AnyEntry, FigureEntry, TableEntry
from tiltakseffekt.stages.exhibits.drawing import draw, draw_placeholder, write_files
from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.rounding import drawn_digits, estimated, round_counts
from tiltakseffekt.stages.exhibits.tidy import write_tidy
from tiltakseffekt.stages.export.disclosure import Checked, control
from tiltakseffekt.stages.export.settings import DisclosureSettings

#: Figures that print no number of persons.
_WITHOUT_N = ("love_plot", "value_curves", "study_panels")


def export_exhibit(
    data: pd.DataFrame,
    entry: AnyEntry,
    text: Text,
    settings: DisclosureSettings,
    folder: str | Path,
    reviewed: bool,
) -> Checked:
    """Write what may leave of an exhibit: its data, its drawing and its status.

    Parameters
    ----------
    data
        Tidy data as built.
    entry
        Its entry in the catalogue.
    text
        Its words.
    settings
        Thresholds of the data owner.
    folder
        Folder of the exhibit behind the gate.
    reviewed
        Whether it may leave with the status ``review``; if not, a placeholder leaves instead.
    """
    linked = isinstance(entry, TableEntry) and entry.layout.type == "estimates"
    checked = control(data, entry.disclosure, settings, linked)
    refused = checked.status == "fail" or (checked.status == "review" and not reviewed)
    passed = checked.data.iloc[:0] if refused else checked.data
    shown, text = _rounded(drawn_digits(passed, entry), entry, text, settings)
    reason = "empty" if checked.reasons == ("nothing_to_show",) else "refused"
    drawn = draw_placeholder(reason, entry, text) if refused else draw(shown, entry, text)
    target = Path(folder)
    write_tidy(shown, target / "data.csv")
    write_files(drawn, target)
    write_json(target / "status.json", _status(checked, not refused, entry, settings, target, ["data.csv", *drawn]))
    return checked


def _rounded(
    data: pd.DataFrame, entry: AnyEntry, text: Text, settings: DisclosureSettings
) -> tuple[pd.DataFrame, Text]:
    """Round the persons behind estimates, and say so where a reader sees it; public data need none of it."""
    multiple, everywhere = settings.round_counts, entry.disclosure.rounded
    if entry.public or multiple == 1:
        return data, text
    rounded = bool((data["count"].notna() if everywhere else estimated(data)).any())
    if isinstance(entry, FigureEntry):
        told = "n" if rounded and entry.layout.type not in _WITHOUT_N else ""
    else:
        told = "cells" if rounded and everywhere else ""
    return round_counts(data, multiple, everywhere), text.with_rounding(told, multiple) if told else text


def _status(
    checked: Checked,
    released: bool,
    entry: AnyEntry,
    settings: DisclosureSettings,
    folder: Path,
    files: list[str],
) -> dict[str, object]:
    return {
        "exhibit": entry.id,
        "kind": entry.kind,
        "status": checked.status,
        "reasons": list(checked.reasons),
        "released": released,
        "cells": checked.cells,
        "suppressed": {"primary": checked.primary, "secondary": checked.secondary},
        "threshold": settings.threshold,
        "zeros": settings.zeros,
        "round_counts": settings.round_counts,
        "files": {name: sha256(folder / name) for name in files},
    }
