"""Writing registers as they are delivered: Parquet, or CSV the way `registers.csv` says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from tiltakseffekt.core.files import atomic_path
from tiltakseffekt.core.tables import write_arrow, write_table
from tiltakseffekt.stages.registers.settings import CsvFormat
from tiltakseffekt.synthetic.schemas import DEFECT_LEDGER
from tiltakseffekt.synthetic.simulate import Shard

_BATCH_ROWS: Final = 100_000


def write_register(table: pa.Table, path: str | Path, form: CsvFormat) -> None:
    """Write a register table, atomically: the same bytes for the same content.

    Parameters
    ----------
    table
        Table of the contract.
    path
        File; ``.csv`` is written as CSV with a header, piece by piece, anything else as Parquet.
    form
        Separator, decimal mark and encoding of CSV.
    """
    if Path(path).suffix != ".csv":
        write_arrow(table, path)
        return
    written = _with_decimal_mark(table, form.decimal)
    with atomic_path(path) as beside, beside.open("wb") as file:
        file.write(_encoded(written.slice(0, 0), form, header=True))
        for batch in written.to_batches(_BATCH_ROWS):
            file.write(_encoded(pa.Table.from_batches([batch]), form, header=False))


def write_shard(
    content: Shard,
    ledger: pd.DataFrame,
    tables: Mapping[str, str | Path],
    truth: str | Path,
    assignment: str | Path,
    defects: str | Path,
    form: CsvFormat,
) -> None:
    """Write the tables of a shard, each to its path, and apart, always as Parquet, its truth and planted defects.

    Parameters
    ----------
    content, ledger
        The shard as it is delivered, and the ledger of what was broken.
    tables, truth, assignment, defects
        Where they are written.
    form
        How CSV is written.
    """
    for name, table in content.tables.items():
        write_register(table, tables[name], form)
    write_arrow(content.truth, truth)
    write_arrow(content.assignment, assignment)
    write_table(ledger, defects, DEFECT_LEDGER)


def _encoded(table: pa.Table, form: CsvFormat, header: bool) -> bytes:
    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink, csv.WriteOptions(include_header=header, delimiter=form.delimiter))
    content = sink.getvalue().to_pybytes()
    return content if form.encoding == "utf-8" else content.decode().encode(form.encoding)


def _with_decimal_mark(table: pa.Table, mark: str) -> pa.Table:
    if mark == ".":
        return table
    for index, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            text = pc.replace_substring(pc.cast(table.column(index), pa.string()), ".", mark)
            table = table.set_column(index, field.name, text)
    return table
