"""One register table: read, checked row by row, split into clean shards and set-aside rows."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, Final, Self

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tiltakseffekt.clean.checks import (
    CONFLICTING_KEY,
    DUPLICATE_ROW,
    KNOWN_PERSON,
    RAW,
    Check,
    clean_sql,
    raw_sql,
    row_checks,
    typed_sql,
)
from tiltakseffekt.clean.database import database, literal, quoted
from tiltakseffekt.clean.shards import shard_sql
from tiltakseffekt.core.codebook import Codebooks, measure_groups, nav_groups
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.files import atomic_path
from tiltakseffekt.core.tables import write_arrow
from tiltakseffekt.registers.contract import PERSON_ID, ColumnType, Contract, TableContract
from tiltakseffekt.registers.settings import CsvFormat


@dataclass(frozen=True)
class Source:
    """Where a table is read from: its files (all Parquet or all CSV) and how CSV is written."""

    files: tuple[Path, ...]
    csv_format: CsvFormat


@dataclass(frozen=True)
class Resources:
    """Memory limit and threads of DuckDB, and a folder for its spill files that is removed after."""

    memory: str
    threads: int
    workspace: Path


@dataclass(frozen=True)
class TableCounts:
    """How many rows a table had, kept, and set aside by each check (zero counts included)."""

    table: str
    received: int
    kept: int
    set_aside: tuple[tuple[str, str, int], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {
            "table": self.table,
            "received": self.received,
            "kept": self.kept,
            "set_aside": [{"column": column, "rule": rule, "rows": rows} for column, rule, rows in self.set_aside],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """Read counts from plain values."""
        aside = tuple((entry["column"], entry["rule"], entry["rows"]) for entry in content["set_aside"])
        return cls(content["table"], content["received"], content["kept"], aside)


@dataclass(frozen=True)
class _Group:
    """A column that cleaning adds: the group of a code."""

    column: str
    code: str
    groups: dict[str, str]


_ARROW: Final[Mapping[ColumnType, pa.DataType]] = {
    "id": pa.string(),
    "code": pa.string(),
    "yearmonth": pa.int32(),
    "year": pa.int64(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
_BATCH_ROWS: Final = 500_000


def clean_table(
    name: str,
    source: Source,
    contract: Contract,
    codebooks: Codebooks,
    outputs: Sequence[Path],
    quarantine: Path,
    resources: Resources,
    persons: Sequence[Path] = (),
) -> TableCounts:
    """Split a register table into clean rows and rows set aside with one reason each.

    Clean tables have the columns of the contract with months as counts since 2000-01 (int32), years and integers as
    int64, numbers as float64; ``tiltak`` has ``measure`` besides (group of Tabell A-1) and ``nav_status`` has
    ``nav_group``. They are sorted by key. Rows set aside are text, with ``column`` and ``rule`` of their reason.

    Parameters
    ----------
    name
        Table of the contract.
    source
        Files of the table, whose structure has been checked.
    contract, codebooks
        What the table must hold.
    outputs
        One Parquet file per shard of persons; one alone for a table that is not about persons.
    quarantine
        Parquet file for the rows set aside; microdata.
    resources
        Limits of DuckDB.
    persons
        Shards of the clean table ``person``, against which persons are looked up; empty for the tables ``person``
        and ``municipality``.

    Raises
    ------
    FaultsFound
        If a file cannot be read to its end.
    """
    table = contract.tables[name]
    groups = _groups(table, codebooks)
    checks = row_checks(table, codebooks, bool(persons))
    schema = _clean_schema(table, groups)
    stage = resources.workspace / "stage"
    try:
        with (
            database(resources.memory, resources.threads, resources.workspace) as base,
            _Quarantine(quarantine, table, checks) as aside,
        ):
            _create_views(base, table, source, groups, checks, persons, len(outputs))
            received = _count(base, "SELECT count(*) FROM delivered")
            if _stage(base, table, schema, stage) < received:
                aside.add_broken(base)
            kept = 0
            for shard, output in enumerate(outputs):
                rows = _sorted_shard(base, table, schema, stage / f"shard={shard}")
                repeated = _repeated_keys(rows, table.key)
                if repeated is not None:
                    aside.add_repeated(rows.filter(pa.array(repeated != "")), repeated[repeated != ""])
                    rows = rows.filter(pa.array(repeated == ""))
                kept += rows.num_rows
                write_arrow(rows, output)
    except duckdb.Error:
        # The message of the database may hold a value.
        raise FaultsFound([_unreadable(name, source)]) from None
    counts = TableCounts(name, received, kept, aside.counts())
    if received != kept + sum(rows for _, _, rows in counts.set_aside):
        raise ArithmeticError("kept and set-aside rows do not add up to those received")
    return counts


class _Quarantine:
    """The Parquet file of rows set aside, written piece by piece so that any number of rows fits."""

    def __init__(self, path: Path, table: TableContract, checks: Sequence[Check]) -> None:
        self._table = table
        self._checks = checks
        self._rows = [0] * len(checks)
        self._schema = pa.schema([(name, pa.string()) for name in (*table.columns, "column", "rule")])
        self._files = ExitStack()
        self._path = path

    def __enter__(self) -> Self:
        beside = self._files.enter_context(atomic_path(self._path))
        self._writer = self._files.enter_context(pq.ParquetWriter(beside, self._schema, compression="zstd"))
        return self

    def __exit__(self, *error: Any) -> bool | None:
        return self._files.__exit__(*error)

    def add_broken(self, base: duckdb.DuckDBPyConnection) -> None:
        """Add the rows that break a check of their own, as they were delivered."""
        columns = ", ".join(f"CAST({quoted(RAW + name)} AS VARCHAR) AS {quoted(name)}" for name in self._table.columns)
        query = f"SELECT {columns}, reason FROM checked WHERE reason IS NOT NULL ORDER BY ALL"
        for batch in base.sql(query).to_arrow_reader(_BATCH_ROWS):
            reasons = batch.column("reason").to_numpy()
            self._write(pa.Table.from_batches([batch]).drop_columns("reason"), reasons)

    def add_repeated(self, rows: pa.Table, rules: NDArray[np.str_]) -> None:
        """Add clean rows whose key repeats, with months written as in the registers."""
        rule_index = {check.rule: i for i, check in enumerate(self._checks) if not check.broken}
        months = [name for name, column in self._table.columns.items() if column.type == "yearmonth"]
        text = rows.select(list(self._table.columns)).to_pandas()
        for name in months:
            text[name] = ((text[name] // 12 + 2000) * 100 + text[name] % 12 + 1).astype("Int64")
        text = text.astype("str").where(text.notna(), None).assign(reason=[rule_index[rule] for rule in rules])
        text = text.sort_values(list(text.columns))
        delivered = pa.Table.from_pandas(text.drop(columns="reason"), preserve_index=False)
        self._write(delivered, text["reason"].to_numpy())

    def counts(self) -> tuple[tuple[str, str, int], ...]:
        """Return how many rows each check set aside."""
        return tuple((check.column, check.rule, rows) for check, rows in zip(self._checks, self._rows, strict=True))

    def _write(self, rows: pa.Table, reasons: NDArray[np.integer[Any]]) -> None:
        for reason, number in enumerate(np.bincount(reasons, minlength=len(self._checks))):
            self._rows[reason] += int(number)
        for name, labels in (("column", [c.column for c in self._checks]), ("rule", [c.rule for c in self._checks])):
            rows = rows.append_column(name, pa.array(labels, pa.string()).take(pa.array(reasons)))
        self._writer.write_table(rows.cast(self._schema))


def _unreadable(name: str, source: Source) -> Fault:
    csv = source.files[0].suffix == ".csv"
    rule = "a row has not the columns of the header, or a quotation mark is not closed" if csv else "a file is damaged"
    return Fault(name, "", rule, 1, "Extract the table again.")


def _groups(table: TableContract, codebooks: Codebooks) -> list[_Group]:
    found = []
    if "measure_code" in table.columns:
        found.append(_Group("measure", "measure_code", measure_groups(codebooks)))
    if "kvalifiseringsgruppe" in table.columns:
        found.append(_Group("nav_group", "kvalifiseringsgruppe", nav_groups(codebooks)))
    return found


def _count(base: duckdb.DuckDBPyConnection, query: str) -> int:
    row = base.execute(query).fetchone()
    return int(row[0]) if row else 0


def _create_views(
    base: duckdb.DuckDBPyConnection,
    table: TableContract,
    source: Source,
    groups: Sequence[_Group],
    checks: Sequence[Check],
    persons: Sequence[Path],
    shards: int,
) -> None:
    """Create the views ``delivered`` (as in the files) and ``checked`` (typed, with shard, groups and reason)."""
    base.execute(f"CREATE VIEW delivered AS SELECT * FROM {_reader(source)}")
    types = {row[0]: str(row[1]) for row in base.execute("DESCRIBE delivered").fetchall()}
    decimal = source.csv_format.decimal if source.files[0].suffix == ".csv" else "."
    raw, typed = [], []
    for key, column in table.columns.items():
        mark = "." if column.is_text else decimal
        raw.append(f"{raw_sql(key, types[key], mark)} AS {quoted(RAW + key)}")
        typed.append(f"{typed_sql(column, quoted(RAW + key), types[key])} AS {quoted(key)}")
    joins, extra = "", []
    for group in groups:
        pairs = ", ".join(f"({literal(code)}, {literal(key)})" for code, key in sorted(group.groups.items()))
        joins += (
            f" LEFT JOIN (VALUES {pairs}) AS g_{group.column}(code, label)"
            f" ON typed.{quoted(group.code)} = g_{group.column}.code"
        )
        extra.append(f"g_{group.column}.label AS {quoted(group.column)}")
    if persons:
        known = f"SELECT person_id, {shard_sql('person_id', shards)} AS shard FROM {_parquet(persons)}"
        joins += f" LEFT JOIN ({known}) AS known ON typed.person_id = known.person_id"
        extra += ["known.shard AS shard", f"known.person_id AS {quoted(KNOWN_PERSON)}"]
    elif table.about_persons:
        extra.append(f"{shard_sql(quoted(PERSON_ID), shards)} AS shard")
    else:
        extra.append("0 AS shard")
    reasons = " ".join(f"WHEN {check.broken} THEN {i}" for i, check in enumerate(checks) if check.broken)
    base.execute(
        f"CREATE VIEW checked AS"
        f" WITH raw AS (SELECT {', '.join(raw)} FROM delivered),"
        f" typed AS (SELECT *, {', '.join(typed)} FROM raw),"
        f" joined AS (SELECT typed.*, {', '.join(extra)} FROM typed{joins})"
        f" SELECT *, CASE {reasons} END AS reason FROM joined"
    )


def _reader(source: Source) -> str:
    if source.files[0].suffix == ".parquet":
        return _parquet(source.files)
    form = source.csv_format
    return (
        f"read_csv({_paths(source.files)}, all_varchar=true, header=true, strict_mode=true, union_by_name=true,"
        f" hive_partitioning=false, delim={literal(form.delimiter)}, quote='\"', escape='\"',"
        f" encoding={literal(form.encoding)})"
    )


def _parquet(files: Sequence[Path]) -> str:
    return f"read_parquet({_paths(files)}, union_by_name=true, hive_partitioning=false)"


def _paths(files: Sequence[Path]) -> str:
    return "[" + ", ".join(literal(str(file)) for file in files) + "]"


def _clean_schema(table: TableContract, groups: Sequence[_Group]) -> pa.Schema:
    columns = [(name, _ARROW[column.type]) for name, column in table.columns.items()]
    return pa.schema([*columns, *((group.column, pa.string()) for group in groups)])


def _stage(base: duckdb.DuckDBPyConnection, table: TableContract, schema: pa.Schema, stage: Path) -> int:
    """Write the rows that break no check of their own into one folder per shard; return their number."""
    values = [
        f"{clean_sql(name, table.columns[name])} AS {quoted(name)}" if name in table.columns else quoted(name)
        for name in schema.names
    ]
    row = base.execute(
        f"COPY (SELECT {', '.join(values)}, shard FROM checked WHERE reason IS NULL) TO {literal(str(stage))}"
        f" (FORMAT parquet, PARTITION_BY (shard), COMPRESSION lz4)"
    ).fetchone()
    return int(row[0]) if row else 0


def _sorted_shard(base: duckdb.DuckDBPyConnection, table: TableContract, schema: pa.Schema, folder: Path) -> pa.Table:
    files = sorted(folder.glob("*.parquet"))
    if not files:
        return schema.empty_table()
    columns = ", ".join(map(quoted, schema.names))
    order = ", ".join(map(quoted, table.key))
    return base.sql(f"SELECT {columns} FROM {_parquet(files)} ORDER BY {order}").to_arrow_table().cast(schema)


def _repeated_keys(rows: pa.Table, key: Sequence[str]) -> NDArray[np.str_] | None:
    """Return the rule that each row of a table sorted by key breaks, empty for rows to keep; None if no key repeats.

    Of rows that are equal throughout one is kept; of rows that differ under one key none is.
    """
    if rows.num_rows < 2:
        return None
    columns = [rows.column(name).combine_chunks() for name in key]
    same = reduce(pc.and_, [pc.equal(column.slice(1), column.slice(0, len(column) - 1)) for column in columns])
    as_before = np.concatenate([[False], same.to_numpy(zero_copy_only=False)])
    if not as_before.any():
        return None
    several = as_before | np.concatenate([as_before[1:], [False]])
    group = np.cumsum(~as_before)[several]
    equal = rows.filter(pa.array(several)).to_pandas().duplicated()
    conflicting = (~equal).groupby(group).transform("sum") > 1
    rules = np.full(rows.num_rows, "", dtype=f"U{len(CONFLICTING_KEY)}")
    rules[several] = np.where(conflicting, CONFLICTING_KEY, np.where(equal, DUPLICATE_ROW, ""))
    return rules
