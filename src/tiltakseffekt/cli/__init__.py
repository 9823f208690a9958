"""The command `tiltak`: trace an exhibit, see what is stale, check registers, simulate and calibrate synthetic ones.

What loads the estimators is imported by the commands that need it, since loading it takes longer than the others take.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from tiltakseffekt.cli.generated import write_generated
from tiltakseffekt.config.evaluations import all_exhibits
from tiltakseffekt.config.loading import EVALUATIONS, load_configuration
from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.errors import FaultsFound, TiltakError, defect
from tiltakseffekt.core.files import deny_others, sha256, write_text
from tiltakseffekt.documents.calibration.choices import load_choices
from tiltakseffekt.documents.calibration.comparison import printed_targets, read_published
from tiltakseffekt.laboratory.fitting.fit import Request, fit, fitted_text
from tiltakseffekt.laboratory.fitting.numbers import DOCUMENT
from tiltakseffekt.laboratory.fitting.study import Study
from tiltakseffekt.stages.clean.registers import check_registers
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.synthetic.delivery.deliver import deliver
from tiltakseffekt.synthetic.delivery.order import Order, check_request, shards_for
from tiltakseffekt.synthetic.parameters import read_codebooks as read_simulation_codebooks
from tiltakseffekt.synthetic.parameters import read_parameters
from tiltakseffekt.synthetic.permanent.refit import refitted, weights_text
from tiltakseffekt.workflow.benchmarks import describe_benchmarks, read_benchmarks
from tiltakseffekt.workflow.code import code_hash
from tiltakseffekt.workflow.leftovers import clear_leftovers
from tiltakseffekt.workflow.provenance import producers, read_records
from tiltakseffekt.workflow.status import exhibit_status, parse_summary
from tiltakseffekt.workflow.trace import describe_trace, read_provenance

_SIMULATION_PARAMETERS = ("lives", "fitted", "permanent", "permanent_weights")
_SIMULATION_CODEBOOKS = ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering")
_DEFECT_CODEBOOKS = ("kommuneendringer", "kontorendringer")
_PERMANENT_ROUNDS = 60
#: Commands that write below the results, as a run does.
_AT_WORK = ("check-registers", "validate", "validate-confounder")
_DELIVER = "tiltakseffekt.synthetic.delivery.deliver:deliver"


#: The evaluation whose settings the commands about synthetic registers use.
MAIN: Final = "tiltakseffekter/main"
_EXHIBITS: Final = "results/exhibits"


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
        if (folder / "Snakefile").is_file() and (folder / "config" / "registers.yaml").is_file():
            return folder
    raise NoProject


def trace(exhibit: str, root: Path, results: Path) -> str:
    """Return the way from an exhibit back to the register files, as text."""
    return describe_trace(read_provenance(exhibit, results, all_exhibits(root / "config" / EVALUATIONS)))


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
    exhibits = (path for path in outputs if path.startswith(f"{_EXHIBITS}/") and path.endswith("/data.csv"))
    names = {Path(path).parent.relative_to(_EXHIBITS).as_posix(): path for path in sorted(exhibits)}
    return "\n".join(exhibit_status(name, path, outputs, made, root).sentence() for name, path in names.items())


def check(folder: Path, root: Path, workspace: Path) -> str:
    """Check register extracts against the contract; intermediate rows stay in the workspace and are removed.

    Raises
    ------
    FaultsFound
        With everything that is wrong.
    """
    configuration = load_configuration(root / "config")[MAIN]
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


def simulate(request: argparse.Namespace, root: Path) -> str:
    """Write whole synthetic registers into a folder and return what was written and what it took.

    Raises
    ------
    FaultsFound
        If the request cannot be met.
    DeliveryStopped
        If the folder holds something else, cannot be written or has no room.
    """
    order = _order(request, root)
    folder = request.to or root / "synthetic-registers" / f"scale-{order.scale}"
    return deliver(order, folder.resolve(), request.cores, progress=True).text()


def _order(request: argparse.Namespace, root: Path) -> Order:
    """Return what `simulate-registers` is asked for, with everything that decides the bytes."""
    configuration = load_configuration(root / "config")[MAIN]
    registers = configuration.registers
    contract = root / "config" / "registers.yaml"
    sources = [root / "config" / "synthetic" / f"{name}.yaml" for name in _SIMULATION_PARAMETERS]
    books = [root / "config" / "codebook" / f"{name}.csv" for name in _SIMULATION_CODEBOOKS]
    changes = [root / "config" / "codebook" / f"{name}.csv" for name in _DEFECT_CODEBOOKS]
    parameters = read_parameters(*sources)
    scale = registers.scale if request.scale is None else request.scale
    persons = parameters.fitted.persons
    form = check_request(scale, request.cores, request.shards, request.format or registers.delivery, persons)
    behind = (*sources, *books, *changes, contract, root / "uv.lock")
    return Order(
        seed=configuration.seed if request.seed is None else request.seed,
        scale=scale,
        shards=request.shards or shards_for(round(persons * scale)),
        form=form,
        csv_format=registers.csv,
        parameters=parameters,
        codebooks=read_simulation_codebooks(*books),
        defects=registers.defects,
        contract=load_contract(contract),
        code_lists=read_codebooks([*books, *changes]),
        sources={
            **{path.relative_to(root).as_posix(): sha256(path) for path in behind},
            "code": code_hash(root / "scripts/synthetic/simulate_registers.py", _DELIVER),
        },
    )


def calibrate(arguments: argparse.Namespace, root: Path) -> str:
    """Write the parameters of the synthetic registers, fitted anew, and return how near each exhibit is.

    With ``--permanent`` the weights of the permanent measures follow, since they are fitted on finished lives.

    Raises
    ------
    FaultsFound
        If the request cannot be met.
    """
    request = Request(arguments.persons, arguments.rounds, arguments.seed, arguments.cores, arguments.step)
    request.check()
    config = root / "config"
    sources = [config / "synthetic" / f"{name}.yaml" for name in _SIMULATION_PARAMETERS]
    books = [config / "codebook" / f"{name}.csv" for name in _SIMULATION_CODEBOOKS]
    configuration = load_configuration(config)[MAIN]
    choices = load_choices(config / "documents" / "choices.yaml")
    published = [config / "documents" / DOCUMENT / "numbers.csv"]
    study = Study(
        parameters=read_parameters(*sources),
        simulation=read_simulation_codebooks(*books),
        codebooks=read_codebooks(sorted((config / "codebook").glob("*.csv"))),
        choices=choices,
        targets=printed_targets(*read_published(published, config / "codebook" / "labels.csv")),
        description=configuration.description,
        cohorts=configuration.cohorts,
        panel=configuration.panel,
    )
    tell = partial(print, file=sys.stderr, flush=True)
    result = fit(study, request, tell)
    write_text(sources[1], fitted_text(result, request))
    written = [sources[1]]
    if arguments.permanent:
        parameters, scale = study.under(result.fitted), min(request.persons / result.fitted.persons, 1.0)
        tell("permanent measures")
        weights = refitted(request.seed, scale, _PERMANENT_ROUNDS, parameters, study.simulation)
        write_text(sources[-1], weights_text(weights))
        written.append(sources[-1])
    names = ", ".join(path.relative_to(root).as_posix() for path in written)
    nearness = result.by_exhibit.loc[result.by_exhibit["compared"] > 0].round(1)
    return f"{nearness.to_string(index=False, na_rep='')}\nWritten: {names}"


def fit_permanent(request: argparse.Namespace, root: Path) -> str:
    """Write the weights of the permanent measures, fitted anew, and return which file they are in."""
    sources = [root / "config" / "synthetic" / f"{name}.yaml" for name in _SIMULATION_PARAMETERS]
    books = [root / "config" / "codebook" / f"{name}.csv" for name in _SIMULATION_CODEBOOKS]
    seed = load_configuration(root / "config")[MAIN].seed
    codebooks = read_simulation_codebooks(*books)
    weights = refitted(seed, request.scale, request.rounds, read_parameters(*sources), codebooks)
    write_text(sources[-1], weights_text(weights))
    return f"Written: {sources[-1].relative_to(root)}"


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
    simulating = commands.add_parser("simulate-registers", help="write whole synthetic registers into a folder")
    simulating.add_argument("--scale", type=float, help="size, above 0 and at most 1 (default: registers.scale)")
    simulating.add_argument("--to", type=Path, help="folder (default: synthetic-registers/scale-SCALE)")
    simulating.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="worker processes (default: all)")
    simulating.add_argument("--seed", type=int, help="default: seed of the configuration")
    simulating.add_argument("--shards", type=int, help="parts of each table (default: follows from the scale)")
    simulating.add_argument("--format", help="parquet, or csv as registers.csv says (default: registers.delivery)")
    calibrating = commands.add_parser("calibrate", help="fit the synthetic registers anew to the printed numbers")
    calibrating.add_argument("--persons", type=int, default=100_000, help="simulated a round (default: 100000)")
    calibrating.add_argument("--rounds", type=int, default=10, help="rounds (default: 10)")
    calibrating.add_argument("--seed", type=int, default=1, help="first of the seeds (default: 1)")
    calibrating.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="worker processes (default: all)")
    calibrating.add_argument("--step", type=float, default=0.5, help="part of what lacks that a round takes (0.5)")
    calibrating.add_argument("--permanent", action="store_true", help="then fit those of fit-permanent")
    fitting = commands.add_parser("fit-permanent", help="fit who starts a permanent measure anew, on simulated lives")
    fitting.add_argument("--scale", type=float, default=0.1, help="size of the population (default: 0.1)")
    fitting.add_argument("--rounds", type=int, default=_PERMANENT_ROUNDS, help="rounds (default: 60)")
    validating = commands.add_parser("validate", help="study the estimator on designs whose truth is known")
    validating.add_argument("--designs", nargs="+", default=[], help="default: all; others keep what is stored")
    validating.add_argument("--replications", type=int, default=200, help="of each design (default: 200)")
    validating.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="worker processes (default: all)")
    confounding = commands.add_parser("validate-confounder", help="hold bounds against the truth with a confounder")
    confounding.add_argument(
        "--weights",
        nargs="+",
        type=float,
        choices=(0.0, 0.5, 1.0),
        default=[0.5],
        help="of the unobserved trait in finding work (default: 0.5)",
    )
    confounding.add_argument("--scale", type=float, default=0.1, help="size of the registers (default: 0.1)")
    confounding.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="processes (default: all)")
    confounding.set_defaults(seed=None, shards=4, format="parquet")
    measuring = commands.add_parser("bench-estimator", help="speed of the compiled forest against the reference")
    measuring.add_argument("--trees", type=int, default=60, help="trees per forest (default: 60)")
    measuring.add_argument("--threads", type=int, default=2, help="threads (default: 2)")
    measuring.add_argument("--full", action="store_true", help="run the whole job with 2000 trees (under an hour)")
    commands.add_parser("bench", help="seconds and memory per stage of the last run")
    commands.add_parser("write-generated", help="write the files that are generated from the models")
    return parser


def _answer(arguments: argparse.Namespace) -> str:
    root = project_root(Path.cwd())
    workdir = (arguments.directory or root).resolve()
    if arguments.command in _AT_WORK:
        clear_leftovers(workdir / "results")
    match arguments.command:
        case "trace":
            return trace(arguments.exhibit, root, workdir / "results")
        case "status":
            return status(root, workdir, arguments.configfile)
        case "check-registers":
            return check(arguments.path, root, workdir / "results" / "tmp")
        case "simulate-registers":
            return simulate(arguments, root)
        case "calibrate":
            return calibrate(arguments, root)
        case "fit-permanent":
            return fit_permanent(arguments, root)
        case "validate":
            from tiltakseffekt.laboratory.study.command import Request as StudyRequest
            from tiltakseffekt.laboratory.study.command import validate

            study = StudyRequest(arguments.designs, arguments.replications, arguments.cores)
            return validate(study, root, workdir / "results", load_configuration(root / "config")[MAIN].seed)
        case "validate-confounder":
            # Loaded here alone: DoubleML takes longer to load than other commands take.
            from tiltakseffekt.laboratory.study.confounder import Request as ConfounderRequest
            from tiltakseffekt.laboratory.study.confounder import validate_confounder

            wanted = ConfounderRequest(arguments.weights, arguments.cores)
            configuration = load_configuration(root / "config")[MAIN]
            workspace = workdir / "results" / "study" / "confounder"
            return validate_confounder(wanted, _order(arguments, root), configuration, root, workspace)
        case "bench-estimator":
            from tiltakseffekt.laboratory.speed import measure_speed

            for line in measure_speed(arguments.trees, arguments.threads, full=arguments.full):
                print(line, flush=True)
            return "Times of one run on this machine; other programs disturb them."
        case "bench":
            return describe_benchmarks(read_benchmarks(workdir / "results" / "benchmarks"))
        case _:
            write_generated(root)
            return "Written."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; what it writes is closed to others.

    An error that the user can act on is shown without a traceback, of any other error type and frames alone.
    """
    deny_others()
    try:
        print(_answer(_parser().parse_args(arguments)))
    except TiltakError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped before the end.", file=sys.stderr)
        return 130
    except Exception as error:
        print(
            f"{defect(error)}\nA defect of the program. Its message is withheld: it might hold a value.",
            file=sys.stderr,
        )
        return 1
    return 0
