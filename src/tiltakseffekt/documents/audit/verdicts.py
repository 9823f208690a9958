"""One verdict for each printed cell."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import pandas as pd

from tiltakseffekt.documents.audit.cells import Cell, Cells
from tiltakseffekt.documents.audit.formulas import Formula
from tiltakseffekt.documents.audit.intervals import Interval

#: Words that are printed for the sign of a sum.
POSITIVE: Final = "Positiv"
NEGATIVE: Final = "Negativ"


class Verdict(StrEnum):
    """What can be said of a printed cell.

    ``given``: an input, with no rule to compute it by. ``reproduced``: the rule gives the printed number from the
    printed inputs. ``within_rounding``: some inputs that would be printed as they are give it. ``inferred``: it follows
    only with an input that is not the printed one, or not printed. ``inconsistent``: it contradicts other cells.
    """

    GIVEN = "given"
    REPRODUCED = "reproduced"
    WITHIN_ROUNDING = "within_rounding"
    INFERRED = "inferred"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True)
class Rule:
    """How a cell should follow from others.

    Parameters
    ----------
    cell
        Name of the cell.
    formula
        Over names of cells and of inputs; None for a cell that is an input.
    line
        Line on which the rule is stated.
    key
        Key of the rule, for the words of the exhibits.
    unstated
        Another rule, which the document does not state, tried when the stated one does not give the cell.
    """

    cell: str
    formula: Formula | None
    line: int
    key: str
    unstated: Formula | None = None


@dataclass(frozen=True)
class Finding:
    """The verdict on a cell, with what it rests on.

    Parameters
    ----------
    cell
        The printed cell.
    verdict
        The verdict.
    rule
        Key of the rule.
    line
        Line on which the rule is stated.
    computed
        What the rule gives at the printed inputs; missing without a rule.
    possible
        What it gives within the rounding of the printed inputs.
    inferred
        Inferred inputs with their feasible intervals.
    against
        Names of the cells that it contradicts.
    """

    cell: Cell
    verdict: Verdict
    rule: str
    line: int
    computed: float = math.nan
    possible: Interval | None = None
    inferred: Mapping[str, Interval] = field(default_factory=dict)
    against: tuple[str, ...] = ()


def judge(
    rule: Rule,
    cells: Cells,
    inputs: Mapping[str, Interval] | None = None,
    inferred: Mapping[str, Interval] | None = None,
    against: tuple[str, ...] = (),
) -> Finding:
    """Give the verdict on one cell.

    Parameters
    ----------
    rule
        How the cell should follow.
    cells
        The printed cells.
    inputs
        Numbers of the rule that are no cells, such as rates of the text, with their intervals.
    inferred
        Intervals that replace those of cells and inputs when the printed ones do not give the cell: feasible intervals
        of a joint system. Only those that the rule uses are reported.
    against
        Cells that are contradicted when nothing gives the cell; without, those that the rule uses.
    """
    cell = cells[rule.cell]
    if rule.formula is None:
        return Finding(cell, Verdict.GIVEN, rule.key, rule.line)
    given, better = inputs or {}, inferred or {}
    used = rule.formula.names()
    printed = {
        name: _printed(name, given, cells) for name in used if name not in better or name in given or name in cells
    }
    computed, possible = math.nan, None
    if printed.keys() == used:
        computed = rule.formula.at({name: interval.middle for name, interval in printed.items()})
        possible = rule.formula.over(printed)
        if prints(cell, computed):
            return Finding(cell, Verdict.REPRODUCED, rule.key, rule.line, computed, possible)
        if may_print(cell, possible):
            return Finding(cell, Verdict.WITHIN_ROUNDING, rule.key, rule.line, computed, possible)
    replaced = {name: interval for name, interval in better.items() if name in used}
    if replaced and may_print(cell, rule.formula.over({**printed, **replaced})):
        return Finding(cell, Verdict.INFERRED, rule.key, rule.line, computed, possible, replaced)
    if rule.unstated is not None:
        other = {
            name: better[name] if name in better else _printed(name, given, cells) for name in rule.unstated.names()
        }
        if may_print(cell, rule.unstated.over(other)):
            return Finding(cell, Verdict.INFERRED, f"{rule.key}_ellers", rule.line, computed, possible)
    contradicted = against or tuple(sorted(name for name in used if name in cells))
    return Finding(cell, Verdict.INCONSISTENT, rule.key, rule.line, computed, possible, replaced, contradicted)


def _printed(name: str, given: Mapping[str, Interval], cells: Cells) -> Interval:
    return given[name] if name in given else cells[name].interval


def prints(cell: Cell, value: float) -> bool:
    """Say whether a number would be printed as the cell; words of the cell are those of the number's sign."""
    if cell.words:
        return cell.words == (POSITIVE if value > 0 else NEGATIVE)
    return cell.interval.contains(value)


def may_print(cell: Cell, possible: Interval) -> bool:
    """Say whether some number of an interval would be printed as the cell."""
    if cell.words:
        return prints(cell, possible.low) or prints(cell, possible.high)
    return possible.meets(cell.interval)


def findings_table(
    document: str, findings: Iterable[Finding], rebuilt: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return findings as a table AUDIT: one row per printed cell.

    Parameters
    ----------
    document
        Key of the document.
    findings
        The findings.
    rebuilt
        Name of a cell to what one set of unrounded inputs gives.
    """
    return pd.DataFrame([_row(document, finding, rebuilt or {}) for finding in findings])


def _row(document: str, finding: Finding, rebuilt: Mapping[str, float]) -> dict[str, Any]:
    cell, possible = finding.cell, finding.possible
    return {
        "document": document,
        "cell": cell.name,
        "exhibit": cell.exhibit,
        "row": cell.row,
        "column": cell.column,
        "kind": cell.kind,
        "line": cell.line,
        "unit": cell.unit,
        "printed": cell.value,
        "words": cell.words or None,
        "step": cell.step,
        "verdict": str(finding.verdict),
        "rule": finding.rule,
        "rule_line": finding.line,
        "computed": finding.computed,
        "possible_low": possible.low if possible else math.nan,
        "possible_high": possible.high if possible else math.nan,
        "rebuilt": rebuilt.get(cell.name, math.nan),
        "inferred": "; ".join(f"{name}: {i.low:.6g}–{i.high:.6g}" for name, i in sorted(finding.inferred.items()))
        or None,
        "against": "; ".join(finding.against) or None,
    }
