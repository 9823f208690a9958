"""Data of the exhibit that sets estimates beside the planted truth of synthetic registers."""

from typing import Any, Final

import pandas as pd
from scipy import stats

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.synthetic.defects.settings import DEFECTS

#: Key, outcomes and unit of the two kinds of outcome.
OUTCOME_GROUPS: Final = (
    ("maneder_i_arbeid", keys.MONTHS_IN_WORK, "months_per_year"),
    ("lonnsinntekt", keys.WAGE_INCOME, "nok_2022"),
)
_UNITS: Final = dict.fromkeys(keys.MONTHS_IN_WORK, "months_per_year") | dict.fromkeys(keys.WAGE_INCOME, "nok_2022")

#: Estimator and engine of the table ``lalonde`` to row key.
_LALONDE_ROWS: Final = {
    ("experiment", ""): "eksperiment",
    ("naive", ""): "uten_justering",
    ("regression", ""): "regresjonsjustering",
    ("matching", ""): "naermeste_nabo",
    ("weighting", "honest_forest"): "vekting_skog",
    ("doubly_robust", "honest_forest"): "dobbelt_robust_skog",
    ("weighting", "ensemble"): "vekting_blanding",
    ("doubly_robust", "ensemble"): "dobbelt_robust_blanding",
}


def sannhet(truth_comparison: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Estimated and planted ATET, their distance in standard errors, and whether the interval holds the truth.

    Parameters
    ----------
    truth_comparison
        TRUTH_COMPARISON; empty when there is no truth.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Row groups are the yearly outcomes, rows the measures; the last column says ``ja`` or ``nei``. The count is that
        of the persons on the measure.
    """
    atet = truth_comparison[truth_comparison["estimand"] == "atet"]
    found = {(row["outcome"], row["arm"]): row for row in atet.to_dict("records")}
    return tidy(
        {"row_group": outcome, "row": arm, "count": row["n_arm"]} | cell
        for outcome in keys.YEARLY_OUTCOMES
        for arm in arms.treated
        if (row := found.get((outcome, arm))) is not None
        for cell in _cells(row, _UNITS[outcome])
    )


def sannhet_varianter(**by_variant: pd.DataFrame) -> pd.DataFrame:
    """Distance of the estimated from the planted ATET by analysis, over measures and years.

    Parameters
    ----------
    by_variant
        TRUTH_COMPARISON by name of the variant; empty when there is no truth.

    Returns
    -------
    pandas.DataFrame
        Row groups are the two outcomes, rows the analyses; mean and mean absolute error in the unit of the outcome,
        mean absolute error in standard errors, and per cent of the intervals that hold the truth.
    """
    return tidy(
        {"row_group": name, "row": variant} | cell
        for name, outcomes, unit in OUTCOME_GROUPS
        for variant, compared in by_variant.items()
        if not (chosen := compared[(compared["estimand"] == "atet") & compared["outcome"].isin(outcomes)]).empty
        for cell in distances(chosen, unit)
    )


def distances(compared: pd.DataFrame, unit: str) -> tuple[dict[str, Any], ...]:
    """Return the cells that sum up how far estimates lie from the truth.

    Parameters
    ----------
    compared
        ``estimate``, ``truth``, ``error_in_se`` and ``covered`` of several estimates.
    unit
        Unit of the outcome.
    """
    error = compared["estimate"] - compared["truth"]
    return (
        {"column": "antall_estimater", "value": float(len(compared)), "unit": "count"},
        {"column": "gjennomsnittlig_avvik", "value": error.mean(), "unit": unit},
        {"column": "gjennomsnittlig_absolutt_avvik", "value": error.abs().mean(), "unit": unit},
        {"column": "absolutt_avvik_i_standardfeil", "value": compared["error_in_se"].abs().mean(), "unit": "ratio"},
        {"column": "andel_dekket", "value": 100 * compared["covered"].mean(), "unit": "percent"},
    )


def figur_lalonde(lalonde: pd.DataFrame, published: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Effect of the NSW programme by the experiment, by each estimator without its controls, and as published.

    Parameters
    ----------
    lalonde
        LALONDE.
    published
        ``row``, ``estimate`` and ``se`` (empty where unknown) of published estimates, dollars, as text.
    confidence
        Level of the intervals; those of published estimates are normal.
    """
    own = pd.DataFrame(
        {
            "row": [_LALONDE_ROWS[key] for key in zip(lalonde["estimator"], lalonde["engine"], strict=True)],
            "value": lalonde["estimate"],
            **{name: lalonde[name] for name in ("low", "high", "se")},
            "count": lalonde["n_treated"] + lalonde["n_control"],
        }
    )
    value, se = (pd.to_numeric(published[name]) for name in ("estimate", "se"))
    half = stats.norm.ppf(0.5 + confidence / 2) * se
    beside = pd.DataFrame(
        {"row": published["row"], "value": value, "low": value - half, "high": value + half, "se": se}
    )
    return tidy(pd.concat([own, beside], ignore_index=True).assign(column="lonn_1978", unit="dollars"))


def datadefekter(defect_scores: pd.DataFrame) -> pd.DataFrame:
    """Planted and found rows of each defect, and how much of what its rules found was right.

    Parameters
    ----------
    defect_scores
        DEFECT_SCORES; empty when there is no ledger.

    Returns
    -------
    pandas.DataFrame
        Rows are the defects in the order of planting. Recall is a share of the rows planted, precision one of the rows
        found by the rules.
    """
    scores = defect_scores.set_index("defect", drop=False).reindex(list(DEFECTS)).dropna(how="all")
    return tidy({"row": row["defect"]} | cell for row in scores.to_dict("records") for cell in _defect_cells(row))


def _defect_cells(row: dict[Any, Any]) -> tuple[dict[str, Any], ...]:
    counts = [
        {"column": name, "value": float(row[name]), "unit": "rows", "count": int(row[name])}
        for name in ("planted", "found", "flagged")
    ]
    shares = [
        {"column": name, "value": 100 * row[name], "unit": "percent"}
        | ({"count": int(row[part]), "base": int(row[whole])} if row[whole] else {})
        for name, part, whole in (("recall", "found", "planted"), ("precision", "right", "flagged"))
    ]
    return (*counts[:2], shares[0], counts[2], shares[1])


def _cells(row: dict[Any, Any], unit: str) -> tuple[dict[str, Any], ...]:
    return (
        {"column": "estimat", "value": row["estimate"], "se": row["se"], "unit": unit},
        {"column": "standardfeil", "value": row["se"], "unit": unit},
        {"column": "sannhet", "value": row["truth"], "unit": unit},
        {"column": "avvik_i_standardfeil", "value": row["error_in_se"], "unit": "ratio"},
        {"column": "dekket", "text": "ja" if row["covered"] else "nei", "unit": "text"},
    )
