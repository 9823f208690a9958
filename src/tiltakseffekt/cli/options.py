"""Options that several commands take."""

import os
from typing import Annotated, Final

import typer

from tiltakseffekt.cli.place import project_root

ALL_CORES: Final = os.cpu_count() or 1

Cores = Annotated[int, typer.Option(help="Worker processes; all of the machine unless you say so.")]


def exhibit_ids(incomplete: str) -> list[str]:
    """Complete the name of an exhibit in the shell."""
    from pathlib import Path

    from tiltakseffekt.config.evaluations import EVALUATIONS, all_exhibits

    full = all_exhibits(project_root(Path.cwd()) / "config" / EVALUATIONS)
    names = [*(name.rpartition("/")[2] for name in full), *full]
    return [name for name in names if name.startswith(incomplete)]


Exhibit = Annotated[
    str,
    typer.Argument(
        metavar="EXHIBIT",
        help="Id of an exhibit, with its evaluation where several have it.",
        autocompletion=exhibit_ids,
    ),
]
