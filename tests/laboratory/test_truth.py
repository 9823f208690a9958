"""Comparison with the planted truth: by hand on six persons, without truth, with broken truth; nobody else reads it."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import read_table, table_faults, write_table
from tiltakseffekt.laboratory.schemas import FIFTHS_TRUTH, TRUTH_COMPARISON
from tiltakseffekt.laboratory.truth import check_truth_path, compare_fifths, compare_with_truth, read_truth
from tiltakseffekt.stages.exhibits.catalogue import load_catalogue
from tiltakseffekt.synthetic.schemas import TRUTH
from tiltakseffekt.workflow.code import parse_definition, reachable

ROOT = Path(__file__).parents[2]
OWN = ROOT / "config/evaluations/tiltakseffekter"
PERSONS = [f"p{i}" for i in range(6)]
ARM = ["ikke_tiltak", "ikke_tiltak", "ikke_tiltak", "aft", "aft", "amo"]
REGISTERED = 210
#: Planted effect on months in work of AFT and AMO for each person.
EFFECT = {"ikke_tiltak": [0.0] * 6, "aft": [1.0, 1, 1, 3, 5, 1], "amo": [0.0, 0, 0, 0, 0, 6]}
#: Every arm but chains.
PLANTED = ARMS.unchained


@pytest.fixture
def sample() -> pd.DataFrame:
    return pd.DataFrame({"person_id": PERSONS, "registration_month": REGISTERED, "arm": ARM}).iloc[::-1]


@pytest.fixture
def truth() -> pd.DataFrame:
    rows = [
        {"person_id": person, "registration_month": REGISTERED + later, "arm": arm, "start_month": REGISTERED + later}
        | dict.fromkeys(keys.OUTCOMES, 1.0 + i + effects[i] + (5 if later else 0))
        for arm, effects in EFFECT.items()
        for i, person in enumerate(PERSONS)
        # A registration outside the sample has its own truth, which does not count.
        for later in (0, 40)[: 1 + (i == 2)]
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def estimates() -> pd.DataFrame:
    rows = [
        {
            "estimand": estimand,
            "arm": arm,
            "outcome": outcome,
            "estimate": 3.0,
            "se": 0.5,
            "low": 2.0,
            "high": 4.0,
            "n": 6,
            "n_arm": ARM.count(arm),
            "n_control": 3,
        }
        for estimand in ("apo", "ate", "atet")
        for arm in EFFECT
        for outcome in keys.OUTCOMES
        if estimand == "apo" or arm != keys.CONTROL
    ]
    return pd.DataFrame(rows)


def test_six_persons_by_hand(estimates, sample, truth):
    result = compare_with_truth(estimates, sample, truth, PLANTED)
    assert not table_faults(result, TRUTH_COMPARISON)
    assert set(result["outcome"]) == set(keys.YEARLY_OUTCOMES)
    assert len(result) == 2 * 2 * 6
    months = result.query("outcome == 'months_in_work_y2'").set_index(["estimand", "arm"])
    assert months["truth"].to_dict() == {
        ("ate", "aft"): 2.0,
        ("atet", "aft"): 4.0,
        ("ate", "amo"): 1.0,
        ("atet", "amo"): 6.0,
    }
    assert months["error_in_se"].to_dict() == {
        ("ate", "aft"): 2.0,
        ("atet", "aft"): -2.0,
        ("ate", "amo"): 4.0,
        ("atet", "amo"): -6.0,
    }
    assert months["covered"].to_dict() == {
        ("ate", "aft"): True,
        ("atet", "aft"): True,
        ("ate", "amo"): False,
        ("atet", "amo"): False,
    }


def test_without_truth_the_table_is_empty_and_can_be_written(estimates, sample, tmp_path):
    result = compare_with_truth(estimates, sample, read_truth([], sample["person_id"]), PLANTED)
    write_table(result, tmp_path / "empty.parquet", TRUTH_COMPARISON)
    written = read_table(tmp_path / "empty.parquet")
    assert written.empty
    assert list(written.columns) == list(TRUTH_COMPARISON.columns)


def test_parts_are_read_for_the_persons_of_the_sample_only(estimates, sample, truth, tmp_path):
    stranger = truth.iloc[:1].assign(person_id="stranger")
    write_table(truth.iloc[:9], tmp_path / "part-000.parquet", TRUTH)
    write_table(pd.concat([truth.iloc[9:], stranger]), tmp_path / "part-001.parquet", TRUTH)
    read = read_truth(sorted(tmp_path.glob("part-*.parquet")), sample["person_id"])
    assert set(read["person_id"]) == set(PERSONS)
    pd.testing.assert_frame_equal(
        compare_with_truth(estimates, sample, read, PLANTED), compare_with_truth(estimates, sample, truth, PLANTED)
    )


def test_broken_truth_is_named(estimates, sample, truth):
    broken = {
        r"no planted outcome under an arm \(3\)": truth[truth["person_id"] != "p2"],
        r"two planted outcomes under an arm \(2\)": pd.concat([truth, truth.iloc[:2]]),
        r"missing or infinite \(1\)": truth.assign(wage_income_y1=truth["wage_income_y1"].mask(truth.index == 0)),
    }
    columns = ["person_id", "registration_month", "arm", *keys.YEARLY_OUTCOMES]
    for message, table in broken.items():
        with pytest.raises(FaultsFound, match=message):
            compare_with_truth(estimates, sample, table[columns], PLANTED)


def test_an_empty_folder_of_truth_is_refused():
    check_truth_path(None, [])
    check_truth_path("folder", ["folder/part-000.parquet"])
    with pytest.raises(FaultsFound, match=r"registers.truth_path: the folder has no file"):
        check_truth_path("folder", [])


def test_estimates_of_an_unbiased_estimator_are_covered_as_often_as_their_intervals_say(sample, truth, estimates):
    rng = np.random.default_rng(1)
    covered = []
    for _ in range(50):
        noisy = estimates.assign(estimate=4 + 0.5 * rng.normal(size=len(estimates)))
        noisy = noisy.assign(low=noisy["estimate"] - 0.98, high=noisy["estimate"] + 0.98)
        result = compare_with_truth(noisy, sample, truth, PLANTED).query("estimand == 'atet' and arm == 'aft'")
        covered += result["covered"].tolist()
    assert 0.9 < np.mean(covered) < 0.99


def test_only_the_registers_write_the_truth_and_only_this_stage_reads_it():
    """No other stage names the folder or the schema of the truth."""
    named = re.compile(r"results/truth|truth_path|schemas\.TRUTH\b|import .*\bTRUTH\b|read_truth")
    users = {
        path.relative_to(ROOT).as_posix()
        for folder, pattern in (("workflow/rules", "*.smk"), ("scripts", "*.py"), ("src", "*.py"))
        for path in (ROOT / folder).rglob(pattern)
        if named.search(path.read_text(encoding="utf-8"))
    }
    allowed = re.compile(
        r"workflow/rules/(synthetic|laboratory)\.smk"
        r"|scripts/(synthetic|laboratory)/\w+\.py"
        r"|src/tiltakseffekt/(synthetic|laboratory)/[\w/]+\.py"
        r"|src/tiltakseffekt/stages/registers/settings\.py"
    )
    assert {path for path in users if not allowed.fullmatch(path)} == set()
    assert "workflow/rules/laboratory.smk" in users


def test_no_script_of_another_stage_reaches_what_knows_the_truth():
    """Neither the tables of the truth, nor the simulation that plants it, directly or through other modules."""
    secret = re.compile(r"tiltakseffekt\.(synthetic|laboratory\.truth)")
    for script in sorted((ROOT / "scripts").rglob("*.py")):
        reached = {f"{one.module}:{one.name}" for one in reachable(script.read_text(encoding="utf-8"))}
        known = {name for name in reached if secret.match(name)}
        assert not known or script.parent.name in ("synthetic", "laboratory"), (script.name, sorted(known))


def test_builders_of_exhibits_do_not_reach_the_truth_either():
    entries = load_catalogue(OWN / "exhibits.yaml")
    for entry in entries:
        reached = {f"{one.module}:{one.name}" for one in reachable("", (parse_definition(entry.builder),))}
        assert not {name for name in reached if "tiltakseffekt.synthetic" in name or ":read_truth" in name}, entry.id


def test_the_truth_of_fifths_by_hand(sample, truth):
    fifths = pd.DataFrame({"person_id": PERSONS, "fifth": [1, 1, 3, 3, 5, 5]})
    chains = fifths.assign(arm=ARMS.chains[0].key)
    both = pd.concat([fifths.assign(arm="aft"), chains]).assign(outcome="months_in_work_y2")
    result = compare_fifths(both, sample, truth, PLANTED)
    assert not table_faults(result, FIFTHS_TRUTH)
    assert result.set_index("group")["truth"].to_dict() == {"fifth_1": 1.0, "fifth_3": 2.0, "fifth_5": 3.0}
    assert result["n"].tolist() == [2, 2, 2]
    for empty in (
        compare_fifths(both, sample, truth.iloc[:0], PLANTED),
        compare_fifths(both.iloc[:0], sample, truth, PLANTED),
    ):
        assert empty.empty
        assert not table_faults(empty, FIFTHS_TRUTH)
    with pytest.raises(FaultsFound, match=r"no planted outcome under an arm \(2\)"):
        compare_fifths(both, sample, truth[truth["person_id"] != "p2"], PLANTED)
