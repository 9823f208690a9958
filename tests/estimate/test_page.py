"""The code of docs/estimate-effects.md runs, and prints what stands there."""

import contextlib
import io
import os
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "estimate-effects.md"


def blocks(page: str) -> list[tuple[str, str]]:
    """List each block of code with the text block that follows it at once, or with nothing."""
    found = re.findall(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", page, re.DOTALL | re.MULTILINE)
    return [(code, printed) for code, printed in found]


def run(page: str) -> list[str]:
    """Return what each block prints, each with the names that those before it left."""
    names: dict[str, object] = {}
    told = []
    for code, _ in blocks(page):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, PAGE.name, "exec"), names)
        told.append("".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines()))
    return told


def test_the_code_of_the_page_prints_what_stands_there(tmp_path, monkeypatch: pytest.MonkeyPatch):
    shutil.copytree(ROOT / "config" / "laboratory" / "lalonde", tmp_path / "config" / "laboratory" / "lalonde")
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    assert run(page) == [printed for _, printed in blocks(page)]
    assert {"effects.png", "balance.png"} <= set(os.listdir())
