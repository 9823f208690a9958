"""The audit of the cost-benefit tables of effektrapport_2024: verdicts, and all cells from one set of inputs."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from tiltakseffekt.documents.audit.course_inputs import Joint, compare_conventions
from tiltakseffekt.documents.audit.course_rules import printed_value_of, rules
from tiltakseffekt.documents.audit.reading import (
    BUDGET,
    DURATION,
    EDUCATION,
    HOUR_PRICE,
    SHARE,
    TIMINGS,
    VALUED,
    WORK_ROW,
    Reading,
)
from tiltakseffekt.documents.audit.verdicts import Finding, Verdict, judge
from tiltakseffekt.stages.cost_benefit.engine import Timing
from tiltakseffekt.stages.cost_benefit.valuation import transfer


def audit(reading: Reading, joint: Joint) -> list[Finding]:
    """Give every printed number of the tables, and every number of the chapter's text, its verdict.

    A cell that must be given up for the rest to hold is inconsistent even when it can hold alone.
    """
    findings = []
    for rule in rules(reading):
        finding = judge(rule, reading.cells, inferred=joint.inferred)
        if rule.cell in joint.exceptions:
            found = joint.inferred.get(rule.cell)
            finding = replace(
                finding,
                verdict=Verdict.INCONSISTENT,
                possible=found or finding.possible,
                inferred={rule.cell: found} if found else finding.inferred,
                against=joint.conflicts[rule.cell],
            )
        findings.append(finding)
    return findings


def rebuild(reading: Reading, joint: Joint) -> dict[str, float]:
    """Return every number of the tables as one set of unrounded inputs gives it, by name of its cell."""
    known = {HOUR_PRICE: joint.hour_price}
    for key in VALUED:
        tax, subsidy = reading.rates.tax_financing, transfer(reading.measure(key))
        known[reading.cell("tabell-7-2", key, DURATION)] = joint.durations[key]
        known[reading.cell("tabell-7-2", key, BUDGET)] = (joint.prices[key] + subsidy) / (1 + tax)
        known[reading.cell("tabell-7-4", key, SHARE)] = 100 * joint.shares[key]
        known |= dict(zip(reading.effects(key), joint.effects[key], strict=True))
    by_cell = {rule.cell: rule for rule in rules(reading)}
    work = reading.cell("tabell-7-6", EDUCATION, WORK_ROW)
    by_cell[work] = replace(by_cell[work], formula=printed_value_of(reading, EDUCATION))

    def number(name: str) -> float:
        if name not in known:
            rule = by_cell.get(name)
            formula = rule.unstated if rule and rule.key == "balanse" else rule.formula if rule else None
            if rule is None or formula is None:
                known[name] = reading.cells[name].value
            else:
                parts = {part: number(part) for part in formula.names()}
                if rule.key == "sum_avrundet":
                    parts = {part: _rounded(amount, reading.cells[part].step) for part, amount in parts.items()}
                known[name] = formula.at(parts)
        return known[name]

    return {name: number(name) for name in by_cell if not reading.cells[name].words}


def _rounded(number: float, step: float) -> float:
    return round(number / step) * step


def conventions_table(reading: Reading, timings: Sequence[Timing] = TIMINGS) -> pd.DataFrame:
    """Return the table CONVENTIONS for some timings."""
    return pd.DataFrame(
        {"timing": one.timing, "costs": "vekst" if one.costs_grow else "uten_vekst", "in_conflict": number}
        for one, number in compare_conventions(reading, timings).items()
    )
