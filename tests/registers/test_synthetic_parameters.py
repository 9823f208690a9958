"""Every number of the synthetic registers says where it comes from, and what cannot be is refused."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from tiltakseffekt.registers.synthetic.parameters import Parameters

PARAMETERS = Path(__file__).resolve().parents[2] / "config" / "synthetic.yaml"
SOURCE = re.compile(r"\b(lines?|Tabell|chosen)\b")
NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


def holds_number(node):
    if isinstance(node, yaml.SequenceNode):
        return any(holds_number(child) for child in node.value)
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
    likewise at a key that holds it. A top-level section covers nothing: one comment cannot speak for all of it.
    """
    lines = text.splitlines()

    def walk(node, path, covered):
        for key, value in node.value:
            here = covered or (bool(path) and bool(SOURCE.search(comment_of(lines, key.start_mark.line))))
            name = (*path, key.value)
            if isinstance(value, yaml.MappingNode):
                yield from walk(value, name, here)
            elif holds_number(value) and not here:
                yield ".".join(name)

    return list(walk(yaml.compose(text), (), False))


@pytest.fixture(scope="module")
def text():
    return PARAMETERS.read_text(encoding="utf-8")


@pytest.fixture
def values(text):
    return yaml.safe_load(text)


def test_every_number_carries_its_source_or_the_word_chosen(text):
    assert unsourced(text) == []


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
    ],
)
def test_a_source_stands_on_the_line_above_it_or_at_the_key_that_holds_it(text, expected):
    assert unsourced(text) == expected


def test_no_number_is_covered_when_the_comments_are_gone(text):
    bare = yaml.safe_dump(yaml.safe_load(text))
    assert {"population.persons", "selection.log_odds.aft.sex", "tables.business"} <= set(unsourced(bare))


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("population", "dead", 1.2),
        ("population", "women", [43, 46, 155, 47, 58, 47]),
        ("population", "stay", [20, 10]),
        ("measures", "back_ends", 0),
        ("municipalities", "disability_limits", [20, 3]),
        ("disability", "degree_shares", [0.5, 0.6]),
        ("tables", "sectors", {"private": 0.5, "state": 0.1}),
        ("tables", "unheard_of", 1),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(values, section, key, value):
    Parameters.model_validate(values)
    values[section][key] = value
    with pytest.raises(ValidationError, match=rf"{section}\.{key}"):
        Parameters.model_validate(values)
