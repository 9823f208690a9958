"""From replications to what a reader asks: bias, precision and coverage of each estimator, with Monte Carlo errors."""

from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from tiltakseffekt.laboratory.study.design import Floats, Truth

#: Columns of the summary, in order: what each holds.
COLUMNS: Final = {
    "design": "name of the design",
    "estimand": "ate or atet",
    "arm": "number of the arm; 0 are the controls",
    "estimator": "name of the estimator",
    "n_arm": "mean number of persons in the arm",
    "replications": "replications",
    "truth": "the effect, unit of the outcome",
    "bias": "mean error, unit of the outcome",
    "sd": "standard deviation of the estimates",
    "mean_se": "mean of the standard errors",
    "bias_in_se": "bias over the mean of the standard errors",
    "bias_in_se_mc": "its Monte Carlo standard error",
    "excess_bias_in_se": "mean difference to the oracle in the same replications, over the mean of the standard errors",
    "excess_bias_in_se_mc": "its Monte Carlo standard error",
    "rmse_to_oracle": "root mean squared error over that of the oracle in the same replications",
    "rmse_to_oracle_mc": "its Monte Carlo standard error",
    "coverage": "share of the 95 per cent intervals that hold the truth",
    "coverage_mc": "its Monte Carlo standard error",
}

ORACLE: Final = "oracle"
_LEVEL: Final = float(norm.ppf(0.975))


def summarise(estimates: pd.DataFrame, truths: dict[str, Truth]) -> pd.DataFrame:
    """Summarise estimates by design, estimand, arm and estimator.

    Parameters
    ----------
    estimates
        ``design``, ``replication``, ``n_arm``, ``estimator``, ``estimand``, ``arm``, ``estimate``, ``se``.
    truths
        Truth by design.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, in the order in which designs and estimators first occur.
    """
    rows = []
    for (design, estimand, arm), cell in estimates.groupby(["design", "estimand", "arm"], sort=False):
        truth = float(getattr(truths[str(design)], str(estimand))[int(str(arm)) - 1])
        errors = cell.pivot(index="replication", columns="estimator", values="estimate") - truth
        for estimator, own in cell.groupby("estimator", sort=False):
            ordered = own.set_index("replication").loc[errors.index]
            measures = _measures(errors[estimator].to_numpy(), ordered["se"].to_numpy(), errors[ORACLE].to_numpy())
            rows.append(
                {"design": design, "estimand": estimand, "arm": arm, "estimator": estimator}
                | {"n_arm": ordered["n_arm"].mean(), "replications": len(errors), "truth": truth}
                | measures
            )
    return pd.DataFrame(rows)[list(COLUMNS)]


def _measures(error: Floats, se: Floats, oracle: Floats) -> dict[str, Any]:
    """Return the measures of one estimator; errors of the oracle are of the same replications."""
    root = np.sqrt(len(error))
    # The oracle has no bias worth the name, but shares luck with the others: the difference shows a bias sharper.
    excess = error - oracle
    covered = np.abs(error) <= _LEVEL * se
    squared, squared_oracle = np.square(error), np.square(oracle)
    ratio = np.sqrt(squared.mean() / squared_oracle.mean())
    # Delta method: how far each replication moves the ratio of the root mean squares.
    pulls = ratio / 2 * (squared / squared.mean() - squared_oracle / squared_oracle.mean())
    return {
        "bias": error.mean(),
        "sd": error.std(ddof=1),
        "mean_se": se.mean(),
        "bias_in_se": error.mean() / se.mean(),
        "bias_in_se_mc": error.std(ddof=1) / root / se.mean(),
        "excess_bias_in_se": excess.mean() / se.mean(),
        "excess_bias_in_se_mc": excess.std(ddof=1) / root / se.mean(),
        "rmse_to_oracle": ratio,
        "rmse_to_oracle_mc": pulls.std(ddof=1) / root,
        "coverage": covered.mean(),
        "coverage_mc": np.sqrt(covered.mean() * (1 - covered.mean())) / root,
    }
