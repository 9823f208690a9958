"""The labels of one language, and those of them that one exhibit uses; read when the workflow is planned."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.stages.exhibits.catalogue import AnyEntry

#: Texts of exhibits by id; they stand with the evaluation that has the exhibits.
_EXHIBITS: Final = "exhibits"
#: Words that every exhibit gets.
_COMMON: Final = "common"
#: The group of sentences that notes may name instead of repeating them.
_SENTENCES: Final = "sentences"


@dataclass(frozen=True)
class Labels:
    """The words that the exhibits of one evaluation may use, in one language.

    Parameters
    ----------
    groups
        Key to word by group, ``common`` among them: the shared ones, those of the evaluation, and those of the one it
        reads.
    exhibits
        Texts of its exhibits by id.
    file
        Where its own words stand, below the root of the project.
    """

    groups: Mapping[str, Mapping[str, Any]]
    exhibits: Mapping[str, Mapping[str, Any]]
    file: str


@dataclass(frozen=True)
class _File:
    """Name, below the root of the project, and content of a file of labels; nothing where there is none."""

    name: str
    content: Mapping[str, Any]

    @property
    def groups(self) -> Mapping[str, Mapping[str, Any]]:
        return {group: words for group, words in self.content.items() if group != _EXHIBITS}


def load_labels(config: Path, language: str, evaluations: Mapping[str, str | None]) -> dict[str, Labels]:
    """Read the labels of one language for each evaluation.

    Parameters
    ----------
    config
        The folder of the configuration. ``labels`` in it holds what all share; ``evaluations/<name>/labels`` what one
        has of its own, and is missing where it needs no words.
    language
        Name of the files: ``nb`` or ``en``.
    evaluations
        The evaluations, and which one each reads, if any: it has the groups of that one too, not its exhibits.

    Raises
    ------
    FaultsFound
        With every group that an evaluation would have from two files, and texts of exhibits among what all share.
    """
    shared = _read(config, "labels", language)
    own = {name: _read(config, f"evaluations/{name}/labels", language) for name in evaluations}
    files = {name: (shared, *([own[reads]] if reads else []), own[name]) for name, reads in evaluations.items()}
    # A group that an evaluation and its reader both get from two files is one fault.
    faults = list(dict.fromkeys(fault for merged in files.values() for fault in _repeated(merged)))
    if misplaced := shared.content.get(_EXHIBITS):
        faults.append(
            Fault(
                shared.name,
                _EXHIBITS,
                "texts of exhibits stand among the words that all share",
                len(misplaced),
                "Move them to their evaluation",
            )
        )
    if faults:
        raise FaultsFound(faults)
    return {
        name: Labels(
            groups={group: words for file in merged for group, words in file.groups.items()},
            exhibits=own[name].content.get(_EXHIBITS, {}),
            file=own[name].name,
        )
        for name, merged in files.items()
    }


def _read(config: Path, folder: str, language: str) -> _File:
    path = config / folder / f"{language}.yaml"
    return _File(f"config/{folder}/{language}.yaml", (read_yaml(path) if path.exists() else None) or {})


def _repeated(files: Sequence[_File]) -> Iterator[Fault]:
    """Yield the groups that stand in more than one of the files."""
    met: dict[str, str] = {}
    for file in files:
        for group in file.groups:
            if group in met:
                yield Fault(file.name, group, f"group of labels also stands in {met[group]}", 1, "Keep one of them")
            met.setdefault(group, file.name)


def select_labels(labels: Labels, entry: AnyEntry) -> dict[str, Any]:
    """Return only those labels that an exhibit uses, so that editing a label concerns only its users.

    A note that is the key of one of ``sentences`` becomes that sentence.

    Raises
    ------
    FaultsFound
        If a group of labels, or the texts of the exhibit, do not exist; all of them.
    """
    own, sentences = labels.exhibits.get(entry.id, {}), labels.groups.get(_SENTENCES, {})
    faults = [
        Fault(
            labels.file, group, f"group of labels that {entry.id} uses does not exist", 1, "Add it, or to config/labels"
        )
        for group in entry.labels
        if group not in labels.groups
    ]
    faults += [
        Fault(labels.file, note, f"note of {entry.id} names a sentence that does not exist", 1, "Add it to sentences")
        for note in own.get("notes", ())
        if note.isidentifier() and note not in sentences
    ]
    if not own:
        faults.append(Fault(labels.file, f"{_EXHIBITS}.{entry.id}", "exhibit has no title", 1, "Add its texts"))
    if faults:
        raise FaultsFound(faults)
    notes = {"notes": [sentences.get(note, note) for note in own["notes"]]} if "notes" in own else {}
    return {
        "common": labels.groups[_COMMON],
        "exhibit": {**own, **notes},
        "words": {key: word for group in entry.labels for key, word in labels.groups[group].items()},
        "file": labels.file,
    }
