"""Data of the exhibits about the nuisance functions: overlap, balance, calibration, prediction, extreme weights."""

from statistics import NormalDist
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.cohorts.covariates import DEFINITIONS
from tiltakseffekt.stages.exhibits.tidy import tidy

_YEARS: Final = ("ar_1", "ar_2", "ar_3")
#: Outcome to panel, column and unit.
_OUTCOMES: Final = {
    outcome: (panel, year, unit)
    for panel, outcomes, unit in (
        ("maneder_i_arbeid", keys.MONTHS_IN_WORK, "months_per_year"),
        ("lonnsinntekt", keys.WAGE_INCOME, "nok_2022"),
    )
    for outcome, year in zip(outcomes, _YEARS, strict=True)
}


def figur_overlapp(propensity_classes: pd.DataFrame, threshold: int, arms: Arms) -> pd.DataFrame:
    """Return the distribution of the propensity of each measure among its persons and among the controls.

    Parameters
    ----------
    propensity_classes
        PROPENSITY_CLASSES.
    threshold
        Fewest persons in a class; smaller ones are joined with their neighbours.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels are measures, rows the two groups; ``x`` is the middle of the class in per cent, ``value`` the per cent
        of the group per class of the original width.
    """
    curves = dict(iter(propensity_classes.groupby(["arm", "group"])))
    return tidy(
        {"panel": arm, "row": group, "x": 100 * np.sqrt(joined["low"] * joined["high"]), "unit": "percent"}
        | {"value": 100 * joined["n"] / joined["classes"] / curve["n"].sum()}
        | {"count": joined["n"], "base": curve["n"].sum()}
        for arm in arms.treated
        for group in ("behandling", "kontroll")
        if (curve := curves.get((arm, group))) is not None
        for joined in join_classes(curve.sort_values("low"), threshold).to_dict("records")
    )


def join_classes(classes: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Join neighbouring classes until each holds enough persons; empty ones at the ends are left out.

    Parameters
    ----------
    classes
        ``low``, ``high`` and ``n`` in rising order, without gaps; someone is in them.
    threshold
        Fewest persons in a class, if there are so many at all.

    Returns
    -------
    pandas.DataFrame
        ``low``, ``high``, ``n``, and ``classes``: how many were joined.
    """
    filled = np.flatnonzero(classes["n"])
    shown = classes.iloc[filled[0] : filled[-1] + 1]
    below = (shown["n"].cumsum() - shown["n"]).tolist()
    starts = [0]
    for position, persons in enumerate(below):
        if persons - below[starts[-1]] >= threshold and shown["n"].sum() - persons >= threshold:
            starts.append(position)
    place = np.searchsorted(starts, np.arange(len(shown)), side="right")
    return shown.groupby(place).agg(low=("low", "first"), high=("high", "last"), n=("n", "sum"), classes=("n", "size"))


def figur_forskjeller(balance_of_covariates: pd.DataFrame, weighted_balance: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return the size of the standardised mean difference of every covariate, before and after weighting.

    Parameters
    ----------
    balance_of_covariates
        BALANCE_OF_COVARIATES.
    weighted_balance
        WEIGHTED_BALANCE of the same measures.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels are before weighting, with inverse probability weights and with those of the estimates, rows covariates,
        columns measures. The count is that of the persons of the measure
        for whom the covariate is not zero: of a rare trait the difference would give away who has it.
    """
    table = balance_of_covariates.merge(weighted_balance, on=["arm", "covariate"], validate="one_to_one")
    found = table.set_index(["arm", "covariate"]).to_dict("index")
    return tidy(
        {"panel": panel, "row_group": definition.key, "row": covariate, "column": arm, "value": abs(row[when])}
        | {"unit": "standard_deviations", "count": row["n_other_than_zero"], "base": row["n"]}
        for panel, when in (("for_vekting", "before"), ("etter_vekting", "after"), ("i_anslagene", "difference"))
        for definition in DEFINITIONS
        for covariate in definition.columns
        for arm in arms.treated
        if (row := found.get((arm, covariate))) is not None
    )


def figur_sannsynligheter(propensity_calibration: pd.DataFrame, confidence: float, arms: Arms) -> pd.DataFrame:
    """Return the share in each arm by predicted propensity, per cent, with intervals.

    Parameters
    ----------
    propensity_calibration
        PROPENSITY_CALIBRATION.
    confidence
        Level of the intervals of Wilson, which treat the classes as given.
    arms
        The arms of the evaluation.
    """
    table = _in_order(propensity_calibration, arms.unchained)
    low, high = wilson(table["n_arm"], table["n"], confidence)
    return tidy(
        pd.DataFrame(
            {
                "panel": table["arm"],
                "x": 100 * table["predicted"],
                "value": 100 * table["observed"],
                "low": 100 * low,
                "high": 100 * high,
                "unit": "percent",
                "count": table["n_arm"],
                "base": table["n"],
            }
        )
    )


def wilson(successes: pd.Series, trials: pd.Series, confidence: float) -> tuple[pd.Series, pd.Series]:
    """Return the ends of Wilson's interval of a share, 0-1."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, shrink = successes / trials, 1 / (1 + z**2 / trials)
    middle = shrink * (share + z**2 / (2 * trials))
    half = shrink * z * np.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    return middle - half, middle + half


def treffsikkerhet(prediction_quality: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return how well participation in each arm and the yearly outcomes in it are predicted out of fold.

    Parameters
    ----------
    prediction_quality
        PREDICTION_QUALITY.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Rows are arms; of participation log loss, its gain over a constant and the calibration slope, of outcomes R
        squared.
    """
    columns = (
        ("logtap", "loss", "log_loss"),
        ("forbedring", "gain", "ratio"),
        ("helning", "slope", "ratio"),
    )
    cells: list[dict[str, Any]] = []
    for row in _in_order(prediction_quality, arms.unchained).to_dict("records"):
        place = {"row": row["arm"], "count": row["n"]}
        if row["target"] == keys.PARTICIPATION:
            measures = [("deltakelse", column, name, unit) for column, name, unit in columns]
        else:
            shown = _OUTCOMES.get(row["target"])
            measures = [(*shown[:2], "gain", "ratio")] if shown else []
        cells += [
            {**place, "panel": panel, "column": column, "value": row[name], "unit": unit}
            for panel, column, name, unit in measures
        ]
    order = {"deltakelse": 0, "maneder_i_arbeid": 1, "lonnsinntekt": 2}
    return tidy(sorted(cells, key=lambda cell: (order[cell["panel"]], arms.unchained.index(cell["row"]))))


def ytterste_vekter(weight_influence: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return how much the ATET moves without the controls that have the most extreme weights.

    Parameters
    ----------
    weight_influence
        WEIGHT_INFLUENCE.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Rows are measures. Every cell rests on the controls that are left out.
    """
    cells: list[dict[str, Any]] = []
    for arm, rows in _in_order(weight_influence, arms.treated).groupby("arm", sort=False):
        trimmed = int(rows["n_trimmed"].iloc[0])
        largest = rows["change_in_se"].abs().max()
        place = {"row": arm, "count": trimmed}
        cells += [
            place | {"panel": "utelatte_kontroller", "column": "n", "value": trimmed, "unit": "persons"},
            place
            | {"panel": "utelatte_kontroller", "column": "andel_av_vekten", "unit": "percent"}
            | {"value": 100 * rows["weight_share"].iloc[0]},
            place | {"panel": "storste_endring", "column": "i_standardfeil", "value": largest, "unit": "ratio"},
        ]
        change = rows.set_index("outcome")["change"]
        cells += [
            place | {"panel": panel, "column": year, "value": change[outcome], "unit": unit}
            for outcome, (panel, year, unit) in _OUTCOMES.items()
            if outcome in change
        ]
    return tidy(cells)


def _in_order(table: pd.DataFrame, arms: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of some arms, the arms in the order given."""
    order = table["arm"].map({arm: place for place, arm in enumerate(arms)})
    return table.assign(order=order).dropna(subset="order").sort_values("order", kind="stable").drop(columns="order")
