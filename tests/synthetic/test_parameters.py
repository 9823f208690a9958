"""Every number of the synthetic registers says where it comes from, and what cannot be is refused."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from tiltakseffekt.core import keys
from tiltakseffekt.synthetic.parameters import LATER_ARMS, Parameters

FOLDER = Path(__file__).resolve().parents[2] / "config" / "synthetic"
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
    parts = ("fitted", "permanent", "permanent_weights")
    return yaml.safe_load(text) | {
        part: yaml.safe_load((FOLDER / f"{part}.yaml").read_text(encoding="utf-8")) for part in parts
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
        ("population.dies", [-0.1, 0, 0, 0, 0, 0]),
        ("work.gap_back", [0, 0.1, 0.1, 0.1, 0.1, 0.1]),
        ("municipalities.disability_limits", [20, 3]),
        ("tables.sectors", {"private": 0.5, "state": 0.1}),
        ("tables.unheard_of", 1),
        ("disability.full", 2),
        ("effects.at_start", {"amo": 1.5}),
        ("heterogeneity.share", -0.1),
        ("fitted.find", [[0.1, 0.1, 1.2]]),
        ("fitted.lose", [-0.1] * 6),
        ("fitted.women", [43, 46, 155, 47, 58, 47]),
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


def lengths(value):
    """Return the lengths of lists inside lists, outermost first."""
    return (len(value), *lengths(value[0])) if isinstance(value, list) else ()


def test_fitted_lists_have_the_orders_of_the_keys(values):
    fitted, groups = values["fitted"], len(keys.NAV_GROUPS)
    ages, categories = len(keys.AGE_GROUPS), len(keys.LEDIGHETSKATEGORIER)
    expected = {
        "first_group": (groups,),
        "women": (groups,),
        "age": (groups, 6),
        "landgruppe": (groups, len(keys.LANDGRUPPER)),
        "education": (groups, 6),
        "work_at_entry": (groups, categories),
        "find": (groups, categories),
        "lose": (groups,),
        "notice": (groups,),
        "leave_work": (groups,),
        "leave_idle": (groups,),
        "moves_first_year": (groups, groups),
        "moves_later": (groups, groups),
        "again": (groups, groups),
        "switches": (categories,),
        "start": (len(keys.ENTRY_GROUPS), 12),
        "later": (groups, 6),
        "later_again": (groups,),
        "length_group": (groups,),
        "base": (len(keys.ENTRY_GROUPS), categories, 37),
    }
    assert {name: lengths(fitted[name]) for name in expected} == expected
    for arm, by_group in fitted["log_odds"].items():
        assert arm in LATER_ARMS
        assert len(by_group["innsatsgruppe"]) == len(keys.ENTRY_GROUPS)
        assert len(by_group.get("age", range(ages))) in (ages - 1, ages)
    assert set(fitted["later_arms"]) == set(fitted["length"]) == set(fitted["followed"]) == set(LATER_ARMS)
