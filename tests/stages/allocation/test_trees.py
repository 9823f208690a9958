"""The exact search against brute force, planted rules, ties, and smallest groups."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiltakseffekt.stages.allocation.trees import Split, Tree, best_tree, pair_sums

LEVELS = 3


def _value(tree, codes, rewards, prices, smallest):
    group = tree.groups(codes)
    total = 0.0
    for own in (group == g for g in np.unique(group)):
        if own.sum() < smallest:
            return -np.inf
        total += (rewards[own] - prices).sum(axis=0).max()
    return total


def _brute_force(codes, rewards, prices, smallest, depth):
    splits = [Split(*at) for at in product(range(codes.shape[1]), range(LEVELS))]
    sides = [None, *splits] if depth == 2 else [None]
    trees = [Tree(), *(Tree(root, both) for root in splits for both in product(sides, sides))]
    return max(_value(tree, codes, rewards, prices, smallest) for tree in trees)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from([1, 2]), st.sampled_from([1, 4]))
def test_the_search_finds_what_brute_force_finds(seed, depth, smallest):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, LEVELS, (24, 3))
    rewards = rng.normal(size=(24, 3))
    prices = np.array([0.0, *rng.exponential(size=2)])
    tree, value = best_tree(pair_sums(codes, rewards, LEVELS), prices, smallest, depth)
    assert value == pytest.approx(_brute_force(codes, rewards, prices, smallest, depth))
    assert value == pytest.approx(_value(tree, codes, rewards, prices, smallest))


def test_sums_of_pairs_by_hand():
    codes = np.array([[0, 1], [0, 1], [2, 0]])
    sums = pair_sums(codes, np.array([[1.0, 5.0], [2.0, 6.0], [3.0, 7.0]]), LEVELS)
    assert sums[0, 0, 1, 1].tolist() == [3, 11, 2]
    assert sums[1, 1, 0, 0].tolist() == [3, 11, 2]
    assert sums[0, 2, 0, 2].tolist() == [3, 7, 1]
    assert sums[0, 0, 0, 2].tolist() == [0, 0, 0]


def test_a_planted_rule_is_found():
    codes = np.array([*product(range(LEVELS), range(LEVELS), range(LEVELS))])
    wanted = np.where(codes[:, 1] > 0, np.where(codes[:, 2] > 1, 2, 1), 0)
    tree, value = best_tree(pair_sums(codes, np.eye(3)[wanted], LEVELS), np.zeros(3), 1, 2)
    assert value == len(codes)
    assert tree == Tree(Split(1, 0), (None, Split(2, 1)))


def test_nobody_is_divided_for_nothing_and_of_equal_features_the_first_counts():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, LEVELS, (50, 2))
    same = np.column_stack([codes[:, 0], codes[:, 0], codes[:, 1]])
    assert best_tree(pair_sums(same, np.ones((50, 2)), LEVELS), np.zeros(2), 1, 2) == (Tree(), 50.0)
    rewards = np.eye(2)[(codes[:, 0] > 0).astype(int)] * 0.1
    tree, _ = best_tree(pair_sums(same, rewards, LEVELS), np.zeros(2), 1, 2)
    assert tree == Tree(Split(0, 0), (None, None))


def test_an_arm_with_an_infinite_price_is_never_chosen():
    rewards = np.array([[0.0, 9.0, 1.0]] * 4)
    _, value = best_tree(pair_sums(np.zeros((4, 1), dtype=int), rewards, 2), np.array([0, np.inf, 0]), 1, 1)
    assert value == 4.0
