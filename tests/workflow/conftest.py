"""The whole workflow on tiny registers, run once and read by many tests."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]

#: Every copy of the project finds here what another has compiled.
COMPILED = ROOT / "src" / "tiltakseffekt" / "__pycache__"

TINY = {
    "registers": {"scale": 0.02, "shards": 2},
    "cohorts": {"smallest_group": 10},
    "matching": {"forest": {"trees": 20}, "pseudo_start_forest": {"trees": 20}},
}


class Project:
    """A copy of the project, with the configuration of a test, in which the workflow runs.

    A folder that is there already is taken as it is.
    """

    def __init__(self, folder: Path, configuration: dict[str, Any]) -> None:
        self.folder, self.configuration = folder, configuration
        if folder.exists():
            return
        for name in ("config", "manuscript", "scripts", "src", "workflow"):
            # With the modules that are compiled already: they are found again by the time of their source.
            shutil.copytree(ROOT / name, folder / name)
        for name in ("Snakefile", "uv.lock"):
            shutil.copy2(ROOT / name, folder / name)
        (folder / "profiles").symlink_to("workflow/profiles")
        (folder / "overlay.yaml").write_text(yaml.safe_dump(configuration))

    def _call(self, arguments: list[str], hash_seed: str) -> subprocess.CompletedProcess[str]:
        own = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(self.folder / "src")}
        environment = os.environ | own | {"NUMBA_CACHE_DIR": str(COMPILED)}
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def snakemake(self, *arguments: str, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
        """Call Snakemake and return what it said, whatever the outcome."""
        return self._call(["-m", "snakemake", *arguments, "--configfile", "overlay.yaml"], hash_seed)

    def run(self, *arguments: str, hash_seed: str = "0") -> str:
        """Call Snakemake, which has to succeed."""
        done = self.snakemake(*arguments, hash_seed=hash_seed)
        assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
        return done.stdout + done.stderr

    def tiltak(self, *arguments: str) -> str:
        """Call the command, which has to succeed."""
        call = "from tiltakseffekt.cli import main; raise SystemExit(main())"
        done = self._call(["-c", call, *arguments], "0")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def result(self, relative: str) -> Path:
        """Return a path below the results."""
        return self.folder / "results" / relative

    def exhibit_bytes(self) -> dict[str, bytes]:
        """Return every file of every exhibit but its provenance, which names the sources."""
        folder = self.result("exhibits")
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "provenance.json"
        }

    @contextmanager
    def edited(self, relative: str, old: str, new: str) -> Iterator[None]:
        """Replace text in one file of the copy for the length of a block."""
        path = self.folder / relative
        before, times = path.read_text(encoding="utf-8"), (path.stat().st_atime_ns, path.stat().st_mtime_ns)
        assert old in before
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")
            os.utime(path, ns=times)


@pytest.fixture(scope="session")
def make_project() -> type[Project]:
    """Return the class of projects, for tests with a configuration of their own."""
    return Project


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Project:
    """Run the whole workflow, report included, on two cores: once, by the process of the tests that asks first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, mark = shared / "dag" / "synthetic", shared / "dag" / "finished"
    mark.parent.mkdir(exist_ok=True)
    with (shared / "dag" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            Project(folder, TINY).run("--cores", "2")
            mark.touch()
    return Project(folder, TINY)
