"""Penalised linear models whose penalty is chosen by leaving out one row at a time, in the training rows alone."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.linear_model import LogisticRegression, RidgeCV

from tiltakseffekt.stages.matching.forest import Floats

#: Penalties per row, in units of standardised columns, from the strongest.
PENALTIES: Final = np.geomspace(10.0, 1e-4, 8)


def ridge_predictions(basis: Floats, y: Floats, basis_new: Floats) -> Floats:
    """Predict outcomes by ridge regressions, each with its own penalty, by leave-one-out squared error.

    Parameters
    ----------
    basis, basis_new
        Columns of the training and new rows, standardised, shape (rows, columns).
    y
        Outcomes of the training rows, shape (rows, outcomes).
    """
    model = RidgeCV(PENALTIES * len(basis), alpha_per_target=True).fit(basis, y)
    return np.asarray(model.predict(basis_new)).reshape(len(basis_new), y.shape[1])


def logit_index(basis: Floats, taken: npt.NDArray[np.bool_], basis_new: Floats) -> Floats:
    """Return the log odds of one of two arms in new rows, by a logit with a ridge penalty.

    The penalty is that with the least log loss when each row is left out in turn, which one Newton step from the fit
    to all rows approximates (Rad and Maleki 2020).

    Parameters
    ----------
    basis, basis_new
        Columns of the training and new rows, standardised, shape (rows, columns).
    taken
        Whether the training row is in the arm; both must occur.
    """
    model = LogisticRegression(solver="newton-cholesky", warm_start=True, tol=1e-5)
    best, least, worse = np.zeros(len(basis_new)), np.inf, 0
    for penalty in PENALTIES:
        model.set_params(C=1 / (penalty * len(basis))).fit(basis, taken)
        loss = _left_out_loss(basis, taken, model.decision_function(basis), penalty)
        worse = worse + 1 if loss >= least else 0
        if loss < least:
            best, least = model.decision_function(basis_new), loss
        if worse == 2:
            break
    return best


def _left_out_loss(basis: Floats, taken: npt.NDArray[np.bool_], index: Floats, penalty: float) -> float:
    design = np.column_stack([np.ones(len(basis)), basis])
    chance = expit(index)
    curvature = np.maximum(chance * (1 - chance), 1e-6)
    hessian = (design * curvature[:, None]).T @ design
    hessian[np.diag_indices_from(hessian)] += np.append(1e-8, np.full(basis.shape[1], penalty * len(basis)))
    leverage = np.einsum("ij,ij->i", design, np.linalg.solve(hessian, design.T).T)
    left_out = index + leverage * (chance - taken) / np.maximum(1 - curvature * leverage, 0.01)
    return float(np.logaddexp(0.0, np.where(taken, -left_out, left_out)).mean())
