"""The application behind the command: its commands, what it says of errors, and how it ends."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command

from tiltakseffekt.cli.bench import bench
from tiltakseffekt.cli.bench_estimator import bench_estimator
from tiltakseffekt.cli.calibrate import calibrate
from tiltakseffekt.cli.check_registers import check
from tiltakseffekt.cli.fit_permanent import fit_permanent
from tiltakseffekt.cli.simulate_registers import simulate
from tiltakseffekt.cli.status import status
from tiltakseffekt.cli.trace import trace
from tiltakseffekt.cli.validate import validate
from tiltakseffekt.cli.validate_confounder import validate_confounder
from tiltakseffekt.cli.where import where
from tiltakseffekt.cli.write_generated import write_generated
from tiltakseffekt.core.errors import TiltakError, defect
from tiltakseffekt.core.files import deny_others

_FAULT: Final = 1
_STOPPED: Final = 130
_ENDS: Final = (
    "Ends with 0 when done, 1 with a fault that the message tells, 2 when called wrongly, 130 when stopped. "
    "No message holds a value of a register, and what is written is closed to other users."
)


class Command(NamedTuple):
    """A command, its name, and a call of it."""

    name: str
    function: Callable[..., None]
    example: str


COMMANDS: Final = (
    Command("trace", trace, "trace figur-maneder-i-arbeid"),
    Command("where", where, "where figur-maneder-i-arbeid"),
    Command("status", status, "status --configfile config/full.yaml"),
    Command("check-registers", check, "check-registers /path/to/extracts"),
    Command("simulate-registers", simulate, "simulate-registers --scale 0.1 --to folder --format csv"),
    Command("calibrate", calibrate, "calibrate --persons 100000 --rounds 10 --permanent"),
    Command("fit-permanent", fit_permanent, "fit-permanent --scale 0.1"),
    Command("validate", validate, "validate --designs registers --replications 200"),
    Command("validate-confounder", validate_confounder, "validate-confounder --weights 0 0.5 1"),
    Command("bench-estimator", bench_estimator, "bench-estimator --trees 60 --threads 2"),
    Command("bench", bench, "bench"),
    Command("write-generated", write_generated, "write-generated"),
)


class _Group(TyperGroup):
    """Ends as a shell expects when it is stopped at the keyboard."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            print("Stopped before the end.", file=sys.stderr)
            raise SystemExit(_STOPPED) from None


def _directory(
    context: typer.Context,
    directory: Annotated[Path | None, typer.Option(help="Working directory of the run (default: the project).")] = None,
) -> None:
    """From register data to evaluation reports: find, trace, check, simulate, calibrate, study."""
    context.obj = directory


def build_app() -> typer.Typer:
    """Return the application with all commands."""
    # Rich would frame errors, with the values of variables in them.
    app = typer.Typer(cls=_Group, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)
    app.callback(epilog=_ENDS)(_directory)
    for command in COMMANDS:
        app.command(command.name, epilog=f"Example: tiltak {command.example}")(command.function)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; what it writes is closed to others.

    An error that the user can act on is shown without a traceback, of any other error type and frames alone.

    Parameters
    ----------
    arguments
        Words after the name of the command; None means those of the shell.

    Returns
    -------
    int
        0 when done, 1 with a fault, 2 when called wrongly, 130 when stopped.
    """
    deny_others()
    try:
        get_command(build_app())(None if arguments is None else list(arguments), prog_name="tiltak")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except TiltakError as error:
        print(error, file=sys.stderr)
        return _FAULT
    except Exception as error:
        print(
            f"{defect(error)}\nA defect of the program. Its message is withheld: it might hold a value.",
            file=sys.stderr,
        )
        return _FAULT
    return 0
