"""The command as a whole: its help, how it ends, what it says of errors, and that it starts at once."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from tiltakseffekt.cli import main
from tiltakseffekt.cli.app import COMMANDS

ROOT = Path(__file__).parents[2]
MARKER = "SECRETMARKER"
CHECK = "tiltakseffekt.stages.clean.registers.check_registers"


def call(*arguments, **environment):
    code = (
        f"import sys; from tiltakseffekt.cli import main; end = main({list(arguments)!r}); print(*sorted(sys.modules))"
    )
    return subprocess.run(
        [sys.executable, "-c", f"{code}; sys.exit(end)"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | environment,
        check=False,
    )


def test_the_help_names_every_command_and_how_it_ends(capsys):
    assert main(["--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for command in COMMANDS:
        assert f" {command.name} " in told
    assert "0 when done, 1 with a fault" in told
    assert "..." not in told.partition("Commands:")[2]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_help_of_a_command_has_an_example_of_it(command, capsys):
    assert main([command.name, "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"Example: tiltak {command.example}" in told
    assert command.example.split()[0] == command.name
    options = re.findall(r"--[a-z]+", command.example)
    assert all(f"{option} " in told for option in options)


def test_the_help_starts_without_what_takes_long_to_load():
    done = call("--help")
    assert done.returncode == 0
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"duckdb", "numba", "numpy", "pandas", "pyarrow", "pydantic", "rich", "sklearn", "snakemake"}


@pytest.mark.parametrize(
    "arguments", [["bogus"], ["status", "--bogus"], ["trace"], ["bench-estimator", "--trees", "x"]]
)
def test_a_wrong_call_ends_with_2(arguments, capsys):
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "--help" in told.err


def test_outside_a_project_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["bench"]) == 1
    assert capsys.readouterr().err.startswith("There is no Snakefile here or in a folder above")


def test_an_error_that_might_quote_a_cell_is_told_by_type_and_frames(tmp_path, monkeypatch, capsys):
    def fail(*_):
        raise pa.ArrowInvalid(f"Could not convert '{MARKER}' with type str")

    monkeypatch.setattr(CHECK, fail)
    assert main(["--directory", str(tmp_path), "check-registers", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("ArrowInvalid in\n")
    assert ", in check\n" in told.err
    assert MARKER not in told.out + told.err


def test_stopped_at_the_keyboard_it_ends_with_130(tmp_path, monkeypatch, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(CHECK, stop)
    assert main(["--directory", str(tmp_path), "check-registers", str(tmp_path)]) == 130
    assert capsys.readouterr().err == "Stopped before the end.\n"


def test_the_shell_completes_exhibits(monkeypatch):
    done = call(_TILTAK_COMPLETE="complete_bash", COMP_WORDS="tiltak trace figur-maneder", COMP_CWORD="2")
    assert "figur-maneder-i-arbeid" in done.stdout.split()
