"""Rendering of the assembled manuscript: with Quarto where it is on the path, else with the stand-in renderer."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import pypandoc

from tiltakseffekt.core.errors import TiltakError
from tiltakseffekt.core.files import atomic_path
from tiltakseffekt.stages.manuscript import standin
from tiltakseffekt.stages.manuscript.settings import ENDINGS
from tiltakseffekt.stages.manuscript.sources import INDEX


class QuartoFailed(TiltakError):
    """Quarto could not render the manuscript."""

    def __init__(self, target: str, said: str) -> None:
        super().__init__(f"quarto render --to {target} failed and said:\n{said.strip()}")


def _quarto(quarto: str, folder: Path, target: str, output: Path) -> None:
    # In a copy, since Quarto writes beside the sources.
    with tempfile.TemporaryDirectory() as temporary, atomic_path(output) as beside:
        project = Path(shutil.copytree(folder, Path(temporary) / "project"))
        command = [quarto, "render", str(project), "--to", target]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | standin.ENVIRONMENT)
        made = (project / INDEX).with_suffix(f".{ENDINGS[target]}")
        if done.returncode or not made.is_file():
            raise QuartoFailed(target, done.stderr)
        shutil.copyfile(made, beside)


def renderer() -> tuple[str | None, str]:
    """Return the path of Quarto, if there is one, and a line that says what renders, with versions."""
    quarto = shutil.which("quarto")
    if quarto is None:
        return None, f"stand-in renderer: pandoc {pypandoc.get_pandoc_version()}, typst {metadata.version('typst')}"
    version = subprocess.run([quarto, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return quarto, f"quarto {version}"


def render_report(folder: str | Path, outputs: Sequence[str | Path]) -> str:
    """Render an assembled manuscript to files, one after another, and return what rendered them.

    Parameters
    ----------
    folder
        The assembled project.
    outputs
        Files to write; the ending (html, docx, pdf) decides the format.
    """
    quarto, version = renderer()
    targets = {ending: target for target, ending in ENDINGS.items()}
    for output in map(Path, outputs):
        target = targets[output.suffix.removeprefix(".")]
        if quarto is None:
            standin.render(folder, target, output)
        else:
            _quarto(quarto, Path(folder), target, output)
    return version
