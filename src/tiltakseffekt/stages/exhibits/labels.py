"""Every word that a reader of an exhibit sees, in one language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.stages.exhibits.catalogue import AnyEntry, PageLayout, TableLayout
from tiltakseffekt.stages.exhibits.numbers import NumberFormat

#: The mark of a suppressed cell; Statistics Norway's standard sign for "not shown, to protect persons".
SUPPRESSED = ":"


#: Joins keys to one that stands for all of them, in that order.
COMPOSED = "+"


@dataclass(frozen=True)
class Text:
    """The words around and inside one exhibit, ready to be set.

    Parameters
    ----------
    title, subtitle, x, y
        Heading, unit and sample, and titles of the axes.
    notes
        What the reader must know, one sentence group each.
    source
        Where the data come from.
    mark
        The mark of synthetic data; empty for real registers.
    words
        Words of the keys that the data use.
    numbers
        How numbers are written.
    missing
        The sign of a cell without a value.
    suppressed_note, placeholders
        Words about suppression, and about exhibits that cannot be shown, by reason.
    rounding
        What to say of persons that are rounded, by whether N or the cells are, with a place for the multiple.
    rounded_note
        The one that holds; empty when nothing is rounded that a reader sees.
    lang
        Code of the language.
    statuses
        Key of what stands in a cell in place of a number, to what is told under the exhibit of it.
    file
        Where the words of its evaluation stand.
    """

    title: str
    subtitle: str
    x: str
    y: str
    notes: tuple[str, ...]
    source: str
    mark: str
    words: Mapping[str, str]
    numbers: NumberFormat
    missing: str
    n: str
    suppressed_note: str
    placeholders: Mapping[str, str] = field(default_factory=dict)
    lang: str = ""
    rounding: Mapping[str, str] = field(default_factory=dict)
    rounded_note: str = ""
    statuses: Mapping[str, str] = field(default_factory=dict)
    file: str = ""

    def word(self, key: str) -> str:
        """Return the word of a key, or the words of a composed one; the empty key has none."""
        return ", ".join(self.words[part] for part in key.split(COMPOSED)) if key else ""

    def foot(self, data: pd.DataFrame) -> tuple[str, ...]:
        """Return the notes under an exhibit; rounding, suppression and statuses are told when there is any."""
        rounded = (self.rounded_note,) if self.rounded_note else ()
        told = (self.suppressed_note,) if data["text"].eq(SUPPRESSED).any() else ()
        met = set(data["text"])
        states = tuple(note for key, note in self.statuses.items() if key in met)
        return (" ".join((*self.notes, *rounded, *told, *states)), self.source)

    def with_rounding(self, what: str, multiple: int) -> "Text":
        """Return the same words with a note that persons are rounded to the nearest multiple, in ``n`` or ``cells``."""
        return replace(self, rounded_note=self.rounding[what].format(multiple=self.numbers.number(multiple, 0)))


def missing_words(data: pd.DataFrame, words: Mapping[str, str]) -> tuple[str, ...]:
    """List the keys of tidy data that have no word."""
    used = pd.concat([data[column] for column in ("panel", "row_group", "row", "column")])
    keys = {part for key in used.unique() for part in key.split(COMPOSED)}
    return tuple(sorted(key for key in keys if key and key not in words))


def check_words(data: pd.DataFrame, text: Text, exhibit: str) -> None:
    """Refuse data with keys that have no word.

    Raises
    ------
    FaultsFound
        Naming all keys without a word.
    """
    if missing := missing_words(data, text.words):
        raise FaultsFound(
            [
                Fault(text.file, key, f"{exhibit} uses a key without a label", 1, "Add it to a declared group")
                for key in missing
            ]
        )


def _fact(value: Any, months: Sequence[str], numbers: NumberFormat) -> Any:
    """Return a setting as readers see it: numbers with their signs, months with their names."""
    if isinstance(value, str) and (month := re.fullmatch(r"(\d{4})-(\d{2})", value)):
        return f"{months[int(month[2]) - 1]} {month[1]}"
    if isinstance(value, int | float):
        return numbers.number(value, len(f"{value % 1:g}".partition(".")[2]))
    return value


def compose_text(entry: AnyEntry, labels: Mapping[str, Any], facts: Mapping[str, Any], origin: str) -> Text:
    """Fill the texts of an exhibit.

    Parameters
    ----------
    entry
        Its entry in the catalogue.
    labels
        The labels chosen by `select_labels`.
    facts
        Values of settings that the texts mention.
    origin
        ``synthetic`` when the registers are simulated; an exhibit of printed numbers or public data does not
        rest on them.
    """
    common, own = labels["common"], labels["exhibit"]
    layout = entry.layout
    decimals = layout.decimals if isinstance(layout, TableLayout | PageLayout) else {}
    numbers = NumberFormat(common["decimal"], common["thousands"], decimals)
    written = {name: _fact(value, common["months"], numbers) for name, value in facts.items()}
    if "confidence" in facts:
        written["confidence"] = numbers.number(100 * float(facts["confidence"]), 0)

    simulated = origin == "synthetic" and not (entry.printed or entry.public or entry.states_rules)
    told = {"source_printed": entry.printed, "source_public": entry.public, "source_rules": entry.states_rules}
    apart = next((source for source, holds in told.items() if holds), "")
    source = apart or ("source_synthetic" if simulated else "source")

    def fill(lines: str | Iterable[str]) -> tuple[str, ...]:
        return tuple(line.format(**written) for line in ([lines] if isinstance(lines, str) else lines))

    return Text(
        title=fill(own["title"])[0],
        subtitle=fill(own.get("subtitle", ""))[0],
        x=own.get("x", ""),
        y=own.get("y", ""),
        notes=fill(own.get("notes", ())),
        source=common[source],
        mark=common["synthetic"] if simulated else "",
        words={**{key: status["word"] for key, status in common["statuses"].items()}, **labels["words"]},
        statuses={key: status["note"] for key, status in common["statuses"].items()},
        numbers=numbers,
        missing=common["missing"],
        n=common["n"],
        suppressed_note=common["suppressed"],
        rounding=common["rounded"],
        placeholders=common["placeholder"],
        lang=common["lang"],
        file=labels["file"],
    )
