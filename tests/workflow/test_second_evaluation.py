"""An evaluation is one folder of the configuration and one of the manuscript; it shares what comes before it."""

import re
import shutil

import pytest
import yaml

SHARED = ("receive_registers", "clean_person", "clean_place", "clean_table", "build_panel")
EXHIBIT = {
    "id": "oppstart-etter-periode",
    "kind": "table",
    "builder": "tiltakseffekt.stages.exhibits.builders.cohorts:oppstart_etter_periode",
    "inputs": {"sample": "matching/sample", "entries": "cohorts/entries"},
    "labels": ["start_periods", "nav_groups", "sums", "heads"],
    "chapter": "sample",
    "source": "a test",
    "layout": {"type": "plain", "stub": "oppstart"},
}
MANUSCRIPT = """---
title: "Prøve"
---

{{< include export/oppstart-etter-periode/table.md >}}

{{< include export/oppstart-etter-periode/note.md >}}
"""


@pytest.fixture(scope="module")
def project(make_project, tmp_path_factory):
    """Return a copy of the project with a second evaluation, which has the arms of the first and one exhibit."""
    project = make_project(tmp_path_factory.mktemp("second") / "project", {"registers": {"scale": 0.02, "shards": 2}})
    evaluations = project.folder / "config" / "evaluations"
    first = yaml.safe_load((evaluations / "tiltakseffekter" / "evaluation.yaml").read_text(encoding="utf-8"))
    files = {
        "evaluation.yaml": {"title": "Prøve", "arms": first["arms"]},
        "variants.yaml": {"main": {"meaning": "The only one", "source": "a test"}},
        "exhibits.yaml": [EXHIBIT],
        **{f"labels/{code}.yaml": {"exhibits": {EXHIBIT["id"]: {"title": "Prøve"}}} for code in ("nb", "en")},
    }
    for name, content in files.items():
        path = evaluations / "prove" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    manuscript = project.folder / "manuscript" / "prove"
    manuscript.mkdir()
    (manuscript / "index.qmd").write_text(MANUSCRIPT, encoding="utf-8")
    yield project
    shutil.rmtree(project.folder)


def planned(project, *targets) -> dict[str, int]:
    """Return how many jobs of each rule a run would have."""
    told = project.run(*targets, "--cores", "1", "--dry-run", "--quiet", "rules")
    return {rule: int(jobs) for rule, jobs in re.findall(r"^(\w+) +(\d+)$", told, re.MULTILINE)}


def estimates(evaluation: str) -> str:
    return f"results/effects/{evaluation}/main/estimates.parquet"


@pytest.mark.workflow
def test_a_second_evaluation_shares_registers_cleaning_and_panel_with_the_first(project):
    alone = planned(project, estimates("prove"))
    assert 20 < alone["total"] < 90
    both = planned(project, estimates("prove"), estimates("tiltakseffekter"))
    assert {rule: both[rule] for rule in SHARED} == {rule: alone[rule] for rule in SHARED}
    assert (alone["estimate_effects"], both["estimate_effects"]) == (1, 2)
    assert both["total"] < 2 * alone["total"] - sum(alone[rule] for rule in SHARED) + 1


@pytest.mark.workflow
def test_its_report_needs_its_own_exhibit_and_nothing_of_the_first(project):
    report = planned(project, "report_prove")
    assert report["prove__oppstart_etter_periode"] == report["export_table"] == report["render_report"] == 1
    assert not [rule for rule in report if rule.startswith("tiltakseffekter__")]
    assert "estimate_effects" not in report
