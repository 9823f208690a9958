"""All checks of a folder of registers at once, before anything is computed."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tiltakseffekt.core.codebook import Codebooks
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.stages.clean.quality import data_quality, quality_faults
from tiltakseffekt.stages.clean.settings import CleanSettings
from tiltakseffekt.stages.clean.tables import Destination, Finished, Resources, Source, TableCounts, clean_table
from tiltakseffekt.stages.registers.contract import PERSON, Contract
from tiltakseffekt.stages.registers.layout import table_files
from tiltakseffekt.stages.registers.reception import inspect
from tiltakseffekt.stages.registers.settings import CsvFormat

#: Shards into which a table is divided while it is checked, which bounds the memory.
_SHARDS = 8


def check_registers(
    folder: str | Path,
    contract: Contract,
    codebooks: Codebooks,
    settings: CleanSettings,
    csv_format: CsvFormat,
    workspace: str | Path | None = None,
    threads: int = 2,
) -> list[Fault]:
    """List everything that is wrong with a folder of registers, in structure and in rows.

    Rows of a table with a fault of structure are not checked; when it is the table ``person``, persons are not
    looked up.

    Parameters
    ----------
    folder
        Folder with one file or folder of parts per table.
    contract, codebooks
        What the tables must hold.
    settings
        Tolerance and memory.
    csv_format
        How CSV files are written.
    workspace
        Protected folder for intermediate microdata, which is removed after; by default that of the system.
    threads
        Threads of DuckDB.
    """
    _, faults = inspect(folder, contract, codebooks, csv_format)
    broken = {fault.file.removesuffix("/").partition("/")[0].partition(".")[0] for fault in faults}
    if workspace is not None:
        Path(workspace).mkdir(parents=True, exist_ok=True)
    counts: list[TableCounts] = []
    with TemporaryDirectory(dir=workspace) as temporary:
        base = Path(temporary)
        persons = _shards(base, PERSON)
        for name in contract.cleaning_order:
            table = contract.tables[name]
            about_others = table.about_persons and name != PERSON
            files = table_files(folder, name)
            if name in broken or (table.optional and not files):
                continue
            outputs = _shards(base, name)
            try:
                counts.append(
                    clean_table(
                        name,
                        Source(tuple(files), csv_format),
                        contract,
                        codebooks,
                        Destination(outputs if table.about_persons else outputs[:1], base / "quarantine.parquet"),
                        Resources(settings.duckdb_memory, threads, base / "work"),
                        Finished(
                            persons if about_others and PERSON not in broken else (),
                            {other: _shards(base, other) for other in table.beside if other not in broken},
                        ),
                    )
                )
            except FaultsFound as unreadable:
                faults += unreadable.faults
                broken.add(name)
    return sorted(faults + (quality_faults(data_quality(counts, settings), contract) if counts else []))


def _shards(folder: Path, table: str) -> list[Path]:
    return [folder / f"{table}-{shard}.parquet" for shard in range(_SHARDS)]
