"""P-values that allow for many tests: Holm (1979), and the stepdown of Romano and Wolf (2005, 2016)."""

import numpy as np
from statsmodels.stats.multitest import multipletests

from tiltakseffekt.stages.effects.scores import FloatArray, IntArray
from tiltakseffekt.stages.effects.settings import BootstrapSettings
from tiltakseffekt.stages.effects.simultaneous import drawn_t_values


def holm(p_values: FloatArray) -> FloatArray:
    """Return p-values adjusted by Holm's method; missing ones are no tests and stay missing."""
    adjusted = np.full(len(p_values), np.nan)
    tested = np.isfinite(p_values)
    if tested.any():
        adjusted[tested] = multipletests(p_values[tested], method="holm")[1]
    return adjusted


def romano_wolf(
    t_values: FloatArray,
    influence: FloatArray,
    bootstrap: BootstrapSettings,
    random: np.random.Generator,
    cluster: IntArray | None = None,
) -> FloatArray:
    """Return p-values adjusted by stepdown over the largest t-value that remains, with a multiplier bootstrap.

    Parameters
    ----------
    t_values
        Estimates in standard errors, shape (M,); missing ones are no tests and stay missing.
    influence
        Influence values of the estimates, shape (N, M).
    bootstrap
        Number of draws and distribution of the multipliers.
    random
        Generator of the multipliers.
    cluster
        Cluster of each person, from 0, shape (N,).

    Returns
    -------
    ndarray, shape (M,)
        (1 + draws whose largest t-value is at least as large) / (1 + draws), never falling from one test to the next.
    """
    adjusted = np.full(len(t_values), np.nan)
    tested = np.flatnonzero(np.isfinite(t_values))
    if not len(tested):
        return adjusted
    order = tested[np.argsort(-np.abs(t_values[tested]), kind="stable")]
    # From the last test backwards: the largest of those that remain when a test has its turn.
    exceeding = sum(
        (np.maximum.accumulate(t[:, ::-1], axis=1)[:, ::-1] >= np.abs(t_values[order])).sum(axis=0)
        for t in drawn_t_values(influence[:, order], bootstrap.draws, bootstrap.multiplier, random, cluster)
    )
    adjusted[order] = np.maximum.accumulate((1 + exceeding) / (1 + bootstrap.draws))
    return adjusted
