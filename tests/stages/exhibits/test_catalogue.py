import re
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.exhibits.catalogue import input_paths, load_catalogue, parse_entry
from tiltakseffekt.stages.exhibits.inputs import read_input
from tiltakseffekt.stages.exhibits.tidy import tidy, write_tidy

CONFIG = Path(__file__).resolve().parents[3] / "config"
OWN = CONFIG / "evaluations/tiltakseffekter"
ASKED = {
    *("oppstart-etter-periode", "innsatsgruppe-ved-oppstart", "analyseutvalget", "kovariater", "effekt-i-grupper"),
    *("nye-tiltak", "deltakere-og-kontroller-1", "deltakere-og-kontroller-2", "deltakere-og-kontroller-3"),
    *("verdsatte-virkninger", "tiltakskostnader", "veiledertid", "tiltakspenger", "verdiskaping", "nytte-kostnad"),
    *(
        "figur-arbeid-for-og-etter",
        "figur-maneder-i-arbeid",
        "figur-lonnsinntekt",
        "figur-arbeid-tre-tiltak",
        "figur-deltakere-og-alle",
    ),
    *(
        "figur-registrerte",
        "figur-veier-videre",
        "figur-sesong",
        "figur-arbeid-registrering",
        "figur-inntekt",
        "figur-varighet",
    ),
    *(
        "figur-arbeid-alle-tiltak",
        "frafall",
        "overlapp",
        "figur-alder",
        "sannhet",
        "figur-lalonde",
        "datakvalitet",
        "datadefekter",
        "publisert",
    ),
    *("figur-overlapp", "figur-forskjeller", "figur-sannsynligheter", "treffsikkerhet", "ytterste-vekter"),
    *("figur-trimming", "trimming-tall"),
    *("figur-fordeling", "tabell-fordeling"),
    *("kalibrering", "kalibrering-avvik", "kalibrering-celler"),
    *("nytte-kostnad-kort", "balansepunkt", "lengste-varighet", "revisjon", "errata"),
    "revisjon-konvensjoner",
    *("estimatorstudie", "figur-estimatorstudie"),
    *(
        "hva-hvis",
        "figur-budsjett",
        "figur-fossefall",
        "figur-lonnsomhet",
        "figur-tornado",
        "figur-balanse",
        "figur-balanse-effekt",
    ),
    *(
        "figur-lonnsinntekt-fire-ar",
        "figur-aft-utvalget",
        "figur-tiltakskjeder",
        "figur-kort-utvasking",
        "figur-innsatsgrupper",
        "figur-robusthet",
        "robusthet",
    ),
    *(
        "effekter-i-ord",
        "oppstart-forste-og-andre-ar",
        "aft-utvalget",
        "aft-deltakere",
        "sannhet-varianter",
        "samtidige-intervaller",
    ),
    *("scorecard", "scorecard-celler"),
    *("sammendrag-mot-trykk", "tiltakskostnader-mot-trykk", "veiledertid-mot-trykk", "tiltakspenger-mot-trykk"),
    *("verdiskaping-mot-trykk", "nytte-kostnad-mot-trykk", "balansepunkt-mot-trykk", "lengste-varighet-mot-trykk"),
    *("terskler-mot-trykk", "figur-sorterte-effekter-mot-sannhet", "figur-estimatorer-mot-sannhet"),
    *("figur-fordeling-mot-sannhet", "to-estimatorer"),
    *("figur-estimatorer", "avvik-estimatorer", "instrument"),
    *(f"nytte-{name}" for name in ("usikkerhet", "informasjon", "terskler", "scenarier", "grupper", "budsjett")),
    *("vlt-netto", "vlt-ar-for-ar", "vlt-alternativer", "vlt-tre-land", "vlt-utledet"),
    *("figur-vlt", "vtao-budsjett"),
    *("landgrupper", "ledighetsgrupper", "tiltakene", "tiltaksgruppene", "tiltaksmaneder", "personer-bak-tilstandene"),
    *("nav-gruppene", "registrerte", "tiltaksandel", "deltakere", "varighet", "lop", "kombinasjoner", "kjeder"),
    *(
        "figur-tid-registrert",
        "figur-oppstart-to-ar",
        "figur-tiltaksandel",
        "figur-gruppe-ved-oppstart",
        "figur-tiltak-i-bruk",
        "figur-varighet-av-lop",
        "figur-tiltaksmaneder",
        "figur-deltakere",
    ),
    *(
        "figur-tilstander-alle",
        "figur-tilstander-arbeid-opplaring",
        "figur-tilstander-andre",
        "figur-tilstander-nav-gruppe",
        "figur-tilstander-alder",
        "figur-tilstander-landgruppe",
        "figur-tilstander-ledighet",
    ),
    *("figur-lonn-etter-oppstart", "figur-aap-etter-oppstart"),
    *("mange-tester", "figur-arbeidshistorikk", "projeksjon", "figur-sorterte-effekter", "klassifisering"),
    *("figur-vektede-kontroller", "vektede-kontroller-mot-trykk"),
    *("figur-uobservert", "uobservert", "figur-placebo", "grenser-mot-sannhet"),
}


def test_every_exhibit_asked_for_stands_in_the_catalogue(catalogue):
    assert set(catalogue) >= ASKED


def test_an_entry_survives_the_way_through_plain_values(catalogue):
    for entry in catalogue.values():
        assert parse_entry(entry.model_dump(mode="json")) == entry


def test_no_entry_is_named_by_the_number_of_a_printed_exhibit(catalogue):
    assert not [name for name in catalogue if re.fullmatch(r"\w+-([a-z]|\d+)-\d+", name)]
    assert catalogue["verdiskaping-mot-trykk"].stands_for == "Tabell 7-5"
    assert catalogue["hva-hvis"].stands_for is None


@pytest.mark.parametrize("comparison", ["publisert", "scorecard", "scorecard-celler"])
def test_what_is_compared_with_a_printed_exhibit_stands_for_it(catalogue, comparison):
    for keyword, reference in catalogue[comparison].inputs.items():
        if match := re.fullmatch(r"(figur|tabell)_(\w+)_(\d+)", keyword):
            ours = reference.rpartition("/")[2]
            # One table has the printed weights of all three.
            several = ours == "vektede-kontroller-mot-trykk" and match[2] == "b"
            assert several or catalogue[ours].stands_for == f"{match[1].capitalize()} {match[2].upper()}-{match[3]}"


def test_references_become_paths(catalogue):
    root = Path("/project")
    paths = input_paths(catalogue["figur-maneder-i-arbeid"], root, "one")
    assert paths == {"estimates": "results/effects/one/main/estimates.parquet"}
    assert input_paths(catalogue["datakvalitet"], root, "one") == {"data_quality": "results/clean/data_quality.parquet"}
    compared = input_paths(catalogue["publisert"], root, "one")
    assert compared["published"] == "/project/config/documents/effektrapport_2024/numbers.csv"
    assert compared["tabell_6_1"] == "results/exhibits/one/oppstart-etter-periode/data.csv"


def test_a_reference_may_name_a_variant(catalogue):
    paths = input_paths(catalogue["figur-aft-utvalget"], Path("/project"), "one")
    assert paths == {"estimates": "results/effects/one/aft_sample/estimates.parquet"}
    paths = input_paths(catalogue["aft-deltakere"], Path("/"), "one")
    assert paths["hoved_1_ar"] == "results/matching/one/washout_12/sample.parquet"
    assert input_paths(catalogue["figur-lalonde"], Path("/"), "one")["lalonde"] == "results/laboratory/lalonde.parquet"


def test_the_variants_that_exhibits_name_are_there(catalogue):
    named = {
        reference.partition("@")[2]
        for entry in catalogue.values()
        for reference in (*entry.inputs.values(), *entry.settings.values(), *entry.facts.values())
    }
    assert named - {"", "none"} <= set(yaml.safe_load((OWN / "variants.yaml").read_text(encoding="utf-8")))


def test_the_evaluation_reads_neither_print_nor_truth():
    for entry in load_catalogue(OWN / "exhibits.yaml"):
        assert not entry.builder.startswith(("tiltakseffekt.documents", "tiltakseffekt.laboratory")), entry.id
        assert not [name for name in entry.inputs.values() if name.startswith(("documents/", "laboratory/"))], entry.id
        assert not [name for name in entry.inputs.values() if name.startswith("config/documents")], entry.id


def test_unknown_keys_and_missing_keys_are_told_together(tmp_path):
    raw = yaml.safe_load((OWN / "exhibits.yaml").read_text(encoding="utf-8"))[:2]
    raw[0]["lables"] = []
    del raw[1]["builder"]
    (tmp_path / "exhibits.yaml").write_text(yaml.safe_dump(raw), encoding="utf-8")
    with pytest.raises(FaultsFound) as caught:
        load_catalogue(tmp_path / "exhibits.yaml")
    assert "lables" in str(caught.value)
    assert "builder" in str(caught.value)


def test_two_entries_with_one_id_are_refused(tmp_path):
    raw = yaml.safe_load((OWN / "exhibits.yaml").read_text(encoding="utf-8"))
    (tmp_path / "exhibits.yaml").write_text(yaml.safe_dump([raw[0], raw[0]]), encoding="utf-8")
    with pytest.raises(FaultsFound, match="more than once"):
        load_catalogue(tmp_path / "exhibits.yaml")


def test_an_exhibit_may_be_the_input_of_another():
    raw = yaml.safe_load((CONFIG / "evaluations/teknisk_rapport/exhibits.yaml").read_text(encoding="utf-8"))
    entry = parse_entry(next(entry for entry in raw if entry["id"] == "publisert"))
    paths = input_paths(entry, CONFIG.parent, "tiltakseffekter")
    assert paths["tabell_6_1"] == "results/exhibits/tiltakseffekter/oppstart-etter-periode/data.csv"
    assert paths["tabell_7_2"] == "results/exhibits/teknisk_rapport/tiltakskostnader-mot-trykk/data.csv"


def test_the_data_of_an_exhibit_are_read_as_they_were_written(tmp_path):
    data = tidy([{"row": "aft", "value": 1.5, "count": 7, "unit": "months", "total": True}, {"row": "amo"}])
    write_tidy(data, tmp_path / "data.csv")
    pd.testing.assert_frame_equal(read_input(tmp_path / "data.csv"), data)
