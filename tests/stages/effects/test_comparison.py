"""All estimators on made-up persons with a known effect; small arms, unknown offices; any hash seed and threads."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import table_faults, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.comparators import regression_adjustment
from tiltakseffekt.stages.effects.comparison import ComparisonTables, _practice, compare_estimators
from tiltakseffekt.stages.effects.estimators import ESTIMATORS, Persons

#: Planted effect of each measure.
EFFECT = {"aft": 2.0, "amo": -1.0}
OUTCOMES = ["months_in_work_y1", "months_in_work_y2", "wage_income_y1", "wage_income_y2"]


def made_up(n: int = 3000, offices: int = 40) -> dict[str, pd.DataFrame]:
    """Make tables of persons who are selected on what is observed, in an order that is not that of identifiers."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(n, 3))
    index = np.column_stack([np.zeros(n), x[:, 0] - 2, 0.5 * x[:, 1] - 2])
    chance = np.exp(index) / np.exp(index).sum(axis=1, keepdims=True)
    arms = np.array(["ikke_tiltak", "aft", "amo"])
    code = (rng.random(n)[:, None] > chance.cumsum(axis=1)).sum(axis=1)
    person = pd.Series([f"p{number:05d}" for number in range(n)])
    month = rng.integers(192, 200, n)
    base = 5 + 2 * x[:, 0] + x[:, 1] + rng.normal(size=n)
    y = base + np.array([0.0, *EFFECT.values()])[code]
    tables = {
        "sample": pd.DataFrame({"person_id": person, "arm": arms[code], "start_month": month}).assign(
            registration_month=month - 2, start_offset=2, fold=0
        ),
        "outcomes": pd.DataFrame(
            {"person_id": person, **{name: y * (1e4 if "wage" in name else 1) for name in OUTCOMES}}
        ),
        "propensities": pd.DataFrame(chance, columns=[keys.propensity_column(arm) for arm in arms]).assign(
            person_id=person, fold=0, repetition=1
        ),
        # A constant and a double: real covariates have such.
        "covariates": pd.DataFrame(
            np.column_stack([x, x[:, 0], np.ones(n)]), columns=[f"x_{i}" for i in range(5)]
        ).assign(person_id=person),
        "offices": pd.DataFrame({"person_id": person, "office": [f"o{o}" for o in rng.integers(0, offices, n)]}),
        "estimates": pd.DataFrame(
            [
                {"estimand": "atet", "arm": arm, "outcome": outcome, "estimate": 1.0, "se": 0.5, "n": n, "n_arm": 7}
                for arm in EFFECT
                for outcome in OUTCOMES
            ]
        ),
    }
    return {name: table.iloc[::-1] for name, table in tables.items()}


def compared(tables: dict[str, pd.DataFrame]) -> ComparisonTables:
    return compare_estimators(**tables, confidence=0.95)


def digest(tables: ComparisonTables) -> str:
    content = b"".join(table.to_csv(index=False, float_format="%a").encode() for table in tables)
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def found() -> ComparisonTables:
    return compared(made_up())


def test_every_estimator_speaks_of_every_measure_and_outcome(found, tmp_path):
    assert not table_faults(found.estimates, schemas.ESTIMATOR_COMPARISON)
    assert not table_faults(found.first_stages, schemas.FIRST_STAGES)
    assert found.estimates.groupby("estimator").size().to_dict() == dict.fromkeys(ESTIMATORS, 8)
    write_table(found.estimates, tmp_path / "a.parquet", schemas.ESTIMATOR_COMPARISON)
    doubly_robust = found.estimates[found.estimates["estimator"] == "doubly_robust"]
    assert set(doubly_robust["estimate"]) == {1.0}
    assert doubly_robust["high"].iloc[0] == pytest.approx(1 + 1.959964 * 0.5)


def test_the_planted_effect_is_found_by_all_that_adjust(found):
    estimates = found.estimates[found.estimates["outcome"] == "months_in_work_y2"].set_index(["estimator", "arm"])
    for arm, effect in EFFECT.items():
        for estimator in ESTIMATORS[2:-1]:
            row = estimates.loc[(estimator, arm)]
            assert abs(row["estimate"] - effect) < 4 * row["se"] < 1.0, (estimator, arm)
    assert estimates.loc[("naive", "aft"), "estimate"] > 3


def test_wages_are_the_same_in_kroner(found):
    by_outcome = found.estimates.set_index(["estimator", "arm", "outcome"])[["estimate", "se"]].unstack("outcome")
    adjusted = by_outcome.drop(index="doubly_robust", level="estimator")
    for name in ("estimate", "se"):
        both = adjusted[name]
        np.testing.assert_allclose(both["wage_income_y1"], 1e4 * both["months_in_work_y1"], rtol=1e-6)


def test_without_offices_those_that_need_them_are_silent():
    tables = made_up(600)
    found = compared(tables | {"offices": tables["offices"].assign(office=None)})
    assert not {"fixed_effects", "instrument"} & set(found.estimates["estimator"])
    assert set(found.estimates["estimator"]) == set(ESTIMATORS) - {"fixed_effects", "instrument"}
    assert not table_faults(found.first_stages, schemas.FIRST_STAGES)
    assert found.first_stages.empty


def test_an_arm_of_three_and_offices_of_one_do_no_harm(tmp_path):
    tables = made_up(400, offices=350)
    sample = tables["sample"]
    few = sample.index[sample["arm"] == "amo"][3:]
    tables = {name: table.drop(index=few, errors="ignore") for name, table in tables.items() if name != "estimates"}
    found = compared(tables | {"estimates": made_up(400)["estimates"]})
    write_table(found.estimates, tmp_path / "a.parquet", schemas.ESTIMATOR_COMPARISON)
    write_table(found.first_stages, tmp_path / "b.parquet", schemas.FIRST_STAGES)
    assert np.isfinite(found.estimates[["estimate", "se"]].to_numpy()).all()
    unbounded = found.estimates["shape"] == "everything"
    assert np.isfinite(found.estimates.loc[~unbounded, ["low", "high"]].to_numpy()).all()
    assert set(found.estimates.loc[unbounded, "estimator"]) <= {"instrument"}
    assert {"naive", "nearest_odds", "entropy_balancing"} <= set(found.estimates.query("arm == 'amo'")["estimator"])


def test_who_is_alone_in_an_office_is_not_counted_where_offices_count():
    tables = made_up(600)
    sample, offices = tables["sample"], tables["offices"]
    alone = sample.loc[sample["arm"] == "aft", "person_id"].iloc[:4]
    own = offices["office"].where(~offices["person_id"].isin(alone), "own " + offices["person_id"])
    found = compared(tables | {"offices": offices.assign(office=own)})
    n_arm = int((sample["arm"] == "aft").sum())
    n = int(sample["arm"].isin(["aft", "ikke_tiltak"]).sum())
    counts = found.estimates.query("arm == 'aft'").groupby("estimator")[["n", "n_arm"]].first()
    for estimator in ("fixed_effects", "instrument"):
        assert counts.loc[estimator].tolist() == [n - 4, n_arm - 4]
    assert counts.loc["naive"].tolist() == [n, n_arm]
    assert found.first_stages.set_index("arm").loc["aft", ["n", "n_arm"]].tolist() == [n - 4, n_arm - 4]


def test_the_error_of_regression_is_the_spread_of_its_estimate(found):
    """The treated count once: see the same comparison among the simple estimators of the study."""
    tables = made_up()
    x = tables["covariates"].filter(like="x_").to_numpy()
    arm = (tables["sample"]["arm"] == "aft").astype(int) - (tables["sample"]["arm"] == "amo")
    outcome = tables["outcomes"]["months_in_work_y2"].to_numpy()
    other = regression_adjustment(x, arm.to_numpy(), outcome, arm.to_numpy() == 1, 1, 0)
    row = found.estimates.query("estimator == 'regression_adjustment' and arm == 'aft'").set_index("outcome")
    assert row.loc["months_in_work_y2", "estimate"] == pytest.approx(other.value)
    assert row.loc["months_in_work_y2", "se"] == pytest.approx(other.error, rel=2e-3)


def test_the_practice_towards_other_measures_is_held_constant():
    """Leave-one-out shares of the measure and of the other one; those of other arms and unknown offices are out."""
    persons = Persons(
        arm=np.array([0, 1, 2, 2, 0, 1]),
        x=np.zeros((6, 1)),
        propensities=np.ones((6, 3)),
        outcomes=np.zeros((6, 1)),
        office=np.array([0, 0, 0, 1, 1, -1]),
        month=np.full(6, 200),
    )
    shares, used = _practice(persons, 1)
    np.testing.assert_array_equal(shares[:5], [[0.5, 0.5], [0, 0.5], [0.5, 0], [0, 0], [0, 1]])
    assert used.tolist() == [True, True, False, False, True, False]


PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
from test_comparison import compared, digest, made_up
print(digest(compared(made_up())))
"""


def test_the_same_bytes_with_any_hash_seed_and_threads(found):
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", PROGRAM.format(folder=str(Path(__file__).parent))],
            env=os.environ
            | {"PYTHONHASHSEED": seed}
            | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), threads),
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, threads in (("0", "1"), ("1", "2"))
    ]
    assert {process.communicate()[0].strip() for process in running} == {digest(found)}
