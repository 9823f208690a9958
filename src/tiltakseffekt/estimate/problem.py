"""From a data frame to arrays: every fault at once, missing values by one rule, rows in an order of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.estimate.columns import FILE, Coded, coded, covariate_faults, encode, outcome_faults
from tiltakseffekt.estimate.options import Plan
from tiltakseffekt.stages.effects.scores import FloatArray, IntArray
from tiltakseffekt.stages.matching.checks import separations
from tiltakseffekt.stages.matching.folds import SMALLEST_ARM

#: Fewest rows of a group of a GATE; chosen: fewer tell nothing, and one row alone has a standard error of zero.
SMALLEST_GROUP: Final = 10


@dataclass(frozen=True)
class Columns:
    """Names of the columns by what they are used for."""

    outcomes: tuple[str, ...]
    arm: str
    covariates: tuple[str, ...]
    groups: tuple[str, ...] = ()
    cluster: str | None = None

    @property
    def used(self) -> tuple[str, ...]:
        """Return each column once."""
        cluster = () if self.cluster is None else (self.cluster,)
        return tuple(dict.fromkeys((*self.outcomes, self.arm, *self.covariates, *self.groups, *cluster)))


@dataclass(frozen=True)
class Problem:
    """The rows that are used, as arrays, N rows, K arms, Q outcomes, p encoded covariates.

    Parameters
    ----------
    columns
        What was used as what.
    labels
        Label of each arm, the controls first.
    arm, outcomes, x
        Shapes (N,), (N, Q) and (N, p).
    terms
        Names of the encoded covariates that vary, in the order of the columns of `x`.
    constant
        Names of those that do not vary and are left out.
    groups
        For each column of groups the place of each row's group, and the groups.
    cluster
        Cluster of each row, from 0 without gaps, shape (N,).
    place
        Place of each row in the data frame, shape (N,).
    missing
        For each column that is used, rows with a missing value.
    given
        Rows of the data frame.
    """

    columns: Columns
    labels: tuple[Any, ...]
    arm: IntArray
    outcomes: FloatArray
    x: FloatArray
    terms: tuple[str, ...]
    constant: tuple[str, ...]
    groups: Mapping[str, Coded]
    cluster: IntArray | None
    place: IntArray
    missing: Mapping[str, int]
    given: int


def read_problem(
    data: pd.DataFrame, columns: Columns, control: object, plan: Plan, option_faults: Sequence[Fault] = ()
) -> Problem:
    """Check a data frame and return what is used of it as arrays.

    Rows are put in the order of their values (arm, covariates, groups, cluster, outcomes), so that no result depends
    on the order in which they come.

    Raises
    ------
    FaultsFound
        All faults of the options and of the data that can be seen at once; counts only.
    """
    faults = [*option_faults, *_role_faults(data, columns)]
    present = [name for name in columns.used if list(data.columns).count(name) == 1]
    missing = {name: int(data[name].isna().sum()) for name in present}
    if plan.missing == "refuse":
        remedy = "Fill them in, leave the column out, or leave these rows out with missing='drop'."
        faults += [Fault(FILE, name, "values are missing", n, remedy) for name, n in missing.items() if n]
    complete = data[present].notna().all(axis=1).to_numpy(dtype=np.bool_)
    kept = data.loc[complete, present]
    if not len(kept):
        raise FaultsFound([*faults, Fault(FILE, "", "no row is complete", len(data), "Look at the columns.")])
    faults += _value_faults(kept, columns, control, plan)
    if faults:
        raise FaultsFound(faults)
    return _arrays(kept, columns, control, (np.flatnonzero(complete), missing, len(data)))


def _role_faults(data: pd.DataFrame, columns: Columns) -> Iterator[Fault]:
    """List columns that are missing, there twice, or used for two things that exclude one another."""
    names = list(data.columns)
    for name in columns.used:
        if not (found := names.count(name)):
            yield Fault(FILE, name, "the column is missing", 1, "Check its name.")
        elif found > 1:
            yield Fault(FILE, name, "several columns have this name", found, "Rename them.")
    for role, members in (("outcomes", columns.outcomes), ("covariates", columns.covariates)):
        if not members:
            yield Fault(role, "", "there must be at least one", 0, f"Name the {role}.")
    single = [*columns.outcomes, columns.arm, *columns.covariates]
    for name in dict.fromkeys(single):
        if (uses := single.count(name)) > 1:
            rule = "the column is more than one of outcome, arm and covariate"
            yield Fault(FILE, name, rule, uses, "Give each column one use; groups and clusters may be covariates too.")
    cluster = () if columns.cluster is None else (columns.cluster,)
    for name in dict.fromkeys((*columns.groups, *cluster)):
        if name in (*columns.outcomes, columns.arm):
            rule = "the outcome or the arm cannot be a group or a cluster"
            yield Fault(FILE, name, rule, 1, "Choose something that was settled before the arm.")


def _value_faults(data: pd.DataFrame, columns: Columns, control: object, plan: Plan) -> list[Fault]:
    """List faults in the values of complete rows, of the columns that are there."""
    faults = [fault for name in columns.outcomes if name in data for fault in outcome_faults(name, data[name])]
    covariates = [name for name in columns.covariates if name in data]
    faults += [fault for name in covariates for fault in covariate_faults(name, data[name])]
    faults += [fault for name in columns.groups if name in data for fault in _group_faults(name, data[name])]
    if columns.cluster in data and data[columns.cluster].nunique() < 2:
        remedy = "Leave the clusters out, or choose a finer column."
        faults.append(Fault(FILE, str(columns.cluster), "there must be at least two clusters", 1, remedy))
    of_arm = [*_arm_faults(columns.arm, data[columns.arm], control, plan)] if columns.arm in data else []
    if not faults and not of_arm and covariates:
        encoded = [encode(name, data[name]) for name in covariates]
        if all((each.values == each.values[0]).all() for each in encoded):
            faults.append(Fault("covariates", "", "none of them varies", len(covariates), "Name some that do."))
        faults += _separation_faults(data, columns, control, covariates)
    return faults + of_arm


def _arm_faults(name: str, arm: pd.Series, control: object, plan: Plan) -> Iterator[Fault]:
    counts = arm.value_counts()
    counts = counts[counts > 0]
    needed = max(plan.matching.folds, SMALLEST_ARM)
    if not (arm == control).any():
        yield Fault(FILE, name, "no complete row is in the control arm", 0, "Check `control`, a value of the arm.")
    if len(counts) < 2:
        yield Fault(FILE, name, "there must be at least two arms", len(counts), "Check the column.")
    if len(counts) * plan.matching.overlap.clip >= 1:
        rule = "so many arms cannot all have the smallest probability"
        yield Fault(FILE, name, rule, len(counts), "Merge arms, or lower the option clip.")
    if few := int((counts < needed).sum()):
        rule = f"each arm must have at least {needed} complete rows; arms that have fewer"
        yield Fault(FILE, name, rule, few, "Merge or leave out small arms, or lower the option folds.")


def _group_faults(name: str, groups: pd.Series) -> Iterator[Fault]:
    counts = groups.value_counts()
    counts = counts[counts > 0]
    if few := int((counts < SMALLEST_GROUP).sum()):
        rule = f"each group must have at least {SMALLEST_GROUP} complete rows; groups that have fewer"
        yield Fault(FILE, name, rule, few, "Merge groups; cut numbers into classes (pandas.cut).")
    if len(counts) < 2:
        yield Fault(FILE, name, "there must be at least two groups", len(counts), "Leave the column out of the groups.")


def _separation_faults(
    data: pd.DataFrame, columns: Columns, control: object, covariates: Sequence[str]
) -> Iterator[Fault]:
    """List covariates that tell an arm from the controls without fail."""
    arm = pd.Series(coded(data[columns.arm]).codes)
    levels = coded(data[columns.arm]).levels
    place = next(number for number, level in enumerate(levels) if level == control)
    for name in covariates:
        values = pd.DataFrame(encode(name, data[name]).values)
        if found := {found_arm: rows for found_arm, _, rows in separations(values, arm, place)}:
            rule = "the covariate separates an arm from the controls perfectly; rows of such arms"
            remedy = "Nobody is comparable: leave the covariate or the arm out, or narrow the data."
            yield Fault(FILE, name, rule, sum(found.values()), remedy)


def _arrays(
    data: pd.DataFrame, columns: Columns, control: object, origin: tuple[IntArray, Mapping[str, int], int]
) -> Problem:
    """Return complete rows without faults as arrays, in the order of their values."""
    of_arm = coded(data[columns.arm])
    labels = sorted(of_arm.levels, key=lambda label: label != control)
    rank = np.array([labels.index(label) for label in of_arm.levels])
    arm = rank[of_arm.codes]
    encoded = [encode(name, data[name]) for name in columns.covariates]
    x = np.hstack([each.values for each in encoded])
    terms = [term for each in encoded for term in each.names]
    varies = x.min(axis=0) != x.max(axis=0)
    outcomes = np.column_stack([data[name].to_numpy(np.float64) for name in columns.outcomes])
    groups = {name: coded(data[name]) for name in columns.groups}
    cluster = None if columns.cluster is None else coded(data[columns.cluster]).codes
    keys = [arm, *x.T, *(each.codes for each in groups.values()), *([] if cluster is None else [cluster]), *outcomes.T]
    order = np.lexsort(keys[::-1])
    place, missing, given = origin
    return Problem(
        columns=columns,
        labels=tuple(labels),
        arm=arm[order],
        outcomes=outcomes[order],
        x=x[order][:, varies],
        terms=tuple(term for term, shown in zip(terms, varies, strict=True) if shown),
        constant=tuple(term for term, shown in zip(terms, varies, strict=True) if not shown),
        groups={name: Coded(each.codes[order], each.levels) for name, each in groups.items()},
        cluster=None if cluster is None else cluster[order],
        place=place[order],
        missing=missing,
        given=given,
    )
