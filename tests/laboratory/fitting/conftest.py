"""The study that the project fits, and a few thousand persons simulated and measured in it once."""

from pathlib import Path

import pytest
from tests.arms import ARMS

from tiltakseffekt.core.codebook import read_codebooks as read_books
from tiltakseffekt.documents.calibration.choices import load_choices
from tiltakseffekt.documents.calibration.comparison import printed_targets, read_published
from tiltakseffekt.laboratory.fitting.measurement import measured, on_cores
from tiltakseffekt.laboratory.fitting.study import Study
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.stages.description.settings import DescriptionSettings
from tiltakseffekt.stages.panel.settings import PanelSettings
from tiltakseffekt.synthetic.parameters import read_codebooks, read_parameters

CONFIG = Path(__file__).parents[3] / "config"
PARAMETERS = ("lives", "fitted", "permanent", "permanent_weights")
BOOKS = ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering")
PERSONS, SEED = 2_000, 3


@pytest.fixture(scope="session")
def study():
    return Study(
        parameters=read_parameters(*(CONFIG / "synthetic" / f"{name}.yaml" for name in PARAMETERS)),
        simulation=read_codebooks(*(CONFIG / "codebook" / f"{name}.csv" for name in BOOKS)),
        codebooks=read_books((CONFIG / "codebook").glob("*.csv")),
        choices=load_choices(CONFIG / "documents"),
        targets=printed_targets(
            *read_published([CONFIG / "documents/effektrapport_2024/numbers.csv"], CONFIG / "codebook" / "labels.csv")
        ),
        arms=ARMS,
        description=DescriptionSettings(),
        cohorts=CohortSettings(),
        panel=PanelSettings(),
    )


@pytest.fixture(scope="session")
def measurement(study):
    with on_cores(1) as measure:
        return measured(study, study.parameters.fitted, PERSONS, SEED, measure)
