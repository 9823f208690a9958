"""The command ``tiltak where``."""

import typer

from tiltakseffekt.cli.options import Exhibit
from tiltakseffekt.cli.place import place


def where(context: typer.Context, exhibit: Exhibit) -> None:
    """Tell where to edit an exhibit.

    Its rule, entry in the catalogue, builder, drawing, words and place in the text, each with file and line, and the
    command that builds it; without a run.
    """
    from tiltakseffekt.cli.location import whereabouts

    print(whereabouts(exhibit, place(context).root).text())
