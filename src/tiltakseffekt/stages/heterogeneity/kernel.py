"""Effects by age and by work history as curves: local linear kernel regression of the scores.

Zimmert and Lechner (2019) and Fan, Hsu, Lieli and Zhang (2022) regress doubly robust scores on one characteristic in
this way; their intervals take the scores as given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.stages.effects.scores import FloatArray, IntArray, summed_by_cluster
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.effects.simultaneous import drawn_multipliers
from tiltakseffekt.stages.heterogeneity.persons import (
    Scored,
    measures,
    score_difference,
    with_characteristics,
    with_covariates,
)
from tiltakseffekt.stages.heterogeneity.settings import HeterogeneitySettings

#: Silverman's rule for a density, 1.06 sd n^(-1/5) with the Gaussian kernel, carried over to the Epanechnikov kernel.
_RULE_OF_THUMB: Final = 2.34
#: Values are whole numbers: a narrower window would hold one value, through which no line can be drawn.
_NARROWEST: Final = 2.0
_WORK_HISTORY: Final = "x_arbeidshistorikk__maneder_i_arbeid_12"


class Curve(NamedTuple):
    """A fitted curve at each value asked for, shape (A,)."""

    value: FloatArray
    se: FloatArray


@dataclass(frozen=True)
class Window:
    """How persons weigh in each point of a curve, which depends on their whole-numbered characteristic only.

    Parameters
    ----------
    position
        Place of the value of each person among the distinct values, shape (N,).
    distance
        Distinct values minus each point, shape (A, D).
    height, slope
        Weights of a person with each value in the height and in the slope of the line at a point, shape (A, D);
        missing where fewer than two values lie in the window.
    """

    position: IntArray
    distance: FloatArray
    height: FloatArray
    slope: FloatArray


def rule_of_thumb(values: IntArray) -> float:
    """Return the bandwidth 2.34 sd n^(-1/5), at least two."""
    return float(max(_NARROWEST, _RULE_OF_THUMB * values.std(ddof=1) * len(values) ** -0.2))


def kernel_window(values: IntArray, at: IntArray, bandwidth: float) -> Window:
    """Weigh persons around each point by the Epanechnikov kernel.

    Parameters
    ----------
    values
        Whole-numbered characteristic of each person, shape (N,).
    at
        Values at which the curve is wanted, shape (A,).
    bandwidth
        Half the width of the window, in the unit of the characteristic.
    """
    distinct, position = np.unique(values, return_inverse=True)
    count = np.bincount(position).astype(np.float64)
    distance = distinct[None, :].astype(np.float64) - at[:, None]
    kernel = np.clip(1 - (distance / bandwidth) ** 2, 0, None)
    s0, s1, s2 = ((kernel * count * distance**power).sum(axis=1, keepdims=True) for power in range(3))
    determinant = np.where(((kernel * count) > 0).sum(axis=1, keepdims=True) >= 2, s0 * s2 - s1**2, np.nan)
    return Window(
        position.astype(np.int64),
        distance,
        kernel * (s2 - s1 * distance) / determinant,
        kernel * (s0 * distance - s1) / determinant,
    )


def local_linear(window: Window, scores: FloatArray, cluster: IntArray | None = None) -> Curve:
    """Fit a line around each point by weighted least squares and return its height there.

    Parameters
    ----------
    window
        Weights of the persons.
    scores
        Score of each person, shape (N,).
    cluster
        Cluster of each person, from 0, shape (N,).

    Returns
    -------
    Curve
        Height and its heteroscedasticity-robust standard error (White's matrix of the weighted regression), or the one
        that adds up clusters first; missing where fewer than two values lie in the window.
    """
    lines = _lines(window, scores)
    height = (window.height * np.bincount(window.position, scores)).sum(axis=1)
    contribution = window.height[:, window.position] * (scores - lines[:, window.position])
    return Curve(height, np.sqrt(np.square(summed_by_cluster(contribution.T, cluster)).sum(axis=0)))


def _lines(window: Window, scores: FloatArray) -> FloatArray:
    """Return the fitted line of each point at each distinct value, shape (A, D)."""
    sums = np.bincount(window.position, scores)
    height, slope = ((weights * sums).sum(axis=1, keepdims=True) for weights in (window.height, window.slope))
    lines: FloatArray = height + slope * window.distance
    return lines


def uniform_factors(
    window: Window,
    scores: Sequence[FloatArray],
    errors: Sequence[FloatArray],
    settings: EffectSettings,
    random: np.random.Generator,
    cluster: IntArray | None = None,
) -> FloatArray:
    """Return for each curve the multiple of its standard errors within which the whole curve lies.

    Parameters
    ----------
    window
        Weights of the persons.
    scores, errors
        Of each curve: scores, shape (N,), and standard errors of its points, shape (A,), missing for points left out.
    settings
        Level of confidence and the multiplier bootstrap.
    random
        Generator of the multipliers.
    cluster
        Cluster of each person, from 0, shape (N,).

    Notes
    -----
    What a person contributes depends on score and value, so multipliers are first added up over persons of one value.
    """
    order = np.argsort(window.position, kind="stable")
    starts = np.flatnonzero(np.diff(window.position[order], prepend=-1))
    lines = [_lines(window, of_curve) for of_curve in scores]
    clusters = len(order) if cluster is None else int(cluster.max()) + 1
    largest: list[FloatArray] = []
    for drawn in drawn_multipliers(clusters, settings.bootstrap.draws, settings.bootstrap.multiplier, random):
        of_person = drawn[:, order if cluster is None else cluster[order]]
        multipliers = np.add.reduceat(of_person, starts, axis=1)
        t_values = []
        for of_curve, line, se in zip(scores, lines, errors, strict=True):
            weighted = np.add.reduceat(of_person * of_curve[order], starts, axis=1)
            # Not matrix products, whose order of summation may depend on the number of threads.
            moved = np.einsum("bd,ad->ba", weighted, window.height)
            moved -= np.einsum("bd,ad->ba", multipliers, window.height * line)
            t_values.append(np.nanmax(np.abs(moved) / se, axis=1, initial=0.0))
        largest.append(np.column_stack(t_values))
    return np.quantile(np.concatenate(largest), settings.confidence, axis=0).astype(np.float64)


def estimate_curves(
    scored: Scored, covariates: pd.DataFrame, settings: HeterogeneitySettings, effects: EffectSettings, seed: int
) -> pd.DataFrame:
    """Draw the ATE score of each measure against age and against months in work in the year before registration.

    Parameters
    ----------
    scored
        Persons, their characteristics and scores.
    covariates
        Schema COVARIATES; may hold more persons.
    settings
        Outcomes, bandwidths, range of ages and the fewest persons behind a point.
    effects
        Level of the intervals and the bootstrap of those that hold along the whole curve.
    seed
        ``run.seed`` of the configuration.

    Returns
    -------
    DataFrame
        Schema EFFECT_CURVES; points with too few persons of the measure within one bandwidth are left out.
    """
    persons, scores = with_characteristics(scored.sample, scored.characteristics, scored.scores)
    cluster = scored.cluster
    persons = with_covariates(persons, covariates, [_WORK_HISTORY])
    ages = np.arange(settings.age_from, settings.age_to + 1)
    axes = (
        ("age", "age", ages, settings.age_bandwidth),
        ("work_history", _WORK_HISTORY, np.arange(13), settings.work_history_bandwidth),
    )
    quantile = stats.norm.ppf(0.5 + effects.confidence / 2)
    curves = []
    for characteristic, column, at, chosen in axes:
        values = np.asarray(persons[column], dtype=np.int64)
        bandwidth = chosen or rule_of_thumb(values)
        window = kernel_window(values, at, bandwidth)
        near = np.abs(values[:, None] - at) < bandwidth
        for outcome in settings.outcomes:
            arms = measures(scores, outcome, scored.arms)
            of_arm = [score_difference(scores, arm, outcome) for arm in arms]
            treated = [near[(persons["arm"] == arm).to_numpy()].sum(axis=0) for arm in arms]
            fitted = [local_linear(window, difference, cluster) for difference in of_arm]
            shown = [
                (n >= settings.window_smallest) & np.isfinite(curve.value) & (curve.se > 0)
                for n, curve in zip(treated, fitted, strict=True)
            ]
            errors = [np.where(here, curve.se, np.nan) for here, curve in zip(shown, fitted, strict=True)]
            random = named_generator(seed, "heterogeneity", "curves", characteristic, outcome)
            factors = uniform_factors(window, of_arm, errors, effects, random, cluster)
            for arm, curve, n, here, factor in zip(arms, fitted, treated, shown, factors, strict=True):
                table = pd.DataFrame({"at": at, "estimate": curve.value, "se": curve.se})
                table = table.assign(
                    outcome=outcome,
                    characteristic=characteristic,
                    arm=arm,
                    low=curve.value - quantile * curve.se,
                    high=curve.value + quantile * curve.se,
                    uniform_low=curve.value - factor * curve.se,
                    uniform_high=curve.value + factor * curve.se,
                    n_window=near.sum(axis=0),
                    n_window_arm=n,
                    n_arm=int((persons["arm"] == arm).sum()),
                )
                curves.append(table[here])
    return pd.concat(curves, ignore_index=True)
