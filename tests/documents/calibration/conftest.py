"""Made-up persons with permanent measures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from tests.arms import ARMS

from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.months import month
from tiltakseffekt.documents.calibration.histories import MONTHS
from tiltakseffekt.stages.description.measuring import add_up, measure_shard
from tiltakseffekt.stages.description.people import COLUMNS

#: Month in which a made-up person starts on a subsidy.
START = month(2019, 1)
#: Columns of the described tables that are no text.
NUMBERS = ("year", "month", "birth_month", "start_month", "stop_month", "wage", "disability_degree")
FLAGS = ("main_measure", "in_work", "high_income", "on_measure", "aap", "tiltakspenger")


@pytest.fixture(scope="session")
def codebooks():
    return read_codebooks((Path(__file__).parents[3] / "config/codebook").glob("*.csv"))


@pytest.fixture(scope="session")
def described_nobody(codebooks):
    """Sums over nobody."""

    def kind(name):
        return pa.int32() if name in NUMBERS else pa.bool_() if name in FLAGS else pa.string()

    empty = {
        table: pa.schema([(name, kind(name)) for name in columns]).empty_table() for table, columns in COLUMNS.items()
    }
    return add_up([measure_shard(empty, codebooks, ARMS)])


def spell(person, code, measure, start, stop=None, main=True):
    return {
        "person_id": person,
        "measure_code": code,
        "measure": measure,
        "start_month": start,
        "stop_month": stop,
        "main_measure": main,
    }


def months_of(person, first, last, **values):
    return [{"person_id": person, "month": when, **values} for when in range(first, last + 1)]


@pytest.fixture(scope="session")
def permanent_tables():
    """One keeps a job with the subsidy after a year of sykepenger, one moves from VTA-S to VTA-O, one has neither."""
    person = pd.DataFrame(
        {
            "person_id": ["a", "b", "c"],
            "sex": ["1", "2", "1"],
            "birth_month": [month(1970, 1), month(1990, 6), month(1980, 1)],
            "death_month": [np.nan, np.nan, np.nan],
            "emigration_month": [np.nan, np.nan, np.nan],
        }
    )
    tiltak = [
        spell("a", "MIDLONTIL", "midl_lonnstilskudd", START - 8, START - 1),
        spell("a", "VARLONTIL", "varig_lonnstilskudd", START, START + 59),
        spell("a", "MENTOR", "tilrettelegging_bedrift", START + 2, START + 5, main=False),
        spell("b", "VASV", "vta", month(2015, 1), month(2019, 12)),
        spell("b", "VATIAROR", "vta", month(2020, 1)),
        spell("c", "AMO", "amo", START, START + 3),
    ]
    status = months_of("a", START - 20, START + 59, nav_group="varig_tilpasset", nav_office="0001")
    status += months_of("b", month(2015, 1), MONTHS - 1, nav_group="varig_tilpasset", nav_office="0002")
    jobs = months_of("a", START - 60, START + 46, employer_id="E1")
    paid = months_of(
        "a", START, START + 59, employer_id="E1", measure_code="VARLONTIL", industry="47", sector="private"
    )
    paid = pd.DataFrame(paid).assign(
        agreed_hours=37.5, wage=30_000.0, wage_cost=40_000.0, subsidy_rate=50.0, subsidy=20_000.0
    )
    hidden = paid["month"] < month(2023, 2)
    paid.loc[hidden, ["wage", "wage_cost", "subsidy_rate"]] = np.nan
    return {
        "person": person,
        "tiltak": pd.DataFrame(tiltak),
        "nav_status": pd.DataFrame(status).assign(jobseeker_status="tiltak"),
        "benefits": pd.DataFrame(months_of("a", START - 24, START - 10, benefit="sykepenger", amount=1.0)),
        "disability": pd.DataFrame(months_of("b", month(2014, 1), MONTHS - 1, degree=100)),
        "employment": pd.DataFrame(jobs),
        "wage_subsidy": paid,
        "vta_place": pd.DataFrame(
            {
                "person_id": ["b", "b"],
                "start_month": [month(2015, 1), month(2020, 1)],
                "stop_month": [month(2019, 12), np.nan],
                "arrangement": ["skjermet", "ordinaer"],
                "interrupted": pd.array([False, None], dtype="boolean"),
            }
        ),
        "diagnosis": pd.DataFrame({"person_id": ["b"], "basis": ["uforetrygd"], "month": [100], "diagnosis": ["F2"]}),
        "nav_office": pd.DataFrame({"nav_office": ["0001", "0002"], "county_unit": ["oslo", "agder"]}),
    }


@pytest.fixture(scope="session")
def providers():
    return pd.DataFrame({"county_unit": ["oslo", "agder", "agder"], "places": [4, 10, 16]})
