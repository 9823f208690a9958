"""Limited places: against the linear program, never more than there are, and the shares of groups by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from tiltakseffekt.stages.allocation.capacity import assign_persons, share_places, tree_within
from tiltakseffekt.stages.allocation.trees import pair_sums


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_persons_are_assigned_as_the_best_matching_does(seed):
    rng = np.random.default_rng(seed)
    rewards = rng.normal(size=(30, 4))
    places = np.array([np.inf, *rng.integers(0, 12, 3)])
    shares = assign_persons(rewards, places)
    assert (shares.sum(axis=0) <= places + 1e-9).all()
    assert shares.sum(axis=1) == pytest.approx(1)
    seats = np.repeat(np.arange(4), [30, *places[1:].astype(int)])
    rows, columns = linear_sum_assignment(-rewards[:, seats])
    best = rewards[rows, seats[columns]].sum()
    assert (shares * rewards).sum() == pytest.approx(best, rel=1e-5)


def test_the_unit_of_the_rewards_does_not_matter():
    """Sums of some billions beside shares made the solver give up."""
    rng = np.random.default_rng(5)
    rewards = rng.normal(size=(4000, 12)).cumsum(axis=1)
    places = np.array([np.inf, *rng.integers(0, 600, 11)])
    months, kroner = (assign_persons(rewards * unit, places) for unit in (1.0, 1e7))
    assert (kroner * rewards).sum() == pytest.approx((months * rewards).sum(), rel=1e-5)
    sums = rewards.reshape(4, 1000, 12).sum(axis=1)
    _, prices, value = share_places(sums, np.full(4, 1000.0), places)
    _, in_kroner, value_in_kroner = share_places(sums * 1e7, np.full(4, 1000.0), places)
    np.testing.assert_allclose(in_kroner, prices * 1e7, atol=1e-1)
    assert value_in_kroner == pytest.approx(value * 1e7)


def test_equals_share_the_places():
    shares = assign_persons(np.array([[0.0, 1.0]] * 10), np.array([np.inf, 3]))
    assert shares.sum(axis=0) == pytest.approx([7, 3])
    forbidden = np.array([[0.0, -np.inf]] * 3)
    assert assign_persons(forbidden, np.array([np.inf, 1])).tolist() == [[1, 0]] * 3


def test_groups_share_places_by_hand():
    """Ten persons gain 3 each from the arm, ten 1 each; twelve places: all of the first group, two of the second."""
    sums = np.array([[0.0, 30.0], [0.0, 10.0], [0.0, 0.0]])
    shares, prices, value = share_places(sums, np.array([10.0, 10.0, 0.0]), np.array([np.inf, 12.0]))
    np.testing.assert_allclose(shares, [[0, 1], [0.8, 0.2], [1, 0]], atol=1e-9)
    assert value == pytest.approx(32)
    assert prices.tolist() == pytest.approx([0, 1])


def test_without_limits_each_group_gets_its_best_arm():
    shares, prices, _ = share_places(np.array([[0.0, -np.inf, 2.0]]), np.array([4.0]), np.full(3, np.inf))
    assert shares.tolist() == [[0, 0, 1]]
    assert prices.tolist() == [0, 0, 0]


@given(st.integers(0, 1000))
@settings(max_examples=20)
def test_a_tree_keeps_within_the_places(seed):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, (60, 3))
    rewards = rng.normal(size=(60, 4)) + codes[:, :1] * [0, 1, 0.5, 0]
    places = np.array([np.inf, 10, 5, 20])
    offered = np.array([True, True, True, False])
    tree, shares = tree_within(pair_sums(codes, rewards, 3), codes, rewards, offered, places, 3, 2)
    given_ = np.bincount(tree.groups(codes), minlength=4) @ shares
    assert (given_ <= places + 1e-6).all()
    assert given_[3] == 0
    assert shares.sum(axis=1) == pytest.approx(1)
    one_group = share_places(np.where(offered, rewards.sum(axis=0), -np.inf)[None], np.array([60.0]), places)[2]
    by_group = np.array([rewards[tree.groups(codes) == group].sum(axis=0) for group in range(4)])
    assert (shares * by_group).sum() >= one_group - 1e-6
