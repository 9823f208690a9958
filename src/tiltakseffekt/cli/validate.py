"""The command ``tiltak validate``."""

from typing import Annotated

import typer

from tiltakseffekt.cli.options import ALL_CORES, Cores
from tiltakseffekt.cli.place import MAIN, place


def validate(
    context: typer.Context,
    designs: Annotated[
        list[str] | None,
        typer.Option(help="Names of designs, one after another (default: all); others keep what is stored."),
    ] = None,
    further: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    replications: Annotated[int, typer.Option(help="Replications of each design.")] = 200,
    cores: Cores = ALL_CORES,
) -> None:
    """Study the estimator where truth is known.

    Reads the results of a run on synthetic registers; replications made before are kept.
    """
    from tiltakseffekt.config.loading import load_configuration
    from tiltakseffekt.laboratory.study.command import Request
    from tiltakseffekt.laboratory.study.command import validate as study
    from tiltakseffekt.workflow.leftovers import clear_leftovers

    at = place(context)
    clear_leftovers(at.results)
    request = Request([*(designs or ()), *(further or ())], replications, cores, MAIN)
    print(study(request, at.root, at.results, load_configuration(at.config)[MAIN].seed))
