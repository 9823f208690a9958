"""The estimator of the evaluation on a data frame of one's own: the same functions, other columns."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tiltakseffekt.estimate.options import read_options
from tiltakseffekt.estimate.problem import Columns, read_problem
from tiltakseffekt.estimate.result import Effects
from tiltakseffekt.estimate.running import fit, tabulate


def estimate_effects(
    data: pd.DataFrame,
    outcomes: str | Sequence[str],
    arm: str,
    control: object,
    covariates: Sequence[str],
    groups: str | Sequence[str] = (),
    cluster: str | None = None,
    **options: Any,
) -> Effects:
    """Estimate the effects of arms against a control arm under selection on observed covariates.

    Propensities and outcome regressions are learned out of fold by honest forests, and enter doubly robust scores with
    weights that balance the covariates (docs/estimate-effects.md, docs/method).

    Parameters
    ----------
    data
        A row for each person or other unit. Its index does not matter, nor the order of its rows.
    outcomes
        One column or several: numbers, or true and false.
    arm
        Column that says in which arm a row is; two arms or more, with any labels.
    control
        Label of the arm against which the others are compared.
    covariates
        Columns that are settled before the arm: numbers as they are, true and false as 1 and 0, text and categories as
        a column of 0 and 1 for each level (one column for two levels).
    groups
        Columns whose groups get effects of their own (GATE), one column at a time.
    cluster
        Column of clusters: rows of different clusters are independent. Without it all rows are.
    **options
        Defaults are those of the evaluation (docs/settings.md).

        learner
            ``"honest_forest"``, ``"ensemble"`` (forests mixed with penalised linear models) or ``"reference"`` (slow).
        folds, repetitions, trees
            Folds and repetitions of the cross-fitting, and trees of a forest.
        weights, normalise
            ``"balanced"`` or ``"inverse_probability"``; the latter are scaled in each ``"fold"``, in the whole
            ``"sample"`` or not (``"none"``).
        trim, trim_below, clip
            Who is left out for a small propensity (``"none"``, ``"fixed"`` with the threshold `trim_below`,
            ``"crump"``, ``"common_support"``), and the floor under propensities.
        confidence, draws
            Level of intervals, and draws of the bootstrap of simultaneous ones.
        missing
            ``"refuse"`` rows with a missing value in a column that is used, or ``"drop"`` them and tell how many.
        seed, threads
            Seed of all that is drawn; threads, on which results do not depend.

    Returns
    -------
    Effects
        Average effects, effects by group, overlap and balance, as tables, text and figures.

    Raises
    ------
    FaultsFound
        All that is wrong with data and options, at once: column, rule, number of rows, what to do; never a value.
    TypeError
        If `data` is no data frame.
    """
    if not isinstance(data, pd.DataFrame):
        raise TypeError(f"data must be a pandas DataFrame, not {type(data).__name__}")
    columns = Columns(_names(outcomes), arm, _names(covariates), _names(groups), cluster)
    plan, faults = read_options(options)
    problem = read_problem(data, columns, control, plan, faults)
    return tabulate(problem, fit(problem, plan), plan, data.index)


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
