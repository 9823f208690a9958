"""One column at a time: what its values may be, and how text and categories become numbers."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from tiltakseffekt.core.errors import Fault
from tiltakseffekt.stages.effects.scores import FloatArray, IntArray

#: A text column with more levels than this, most of which occur once, is taken for an identifier; chosen.
_MANY_LEVELS: Final = 20

FILE: Final = "data"


class Coded(NamedTuple):
    """The place of each row's level, shape (N,), and the levels in their order."""

    codes: IntArray
    levels: tuple[Any, ...]


class Encoded(NamedTuple):
    """The columns that a covariate becomes: their names, and values of shape (N, columns)."""

    names: tuple[str, ...]
    values: FloatArray


def is_number(values: pd.Series) -> bool:
    """Return whether a column holds numbers, or true and false."""
    return pd.api.types.is_bool_dtype(values) or (
        pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_complex_dtype(values)
    )


def numbers(values: pd.Series) -> FloatArray:
    """Return a column of numbers, or of true and false, as numbers; missing ones as not a number."""
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def coded(values: pd.Series) -> Coded:
    """Return levels as numbers: in the order of the categories if there is one, else sorted; without missing values.

    >>> coded(pd.Series(["b", "a", "b"])).codes.tolist()
    [1, 0, 1]
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        present = set(values.unique())
        levels = [level for level in values.cat.categories if level in present]
    else:
        levels = list(values.unique())
        try:
            levels = sorted(levels)
        except TypeError:
            levels = sorted(levels, key=str)
    place = {level: number for number, level in enumerate(levels)}
    return Coded(np.array([place[value] for value in values], dtype=np.int64), tuple(levels))


def encode(name: str, values: pd.Series) -> Encoded:
    """Return a covariate as numbers.

    Numbers stay, true and false become 1 and 0. Text and categories become a column of 0 and 1 for each level that
    occurs, none left out, since forests and balanced weights want each level by itself; of two levels the second alone.
    """
    if is_number(values):
        return Encoded((name,), numbers(values)[:, None])
    codes, levels = coded(values)
    shown = range(1, 2) if len(levels) == 2 else range(len(levels))
    return Encoded(
        tuple(f"{name}={levels[place]}" for place in shown),
        np.column_stack([codes == place for place in shown]).astype(np.float64),
    )


def outcome_faults(name: str, values: pd.Series) -> Iterator[Fault]:
    """List what makes a column no outcome."""
    if not is_number(values):
        remedy = "Give numbers; an outcome of yes and no as 1 and 0."
        yield Fault(FILE, name, "an outcome must be numbers", len(values), remedy)
    else:
        yield from _infinite(name, values)


def covariate_faults(name: str, values: pd.Series) -> Iterator[Fault]:
    """List what makes a column no covariate."""
    if is_number(values):
        yield from _infinite(name, values)
    elif not (
        isinstance(values.dtype, pd.CategoricalDtype)
        or pd.api.types.is_string_dtype(values)
        or pd.api.types.is_object_dtype(values)
    ):
        rule = f"a covariate must be numbers, true or false, text or categories, not {values.dtype}"
        yield Fault(FILE, name, rule, len(values), "Turn it into a number, such as the days since a date.")
    else:
        counts = values.value_counts()
        counts = counts[counts > 0]
        if len(counts) > _MANY_LEVELS and (counts == 1).mean() > 0.5:
            rule = "most levels of this text occur once, as those of an identifier do"
            yield Fault(FILE, name, rule, len(counts), "Leave it out, or merge levels.")


def _infinite(name: str, values: pd.Series) -> Iterator[Fault]:
    if count := int(np.isinf(numbers(values)).sum()):
        yield Fault(FILE, name, "values are infinite", count, "Mend them, or make them missing.")
