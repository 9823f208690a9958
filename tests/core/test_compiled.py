"""Compiled functions are found again by what they are made of, wherever the project lies."""

import fcntl
from types import SimpleNamespace

import pytest

from tiltakseffekt.core import compiled
from tiltakseffekt.core.compiled import BySource, compiled_once


def function():
    """Stand for a function that numba compiles."""


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Return a function that makes a library of two stages in a folder and says where its functions are kept."""

    def located(folder, stage="a", **texts):
        sources = {"core/dice": "", "a/caller": "", "a/below/called": "", "b/other": ""} | texts
        for name, text in sources.items():
            path = tmp_path / folder / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        monkeypatch.setattr(compiled, "_LIBRARY", tmp_path / folder)
        monkeypatch.setattr(compiled, "_SHARED", tmp_path / folder / "core" / "dice.py")
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
        compiled._state.cache_clear()
        file = next((tmp_path / folder / stage).glob("*.py"))
        return BySource.from_function(function, str(file)).get_cache_path()

    yield located
    compiled._state.cache_clear()


def test_a_copy_of_the_project_finds_what_the_original_compiled(library):
    assert library("original") == library("copy")


def test_another_source_of_the_stage_or_of_the_dice_is_another_folder(library):
    before = library("p")
    assert library("p", **{"a/below/called": "x = 1"}) != before
    assert library("p", **{"core/dice": "x = 1"}) != before
    assert library("p", **{"b/other": "x = 1"}) == before


def test_functions_of_others_are_left_to_numba():
    assert BySource.from_function(function, __file__) is None


def test_one_compiles_and_nobody_waits_for_what_is_kept(tmp_path):
    function.stats = SimpleNamespace(cache_path=str(tmp_path))
    lock = tmp_path / "compiling"
    with compiled_once(function), lock.open() as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    lock.unlink()
    (tmp_path / f"{function.__module__.rpartition('.')[2]}.function-1.nbi").touch()
    with compiled_once(function):
        assert not lock.exists()
