"""Shortcodes, and what the text refers to."""

import re
from pathlib import Path

import pytest

from tiltakseffekt.config.evaluations import evaluation_names
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.manuscript.sources import (
    exhibits_used,
    exported_files,
    files_needed,
    label_of_exhibit,
    manuscript_sources,
    pages_beside,
    resolve,
    variables_used,
)

MANUSCRIPT = Path(__file__).parents[3] / "manuscript"
EVALUATIONS = evaluation_names(MANUSCRIPT.parent / "config/evaluations")


def project(folder: Path, **files: str) -> Path:
    content = {"_quarto.yml": "lang: nb\n", "_variables.yml": "a:\n  b: '1,5'\n", "index.qmd": ""} | files
    for name, text in content.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_shortcodes_resolve_in_text_captions_and_included_files(tmp_path: Path) -> None:
    index = "---\ntitle: T\n---\n\n{{< var a.b >}} {{< meta title >}} {{<meta lang>}}\n\n{{< include _part.qmd >}}\n"
    folder = project(tmp_path, **{"index.qmd": index, "_part.qmd": "![Caption {{< var a.b >}}](x.png){#fig-x}\n"})
    assert resolve(folder).endswith("1,5 T nb\n\n![Caption 1,5](x.png){#fig-x}\n\n")


def test_all_shortcodes_that_cannot_be_resolved_are_named_with_their_file(tmp_path: Path) -> None:
    index = "{{< var a.c >}} {{< video x.mp4 >}}\n\n{{< include _part.qmd >}}\n\n{{< include _none.qmd >}}\n"
    folder = project(tmp_path, **{"index.qmd": index, "_part.qmd": "{{< var a >}} {{< include _part.qmd >}}\n"})
    with pytest.raises(FaultsFound) as caught:
        resolve(folder)
    assert [(fault.file, fault.column) for fault in caught.value.faults] == [
        ("_part.qmd", "{{< include _part.qmd >}}"),
        ("_part.qmd", "{{< var a >}}"),
        ("index.qmd", "{{< include _none.qmd >}}"),
        ("index.qmd", "{{< var a.c >}}"),
        ("index.qmd", "{{< video x.mp4 >}}"),
    ]


def test_exhibits_files_and_variables_are_found_by_reading(tmp_path: Path) -> None:
    figure = "![C](export/figur-1-1/figure.png){#fig-1-1}\n\n"
    text = figure + "::: {#tbl-frafall}\n{{< include export/frafall/table.md >}}\n:::\n"
    (tmp_path / "_shared").mkdir()
    (tmp_path / "one").mkdir()
    (tmp_path / "one/index.qmd").write_text(text + "{{< var b.c >}} {{< var a >}}", encoding="utf-8")
    (tmp_path / "_shared/words.yml").write_text("export/not-read/x.png", encoding="utf-8")
    sources = manuscript_sources(tmp_path, "one")
    assert [Path(source).name for source in sources] == ["words.yml", "index.qmd"]
    assert exhibits_used(sources) == ["figur-1-1", "frafall"]
    assert exported_files(sources) == ["export/figur-1-1/figure.png", "export/frafall/table.md"]
    assert variables_used(sources) == ["a", "b.c"]
    assert label_of_exhibit(sources) == {"figur-1-1": "fig-1-1", "frafall": "tbl-frafall"}
    assert files_needed(sources, "r/export/one") == [
        "r/export/one/figur-1-1/data.csv",
        "r/export/one/figur-1-1/figure.png",
        "r/export/one/frafall/data.csv",
        "r/export/one/frafall/table.md",
    ]


def test_a_draft_needs_only_what_exists(tmp_path: Path) -> None:
    source = tmp_path / "index.qmd"
    source.write_text("![C](export/figur-1-1/figure.png){#fig-1-1}", encoding="utf-8")
    (tmp_path / "export/figur-1-1").mkdir(parents=True)
    (tmp_path / "export/figur-1-1/data.csv").write_text("")
    needed = files_needed([source], tmp_path / "export", draft=True)
    assert needed == [str(tmp_path / "export/figur-1-1/data.csv")]


def test_what_shows_its_note_alone_lies_beside_the_report() -> None:
    files = [
        *("r/export/frafall/data.csv", "r/export/frafall/note.md", "r/export/frafall/table.md"),
        *("r/export/celler/data.csv", "r/export/celler/note.md"),
        *("r/export/hva-hvis/data.csv", "r/export/hva-hvis/note.md"),
    ]
    kinds = {"frafall": "table", "celler": "table", "hva-hvis": "page"}
    assert pages_beside(files, kinds) == {"celler": "table.html", "hva-hvis": "page.html"}


@pytest.mark.parametrize("evaluation", EVALUATIONS)
def test_a_manuscript_shows_every_exhibit_of_its_catalogue_and_no_other(evaluation: str) -> None:
    catalogue = (MANUSCRIPT.parent / f"config/evaluations/{evaluation}/exhibits.yaml").read_text(encoding="utf-8")
    ids = sorted(re.findall(r"^- id: (\S+)$", catalogue, flags=re.MULTILINE))
    assert exhibits_used(manuscript_sources(MANUSCRIPT, evaluation)) == ids


@pytest.mark.parametrize("evaluation", EVALUATIONS)
def test_every_exhibit_has_a_label_and_every_label_is_mentioned_in_the_text(evaluation: str) -> None:
    sources = manuscript_sources(MANUSCRIPT, evaluation)
    text = "\n".join(Path(source).read_text(encoding="utf-8") for source in sources if source.endswith(".qmd"))
    # A page has no label but a link.
    linked = [exhibit for exhibit in exhibits_used(sources) if f"]({exhibit}.html)" in text]
    assert sorted([*label_of_exhibit(sources), *linked]) == exhibits_used(sources)
    labels = set(re.findall(r"\{#((?:fig|tbl)-[\w-]+)", text))
    sections = set(re.findall(r"\{(?:\.unnumbered )?#(sec-[\w-]+)", text))
    assert set(re.findall(r"@((?:fig|tbl|sec)-[\w-]*\w)", text)) <= labels | sections
    assert labels - set(re.findall(r"@((?:fig|tbl)-[\w-]+\w)", text)) == set()


#: What may hold digits: shortcodes, attributes, references, targets of links and pictures, raw blocks, comments.
NO_PROSE = re.compile(
    r"```.*?```|\{\{<.*?>\}\}|\{[^{}]*\}|@[\w-]+|\]\([^)]*\)|`[^`]*`|<!--.*?-->|\A---\n.*?\n---\n", re.DOTALL
)


@pytest.mark.parametrize("source", sorted(MANUSCRIPT.glob("*/*.qmd")), ids=lambda path: path.name)
def test_no_number_is_typed_in(source: Path) -> None:
    if source.name == "_referanser.qmd":
        return
    prose = NO_PROSE.sub("", source.read_text(encoding="utf-8"))
    assert [line for line in prose.splitlines() if re.search(r"\d", line)] == []


@pytest.mark.parametrize("source", sorted(MANUSCRIPT.glob("*/*.qmd")), ids=lambda path: path.name)
def test_an_include_stands_alone_between_empty_lines(source: Path) -> None:
    lines = ["", *source.read_text(encoding="utf-8").splitlines(), ""]
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if "{{< include" in line:
            assert (before, after) == ("", ""), line
            assert line.startswith("{{<") and line.endswith(">}}")
