"""Data of the exhibits of estimators beside each other: order, truth, weak instruments, nothing without truth."""

import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.laboratory.exhibits.estimators import avvik_estimatorer
from tiltakseffekt.laboratory.schemas import TRUTH_COMPARISON
from tiltakseffekt.stages.effects.estimators import ESTIMATORS
from tiltakseffekt.stages.effects.schemas import ESTIMATOR_COMPARISON, FIRST_STAGES
from tiltakseffekt.stages.exhibits.builders.estimators import figur_estimatorer, instrument

NO_TRUTH = pd.DataFrame(columns=list(TRUTH_COMPARISON.columns))


@pytest.fixture
def estimates() -> pd.DataFrame:
    rows = [
        {"estimator": estimator, "arm": arm, "outcome": outcome, "estimate": 1.0 + place}
        for place, estimator in enumerate(reversed(ESTIMATORS))
        for arm in ("annet", "amo", "aft")
        for outcome in keys.YEARLY_OUTCOMES
    ]
    table = pd.DataFrame(rows).assign(se=2.0, n=500, n_arm=40, shape="between")
    return table.assign(low=table["estimate"] - 4, high=table["estimate"] + 4)


@pytest.fixture
def stages() -> pd.DataFrame:
    rows = [("amo", 0.5, 25.0, False), ("aft", 0.1, 1.0, True), ("annet", -0.1, 1.0, True)]
    table = pd.DataFrame(rows, columns=["arm", "coefficient", "f", "weak"])
    return table.assign(error=0.1, partial_r2=0.01, n=480, n_arm=40, offices=30)


@pytest.fixture
def truth() -> pd.DataFrame:
    rows = [
        {"estimand": estimand, "arm": arm, "outcome": outcome, "truth": 3.0 if estimand == "atet" else 99.0}
        for estimand in ("ate", "atet")
        for arm in ("amo", "aft", "annet")
        for outcome in keys.YEARLY_OUTCOMES
    ]
    return pd.DataFrame(rows).assign(n_arm=40)


def test_the_truth_is_the_first_row_and_weak_instruments_are_none(estimates, stages, truth):
    data = figur_estimatorer(estimates, stages, 5, ARMS, truth)
    assert data["panel"].unique().tolist() == ["aft", "amo"]
    amo = data[data["panel"] == "amo"]
    assert amo["row"].tolist() == ["sannhet", *ESTIMATORS]
    assert data.loc[data["panel"] == "aft", "row"].tolist() == ["sannhet", *ESTIMATORS[:-1]]
    assert amo["value"].iloc[:2].tolist() == [3.0, 9.0]
    assert pd.isna(amo["low"].iloc[0])
    assert amo["high"].iloc[1] == 13.0
    assert set(data["count"]) == {40}


def test_rows_with_few_participants_alone_have_a_number_of_their_own(estimates, stages):
    used = estimates.assign(n_arm=estimates["n_arm"].where(estimates["estimator"] != "fixed_effects", 38))
    assert set(figur_estimatorer(used, stages, 5, arms=ARMS)["count"]) == {40}
    data = figur_estimatorer(used, stages, 39, ARMS, NO_TRUTH)
    assert set(data.loc[data["row"] == "fixed_effects", "count"]) == {38}
    assert set(data.loc[data["row"] == "radius", "count"]) == {40}


def test_without_truth_the_doubly_robust_row_is_the_first(estimates, stages):
    data = figur_estimatorer(estimates, stages, 5, ARMS, NO_TRUTH)
    assert data["row"].iloc[0] == "doubly_robust"
    assert avvik_estimatorer(estimates, stages, NO_TRUTH).empty


def test_errors_over_measures_and_years_by_hand(estimates, stages, truth):
    table = avvik_estimatorer(estimates, stages, truth)
    assert table["row_group"].unique().tolist() == ["maneder_i_arbeid", "lonnsinntekt"]
    months = table[table["row_group"] == "maneder_i_arbeid"].set_index(["row", "column"])["value"]
    # Doubly robust is 9 where the truth is 3, the instrument 1 and it counts for amo alone.
    assert months["doubly_robust"].to_dict() == {
        "antall_estimater": 9,
        "gjennomsnittlig_avvik": 6,
        "gjennomsnittlig_absolutt_avvik": 6,
        "absolutt_avvik_i_standardfeil": 3,
        "andel_dekket": 0,
    }
    assert months["instrument"].to_dict() == {
        "antall_estimater": 3,
        "gjennomsnittlig_avvik": -2,
        "gjennomsnittlig_absolutt_avvik": 2,
        "absolutt_avvik_i_standardfeil": 1,
        "andel_dekket": 100,
    }


def test_the_table_of_the_instrument_has_no_estimate_where_it_is_weak_but_an_interval(estimates, stages):
    aft = (estimates["estimator"] == "instrument") & (estimates["arm"] == "aft")
    estimates.loc[aft, "shape"] = "outside"
    table = instrument(estimates, stages, arms=ARMS).set_index(["row", "column"])
    assert table.index.get_level_values("row").unique().tolist() == ["aft", "amo", "annet"]
    assert table.loc[("amo", "estimat"), "value"] == 1.0
    assert pd.isna(table.loc[("aft", "estimat"), "value"])
    assert table.loc[("aft", "svakt"), "text"] == "ja"
    assert table.loc[("amo", "effekten_er"), "text"] == "mellom"
    assert table.loc[("aft", "effekten_er"), "text"] == "utenfor"
    assert table.loc[("aft", ["fra", "til"]), "value"].tolist() == [-3, 5]
    # Fewer take part the more others do: no practice, and nothing is told.
    assert table.loc[("annet", "effekten_er"), "text"] == ""
    assert table.loc[("annet", ["estimat", "fra", "til"]), "value"].isna().all()
    assert table.loc[("amo", "f_verdi"), "value"] == 25.0
    assert instrument(
        pd.DataFrame(columns=list(ESTIMATOR_COMPARISON.columns)),
        pd.DataFrame(columns=list(FIRST_STAGES.columns)),
        arms=ARMS,
    ).empty
