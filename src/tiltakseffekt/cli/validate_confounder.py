"""The command ``tiltak validate-confounder``."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from tiltakseffekt.cli.options import ALL_CORES, Cores
from tiltakseffekt.cli.place import MAIN, place

_WEIGHTS: Final = (0.0, 0.5, 1.0)
_SHARDS: Final = 4


def _studied(weights: Sequence[float] | None) -> Sequence[float] | None:
    if wrong := [weight for weight in weights or () if weight not in _WEIGHTS]:
        raise typer.BadParameter(f"{wrong[0]} is not among {', '.join(map(str, _WEIGHTS))}.")
    return weights


def validate_confounder(
    context: typer.Context,
    weights: Annotated[
        list[float] | None,
        typer.Option(
            help="Weights of the unobserved trait in finding work, one after another: 0, 0.5 or 1 (default: 0.5).",
            callback=_studied,
        ),
    ] = None,
    further: Annotated[list[float] | None, typer.Argument(hidden=True, callback=_studied)] = None,
    scale: Annotated[float, typer.Option(help="Size of the registers.")] = 0.1,
    cores: Cores = ALL_CORES,
) -> None:
    """Hold bounds for confounders against truth.

    Simulates registers in which a trait that nobody observes decides who takes part and who finds work.
    """
    from tiltakseffekt.cli.order import Wanted, order_of
    from tiltakseffekt.config.loading import load_configuration
    from tiltakseffekt.laboratory.study.confounder import Request
    from tiltakseffekt.laboratory.study.confounder import validate_confounder as study
    from tiltakseffekt.workflow.leftovers import clear_leftovers

    at = place(context)
    clear_leftovers(at.results)
    request = Request([*(weights or ()), *(further or ())] or [0.5], cores, MAIN)
    order = order_of(Wanted(cores, scale, shards=_SHARDS, form="parquet"), at)
    configuration = load_configuration(at.config)[MAIN]
    print(study(request, order, configuration, at.root, at.results / "study" / "confounder"))
