"""How far the means of two groups lie apart, in a unit that all covariates share."""

import numpy as np

from tiltakseffekt.stages.matching.forest import Floats


def standardised_difference(own: Floats, controls: Floats, weights: Floats | None = None) -> Floats:
    """Return mean minus mean of the controls in standard deviations, shape (p,); zero where nothing varies.

    Parameters
    ----------
    own, controls
        Covariates of the two groups, shapes (n, p) and (m, p).
    weights
        Weights of the controls, shape (m,), with any positive sum; without them each counts alike.

    Returns
    -------
    array of float, shape (p,)
        The unit is the root of the mean of both groups' variances, which are unweighted in any case, so that weights
        move the numerator alone.
    """
    spread = np.sqrt((own.var(axis=0) + controls.var(axis=0)) / 2)
    # Not a matrix product, whose order of summation may depend on the number of threads.
    mean = controls.mean(axis=0) if weights is None else (controls * weights[:, None]).sum(axis=0) / weights.sum()
    difference: Floats = (own.mean(axis=0) - mean) / np.where(spread > 0, spread, np.inf)
    return difference
