"""Bad input to what is learnt: refused with all faults at once, or treated and counted in the log; never in silence."""

import logging
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.keys import CONTROL

LOGGER = logging.getLogger("tiltakseffekt.stages.matching")

#: A covariate with more values than this has no levels.
_MOST_LEVELS: Final = 20
#: A level without anybody of an arm is worth a line when so many of the arm would be there by chance.
_EXPECTED: Final = 5
_REMEDY: Final = "Run the stages before again; if it stays, report it as a defect."


def check_covariates(persons: pd.Series, covariates: pd.DataFrame) -> None:
    """Refuse covariates that cannot be learnt from.

    Parameters
    ----------
    persons
        Identifiers of the persons to learn from.
    covariates
        Schema COVARIATES, of at least these persons.

    Raises
    ------
    FaultsFound
        If persons are missing or twice, or a value is missing or infinite; counts only.
    """
    if faults := [*_person_faults(persons, {"covariates": covariates})] or [*_value_faults(persons, covariates)]:
        raise FaultsFound(faults)


def check_sample(sample: pd.DataFrame, covariates: pd.DataFrame, outcomes: pd.DataFrame | None = None) -> None:
    """Refuse a sample, covariates and outcomes from which nuisance functions cannot be learnt.

    Parameters
    ----------
    sample
        Schema SAMPLE.
    covariates, outcomes
        Schemas COVARIATES and OUTCOMES, of at least the persons of the sample.

    Raises
    ------
    FaultsFound
        If persons are missing or twice, a value is missing or infinite, an arm has nobody outside some fold, or a
        covariate separates an arm from the controls perfectly; counts only.
    """
    tables = {"covariates": covariates} | ({} if outcomes is None else {"outcomes": outcomes})
    persons = sample["person_id"]
    if faults := list(_person_faults(persons, tables)):
        raise FaultsFound(faults)
    faults = [*_value_faults(persons, covariates, outcomes), *_fold_faults(sample)]
    if faults := faults + list(_separation_faults(sample, covariates)):
        raise FaultsFound(faults)


def varying(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the columns of a matrix, shape (persons, covariates), that are not constant; the others are counted.

    Raises
    ------
    FaultsFound
        If every column is constant.
    """
    constant = x.min(axis=0) == x.max(axis=0)
    if constant.all():
        rule = "every covariate is constant in the sample"
        raise FaultsFound([Fault("covariates", "", rule, len(constant), "Enlarge the sample.")])
    if constant.any():
        LOGGER.info(
            "covariates: %d of %d are constant in the sample and not learnt from", constant.sum(), len(constant)
        )
    return x[:, ~constant]


def log_empty_levels(x: npt.NDArray[np.float64], arm: npt.NDArray[np.int64], arms: Sequence[str]) -> None:
    """Log for each arm how many levels of covariates it lacks, and how many persons have one of these.

    They have a probability near zero for the arm: `matching.overlap` says whether they are left out, and its counts
    how many. Levels count where more than a handful of the arm were to be expected by its share.
    """
    lacking = np.zeros((len(arms), len(x)), dtype=np.bool_)
    levels = np.zeros(len(arms), dtype=np.int64)
    share = np.bincount(arm, minlength=len(arms)) / len(x)
    for column in x.T:
        values, level = np.unique(column, return_inverse=True)
        if len(values) > _MOST_LEVELS:
            continue
        counts = np.bincount(arm * len(values) + level, minlength=len(arms) * len(values)).reshape(len(arms), -1)
        empty = (counts == 0) & (np.outer(share, counts.sum(axis=0)) >= _EXPECTED)
        levels += empty.sum(axis=1)
        lacking |= empty[:, level]
    for name, number, persons in zip(arms, levels, lacking.sum(axis=1), strict=True):
        if number:
            LOGGER.warning(
                "arm %s: %d levels of covariates without anybody of it; %d persons there", name, number, persons
            )


def _person_faults(persons: pd.Series, tables: dict[str, pd.DataFrame]) -> Iterator[Fault]:
    if repeated := int(persons.duplicated().sum()):
        yield Fault("sample", "person_id", "persons are there twice", repeated, _REMEDY)
    for name, table in tables.items():
        if repeated := int(table["person_id"].duplicated().sum()):
            yield Fault(name, "person_id", "persons are there twice", repeated, _REMEDY)
        if missing := int((~persons.isin(table["person_id"])).sum()):
            yield Fault(name, "person_id", "persons of the sample are missing", missing, _REMEDY)


def _value_faults(
    persons: pd.Series, covariates: pd.DataFrame, outcomes: pd.DataFrame | None = None
) -> Iterator[Fault]:
    """List columns with values that are missing or infinite, for the persons of the sample."""
    tables = {"covariates": covariates} | ({} if outcomes is None else {"outcomes": outcomes})
    for name, table in tables.items():
        values = table.loc[table["person_id"].isin(persons)].drop(columns="person_id")
        unusable = (~np.isfinite(values.to_numpy(dtype=np.float64, na_value=np.nan))).sum(axis=0)
        for column, count in zip(values.columns, unusable.tolist(), strict=True):
            if count:
                remedy = "Give the value in the register, or mend the rule that makes the column."
                yield Fault(name, str(column), "values are missing or infinite", count, remedy)


def _fold_faults(sample: pd.DataFrame) -> Iterator[Fault]:
    """List arms whose persons are all in one fold: outside it nothing can be learnt about them."""
    folds = sample.groupby("arm")["fold"].nunique()
    sizes = sample["arm"].value_counts()
    for arm in folds.index[folds < 2]:
        remedy = "Lower matching.folds, or raise cohorts.smallest_group so that small groups go to annet."
        yield Fault("sample", f"arm {arm}", "all its persons are in one fold", int(sizes[arm]), remedy)


def _separation_faults(sample: pd.DataFrame, covariates: pd.DataFrame) -> Iterator[Fault]:
    arm = sample.set_index("person_id")["arm"]
    values = covariates.set_index("person_id").filter(regex="^x_").loc[arm.index]
    for name, column, count in separations(values, arm, CONTROL):
        rule = f"the covariate separates the arm {name} from the controls perfectly"
        remedy = "Nobody is comparable: leave the covariate or the arm out, or narrow the sample."
        yield Fault("covariates", column, rule, count, remedy)


def separations(values: pd.DataFrame, arm: pd.Series, control: Hashable) -> Iterator[tuple[Any, str, int]]:
    """List covariates of which no control has a value that rows of an arm have, or one within their range.

    Parameters
    ----------
    values, arm
        Covariates and arm of the same rows.
    control
        The arm of the controls.

    Yields
    ------
    tuple
        Arm, covariate, and rows of the arm.
    """
    controls = values[(arm == control).to_numpy()]
    for name in sorted(set(arm) - {control}) if len(controls) else []:
        own = values[(arm == name).to_numpy()]
        apart = (own.max() < controls.min()) | (own.min() > controls.max())
        for column in values.columns:
            few = controls[column].nunique() <= _MOST_LEVELS
            if apart[column] or (few and not controls[column].isin(own[column].unique()).any()):
                yield name, str(column), len(own)
