"""The pieces of a delivery: one per shard, and the places; each has a note that it is finished."""

import resource
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tiltakseffekt.core.files import read_json, write_json
from tiltakseffekt.synthetic.defects.numbers import reform_places
from tiltakseffekt.synthetic.defects.plant import plant_defects
from tiltakseffekt.synthetic.delivery.order import Order
from tiltakseffekt.synthetic.simulate import simulate_places, simulate_shard
from tiltakseffekt.synthetic.writing import write_register, write_shard

FINISHED: Final = "finished"
REGISTERS: Final = "registers"
TRUTH: Final = "truth"
ASSIGNMENT: Final = "assignment"
DEFECTS: Final = "defects"
PLACES: Final = "municipality"


@dataclass(frozen=True)
class Written:
    """One written file: rows and bytes."""

    rows: int
    bytes: int


@dataclass(frozen=True)
class Piece:
    """A finished shard, or the places: its persons, and each file by its path below the folder."""

    persons: int
    files: dict[str, Written]


def make_shard(order: Order, folder: Path, shard: int) -> tuple[Piece, int]:
    """Write a shard, and then the note that it is finished; return the note and the peak memory of the process."""
    sound = simulate_shard(order.seed, shard, order.scale, order.shards, order.parameters, order.codebooks)
    tables, ledger = plant_defects(sound.tables, order.contract, order.code_lists, order.defects, order.seed, shard)
    content = replace(sound, tables=tables)
    part = part_name(shard)
    paths = {name: folder / REGISTERS / name / f"{part}.{order.form}" for name in content.tables}
    truth, assignment, defects = (folder / TRUTH / name / f"{part}.parquet" for name in ("", ASSIGNMENT, DEFECTS))
    write_shard(content, ledger, paths, truth, assignment, defects, order.csv_format)
    rows = {paths[name]: table.num_rows for name, table in content.tables.items()}
    rows |= {truth: content.truth.num_rows, assignment: content.assignment.num_rows, defects: len(ledger)}
    return _note(folder, part, sound.tables["person"].num_rows, rows), _peak_memory()


def make_places(order: Order, folder: Path) -> Piece:
    """Write the tables that are not about persons, municipalities last, and the note that they are finished."""
    tables = reform_places(
        simulate_places(order.seed, order.parameters, order.codebooks), order.code_lists, order.defects
    )
    rows = {}
    for name in sorted(tables, key=lambda table: table == PLACES):
        path = folder / REGISTERS / name / f"{part_name(0)}.{order.form}"
        write_register(tables[name], path, order.csv_format)
        rows[path] = tables[name].num_rows
    return _note(folder, PLACES, 0, rows)


def _note(folder: Path, name: str, persons: int, rows: dict[Path, int]) -> Piece:
    files = {path.relative_to(folder).as_posix(): Written(count, path.stat().st_size) for path, count in rows.items()}
    note = {"persons": persons, "files": {file: vars(written) for file, written in files.items()}}
    write_json(folder / FINISHED / f"{name}.json", note)
    return Piece(persons, files)


def finished(folder: Path, name: str) -> Piece | None:
    """Return a piece that an earlier run finished and whose files are still there in full."""
    note = folder / FINISHED / f"{name}.json"
    if not note.is_file():
        return None
    content = read_json(note)
    files = {file: Written(**written) for file, written in content["files"].items()}
    whole = all(
        (folder / file).is_file() and (folder / file).stat().st_size == written.bytes for file, written in files.items()
    )
    return Piece(content["persons"], files) if whole else None


def part_name(shard: int) -> str:
    """Return the name, without suffix, of the files of a shard."""
    return f"part-{shard:03d}"


def _peak_memory() -> int:
    """Return the largest memory of this process so far, bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
