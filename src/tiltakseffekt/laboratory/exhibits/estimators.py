"""Data of the exhibit that holds estimators against the planted truth."""

import pandas as pd

from tiltakseffekt.laboratory.exhibits.validation import OUTCOME_GROUPS, distances
from tiltakseffekt.stages.effects.estimators import ESTIMATORS
from tiltakseffekt.stages.exhibits.builders.estimators import trusted
from tiltakseffekt.stages.exhibits.tidy import tidy


def avvik_estimatorer(
    estimator_comparison: pd.DataFrame, first_stages: pd.DataFrame, truth_comparison: pd.DataFrame
) -> pd.DataFrame:
    """Distance of each estimator from the planted ATET over measures and years.

    Parameters
    ----------
    estimator_comparison, first_stages
        ESTIMATOR_COMPARISON and FIRST_STAGES; estimates by a weak instrument are left out.
    truth_comparison
        TRUTH_COMPARISON; empty when there is no truth.

    Returns
    -------
    pandas.DataFrame
        Row groups are the two outcomes, rows the estimators; columns as in ``sannhet_varianter``.
    """
    truth = truth_comparison.loc[truth_comparison["estimand"] == "atet", ["arm", "outcome", "truth"]]
    compared = trusted(estimator_comparison, first_stages).merge(truth, on=["arm", "outcome"])
    compared = compared.assign(
        error_in_se=(compared["estimate"] - compared["truth"]) / compared["se"],
        covered=compared["truth"].between(compared["low"], compared["high"]),
    )
    return tidy(
        {"row_group": name, "row": estimator} | cell
        for name, outcomes, unit in OUTCOME_GROUPS
        for estimator in ESTIMATORS
        if not (chosen := compared[(compared["estimator"] == estimator) & compared["outcome"].isin(outcomes)]).empty
        for cell in distances(chosen, unit)
    )
