"""What the sources of the manuscript refer to, and their shortcodes resolved to plain markdown."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.yaml_files import parse_yaml, read_yaml

INDEX: Final = "index.qmd"
#: Folder with what the manuscripts of all evaluations share.
SHARED: Final = "_shared"
SHORTCODE: Final = re.compile(r"\{\{<\s*(?P<name>\S+)\s+(?P<argument>\S+?)?\s*>\}\}")
EXPORTED: Final = re.compile(r"\bexport/(?P<exhibit>[a-z0-9-]+)/(?P<file>[\w.-]+)")
LABEL: Final = re.compile(r"\{#(?P<label>(?:fig|tbl)-[\w-]+)")
#: How the names of exhibits begin, and the labels of cross-references.
KINDS: Final = {"figur": "fig", "tabell": "tbl"}
FRONT_MATTER: Final = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def manuscript_sources(folder: str | Path, evaluation: str) -> list[str]:
    """Return every file of the manuscript of an evaluation that is not hidden, and those that all share, sorted.

    Parameters
    ----------
    folder
        Folder with one folder per evaluation, and ``_shared``.
    evaluation
        Name of the evaluation.
    """
    files = (path for name in (SHARED, evaluation) for path in (Path(folder) / name).iterdir())
    return sorted(str(path) for path in files if path.is_file() and not path.name.startswith("."))


def _texts(sources: Sequence[str | Path]) -> str:
    return "\n".join(Path(path).read_text(encoding="utf-8") for path in sources if Path(path).suffix == ".qmd")


def exported_files(sources: Sequence[str | Path]) -> list[str]:
    """Return the exported files that the text shows, as ``export/<exhibit>/<file>``, sorted."""
    return sorted({match.group() for match in EXPORTED.finditer(_texts(sources))})


def exhibits_used(sources: Sequence[str | Path]) -> list[str]:
    """Return the exhibits that the text shows, sorted."""
    return sorted({match["exhibit"] for match in EXPORTED.finditer(_texts(sources))})


def files_needed(sources: Sequence[str | Path], export: str | Path, draft: bool = False) -> list[str]:
    """Return what the text needs of the export: what it shows, and the data of each exhibit shown.

    Parameters
    ----------
    sources
        Sources of the manuscript.
    export
        Folder of the exports of the evaluation.
    draft
        Whether to leave out what does not exist, so that a text can be read before its exhibits are made.
    """
    behind = [f"export/{exhibit}/data.csv" for exhibit in exhibits_used(sources)]
    needed = sorted({*exported_files(sources), *behind})
    files = [str(Path(export) / Path(file).relative_to("export")) for file in needed]
    return [file for file in files if not draft or Path(file).is_file()]


def pages_beside(files: Sequence[str], kinds: Mapping[str, str]) -> dict[str, str]:
    """Return the exhibits that lie beside the report: those of which the text includes the note alone, and links to.

    Parameters
    ----------
    files
        What the text needs (see `files_needed`).
    kinds
        Kind of each exhibit of the catalogue.

    Returns
    -------
    dict of str to str
        Exhibit to the exported file that is its page.
    """
    shown: dict[str, set[str]] = {}
    for exhibit, name in (Path(file).parts[-2:] for file in files):
        shown.setdefault(exhibit, set()).add(name)
    return {exhibit: f"{kinds[exhibit]}.html" for exhibit, names in shown.items() if names == {"note.md", "data.csv"}}


def variables_used(sources: Sequence[str | Path]) -> list[str]:
    """Return the dotted names of the variables that the text mentions, sorted."""
    return sorted({match["argument"] for match in SHORTCODE.finditer(_texts(sources)) if match["name"] == "var"})


def label_of_exhibit(sources: Sequence[str | Path]) -> dict[str, str]:
    """Return the cross-reference label of each exhibit, such as ``tbl-frafall`` for ``frafall``."""
    labels = {match["label"] for match in LABEL.finditer(_texts(sources))}
    found = {}
    for exhibit in exhibits_used(sources):
        kind, _, stem = exhibit.partition("-")
        names = [f"{KINDS[kind]}-{stem}"] if kind in KINDS else [f"{prefix}-{exhibit}" for prefix in KINDS.values()]
        if chosen := [name for name in names if name in labels]:
            found[exhibit] = chosen[0]
    return found


def look_up(path: str, values: Mapping[str, Any]) -> str:
    """Return the scalar at a dotted path.

    Raises
    ------
    KeyError
        If there is nothing, or no scalar, at the path.
    """
    value: Any = values
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            raise KeyError(path)
        value = value[key]
    if isinstance(value, Mapping | list):
        raise KeyError(path)
    return str(value)


def resolve(folder: str | Path) -> str:
    """Return the main document of an assembled manuscript with all its shortcodes resolved.

    Known are ``include`` (alone on its line), ``var`` (from ``_variables.yml``) and ``meta`` (front matter, then
    ``_quarto.yml``). As in Quarto, an included file behaves as if it were pasted, so that paths in it start from
    the folder of the main document.

    Raises
    ------
    FaultsFound
        All shortcodes that cannot be resolved, by file.
    """
    root = Path(folder)
    faults: list[Fault] = []
    variables = read_yaml(root / "_variables.yml")
    main = (root / INDEX).read_text(encoding="utf-8")
    front = FRONT_MATTER.match(main)
    project = read_yaml(root / "_quarto.yml")
    meta = project | (parse_yaml(front[1]) if front else {})
    tables: Mapping[str, Mapping[str, Any]] = {"var": variables, "meta": meta}

    def complain(file: str, shortcode: str, rule: str) -> str:
        faults.append(Fault(file, shortcode, rule, 1, "Correct the name, or add what it names."))
        return shortcode

    def replacer(file: str, above: tuple[str, ...]) -> Callable[[re.Match[str]], str]:
        def replace(match: re.Match[str]) -> str:
            name, argument, whole = match["name"], match["argument"] or "", match.group()
            if name in tables:
                try:
                    return look_up(argument, tables[name])
                except KeyError:
                    return complain(file, whole, "names a value that does not exist")
            if name != "include":
                return complain(file, whole, "is a shortcode that the stand-in renderer does not know")
            if argument in above or not (root / argument).is_file():
                return complain(file, whole, "includes a file that does not exist or that includes itself")
            text = (root / argument).read_text(encoding="utf-8")
            return SHORTCODE.sub(replacer(argument, (*above, argument)), text)

        return replace

    text = SHORTCODE.sub(replacer(INDEX, (INDEX,)), main)
    if faults:
        raise FaultsFound(faults)
    return text
