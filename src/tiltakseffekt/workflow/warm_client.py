"""Run a script in a fork of the warm interpreter, or in a new interpreter where there is none.

Called as ``python -I -S warm_client.py SOCKET SCRIPTS PYTHON SCRIPT``. It imports nothing of the library, since its own
start is what it is there to save.
"""

import array
import json
import os
import socket
import sys


def main(socket_path: str, scripts: str, *command: str) -> int:
    """Return the exit code of the script; replaces this process by a new interpreter where nothing is warm.

    Parameters
    ----------
    socket_path
        Where the warm interpreter listens, relative to the working directory.
    scripts
        Names of the scripts that it may run, with commas between.
    command
        The interpreter and the script, as Snakemake would call them.
    """
    if len(command) == 2 and command[1].endswith(tuple(f".{name}" for name in scripts.split(","))):
        with socket.socket(socket.AF_UNIX) as connection:
            if connection.connect_ex(socket_path) == 0:
                return _ask(connection, command[1])
    return os.execvp(command[0], command)


def _ask(connection: socket.socket, script: str) -> int:
    request = json.dumps({"script": script, "cwd": os.getcwd(), "environment": dict(os.environ)}).encode()
    streams = array.array("i", [0, 1, 2])
    connection.sendmsg([len(request).to_bytes(8, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams.tobytes())])
    connection.sendall(request)
    answer = connection.recv(1)
    # Nothing comes when the warm interpreter was killed: the script may be half done, and is not begun again.
    return answer[0] if answer else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
