"""The quality of the registers: how many rows each check set aside, and whether the run may go on."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.files import read_json
from tiltakseffekt.stages.clean.checks import DUPLICATE_ROW, SENTENCES, UNKNOWN_CODE
from tiltakseffekt.stages.clean.sequences import GAPPED, OVERLAPPING, UNPAID
from tiltakseffekt.stages.clean.settings import CleanSettings
from tiltakseffekt.stages.clean.tables import TableCounts
from tiltakseffekt.stages.registers.contract import Contract

#: Rules that set aside nothing that is not said elsewhere, so that no share of them stops a run.
_NOTHING_LOST = (DUPLICATE_ROW, GAPPED, OVERLAPPING, UNPAID)

_SET_ASIDE = "The rows are set aside and the run goes on without them."
_REPAIRED = "The rows are kept as repaired."
_NOTED = "The rows are kept as they are."
_REMEDY = "Look at the rows in the protected quarantine of the table, and mend the extract."
_CODE_REMEDY = "A whole measure or group would be lost: add the code to the codebook, or mend the extract."


def read_counts(paths: Iterable[str | Path]) -> list[TableCounts]:
    """Read the counts that the cleaning of each table wrote."""
    return [TableCounts.from_dict(read_json(path)) for path in paths]


def data_quality(counts: Sequence[TableCounts], settings: CleanSettings) -> pd.DataFrame:
    """Return one row per table and check: rows received, set aside and kept, and whether the check stops the run.

    An unknown code of a codebook stops the run at once, since a whole measure or group would be lost; any other check
    stops it when its share of the rows exceeds the setting. A repaired or noted row, a copy, a merged spell and an
    unpaid month of a job are no loss and stop nothing.

    Returns
    -------
    pandas.DataFrame
        As the schema ``DATA_QUALITY``.
    """
    rows = pd.DataFrame([row for one in counts for row in _rows(one)])
    share = rows["quarantined"] / rows["received"].clip(lower=1)
    tolerance = (rows["rule"] != UNKNOWN_CODE) * settings.largest_quarantined_share
    return rows.assign(share=share, stops=(share > tolerance) & ~rows["rule"].isin(_NOTHING_LOST))


def _rows(counts: TableCounts) -> list[dict[str, Any]]:
    """Return one row per check, in the order of the checks; a rule with several actions has one row."""
    found = {"quarantined": counts.set_aside, "repaired": counts.repaired, "noted": counts.noted}
    numbers: dict[tuple[str, str], dict[str, int]] = {}
    for action, listed in found.items():
        for column, rule, rows in listed:
            numbers.setdefault((column, rule), dict.fromkeys(found, 0))[action] += rows
    whole = {"table": counts.table, "received": counts.received, "kept": counts.kept}
    return [whole | {"column": column, "rule": rule} | row for (column, rule), row in numbers.items()]


def quality_faults(quality: pd.DataFrame, contract: Contract) -> list[Fault]:
    """List the checks that found rows as faults, one for each action, without a value."""
    return [
        Fault(
            str(row.table),
            str(row.column),
            _sentence(contract, str(row.table), str(row.rule), action),
            int(getattr(row, action)),
            _remedy(str(row.rule), action, bool(row.stops)),
        )
        for row in quality.itertuples(index=False)
        for action in ("quarantined", "repaired", "noted")
        if getattr(row, action)
    ]


def stop_at_faults(quality: pd.DataFrame, contract: Contract) -> None:
    """Do nothing when no check stops the run.

    Parameters
    ----------
    quality
        As `data_quality` returns.
    contract
        Where row rules are put in words.

    Raises
    ------
    FaultsFound
        With every check of every table that found rows, when one of them stops the run.
    """
    if quality["stops"].any():
        raise FaultsFound(quality_faults(quality, contract))


def _remedy(rule: str, action: str, stops: bool) -> str:
    if action != "quarantined":
        return _REPAIRED if action == "repaired" else _NOTED
    if not stops:
        return _SET_ASIDE
    return _CODE_REMEDY if rule == UNKNOWN_CODE else _REMEDY


def _sentence(contract: Contract, table: str, rule: str, action: str) -> str:
    of_table = contract.tables[table]
    if action == "repaired" and rule in of_table.repairs:
        return of_table.repairs[rule].sentence
    if rule in of_table.row_rules:
        return f"it does not hold that {of_table.row_rules[rule].sentence}"
    return SENTENCES[rule]
