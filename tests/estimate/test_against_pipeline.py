"""The facade and the stages of the workflow give the same numbers on the same persons."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.estimate import estimate_effects
from tiltakseffekt.estimate.options import read_options
from tiltakseffekt.estimate.problem import Columns, read_problem
from tiltakseffekt.stages.effects import estimates
from tiltakseffekt.stages.effects.balance import measure_balance
from tiltakseffekt.stages.effects.balancing import weight_features
from tiltakseffekt.stages.effects.groups import compared_groups
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.heterogeneity.gate import GROUPINGS, estimate_gate
from tiltakseffekt.stages.heterogeneity.persons import Scored
from tiltakseffekt.stages.matching.folds import draw_folds
from tiltakseffekt.stages.matching.nuisances import build_learner
from tiltakseffekt.stages.matching.overlap import restrict_overlap
from tiltakseffekt.stages.matching.samples import arm_codes
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings, OverlapSettings

ARMS = (keys.CONTROL, "aft", "amo")
OUTCOMES = [*keys.ALL_MONTHS_IN_WORK[:1], *keys.ALL_WAGE_INCOME[:1]]
COVARIATES = ["x_one", "x_two", "x_three"]
SEED = 11
OPTIONS = {"trees": 10, "folds": 3, "trim": "fixed", "trim_below": 0.1, "draws": 200, "seed": SEED}
MATCHING = MatchingSettings(
    folds=3, forest=ForestSettings(trees=10), overlap=OverlapSettings(trim="fixed", trim_below=0.1)
)
EFFECTS = EffectSettings(bootstrap={"draws": 200})


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    x = rng.normal(size=(500, 3))
    arm = rng.choice(3, 500, p=[0.5, 0.3, 0.2])
    table = pd.DataFrame(x, columns=COVARIATES).assign(arm=np.array(ARMS)[arm], x_three=(x[:, 2] > 0).astype(float))
    for place, outcome in enumerate(OUTCOMES):
        table[outcome] = x[:, 0] + arm * (1 + x[:, 1]) + place + rng.normal(size=500)
    for grouping in GROUPINGS:
        values = list(grouping.terms)
        table[grouping.column] = pd.Categorical.from_codes(rng.integers(0, len(values), 500), values)
    order = read_problem(table, columns(), keys.CONTROL, read_options(OPTIONS).plan).place
    return table.iloc[order].reset_index(drop=True).assign(person_id=[f"p{row:03d}" for row in range(500)])


def columns() -> Columns:
    groups = tuple(grouping.column for grouping in GROUPINGS)
    return Columns(tuple(OUTCOMES), "arm", tuple(COVARIATES), groups)


@pytest.fixture(scope="module")
def facade(data):
    return estimate_effects(data, OUTCOMES, "arm", keys.CONTROL, COVARIATES, columns().groups, **OPTIONS)


@pytest.fixture(scope="module")
def stages(data):
    """The tables of the stages, with arms that draw by their places as those of the facade do."""
    names = [str(place) for place in range(3)]
    arm = arm_codes(data, ARMS)
    folds = draw_folds(arm, names, MATCHING.folds, SEED)
    learner = build_learner(MATCHING, SEED, names, 1, "0")
    x, y = data[COVARIATES].to_numpy(), data[OUTCOMES].to_numpy()
    e, mu = learner.propensities(x, arm, folds), learner.outcomes(x, arm, y, folds)
    ids = pd.DataFrame({"person_id": data["person_id"], "fold": folds})
    raw = ids.assign(**{keys.propensity_column(name): e[:, k] for k, name in enumerate(ARMS)})
    predicted = ids.assign(
        **{
            keys.prediction_column(name, outcome): mu[:, k, q]
            for k, name in enumerate(ARMS)
            for q, outcome in enumerate(OUTCOMES)
        }
    )
    covariates = data[["person_id", *COVARIATES]]
    restricted = restrict_overlap(data[["person_id", "arm"]].assign(fold=folds), [raw], MATCHING.overlap)
    features = weight_features(EFFECTS, covariates, restricted.sample)
    tables = estimates.estimate_effects(
        restricted.sample,
        data[["person_id", *OUTCOMES]],
        restricted.propensities,
        [predicted],
        EFFECTS,
        SEED,
        features=features,
    )
    characteristics = data[["person_id", *columns().groups]].astype({"reduced_capacity": bool})
    scored = Scored(tables.scores, restricted.sample, characteristics, Arms(measures=ARMS[1:]))
    gate = estimate_gate(scored, OUTCOMES, EFFECTS.bootstrap, SEED)
    groups = compared_groups(restricted.sample, restricted.propensities, normalise=EFFECTS.normalise, features=features)
    balance = measure_balance(groups, covariates)
    return tables, gate, balance, restricted.trimming


def test_average_effects_and_intervals_are_those_of_the_stage(facade, stages):
    own = facade.averages.replace({"estimand": {"ATE": "ate", "ATET": "atet", "mean": "apo"}})
    theirs = stages[0].estimates
    both = own.merge(theirs, on=["estimand", "arm", "outcome"], suffixes=("", "_theirs"), validate="one_to_one")
    assert len(both) == len(own) == 2 * 7
    for name in ("estimate", "se", "low", "high", "n_arm", "n_control"):
        np.testing.assert_allclose(both[name], both[f"{name}_theirs"], rtol=1e-10)
    # Of the same draws: one family over all outcomes here, one for each kind of outcome there.
    effects = both[both["estimand"] != "apo"]
    assert (effects["simultaneous_high"] >= effects["simultaneous_high_theirs"] - 1e-10).all()
    assert (effects["simultaneous_high_theirs"] > effects["high"]).all()


def test_covariances_are_those_of_the_stage(facade, stages):
    for row in stages[0].covariances.itertuples():
        place = [(row.estimand.upper(), row.arm, outcome) for outcome in (row.outcome_a, row.outcome_b)]
        assert facade.covariance.loc[place[0], place[1]] == pytest.approx(row.covariance, rel=1e-9)


def test_effects_by_group_are_those_of_the_stage(facade, stages):
    own, theirs = facade.gate, stages[1].gate
    column = {grouping.key: grouping.column for grouping in GROUPINGS}
    term = {(grouping.key, term): value for grouping in GROUPINGS for value, term in grouping.terms.items()}
    theirs = theirs.assign(
        level=[term[key] for key in zip(theirs["grouping"], theirs["term"], strict=True)],
        group=theirs["grouping"].map(column),
    )
    both = own.merge(theirs, on=["arm", "outcome", "group", "level"], suffixes=("", "_theirs"), validate="one_to_one")
    assert len(both) == len(own) == len(theirs)
    first = both["constant"]
    for name, other in (("estimate", "estimate"), ("se", "se")):
        np.testing.assert_allclose(both.loc[first, name], both.loc[first, f"{other}_theirs"], rtol=1e-9)
    rest = both[~first]
    for name, other in (("difference", "estimate_theirs"), ("difference_se", "se_theirs"), ("n_arm", "n_group_arm")):
        np.testing.assert_allclose(rest[name], rest[other], rtol=1e-9)
    for name in ("p_value", "p_holm", "p_romano_wolf"):
        np.testing.assert_allclose(rest[name], rest[f"{name}_theirs"], rtol=1e-9)
    np.testing.assert_allclose(facade.gate_tests["p_holm"], stages[1].tests["p_holm"], rtol=1e-9)


def test_balance_and_trimming_are_those_of_the_stages(facade, stages):
    _, _, balance, trimming = stages
    assert balance["covariate"].tolist() == facade.balance["covariate"].tolist()
    np.testing.assert_allclose(facade.balance["after"], balance["difference"], rtol=1e-12)
    assert trimming["trimmed"].sum() == facade.rows.set_index("rows").loc["trimmed", "count"] > 0
