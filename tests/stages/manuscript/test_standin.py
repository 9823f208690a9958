"""A tiny project through the stand-in renderer: numbers, references, files, same bytes twice."""

import re
import shutil
import zipfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pypandoc
import pytest
import typst
import yaml

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.files import sha256
from tiltakseffekt.stages.manuscript import standin
from tiltakseffekt.stages.manuscript.assembly import assemble
from tiltakseffekt.stages.manuscript.rendering import QuartoFailed, render_report, renderer
from tiltakseffekt.stages.manuscript.settings import ENDINGS
from tiltakseffekt.stages.manuscript.sources import manuscript_sources

MANUSCRIPT = Path(__file__).parents[3] / "manuscript"
WORDS = yaml.safe_load((MANUSCRIPT / "_shared/words.yml").read_text(encoding="utf-8"))
SPACE = "\N{NO-BREAK SPACE}"
INDEX = """---
title: Tittel
---

::: {.callout-important}
## Om dataene

Syntetisk {{< var a.nb >}}
:::

# Forord {.unnumbered}

# Første {#sec-en}

Se @tbl-en, @fig-to og @sec-to, og bare -@fig-to.

![Bilde {{< var a.nb >}}](export/figur-en/figure.png){#fig-en width="50%" fig-alt="En kurve"}

![Bilde to](export/figur-to/figure.png){#fig-to}

::: {#tbl-en}

{{< include export/tabell-en/table.md >}}

Tabelltekst {{< var a.nb >}}

:::

::: {.exhibit-note custom-style="Exhibit Note"}

{{< include export/tabell-en/note.md >}}

:::

# Andre

## Under {#sec-to}

{{< include _sporbarhet.md >}}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manuscript")
    sources, export = folder / "_shared", folder / "export"
    sources.mkdir()
    (folder / "one").mkdir()
    for name in ("_quarto.yml", "report.css", "standin.css", "report.typ", "standin.typ", "reference.docx"):
        shutil.copyfile(MANUSCRIPT / "_shared" / name, sources / name)
    (folder / "one/index.qmd").write_text(INDEX, encoding="utf-8")
    table = export / "tabell-en"
    table.mkdir(parents=True)
    (table / "table.md").write_text("| Kjønn | N |\n|:---|---:|\n| Kvinner | 12 |\n", encoding="utf-8")
    (table / "note.md").write_text("Kilde: oppdiktet.\n", encoding="utf-8")
    (table / "data.csv").write_text("x\n")
    (folder / "_variables.yml").write_text("a: {nb: '1,5'}\n", encoding="utf-8")
    missing = assemble(
        manuscript_sources(folder, "one"),
        export,
        folder / "_variables.yml",
        folder / "project",
        WORDS,
        {"tabell-en": "Tabell 6-1"},
    )
    assert missing == ["export/figur-en/figure.png", "export/figur-to/figure.png"]
    return folder / "project"


@pytest.fixture(scope="module")
def report(project: Path) -> dict[str, Path]:
    made = {target: project.parent / f"report.{ending}" for target, ending in ENDINGS.items()}
    for target, path in made.items():
        standin.render(project, target, path)
    return made


def plain(path: Path) -> str:
    html = pypandoc.convert_file(str(path), "html", extra_args=["--wrap=none"])
    blocks = re.sub(r"</?(?:a|code|em|span|strong)\b[^>]*>", "", html)
    return " ".join(re.sub(r"<[^>]+>", " ", blocks).replace(SPACE, " ").split())


@pytest.mark.parametrize("target", ["html", "docx"])
def test_captions_and_references_have_norwegian_names_and_numbers(report: dict[str, Path], target: str) -> None:
    text = plain(report[target])
    assert "Se Tabell 1, Figur 2 og Kapittel 2.1, og bare 2." in text
    assert "Figur 1: Bilde 1,5" in text
    assert "Figur 2: Bilde to" in text
    assert "Tabell 1: Tabelltekst 1,5" in text
    assert "Kvinner 12" in text
    assert "Syntetisk 1,5" in text
    assert "Kilde: oppdiktet." in text
    assert "Tabell 1 Tabell 6-1 tabell_en" in text
    assert "tiltak trace tabell-en" in text
    assert "{{<" not in text and "@" not in text


def test_html_is_one_file_with_links_that_lead_somewhere(report: dict[str, Path]) -> None:
    html = report["html"].read_text(encoding="utf-8")
    assert 'lang="nb"' in html
    assert 'alt="En kurve"' in html
    assert not re.search(r'(src|href)="(?!data:|#)[^"]+"', html)
    identifiers = set(re.findall(r'id="([^"]+)"', html))
    assert {"tbl-en", "fig-to", "sec-to"} <= set(re.findall(r'href="#([^"]+)"', html)) <= identifiers
    assert '<span class="header-section-number">2.1</span>' in html


def test_docx_has_styles_and_a_header_row(report: dict[str, Path]) -> None:
    with zipfile.ZipFile(report["docx"]) as archive:
        document = archive.read("word/document.xml").decode()
    for style in ("TableCaption", "ImageCaption", "ExhibitNote", "Callout", "Heading1"):
        assert f'<w:pStyle w:val="{style}"' in document, style
    assert "<w:tblHeader" in document
    assert 'w:w="11906"' in document, "A4"


def test_the_pdf_is_a_pdf(report: dict[str, Path]) -> None:
    content = report["typst"].read_bytes()
    assert content.startswith(b"%PDF-")
    assert re.search(rb"/Lang ?\(nb", content)


def test_a_figure_taller_than_the_page_keeps_its_edges(tmp_path: Path) -> None:
    tall = np.full((400, 100, 3), 255, np.uint8)
    tall[:10], tall[-10:] = (255, 0, 0), (0, 0, 255)
    plt.imsave(tmp_path / "tall.png", tall)
    look = (MANUSCRIPT / "_shared/report.typ").read_text(encoding="utf-8")
    page = '#set page(width: 200pt, height: 300pt)\n#figure(image("/tall.png", width: 100%), caption: [Tekst])'
    (tmp_path / "page.typ").write_text(f"{look}\n{page}", encoding="utf-8")
    typst.compile(tmp_path / "page.typ", output=tmp_path / "page.png", root=tmp_path, ignore_system_fonts=True)
    drawn = plt.imread(tmp_path / "page.png")[..., :3]
    for edge in ((1, 0, 0), (0, 0, 1)):
        assert (np.abs(drawn - edge).max(axis=2) < 0.05).sum() > 100


def test_same_bytes_twice(project: Path, report: dict[str, Path], tmp_path: Path) -> None:
    for target, path in report.items():
        standin.render(project, target, tmp_path / path.name)
        assert sha256(tmp_path / path.name) == sha256(path), target


def test_the_placeholder_of_a_table_says_so(project: Path, tmp_path: Path) -> None:
    sources = [project / "index.qmd"]
    missing = assemble(sources, tmp_path / "none", project / "_variables.yml", tmp_path / "project", WORDS, {})
    assert "export/tabell-en/table.md" in missing
    assert WORDS["missing"] in (tmp_path / "project/export/tabell-en/table.md").read_text(encoding="utf-8")


def test_references_that_lead_nowhere_are_all_named(project: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(project, tmp_path / "project"))
    text = "Se @fig-nei, @tbl-nei og @fig-nei. [@sec-nei]\n"
    (broken / "index.qmd").write_text(text, encoding="utf-8")
    with pytest.raises(FaultsFound) as caught:
        standin.render(broken, "html", tmp_path / "report.html")
    named = [(fault.column, fault.count) for fault in caught.value.faults]
    assert named == [("@fig-nei", 2), ("@sec-nei", 1), ("@tbl-nei", 1)]
    assert not (tmp_path / "report.html").exists()


def fake_quarto(folder: Path, body: str) -> None:
    script = folder / "quarto"
    script.write_text(f"#!/bin/sh\nif [ $1 = --version ]; then echo 9.9; exit; fi\n{body}\n")
    script.chmod(0o755)


def test_quarto_is_used_when_it_is_on_the_path(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_quarto(tmp_path, 'echo "$1 $3 $4 $SOURCE_DATE_EPOCH $TZ" > "$2/index.html"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert render_report(project, [tmp_path / "out/report.html"]) == "quarto 9.9"
    assert (tmp_path / "out/report.html").read_text() == f"render --to html {standin.EPOCH} UTC\n"
    assert not (project / "index.html").exists()


def test_what_quarto_says_when_it_fails_is_passed_on(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_quarto(tmp_path, "echo broken >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(QuartoFailed, match="broken"):
        render_report(project, [tmp_path / "report.html"])


def test_without_quarto_the_renderer_says_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    quarto, version = renderer()
    assert quarto is None
    assert re.fullmatch(r"stand-in renderer: pandoc [\d.]+, typst [\d.]+", version)
