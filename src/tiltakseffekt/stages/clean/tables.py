"""One register table: read, checked row by row, split into clean shards and set-aside rows."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any, Final, Self

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tiltakseffekt.core.codebook import Codebooks, measure_groups, nav_groups, successors
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.files import atomic_path
from tiltakseffekt.core.tables import write_arrow
from tiltakseffekt.stages.clean.checks import (
    CONFLICTING_KEY,
    DUPLICATE_ROW,
    KNOWN_PERSON,
    RAW,
    REPAIRS,
    Check,
    Mend,
    all_checks,
    clean_sql,
    mended_sql,
    mends,
    person_columns,
    raw_sql,
    row_checks,
    typed_sql,
)
from tiltakseffekt.stages.clean.database import database, literal, quoted
from tiltakseffekt.stages.clean.sequences import Found, search
from tiltakseffekt.stages.clean.shards import shard_sql
from tiltakseffekt.stages.registers.contract import PERSON, PERSON_ID, ColumnType, Contract, TableContract
from tiltakseffekt.stages.registers.settings import CsvFormat


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
class Destination:
    """Where a table is written: its clean rows, and what is set aside, repaired or noted.

    Parameters
    ----------
    shards
        One Parquet file per shard of persons; one alone for a table that is not about persons.
    quarantine
        Parquet file for the rows set aside, repaired and noted; microdata.
    """

    shards: Sequence[Path]
    quarantine: Path


@dataclass(frozen=True)
class Finished:
    """Clean tables that a table is held against.

    Parameters
    ----------
    persons
        Shards of the clean table ``person``, against which persons are looked up; empty for the tables ``person``
        and ``municipality``.
    beside
        Shards of the other clean tables that the contract names, in the order of those of the table.
    """

    persons: Sequence[Path] = ()
    beside: Mapping[str, Sequence[Path]] = field(default_factory=dict)


_NOTHING: Final = Finished()


@dataclass(frozen=True)
class TableCounts:
    """How many rows a table had, kept, set aside by each check (zero counts included), and kept with a remark.

    Rows received are those kept and those set aside. Rows repaired or noted are kept, unless another check sets them
    aside; a row may be repaired twice.
    """

    table: str
    received: int
    kept: int
    set_aside: tuple[tuple[str, str, int], ...]
    repaired: tuple[tuple[str, str, int], ...] = ()
    noted: tuple[tuple[str, str, int], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {"table": self.table, "received": self.received, "kept": self.kept} | {
            action: [{"column": column, "rule": rule, "rows": rows} for column, rule, rows in getattr(self, action)]
            for action in _ACTIONS
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """Read counts from plain values."""
        found = {
            action: tuple((entry["column"], entry["rule"], entry["rows"]) for entry in content[action])
            for action in _ACTIONS
        }
        return cls(content["table"], content["received"], content["kept"], **found)


@dataclass(frozen=True)
class _Group:
    """A column that cleaning adds: the group of a code."""

    column: str
    code: str
    groups: dict[str, str]


@dataclass(frozen=True)
class _Rules:
    """What is added to a table and asked of its rows."""

    groups: Sequence[_Group]
    checks: Sequence[Check]
    repairs: Sequence[Mend]


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
_ACTIONS: Final = ("set_aside", "repaired", "noted")

#: Columns of codes to the columns that cleaning adds: the group of the code.
GROUP_COLUMNS: Final[Mapping[str, str]] = {"measure_code": "measure", "kvalifiseringsgruppe": "nav_group"}


def clean_table(
    name: str,
    source: Source,
    contract: Contract,
    codebooks: Codebooks,
    destination: Destination,
    resources: Resources,
    finished: Finished = _NOTHING,
) -> TableCounts:
    """Split a register table into clean rows and rows set aside with one reason each, and repair what can be.

    Clean tables have the columns of the contract with months as counts since 2000-01 (int32), years and integers as
    int64, numbers as float64; ``tiltak`` has ``measure`` besides (group of Tabell A-1) and ``nav_status`` has
    ``nav_group``. They are sorted by key. Rows set aside, and rows repaired or noted as they were before, are text,
    with ``column`` and ``rule`` of their reason and the ``action`` taken.

    Parameters
    ----------
    name
        Table of the contract.
    source
        Files of the table, whose structure has been checked.
    contract, codebooks
        What the table must hold.
    destination
        Where its rows go.
    resources
        Limits of DuckDB.
    finished
        Clean tables that it is held against.

    Raises
    ------
    FaultsFound
        If a file cannot be read to its end.
    """
    table, persons = contract.tables[name], finished.persons
    groups = _groups(table, codebooks)
    schema = _clean_schema(table, groups)
    stage = resources.workspace / "stage"
    try:
        with database(resources.memory, resources.threads, resources.workspace) as base:
            base.execute(f"CREATE VIEW delivered AS SELECT * FROM {_reader(source)}")
            repairs = mends(table, codebooks, _successors_in_use(base, table, codebooks), bool(persons))
            row_rules = row_checks(table, codebooks, bool(persons), repairs)
            checks = all_checks(name, row_rules, repairs)
            known = _Known(persons, person_columns(table, contract)) if persons else None
            _create_checked(base, table, source, _Rules(groups, row_rules, repairs), known, len(destination.shards))
            with _Quarantine(destination.quarantine, table, checks) as aside:
                received = _count(base, "SELECT count(*) FROM delivered")
                if _stage(base, table, schema, stage, bool(repairs)) < received:
                    aside.add_broken(base)
                kept, repaired = 0, False
                for shard, output in enumerate(destination.shards):
                    rows, mended = _sorted_shard(base, table, schema, stage / f"shard={shard}", bool(repairs))
                    repaired = repaired or mended
                    repeated = _repeated_keys(rows, table.key)
                    if repeated is not None:
                        for rule in (DUPLICATE_ROW, CONFLICTING_KEY):
                            aside.add_found(Found(rule, "set_aside", rows.filter(pa.array(repeated == rule))))
                        rows = rows.filter(pa.array(repeated == ""))
                    rows, found = search(name, rows, {other: parts[shard] for other, parts in finished.beside.items()})
                    for one in found:
                        aside.add_found(one)
                    kept += rows.num_rows
                    write_arrow(rows, output)
                if repaired:
                    aside.add_repaired(base, repairs)
    except duckdb.Error:
        # The message of the database may hold a value.
        raise FaultsFound([_unreadable(name, source)]) from None
    counts = TableCounts(name, received, kept, *(aside.counts(action) for action in _ACTIONS))
    if received != kept + sum(rows for _, _, rows in counts.set_aside):
        raise ArithmeticError("kept and set-aside rows do not add up to those received")
    return counts


class _Quarantine:
    """The Parquet file of what was found, written piece by piece so that any number of rows fits."""

    def __init__(self, path: Path, table: TableContract, checks: Sequence[Check]) -> None:
        self._table = table
        self._checks = checks
        self._rows = [0] * len(checks)
        self._schema = pa.schema([(name, pa.string()) for name in (*table.columns, "column", "rule", "action")])
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
        query = f"SELECT {self._delivered()}, reason FROM checked WHERE reason IS NOT NULL ORDER BY ALL"
        for batch in base.sql(query).to_arrow_reader(_BATCH_ROWS):
            reasons = batch.column("reason").to_numpy()
            self._write(pa.Table.from_batches([batch]).drop_columns("reason"), reasons)

    def add_repaired(self, base: duckdb.DuckDBPyConnection, repairs: Sequence[Mend]) -> None:
        """Add the rows that were repaired, as they were delivered, once for each repair."""
        first = len(self._checks) - len(repairs)
        query = (
            f"SELECT {self._delivered()}, {REPAIRS} FROM checked WHERE reason IS NULL AND {REPAIRS} <> 0 ORDER BY ALL"
        )
        for batch in base.sql(query).to_arrow_reader(_BATCH_ROWS):
            bits = batch.column(REPAIRS).to_numpy()
            rows = pa.Table.from_batches([batch]).drop_columns(REPAIRS)
            for bit in range(len(repairs)):
                done = (bits >> bit) & 1 == 1
                self._write(rows.filter(pa.array(done)), np.full(done.sum(), first + bit))

    def add_found(self, found: Found) -> None:
        """Add clean rows that a rule about several rows found, with months written as in the registers."""
        if not found.rows.num_rows:
            return
        places = {(check.rule, check.action): place for place, check in enumerate(self._checks) if not check.broken}
        months = [name for name, column in self._table.columns.items() if column.type == "yearmonth"]
        text = found.rows.select(list(self._table.columns)).to_pandas()
        for name in months:
            text[name] = ((text[name] // 12 + 2000) * 100 + text[name] % 12 + 1).astype("Int64")
        text = text.astype("str").where(text.notna(), None)
        delivered = pa.Table.from_pandas(text.sort_values(list(text.columns)), preserve_index=False)
        self._write(delivered, np.full(found.rows.num_rows, places[found.rule, found.action]))

    def counts(self, action: str) -> tuple[tuple[str, str, int], ...]:
        """Return how many rows each check of an action found."""
        return tuple(
            (check.column, check.rule, rows)
            for check, rows in zip(self._checks, self._rows, strict=True)
            if check.action == action
        )

    def _delivered(self) -> str:
        return ", ".join(f"CAST({quoted(RAW + name)} AS VARCHAR) AS {quoted(name)}" for name in self._table.columns)

    def _write(self, rows: pa.Table, reasons: NDArray[np.integer[Any]]) -> None:
        for reason, number in enumerate(np.bincount(reasons, minlength=len(self._checks))):
            self._rows[reason] += int(number)
        for name in ("column", "rule", "action"):
            labels = pa.array([getattr(check, name) for check in self._checks], pa.string())
            rows = rows.append_column(name, labels.take(pa.array(reasons)))
        self._writer.write_table(rows.cast(self._schema))


def _unreadable(name: str, source: Source) -> Fault:
    csv = source.files[0].suffix == ".csv"
    rule = "a row has not the columns of the header, or a quotation mark is not closed" if csv else "a file is damaged"
    return Fault(name, "", rule, 1, "Extract the table again.")


def _groups(table: TableContract, codebooks: Codebooks) -> list[_Group]:
    groups = {"measure_code": measure_groups, "kvalifiseringsgruppe": nav_groups}
    return [
        _Group(added, code, groups[code](codebooks)) for code, added in GROUP_COLUMNS.items() if code in table.columns
    ]


def _count(base: duckdb.DuckDBPyConnection, query: str) -> int:
    ((number,),) = base.execute(query).fetchall()
    return int(number)


@dataclass(frozen=True)
class _Known:
    """Shards of the clean table person, and the columns of it at which rules look."""

    shards: Sequence[Path]
    columns: Sequence[str]


def _successors_in_use(
    base: duckdb.DuckDBPyConnection, table: TableContract, codebooks: Codebooks
) -> dict[str, set[str]]:
    """Return which successors of replaced numbers occur in the table, by column."""
    found = {}
    for name, column in table.columns.items():
        if column.renumbered is not None:
            new = ", ".join(sorted({literal(one[1]) for one in successors(codebooks, column.renumbered.codebook)}))
            values = base.execute(f"SELECT DISTINCT {quoted(name)} FROM delivered WHERE {quoted(name)} IN ({new})")
            found[name] = {str(row[0]) for row in values.fetchall()}
    return found


def _create_checked(
    base: duckdb.DuckDBPyConnection,
    table: TableContract,
    source: Source,
    rules: _Rules,
    known: _Known | None,
    shards: int,
) -> None:
    """Create the view ``checked``: typed and repaired, with shard, groups and reason."""
    types = {row[0]: str(row[1]) for row in base.execute("DESCRIBE delivered").fetchall()}
    decimal = source.csv_format.decimal if source.files[0].suffix == ".csv" else "."
    raw, typed = [], []
    for key, column in table.columns.items():
        mark = "." if column.is_text else decimal
        raw.append(f"{raw_sql(key, types[key], mark)} AS {quoted(RAW + key)}")
        typed.append(f"{typed_sql(column, quoted(RAW + key), types[key])} AS {quoted(key)}")
    joins, extra = "", []
    for group in rules.groups:
        pairs = ", ".join(f"({literal(code)}, {literal(key)})" for code, key in sorted(group.groups.items()))
        joins += (
            f" LEFT JOIN (VALUES {pairs}) AS g_{group.column}(code, label)"
            f" ON typed.{quoted(group.code)} = g_{group.column}.code"
        )
        extra.append(f"g_{group.column}.label AS {quoted(group.column)}")
    if known is not None:
        # Persons have months as counts; rules compare months as delivered.
        months = [
            f"({name} // 12 + 2000) * 100 + {name} % 12 + 1 AS {PERSON}_{name}"
            if name.endswith("_month")
            else f"{name} AS {PERSON}_{name}"
            for name in known.columns
        ]
        shard = f"{shard_sql('person_id', shards)} AS shard"
        looked_up = f"SELECT {', '.join(['person_id', shard, *months])} FROM {_parquet(known.shards)}"
        joins += f" LEFT JOIN ({looked_up}) AS known ON typed.person_id = known.person_id"
        extra += ["known.shard AS shard", f"known.person_id AS {quoted(KNOWN_PERSON)}"]
        extra += [f"known.{PERSON}_{name}" for name in known.columns]
    elif table.about_persons:
        extra.append(f"{shard_sql(quoted(PERSON_ID), shards)} AS shard")
    else:
        extra.append("0 AS shard")
    reasons = " ".join(f"WHEN {check.broken} THEN {i}" for i, check in enumerate(rules.checks) if check.broken)
    base.execute(
        f"CREATE VIEW checked AS"
        f" WITH raw AS (SELECT {', '.join(raw)} FROM delivered),"
        f" typed AS (SELECT *, {', '.join(typed)} FROM raw),"
        f" joined AS (SELECT typed.*, {', '.join(extra)} FROM typed{joins}),"
        f" mended AS ({_mended(rules.repairs)})"
        f" SELECT *, CASE {reasons} END AS reason FROM mended"
    )


def _mended(repairs: Sequence[Mend]) -> str:
    if not repairs:
        return "SELECT * FROM joined"
    replaced, bits = mended_sql(repairs)
    return f"SELECT * REPLACE ({replaced}), {bits} AS {REPAIRS} FROM joined"


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


def _stage(base: duckdb.DuckDBPyConnection, table: TableContract, schema: pa.Schema, stage: Path, repairs: bool) -> int:
    """Write the rows that break no check of their own into one folder per shard; return their number."""
    values = [
        f"{clean_sql(name, table.columns[name])} AS {quoted(name)}" if name in table.columns else quoted(name)
        for name in schema.names
    ]
    values += [REPAIRS] if repairs else []
    row = base.execute(
        f"COPY (SELECT {', '.join(values)}, shard FROM checked WHERE reason IS NULL) TO {literal(str(stage))}"
        f" (FORMAT parquet, PARTITION_BY (shard), COMPRESSION lz4)"
    ).fetchone()
    return int(row[0]) if row else 0


def _sorted_shard(
    base: duckdb.DuckDBPyConnection, table: TableContract, schema: pa.Schema, folder: Path, repairs: bool
) -> tuple[pa.Table, bool]:
    """Return the rows of a shard sorted by key, and whether one of them was repaired."""
    files = sorted(folder.glob("*.parquet"))
    if not files:
        return schema.empty_table(), False
    columns = ", ".join(map(quoted, schema.names))
    order = ", ".join(map(quoted, table.key))
    mended = repairs and _count(base, f"SELECT max({REPAIRS}) FROM {_parquet(files)}") > 0
    rows = base.sql(f"SELECT {columns} FROM {_parquet(files)} ORDER BY {order}").to_arrow_table()
    return rows.cast(schema), mended


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
