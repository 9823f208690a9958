"""The Quarto project, put together: sources of the text, exported exhibits, values."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from matplotlib.figure import Figure

from tiltakseffekt.core.files import sha256, write_text
from tiltakseffekt.stages.manuscript.sources import exhibits_used, exported_files, files_needed, label_of_exhibit

TRACES: Final = "_sporbarhet.md"
TRACE_WIDTHS: Final = {"exhibit": 12, "stands_for": 10, "rule": 18, "data": 14, "command": 30}


def trace_table(
    sources: Sequence[str | Path], export: str | Path, headings: Mapping[str, str], stands_for: Mapping[str, str]
) -> str:
    """Return a markdown table: exhibit in the text, what it is the counterpart of, its rule, hash of its data, command.

    Parameters
    ----------
    sources
        Sources of the manuscript.
    export
        Folder with one folder per exhibit.
    headings
        Words above the columns ``exhibit``, ``stands_for``, ``rule``, ``data`` and ``command``.
    stands_for
        Exhibit to the printed one that it is the counterpart of.
    """
    labels = label_of_exhibit(sources)
    lines = [f"| {' | '.join(headings[column] for column in TRACE_WIDTHS)} |"]
    lines += ["".join("|:" + "-" * width for width in TRACE_WIDTHS.values()) + "|"]
    for exhibit in exhibits_used(sources):
        folder = Path(export) / exhibit
        digest = sha256(folder / "data.csv")[:12] if (folder / "data.csv").is_file() else "–"
        shown = f"@{labels[exhibit]}" if exhibit in labels else exhibit
        printed = stands_for.get(exhibit, "–")
        rule = exhibit.replace("-", "_")
        lines.append(f"| {shown} | {printed} | `{rule}` | `{digest}` | `tiltak trace {exhibit}` |")
    return "\n".join(lines) + "\n"


def _placeholder(path: Path, words: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".png":
        sheet = Figure(figsize=(6.3, 1.2), dpi=150, facecolor="#eeeeee")
        sheet.text(0.5, 0.5, words, ha="center", va="center")
        sheet.savefig(path, metadata={"Software": None})
    elif path.name == "table.md":
        write_text(path, f"| {words} |\n|:--|\n| `{path.parent.name}` |\n")
    else:
        write_text(path, f"{words}\n")


def assemble(
    sources: Sequence[str | Path],
    export: str | Path,
    variables: str | Path,
    target: str | Path,
    words: Mapping[str, Any],
    stands_for: Mapping[str, str],
) -> list[str]:
    """Write the project into a folder, which is emptied first.

    Parameters
    ----------
    sources
        Files of the manuscript.
    export
        Folder of the exports of the evaluation.
    variables
        File that becomes ``_variables.yml``.
    target
        Folder of the project.
    words
        Words of the placeholder (``missing``) and of the trace table (``trace``).
    stands_for
        Exhibit to the printed one that it is the counterpart of.

    Returns
    -------
    list of str
        The exported files that are missing; a placeholder that says so stands in the place of each.
    """
    project = Path(target)
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    for source in sources:
        shutil.copyfile(source, project / Path(source).name)
    shutil.copyfile(variables, project / "_variables.yml")
    for file in map(Path, files_needed(sources, export, draft=True)):
        copy = project / "export" / file.relative_to(export)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    missing = [name for name in exported_files(sources) if not (project / name).is_file()]
    for name in missing:
        _placeholder(project / name, words["missing"])
    write_text(project / TRACES, trace_table(sources, project / "export", words["trace"], stands_for))
    return missing
