"""The parameter file holds its sources, and every fault in it is reported at once."""

import copy
from pathlib import Path

import pytest

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import parse_parameters

FILE = Path(__file__).parents[3] / "config/evaluations/varig_lonnstilskudd/prices.yaml"


@pytest.fixture
def content():
    return copy.deepcopy(read_yaml(FILE))


def faults_of(content):
    with pytest.raises(FaultsFound) as caught:
        parse_parameters(content)
    return {fault.column: fault.rule for fault in caught.value.faults}


def test_months_become_years(content):
    analysis = parse_parameters(content).analysis
    assert analysis.wage.yearly == 447_000
    assert analysis.vtao_subsidy.yearly == 81_696
    assert analysis.basic_amount.yearly == 116_239


def test_the_basic_amounts_are_those_of_the_codebook(content):
    rows = (FILE.parents[2] / "codebook" / "grunnbelop.csv").read_text(encoding="utf-8").splitlines()
    means = {row.split(",")[0]: float(row.split(",")[2]) for row in rows[1:]}
    parameters = parse_parameters(content)
    assert parameters.analysis.basic_amount.value == means["2023"]
    assert parameters.comparison.basic_amount.value == means["2022"]


def test_all_faults_are_reported_at_once(content):
    del content["analysis"]["wage"]["line"]
    content["analysis"]["vtao_subsidy"]["value"] = -1
    content["analysis"]["position"]["unit"] = "share"
    content["tax"]["ordinary_rate"]["document"] = "ukjent"
    content["disability"]["rat"] = content["disability"].pop("rate")
    faults = faults_of(content)
    assert "either a line or a paragraph" in faults["analysis.wage"]
    assert "greater than or equal to 0" in faults["analysis.vtao_subsidy.value"]
    assert "'percent'" in faults["analysis.position.unit"]
    assert "not one of the documents" in faults["tax.ordinary_rate.document"]
    assert faults["disability.rate"] == "is missing"
    assert faults["disability.rat"] == "is not a parameter of the analysis"


def test_a_missing_document_is_a_missing_source(content):
    del content["subsidy"]["cap"]["document"]
    assert faults_of(content) == {"subsidy.cap.document": "the parameter has no source"}


def test_prices_of_two_years_are_not_mixed(content):
    content["analysis"]["wage"]["price_year"] = 2022
    assert faults_of(content) == {"analysis": "prices of another year than 2023: wage"}


def test_brackets_that_fall_are_refused(content):
    content["tax"]["brackets"].reverse()
    assert "the brackets must rise" in faults_of(content)["tax.brackets"]


def test_what_no_report_prints_says_how_it_was_verified(content):
    del content["tax"]["ordinary_rate"]["verified"]
    content["analysis"]["wage"]["verified"] = "source"
    rule = "say how the paragraph was verified, and nothing of that for a line"
    assert faults_of(content) == {"tax.ordinary_rate": rule, "analysis.wage": rule}


def test_what_is_not_verified_yet_is_known(content):
    entries = {
        f"{section}.{name}": entry
        for section, part in content.items()
        for name, entry in part.items()
        if isinstance(entry, dict)
    }
    unverified = {name for name, entry in entries.items() if entry.get("verified") == "unverified"}
    assert unverified == {"tax.employer_contribution", "comparison.nok_per_dkk", "comparison.nok_per_sek"}
    assert all(entry.get("note") for entry in entries.values() if entry.get("verified") in ("quoted", "unverified"))
