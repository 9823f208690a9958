"""What the analyses share: persons with their characteristics, and the score of an effect."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.stages.effects.scores import FloatArray, IntArray

_REMEDY = "Run the stages before again; if it stays, report it as a defect."


@dataclass(frozen=True)
class Scored:
    """What every analysis starts from.

    Parameters
    ----------
    scores, sample, characteristics
        Tables with the schemas SCORES, SAMPLE and CHARACTERISTICS; the last may hold more persons than the sample.
    arms
        The arms of the evaluation.
    cluster
        Cluster of each person in the order of their identifiers, from 0; without it persons are independent.
    """

    scores: pd.DataFrame
    sample: pd.DataFrame
    characteristics: pd.DataFrame
    arms: Arms
    cluster: IntArray | None = None


def with_characteristics(
    sample: pd.DataFrame, characteristics: pd.DataFrame, scores: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return arm and characteristics of the persons of the sample, and their scores, both in order of the identifiers.

    Raises
    ------
    FaultsFound
        If a person of the sample has no characteristics or no score; with the number of persons.
    """
    persons = sample.set_index("person_id")[["arm"]].sort_index()
    tables = {"characteristics": characteristics.set_index("person_id"), "scores": scores.set_index("person_id")}
    faults = [
        Fault(name, "person_id", "persons of the sample are missing", count, _REMEDY)
        for name, table in tables.items()
        if (count := len(persons.index.difference(table.index)))
    ]
    if faults:
        raise FaultsFound(faults)
    return persons.join(tables["characteristics"]), tables["scores"].loc[persons.index]


def with_covariates(persons: pd.DataFrame, covariates: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return persons, indexed by their identifiers, with some columns of the covariates.

    Raises
    ------
    FaultsFound
        If a person has no covariates; with the number of persons.
    """
    if count := len(persons.index.difference(pd.Index(covariates["person_id"]))):
        raise FaultsFound([Fault("covariates", "person_id", "persons of the sample are missing", count, _REMEDY)])
    return persons.join(covariates.set_index("person_id")[list(columns)])


def measures(scores: pd.DataFrame, outcome: str, arms: Arms) -> tuple[str, ...]:
    """List the measures with scores for an outcome; chains are not among them.

    Raises
    ------
    FaultsFound
        If there are none, or none of the control arm.
    """
    control = keys.score_column(keys.CONTROL, outcome)
    found = tuple(arm for arm in arms.treated if keys.score_column(arm, outcome) in scores)
    if control not in scores or not found:
        rule = "there are no scores for this outcome; scores are kept for yearly outcomes only"
        raise FaultsFound([Fault("heterogeneity.outcomes", outcome, rule, 1, "Choose a yearly outcome.")])
    return found


def score_difference(scores: pd.DataFrame, arm: str, outcome: str) -> FloatArray:
    """Return the score of the effect of an arm against the control arm, shape (N,), unit of the outcome."""
    treated, control = (scores[keys.score_column(name, outcome)].to_numpy(np.float64) for name in (arm, keys.CONTROL))
    difference: FloatArray = treated - control
    return difference
