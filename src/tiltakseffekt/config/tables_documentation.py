"""The tables between two stages as documentation, written from their schemas."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import Column, ColumnType, TableSchema

_OPENING: Final = """\
# Tables between two stages

Generated from the `schemas.py` of each part of the program by `make config`; each table is checked against its schema
when it is written. All are Parquet, sorted by key. A month is a count of months since January 2000 (0 = 2000-01). The
register tables have [a dictionary of their own](data-dictionary.md). *Persons* in the list below: a row describes one
person, so the table never leaves the protected area.
"""

_KINDS: Final[dict[ColumnType, str]] = {
    "string": "text",
    "int": "integer",
    "float": "number",
    "bool": "true or false",
    "month": "month (count since 2000-01)",
}

#: Lists of values that many columns share; they are written out once.
_LISTS: Final[dict[Sequence[str], str]] = {
    keys.ALL_OUTCOMES: "all outcomes",
    keys.ALL_YEARLY_OUTCOMES: "yearly outcomes",
}
#: Longer runs of columns that differ in their number only are one row.
_LONGEST_RUN: Final = 3


def tables_document(tables: Mapping[str, Sequence[TableSchema]]) -> str:
    """Return the documentation of every table between two stages as markdown.

    Parameters
    ----------
    tables
        The tables of each part of the program, by its title.
    """
    parts = (f"\n## {title}\n{''.join(map(_section, schemas))}" for title, schemas in tables.items())
    return _OPENING + _contents(tables) + "".join(parts) + _lists()


def _contents(tables: Mapping[str, Sequence[TableSchema]]) -> str:
    rows = "".join(
        f"| {title} | [{schema.name}](#{schema.name}) | {'persons' if schema.microdata else 'aggregates'} | "
        f"{schema.meaning} |\n"
        for title, schemas in tables.items()
        for schema in schemas
    )
    return f"\n| part | table | holds | meaning |\n|---|---|---|---|\n{rows}"


def _section(schema: TableSchema) -> str:
    families = {f"{prefix}…": column for prefix, column in schema.families.items()}
    rows = "".join(_row(*row) for row in [*_runs(schema.columns), *families.items()])
    holds = "Microdata." if schema.microdata else "Aggregates."
    key = ", ".join(f"`{name}`" for name in schema.key)
    heads = "| column | type | may be missing | meaning | unit | values |\n|---|---|---|---|---|---|\n"
    return f"\n### {schema.name}\n\n{schema.meaning} {holds} Key: {key}.\n\n{heads}{rows}"


def _runs(columns: dict[str, Column]) -> Iterator[tuple[str, Column]]:
    for column, group in groupby(columns, key=columns.__getitem__):
        names = list(group)
        if len(names) > _LONGEST_RUN:
            names = [f"{names[0]}` to `{names[-1]}"]
        yield from ((name, column) for name in names)


def _row(name: str, column: Column) -> str:
    missing = "yes" if column.nullable else "no"
    return f"| `{name}` | {_KINDS[column.type]} | {missing} | {column.meaning} | {column.unit} | {_values(column)} |\n"


def _values(column: Column) -> str:
    if title := _LISTS.get(column.allowed):
        return f"[{title}](#{_anchor(title)})"
    match column.least, column.most:
        case None, None:
            return _codes(column.allowed)
        case least, None:
            return f"{least:g} or more"
        case None, most:
            return f"{most:g} or less"
        case least, most:
            return f"{least:g} to {most:g}"


def _codes(values: Sequence[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _anchor(title: str) -> str:
    return title.replace(" ", "-")


def _lists() -> str:
    parts = (f"\n### {title}\n\n{_codes(values)}\n" for values, title in _LISTS.items())
    return "\n## Shared lists of values\n" + "".join(parts)
