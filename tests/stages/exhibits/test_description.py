"""Builders of chapters 4 and 5: sums of made-up exhibits become tidy data."""

from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.evaluations.tiltakseffekter import definitions, description
from tiltakseffekt.stages.description.cells import Count, Place, cells_of, number, share
from tiltakseffekt.stages.exhibits.inputs import read_input

DOCUMENT = "effektrapport_2024"

CODEBOOK = Path(__file__).parents[3] / "config/codebook"


@pytest.fixture
def cells():
    return []


def values(data, *places):
    return {tuple(map(str, row[:-1])): row[-1] for row in data[[*places, "value"]].itertuples(index=False)}


def test_a_table_has_sizes_then_blocks_in_order_without_categories_of_nobody(cells):
    for column, total in (("forste_registrering", 200), ("alle_registrerte", 900)):
        cells.append(number(Place("tabell-4-2", "n", column), Count(total, 200), "persons"))
        cells.append(share(Place("tabell-4-2", "n", column), total, 900))
        for row, persons in (("kvinne", 150), ("mann", 50), ("ukjent_kjonn", 0)):
            cells.append(share(Place("tabell-4-2", row, column, row_group="gruppe_kjonn"), persons, 200))
        cells.append(share(Place("tabell-4-2", "innvandrer", column, row_group="gruppe_innvandring"), 20, 200))
    table = description.registrerte(cells_of(DOCUMENT, cells))
    assert list(dict.fromkeys(table["row"])) == ["n", "andel_av_alle", "mann", "kvinne"]
    found = values(table, "row", "column")
    assert found["kvinne", "forste_registrering"] == 75
    assert found["n", "alle_registrerte"] == 900
    assert table.loc[table["row"] == "n", "base"].isna().all()


def test_months_are_in_order_and_ranges_left_out(cells):
    for month in (10, 2, 0):
        cells.append(share(Place("figur-5-1", "tilstand_ufor", f"m{month}", panel="alle_tiltaksdeltakere"), month, 100))
    cells.append(share(Place("figur-5-1", "tilstand_ufor", "m0_4", panel="alle_tiltaksdeltakere"), 3, 100))
    cells.append(share(Place("figur-5-1", "tilstand_arbeid_i_alt", "m2", panel="alle_tiltaksdeltakere"), 3, 100))
    figure = description.figur_tilstander_alle(cells_of(DOCUMENT, cells))
    assert figure["x"].tolist() == [0, 2, 10]
    assert figure["value"].tolist() == [0, 2, 10]
    assert figure["panel"].unique().tolist() == [""]


def test_those_who_start_and_those_who_do_not_are_everybody(cells):
    cells.append(share(Place("figur-4-4", "sykmeldt", "begynt_pa_tiltak_innen_24_maneder"), 30, 100))
    figure = description.figur_oppstart_to_ar(cells_of(DOCUMENT, cells))
    assert values(figure, "column") == {("tiltak",): 30, ("ikke_tiltak",): 70}
    assert figure["count"].tolist() == [30, 70]


def test_rare_moves_leave_a_flow_with_their_persons(cells):
    for column, persons in (("standard", 40), ("sykmeldt", 2), ("annen_gruppe", 20)):
        cells.append(number(Place("figur-4-6", "standard", column), persons))
    kept = values(description.figur_gruppe_ved_oppstart(cells_of(DOCUMENT, cells), 5), "row", "column")
    assert kept == {("standard", "standard"): 40}


def test_the_most_common_pairs_stand_first_with_their_share(cells):
    for place in range(12):
        cells.append(
            number(
                Place("tabell-4-7", f"a+b{place}", "antall_tiltaksmaneder", row_group="tiltakspar"),
                Count(10 * place, 9),
            )
        )
    cells.append(number(Place("tabell-4-7", "i_alt", "antall_tiltaksmaneder"), Count(1000, 70)))
    table = description.kombinasjoner(cells_of(DOCUMENT, cells))
    first = table[table["column"] == "antall_tiltaksmaneder"]
    assert first["row"].tolist() == [f"a+b{place}" for place in range(11, 1, -1)]
    assert values(table, "row", "column")["a+b11", "andel"] == 11


def test_sequences_of_more_than_three_measures_are_not_listed(cells):
    for key, starts in (("amo+aft", 5), ("amo+aft+ips+amo", 50), ("amo+aft+amo", 6)):
        column = "antall_oppstartede_tiltak"
        cells.append(number(Place("tabell-4-8", key, column, row_group="tiltaksrekke"), Count(starts, 5), "starts"))
    cells.append(number(Place("tabell-4-8", "i_alt", "antall_oppstartede_tiltak"), Count(61, 61), "starts"))
    assert description.kjeder(cells_of(DOCUMENT, cells))["row"].unique().tolist() == ["amo+aft+amo", "amo+aft"]


def test_each_measure_stands_beside_all(cells):
    block = "andel_som_mottar_aap"
    for row, persons, base in (("amo", 5, 10), ("aft", 0, 0), ("alle_tiltaksdeltakere", 20, 80)):
        for month in (0, 1):
            cells.append(share(Place("figur-b-2", row, f"m{month}", row_group=block), persons + month, base))
    figure = description.figur_aap_etter_oppstart(cells_of(DOCUMENT, cells), arms=ARMS)
    assert figure["panel"].unique().tolist() == ["amo"]
    assert values(figure, "row", "x") == {
        ("tiltaksdeltakere", "0.0"): 50,
        ("tiltaksdeltakere", "1.0"): 60,
        ("alle_tiltaksdeltakere", "0.0"): 25,
        ("alle_tiltaksdeltakere", "1.0"): 26.25,
    }


def test_countries_are_counted_from_the_code_list():
    table = definitions.landgrupper(read_input(CODEBOOK / "landgruppe.csv"))
    assert values(table[table["column"] == "antall_land"], "row")[("lg2",)] == 13
    assert table["row"].drop_duplicates().tolist() == list(keys.LANDGRUPPER[1:])


def test_every_code_of_the_registers_stands_in_its_group():
    codes = read_input(CODEBOOK / "tiltaksgruppering.csv")
    table = definitions.tiltaksgruppene(codes, read_input(CODEBOOK / "labels.csv"))
    words = dict(zip(codes["group"].unique(), table["text"], strict=True))
    for group, name, code in codes[["group", "name", "code"]].itertuples(index=False):
        assert any(f"{name} ({code}{end}" in words[group] for end in ",)")
    aft = table.loc[table["row"] == "aft", "text"].item()
    assert "Arbeidsforberedende trening (ARBFORB, 2016-11–2022-12)" in aft


def test_every_cell_of_a_definition_has_words(catalogue, text_of):
    for exhibit, build in (
        ("ledighetsgrupper", definitions.ledighetsgrupper),
        ("tiltakene", partial(definitions.tiltakene, ARMS)),
        ("nav-gruppene", definitions.nav_gruppene),
    ):
        for language in ("nb", "en"):
            words = text_of(exhibit, language).words
            assert set(build()["text"]) <= set(words)


def test_an_exhibit_of_rules_is_no_synthetic_one(text_of):
    assert text_of("nav-gruppene").mark == ""
    assert text_of("registrerte").mark != ""
    assert "januar 2016" in text_of("registrerte").notes[0]


def test_nobody_is_no_fault(cells):
    empty = cells_of(DOCUMENT, cells)
    empty[["exhibit", "panel", "row_group", "row", "column", "unit"]] = empty[
        ["exhibit", "panel", "row_group", "row", "column", "unit"]
    ].astype("str")
    for build in (
        description.personer_bak_tilstandene,
        description.figur_tiltaksmaneder,
        description.figur_lonn_etter_oppstart,
    ):
        assert isinstance(build(empty, ARMS), pd.DataFrame)
    assert isinstance(description.figur_tilstander_nav_gruppe(empty), pd.DataFrame)
