"""Bounds of the effect on the treated when something unobserved moves both participation and outcomes.

Chernozhukov, Cinelli, Newey, Sharma and Syrgkanis ("Long story short: omitted variable bias in causal machine
learning", The Review of Economics and Statistics). Leaving out a confounder moves an estimate by at most

    sqrt(cf_y * cf_d / (1 - cf_d)) * sqrt(sigma2 * nu2),

where sigma2 is the variance of the outcome around its prediction, nu2 the variance of the weights (of the Riesz
representer), cf_y the share of sigma2 that the confounder would explain, and cf_d the share of the variance of the
weights with the confounder that is lost without it. DoubleML computes sigma2, nu2, bounds and robustness values.
"""

import logging
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from doubleml import DoubleMLData, DoubleMLFramework, DoubleMLIRM
from doubleml.double_ml_framework import DoubleMLCore
from doubleml.utils import DMLDummyClassifier, DMLDummyRegressor, PSProcessorConfig
from doubleml.utils.gain_statistics import gain_statistics
from scipy import stats

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.effects.assignments import assignment_of
from tiltakseffekt.stages.effects.checks import aligned, estimation_faults
from tiltakseffekt.stages.effects.scores import (
    Assignment,
    FloatArray,
    IntArray,
    effect_on_treated,
    standard_errors,
)

LOGGER = logging.getLogger("tiltakseffekt.stages.effects")

#: The year that every analysis has, after participation has ended for most.
OUTCOMES: Final = (keys.MONTHS_IN_WORK[1], keys.WAGE_INCOME[1])
#: Groups of covariates with which a confounder is compared.
BENCHMARKS: Final = ("arbeidshistorikk", "gruppe_innsats", "gruppe_utdanning")

#: Largest share of the variance that a group explains; a little noise must not make it more than all.
_NEARLY_ALL: Final = 0.9999
#: DoubleML is told not to move our propensities.
_NO_CLIPPING: Final = PSProcessorConfig(clipping_threshold=1e-12)


class Nuisances(NamedTuple):
    """Out-of-fold probability of each arm, shape (N, K), and prediction of each outcome under it, shape (N, K, Q)."""

    propensities: FloatArray
    predictions: FloatArray


class Strength(NamedTuple):
    """How strong a confounder is, on the scale of the bounds, and what leaving it out does.

    ``rho`` is how much of the largest change there is, with its sign; ``change`` the estimate without minus that with.
    """

    cf_y: float
    cf_d: float
    rho: float
    change: float


class Bounds(NamedTuple):
    """Ends of the effects that a confounder of some strength allows, and of their confidence region."""

    low: float
    high: float
    region_low: float
    region_high: float


class Problem(NamedTuple):
    """A sample as arrays: outcomes, shape (N, Q), arms by name with the controls first, and the run's nuisances."""

    outcomes: FloatArray
    arms: Sequence[str]
    assignment: Assignment
    nuisances: Nuisances


def read_problem(
    sample: pd.DataFrame,
    outcomes: pd.DataFrame,
    propensities: pd.DataFrame,
    predictions: pd.DataFrame,
    *,
    normalise: Any = "fold",
    features: FloatArray | None = None,
) -> Problem:
    """Return the tables as arrays, persons in the order of their identifiers.

    Parameters
    ----------
    sample, outcomes, propensities, predictions
        Schemas SAMPLE, OUTCOMES, BOUNDED_PROPENSITIES (of one repetition) and OUTCOME_PREDICTIONS.
    normalise, features
        As in `Assignment`.

    Raises
    ------
    FaultsFound
        If persons, arms or values do not allow an estimate.
    """
    measured = outcomes[["person_id", *OUTCOMES]]
    tables = aligned(sample, measured, propensities, predictions)
    arms = keys.arms_of(propensities)
    if faults := estimation_faults(arms, *tables):
        raise FaultsFound(faults)
    persons, y, e, mu = tables
    columns = [keys.prediction_column(arm, outcome) for arm in arms for outcome in OUTCOMES]
    fitted = Nuisances(
        e[[keys.propensity_column(arm) for arm in arms]].to_numpy(np.float64),
        mu[columns].to_numpy(np.float64).reshape(len(mu), len(arms), len(OUTCOMES)),
    )
    assignment = assignment_of(arms, persons, e, normalise=normalise, features=features)
    return Problem(y.to_numpy(np.float64), arms, assignment, fitted)


def bound_confounding(
    problem: Problem, refit: Callable[[str | None], Nuisances], benchmarks: Sequence[str], confidence: float
) -> pd.DataFrame:
    """Bound the effect of each measure for confounders as strong as groups of covariates.

    Parameters
    ----------
    problem
        The sample.
    refit
        Nuisances without a group of covariates, or with all of them (none). All come from one learner, so that they
        differ by what they know alone.
    benchmarks
        The groups.
    confidence
        Level of intervals.

    Returns
    -------
    pandas.DataFrame
        Schema CONFOUNDING.
    """
    with_all = refit(None)
    without = {name: refit(name) for name in benchmarks}
    rows = []
    for k, arm in enumerate(problem.arms):
        if arm == keys.CONTROL:
            continue
        for q, outcome in enumerate(OUTCOMES):
            estimate = _Estimate.of(problem, k, q, confidence)
            told = {"arm": arm, "outcome": outcome} | estimate.told()
            known = sensitivity_model(problem, with_all, k, q)
            for name in benchmarks:
                strength = compare_strength(known, sensitivity_model(problem, without[name], k, q))
                bounds = estimate.bounds(strength)
                rows.append(told | {"benchmark": name} | strength._asdict() | bounds._asdict())
    return pd.DataFrame(rows)


class _Estimate(NamedTuple):
    """Our estimate of an effect in the terms of DoubleML, with what bounds it."""

    framework: DoubleMLFramework
    model: DoubleMLIRM
    level: float
    n_arm: int
    n_control: int

    @classmethod
    def of(cls, problem: Problem, arm: int, outcome: int, confidence: float) -> "_Estimate":
        """Estimate the effect with the weights of the report, and take what bounds it from DoubleML."""
        model = sensitivity_model(problem, problem.nuisances, arm, outcome)
        framework = bounded_framework(problem, model, arm, outcome)
        n_arm, n_control = (int((problem.assignment.arm == k).sum()) for k in (arm, _control(problem)))
        return cls(framework, model, 0.5 + confidence / 2, n_arm, n_control)

    def bounds(self, strength: Strength) -> Bounds:
        """Return what confounding of some strength allows, in the worst case."""
        return bounds_under(self.framework, strength.cf_y, strength.cf_d, self.level)

    def told(self) -> dict[str, object]:
        none, elements = self.bounds(Strength(0.0, 0.0, 0.0, 0.0)), self.framework.sensitivity_elements
        # Searches for both robustness values, whatever the strength.
        self.framework.sensitivity_analysis(cf_y=0.0, cf_d=0.0, rho=1.0, level=self.level)
        values = self.framework.sensitivity_params
        return {
            "n_arm": self.n_arm,
            "n_control": self.n_control,
            "estimate": float(self.framework.thetas[0]),
            "interval_low": none.region_low,
            "interval_high": none.region_high,
            "unbalanced": float(self.model.coef[0]),
            "largest_bias": float(elements["max_bias"].item()),
            "robustness": float(values["rv"][0]),
            "robustness_of_interval": float(values["rva"][0]),
        }


def sensitivity_model(problem: Problem, nuisances: Nuisances, arm: int, outcome: int) -> DoubleMLIRM:
    """Return DoubleML's model of the effect on the persons of an arm, among them and the controls.

    It weighs by inverse probabilities and has nothing to learn: propensities, given that a person is in one of the two
    arms, and predictions are ours.
    """
    control = _control(problem)
    kept = np.isin(problem.assignment.arm, [arm, control])
    chances = nuisances.propensities[kept]
    treated = (problem.assignment.arm[kept] == arm).astype(np.float64)
    # DoubleML wants a covariate, though nothing is learnt from it.
    data = pd.DataFrame({"y": problem.outcomes[kept, outcome], "d": treated, "x": 0.0})
    model = DoubleMLIRM(
        DoubleMLData(data, "y", "d", ["x"]),
        DMLDummyRegressor(),
        DMLDummyClassifier(),
        score="ATTE",
        ps_processor_config=_NO_CLIPPING,
        draw_sample_splitting=False,
    )
    model.set_sample_splitting(_splits(problem.assignment.fold[kept]))
    told = {
        "ml_g0": nuisances.predictions[kept, control, outcome][:, None],
        "ml_g1": nuisances.predictions[kept, arm, outcome][:, None],
        "ml_m": (chances[:, arm] / (chances[:, arm] + chances[:, control]))[:, None],
    }
    with warnings.catch_warnings():
        # In a small arm nu2 may come out negative; DoubleML then takes the mean square of the weights and says so.
        warnings.filterwarnings("ignore", message="The estimated nu2", category=UserWarning)
        model.fit(external_predictions={"d": told})
    return model


def bounded_framework(problem: Problem, model: DoubleMLIRM, arm: int, outcome: int) -> DoubleMLFramework:
    """Return the estimate with the weights of the run, and what bounds it from a model by inverse probabilities.

    The variances that make up the bound are of the population, whatever weights an estimate has.
    """
    control, one = _control(problem), slice(outcome, outcome + 1)
    told = (problem.assignment, problem.outcomes[:, one], problem.nuisances.predictions[:, :, one])
    value, influence = effect_on_treated(*told, arm, control)
    kept = np.isin(problem.assignment.arm, [arm, control])
    # Persons of other arms have no influence; without them the mean goes over fewer.
    psi = influence[kept] * (kept.sum() / len(kept))
    core = DoubleMLCore(
        all_thetas=value[None, :],
        all_ses=standard_errors(influence)[None, :],
        var_scaling_factors=np.array([float(kept.sum())]),
        scaled_psi=psi[:, :, None],
        sensitivity_elements=model.framework.sensitivity_elements,
    )
    return DoubleMLFramework(core)


def bounds_under(framework: DoubleMLFramework, cf_y: float, cf_d: float, level: float) -> Bounds:
    """Return the bounds for a confounder in the worst case, each end of the confidence region at a one-sided level.

    They are those of DoubleML's `sensitivity_analysis`, without its search for robustness values.
    """
    elements, theta = framework.sensitivity_elements, float(framework.thetas[0])
    strength = math.sqrt(cf_y * cf_d / (1 - cf_d))
    bias = strength * elements["max_bias"].item()
    psi, moved = framework.scaled_psi[:, 0, 0], strength * elements["psi_max_bias"][:, 0, 0]
    low, high = (np.sqrt(np.square(psi + side * moved).mean() / len(psi)) for side in (-1, 1))
    width = stats.norm.ppf(level)
    return Bounds(theta - bias, theta + bias, float(theta - bias - width * low), float(theta + bias + width * high))


def compare_strength(known: DoubleMLIRM, unknown: DoubleMLIRM) -> Strength:
    """Return the strength of what one model knows and another does not.

    The shares are those of which the bounds speak: of the variance around the predictions without the group, and of the
    variance of the weights with it. `gain_statistics` of DoubleML divides by the other one of the two, which makes
    x / (1 - x) of our x, a stronger confounder. A group that explains nothing and moves nothing has zero. Forests
    smooth, so that outcome and weights may seem to gain less than the change of the estimate proves that they do: its
    square is at most the product of both gains. The weights are then taken to gain as much as that, or the outcome if
    it seems to gain nothing; if neither seems to, both gain the same share.
    """
    sigma2_with, nu2_with = _variances(known)
    sigma2_without, nu2_without = _variances(unknown)
    gains = gain_statistics(known, unknown)
    change = float(gains["delta_theta"][0])
    explained, gained = sigma2_without - sigma2_with, nu2_with - nu2_without
    if explained > 0:
        gained = max(gained, change**2 / explained)
    elif gained > 0:
        explained = change**2 / gained
    else:
        share = abs(change) / math.sqrt(sigma2_without * nu2_without)
        explained, gained = share * sigma2_without, share * nu2_without
    cf_y = min(explained / sigma2_without, _NEARLY_ALL)
    return Strength(cf_y, gained / (nu2_without + gained), float(gains["rho"][0]), change)


def _variances(model: DoubleMLIRM) -> tuple[float, float]:
    elements: Mapping[str, Any] = model.framework.sensitivity_elements
    return elements["sigma2"].item(), elements["nu2"].item()


def _control(problem: Problem) -> int:
    return list(problem.arms).index(keys.CONTROL)


def _splits(fold: IntArray) -> list[list[tuple[IntArray, IntArray]]]:
    """Return training and held-out rows of each fold, for the one repetition."""
    return [[(np.flatnonzero(fold != name), np.flatnonzero(fold == name)) for name in np.unique(fold)]]
