"""The estimators that are held against the doubly robust one: each is declared once, by its key and its function.

Each compares the members of one arm with the controls of the sample; docs/method says how. To add one: a function
here, its entry in `COMPARATORS` at the place where figures shall show it, and its words (`estimators` in
``config/labels``).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from tiltakseffekt.stages.effects.comparators import Estimate, Mask, difference_of_means, inverse_probability
from tiltakseffekt.stages.effects.fixed_effects import fixed_effects as fit_fixed_effects
from tiltakseffekt.stages.effects.matched import (
    ControlRegression,
    Estimates,
    entropy_weights,
    nearest_weights,
    radius_weights,
    weighted_difference,
)
from tiltakseffekt.stages.effects.scores import FloatArray, IntArray


class Persons(NamedTuple):
    """Persons in the order of their identifiers: arm (controls are 0), covariates, propensities, outcomes and more."""

    arm: IntArray
    x: FloatArray
    propensities: FloatArray
    outcomes: FloatArray
    office: IntArray
    month: IntArray


class Comparison:
    """One arm beside the controls.

    Parameters
    ----------
    persons
        Everybody in the sample.
    code
        The arm; controls are 0.
    regression
        Of the outcomes on the covariates among the controls.
    """

    def __init__(self, persons: Persons, code: int, regression: ControlRegression) -> None:
        self.persons, self.code, self.regression = persons, code, regression
        self.members: Mask = persons.arm == code
        self.controls: Mask = persons.arm == 0
        self.both: Mask = self.members | self.controls

    @cached_property
    def odds(self) -> FloatArray:
        """Logarithm of the odds of the arm against the controls, of each person."""
        propensities = self.persons.propensities
        return np.log(propensities[:, self.code]) - np.log(propensities[:, 0])

    def weighted(self, of_controls: FloatArray, adjust: bool = True) -> tuple[Estimates, Mask]:
        """Compare with weighted controls, with regression adjustment or without."""
        x, outcomes, members = self.persons.x, self.persons.outcomes, self.members
        found = weighted_difference(x[members], outcomes[members], of_controls, self.regression, adjust=adjust)
        return found, self.both


#: Estimates the effect on the members of an arm, and says who is used.
Comparator = Callable[[Comparison], tuple[Estimates, Mask]]


def naive(comparison: Comparison) -> tuple[Estimates, Mask]:
    """Difference of means."""
    persons, code = comparison.persons, comparison.code
    return _each(difference_of_means(persons.arm, outcome, code, 0) for outcome in persons.outcomes.T), comparison.both


def fixed_effects(comparison: Comparison) -> tuple[Estimates, Mask]:
    """Regression with effects of office and month, among persons whose office is known and who are not alone there."""
    persons = comparison.persons
    known = comparison.both & (persons.office >= 0)
    found, not_alone = fit_fixed_effects(
        persons.x[known],
        comparison.members[known].astype(np.float64),
        persons.outcomes[known],
        persons.office[known],
        persons.month[known],
    )
    used = np.zeros_like(known)
    used[known] = not_alone
    return found, used


def regression_adjustment(comparison: Comparison) -> tuple[Estimates, Mask]:
    """Predictions of the regression among the controls."""
    return comparison.weighted(np.zeros(comparison.controls.sum()))


def by_inverse_probability(comparison: Comparison) -> tuple[Estimates, Mask]:
    """Controls weighted by the odds of the arm."""
    persons, members, code = comparison.persons, comparison.members, comparison.code
    estimates = (
        inverse_probability(persons.arm, outcome, persons.propensities, members, code, 0)
        for outcome in persons.outcomes.T
    )
    return _each(estimates), comparison.both


def nearest_odds(comparison: Comparison) -> tuple[Estimates, Mask]:
    """Nearest controls by the odds, bias-adjusted."""
    odds = comparison.odds
    return comparison.weighted(nearest_weights(odds[comparison.members], odds[comparison.controls]))


def radius(comparison: Comparison) -> tuple[Estimates, Mask]:
    """Controls within a radius of the odds, bias-adjusted."""
    odds = comparison.odds
    return comparison.weighted(radius_weights(odds[comparison.members], odds[comparison.controls]))


def entropy_balancing(comparison: Comparison) -> tuple[Estimates, Mask]:
    """Controls weighted until covariates have the means of the members."""
    x = comparison.persons.x
    return comparison.weighted(entropy_weights(x[comparison.members], x[comparison.controls]), adjust=False)


def _each(estimates: Iterator[Estimate]) -> Estimates:
    values, errors = zip(*estimates, strict=True)
    return Estimates(np.array(values), np.array(errors))


DOUBLY_ROBUST: Final = "doubly_robust"
INSTRUMENT: Final = "instrument"
#: Keys in the order in which readers see them, from the simplest on.
COMPARATORS: Final[Mapping[str, Comparator]] = {
    "naive": naive,
    "fixed_effects": fixed_effects,
    "regression_adjustment": regression_adjustment,
    "inverse_probability": by_inverse_probability,
    "nearest_odds": nearest_odds,
    "radius": radius,
    "entropy_balancing": entropy_balancing,
}
#: The report's estimator first; the instrument, whose estimand is another, last.
ESTIMATORS: Final = (DOUBLY_ROBUST, *COMPARATORS, INSTRUMENT)
