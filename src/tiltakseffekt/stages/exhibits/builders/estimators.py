"""Data of the exhibits that hold estimators against each other."""

from typing import Any, Final

import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.effects.estimators import ESTIMATORS
from tiltakseffekt.stages.exhibits.tidy import tidy

#: The outcome of the figure; the year is that of the figure of all analyses.
_SHOWN: Final = "months_in_work_y2"
#: Words for the shape of an interval.
_SHAPES: Final = {"between": "mellom", "outside": "utenfor", "everything": "hva_som_helst"}


def figur_estimatorer(
    estimator_comparison: pd.DataFrame,
    first_stages: pd.DataFrame,
    threshold: int,
    arms: Arms,
    truth_comparison: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Effect on months in work in the second year by every estimator: one panel per measure, one row per estimator.

    Parameters
    ----------
    estimator_comparison, first_stages
        ESTIMATOR_COMPARISON and FIRST_STAGES; estimates by a weak instrument are left out.
    threshold
        Rows that use fewer participants have their number, to be hidden; all others have the number on the measure,
        since the difference would tell of the few who are left out.
    truth_comparison
        TRUTH_COMPARISON, to begin each panel with the truth; empty when there is none.
    arms
        The arms of the evaluation.
    """
    told = trusted(estimator_comparison, first_stages)
    shown = told[(told["outcome"] == _SHOWN) & told["arm"].isin(arms.measures)]
    all_on_measure = shown.groupby("arm")["n_arm"].transform("max")
    shown = shown.assign(n_arm=shown["n_arm"].where(shown["n_arm"] < threshold, all_on_measure))
    both = shown if truth_comparison is None else pd.concat([_truth(truth_comparison, arms=arms), shown])
    place = {key: position for order in (arms.measures, ("sannhet", *ESTIMATORS)) for position, key in enumerate(order)}
    both = both.sort_values(["arm", "estimator"], key=lambda column: column.map(place), ignore_index=True)
    return tidy(
        both[["low", "high", "se"]].assign(
            panel=both["arm"],
            row=both["estimator"],
            value=both["estimate"],
            unit="months_per_year",
            count=both["n_arm"],
        )
    )


def _truth(truth_comparison: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return the planted ATET of each measure in the shape of estimates."""
    rows = truth_comparison[(truth_comparison["estimand"] == "atet") & (truth_comparison["outcome"] == _SHOWN)]
    known = rows.loc[rows["arm"].isin(arms.measures), ["arm", "truth", "n_arm"]]
    return known.rename(columns={"truth": "estimate"}).assign(estimator="sannhet")


def instrument(estimator_comparison: pd.DataFrame, first_stages: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """How strong the practice of the office is as an instrument for each measure, and which effects it leaves open.

    Parameters
    ----------
    estimator_comparison, first_stages
        ESTIMATOR_COMPARISON and FIRST_STAGES.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Rows are the measures; the estimate is missing where the instrument is weak. The interval holds there too, and
        is missing only where the first stage is not positive.
    """
    ours = estimator_comparison["estimator"] == "instrument"
    effects = estimator_comparison[ours & (estimator_comparison["outcome"] == _SHOWN)]
    both = first_stages.merge(effects[["arm", "estimate", "shape", "low", "high"]], on="arm", how="left")
    both["estimate"] = both["estimate"].mask(both["weak"].astype(bool))
    told = ["shape", "low", "high"]
    both[told] = both[told].mask(both["coefficient"] <= 0)
    by_arm = {row["arm"]: row for row in both.to_dict("records")}
    return tidy(
        {"row": arm, "count": row["n_arm"]} | cell
        for arm in arms.treated
        if (row := by_arm.get(arm)) is not None
        for cell in _stage_cells(row)
    )


def trusted(estimates: pd.DataFrame, first_stages: pd.DataFrame) -> pd.DataFrame:
    """Leave out what a weak instrument says, whose estimates are biased; its intervals are told in its own table."""
    weak = first_stages.loc[first_stages["weak"].astype(bool), "arm"]
    return estimates[(estimates["estimator"] != "instrument") | ~estimates["arm"].isin(weak)]


def _stage_cells(row: dict[Any, Any]) -> tuple[dict[str, Any], ...]:
    return (
        {"column": "personer", "value": float(row["n"]), "unit": "persons"},
        {"column": "kontorer", "value": float(row["offices"]), "unit": "count"},
        {"column": "forste_steg", "value": row["coefficient"], "unit": "ratio"},
        {"column": "f_verdi", "value": row["f"], "unit": "f"},
        {"column": "svakt", "text": "ja" if row["weak"] else "nei", "unit": "text"},
        {"column": "estimat", "value": row["estimate"], "unit": "months_per_year"},
        {"column": "effekten_er", "text": _SHAPES.get(row["shape"], ""), "unit": "text"},
        {"column": "fra", "value": row["low"], "unit": "months_per_year"},
        {"column": "til", "value": row["high"], "unit": "months_per_year"},
    )
