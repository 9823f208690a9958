"""The change without the most extreme weights, against the whole estimation on fewer persons."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.estimates import estimate_effects
from tiltakseffekt.stages.effects.influence import measure_influence
from tiltakseffekt.stages.effects.settings import EffectSettings

NAMES = ("sample", "outcomes", "propensities")


def _tables(n=400):
    rng = np.random.default_rng(7)
    x = rng.normal(size=n)
    p = 1 / (1 + np.exp(-1.5 * x))
    treated = rng.random(n) < p
    ids = [f"p{k:04d}" for k in range(n)]
    y = x + treated + rng.normal(size=n)
    arms = {keys.CONTROL: 0.0, "amo": 1.0}
    fold = rng.permutation(n) % 2
    return {
        "sample": pd.DataFrame({"person_id": ids, "arm": np.where(treated, "amo", keys.CONTROL), "fold": fold}),
        "outcomes": pd.DataFrame({"person_id": ids} | dict.fromkeys(keys.OUTCOMES, y)),
        "propensities": pd.DataFrame(
            {"repetition": 1, "person_id": ids, "fold": fold, "propensity__ikke_tiltak": 1 - p, "propensity__amo": p}
        ),
        "predictions": pd.DataFrame(
            {"person_id": ids, "fold": fold}
            | {keys.prediction_column(arm, name): 0.5 * x + d for arm, d in arms.items() for name in keys.OUTCOMES}
        ),
    }, p


@pytest.mark.parametrize("normalise", ["fold", "none"])
def test_the_change_is_that_of_the_whole_estimation_without_them(normalise):
    tables, p = _tables()
    table = measure_influence(**tables, normalise=normalise).set_index("outcome")
    assert not table_faults(table.reset_index(), schemas.WEIGHT_INFLUENCE)
    control = (tables["sample"]["arm"] == keys.CONTROL).to_numpy()
    odds = np.where(control, p / (1 - p), 0)
    trimmed = int(np.ceil(0.01 * control.sum()))
    kept = np.ones(len(p), dtype=bool)
    kept[np.argsort(-odds)[:trimmed]] = False
    settings = EffectSettings(normalise=normalise)
    how = {"settings": settings, "seed": 1}
    whole, without = (
        estimate_effects(
            **{name: tables[name][keep] for name in NAMES}, predictions=[tables["predictions"][keep]], **how
        )
        .estimates.query("estimand == 'atet' and outcome == 'months_in_work_y2'")
        .iloc[0]
        for keep in (np.ones(len(p), dtype=bool), kept)
    )
    row = table.loc["months_in_work_y2"]
    assert row[["n_control", "n_trimmed"]].tolist() == [control.sum(), trimmed]
    assert row["weight_share"] == pytest.approx(odds[~kept].sum() / odds.sum())
    assert row["change"] == pytest.approx(without["estimate"] - whole["estimate"])
    assert row["change_in_se"] == pytest.approx(row["change"] / whole["se"])


def test_the_change_is_measured_in_errors_of_clusters():
    tables, p = _tables()
    office = np.arange(len(p)) // 25
    alone = measure_influence(**tables, normalise="fold").set_index("outcome").loc["months_in_work_y2"]
    row = measure_influence(**tables, normalise="fold", cluster=office).set_index("outcome").loc["months_in_work_y2"]
    whole = estimate_effects(
        **{name: tables[name] for name in NAMES},
        predictions=[tables["predictions"]],
        settings=EffectSettings(normalise="fold"),
        seed=1,
        cluster=office,
    ).estimates
    se = whole.query("estimand == 'atet' and outcome == 'months_in_work_y2'")["se"].iloc[0]
    assert row["change"] == alone["change"]
    assert row["change_in_se"] == pytest.approx(row["change"] / se)
    assert row["change_in_se"] != pytest.approx(alone["change_in_se"])


def test_balanced_weights_are_balanced_anew_without_the_extreme_ones():
    tables, p = _tables()
    features = np.random.default_rng(0).standard_normal((len(p), 1)) + 5 * p[:, None]
    row = measure_influence(**tables, normalise="fold", features=features).set_index("outcome").iloc[0]
    settings = {"settings": EffectSettings(), "seed": 1, "predictions": [tables["predictions"]], "features": features}
    whole = estimate_effects(**{name: tables[name] for name in NAMES}, **settings).estimates
    se = whole.query("estimand == 'atet' and outcome == @row.name")["se"].iloc[0]
    assert row["change_in_se"] == pytest.approx(row["change"] / se)
    plain = measure_influence(**tables, normalise="fold").set_index("outcome").iloc[0]
    assert row["weight_share"] != plain["weight_share"]


def test_the_order_of_persons_does_not_matter():
    tables, _ = _tables()
    mixed = {name: table.sample(frac=1, random_state=k) for k, (name, table) in enumerate(tables.items())}
    pd.testing.assert_frame_equal(
        measure_influence(**tables, normalise="fold"), measure_influence(**mixed, normalise="fold")
    )
