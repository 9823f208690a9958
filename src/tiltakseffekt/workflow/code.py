"""Which code a script can reach, as one hash: an edited function makes exactly its dependants stale.

Snakemake sees an edited script but not an edited module. Here the definitions of the library that a script uses,
directly or through others, are found from the syntax trees and hashed. Comments, docstrings and layout do not count.
A template in HTML beside a module, under its name, belongs to it.
The library keeps to plain imports, so that what is reachable can be read from the text (docs/architecture.md).
"""

import ast
import hashlib
import marshal
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tiltakseffekt.core.files import atomic_path

_PACKAGE = "tiltakseffekt"
_SOURCE = Path(__file__).resolve().parents[2]
#: Another way to read modules leaves what was kept of them behind.
_OWN_SOURCE = Path(__file__).read_bytes()


class Definition(NamedTuple):
    """A name defined at the top level of a module of the library."""

    module: str
    name: str


class _Part(NamedTuple):
    """Statements of a module: the hash of what they say and what they refer to outside themselves.

    A reference is (module, name) of an import and ("", name) of a name of the module itself.
    """

    digest: str
    references: tuple[tuple[str, str | None], ...]
    is_function: bool
    line: int


class _Module(NamedTuple):
    """What a module defines, imports (local name to target) and does when it is imported."""

    definitions: dict[str, _Part]
    imports: dict[str, tuple[str, str | None]]
    effects: _Part


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
                    node.body = rest or [ast.Pass(lineno=node.body[0].lineno)]
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

    def part(statements: Sequence[ast.stmt]) -> _Part:
        return _Part(
            digest=hashlib.sha256("\n".join(map(ast.dump, statements)).encode()).hexdigest(),
            references=tuple(dict.fromkeys(_references(statements, definitions, imports))),
            is_function=any(isinstance(statement, ast.FunctionDef) for statement in statements),
            line=statements[0].lineno if statements else 0,
        )

    return _Module({name: part(body) for name, body in definitions.items()}, imports, part(effects))


@cache
def _read(path: Path) -> _Module:
    """Parse a module, or read what a process before has kept of it, beside what Python keeps of it."""
    source = path.read_bytes()
    key = hashlib.sha256(_OWN_SOURCE + source).digest()
    kept = path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.names"
    # What cannot be read is made anew.
    with suppress(OSError, ValueError, EOFError, TypeError):
        found, definitions, imports, effects = marshal.loads(kept.read_bytes())
        if found == key:
            return _Module({name: _Part(*part) for name, part in definitions.items()}, imports, _Part(*effects))
    module = _parse(source.decode())
    if not sys.dont_write_bytecode:
        parts = {name: tuple(part) for name, part in module.definitions.items()}
        with suppress(OSError), atomic_path(kept) as beside:
            beside.write_bytes(marshal.dumps((key, parts, module.imports, tuple(module.effects))))
    return module


@cache
def _module(name: str) -> _Module | None:
    path = _module_path(name)
    return _read(path) if path else None


def _references(
    statements: Sequence[ast.stmt], own: Collection[str], imports: Mapping[str, tuple[str, str | None]]
) -> Iterator[tuple[str, str | None]]:
    """Yield what statements refer to outside themselves, as in `_Part`."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                target = imports.get(node.value.id)
                if target:
                    path = target[0] if target[1] is None else f"{target[0]}.{target[1]}"
                    yield path, node.attr
            if isinstance(node, ast.Name):
                if node.id in own:
                    yield "", node.id
                elif node.id in imports:
                    yield imports[node.id]
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
    references = (*script.effects.references, *(r for part in script.definitions.values() for r in part.references))
    return tuple(filter(None, (_resolve(reference, "") for reference in references if reference[0])))


def _part(definition: Definition) -> _Part:
    module = _module(definition.module)
    if module is None or definition.name not in module.definitions:
        raise LookupError(f"the library does not define {definition.module}:{definition.name}")
    return module.definitions[definition.name]


@cache
def _needs(definition: Definition) -> tuple[Definition, ...]:
    """List what a definition refers to itself, with what its module does when it is imported."""
    return (*_referred(_part(definition), definition.module), *_needs_of_effects(definition.module))


@cache
def _needs_of_effects(name: str) -> tuple[Definition, ...]:
    module = _module(name)
    return _referred(module.effects, name) if module else ()


def _referred(part: _Part, home: str) -> tuple[Definition, ...]:
    return tuple(filter(None, (_resolve(reference, home) for reference in part.references)))


@cache
def _digest(definition: Definition) -> str:
    """Hash a definition with what its module does when it is imported."""
    text = f"{_part(definition).digest}\n{_digest_of_effects(definition.module)}"
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _digest_of_effects(name: str) -> str:
    module = _module(name)
    return hashlib.sha256((module.effects.digest if module else "").encode() + _template(name)).hexdigest()


@cache
def _digest_of_script(source: str) -> str:
    return hashlib.sha256(ast.dump(_without_docstrings(ast.parse(source))).encode()).hexdigest()


def _template(module: str) -> bytes:
    """Return the HTML file beside a module, of the same name, which the module fills; nothing without one."""
    path = _module_path(module)
    template = path.with_suffix(".html") if path else None
    return template.read_bytes() if template and template.is_file() else b""


def called_functions(script: Path) -> tuple[str, ...]:
    """List the functions of the library that a script names itself, written ``package.module:name``."""
    named = {named for named in _named_in(script.read_text(encoding="utf-8")) if _part(named).is_function}
    return tuple(f"{definition.module}:{definition.name}" for definition in sorted(named))


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
    path = _module_path(definition.module)
    return (path or Path()).relative_to(_SOURCE), _part(definition).line


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
