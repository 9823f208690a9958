"""What every rule and script keeps to, read from their text."""

import inspect
import re
from pathlib import Path

import pytest
from snakemake.scheduling.job_scheduler import JobScheduler

from tiltakseffekt.stages.exhibits.catalogue import load_catalogue
from tiltakseffekt.stages.manuscript.sources import exhibits_used, manuscript_sources

ROOT = Path(__file__).parents[2]
OWN = ROOT / "config/evaluations/tiltakseffekter"
RULE_FILES = sorted((ROOT / "workflow" / "rules").glob("*.smk"))
SCRIPTS = sorted((ROOT / "scripts").rglob("*.py"))


def rules() -> list[tuple[str, str, str]]:
    """Return (stage, name, text) of every rule written out in the rule files."""
    found = []
    for path in RULE_FILES:
        blocks = re.split(r"^( *)rule\b *(\w*):\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for name, text in zip(blocks[2::3], blocks[3::3], strict=True):
            generated = re.search(r'name:\s+f"(?:(\w+)_\{|\{evaluation_of)', text)
            found.append((path.stem, name or f"<{generated[1] or 'exhibit'}>", text))
    return found


RULES = rules()


@pytest.mark.parametrize(("stage", "name", "text"), RULES, ids=[name for _, name, _ in RULES])
def test_every_rule_logs_is_timed_and_depends_on_its_code_and_the_environment(stage, name, text):
    for directive in ("log", "benchmark", "params", "message", "script", "output"):
        assert re.search(rf"^ *{directive}:", text, re.MULTILINE), directive
    assert "environment=ENVIRONMENT" in text
    script = re.search(r'"\.\./\.\./scripts/([\w/]+)\.py"', text)[1]
    assert f'code=code("{script}"' in text
    assert script.startswith(f"{stage}/")
    assert "lambda" not in text
    if not name.startswith("<"):
        assert script == f"{stage}/{name}"
        assert f"results/logs/{stage}/{name}" in text
        assert f"results/benchmarks/{stage}/{name}" in text


def test_every_script_belongs_to_a_rule():
    used = {ROOT / "scripts" / f"{name}.py" for text in RULES for name in re.findall(r"scripts/([\w/]+)\.py", text[2])}
    assert sorted(used) == SCRIPTS


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_are_thin(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 40
    assert text.startswith('"""')
    assert "with job(snakemake)" in text
    assert "snakemake.config" not in text
    assert "def " not in text


def test_the_library_knows_nothing_of_snakemake_outside_the_seam():
    library = (ROOT / "src" / "tiltakseffekt").rglob("*.py")
    seam = ROOT / "src" / "tiltakseffekt" / "workflow"
    naming = [
        path.name
        for path in library
        if seam not in path.parents
        and ROOT / "src" / "tiltakseffekt" / "cli" not in path.parents
        and re.search(r"^\s*(import|from) snakemake", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert naming == []


def test_only_the_gate_writes_exports_and_the_manuscript_reads_nothing_else():
    for stage, _, text in RULES:
        outputs = re.search(r"output:\n(.*?)\n +\w+:\n", text, re.DOTALL)[1]
        assert ("results/export" in outputs) == (stage == "export")
    manuscript = (ROOT / "workflow" / "rules" / "manuscript.smk").read_text(encoding="utf-8")
    assert "results/exhibits" not in manuscript


def test_the_manuscript_shows_every_exhibit_of_the_catalogue():
    shown = exhibits_used(manuscript_sources(ROOT / "manuscript", "tiltakseffekter"))
    assert sorted(shown) == sorted(entry.id for entry in load_catalogue(OWN / "exhibits.yaml"))


def test_the_scheduler_still_has_the_limit_that_a_run_takes_away():
    scheduler = inspect.getsource(JobScheduler)
    assert "self.job_rate_limiter = " in scheduler and "if self.job_rate_limiter is not None" in scheduler, (
        "Snakemake limits jobs per time span in another way: what `onstart` in the Snakefile sets has no effect now. "
        "See whether each job that ends still leaves a timer that wakes the scheduler (JobScheduler); set what does, "
        "or take the line out."
    )
