"""The labels of one language, and those of them that one exhibit uses; read when the workflow is planned."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.stages.exhibits.catalogue import AnyEntry


def load_labels(path: str | Path) -> dict[str, Any]:
    """Read the labels of one language: groups of key: word, ``common`` and ``exhibits``."""
    content: dict[str, Any] = read_yaml(path)
    return content


def select_labels(labels: Mapping[str, Any], entry: AnyEntry) -> dict[str, Any]:
    """Return only those labels that an exhibit uses, so that editing a label concerns only its users.

    Raises
    ------
    FaultsFound
        If a group of labels, or the texts of the exhibit, do not exist; all of them.
    """
    faults = [
        Fault("config/labels", group, f"group of labels that {entry.id} uses does not exist", 1, "Add it")
        for group in entry.labels
        if group not in labels
    ]
    if entry.id not in labels["exhibits"]:
        faults.append(Fault("config/labels", f"exhibits.{entry.id}", "exhibit has no title", 1, "Add its texts"))
    if faults:
        raise FaultsFound(faults)
    words = {key: word for group in entry.labels for key, word in labels[group].items()}
    return {"common": labels["common"], "exhibit": labels["exhibits"][entry.id], "words": words}
