import pandas as pd

from tiltakseffekt.documents.audit.cells import Cells, read_cells
from tiltakseffekt.documents.audit.formulas import Name
from tiltakseffekt.documents.audit.intervals import Interval
from tiltakseffekt.documents.audit.verdicts import Rule, Verdict, findings_table, judge

COLUMNS = ["exhibit", "panel", "row", "row_group", "column", "value", "unit", "population", "kind", "line", "note"]
TAX = {"tax": Interval.exactly(0.2)}


def _cells(total: str, words: str = "Positiv") -> Cells:
    rows = [
        ["t", "", "A", "", "Måneder", "2.0", "months", "", "table", "1", ""],
        ["t", "", "A", "", "Pris", "1000", "nok_per_month", "", "table", "1", ""],
        ["t", "", "B", "", "Pris", "1100", "nok_per_month", "", "table", "1", ""],
        ["t", "", "A", "", "Kostnad", total, "nok", "", "table", "1", ""],
        ["t", "", "A", "", "Nytte", words, "text", "", "table", "1", ""],
    ]
    return read_cells(pd.DataFrame(rows, columns=COLUMNS))


RULE = Rule("t|A|Kostnad", (1 + Name("tax")) * Name("t|A|Pris") * Name("t|A|Måneder"), 5, "kostnad")


def _verdict(total: str) -> Verdict:
    return judge(RULE, _cells(total), TAX).verdict


def test_the_verdict_says_how_a_cell_follows() -> None:
    assert _verdict("2400") is Verdict.REPRODUCED
    assert _verdict("2300") is Verdict.WITHIN_ROUNDING
    assert _verdict("2900") is Verdict.INCONSISTENT


def test_an_inferred_input_is_reported_with_its_interval() -> None:
    finding = judge(RULE, _cells("2900"), TAX, inferred={"t|A|Måneder": Interval(2.3, 2.5), "else": Interval(0, 1)})
    assert finding.verdict is Verdict.INFERRED
    assert finding.inferred == {"t|A|Måneder": Interval(2.3, 2.5)}


def test_an_input_that_is_not_printed_can_only_be_inferred() -> None:
    rule = Rule("t|A|Kostnad", Name("t|A|Pris") * Name("unprinted"), 5, "kostnad")
    assert judge(rule, _cells("2400"), inferred={"unprinted": Interval(2.3, 2.5)}).verdict is Verdict.INFERRED
    assert judge(rule, _cells("2900"), inferred={"unprinted": Interval(2.3, 2.5)}).verdict is Verdict.INCONSISTENT


def test_a_contradiction_names_the_cells() -> None:
    finding = judge(RULE, _cells("2900"), TAX)
    assert finding.against == ("t|A|Måneder", "t|A|Pris")


def test_a_cell_without_rule_is_given() -> None:
    assert judge(Rule("t|A|Pris", None, 5, "pris"), _cells("2400")).verdict is Verdict.GIVEN


def test_words_are_judged_by_the_sign() -> None:
    rule = Rule("t|A|Nytte", 1500 - Name("t|A|Pris"), 5, "nytte")
    assert judge(rule, _cells("2400")).verdict is Verdict.REPRODUCED
    assert judge(rule, _cells("2400", "Negativ")).verdict is Verdict.INCONSISTENT


def test_the_table_has_one_row_for_each_finding() -> None:
    table = findings_table("vlt_rapport", [judge(RULE, _cells("2300"), TAX)])
    assert table.loc[0, ["verdict", "exhibit", "line"]].tolist() == ["within_rounding", "t", 1]
