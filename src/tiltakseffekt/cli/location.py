"""Where an exhibit is made: every place that one edits to change it, found without a run."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tiltakseffekt.config.evaluations import EVALUATIONS, all_exhibits
from tiltakseffekt.core.yaml_files import line_of
from tiltakseffekt.stages.exhibits.catalogue import AnyEntry
from tiltakseffekt.stages.manuscript.sources import EXPORTED, manuscript_sources
from tiltakseffekt.workflow.code import defined_at
from tiltakseffekt.workflow.trace import full_name

_RULES: Final = "workflow/rules/exhibits.smk"
_FIGURES: Final = "tiltakseffekt.stages.exhibits.figures"
_DRAWINGS: Final = {
    "table": "tiltakseffekt.stages.exhibits.tables:draw_table",
    "page": "tiltakseffekt.stages.exhibits.page:draw_page",
}


class Place(NamedTuple):
    """A place in the project: what stands there, its name, file below the root and line."""

    what: str
    name: str
    file: str
    line: int


class Whereabouts(NamedTuple):
    """Everything that is to be told of an exhibit."""

    name: str
    source: str
    stands_for: str | None
    places: tuple[Place, ...]

    @property
    def command(self) -> str:
        """The command that builds the exhibit and draws what may be shown of it."""
        return f"snakemake --cores 2 results/export/{self.name}/data.csv"

    def text(self) -> str:
        """Return one line for each place, in columns."""
        lines = [f"{self.name}: {self.source}"]
        lines += [f"stands for {self.stands_for}"] if self.stands_for else []
        width = max(len(place.name) for place in self.places)
        lines += [f"  {p.what:<9}  {p.name:<{width}}  {p.file}:{p.line}" for p in self.places]
        return "\n".join([*lines, f"  {'build':<9}  {self.command}"])


def whereabouts(exhibit: str, root: Path) -> Whereabouts:
    """Find where an exhibit is declared, built, drawn, worded and shown.

    Parameters
    ----------
    exhibit
        Its id, with its evaluation where several have it.
    root
        Folder of the project.

    Raises
    ------
    UnknownExhibit
        If no evaluation has it, or several.
    """
    catalogue = all_exhibits(root / "config" / EVALUATIONS)
    name = full_name(exhibit, catalogue)
    evaluation, _, short = name.partition("/")
    entry = catalogue[name]
    own = root / "config" / EVALUATIONS / evaluation
    places = [
        *_rule(f"{evaluation}__{entry.rule_name}", root),
        *_keys("catalogue", [own / "exhibits.yaml"], root, short),
        _definition("builder", entry.builder),
        _definition("drawing", _drawing(entry)),
        *_keys("words", sorted((own / "labels").glob("*.yaml")), root, "exhibits", short),
        *_shown(short, manuscript_sources(root / "manuscript", evaluation), root),
    ]
    return Whereabouts(name, entry.source, entry.stands_for, tuple(places))


def _rule(name: str, root: Path) -> Iterator[Place]:
    """Yield the place that makes the rule; rules of exhibits are made in a loop over the catalogues."""
    for number, line in enumerate((root / _RULES).read_text(encoding="utf-8").splitlines(), 1):
        if "entry.rule_name" in line:
            yield Place("rule", name, _RULES, number)


def _keys(what: str, files: Iterable[Path], root: Path, *keys: str) -> Iterator[Place]:
    for path in files:
        text = path.read_text(encoding="utf-8")
        # Finding the word is quicker than taking the file apart.
        if keys[-1] in text and (line := line_of(text, *keys)):
            yield Place(what, path.stem, path.relative_to(root).as_posix(), line)


def _definition(what: str, definition: str) -> Place:
    path, line = defined_at(definition)
    return Place(what, definition.partition(":")[2], f"src/{path.as_posix()}", line)


def _drawing(entry: AnyEntry) -> str:
    return f"{_FIGURES}:{entry.layout.type}" if entry.kind == "figure" else _DRAWINGS[entry.kind]


def _shown(exhibit: str, sources: Iterable[str], root: Path) -> Iterator[Place]:
    for source in map(Path, sources):
        if source.suffix != ".qmd":
            continue
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            if any(match["exhibit"] == exhibit for match in re.finditer(EXPORTED, line)):
                yield Place("shown", source.stem, source.relative_to(root).as_posix(), number)
