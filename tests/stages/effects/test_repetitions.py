"""Repeated cross-fitting: medians and errors by hand, and what the tables make of several repetitions."""

import numpy as np
import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.stages.effects.repetitions import median_of_repetitions, rescaled
from tiltakseffekt.stages.matching.folds import assign_folds, of_repetition


def test_median_and_its_error_by_hand():
    """Three estimates 1, 2, 4 with errors 1, 1, 3: median 2, squared 1 + 1, 1 + 0, 9 + 4, of which the median is 2."""
    estimate, error = median_of_repetitions(np.array([[1.0], [2.0], [4.0]]), np.array([[1.0], [1.0], [3.0]]))
    assert estimate.tolist() == [2]
    assert error[0] == pytest.approx(np.sqrt(2))


def test_one_repetition_changes_nothing():
    values, errors = np.array([[0.1, 0.7]]), np.array([[0.3, 1e-9]])
    estimate, error = median_of_repetitions(values, errors)
    assert estimate.tolist() == values[0].tolist()
    assert error.tolist() == errors[0].tolist()


def test_rescaled_covariance_has_the_errors_and_the_correlations():
    factor = np.array([[1.0, 0.0], [0.6, 0.8]])
    joint = rescaled(factor @ factor.T, np.array([2.0, 3.0]))
    np.testing.assert_allclose(joint, [[4, 3.6], [3.6, 9]])
    assert rescaled(np.zeros((2, 2)), np.zeros(2)).tolist() == [[0, 0], [0, 0]]


def test_each_repetition_has_folds_of_its_own_and_the_first_those_of_the_sample():
    arm = pd.Series(np.repeat(["ikke_tiltak", "amo"], [60, 30]))
    sample = pd.DataFrame(
        {"person_id": [f"p{k:02d}" for k in range(90)], "arm": arm, "fold": assign_folds(arm, 5, 7, ARMS.all)}
    )
    first, seed = of_repetition(1, sample, 5, 7, ARMS.all)
    assert seed == 7
    pd.testing.assert_frame_equal(first, sample)
    second, second_seed = of_repetition(2, sample, 5, 7, ARMS.all)
    third, third_seed = of_repetition(3, sample, 5, 7, ARMS.all)
    assert len({seed, second_seed, third_seed}) == 3
    assert (first["fold"] != second["fold"]).any() and (second["fold"] != third["fold"]).any()
    again, _ = of_repetition(2, sample.sample(frac=1, random_state=1), 5, 7, ARMS.all)
    pd.testing.assert_frame_equal(second, again)
    assert pd.crosstab(second["arm"], second["fold"]).loc["amo"].tolist() == [6] * 5
