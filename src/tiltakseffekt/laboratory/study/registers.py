"""The design that looks like the report's: persons, selection and outcomes of the synthetic registers, reduced in form.

An empirical Monte Carlo (Huber, Lechner and Wunsch 2013): covariates are those of the effect sample. How arms are
chosen and what is expected under each is fitted once to what the registers hold, planted outcomes included, and from
then on counts as the truth. Both are halfway between a linear model and boosted trees: no engine has the true form.
"""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import softmax
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from tiltakseffekt.core.keys import CONTROL
from tiltakseffekt.laboratory.study.design import Design, Floats, Ints, Sample, average_effects, draw_arms, own
from tiltakseffekt.stages.matching.samples import arm_codes, covariate_matrix

#: Arms of the design and their expected shares: small arms are there, but enough of each to estimate with 2500 persons.
SHARES: Final = {
    CONTROL: 0.43,
    "arbeidstrening": 0.25,
    "amo": 0.21,
    "avklaring": 0.08,
    "utdanning": 0.03,
}
#: Name of the design.
REGISTERS: Final = "registers"
OUTCOME: Final = "months_in_work_y1"
PERSONS: Final = 2500
_MONTHS: Final = 12.0
_BINS: Final = 20
_SMALLEST: Final = 0.002
_BOOSTING: Final = {
    "learning_rate": 0.08,
    "max_iter": 60,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 40,
    "random_state": 0,
}


class Pool(NamedTuple):
    """The population of the design: M persons, and deviations from the expected outcome by level of it.

    ``x`` has shape (M, p), ``propensities`` and ``means`` shape (M, K), ``levels`` the borders between levels and
    ``deviations`` one row of equally many deviations for each level.
    """

    x: Floats
    propensities: Floats
    means: Floats
    levels: Floats
    deviations: Floats


def build_pool(sample: pd.DataFrame, covariates: pd.DataFrame, truth: pd.DataFrame) -> Pool:
    """Fit selection and expected outcomes to the effect sample and the planted outcomes of its persons.

    Parameters
    ----------
    sample, covariates
        Schemas SAMPLE and COVARIATES.
    truth
        What `validation.truth.read_truth` returns for the persons of the sample.
    """
    persons = sample.sort_values("person_id", ignore_index=True)
    x = covariate_matrix(covariates, persons["person_id"])
    x = x[:, x.std(axis=0) > 0]
    registered = truth.merge(persons[["person_id", "registration_month"]], on=["person_id", "registration_month"])
    planted = registered.pivot(index="person_id", columns="arm", values=OUTCOME).loc[persons["person_id"], list(SHARES)]
    outcomes = planted.to_numpy(np.float64)
    arm = arm_codes(persons, list(SHARES))
    with threadpool_limits(1):
        propensities = _propensities(x, arm)
        means = _means(x, outcomes)
    levels, deviations = _deviations(outcomes, means)
    return Pool(x, propensities, means, levels, deviations)


def registers_design(pool: Pool, name: str = REGISTERS) -> Design:
    """Return the design that draws persons from the pool, with replacement."""

    def draw(random: np.random.Generator) -> Sample:
        drawn = random.integers(len(pool.x), size=PERSONS)
        propensities, means = pool.propensities[drawn], pool.means[drawn]
        arm = draw_arms(propensities, random)
        expected = own(means, arm)
        level = np.searchsorted(pool.levels, expected)
        deviation = pool.deviations[level, random.integers(pool.deviations.shape[1], size=PERSONS)]
        return Sample(pool.x[drawn], arm, expected + deviation, propensities, means)

    return Design(name, draw, average_effects(pool.propensities, pool.means))


def _propensities(x: Floats, arm: Ints) -> Floats:
    """Return probabilities halfway between a logit and boosted trees, with the wanted shares and none very small."""

    seen = arm >= 0
    logit = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=1000)).fit(x[seen], arm[seen])
    trees = HistGradientBoostingClassifier(**_BOOSTING).fit(x[seen], arm[seen])
    odds = np.log((logit.predict_proba(x) + trees.predict_proba(x)) / 2)
    wanted = np.array(list(SHARES.values()))
    shift = np.zeros(len(wanted))
    for _ in range(100):
        shift += np.log(wanted / softmax(odds + shift, axis=1).mean(axis=0))
    floored = np.maximum(softmax(odds + shift, axis=1), _SMALLEST)
    shares: Floats = floored / floored.sum(axis=1, keepdims=True)
    return shares


def _means(x: Floats, outcomes: Floats) -> Floats:
    """Return expected outcomes: that of the controls, and effects, each halfway between a ridge and boosted trees."""
    control = _halfway(x, outcomes[:, 0])
    effects = np.column_stack([_halfway(x, outcomes[:, k] - outcomes[:, 0]) for k in range(1, outcomes.shape[1])])
    means: Floats = np.clip(np.column_stack([control, control[:, None] + effects]), 0.0, _MONTHS)
    return means


def _halfway(x: Floats, y: Floats) -> Floats:
    ridge = make_pipeline(StandardScaler(), RidgeCV(np.geomspace(1, 1e4, 9))).fit(x, y)
    trees = HistGradientBoostingRegressor(**_BOOSTING).fit(x, y)
    fitted: Floats = (ridge.predict(x) + trees.predict(x)) / 2
    return fitted


def _deviations(outcomes: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Return borders of levels of the expected outcome, and deviations of planted from expected outcomes in each."""
    levels = np.quantile(means, np.linspace(0, 1, _BINS + 1)[1:-1])
    level = np.searchsorted(levels, means)
    places = np.linspace(0, 1, 1000)
    groups = [np.quantile((outcomes - means)[level == k], places) for k in range(_BINS)]
    return levels, np.stack([group - group.mean() for group in groups])
