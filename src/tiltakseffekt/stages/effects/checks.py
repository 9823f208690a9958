"""What makes an estimate impossible: persons, arms and values, all faults at once and as counts only."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import Fault, FaultsFound

_REMEDY: Final = "Run the matching again; if it stays, report it as a defect."


def arms_missing_in_folds(sample: pd.DataFrame) -> tuple[str, ...]:
    """List the arms that have nobody in at least one fold: there their estimates rest on the predictions alone."""
    counts = pd.crosstab(sample["arm"], sample["fold"])
    return tuple(counts.index[(counts == 0).any(axis=1)])


def aligned(*tables: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the tables on the persons of the first, in the order of their identifiers.

    Outcomes and predictions may hold more persons: those whom trimming left out.

    Raises
    ------
    FaultsFound
        If persons are missing or twice, with their number.
    """
    indexed = [table.set_index("person_id") for table in tables]
    persons = indexed[0].index.sort_values()
    names = ("sample", "outcomes", "propensities", "outcome_predictions")
    faults = [
        Fault(name, "person_id", "persons of the sample are missing, or persons are there twice", count, _REMEDY)
        for name, table in zip(names, indexed, strict=True)
        if (count := len(persons.difference(table.index)) + int(table.index.duplicated().sum()))
    ]
    if faults:
        raise FaultsFound(faults)
    return [table.loc[persons] for table in indexed]


def estimation_faults(
    arms: Sequence[str],
    sample: pd.DataFrame,
    outcomes: pd.DataFrame,
    propensities: pd.DataFrame,
    predictions: pd.DataFrame,
) -> list[Fault]:
    """List what makes an estimate impossible; counts only."""
    without_propensity = int((~sample["arm"].isin(arms)).sum())
    faults = [
        Fault("sample", "arm", f"the arm {arm} has a propensity but nobody is in it", 1, "Merge it with another arm.")
        for arm in arms
        if not (sample["arm"] == arm).any()
    ]
    if keys.CONTROL not in arms:
        faults.append(Fault("propensities", keys.propensity_column(keys.CONTROL), "the column is missing", 1, _REMEDY))
    if without_propensity:
        faults.append(Fault("sample", "arm", "persons are in an arm without propensity", without_propensity, _REMEDY))
    measured = [outcome for outcome in keys.ALL_OUTCOMES if outcome in outcomes]
    needed = {
        "outcomes": (outcomes, measured),
        "propensities": (propensities, [keys.propensity_column(arm) for arm in arms]),
        "outcome_predictions": (
            predictions,
            [keys.prediction_column(arm, outcome) for arm in arms for outcome in measured],
        ),
    }
    for name, (table, columns) in needed.items():
        present = [column for column in columns if column in table]
        faults += [Fault(name, c, "the column is missing", 1, _REMEDY) for c in columns if c not in table]
        unusable = (~np.isfinite(table[present].to_numpy(np.float64))).sum(axis=0)
        faults += [
            Fault(name, column, "values are missing or infinite", int(count), _REMEDY)
            for column, count in zip(present, unusable, strict=True)
            if count
        ]
    if other := int((propensities["fold"] != predictions["fold"]).sum()):
        faults.append(Fault("outcome_predictions", "fold", "differs from that of the propensities", other, _REMEDY))
    return faults or _propensity_faults(arms, sample, propensities)


def _propensity_faults(arms: Sequence[str], sample: pd.DataFrame, propensities: pd.DataFrame) -> list[Fault]:
    """List arms that occur where their propensity is not positive, and rows that do not sum to one."""
    columns = [keys.propensity_column(arm) for arm in arms]
    not_one = int((np.abs(propensities[columns].sum(axis=1) - 1) > 1e-6).sum())
    faults = [
        Fault("propensities", column, "not positive where the arm occurs", count, "Grow more trees or larger leaves.")
        for arm, column in zip(arms, columns, strict=True)
        if (count := int((propensities.loc[(sample["arm"] == arm).to_numpy(), column] <= 0).sum()))
    ]
    if not_one:
        faults.append(Fault("propensities", "", "the propensities of a person do not sum to one", not_one, _REMEDY))
    return faults
