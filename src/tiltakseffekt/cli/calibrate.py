"""The command ``tiltak calibrate``."""

import sys
from functools import partial
from typing import Annotated

import typer

from tiltakseffekt.cli.options import ALL_CORES, Cores
from tiltakseffekt.cli.place import place

PERMANENT_ROUNDS = 60


def calibrate(
    context: typer.Context,
    persons: Annotated[int, typer.Option(help="Persons simulated in each round.")] = 100_000,
    rounds: Annotated[int, typer.Option(help="Rounds.")] = 10,
    seed: Annotated[int, typer.Option(help="First of the seeds.")] = 1,
    cores: Cores = ALL_CORES,
    step: Annotated[float, typer.Option(help="Part of what lacks that a round takes.")] = 0.5,
    permanent: Annotated[bool, typer.Option("--permanent", help="Then fit those of fit-permanent.")] = False,
) -> None:
    """Fit the synthetic registers to print anew.

    Tells how near to the printed numbers each exhibit comes. The weights of the permanent measures are fitted on
    finished lives, so they follow when asked for.
    """
    from tiltakseffekt.cli.fitting import study_of
    from tiltakseffekt.cli.order import parameter_files
    from tiltakseffekt.core.files import write_text
    from tiltakseffekt.laboratory.fitting.fit import Request, fit, fitted_text
    from tiltakseffekt.synthetic.permanent.refit import refitted, weights_text

    at = place(context)
    request = Request(persons, rounds, seed, cores, step)
    request.check()
    study = study_of(at)
    tell = partial(print, file=sys.stderr, flush=True)
    result = fit(study, request, tell)
    _, fitted, _, weights_file = parameter_files(at.config)
    write_text(fitted, fitted_text(result, request))
    written = [fitted]
    if permanent:
        parameters, scale = study.under(result.fitted), min(persons / result.fitted.persons, 1.0)
        tell("permanent measures")
        weights = refitted(seed, scale, PERMANENT_ROUNDS, parameters, study.simulation)
        write_text(weights_file, weights_text(weights))
        written.append(weights_file)
    nearness = result.by_exhibit.loc[result.by_exhibit["compared"] > 0].round(1)
    print(nearness.to_string(index=False, na_rep=""))
    print(f"Written: {', '.join(path.relative_to(at.root).as_posix() for path in written)}")
