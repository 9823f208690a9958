"""What is checked in every row, as SQL, in the order in which a row's one reason is chosen."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tiltakseffekt.core.codebook import Codebooks, code_months, codebook_values, successors
from tiltakseffekt.stages.clean.database import literal, quoted
from tiltakseffekt.stages.clean.sequences import (
    GAPPED,
    INCOME_ALONE,
    JOB_ALONE,
    OVERLAPPING,
    UNPAID,
    Action,
    sequence_rules,
)
from tiltakseffekt.stages.registers.contract import PERSON, PERSON_ID, ColumnContract, Contract, TableContract

DUPLICATE_ROW: Final = "duplicate_row"
CONFLICTING_KEY: Final = "conflicting_key"
UNKNOWN_CODE: Final = "unknown_code"
EXPIRED_CODE: Final = "expired_code"
OLD_NUMBER: Final = "old_number"

#: Sentence of every reason: what should hold; row rules and repairs have their own in the contract.
SENTENCES: Final = {
    "wrong_type": "the value has not the type of the column",
    "missing_value": "the value is missing",
    UNKNOWN_CODE: "the code does not stand in the codebook",
    "not_allowed": "the value is not among the allowed ones",
    "outside_range": "the number is outside its bounds",
    "month_out_of_range": "the month is no month, or outside its bounds",
    "unknown_person": "the person is not in the table person",
    DUPLICATE_ROW: "the whole row repeats; one is kept",
    CONFLICTING_KEY: "the key repeats with other values; all rows of the key are set aside",
    EXPIRED_CODE: "the code was not in use in that month",
    OLD_NUMBER: "a number that was replaced became its successor",
    OVERLAPPING: "spells of one measure overlap; they are merged",
    GAPPED: "a hole of a month in which NAV knew of a measure divides a spell; its parts are merged",
    UNPAID: "the job goes on after the last pay",
    INCOME_ALONE: "there is work income in a year without a job, which self-employment would explain",
    JOB_ALONE: "there is no work income in a year with wages",
}

#: Names of the columns that the reading of a table adds beside its own.
RAW: Final = "raw "
KNOWN_PERSON: Final = "known person"
REPAIRS: Final = "repairs"


@dataclass(frozen=True)
class Check:
    """One check: which column, which rule, the SQL condition under which a row breaks it, and what is then done.

    Checks of several rows have no condition on a single row.
    """

    column: str
    rule: str
    broken: str
    action: Action = "set_aside"


@dataclass(frozen=True)
class Mend:
    """One repair of a column of a row: the SQL condition under which it is done, and the right value."""

    column: str
    rule: str
    when: str
    becomes: str


def raw_sql(name: str, found: str, decimal: str) -> str:
    """Return the expression of a value as delivered; what means missing is null.

    Parameters
    ----------
    name
        Column.
    found
        DuckDB type in which the column was found.
    decimal
        Decimal mark of text columns.
    """
    column = quoted(name)
    if found == "VARCHAR":
        return f"nullif({column}, '')" if decimal == "." else f"nullif(replace({column}, {literal(decimal)}, '.'), '')"
    if found in ("FLOAT", "DOUBLE"):
        return f"CASE WHEN NOT isnan({column}) THEN {column} END"
    return column


def typed_sql(column: ColumnContract, raw: str, found: str) -> str:
    """Return the expression of a value in the type of the contract; null when it cannot be read as such."""
    if column.is_text:
        return f"CAST({raw} AS VARCHAR)"
    if column.type == "boolean":
        return f"TRY_CAST({raw} AS BOOLEAN)" if found in ("BOOLEAN", "VARCHAR") else f"CASE {raw} {_ZERO_ONE} END"
    if column.type != "number" and "INT" in found:
        return f"TRY_CAST({raw} AS BIGINT)"
    number = f"TRY_CAST({raw} AS DOUBLE)"
    finite = f"CASE WHEN isfinite({number}) THEN {number} END"
    if column.type == "number":
        return finite
    return f"CASE WHEN abs({finite}) < 1e15 AND trunc({finite}) = {finite} THEN CAST({finite} AS BIGINT) END"


_ZERO_ONE = "WHEN 0 THEN false WHEN 1 THEN true"


def clean_sql(name: str, column: ColumnContract) -> str:
    """Return the expression of a value as the clean table holds it."""
    value = quoted(name)
    if column.type == "yearmonth":
        return f"CAST(({value} // 100 - 2000) * 12 + {value} % 100 - 1 AS INTEGER)"
    return value


def person_columns(table: TableContract, contract: Contract) -> list[str]:
    """List the columns of the person at which the rules and repairs of a table look."""
    conditions = [rule.holds for rule in table.row_rules.values()]
    conditions += [part for repair in table.repairs.values() for part in (repair.when, repair.becomes)]
    named = {name for text in conditions for name in re.findall(rf"\b{PERSON}_(\w+)", text)} - set(table.columns)
    return [name for name in contract.tables[PERSON].columns if name in named and f"{PERSON}_{name}" != PERSON_ID]


def mends(
    table: TableContract, codebooks: Codebooks, in_use: Mapping[str, Collection[str]], look_up_person: bool
) -> list[Mend]:
    """List the repairs of a table: those of its contract, then of replaced numbers whose successor is in use.

    Parameters
    ----------
    table
        Contract of the table.
    codebooks
        Codebooks with the successors.
    in_use
        Values that occur in the table, by column with replaced numbers.
    look_up_person
        Whether the columns of the person are at hand; repairs that look at them are left out otherwise.
    """
    listed = [
        Mend(repair.column, rule, repair.when, repair.becomes)
        for rule, repair in table.repairs.items()
        if look_up_person or not _looks_at_person(f"{repair.when} {repair.becomes}")
    ]
    for key, column in table.columns.items():
        if column.renumbered is None:
            continue
        at, yearly = quoted(column.renumbered.at), table.columns[column.renumbered.at].type == "year"
        replaced = [one for one in successors(codebooks, column.renumbered.codebook) if one[1] in in_use[key]]
        if not replaced:
            continue
        value = quoted(key)
        late = [
            f"{value} = {literal(old)} AND {at} >= {month // 100 if yearly else month}" for old, _, month in replaced
        ]
        becomes = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new, _ in replaced)
        listed.append(Mend(key, OLD_NUMBER, " OR ".join(late), f"CASE {value} {becomes} END"))
    return listed


def mended_sql(repairs: Sequence[Mend]) -> tuple[str, str]:
    """Return the list of repaired columns for ``SELECT * REPLACE``, and a number with one bit for each repair done.

    Of several repairs of one column the first that applies is done.
    """
    columns = list(dict.fromkeys(mend.column for mend in repairs))
    replaced, bits = [], []
    for column in columns:
        own = [(bit, mend) for bit, mend in enumerate(repairs) if mend.column == column]
        cases = " ".join(f"WHEN {mend.when} THEN {mend.becomes}" for _, mend in own)
        replaced.append(f"CASE {cases} ELSE {quoted(column)} END AS {quoted(column)}")
        bits.append(f"CASE {' '.join(f'WHEN {mend.when} THEN {1 << bit}' for bit, mend in own)} ELSE 0 END")
    return ", ".join(replaced), " + ".join(bits)


def row_checks(
    table: TableContract, codebooks: Codebooks, look_up_person: bool, repairs: Sequence[Mend] = ()
) -> list[Check]:
    """List the checks of rows of a table: first those of single columns, then of the row, the person and the key."""
    columns = table.columns.items()
    checks = [
        Check(key, "wrong_type", f"{quoted(RAW + key)} IS NOT NULL AND {quoted(key)} IS NULL{_unless(key, repairs)}")
        for key, column in columns
        if not column.is_text
    ]
    checks += [Check(key, "missing_value", f"{quoted(key)} IS NULL") for key, column in columns if not column.nullable]
    for key, column in columns:
        checks += _value_checks(key, column, codebooks)
    checks += [
        Check(", ".join(key for key in table.columns if key in rule.holds), label, f"NOT ({rule.holds})")
        for label, rule in table.row_rules.items()
        if look_up_person or not _looks_at_person(rule.holds)
    ]
    checks += [
        Check(key, EXPIRED_CODE, _expired_sql(key, column, codebooks)) for key, column in columns if column.in_use
    ]
    if look_up_person:
        checks.append(Check(PERSON_ID, "unknown_person", f"{quoted(KNOWN_PERSON)} IS NULL"))
    key = ", ".join(table.key)
    return [*checks, Check(key, DUPLICATE_ROW, ""), Check(key, CONFLICTING_KEY, "")]


def all_checks(name: str, row: Sequence[Check], repairs: Sequence[Mend]) -> list[Check]:
    """Return everything that cleaning a table may find: checks of rows, checks of several rows, repairs."""
    several = [Check(rule.column, rule.rule, "", rule.action) for rule in sequence_rules(name)]
    return [*row, *several, *(Check(mend.column, mend.rule, "", "repaired") for mend in repairs)]


def _looks_at_person(condition: str) -> bool:
    return re.search(rf"\b{PERSON}_(?!id\b)", condition) is not None


def _unless(key: str, repairs: Sequence[Mend]) -> str:
    """Return the condition that no repair made the value missing."""
    bits = sum(1 << bit for bit, mend in enumerate(repairs) if mend.column == key)
    return f" AND {REPAIRS} & {bits} = 0" if bits else ""


def _expired_sql(key: str, column: ColumnContract, codebooks: Codebooks) -> str:
    """Return the condition that a code of known months is delivered outside them; grouped by months, it stays short."""
    if column.in_use is None or column.codebook is None:
        raise ValueError(f"{key} has no months of use")
    use = column.in_use
    at, (file, _, code_column) = quoted(use.at), column.codebook.partition(":")
    spans: dict[tuple[int, int], list[str]] = {}
    for code, span in code_months(codebooks, file, code_column, use.first, use.last, use.slack).items():
        spans.setdefault(span, []).append(code)
    return " OR ".join(
        f"({at} NOT BETWEEN {first} AND {last} AND {quoted(key)} IN ({', '.join(map(literal, codes))}))"
        for (first, last), codes in sorted(spans.items())
    )


def _value_checks(key: str, column: ColumnContract, codebooks: Codebooks) -> list[Check]:
    value = quoted(key)
    checks = []
    if column.codebook:
        known = codebook_values(codebooks, column.codebook)
        checks.append(Check(key, UNKNOWN_CODE, f"{value} NOT IN ({', '.join(map(literal, known))})"))
    if column.allowed:
        checks.append(Check(key, "not_allowed", f"{value} NOT IN ({', '.join(map(literal, column.allowed))})"))
    if column.pattern:
        checks.append(Check(key, "not_allowed", f"NOT regexp_full_match({value}, {literal(column.pattern)})"))
    outside = [f"{value} < {column.min:.17g}"] if column.min is not None else []
    outside += [f"{value} > {column.max:.17g}"] if column.max is not None else []
    if column.type == "yearmonth":
        outside.append(f"{value} % 100 NOT BETWEEN 1 AND 12")
    if outside:
        rule = "month_out_of_range" if column.type == "yearmonth" else "outside_range"
        checks.append(Check(key, rule, " OR ".join(outside)))
    return checks
