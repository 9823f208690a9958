"""From parameters to the arrays by which lives are simulated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.core import keys
from tiltakseffekt.synthetic.municipalities import draw_municipalities
from tiltakseffekt.synthetic.parameters import FIRST_YEAR, MONTHS, PANDEMIC
from tiltakseffekt.synthetic.population import draw_persons
from tiltakseffekt.synthetic.rulebook import FOLLOW
from tiltakseffekt.synthetic.rules import (
    centred_differences,
    compile_rules,
    cycles,
    describe_people,
    durations,
    effect_tables,
    trait,
    yearly_use,
)


def test_effects_are_the_profile_and_the_shift_of_the_year(parameters, changed):
    started = parameters.measures.started
    plain = changed(
        parameters,
        {
            "effects.profile": {key: {1: 0.0} for key in parameters.treated} | {"amo": {1: 0.0, 13: 0.12, 36: 0.12}},
            "fitted.shift": {key: {1: 0.0, 2: 0.0, 3: 0.0} for key in started} | {"amo": {1: 0.01, 2: 0.02, 3: 0.03}},
            "fitted.wage": {"aft": {1: -0.1, 2: 0.0, 3: 0.2}},
        },
    )
    moves, factors = effect_tables(plain)
    amo, aft = started.index("amo"), started.index("aft")
    assert moves[amo, [0, 1, 7, 12, 13, 24, 25, 36]] == pytest.approx([0, 0.01, 0.07, 0.12, 0.14, 0.14, 0.15, 0.15])
    assert factors[aft, [0, 1, 12, 13, 25, FOLLOW]] == pytest.approx([1, 0.9, 0.9, 1.0, 1.2, 1.2])
    others = np.arange(len(started)) != amo
    assert not moves[others].any()


def test_effects_have_the_signs_of_the_report(parameters):
    moves = dict(zip(parameters.measures.started, effect_tables(parameters)[0], strict=True))
    assert (moves["arbeidsrettet_rehab"][1:] < 0).all()
    assert (moves["midl_lonnstilskudd"][1:] > 0).all()
    assert moves["utdanning"][1] < 0 < moves["utdanning"][36]
    assert moves["aft"][1:7].mean() < moves["aft"][12] < moves["aft"][36]


def test_differences_are_zero_on_average_over_the_participants(parameters):
    differences = centred_differences(parameters)
    assert set(differences) == set(parameters.treated) - {keys.OTHER_MEASURES}
    for arm, by_group in differences.items():
        for name, values in by_group.items():
            share = np.array(list(getattr(parameters.composition[arm], name).values()))
            assert values[: len(share)] @ share / share.sum() == pytest.approx(0), (arm, name)


def test_without_heterogeneity_nobody_differs(parameters, changed):
    same = centred_differences(changed(parameters, {"heterogeneity.share": 0.0}))
    assert not any(values.any() for by_group in same.values() for values in by_group.values())


def test_times_are_as_usual_but_where_they_are_said_to_be_other(parameters, changed):
    usual = changed(parameters, {"cycle": [], "work.season": dict.fromkeys(range(1, 13), 1.0)})
    assert all((factors == 1).all() for factors in cycles(usual))
    times = {"first": 202003, "last": 202004, "finding": 0.5, "losing": 2.0, "registering": 3.0}
    find, lose, register = cycles(changed(usual, {"cycle": [times, times]}))
    for factors, value in ((find, 0.25), (lose, 4.0), (register, 9.0)):
        assert factors[PANDEMIC : PANDEMIC + 2].tolist() == [value] * 2
        assert (np.delete(factors, [PANDEMIC, PANDEMIC + 1]) == 1).all() and len(factors) == MONTHS


def test_finding_work_has_seasons(parameters, changed):
    find = cycles(changed(parameters, {"cycle": []}))[0]
    assert find.reshape(-1, 12) == pytest.approx(np.tile(list(parameters.work.season.values()), (MONTHS // 12, 1)))


def test_use_by_year_goes_in_lines_between_the_years_given(parameters, changed):
    given = changed(parameters, {"selection.years": {"amo": {2010: 1.0, 2014: 0.0}}})
    table = yearly_use(given)
    amo = parameters.measures.started.index("amo")
    years = np.array([2000, 2010, 2012, 2014, 2023]) - FIRST_YEAR
    assert table[years, amo] == pytest.approx([1, 1, 0.5, 0, 0])
    assert (np.delete(table, amo, axis=1) == 1).all()


def test_a_measure_is_used_only_in_years_in_which_a_code_runs(parameters, codebooks):
    """Where use is not zero, some code of the measure runs all through the year, as far as Tabell A-1 shows it."""
    table = yearly_use(parameters)
    for column, arm in enumerate(parameters.measures.started):
        spans = [codebooks.code_months[code] for code in parameters.measures.codes[arm]]
        for year in range(2010, 2023):
            runs = any(first // 100 <= year <= last // 100 for first, last in spans)
            assert runs or table[year - FIRST_YEAR, column] == 0, (arm, year)


def test_durations_grow_with_the_draw_up_to_the_longest(parameters):
    table = durations(parameters)
    assert table.shape[0] == len(parameters.measures.started)
    assert (np.diff(table, axis=1) >= 0).all() and (table >= 0).all()
    assert table.max() <= parameters.measures.longest


def test_the_unobserved_trait_moves_work_and_selection_only_when_it_has_a_weight(parameters, changed, codebooks):
    places = draw_municipalities(1, parameters, codebooks)
    persons = draw_persons(1, np.arange(500), 0, parameters, places)
    odds, weights = [], []
    for weight in (0.0, 1.0):
        given = changed(parameters, {"work.trait": weight, "selection.trait": 0.5})
        odds.append(describe_people(1, persons, places, given)["odds"])
        weights.append(compile_rules(1, given, codebooks, places)["trait_find"][0])
    assert weights == [0.0, 1.0]
    moved = odds[1] - odds[0]
    assert moved == pytest.approx(
        np.repeat(0.5 * trait(1, persons.key)[:, None], len(parameters.measures.started), axis=1)
    )


@given(st.integers(0, 2**31))
def test_the_trait_has_mean_zero_and_variance_one(seed):
    values = trait(seed, np.arange(20_000))
    assert abs(values.mean()) < 0.04 and abs(values.var() - 1) < 0.1
