"""An edited function makes exactly its dependants stale."""

import marshal
import sys

import pytest

from tiltakseffekt.workflow import code as code_module

PARSE = code_module._parse

LIBRARY = {
    "tiltakseffekt/__init__.py": "",
    "tiltakseffekt/a.py": '''"""Docstring."""
from tiltakseffekt import b
from tiltakseffekt.c import deep as renamed

LIMIT = 3

def used(x):
    """Say."""
    return renamed(x) + b.helper(x) + LIMIT

def unused(x):
    return x
''',
    "tiltakseffekt/b.py": "def helper(x):\n    return x\n\ndef other(x):\n    return x\n",
    "tiltakseffekt/b.html": "<p>$words</p>",
    "tiltakseffekt/c.py": "class Deep:\n    value = 1\n\ndef deep(x):\n    return Deep.value\n",
}
SCRIPT = "from tiltakseffekt.a import used\n\nused(1)\n"


def forget():
    for member in vars(code_module).values():
        if hasattr(member, "cache_clear"):
            member.cache_clear()


@pytest.fixture
def hash_after(tmp_path, monkeypatch):
    """Return a function that gives the hash of the script after replacing text in a file of the library."""
    monkeypatch.setattr(code_module, "_SOURCE", tmp_path)
    script = tmp_path / "script.py"

    def compute(path=None, old="", new="", script_text=SCRIPT, functions=()):
        for name, text in LIBRARY.items():
            target = tmp_path / name
            target.parent.mkdir(exist_ok=True)
            target.write_text(text.replace(old, new) if name == path else text)
        script.write_text(script_text)
        forget()
        return code_module.code_hash(script, *functions)

    yield compute
    forget()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("tiltakseffekt/a.py", "+ LIMIT", "- LIMIT"),
        ("tiltakseffekt/a.py", "LIMIT = 3", "LIMIT = 4"),
        ("tiltakseffekt/b.py", "def helper(x):\n    return x", "def helper(x):\n    return 2 * x"),
        ("tiltakseffekt/b.html", "<p>", "<h1>"),
        ("tiltakseffekt/c.py", "value = 1", "value = 2"),
        ("tiltakseffekt/c.py", "class Deep:", "print('imported')\n\nclass Deep:"),
    ],
)
def test_what_the_script_reaches_changes_its_hash(hash_after, path, old, new):
    assert hash_after(path, old, new) != hash_after()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("tiltakseffekt/a.py", "def unused(x):\n    return x", "def unused(x):\n    return 2 * x"),
        ("tiltakseffekt/b.py", "def other(x):\n    return x", "def other(x):\n    return 2 * x"),
        ("tiltakseffekt/a.py", "Say.", "Say more."),
        ("tiltakseffekt/a.py", "def used", "# a comment\ndef used"),
    ],
)
def test_what_it_does_not_reach_leaves_it(hash_after, path, old, new):
    assert hash_after(path, old, new) == hash_after()


def test_the_script_and_functions_named_count(hash_after):
    assert hash_after(script_text=SCRIPT + "used(2)\n") != hash_after()
    named = ("tiltakseffekt.b:other",)
    changed = hash_after(
        "tiltakseffekt/b.py", "def other(x):\n    return x", "def other(x):\n    return 1", SCRIPT, named
    )
    assert changed != hash_after(functions=named)


def test_an_unknown_function_is_an_error(hash_after):
    with pytest.raises(LookupError, match="nothing"):
        hash_after(functions=("tiltakseffekt.b:nothing",))


def test_what_is_kept_of_a_module_is_read_while_its_text_is_the_same(hash_after, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    first = hash_after()
    kept = sorted((tmp_path / "tiltakseffekt/__pycache__").glob("*.names"))
    assert [path.name.partition(".")[0] for path in kept] == ["__init__", "a", "b", "c"]
    parsed = []
    monkeypatch.setattr(code_module, "_parse", lambda source: parsed.append(source) or PARSE(source))
    assert hash_after() == first
    assert parsed == [SCRIPT]
    assert hash_after("tiltakseffekt/c.py", "value = 1", "value = 2") != first
    assert len(parsed) == 3


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", marshal.dumps(("key",)), marshal.dumps(3)])
def test_what_cannot_be_read_of_what_was_kept_is_made_anew(hash_after, tmp_path, monkeypatch, content):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    first = hash_after()
    for path in (tmp_path / "tiltakseffekt/__pycache__").glob("*.names"):
        path.write_bytes(content)
    assert hash_after() == first
