"""The parameters fit each other and the codebooks, and weights move towards the targets."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.permanent.course import draw_courses, subsidy_age, vta_age
from tiltakseffekt.synthetic.permanent.fitting import next_weights
from tiltakseffekt.synthetic.permanent.overlay import codes, rows_before
from tiltakseffekt.synthetic.permanent.parameters import COUNTY_UNITS, Permanent, Weights


def test_diagnoses_and_units_are_those_of_the_codebooks(parameters, config):
    diagnoses = pd.read_csv(config / "codebook" / "diagnose.csv")
    assert list(parameters.diagnosis.groups) == diagnoses["code"].tolist()
    assert list(COUNTY_UNITS) == pd.read_csv(config / "codebook" / "fylkesenhet.csv")["key"].tolist()


def test_codes_are_those_of_the_codebook(parameters, config):
    known = set(pd.read_csv(config / "codebook" / "tiltaksgruppering.csv")["code"])
    assert set(codes(parameters)) <= known


def test_shares_sum_to_one(parameters):
    subsidy = parameters.subsidy
    rows = subsidy.industries.values()
    for shares in (
        subsidy.degrees.values(),
        subsidy.hours.shares.values(),
        subsidy.hours.part_time.values(),
        subsidy.rates.values(),
        subsidy.after.benefits.values(),
        *(row.sectors.values() for row in rows),
        [row.share for row in rows],
        [row.latest for row in rows],
    ):
        assert sum(shares) == pytest.approx(1, abs=0.02)


def test_diagnoses_add_up_to_the_published_rows(parameters, config):
    published = pd.read_csv(config / "documents/vlt_rapport/numbers.csv")
    table = published.loc[(published["exhibit"] == "tabell-5-1") & (published["kind"] == "table")]
    groups = pd.read_csv(config / "codebook" / "diagnose.csv").set_index("code")
    shares = pd.DataFrame(parameters.diagnosis.groups).T
    for column, kind in (("Uføre med VLT", "varig_lonnstilskudd"), ("Alle nye uføre 2017", "andre")):
        printed = table.loc[table["column"] == column].set_index("row")["value"].astype(float)
        found = shares[kind].groupby(groups["row_vlt_rapport"]).sum()
        for row, value in found.items():
            assert value == pytest.approx(printed[row], abs=0.11), row


def test_unknown_parameters_are_refused(parameters):
    values = parameters.model_dump()
    values["vta"]["unheard_of"] = 1
    with pytest.raises(ValidationError, match="unheard_of"):
        Permanent.model_validate(values)


@pytest.mark.parametrize(("years", "bracket"), [(20, 0), (24, 0), (25, 1), (44, 4), (45, 5), (59, 7), (61, 8), (66, 9)])
def test_ages_of_the_subsidy(years, bracket):
    assert subsidy_age(years) == bracket


@pytest.mark.parametrize(("years", "bracket"), [(18, 0), (20, 1), (29, 2), (30, 3), (59, 5), (60, 6), (66, 6)])
def test_ages_of_vta(years, bracket):
    assert vta_age(years) == bracket


def test_weights_come_nearer_to_the_targets_with_every_round(core, parameters, weights, groups):
    level = dict.fromkeys(weights.subsidy_age, 0.0)
    rows, weights = rows_before(groups), weights.model_copy(update={"subsidy_age": level})

    def distance(expected):
        wanted = array(parameters.subsidy.age) / sum(parameters.subsidy.age.values())
        return np.abs(expected.subsidy_age / expected.subsidy_age.sum() - wanted).max()

    distances = []
    for _ in range(8):
        expected = draw_courses(11, core, rows, parameters, weights)[1]
        distances.append(distance(expected))
        weights = next_weights(weights, expected, 0.05, parameters)
    assert isinstance(weights, Weights)
    assert distances[-1] < distances[0] / 2
