"""Folds of the cross-fitting, balanced within each arm."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.keys import CONTROL
from tiltakseffekt.core.randomness import named_generator, named_seed
from tiltakseffekt.stages.matching.forest import Ints

#: With four persons, two are left for training whatever the number of folds.
SMALLEST_ARM: Final = 4


def of_repetition(
    repetition: int, sample: pd.DataFrame, folds: int, seed: int, arms: Sequence[str]
) -> tuple[pd.DataFrame, int]:
    """Return the sample with the folds of a repetition of the cross-fitting, and the seed of all that is drawn in it.

    Those of the first stand in the sample. Each later one has a seed of its own, so that another repetition changes
    none before it.

    Parameters
    ----------
    repetition
        Number of the repetition, from 1.
    sample
        Schema SAMPLE.
    folds, seed, arms
        As in `assign_folds`.
    """
    if repetition == 1:
        return sample, seed
    own_seed = repetition_seed(repetition, seed)
    persons = sample.sort_values("person_id", ignore_index=True)
    return persons.assign(fold=assign_folds(persons["arm"], folds, own_seed, arms)), own_seed


def repetition_seed(repetition: int, seed: int) -> int:
    """Return the seed of a repetition of the cross-fitting, from 1; the first has that of the run."""
    return seed if repetition == 1 else named_seed(seed, "matching", "repetition", repetition)


def assign_folds(arm: pd.Series, folds: int, seed: int, arms: Sequence[str]) -> pd.Series:
    """Draw a fold for each person, at random and balanced within each arm (effektrapport_2024 line 2146; Knaus 2022).

    Parameters
    ----------
    arm
        Arm of each person, in the order of their identifiers.
    folds
        Number of folds.
    seed
        ``run.seed`` of the configuration.
    arms
        The arms of the evaluation, in whose order folds are filled.

    Returns
    -------
    pandas.Series of int
        0 ... folds - 1; within an arm the sizes of any two folds differ by one at most.

    Raises
    ------
    FaultsFound
        If an arm that occurs, or the control group, has too few persons for the folds.
    """
    counts = arm.value_counts()
    needed = max(folds, SMALLEST_ARM)
    present = [name for name in arms if name in counts or name == CONTROL]
    faults = [
        Fault(
            "sample",
            f"arm {name}",
            f"cross-fitting needs at least {needed} persons in an arm",
            int(counts.get(name, 0)),
            "Raise registers.scale, raise cohorts.smallest_group so that small groups go to annet, or lower "
            "matching.folds.",
        )
        for name in present
        if counts.get(name, 0) < needed
    ]
    if faults:
        raise FaultsFound(faults)
    return pd.Series(draw_folds(pd.Index(present).get_indexer(pd.Index(arm)), present, folds, seed), index=arm.index)


def draw_folds(arm: Ints, names: Sequence[str], folds: int, seed: int) -> Ints:
    """Draw folds as `assign_folds` does, of arms as the places of their names."""
    result = np.zeros(len(arm), dtype=np.intp)
    # The surplus of one arm goes on where that of the arm before ended, so that whole folds are balanced too.
    first = 0
    for code, name in enumerate(names):
        members = np.flatnonzero(arm == code)
        order = named_generator(seed, "matching", "folds", name).permutation(len(members))
        result[members[order]] = (first + np.arange(len(members))) % folds
        first = (first + len(members)) % folds
    return result
