"""The page on which a reader moves the assumptions: tidy data and words set into one file that needs nothing else."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

import pandas as pd

from tiltakseffekt.stages.exhibits.labels import Text
from tiltakseffekt.stages.exhibits.numbers import NO_BREAK_SPACE
from tiltakseffekt.stages.exhibits.tables import notes_paragraph

_TEMPLATE: Final = Path(__file__).with_suffix(".html")
#: Column of the rows that hold for all measures, and of the result of the analysis.
PARAMETER: Final = "parameter"
NET: Final = "netto"
_STEPS: Final = 20
_EFFECT: Final = "effekt_"
#: Times as long as for most measures that the effects last.
LASTING: Final = "effekt_varer_ganger"
#: What a course costs: months, and kroner per month.
_COSTS: Final = ("varighet", "kjop", "overforing", "andre_sektorer", "tiltakspenger", "veileder")
#: Words that the script writes.
_WRITTEN: Final = ("years", "kroner", "up", "down", "same", "change", "interval", "summary", "standard")
#: Words of the page itself.
_SET: Final = ("controls", "noscript", "reset", "ranking", "legend", "behind", "back")


def draw_page(data: pd.DataFrame, text: Text) -> dict[str, bytes]:
    """Draw the page; a measure with a suppressed cell is left out.

    Parameters
    ----------
    data
        Tidy data: rows are measures and parameters, columns what is told of them.
    text
        The words of the exhibit.

    Returns
    -------
    dict of str to bytes
        ``page.html``, and ``note.md``, what goes under its link.
    """
    parameters: list[dict[Any, Any]] = data[data["column"] == PARAMETER].to_dict("records")
    measures = [_measure(key, cells, text) for key, cells in _measures(data)]
    content = {
        "decimal": text.numbers.decimal,
        "thousands": text.numbers.thousands,
        "given": dict(map(_given, parameters)),
        "controls": [_control(row, text) for row in parameters if not math.isnan(row["low"])],
        "measures": measures,
        "words": {key: text.words[f"page_{key}"] for key in _WRITTEN},
    }
    notes = text.foot(data)
    page = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        {key: escape(text.words[f"page_{key}"]) for key in _SET},
        lang=text.lang,
        title=escape(text.title),
        subtitle=escape(text.subtitle),
        mark=f'<p class="mark">{escape(text.mark)}</p>' if text.mark else "",
        list="\n".join(_lines(measures, text)),
        tables=_tables(data, text),
        notes=escape(notes[0]),
        source=escape(notes[1]),
        data=json.dumps(content, ensure_ascii=False, sort_keys=True).replace("</", "<\\/"),
    )
    return {"page.html": page.encode(), "note.md": notes_paragraph(notes, text.mark).encode()}


def page_notice(words: str, text: Text) -> dict[str, bytes]:
    """Write the placeholder of a page that cannot be shown."""
    lines = (words, text.source, text.mark)
    body = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    page = f"<!DOCTYPE html>\n<html lang='{text.lang}'><head><meta charset='utf-8'></head><body>{body}</body></html>\n"
    return {"page.html": page.encode(), "note.md": notes_paragraph((words, text.source), text.mark).encode()}


def _measures(data: pd.DataFrame) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each measure of which nothing is suppressed, with its numbers by column."""
    rows = data[data["column"] != PARAMETER]
    for key in rows["row"].unique():
        own = rows[rows["row"] == key]
        if own["value"].notna().all():
            yield str(key), dict(zip(own["column"], map(float, own["value"]), strict=True))


def _measure(key: str, cells: Mapping[str, float], text: Text) -> dict[str, Any]:
    years = [name.removeprefix(_EFFECT) for name in _effects_of(cells)]
    return {
        "key": key,
        "name": text.word(key),
        "effects": [cells[f"{_EFFECT}{year}"] for year in years],
        "covariance": [[cells[f"kovarians_{one}{other}"] for other in years] for one in years],
        "lasting": cells[LASTING],
        **{name: cells[name] for name in (NET, *_COSTS)},
    }


def _effects_of(columns: Iterable[str]) -> list[str]:
    """Return the columns that hold the effect of a year, the first year first."""
    return sorted({name for name in columns if name.removeprefix(_EFFECT).isdigit()})


def _given(row: Mapping[Any, Any]) -> tuple[str, float | str]:
    """Return a parameter as the script takes it: shares and rates as numbers from 0 to 1, words as they are."""
    if row["unit"] == "text":
        return row["row"], row["text"]
    return row["row"], row["value"] / 100 if row["unit"].startswith("percent") else row["value"]


def _control(row: Mapping[Any, Any], text: Text) -> dict[str, Any]:
    step = 1.0 if row["unit"] == "years" else (row["high"] - row["low"]) / _STEPS
    ends = {name: row[name] for name in ("value", "low", "high")}
    return {"key": row["row"], "name": text.word(row["row"]), "unit": row["unit"], "step": step, **ends}


def _lines(measures: Iterable[Mapping[str, Any]], text: Text) -> Iterator[str]:
    """Yield the ranking of the report, which the script replaces."""
    for place, one in enumerate(sorted(measures, key=lambda one: -one[NET]), 1):
        net = f"{text.numbers.number(one[NET], -3)}{NO_BREAK_SPACE}{text.words['page_kroner']}"
        yield (
            f'<li><span class="place">{place}</span><span class="name">{escape(one["name"])}</span>'
            f'<span class="net">{escape(net)}</span></li>'
        )


def _tables(data: pd.DataFrame, text: Text) -> str:
    """Return what the page rests on as two tables: of each measure, and of what holds for all."""
    shown = (*_COSTS, *_effects_of(data["column"]), LASTING)
    units = dict(zip(data["column"], data["unit"], strict=True))
    heads = [text.word("page_measure"), *map(text.word, shown)]
    rows = [
        [text.word(key), *(text.numbers.cell(cells[c], units[c]) if c in cells else text.missing for c in shown)]
        for key, cells in _measures(data)
    ]
    given: list[dict[Any, Any]] = data[(data["column"] == PARAMETER) & (data["unit"] != "text")].to_dict("records")
    held = [[text.word(row["row"]), text.numbers.cell(row["value"], _shown_unit(row["unit"]))] for row in given]
    return _table(heads, rows) + "\n" + _table([text.word(PARAMETER), text.word("page_value")], held)


def _shown_unit(unit: str) -> str:
    return "percent" if unit.startswith("percent") else unit


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    lines = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"
