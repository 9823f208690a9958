"""A script that runs in a fork of the warm interpreter behaves as one that Python was started for."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tiltakseffekt.workflow import warm

pytestmark = pytest.mark.skipif(not warm.is_possible(), reason="no forks that can be waited for by a descriptor")

SOCKET = Path("warm.socket")
#: Starts a warm interpreter, says so, and holds it until its own input ends.
STARTER = f"""
import sys, time
from pathlib import Path
from tiltakseffekt.workflow import warm
socket = Path("{SOCKET}")
warm.start(socket, ["decimal"])
while not socket.exists():
    time.sleep(0.01)
print("warm", flush=True)
sys.stdin.read()
"""


def within(seconds, holds):
    """Wait until something holds, and return whether it does."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


@pytest.fixture
def warmed(tmp_path):
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout.readline() == "warm\n"
    yield starter
    starter.kill()
    starter.communicate()


def command(script):
    # Snakemake fills in its templates, which leaves single braces.
    return warm.prefix(SOCKET, ["job.py"]).replace("{{", "{").replace("}}", "}") + f"{sys.executable} {script}"


def run(folder, text, name="tmp0.job.py", **variables):
    (folder / name).write_text(text)
    environment = os.environ | variables
    return subprocess.run(["bash", "-c", command(name)], cwd=folder, env=environment, capture_output=True, text=True)


TELLS = """
__file__ = "the original"
import os, sys
print("decimal" in sys.modules, os.getcwd(), os.environ.get("OWN"), sys.modules["__main__"].__file__)
print("beside", file=sys.stderr)
"""


def test_a_script_runs_warm_with_the_folder_the_environment_and_the_streams_of_its_call(warmed, tmp_path):
    done = run(tmp_path, TELLS, OWN="given")
    assert (done.returncode, done.stdout) == (0, f"True {tmp_path} given the original\n")
    assert done.stderr == "beside\n"


def test_other_scripts_and_all_scripts_without_a_warm_interpreter_start_python(warmed, tmp_path):
    assert run(tmp_path, TELLS, name="tmp0.another.py").stdout.startswith("False ")
    warmed.communicate("")
    assert within(10, lambda: not (tmp_path / SOCKET).exists())
    assert run(tmp_path, TELLS).stdout.startswith("False ")


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit", 0, ""),
        ("raise SystemExit('why')", 1, "why\n"),
        ("raise ValueError('what')", 1, "ValueError: what\n"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137, ""),
    ],
)
def test_how_a_script_ends_is_how_its_call_ends(warmed, tmp_path, text, code, told):
    done = run(tmp_path, text)
    assert done.returncode == code
    assert done.stderr.endswith(told)


def test_one_script_leaves_nothing_to_the_next(warmed, tmp_path):
    run(tmp_path, "import decimal, os; decimal.left = 1; os.environ['LEFT'] = '1'; os.chdir('/')")
    done = run(tmp_path, "import decimal, os; print(hasattr(decimal, 'left'), 'LEFT' in os.environ, os.getcwd())")
    assert done.stdout == f"False False {tmp_path}\n"


LASTS = """
import os, time
open("pid.part", "w").write(str(os.getpid()))
os.replace("pid.part", "pid")
time.sleep(60)
"""


def ended(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("killed", ["call", "starter"])
def test_a_script_ends_with_its_call_and_with_the_process_that_started_the_warm_interpreter(warmed, tmp_path, killed):
    (tmp_path / "tmp0.job.py").write_text(LASTS)
    call = subprocess.Popen(["bash", "-c", command("tmp0.job.py")], cwd=tmp_path, start_new_session=True)
    assert within(10, (tmp_path / "pid").exists)
    pid = int((tmp_path / "pid").read_text())
    if killed == "call":
        os.killpg(call.pid, signal.SIGKILL)
    else:
        warmed.kill()
    assert within(10, lambda: ended(pid))
    assert call.wait(10) != 0


WAITS = """
import pathlib, sys, time
own, other = {names!r}
pathlib.Path(own).touch()
while not pathlib.Path(other).exists():
    time.sleep(0.01)
"""


def test_scripts_run_side_by_side(warmed, tmp_path):
    calls = []
    for names in (("a", "b"), ("b", "a")):
        script = tmp_path / f"{names[0]}.job.py"
        script.write_text(WAITS.format(names=names))
        calls.append(subprocess.Popen(["bash", "-c", command(script.name)], cwd=tmp_path))
    assert [call.wait(20) for call in calls] == [0, 0]
