"""Balance under the weights of the estimates, by hand and with weights that balance."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.balance import measure_balance
from tiltakseffekt.stages.effects.groups import compared_groups

ARMS = (keys.CONTROL, "amo")


def _tables(x, treated, p):
    ids = [f"p{k:04d}" for k in range(len(x))]
    fold = np.zeros(len(x), dtype=int)
    return (
        pd.DataFrame({"person_id": ids, "arm": np.where(treated, "amo", keys.CONTROL), "fold": fold}),
        pd.DataFrame({"person_id": ids, "fold": fold, "propensity__ikke_tiltak": 1 - p, "propensity__amo": p}),
        pd.DataFrame({"person_id": ids, "x_alder__alder": x, "x_konstant": 1.0}),
    )


def test_the_difference_is_in_standard_deviations_under_the_odds():
    """Controls 0 and 4 with odds 1 and 3 have the mean 3; the treated 4; the unit is root (4 + 1) / 2."""
    x = np.array([0.0, 4.0, 3.0, 5.0])
    p = np.array([0.5, 0.75, 0.5, 0.5])
    sample, propensities, covariates = _tables(x, np.array([False, False, True, True]), p)
    found = measure_balance(compared_groups(sample, propensities, normalise="sample"), covariates)
    assert not table_faults(found, schemas.WEIGHTED_BALANCE)
    spread = np.sqrt((4 + 1) / 2)
    assert found["difference"].tolist() == pytest.approx([(4 - 3) / spread, 0.0])


def test_the_order_of_the_rows_does_not_matter_and_balanced_weights_balance():
    rng = np.random.default_rng(3)
    x = rng.normal(size=600)
    p = 1 / (1 + np.exp(-x))
    sample, propensities, covariates = _tables(x, rng.random(600) < p, np.full(600, 0.5))
    features = ((x - x.mean()) / x.std())[:, None]
    shuffled = sample.sample(frac=1, random_state=1)
    plain = measure_balance(compared_groups(sample, propensities, normalise="none"), covariates)
    balanced = measure_balance(compared_groups(shuffled, propensities, normalise="none", features=features), covariates)
    assert plain["difference"][0] > 0.5
    assert abs(balanced["difference"][0]) < 0.02
