"""The audit of effektrapport_2024 chapter 7: what is possible is found, one set of inputs rebuilds the tables."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.documents.audit.bases import printed_basis, reconstructed_basis
from tiltakseffekt.documents.audit.cells import read_cells
from tiltakseffekt.documents.audit.corrections import corrections
from tiltakseffekt.documents.audit.course_audit import audit, conventions_table, rebuild
from tiltakseffekt.documents.audit.course_inputs import infer
from tiltakseffekt.documents.audit.course_rules import rules
from tiltakseffekt.documents.audit.reading import CHAPTER, HOUR_PRICE, STEPS, TABLES, Reading, prices_of_document
from tiltakseffekt.documents.audit.verdicts import Verdict, findings_table
from tiltakseffekt.documents.exhibits.audit import (
    lengste_varighet,
    nytte_kostnad_kort,
    revisjon_konvensjoner,
)
from tiltakseffekt.documents.measures import COST_BENEFIT_MEASURES
from tiltakseffekt.documents.schemas import AUDIT, CONVENTIONS, CORRECTIONS
from tiltakseffekt.stages.cost_benefit.schemas import COST_BENEFIT, SENSITIVITY

CONFIG = Path(__file__).parents[3] / "config"
OWN = CONFIG / "evaluations/tiltakseffekter"
READ = {"dtype": "str", "keep_default_na": False}
PUBLISHED = pd.read_csv(CONFIG / "documents/effektrapport_2024/numbers.csv", **READ)
LABELS = pd.read_csv(CONFIG / "codebook" / "labels.csv", **READ)
DURATION = "Gjennomsnittlig varighet"


@pytest.fixture(scope="module")
def reading():
    return Reading(read_cells(PUBLISHED, STEPS), prices_of_document(read_yaml(OWN / "prices.yaml")))


@pytest.fixture(scope="module")
def joint(reading):
    return infer(reading)


@pytest.fixture(scope="module")
def findings(reading, joint):
    return {finding.cell.name: finding for finding in audit(reading, joint)}


@pytest.fixture(scope="module")
def rebuilt(reading, joint):
    return rebuild(reading, joint)


@pytest.fixture(scope="module")
def table(findings, rebuilt):
    return findings_table("effektrapport_2024", findings.values(), rebuilt)


def test_every_number_of_the_tables_and_of_the_chapter_has_one_verdict(reading, findings):
    tables = [cell.name for exhibit in TABLES for cell in reading.cells.of(exhibit)]
    text = [cell.name for cell in reading.cells.of("text") if CHAPTER[0] <= cell.line <= CHAPTER[1]]
    assert set(findings) == {*tables, *text}
    assert max(Counter(rule.cell for rule in rules(reading)).values()) == 1


def test_the_rules_name_lines_of_the_document(reading):
    assert all(1 <= rule.line <= 4540 for rule in rules(reading))


def test_one_set_of_unrounded_inputs_rebuilds_all_but_the_cells_in_conflict(reading, findings, rebuilt):
    # The printed durations are not those behind the costs, and are printed in three tables.
    durations = {name for name in rebuilt if name.endswith(DURATION)}
    wrong = {name for name, number in rebuilt.items() if not reading.cells[name].interval.contains(number)}
    in_conflict = {name for name, finding in findings.items() if finding.verdict is Verdict.INCONSISTENT}
    assert {name for name in wrong - durations if name.startswith("tabell")} <= in_conflict
    tables = {name for name in rebuilt if name.startswith("tabell")}
    assert (len(tables), len(tables - wrong)) == (274, 237)


def test_the_summary_is_the_sum_of_the_rounded_rows(findings):
    verdicts = {finding.verdict for finding in findings.values() if finding.cell.exhibit == "tabell-1-1"}
    assert verdicts == {Verdict.REPRODUCED}


def test_no_other_convention_leaves_fewer_cells_in_conflict(reading):
    found = conventions_table(reading, ("monthly", "mid_year"))
    assert table_faults(found, CONVENTIONS) == []
    chosen = found[(found["timing"] == reading.convention.timing) & (found["costs"] == "uten_vekst")]
    assert chosen["in_conflict"].iloc[0] == found["in_conflict"].min()
    assert len(revisjon_konvensjoner(found)) == 4


def test_the_sums_follow_from_the_other_tables(findings):
    sums = [f for name, f in findings.items() if name.startswith("tabell-7-6|Sum prissatte virkninger")]
    assert len(sums) == len(COST_BENEFIT_MEASURES)
    assert {finding.verdict for finding in sums} <= {Verdict.REPRODUCED, Verdict.WITHIN_ROUNDING}


def test_the_misprinted_effect_is_found_with_what_the_other_cells_leave(findings, joint):
    name = "tabell-7-5|Oppfølging|Effekt på månedlig lønn år 2-7"
    assert findings[name].verdict is Verdict.INCONSISTENT
    # 882 kroner are 57 per cent of it.
    assert joint.inferred[name].low == pytest.approx(881.5 / 0.57, rel=1e-6)
    assert joint.inferred[name].high == pytest.approx(882.5 / 0.57, rel=1e-6)
    assert joint.inferred["tabell-7-5|Oppfølging|Effekt på månedlig lønn år 0-1"].high < 0


def test_the_price_of_an_hour_is_a_little_over_450(joint):
    assert 455 < joint.inferred[HOUR_PRICE].low < joint.inferred[HOUR_PRICE].high < 463


def test_the_costs_of_rehabilitation_are_those_of_three_months(joint):
    found = joint.inferred[f"tabell-7-2|Arbeidsrettet rehabilitering|{DURATION}"]
    assert 2.95 < found.low < found.high < 3.05


def test_the_wage_subsidy_costs_more_than_the_first_table_says(findings):
    finding = findings["tabell-7-2|Midlertidig lønnstilskudd|Total samfunnsøkonomisk kostnad"]
    assert finding.verdict is Verdict.INCONSISTENT
    assert finding.computed == pytest.approx(37_500, abs=700)


def test_the_amounts_of_the_break_even_table_are_a_rounded_share_of_the_effect(findings):
    finding = findings["tabell-7-7|AMO|Effekt på månedlig lønn år 2-7"]
    assert (finding.verdict, finding.rule) == (Verdict.INFERRED, "balanse_ellers")
    assert finding.computed < 600 < finding.cell.value


def test_education_is_valued_in_three_ways(findings):
    for name in (
        "tabell-7-6|Effekt på verdiskaping|Utdanning",
        "tabell-7-7|Utdanning|Effektenes varighet",
        "tabell-7-8|Utdanning|Sum prissatte virkninger",
        "tabell-7-8|Utdanning|Sum prissatte virkninger ved forlengelse",
    ):
        assert findings[name].verdict is Verdict.INCONSISTENT


def test_stated_rules_change_a_sign_and_ranks(reading):
    found = corrections(reading).set_index(["correction", "measure"])
    follow_up = found.loc[("effekt_oppfolging", "oppfolging")]
    assert bool(follow_up["sign_changed"]) and follow_up["corrected"] < -400_000
    education = found.loc[("utdanning_tabell_7_5", "utdanning")]
    assert (education["printed_rank"], education["corrected_rank"]) == (4, 6)
    assert not found.loc["varigheter"]["sign_changed"].any()
    assert table_faults(corrections(reading), CORRECTIONS) == []


def test_the_tables_obey_their_schemas(reading, joint, table):
    assert table_faults(table, AUDIT) == []
    for basis in (printed_basis(PUBLISHED, LABELS), reconstructed_basis(reading, joint)):
        assert table_faults(basis, COST_BENEFIT) == []


def test_the_reconstruction_prints_the_sums(reading, joint):
    rebuilt = reconstructed_basis(reading, joint).query("item == 'sum_prissatte_virkninger'").set_index("measure")
    printed = printed_basis(PUBLISHED, LABELS).query("item == 'sum_prissatte_virkninger'").set_index("measure")
    assert (rebuilt["value"] - printed["value"]).abs().max() <= 500


def test_the_summary_and_the_longest_courses_have_the_printed_panel(reading, table, joint):
    bases = pd.concat([reconstructed_basis(reading, joint), printed_basis(PUBLISHED, LABELS)])
    summary = nytte_kostnad_kort(bases.iloc[:0], bases, table, LABELS)
    printed = summary[(summary["panel"] == "as_printed") & (summary["row"] == "andre_kostnader")]
    assert printed.set_index("column")["value"]["utdanning"] == -151_000
    empty = pd.DataFrame(columns=list(SENSITIVITY.columns))
    longest = lengste_varighet(empty, empty, table, LABELS)
    assert set(longest["panel"]) == {"as_reconstructed", "as_printed"}
