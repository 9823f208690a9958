"""The effect by age as a curve: local linear kernel regression of the scores."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.effects.scores import FloatArray, IntArray
from tiltakseffekt.heterogeneity.persons import measures, score_difference, with_characteristics
from tiltakseffekt.heterogeneity.settings import HeterogeneitySettings

#: Silverman's rule for a density, 1.06 sd n^(-1/5) with the Gaussian kernel, carried over to the Epanechnikov kernel.
_RULE_OF_THUMB: Final = 2.34
#: Ages are whole years: a narrower window would hold one age, through which no line can be drawn.
_NARROWEST: Final = 2.0


class Curve(NamedTuple):
    """A fitted curve at each age asked for, shape (A,)."""

    value: FloatArray
    se: FloatArray


def rule_of_thumb(ages: IntArray) -> float:
    """Return the bandwidth 2.34 sd n^(-1/5), years, at least two."""
    return float(max(_NARROWEST, _RULE_OF_THUMB * ages.std(ddof=1) * len(ages) ** -0.2))


def local_linear(ages: IntArray, scores: FloatArray, at: IntArray, bandwidth: float) -> Curve:
    """Fit a line around each age by weighted least squares and return its height there.

    Parameters
    ----------
    ages, scores
        Age and score of each person, shape (N,).
    at
        Ages at which the curve is wanted, shape (A,).
    bandwidth
        Half the width of the window of the Epanechnikov kernel, years.

    Returns
    -------
    Curve
        Height and its heteroscedasticity-robust standard error (White's matrix of the weighted regression); missing
        where fewer than two ages lie in the window.

    Notes
    -----
    Ages repeat, so sums over persons are formed once per age. The height is a weighted sum of scores, with weights that
    depend on age only.
    """
    distinct, position = np.unique(ages, return_inverse=True)
    count = np.bincount(position).astype(np.float64)
    mean = np.bincount(position, scores) / count
    spread = np.bincount(position, (scores - mean[position]) ** 2)
    distance = distinct[None, :] - at[:, None].astype(np.float64)
    kernel = np.clip(1 - (distance / bandwidth) ** 2, 0, None)
    s0, s1, s2 = ((kernel * count * distance**power).sum(axis=1, keepdims=True) for power in range(3))
    determinant = np.where(((kernel * count) > 0).sum(axis=1, keepdims=True) >= 2, s0 * s2 - s1**2, np.nan)
    weight = kernel * (s2 - s1 * distance) / determinant
    height = (weight * count * mean).sum(axis=1)
    slope = (kernel * (s0 * distance - s1) / determinant * count * mean).sum(axis=1)
    line = height[:, None] + slope[:, None] * distance
    squares = spread + count * (mean - line) ** 2
    return Curve(height, np.sqrt((weight**2 * squares).sum(axis=1)))


def estimate_age_curve(
    scores: pd.DataFrame,
    sample: pd.DataFrame,
    characteristics: pd.DataFrame,
    settings: HeterogeneitySettings,
    confidence: float,
) -> pd.DataFrame:
    """Draw the ATE score of each measure against age.

    Parameters
    ----------
    scores, sample, characteristics
        Tables with the schemas SCORES, SAMPLE and CHARACTERISTICS; the last may hold more persons than the sample.
    settings
        Outcomes, bandwidth, range of ages and the fewest persons behind a point.
    confidence
        Level of the pointwise intervals.

    Returns
    -------
    DataFrame
        Schema AGE_CURVE; ages with too few persons of the measure within one bandwidth are left out.
    """
    persons, scores = with_characteristics(sample, characteristics, scores)
    ages = np.asarray(persons["age"], dtype=np.int64)
    at = np.arange(settings.age_from, settings.age_to + 1)
    bandwidth = settings.age_bandwidth or rule_of_thumb(ages)
    near = np.abs(ages[:, None] - at) < bandwidth
    quantile = stats.norm.ppf(0.5 + confidence / 2)
    curves = []
    for outcome in settings.outcomes:
        for arm in measures(scores, outcome):
            curve = local_linear(ages, score_difference(scores, arm, outcome), at, bandwidth)
            curves.append(
                pd.DataFrame(
                    {
                        "outcome": outcome,
                        "arm": arm,
                        "age": at,
                        "estimate": curve.value,
                        "se": curve.se,
                        "low": curve.value - quantile * curve.se,
                        "high": curve.value + quantile * curve.se,
                        "n_window": near.sum(axis=0),
                        "n_window_arm": near[(persons["arm"] == arm).to_numpy()].sum(axis=0),
                    }
                )
            )
    table = pd.concat(curves, ignore_index=True)
    enough = table["estimate"].notna() & (table["n_window_arm"] >= settings.age_window_smallest)
    return table[enough].reset_index(drop=True)
