"""Registers into a folder, going on where an earlier run ended."""

import errno
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from tiltakseffekt.core.errors import TiltakError
from tiltakseffekt.core.files import read_json, write_json
from tiltakseffekt.synthetic.delivery.order import Order, spaced
from tiltakseffekt.synthetic.delivery.pieces import (
    FINISHED,
    PLACES,
    REGISTERS,
    TRUTH,
    Piece,
    Written,
    finished,
    make_places,
    part_name,
)
from tiltakseffekt.synthetic.delivery.workers import make_shards
from tiltakseffekt.synthetic.simulate import about

_MANIFEST: Final = "manifest.json"
_OURS: Final = (FINISHED, REGISTERS, TRUTH)


class DeliveryStopped(TiltakError):
    """The registers cannot be written to their end."""


@dataclass(frozen=True)
class Summary:
    """What was delivered, and what it took.

    Parameters
    ----------
    tables
        Rows and bytes of each table, the truth included.
    made, kept
        Shards made in this run, and shards that were there already.
    replaced
        Keys of the manifest that differed from what the folder held before.
    seconds
        Of this run.
    peak_bytes
        Memory of the largest worker of this run.
    """

    folder: Path
    tables: dict[str, Written]
    made: int
    kept: int
    replaced: tuple[str, ...]
    seconds: float
    peak_bytes: int

    def text(self) -> str:
        """Return the summary as lines for the user."""
        total = Written(sum(w.rows for w in self.tables.values()), sum(w.bytes for w in self.tables.values()))
        lines = [f"{'table':<17}{'rows':>15}{'bytes':>17}"]
        lines += [
            f"{name:<17}{spaced(written.rows):>15}{spaced(written.bytes):>17}"
            for name, written in [*self.tables.items(), ("total", total)]
        ]
        if self.replaced:
            lines.append(f"What the folder held before was replaced: {', '.join(self.replaced)} differed.")
        lines.append(f"{self.made} shards made, {self.kept} kept from before, in {self.seconds:.1f} seconds.")
        if self.made:
            lines.append(f"Largest worker: {self.peak_bytes / 1e9:.2f} GB.")
        lines += [f"registers.path: {self.folder / REGISTERS}", f"registers.truth_path: {self.folder / TRUTH}"]
        return "\n".join(lines)


@dataclass
class _Tally:
    """Persons and bytes so far."""

    persons: int = 0
    bytes: int = 0
    peak: int = 0
    pieces: list[Piece] = field(default_factory=list)

    def add(self, piece: Piece, peak: int = 0) -> None:
        self.persons += piece.persons
        self.bytes += sum(written.bytes for written in piece.files.values())
        self.peak = max(self.peak, peak)
        self.pieces.append(piece)


def deliver(order: Order, folder: Path, cores: int = 1, progress: bool = False) -> Summary:
    """Write the registers of an order into a folder; what an earlier run of the same order finished is kept.

    Parameters
    ----------
    order
        What is to be delivered.
    folder
        A new or empty folder, or one that holds a delivery; that of another order is replaced.
    cores
        Worker processes; with one, this process does the work. The bytes do not depend on it.
    progress
        Whether to show persons done and time left (on stderr).

    Raises
    ------
    DeliveryStopped
        If the folder holds something else, cannot be written or has no room, or a worker was ended.
    """
    started = time.monotonic()
    try:
        replaced = _prepare(order, folder)
        found = {shard: finished(folder, part_name(shard)) for shard in range(order.shards)}
        kept = {shard: piece for shard, piece in found.items() if piece}
        waiting = [shard for shard, piece in found.items() if not piece]
        tally = _Tally()
        for piece in kept.values():
            tally.add(piece)
        if waiting:
            shutil.rmtree(folder / REGISTERS / PLACES, ignore_errors=True)
            _make_shards(order, folder, waiting, cores, tally, progress)
        tally.add(finished(folder, PLACES) or make_places(order, folder))
    except BrokenProcessPool:
        raise DeliveryStopped(
            "A worker was ended from outside, most likely for want of memory. Run the same again with fewer --cores: "
            "finished shards are kept."
        ) from None
    except OSError as error:
        raise _stopped(error, folder) from None
    seconds = time.monotonic() - started
    return Summary(folder, _by_table(tally.pieces), len(waiting), len(kept), replaced, seconds, tally.peak)


def _prepare(order: Order, folder: Path) -> tuple[str, ...]:
    """Make the folder ready for an order; return the keys in which what it held differed and was removed."""
    manifest = order.manifest()
    before = _manifest_in(folder)
    replaced = tuple(key for key in manifest if before and key != "hash" and before.get(key) != manifest[key])
    if before is None or before.get("hash") != manifest["hash"]:
        # The manifest comes after the removal: a run that is ended in between finds nothing finished.
        for name in _OURS:
            if (folder / name).exists():
                shutil.rmtree(folder / name)
        write_json(folder / _MANIFEST, manifest)
    # The word synthetic is there before the first table.
    note = folder / REGISTERS / "about.json"
    if not note.is_file():
        write_json(note, about(order.seed, order.scale, order.shards))
    return replaced


def _manifest_in(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder, None when it is new or empty.

    Raises
    ------
    DeliveryStopped
        If the folder is no folder, or holds something else.
    """
    if not folder.exists() or (folder.is_dir() and all(path.name.startswith(".") for path in folder.iterdir())):
        return None
    try:
        content = read_json(folder / _MANIFEST)
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict) or not content.keys() >= {"hash", "seed", "scale", "shards"}:
        raise DeliveryStopped(f"{folder} holds something else than synthetic registers: give another folder with --to.")
    return content


def _make_shards(order: Order, folder: Path, waiting: Sequence[int], cores: int, tally: _Tally, progress: bool) -> None:
    bar = tqdm(
        total=order.persons,
        initial=tally.persons,
        unit=" persons",
        desc="Registers",
        file=sys.stderr,
        disable=not progress,
    )
    with bar, closing(make_shards(order, folder, waiting, min(cores, len(waiting)))) as made:
        for piece, peak in made:
            tally.add(piece, peak)
            bar.update(piece.persons)
            _check_room(folder, tally, order.persons)


def _by_table(pieces: Sequence[Piece]) -> dict[str, Written]:
    """Sum files by the folder in which they lie, which is named after the table; the truth comes last."""
    tables: dict[str, Written] = {}
    for file, written in (item for piece in pieces for item in piece.files.items()):
        name = Path(file).parent.as_posix().removeprefix(f"{REGISTERS}/")
        before = tables.get(name, Written(0, 0))
        tables[name] = Written(before.rows + written.rows, before.bytes + written.bytes)
    return dict(sorted(tables.items(), key=lambda item: (item[0].startswith(TRUTH), item[0])))


def _check_room(folder: Path, tally: _Tally, persons: int) -> None:
    """Stop when what is left will be larger than the room on the disk, as far as the shards so far can tell."""
    needed = tally.bytes * max(persons - tally.persons, 0) // max(tally.persons, 1)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DeliveryStopped(
            f"There is no room in {folder}: about {needed / 1e9:.1f} GB more are needed, {free / 1e9:.1f} GB are free. "
            "Make room and run the same again (finished shards are kept), or give another folder with --to."
        )


def _stopped(error: OSError, folder: Path) -> DeliveryStopped:
    if error.errno == errno.ENOSPC:
        return DeliveryStopped(
            f"There is no room left in {folder}. Make room and run the same again: finished shards are kept."
        )
    return DeliveryStopped(f"{folder} cannot be written: {error.strerror or 'input or output error'}.")
