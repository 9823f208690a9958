"""Provenance: what made a file, from what, with which code, back to the registers.

Each job leaves a record below ``results/provenance``; the record of an exhibit gathers those of all its ancestors.
A record holds paths, hashes and settings, never data and never a time. Records stay inside, since the hash of a small
file gives its content away; what leaves of them with an exhibit is decided in `tiltakseffekt.workflow.release`.
"""

import importlib.metadata
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from tiltakseffekt.core.files import read_json, sha256, write_json

RECORDS: Final = Path("results/provenance")

#: The rule that takes in the register files.
RECEPTION: Final = "receive_registers"

#: Inputs larger than this are hashed once, by the first job that reads them.
_LARGE_BYTES: Final = 20_000_000

_UNKNOWN: Final = "unknown"
_SOFTWARE: Final = ("duckdb", "numpy", "pandas", "pyarrow", "pyfixest", "scikit-learn", "scipy", "snakemake")


@dataclass(frozen=True)
class Record:
    """What one job did.

    Parameters
    ----------
    rule, wildcards, script
        The rule, its wildcards and its script, relative to the project.
    functions
        The functions of the library that the script calls, and those named in the parameters.
    parameters
        Every setting that reached the rule.
    inputs, outputs
        Path to SHA-256.
    """

    rule: str
    wildcards: Mapping[str, str]
    script: str
    functions: tuple[str, ...]
    parameters: Mapping[str, Any]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return the record as plain values."""
        return {
            "rule": self.rule,
            "wildcards": dict(self.wildcards),
            "script": self.script,
            "functions": list(self.functions),
            "parameters": dict(self.parameters),
            "inputs": dict(self.inputs),
            "outputs": dict(self.outputs),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """Read a record from plain values."""
        return cls(**{**content, "functions": tuple(content["functions"])})


def builders(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the builder that the parameters of an exhibit's rule name, written ``package.module:name``."""
    return (str(parameters["builder"]),) if "builder" in parameters else ()


def record_path(rule: str, wildcards: Mapping[str, str], base: Path = RECORDS) -> Path:
    """Return where the record of a job lies."""
    stem = ".".join([rule, *(value.replace("/", "-") for value in wildcards.values())])
    return base / f"{stem}.json"


def read_records(base: Path = RECORDS) -> list[Record]:
    """Read every record, in the order of their names."""
    return [Record.from_dict(read_json(path)) for path in sorted(base.glob("*.json"))]


def producers(records: Iterable[Record]) -> dict[str, Record]:
    """Return which record made each output."""
    return {path: record for record in records for path in record.outputs}


def hash_inputs(paths: Mapping[str, Path], records: Iterable[Record]) -> dict[str, str]:
    """Hash inputs; outputs of other jobs and large files that a job hashed before are looked up.

    Parameters
    ----------
    paths
        Inputs of the job: the path as shown to readers, and where the file lies.
    records
        Records of the jobs before.
    """
    made: dict[str, str] = {}
    read: dict[str, str] = {}
    for record in records:
        made |= record.outputs
        read |= record.inputs
    hashes: dict[str, str] = {}
    for shown, path in paths.items():
        large = path.stat().st_size > _LARGE_BYTES
        known = made.get(shown) or (read.get(shown) if large else None)
        hashes[shown] = known or sha256(path)
    return hashes


def ancestors(record: Record, records: Iterable[Record]) -> list[Record]:
    """List the records of all jobs behind a record, nearest first, each once."""
    made = producers(records)
    found: dict[tuple[str, tuple[str, ...]], Record] = {}
    level = [record]
    while level:
        above = [made[path] for current in level for path in current.inputs if path in made]
        level = []
        for parent in above:
            name = (parent.rule, tuple(parent.wildcards.values()))
            if name not in found and parent != record:
                found[name] = parent
                level.append(parent)
    return list(found.values())


def git_state(root: Path) -> dict[str, Any]:
    """Return the commit of the project and whether its tree was clean; unknown outside git."""

    def git(*arguments: str) -> str | None:
        try:
            done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return done.stdout.strip()

    commit, changes = git("rev-parse", "HEAD"), git("status", "--porcelain")
    return {"commit": commit or _UNKNOWN, "clean": None if changes is None else changes == ""}


def short_version(root: Path) -> str:
    """Return the short commit of the project, with a plus sign when files differ from it, or ``ukjent`` outside git."""
    state = git_state(root)
    if state["commit"] == _UNKNOWN:
        return "ukjent"
    return str(state["commit"])[:12] + ("" if state["clean"] else "+")


def software() -> dict[str, str]:
    """Return the versions of Python and of the packages that results rest on."""
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in _SOFTWARE}


def exhibit_provenance(record: Record, records: Iterable[Record], root: Path) -> dict[str, Any]:
    """Return the full provenance of an exhibit: its own record, all ancestors, software and commit."""
    behind = ancestors(record, list(records))
    own = record.as_dict()
    own["outputs"] = {path: value for path, value in own["outputs"].items() if not path.endswith("provenance.json")}
    return {
        **own,
        "ancestors": [ancestor.as_dict() for ancestor in behind],
        "software": software(),
        "project": git_state(root),
    }


def write_record(record: Record, base: Path = RECORDS) -> None:
    """Write the record of a job."""
    write_json(record_path(record.rule, record.wildcards, base), record.as_dict())
