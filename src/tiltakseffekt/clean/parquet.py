"""Writing Arrow tables: the same bytes for the same content."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tiltakseffekt.core.files import atomic_path


def write_arrow(table: pa.Table, path: str | Path) -> None:
    """Write an Arrow table as Parquet, atomically and without metadata of its maker."""
    content = table.replace_schema_metadata(None).combine_chunks()
    with atomic_path(path) as beside:
        pq.write_table(content, beside, compression="zstd")
