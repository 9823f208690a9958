"""The one way into least squares.

pyfixest 0.60 takes the columns of two or more fixed effects from a set, so that clustered standard errors can depend on
the hash seed of the process when the cluster variable is among them: it counts fixed effects as nested in the cluster
by name in one order and by data in another. Here columns get neutral names without spaces, and the cluster is a copy
under another name, so that only the data decide. The names are ours, so no column name can be read as a formula either.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyfixest as pf
from threadpoolctl import threadpool_limits

from tiltakseffekt.core.errors import Fault, FaultsFound

CONSTANT = "constant"


@dataclass(frozen=True)
class Fit:
    """A fitted regression without its data.

    Parameters
    ----------
    table
        Columns ``estimate``, ``se`` and ``p_value`` (two-sided, Student's t); a row per regressor, the constant first.
    n
        Observations used.
    """

    table: pd.DataFrame
    n: int


def fit_ols(
    data: pd.DataFrame,
    outcome: str,
    regressors: Sequence[str],
    *,
    vcov: Literal["HC1", "CRV1"],
    cluster: str | None = None,
) -> Fit:
    """Fit least squares of one outcome without fixed effects; see `fit_several`."""
    return fit_several(data, [outcome], regressors, vcov=vcov, cluster=cluster)[0]


def fit_several(
    data: pd.DataFrame,
    outcomes: Sequence[str],
    regressors: Sequence[str],
    *,
    vcov: Literal["HC1", "CRV1"],
    fixed_effects: Sequence[str] = (),
    cluster: str | None = None,
    controls: Sequence[str] = (),
) -> list[Fit]:
    """Fit least squares of several outcomes on the same regressors; fixed effects are swept out of these once.

    Parameters
    ----------
    data
        One row per observation.
    outcomes, regressors
        Numeric columns; a constant is added when there are no fixed effects.
    vcov
        ``HC1``: White's matrix times n / (n - k). ``CRV1``: clustered, times C / (C - 1) · (n - 1) / (n - k), where
        fixed effects nested in the clusters do not count in k.
    fixed_effects
        Columns of any type whose levels are absorbed; levels with one observation are dropped. With two or more,
        results are given to eight significant digits, since the order in which they are swept out is not fixed.
    cluster
        Column of any type; needed for ``CRV1`` and only then.
    controls
        Numeric columns that are no result. Those that are linear combinations of what stands before them (regressors,
        then controls, all within the fixed effects) are left out.

    Returns
    -------
    list of Fit
        For each outcome estimates by name of the regressor.

    Raises
    ------
    FaultsFound
        If a column is missing, a value is missing or infinite, or regressors are collinear.
    ValueError
        If `cluster` and `vcov` do not go together.
    """
    if (vcov == "CRV1") != (cluster is not None):
        raise ValueError("CRV1 needs a cluster, and only CRV1 takes one")
    groups = (*fixed_effects, *([cluster] if cluster else []))
    explaining = (*regressors, *controls)
    if faults := _faults(data, (*outcomes, *explaining), groups):
        raise FaultsFound(faults)
    columns = {f"y{i}": data[name].to_numpy(np.float64) for i, name in enumerate(outcomes)}
    columns |= {f"x{i}": data[name].to_numpy(np.float64) for i, name in enumerate(explaining)}
    units = {name: _unit(values) for name, values in columns.items()}
    columns = {name: values / units[name] for name, values in columns.items()}
    absorbed = {f"f{i}": _codes(data[name]) for i, name in enumerate(fixed_effects)}
    clusters = {"cluster": _codes(data[cluster])} if cluster else {}
    left = "+".join(f"y{i}" for i in range(len(outcomes)))
    right = "+".join(f"x{i}" for i in range(len(explaining))) or "1"
    with warnings.catch_warnings(), threadpool_limits(1, user_api="blas"):
        warnings.filterwarnings("ignore", r"\s*\d+ variables dropped due to multicollinearity", UserWarning)
        fitted = pf.feols(  # noqa: TID251
            f"{left}~{right}" + (f"|{'+'.join(absorbed)}" if absorbed else ""),
            data=pd.DataFrame(columns | absorbed | clusters),
            vcov={"CRV1": "cluster"} if cluster else vcov,
            demeaner=pf.MapDemeaner(fixef_tol=1e-12),
            store_data=False,
            lean=True,
        )
    models = fitted.to_list() if len(outcomes) > 1 else [fitted]
    names = {"Intercept": CONSTANT} | {f"x{i}": name for i, name in enumerate(explaining)}
    fits = [_fit(model, units, units[f"y{i}"], names, regressors, controls) for i, model in enumerate(models)]
    if len(fixed_effects) > 1:
        return [Fit(fit.table.map(lambda value: float(f"{value:.8g}")), fit.n) for fit in fits]
    return fits


def _fit(
    model: Any,
    units: Mapping[str, float],
    unit: float,
    names: Mapping[str, str],
    regressors: Sequence[str],
    controls: Sequence[str],
) -> Fit:
    """Return the estimates of a model of the library under the names and in the units of the data."""
    table = pd.DataFrame({"estimate": model.coef(), "se": model.se(), "p_value": model.pvalue()})
    scale = unit / np.array([units.get(name, 1.0) for name in table.index])
    table[["estimate", "se"]] = table[["estimate", "se"]].mul(scale, axis=0)
    table = table.rename(index=dict(names)).drop(index=list(controls), errors="ignore")
    if dropped := [name for name in regressors if name not in table.index]:
        rule = "the regressor is a linear combination of the others"
        raise FaultsFound([Fault("regression", name, rule, 1, "Leave it out.") for name in dropped])
    return Fit(table.rename_axis(index=None), int(model._N))


def _unit(values: np.ndarray) -> float:
    """Return the power of two above all values: sweeping out fixed effects stops at a size, whatever the unit."""
    return float(2.0 ** np.frexp(np.abs(values).max(initial=0.0))[1])


def _codes(values: pd.Series) -> np.ndarray:
    """Return the rank of each level, so that text and numbers give the same regression."""
    return pd.factorize(values, sort=True)[0]


def _faults(data: pd.DataFrame, numeric: Sequence[str], groups: Sequence[str]) -> list[Fault]:
    remedy = "Drop or mend these rows before the regression."
    absent = [name for name in (*numeric, *groups) if name not in data]
    if absent:
        return [Fault("regression", name, "the column is missing", 1, "Check the name.") for name in absent]
    counts = {name: int((~np.isfinite(data[name].to_numpy(np.float64))).sum()) for name in numeric}
    counts |= {name: int(data[name].isna().sum()) for name in groups}
    return [Fault("regression", name, "values are missing or infinite", n, remedy) for name, n in counts.items() if n]
