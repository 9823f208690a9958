"""Made-up rewards that depend on two features, and the tables of a small sample."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys

ARMS = (keys.CONTROL, "aft", "amo")
FEATURES = ("x_innsatsgruppe__standard", "x_utdanning__niva")


@pytest.fixture(scope="session")
def tables():
    """Who is in standardinnsats gains two months a year from AFT, others with education above 3 two from AMO."""
    rng = np.random.default_rng(11)
    n = 900
    x = np.column_stack([rng.integers(0, 2, n), rng.integers(0, 8, n)])
    effect = np.column_stack([np.zeros(n), 2.0 * x[:, 0], 2.0 * ((1 - x[:, 0]) * (x[:, 1] > 3))]) - [0, 0.5, 0.5]
    arm = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    ids = [f"p{k:04d}" for k in range(n)]
    mean = 4 + effect
    y = mean[np.arange(n), arm] + rng.normal(size=n)
    scores = mean.copy()
    scores[np.arange(n), arm] += (y - mean[np.arange(n), arm]) / np.array([0.5, 0.3, 0.2])[arm]
    fold = np.arange(n) % 5

    def columns(values, name):
        return {name(a, o): values[:, k] for k, a in enumerate(ARMS) for o in keys.YEARLY_OUTCOMES}

    return {
        "sample": pd.DataFrame({"person_id": ids, "arm": np.array(ARMS)[arm], "fold": fold}),
        "outcomes": pd.DataFrame({"person_id": ids} | dict.fromkeys(keys.YEARLY_OUTCOMES, y)),
        "covariates": pd.DataFrame({"person_id": ids} | dict(zip(FEATURES, x.T.astype(float), strict=True))),
        "scores": pd.DataFrame({"person_id": ids} | columns(scores, keys.score_column)),
        "predictions": pd.DataFrame({"person_id": ids} | columns(mean, keys.prediction_column)),
    }
