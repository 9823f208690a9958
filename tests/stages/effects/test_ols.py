"""The one regression wrapper: hand formula, R's numbers, another package, and any hash seed."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from linearmodels.iv import IV2SLS

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.effects.ols import fit_ols, fit_several
from tiltakseffekt.stages.effects.scores import Assignment, potential_outcome_scores

REFERENCE = Path(__file__).parents[2] / "reference" / "causaldml-a"


@pytest.fixture(scope="module")
def simulated() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    n = 300
    data = pd.DataFrame({"x": rng.normal(size=n), "has space": rng.integers(0, 2, n), "office": rng.integers(0, 12, n)})
    effect = rng.normal(size=12)[data["office"]]
    return data.assign(y=data["x"] - data["has space"] + effect + rng.normal(size=n) * (1 + data["x"].abs()))


def by_hand(y: np.ndarray, x: np.ndarray, cluster: np.ndarray | None = None, k: int | None = None):
    """Least squares with White's or the clustered matrix, written out."""
    n = len(y)
    k = k or x.shape[1]
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ y
    moments = x * (y - x @ beta)[:, None]
    factor = n / (n - k)
    if cluster is not None:
        moments = pd.DataFrame(moments).groupby(cluster).sum().to_numpy()
        factor = len(moments) / (len(moments) - 1) * (n - 1) / (n - k)
    return beta, np.sqrt(np.diag(factor * bread @ moments.T @ moments @ bread))


def test_robust_errors_equal_the_hand_formula(simulated):
    fit = fit_ols(simulated, "y", ["x", "has space"], vcov="HC1")
    x = np.column_stack([np.ones(300), simulated["x"], simulated["has space"]])
    beta, se = by_hand(simulated["y"].to_numpy(), x)
    assert list(fit.table.index) == ["constant", "x", "has space"]
    assert fit.n == 300
    np.testing.assert_allclose(fit.table["estimate"], beta, rtol=1e-10)
    np.testing.assert_allclose(fit.table["se"], se, rtol=1e-10)


def test_clustered_errors_equal_the_hand_formula_for_text_and_numbers(simulated):
    x = np.column_stack([np.ones(300), simulated["x"]])
    _, se = by_hand(simulated["y"].to_numpy(), x, simulated["office"].to_numpy())
    for office in (simulated["office"], "office " + simulated["office"].astype(str)):
        fit = fit_ols(simulated.assign(office=office), "y", ["x"], vcov="CRV1", cluster="office")
        np.testing.assert_allclose(fit.table["se"], se, rtol=1e-10)


def test_a_second_package_agrees(simulated):
    data = simulated.assign(one=1.0)
    fit = fit_ols(data, "y", ["x", "has space"], vcov="HC1")
    other = IV2SLS(data["y"], data[["one", "x", "has space"]], None, None).fit(cov_type="robust", debiased=True)
    np.testing.assert_allclose(fit.table["estimate"], other.params, rtol=1e-9)
    np.testing.assert_allclose(fit.table["se"], other.std_errors, rtol=1e-9)
    np.testing.assert_allclose(fit.table["p_value"], other.pvalues, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("norm", [2, 0])
def test_group_effects_equal_those_of_r(norm):
    data = pd.read_csv(REFERENCE / "data.csv")
    propensities = pd.read_csv(REFERENCE / "propensities.csv").drop(columns="id").to_numpy()
    outcomes = ["y1", "y2", "y3"]
    columns = [f"m_{outcome}_arm{arm}" for arm in range(4) for outcome in outcomes]
    predicted = pd.read_csv(REFERENCE / "outcome_predictions.csv")[columns].to_numpy().reshape(-1, 4, 3)
    assignment = Assignment(
        data["arm"].to_numpy(), data["fold"].to_numpy(), propensities, "fold" if norm == 2 else "none"
    )
    scores = potential_outcome_scores(assignment, data[outcomes].to_numpy(np.float64), predicted)
    gate = pd.read_csv(REFERENCE / "gate.csv").query("norm == @norm and model == 'dummies'")
    dummies = {f"group{g}": (data["group"] == g).astype(float) for g in (2, 3, 4)}
    compared = 0
    for (outcome, arm), expected in gate.groupby(["outcome", "arm"]):
        delta = scores[:, arm, outcomes.index(outcome)] - scores[:, 0, outcomes.index(outcome)]
        frame = pd.DataFrame({"delta": delta, "cluster": data["cluster"], **dummies})
        robust = fit_ols(frame, "delta", list(dummies), vcov="HC1")
        clustered = fit_ols(frame, "delta", list(dummies), vcov="CRV1", cluster="cluster")
        np.testing.assert_allclose(robust.table["estimate"], expected["estimate"], rtol=0, atol=1e-8)
        np.testing.assert_allclose(robust.table["se"], expected["se_hc1"], rtol=0, atol=1e-8)
        np.testing.assert_allclose(robust.table["p_value"], expected["p_hc1"], rtol=0, atol=1e-8)
        np.testing.assert_allclose(clustered.table["se"], expected["se_cluster_hc1"], rtol=0, atol=1e-8)
        compared += len(expected)
    assert compared == 36


def county_panel() -> pd.DataFrame:
    """Build 20 counties over 12 years, the setting in which the library's own clustered errors vary by hash seed."""
    rng = np.random.default_rng(11)
    data = pd.DataFrame({"fylke": np.repeat(np.arange(20), 12), "aar": np.tile(np.arange(12), 20)})
    data["tiltak"] = rng.normal(size=240) + 0.3 * data["fylke"] / 20
    data["y"] = data["tiltak"] + rng.normal(size=20)[data["fylke"]] + rng.normal(size=240)
    return data


PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
from test_ols import county_panel
from tiltakseffekt.stages.effects.ols import fit_several
for order in (["fylke", "aar"], ["aar", "fylke"]):
    fit, = fit_several(county_panel(), ["y"], ["tiltak"], vcov="CRV1", fixed_effects=order, cluster="fylke")
    print(fit.table.loc["tiltak", "se"].hex())
"""


def test_clustered_errors_with_two_fixed_effects_do_not_depend_on_the_hash_seed():
    data = county_panel()
    dummies = pd.get_dummies(data[["fylke", "aar"]].astype(str), drop_first=True).to_numpy(np.float64)
    x = np.column_stack([data["tiltak"], np.ones(240), dummies])
    # The county effects are nested in the clusters and do not count: one slope and twelve years.
    expected = by_hand(data["y"].to_numpy(), x, data["fylke"].to_numpy(), k=1 + 12)[1][0]
    program = PROGRAM.format(folder=str(Path(__file__).parent))
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", program],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in (0, 1)  # A set of the neutral names has one order with the first and the other with the second.
    ]
    printed = {process.communicate()[0] for process in running}
    assert len(printed) == 1
    for line in printed.pop().split():
        assert float.fromhex(line) == pytest.approx(expected, rel=1e-7)


def test_controls_are_held_constant_and_may_depend_on_each_other(simulated):
    months = {f"month{m}": (simulated.index % 3 == m).astype(float) for m in range(3)}
    data = simulated.assign(wage=1e6 * simulated["y"], twice=2 * simulated["has space"], **months)
    controls = ["has space", "twice", *months]
    (fit,) = fit_several(
        data, ["wage"], ["x"], vcov="CRV1", fixed_effects=["office"], cluster="office", controls=controls
    )
    offices = pd.get_dummies(simulated["office"]).to_numpy(np.float64)
    x = np.column_stack([data[["x", "has space", "month0", "month1"]], offices])
    # Offices are nested in the clusters and do not count; the slopes and the common level do.
    beta, se = by_hand(data["wage"].to_numpy(), x, simulated["office"].to_numpy(), k=4 + 1)
    assert list(fit.table.index) == ["x"]
    assert fit.table.loc["x", "estimate"] == pytest.approx(beta[0], rel=1e-9)
    assert fit.table.loc["x", "se"] == pytest.approx(se[0], rel=1e-9)


def test_bad_input_is_named(simulated):
    cases = {
        "y: values are missing or infinite (2)": (simulated.assign(y=simulated["y"].mask(simulated.index < 2)), ["x"]),
        "absent: the column is missing (1)": (simulated, ["absent"]),
        "double: the regressor is a linear combination": (simulated.assign(double=2 * simulated["x"]), ["x", "double"]),
    }
    for message, (data, regressors) in cases.items():
        with pytest.raises(FaultsFound) as caught, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            fit_ols(data, "y", regressors, vcov="HC1")
        assert message in str(caught.value)
    with pytest.raises(ValueError, match="cluster"):
        fit_ols(simulated, "y", ["x"], vcov="CRV1")
