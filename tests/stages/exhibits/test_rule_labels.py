"""Every register table, and every rule by which cleaning finds a row, has a word."""

from pathlib import Path

import pytest

from tiltakseffekt.config.evaluations import all_labels
from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.stages.clean.checks import SENTENCES, all_checks, mends, row_checks
from tiltakseffekt.stages.registers.contract import load_contract

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_rule_and_every_table_has_a_word(language):
    words = all_labels(CONFIG, language)["tiltakseffekter"].groups["registers"]
    codebooks = read_codebooks((CONFIG / "codebook").glob("*.csv"))
    tables = load_contract(CONFIG / "registers.yaml").tables
    rules = {*SENTENCES, *tables}
    for name, table in tables.items():
        renumbered = {key: {"7201", "1289"} for key, column in table.columns.items() if column.renumbered}
        repairs = mends(table, codebooks, renumbered, look_up_person=True)
        rules |= {check.rule for check in all_checks(name, row_checks(table, codebooks, True, repairs), repairs)}
    assert rules <= set(words)
