"""A made-up data frame whose effects are known, to try the estimator on."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from tiltakseffekt.stages.effects.scores import FloatArray

#: The covariates of the example, which decide on the arm and on the outcomes.
COVARIATES: Final = ("x1", "x2", "vocation", "urban")


class Example(NamedTuple):
    """The data, and the true effect on ``y1`` of each arm on each row, shape (N, K)."""

    data: pd.DataFrame
    effect: FloatArray


def make_example(n: int, arms: Sequence[str], seed: int = 1) -> Example:
    """Draw rows whose arm depends on covariates.

    Arm number k, from 0, has the effect k on ``y1`` where ``urban`` is false and 2k where it is true; ``y2`` is twice
    ``y1``. Numbers are made up so that errors without adjustment are seen.

    Parameters
    ----------
    n
        Number of rows.
    arms
        Names of the arms, the controls first.
    seed
        Seed of the draws.
    """
    rng = np.random.default_rng(seed)
    x1, x2 = rng.normal(size=(2, n))
    urban = rng.random(n) < 0.5
    vocation = rng.choice(["baker", "miner", "nurse"], n)
    index = np.column_stack([k * (0.4 * x1 - 0.3 * urban) / len(arms) for k in range(len(arms))])
    chances = np.exp(index) / np.exp(index).sum(axis=1, keepdims=True)
    arm = (rng.random(n)[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    effect: FloatArray = np.arange(len(arms)) * (1.0 + urban[:, None])
    y = x1 + 0.5 * x2 + (vocation == "miner") + effect[np.arange(n), arm] + rng.normal(size=n)
    columns = {"y1": y, "y2": 2 * y, "arm": np.array(arms)[arm], "x1": x1, "x2": x2, "vocation": vocation}
    return Example(pd.DataFrame(columns | {"urban": urban, "town": rng.integers(0, 40, n)}), effect)
