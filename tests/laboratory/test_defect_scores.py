"""Recall and precision of cleaning against a made-up ledger."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.laboratory import schemas
from tiltakseffekt.laboratory.defects import RULES, read_findings, read_ledger, score_defects
from tiltakseffekt.laboratory.exhibits.validation import datadefekter
from tiltakseffekt.stages.clean.checks import SENTENCES
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.synthetic.defects.settings import DEFECTS

CONTRACT = load_contract(Path(__file__).parents[2] / "config/registers.yaml")


def ledger(*rows):
    return pd.DataFrame(rows, columns=["defect", "table", "key"], dtype="str")


def findings(*rows):
    return pd.DataFrame(rows, columns=["table", "rule", "key"], dtype="str")


def test_every_defect_has_rules_that_exist():
    named = {rule for table in CONTRACT.tables.values() for rule in (*table.row_rules, *table.repairs)}
    assert set(RULES) == set(DEFECTS)
    for table, rules in RULES.values():
        assert set(rules) <= named | set(SENTENCES)
        assert table in ("", *CONTRACT.tables)


def test_recall_counts_planted_rows_and_precision_found_ones():
    planted = ledger(
        ("late_deregistration", "employment", "a|201801|E"),
        ("late_deregistration", "employment", "a|201802|E"),
        ("expired_codes", "tiltak", "a|X|201801"),
    )
    found = findings(
        ("employment", "unpaid_job", "a|201801|E"),
        ("employment", "unpaid_job", "b|201801|E"),
        ("employment", "unpaid_job", "c|201801|E"),
        ("employment", "duplicate_row", "a|201802|E"),
        ("tiltak", "overlapping_spell", "a|X|201801"),
    )
    scores = score_defects(planted, found).set_index("defect")
    late = scores.loc["late_deregistration"]
    assert (late["planted"], late["found"], late["flagged"], late["right"]) == (2, 1, 3, 1)
    assert (late["recall"], late["precision"]) == (0.5, pytest.approx(1 / 3))
    assert scores.loc["expired_codes", "recall"] == 0
    assert pd.isna(scores.loc["expired_codes", "precision"])
    assert scores.loc["overlapping_spells", "precision"] == 0
    assert table_faults(scores.reset_index(), schemas.DEFECT_SCORES) == []


def test_what_a_rule_finds_is_right_for_each_defect_that_it_is_meant_for():
    planted = ledger(("duplicate_rows", "income", "a|2018"), ("duplicate_parts", "income", "b|2018"))
    found = findings(("income", "duplicate_row", "a|2018"), ("income", "duplicate_row", "b|2018"))
    scores = score_defects(planted, found).set_index("defect")
    assert scores.loc[["duplicate_rows", "duplicate_parts"], "precision"].tolist() == [1, 1]
    assert scores.loc[["duplicate_rows", "duplicate_parts"], "planted"].tolist() == [1, 1]


def test_a_rule_counts_only_in_its_table():
    planted = ledger(("old_office_numbers", "nav_status", "a|202001"))
    scores = score_defects(planted, findings(("residence", "old_number", "a|2020"))).set_index("defect")
    assert scores.loc["old_office_numbers", "flagged"] == 0
    assert scores.loc["old_municipality_numbers", "precision"] == 0


def test_registers_without_a_ledger_have_no_scores_and_sound_ones_only_zeros():
    assert read_ledger([]) is None
    nothing = score_defects(None, findings())
    assert nothing.empty
    assert datadefekter(nothing).empty
    cells = datadefekter(score_defects(ledger(), findings()))
    assert cells["value"].dropna().eq(0).all()
    assert list(dict.fromkeys(cells["row"])) == list(DEFECTS)


def test_findings_are_read_with_their_keys_as_delivered(tmp_path):
    rows = pd.DataFrame({"person_id": ["a", "b"], "year": ["2018", None], "work_income": ["1", "2"]})
    rows = rows.assign(column="year", rule=["duplicate_row", "missing_value"], action="set_aside")
    rows.to_parquet(tmp_path / "income.parquet")
    found = read_findings([tmp_path / "income.parquet"], CONTRACT)
    assert found.to_numpy().tolist() == [["income", "duplicate_row", "a|2018"], ["income", "missing_value", "b|"]]


def test_shares_of_the_exhibit_rest_on_their_counts():
    planted = ledger(("wrong_century", "person", "a"), ("wrong_century", "person", "b"))
    cells = datadefekter(score_defects(planted, findings(("person", "wrong_century", "a"))))
    recall = cells[(cells["row"] == "wrong_century") & (cells["column"] == "recall")].iloc[0]
    assert (recall["value"], recall["count"], recall["base"]) == (50, 1, 2)
