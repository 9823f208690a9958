"""The command ``tiltak bench``."""

import typer

from tiltakseffekt.cli.place import place


def bench(context: typer.Context) -> None:
    """Tell what each stage of the last run took."""
    from tiltakseffekt.workflow.benchmarks import describe_benchmarks, read_benchmarks

    print(describe_benchmarks(read_benchmarks(place(context).results / "benchmarks")))
