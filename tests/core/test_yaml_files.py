import pytest

from tiltakseffekt.core.yaml_files import line_of

TEXT = """# a comment
outer:
  first: 1
  second:
    inner: [a, b]
"""
ENTRIES = """- id: one
  kind: table
- kind: figure
  id: two
"""


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        (TEXT, ("outer",), 2),
        (TEXT, ("outer", "second"), 4),
        (TEXT, ("outer", "second", "inner"), 5),
        (TEXT, ("second",), None),
        (TEXT, ("outer", "first", "deeper"), None),
        (TEXT, ("outer", "second", "inner", "a"), None),
        (ENTRIES, ("one",), 1),
        (ENTRIES, ("two",), 4),
        (ENTRIES, ("two", "kind"), 3),
        (ENTRIES, ("three",), None),
        ("", ("one",), None),
    ],
)
def test_a_key_is_found_on_its_line(text, keys, line):
    assert line_of(text, *keys) == line
