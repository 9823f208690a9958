"""The command ``tiltak status``."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from tiltakseffekt.cli.place import Place, place
from tiltakseffekt.core.errors import TiltakError

_EXHIBITS: Final = "results/exhibits"


def status(
    context: typer.Context,
    configfile: Annotated[list[str], typer.Option(help="Overlay that the run was made with; may be given again.")] = [],  # noqa: B006
) -> None:
    """Tell which exhibits are stale, and why.

    One line for each exhibit: current, stale because of what, or missing.
    """
    from tiltakseffekt.workflow.provenance import producers, read_records
    from tiltakseffekt.workflow.status import exhibit_status, parse_summary

    at = place(context)
    outputs = parse_summary(_summary(at, configfile))
    made = producers(read_records(at.results / "provenance"))
    exhibits = (path for path in outputs if path.startswith(f"{_EXHIBITS}/") and path.endswith("/data.csv"))
    names = {Path(path).parent.relative_to(_EXHIBITS).as_posix(): path for path in sorted(exhibits)}
    print("\n".join(exhibit_status(name, path, outputs, made, at.root).sentence() for name, path in names.items()))


def _summary(at: Place, overlays: Sequence[str]) -> str:
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(at.root / "Snakefile"), "--detailed-summary"]
    command += ["--directory", str(at.workdir), "--rerun-triggers", "mtime", "params", "input"]
    command += [part for overlay in overlays for part in ("--configfile", overlay)]
    command += ["--", "exhibits"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=at.workdir, check=False)
    if done.returncode:
        raise TiltakError(f"The workflow cannot be read:\n{done.stderr.strip()}")
    return done.stdout
