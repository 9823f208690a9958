"""Covariates as the columns of a linear model that may bend: each covariate, and its excess over its quartiles."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_QUARTILES = (0.25, 0.5, 0.75)


class BasisRows(NamedTuple):
    """Columns of training and new rows, shape (rows, columns), centred and scaled by the training rows."""

    training: npt.NDArray[np.float64]
    new: npt.NDArray[np.float64]


def expand(x: npt.NDArray[np.float64], x_new: npt.NDArray[np.float64]) -> BasisRows:
    """Give each covariate that varies a line, and a bend at each quartile inside its range.

    Parameters
    ----------
    x, x_new
        Covariates of the training and the new rows, shape (rows, p); only the training rows decide on columns, knots
        and units.

    Returns
    -------
    BasisRows
        One column of zeros where no covariate varies.
    """
    parts, parts_new = [np.zeros((len(x), 0))], [np.zeros((len(x_new), 0))]
    for values, values_new in zip(x.T, x_new.T, strict=True):
        knots = np.unique(np.quantile(values, _QUARTILES, method="lower"))
        inside = knots[(values.min() < knots) & (knots < values.max())]
        for columns, rows in ((parts, values), (parts_new, values_new)):
            columns.append(np.column_stack([rows, np.maximum(rows[:, None] - inside, 0.0)]))
    training, new = np.hstack(parts), np.hstack(parts_new)
    spread = training.std(axis=0)
    varies = spread > 1e-9 * np.maximum(np.abs(training).max(axis=0, initial=0.0), 1.0)
    if not varies.any():
        return BasisRows(np.zeros((len(x), 1)), np.zeros((len(x_new), 1)))
    centre, unit = training[:, varies].mean(axis=0), spread[varies]
    return BasisRows((training[:, varies] - centre) / unit, (new[:, varies] - centre) / unit)
