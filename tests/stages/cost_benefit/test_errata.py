"""Every printed number of the audited tables has a verdict, and the joint errata hold every contradiction."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.config.evaluations import all_labels
from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.documents.audit.cells import read_cells
from tiltakseffekt.documents.audit.corrections import corrections
from tiltakseffekt.documents.audit.course_audit import audit, rebuild
from tiltakseffekt.documents.audit.course_inputs import infer
from tiltakseffekt.documents.audit.reading import STEPS, Reading, prices_of_document
from tiltakseffekt.documents.audit.verdicts import findings_table
from tiltakseffekt.documents.exhibits.errata import VERDICTS, errata, revisjon
from tiltakseffekt.documents.wage_subsidy.audit import (
    STEPS_VLT_RAPPORT,
    STEPS_VTAO_HORING,
    audit_table,
    audit_vtao,
    audit_wage_subsidy,
)
from tiltakseffekt.documents.wage_subsidy.departures import find_errata
from tiltakseffekt.documents.wage_subsidy.reconstruction import reconstruct
from tiltakseffekt.evaluations.varig_lonnstilskudd.alternatives import specified_inputs
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import parse_parameters as parse_wage_subsidy
from tiltakseffekt.stages.exhibits.catalogue import load_catalogue
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.exhibits.labels import compose_text
from tiltakseffekt.stages.exhibits.words import select_labels

CONFIG = Path(__file__).parents[3] / "config"
OWN = CONFIG / "evaluations/teknisk_rapport"
ENTRIES = {entry.id: entry for entry in load_catalogue(OWN / "exhibits.yaml")}
READ = {"dtype": "str", "keep_default_na": False}
PRINTED = {
    name: pd.read_csv(CONFIG / f"documents/{name}/numbers.csv", **READ)
    for name in ("effektrapport_2024", "vlt_rapport", "vtao_horing")
}
#: The tables whose every number is audited, and the chapters whose running text is: first and last line.
AUDITED = {
    "effektrapport_2024": {"tabell-1-1", *(f"tabell-7-{n}" for n in range(2, 9))},
    "vlt_rapport": {*(f"tabell-3-{n}" for n in range(1, 5)), *(f"tabell-7-{n}" for n in range(1, 4))},
    "vtao_horing": {"tabell-u1"},
}
CHAPTERS = {
    "effektrapport_2024": [(2999, 3830)],
    "vlt_rapport": [(530, 980), (2355, 2845)],
    "vtao_horing": [(1, 10_000)],
}


@pytest.fixture(scope="module")
def tables():
    reading = Reading(
        read_cells(PRINTED["effektrapport_2024"], STEPS),
        prices_of_document(read_yaml(CONFIG / "evaluations/tiltakseffekter/prices.yaml")),
    )
    joint = infer(reading)
    parameters = parse_wage_subsidy(read_yaml(CONFIG / "evaluations/varig_lonnstilskudd/prices.yaml"))
    cells, vtao = (
        read_cells(PRINTED["vlt_rapport"], STEPS_VLT_RAPPORT),
        read_cells(PRINTED["vtao_horing"], STEPS_VTAO_HORING),
    )
    found = reconstruct(cells, parameters)
    return {
        "audit": findings_table("effektrapport_2024", audit(reading, joint), rebuild(reading, joint)),
        "wage_subsidy_audit": audit_table(audit_wage_subsidy(cells, parameters, found), audit_vtao(vtao)),
        "corrections": corrections(reading),
        "wage_subsidy_errata": find_errata(cells, parameters, found.inputs, specified_inputs(parameters)),
    }


@pytest.fixture(scope="module")
def verdicts(tables):
    return pd.concat([tables["audit"], tables["wage_subsidy_audit"]], ignore_index=True)


@pytest.fixture(scope="module")
def exhibits(tables):
    labels = pd.read_csv(CONFIG / "codebook/labels.csv", **READ)
    audits = {name: tables[name] for name in ("audit", "wage_subsidy_audit")}
    return {
        "revisjon": revisjon(**audits),
        "errata": errata(**tables, published=PRINTED["effektrapport_2024"], labels=labels),
    }


@pytest.mark.parametrize("document", sorted(PRINTED))
def test_every_printed_number_of_the_tables_has_a_verdict(verdicts, document):
    printed = PRINTED[document][PRINTED[document]["exhibit"].isin(AUDITED[document])]
    place = ["exhibit", "kind", "line"]
    judged = verdicts[(verdicts["document"] == document) & verdicts["exhibit"].isin(AUDITED[document])]
    assert len(judged) == len(printed) > 0
    counted = judged.assign(line=judged["line"].astype(str)).groupby(place).size()
    assert counted.to_dict() == printed.groupby(place).size().to_dict()
    assert set(judged["verdict"]) <= set(VERDICTS)


@pytest.mark.parametrize("document", sorted(PRINTED))
def test_every_number_in_the_text_of_the_chapters_has_a_verdict(verdicts, document):
    text = PRINTED[document][(PRINTED[document]["exhibit"] == "text") & (PRINTED[document]["kind"] == "prose")]
    lines = text["line"].astype(int)
    inside = pd.concat([lines.between(*span) for span in CHAPTERS[document]], axis=1).any(axis=1)
    judged = verdicts[(verdicts["document"] == document) & (verdicts["exhibit"] == "text")]
    assert sorted(judged["line"]) == sorted(lines[inside])


def test_verdicts_add_up(exhibits, verdicts):
    counts = exhibits["revisjon"].set_index(["row_group", "row", "column"])["value"].sort_index()
    for document, number in verdicts["document"].value_counts().items():
        total = counts[document, "total"]
        assert total["antall_trykte"] == number == total.drop("antall_trykte").sum()


def test_the_errata_list_every_contradiction_and_every_conclusion(exhibits, verdicts, tables):
    data = exhibits["errata"]
    told = data[data["column"] == "linjer"]
    assert not data.duplicated(["panel", "row_group", "row", "column"]).any()
    cells, conclusions = told[told["panel"] == "celler"], told[told["panel"] == "konklusjoner"]
    # One document has none, and says so.
    assert len(cells) == (verdicts["verdict"] == "inconsistent").sum() + 1
    assert cells[cells["row_group"] == "vtao_horing"]["row"].tolist() == ["ingen_tall_i_strid"]
    assert len(conclusions) == len(tables["corrections"]) + len(tables["wage_subsidy_errata"])
    against = data[data["column"] == "mot_linjer"]["text"]
    assert against.ne("").all()


def test_at_least_three_signs_change(exhibits):
    data = exhibits["errata"]
    changes = data[data["column"] == "endrer"].set_index(["row_group", "row"])["text"]
    assert (changes == "fortegn").sum() == 4
    assert changes["effektrapport_2024", "effekt_oppfolging+oppfolging"] == "fortegn"
    assert changes["effektrapport_2024", "utdanning_note+utdanning"] == "rang"
    assert changes["effektrapport_2024", "varigheter+midl_lonnstilskudd"] == "storrelsen"


@pytest.mark.parametrize("name", ["revisjon", "errata"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_exhibits_are_drawn(exhibits, name, language):
    entry = ENTRIES[name]
    labels = select_labels(all_labels(CONFIG, language)["teknisk_rapport"], entry)
    text = compose_text(entry, labels, {}, "synthetic")
    files = draw(exhibits[name], entry, text)
    assert set(files) == {"table.html", "table.md", "note.md"}
    # No register enters, so that nothing is synthetic.
    assert text.mark == ""
