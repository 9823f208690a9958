"""Where the files of a register table lie; read when the workflow is planned."""

from pathlib import Path
from typing import Final

_SUFFIXES: Final = (".parquet", ".csv")


def table_files(folder: str | Path, table: str) -> list[Path]:
    """List the files of a table: ``table.parquet``, ``table.csv`` or the parts in the folder ``table``, sorted."""
    base = Path(folder)
    single = [base / f"{table}{suffix}" for suffix in _SUFFIXES]
    parts = [part for suffix in _SUFFIXES for part in (base / table).rglob(f"*{suffix}")]
    return sorted(path for path in [*single, *parts] if path.is_file() and not path.name.startswith("."))
