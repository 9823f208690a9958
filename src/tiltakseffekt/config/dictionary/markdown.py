"""The data dictionary as markdown."""

from collections.abc import Sequence

from tiltakseffekt.config.dictionary.model import (
    GENERATED,
    PRIVACY,
    READING,
    TITLE,
    CodeList,
    ColumnEntry,
    Dictionary,
    TableEntry,
)


def markdown(dictionary: Dictionary) -> str:
    """Return the dictionary as markdown."""
    return "\n\n".join(
        [
            f"# {TITLE}",
            f"{GENERATED} The same as a page that can be searched: [data-dictionary.html](data-dictionary.html).",
            "## Privacy by construction",
            *PRIVACY,
            "## How to read it",
            *READING,
            *(part for table in dictionary.tables for part in _table(table)),
            "## Code lists",
            *(part for codes in dictionary.code_lists for part in _code_list(codes)),
        ]
    ).join(("", "\n"))


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; bars inside cells are escaped."""
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _table(table: TableEntry) -> list[str]:
    span = f" Covers {table.first} to {table.last}." if table.first else ""
    key = ", ".join(f"`{name}`" for name in table.key)
    heads = ("column", "type", "unit", "values", "may be missing", "meaning", "after cleaning")
    return [
        f"## {table.name}",
        f"{table.meaning}.{span} Key: {key}. Source: {table.source}.",
        grid(heads, [_column(column) for column in table.columns]),
        *(f"Row rule: {rule}." for rule in table.rules),
        *(f"Repair: {repair}." for repair in table.repairs),
    ]


def _column(column: ColumnEntry) -> tuple[str, ...]:
    values = f"[code list](#codes-of-{column.name})" if column.has_codes else _code(column.values)
    missing = "yes" if column.nullable else "no"
    return f"`{column.name}`", column.kind, column.unit, values, missing, column.meaning, column.cleaned


def _code(values: str) -> str:
    word, space, pattern = values.partition(" ")
    return f"{word}{space}`{pattern}`" if word == "pattern" else values


def _code_list(codes: CodeList) -> list[str]:
    heads = ["code", "Norwegian", "English", "group", "first month", "last month"]
    rows = [(f"`{code.code}`", code.nb, code.en, code.group, code.first, code.last) for code in codes.codes]
    used = [column for column in range(len(heads)) if any(row[column] for row in rows)]
    table = grid([heads[column] for column in used], [[row[column] for column in used] for row in rows])
    folded = ["<details>", f"<summary>{len(rows)} rows</summary>", table, "</details>"]
    return [
        f"### Codes of {codes.column}",
        f"Source: {codes.source}.",
        *(folded if codes.long else [table]),
    ]
