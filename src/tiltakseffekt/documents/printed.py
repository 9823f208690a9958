"""Numbers as printed."""

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound

#: What a note says of a number that is no exact one, as its first word.
_AT_LEAST: Final = ("at_least", "over", "range_low")
_AT_MOST: Final = ("at_most", "under", "range_high")
_ABOUT: Final = ("about", "nearly", "just_over", "just_under", "words:")
_LABELLED: Final = ("panel", "row_group", "row", "column")


def printed_step(values: Sequence[str]) -> float:
    """Return the unit to which numbers were rounded: the last decimal, or the power of ten that divides all.

    >>> printed_step(["16.7", "6"])
    0.1
    >>> printed_step(["-239000", "16000"])
    1000.0
    """
    decimals = max(len(value.partition(".")[2]) for value in values)
    if decimals:
        return float(10**-decimals)
    zeros = [len(value) - len(value.rstrip("0")) for value in values if value.strip("-0")]
    return float(10 ** min(zeros, default=0))


def word_key(words: str) -> str:
    """Return the key of words in a cell.

    >>> word_key("Ubetydelig/ingen")
    'ubetydelig_ingen'
    """
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def keyed(printed: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return printed numbers with keys instead of labels.

    Parameters
    ----------
    printed
        ``config/documents/<document>/numbers.csv`` read as text.
    labels
        ``config/codebook/labels.csv`` read as text.

    Raises
    ------
    FaultsFound
        If a printed label has no key.
    """
    key_of = {**dict(zip(labels["label"], labels["key"], strict=True)), "": ""}
    if faults := [
        Fault("labels.csv", name, "a printed label has no key", count, "Add the label with its key.")
        for name in _LABELLED
        if (count := int((~printed[name].isin(list(key_of))).sum()))
    ]:
        raise FaultsFound(faults)
    return printed.assign(**{name: printed[name].map(key_of) for name in _LABELLED})


def relations(printed: pd.DataFrame) -> pd.Series:
    """Return whether each printed number is ``equal``, ``about``, ``at_least`` or ``at_most``, by its note."""
    return printed["note"].map(_relation)


def _relation(note: str) -> str:
    first = note.split(";")[0].split()[0] if note else ""
    if first in _AT_LEAST:
        return "at_least"
    if first in _AT_MOST:
        return "at_most"
    return "about" if first in _ABOUT else "equal"
