"""The real parameters and printed cells, read once, and their reconstruction."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.documents.audit.cells import read_cells
from tiltakseffekt.documents.wage_subsidy.audit import STEPS_VLT_RAPPORT, STEPS_VTAO_HORING
from tiltakseffekt.documents.wage_subsidy.reconstruction import reconstruct
from tiltakseffekt.evaluations.varig_lonnstilskudd.alternatives import specified_inputs
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import parse_parameters

CONFIG = Path(__file__).parents[3] / "config"


def _cells(document, steps):
    file = CONFIG / "documents" / document / "numbers.csv"
    return read_cells(pd.read_csv(file, dtype="str", keep_default_na=False), steps)


@pytest.fixture(scope="session")
def wage_subsidy_parameters():
    return parse_parameters(read_yaml(CONFIG / "evaluations/varig_lonnstilskudd/prices.yaml"))


@pytest.fixture(scope="session")
def vlt_rapport():
    return _cells("vlt_rapport", STEPS_VLT_RAPPORT)


@pytest.fixture(scope="session")
def vtao_horing():
    return _cells("vtao_horing", STEPS_VTAO_HORING)


@pytest.fixture(scope="session")
def stated(wage_subsidy_parameters):
    return specified_inputs(wage_subsidy_parameters)


@pytest.fixture(scope="session")
def found(vlt_rapport, wage_subsidy_parameters):
    return reconstruct(vlt_rapport, wage_subsidy_parameters)
