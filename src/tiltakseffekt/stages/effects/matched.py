"""Controls that stand for the treated: weights by matching on one number or by balancing, and what they compare.

Weights depend on covariates and arms alone, so one set serves all outcomes. Notation: n_t treated and n_c controls,
p covariates, Q outcomes.
"""

from typing import Final, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from tiltakseffekt.stages.effects.balancing import balanced_weights
from tiltakseffekt.stages.effects.scores import FloatArray, IntArray

#: The radius is this multiple of a quantile of the distances to the nearest control: the defaults of the program
#: ``radiusmatch`` of Huber, Lechner and Steinmayr (2015).
RADIUS_MULTIPLE: Final = 3.0
RADIUS_QUANTILE: Final = 0.9


class Estimates(NamedTuple):
    """Average effects and their standard errors, each of shape (Q,), in the unit of the outcomes."""

    values: FloatArray
    errors: FloatArray


class ControlRegression(NamedTuple):
    """Least squares of the outcomes on a constant and covariates among the controls.

    Parameters
    ----------
    design
        Constant and covariates of the controls, shape (n_c, p + 1).
    outcomes
        Shape (n_c, Q).
    inverse
        Pseudo-inverse of the cross product of the design, shape (p + 1, p + 1).
    coefficients
        Shape (p + 1, Q).
    freedom
        Controls beyond the parameters that they determine. Without any the regression goes through every control and
        says nothing.
    """

    design: FloatArray
    outcomes: FloatArray
    inverse: FloatArray
    coefficients: FloatArray
    freedom: int

    def predict(self, design: FloatArray) -> FloatArray:
        """Return what the regression expects without treatment."""
        # Sums in one order, whatever the threads of the linear algebra; so too below.
        with threadpool_limits(1, user_api="blas"):
            predicted: FloatArray = design @ self.coefficients
        return predicted


def with_constant(x: FloatArray) -> FloatArray:
    """Return covariates, shape (n, p), behind a column of ones."""
    return np.column_stack([np.ones(len(x)), x])


def fit_controls(x: FloatArray, outcomes: FloatArray) -> ControlRegression:
    """Fit the outcomes of the controls, shape (n_c, Q), to their covariates, shape (n_c, p)."""
    design = with_constant(x)
    with threadpool_limits(1, user_api="blas"):
        # Covariates depend on each other exactly; what rounding leaves of such a direction is no direction.
        products = design.T @ design
        inverse: FloatArray = np.asarray(np.linalg.pinv(products, 1e-12, hermitian=True), np.float64)
        freedom = len(design) - int(np.linalg.matrix_rank(products, rtol=1e-12, hermitian=True))
        return ControlRegression(design, outcomes, inverse, inverse @ (design.T @ outcomes), freedom)


def nearest_weights(treated: FloatArray, controls: FloatArray) -> FloatArray:
    """Give each treated person the control with the nearest number, with replacement.

    Parameters
    ----------
    treated, controls
        The number that is matched on, shapes (n_t,) and (n_c,).

    Returns
    -------
    ndarray, shape (n_c,)
        Weights with sum one. Controls with the same number share what one of them would have.
    """
    order = np.argsort(controls, kind="stable")
    ranked = controls[order]
    first, last = _equals(ranked, ranked[_nearest(treated, ranked)])
    weights = np.zeros(len(controls))
    for start, stop in zip(first, last, strict=True):
        weights[order[start:stop]] += 1 / (stop - start)
    return weights / len(treated)


def radius_weights(treated: FloatArray, controls: FloatArray) -> FloatArray:
    """Give each treated person all controls within a radius, the nearer the more; failing those, the nearest one.

    Parameters
    ----------
    treated, controls
        The number that is matched on, shapes (n_t,) and (n_c,).

    Returns
    -------
    ndarray, shape (n_c,)
        Weights with sum one; those of the controls of one person fall linearly to zero at the radius.
    """
    order = np.argsort(controls, kind="stable")
    ranked = controls[order]
    nearest = ranked[_nearest(treated, ranked)]
    radius = RADIUS_MULTIPLE * np.quantile(np.abs(treated - nearest), RADIUS_QUANTILE)
    starts = np.searchsorted(ranked, treated - radius)
    stops = np.searchsorted(ranked, treated + radius, side="right")
    first, last = _equals(ranked, nearest)
    weights = np.zeros(len(controls))
    for person, value in enumerate(treated):
        inside = slice(starts[person], stops[person])
        closeness = np.maximum(radius - np.abs(ranked[inside] - value), 0.0)
        if (total := closeness.sum()) > 0:
            weights[inside] += closeness / total
        else:
            weights[first[person] : last[person]] += 1 / (last[person] - first[person])
    back = np.empty_like(weights)
    back[order] = weights / len(treated)
    return back


def _nearest(treated: FloatArray, ranked: FloatArray) -> IntArray:
    """Return the place of the nearest number among ranked ones; of two at the same distance the lower."""
    above = np.searchsorted(ranked, treated).clip(max=len(ranked) - 1)
    below = (above - 1).clip(min=0)
    return np.where(np.abs(treated - ranked[below]) <= np.abs(ranked[above] - treated), below, above)


def _equals(ranked: FloatArray, values: FloatArray) -> tuple[IntArray, IntArray]:
    """Return where the numbers equal to each value begin and end."""
    return np.searchsorted(ranked, values), np.searchsorted(ranked, values, side="right")


def entropy_weights(treated: FloatArray, controls: FloatArray) -> FloatArray:
    """Return weights as equal as they can be under which the controls have the means of the treated (Hainmueller 2012).

    Parameters
    ----------
    treated, controls
        Covariates, shapes (n_t, p) and (n_c, p).

    Returns
    -------
    ndarray, shape (n_c,)
        Weights with sum one. What imbalance may remain is weighed as in the balanced weights of the scores, since the
        means of a small group need not be means of any weighted controls.
    """
    spread = np.concatenate([treated, controls]).std(axis=0)
    varies = spread > 0
    return balanced_weights(
        np.ones(len(controls)),
        controls[:, varies] / spread[varies],
        (treated[:, varies] / spread[varies]).mean(axis=0),
        1 / min(len(treated), len(controls)),
    )


def weighted_difference(
    x: FloatArray, outcomes: FloatArray, weights: FloatArray, regression: ControlRegression, *, adjust: bool
) -> Estimates:
    """Compare the treated with weighted controls.

    Parameters
    ----------
    x, outcomes
        Covariates and outcomes of the treated, shapes (n_t, p) and (n_t, Q).
    weights
        Weights of the controls with sum one, shape (n_c,); all zero, with `adjust`, to compare the treated with what
        the regression expects of them and nothing else.
    regression
        Fit to all controls.
    adjust
        Whether what remains between the covariates of the treated and of the weighted controls is taken out by the
        regression (Abadie and Imbens 2011).

    Returns
    -------
    Estimates
        Errors take the weights as given. They rest on residuals of the regression in either case, since what it
        explains is equal on both sides (Zhao and Percival 2017 for entropy balancing). Missing when the regression
        has no fewer parameters than there are controls.
    """
    if regression.freedom < 1:
        missing = np.full(outcomes.shape[1], np.nan)
        return Estimates(missing, missing)
    design = with_constant(x)
    of_treated = outcomes - regression.predict(design)
    of_controls = regression.outcomes - regression.predict(regression.design)
    pull = weights
    if adjust:
        gap = design.mean(axis=0) - (weights[:, None] * regression.design).sum(axis=0)
        with threadpool_limits(1, user_api="blas"):
            pull = weights + regression.design @ (regression.inverse @ gap)
    # Not dot products, whose order of summation may depend on the number of threads.
    level = (weights[:, None] * of_controls).sum(axis=0)
    variance = of_treated.var(axis=0) / len(x) + np.square(pull[:, None] * (of_controls - level)).sum(axis=0)
    values = outcomes.mean(axis=0) - (pull[:, None] * regression.outcomes).sum(axis=0)
    return Estimates(values, np.sqrt(variance))
