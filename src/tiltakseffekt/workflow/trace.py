"""The way back from an exhibit to the registers, as text."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from tiltakseffekt.core.errors import TiltakError
from tiltakseffekt.core.files import read_json
from tiltakseffekt.workflow.provenance import RECEPTION, Record

_SHARD = re.compile(r"\d{3}(?=\.parquet$)")
_HIDDEN_PARAMETERS = ("code", "environment", "labels", "entry")


class NotBuilt(TiltakError):
    """The exhibit asked for is in the catalogue but has no provenance."""

    def __init__(self, exhibit: str) -> None:
        super().__init__(f"{exhibit} is not built. Build it: snakemake --cores 2 results/exhibits/{exhibit}/data.csv")


class UnknownExhibit(TiltakError):
    """The exhibit asked for is in no catalogue, or in several."""

    def __init__(self, exhibit: str, found: Collection[str], catalogue: Iterable[str]) -> None:
        if found:
            super().__init__(f"Several evaluations have {exhibit}. Name one: {', '.join(sorted(found))}")
        else:
            super().__init__(f"The catalogue has no exhibit {exhibit}. It has: {', '.join(sorted(catalogue))}")


def full_name(exhibit: str, catalogue: Collection[str]) -> str:
    """Return the name of an exhibit with its evaluation, which may be left out where only one has it.

    Raises
    ------
    UnknownExhibit
        If no evaluation has it, or several.
    """
    found = [name for name in catalogue if exhibit in (name, name.rpartition("/")[2])]
    if len(found) != 1:
        raise UnknownExhibit(exhibit, found, catalogue)
    return found[0]


def read_provenance(exhibit: str, results: Path, catalogue: Collection[str]) -> dict[str, Any]:
    """Read the provenance of an exhibit.

    Parameters
    ----------
    exhibit
        Identifier of the exhibit, with or without its evaluation.
    results
        Folder of the results.
    catalogue
        Identifiers of all exhibits, with their evaluations.

    Raises
    ------
    UnknownExhibit
        If no evaluation has it, or several.
    NotBuilt
        If it has not been built.
    """
    name = full_name(exhibit, catalogue)
    path = results / "exhibits" / name / "provenance.json"
    if not path.is_file():
        raise NotBuilt(name)
    content: dict[str, Any] = read_json(path)
    return content


def _group(paths: Iterable[str]) -> dict[str, list[str]]:
    """Gather the shards of one table under one pattern."""
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(_SHARD.sub("*", path), []).append(path)
    return groups


def _files(paths: Mapping[str, str], mark: str) -> list[str]:
    lines = []
    for pattern, members in _group(paths).items():
        if len(members) == 1:
            lines.append(f"    {mark} {members[0]}  sha256 {paths[members[0]][:16]}")
        else:
            lines.append(f"    {mark} {pattern}  ({len(members)} shards)")
    return lines


def _step(records: list[Record]) -> list[str]:
    first = records[0]
    shown = {key: value for key, value in first.parameters.items() if key not in _HIDDEN_PARAMETERS}
    jobs = f" ({len(records)} jobs)" if len(records) > 1 else ""
    inputs = {path: value for record in records for path, value in record.inputs.items()}
    return [
        f"rule {first.rule}{jobs}",
        f"    script     {first.script}",
        f"    functions  {', '.join(first.functions)}",
        f"    parameters {json.dumps(shown, ensure_ascii=False, sort_keys=True)}",
        *_files(inputs, "<-"),
    ]


def describe_trace(provenance: Mapping[str, Any]) -> str:
    """Write the provenance of an exhibit as text: its rule, each rule behind it, the register files with hashes.

    Parameters
    ----------
    provenance
        Content of ``provenance.json``.
    """
    own = Record.from_dict({key: provenance[key] for key in Record.__dataclass_fields__})
    behind = [Record.from_dict(content) for content in provenance["ancestors"]]
    by_rule: dict[str, list[Record]] = {}
    for record in behind:
        by_rule.setdefault(record.rule, []).append(record)
    lines = _step([own])
    for records in by_rule.values():
        lines += ["", *_step(records)]
    lines += ["", "register files"]
    lines += [f"    {path}  sha256 {value}" for path, value in sorted(register_files([own, *behind]).items())]
    project = provenance["project"]
    state = {True: "clean tree", False: "with uncommitted changes", None: "no git"}[project["clean"]]
    versions = ", ".join(f"{name} {version}" for name, version in provenance["software"].items())
    return "\n".join([*lines, "", f"commit {project['commit']} ({state})", versions])


def register_files(records: Iterable[Record]) -> dict[str, str]:
    """Return the files that the stage ``clean`` took in, with their hashes: where every trace ends."""
    files: dict[str, str] = {}
    for record in records:
        if record.rule == RECEPTION:
            files |= record.inputs
    return files
