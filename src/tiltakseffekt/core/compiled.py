"""Where compiled functions are kept between runs.

Numba compiles a function anew when its own file has changed, but not when a function that it calls has, and it looks
for it by the place of the file. Here functions are kept in a folder that is named after the sources of their stage:
an edit never meets what was compiled before it, and a copy of the project finds what the original has compiled.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import numba.core.config as config
from numba.core.caching import InTreeCacheLocator

_LIBRARY: Final = Path(__file__).resolve().parents[1]
#: What compiled functions of any stage call.
_SHARED: Final = _LIBRARY / "core" / "dice.py"
#: Where numba looks in turn: as told here, and as usual for functions that are not ours or cannot be kept there.
_LOCATORS: Final = ("tiltakseffekt.core.compiled.BySource", "InTreeCacheLocator", "UserWideCacheLocator")


class BySource(InTreeCacheLocator):
    """Tells numba where to keep a function of the library, in ``NUMBA_CACHE_DIR`` if the user names one."""

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> Self | None:
        """Return the locator of a function; None for one outside the library, or where nothing can be written."""
        file = Path(py_file).resolve()
        if not file.is_relative_to(_LIBRARY):
            return None
        located: Self | None = super().from_function(py_func, py_file)  # type: ignore[no-untyped-call]
        return located

    def get_cache_path(self) -> str:
        """Return the folder of the module of the function."""
        inside = Path(self._py_file).resolve().relative_to(_LIBRARY)
        base = Path(os.environ.get("NUMBA_CACHE_DIR") or _LIBRARY / "__pycache__")
        return str(base / f"compiled-{_state(inside.parts[0])}" / inside.parent)


@cache
def _state(stage: str) -> str:
    sources = hashlib.sha256()
    for path in (*sorted((_LIBRARY / stage).rglob("*.py")), _SHARED):
        sources.update(path.read_bytes())
    return sources.hexdigest()[:16]


@contextmanager
def compiled_once(function: Any) -> Iterator[None]:
    """Let one process compile a function on its first call in the block, while others wait for what it keeps.

    Parameters
    ----------
    function
        A compiled function that numba keeps. Once it is kept, nobody waits.
    """
    folder = Path(function.stats.cache_path)
    with ExitStack() as stack:
        if not any(folder.glob(f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}-*.nbi")):
            lock = stack.enter_context((folder / "compiling").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def cache_by_source() -> None:
    """Let numba keep the functions that are compiled from now on by their sources."""
    config.CACHE_LOCATOR_CLASSES = ",".join(_LOCATORS)  # type: ignore[attr-defined]
