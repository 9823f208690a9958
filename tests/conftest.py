"""Two shards of simulated registers with a few hundred persons each, and the places, drawn once for many tests."""

import re
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pytest
from hypothesis import settings

from tiltakseffekt.core.tables import spelt_out
from tiltakseffekt.synthetic.parameters import read_codebooks, read_parameters
from tiltakseffekt.synthetic.simulate import simulate_places, simulate_shard

CONFIG = Path(__file__).parents[1] / "config"
PARAMETERS = [CONFIG / "synthetic" / f"{name}.yaml" for name in ("lives", "fitted", "permanent", "permanent_weights")]
BOOKS = [CONFIG / "codebook" / f"{name}.csv" for name in ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering")]

# How long an example takes says more about the machine than about the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items):
    """Begin with the whole workflow, which takes longest; what compares with its results comes when it is finished."""
    items.sort(key=_turn)


def _turn(item):
    if item.get_closest_marker("extracts"):
        return 2
    if item.get_closest_marker("workflow"):
        return 0
    return 3 if "laboratory" in item.path.parts else 1


@pytest.fixture(scope="session")
def person_files():
    """Return the patterns of files with persons that docs/own-registers.md lists, without braces."""
    text = (CONFIG.parent / "docs" / "own-registers.md").read_text(encoding="utf-8")
    lines = re.search(r"Files with persons, row by row:\n\n```\n(.*?)```", text, re.DOTALL)[1].split()
    parts = [re.fullmatch(r"([^{]*)(?:{(.*)})?(.*)", line).groups("") for line in lines]
    return [f"{before}{name}{after}" for before, names, after in parts for name in names.split(",")]


class Simulated(NamedTuple):
    """Tables of each shard, with their texts spelt out, and the tables that are not about persons."""

    seed: int
    shards: list[dict[str, pa.Table]]
    places: dict[str, pa.Table]


@pytest.fixture(scope="session")
def simulated():
    seed, own = 5, (read_parameters(*PARAMETERS), read_codebooks(*BOOKS))
    shards = [simulate_shard(seed, shard, 0.0003, 2, *own).tables for shard in range(2)]
    return Simulated(seed, list(map(_as_text, shards)), _as_text(simulate_places(seed, *own)))


def _as_text(tables):
    return {name: spelt_out(table) for name, table in tables.items()}
