"""Each command hands on what it was asked for, and says what came of it."""

import shutil
from pathlib import Path

import pytest

from tiltakseffekt.cli import main
from tiltakseffekt.core.errors import Fault
from tiltakseffekt.workflow.status import Status

ROOT = Path(__file__).parents[2]


@pytest.fixture
def asked(monkeypatch):
    """Return a function that stands in for one of the library, and gathers what it is called with."""

    def stand_in(path, answer):
        calls = []

        def record(*arguments, **named):
            calls.append((*arguments, *named.values()))
            return answer

        monkeypatch.setattr(f"tiltakseffekt.{path}", record)
        return calls

    return stand_in


def test_trace_says_how_to_build_what_is_missing_and_what_there_is(tmp_path, capsys):
    assert main(["--directory", str(tmp_path), "trace", "figur-maneder-i-arbeid"]) == 1
    assert "results/exhibits/tiltakseffekter/figur-maneder-i-arbeid/data.csv" in capsys.readouterr().err
    assert main(["--directory", str(tmp_path), "trace", "figur-0"]) == 1
    assert "no exhibit figur-0. It has: " in capsys.readouterr().err


def test_check_registers_tells_all_faults_and_ends_with_1(tmp_path, asked, capsys):
    faults = [Fault(f"{name}.parquet", "x", "must be there", 1, "Add it.") for name in ("person", "tiltak")]
    asked("stages.clean.registers.check_registers", faults)
    assert main(["--directory", str(tmp_path), "check-registers", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("2 faults found:\n  1. person.parquet: x: must be there (1). Add it.\n")


def test_check_registers_clears_what_a_killed_one_left_and_closes_what_it_writes(tmp_path, monkeypatch, capsys):
    left = tmp_path / "results" / "tmp" / "tmpabc" / "person-0.parquet"
    left.parent.mkdir(parents=True)
    left.touch()

    def check(*arguments):
        arguments[-1].mkdir(parents=True)
        (arguments[-1] / "new").touch()
        return []

    monkeypatch.setattr("tiltakseffekt.stages.clean.registers.check_registers", check)
    assert main(["--directory", str(tmp_path), "check-registers", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "The registers keep the contract.\n"
    assert not left.exists()
    new = tmp_path / "results" / "tmp" / "new"
    assert [path.stat().st_mode & 0o777 for path in (new, new.parent)] == [0o640, 0o750]


def test_simulate_registers_refuses_what_cannot_be_met_and_all_at_once(tmp_path, capsys):
    arguments = ["simulate-registers", "--scale", "2", "--cores", "0", "--to", str(tmp_path), "--format", "xml"]
    assert main(arguments) == 1
    told = capsys.readouterr().err
    assert told.startswith("3 faults found:")
    assert list(tmp_path.iterdir()) == []


def test_calibrate_refuses_what_cannot_be_met(capsys):
    assert main(["calibrate", "--persons", "0", "--step", "0"]) == 1
    assert capsys.readouterr().err.startswith("2 faults found:")


@pytest.mark.parametrize(
    ("arguments", "designs"),
    [
        ([], []),
        (["--designs", "registers"], ["registers"]),
        (["--designs", "registers", "kang", "--cores", "1"], ["registers", "kang"]),
        (["--designs", "registers", "--designs", "kang"], ["registers", "kang"]),
    ],
)
def test_validate_takes_designs_one_after_another(arguments, designs, tmp_path, asked, capsys):
    calls = asked("laboratory.study.command.validate", "Done.")
    assert main(["--directory", str(tmp_path), "validate", *arguments]) == 0
    request, root, results, _ = calls[0]
    assert (request.designs, request.replications, root, results) == (designs, 200, ROOT, tmp_path / "results")
    assert capsys.readouterr().out == "Done.\n"


@pytest.mark.parametrize(("arguments", "weights"), [([], [0.5]), (["--weights", "0", "0.5", "1"], [0.0, 0.5, 1.0])])
def test_validate_confounder_takes_weights_one_after_another(arguments, weights, tmp_path, asked):
    calls = asked("laboratory.study.confounder.validate_confounder", "Done.")
    assert main(["--directory", str(tmp_path), "validate-confounder", *arguments]) == 0
    request, order, _, _, workspace = calls[0]
    assert (request.weights, order.scale, order.shards, order.form) == (weights, 0.1, 4, "parquet")
    assert workspace == tmp_path / "results" / "study" / "confounder"


@pytest.mark.parametrize("weights", [["0.7"], ["0.5", "0.7"]])
def test_validate_confounder_refuses_weights_that_it_has_no_truth_for(weights, capsys):
    assert main(["validate-confounder", "--weights", *weights]) == 2
    assert "0.7 is not among 0.0, 0.5, 1.0" in capsys.readouterr().err


def test_bench_estimator_tells_each_line(asked, capsys):
    calls = asked("laboratory.speed.measure_speed", ["fast"])
    assert main(["bench-estimator", "--trees", "3", "--threads", "1"]) == 0
    assert calls == [(3, 1, False)]
    assert capsys.readouterr().out.startswith("fast\nTimes of one run")


def test_bench_reads_the_times_of_the_run(tmp_path, asked, capsys):
    asked("workflow.benchmarks.describe_benchmarks", "10 seconds")
    calls = asked("workflow.benchmarks.read_benchmarks", {})
    assert main(["--directory", str(tmp_path), "bench"]) == 0
    assert calls == [(tmp_path / "results" / "benchmarks",)]
    assert capsys.readouterr().out == "10 seconds\n"


def test_status_hands_on_overlays_and_tells_a_line_for_each_exhibit(tmp_path, monkeypatch, asked, capsys):
    class Done:
        returncode, stdout, stderr = 0, "", ""

    commands = []
    monkeypatch.setattr("subprocess.run", lambda command, **_: commands.append(command) or Done())
    asked("workflow.status.parse_summary", {"results/exhibits/a/b/data.csv": {}, "results/exhibits/a/b/figure.svg": {}})
    asked("workflow.provenance.read_records", [])
    asked("workflow.status.exhibit_status", Status("a/b", "missing", ()))
    assert main(["--directory", str(tmp_path), "status", "--configfile", "x.yaml", "--configfile", "y.yaml"]) == 0
    assert commands[0][-6:] == ["--configfile", "x.yaml", "--configfile", "y.yaml", "--", "exhibits"]
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_status_says_when_the_workflow_cannot_be_read(tmp_path, monkeypatch, capsys):
    class Failed:
        returncode, stdout, stderr = 1, "", "no such rule"

    monkeypatch.setattr("subprocess.run", lambda *_, **__: Failed())
    assert main(["--directory", str(tmp_path), "status"]) == 1
    assert capsys.readouterr().err == "The workflow cannot be read:\nno such rule\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a copy of what the commands read of the project, from which they are called."""
    for name in ("Snakefile", "uv.lock"):
        shutil.copy2(ROOT / name, tmp_path / name)
    for name in ("config", "scripts/synthetic"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_simulate_registers_names_the_folder_by_the_scale(project, monkeypatch, capsys):
    class Delivered:
        def text(self):
            return "Delivered."

    calls = []
    deliver = "tiltakseffekt.synthetic.delivery.deliver.deliver"
    monkeypatch.setattr(deliver, lambda *arguments, **_: calls.append(arguments) or Delivered())
    assert main(["simulate-registers", "--scale", "0.01", "--cores", "1", "--seed", "3", "--format", "csv"]) == 0
    order, folder, cores = calls[0]
    assert (order.seed, order.scale, order.form, cores) == (3, 0.01, "csv", 1)
    assert folder == project / "synthetic-registers" / "scale-0.01"
    assert capsys.readouterr().out == "Delivered.\n"


def test_fit_permanent_writes_the_weights(project, asked, capsys):
    asked("synthetic.permanent.refit.weights_text", "weights\n")
    calls = asked("synthetic.permanent.refit.refitted", {})
    assert main(["fit-permanent", "--scale", "0.02", "--rounds", "2"]) == 0
    assert calls[0][1:3] == (0.02, 2)
    assert (project / "config/synthetic/permanent_weights.yaml").read_text() == "weights\n"
    assert capsys.readouterr().out == "Written: config/synthetic/permanent_weights.yaml\n"


def test_write_generated_writes_into_the_project(project, asked, capsys):
    asked("cli.generated.generated_files", {"docs/made.md": "made\n"})
    assert main(["write-generated"]) == 0
    assert (project / "docs" / "made.md").read_text() == "made\n"
    assert capsys.readouterr().out == "Written.\n"
