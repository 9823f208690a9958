"""Rendering without Quarto: the same sources through pandoc and typst.

It knows what the manuscript uses of Quarto: the shortcodes of `sources.resolve`, figures and tables with captions
and numbers, numbered sections, references to them, callouts. Anything else of Quarto is not rendered specially.
"""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pypandoc
import typst

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.files import atomic_path
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.stages.manuscript.sources import INDEX, resolve

Node = dict[str, Any]
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
REFERENCE: Final = re.compile(r"(fig|tbl|sec)-")
#: Files made at the beginning of 2020 in the eyes of those that ask: no report depends on the clock.
EPOCH: Final = 1577836800
ENVIRONMENT: Final = {"SOURCE_DATE_EPOCH": str(EPOCH), "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def pandoc(arguments: list[str], text: str, folder: Path) -> str:
    """Run pandoc in a folder on a text and return what it writes."""
    command = [pypandoc.get_pandoc_path(), *arguments]
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", cwd=folder, env=os.environ | ENVIRONMENT
    )
    if done.returncode:
        raise FaultsFound([Fault(INDEX, "", f"pandoc refused it: {done.stderr.strip()}", 1, "Correct the text.")])
    return done.stdout


def _plain(*words: str) -> list[Node]:
    return [{"t": "Str", "c": word} for word in words]


def _is_div(block: Node, kind: str) -> bool:
    return block["t"] == "Div" and any(name.startswith(kind) for name in block["c"][0][1])


class Numbering:
    """The numbers of figures, tables and sections, in the order of the document."""

    def __init__(self, blocks: list[Node], prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.numbers: dict[str, str] = {}
        self._floats = {"fig": 0, "tbl": 0}
        self._sections: list[int] = []
        self._visit(blocks)

    def _visit(self, blocks: list[Node]) -> None:
        for block in blocks:
            if block["t"] == "Header":
                self._section(block)
            elif block["t"] in ("Figure", "Div"):
                identifier = block["c"][0][0]
                if (kind := identifier[:3]) in self._floats and identifier[3:4] == "-":
                    self._floats[kind] += 1
                    self.numbers[identifier] = str(self._floats[kind])
                elif block["t"] == "Div" and not _is_div(block, "callout"):
                    self._visit(block["c"][1])

    def _section(self, header: Node) -> None:
        level, (identifier, classes, _), _ = header["c"]
        if "unnumbered" not in classes:
            counts = (self._sections + [0] * level)[:level]
            counts[-1] += 1
            self._sections = counts
            self.numbers[identifier] = ".".join(map(str, counts))

    def name(self, identifier: str) -> str:
        """Return the name of what an identifier names, such as ``Figur 3``."""
        return f"{self.prefixes[identifier[:3]]}{NO_BREAK}{self.numbers[identifier]}"


class Rewriting:
    """The document as pandoc's writers should see it: captions with numbers, references as links, callouts."""

    def __init__(self, numbering: Numbering, target: str) -> None:
        self.numbering = numbering
        self.target = target
        self.unresolved: dict[str, int] = {}

    def rewrite(self, node: Any) -> Any:
        """Return a node of pandoc's tree with everything in it rewritten."""
        if isinstance(node, list):
            return [part for child in node for part in self._parts(child)]
        if isinstance(node, dict) and "c" in node:
            return {**node, "c": self.rewrite(node["c"])}
        return node

    def _parts(self, node: Any) -> list[Any]:
        if not isinstance(node, dict):
            return [self.rewrite(node)]
        match node["t"]:
            case "Cite":
                return self._references(node)
            case "Image":
                return [self._image(node)]
            case "Figure":
                return [self._figure(node)]
            case "Div" if node["c"][0][0].startswith("tbl-"):
                return self._table_float(node)
            case "Div" if _is_div(node, "callout"):
                return self._callout(node)
            case "Div" if self.target == "typst" and _is_div(node, "exhibit-note"):
                return self._typst("#exhibit-note[", self.rewrite(node["c"][1]))
        return [self.rewrite(node)]

    def _typst(self, opening: str, blocks: list[Node]) -> list[Node]:
        return [
            {"t": "RawBlock", "c": ["typst", opening]},
            *blocks,
            {"t": "RawBlock", "c": ["typst", "]"]},
        ]

    def _references(self, node: Node) -> list[Node]:
        links: list[Node] = []
        for citation in node["c"][0]:
            identifier = citation["citationId"]
            if identifier not in self.numbering.numbers or not REFERENCE.match(identifier):
                self.unresolved[identifier] = self.unresolved.get(identifier, 0) + 1
                continue
            bare = citation["citationMode"]["t"] == "SuppressAuthor"
            name = self.numbering.numbers[identifier] if bare else self.numbering.name(identifier)
            links += _plain(", ") if links else []
            links.append({"t": "Link", "c": [["", [], []], _plain(name), [f"#{identifier}", ""]]})
        return links

    def _captioned(self, identifier: str, inlines: list[Node]) -> list[Node]:
        label = {"t": "Strong", "c": _plain(f"{self.numbering.name(identifier)}:")}
        return [label, {"t": "Space"}, *self.rewrite(inlines)]

    def _figure(self, node: Node) -> Node:
        attributes, (short, caption), content = node["c"]
        if attributes[0] in self.numbering.numbers and caption:
            caption = [{"t": "Plain", "c": self._captioned(attributes[0], caption[0]["c"])}]
        return {"t": "Figure", "c": [attributes, [short, caption], self.rewrite(content)]}

    def _image(self, node: Node) -> Node:
        (identifier, classes, pairs), _, source = node["c"]
        alternative = [value for key, value in pairs if key == "fig-alt"]
        others = [[key, value] for key, value in pairs if key != "fig-alt"]
        return {"t": "Image", "c": [[identifier, classes, others], _plain(*alternative), source]}

    def _table_float(self, node: Node) -> list[Node]:
        (identifier, classes, pairs), blocks = node["c"]
        *content, caption = blocks
        inlines = self._captioned(identifier, caption["c"])
        if content[0]["t"] == "Table":
            _, _, *rows = content[0]["c"]
            caption = [None, [{"t": "Plain", "c": inlines}]]
            first = {"t": "Table", "c": [[identifier, classes, pairs], caption, *self.rewrite(rows)]}
            return [first, *self.rewrite(content[1:])]
        above = {"t": "Para", "c": inlines}
        return [{"t": "Div", "c": [[identifier, classes, pairs], [above, *self.rewrite(content)]]}]

    def _callout(self, node: Node) -> list[Node]:
        (identifier, classes, pairs), blocks = node["c"]
        content = [
            {"t": "Para", "c": [{"t": "Strong", "c": self.rewrite(block["c"][2])}]}
            if block["t"] == "Header"
            else self.rewrite(block)
            for block in blocks
        ]
        if self.target == "typst":
            return self._typst("#callout[", content)
        attributes = [identifier, ["callout", *classes], [*pairs, ["custom-style", "Callout"]]]
        return [{"t": "Div", "c": [attributes, content]}]


def _tree(folder: Path, target: str) -> tuple[Node, Mapping[str, Any]]:
    """Return the rewritten document and the settings of the project."""
    settings: Mapping[str, Any] = read_yaml(folder / "_quarto.yml")
    tree: Node = json.loads(pandoc(["--from=markdown", "--to=json"], resolve(folder), folder))
    names = settings["crossref"]
    prefixes = {kind: names[f"{kind}-prefix"] for kind in ("fig", "tbl", "sec")}
    rewriting = Rewriting(Numbering(tree["blocks"], prefixes), target)
    tree["blocks"] = rewriting.rewrite(tree["blocks"])
    if rewriting.unresolved:
        rule = "is a reference to a figure, table or section that the text does not have"
        faults = [
            Fault(INDEX, f"@{name}", rule, count, "Correct the label.") for name, count in rewriting.unresolved.items()
        ]
        raise FaultsFound(faults)
    return tree, settings


def _arguments(target: str, settings: Mapping[str, Any]) -> list[str]:
    own = settings["format"][target]
    arguments = [
        "--from=json",
        "--standalone",
        "--number-sections",
        f"--toc-depth={settings['toc-depth']}",
        f"--metadata=lang:{settings['lang']}",
        f"--metadata=toc-title:{settings['toc-title']}",
    ]
    if own.get("toc", settings["toc"]):
        arguments.append("--toc")
    if target == "html":
        return [*arguments, "--to=html5", "--embed-resources", f"--css={own['css']}", "--css=standin.css"]
    if target == "docx":
        return [*arguments, "--to=docx", f"--reference-doc={own['reference-doc']}"]
    return [
        *arguments,
        "--to=typst",
        f"--variable=papersize:{own['papersize']}",
        f"--variable=section-numbering:{own['section-numbering']}",
        f"--variable=fontsize:{own['fontsize']}",
        "--variable=page-numbering:1",
        f"--include-in-header={own['include-in-header']}",
        "--variable=template:standin.typ",
    ]


def render(folder: str | Path, target: str, output: str | Path) -> None:
    """Render an assembled manuscript.

    Parameters
    ----------
    folder
        The assembled project, with ``_quarto.yml``, ``index.qmd`` and ``_variables.yml``.
    target
        ``html`` (one file, everything inside), ``docx`` or ``typst`` (gives a PDF).
    output
        The file to write.

    Raises
    ------
    FaultsFound
        All shortcodes, or all references, that cannot be resolved.
    """
    folder = Path(folder)
    tree, settings = _tree(folder, target)
    arguments = _arguments(target, settings)
    with tempfile.TemporaryDirectory() as temporary, atomic_path(Path(output).absolute()) as beside:
        made = Path(temporary) / f"report.{target}"
        pandoc([*arguments, f"--output={made}"], json.dumps(tree), folder)
        if target == "typst":
            # Tables stand at the left margin, under their captions.
            text = made.read_text(encoding="utf-8").replace("align(center)[#table(", "align(left)[#table(")
            made.write_text('#import "/standin.typ": callout, exhibit-note\n' + text, encoding="utf-8")
            compiler = typst.Compiler(made.read_bytes(), root=str(folder), ignore_system_fonts=True)
            compiler.compile(output=str(beside), format="pdf", timestamp=EPOCH)
        else:
            beside.write_bytes(made.read_bytes())
