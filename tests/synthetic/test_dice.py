"""Throws depend on what they are named after, and on nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.core.dice import roll
from tiltakseffekt.synthetic.dice import die, throw


@given(st.integers(0, 2**40), st.integers(0, 500), st.integers(0, 2**31))
def test_a_throw_is_the_same_alone_and_among_others(person: int, when: int, seed: int) -> None:
    thrown = die(seed, "use")
    among = throw(thrown, [person + 1, person, person + 2], when)
    assert roll(thrown, person, when) == among[1]
    assert among.min() >= 0 and among.max() < 1


def test_throws_are_even_and_unrelated() -> None:
    persons, months = np.arange(2000)[:, None], np.arange(200)
    first, other = throw(die(1, "a"), persons, months), throw(die(1, "b"), persons, months)
    counts = np.histogram(first, 20, (0, 1))[0]
    assert ((counts - counts.mean()) ** 2 / counts.mean()).sum() < 43.8  # chi-squared, 19 degrees: 99.9 per cent
    pairs = [(first, other), (first[1:], first[:-1]), (first[:, 1:], first[:, :-1])]
    for one, two in pairs:
        assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 4 / np.sqrt(one.size)
