"""The prices hold their sources, and every fault in them is reported at once."""

import copy
import csv
from pathlib import Path

import pytest
from tests.arms import ARMS

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import parse_parameters as parse_wage_subsidy
from tiltakseffekt.evaluations.varig_lonnstilskudd.taxes import income_tax
from tiltakseffekt.stages.cost_benefit.parameters import other_samples, parse_parameters

FILE = Path(__file__).parents[3] / "config/evaluations/tiltakseffekter/prices.yaml"


def _printed():
    """Return the printed cells of Tabell 7-2 by measure and column."""
    config = FILE.parents[2]
    with (config / "codebook" / "labels.csv").open(encoding="utf-8") as file:
        key_of = {row["label"]: row["key"] for row in csv.DictReader(file)}
    with (config / "documents/effektrapport_2024/numbers.csv").open(encoding="utf-8") as file:
        return {
            (key_of[row["row"]], key_of[row["column"]]): float(row["value"])
            for row in csv.DictReader(file)
            if row["exhibit"] == "tabell-7-2" and row["kind"] == "table"
        }


PRINTED = _printed()


@pytest.fixture
def content():
    return copy.deepcopy(read_yaml(FILE))


def faults_of(content):
    with pytest.raises(FaultsFound) as caught:
        parse_parameters(content, ARMS.measures)
    return {fault.column: fault.rule for fault in caught.value.faults}


def test_the_file_covers_the_measures_of_the_analysis(content):
    parameters = parse_parameters(content, ARMS.measures)
    assert tuple(parameters.measures) == ARMS.valued
    assert parameters.unpriced(ARMS.valued) == ()
    assert other_samples(content) == ["aft_sample", "cohort_2016"]


def test_no_printed_result_is_a_price(content):
    measure = content["measures"]["aft"]
    assert not [name for name in measure if "effect_y" in name or name in ("duration", "tiltakspenger_share")]
    content["measures"]["aft"]["wage_effect_y1"] = content["measures"]["aft"]["price"]
    assert faults_of(content) == {"measures.aft.wage_effect_y1": "is not a parameter of the analysis"}


def test_a_new_measure_needs_no_printed_effect_and_one_without_a_price_is_told(content):
    new = {"caseworker_factor": content["measures"]["aft"]["caseworker_factor"]}
    content["measures"]["nytt_tiltak"] = new | {"price": content["measures"]["aft"]["price"]}
    registered = (*ARMS.measures, "nytt_tiltak", "uten_pris")
    parameters = parse_parameters(content, registered)
    assert parameters.measures["nytt_tiltak"].price.value == 18_700
    assert parameters.unpriced(registered) == ("avklaring", "uten_pris")
    content["measures"]["nytt_tiltak"] = new
    with pytest.raises(FaultsFound, match="has no price"):
        parse_parameters(content, registered)


def test_prices_are_those_printed(content):
    for key, measure in parse_parameters(content, ARMS.measures).measures.items():
        if measure.price:
            assert measure.price.value == PRINTED[key, "budsjettkostnad_per_maned"]


def test_all_faults_are_reported_at_once(content):
    del content["general"]["discount_rate"]["line"]
    del content["general"]["labour_cost_factor"]["document"]
    content["general"]["real_wage_growth"]["unit"] = "percent"
    content["general"]["tiltakspenger_per_day"]["price_year"] = 2023
    content["general"]["tax_on_benefits"]["document"] = "seed-999"
    content["measures"]["aft"]["price"]["value"] = -18700
    content["measures"]["amo"]["prise"] = content["measures"]["amo"].pop("price")
    faults = faults_of(content)
    assert faults["general.discount_rate.line"] == "the parameter has no source"
    assert faults["general.labour_cost_factor.document"] == "the parameter has no source"
    assert "percent_per_year" in faults["general.real_wage_growth.unit"]
    assert "2022" in faults["general.tiltakspenger_per_day.price_year"]
    assert "effektrapport_2024" in faults["general.tax_on_benefits.document"]
    assert "greater than or equal to 0" in faults["measures.aft.price.value"]
    assert faults["measures.amo.prise"] == "is not a parameter of the analysis"
    assert len(faults) == 7


def test_money_needs_a_price_year(content):
    del content["price_year"]
    assert "price_year" in faults_of(content)


def test_an_unknown_measure_is_one_fault(content):
    content["measures"]["lonnstilskudd"] = content["measures"]["aft"]
    assert faults_of(content) == {"measures": "not measures of the evaluation: lonnstilskudd"}


def test_a_negative_price_a_mixed_price_year_and_a_missing_source_are_one_fault_each(content):
    content["measures"]["aft"]["price"]["value"] = -1
    content["measures"]["amo"]["price"]["price_year"] = 2021
    del content["general"]["discount_rate"]["line"]
    found = faults_of(content)
    assert set(found) == {"measures.aft.price.value", "measures.amo.price.price_year", "general.discount_rate.line"}
    assert found["general.discount_rate.line"] == "the parameter has no source"


def test_what_is_uncertain_needs_a_source_or_a_reason(content):
    del content["uncertainty"]["parameters"]["price"]["chosen"]
    content["uncertainty"]["parameters"]["duration"]["low"] = 2
    assert faults_of(content) == {
        "uncertainty.parameters.price": "say either document and line, or why it was chosen",
        "uncertainty.parameters.duration": "the lowest value lies above the highest",
    }


def test_the_tax_on_wages_is_that_of_the_wage_in_the_document(content):
    tax = parse_wage_subsidy(read_yaml(FILE.parents[1] / "varig_lonnstilskudd/prices.yaml")).tax
    parameters = parse_parameters(content, ARMS.measures)
    wage = 12 * parameters.measures["midl_lonnstilskudd"].wage_subsidy.gross_wage.value
    assert round(100 * income_tax(wage, tax) / wage) == parameters.fiscal.tax_on_wages.value
    assert parameters.fiscal.employer_contribution.value == tax.employer_contribution.value
