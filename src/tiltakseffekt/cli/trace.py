"""The command ``tiltak trace``."""

import typer

from tiltakseffekt.cli.options import Exhibit
from tiltakseffekt.cli.place import place


def trace(context: typer.Context, exhibit: Exhibit) -> None:
    """Tell where an exhibit comes from.

    Its rule and each rule behind it, with script, functions, parameters and inputs, back to the register files.
    """
    from tiltakseffekt.config.evaluations import EVALUATIONS, all_exhibits
    from tiltakseffekt.workflow.trace import describe_trace, read_provenance

    at = place(context)
    print(describe_trace(read_provenance(exhibit, at.results, all_exhibits(at.config / EVALUATIONS))))
