"""The command ``tiltak fit-permanent``."""

from typing import Annotated

import typer

from tiltakseffekt.cli.calibrate import PERMANENT_ROUNDS
from tiltakseffekt.cli.place import MAIN, place


def fit_permanent(
    context: typer.Context,
    scale: Annotated[float, typer.Option(help="Size of the population.")] = 0.1,
    rounds: Annotated[int, typer.Option(help="Rounds.")] = PERMANENT_ROUNDS,
) -> None:
    """Fit who starts a permanent measure anew.

    The weights are fitted on simulated lives.
    """
    from tiltakseffekt.cli.order import codebook_files, parameter_files
    from tiltakseffekt.config.loading import load_configuration
    from tiltakseffekt.core.files import write_text
    from tiltakseffekt.synthetic.parameters import read_codebooks, read_parameters
    from tiltakseffekt.synthetic.permanent.refit import refitted, weights_text

    at = place(context)
    sources, codebooks = parameter_files(at.config), read_codebooks(*codebook_files(at.config))
    seed = load_configuration(at.config)[MAIN].seed
    weights = refitted(seed, scale, rounds, read_parameters(*sources), codebooks)
    write_text(sources[-1], weights_text(weights))
    print(f"Written: {sources[-1].relative_to(at.root)}")
