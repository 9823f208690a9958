"""Codebooks: from the codes of the registers to the keys of the project, prices and base amounts by year.

Every function takes what `read_codebooks` returned, so that a stage sees only the codebooks it names as inputs.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.tables import read_texts

#: File name to its content, every cell as text.
Codebooks = Mapping[str, pd.DataFrame]

MEASURE_CODES = "tiltaksgruppering.csv"
NAV_GROUP_CODES = "innsatsgruppe.csv"
LABELS = "labels.csv"
CONSUMER_PRICES = "kpi.csv"
BASE_AMOUNTS = "grunnbelop.csv"
MUNICIPALITY_CHANGES = "kommuneendringer.csv"
OFFICE_CHANGES = "kontorendringer.csv"

_NO_MONTH = 0
_EVERY_MONTH = 999912

#: Arena code of the sick-listed with follow-up at the workplace (public source code of NAV).
FOLLOWED_AT_WORK: Final = "VURDI"


def read_codebooks(paths: Iterable[str | Path]) -> dict[str, pd.DataFrame]:
    """Read codebooks (CSV, UTF-8) as text, by file name."""
    files = sorted(map(Path, paths))
    return {file.name: read_texts(file) for file in files}


def codebook_values(codebooks: Codebooks, reference: str) -> tuple[str, ...]:
    """Return the sorted values of a codebook column, written ``file:column``; a cell may hold several between ``|``.

    Raises
    ------
    FaultsFound
        If the codebook or its column is missing.
    """
    file, _, column = reference.partition(":")
    if file not in codebooks or column not in codebooks[file]:
        raise FaultsFound([Fault(file, column, "the codebook lacks this column", 1, "Restore the codebook.")])
    cells = codebooks[file][column]
    return tuple(sorted({value for cell in cells for value in str(cell).split("|") if value}))


def nav_groups(codebooks: Codebooks) -> dict[str, str]:
    """Return kvalifiseringsgruppe code of Arena -> key of the NAV group (effektrapport_2024 lines 1018-1030, 1117)."""
    frame = codebooks[NAV_GROUP_CODES]
    return {
        code: key
        for key, codes in zip(frame["key"], frame["arena_codes"], strict=True)
        for code in codes.split("|")
        if code
    }


def measure_groups(codebooks: Codebooks) -> dict[str, str]:
    """Return Arena code of a measure -> key of its group in Tabell A-1 (effektrapport_2024 lines 3926-4144).

    Raises
    ------
    FaultsFound
        If a group has no key among the labels, or a code stands in two groups.
    """
    labels = codebooks[LABELS]
    keys = dict(zip(labels["label"], labels["key"], strict=True))
    pairs = codebooks[MEASURE_CODES][["group", "code"]].drop_duplicates()
    unnamed = sorted(set(pairs["group"]) - set(keys))
    faults = [Fault(LABELS, group, "the measure group has no key", 1, "Add its label.") for group in unnamed]
    faults += [
        Fault(MEASURE_CODES, "group", f"the code {code} stands in several groups", 2, "Keep one of them.")
        for code in sorted(pairs["code"][pairs["code"].duplicated()])
    ]
    if faults:
        raise FaultsFound(faults)
    return {code: keys[group] for group, code in pairs.itertuples(index=False)}


def consumer_prices(codebooks: Codebooks) -> dict[int, float]:
    """Return year -> consumer price index, annual average, 2015 = 100 (Statistics Norway)."""
    frame = codebooks[CONSUMER_PRICES]
    return {int(year): float(index) for year, index in zip(frame["year"], frame["kpi_2015_100"], strict=True)}


def base_amounts(codebooks: Codebooks) -> dict[int, int]:
    """Return year -> G (grunnbeløpet) in force from 1 May of the year, kroner a year (NAV)."""
    frame = codebooks[BASE_AMOUNTS]
    return {int(year): int(amount) for year, amount in zip(frame["year"], frame["g_1_may"], strict=True)}


def code_months(
    codebooks: Codebooks, file: str, code: str, first: str, last: str, slack: int
) -> dict[str, tuple[int, int]]:
    """Return code -> first and last month (YYYYMM) in which a row may hold it; codes without months are left out.

    Where the codebook itself begins or ends, nothing is known of the time beyond, and nothing is bound. A code with
    several periods is in use from the first to the last.

    Parameters
    ----------
    codebooks, file
        The codebook.
    code, first, last
        Its columns with the code and its first and last month, YYYYMM.
    slack
        Months beyond either end that are let pass.
    """
    frame = codebooks[file]
    known = frame[(frame[first] != "") & (frame[last] != "")]
    begins, ends = known[first].astype("int64"), known[last].astype("int64")
    spans = pd.DataFrame({"code": known[code], "first": begins, "last": ends})
    spans = spans.groupby("code").agg({"first": "min", "last": "max"})
    return {
        str(name): (
            _NO_MONTH if begin == begins.min() else _shifted(begin, -slack),
            _EVERY_MONTH if end == ends.max() else _shifted(end, slack),
        )
        for name, begin, end in zip(spans.index, spans["first"], spans["last"], strict=True)
    }


def _shifted(year_month: int, months: int) -> int:
    count = year_month // 100 * 12 + year_month % 100 - 1 + months
    return count // 12 * 100 + count % 12 + 1


def successors(codebooks: Codebooks, file: str) -> list[tuple[str, str, int]]:
    """Return old number, new number and the month (YYYYMM) from which the new one holds."""
    frame = codebooks[file]
    return [(old, new, int(month)) for old, new, month in zip(frame["old"], frame["new"], frame["month"], strict=True)]
