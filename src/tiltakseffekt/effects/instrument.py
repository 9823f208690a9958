"""How much an office uses a measure for others, as an instrument for who takes part (idea: Markussen and Røed 2014).

The estimate is the effect on those whom the practice of their office moves (Imbens and Angrist 1994), if the practice
touches outcomes through the measure alone. That is another parameter than the effect on all who take part.
"""

from typing import Final, NamedTuple

import numpy as np
from linearmodels.iv import IV2SLS
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tiltakseffekt.effects.matched import Estimates, with_constant
from tiltakseffekt.effects.scores import FloatArray, IntArray

#: An instrument whose first stage has a smaller F counts as weak: the rule of thumb of Staiger and Stock (1997).
WEAK_BELOW: Final = 10.0


class FirstStage(NamedTuple):
    """What the instrument says of who takes part.

    Parameters
    ----------
    coefficient, error
        Change in the probability of taking part when the share of others goes from 0 to 1, and its standard error.
    f
        Square of their ratio, clustered by office: F with one instrument.
    partial_r2
        Share of the variance of treatment, given the covariates, that the instrument explains.
    n, offices
        Persons who count, and their offices.
    """

    coefficient: float
    error: float
    f: float
    partial_r2: float
    n: int
    offices: int

    @property
    def weak(self) -> bool:
        """Return whether it says too little, or that persons take part the less the more others do: no practice."""
        return self.coefficient <= 0 or self.f < WEAK_BELOW


def share_of_others(treated: NDArray[np.bool_], office: IntArray) -> FloatArray:
    """Return the share of the other persons of the office who are on the measure.

    Parameters
    ----------
    treated
        Who is on the measure, shape (N,).
    office
        Office of each person, from 0, shape (N,); a negative number where it is not known.

    Returns
    -------
    ndarray, shape (N,)
        Missing for those who are alone in their office or have none.
    """
    share = np.full(len(office), np.nan)
    known = office >= 0
    others = np.bincount(office[known])[office[known]] - 1
    on_measure = np.bincount(office[known], treated[known])[office[known]] - treated[known]
    share[known] = np.divide(on_measure, others, out=np.full(len(others), np.nan), where=others > 0)
    return share


def instrumented(
    x: FloatArray, treated: FloatArray, outcomes: FloatArray, instrument: FloatArray, office: IntArray
) -> tuple[Estimates, FirstStage] | None:
    """Estimate by two-stage least squares with one instrument; errors clustered by office.

    Parameters
    ----------
    x
        Covariates that are held constant, shape (N, p); they may depend on each other.
    treated, instrument
        Shape (N,).
    outcomes
        Shape (N, Q).
    office
        Shape (N,).

    Returns
    -------
    estimates : Estimates
        Shape (Q,).
    first_stage : FirstStage
        Nothing at all when the covariates leave no variation of the instrument, or there is one office only.
    """
    design = with_constant(x)
    with threadpool_limits(1, user_api="blas"):
        # Covariates are taken out first (Frisch, Waugh and Lovell), once for all outcomes.
        columns = np.column_stack([treated, instrument, outcomes])
        left = columns - design @ np.linalg.lstsq(design, columns, rcond=None)[0]
        if len(np.unique(office)) < 2 or left[:, 1].std() < 1e-9:
            return None
        treatment, share = left[:, 0], left[:, 1]
        stage = IV2SLS(treatment, share, None, None).fit(cov_type="clustered", clusters=office)
        fits = [
            IV2SLS(outcome, None, treatment, share).fit(cov_type="clustered", clusters=office)
            for outcome in left[:, 2:].T
        ]
    coefficient, error = float(stage.params.iloc[0]), float(stage.std_errors.iloc[0])
    estimates = Estimates(
        np.array([float(fit.params.iloc[0]) for fit in fits]), np.array([float(fit.std_errors.iloc[0]) for fit in fits])
    )
    f = (coefficient / error) ** 2
    return estimates, FirstStage(coefficient, error, f, float(stage.rsquared), len(x), len(np.unique(office)))
