"""The printed inputs are those of the tables, and the stated rules give from them what they gave before."""

import copy
from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.documents.audit.reading import NAMES, prices_of_document
from tiltakseffekt.documents.audit.specified import parse_stated_inputs, specified_inputs
from tiltakseffekt.stages.cost_benefit.engine import Span, net_benefit
from tiltakseffekt.stages.cost_benefit.sensitivity import sensitivity_of_basis

CONFIG = Path(__file__).parents[3] / "config"
DOCUMENT = CONFIG / "documents/effektrapport_2024"
PARAMETERS = prices_of_document(read_yaml(CONFIG / "evaluations/tiltakseffekter/prices.yaml"))


@pytest.fixture
def content():
    return copy.deepcopy(read_yaml(DOCUMENT / "stated_inputs.yaml"))


@pytest.fixture(scope="module")
def printed():
    read = {"dtype": "str", "keep_default_na": False}
    labels = pd.read_csv(CONFIG / "codebook/labels.csv", **read)
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    rows = pd.read_csv(DOCUMENT / "numbers.csv", **read)
    rows = rows[rows["exhibit"].isin(["tabell-7-2", "tabell-7-4", "tabell-7-5"]) & (rows["kind"] == "table")]
    return {(key_of[r.row], key_of[r.column]): float(r.value) for r in rows.itertuples()}


def test_the_inputs_are_those_printed(content, printed):
    stated = parse_stated_inputs(content).measures
    assert tuple(stated) == tuple(NAMES)
    for key, measure in stated.items():
        assert measure.duration.value == printed[key, "gjennomsnittlig_varighet"]
        assert measure.tiltakspenger_share.value == printed[key, "andel_av_tiltaksmaneder_med_tiltakspenger"]
        assert measure.effects[:2] == (printed[key, "effekt_lonn_ar_0_1"], printed[key, "effekt_lonn_ar_1_2"])
        assert measure.effects[-1] == printed[key, "effekt_lonn_ar_2_7"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "many", None])
def test_an_effect_is_a_number(content, value):
    content["measures"]["aft"]["wage_effect_y1"]["value"] = value
    with pytest.raises(FaultsFound) as caught:
        parse_stated_inputs(content)
    assert [fault.column for fault in caught.value.faults] == ["measures.aft.wage_effect_y1.value"]


def test_the_effect_of_utdanning_begins_anew_in_year_four_and_lasts_to_year_fourteen(content):
    case = specified_inputs(parse_stated_inputs(content), PARAMETERS)["utdanning"].case
    assert case.effects == (-4800, -3300, 0, 4500)
    assert case.spans[-1] == Span(37, 168)
    assert case.lasting == 2


def test_a_measure_of_which_nothing_is_printed_is_not_specified(content):
    del content["measures"]["aft"]
    found = specified_inputs(parse_stated_inputs(content), PARAMETERS)
    assert tuple(found) == tuple(key for key in NAMES if key != "aft")


def test_the_aft_of_the_other_sample_still_costs_more_than_it_gives(content):
    given = specified_inputs(parse_stated_inputs(content), PARAMETERS)
    rows = sensitivity_of_basis("as_specified", {"aft": given["aft"]}, PARAMETERS).set_index("item")["value"]
    assert rows["net_alternative_sample"] == pytest.approx(-129_000, abs=1000)
    assert 14 < rows["years_alternative_sample"] < 15
    assert net_benefit(given["aft"].case) < 0
