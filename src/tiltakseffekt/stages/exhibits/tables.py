"""Setting tables: tidy data become a grid of words, and the grid becomes HTML or Markdown."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from great_tables import GT, html, loc, style

from tiltakseffekt.stages.exhibits.catalogue import TableLayout
from tiltakseffekt.stages.exhibits.labels import Text

_ESTIMATE, _ERROR, _STARS = "estimat", "standardfeil", "stjerner"


@dataclass(frozen=True)
class Line:
    """A line of a table: a heading of a block when it has no cells."""

    label: str
    cells: tuple[str, ...] = ()
    total: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as words.

    Parameters
    ----------
    stub
        Heading of the row labels.
    spanners
        Heading above each column; empty when there is none.
    columns
        Heading of each column.
    lines
        The lines from top to bottom.
    """

    stub: str
    spanners: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def _cell(cell: pd.Series, text: Text) -> str:
    if not math.isnan(cell["value"]):
        return text.numbers.cell(cell["value"], cell["unit"])
    words = str(cell["text"])
    return text.words.get(words, words) or text.missing


def _first_seen(data: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(map(str, keys)) for keys in data[list(columns)].drop_duplicates().itertuples(index=False)]


def _lines(cells: pd.DataFrame, columns: Sequence[tuple[str, ...]], text: Text) -> list[Line]:
    """Set cells that already carry ``words`` in lines, under (panel, column) pairs; blocks are row groups."""
    placed: dict[Any, str] = {
        (cell.row_group, cell.row, cell.panel, cell.column): str(cell.words) for cell in cells.itertuples(index=False)
    }
    totals = set(_first_seen(cells[cells["total"]], "row_group", "row"))
    rows = _first_seen(cells, "row_group", "row")
    lines: list[Line] = []
    for group in dict.fromkeys(group for group, _ in rows):
        if group:
            lines.append(Line(text.word(group)))
        for row in (row for of_group, row in rows if of_group == group):
            words = tuple(placed.get((group, row, *column), text.missing) for column in columns)
            lines.append(Line(text.word(row), words, (group, row) in totals))
    return lines


def _merge_estimates(data: pd.DataFrame, text: Text) -> pd.DataFrame:
    """Join estimate, stars and standard error of a cell, which may have none, into its words."""
    place = ["row_group", "row", "column"]
    worded = data.assign(words=[_cell(cell, text) for _, cell in data.iterrows()])
    errors = worded.loc[worded["panel"] == _ERROR, [*place, "words"]]
    stars = data.loc[data["panel"] == _STARS, [*place, "text"]]
    cells = (
        worded[worded["panel"] == _ESTIMATE]
        .drop(columns="text")
        .merge(errors.rename(columns={"words": "error"}), on=place, how="left", validate="one_to_one")
        .merge(stars, on=place, how="left", validate="one_to_one")
    )
    joined = cells["words"] + cells["text"].fillna("") + (" (" + cells["error"] + ")").fillna("")
    return cells.assign(panel="", words=joined.where(cells["value"].notna(), cells["words"]))


def make_grid(data: pd.DataFrame, layout: TableLayout, text: Text) -> Grid:
    """Lay tidy data out as a grid of words.

    ``plain`` and ``panels_across`` set panels side by side, ``panels_stacked`` below each other, and ``estimates``
    joins the panels of estimate, standard error and stars into one cell.
    """
    if layout.type == "estimates":
        cells = _merge_estimates(data, text)
    else:
        cells = data.assign(words=[_cell(cell, text) for _, cell in data.iterrows()])
    if layout.type == "panels_stacked":
        columns: list[tuple[str, ...]] = [("", column) for (column,) in _first_seen(cells, "column")]
        lines = []
        for (panel,) in _first_seen(cells, "panel"):
            lines += [Line(text.word(panel)), *_lines(cells[cells["panel"] == panel].assign(panel=""), columns, text)]
    else:
        columns = _first_seen(cells, "panel", "column")
        lines = _lines(cells, columns, text)
    return Grid(
        stub=text.word(layout.stub),
        spanners=tuple(text.word(panel) for panel, _ in columns),
        columns=tuple(text.word(column) for _, column in columns),
        lines=tuple(lines),
    )


def _escape(words: str) -> str:
    for sign in ("\\", "|", "*", "_", "<", "`", "$", "@", "^", "~", "["):
        words = words.replace(sign, f"\\{sign}")
    return words


def _pipe_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _headings(grid: Grid) -> list[str]:
    return [
        f"{spanner}: {column}" if spanner and column else spanner or column
        for spanner, column in zip(grid.spanners, grid.columns, strict=True)
    ]


_STUB_DASHES: Final = 30
_CELL_DASHES: Final = 12
#: The same where the cells are sentences.
_SENTENCE_STUB_DASHES: Final = 16
_SENTENCE_DASHES: Final = 30


def _sentence_rule(grid: Grid, column: int) -> str:
    """Return the rule of a column of sentences, or of one of numbers beside them."""
    words = any(sign.isalpha() for line in grid.lines if line.cells for sign in line.cells[column])
    return f":{'-' * _SENTENCE_DASHES}|" if words else f"{'-' * _CELL_DASHES}:|"


def to_markdown(grid: Grid, layout: TableLayout) -> str:
    """Write a grid as pandoc pipe tables: one, or one for each `fold` columns so that each has its own heading."""
    size = len(grid.columns)
    width = min(layout.fold or size, size)
    headings = _headings(grid)
    if layout.sentences:
        rule = f"|:{'-' * _SENTENCE_STUB_DASHES}|" + "".join(_sentence_rule(grid, place) for place in range(width))
    else:
        rule = f"|:{'-' * _STUB_DASHES}|" + f"{'-' * _CELL_DASHES}:|" * width
    tables: list[str] = []
    for start in range(0, size, width):
        here = slice(start, start + width)
        # Empty columns keep the columns of all parts under each other.
        filler = [""] * (width - len(headings[here]))
        lines = [_pipe_row([_escape(grid.stub), *map(_escape, headings[here]), *filler]), rule]
        for line in grid.lines:
            emphasis = "**" if line.total else "*" if not line.cells else ""
            strong = "**" if line.total else ""
            cells = [f"{strong}{_escape(cell)}{strong}" for cell in line.cells[here]]
            label = f"{emphasis}{_escape(line.label)}{emphasis}"
            lines.append(_pipe_row([label, *cells, *[""] * (width - len(cells))]))
        tables.append("\n".join(lines) + "\n")
    return "\n".join(tables)


def notes_paragraph(notes: tuple[str, ...], mark: str) -> str:
    """Write notes, source and the synthetic mark as one paragraph of markdown."""
    parts = [*map(_escape, notes), *([f"**{_escape(mark)}.**"] if mark else [])]
    return " ".join(parts) + "\n"


def to_html(grid: Grid, layout: TableLayout, text: Text, notes: tuple[str, ...], name: str) -> str:
    """Write a grid as a page of HTML that needs nothing else; `name` keeps its identifiers the same in every run."""
    columns = [f"c{position}" for position in range(len(grid.columns))]
    body = pd.DataFrame(
        [[line.label, *(line.cells or ("",) * len(columns))] for line in grid.lines], columns=["stub", *columns]
    )
    table = (
        GT(body, rowname_col="stub", id=name)
        .tab_header(title=text.title, subtitle=text.subtitle)
        .tab_stubhead(label=grid.stub)
        .cols_label({column: html(words) for column, words in zip(columns, grid.columns, strict=True)})
        .cols_align("left" if layout.sentences else "right", columns=columns)
        .tab_options(
            table_font_size="14px", heading_align="left", container_width="100%", table_font_names="sans-serif"
        )
    )
    for spanner in dict.fromkeys(filter(None, grid.spanners)):
        under = [column for column, above in zip(columns, grid.spanners, strict=True) if above == spanner]
        table = table.tab_spanner(label=spanner, columns=under)
    for rows in (
        [position for position, line in enumerate(grid.lines) if not line.cells],
        [position for position, line in enumerate(grid.lines) if line.total],
    ):
        if rows:
            bold = style.text(weight="bold")
            table = table.tab_style(bold, [loc.stub(rows=rows), loc.body(rows=rows)])
    for note in notes:
        table = table.tab_source_note(note)
    if text.mark:
        table = table.tab_source_note(html(f"<strong>{text.mark}</strong>"))
    return table.as_raw_html(make_page=True) + "\n"


def draw_table(data: pd.DataFrame, layout: TableLayout, text: Text, name: str) -> dict[str, bytes]:
    """Draw a table.

    Parameters
    ----------
    data
        Tidy data.
    layout
        Layout of the catalogue entry.
    text
        The words of the exhibit.
    name
        Id of the exhibit.

    Returns
    -------
    dict of str to bytes
        ``table.html``; ``table.md`` without title, which the manuscript sets as caption; ``note.md``, what goes under.
    """
    grid = make_grid(data, layout, text)
    notes = text.foot(data)
    return {
        "table.html": to_html(grid, layout, text, notes, name).encode(),
        "table.md": to_markdown(grid, layout).encode(),
        "note.md": notes_paragraph(notes, text.mark).encode(),
    }


def write_notice(words: str, text: Text) -> dict[str, bytes]:
    """Write the placeholder of a table that cannot be shown."""
    notes = (text.source,)
    lines = (f"<strong>{words}</strong>", *notes, *((f"<strong>{text.mark}</strong>",) if text.mark else ()))
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'></head><body>{body}</body></html>\n"
    return {
        "table.html": page.encode(),
        "table.md": f"**{_escape(words)}**\n".encode(),
        "note.md": notes_paragraph(notes, text.mark).encode(),
    }
