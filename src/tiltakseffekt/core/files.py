"""Atomic, byte-reproducible writing: beside first, then renamed."""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any


def deny_others(*folders: Path) -> None:
    """Close what this process and its children write to all but the owner and, as the umask says, the group.

    Folders that are there already, with all that lies below, are closed too where they are the user's own.
    """
    os.umask(os.umask(0o077) | 0o007)
    for folder in folders:
        with suppress(FileNotFoundError, PermissionError):
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) & ~0o007)


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path` that replaces it when the block ends without an error."""
    final = Path(path)
    final.parent.mkdir(parents=True, exist_ok=True)
    beside = final.with_name(f".{final.name}.part")
    try:
        yield beside
        os.replace(beside, final)
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write text (UTF-8, line feeds) atomically."""
    with atomic_path(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: str | Path, content: Any) -> None:
    """Write JSON atomically with sorted keys, so that equal content has equal bytes."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def read_json(path: str | Path) -> Any:
    """Read a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file, read in blocks; of a folder, that of the names and hashes of its files."""
    if Path(path).is_dir():
        files = sorted(file for file in Path(path).rglob("*") if file.is_file())
        listing = "".join(f"{file.relative_to(path).as_posix()} {sha256(file)}\n" for file in files)
        return hashlib.sha256(listing.encode()).hexdigest()
    state = Path(path).stat()
    return _sha256(Path(path).resolve(), state.st_ino, state.st_size, state.st_mtime_ns)


@cache
def _sha256(path: Path, *state: int) -> str:
    # A job that notes the hash of a file and then records its provenance reads the file once.
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def by_folder(paths: Iterable[str | Path]) -> dict[str, list[Path]]:
    """Return paths by the name of their folder, in their order."""
    folders: dict[str, list[Path]] = {}
    for path in map(Path, paths):
        folders.setdefault(path.parent.name, []).append(path)
    return folders
