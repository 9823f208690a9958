"""The regression with fixed effects against a second package, and persons who leave nothing to compare."""

import numpy as np
import pandas as pd
import pytest
from linearmodels.panel import PanelOLS

from tiltakseffekt.stages.effects import ols
from tiltakseffekt.stages.effects.fixed_effects import fixed_effects, month_dummies


@pytest.fixture
def persons():
    rng = np.random.default_rng(1)
    n = 400
    office, month = rng.integers(0, 25, n), rng.integers(200, 206, n)
    x = rng.normal(size=(n, 2))
    treated = (rng.random(n) < 0.3).astype(float)
    level = rng.normal(size=25)[office] + 0.5 * (month - 200)
    outcomes = np.column_stack([2 * treated + x[:, 0] + level, 1e5 * (treated + level)])
    return x, treated, outcomes + rng.normal(size=(n, 2)) * [1, 1e5], office, month


def test_months_but_the_first_have_indicators():
    assert month_dummies(np.array([7, 9, 7, 12])).tolist() == [[0, 0], [1, 0], [0, 0], [0, 1]]


def test_a_second_package_agrees(persons):
    x, treated, outcomes, office, month = persons
    found, several = fixed_effects(*persons)
    assert several.all()
    for place in (0, 1):
        index = pd.MultiIndex.from_arrays([office, np.arange(400)])
        columns = np.column_stack([treated, x, month_dummies(month)])
        other = PanelOLS(pd.Series(outcomes[:, place], index), pd.DataFrame(columns, index), entity_effects=True).fit(
            cov_type="clustered", cluster_entity=True, debiased=False
        )
        assert found.values[place] == pytest.approx(other.params.iloc[0], rel=1e-8)
        # The other has no factors for few clusters and for regressors: three slopes, five months and a level.
        factor = np.sqrt(25 / 24 * 399 / (400 - 9))
        assert found.errors[place] == pytest.approx(factor * other.std_errors.iloc[0], rel=1e-8)


def test_outcomes_together_are_as_each_alone(persons):
    x, treated, outcomes, office, month = persons
    both, _ = fixed_effects(*persons)
    for place in (0, 1):
        alone, _ = fixed_effects(x, treated, outcomes[:, [place]], office, month)
        assert (both.values[place], both.errors[place]) == (alone.values[0], alone.errors[0])


def test_offices_are_swept_out_once_for_all_outcomes(persons, monkeypatch):
    calls = []

    def counted(*arguments, **named):
        calls.append(named)
        return feols(*arguments, **named)

    feols = ols.pf.feols
    monkeypatch.setattr(ols.pf, "feols", counted)
    fixed_effects(*persons)
    assert len(calls) == 1


def test_the_effect_is_found_though_offices_and_months_differ(persons):
    found, _ = fixed_effects(*persons)
    assert abs(found.values[0] - 2) < 4 * found.errors[0] < 1


def test_who_is_alone_in_an_office_does_not_count(persons):
    alone = [np.concatenate([column, column[:1]]) for column in persons]
    alone[3][-1], alone[2][-1] = 99, 1e9
    expected, _ = fixed_effects(*persons)
    found, several = fixed_effects(*alone)
    assert several.tolist() == [True] * 400 + [False]
    np.testing.assert_array_equal(found.values, expected.values)
    np.testing.assert_array_equal(found.errors, expected.errors)


def test_missing_where_nothing_is_left_to_compare(persons):
    x, treated, outcomes, office, month = persons
    by_office = (office % 2).astype(float)
    few = np.arange(400) < 15
    for case in (
        (x, by_office, outcomes, office, month),
        tuple(column[few] for column in persons),
        (x, treated, outcomes, np.arange(400), month),
        tuple(column[:0] for column in persons),
    ):
        found, _ = fixed_effects(*case)
        assert np.isnan(found.values).all()
        assert np.isnan(found.errors).all()
