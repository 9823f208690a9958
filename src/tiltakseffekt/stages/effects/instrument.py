"""How much an office uses a measure for others, as an instrument for who takes part (idea: Markussen and Røed 2014).

The estimate is a weighted average of the effects on those whom the practice of their office moves from no measure to
this one (Imbens and Angrist 1994; Blandhol, Bonney, Mogstad and Torgovitsky 2022), under conditions that nothing here
can test: which office one belongs to is as good as random given the covariates; its practice touches outcomes through
the measure alone; no practice moves anybody away from the measure; the practice moves nobody in or out of the other
measures, whose participants are left out; and the covariates are rich enough for the practice to be linear in them.
That is another parameter than the effect on all who take part.

Intervals are those of Anderson and Rubin (1949), which hold whatever the strength of the instrument. No library that we
know forms them with clusters; with one instrument they solve a quadratic in the moments of two regressions.
"""

from typing import Final, NamedTuple

import numpy as np
from linearmodels.iv import IV2SLS
from numpy.typing import NDArray
from scipy import stats
from threadpoolctl import threadpool_limits

from tiltakseffekt.stages.effects.matched import Estimates, with_constant
from tiltakseffekt.stages.effects.scores import FloatArray, IntArray, covariance, small_sample_factor

#: An instrument whose first stage has a smaller F counts as weak: with one instrument the clustered F is the effective
#: one, and this is its critical value for a bias of at most 10 per cent (Montiel Olea and Pflueger 2013). For intervals
#: of plus and minus 1.96 standard errors it would have to be 104.7 (Lee, McCrary, Moreira and Porter 2022).
WEAK_BELOW: Final = 23.1


class EffectSet(NamedTuple):
    """The effects that the test of Anderson and Rubin does not reject, for each outcome, shape (Q,).

    Parameters
    ----------
    shape
        ``between``: from `low` to `high`; ``outside``: up to `low` and from `high` on; ``everything``: no bound at all.
    low, high
        Unit of the outcome; missing with ``everything``.
    """

    shape: NDArray[np.str_]
    low: FloatArray
    high: FloatArray


class FirstStage(NamedTuple):
    """What the instrument says of who takes part.

    Parameters
    ----------
    coefficient, error
        Change in the probability of taking part when the share of others goes from 0 to 1, and its standard error.
    f
        Square of their ratio, clustered by office: the effective F, since there is one instrument.
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


class Instrumented(NamedTuple):
    """Estimates by two-stage least squares with their standard errors, intervals, and the first stage."""

    estimates: Estimates
    intervals: EffectSet
    stage: FirstStage


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


def anderson_rubin(slopes: FloatArray, joint: FloatArray, confidence: float) -> EffectSet:
    """Return the effects that are compatible with two regressions on the instrument.

    An effect b is rejected when the slope of the outcome minus b times that of treatment differs from zero: outcome
    less b times treatment would then depend on the instrument. That is a quadratic inequality in b. An instrument that
    says nothing of treatment rejects nothing.

    Parameters
    ----------
    slopes
        Of treatment, then of the outcomes, on the instrument, shape (1 + Q,).
    joint
        Their joint covariance, shape (1 + Q, 1 + Q).
    confidence
        Level; the statistic has one degree of freedom.
    """
    critical = float(stats.chi2.ppf(confidence, 1))
    squared = slopes[0] ** 2 - critical * joint[0, 0]
    middle = slopes[0] * slopes[1:] - critical * joint[0, 1:]
    level = slopes[1:] ** 2 - critical * np.diag(joint)[1:]
    root = np.sqrt(np.maximum(middle**2 - squared * level, 0.0))
    bounded = np.full(len(root), squared > 0)
    shape = np.where(bounded, "between", np.where((root > 0) & (squared < 0), "outside", "everything"))
    ends = np.stack([middle - root, middle + root]) / (squared if squared else np.nan)
    ends = np.where(shape == "everything", np.nan, np.sort(ends, axis=0))
    return EffectSet(shape, ends[0], ends[1])


def instrumented(
    x: FloatArray,
    treated: FloatArray,
    outcomes: FloatArray,
    instrument: FloatArray,
    office: IntArray,
    confidence: float,
) -> Instrumented | None:
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
    confidence
        Level of the intervals.

    Returns
    -------
    Instrumented
        Variances have the factor C/(C-1) · (N-1)/(N-k) of the regression with fixed effects. Nothing at all when the
        covariates leave no variation of the instrument, there is one office only, or no fewer parameters than persons.
    """
    design = with_constant(x)
    cluster = np.unique(office, return_inverse=True)[1]
    clusters = int(cluster.max()) + 1
    with threadpool_limits(1, user_api="blas"):
        # Covariates are taken out first (Frisch, Waugh and Lovell), once for all outcomes.
        columns = np.column_stack([treated, outcomes, instrument])
        fitted, _, rank, _ = np.linalg.lstsq(design, columns, rcond=None)
        left = columns - design @ fitted
        share = left[:, -1]
        if clusters < 2 or len(x) <= rank + 1 or share.std() < 1e-9:
            return None
        treatment, responses = left[:, 0], left[:, :-1]
        fits = [
            IV2SLS(outcome, None, treatment, share).fit(cov_type="clustered", clusters=office)
            for outcome in responses[:, 1:].T
        ]
    size = np.square(share).sum()
    slopes = (share[:, None] * responses).sum(axis=0) / size
    residuals = responses - share[:, None] * slopes
    factor = small_sample_factor(len(x), int(rank) + 1, clusters)
    joint = factor * covariance(share[:, None] * residuals * (len(x) / size), cluster)
    stage = FirstStage(
        coefficient=float(slopes[0]),
        error=float(np.sqrt(joint[0, 0])),
        f=float(slopes[0] ** 2 / joint[0, 0]),
        partial_r2=float(slopes[0] ** 2 * size / np.square(treatment).sum()),
        n=len(x),
        offices=clusters,
    )
    estimates = Estimates(
        np.array([float(fit.params.iloc[0]) for fit in fits]),
        np.sqrt(factor) * np.array([float(fit.std_errors.iloc[0]) for fit in fits]),
    )
    return Instrumented(estimates, anderson_rubin(slopes, joint, confidence), stage)
