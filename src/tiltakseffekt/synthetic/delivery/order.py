"""What is to be delivered, and whether a request for it can be met."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from tiltakseffekt.core import codebook
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.stages.registers.contract import Contract
from tiltakseffekt.stages.registers.settings import CsvFormat
from tiltakseffekt.synthetic.defects.settings import DefectSettings
from tiltakseffekt.synthetic.parameters import Codebooks, Parameters

Format = Literal["parquet", "csv"]

#: chosen: under a gigabyte in a worker (measured: 0.2 GB, and 0.03 GB per 1 000 persons).
PERSONS_PER_SHARD: Final = 20_000
MOST_SHARDS: Final = 512


@dataclass(frozen=True)
class Order:
    """What is to be delivered.

    Parameters
    ----------
    seed, scale, shards
        As in `simulate_shard`.
    form, csv_format
        How register tables are written; the truth is Parquet always.
    parameters, codebooks
        What the simulation takes from config.
    defects
        Defects that are planted.
    contract, code_lists
        What planting them takes from config.
    sources
        Hashes of what is behind the registers: files of parameters, code, environment.
    """

    seed: int
    scale: float
    shards: int
    form: Format
    csv_format: CsvFormat
    parameters: Parameters
    codebooks: Codebooks
    defects: DefectSettings
    contract: Contract
    code_lists: codebook.Codebooks
    sources: Mapping[str, str]

    @property
    def persons(self) -> int:
        """How many persons there will be."""
        return round(self.parameters.fitted.persons * self.scale)

    def manifest(self) -> dict[str, Any]:
        """Return what decides the content, with its hash."""
        content = {
            "seed": self.seed,
            "scale": self.scale,
            "shards": self.shards,
            "format": self.form,
            "csv": self.csv_format.model_dump() if self.form == "csv" else None,
            "defects": self.defects.rates,
            **self.sources,
        }
        return {**content, "hash": hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()}


def shards_for(persons: int) -> int:
    """Return into how many shards persons are divided so that a worker stays well below a gigabyte."""
    return max(1, min(MOST_SHARDS, -(-persons // PERSONS_PER_SHARD)))


def check_request(scale: float, cores: int, shards: int | None, form: str, population: int) -> Format:
    """Return the format when everything about a request holds.

    Raises
    ------
    FaultsFound
        With everything that does not.
    """
    persons = round(population * scale) if 0 < scale <= 1 else population
    rules = [
        (
            "scale",
            0 < scale <= 1,
            "the scale lies above 0 and is at most 1",
            f"1 is all {spaced(population)} persons.",
        ),
        ("scale", persons > 0, "there is at least one person", f"Give more than {1 / population:.0e}."),
        ("cores", cores >= 1, "there is at least one core", "Leave it out to use all."),
        (
            "shards",
            shards is None or 1 <= shards <= min(MOST_SHARDS, max(persons, 1)),
            f"the number of shards lies between 1 and {MOST_SHARDS}, and is at most that of persons",
            "Leave it out to let it follow from the scale.",
        ),
        ("format", form in get_args(Format), "the format is parquet or csv", "Give one of them."),
    ]
    faults = [
        Fault("simulate-registers", f"--{name}", rule, 1, remedy) for name, holds, rule, remedy in rules if not holds
    ]
    if faults:
        raise FaultsFound(faults)
    return "csv" if form == "csv" else "parquet"


def spaced(number: int) -> str:
    """Write a number with spaces between thousands."""
    return f"{number:,}".replace(",", " ")
