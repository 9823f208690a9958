"""The locked environment as one hash, so that a changed lock file makes results stale."""

from pathlib import Path

from tiltakseffekt.core.files import sha256


def environment_hash(lock_file: Path) -> str:
    """Return the first 16 hexadecimal digits of the hash of the lock file."""
    return sha256(lock_file)[:16]
