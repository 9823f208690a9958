from pathlib import Path

import pytest

from tiltakseffekt.cli.generated import generated_files

ROOT = Path(__file__).parents[2]
FILES = generated_files(ROOT)


@pytest.mark.parametrize("path", FILES)
def test_generated_files_are_current(path):
    assert (ROOT / path).read_text(encoding="utf-8") == FILES[path], "run `make config` and commit"
