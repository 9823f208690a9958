"""Nuisance functions without a group of covariates: what a confounder as strong as that group would be worth."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.stages.cohorts.covariates import DEFINITIONS
from tiltakseffekt.stages.effects.confounding import OUTCOMES, Nuisances
from tiltakseffekt.stages.matching.nuisances import fit_outcomes, fit_propensities
from tiltakseffekt.stages.matching.overlap import raised
from tiltakseffekt.stages.matching.settings import MatchingSettings

#: Trees of these forests, at most: variances are compared, for which few trees are enough.
TREES: Final = 50


def without_group(covariates: pd.DataFrame, group: str | None) -> pd.DataFrame:
    """Return the covariates without the columns of a group of `DEFINITIONS`; without a group as they are."""
    of_group = [name for each in DEFINITIONS if each.group == group for name in each.columns]
    return covariates.drop(columns=of_group, errors="ignore")


def fit_without(
    group: str | None,
    sample: pd.DataFrame,
    covariates: pd.DataFrame,
    outcomes: pd.DataFrame,
    settings: MatchingSettings,
    seed: int,
    arms: Sequence[str],
    *,
    threads: int = 1,
) -> Nuisances:
    """Fit honest forests out of fold for the outcomes that are bounded, without a group of covariates.

    Parameters
    ----------
    group
        The group to leave out, or none.
    sample, covariates, outcomes
        Schemas SAMPLE, COVARIATES and OUTCOMES, of at least the persons of the sample.
    settings
        Forests, of which at most `TREES` trees are grown, and the floor of the propensities.
    seed
        ``run.seed`` of the configuration; the same for all groups, so that forests differ by the covariates alone.
    arms
        The arms that occur, in the order of the result.
    threads
        Threads; results do not depend on it.

    Returns
    -------
    Nuisances
        Persons in the order of their identifiers, arms in the order given.
    """
    forest = settings.forest.model_copy(update={"trees": min(settings.forest.trees, TREES)})
    cheap = settings.model_copy(update={"forest": forest, "nuisance": "honest_forest"})
    known, bounded = without_group(covariates, group), outcomes[["person_id", *OUTCOMES]]
    chances = fit_propensities(sample, known, cheap, seed, arms, threads=threads)
    predicted = fit_outcomes(sample, known, bounded, cheap, seed, arms, threads=threads)
    columns = [keys.prediction_column(arm, outcome) for arm in arms for outcome in OUTCOMES]
    return Nuisances(
        raised(chances[[keys.propensity_column(arm) for arm in arms]].to_numpy(np.float64), settings.overlap.clip),
        predicted[columns].to_numpy(np.float64).reshape(len(predicted), len(arms), len(OUTCOMES)),
    )
