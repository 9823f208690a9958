"""Bounds for unobserved confounders: by hand, against DoubleML, and with a planted confounder."""

import numpy as np
import pandas as pd
import pytest
from doubleml import DoubleMLFramework
from doubleml.utils.gain_statistics import gain_statistics

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.benchmarks import fit_without, without_group
from tiltakseffekt.stages.effects.confounding import (
    OUTCOMES,
    Nuisances,
    _variances,
    bound_confounding,
    bounded_framework,
    bounds_under,
    compare_strength,
    read_problem,
    sensitivity_model,
)
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings

ARMS = (keys.CONTROL, "amo", "jobbklubb")


def made_up(n=3000, seed=3, confounder=1.0):
    """Return tables of persons with a covariate and a binary confounder; what holds with and without it."""
    rng = np.random.default_rng(seed)
    x, u = rng.normal(size=n), rng.integers(0, 2, size=n).astype(float)

    def odds(u):
        return np.column_stack([np.zeros(n), 0.4 * x - 0.5 + confounder * (u - 0.5), 0.3 * x - 1 + 0 * u])

    def shares(u):
        e = np.exp(odds(u))
        return e / e.sum(axis=1, keepdims=True)

    arm = (rng.random((n, 1)) > shares(u).cumsum(axis=1)[:, :-1]).sum(axis=1)
    effects = np.array([0.0, 0.5, 0.2])

    def means(u):
        return x[:, None] + confounder * u[:, None] + effects

    y = means(u)[np.arange(n), arm] + rng.normal(size=n)
    with_u = Nuisances(shares(u), np.repeat(means(u)[:, :, None], 2, axis=2))
    joint = np.stack([shares(np.zeros(n)), shares(np.ones(n))])
    without = joint.mean(axis=0)
    mean_u = joint[1] / joint.sum(axis=0)
    without = Nuisances(without, np.repeat((x[:, None] + confounder * mean_u + effects)[:, :, None], 2, axis=2))
    ids = [f"p{k:05d}" for k in range(n)]
    fold = np.arange(n) % 5
    tables = {
        "sample": pd.DataFrame({"person_id": ids, "arm": np.array(ARMS)[arm], "fold": fold}),
        "outcomes": pd.DataFrame({"person_id": ids} | dict.fromkeys(OUTCOMES, y)),
        "propensities": pd.DataFrame(
            {"person_id": ids, "fold": fold}
            | {keys.propensity_column(name): without.propensities[:, k] for k, name in enumerate(ARMS)}
        ),
        "predictions": pd.DataFrame(
            {"person_id": ids, "fold": fold}
            | {
                keys.prediction_column(name, outcome): without.predictions[:, k, q]
                for k, name in enumerate(ARMS)
                for q, outcome in enumerate(OUTCOMES)
            }
        ),
    }
    return tables, with_u, without, x


@pytest.fixture(scope="module")
def planted():
    return made_up()


def test_variances_bounds_and_robustness_are_those_by_hand(planted):
    tables, _, without, _ = planted
    problem = read_problem(**tables, normalise="none")
    model = sensitivity_model(problem, without, 1, 0)
    kept = problem.assignment.arm < 2
    d, y = problem.assignment.arm[kept] == 1, problem.outcomes[kept, 0]
    e, mu = without.propensities[kept], without.predictions[kept, :, 0]
    chance, share = e[:, 1] / (e[:, 0] + e[:, 1]), d.mean()
    weights = np.where(d, 1.0, -chance / (1 - chance)) / share
    sigma2 = np.mean((y - np.where(d, mu[:, 1], mu[:, 0])) ** 2)
    nu2 = np.mean(2 * d / (1 - chance) / share**2 - weights**2)
    theta = np.mean(weights * (y - mu[:, 0]))
    framework = bounded_framework(problem, model, 1, 0)
    assert model.coef[0] == pytest.approx(theta)
    assert framework.thetas[0] == pytest.approx(theta)
    assert framework.ses[0] == pytest.approx(model.se[0])
    bounds = bounds_under(framework, 0.1, 0.05, 0.975)
    bias = np.sqrt(0.1 * 0.05 / 0.95 * sigma2 * nu2)
    assert (bounds.low, bounds.high) == pytest.approx((theta - bias, theta + bias))
    # DoubleML's own, with its search for robustness values.
    framework.sensitivity_analysis(cf_y=0.1, cf_d=0.05, rho=1.0, level=0.975)
    found = framework.sensitivity_params
    theirs = [found[what][end][0] for what in ("theta", "ci") for end in ("lower", "upper")]
    assert list(bounds) == pytest.approx(theirs, rel=1e-12)
    none = bounds_under(framework, 0.0, 0.0, 0.975)
    assert (none.region_low, none.region_high) == pytest.approx(
        (theta - 1.959964 * framework.ses[0], theta + 1.959964 * framework.ses[0])
    )
    # A strength r for both moves the estimate by sqrt(r^2 / (1 - r)) times the largest bias.
    f = abs(theta) / np.sqrt(sigma2 * nu2)
    assert framework.sensitivity_params["rv"][0] == pytest.approx((np.sqrt(f**4 + 4 * f**2) - f**2) / 2, abs=1e-4)


def test_the_strength_is_that_of_the_definitions_and_of_doubleml_in_other_units(planted):
    tables, with_u, without, _ = planted
    problem = read_problem(**tables)
    known, unknown = (sensitivity_model(problem, nuisances, 1, 0) for nuisances in (with_u, without))
    strength = compare_strength(known, unknown)
    gains = gain_statistics(known, unknown)
    assert gains["cf_y"][0] == pytest.approx(strength.cf_y / (1 - strength.cf_y))
    assert gains["cf_d"][0] == pytest.approx(strength.cf_d / (1 - strength.cf_d))
    assert strength.change == pytest.approx(unknown.coef[0] - known.coef[0])


def test_with_the_strength_of_the_planted_confounder_the_bounds_hold_the_truth(planted):
    tables, with_u, without, _ = planted
    problem = read_problem(**tables)
    known, unknown = (sensitivity_model(problem, nuisances, 1, 0) for nuisances in (with_u, without))
    framework = bounded_framework(problem, unknown, 1, 0)
    strength = compare_strength(known, unknown)
    bounds = bounds_under(framework, strength.cf_y, strength.cf_d, 0.975)
    # The planted effect is 0.5; the confounder pulls the estimate away by more than sampling errors.
    assert abs(framework.thetas[0] - 0.5) > 3 * framework.ses[0]
    assert bounds.region_low < 0.5 < bounds.region_high
    # The change is the share rho of the largest one.
    assert strength.change == pytest.approx(strength.rho * (bounds.high - framework.thetas[0]))


def test_weights_gain_at_least_what_the_change_proves(planted):
    tables, with_u, without, _ = planted
    problem = read_problem(**tables)
    # Propensities that do not know the confounder, predictions that do.
    blunt = Nuisances(without.propensities, with_u.predictions)
    known, unknown = (sensitivity_model(problem, nuisances, 1, 0) for nuisances in (blunt, without))
    strength = compare_strength(known, unknown)
    framework = bounded_framework(problem, unknown, 1, 0)
    bounds = bounds_under(framework, strength.cf_y, strength.cf_d, 0.975)
    assert abs(strength.change) > 0.01
    assert bounds.high - framework.thetas[0] == pytest.approx(abs(strength.change))


@pytest.mark.parametrize("weights", ["gain", "lose"])
def test_bounds_have_room_for_the_change_when_the_outcome_seems_to_gain_nothing(planted, weights):
    """Noise makes predictions with the group worse than those without it; the estimate changes all the same."""
    tables, with_u, without, _ = planted
    problem = read_problem(**tables)
    noise = np.random.default_rng(1).normal(size=with_u.predictions.shape)
    worse = without.predictions + 0.6 * noise + 0.3
    noisy = without.propensities * np.exp(0.5 * np.random.default_rng(2).normal(size=without.propensities.shape))
    chances = with_u.propensities if weights == "gain" else noisy / noisy.sum(axis=1, keepdims=True)
    known, unknown = (sensitivity_model(problem, nuisances, 1, 0) for nuisances in (Nuisances(chances, worse), without))
    (sigma2, nu2), (sigma2_without, nu2_without) = _variances(known), _variances(unknown)
    assert sigma2 > sigma2_without
    assert (nu2 > nu2_without) == (weights == "gain")
    strength = compare_strength(known, unknown)
    framework = bounded_framework(problem, unknown, 1, 0)
    bounds = bounds_under(framework, strength.cf_y, strength.cf_d, 0.975)
    assert abs(strength.change) > 0.01
    assert bounds.high - framework.thetas[0] == pytest.approx(abs(strength.change))


def test_smoothed_propensities_make_the_variance_of_the_weights_too_small(planted):
    """The score of DoubleML finds it less the mean square of what the weights miss."""
    tables, _, without, _ = planted
    problem = read_problem(**tables)
    flat = without.propensities.mean(axis=0) + 0.3 * (without.propensities - without.propensities.mean(axis=0))
    smoothed = sensitivity_model(problem, Nuisances(flat, without.predictions), 1, 0)
    assert _variances(smoothed)[1] < 0.98 * _variances(sensitivity_model(problem, without, 1, 0))[1]


def test_robustness_values_are_searched_for_once_per_estimate(planted, monkeypatch):
    tables, with_u, without, _ = planted
    problem = read_problem(**tables)
    calls = []
    search = DoubleMLFramework.sensitivity_analysis
    monkeypatch.setattr(
        DoubleMLFramework, "sensitivity_analysis", lambda self, **how: calls.append(1) or search(self, **how)
    )
    bound_confounding(problem, lambda group: with_u if group is None else without, ("alder", "gruppe_kjonn"), 0.95)
    assert len(calls) == 2 * len(OUTCOMES)


def test_groups_that_explain_nothing_leave_the_estimate_alone(planted):
    tables, _, without, _ = planted
    problem = read_problem(**tables)
    table = bound_confounding(problem, lambda group: without, ("alder",), 0.95)
    assert not table_faults(table, schemas.CONFOUNDING)
    assert len(table) == 4
    assert (table[["cf_y", "cf_d", "change"]] == 0).all(axis=None)
    np.testing.assert_allclose(table["low"], table["estimate"])
    np.testing.assert_allclose(table["region_high"], table["interval_high"])


def test_forests_without_a_group_do_not_see_it(planted):
    tables, _, _, x = planted
    noise = np.random.default_rng(0).normal(size=len(x))
    covariates = pd.DataFrame(
        {"person_id": tables["sample"]["person_id"], "x_alder__alder": x, "x_gruppe_kjonn__kvinne": noise > 0}
    )
    names = without_group(pd.DataFrame(columns=["person_id", "x_alder__alder"]), "alder").columns
    assert list(names) == ["person_id"]
    settings = MatchingSettings(forest=ForestSettings(trees=20))
    problem = read_problem(**tables)
    told = (tables["sample"], covariates, tables["outcomes"], settings, 1, problem.arms)
    known, unknown = (sensitivity_model(problem, fit_without(group, *told), 1, 0) for group in (None, "alder"))
    strength = compare_strength(known, unknown)
    # x has half of the variance around what the arm and the confounder tell; forests of 20 trees find most of it.
    assert 0.2 < strength.cf_y < 0.6
    assert strength.change > 0.05


def test_tables_that_do_not_belong_together_are_refused_with_all_faults(planted):
    tables, *_ = planted
    broken = tables | {
        "propensities": tables["propensities"].assign(propensity__amo=2.0),
        "predictions": tables["predictions"].drop(columns=keys.prediction_column("amo", OUTCOMES[0])),
    }
    with pytest.raises(FaultsFound) as found:
        read_problem(**broken)
    assert "p0000" not in str(found.value)
    with pytest.raises(FaultsFound, match="persons of the sample are missing"):
        read_problem(**(tables | {"predictions": tables["predictions"].iloc[1:]}))
