"""Every number in scope has one verdict, and the errata say what the rules give."""

import math
from collections import Counter

import pytest

from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.documents import schemas
from tiltakseffekt.documents.audit.verdicts import Verdict
from tiltakseffekt.documents.wage_subsidy.audit import (
    annuity,
    audit_table,
    audit_vtao,
    audit_wage_subsidy,
    in_scope,
    later_months,
    specialist_cost,
)
from tiltakseffekt.documents.wage_subsidy.comparison import subsidy_levels
from tiltakseffekt.documents.wage_subsidy.departures import (
    DEPARTURES,
    NONE,
    RANK,
    SIGN,
    SIZE,
    consequence,
    find_errata,
    undo,
)
from tiltakseffekt.documents.wage_subsidy.places import budget
from tiltakseffekt.documents.wage_subsidy.reconstruction import social_cell
from tiltakseffekt.documents.wage_subsidy.tables import wage_subsidy_table
from tiltakseffekt.evaluations.varig_lonnstilskudd.alternatives import DISPLACING, NET, net_benefit


@pytest.fixture(scope="module")
def findings(vlt_rapport, wage_subsidy_parameters, found):
    return {finding.cell.name: finding for finding in audit_wage_subsidy(vlt_rapport, wage_subsidy_parameters, found)}


@pytest.fixture(scope="module")
def errata(vlt_rapport, wage_subsidy_parameters, found, stated):
    return find_errata(vlt_rapport, wage_subsidy_parameters, found.inputs, stated).set_index("key")


def test_every_number_in_scope_has_a_verdict(findings, vlt_rapport, vtao_horing):
    assert set(findings) == {name for name, cell in vlt_rapport.items() if in_scope(cell)}
    assert {finding.cell.name for finding in audit_vtao(vtao_horing)} == set(vtao_horing)


def test_printed_inputs_alone_are_given(findings):
    for name in ("tabell-3-1|TULT|2016", "text|Kalkulasjonsrente|Per år", "tabell-7-1|Uføretrygd|2 VTA-O"):
        assert findings[name].verdict is Verdict.GIVEN


def test_chapter_3_follows(findings):
    of_table = Counter(
        finding.verdict
        for name, finding in findings.items()
        if name.startswith(("tabell-3-1", "tabell-3-2", "tabell-3-3"))
    )
    assert set(of_table) == {Verdict.GIVEN, Verdict.REPRODUCED, Verdict.WITHIN_ROUNDING}


def test_the_unit_slip_is_found_with_the_threshold_that_was_used(findings):
    for level in ("Gjennomsnittslønn", "Minstelønn"):
        finding = findings[f"tabell-3-4|{level}|Danmark|Lønnstilskudd"]
        assert finding.verdict is Verdict.INCONSISTENT
        # 15 250, in Danish kroner.
        assert finding.inferred["flexjob_threshold"].contains(15_250)


def test_the_cap_dates_the_comparison(findings):
    finding = findings["tabell-3-4|Gjennomsnittslønn|Norge|Lønnstilskudd"]
    assert finding.verdict is Verdict.INFERRED
    assert finding.inferred["basic_amount"].contains(109_784)


def test_rules_that_the_cells_contradict(findings):
    contradicted = {name for name, finding in findings.items() if finding.verdict is Verdict.INCONSISTENT}
    for name in (
        "tabell-7-2|2 VTA-O|Produksjonsbidrag|0",
        "tabell-7-2|4 Full uføretrygd|Skattekostnad|0",
        "tabell-7-2|1b Heltid med VLT og fortrengning|Fortrenging|0",
        "tabell-7-2|1b Heltid med VLT og fortrengning|Fortrenging|Sum",
        "tabell-7-3|Tiltakskostnader|VTA-O",
        "tabell-7-3|Økt (+)/redusert behov|Har full uføretrygd, 50% stilling",
        "text|VLT mot VTO|Netto bidrag",
        "text|Dødvektstap|Neddiskontert over 7 år",
    ):
        assert name in contradicted
        assert findings[name].against
    # What follows from the contradicted cells is not itself contradicted.
    assert findings["tabell-7-2|2 VTA-O|Netto|Sum"].verdict is Verdict.WITHIN_ROUNDING


def test_somewhat_more_of_a_loss_is_a_larger_loss(findings):
    # "vel -0,2" holds -0.222, and "nær -1,8" holds -1.789.
    for alternative in ("2 VTA-O", "4 Full uføretrygd"):
        assert findings[f"tabell-7-2|{alternative}|Netto|Sum, tekst"].verdict is Verdict.REPRODUCED


def test_the_net_of_displacement_is_contradicted_only_where_rounding_cannot_explain_it(findings):
    verdicts = [findings[social_cell(DISPLACING, NET, str(year))].verdict for year in range(8)]
    assert [verdict is Verdict.INCONSISTENT for verdict in verdicts] == [False, False] + 6 * [True]


def test_three_signs_change(errata):
    assert set(errata.index[errata["consequence"] == SIGN]) == {
        "produksjon_i_vtao",
        "skattekostnad_ved_ufore",
        "fortrenging_forste_ar",
    }
    assert errata.loc["produksjon_i_vtao", ["printed", "by_rule"]].tolist() == pytest.approx([-222.5, 349.5], abs=0.1)
    assert errata.loc["fortrenging_forste_ar", "by_rule"] == pytest.approx(-68.5, abs=0.1)
    assert errata.loc["skattekostnad_ved_ufore", ["rank_printed", "rank_by_rule"]].tolist() == [5, 4]


def test_the_benefit_beside_half_a_position_is_not_reduced_for_income(errata):
    # 66 % of 459.6 less 66 % of what half of it exceeds 0.4 basic amounts by.
    row = errata.loc["avkorting_ved_halv_stilling"]
    assert row["printed"] == 314
    assert row["by_rule"] == pytest.approx(0.66 * (459.6 - (229.8 - 46.5)), abs=0.2)


def test_eight_amounts_against_seven_years(errata):
    row = errata.loc["analyseperiode"]
    assert row["by_rule"] / row["printed"] == pytest.approx(annuity(7, 0.04) / annuity(8, 0.04))


def test_all_departures_undone_leave_the_stated_rules(found, stated):
    inputs = found.inputs
    for departure in DEPARTURES:
        inputs = undo(inputs, stated, departure)
    # The income of half a basic amount is inferred as well, within the rounding of what is stated.
    nets = net_benefit(stated)
    for alternative, net in net_benefit(inputs).items():
        assert net == pytest.approx(nets[alternative], rel=0.002)
    assert all(net > 0 for net in nets.values())


def test_consequences_in_their_order():
    assert consequence(1, -1, (1, 2)) == SIGN
    assert consequence(1, 2, (1, 2)) == RANK
    assert consequence(1_000, 3_000, (1, 1)) == SIZE
    assert consequence(1_000, 1_001) == NONE


def test_by_their_rules_sweden_and_norway_cover_the_same_of_the_lowest_wage(vlt_rapport, wage_subsidy_parameters):
    levels = subsidy_levels(vlt_rapport, wage_subsidy_parameters)
    shares = levels[levels["item"] == "andel_av_lonnskostnad"].set_index(["basis", "level", "country"])["value"]
    assert shares["as_printed", "minstelonn", "sverige"] > shares["as_printed", "minstelonn", "norge"] + 9
    assert shares["as_specified", "minstelonn", "sverige"] == pytest.approx(67.1, abs=0.05)
    assert shares["as_specified", "minstelonn", "norge"] == pytest.approx(67.0, abs=0.05)
    assert math.isnan(shares["as_reconstructed", "minstelonn", "sverige"])
    assert shares["as_reconstructed", "minstelonn", "danmark"] == pytest.approx(17.13, abs=0.01)


def test_the_mean_of_a_constant_hazard():
    assert later_months(1.0, 12) == 1
    assert later_months(0.5, 2) == pytest.approx(1 + 0.5)


def test_what_the_consultation_paper_implies(vtao_horing):
    rows = budget(vtao_horing).set_index("item")
    assert rows.loc["kostnad_per_jobbspesialist", ["low", "high"]].tolist() == [1_017_648, 1_272_060]
    assert rows.loc["vekst_som_tallet_krever", ["low", "high"]].tolist() == [250, 300]
    assert rows.loc["vekst_observert", ["low", "high"]].tolist() == [294, 353]
    assert rows.loc["nye_deltakere_med_observert_vekst", ["low", "high"]].tolist() == [544, 603]
    assert specialist_cost(12, vtao_horing) == 1_017_648


def test_tables_keep_to_their_schemas(
    vlt_rapport, vtao_horing, wage_subsidy_parameters, found, stated, errata, findings
):
    numbers = wage_subsidy_table(vlt_rapport, vtao_horing, wage_subsidy_parameters, found, stated)
    assert not table_faults(numbers, schemas.WAGE_SUBSIDY)
    verdicts = audit_table(list(findings.values()), audit_vtao(vtao_horing))
    assert not table_faults(verdicts, schemas.AUDIT)
    assert not table_faults(errata.reset_index(), schemas.WAGE_SUBSIDY_ERRATA)
    printed = numbers[(numbers["basis"] == "as_printed") & (numbers["exhibit"] == "tabell-7-2")]
    assert set(printed["value"]) <= {cell.value for cell in vlt_rapport.of("tabell-7-2")}
