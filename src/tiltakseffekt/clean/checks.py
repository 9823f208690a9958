"""What is checked in every row, as SQL, in the order in which a row's one reason is chosen."""

from dataclasses import dataclass
from typing import Final

from tiltakseffekt.clean.database import literal, quoted
from tiltakseffekt.core.codebook import Codebooks, codebook_values
from tiltakseffekt.registers.contract import PERSON_ID, ColumnContract, TableContract

DUPLICATE_ROW: Final = "duplicate_row"
CONFLICTING_KEY: Final = "conflicting_key"
UNKNOWN_CODE: Final = "unknown_code"

#: Sentence of every reason: what should hold; a row rule has its own in the contract.
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
}

#: Names of the columns that the reading of a table adds beside its own.
RAW: Final = "raw "
KNOWN_PERSON: Final = "known person"


@dataclass(frozen=True)
class Check:
    """One check: which column, which rule, and the SQL condition under which a row breaks it.

    Checks of whole keys (`DUPLICATE_ROW`, `CONFLICTING_KEY`) have no condition on a single row.
    """

    column: str
    rule: str
    broken: str


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


def row_checks(table: TableContract, codebooks: Codebooks, look_up_person: bool) -> list[Check]:
    """List the checks of a table: first those of single columns, then of the row, of the person and of the key."""
    columns = table.columns.items()
    checks = [
        Check(key, "wrong_type", f"{quoted(RAW + key)} IS NOT NULL AND {quoted(key)} IS NULL")
        for key, column in columns
        if not column.is_text
    ]
    checks += [Check(key, "missing_value", f"{quoted(key)} IS NULL") for key, column in columns if not column.nullable]
    for key, column in columns:
        checks += _value_checks(key, column, codebooks)
    checks += [
        Check(", ".join(key for key in table.columns if key in rule.holds), label, f"NOT ({rule.holds})")
        for label, rule in table.row_rules.items()
    ]
    if look_up_person:
        checks.append(Check(PERSON_ID, "unknown_person", f"{quoted(KNOWN_PERSON)} IS NULL"))
    key = ", ".join(table.key)
    return [*checks, Check(key, DUPLICATE_ROW, ""), Check(key, CONFLICTING_KEY, "")]


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
