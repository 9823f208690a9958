"""A warm interpreter: what many small jobs import is imported once, and each job is a fork of it.

An exhibit takes a tenth of a second, and the imports it needs take one or two. In the shell of a job the name of the
interpreter stands for the client (`prefix`), which hands the script to the process that `serve` has warmed; on another
machine or where nothing is warm the client starts Python as ever. A fork has the working directory, the environment
and the streams of the job; it dies with its client, and the warm interpreter dies with the process that started it.
"""

import json
import os
import re
import runpy
import selectors
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Final

_STREAMS: Final = 3
_CLIENT: Final = Path(__file__).with_name("warm_client.py")
#: A job that runs warm has one thread, and libraries read how many when they are imported.
_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
#: Ends of pipes: a warm interpreter ends when its own is closed, at the latest with this process.
_HELD: Final[list[IO[bytes]]] = []


def is_possible() -> bool:
    """Return whether this system has what a warm interpreter needs."""
    plain_name = re.fullmatch(r"[\w./+-]+", sys.executable) is not None
    return hasattr(os, "pidfd_open") and shutil.which("bash") is not None and plain_name


def prefix(socket_path: Path, scripts: Sequence[str]) -> str:
    """Return what stands before each command of a job, as a template of Snakemake: braces are doubled.

    Parameters
    ----------
    socket_path
        Where the warm interpreter listens, relative to the working directory: an absolute path may be too long for one.
    scripts
        Names of the scripts that run warm.
    """
    client = shlex.join([sys.executable, "-I", "-S", str(_CLIENT), str(socket_path), ",".join(scripts), sys.executable])
    return f'set -euo pipefail; function {sys.executable} {{{{ exec {client} "$@"; }}}}; '


def start(socket_path: Path, modules: Sequence[str]) -> None:
    """Start a warm interpreter, which ends with this process.

    Parameters
    ----------
    socket_path
        Where it listens, as in `prefix`. Jobs that come before it listens start Python themselves.
    modules
        What it imports, when the first job comes.
    """
    socket_path.unlink(missing_ok=True)
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import sys; from {__name__} import serve; serve(*sys.argv[1:])",
            str(socket_path),
            *modules,
        ],
        env={**os.environ, **dict.fromkeys(_THREADS, "1")},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    assert server.stdin is not None
    _HELD.append(server.stdin)


@dataclass(frozen=True)
class _Request:
    script: str
    cwd: str
    environment: dict[str, str]


@dataclass(frozen=True)
class _Job:
    pid: int
    ended: int
    connection: socket.socket


def serve(socket_path: str, *modules: str) -> None:
    """Import the modules, then run what clients ask for until standard input ends."""
    with socket.socket(socket.AF_UNIX) as listener, selectors.DefaultSelector() as selector:
        common = os.umask(0o077)
        listener.bind(socket_path)
        os.umask(common)
        listener.listen()
        selector.register(listener, selectors.EVENT_READ, None)
        selector.register(0, selectors.EVENT_READ, None)
        try:
            _answer(listener, selector, modules)
        finally:
            Path(socket_path).unlink(missing_ok=True)


def _answer(listener: socket.socket, selector: selectors.BaseSelector, modules: Sequence[str]) -> None:
    jobs: dict[int, _Job] = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj == 0:
                for job in jobs.values():
                    os.kill(job.pid, signal.SIGKILL)
                return
            if key.fileobj is listener:
                for module in modules:
                    import_module(module)
                if begun := _begin(listener.accept()[0]):
                    jobs[begun.pid] = begun
                    selector.register(begun.ended, selectors.EVENT_READ, begun)
                    selector.register(begun.connection, selectors.EVENT_READ, begun)
            elif key.data.pid in jobs:
                job = jobs.pop(key.data.pid)
                selector.unregister(job.ended)
                selector.unregister(job.connection)
                _end(job, abandoned=key.fileobj is job.connection)


def _begin(connection: socket.socket) -> _Job | None:
    """Fork what a client asks for; a client that is gone before it has asked gets nothing."""
    try:
        head, streams, _, _ = socket.recv_fds(connection, 8, _STREAMS)
        request = _receive(connection, int.from_bytes(head, "big"))
    except OSError:
        connection.close()
        return None
    pid = os.fork()
    if pid == 0:
        connection.close()
        _become(_Request(**json.loads(request)), streams)
    for stream in streams:
        os.close(stream)
    return _Job(pid, os.pidfd_open(pid), connection)


def _receive(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise ConnectionError("the client is gone")
        parts += part
    return bytes(parts)


def _end(job: _Job, abandoned: bool) -> None:
    if abandoned:
        os.kill(job.pid, signal.SIGKILL)
    _, status = os.waitpid(job.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if not abandoned:
        with suppress(OSError):
            # A job that a signal ended counts as failed, as in a shell.
            job.connection.sendall(bytes([code if code >= 0 else 128 - code]))
    os.close(job.ended)
    job.connection.close()


def _become(request: _Request, streams: Sequence[int]) -> None:
    """Turn this fork into the job; never returns."""
    code = 1
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        # What other jobs hold open.
        os.closerange(_STREAMS, os.sysconf("SC_OPEN_MAX"))
        os.chdir(request.cwd)
        os.environ.clear()
        os.environ.update(request.environment)
        sys.argv = [request.script]
        code = _exit_code(lambda: runpy.run_path(request.script, run_name="__main__"))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        # Not sys.exit: what the warm interpreter would do at its end is not the job's to do.
        os._exit(code)


def _exit_code(run: Callable[[], object]) -> int:
    try:
        run()
    except SystemExit as error:
        if isinstance(error.code, str):
            print(error.code, file=sys.stderr)
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0
