"""Which code a script can reach, as one hash: an edited function makes exactly its dependants stale.

Snakemake sees an edited script but not an edited module. Here the definitions of the library that a script uses,
directly or through others, are found from the syntax trees and hashed. Comments, docstrings and layout do not count.
A template in HTML beside a module, under its name, belongs to it.
The library keeps to plain imports, so that what is reachable can be read from the text (docs/architecture.md).
"""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PACKAGE = "tiltakseffekt"
_SOURCE = Path(__file__).resolve().parents[2]


class Definition(NamedTuple):
    """A name defined at the top level of a module of the library."""

    module: str
    name: str


@dataclass(frozen=True)
class _Module:
    """What a module defines (name to statements) and imports (local name to target)."""

    definitions: dict[str, tuple[ast.stmt, ...]]
    imports: dict[str, tuple[str, str | None]]
    effects: tuple[ast.stmt, ...]


def _module_path(module: str) -> Path | None:
    stem = _SOURCE.joinpath(*module.split("."))
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()), None)


def _without_docstrings(tree: ast.Module) -> ast.Module:
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            match node.body:
                case [ast.Expr(value=ast.Constant(value=str())), *rest]:
                    node.body = rest or [ast.Pass()]
        # Expressions hold no statements, and are most of a tree.
        waiting += (child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr))
    return tree


def _bound_names(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Assign():
            targets: list[ast.expr] = statement.targets
        case ast.AnnAssign() | ast.AugAssign():
            targets = [statement.target]
        case _:
            return []
    return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]


def _imports(statement: ast.stmt) -> dict[str, tuple[str, str | None]]:
    match statement:
        case ast.ImportFrom(module=str(module), names=names, level=0):
            return {alias.asname or alias.name: (module, alias.name) for alias in names}
        case ast.Import(names=names):
            return {alias.asname or alias.name: (alias.name, None) for alias in names}
        case _:
            return {}


@cache
def _parse(source: str) -> _Module:
    definitions: dict[str, tuple[ast.stmt, ...]] = {}
    imports: dict[str, tuple[str, str | None]] = {}
    effects: list[ast.stmt] = []
    for statement in _without_docstrings(ast.parse(source)).body:
        if imported := _imports(statement):
            imports |= imported
        elif names := _bound_names(statement):
            for name in names:
                definitions[name] = (*definitions.get(name, ()), statement)
        else:
            effects.append(statement)
    return _Module(definitions, imports, tuple(effects))


@cache
def _module(name: str) -> _Module | None:
    path = _module_path(name)
    return _parse(path.read_text(encoding="utf-8")) if path else None


def _references(statements: tuple[ast.stmt, ...], module: _Module) -> Iterator[tuple[str, str | None]]:
    """Yield what statements refer to outside themselves: (module, name) of imports, ("", name) of own names."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                target = module.imports.get(node.value.id)
                if target:
                    path = target[0] if target[1] is None else f"{target[0]}.{target[1]}"
                    yield path, node.attr
            if isinstance(node, ast.Name):
                if node.id in module.definitions:
                    yield "", node.id
                elif node.id in module.imports:
                    yield module.imports[node.id]
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from _imports(node).values()


def _resolve(reference: tuple[str, str | None], home: str) -> Definition | None:
    """Return the definition in the library that a reference means, following re-exports."""
    target, name = reference
    module_name = home if target == "" else target
    if not module_name.startswith(_PACKAGE) or name is None:
        return None
    module = _module(module_name)
    if module is None:
        return None
    if name in module.definitions:
        return Definition(module_name, name)
    if name in module.imports:
        return _resolve(module.imports[name], module_name)
    return None


def reachable(source: str, entries: tuple[Definition, ...] = ()) -> tuple[Definition, ...]:
    """List the definitions of the library that a script, and the entries named, can reach.

    Parameters
    ----------
    source
        Text of the script.
    entries
        Further definitions to start from, such as the builder of an exhibit.

    Returns
    -------
    tuple of Definition
        Sorted, so that the order does not depend on the way through the code.
    """
    waiting = [*entries, *_named_in(source)]
    found: set[Definition] = set()
    while waiting:
        definition = waiting.pop()
        if definition not in found:
            found.add(definition)
            waiting += _needs(definition)
    return tuple(sorted(found))


@cache
def _named_in(source: str) -> tuple[Definition, ...]:
    script = _parse(source)
    statements = (*script.effects, *(s for body in script.definitions.values() for s in body))
    return tuple(filter(None, (_resolve(r, "") for r in _references(statements, script) if r[0])))


def _home(definition: Definition) -> _Module:
    module = _module(definition.module)
    if module is None or definition.name not in module.definitions:
        raise LookupError(f"the library does not define {definition.module}:{definition.name}")
    return module


@cache
def _needs(definition: Definition) -> tuple[Definition, ...]:
    """List what a definition refers to itself, with what its module does when it is imported."""
    body = _home(definition).definitions[definition.name]
    return (*_referred(body, definition.module), *_needs_of_effects(definition.module))


@cache
def _needs_of_effects(name: str) -> tuple[Definition, ...]:
    module = _module(name)
    return _referred(module.effects, name) if module else ()


def _referred(statements: tuple[ast.stmt, ...], home: str) -> tuple[Definition, ...]:
    module = _module(home)
    references = dict.fromkeys(_references(statements, module)) if module else {}
    return tuple(filter(None, (_resolve(reference, home) for reference in references)))


@cache
def _digest(definition: Definition) -> str:
    """Hash a definition with what its module does when it is imported."""
    text = _dumped(_home(definition).definitions[definition.name])
    return hashlib.sha256(f"{text}\n{_digest_of_effects(definition.module)}".encode()).hexdigest()


@cache
def _digest_of_effects(name: str) -> str:
    module = _module(name)
    return hashlib.sha256(_dumped(module.effects if module else ()).encode() + _template(name)).hexdigest()


@cache
def _digest_of_script(source: str) -> str:
    return hashlib.sha256(ast.dump(_without_docstrings(ast.parse(source))).encode()).hexdigest()


def _dumped(statements: tuple[ast.stmt, ...]) -> str:
    return "\n".join(map(ast.dump, statements))


def _template(module: str) -> bytes:
    """Return the HTML file beside a module, of the same name, which the module fills; nothing without one."""
    path = _module_path(module)
    template = path.with_suffix(".html") if path else None
    return template.read_bytes() if template and template.is_file() else b""


def called_functions(script: Path) -> tuple[str, ...]:
    """List the functions of the library that a script names itself, written ``package.module:name``."""
    named = {definition for definition in _named_in(script.read_text(encoding="utf-8")) if _is_function(definition)}
    return tuple(f"{definition.module}:{definition.name}" for definition in sorted(named))


def _is_function(definition: Definition) -> bool:
    return any(isinstance(statement, ast.FunctionDef) for statement in _home(definition).definitions[definition.name])


def parse_definition(text: str) -> Definition:
    """Read ``package.module:name``."""
    module, _, name = text.partition(":")
    return Definition(module, name)


def defined_at(text: str) -> tuple[Path, int]:
    """Return the file below ``src`` and the line in which ``package.module:name`` is defined, through re-exports.

    Raises
    ------
    LookupError
        If the library does not define it.
    """
    named = parse_definition(text)
    definition = _resolve((named.module, named.name), "") or named
    statement = _home(definition).definitions[definition.name][0]
    path = _module_path(definition.module)
    return (path or Path()).relative_to(_SOURCE), statement.lineno


@cache
def code_hash(script: Path, *functions: str) -> str:
    """Hash a script and all code of the library that it, or a function named, can reach.

    Parameters
    ----------
    script
        Path of the script.
    functions
        Further starting points, written ``package.module:name``.

    Returns
    -------
    str
        The first 16 hexadecimal digits.
    """
    source = script.read_text(encoding="utf-8")
    parts = [_digest_of_script(source)]
    for definition in reachable(source, tuple(map(parse_definition, functions))):
        parts.append(f"{definition.module}:{definition.name} {_digest(definition)}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
