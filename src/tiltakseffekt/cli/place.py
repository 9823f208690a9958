"""Where a command works: the project, and the working directory of the run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from tiltakseffekt.core.errors import TiltakError

#: The evaluation whose settings the commands about synthetic registers use.
MAIN: Final = "tiltakseffekter/main"


class NoProject(TiltakError):
    """The command was called outside a project."""

    def __init__(self) -> None:
        super().__init__("There is no Snakefile here or in a folder above: call tiltak inside the project.")


@dataclass(frozen=True)
class Place:
    """The project, and the working directory of the run."""

    root: Path
    workdir: Path

    @property
    def config(self) -> Path:
        """Folder of the configuration."""
        return self.root / "config"

    @property
    def results(self) -> Path:
        """Folder of the results of the run."""
        return self.workdir / "results"


def project_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds the workflow.

    Raises
    ------
    NoProject
        If there is none.
    """
    for folder in (start, *start.parents):
        if (folder / "Snakefile").is_file() and (folder / "config" / "registers.yaml").is_file():
            return folder
    raise NoProject


def place(context: typer.Context) -> Place:
    """Return where a command works, from the option ``--directory`` before it.

    Raises
    ------
    NoProject
        If it was called outside a project.
    """
    root = project_root(Path.cwd())
    directory: Path | None = context.obj
    return Place(root, (directory or root).resolve())
