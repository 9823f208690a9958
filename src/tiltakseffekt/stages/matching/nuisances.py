"""From tables to nuisance functions and back: propensities and outcome predictions of the effect sample."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from tiltakseffekt.core.keys import ALL_OUTCOMES, CONTROL, prediction_column, propensity_column
from tiltakseffekt.stages.matching.checks import check_sample, log_empty_levels, varying
from tiltakseffekt.stages.matching.ensemble import EnsembleLearner
from tiltakseffekt.stages.matching.folds import draw_folds
from tiltakseffekt.stages.matching.forest import Floats, Ints
from tiltakseffekt.stages.matching.learner import REFERENCE, HonestForestLearner, NuisanceLearner
from tiltakseffekt.stages.matching.samples import arm_codes, arms_present, covariate_matrix
from tiltakseffekt.stages.matching.settings import MatchingSettings


class CrossFitted(NamedTuple):
    """Fold of each row, raw probability of each arm, shape (N, K), and outcomes under each arm, shape (N, K, Q)."""

    folds: Ints
    propensities: Floats
    predictions: Floats


def build_learner(
    settings: MatchingSettings, seed: int, arms: Sequence[str], threads: int, control: str = CONTROL
) -> NuisanceLearner:
    """Return the learner that the settings name; the one place that knows which engines there are."""
    forest = HonestForestLearner(settings, seed, arms, threads)
    match settings.nuisance:
        case "honest_forest":
            return forest
        case "ensemble":
            return EnsembleLearner(forest, arms.index(control))
        case "reference":
            return HonestForestLearner(settings, seed, arms, threads, REFERENCE)


def cross_fit(
    x: Floats,
    arm: Ints,
    outcomes: Floats,
    names: Sequence[str],
    settings: MatchingSettings,
    seed: int,
    threads: int = 1,
) -> CrossFitted:
    """Draw folds and fit all nuisance functions out of them, on arrays.

    Parameters
    ----------
    x, arm, outcomes
        Covariates, shape (N, p), arm from 0 with the controls as 0, shape (N,), and outcomes, shape (N, Q).
    names
        Names of the arms by their number, from which folds and forests have their randomness.
    settings, seed, threads
        As in `fit_propensities`.
    """
    folds = draw_folds(arm, names, settings.folds, seed)
    learner = build_learner(settings, seed, names, threads, names[0])
    return CrossFitted(folds, learner.propensities(x, arm, folds), learner.outcomes(x, arm, outcomes, folds))


def fit_propensities(
    sample: pd.DataFrame,
    covariates: pd.DataFrame,
    settings: MatchingSettings,
    seed: int,
    arms: Sequence[str],
    *,
    threads: int = 1,
) -> pd.DataFrame:
    """Fit the probability of each arm out of fold.

    Parameters
    ----------
    sample, covariates
        The effect sample with its folds, and covariates of at least its persons.
    settings
        The learner and its settings.
    seed
        ``run.seed`` of the configuration.
    arms
        The arms of the evaluation, in the order of the columns.
    threads
        Threads; results do not depend on it.

    Returns
    -------
    pandas.DataFrame
        Schema ``propensities``: one column for each arm that occurs; rows sum to one.

    Raises
    ------
    FaultsFound
        If the sample or the covariates do not allow it (`check_sample`).
    """
    check_sample(sample, covariates)
    persons = sample.sort_values("person_id", ignore_index=True)
    present = arms_present(persons, arms)
    learner = build_learner(settings, seed, present, threads)
    x = varying(covariate_matrix(covariates, persons["person_id"]))
    log_empty_levels(x, arm_codes(persons, present), present)
    predicted = learner.propensities(x, arm_codes(persons, present), persons["fold"].to_numpy())
    columns = [propensity_column(arm) for arm in present]
    return pd.concat([persons[["person_id", "fold"]], pd.DataFrame(predicted, columns=columns)], axis=1)


def fit_outcomes(
    sample: pd.DataFrame,
    covariates: pd.DataFrame,
    outcomes: pd.DataFrame,
    settings: MatchingSettings,
    seed: int,
    arms: Sequence[str],
    *,
    threads: int = 1,
) -> pd.DataFrame:
    """Fit each outcome that was measured under each arm out of fold; parameters as for `fit_propensities`.

    Returns
    -------
    pandas.DataFrame
        Schema ``outcome_predictions``: one column for each arm that occurs and outcome, in the unit of the outcome.
    """
    check_sample(sample, covariates, outcomes)
    persons = sample.sort_values("person_id", ignore_index=True)
    present = arms_present(persons, arms)
    learner = build_learner(settings, seed, present, threads)
    x = varying(covariate_matrix(covariates, persons["person_id"]))
    measured = [outcome for outcome in ALL_OUTCOMES if outcome in outcomes]
    y = outcomes.set_index("person_id").loc[persons["person_id"], measured].to_numpy(dtype="float64")
    predicted = learner.outcomes(x, arm_codes(persons, present), y, persons["fold"].to_numpy())
    columns = [prediction_column(arm, outcome) for arm in present for outcome in measured]
    table = pd.DataFrame(predicted.reshape(len(persons), -1), columns=columns)
    return pd.concat([persons[["person_id", "fold"]], table], axis=1)
