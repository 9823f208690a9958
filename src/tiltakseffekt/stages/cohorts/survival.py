"""The Kaplan-Meier estimate from counts of durations in whole months."""

import numpy as np
import pandas as pd
from scipy import stats


def kaplan_meier(durations: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Estimate the share that stays longer than each number of months.

    Parameters
    ----------
    durations
        ``months`` (one or more), ``ended`` (whether it ended then, or was only observed so far) and ``n`` persons.
    confidence
        Level of the pointwise intervals: Greenwood's variance on the log-log scale.

    Returns
    -------
    pandas.DataFrame
        One row per month from 1 to the longest duration: ``month``, ``at_risk``, ``ended``, ``censored``,
        ``survival``, ``low``, ``high``. Persons censored in a month are at risk in it. There is no interval while
        nobody has left, nor after all have.
    """
    counts = durations.groupby(["months", "ended"])["n"].sum().unstack(fill_value=0)
    last = int(durations["months"].max()) if len(durations) else 0
    table = counts.reindex(index=range(1, last + 1), columns=[True, False], fill_value=0)
    ended, censored = table[True].to_numpy(np.int64), table[False].to_numpy(np.int64)
    left = ended + censored
    at_risk = left[::-1].cumsum()[::-1]
    survival = np.cumprod(1 - ended / at_risk)
    inside = (survival > 0) & (survival < 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(ended / (at_risk * (at_risk - ended)))) / np.abs(np.log(survival))
        half = np.exp(stats.norm.ppf(0.5 + confidence / 2) * spread)
        low, high = survival**half, survival ** (1 / half)
    return pd.DataFrame(
        {
            "month": np.arange(1, last + 1),
            "at_risk": at_risk,
            "ended": ended,
            "censored": censored,
            "survival": survival,
            "low": np.where(inside, low, np.nan),
            "high": np.where(inside, high, np.nan),
        }
    )
