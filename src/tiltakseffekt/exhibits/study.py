"""Data of the exhibits about the Monte Carlo study of the estimator."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from tiltakseffekt.exhibits.tidy import tidy

_NORMAL_95: Final = 1.96
_ESTIMANDS: Final = ("ate", "atet")


def estimatorstudie(study: pd.DataFrame) -> pd.DataFrame:
    """Bias, precision and coverage of each estimator in each design, over the arms of the design.

    Parameters
    ----------
    study
        ``config/study/estimators.csv`` read as text.

    Returns
    -------
    pandas.DataFrame
        Panels are the estimands, row groups the designs, rows the estimators: the largest bias over the standard error
        (in absolute value) and the lowest coverage of any arm, and the mean over arms of the root mean squared error
        over that of the oracle.
    """
    return tidy(
        {"panel": estimand, "row_group": design, "row": estimator} | cell
        for estimand in _ESTIMANDS
        for (design, estimator), arms in _numbers(study, estimand).groupby(["design", "estimator"], sort=False)
        for cell in _worst(arms)
    )


def figur_estimatorstudie(study: pd.DataFrame, design: str = "registers") -> pd.DataFrame:
    """Bias and coverage of each estimator by arm in the design that looks like the report's.

    Parameters
    ----------
    study
        As in `estimatorstudie`.
    design
        The design to show.

    Returns
    -------
    pandas.DataFrame
        Panels are the estimands, columns the measures, rows the estimators; ``x`` is the mean number of persons in the
        arm, and the intervals are 95 per cent Monte Carlo intervals.
    """
    return tidy(
        {"panel": estimand, "row": row["estimator"], "x": row["n_arm"]} | cell
        for estimand in _ESTIMANDS
        for row in _numbers(study[study["design"] == design], estimand).to_dict("records")
        for cell in (
            _measure("skjevhet", row["bias_in_se"], row["bias_in_se_mc"], "ratio"),
            _measure("dekning", 100 * row["coverage"], 100 * row["coverage_mc"], "percent"),
        )
    )


def _numbers(study: pd.DataFrame, estimand: str) -> pd.DataFrame:
    words = ["design", "estimand", "estimator"]
    chosen = study[study["estimand"] == estimand]
    return chosen.assign(**{name: pd.to_numeric(chosen[name]) for name in chosen.columns.difference(words)})


def _worst(arms: pd.DataFrame) -> Iterator[dict[str, Any]]:
    yield {"column": "storste_skjevhet", "value": arms["bias_in_se"].abs().max(), "unit": "ratio"}
    yield {"column": "rmse_mot_orakel", "value": arms["rmse_to_oracle"].mean(), "unit": "ratio"}
    yield {"column": "laveste_dekning", "value": 100 * arms["coverage"].min(), "unit": "percent"}


def _measure(column: str, value: float, error: float, unit: str) -> dict[str, Any]:
    low, high = value - _NORMAL_95 * error, value + _NORMAL_95 * error
    if unit == "percent":
        low, high = max(low, 0.0), min(high, 100.0)
    return {"column": column, "value": value, "low": low, "high": high, "unit": unit}
