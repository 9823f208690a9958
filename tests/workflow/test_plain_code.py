"""What the hash of the code can read from the text: plain imports, and nothing that finds code by its name.

Each way past the hash is refused: looking a name up on a module, importing by name, handing a module on, registries
that decorators or statements of a module fill.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tiltakseffekt.core.tables import TableSchema
from tiltakseffekt.workflow import code as code_module
from tiltakseffekt.workflow.code import Definition, code_hash, reachable

ROOT = Path(__file__).parents[2]
LIBRARY = sorted((ROOT / "src" / "tiltakseffekt").rglob("*.py"))
SCRIPTS = sorted((ROOT / "scripts").rglob("*.py"))
PACKAGE = "tiltakseffekt"
BY_NAME = {"import_module", "__import__", "globals", "eval", "exec", "importlib", "pkgutil", "runpy"}
ON_OBJECTS = {"__subclasses__", "__init_subclass__", "__dict__"}
ALLOWED = {
    # The builder of an exhibit is named by the catalogue; it is a parameter of the rule that enters the hash.
    "scripts/exhibits/build_exhibit.py": {"finds code by name: import_module", "finds code by name: importlib"},
    # Asks which script runs, for the record of the job.
    "src/tiltakseffekt/workflow/job.py": {"finds code by name: sys.modules"},
    # Imports what the scripts import that it runs.
    "src/tiltakseffekt/workflow/warm.py": {f"finds code by name: {n}" for n in ("import_module", "importlib", "runpy")},
    # A script of its own, which imports nothing of the library.
    "src/tiltakseffekt/workflow/warm_client.py": {"when imported it does: if __name__ == '__main__':"},
}
#: Where numba keeps what it compiled; it defines nothing.
EFFECTS = {"cache_by_source()"}


def is_module(name: str) -> bool:
    return code_module._module_path(name) is not None


def library_imports(node: ast.AST) -> Iterator[tuple[str, str, str]]:
    """Yield (local name, module, name in it) of what a statement imports from the library."""
    if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE:
        for alias in node.names:
            yield alias.asname or alias.name, node.module, alias.name


def imports_past_the_hash(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"relative import of {node.module or '.'}"
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == PACKAGE and not alias.asname:
                    yield f"dotted import of {alias.name}"
        for _, module, name in library_imports(node):
            if name == "*":
                yield f"star import of {module}"
            elif is_module(f"{module}.{name}"):
                if node not in tree.body:
                    yield f"import of the module {name} below the top level"
            elif code_module._resolve((module, name), "") is None:
                yield f"import of {module}.{name}, which no statement at the top level defines"


def modules_handed_on(tree: ast.Module) -> Iterator[str]:
    """Yield where a module of the library is used other than as ``module.definition``."""
    modules = {
        local: f"{module}.{name}"
        for node in tree.body
        for local, module, name in library_imports(node)
        if is_module(f"{module}.{name}")
    }
    read = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in modules and id(node) not in read:
            yield f"the module {node.id} is handed on"
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in modules and attribute != "__file__":
                if code_module._resolve((modules[name], attribute), "") is None:
                    yield f"{name}.{attribute} is no definition"


def found_by_name(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="importlib", names=[ast.alias(name="metadata")]):
                continue
            case ast.Name(id=name) if name in BY_NAME - {"importlib"}:
                yield f"finds code by name: {name}"
            case ast.ImportFrom(module=name) if name in BY_NAME:
                yield f"finds code by name: {name}"
            case ast.Import(names=names):
                for alias in names:
                    if alias.name.split(".")[0] in BY_NAME and alias.name != "importlib.metadata":
                        yield f"finds code by name: {alias.name}"
            case ast.Attribute(value=ast.Name(id="sys"), attr="modules"):
                yield "finds code by name: sys.modules"
            case ast.Attribute(attr=name) if name in BY_NAME | ON_OBJECTS:
                yield f"finds code by name: {name}"


def registered(tree: ast.Module, home: str) -> Iterator[str]:
    """Yield decorators of the library, which may register what they decorate."""
    own = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    own |= {local for node in ast.walk(tree) for local, _, _ in library_imports(node)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for decorator in node.decorator_list:
                if any(isinstance(part, ast.Name) and part.id in own for part in ast.walk(decorator)):
                    yield f"{home}: the decorator {ast.unparse(decorator)} may register {node.name}"


def effects_of_modules(tree: ast.Module) -> Iterator[str]:
    """Yield what a module does when it is imported beside defining names."""
    for statement in tree.body:
        match statement:
            case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef():
                continue
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Assign(targets=targets) if all(isinstance(t, (ast.Name, ast.Tuple)) for t in targets):
                continue
            case ast.AnnAssign(target=ast.Name()):
                continue
        if ast.unparse(statement) not in EFFECTS:
            yield f"when imported it does: {ast.unparse(statement).splitlines()[0]}"


def escapes(source: str, home: str = "", library: bool = True) -> list[str]:
    """Return every way in which code gets past the hash."""
    tree = ast.parse(source)
    found = [*imports_past_the_hash(tree), *modules_handed_on(tree), *found_by_name(tree), *registered(tree, home)]
    return found + (list(effects_of_modules(tree)) if library else [])


@pytest.mark.parametrize("path", [*LIBRARY, *SCRIPTS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_code_gets_past_the_hash(path):
    relative = path.relative_to(ROOT).as_posix()
    found = escapes(path.read_text(encoding="utf-8"), relative, path in LIBRARY)
    assert set(found) - ALLOWED.get(relative, set()) == set()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("from tiltakseffekt.core import keys\ngetattr(keys, 'x')", "the module keys is handed on"),
        ("from tiltakseffekt.core import keys\nvars(keys)", "the module keys is handed on"),
        ("from tiltakseffekt.core import keys\nf(keys)", "the module keys is handed on"),
        ("from tiltakseffekt.core import keys\nother = keys", "the module keys is handed on"),
        ("from tiltakseffekt import core\ncore.keys.CONTROL", "core.keys is no definition"),
        ("from tiltakseffekt.core.keys import NOTHING", "import of tiltakseffekt.core.keys.NOTHING, which no"),
        ("from tiltakseffekt.core.keys import *", "star import of tiltakseffekt.core.keys"),
        ("import tiltakseffekt.core.keys", "dotted import of tiltakseffekt.core.keys"),
        ("from . import keys", "relative import of ."),
        ("def f():\n    from tiltakseffekt.core import keys", "import of the module keys below the top level"),
        ("from importlib import import_module", "finds code by name: importlib"),
        ("import importlib.util", "finds code by name: importlib.util"),
        ("__import__('x')", "finds code by name: __import__"),
        ("globals()['f']", "finds code by name: globals"),
        ("import sys\nx = sys.modules['x']", "finds code by name: sys.modules"),
        ("x = Base.__subclasses__()", "finds code by name: __subclasses__"),
        ("def register(f):\n    pass\n@register\ndef g():\n    pass", "the decorator register may register g"),
        ("from tiltakseffekt.core.x import r\n@r('a')\nclass G:\n    pass", "the decorator r('a') may register G"),
        ("REGISTRY = {}\nREGISTRY['a'] = 1", "when imported it does: REGISTRY['a'] = 1"),
        ("REGISTRY = []\nREGISTRY.append(1)", "when imported it does: REGISTRY.append(1)"),
        ("try:\n    import a\nexcept ImportError:\n    a = None", "when imported it does: try:"),
    ],
)
def test_each_way_past_the_hash_is_seen(source, told):
    assert any(told in found for found in escapes(source))


def test_plain_code_is_let_through():
    source = """
from functools import cache
from tiltakseffekt.core import keys
from tiltakseffekt.core.months import year_of

@cache
def f(row):
    return getattr(row, keys.CONTROL), year_of(row.month)
"""
    assert escapes(source) == []


def schemas_named(script: Path) -> list[Definition]:
    """Return the schemas that a script names itself: those of the tables that it writes."""
    named = code_module._named_in(script.read_text(encoding="utf-8"))
    return [d for d in sorted(set(named)) if isinstance(getattr(import_module(d.module), d.name), TableSchema)]


WRITING = [path for path in SCRIPTS if "write_table(" in path.read_text(encoding="utf-8")]
WRITTEN = [(path, schema) for path in WRITING for schema in schemas_named(path)]


@pytest.mark.parametrize("path", WRITING, ids=lambda path: path.stem)
def test_a_script_names_the_schema_of_each_table_that_it_writes(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "write_table"]
    schemas = schemas_named(path)
    assert len(schemas) >= len(calls) > 0
    assert set(schemas) <= set(reachable(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("path", "schema"), WRITTEN, ids=[f"{path.stem}-{schema.name}" for path, schema in WRITTEN])
def test_an_edited_schema_changes_the_hash_of_the_script_that_writes_its_table(path, schema, monkeypatch):
    before = code_hash(path)
    source = code_module._module_path(schema.module).read_text(encoding="utf-8")
    edited = source.replace(f"{schema.name}: Final = TableSchema(", f"{schema.name}: Final = Edited(")
    assert edited != source
    module = code_module._parse(edited)
    read, digest = code_module._module, code_module._digest
    monkeypatch.setattr(code_module, "_module", lambda name: module if name == schema.module else read(name))
    # Hashes kept from before hold for the other definitions.
    monkeypatch.setattr(code_module, "_digest", lambda d: digest.__wrapped__(d) if d == schema else digest(d))
    assert code_hash.__wrapped__(path) != before
