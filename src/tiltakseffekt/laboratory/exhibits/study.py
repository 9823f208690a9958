"""Data of the exhibits about the studies of the estimator: Monte Carlo, and a confounder that is switched on."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from tiltakseffekt.stages.exhibits.tidy import tidy

_NORMAL_95: Final = 1.96
_ESTIMANDS: Final = ("ate", "atet")


def estimatorstudie(study: pd.DataFrame) -> pd.DataFrame:
    """Bias, precision and coverage of each estimator in each design, over the arms of the design.

    Parameters
    ----------
    study
        ``config/laboratory/study/estimators.csv`` read as text.

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


def grenser_mot_sannhet(study: pd.DataFrame, outcome: str = "months_in_work_y2") -> pd.DataFrame:
    """Bounds for an unobserved confounder against the planted truth, on registers in which there is one.

    Parameters
    ----------
    study
        ``config/laboratory/study/confounder.csv`` read as text.
    outcome
        The outcome to show.

    Returns
    -------
    pandas.DataFrame
        Blocks are weights of the confounder, rows measures: truth, estimate, strength, the confidence region of the
        bounds for that strength, and whether interval, region, and region for a confounder like innsatsgruppe hold the
        truth; the last row of a block counts them.
    """
    words = ["arm", "outcome"]
    table = study.assign(**{name: pd.to_numeric(study[name]) for name in study.columns.difference(words)})
    return tidy(
        {"row_group": f"vekt_{weight:g}".replace(".", "_")} | cell
        for weight, rows in table[table["outcome"] == outcome].groupby("trait", sort=True)
        for cell in _bounds(rows)
    )


def _bounds(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    holds = {
        "i_intervallet": rows["truth"].between(rows["interval_low"], rows["interval_high"]),
        "i_grensene": rows["truth"].between(rows["region_low"], rows["region_high"]),
        "i_grensene_som_gruppe": rows["truth"].between(rows["group_low"], rows["group_high"]),
    }
    for place, row in enumerate(rows.to_dict("records")):
        own = {"row": row["arm"]}
        yield own | {"column": "n", "value": row["n_arm"], "unit": "persons"}
        for column, name in (("sannhet", "truth"), ("anslag", "estimate")):
            yield own | {"column": column, "value": row[name], "unit": "months_per_year"}
        for column, name in (("i_utfallet", "cf_y"), ("i_deltakelsen", "cf_d")):
            yield own | {"column": column, "value": 100 * row[name], "unit": "percent"}
        for column, name in (("fra", "region_low"), ("til", "region_high")):
            yield own | {"column": column, "value": row[name], "unit": "months_per_year"}
        for column, held in holds.items():
            yield own | {"column": column, "text": "ja" if held.iloc[place] else "nei", "unit": "text"}
    for column, held in holds.items():
        yield {"row": "antall_holdt", "column": column, "value": float(held.sum()), "unit": "count"}


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
