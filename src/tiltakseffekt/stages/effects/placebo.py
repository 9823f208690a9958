"""Effects where there can be none: on work before registration, and before the measure began.

If the covariates make participants and controls comparable, a measure has no effect on what happened before it and is
not among the covariates (Imbens and Rubin 2015, chapter 21). An effect that differs from zero says that they are not
comparable in that outcome; one of zero does not prove that they are in what follows.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core import keys
from tiltakseffekt.core.randomness import named_seed
from tiltakseffekt.stages.cohorts.covariates import DEFINITIONS
from tiltakseffekt.stages.effects.balancing import weight_features
from tiltakseffekt.stages.effects.scores import (
    Assignment,
    FloatArray,
    IntArray,
    effect_on_treated,
    standard_errors,
    treated_scores,
)
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.checks import check_sample, varying
from tiltakseffekt.stages.matching.nuisances import build_learner
from tiltakseffekt.stages.matching.overlap import raised
from tiltakseffekt.stages.matching.person_months import read_months
from tiltakseffekt.stages.matching.samples import arm_codes, arms_present, covariate_matrix
from tiltakseffekt.stages.matching.settings import MatchingSettings

LOGGER = logging.getLogger("tiltakseffekt.stages.effects")

BEFORE_REGISTRATION: Final = "before_registration"
WITHOUT_HISTORY: Final = "before_registration_without_history"
BEFORE_START: Final = "before_start"
TESTS: Final = (BEFORE_REGISTRATION, WITHOUT_HISTORY, BEFORE_START)
#: Months between registration and start, of which those in `BEFORE_START` are in work.
AT_RISK: Final = "months_to_start"

#: First and last month of the year before registration that is tested. It ends where the covariates of work begin.
_FIRST, _LAST = -24, -13
#: What covariates are measured over that hold that year, or a part of it; without them nothing tells of it but what
#: came later.
_OF_THAT_YEAR: Final = ("r-24 to r-1", "y-5 to y-1", "y-10 to y-1")


def measure_months_before(sample: pd.DataFrame, panel: Sequence[str], first_month: int) -> pd.DataFrame:
    """Count months in work in a year before registration, and between registration and (pseudo-)start.

    Parameters
    ----------
    sample
        Schema SAMPLE.
    panel
        Paths of the shards of the panel.
    first_month
        First month of the panel. A year before registration that it does not cover for everybody is left out.

    Returns
    -------
    pandas.DataFrame
        ``person_id`` in order; `BEFORE_REGISTRATION`, months in work of twelve, if the panel covers them;
        `BEFORE_START`, months in work after the month of registration and before that of the start, and `AT_RISK`, how
        many months these are, if anybody has some.
    """
    persons = sample.sort_values("person_id", ignore_index=True)
    months = persons[["person_id"]].copy()
    of_person = persons[["person_id"]].assign(reference_month=persons["registration_month"])
    if persons["registration_month"].min() + _FIRST < first_month:
        LOGGER.warning("%s: the panel begins too late; the test is left out", BEFORE_REGISTRATION)
    else:
        months[BEFORE_REGISTRATION] = read_months(panel, of_person, ["in_work"], _FIRST, _LAST)["in_work"].sum(axis=1)
    between = (persons["start_month"] - persons["registration_month"] - 1).clip(lower=0).to_numpy(np.int64)
    if longest := int(between.max()):
        in_work = read_months(panel, of_person, ["in_work"], 1, longest)["in_work"]
        months[BEFORE_START] = (in_work * (np.arange(longest) < between[:, None])).sum(axis=1)
        months[AT_RISK] = between.astype(np.float64)
    return months


@dataclass(frozen=True)
class _Sample:
    """Persons in the order of their identifiers, as arrays."""

    persons: pd.DataFrame
    arms: list[str]
    settings: EffectSettings
    cluster: IntArray | None

    @property
    def arm(self) -> IntArray:
        return arm_codes(self.persons, self.arms)

    def assignment(self, covariates: pd.DataFrame, propensities: FloatArray) -> Assignment:
        features = weight_features(self.settings, covariates, self.persons)
        fold = self.persons["fold"].to_numpy(np.int64)
        return Assignment(self.arm, fold, propensities, self.settings.normalise, features)

    def known(self, covariates: pd.DataFrame) -> FloatArray:
        return varying(covariate_matrix(covariates, self.persons["person_id"]))


def estimate_placebo(
    sample: pd.DataFrame,
    covariates: pd.DataFrame,
    months: pd.DataFrame,
    propensities: pd.DataFrame,
    settings: EffectSettings,
    matching: MatchingSettings,
    seed: int,
    *,
    cluster: IntArray | None = None,
    threads: int = 1,
) -> pd.DataFrame:
    """Estimate the effect of each measure on its participants in what lies before it.

    Parameters
    ----------
    sample, covariates
        Schemas SAMPLE and COVARIATES.
    months
        What `measure_months_before` returns.
    propensities
        Schema BOUNDED_PROPENSITIES, of the first repetition; of the test without covariates of that year propensities
        are fitted anew.
    settings, matching
        As for the effects: weights and intervals; learner.
    seed
        ``run.seed`` of the configuration.
    cluster
        Cluster of each person in the order of their identifiers, from 0; without it persons are independent.
    threads
        Threads; results do not depend on it.

    Returns
    -------
    pandas.DataFrame
        Schema PLACEBO; a test for which months are missing has no rows.

    Raises
    ------
    FaultsFound
        If the sample, the covariates or the months do not allow it.
    """
    check_sample(sample, covariates, months)
    persons = sample.sort_values("person_id", ignore_index=True)
    arms = arms_present(persons, keys.arms_of(propensities))
    learner = build_learner(matching, named_seed(seed, "effects", "placebo"), arms, threads)
    of_sample = _Sample(persons, arms, settings, cluster)
    y = months.set_index("person_id").loc[persons["person_id"]]
    e = propensities.set_index("person_id").loc[persons["person_id"]]
    given = of_sample.assignment(covariates, e[[keys.propensity_column(arm) for arm in arms]].to_numpy(np.float64))
    observed = y.to_numpy(np.float64)
    predicted = learner.outcomes(of_sample.known(covariates), given.arm, observed, given.fold)
    place = {str(name): number for number, name in enumerate(y.columns)}
    rows: list[dict[str, object]] = []
    if BEFORE_REGISTRATION in place:
        one = [place[BEFORE_REGISTRATION]]
        rows += _rows(of_sample, given, observed[:, one], predicted[:, :, one], BEFORE_REGISTRATION)
    if BEFORE_START in place:
        two = [place[BEFORE_START], place[AT_RISK]]
        rows += _rows(of_sample, given, observed[:, two], predicted[:, :, two], BEFORE_START)
    if BEFORE_REGISTRATION in place:
        of_that_year = [name for each in DEFINITIONS if each.measured in _OF_THAT_YEAR for name in each.columns]
        fewer = covariates.drop(columns=of_that_year, errors="ignore")
        x, own = of_sample.known(fewer), y[[BEFORE_REGISTRATION]].to_numpy(np.float64)
        chances = raised(learner.propensities(x, given.arm, given.fold), matching.overlap.clip)
        without = of_sample.assignment(fewer, chances)
        rows += _rows(of_sample, without, own, learner.outcomes(x, given.arm, own, given.fold), WITHOUT_HISTORY)
    columns = ["test", "arm", "estimate", "se", "low", "high", "n_arm", "n_control"]
    return pd.DataFrame(rows, columns=columns)


def _rows(
    sample: _Sample, assignment: Assignment, observed: FloatArray, predicted: FloatArray, test: str
) -> Iterator[dict[str, object]]:
    """Yield a test of each arm, on one outcome or on months in work and months at risk."""
    control = sample.arms.index(keys.CONTROL)
    # Who has no month at risk says nothing of the share that is worked.
    counted = assignment.arm[observed[:, -1] > 0] if observed.shape[1] > 1 else assignment.arm
    counts = np.bincount(counted, minlength=len(sample.arms))
    width = float(stats.norm.ppf(0.5 + sample.settings.confidence / 2))
    for k, arm in enumerate(sample.arms):
        if k == control:
            continue
        if observed.shape[1] == 1:
            values, influence = effect_on_treated(assignment, observed, predicted, k, control)
            value = float(values[0])
        else:
            own, other = (treated_scores(assignment, observed, predicted, k, each) for each in (k, control))
            if min(own[:, 1].mean(), other[:, 1].mean()) <= 0:
                continue
            value, influence = _difference_of_rates(own, other)
        se = float(standard_errors(influence, sample.cluster)[0])
        yield (
            {"test": test, "arm": arm, "estimate": value, "se": se}
            | {"low": value - width * se, "high": value + width * se}
            | {"n_arm": int(counts[k]), "n_control": int(counts[control])}
        )


def _difference_of_rates(own: FloatArray, other: FloatArray) -> tuple[float, FloatArray]:
    """Return the difference of two ratios of means, in months of twelve, and its influence values, shape (N, 1).

    The means are those of the scores of months in work and of months at risk, columns of `own` and `other`, shape
    (N, 2). A ratio has the influence of its numerator less ratio times that of its denominator, over the denominator.
    """
    rates, influence = [], []
    for scores in (own, other):
        worked, at_risk = scores.mean(axis=0).tolist()
        rates.append(worked / at_risk)
        influence.append((scores[:, 0] - rates[-1] * scores[:, 1]) / at_risk)
    return 12 * (rates[0] - rates[1]), 12 * (influence[0] - influence[1])[:, None]
