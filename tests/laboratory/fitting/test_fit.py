"""A tiny fit: bounds, the file, the loss, and the same bytes on any cores and with any hash seed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.laboratory.fitting import measurement as measuring
from tiltakseffekt.laboratory.fitting.fit import Request, fit, fitted_text, moved, rounded
from tiltakseffekt.laboratory.fitting.loss import loss
from tiltakseffekt.laboratory.fitting.steps import all_steps, whole_places
from tiltakseffekt.synthetic.parameters import Fitted

ROOT = Path(__file__).parents[3]
REQUEST = Request(persons=2_000, rounds=1, seed=3)


def value_at(content, place):
    for key in place:
        content = content[key]
    return content


@pytest.fixture(scope="module")
def done(study):
    told = []
    return fit(study, REQUEST, told.append), told


def test_a_round_keeps_every_parameter_within_its_bounds(study, measurement):
    start = study.parameters.fitted
    content = moved(start, measurement.numbers, 1.0, study.parameters).model_dump()
    whole = whole_places(start)
    for step in all_steps(measurement.numbers.printed, study.parameters, start):
        value = value_at(content, step.place)
        if not any(step.place[: len(place)] == place for place in whole):
            assert value == 0 or step.bounds[0] <= value <= step.bounds[1], step.place
    for place in whole:
        assert sum(leaves(value_at(content, place))) == pytest.approx(100, abs=0.01), place
    assert content["persons"] != start.persons


def leaves(value):
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in leaves(one)]
    return [value]


def test_the_best_candidate_is_kept_and_each_measurement_is_told(done):
    result, told = done
    assert [line.split(":")[0] for line in told] == [
        "after 0 of 1 rounds, seed 6",
        "round 1 of 1, seed 3",
        "after 1 of 1 rounds, seed 6",
        f"kept those after {result.rounds} rounds, seed 7",
    ]
    start, _, end, apart = (float(line.rsplit(" ", 1)[1]) for line in told)
    assert result.rounds == (1 if end < start else 0)
    assert apart == pytest.approx(result.loss.distance, abs=1e-4)


def test_the_file_says_how_it_was_made_and_holds_what_was_measured(done):
    result, _ = done
    text = fitted_text(result, REQUEST)
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert "--persons 2000 --rounds 1 --seed 3 --step 0.5" in head[0] and "cores" not in text
    assert "seeds 3 to 5" in head[2] and "seed 7" in head[3]
    assert f"{result.loss.median_points:.2f} points" in head[4] and "counts by" in head[5]
    assert Fitted.model_validate(yaml.safe_load(text)) == result.fitted == rounded(result.fitted)


def test_seeds_rotate_and_the_last_is_apart():
    request = Request(persons=1, rounds=10, seed=5)
    seeds = [request.seed_of(round_) for round_ in range(11)]
    assert seeds[:4] == [5, 6, 7, 5]
    assert not {request.seed_to_compare, request.seed_apart} & set(seeds)
    assert [round_ for round_ in range(11) if request.is_candidate(round_)] == [0, 3, 6, 9, 10]
    assert [request.step_of(round_) for round_ in (0, 5, 6, 9)] == [0.5, 0.5, 0.25, 0.25]


def test_what_cannot_be_done_is_refused_at_once():
    with pytest.raises(FaultsFound) as error:
        Request(persons=0, rounds=-1, seed=-1, cores=0, step=1.5).check()
    assert len(error.value.faults) == 5


def test_shards_of_any_size_measure_the_same(study, measurement, monkeypatch):
    monkeypatch.setattr(measuring, "_PERSONS_PER_SHARD", 900)
    with measuring.on_cores(1) as measure:
        parts = measuring.measured(study, study.parameters.fitted, 2_000, 3, measure)
    pd.testing.assert_frame_equal(parts.comparison, measurement.comparison)
    found = pd.Series(parts.numbers.found), pd.Series(measurement.numbers.found)
    pd.testing.assert_series_equal(*found)


def test_loss_counts_only_what_is_compared():
    comparison = pd.DataFrame(
        [
            ("", "percent", 50.0, 0.5),
            ("", "percent", 20.0, -2.0),
            ("", "percent", 20.0, 40.0),
            ("", "persons", 200.0, -20.0),
            ("", "months", 10.0, 100.0),
            ("nobody", "percent", 20.0, float("nan")),
            ("estimate", "percent", float("nan"), float("nan")),
        ],
        columns=["reason", "unit", "printed", "difference"],
    )
    found = loss(comparison)
    assert (found.median_points, found.median_relative) == (2, 10)
    assert (found.within_1, found.within_3) == (pytest.approx(100 / 3), pytest.approx(200 / 3))
    assert found.distance == pytest.approx((0.05 + 0.2 + 1 + 0.2 + 1) / 5)


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copy2(ROOT / "Snakefile", tmp_path / "Snakefile")
    return tmp_path


def calibrate(project, cores, hash_seed, *more):
    arguments = ["calibrate", "--persons", "600", "--rounds", "1", "--seed", "3", "--cores", str(cores), *more]
    # Two shards, so that two cores have something to share.
    call = (
        "import sys\n"
        "from tiltakseffekt.cli import main\n"
        "from tiltakseffekt.laboratory.fitting import measurement\n"
        "measurement._PERSONS_PER_SHARD = 300\n"
        "if __name__ == '__main__':\n"
        "    raise SystemExit(main(sys.argv[1:]))\n"
    )
    environment = {"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": hash_seed, "PATH": ""}
    return subprocess.run(
        [sys.executable, "-c", call, *arguments],
        cwd=project,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )


def test_the_same_bytes_on_any_cores_and_with_any_hash_seed(project):
    paths = [project / "config" / "synthetic" / f"{name}.yaml" for name in ("fitted", "permanent_weights")]
    start, written = [path.read_bytes() for path in paths], []
    for cores, hash_seed in ((1, "1"), (2, "2")):
        for path, content in zip(paths, start, strict=True):
            path.write_bytes(content)
        done = calibrate(project, cores, hash_seed, "--permanent")
        assert "config/synthetic/fitted.yaml, config/synthetic/permanent_weights.yaml" in done.stdout
        # The start may be kept; what is told measures the moved parameters too.
        assert "after 1 of 1 rounds" in done.stderr
        written.append([*(path.read_bytes() for path in paths), done.stderr.encode()])
    assert written[0] == written[1]
    assert all(one != other for one, other in zip(written[0], start, strict=False))
    left = {file.name for file in paths[0].parent.iterdir()}
    assert left == {file.name for file in (ROOT / "config" / "synthetic").iterdir()}
