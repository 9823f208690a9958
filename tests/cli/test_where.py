"""Each place that is told of an exhibit exists and holds what is claimed; for all exhibits of all evaluations."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tiltakseffekt.cli import main
from tiltakseffekt.cli.location import whereabouts
from tiltakseffekt.config.evaluations import all_exhibits
from tiltakseffekt.workflow.trace import UnknownExhibit

ROOT = Path(__file__).parents[2]
CATALOGUE = all_exhibits(ROOT / "config" / "evaluations")


@pytest.mark.parametrize("exhibit", CATALOGUE)
def test_every_place_holds_what_is_claimed(exhibit):
    entry, found = CATALOGUE[exhibit], whereabouts(exhibit, ROOT)
    evaluation, _, short = exhibit.partition("/")
    line = {}
    for place in found.places:
        text = (ROOT / place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
        line.setdefault(place.what, []).append((place, text))
    assert list(line) == ["rule", "catalogue", "builder", "drawing", "words", "shown"]
    assert all("rule_name" in text for _, text in line["rule"])
    assert [place.name for place, _ in line["rule"]] == [f"{evaluation}__{short.replace('-', '_')}"]
    assert [text.strip(" -") for _, text in line["catalogue"]] == [f"id: {short}"]
    assert [text.partition("(")[0] for _, text in line["builder"]] == [f"def {entry.builder.partition(':')[2]}"]
    assert [text.split()[0] for _, text in line["drawing"]] == ["def"]
    if entry.kind == "figure":
        assert [text.partition("(")[0] for _, text in line["drawing"]] == [f"def {entry.layout.type}"]
    assert sorted(place.name for place, _ in line["words"]) == ["en", "nb"]
    assert all(text.strip().startswith(f"{short}:") for _, text in line["words"])
    assert all(f"export/{short}/" in text for _, text in line["shown"])
    assert found.command == f"snakemake --cores 2 results/export/{exhibit}/data.csv"


def test_the_command_takes_an_id_with_or_without_its_evaluation(capsys):
    assert main(["where", "tiltakseffekter/figur-maneder-i-arbeid"]) == 0
    full = capsys.readouterr().out
    assert main(["where", "figur-maneder-i-arbeid"]) == 0
    assert capsys.readouterr().out == full
    for told in (
        "tiltakseffekter__figur_maneder_i_arbeid",
        "exhibits.yaml:",
        "interval_by_measure",
        "nb.yaml:",
        ".qmd:",
        "build",
    ):
        assert told in full


def test_an_unknown_exhibit_is_told_which_there_are():
    with pytest.raises(UnknownExhibit, match=r"It has: .*figur-maneder-i-arbeid"):
        whereabouts("figur-0", ROOT)


def test_it_does_not_load_what_takes_long():
    """What is told without a run is told at once."""
    code = (
        "import sys; from tiltakseffekt.cli import main; main(['where', 'figur-maneder-i-arbeid']); print(*sys.modules)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"duckdb", "matplotlib", "numba", "numpy", "pandas", "pyarrow", "sklearn", "snakemake"}
