"""What is made in memory is what cleaning and panel stage make of the same registers in files."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core.tables import write_arrow
from tiltakseffekt.laboratory.fitting.simulated import simulated_tables
from tiltakseffekt.stages.clean.tables import Destination, Finished, Resources, Source, clean_table
from tiltakseffekt.stages.description.measuring import measure_shard, read_shard
from tiltakseffekt.stages.description.people import COLUMNS
from tiltakseffekt.stages.panel.months import SOURCES, build_panel
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.stages.registers.settings import CsvFormat
from tiltakseffekt.synthetic.municipalities import draw_municipalities
from tiltakseffekt.synthetic.simulate import draw_lives, register_tables

PERSONS, SEED = 5_000, 8
KEYS = ("person_id", "month", "year", "measure_code", "start_month")


@pytest.fixture(scope="module")
def made(study, tmp_path_factory):
    """Return the tables of one shard as made in memory and as read after both stages."""
    folder = tmp_path_factory.mktemp("registers")
    parameters, books = study.parameters, study.simulation
    places = draw_municipalities(SEED, parameters, books)
    lives = draw_lives(SEED, np.arange(PERSONS), parameters, books, places)
    ids = [f"{number:010d}" for number in range(PERSONS)]
    received = register_tables(SEED, lives, parameters, books, places, ids)
    contract = load_contract(Path(__file__).parents[3] / "config" / "registers.yaml")
    resources = Resources("500MB", 1, folder / "work")
    paths = {}
    for name in dict.fromkeys((*SOURCES, *(name for name in COLUMNS if name != "panel"))):
        write_arrow(received[name], folder / f"{name}.parquet")
        paths[name] = folder / f"clean-{name}.parquet"
        counts = clean_table(
            name,
            Source((folder / f"{name}.parquet",), CsvFormat()),
            contract,
            study.codebooks,
            Destination([paths[name]], folder / f"quarantine-{name}.parquet"),
            resources,
            Finished(() if name == "person" else (paths["person"],)),
        )
        assert counts.kept == counts.received > 0, name
    write_arrow(build_panel(paths, study.months, study.panel, resources), folder / "panel.parquet")
    staged = read_shard({**paths, "panel": folder / "panel.parquet"})
    return simulated_tables(SEED, lives, study, places, ids), staged


@pytest.mark.parametrize("name", COLUMNS)
def test_tables_in_memory_are_those_of_the_stages(made, name):
    memory, staged = (tables[name].to_pandas() for tables in made)
    key = [
        column for column in COLUMNS[name] if column in ("person_id", "month", "year", "measure_code", "start_month")
    ]
    memory, staged = (table.sort_values(key, ignore_index=True) for table in (memory, staged))
    pd.testing.assert_frame_equal(memory, staged, check_dtype=False)


def test_they_measure_the_same(made, study):
    memory, staged = (measure_shard(tables, study.codebooks, study.arms) for tables in made)
    pd.testing.assert_frame_equal(memory, staged)
