"""Tables are typed at the door: each table between two stages has a schema and is checked when written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.files import atomic_path

ColumnType = Literal["string", "int", "float", "bool", "month"]

_ARROW: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "month": pa.int32(),
}
#: What a sum of shares may lie beyond one, for the order of its parts.
_ROUNDING: Final = 1e-9
_REPORT = "This is a defect of the program, not of the data: please report it with this line."


@dataclass(frozen=True)
class Column:
    """One column of a table between two stages.

    Parameters
    ----------
    type
        ``month`` is a count of months since 2000-01.
    meaning
        What the column holds, with its unit; goes into the documentation.
    nullable
        Whether the value may be missing.
    allowed
        The only values that may occur; empty when any may.
    least, most
        Ends of the range of a number; none where it has no end.
    unit
        Unit of a number; empty where it has none, or where the meaning tells it.
    """

    type: ColumnType
    meaning: str
    nullable: bool = False
    allowed: Sequence[str] = ()
    least: float | None = None
    most: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class TableSchema:
    """Name, columns, key and sensitivity of a table between two stages.

    Parameters
    ----------
    families
        Columns that come in families (one per arm, outcome ...): prefix to column.
    key
        Columns that identify a row; the table is sorted by them.
    microdata
        Whether a row describes one person.
    """

    name: str
    meaning: str
    columns: dict[str, Column]
    key: tuple[str, ...]
    microdata: bool
    families: dict[str, Column] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        """Return the column of a name, also when it belongs to a family."""
        if name in self.columns:
            return self.columns[name]
        return next((c for prefix, c in self.families.items() if name.startswith(prefix)), None)

    def allowing(self, name: str, values: Sequence[str]) -> "TableSchema":
        """Return the schema with the only values that a column may have, where they are not known before the run."""
        return replace(self, columns=self.columns | {name: replace(self.columns[name], allowed=tuple(values))})


#: Who a row of microdata is about.
PERSON: Final = Column("string", "identifier of the person, as delivered")


def table_faults(table: pd.DataFrame, schema: TableSchema) -> list[Fault]:
    """List what in a table breaks its schema; counts only, never a value."""
    faults = [
        Fault(schema.name, name, "the column is missing", 1, _REPORT)
        for name in schema.columns
        if name not in table.columns
    ]
    for name in table.columns:
        column = schema.column(str(name))
        if column is None:
            faults.append(Fault(schema.name, str(name), "the column is not in the schema", 1, _REPORT))
            continue
        missing = int(table[name].isna().sum())
        if missing and not column.nullable:
            faults.append(Fault(schema.name, str(name), "values are missing", missing, _REPORT))
        if column.allowed:
            unknown = int((~table[name].dropna().isin(list(column.allowed))).sum())
            if unknown:
                faults.append(Fault(schema.name, str(name), "a value is not allowed", unknown, _REPORT))
        faults += _range_faults(table[name], column, schema.name)
    if not faults and schema.key:
        repeated = int(table.duplicated(list(schema.key)).sum())
        if repeated:
            faults.append(Fault(schema.name, ", ".join(schema.key), "the key repeats", repeated, _REPORT))
    return faults


def _range_faults(values: pd.Series, column: Column, schema: str) -> Iterator[Fault]:
    """Yield a fault for each end of the range of a column that values lie beyond by more than rounding."""
    ends = ((column.least, "least", -1), (column.most, "most", 1))
    for end, name, sign in ends:
        if end is None:
            continue
        beyond = int((sign * (values.dropna().astype("float64") - end) > _ROUNDING * max(1.0, abs(end))).sum())
        if beyond:
            yield Fault(schema, str(values.name), f"a value is beyond the {name} possible, {end:g}", beyond, _REPORT)


def arrow_schema(schema: TableSchema, names: Iterable[str]) -> pa.Schema:
    """Return the Arrow types of columns of a schema, in the order of the names."""
    columns = {name: schema.column(name) for name in names}
    return pa.schema([pa.field(name, _ARROW[column.type]) for name, column in columns.items() if column])


def spelt_out(table: pa.Table) -> pa.Table:
    """Return a table with text instead of dictionaries, which cannot be joined or changed."""
    text = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    return pa.table(text, names=table.column_names)


def write_arrow(table: pa.Table, path: str | Path) -> None:
    """Write an Arrow table as Parquet, atomically: the same bytes for the same content.

    Dictionary-encoded text is written, and read again, as text: the file does not hold the Arrow schema.
    """
    content = table.replace_schema_metadata(None).combine_chunks()
    with atomic_path(path) as beside:
        pq.write_table(content, beside, compression="zstd", store_schema=False)


def write_table(table: pd.DataFrame, path: str | Path, schema: TableSchema) -> None:
    """Check a table against its schema and write it as Parquet: sorted by key, same bytes for same content.

    Raises
    ------
    FaultsFound
        If the table breaks its schema.
    """
    if faults := table_faults(table, schema):
        raise FaultsFound(faults)
    ordered = table.sort_values(list(schema.key), kind="stable") if schema.key else table
    types = arrow_schema(schema, map(str, ordered.columns))
    write_arrow(pa.Table.from_pandas(ordered, schema=types, preserve_index=False), path)


def read_texts(path: str | Path) -> pd.DataFrame:
    """Read a CSV file (UTF-8) with every cell as text, an empty one as an empty text."""
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def read_table(
    path: str | Path, columns: Sequence[str] | None = None, persons: pd.Series | None = None
) -> pd.DataFrame:
    """Read a Parquet table that a stage wrote.

    Parameters
    ----------
    path
        The table.
    columns
        Columns to read; all where none are named.
    persons
        Identifiers: only rows with one of them in ``person_id`` are returned. Other rows never become a data frame,
        which costs more than to decode them.
    """
    names = None if columns is None else list(columns)
    if persons is None:
        return pd.read_parquet(path, columns=names)
    table = pq.read_table(path, columns=names, read_dictionary=["person_id"])
    return spelt_out(table.filter(pc.is_in(table["person_id"], pa.array(persons, pa.string())))).to_pandas()
