"""The data dictionary as one HTML page that needs nothing but itself."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from tiltakseffekt.config.dictionary.model import (
    GENERATED,
    PRIVACY,
    READING,
    TITLE,
    Code,
    CodeList,
    ColumnEntry,
    Dictionary,
    TableEntry,
)

_TEMPLATE: Final = Path(__file__).with_suffix(".html")
_COLUMN_HEADS: Final = ("Column", "Meaning", "Type", "Unit", "Values", "May be missing", "After cleaning")
_CODE_HEADS: Final = ("Code", "Norwegian", "English", "Group", "First month", "Last month")


def page(dictionary: Dictionary) -> str:
    """Return the dictionary as an HTML page."""
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(TITLE),
        privacy=_paragraphs(PRIVACY),
        reading=_paragraphs(READING),
        contents=_contents(dictionary),
        sections="\n".join([*map(_table, dictionary.tables), *map(_code_list, dictionary.code_lists)]),
        generated=escape(GENERATED),
    )


def _paragraphs(texts: Sequence[str]) -> str:
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts)


def _contents(dictionary: Dictionary) -> str:
    tables = [f'<li><a href="#{table.name}">{table.name}</a></li>' for table in dictionary.tables]
    lists = [f'<li><a href="#codes-of-{codes.column}">{codes.column}</a></li>' for codes in dictionary.code_lists]
    return f"Tables:\n<ul>\n{_lines(tables)}\n</ul>\nCode lists:\n<ul>\n{_lines(lists)}\n</ul>"


def _lines(parts: Sequence[str]) -> str:
    return "\n".join(parts)


def _table(table: TableEntry) -> str:
    span = f" Covers {table.first} to {table.last}." if table.first else ""
    key = ", ".join(f"<code>{name}</code>" for name in table.key)
    rules = [f"<p>Row rule: {escape(rule)}.</p>" for rule in table.rules]
    rules += [f"<p>Repair: {escape(repair)}.</p>" for repair in table.repairs]
    return _lines(
        [
            f'<section id="{table.name}" aria-labelledby="{table.name}-head">',
            f'<h2 id="{table.name}-head">{table.name}</h2>',
            f"<p>{escape(table.meaning)}.{span} Key: {key}.</p>",
            f'<p class="quiet">Source: {escape(table.source)}.</p>',
            _grid(f"{table.name}-head", _COLUMN_HEADS, [_column(table.name, column) for column in table.columns]),
            *rules,
            "</section>",
        ]
    )


def _column(table: str, column: ColumnEntry) -> str:
    link = f'<a href="#codes-of-{column.name}">code list</a>'
    cells = (
        escape(column.meaning),
        column.kind,
        escape(column.unit),
        link if column.has_codes else escape(column.values),
        "yes" if column.nullable else "no",
        column.cleaned,
    )
    return _row(_COLUMN_HEADS, column.name, cells, f"{table}.{column.name}")


def _code_list(codes: CodeList) -> str:
    name = f"codes-of-{codes.column}"
    cells = [(f'<span lang="nb">{escape(code.nb)}</span>', *_rest(code)) for code in codes.codes]
    used = [i for i in range(len(_CODE_HEADS) - 1) if any(row[i] for row in cells)]
    heads = (_CODE_HEADS[0], *(_CODE_HEADS[i + 1] for i in used))
    rows = [_row(heads, code.code, [row[i] for i in used]) for code, row in zip(codes.codes, cells, strict=True)]
    grid = _grid(f"{name}-head", heads, rows)
    if codes.long:
        grid = f"<details>\n<summary>{len(rows)} rows</summary>\n{grid}\n</details>"
    return _lines(
        [
            f'<section id="{name}" aria-labelledby="{name}-head">',
            f'<h3 id="{name}-head">Codes of {codes.column}</h3>',
            f'<p class="quiet">Source: {escape(codes.source)}.</p>',
            grid,
            "</section>",
        ]
    )


def _rest(code: Code) -> tuple[str, ...]:
    return escape(code.en), escape(code.group), code.first, code.last


def _grid(labelled: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    # On a phone rows are shown as blocks, which takes away the meaning of a table unless the roles are written.
    head = "".join(f'<th scope="col" role="columnheader">{text}</th>' for text in heads)
    return _lines(
        [
            f'<table role="table" aria-labelledby="{labelled}">',
            f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>',
            '<tbody role="rowgroup">',
            *rows,
            "</tbody>",
            "</table>",
        ]
    )


def _row(heads: Sequence[str], name: str, cells: Sequence[str], anchor: str = "") -> str:
    mark = f' id="{anchor}"' if anchor else ""
    first = f'<th scope="row" role="rowheader"><code>{escape(name)}</code></th>'
    rest = "".join(
        f'<td role="cell" data-head="{head}">{cell}</td>' for head, cell in zip(heads[1:], cells, strict=True)
    )
    return f'<tr role="row"{mark}>{first}{rest}</tr>'
