"""Data of Tabell 6-5: our effects in words beside those of the document and of earlier research."""

from typing import Any, Final

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.documents.printed import word_key
from tiltakseffekt.stages.exhibits.tidy import tidy

#: Months in work a year from which an effect is called medium and large; the document gives no limits, so ours.
LIMITS: Final = ((2.0, "stor"), (1.0, "middels"), (0.0, "liten"))
UNCLEAR: Final = "ikke_signifikant"
#: The printed table has one row for two measures.
_ROWS: Final = {"oppfolging_og_utvidet_oppfolging": ("oppfolging", "utvidet_oppfolging")}
#: Column of the research to which the printed table refers, and what stands between two of its works.
_SOURCES: Final = "kilder"
_BETWEEN: Final = "; "
#: Columns of printed words, in their order.
_PRINTED: Final = ("vare_estimater", "tidligere_forskning", "tidligere_forskning_tidligere_tiltaksvariant")


def effect_word(estimate: float, low: float, high: float) -> str:
    """Return the key of the words for an effect on months in work in a year.

    >>> effect_word(1.4, 0.8, 2.0), effect_word(-0.4, -0.7, -0.1), effect_word(1.4, -0.1, 2.9)
    ('middels_positiv', 'liten_negativ', 'ikke_signifikant')
    """
    if low <= 0 <= high:
        return UNCLEAR
    size = next(word for limit, word in LIMITS if abs(estimate) >= limit)
    return f"{size}_{'positiv' if estimate > 0 else 'negativ'}"


def effekter_i_ord(
    estimates: pd.DataFrame, published: pd.DataFrame, sources: pd.DataFrame, labels: pd.DataFrame
) -> pd.DataFrame:
    """Return effects in words: ours in the third year, those printed, and earlier research with its sources as printed.

    Parameters
    ----------
    estimates
        ESTIMATES.
    published
        ``config/documents/effektrapport_2024/numbers.csv`` read as text.
    sources
        ``sources.csv`` of the same folder read as text: the works to which a row of the table refers, in their order.
    labels
        ``config/codebook/labels.csv`` read as text: label to key.
    """
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    printed = published[published["exhibit"] == "tabell-6-5"]
    words = {
        (key_of[row], key_of[column]): word_key(value)
        for row, column, value in zip(printed["row"], printed["column"], printed["value"], strict=True)
    }
    of_table = sources[sources["exhibit"] == "tabell-6-5"]
    works = of_table["source"].groupby(of_table["row"].map(key_of)).agg(_BETWEEN.join)
    chosen = estimates[(estimates["estimand"] == "atet") & (estimates["outcome"] == keys.MONTHS_IN_WORK[-1])]
    ours = {
        row["arm"]: {"text": effect_word(row["estimate"], row["low"], row["high"]), "count": row["n_arm"]}
        for row in chosen.to_dict("records")
    }
    rows = dict.fromkeys(row for row, _ in words)
    cells: list[dict[str, Any]] = []
    to_sources: list[dict[str, Any]] = []
    for row in rows:
        for measure in _ROWS.get(row, (row,)):
            if measure in ours:
                cells.append({"row": measure, "column": "effekt_her", **ours[measure]})
            for column in _PRINTED:
                if (row, column) in words:
                    cells.append({"row": measure, "column": column, "text": words[row, column]})
            to_sources.append({"row": measure, "column": _SOURCES, "text": works[row]})
    return tidy([{**cell, "unit": "text"} for cell in cells + to_sources])
