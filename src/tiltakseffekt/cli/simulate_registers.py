"""The command ``tiltak simulate-registers``."""

from pathlib import Path
from typing import Annotated

import typer

from tiltakseffekt.cli.options import ALL_CORES, Cores
from tiltakseffekt.cli.place import place


def simulate(
    context: typer.Context,
    scale: Annotated[float | None, typer.Option(help="Size, above 0 and at most 1 (default: registers.scale).")] = None,
    to: Annotated[Path | None, typer.Option(help="Folder (default: synthetic-registers/scale-SCALE).")] = None,
    cores: Cores = ALL_CORES,
    seed: Annotated[int | None, typer.Option(help="Default: seed of the configuration.")] = None,
    shards: Annotated[int | None, typer.Option(help="Parts of each table (default: follows from the scale).")] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="parquet, or csv as registers.csv says (default: registers.delivery)."),
    ] = None,
) -> None:
    """Write whole synthetic registers.

    Tells what was written and what it took. A call that was stopped goes on where it was.
    """
    from tiltakseffekt.cli.order import Wanted, order_of
    from tiltakseffekt.synthetic.delivery.deliver import deliver

    at = place(context)
    order = order_of(Wanted(cores, scale, seed, shards, form), at)
    folder = to or at.root / "synthetic-registers" / f"scale-{order.scale}"
    print(deliver(order, folder.resolve(), cores, progress=True).text())
