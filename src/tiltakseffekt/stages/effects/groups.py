"""The groups that the effects on the treated compare: each measure, and the controls under the weights of its ATET."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tiltakseffekt.core import keys
from tiltakseffekt.stages.effects.assignments import assignment_of
from tiltakseffekt.stages.effects.scores import Assignment, FloatArray, Normalisation
from tiltakseffekt.stages.matching.samples import arms_present


@dataclass(frozen=True)
class ComparedGroups:
    """Who took part in which measure, and what the controls count in the effect of each.

    Parameters
    ----------
    persons
        Schema SAMPLE, in the order of the identifiers.
    arms
        The arms that someone is in, in the order of their codes.
    assignment
        Of these persons and arms.
    """

    persons: pd.DataFrame
    arms: tuple[str, ...]
    assignment: Assignment

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the arms that are compared with the controls."""
        return tuple(arm for arm in self.arms if arm != keys.CONTROL)

    def members(self, arm: str) -> NDArray[np.bool_]:
        """Return who is in an arm, shape (N,)."""
        return self.assignment.among(self.arms.index(arm))

    @cached_property
    def control_weights(self) -> Mapping[str, FloatArray]:
        """Return the weights of the controls in the ATET of each measure, shape (controls,); the ATET divides by N."""
        control, controls = self.arms.index(keys.CONTROL), self.members(keys.CONTROL)
        weights = (self.assignment.weights_of_treated(self.arms.index(arm), control)[controls] for arm in self.measures)
        return dict(zip(self.measures, weights, strict=True))

    def control_persons(self, measure: str) -> FloatArray:
        """Return the weights in persons of the measure for whom each control stands, shape (controls,).

        They are e_w/e_0 where weights are neither scaled nor balanced, and sum to the participants where they are.
        """
        return self.control_weights[measure] * self.assignment.share(self.arms.index(measure))

    def by_odds(self) -> "ComparedGroups":
        """Return the same groups with the weights e_w/e_0, neither scaled nor balanced."""
        return replace(self, assignment=replace(self.assignment, normalise="none", features=None))


def compared_groups(
    sample: pd.DataFrame,
    propensities: pd.DataFrame,
    *,
    normalise: Normalisation,
    features: FloatArray | None = None,
) -> ComparedGroups:
    """Return the groups of a sample.

    Parameters
    ----------
    sample, propensities
        Tables with the schemas SAMPLE and BOUNDED_PROPENSITIES (of one repetition) of the same persons.
    normalise, features
        As in `Assignment`; features are in the order of the identifiers.
    """
    persons = sample.sort_values("person_id", ignore_index=True)
    arms = tuple(arms_present(persons, keys.arms_of(propensities)))
    e = propensities.set_index("person_id").loc[persons["person_id"]]
    return ComparedGroups(persons, arms, assignment_of(arms, persons, e, normalise=normalise, features=features))
