"""What of its provenance leaves with an exhibit.

A hash gives away a small file to whoever tries fillings until one fits. So a hash leaves only with a file that leaves
itself, is public, or is as rich as a register; of what lies between, the name leaves alone. Nor do folders of the
machine leave.
"""

import os.path
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from tiltakseffekt.workflow.provenance import RECEPTION

EXPORT: Final = Path("results/export")

_REGISTERS: Final = "registers"
#: Folder of the project whose files are inputs of rules; they are public.
_PROJECT: Final = "config"
#: A path that tells something of the machine: absolute, from a home or upwards.
_PLACE: Final = re.compile(r"(/|~[^/\s]*/|\.\.[/\\]|\\\\|[A-Za-z]:[/\\])\S.*")


def provenance_for(path: str | Path, provenance: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the provenance to write at a path: in full inside, what may leave below the folder of exports."""
    return released_provenance(provenance) if Path(path).is_relative_to(EXPORT) else provenance


def released_provenance(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may leave of the provenance of an exported exhibit.

    Parameters
    ----------
    provenance
        From `exhibit_provenance`, of the job that exports.

    Returns
    -------
    dict
        The same, but the hash of a file is None unless it is a register file as received, a file of the project or
        among the files exported; register files are named by table and part, parameters name no folder of the machine.
    """
    names = _register_names(provenance["ancestors"])
    exported = provenance["outputs"]

    def files(hashes: Mapping[str, str]) -> dict[str, str | None]:
        return {
            _name(path, names): value if path in names or path in exported or _is_of_project(path) else None
            for path, value in hashes.items()
        }

    def shown(record: Mapping[str, Any]) -> dict[str, Any]:
        parameters = _without_places(record["parameters"])
        return {
            **record,
            "inputs": files(record["inputs"]),
            "outputs": files(record["outputs"]),
            "parameters": parameters,
        }

    return {**shown(provenance), "ancestors": [shown(record) for record in provenance["ancestors"]]}


def _is_of_project(path: str) -> bool:
    return PurePosixPath(path).parts[:1] == (_PROJECT,)


def _register_names(records: list[Mapping[str, Any]]) -> dict[str, str]:
    """Return table and part of each register file received, by its path."""
    received = (path for record in records if record["rule"] == RECEPTION for path in record["inputs"])
    paths = [path for path in received if not _is_of_project(path)]
    folder = os.path.commonpath([PurePosixPath(path).parent for path in paths]) if paths else ""
    return {path: f"{_REGISTERS}/{PurePosixPath(path).relative_to(folder)}" for path in paths}


def _name(path: str, names: Mapping[str, str]) -> str:
    return names.get(path) or (PurePosixPath(path).name if _PLACE.fullmatch(path) else path)


def _without_places(value: Any) -> Any:
    """Return plain values in which a folder of the machine is its last name."""
    match value:
        case str():
            return re.split(r"[/\\]", value.rstrip("/\\"))[-1] if _PLACE.fullmatch(value) else value
        case Mapping():
            return {key: _without_places(below) for key, below in value.items()}
        case list() | tuple():
            return [_without_places(below) for below in value]
        case _:
            return value
