"""How well cleaning finds the defects that were planted in synthetic registers. Nothing else reads the ledger."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from tiltakseffekt.laboratory.schemas import DEFECT_SCORES
from tiltakseffekt.stages.clean import checks, sequences
from tiltakseffekt.stages.registers.contract import Contract
from tiltakseffekt.synthetic.defects.settings import DEFECTS, Defect

_UNKNOWN: Final = (
    "unknown_municipality",
    "unknown_occupation",
    "unknown_industry",
    "unknown_office",
    "unknown_stop",
    "unknown_immigration",
    "unknown_death",
    "unknown_emigration",
    "missing_value",
    "not_allowed",
    "outside_range",
)

#: Table (empty for any) and rules of cleaning that are meant to find each defect.
RULES: Final[Mapping[Defect, tuple[str, tuple[str, ...]]]] = {
    "wrong_century": ("person", ("wrong_century",)),
    "old_municipality_numbers": ("residence", (checks.OLD_NUMBER,)),
    "old_office_numbers": ("nav_status", (checks.OLD_NUMBER,)),
    "measures_after_exit": ("tiltak", ("start_after_exit", "stop_after_exit")),
    "expired_codes": ("tiltak", (checks.EXPIRED_CODE,)),
    "gapped_spells": ("tiltak", (sequences.GAPPED,)),
    "overlapping_spells": ("tiltak", (sequences.OVERLAPPING,)),
    "late_deregistration": ("employment", (sequences.UNPAID, "job_after_death")),
    "income_without_job": ("income", (sequences.INCOME_ALONE,)),
    "job_without_income": ("income", (sequences.JOB_ALONE,)),
    "sentinel_codes": ("", _UNKNOWN),
    "conflicting_rows": ("", (checks.CONFLICTING_KEY,)),
    "duplicate_rows": ("", (checks.DUPLICATE_ROW,)),
    "duplicate_parts": ("", (checks.DUPLICATE_ROW,)),
}


def read_ledger(paths: Sequence[str | Path]) -> pd.DataFrame | None:
    """Read the ledger: defect, table and key of each row; None when the registers have no ledger."""
    parts = [pq.read_table(path, columns=["defect", "table", "key"]).to_pandas() for path in paths]
    return pd.concat(parts, ignore_index=True) if parts else None


def read_findings(paths: Sequence[str | Path], contract: Contract) -> pd.DataFrame:
    """Read what cleaning set aside, repaired and noted: table, rule and key of each row.

    Parameters
    ----------
    paths
        One file per table, named after it.
    contract
        Keys of the tables.
    """
    parts = []
    for path in map(Path, paths):
        key = contract.tables[path.stem].key
        rows = pq.read_table(path, columns=[*key, "rule"]).to_pandas()
        texts = [rows[name].fillna("").astype("str") for name in key]
        parts.append(pd.DataFrame({"table": path.stem, "rule": rows["rule"], "key": texts[0].str.cat(texts[1:], "|")}))
    return pd.concat(parts, ignore_index=True)


def score_defects(ledger: pd.DataFrame | None, findings: pd.DataFrame) -> pd.DataFrame:
    """Set the rows found beside those planted.

    A row counts as found when a rule meant for its defect found its key; what a rule finds is right when a defect for
    which it is meant was planted under that key. Rows that share a key count each; a spell that was made two has both
    rows in the ledger, and is found by either.

    Parameters
    ----------
    ledger, findings
        As `read_ledger` and `read_findings` return.

    Returns
    -------
    DataFrame
        Schema DEFECT_SCORES; without rows when there is no ledger.
    """
    scores = [] if ledger is None else [_score(defect, ledger, findings) for defect in DEFECTS]
    return pd.DataFrame(scores, columns=list(DEFECT_SCORES.columns))


def _score(defect: Defect, ledger: pd.DataFrame, findings: pd.DataFrame) -> dict[str, object]:
    table, rules = RULES[defect]
    flagged = findings[findings["rule"].isin(rules) & ((findings["table"] == table) if table else True)]
    same_rules = [other for other, (_, theirs) in RULES.items() if set(theirs) & set(rules)]
    planted = ledger[ledger["defect"] == defect]
    answered = ledger[ledger["defect"].isin(same_rules)]
    place = ["table", "key"]
    found = int(pd.MultiIndex.from_frame(planted[place]).isin(pd.MultiIndex.from_frame(flagged[place])).sum())
    right = int(pd.MultiIndex.from_frame(flagged[place]).isin(pd.MultiIndex.from_frame(answered[place])).sum())
    return {
        "defect": defect,
        "planted": len(planted),
        "found": found,
        "flagged": len(flagged),
        "right": right,
        "recall": found / len(planted) if len(planted) else float("nan"),
        "precision": right / len(flagged) if len(flagged) else float("nan"),
    }
