"""What the commands about synthetic registers share: where the parameters stand, and what is ordered of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tiltakseffekt.cli.place import MAIN, Place
from tiltakseffekt.config.loading import load_configuration
from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.files import sha256
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.synthetic.delivery.order import Order, check_request, shards_for
from tiltakseffekt.synthetic.parameters import read_codebooks as read_simulation_codebooks
from tiltakseffekt.synthetic.parameters import read_parameters
from tiltakseffekt.workflow.code import code_hash

_PARAMETERS: Final = ("lives", "fitted", "permanent", "permanent_weights")
_CODEBOOKS: Final = ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering")
_DEFECT_CODEBOOKS: Final = ("kommuneendringer", "kontorendringer")
_DELIVER: Final = "tiltakseffekt.synthetic.delivery.deliver:deliver"


def parameter_files(config: Path) -> list[Path]:
    """Return the files of the parameters: lives, what is fitted, permanent measures, their weights."""
    return [config / "synthetic" / f"{name}.yaml" for name in _PARAMETERS]


def codebook_files(config: Path) -> list[Path]:
    """Return the code lists that the simulation reads."""
    return [config / "codebook" / f"{name}.csv" for name in _CODEBOOKS]


@dataclass(frozen=True)
class Wanted:
    """What is asked for; what is None follows from the configuration or the scale."""

    cores: int
    scale: float | None = None
    seed: int | None = None
    shards: int | None = None
    form: str | None = None


def order_of(wanted: Wanted, at: Place) -> Order:
    """Return an order of synthetic registers, with everything that decides the bytes.

    Raises
    ------
    FaultsFound
        If the request cannot be met.
    """
    configuration = load_configuration(at.config)[MAIN]
    registers = configuration.registers
    contract = at.config / "registers.yaml"
    sources, books = parameter_files(at.config), codebook_files(at.config)
    changes = [at.config / "codebook" / f"{name}.csv" for name in _DEFECT_CODEBOOKS]
    parameters = read_parameters(*sources)
    scale = registers.scale if wanted.scale is None else wanted.scale
    persons = parameters.fitted.persons
    form = check_request(scale, wanted.cores, wanted.shards, wanted.form or registers.delivery, persons)
    behind = (*sources, *books, *changes, contract, at.root / "uv.lock")
    return Order(
        seed=configuration.seed if wanted.seed is None else wanted.seed,
        scale=scale,
        shards=wanted.shards or shards_for(round(persons * scale)),
        form=form,
        csv_format=registers.csv,
        parameters=parameters,
        codebooks=read_simulation_codebooks(*books),
        defects=registers.defects,
        contract=load_contract(contract),
        code_lists=read_codebooks([*books, *changes]),
        sources={
            **{path.relative_to(at.root).as_posix(): sha256(path) for path in behind},
            "code": code_hash(at.root / "scripts/synthetic/simulate_registers.py", _DELIVER),
        },
    )
