"""Effects where there can be none: on work before registration, and before the measure began.

If the covariates make participants and controls comparable, a measure has no effect on what happened before it and is
not among the covariates (Imbens and Rubin 2015, chapter 21). An effect that differs from zero says that they are not
comparable in that outcome; one of zero does not prove that they are in what follows.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.cohorts.covariates import DEFINITIONS
from tiltakseffekt.core import keys
from tiltakseffekt.core.randomness import named_seed
from tiltakseffekt.effects.balancing import weight_features
from tiltakseffekt.effects.scores import (
    Assignment,
    FloatArray,
    IntArray,
    influence_of_treated_mean,
    standard_errors,
    treated_scores,
)
from tiltakseffekt.effects.settings import EffectSettings
from tiltakseffekt.matching.checks import check_sample, varying
from tiltakseffekt.matching.nuisances import build_learner
from tiltakseffekt.matching.overlap import raised
from tiltakseffekt.matching.person_months import read_months
from tiltakseffekt.matching.samples import arm_codes, arms_present, covariate_matrix
from tiltakseffekt.matching.settings import MatchingSettings

LOGGER = logging.getLogger("tiltakseffekt.effects")

BEFORE_REGISTRATION: Final = "before_registration"
WITHOUT_INCOME: Final = "before_registration_without_income"
BEFORE_START: Final = "before_start"
TESTS: Final = (BEFORE_REGISTRATION, WITHOUT_INCOME, BEFORE_START)

#: Month of the person from which months count, first and last of them: a whole year each. The year before the last
#: year before registration is in no covariate of months; some covariates of years hold a part of it.
_WINDOWS: Final = {BEFORE_REGISTRATION: ("registration_month", -24, -13), BEFORE_START: ("start_month", -12, -1)}
#: These covariates; without them nothing tells of that year but what came later.
_OF_YEARS: Final = ("ar_over_1g_siste_5", "ar_over_3g_siste_5", "ar_pensjonsgivende_over_3g_siste_10")


def measure_months_before(sample: pd.DataFrame, panel: Sequence[str], first_month: int) -> pd.DataFrame:
    """Count months in work in a year before registration and in the year before the (pseudo-)start.

    Parameters
    ----------
    sample
        Schema SAMPLE.
    panel
        Paths of the shards of the panel.
    first_month
        First month of the panel. What it does not cover for everybody is left out.

    Returns
    -------
    pandas.DataFrame
        ``person_id`` in order, and a column for each of `BEFORE_REGISTRATION` and `BEFORE_START` that is covered.
    """
    persons = sample.sort_values("person_id", ignore_index=True)
    months = persons[["person_id"]].copy()
    for name, (reference, first, last) in _WINDOWS.items():
        if (persons[reference] + first).min() < first_month:
            LOGGER.warning("%s: the panel begins too late; the test is left out", name)
            continue
        of_person = persons[["person_id"]].assign(reference_month=persons[reference])
        months[name] = read_months(panel, of_person, ["in_work"], first, last)["in_work"].sum(axis=1)
    return months


@dataclass(frozen=True)
class _Sample:
    """Persons in the order of their identifiers, as arrays."""

    persons: pd.DataFrame
    arms: list[str]
    settings: EffectSettings

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
        Schema BOUNDED_PROPENSITIES, of the first repetition; of the test without covariates of income propensities are
        fitted anew.
    settings, matching
        As for the effects: weights and intervals; learner.
    seed
        ``run.seed`` of the configuration.
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
    arms = arms_present(persons)
    learner = build_learner(matching, named_seed(seed, "effects", "placebo"), arms, threads)
    of_sample = _Sample(persons, arms, settings)
    y = months.set_index("person_id").loc[persons["person_id"]]
    e = propensities.set_index("person_id").loc[persons["person_id"]]
    given = of_sample.assignment(covariates, e[[keys.propensity_column(arm) for arm in arms]].to_numpy(np.float64))
    tests = [str(name) for name in y.columns]
    observed = y.to_numpy(np.float64)
    predicted = learner.outcomes(of_sample.known(covariates), given.arm, observed, given.fold)
    rows = _rows(of_sample, given, observed, predicted, tests)
    if BEFORE_REGISTRATION in tests:
        fewer = covariates.drop(
            columns=[name for each in DEFINITIONS if each.key in _OF_YEARS for name in each.columns]
        )
        x, own = of_sample.known(fewer), y[[BEFORE_REGISTRATION]].to_numpy(np.float64)
        chances = raised(learner.propensities(x, given.arm, given.fold), matching.overlap.clip)
        without = of_sample.assignment(fewer, chances)
        rows += _rows(of_sample, without, own, learner.outcomes(x, given.arm, own, given.fold), [WITHOUT_INCOME])
    columns = ["test", "arm", "estimate", "se", "low", "high", "n_arm", "n_control"]
    return pd.DataFrame(rows, columns=columns)


def _rows(
    sample: _Sample, assignment: Assignment, observed: FloatArray, predicted: FloatArray, tests: Sequence[str]
) -> list[dict[str, object]]:
    control = sample.arms.index(keys.CONTROL)
    counts = np.bincount(assignment.arm, minlength=len(sample.arms))
    width = float(stats.norm.ppf(0.5 + sample.settings.confidence / 2))
    rows: list[dict[str, object]] = []
    for k, arm in enumerate(sample.arms):
        if k == control:
            continue
        scores = treated_scores(assignment, observed, predicted, k, k)
        scores -= treated_scores(assignment, observed, predicted, k, control)
        errors = standard_errors(influence_of_treated_mean(assignment, scores, k))
        for test, value, se in zip(tests, scores.mean(axis=0).tolist(), errors.tolist(), strict=True):
            rows.append(
                {"test": test, "arm": arm, "estimate": value, "se": se}
                | {"low": value - width * se, "high": value + width * se}
                | {"n_arm": int(counts[k]), "n_control": int(counts[control])}
            )
    return rows
