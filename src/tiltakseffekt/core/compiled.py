"""Where compiled functions are kept between runs.

Numba compiles a function anew when its own file has changed, but not when a function that it calls has. The cache is
therefore a folder of its own for each state of the sources.
"""

import hashlib
import os
from pathlib import Path

import numba.core.config as config


def cache_by_source(package: Path) -> None:
    """Keep what numba compiles in a folder that is named after the sources of a package.

    A folder that the user names in ``NUMBA_CACHE_DIR`` is left as it is; where the folder cannot be written, numba uses
    its own.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    sources = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        sources.update(path.read_bytes())
    config.CACHE_DIR = str(package / "__pycache__" / f"compiled-{sources.hexdigest()[:16]}")  # type: ignore[attr-defined]
