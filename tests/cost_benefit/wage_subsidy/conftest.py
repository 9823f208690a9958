"""The real parameters and printed cells, read once, and their reconstruction."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.cost_benefit.audit.cells import read_cells
from tiltakseffekt.cost_benefit.wage_subsidy.alternatives import specified_inputs
from tiltakseffekt.cost_benefit.wage_subsidy.audit import STEPS_000, STEPS_001
from tiltakseffekt.cost_benefit.wage_subsidy.parameters import parse_parameters
from tiltakseffekt.cost_benefit.wage_subsidy.reconstruction import reconstruct

CONFIG = Path(__file__).parents[3] / "config"


def _cells(document, steps):
    file = CONFIG / "published" / f"{document}.csv"
    return read_cells(pd.read_csv(file, dtype="str", keep_default_na=False), steps)


@pytest.fixture(scope="session")
def wage_subsidy_parameters():
    return parse_parameters(read_yaml(CONFIG / "wage_subsidy.yaml"))


@pytest.fixture(scope="session")
def seed_000():
    return _cells("seed-000", STEPS_000)


@pytest.fixture(scope="session")
def seed_001():
    return _cells("seed-001", STEPS_001)


@pytest.fixture(scope="session")
def stated(wage_subsidy_parameters):
    return specified_inputs(wage_subsidy_parameters)


@pytest.fixture(scope="session")
def found(seed_000, wage_subsidy_parameters):
    return reconstruct(seed_000, wage_subsidy_parameters)
