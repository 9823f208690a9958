import numpy as np
import pytest

from tiltakseffekt.stages.matching.basis import expand


def test_a_covariate_gets_a_line_and_bends_at_its_quartiles():
    x = np.arange(9.0)[:, None]
    basis = expand(x, np.array([[10.0]]))
    # Quartiles 2, 4 and 6.
    raw = np.column_stack([x, np.maximum(x - 2, 0), np.maximum(x - 4, 0), np.maximum(x - 6, 0)])
    np.testing.assert_allclose(basis.training, (raw - raw.mean(axis=0)) / raw.std(axis=0))
    np.testing.assert_allclose(basis.new, (np.array([[10, 8, 6, 4]]) - raw.mean(axis=0)) / raw.std(axis=0))


def test_a_dummy_gets_no_bend_and_a_constant_no_column():
    x = np.column_stack([[0.0, 1, 1, 0, 1], np.full(5, 0.1)])
    assert expand(x, x).training.shape == (5, 1)


def test_new_rows_decide_nothing():
    x = np.arange(9.0)[:, None]
    np.testing.assert_array_equal(expand(x, x).training, expand(x, x * 1e6).training)


@pytest.mark.parametrize("x", [np.ones((3, 2)), np.ones((3, 0))])
def test_without_variation_there_is_a_column_of_zeros(x):
    basis = expand(x, x[:1])
    assert not basis.training.any() and basis.training.shape == (3, 1) and basis.new.shape == (1, 1)
