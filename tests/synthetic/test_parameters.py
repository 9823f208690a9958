"""Every number of the synthetic registers says where it comes from, and what cannot be is refused."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import ValidationError

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.municipalities import draw_municipalities
from tiltakseffekt.synthetic.parameters import Parameters, read_codebooks, read_parameters
from tiltakseffekt.synthetic.population import draw_persons
from tiltakseffekt.synthetic.rules import compile_rules, describe_people, effect_tables

FOLDER = Path(__file__).resolve().parents[2] / "config" / "synthetic"
PARTS = ("fitted", "permanent", "permanent_weights")
BOOKS = ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering")
#: Files that a fit writes; the others are written by hand.
WRITTEN = [FOLDER / "fitted.yaml", FOLDER / "permanent_weights.yaml"]
CHOSEN = sorted(set(FOLDER.glob("*.yaml")) - set(WRITTEN))
SOURCE = re.compile(r"\b(lines?|Tabell|chosen)\b")
NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


def holds_number(node):
    if isinstance(node, yaml.SequenceNode):
        return any(holds_number(child) for child in node.value)
    if isinstance(node, yaml.MappingNode):
        return any(holds_number(child) for _, child in node.value)
    return node.tag in NUMBERS


def comment_of(lines, number):
    """Return the comment on a line and the comment lines directly above it."""
    first = number
    while first > 0 and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return " ".join([*lines[first:number], lines[number].partition(" #")[2]])


def unsourced(text):
    """Return the keys with numbers that say nothing of their source.

    A key is covered by the word "line", "lines", "Tabell" or "chosen" in a comment on its line, directly above it, or
    likewise at a key or on an item of a list that holds it. A top-level section covers nothing: one comment cannot
    speak for all of it.
    """
    lines = text.splitlines()

    def sourced(node):
        return bool(SOURCE.search(comment_of(lines, node.start_mark.line)))

    def walk(node, path, covered):
        for key, value in node.value:
            here = covered or (bool(path) and sourced(key))
            yield from judge(value, (*path, key.value), here)

    def judge(value, name, here):
        if isinstance(value, yaml.MappingNode):
            yield from walk(value, name, here)
        elif isinstance(value, yaml.SequenceNode) and any(isinstance(child.value, list) for child in value.value):
            for child in value.value:
                yield from judge(child, name, here or (not value.flow_style and sourced(child)))
        elif holds_number(value) and not here:
            yield ".".join(name)

    return list(dict.fromkeys(walk(yaml.compose(text), (), False)))


@pytest.fixture(scope="module")
def text():
    return (FOLDER / "lives.yaml").read_text(encoding="utf-8")


@pytest.fixture
def values(text):
    """The content of all files, as it is validated."""
    return yaml.safe_load(text) | {
        part: yaml.safe_load((FOLDER / f"{part}.yaml").read_text(encoding="utf-8")) for part in PARTS
    }


@pytest.mark.parametrize("name", [path.name for path in CHOSEN])
def test_every_number_carries_its_source_or_the_word_chosen(name):
    assert unsourced((FOLDER / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", [path.name for path in WRITTEN])
def test_what_is_fitted_says_on_its_face_what_wrote_it(name):
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#")
    assert re.search(r"Written by\b", " ".join(lines[:2]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n  b: 1  # line 12\n", []),
        ("a:\n  # chosen: few\n  b:\n    - [1, 2]\n", []),
        ("a:\n  b:  # Tabell 6-3\n    c: {d: 1}\n", []),
        ("a:\n  b: word\n  c: ['1']\n", []),
        ("a:\n  b: 1  # underlined\n", ["a.b"]),
        ("a:\n  # chosen\n  b: 1\n  c: {d: [2]}\n", ["a.c.d"]),
        ("# chosen\na:\n  b: 1\n", ["a.b"]),
        ("a:\n  # lines 1-2\n\n  b: 1.5\n", ["a.b"]),
        ("a:\n  b:\n    # chosen\n    - [1, 2]\n    - [3, 4]  # line 3\n", []),
        ("a:\n  b:\n    # chosen\n    - [1, 2]\n    - [3, 4]\n", ["a.b"]),
        ("a:\n  # chosen\n  - {b: 1}\n  - {b: 2}\n", ["a.b"]),
    ],
)
def test_a_source_stands_on_the_line_above_it_or_at_the_key_that_holds_it(text, expected):
    assert unsourced(text) == expected


def test_no_number_is_covered_when_the_comments_are_gone(text):
    bare = yaml.safe_dump(yaml.safe_load(text))
    assert {"population.moved", "selection.months_worked.aft", "tables.business", "cycle.first"} <= set(unsourced(bare))


def put(values, name, value):
    *sections, key = name.split(".")
    place = values
    for section in sections:
        place = place[section]
    place[key] = value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("population.moved", 1.2),
        ("population.stay", [20, 10]),
        ("population.dies.alder_20_29", -0.1),
        ("work.gap_back.standard", 0),
        ("municipalities.disability_limits", [20, 3]),
        ("tables.sectors", {"private": 0.5, "state": 0.1}),
        ("tables.unheard_of", 1),
        ("disability.full", 2),
        ("effects.at_start", {"amo": 1.5}),
        ("heterogeneity.share", -0.1),
        ("fitted.find.standard.i_arbeid", 1.2),
        ("fitted.lose.sykmeldt", -0.1),
        ("fitted.women.spesielt_tilpasset", 155),
        ("fitted.followed", {"aft": 101}),
        ("fitted.register_sick", 1.1),
        ("fitted.unheard_of", 1),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(values, name, value):
    Parameters.model_validate(values)
    put(values, name, value)
    with pytest.raises(ValidationError, match=re.escape(name)):
        Parameters.model_validate(values)


def test_a_fitted_value_that_is_missing_is_refused(values):
    del values["fitted"]["leave_idle"]
    with pytest.raises(ValidationError, match=r"fitted\.leave_idle"):
        Parameters.model_validate(values)


def read(folder):
    return read_parameters(*(folder / f"{name}.yaml" for name in ("lives", *PARTS)))


def written(folder, values):
    """Write parameters as the four files that they are read from."""
    parts = {name: values[name] for name in PARTS}
    lives = {name: value for name, value in values.items() if name not in PARTS}
    for name, content in {"lives": lives, **parts}.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return folder


def test_every_wrong_key_is_told_at_once_with_the_keys_there_are(values, tmp_path):
    del values["work"]["gap_back"]["standard"]
    values["benefits"]["aap"]["unheard_of"] = 0.1
    values["fitted"]["find"]["sykmeldt"] = {"i_arbeid": 1.5}
    del values["fitted"]["base"]["standard"]["i_arbeid"][36]
    values["permanent"]["units"]["population"]["svalbard"] = 1
    values["permanent_weights"]["subsidy_year"].pop(2007)
    with pytest.raises(FaultsFound) as error:
        read(written(tmp_path, values))
    told = {(fault.file, fault.column) for fault in error.value.faults}
    assert told == {
        ("lives.yaml", "work.gap_back.standard"),
        ("lives.yaml", "benefits.aap.unheard_of"),
        ("fitted.yaml", "find.sykmeldt.i_arbeid"),
        ("fitted.yaml", "find.sykmeldt.i_arbeid_siste_5_mnd"),
        ("fitted.yaml", "find.sykmeldt.uten_arbeid_6_mnd"),
        ("fitted.yaml", "base.standard.i_arbeid.36"),
        ("permanent.yaml", "units.population.svalbard"),
        ("permanent_weights.yaml", "subsidy_year.2007"),
    }
    assert f"the keys are {', '.join(keys.NAV_GROUPS)}" in str(error.value)


def test_a_list_in_the_place_of_a_map_is_refused(values):
    put(values, "work.age", [0.0] * 6)
    with pytest.raises(ValidationError, match=r"work\.age"):
        Parameters.model_validate(values)


def turned(value):
    """Return maps with their keys the other way round, but for the two whose order counts measures and positions."""
    if isinstance(value, dict):
        return {key: turned(one) for key, one in reversed(value.items())}
    return value


def test_the_order_in_a_file_changes_nothing(values):
    plain = Parameters.model_validate(values)
    sections = ("fitted", "permanent", "permanent_weights", "population", "work", "disability", "effects", "reference")
    other = Parameters.model_validate(values | {name: turned(values[name]) for name in sections})
    for name in ("fitted.base", "fitted.find", "permanent.subsidy.rates", "work.position_shares", "population.year"):
        one, two = plain, other
        for part in name.split("."):
            one, two = getattr(one, part), getattr(two, part)
        assert array(one).tolist() == array(two).tolist(), name
    assert list(other.fitted.age) == list(keys.NAV_GROUPS)
    assert other.measures.started == plain.measures.started and other.treated == plain.treated


#: Where a measure stands that has an effect of its own: every map that has them all.
OF_A_MEASURE = (
    "measures.duration measures.shape measures.scale measures.codes effects.profile effects.months_in_work composition "
    "heterogeneity.differences fitted.later_arms fitted.log_odds fitted.length fitted.followed fitted.next "
    "fitted.tiltakspenger fitted.shift"
)


def place_of(values, name):
    place = values
    for section in name.split("."):
        place = place[section]
    return place


def with_another_measure(values):
    """Add a measure that is given as avklaring is, before the one to which small measures are counted."""
    for name in OF_A_MEASURE.split():
        place = place_of(values, name)
        content = dict(place)
        place.clear()
        for key, value in content.items():
            if key == keys.OTHER_MEASURES:
                place["nytt_tiltak"] = content["avklaring"]
            place[key] = value
        place.setdefault("nytt_tiltak", content["avklaring"])
    return values


def test_a_measure_more_is_an_entry_more_in_each_map(values, tmp_path):
    before = Parameters.model_validate(values)
    after = read(written(tmp_path, with_another_measure(values)))
    assert after.treated == (*before.treated[:-1], "nytt_tiltak", keys.OTHER_MEASURES)
    assert len(after.measures.groups) == len(before.measures.groups) + 1
    books = read_codebooks(*(FOLDER.parent / "codebook" / f"{name}.csv" for name in BOOKS))
    places = draw_municipalities(1, after, books)
    law = compile_rules(1, after, books, places)
    assert law["odds_group"].shape[1:] == (len(after.measures.started), len(keys.ENTRY_GROUPS))
    moves = dict(zip(after.measures.started, effect_tables(after)[0], strict=True))
    assert (moves["nytt_tiltak"] == moves["avklaring"]).all()
    people = describe_people(1, draw_persons(1, np.arange(50), 0, after, places), places, after)
    assert people["odds"].shape == (50, len(after.measures.started))


@pytest.mark.parametrize(
    "name",
    sorted(set(OF_A_MEASURE.split()) - {"measures.duration", "measures.codes", "effects.profile"}),
)
def test_a_measure_that_is_missing_somewhere_is_told(values, name):
    place_of(values, name).pop("avklaring")
    with pytest.raises(ValidationError, match=re.escape(name)):
        Parameters.model_validate(values)
