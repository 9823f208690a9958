"""Which cells rest on too few persons, on all but too few of a group, or on too small a group."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Zeros:
    """Whether zeros count as too few: a setting of the data owner, or what a comparison can do with them.

    Parameters
    ----------
    nobody
        Nobody is in the cell.
    everybody
        All of its group are in the cell, and nobody is outside it.
    no_group
        Nobody is in its group.
    """

    nobody: bool
    everybody: bool
    no_group: bool

    @classmethod
    def all(cls, few: bool) -> "Zeros":
        """Return one answer for all three."""
        return cls(few, few, few)


def too_few(count: pd.Series, base: pd.Series, threshold: int, zeros: Zeros) -> pd.Series:
    """Return which cells rest on fewer persons than the threshold, on all but fewer of a group or on a smaller group.

    Parameters
    ----------
    count, base
        Persons in the cells and in their groups; missing where there are none to tell of.
    threshold
        Fewest persons.
    zeros
        Whether zeros are too few.

    >>> no_zeros = Zeros.all(False)
    >>> too_few(pd.Series([4, 0, 97, 100]), pd.Series([None, 9, 100, 100]), 5, no_zeros).tolist()
    [True, False, True, False]
    """
    few = pd.Series(False, index=count.index)
    for persons, zero in ((count, zeros.nobody), (base - count, zeros.everybody), (base, zeros.no_group)):
        few |= persons.between(0 if zero else 1, threshold - 1).fillna(False).astype(bool)
    return few
