"""What a killed run leaves behind: persons in spilled and half-written files. The next one clears it."""

import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path


def clear_leftovers(results: Path) -> int:
    """Remove spilled and half-written files below the results, unless another process is at work there.

    Nobody else clears them until the lock taken here is closed, at the latest when the process ends, be it killed.
    Where the file system knows no locks nothing is removed.

    Parameters
    ----------
    results
        Folder of the results; made when it is not there.

    Returns
    -------
    int
        Descriptor that holds the lock.
    """
    results.mkdir(parents=True, exist_ok=True)
    lock = os.open(results / ".in-use", os.O_RDWR | os.O_CREAT, 0o660)
    with suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(results / "tmp", ignore_errors=True)
        for half_written in results.rglob(".*.part"):
            half_written.unlink(missing_ok=True)
    with suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_SH)
    return lock
