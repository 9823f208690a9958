"""Who gains: the tables of the linear projection, of sorted effects and of the classification, for each measure."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.tables import TableSchema
from tiltakseffekt.stages.heterogeneity import schemas
from tiltakseffekt.stages.heterogeneity.persons import Scored, measures, score_difference, with_characteristics
from tiltakseffekt.stages.heterogeneity.profile import profile
from tiltakseffekt.stages.heterogeneity.projection import project
from tiltakseffekt.stages.heterogeneity.settings import HeterogeneitySettings
from tiltakseffekt.stages.heterogeneity.sorted_effects import classify, effects_by_fifth, fifths


class GainTables(NamedTuple):
    """Tables with the schemas PROJECTION, SORTED_EFFECTS, CLASSIFICATION and FIFTHS."""

    projection: pd.DataFrame
    sorted_effects: pd.DataFrame
    classification: pd.DataFrame
    fifths: pd.DataFrame


def describe_gains(
    scored: Scored,
    covariates: pd.DataFrame,
    predictions: pd.DataFrame,
    settings: HeterogeneitySettings,
    confidence: float,
) -> GainTables:
    """Describe for each measure who gains most and least from it.

    Parameters
    ----------
    scored
        Persons, their characteristics and scores.
    covariates, predictions
        Schemas COVARIATES and OUTCOME_PREDICTIONS (of one repetition); may hold more persons.
    settings
        Outcomes.
    confidence
        Level of the intervals.

    Returns
    -------
    GainTables
        A measure whose predicted effects do not tell persons apart is missing from all but the projection.

    Raises
    ------
    FaultsFound
        If persons of the sample are missing from a table.
    """
    persons, scores = with_characteristics(scored.sample, scored.characteristics, scored.scores)
    cluster = scored.cluster
    described = profile(persons, covariates)
    if count := len(persons.index.difference(pd.Index(predictions["person_id"]))):
        remedy = "Run the stages before again; if it stays, report it as a defect."
        raise FaultsFound([Fault("predictions", "person_id", "persons of the sample are missing", count, remedy)])
    predictions = predictions.set_index("person_id").loc[persons.index]
    fold = predictions["fold"].to_numpy(np.int64)
    projected, effects, classes, members = [], [], [], []
    for outcome in settings.outcomes:
        for arm in measures(scores, outcome, scored.arms):
            effect = score_difference(scores, arm, outcome)
            projected.append(project(described, effect, cluster).assign(outcome=outcome, arm=arm, n=len(persons)))
            treated, control = (
                predictions[keys.prediction_column(name, outcome)].to_numpy(np.float64) for name in (arm, keys.CONTROL)
            )
            fifth = fifths(treated - control, fold)
            in_arm = (persons["arm"] == arm).to_numpy()
            by_fifth = effects_by_fifth(fifth, treated - control, effect, in_arm, confidence, cluster)
            if by_fifth.empty:
                continue
            effects.append(by_fifth.assign(outcome=outcome, arm=arm))
            classes.append(classify(fifth, described, cluster).assign(outcome=outcome, arm=arm))
            members.append(pd.DataFrame({"person_id": persons.index, "fifth": fifth, "outcome": outcome, "arm": arm}))
    return GainTables(
        _joined(projected, schemas.PROJECTION),
        _joined(effects, schemas.SORTED_EFFECTS),
        _joined(classes, schemas.CLASSIFICATION),
        _joined(members, schemas.FIFTHS),
    )


def _joined(parts: list[pd.DataFrame], schema: TableSchema) -> pd.DataFrame:
    """Return parts as one table, which may be empty."""
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(schema.columns))
