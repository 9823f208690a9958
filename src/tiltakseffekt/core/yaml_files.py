"""Reading YAML with the parser in C, which is seven times as fast."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

#: PyYAML can be built without the parser in C.
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: str | Path) -> Any:
    """Read a YAML file as plain values.

    Raises
    ------
    yaml.YAMLError
        If it cannot be read.
    """
    return parse_yaml(Path(path).read_text(encoding="utf-8"))


def parse_yaml(text: str) -> Any:
    """Read text in YAML as plain values."""
    return yaml.load(text, _LOADER)


@cache
def _composed(text: str) -> yaml.Node | None:
    return yaml.compose(text, _LOADER)


def line_of(text: str, *keys: str) -> int | None:
    """Return the line on which a key of nested mappings stands, counted from 1; None when there is no such key.

    In a list a key means the entry with that ``id``.

    Parameters
    ----------
    text
        Text in YAML.
    keys
        The keys from the outermost inwards.
    """
    node, line = _composed(text), None
    for key in keys:
        found = _below(node, key)
        if found is None:
            return None
        node, line = found
    return line


def _below(node: yaml.Node | None, key: str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((below, name.start_mark.line + 1) for name, below in node.value if name.value == key), None)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            named = _below(item, "id") if isinstance(item, yaml.MappingNode) else None
            if named and named[0].value == key:
                return item, named[1]
    return None
