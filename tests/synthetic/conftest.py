"""A few thousand simulated persons, drawn once and read by many tests, and ways to draw others."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tiltakseffekt.synthetic.municipalities import draw_municipalities
from tiltakseffekt.synthetic.parameters import MONTHS, read_codebooks, read_parameters
from tiltakseffekt.synthetic.permanent.shard import with_permanent_measures
from tiltakseffekt.synthetic.records import Lives
from tiltakseffekt.synthetic.simulate import draw_lives, register_tables

CONFIG = Path(__file__).parents[2] / "config"
BOOKS = [CONFIG / "codebook" / f"{name}.csv" for name in ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering")]
SEED, PERSONS = 11, 4_000


class World(NamedTuple):
    """Lives, the same with permanent measures laid over them, and the tables that tell of the latter."""

    core: Lives
    lives: Lives
    ids: list[str]
    arrow: dict[str, pa.Table]
    tables: dict[str, pd.DataFrame]


@pytest.fixture(scope="session")
def config():
    return CONFIG


@pytest.fixture(scope="session")
def parameters():
    files = ("lives", "fitted", "permanent", "permanent_weights")
    return read_parameters(*(CONFIG / "synthetic" / f"{name}.yaml" for name in files))


@pytest.fixture(scope="session")
def codebooks():
    return read_codebooks(*BOOKS)


@pytest.fixture(scope="session")
def draw(codebooks):
    """Return a function that draws lives under given parameters; persons are numbered from ``first``."""

    def lives(parameters, count, first=0, seed=SEED):
        places = draw_municipalities(seed, parameters, codebooks)
        return draw_lives(seed, np.arange(first, first + count), parameters, codebooks, places)

    return lives


@pytest.fixture(scope="session")
def world(draw, parameters, codebooks):
    lives = draw(parameters, PERSONS)
    ids = [f"{number:010d}" for number in range(PERSONS)]
    places = draw_municipalities(SEED, parameters, codebooks)
    tables = register_tables(SEED, lives, parameters, codebooks, places, ids)
    made = with_permanent_measures(SEED, lives, places, codebooks, parameters)
    told = Lives(lives.persons, made.months, made.spells, lives.episodes)
    return World(lives, told, ids, tables, {name: table.to_pandas() for name, table in tables.items()})


@pytest.fixture(scope="session")
def grid(world):
    """Return a function that spreads a column of a table over persons and months since 2000-01."""

    def spread(name, column=None, rows=None):
        table = world.tables[name] if rows is None else world.tables[name].loc[rows]
        result = np.zeros((len(world.ids), MONTHS))
        person = table["person_id"].astype(int).to_numpy()
        month = months_since_2000(table["month"]).to_numpy()
        np.add.at(result, (person, month), 1 if column is None else table[column].to_numpy())
        return result

    return spread


def months_since_2000(column):
    return (column // 100 - 2000) * 12 + column % 100 - 1


@pytest.fixture(scope="session")
def since_2000():
    return months_since_2000


@pytest.fixture(scope="session")
def changed():
    """Return a function that gives parameters with other values at dotted names."""

    def with_values(parameters, values):
        content = parameters.model_dump()
        for name, value in values.items():
            *sections, key = name.split(".")
            place = content
            for section in sections:
                place = place[section]
            assert key in place, name
            place[key] = value
        return type(parameters).model_validate(content)

    return with_values
