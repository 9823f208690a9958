import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tiltakseffekt.stages.matching.bins import BINS, bin_edges, bin_rows


@given(st.lists(st.integers(-400, 400), min_size=1, max_size=500), st.integers(1, 9))
@settings(deadline=None)
def test_bins_keep_the_order_and_are_exact_for_few_levels(values, width):
    x = np.array(values, dtype=float)[:, None] // width
    codes = bin_rows(x, x).training[0]
    levels = len(np.unique(x))
    assert codes.max() == min(levels, BINS) - 1
    assert len(np.unique(codes)) == min(levels, BINS)
    order = np.argsort(x[:, 0], kind="stable")
    assert (np.diff(codes[order].astype(int)) >= 0).all()


def test_many_levels_are_divided_evenly():
    counts = np.bincount(bin_rows(np.arange(25500.0)[:, None], np.zeros((1, 1))).training[0])
    assert len(counts) == BINS and counts.min() == counts.max() == 100


def test_a_value_that_many_share_has_a_bin_of_its_own():
    """Nine of ten have zero, the others values of their own below and above: 254 bins are left for them."""
    x = np.concatenate([np.zeros(9000), np.linspace(-2, -1, 500), np.linspace(1, 2, 500)])
    codes = bin_rows(x[:, None], np.zeros((1, 1))).training[0]
    assert len(np.unique(codes)) == BINS
    assert len(np.unique(codes[:9000])) == 1 and codes[0] not in codes[9000:]


def test_new_values_go_to_the_nearest_level():
    assert bin_rows(np.array([[1.0], [2], [4]]), np.array([[-9.0], [1.4], [1.6], [3.1], [9]])).new[0].tolist() == [
        0,
        0,
        1,
        2,
        2,
    ]


def test_a_constant_covariate_has_no_edges():
    assert len(bin_edges(np.full(5, 3.0))) == 0
