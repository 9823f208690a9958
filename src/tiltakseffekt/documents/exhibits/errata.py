"""The audit of all documents as exhibits: verdicts, contradictions with lines, and what the conclusions become."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from tiltakseffekt.documents.exhibits.contradictions import contradictions
from tiltakseffekt.stages.exhibits.labels import COMPOSED
from tiltakseffekt.stages.exhibits.tidy import tidy

VERDICTS: Final = ("reproduced", "within_rounding", "inferred", "inconsistent", "given")
_WRONG: Final = "inconsistent"
_TEXT: Final = "text"
#: Stands for the line where there is none.
NO_LINE: Final = "–"
_KRONER: Final = "nok_2022"
#: Half of the thousand kroner to which net benefits are printed.
_SIZE: Final = 500.0

Cell = dict[str, Any]


def revisjon(audit: pd.DataFrame, wage_subsidy_audit: pd.DataFrame) -> pd.DataFrame:
    """Return how many printed numbers have each verdict, by document and table.

    Parameters
    ----------
    audit, wage_subsidy_audit
        Tables AUDIT of effektrapport_2024, and of vlt_rapport and vtao_horing.
    """
    return tidy(_verdict_cells(_together(audit, wage_subsidy_audit)))


def _together(audit: pd.DataFrame, wage_subsidy_audit: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([audit, wage_subsidy_audit], ignore_index=True)
    return both.assign(exhibit=both["exhibit"].where(both["exhibit"].str.startswith("tabell"), _TEXT))


def _verdict_cells(audit: pd.DataFrame) -> Iterator[Cell]:
    for document, of_document in audit.groupby("document", sort=False):
        # What stands in running text comes last.
        in_text = of_document["exhibit"] == _TEXT
        for part in (of_document[~in_text], of_document[in_text]):
            for exhibit, cells in part.groupby("exhibit", sort=True):
                yield from _counts({"row_group": document, "row": exhibit}, cells["verdict"])
        yield from _counts({"row_group": document, "row": "total", "total": True}, of_document["verdict"])


def _counts(where: Cell, verdicts: pd.Series) -> Iterator[Cell]:
    number = verdicts.value_counts()
    yield {**where, "column": "antall_trykte", "value": len(verdicts), "unit": "count"}
    for verdict in VERDICTS:
        yield {**where, "column": verdict, "value": int(number.get(verdict, 0)), "unit": "count"}


def errata(
    audit: pd.DataFrame,
    wage_subsidy_audit: pd.DataFrame,
    corrections: pd.DataFrame,
    wage_subsidy_errata: pd.DataFrame,
    published: pd.DataFrame,
    labels: pd.DataFrame,
) -> pd.DataFrame:
    """Return every printed number that contradicts others, and what the conclusions become under the stated rules.

    Parameters
    ----------
    audit, wage_subsidy_audit
        Tables AUDIT of effektrapport_2024, and of vlt_rapport and vtao_horing.
    corrections, wage_subsidy_errata
        CORRECTIONS of effektrapport_2024, and WAGE_SUBSIDY_ERRATA of vlt_rapport.
    published
        ``config/documents/effektrapport_2024/numbers.csv`` read as text.
    labels
        ``config/codebook/labels.csv`` read as text: label to key.

    Returns
    -------
    pandas.DataFrame
        Panel ``motsagt``: numbers of chapters 4 to 6 with the lines, and what other printed numbers give. Panel
        ``celler``: row groups are documents with their exhibits, rows printed numbers; beside each stand the lines,
        what the stated rule gives, and the least and the most within the rounding of its inputs (for an input: what
        other numbers leave). Panel ``konklusjoner``: row groups are documents, rows departures with whom they concern;
        beside each stand the lines, the result, the place before and after, and what changes most.
    """
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    both = _together(audit, wage_subsidy_audit)
    contradicted = contradictions(published, labels)
    return tidy(
        [*contradicted, *_wrong_cells(both, key_of), *_of_courses(corrections), *_of_wage_subsidy(wage_subsidy_errata)]
    )


def _wrong_cells(audit: pd.DataFrame, key_of: Mapping[str, str]) -> Iterator[Cell]:
    line_of = dict(zip(audit["document"] + audit["cell"], audit["line"], strict=True))
    for document, of_document in audit.groupby("document", sort=False):
        wrong = of_document[of_document["verdict"] == _WRONG]
        rows: list[dict[Any, Any]] = wrong.to_dict("records")
        for row in rows:
            where = {
                "panel": "celler",
                "row_group": COMPOSED.join((str(document), row["exhibit"])),
                "row": _composed(row["cell"], key_of),
            }
            against = {line_of.get(f"{document}{cell}") for cell in str(row["against"]).split("; ")}
            lines = sorted({int(line) for line in (*against, row["rule_line"]) if line} - {row["line"]})
            yield {**where, "column": "linjer", "text": str(row["line"]), "unit": _TEXT}
            yield {**where, "column": "mot_linjer", "text": ", ".join(map(str, lines)), "unit": _TEXT}
            for column, name in (
                ("trykt", "printed"),
                ("etter_regelen", "computed"),
                ("minst", "possible_low"),
                ("mest", "possible_high"),
            ):
                yield {**where, "column": column, "value": row[name], "unit": row["unit"]}
        if wrong.empty:
            none = {"panel": "celler", "row_group": document, "row": "ingen_tall_i_strid"}
            yield {**none, "column": "linjer", "text": NO_LINE, "unit": _TEXT}


def _composed(cell: str, key_of: Mapping[str, str]) -> str:
    """Return the words of a printed number as keys, each once."""
    names = cell.split("|")[1:]
    return COMPOSED.join(dict.fromkeys("i_note" if name == "prose" else key_of[name] for name in names))


def _conclusion(
    where: Cell, lines: str, numbers: tuple[float, float, str], places: str, changes: str
) -> Iterator[Cell]:
    printed, by_rule, unit = numbers
    yield {**where, "column": "linjer", "text": lines, "unit": _TEXT}
    yield {**where, "column": "trykt", "value": printed, "unit": unit}
    yield {**where, "column": "etter_regelen", "value": by_rule, "unit": unit}
    yield {**where, "column": "plass", "text": places, "unit": _TEXT}
    yield {**where, "column": "endrer", "text": changes, "unit": _TEXT}


def _of_courses(corrections: pd.DataFrame) -> Iterator[Cell]:
    for row in corrections.to_dict("records"):
        where = {
            "panel": "konklusjoner",
            "row_group": "effektrapport_2024",
            "row": COMPOSED.join((row["correction"], row["measure"])),
        }
        places = f"{row['printed_rank']} → {row['corrected_rank']}"
        numbers = row["printed"], row["corrected"], _KRONER
        yield from _conclusion(where, row["lines"], numbers, places, _what_changes(row))


def _what_changes(row: Mapping[Any, Any]) -> str:
    """Say what changes most of a net benefit: sign, place, size as printed, or nothing."""
    if row["sign_changed"]:
        return "fortegn"
    if row["printed_rank"] != row["corrected_rank"]:
        return "rang"
    return "storrelsen" if abs(row["corrected"] - row["printed"]) >= _SIZE else "ingen"


def _of_wage_subsidy(departures: pd.DataFrame) -> Iterator[Cell]:
    for row in departures.sort_values("position").to_dict("records"):
        where = {
            "panel": "konklusjoner",
            "row_group": "vlt_rapport",
            "row": COMPOSED.join((row["key"], row["subject"], row["quantity"])),
        }
        ranked = pd.notna(row["rank_printed"])
        places = f"{row['rank_printed']:.0f} → {row['rank_by_rule']:.0f}" if ranked else ""
        lines = ", ".join(map(str, sorted({row["stated_line"], row["printed_line"]})))
        yield from _conclusion(where, lines, (row["printed"], row["by_rule"], row["unit"]), places, row["consequence"])
