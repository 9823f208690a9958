import numpy as np
import pytest

from tiltakseffekt.stages.matching.stacking import least_squares_weights, mix, mixture_weights


def test_least_squares_weights_by_hand():
    # Errors of the two learners are orthogonal, with squares 1 and 4: weights 4/5 and 1/5.
    y = np.array([[0.0], [3.0]])
    weights = least_squares_weights([np.array([[1.0], [3.0]]), np.array([[0.0], [5.0]])], y)
    np.testing.assert_allclose(weights, [0.8, 0.2], atol=1e-8)


def test_the_better_learner_is_picked_and_none_is_subtracted():
    random = np.random.default_rng(1)
    y = random.standard_normal((500, 2)) * [1, 1000]
    good, bad = y + 0.1 * y.std(axis=0) * random.standard_normal(y.shape), -y
    weights = least_squares_weights([bad, good, bad], y)
    assert weights.sum() == pytest.approx(1) and (weights >= 0).all()
    assert weights[1] > 0.9


def test_outcomes_count_by_their_standardised_errors():
    random = np.random.default_rng(2)
    y = random.standard_normal((300, 2)) * [1, 1e6]
    errors = np.array([0.1, 1e5])
    predictions = [y + errors, y + errors * random.choice([-1, 1], (300, 2))]
    same_unit = [p / [1, 1e6] for p in predictions]
    np.testing.assert_allclose(
        least_squares_weights(predictions, y), least_squares_weights(same_unit, y / [1, 1e6]), atol=1e-9
    )


def test_a_constant_outcome_and_perfect_learners_give_weights():
    y = np.ones((5, 1))
    assert least_squares_weights([y, y], y).sum() == pytest.approx(1)
    assert least_squares_weights([np.arange(5.0)[:, None]] * 2, np.arange(5.0)[:, None]).sum() == pytest.approx(1)


def test_mixture_weights_reach_the_highest_likelihood():
    random = np.random.default_rng(4)
    arm = random.integers(3, size=400)
    one = random.dirichlet(np.ones(3), 400)
    two = random.dirichlet(np.ones(3), 400) * 0.5 + 0.5 * np.eye(3)[arm]
    weights = mixture_weights([one, two], arm)

    def log_likelihood(share):
        return np.log(mix([one, two], np.array([share, 1 - share]))[np.arange(400), arm]).mean()

    assert weights.sum() == pytest.approx(1)
    assert log_likelihood(weights[0]) >= max(log_likelihood(share) for share in np.linspace(0, 1, 101)) - 1e-6
