"""A start month for those who did not start, drawn from estimated chances (effektrapport_2024 lines 2192-2204)."""

import logging
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core.keys import CONTROL
from tiltakseffekt.core.randomness import named_generator, named_seed
from tiltakseffekt.stages.matching.checks import check_covariates
from tiltakseffekt.stages.matching.folds import assign_folds
from tiltakseffekt.stages.matching.forest import Floats, class_predictions
from tiltakseffekt.stages.matching.person_months import read_months
from tiltakseffekt.stages.matching.samples import covariate_matrix
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings

LOGGER = logging.getLogger("tiltakseffekt.stages.matching")


def draw_pseudo_starts(
    entries: pd.DataFrame,
    covariates: pd.DataFrame,
    panel: Sequence[str],
    settings: MatchingSettings,
    window: int,
    seed: int,
    arms: Sequence[str],
    *,
    threads: int = 1,
) -> pd.DataFrame:
    """Make the effect sample: starters at their start, controls at a drawn start if still registered with NAV then.

    Parameters
    ----------
    entries, covariates
        The cohort and its covariates (schemas ``entries`` and ``covariates``), the same persons in both.
    panel
        Paths of the shards of the panel.
    settings
        Forest of the start-month probabilities, where controls must be registered, and the number of folds.
    window
        Months after registration, the registration month included, in which a start counts.
    seed
        ``run.seed`` of the configuration.
    arms
        The arms of the evaluation, in their order.
    threads
        Threads; results do not depend on it.

    Returns
    -------
    pandas.DataFrame
        Schema ``sample``, sorted by person.

    Raises
    ------
    FaultsFound
        If covariates are missing, infinite or of other persons, or an arm has too few persons for the folds.
    """
    cohort = entries.sort_values("person_id", ignore_index=True)
    check_covariates(cohort["person_id"], covariates)
    x = covariate_matrix(covariates, cohort["person_id"])
    control = (cohort["arm"] == CONTROL).to_numpy()
    offset = np.zeros(len(cohort), dtype=np.int64)
    offset[~control] = cohort.loc[~control, "start_offset"].to_numpy(dtype=np.int64)
    if control.any() and not control.all():
        probabilities = start_probabilities(
            x[~control], offset[~control], x[control], settings.pseudo_start_forest, window, seed, threads=threads
        )
        offset[control] = draw_offsets(probabilities, seed)
    sample = cohort[["person_id", "arm", "registration_month"]].assign(
        start_offset=offset, start_month=cohort["registration_month"] + offset
    )
    at_start = sample[["person_id", "start_month"]].rename(columns={"start_month": "reference_month"})
    where = settings.controls_registered_in
    registered = read_months(panel, at_start, [where], 0, 0)[where][:, 0] > 0
    kept = ~control | registered
    LOGGER.info("controls: %d, still registered at their pseudo-start: %d", control.sum(), (control & kept).sum())
    sample = sample[kept].reset_index(drop=True)
    return sample.assign(fold=assign_folds(sample["arm"], settings.folds, seed, arms))


def start_probabilities(
    x_starters: Floats,
    offset: npt.NDArray[np.int64],
    x_controls: Floats,
    settings: ForestSettings,
    window: int,
    seed: int,
    *,
    threads: int = 1,
) -> Floats:
    """Estimate the probability of a start in each month for the controls, given a start within the window.

    Parameters
    ----------
    x_starters, offset
        Covariates of those who start, and the month in which they do (0 ... window - 1).
    x_controls
        Covariates of the controls.
    settings
        The forest.
    window
        Number of months in which a start counts.
    seed
        ``run.seed`` of the configuration.
    threads
        Threads; results do not depend on it.

    Returns
    -------
    array of float, shape (controls, window)
        Rows sum to one.
    """
    forest_seed = named_seed(seed, "matching", "pseudo_start")
    return class_predictions(x_starters, offset, window, x_controls, settings, forest_seed, threads=threads)


def draw_offsets(probabilities: Floats, seed: int) -> npt.NDArray[np.int64]:
    """Draw one month per row of probabilities: one uniform number per person, in the order of the rows."""
    uniform = named_generator(seed, "matching", "pseudo_start", "draw").random(len(probabilities))
    cumulated = np.cumsum(probabilities, axis=1)
    # Compared with the last sum instead of one, so that rounding never leads past the last month.
    return (cumulated[:, :-1] <= uniform[:, None] * cumulated[:, -1:]).sum(axis=1)
