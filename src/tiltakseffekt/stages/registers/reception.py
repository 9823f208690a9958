"""Receiving register extracts: which files there are, and whether their structure obeys the contract."""

import codecs
import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tiltakseffekt.core.codebook import Codebooks, codebook_values
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.files import read_json, sha256
from tiltakseffekt.stages.registers.contract import ColumnContract, Contract, TableContract
from tiltakseffekt.stages.registers.layout import table_files
from tiltakseffekt.stages.registers.settings import CsvFormat

_BLOCK = 1 << 20
_EXTRACT_AGAIN = "Extract the table again, or give the right registers.path."


@dataclass(frozen=True)
class ReceivedFile:
    """One file of an extract: path below the folder, size and hash."""

    table: str
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Receipt:
    """What was received.

    Parameters
    ----------
    origin
        What ``about.json`` beside the tables says, or ``registers``.
    scale
        Size as a share of the whole population: what ``about.json`` says, or 1.
    files
        Every file, by table and name.
    ignored
        Columns beyond the contract, written ``table.column``.
    """

    origin: str
    scale: float
    files: tuple[ReceivedFile, ...]
    ignored: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the receipt as plain values."""
        return {
            "origin": self.origin,
            "scale": self.scale,
            "files": [vars(file) for file in self.files],
            "ignored": list(self.ignored),
        }


@dataclass(frozen=True)
class _Finding:
    """What one file shows: its faults as (column, rule, remedy), and what the receipt tells of it."""

    faults: tuple[tuple[str, str, str], ...] = ()
    rows: int = 0
    sha256: str = ""
    extra: tuple[str, ...] = ()


def receive(folder: str | Path, contract: Contract, codebooks: Codebooks, csv_format: CsvFormat) -> Receipt:
    """Check the structure of every table and take down what was received.

    Parameters
    ----------
    folder
        Folder with one file or folder of parts per table.
    contract
        What the tables must hold.
    codebooks
        The codebooks that the contract names.
    csv_format
        How CSV files are written.

    Raises
    ------
    FaultsFound
        With every structural fault of every table.
    """
    receipt, faults = inspect(folder, contract, codebooks, csv_format)
    if faults:
        raise FaultsFound(faults)
    return receipt


def inspect(
    folder: str | Path, contract: Contract, codebooks: Codebooks, csv_format: CsvFormat
) -> tuple[Receipt, list[Fault]]:
    """Return what was received together with every structural fault (see `receive`); nothing is raised for them."""
    base = Path(folder)
    files: list[ReceivedFile] = []
    ignored: set[str] = set()
    faults: list[Fault] = []
    for name, table in contract.tables.items():
        paths = table_files(base, name)
        if table.optional and not paths:
            continue
        for column in table.columns.values():
            if column.codebook:
                codebook_values(codebooks, column.codebook)
        findings = {path: _examine(path, table, csv_format) for path in paths}
        shown = {path: path.relative_to(base).as_posix() for path in findings}
        files += [ReceivedFile(name, shown[path], found.rows, found.sha256) for path, found in findings.items()]
        ignored |= {f"{name}.{column}" for found in findings.values() for column in found.extra}
        faults += _gather(name, {shown[path]: found for path, found in findings.items()})
    note = base / "about.json"
    about = read_json(note) if note.is_file() else {}
    origin, scale = str(about.get("origin", "registers")), float(about.get("scale", 1))
    return Receipt(origin, scale, tuple(files), tuple(sorted(ignored))), faults


def _gather(table: str, findings: dict[str, _Finding]) -> list[Fault]:
    """Turn what the files of a table show into faults; the same fault in many parts is told once."""
    if not findings:
        remedy = f"Put {table}.parquet, {table}.csv or a folder {table}/ with parts into the folder of the registers."
        return [Fault(table, "", "the table is missing", 1, remedy)]
    faults = []
    if len({Path(file).suffix for file in findings}) > 1 or (
        len(findings) > 1 and any("/" not in file for file in findings)
    ):
        faults.append(
            Fault(
                table, "", "the table is there more than once", len(findings), "Keep one file or one folder of parts."
            )
        )
    where: dict[tuple[str, str, str], list[str]] = {}
    for file, found in findings.items():
        for fault in found.faults:
            where.setdefault(fault, []).append(file)
    return faults + [
        Fault(files[0] if len(files) == 1 else f"{table}/", column, rule, len(files), remedy)
        for (column, rule, remedy), files in where.items()
    ]


def _examine(path: Path, table: TableContract, csv_format: CsvFormat) -> _Finding:
    return _examine_csv(path, table, csv_format) if path.suffix == ".csv" else _examine_parquet(path, table)


def _missing_columns(present: Sequence[str], table: TableContract) -> list[tuple[str, str, str]]:
    return [
        (column, "the column is missing", "Add the column as config/registers.yaml describes it.")
        for column in table.columns
        if column not in present
    ]


def _examine_parquet(path: Path, table: TableContract) -> _Finding:
    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError):
        return _Finding(faults=(("", "the Parquet file cannot be read; it is truncated or damaged", _EXTRACT_AGAIN),))
    faults = _missing_columns(schema.names, table)
    faults += [
        (name, f"the column has the wrong type; the contract wants {column.type}", _type_remedy(column))
        for name, column in table.columns.items()
        if name in schema.names and not _convertible(schema.field(name).type, column)
    ]
    return _Finding(tuple(faults), rows, sha256(path), _extra(schema.names, table))


def _type_remedy(column: ColumnContract) -> str:
    return "Write it as text, with leading zeros." if column.is_text else "Write it as numbers."


def _extra(present: Iterable[str], table: TableContract) -> tuple[str, ...]:
    return tuple(name for name in present if name not in table.columns)


def _convertible(found: pa.DataType, column: ColumnContract) -> bool:
    """Return whether a Parquet type can hold a column; an empty column without type can hold any."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    if pa.types.is_null(found):
        return True
    if column.is_text:
        return pa.types.is_string(found) or pa.types.is_large_string(found) or pa.types.is_string_view(found)
    numeric = pa.types.is_integer(found) or pa.types.is_floating(found) or pa.types.is_decimal(found)
    return numeric or (column.type == "boolean" and pa.types.is_boolean(found))


def _examine_csv(path: Path, table: TableContract, csv_format: CsvFormat) -> _Finding:
    rows, digest, decodable = _scan(path, csv_format.encoding)
    if not decodable:
        rule = f"the file is not written in {csv_format.encoding}"
        return _Finding((("", rule, "Set registers.csv.encoding, or write the file anew in that encoding."),), rows)
    with path.open(encoding=_python_encoding(csv_format.encoding), newline="") as file:
        header = next(csv.reader(file, delimiter=csv_format.delimiter), [])
    if len(header) == 1 and len(table.columns) > 1:
        rule = f"the header is one column when it is split at {csv_format.delimiter!r}"
        return _Finding((("", rule, "Set registers.csv.delimiter to the separator of the file."),), rows)
    return _Finding(tuple(_missing_columns(header, table)), rows, digest, _extra(header, table))


def _python_encoding(encoding: str) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _scan(path: Path, encoding: str) -> tuple[int, str, bool]:
    """Return the number of data rows, the hash and whether the file is in the encoding, in one pass.

    Every byte is a letter of latin-1, so a file counts as latin-1 when it is plain ASCII or no valid UTF-8.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, last, ascii_only, valid = 0, b"\n", True, True
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            lines += block.count(b"\n")
            last = block[-1:]
            ascii_only = ascii_only and block.isascii()
            if valid:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    valid = False
    valid = valid and not decoder.getstate()[0]
    decodable = valid if encoding == "utf-8" else ascii_only or not valid
    return max(lines + (last != b"\n") - 1, 0), digest.hexdigest(), decodable
