"""The estimators on real data with a known answer: LaLonde's experiment, its controls replaced by a survey.

The National Supported Work demonstration drew lots (LaLonde 1986); the difference of means in the sample of Dehejia and
Wahba (1999) is the benchmark. The estimators see the treated and 15 992 persons of the Current Population Survey
instead of the controls, and should find it again. Files and licence: ``config/laboratory/lalonde/README.md``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.keys import CONTROL, OTHER_MEASURES
from tiltakseffekt.core.randomness import named_seed
from tiltakseffekt.stages.effects.comparators import (
    Estimate,
    difference_of_means,
    inverse_probability,
    nearest_neighbour,
    regression_adjustment,
)
from tiltakseffekt.stages.effects.scores import (
    Assignment,
    FloatArray,
    IntArray,
    Normalisation,
    effect_on_treated,
    standard_errors,
)
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.nuisances import cross_fit
from tiltakseffekt.stages.matching.overlap import raised
from tiltakseffekt.stages.matching.settings import MatchingSettings

COLUMNS: Final = ("treat", "age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75", "re78")
OUTCOME: Final = "re78"
#: Engines of the nuisance functions that are tried, whichever the study uses.
ENGINES: Final = ("honest_forest", "ensemble")
#: Folds and learners know arms by their keys; the programme is none of ours.
_ARMS: Final = (CONTROL, OTHER_MEASURES)


class Persons(NamedTuple):
    """Covariates, shape (N, p), who was in the programme (0/1), and earnings in 1978, dollars."""

    x: FloatArray
    arm: IntArray
    outcome: FloatArray


def read_lalonde(path: str | Path) -> pd.DataFrame:
    """Read one of the two files.

    Raises
    ------
    FaultsFound
        If columns are missing, or values are missing or no numbers; all of them.
    """
    table = pd.read_csv(path)
    name, remedy = Path(path).name, "Take the file of the project again."
    faults = [Fault(name, column, "the column is missing", 1, remedy) for column in COLUMNS if column not in table]
    present = table.reindex(columns=list(COLUMNS)).apply(pd.to_numeric, errors="coerce")
    faults += [
        Fault(name, column, "values are missing or no finite numbers", count, remedy)
        for column in COLUMNS
        if column in table and (count := int((~np.isfinite(present[column])).sum()))
    ]
    if faults:
        raise FaultsFound(faults)
    return present


def persons_of(table: pd.DataFrame) -> Persons:
    """Return the persons with ten covariates: the columns, and whether earnings were zero in 1974 and 1975."""
    covariates = table.drop(columns=["treat", OUTCOME]).assign(u74=table["re74"] == 0, u75=table["re75"] == 0)
    return Persons(
        covariates.to_numpy(np.float64), table["treat"].to_numpy(np.int64), table[OUTCOME].to_numpy(np.float64)
    )


def estimate_lalonde(
    nsw: pd.DataFrame,
    cps: pd.DataFrame,
    matching: MatchingSettings,
    effects: EffectSettings,
    seed: int,
    *,
    threads: int = 1,
) -> pd.DataFrame:
    """Estimate the effect on the treated: by the experiment, and without its controls by each estimator.

    Parameters
    ----------
    nsw, cps
        What `read_lalonde` returns of the experiment and of the survey.
    matching, effects
        Settings of the study; its engine of the nuisance functions gives way to each of `ENGINES`.
    seed
        ``run.seed`` of the configuration.
    threads
        Threads; results do not depend on it.

    Returns
    -------
    pandas.DataFrame
        Schema LALONDE.
    """
    survey = persons_of(pd.concat([nsw[nsw["treat"] == 1], cps], ignore_index=True))
    experiment = persons_of(nsw)
    benchmark = difference_of_means(experiment.arm, experiment.outcome, 1, 0)
    found = {("experiment", ""): (benchmark, int((nsw["treat"] == 0).sum()))}
    found |= {key: (estimate, len(cps)) for key, estimate in _without_nuisances(survey)}
    for engine in ENGINES:
        settings = matching.model_copy(update={"nuisance": engine})
        estimates = _with_nuisances(survey, settings, effects.normalise, named_seed(seed, "lalonde"), threads)
        found |= {(name, engine): (estimate, len(cps)) for name, estimate in estimates}
    half = float(stats.norm.ppf(0.5 + effects.confidence / 2))
    return pd.DataFrame(
        {
            "place": place,
            "estimator": estimator,
            "engine": engine,
            "estimate": estimate.value,
            "se": estimate.error,
            "low": estimate.value - half * estimate.error,
            "high": estimate.value + half * estimate.error,
            "n_treated": int(survey.arm.sum()),
            "n_control": n_control,
        }
        for place, ((estimator, engine), (estimate, n_control)) in enumerate(found.items())
    )


def _without_nuisances(persons: Persons) -> Iterator[tuple[tuple[str, str], Estimate]]:
    x, arm, outcome = persons
    yield ("naive", ""), difference_of_means(arm, outcome, 1, 0)
    yield ("regression", ""), regression_adjustment(x, arm, outcome, arm == 1, 1, 0)
    yield ("matching", ""), nearest_neighbour(x, arm, outcome, arm == 1, 1, 0)


def _with_nuisances(
    persons: Persons, settings: MatchingSettings, normalise: Normalisation, seed: int, threads: int
) -> Iterator[tuple[str, Estimate]]:
    """Weight with cross-fitted propensities, then add cross-fitted outcome regressions: the estimator of the study."""
    x, arm, outcome = persons
    fitted = cross_fit(x, arm, outcome[:, None], _ARMS, settings, seed, threads)
    propensities = raised(fitted.propensities, settings.overlap.clip)
    yield "weighting", inverse_probability(arm, outcome, propensities, arm == 1, 1, 0)
    assignment = Assignment(arm=arm, fold=fitted.folds, propensities=propensities, normalise=normalise)
    value, influence = effect_on_treated(assignment, outcome[:, None], fitted.predictions, 1, 0)
    yield "doubly_robust", Estimate(float(value[0]), float(standard_errors(influence)[0]))
