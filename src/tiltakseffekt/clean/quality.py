"""The quality of the registers: how many rows each check set aside, and whether the run may go on."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from tiltakseffekt.clean.checks import SENTENCES, UNKNOWN_CODE
from tiltakseffekt.clean.settings import CleanSettings
from tiltakseffekt.clean.tables import TableCounts
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.files import read_json
from tiltakseffekt.registers.contract import Contract

_SET_ASIDE = "The rows are set aside and the run goes on without them."
_REMEDY = "Look at the rows in the protected quarantine of the table, and mend the extract."
_CODE_REMEDY = "A whole measure or group would be lost: add the code to the codebook, or mend the extract."


def read_counts(paths: Iterable[str | Path]) -> list[TableCounts]:
    """Read the counts that the cleaning of each table wrote."""
    return [TableCounts.from_dict(read_json(path)) for path in paths]


def data_quality(counts: Sequence[TableCounts], settings: CleanSettings) -> pd.DataFrame:
    """Return one row per table and check: rows received, set aside and kept, and whether the check stops the run.

    An unknown code of a codebook stops the run at once, since a whole measure or group would be lost; any other check
    stops it when its share of the rows exceeds the setting.

    Returns
    -------
    pandas.DataFrame
        As the schema ``DATA_QUALITY``.
    """
    rows = pd.DataFrame(
        [
            {
                "table": one.table,
                "column": column,
                "rule": rule,
                "received": one.received,
                "quarantined": rows,
                "kept": one.kept,
            }
            for one in counts
            for column, rule, rows in one.set_aside
        ]
    )
    share = rows["quarantined"] / rows["received"].clip(lower=1)
    tolerance = (rows["rule"] != UNKNOWN_CODE) * settings.largest_quarantined_share
    return rows.assign(share=share, stops=share > tolerance)


def quality_faults(quality: pd.DataFrame, contract: Contract) -> list[Fault]:
    """List the checks that set rows aside as faults, without a value."""
    found = quality[quality["quarantined"] > 0]
    return [
        Fault(
            str(table),
            str(column),
            _sentence(contract, str(table), str(rule)),
            int(rows),
            _remedy(str(rule), bool(stops)),
        )
        for table, column, rule, rows, stops in found[["table", "column", "rule", "quarantined", "stops"]].itertuples(
            index=False
        )
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
        With every check of every table that set rows aside, when one of them stops the run.
    """
    if quality["stops"].any():
        raise FaultsFound(quality_faults(quality, contract))


def _remedy(rule: str, stops: bool) -> str:
    if not stops:
        return _SET_ASIDE
    return _CODE_REMEDY if rule == UNKNOWN_CODE else _REMEDY


def _sentence(contract: Contract, table: str, rule: str) -> str:
    row_rules = contract.tables[table].row_rules
    return f"it does not hold that {row_rules[rule].sentence}" if rule in row_rules else SENTENCES[rule]
