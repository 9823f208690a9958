"""The words of an evaluation: what all share, its own, and those of the evaluation that it reads."""

import pytest
import yaml

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.exhibits.catalogue import parse_entry
from tiltakseffekt.stages.exhibits.words import load_labels, select_labels

SHARED = {"common": {"lang": "nb"}, "sentences": {"told": "Told once."}, "sums": {"n": "N"}}
FIRST = {"measures": {"a": "A"}, "exhibits": {"one": {"title": "One", "notes": ["told", "Told here."]}}}
SECOND = {"truth": {"sann": "Sann"}, "exhibits": {"one": {"title": "Another"}}}
READS = {"first": None, "second": "first", "third": None}


def entry(*labels):
    return parse_entry(
        {
            "id": "one",
            "kind": "table",
            "builder": "tiltakseffekt.a:b",
            "labels": labels,
            "chapter": "sample",
            "source": "a test",
            "layout": {"type": "plain"},
        }
    )


@pytest.fixture
def load(tmp_path):
    """Return what is loaded of files that differ from those above in what is given."""

    def loaded(shared=SHARED, first=FIRST, second=SECOND):
        config = tmp_path / "config"
        folders = {"labels": shared, "evaluations/first/labels": first, "evaluations/second/labels": second}
        for folder, content in folders.items():
            (config / folder).mkdir(parents=True, exist_ok=True)
            (config / folder / "nb.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
        return load_labels(config, "nb", READS)

    return loaded


def test_an_evaluation_has_what_all_share_and_its_own(load):
    labels = load()["first"]
    assert set(labels.groups) == {"common", "sentences", "sums", "measures"}
    assert labels.exhibits["one"]["title"] == "One"
    assert labels.file == "config/evaluations/first/labels/nb.yaml"


def test_one_that_reads_another_has_its_groups_and_not_its_exhibits(load):
    labels = load()["second"]
    assert set(labels.groups) == {"common", "sentences", "sums", "measures", "truth"}
    assert labels.exhibits == {"one": {"title": "Another"}}


def test_one_without_words_of_its_own_has_what_all_share(load):
    labels = load()["third"]
    assert (dict(labels.groups), labels.exhibits) == (SHARED, {})
    with pytest.raises(FaultsFound, match=r"config/evaluations/third/labels/nb\.yaml.*no title"):
        select_labels(labels, entry("sums"))


def test_every_group_that_stands_twice_is_told_once_with_both_files(load):
    with pytest.raises(FaultsFound) as caught:
        load(first=FIRST | {"sums": {}}, second=SECOND | {"measures": {}})
    assert [(fault.file, fault.column, fault.rule) for fault in caught.value.faults] == [
        ("config/evaluations/first/labels/nb.yaml", "sums", "group of labels also stands in config/labels/nb.yaml"),
        (
            "config/evaluations/second/labels/nb.yaml",
            "measures",
            "group of labels also stands in config/evaluations/first/labels/nb.yaml",
        ),
    ]


def test_texts_of_an_exhibit_stand_with_its_evaluation(load):
    with pytest.raises(FaultsFound, match=r"config/labels/nb\.yaml.*exhibits"):
        load(shared=SHARED | {"exhibits": {"one": {"title": "One"}}})


def test_a_note_may_name_a_sentence(load):
    assert select_labels(load()["first"], entry("sums"))["exhibit"]["notes"] == ["Told once.", "Told here."]


def test_all_that_an_exhibit_lacks_is_told_at_once(load):
    first = FIRST | {"exhibits": {"one": {"title": "One", "notes": ["misspelt"]}}}
    with pytest.raises(FaultsFound) as caught:
        select_labels(load(first=first)["first"], entry("nowhere", "sums"))
    assert [fault.column for fault in caught.value.faults] == ["misspelt", "nowhere"]
    assert {fault.file for fault in caught.value.faults} == {"config/evaluations/first/labels/nb.yaml"}
