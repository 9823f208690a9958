"""Synthetic registers: contract, coherence, determinism, and truth that equals what the registers say."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from tiltakseffekt.core import keys
from tiltakseffekt.registers.synthetic.courses import draw_durations
from tiltakseffekt.registers.synthetic.parameters import read_codebooks, read_parameters
from tiltakseffekt.registers.synthetic.simulate import make_registers, persons_in_shard, simulate_shard

CONFIG = Path(__file__).resolve().parents[2] / "config"
BOOKS = [CONFIG / "codebook" / f"{name}.csv" for name in ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering")]
SCALE, SHARDS, SEED = 0.016, 2, 11


@pytest.fixture(scope="module")
def parameters():
    return read_parameters(CONFIG / "synthetic.yaml")


@pytest.fixture(scope="module")
def codebooks():
    return read_codebooks(*BOOKS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, parameters, codebooks):
    place = tmp_path_factory.mktemp("registers")
    make_registers(place, SCALE, SHARDS, SEED, parameters, codebooks)
    return place


@pytest.fixture(scope="module")
def tables(folder):
    return {path.name: pd.read_parquet(path) for path in (folder / "registers").iterdir() if path.is_dir()}


@pytest.fixture(scope="module")
def truth(folder):
    return pd.read_parquet(folder / "truth")


@pytest.fixture(scope="module")
def contract():
    return yaml.safe_load((CONFIG / "registers.yaml").read_text(encoding="utf-8"))["tables"]


def months_since_2005(column):
    return (column // 100 - 2005) * 12 + column % 100 - 1


def codes_of(codebook):
    file, column = codebook.split(":")
    values = pd.read_csv(CONFIG / "codebook" / file, dtype=str)[column].dropna()
    return {code for value in values for code in value.split("|")}


def test_tables_are_those_of_the_contract(tables, contract):
    assert set(tables) == set(contract)


def test_columns_types_keys_and_bounds_obey_the_contract(folder, tables, contract):
    arrow = {"id": "string", "code": "string", "yearmonth": "int32", "year": "int32", "integer": "int32"}
    arrow |= {"number": "double", "boolean": "bool"}
    for name, described in contract.items():
        table = tables[name]
        schema = pq.read_schema(next((folder / "registers" / name).glob("*.parquet")))
        assert schema.names == list(described["columns"]), name
        assert not table.duplicated(described["key"]).any(), name
        for column, rule in described["columns"].items():
            assert str(schema.field(column).type) == arrow[rule["type"]], (name, column)
            assert rule.get("nullable") or table[column].notna().all(), (name, column)
            values = table[column].dropna()
            if rule["type"] == "yearmonth":
                assert (values % 100).between(1, 12).all(), (name, column)
            if "min" in rule:
                assert values.between(rule["min"], rule["max"]).all(), (name, column)
            allowed = set(rule["allowed"]) if "allowed" in rule else None
            allowed = codes_of(rule["codebook"]) if "codebook" in rule else allowed
            assert allowed is None or set(values.unique()) <= allowed, (name, column)
            if "pattern" in rule:
                assert all(re.fullmatch(rule["pattern"], value) for value in values.unique()), (name, column)


def test_each_part_is_sorted_by_its_key(folder, contract):
    for name, described in contract.items():
        for path in sorted((folder / "registers" / name).glob("*.parquet")):
            part = pd.read_parquet(path, columns=described["key"])
            assert part.equals(part.sort_values(described["key"], ignore_index=True)), name


def test_a_shard_is_the_same_twice_and_alone(folder, tmp_path, parameters, codebooks):
    make_registers(tmp_path, SCALE, SHARDS, SEED, parameters, codebooks)
    written = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert written
    assert all((folder / path).read_bytes() == (tmp_path / path).read_bytes() for path in written)


def test_another_seed_gives_other_persons(tables, parameters, codebooks):
    other = simulate_shard(SEED + 1, 0, SCALE, SHARDS, parameters, codebooks).tables["person"].to_pandas()
    same = tables["person"].loc[tables["person"]["person_id"].isin(other["person_id"])]
    assert not same.reset_index(drop=True).equals(other)


def test_shards_share_out_all_persons():
    assert sum(persons_in_shard(922603, 0.25, 8, shard) for shard in range(8)) == round(922603 * 0.25)


def test_nothing_happens_after_death(tables):
    died = tables["person"].set_index("person_id")["death_month"].dropna()
    for name, column in [
        ("employment", "month"),
        ("nav_status", "month"),
        ("benefits", "month"),
        ("tiltak", "stop_month"),
    ]:
        table = tables[name].dropna(subset=[column])
        table = table.loc[table["person_id"].isin(died.index)]
        assert (table[column] <= table["person_id"].map(died)).all(), name


def test_measures_lie_inside_registrations(tables):
    spells = tables["tiltak"]
    start = months_since_2005(spells["start_month"])
    stop = months_since_2005(spells["stop_month"].fillna(202212).astype(int))
    length = stop - start + 1
    months = np.repeat(start, length) + np.concatenate([np.arange(each) for each in length])
    needed = pd.DataFrame({"person_id": np.repeat(spells["person_id"], length).to_numpy(), "m": months.to_numpy()})
    status = tables["nav_status"].assign(m=lambda table: months_since_2005(table["month"]))
    found = needed.merge(status[["person_id", "m"]], on=["person_id", "m"], how="left", indicator=True)
    assert (found["_merge"] == "both").all()


def test_measure_codes_run_in_their_start_month(tables, codebooks):
    spells = tables["tiltak"]
    months = spells["measure_code"].map(codebooks.code_months)
    assert (spells["start_month"] >= months.str[0]).all()
    assert (spells["start_month"] <= months.str[1]).all()


def test_yearly_income_is_the_sum_of_wages_but_for_business_income(tables):
    wages = tables["employment"].assign(year=tables["employment"]["month"] // 100)
    wages = wages.groupby(["person_id", "year"])["wage"].sum()
    income = tables["income"].set_index(["person_id", "year"])["work_income"]
    difference = income.reindex(wages.index) - wages
    assert difference.notna().all()
    assert (difference.abs() < 1).mean() > 0.95


@pytest.fixture(scope="module")
def measured(tables, codebooks):
    """Work and 2022-kroner by person and month, computed from the written registers alone."""
    jobs = tables["employment"].groupby(["person_id", "month"], as_index=False)[["wage", "position_pct"]].sum()
    year = jobs["month"] // 100 - 2005
    jobs["works"] = (jobs["wage"] >= codebooks.g[year] / 12) & (jobs["position_pct"] >= 20)
    jobs["real"] = np.rint(jobs["wage"] * codebooks.prices[-1] / codebooks.prices[year])
    jobs["m"] = months_since_2005(jobs["month"]) + 60
    return jobs.set_index(["person_id", "m"])[["works", "real"]]


def outcomes_from_registers(measured, starts):
    wanted = pd.MultiIndex.from_arrays(
        [
            np.repeat(starts.index.to_numpy(), keys.FOLLOW_UP_MONTHS),
            (starts.to_numpy()[:, None] + np.arange(1, keys.FOLLOW_UP_MONTHS + 1)).ravel(),
        ]
    )
    found = measured.reindex(wanted)
    works = found["works"].eq(True).to_numpy(float).reshape(-1, 36)
    real = found["real"].fillna(0).to_numpy(float).reshape(-1, 36)
    yearly = [values.reshape(-1, 3, 12).sum(axis=2) for values in (works, real)]
    return pd.DataFrame(np.concatenate([*yearly, works], axis=1), index=starts.index, columns=list(keys.OUTCOMES))


@pytest.fixture(scope="module")
def first_arm(tables, truth):
    """First measure within a year of the latent start's registration, from the written spells; else control."""
    groups = (
        pd.read_csv(CONFIG / "codebook" / "tiltaksgruppering.csv").drop_duplicates("code").set_index("code")["group"]
    )
    names = pd.read_csv(CONFIG / "codebook" / "labels.csv")
    names = names.drop_duplicates("label").set_index("label")["key"]
    start = truth.groupby("person_id")["start_month"].first()
    spells = tables["tiltak"].loc[tables["tiltak"]["main_measure"]].copy()
    spells["m"] = months_since_2005(spells["start_month"]) + 60
    spells = spells.loc[spells["m"] == spells["person_id"].map(start)]
    arm = spells.set_index("person_id")["measure_code"].map(groups).map(names)
    arm = arm.where(arm.isin(keys.MEASURES), keys.OTHER_MEASURES)
    return arm.reindex(start.index).fillna(keys.CONTROL)


def test_truth_under_the_own_arm_is_what_the_registers_say(measured, truth, first_arm):
    own = truth.loc[truth["arm"] == truth["person_id"].map(first_arm)].set_index("person_id")
    assert len(own) == truth["person_id"].nunique()
    assert set(own["arm"]) == set(keys.ARMS)
    expected = outcomes_from_registers(measured, own["start_month"])
    pd.testing.assert_frame_equal(own[list(keys.OUTCOMES)], expected, check_exact=True)


def test_every_person_has_every_arm_once(truth):
    assert (truth.groupby("person_id")["arm"].nunique() == len(keys.ARMS)).all()
    assert len(truth) == truth["person_id"].nunique() * len(keys.ARMS)


def planted_difference(truth, first_arm, arm, outcomes):
    """Mean over the participants of an arm of their outcome under it minus without, and its standard error."""
    wide = truth.set_index(["person_id", "arm"])[list(outcomes)].unstack("arm")
    difference = wide.xs(arm, axis=1, level=1) - wide.xs(keys.CONTROL, axis=1, level=1)
    difference = difference.loc[first_arm.index[first_arm == arm]]
    return difference.mean(), difference.std() / np.sqrt(len(difference))


@pytest.mark.parametrize("arm", ["arbeidstrening", "amo", "midl_lonnstilskudd", "avklaring"])
def test_average_effects_have_the_planted_size_where_the_arm_is_used(truth, first_arm, parameters, arm):
    mean, error = planted_difference(truth, first_arm, arm, keys.MONTHS_IN_WORK)
    assert ((mean - parameters.effects.months_in_work[arm]).abs() < 4 * error + 0.15).all()


@pytest.mark.parametrize("arm", ["arbeidstrening", "amo", "midl_lonnstilskudd"])
def test_average_effects_on_wages_have_the_planted_size(truth, first_arm, parameters, arm):
    mean, error = planted_difference(truth, first_arm, arm, keys.WAGE_INCOME)
    assert ((mean - parameters.effects.wage_income[arm]).abs() < 4 * error + 5_000).all()


@pytest.mark.parametrize("arm", keys.TREATED_ARMS)
def test_durations_have_the_mean_they_are_to_have(parameters, arm):
    index = np.full(100_000, keys.TREATED_ARMS.index(arm))
    months = np.minimum(draw_durations(np.random.default_rng(1), index, parameters.measures), 24)
    assert months.mean() == pytest.approx(parameters.measures.duration[arm], rel=0.1)


def test_most_are_not_on_a_measure_and_every_arm_occurs(first_arm):
    shares = first_arm.value_counts(normalize=True)
    assert set(shares.index) == set(keys.ARMS)
    assert shares[keys.CONTROL] > 0.4
