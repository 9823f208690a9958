"""The command ``tiltak bench-estimator``."""

from typing import Annotated

import typer


def bench_estimator(
    trees: Annotated[int, typer.Option(help="Trees of each forest.")] = 60,
    threads: Annotated[int, typer.Option(help="Threads.")] = 2,
    full: Annotated[bool, typer.Option("--full", help="Run the whole job with 2000 trees (under an hour).")] = False,
) -> None:
    """Measure the speed of the forests.

    The compiled forest is held against the reference.
    """
    from tiltakseffekt.laboratory.speed import measure_speed

    for line in measure_speed(trees, threads, full=full):
        print(line, flush=True)
    print("Times of one run on this machine; other programs disturb them.")
