"""Scores and standard errors: against numbers from R's causalDML, by hand, and by their properties."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.stages.effects.scores import (
    Assignment,
    covariance,
    effect_on_treated,
    influence_of_mean,
    influence_of_treated_mean,
    potential_outcome_scores,
    standard_errors,
    treated_scores,
)

REFERENCE = Path(__file__).parents[2] / "reference" / "causaldml-a"
OUTCOMES = ("y1", "y2", "y3")
ARMS = range(4)
_X = np.linspace(-8, 8, 20001)
_DENSITY = np.exp(-(_X**2) / 2) / (1 + np.exp(0.5 - 0.8 * _X))
#: Mean of 0.5 + 0.5 x over the treated of the design of the test of coverage, by numerical integration.
EFFECT_ON_TREATED = 0.5 + 0.5 * (_X * _DENSITY).sum() / _DENSITY.sum()
_TAKES_PART = np.exp(-(_X**2) / 2) * (1 - 1 / (1 + np.exp(-0.5 + 0.7 * _X) + np.exp(-0.3 - 0.5 * _X)))
#: Mean of 2 + 2 x over the participants of both measures of `participants_of_two_measures`.
EFFECT_ON_PARTICIPANTS = 2 + 2 * (_X * _TAKES_PART).sum() / _TAKES_PART.sum()


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{name}.csv")


@pytest.fixture(scope="module")
def observed() -> np.ndarray:
    return reference("data")[list(OUTCOMES)].to_numpy(np.float64)


@pytest.fixture(scope="module")
def predicted() -> np.ndarray:
    columns = [f"m_{outcome}_arm{arm}" for arm in ARMS for outcome in OUTCOMES]
    return reference("outcome_predictions")[columns].to_numpy().reshape(-1, 4, 3)


@pytest.fixture(scope="module", params=[2, 0], ids=["normalised", "plain"])
def norm(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture(scope="module")
def assignment(norm: int) -> Assignment:
    data, propensities = reference("data"), reference("propensities")
    return Assignment(
        data["arm"].to_numpy(),
        data["fold"].to_numpy(),
        propensities.drop(columns="id").to_numpy(),
        "fold" if norm == 2 else "none",
    )


@pytest.fixture(scope="module", params=["none", "cluster"])
def clusters(request: pytest.FixtureRequest) -> tuple[str, np.ndarray | None]:
    return request.param, reference("data")["cluster"].to_numpy() - 1 if request.param == "cluster" else None


@pytest.fixture(scope="module")
def scores(assignment, observed, predicted) -> np.ndarray:
    return potential_outcome_scores(assignment, observed, predicted)


def stored(name: str, norm: int, se_type: str = "none", **where: int) -> pd.DataFrame:
    """Rows of a reference table, in the order of the outcomes."""
    table = reference(name).query("norm == @norm and se_type == @se_type")
    for column, value in where.items():
        table = table[table[column] == value]
    return table.set_index("outcome").loc[list(OUTCOMES)]


def test_average_potential_outcomes_equal_causaldml(scores, norm, clusters):
    se_type, cluster = clusters
    for arm in ARMS:
        expected = stored("apo", norm, se_type, arm=arm)
        np.testing.assert_allclose(scores[:, arm].mean(axis=0), expected["apo"], rtol=0, atol=1e-8)
        np.testing.assert_allclose(
            standard_errors(influence_of_mean(scores[:, arm]), cluster), expected["se"], rtol=0, atol=1e-8
        )


def test_average_effects_equal_causaldml(scores, norm, clusters):
    se_type, cluster = clusters
    for arm, versus in [(a, b) for a in ARMS for b in range(a)]:
        expected = stored("ate", norm, se_type, arm=arm, versus=versus)
        difference = scores[:, arm] - scores[:, versus]
        np.testing.assert_allclose(difference.mean(axis=0), expected["ate"], rtol=0, atol=1e-8)
        np.testing.assert_allclose(
            standard_errors(influence_of_mean(difference), cluster), expected["se"], rtol=0, atol=1e-8
        )


def test_effects_on_the_treated_equal_causaldml_with_both_standard_errors(
    assignment, observed, predicted, norm, clusters
):
    se_type, cluster = clusters
    for treated in ARMS:
        under = [treated_scores(assignment, observed, predicted, treated, arm) for arm in ARMS]
        for arm, versus in [(a, b) for a in ARMS for b in range(a)]:
            expected = stored("atet", norm, se_type, treated=treated, arm=arm, versus=versus)
            difference = under[arm] - under[versus]
            own = influence_of_treated_mean(assignment, difference, treated)
            np.testing.assert_allclose(difference.mean(axis=0), expected["atet"], rtol=0, atol=1e-8)
            np.testing.assert_allclose(standard_errors(own, cluster), expected["se_if_own"], rtol=0, atol=1e-8)
            # The package takes the share of the treated as known.
            package = standard_errors(influence_of_mean(difference), cluster)
            np.testing.assert_allclose(package, expected["se"], rtol=0, atol=1e-8)


def test_ten_persons_by_hand():
    """Two arms, two folds, all propensities 1/2 but one; every number below is worked out on paper."""
    arm = np.array([1, 1, 0, 0, 0, 1, 0, 0, 0, 0])
    fold = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    treated_propensity = np.full(10, 0.5)
    treated_propensity[0] = 0.25
    y = np.array([4.0, 2, 1, 0, 3, 5, 2, 2, 1, 0])[:, None]
    predictions = np.tile([1.0, 3.0], (10, 1))[:, :, None]
    plain = Assignment(arm, fold, np.column_stack([1 - treated_propensity, treated_propensity]), normalise="none")
    scores = potential_outcome_scores(plain, y, predictions)[:, :, 0]
    # Residual / propensity in the own arm: (4-3)/0.25, (2-3)/0.5 ...; elsewhere the prediction.
    assert scores[:, 1].tolist() == [7, 1, 3, 3, 3, 7, 3, 3, 3, 3]
    assert scores[:, 0].tolist() == [1, 1, 1, -1, 5, 1, 3, 3, 1, -1]
    # Normalised: fold 0, arm 1 has weights 4 and 2, scaled by 5/6; arm 0 has 2, 2, 2, scaled by 5/6;
    # fold 1 has one treated, weight 5, and four controls with weight 5/4.
    normalised = Assignment(arm, fold, plain.propensities, normalise="fold")
    scaled = potential_outcome_scores(normalised, y, predictions)[:, :, 0]
    np.testing.assert_allclose(scaled[[0, 1, 5], 1], [3 + 10 / 3, 3 - 5 / 3, 13])
    np.testing.assert_allclose(scaled[[2, 3, 4, 6, 9], 0], [1, 1 - 5 / 3, 1 + 10 / 3, 2.25, -0.25])
    # ATET, plain: mean of the treated 11/3; control outcome of the treated: prediction 1 plus residuals of the
    # controls (0, -1, 2, 1, 1, 0, -1), all with odds 1 and share 0.3: 1 + (2 / 0.3) / 10 = 5/3.
    of_treated = treated_scores(plain, y, predictions, 1, 1) - treated_scores(plain, y, predictions, 1, 0)
    np.testing.assert_allclose(of_treated.mean(), 11 / 3 - 5 / 3)
    # Influence: treated (Y - 1 - 2) / 0.3, controls -(residual) / 0.3.
    influence = influence_of_treated_mean(plain, of_treated, 1)[:, 0]
    np.testing.assert_allclose(influence, np.array([1, -1, 0, 1, -2, 2, -1, -1, 0, 1]) / 0.3, atol=1e-12)
    np.testing.assert_allclose(standard_errors(influence[:, None]), np.sqrt(14 / 0.09) / 10)


def test_scores_equal_causaldml(scores, norm):
    stored_scores = reference("scores").set_index("id")
    for k, outcome in enumerate(OUTCOMES):
        columns = [f"gamma_{outcome}_arm{arm}_norm{norm}" for arm in ARMS]
        np.testing.assert_allclose(scores[:, :, k], stored_scores[columns], rtol=0, atol=1e-8)


def test_weights_scaled_over_the_sample_by_hand():
    """As before but in one block: the weights 4, 2, 2 of arm 1 sum to ten persons, those of arm 0 are 2 each of 14."""
    assignment = Assignment(
        np.array([1, 1, 0, 0, 0, 1, 0, 0, 0, 0]),
        np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]),
        np.column_stack([np.full(10, 0.5), [0.25, *[0.5] * 9]]),
        "sample",
    )
    weights = assignment.scale(1 / assignment.own_propensity)
    np.testing.assert_allclose(weights[[0, 1, 5]], [5, 2.5, 2.5])
    np.testing.assert_allclose(weights[assignment.arm == 0], 10 / 7)


def participants_of_two_measures(n: int, seed: int):
    """Draw persons of three arms with known propensities and predictions that are wrong; return the truth too."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    index = np.column_stack([np.zeros(n), -0.5 + 0.7 * x, -0.3 - 0.5 * x])
    e = np.exp(index) / np.exp(index).sum(axis=1, keepdims=True)
    arm = (rng.random(n)[:, None] > e.cumsum(axis=1)).sum(axis=1)
    mean = x[:, None] + np.arange(3) * (1 + x[:, None])
    outcome = mean[np.arange(n), arm] + rng.normal(size=n)
    wrong = (0.7 * mean + 0.1)[:, :, None]
    return Assignment(arm, np.zeros(n, int), e, "none"), outcome[:, None], wrong, mean


def test_the_effect_on_the_participants_of_several_arms_by_its_formula():
    assignment, y, mu, _ = participants_of_two_measures(200, 1)
    arm, e = assignment.arm, assignment.propensities
    takes_part = arm > 0
    own = [(arm == k)[:, None] * (y - mu[:, k]) / e[:, [k]] for k in range(3)]
    scores = takes_part[:, None] * (mu[:, 2] - mu[:, 0]) + (1 - e[:, [0]]) * (own[2] - own[0])
    scores /= takes_part.mean()
    value, influence = effect_on_treated(assignment, y, mu, 2, 0, treated=(1, 2))
    np.testing.assert_allclose(value, scores.mean(axis=0))
    np.testing.assert_allclose(influence, scores - (takes_part / takes_part.mean())[:, None] * value)


def test_the_effect_on_the_participants_of_several_arms_forgives_wrong_predictions():
    """With true propensities wrong predictions must not matter; the ATE score averaged over participants would."""
    assignment, y, mu, mean = participants_of_two_measures(40_000, 2)
    takes_part = assignment.arm > 0
    for k in (1, 2):
        value, influence = effect_on_treated(assignment, y, mu, k, 0, treated=(1, 2))
        truth = (mean[:, k] - mean[:, 0])[takes_part].mean()
        assert abs(value[0] - truth) < 3 * standard_errors(influence)[0] < 0.1
    scores = potential_outcome_scores(assignment, y, mu)
    naive = (scores[:, 2, 0] - scores[:, 0, 0])[takes_part].mean()
    assert abs(naive - truth) > 5 * standard_errors(influence)[0]


def test_intervals_for_participants_of_several_arms_cover_as_often_as_they_say():
    covered = []
    for seed in range(400):
        assignment, y, mu, _ = participants_of_two_measures(500, seed)
        value, influence = effect_on_treated(assignment, y, mu, 2, 0, treated=(1, 2))
        covered.append(abs(value[0] - EFFECT_ON_PARTICIPANTS) < 1.96 * standard_errors(influence)[0])
    assert np.mean(covered) == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 400))


def test_one_arm_is_a_target_like_several():
    assignment, y, mu, _ = participants_of_two_measures(300, 3)
    alone, of_one = (effect_on_treated(assignment, y, mu, 1, 0, treated=target) for target in (None, (1,)))
    for left, right in zip(alone, of_one, strict=True):
        np.testing.assert_array_equal(left, right)
    weights = (assignment.weights_of_treated(1, 1), assignment.weights_of_treated(1, 0))
    np.testing.assert_array_equal(effect_on_treated(assignment, y, mu, 1, 0, weights=weights)[1], alone[1])
    balanced = Assignment(assignment.arm, assignment.fold, assignment.propensities, "none", mu[:, :, 0])
    weights = balanced.weights_of_treated((1, 2), 0)
    # Weighted controls have the means of everybody who takes part.
    np.testing.assert_allclose(weights @ mu[:, 0, 0] / 300, mu[balanced.arm > 0, 0, 0].mean(), atol=0.02)


def test_clustered_covariance_is_that_of_the_sums():
    rng = np.random.default_rng(2)
    influence, cluster = rng.normal(size=(60, 2)), rng.permutation(60) % 7
    sums = pd.DataFrame(influence).groupby(cluster).sum().to_numpy()
    np.testing.assert_allclose(covariance(influence, cluster), sums.T @ sums / 60**2)
    np.testing.assert_allclose(standard_errors(influence, cluster), np.sqrt(np.diag(sums.T @ sums)) / 60)
    np.testing.assert_allclose(covariance(influence, np.arange(60)), covariance(influence))


def test_intervals_cover_as_often_as_they_say_when_the_nuisances_are_known():
    """A linear design, 400 samples of 500 persons: 95 per cent within three Monte Carlo errors, ATE and ATET."""
    rng = np.random.default_rng(11)
    covered = []
    for _ in range(400):
        x = rng.normal(size=500)
        treated_probability = 1 / (1 + np.exp(0.5 - 0.8 * x))
        arm = (rng.random(500) < treated_probability).astype(np.int64)
        mean = np.column_stack([x, 1.5 * x + 0.5])
        y = (mean[np.arange(500), arm] + rng.normal(size=500))[:, None]
        e = np.column_stack([1 - treated_probability, treated_probability])
        assignment = Assignment(arm, np.arange(500) % 5, e, "fold")
        scores = potential_outcome_scores(assignment, y, mean[:, :, None])
        ate = scores[:, 1] - scores[:, 0]
        atet = treated_scores(assignment, y, mean[:, :, None], 1, 1)
        atet -= treated_scores(assignment, y, mean[:, :, None], 1, 0)
        of_treated = influence_of_treated_mean(assignment, atet, 1)
        for values, influence, truth in ((ate, influence_of_mean(ate), 0.5), (atet, of_treated, EFFECT_ON_TREATED)):
            covered.append(abs(values.mean() - truth) <= 1.959964 * standard_errors(influence)[0])
    shares = np.reshape(covered, (400, 2)).mean(axis=0)
    assert (np.abs(shares - 0.95) <= 3 * np.sqrt(0.95 * 0.05 / 400)).all()


def test_covariance_of_two_means_is_that_of_their_influence():
    rng = np.random.default_rng(1)
    influence = influence_of_mean(rng.normal(size=(50, 3)))
    joint = covariance(influence)
    np.testing.assert_allclose(np.sqrt(np.diag(joint)), standard_errors(influence))
    np.testing.assert_allclose(joint, np.cov(influence, rowvar=False, bias=True) / 50)
    # The variance of a sum of years follows from the joint covariance.
    np.testing.assert_allclose(joint.sum(), standard_errors(influence.sum(axis=1)) ** 2)


def small_problem(seed: int) -> tuple[Assignment, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    arm = np.concatenate([np.arange(12) % 3, rng.integers(0, 3, 28)])
    fold = np.concatenate([np.repeat([0, 1], 6), rng.integers(0, 2, 28)])
    propensities = rng.dirichlet([5, 5, 5], 40)
    return (
        Assignment(arm, fold, propensities, normalise=["none", "fold"][seed % 2]),
        rng.normal(size=(40, 2)),
        rng.normal(size=(40, 3, 2)),
    )


def effects(assignment: Assignment, outcomes: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    scores = potential_outcome_scores(assignment, outcomes, predictions)
    atet = treated_scores(assignment, outcomes, predictions, 1, 1)
    atet -= treated_scores(assignment, outcomes, predictions, 1, 0)
    ate = scores[:, 1] - scores[:, 0]
    return np.concatenate(
        [
            ate.mean(axis=0),
            atet.mean(axis=0),
            standard_errors(influence_of_mean(ate)),
            standard_errors(influence_of_treated_mean(assignment, atet, 1)),
        ]
    )


@given(st.integers(0, 200), st.floats(-100, 100))
def test_a_constant_added_to_the_outcome_leaves_effects_alone(seed, constant):
    assignment, outcomes, predictions = small_problem(seed)
    shifted = effects(assignment, outcomes + constant, predictions + constant)
    np.testing.assert_allclose(shifted, effects(assignment, outcomes, predictions), atol=1e-9)


@given(st.integers(0, 200), st.floats(0.01, 1000))
def test_effects_and_errors_scale_with_the_outcome(seed, factor):
    assignment, outcomes, predictions = small_problem(seed)
    scaled = effects(assignment, outcomes * factor, predictions * factor)
    np.testing.assert_allclose(scaled, factor * effects(assignment, outcomes, predictions), rtol=1e-9, atol=1e-9)


@given(st.integers(0, 200))
def test_normalised_weights_sum_to_the_fold_in_each_arm(seed):
    assignment, _, _ = small_problem(2 * seed + 1)
    weights = assignment.scale(1 / assignment.own_propensity)
    sums = pd.Series(weights).groupby([assignment.fold, assignment.arm]).sum()
    sizes = pd.Series(assignment.fold).value_counts()
    np.testing.assert_allclose(sums, sizes.loc[sums.index.get_level_values(0)])
