"""Codebooks: codes to keys, prices and base amounts."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.codebook import (
    base_amounts,
    code_months,
    codebook_values,
    consumer_prices,
    measure_groups,
    nav_groups,
    read_codebooks,
    successors,
)
from tiltakseffekt.core.errors import FaultsFound

CODEBOOKS = read_codebooks((Path(__file__).parents[2] / "config/codebook").glob("*.csv"))


def test_measure_groups_cover_every_arm_and_every_code():
    groups = measure_groups(CODEBOOKS)
    assert set(keys.TREATED_ARMS) <= set(groups.values())
    assert set(groups) == set(CODEBOOKS["tiltaksgruppering.csv"]["code"])
    assert groups["ARBFORB"] == "aft"
    assert groups["UFØREPENLØ"] == "annet"
    assert all(key.isascii() and key == key.lower() for key in groups.values())


def test_nav_groups_cover_every_group_and_split_codes():
    groups = nav_groups(CODEBOOKS)
    assert set(groups.values()) == set(keys.NAV_GROUPS)
    assert groups["VURDU"] == "sykmeldt"
    assert set(groups) == set(codebook_values(CODEBOOKS, "innsatsgruppe.csv:arena_codes"))


def test_prices_and_base_amounts():
    assert consumer_prices(CODEBOOKS)[2022] == 122.8
    assert base_amounts(CODEBOOKS)[2018] == 96883


def test_a_missing_codebook_is_a_fault():
    with pytest.raises(FaultsFound, match=r"nothing\.csv"):
        codebook_values(CODEBOOKS, "nothing.csv:code")


def test_a_code_in_two_groups_and_a_group_without_key_are_faults():
    books = {
        "labels.csv": pd.DataFrame({"label": ["AFT"], "key": ["aft"]}),
        "tiltaksgruppering.csv": pd.DataFrame({"group": ["AFT", "XYZ"], "code": ["C", "C"]}),
    }
    with pytest.raises(FaultsFound) as error:
        measure_groups(books)
    assert len(error.value.faults) == 2


def test_months_of_a_code_span_its_periods_and_are_open_where_the_codebook_ends():
    book = {
        "m.csv": pd.DataFrame(
            [("A", "201001", "201112"), ("B", "201201", "202212"), ("A", "201301", "201401"), ("C", "", "")],
            columns=["code", "start", "stop"],
            dtype="str",
        )
    }
    assert code_months(book, "m.csv", "code", "start", "stop", 2) == {"A": (0, 201403), "B": (201111, 999912)}


def test_successors_have_the_month_from_which_they_hold():
    book = {"n.csv": pd.DataFrame([("01", "11", "202001", "x")], columns=["old", "new", "month", "source"])}
    assert successors(book, "n.csv") == [("01", "11", 202001)]
