"""Every step names a parameter that there is and numbers that are compared."""

import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.documents.calibration.comparison import NOBODY
from tiltakseffekt.laboratory.fitting.expected import CHARACTERISTICS
from tiltakseffekt.laboratory.fitting.numbers import (
    ROWS_OF,
    Cell,
    Numbers,
    composition,
    printed_numbers,
    starters,
)
from tiltakseffekt.laboratory.fitting.steps import SICK, all_steps, whole_places


@pytest.fixture(scope="module")
def printed(study):
    return printed_numbers(study.targets, study.choices)


@pytest.fixture(scope="module")
def steps(study, printed):
    return all_steps(printed, study.parameters, study.parameters.fitted)


def value_at(content, place):
    for key in place:
        content = content[key]
    return content


def test_targets_are_the_compared_numbers_and_no_others(measurement, printed):
    comparison = measurement.comparison
    compared = comparison.loc[comparison["reason"].isin(["", NOBODY])]
    assert {Cell._make(row) for row in compared[list(Cell._fields)].itertuples(index=False)} == set(printed)


def test_an_exact_number_is_preferred_to_a_loose_one(printed):
    # Nearly 50 in the summary, 48 in the chapter.
    assert printed[Cell("figur-5-4", "", "tilstand_arbeid_i_alt", "m24", panel="situasjonsbestemt")] == 48


def test_every_number_of_a_step_is_printed_and_measured(steps, printed, measurement, study):
    cells = {cell for step in steps for one in step.lacks for cell in one.cells}
    cells |= {cell for arm in study.parameters.treated[:-1] for name in ROWS_OF for cell in composition(arm, name)}
    assert not cells - set(printed)
    assert not cells - set(measurement.numbers.found)


def test_every_parameter_of_a_step_is_a_number_that_may_lie_within_its_bounds(steps, study):
    content = study.parameters.fitted.model_dump()
    for step in steps:
        assert isinstance(value_at(content, step.place), float | int), step.place
        assert step.bounds[0] < step.bounds[1]
        assert step.limit > 1 and 0 < step.power <= 1


def test_every_fitted_parameter_is_moved_but_those_that_are_known_not_to_be(steps, study):
    special = {"shift", "wage", "base"}
    unmoved = set(type(study.parameters.fitted).model_fields) - {step.place[0] for step in steps} - special
    assert unmoved == {"switches_age"}


def test_whole_places_hold_several_numbers(study):
    content = study.parameters.fitted.model_dump()
    assert all(len(value_at(content, place)) > 1 for place in whole_places(study.parameters.fitted))


def test_a_rare_stock_is_stayed_in_longer_and_come_into_more_often(steps, study):
    place = {step.place: step for step in steps}
    short = registers_with(study, {("tabell-4-2", "sykmeldt", "alle_registrerte"): 0.5})
    for name, larger in ((("leave_idle", SICK), False), (("register_sick",), True)):
        content = study.parameters.fitted.model_dump() | {"register_sick": 0.3}
        before = value_at(content, name)
        place[name].take(content, short, 0.5)
        assert (value_at(content, name) > before) == larger


def registers_with(study, factors):
    """Return numbers that are as printed but for some, found with a factor."""
    printed = printed_numbers(study.targets, study.choices)
    found = {cell: value * factors.get((cell.exhibit, cell.row, cell.column), 1) for cell, value in printed.items()}
    return Numbers(printed, found, None)


def test_registers_as_printed_move_nothing_but_what_answers_for_a_part(steps, study):
    content, before = study.parameters.fitted.model_dump(), study.parameters.fitted.model_dump()
    numbers = registers_with(study, {})
    for step in steps:
        value = value_at(content, step.place)
        step.take(content, numbers, 1.0)
        if any(one.part != 1 for one in step.lacks) or not step.bounds[0] <= value <= step.bounds[1]:
            continue
        assert value_at(content, step.place) == pytest.approx(value_at(before, step.place), abs=1e-9), step.place


def test_expected_starts_stand_in_for_realised_ones(measurement, study):
    expected, found = measurement.numbers.expected, measurement.numbers.found
    scale = 2_000 / study.parameters.fitted.persons
    treated = study.parameters.treated
    total = sum(found[starters(arm, group)] for arm in treated for group in keys.ENTRY_GROUPS)
    assert total == pytest.approx(expected.starts["innsatsgruppe"][:, : len(treated)].sum() / scale)
    for name in ROWS_OF:
        assert sum(found[cell] for cell in composition("amo", name)) == pytest.approx(100)
    assert set(expected.starts) == set(CHARACTERISTICS)
