from collections import Counter
from pathlib import Path

import pytest
import yaml

from tiltakseffekt.config.evaluations import all_labels, load_evaluations
from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.stages.cohorts.covariates import DEFINITIONS
from tiltakseffekt.stages.exhibits.builders.cohorts import kovariater
from tiltakseffekt.stages.exhibits.catalogue import load_catalogue
from tiltakseffekt.stages.exhibits.labels import SUPPRESSED, check_words
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.stages.exhibits.words import select_labels
from tiltakseffekt.stages.registers.contract import load_contract

CONFIG = Path(__file__).resolve().parents[3] / "config"
EVALUATIONS = load_evaluations(CONFIG / "evaluations")
LANGUAGES = {language: all_labels(CONFIG, language) for language in ("nb", "en")}
OWN = {name: CONFIG / "evaluations" / name / "labels" for name in EVALUATIONS}
FOLDERS = {"shared": CONFIG / "labels", **{name: path for name, path in OWN.items() if path.exists()}}
#: Groups that stand in a folder, without the texts of exhibits.
GROUPS = {name: set(read_yaml(path / "nb.yaml")) - {"exhibits"} for name, path in FOLDERS.items()}
ENTRIES = {name: load_catalogue(CONFIG / "evaluations" / name / "exhibits.yaml") for name in EVALUATIONS}


def groups_used(entries):
    return {group for entry in entries for group in entry.labels}


def entries_with_words_of(name):
    """Return the entries of an evaluation and of those that read it."""
    return [entry for each, one in EVALUATIONS.items() if name in (each, one.reads) for entry in ENTRIES[each]]


def paths(node, at=()):
    if isinstance(node, dict):
        return [path for key, child in node.items() for path in paths(child, (*at, key))]
    if isinstance(node, list):
        return [path for number, child in enumerate(node) for path in paths(child, (*at, number))]
    return [at]


@pytest.mark.parametrize("folder", FOLDERS)
def test_both_languages_have_the_same_keys(folder):
    norwegian, english = (read_yaml(FOLDERS[folder] / f"{language}.yaml") for language in ("nb", "en"))
    assert paths(norwegian) == paths(english)


def keys_written_twice(node):
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value]
        yield from (name for name, times in Counter(names).items() if times > 1)
    for child in [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else node.value:
        if isinstance(child, yaml.CollectionNode):
            yield from keys_written_twice(child)


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_key_is_written_twice(folder, language):
    """YAML would keep the last one and say nothing."""
    text = (FOLDERS[folder] / f"{language}.yaml").read_text(encoding="utf-8")
    assert list(keys_written_twice(yaml.compose(text))) == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_entry_finds_its_labels(catalogue, language, text_of):
    for exhibit in catalogue:
        text = text_of(exhibit, language)
        assert text.title
        assert "{" not in " ".join((text.title, text.subtitle, *text.notes))


@pytest.mark.parametrize(("language", "g"), [("nb", "1,5/12 G"), ("en", "1.5/12 G")])
def test_a_definition_follows_the_settings(language, g, text_of):
    assert "1/12 G" in " ".join(text_of("figur-maneder-i-arbeid", language).notes)
    changed = " ".join(text_of("figur-maneder-i-arbeid", language, in_work_g=1.5, position=30.0).notes)
    assert g in changed
    assert "30" in changed


def test_what_all_share_is_what_the_engine_gives_keys_of():
    """The rest stands with the evaluations; an evaluation that takes a builder of the engine finds its words."""
    of_the_engine = [
        entry for entries in ENTRIES.values() for entry in entries if ".stages.exhibits.builders." in entry.builder
    ]
    assert GROUPS["shared"] == {"common", "sentences"} | (GROUPS["shared"] & groups_used(of_the_engine))


@pytest.mark.parametrize("evaluation", OWN)
def test_an_evaluation_has_words_for_its_exhibits_and_for_nobody_else(evaluation):
    assert GROUPS[evaluation] <= groups_used(entries_with_words_of(evaluation))
    assert set(LANGUAGES["nb"][evaluation].exhibits) == {entry.id for entry in ENTRIES[evaluation]}


def test_every_sentence_is_named_by_a_note():
    named = {
        note
        for labels in LANGUAGES["nb"].values()
        for text in labels.exhibits.values()
        for note in text.get("notes", ())
    }
    assert set(LANGUAGES["nb"]["tiltakseffekter"].groups["sentences"]) <= named


def test_every_measure_has_a_word_and_a_short_word():
    for group in ("measures", "measures_short"):
        assert tuple(LANGUAGES["nb"]["tiltakseffekter"].groups[group]) == keys.TREATED_ARMS


def test_every_table_that_is_counted_has_a_word():
    required = load_contract(CONFIG / "registers.yaml").required
    assert set(required) <= set(LANGUAGES["nb"]["tiltakseffekter"].groups["registers"])


def test_an_exhibit_gets_only_the_groups_it_declares(catalogue):
    chosen = select_labels(LANGUAGES["nb"]["tiltakseffekter"], catalogue["oppstart-etter-periode"])
    assert set(chosen) == {"common", "exhibit", "words", "file"}
    assert "m0_2" in chosen["words"]
    assert "aft" not in chosen["words"]


def test_all_keys_without_a_label_are_named_at_once(text_of):
    data = tidy([{"row": "aft", "column": "ukjent_a"}, {"row": "ukjent_b", "column": "maned_1_12"}])
    with pytest.raises(FaultsFound) as caught:
        check_words(data, text_of("figur-maneder-i-arbeid"), "figur-maneder-i-arbeid")
    assert str(caught.value).count("config/evaluations/tiltakseffekter/labels/nb.yaml") == 2
    assert "ukjent_a" in str(caught.value)
    assert "ukjent_b" in str(caught.value)


def test_a_group_that_does_not_exist_is_named(catalogue):
    entry = catalogue["figur-maneder-i-arbeid"].model_copy(update={"labels": ("measures", "nowhere")})
    with pytest.raises(FaultsFound, match="nowhere"):
        select_labels(LANGUAGES["nb"]["tiltakseffekter"], entry)


def test_synthetic_data_say_so_and_real_data_do_not(text_of):
    assert text_of("figur-maneder-i-arbeid").mark == "Syntetiske data – beskriver ingen virkelige personer"
    assert text_of("figur-maneder-i-arbeid", origin="files").mark == ""
    assert "SSB" in text_of("figur-maneder-i-arbeid", origin="files").source


def test_the_note_tells_of_suppression_only_when_there_is_some(text_of):
    text = text_of("analyseutvalget")
    whole, cut = tidy([{"row": "aft"}]), tidy([{"row": "aft", "text": SUPPRESSED}])
    assert text.suppressed_note not in " ".join(text.foot(whole))
    assert text.suppressed_note in " ".join(text.foot(cut))


def test_the_level_of_intervals_is_that_of_the_setting(text_of):
    assert "95 prosent konfidensintervall" in " ".join(text_of("figur-maneder-i-arbeid").notes)


def test_public_data_on_real_persons_carry_no_synthetic_mark(text_of):
    text = text_of("figur-lalonde")
    assert text.mark == ""
    assert text.source == "Kilde: Åpne data om virkelige personer; ingen registre inngår."


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_covariate_is_defined_in_words(text_of, language) -> None:
    data = kovariater().query("column == 'definisjon'")
    assert list(data["row"]) == [item.key for item in DEFINITIONS]
    assert set(data["text"]) <= set(text_of("kovariater", language).words)
