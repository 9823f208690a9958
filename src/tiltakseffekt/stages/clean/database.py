"""DuckDB with bounded memory, whose spill files stay inside the folder of the run and are removed after."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


@contextmanager
def database(memory: str, threads: int, workspace: str | Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a DuckDB connection.

    Parameters
    ----------
    memory
        Memory limit, for example ``1500MB``.
    threads
        Threads of DuckDB; results must not depend on them.
    workspace
        Folder for spill files, which are microdata; it is removed when the block ends.
    """
    folder = Path(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": threads,
        "temp_directory": str(folder / "spill"),
        "preserve_insertion_order": "false",
    }
    connection = duckdb.connect(config=config)
    try:
        yield connection
    finally:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)


def quoted(name: str) -> str:
    """Return a column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
