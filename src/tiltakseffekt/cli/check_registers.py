"""The command ``tiltak check-registers``."""

from pathlib import Path
from typing import Annotated

import typer

from tiltakseffekt.cli.place import MAIN, place


def check(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="PATH", help="Folder with the extracts.")],
) -> None:
    """Check extracts against the contract.

    Everything that is wrong is told at once. Rows on the way stay below the results and are removed.
    """
    from tiltakseffekt.config.loading import load_configuration
    from tiltakseffekt.core.codebook import read_codebooks
    from tiltakseffekt.core.errors import FaultsFound
    from tiltakseffekt.stages.clean.registers import check_registers
    from tiltakseffekt.stages.registers.contract import load_contract
    from tiltakseffekt.workflow.leftovers import clear_leftovers

    at = place(context)
    clear_leftovers(at.results)
    configuration = load_configuration(at.config)[MAIN]
    faults = check_registers(
        folder,
        load_contract(at.config / "registers.yaml"),
        read_codebooks(sorted((at.config / "codebook").glob("*.csv"))),
        configuration.clean,
        configuration.registers.csv,
        at.results / "tmp",
    )
    if faults:
        raise FaultsFound(faults)
    print("The registers keep the contract.")
