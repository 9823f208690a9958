"""Overlap: who is kept for the effects and how small a probability may be. The one place where either is decided.

Learners return probabilities as they are. A rule of trimming leaves persons out and so changes whom the effects are
about; the floor (clipping) keeps everybody and limits single weights.
"""

import logging
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.keys import arms_of, propensity_column
from tiltakseffekt.stages.matching.forest import Floats
from tiltakseffekt.stages.matching.samples import arm_codes
from tiltakseffekt.stages.matching.settings import OverlapSettings

LOGGER = logging.getLogger("tiltakseffekt.stages.matching")

Bools = npt.NDArray[np.bool_]

#: Fewest of the largest weights that are told of, together.
_LARGEST: Final = 5


class Restricted(NamedTuple):
    """The sample that the effects are about, its bounded propensities, and what the rule did to each arm."""

    sample: pd.DataFrame
    propensities: pd.DataFrame
    trimming: pd.DataFrame


def restrict_overlap(
    sample: pd.DataFrame, propensities: Sequence[pd.DataFrame], settings: OverlapSettings
) -> Restricted:
    """Leave out persons by the rule of trimming, then raise small probabilities to the floor.

    Parameters
    ----------
    sample
        Schema SAMPLE, before trimming.
    propensities
        Schema PROPENSITIES, one table for each repetition of the cross-fitting, on the persons of the sample. The rule
        looks at their mean over the repetitions, so that all repetitions are about the same persons.
    settings
        Rule and floor.

    Returns
    -------
    Restricted
        Schemas SAMPLE, BOUNDED_PROPENSITIES and TRIMMING.

    Raises
    ------
    FaultsFound
        If nobody is left in an arm, or a person has a probability of zero for the own arm.
    """
    persons = sample.sort_values("person_id", ignore_index=True)
    arms = arms_of(propensities[0])
    columns = [propensity_column(arm) for arm in arms]
    by_person = [table.set_index("person_id").loc[persons["person_id"]] for table in propensities]
    raw = np.stack([table[columns].to_numpy(dtype=np.float64) for table in by_person])
    arm = arm_codes(persons, arms)
    kept = kept_persons(raw.mean(axis=0), arm, settings)
    bounded = np.stack([raised(values, settings.clip) for values in raw[:, kept]])
    if faults := _faults(arms, arm[kept], bounded):
        raise FaultsFound(faults)
    lifted = raw[:, kept].min(axis=0) < settings.clip
    trimming = pd.DataFrame(
        {
            "arm": arms,
            "rule": settings.trim,
            "n": np.bincount(arm, minlength=len(arms)),
            "trimmed": np.bincount(arm[~kept], minlength=len(arms)),
            "raised": lifted.sum(axis=0),
            "raised_own": [int(lifted[arm[kept] == k, k].sum()) for k in range(len(arms))],
        }
    )
    LOGGER.info("overlap: %d of %d persons left out (rule %s)", (~kept).sum(), len(kept), settings.trim)
    tables = [
        table.loc[kept, ["fold"]]
        .reset_index()
        .assign(repetition=repetition, **dict(zip(columns, values.T, strict=True)))
        for repetition, (table, values) in enumerate(zip(by_person, bounded, strict=True), 1)
    ]
    return Restricted(persons[kept].reset_index(drop=True), pd.concat(tables, ignore_index=True), trimming)


def kept_persons(propensities: Floats, arm: npt.NDArray[np.int64], settings: OverlapSettings) -> Bools:
    """Apply the rule of trimming.

    Parameters
    ----------
    propensities
        Probability of each arm, shape (N, K).
    arm
        Arm of each person, 0 … K-1, shape (N,).
    settings
        The rule.

    Returns
    -------
    array of bool, shape (N,)
        Who is kept.
    """
    match settings.trim:
        case "none":
            return np.ones(len(arm), dtype=np.bool_)
        case "fixed":
            return propensities.min(axis=1) >= settings.trim_below
        case "crump":
            return smallest_variance_set(propensities)
        case "common_support":
            return common_support(propensities, arm)


def smallest_variance_set(propensities: Floats) -> Bools:
    """Keep the persons among whom effects can be estimated most exactly (Crump et al. 2009).

    With equal variances of the outcome, the variance of the average effects over a set of persons is that of the mean
    of the sum over arms of 1/e_k(X) there, over their share. The best set holds those whose sum is below a threshold;
    with two arms this is the rule of Crump, Hotz, Imbens and Mitnik (2009), with more that of Yang et al. (2016).
    """
    with np.errstate(divide="ignore"):
        cost = (1 / propensities).sum(axis=1)
    ordered = np.sort(cost)
    size = np.arange(1, len(cost) + 1)
    # Persons with equal costs are kept or left out together: a set ends where the next cost is larger.
    ends = np.append(ordered[1:] > ordered[:-1], True) & np.isfinite(ordered)
    variance = np.where(ends, ordered.cumsum() / size**2, np.inf)
    # The last of equal minima, so that nobody is left out for nothing.
    best = len(cost) - 1 - int(np.argmin(variance[::-1]))
    return cost <= ordered[best]


def common_support(propensities: Floats, arm: npt.NDArray[np.int64]) -> Bools:
    """Keep the persons each of whose probabilities lies in the range that all arms have in common.

    For each probability: from the largest of the arms' minima to the smallest of their maxima (Lechner and
    Strittmatter 2019).
    """
    members = [propensities[arm == k] for k in np.unique(arm)]
    low = np.max([own.min(axis=0) for own in members], axis=0)
    high = np.min([own.max(axis=0) for own in members], axis=0)
    return np.minimum(propensities - low, high - propensities).min(axis=1) >= 0


def pairwise_support(propensities: Floats, arm: npt.NDArray[np.int64], treated: int, control: int) -> Bools:
    """Keep the persons whose odds of one arm against another lie in the range that these two have in common.

    The probability is that of the one arm given that it is either (Lechner 2001), the range goes from the larger of the
    two minima to the smaller of the two maxima (Dehejia and Wahba 1999). Persons of other arms are judged alike.
    """
    either = propensities[:, treated] + propensities[:, control]
    share = np.divide(propensities[:, treated], either, out=np.full(len(either), np.nan), where=either > 0)
    members = [share[arm == k] for k in (treated, control)]
    low, high = max(own.min() for own in members), min(own.max() for own in members)
    return (share >= low) & (share <= high)


def raised(shares: Floats, smallest: float) -> Floats:
    """Raise shares under `smallest` to it; the others of the row give way in proportion, so that rows sum to one.

    Parameters
    ----------
    shares
        Shares, shape (rows, arms); rows sum to one.
    smallest
        The floor, less than one divided by the number of arms.
    """
    low = shares < smallest
    if not low.any():
        return shares
    while True:
        room = 1 - smallest * low.sum(axis=1, keepdims=True)
        others = np.where(low, 0.0, shares)
        scaled = np.where(low.any(axis=1, keepdims=True), others * room / others.sum(axis=1, keepdims=True), shares)
        if not (below := ~low & (scaled < smallest)).any():
            return np.where(low, smallest, scaled)
        low |= below


def effective_number(weights: Floats) -> float:
    """Return how many equal weights would give a mean as exact as these do (Kish): squared sum over sum of squares."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


def share_of_largest(weights: Floats, threshold: int) -> float:
    """Return the largest weights together as a share of the sum of all, 0-1.

    The largest alone would be a statement of one person. They are five, or as many as the disclosure threshold where
    that is more.

    Parameters
    ----------
    weights
        Weights of zero or more with a positive sum, shape (N,).
    threshold
        Fewest persons that may be told of.
    """
    largest = np.sort(weights)[-max(_LARGEST, threshold) :]
    return float(largest.sum() / weights.sum())


def _faults(arms: Sequence[str], arm: npt.NDArray[np.int64], bounded: Floats) -> list[Fault]:
    """List arms without persons after trimming, and own probabilities of zero."""
    faults = [
        Fault("sample", f"arm {name}", "trimming leaves nobody in the arm", 1, "Choose another matching.overlap.trim.")
        for k, name in enumerate(arms)
        if not (arm == k).any()
    ]
    return faults + [
        Fault(
            "propensities",
            propensity_column(name),
            "the probability is not positive for persons in the arm",
            count,
            "Give matching.overlap.clip a floor, trim, or grow more trees.",
        )
        for k, name in enumerate(arms)
        if (count := int((bounded[:, arm == k, k] <= 0).any(axis=0).sum()))
    ]
