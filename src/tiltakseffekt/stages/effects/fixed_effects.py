"""Regression with fixed effects for NAV office and start month, of one measure against the controls."""

import numpy as np
import pandas as pd

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.effects.comparators import Mask
from tiltakseffekt.stages.effects.matched import Estimates
from tiltakseffekt.stages.effects.ols import fit_several
from tiltakseffekt.stages.effects.scores import FloatArray, IntArray


def month_dummies(month: IntArray) -> FloatArray:
    """Return an indicator for each month but the first, shape (N, months - 1)."""
    indicators: FloatArray = (month[:, None] == np.unique(month)[1:]).astype(np.float64)
    return indicators


def fixed_effects(
    x: FloatArray, treated: FloatArray, outcomes: FloatArray, office: IntArray, month: IntArray
) -> tuple[Estimates, Mask]:
    """Regress outcomes on treatment, covariates, and effects of office and month; errors clustered by office.

    Offices are swept out and months are indicators: with one effect swept out, errors do not depend on the hash seed of
    the process (see `fit_several`).

    Parameters
    ----------
    x
        Covariates, shape (N, p).
    treated
        One for the treated and zero for the controls, shape (N,).
    outcomes
        Shape (N, Q).
    office, month
        Office and month of each person, shape (N,).

    Returns
    -------
    estimates : Estimates
        Coefficients of treatment: effects averaged with weights by the variance of treatment given the rest, which need
        not be those of the treated (Angrist 1998). Missing when too few persons share an office.
    several : ndarray of bool, shape (N,)
        Who counts: those who are alone in their office do not.
    """
    several = np.bincount(office)[office] > 1
    missing = Estimates(np.full(outcomes.shape[1], np.nan), np.full(outcomes.shape[1], np.nan))
    months = month_dummies(month[several])
    held = {f"x{place}": column for place, column in enumerate(np.column_stack([x[several], months]).T)}
    if several.sum() <= len(np.unique(office[several])) + len(held) + 1:
        return missing, several
    measured = {f"y{place}": column for place, column in enumerate(outcomes[several].T)}
    data = pd.DataFrame({"treated": treated[several], "office": office[several], **held, **measured})
    try:
        fits = fit_several(
            data,
            list(measured),
            ["treated"],
            vcov="CRV1",
            fixed_effects=["office"],
            cluster="office",
            controls=list(held),
        )
    except FaultsFound:
        # Treatment is the same for everybody in an office and month: nothing is left to compare.
        return missing, several
    found = [fit.table.loc["treated"] for fit in fits]
    return Estimates(np.array([row["estimate"] for row in found]), np.array([row["se"] for row in found])), several
