"""The command `tiltak`: trace an exhibit, see what is stale, check registers before a run."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tiltakseffekt.clean.registers import check_registers
from tiltakseffekt.config.loading import load_configuration
from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.errors import FaultsFound, TiltakError
from tiltakseffekt.exhibits.catalogue import load_catalogue
from tiltakseffekt.generated import write_generated
from tiltakseffekt.registers.contract import load_contract
from tiltakseffekt.workflow.benchmarks import describe_benchmarks, read_benchmarks
from tiltakseffekt.workflow.provenance import producers, read_records
from tiltakseffekt.workflow.status import exhibit_status, parse_summary
from tiltakseffekt.workflow.trace import describe_trace, read_provenance


class NoProject(TiltakError):
    """The command was called outside a project."""

    def __init__(self) -> None:
        super().__init__("There is no Snakefile here or in a folder above: call tiltak inside the project.")


def project_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds the workflow.

    Raises
    ------
    NoProject
        If there is none.
    """
    for folder in (start, *start.parents):
        if (folder / "Snakefile").is_file() and (folder / "config" / "exhibits.yaml").is_file():
            return folder
    raise NoProject


def trace(exhibit: str, root: Path, results: Path) -> str:
    """Return the way from an exhibit back to the register files, as text."""
    catalogue = [entry.id for entry in load_catalogue(root / "config" / "exhibits.yaml")]
    return describe_trace(read_provenance(exhibit, results, catalogue))


def status(root: Path, workdir: Path, overlays: Sequence[str]) -> str:
    """Return one line per exhibit: current, stale because of what, or missing."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(root / "Snakefile"), "--detailed-summary"]
    command += ["--directory", str(workdir), "--rerun-triggers", "mtime", "params", "input"]
    command += [part for overlay in overlays for part in ("--configfile", overlay)]
    command += ["--", "exhibits"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=workdir, check=False)
    if done.returncode:
        raise TiltakError(f"The workflow cannot be read:\n{done.stderr.strip()}")
    outputs = parse_summary(done.stdout)
    made = producers(read_records(workdir / "results" / "provenance"))
    paths = sorted(path for path in outputs if path.startswith("results/exhibits/") and path.endswith("/data.csv"))
    return "\n".join(exhibit_status(Path(path).parent.name, path, outputs, made, root).sentence() for path in paths)


def check(folder: Path, root: Path, workspace: Path) -> str:
    """Check register extracts against the contract; intermediate rows stay in the workspace and are removed.

    Raises
    ------
    FaultsFound
        With everything that is wrong.
    """
    configuration = load_configuration(root / "config")["main"]
    faults = check_registers(
        folder,
        load_contract(root / "config" / "registers.yaml"),
        read_codebooks(sorted((root / "config" / "codebook").glob("*.csv"))),
        configuration.clean,
        configuration.registers.csv,
        workspace,
    )
    if faults:
        raise FaultsFound(faults)
    return "The registers keep the contract."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tiltak", description=__doc__)
    parser.add_argument(
        "--directory", type=Path, default=None, help="working directory of the run (default: the project)"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    tracing = commands.add_parser("trace", help="rule, script, functions, parameters and inputs back to the registers")
    tracing.add_argument("exhibit", help="for example figur-6-2")
    status_of = commands.add_parser("status", help="current, stale because of ..., or missing, for each exhibit")
    status_of.add_argument("--configfile", action="append", default=[], help="overlay that the run was made with")
    checking = commands.add_parser("check-registers", help="check register extracts against the contract")
    checking.add_argument("path", type=Path, help="folder with the extracts")
    commands.add_parser("bench", help="seconds and memory per stage of the last run")
    commands.add_parser("write-generated", help="write the files that are generated from the models")
    return parser


def _answer(arguments: argparse.Namespace) -> str:
    root = project_root(Path.cwd())
    workdir = (arguments.directory or root).resolve()
    match arguments.command:
        case "trace":
            return trace(arguments.exhibit, root, workdir / "results")
        case "status":
            return status(root, workdir, arguments.configfile)
        case "check-registers":
            return check(arguments.path, root, workdir / "results" / "tmp")
        case "bench":
            return describe_benchmarks(read_benchmarks(workdir / "results" / "benchmarks"))
        case _:
            write_generated(root)
            return "Written."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; errors that the user can act on are shown without a traceback."""
    try:
        print(_answer(_parser().parse_args(arguments)))
    except TiltakError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
