"""The gate: an exhibit is checked, drawn anew where something is hidden, and leaves with its status."""

from pathlib import Path

import pandas as pd

from tiltakseffekt.core.files import sha256, write_json
from tiltakseffekt.exhibits.catalogue import DRAWINGS, AnyEntry, TableEntry
from tiltakseffekt.exhibits.drawing import draw, draw_placeholder, write_files
from tiltakseffekt.exhibits.labels import Text
from tiltakseffekt.exhibits.tidy import write_tidy
from tiltakseffekt.export.disclosure import Checked, control
from tiltakseffekt.export.settings import DisclosureSettings


def export_exhibit(
    data: pd.DataFrame,
    entry: AnyEntry,
    text: Text,
    settings: DisclosureSettings,
    built: str | Path,
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
    built
        Folder of the exhibit before the gate. Its drawing shows these data, and leaves as it is when all may be shown.
    folder
        Folder of the exhibit behind the gate.
    reviewed
        Whether it may leave with the status ``review``; if not, a placeholder leaves instead.
    """
    linked = isinstance(entry, TableEntry) and entry.layout.type == "estimates"
    checked = control(data, entry.disclosure, settings, linked)
    refused = checked.status == "fail" or (checked.status == "review" and not reviewed)
    shown = checked.data.iloc[:0] if refused else checked.data
    reason = "empty" if checked.reasons == ("nothing_to_show",) else "refused"
    if refused:
        drawn = draw_placeholder(reason, entry, text)
    elif shown.equals(data):
        drawn = {name: (Path(built) / name).read_bytes() for name in DRAWINGS[entry.kind]}
    else:
        drawn = draw(shown, entry, text)
    target = Path(folder)
    write_tidy(shown, target / "data.csv")
    write_files(drawn, target)
    write_json(target / "status.json", _status(checked, not refused, entry, settings, target, ["data.csv", *drawn]))
    return checked


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
        "files": {name: sha256(folder / name) for name in files},
    }
