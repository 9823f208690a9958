from pathlib import Path

import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.cohorts.covariates import DEFINITIONS
from tiltakseffekt.stages.exhibits.builders.cohorts import tabell_6_4
from tiltakseffekt.stages.exhibits.labels import SUPPRESSED, check_words
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.stages.exhibits.words import load_labels, select_labels
from tiltakseffekt.stages.registers.contract import load_contract

CONFIG = Path(__file__).resolve().parents[3] / "config"
LANGUAGES = {name: load_labels(CONFIG / "labels" / f"{name}.yaml") for name in ("nb", "en")}


def paths(node, at=()):
    if isinstance(node, dict):
        return [path for key, child in node.items() for path in paths(child, (*at, key))]
    if isinstance(node, list):
        return [path for number, child in enumerate(node) for path in paths(child, (*at, number))]
    return [at]


def test_both_languages_have_the_same_keys():
    assert paths(LANGUAGES["nb"]) == paths(LANGUAGES["en"])


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_entry_finds_its_labels(catalogue, language, text_of):
    for exhibit in catalogue:
        select_labels(LANGUAGES[language], catalogue[exhibit])
        text = text_of(exhibit, language)
        assert text.title
        assert "{" not in " ".join((text.title, text.subtitle, *text.notes))


@pytest.mark.parametrize(("language", "g"), [("nb", "1,5/12 G"), ("en", "1.5/12 G")])
def test_a_definition_follows_the_settings(language, g, text_of):
    assert "1/12 G" in " ".join(text_of("figur-6-2", language).notes)
    changed = " ".join(text_of("figur-6-2", language, in_work_g=1.5, position=30.0).notes)
    assert g in changed
    assert "30" in changed


def test_no_label_is_empty_and_none_is_for_nobody(catalogue):
    used = {"common", "exhibits", *(group for entry in catalogue.values() for group in entry.labels)}
    assert set(LANGUAGES["nb"]) == used
    assert set(LANGUAGES["nb"]["exhibits"]) == set(catalogue)


def test_every_measure_has_a_word_and_a_short_word():
    for group in ("measures", "measures_short"):
        assert tuple(LANGUAGES["nb"][group]) == keys.TREATED_ARMS


def test_every_table_that_is_counted_has_a_word():
    required = load_contract(CONFIG / "registers.yaml").required
    assert set(required) <= set(LANGUAGES["nb"]["registers"])


def test_an_exhibit_gets_only_the_groups_it_declares(catalogue):
    chosen = select_labels(LANGUAGES["nb"], catalogue["tabell-6-1"])
    assert set(chosen) == {"common", "exhibit", "words"}
    assert "m0_2" in chosen["words"]
    assert "aft" not in chosen["words"]


def test_all_keys_without_a_label_are_named_at_once(text_of):
    data = tidy([{"row": "aft", "column": "ukjent_a"}, {"row": "ukjent_b", "column": "maned_1_12"}])
    with pytest.raises(FaultsFound) as caught:
        check_words(data, text_of("figur-6-2").words, "figur-6-2")
    assert "ukjent_a" in str(caught.value)
    assert "ukjent_b" in str(caught.value)


def test_a_group_that_does_not_exist_is_named(catalogue):
    entry = catalogue["figur-6-2"].model_copy(update={"labels": ("measures", "nowhere")})
    with pytest.raises(FaultsFound, match="nowhere"):
        select_labels(LANGUAGES["nb"], entry)


def test_synthetic_data_say_so_and_real_data_do_not(text_of):
    assert text_of("figur-6-2").mark == "Syntetiske data – beskriver ingen virkelige personer"
    assert text_of("figur-6-2", origin="files").mark == ""
    assert "SSB" in text_of("figur-6-2", origin="files").source


def test_the_note_tells_of_suppression_only_when_there_is_some(text_of):
    text = text_of("tabell-6-3")
    whole, cut = tidy([{"row": "aft"}]), tidy([{"row": "aft", "text": SUPPRESSED}])
    assert text.suppressed_note not in " ".join(text.foot(whole))
    assert text.suppressed_note in " ".join(text.foot(cut))


def test_the_level_of_intervals_is_that_of_the_setting(text_of):
    assert "95 prosent konfidensintervall" in " ".join(text_of("figur-6-2").notes)


def test_public_data_on_real_persons_carry_no_synthetic_mark(text_of):
    text = text_of("figur-lalonde")
    assert text.mark == ""
    assert text.source == "Kilde: Åpne data om virkelige personer; ingen registre inngår."


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_covariate_is_defined_in_words(text_of, language) -> None:
    data = tabell_6_4().query("column == 'definisjon'")
    assert list(data["row"]) == [item.key for item in DEFINITIONS]
    assert set(data["text"]) <= set(text_of("tabell-6-4", language).words)
