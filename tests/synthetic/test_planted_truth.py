"""The planted truth: what the registers say, what the parameters promise, and shared luck."""

import numpy as np
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.parameters import POPULATION, WAITED
from tiltakseffekt.synthetic.rulebook import FOLLOW
from tiltakseffekt.synthetic.rules import effect_tables
from tiltakseffekt.synthetic.truth import assignment_table, truth_table

#: July 2017 to December 2018 (effektrapport_2024 lines 2215-2216).
SAMPLE = (210, 227)
#: Nobody comes back to the register, and nobody starts but as planned.
QUIET = {
    "fitted.later": dict.fromkeys(keys.NAV_GROUPS, dict.fromkeys((0, *WAITED), 0.0)),
    "fitted.later_again": dict.fromkeys(keys.NAV_GROUPS, 0.0),
    "fitted.register_idle": dict.fromkeys(keys.NAV_GROUPS, 0.0),
    "fitted.register_lost": dict.fromkeys(keys.NAV_GROUPS, 0.0),
    "fitted.register_work": dict.fromkeys(keys.NAV_GROUPS, 0.0),
}


def unshifted(parameters):
    return {key: {1: 0.0, 2: 0.0, 3: 0.0} for key in parameters.measures.started}


def months_in_work(episodes):
    """Return work under no measure and each later arm, (registrations, 1 + arms, months since the start)."""
    return (episodes.months[:, :, None] >> np.arange(FOLLOW, dtype=np.uint64)) & np.uint64(1) == 1


def chosen(episodes):
    """Return the column of the arm that was drawn."""
    return episodes.facts[:, 3] + 1


def carried_out(lives):
    """Return which registrations got the plan that was drawn for them: no measure, or the drawn one at its start."""
    spells, facts = lives.spells, lives.episodes.facts
    begun = set(zip(spells.person[spells.main], spells.start[spells.main], spells.measure[spells.main], strict=True))
    return np.array([arm < 0 or (person, start, arm) in begun for person, _, start, arm, *_ in facts.tolist()])


def bounds(chances):
    """Return five standard deviations of counts with given chances."""
    return 5 * np.sqrt((chances * (1 - chances)).sum(axis=0)) + 1


@pytest.fixture(scope="module")
def many(draw, parameters):
    return draw(parameters, 20_000)


def test_the_drawn_arm_has_the_work_that_the_registers_say(many, parameters):
    facts, columns = many.episodes.facts, chosen(many.episodes)
    own = months_in_work(many.episodes)[np.arange(len(facts)), columns]
    after = facts[:, 2, None] + np.arange(1, FOLLOW + 1)
    lived = many.months["work"][facts[:, 0, None], after] == 2
    rows = carried_out(many)
    assert rows.mean() > 0.98
    assert set(columns[rows]) >= set(range(len(parameters.treated)))
    assert (own == lived)[rows].all()


def test_the_drawn_arm_has_the_wages_that_the_registers_say_in_2022_kroner(many, codebooks):
    facts = many.episodes.facts
    own = many.episodes.wages[np.arange(len(facts)), chosen(many.episodes)]
    after = facts[:, 2, None] + np.arange(1, FOLLOW + 1)
    prices = np.repeat(codebooks.prices / codebooks.prices[22], 12)
    lived = np.rint(many.months["wage"][facts[:, 0, None], after] / prices[after])
    rows = carried_out(many)
    assert own[rows] == pytest.approx(lived.reshape(-1, 3, 12).sum(axis=2)[rows], abs=12)


def test_permanent_measures_leave_the_truth_of_the_effect_sample_alone(world):
    """Whoever registers in the months of the effect sample has the planted outcomes in the tables too."""
    facts, columns = world.lives.episodes.facts, chosen(world.lives.episodes)
    own = months_in_work(world.lives.episodes)[np.arange(len(facts)), columns]
    after = facts[:, 2, None] + np.arange(1, FOLLOW + 1)
    told = world.lives.months["work"][facts[:, 0, None], after] == 2
    first, last = SAMPLE
    rows = carried_out(world.core) & (facts[:, 1] >= first) & (facts[:, 1] <= last)
    assert rows.sum() > 50
    assert (own == told)[rows].all()


def test_the_planned_registration_is_one_in_the_register_with_its_group_and_category(many):
    facts, months = many.episodes.facts, many.months
    person, month = facts[:, 0], facts[:, 1]
    assert (months["group"][person, month] == facts[:, 4]).all()
    assert (months["group"][person, month - 1][month > 0] < 0).all()
    works = months["work"][person[:, None], (month[:, None] - np.arange(13)).clip(0)] == 2
    works &= (month[:, None] - np.arange(13)) >= 0
    category = np.where(works[:, 0], 0, np.where(works[:, 1:6].any(axis=1), 1, 2))
    assert (category == facts[:, 5]).all()
    assert (works[:, 1:].sum(axis=1) == facts[:, 6]).all()


def test_who_starts_is_registered_and_out_of_standard_unless_jobbklubb(many, parameters):
    facts = many.episodes.facts
    treated = carried_out(many) & (facts[:, 3] >= 0)
    person, start, arm = facts[treated, 0], facts[treated, 2], facts[treated, 3]
    group = many.months["group"][person, start]
    assert (group >= 0).all()
    assert (arm[group == 0] == parameters.measures.started.index("jobbklubb")).all()


def test_a_first_measure_is_the_planned_one_and_nothing_else_begins_within_a_year(many):
    """Among planned registrations no measure begins within the window but from the planned start on."""
    facts, spells = many.episodes.facts, many.spells
    rows = facts[:, 7] < 60
    begins = np.where(facts[:, 3] >= 0, facts[:, 2], facts[:, 1] + 12)
    by_person = np.searchsorted(spells.person, np.arange(len(many.months) + 1))
    for person, month, first in zip(facts[rows, 0], facts[rows, 1], begins[rows], strict=True):
        starts = spells.start[by_person[person] : by_person[person + 1]]
        assert not ((starts >= month) & (starts < first)).any()


def test_chances_are_chances(many):
    chances = many.episodes.chances
    assert ((chances >= 0) & (chances <= 1)).all()
    assert chances.sum(axis=1) == pytest.approx(1)
    assert (chances[:, -1] > 0).all()


def test_arms_are_drawn_as_often_as_their_chances_say(many, parameters):
    facts, chances = many.episodes.facts, many.episodes.chances
    # A person registered before is delivered only if she comes again, which a measure may move.
    rows = facts[:, 1] >= POPULATION[0]
    drawn = np.eye(len(parameters.measures.started) + 1)[facts[rows, 3]]
    assert (np.abs(drawn.sum(axis=0) - chances[rows].sum(axis=0)) < bounds(chances[rows])).all()
    for group in range(3):
        within = rows & (facts[:, 4] == group)
        treated, expected = facts[within, 3] >= 0, 1 - chances[within, -1]
        assert abs(treated.sum() - expected.sum()) < bounds(expected)


def test_starts_are_drawn_by_their_shares_whatever_the_arm(many, parameters):
    facts = many.episodes.facts
    rows = facts[:, 1] >= POPULATION[0]
    waits = facts[:, 2] - facts[:, 1]
    for group in range(3):
        shares = array(parameters.fitted.start)[group]
        for treated in (False, True):
            found = waits[rows & (facts[:, 4] == group) & ((facts[:, 3] >= 0) == treated)]
            expected = np.tile(shares / shares.sum(), (len(found), 1))
            assert (np.abs(np.bincount(found, minlength=12) - expected.sum(axis=0)) < bounds(expected)).all()


@pytest.fixture(scope="module")
def even(draw, parameters, changed):
    """Registrations under effects that are the same for all, where the base is the work that is simulated."""
    effects = {key: {1: 0.05} for key in parameters.treated} | {"aft": {1: -0.012}, "amo": {1: 0.02}}
    same = changed(
        parameters,
        QUIET
        | {
            "effects.profile": effects,
            "effects.at_start": {},
            "fitted.shift": unshifted(parameters),
            "fitted.wage": {},
            "heterogeneity.share": 0.0,
            "selection.years": {},
        },
    )
    first = draw(same, 12_000)
    works, facts = months_in_work(first.episodes)[:, 0], first.episodes.facts
    base = same.fitted.model_dump()["base"]
    for group, by_category in enumerate(base.values()):
        for category, shares in enumerate(by_category.values()):
            rows = (facts[:, 4] == group) & (facts[:, 5] == category)
            mean = works[rows].mean(axis=0) if rows.any() else np.full(FOLLOW, 0.5)
            shares.update(enumerate(mean.tolist(), 1))
    measured = changed(same, {"fitted.base": base})
    return measured, draw(measured, 12_000)


def test_individual_effects_average_to_the_effect_table(even):
    parameters, lives = even
    works = months_in_work(lives.episodes).astype(float)
    difference = works[:, 1:] - works[:, :1]
    mean, error = difference.mean(axis=0), difference.std(axis=0) / np.sqrt(len(works))
    table = effect_tables(parameters)[0][:, 1:]
    treated = len(parameters.treated)
    assert (np.abs(mean - table)[:treated] < 5 * error[:treated] + 0.002).all()
    assert (mean[treated:] == 0).all()


def test_arms_share_their_luck(even):
    """Whom a small gain brings into work, a larger one does too; nobody is moved against the sign of the effect."""
    parameters, lives = even
    started, works = parameters.measures.started, months_in_work(lives.episodes)
    control, larger, smaller, loss = (
        works[:, place] for place in (0, *(1 + started.index(arm) for arm in ("oppfolging", "amo", "aft")))
    )
    assert (control <= smaller).all() and (smaller <= larger).all() and (loss <= control).all()
    assert (smaller < larger).any() and (control < smaller).any() and (loss < control).any()


def test_without_effects_all_potential_outcomes_are_the_same(draw, parameters, changed):
    # Who comes back to the register, and with a plan, may depend on the measure; here nobody comes back.
    nothing = QUIET | {
        "effects.profile": {key: {1: 0.0} for key in parameters.treated},
        "effects.at_start": {},
        "fitted.shift": unshifted(parameters),
        "fitted.wage": {},
        "heterogeneity.share": 0.0,
    }
    episodes = draw(changed(parameters, nothing), 4_000).episodes
    assert (episodes.months == episodes.months[:, :1]).all()
    assert (episodes.wages == episodes.wages[:, :1]).all()


def test_a_start_changes_nothing_in_its_own_month(parameters):
    moves, factors = effect_tables(parameters)
    assert (moves[:, 0] == 0).all() and (factors[:, 0] == 1).all()
    assert (moves[: len(parameters.treated), 1] != 0).any()


def test_the_tables_of_the_truth_say_what_the_simulation_did(many, parameters):
    ids = [f"{row:010d}" for row in range(len(many.months))]
    start = array(parameters.fitted.start)
    start = start / start.sum(axis=1, keepdims=True)
    arms = (keys.CONTROL, *parameters.treated)
    truth = truth_table(many.episodes, arms, ids).to_pandas()
    planned = assignment_table(many.episodes, arms, start, ids).to_pandas()
    assert len(truth) == len(planned) * len(arms)
    assert not truth.duplicated(["person_id", "registration_month", "arm"]).any()
    outcomes = truth[list(keys.IN_WORK)].to_numpy()
    yearly = outcomes.reshape(-1, 3, 12).sum(axis=2)
    assert (truth[list(keys.MONTHS_IN_WORK)].to_numpy() == yearly).all()
    assert (truth[list(keys.WAGE_INCOME)].to_numpy() >= 0).all()
    assert planned[[keys.propensity_column(arm) for arm in arms]].sum(axis=1).to_numpy() == pytest.approx(1)
    assert planned[[f"start_m{month:02d}" for month in range(12)]].sum(axis=1).to_numpy() == pytest.approx(1)
    waits = planned["start_month"] - planned["registration_month"]
    assert waits.between(0, 11).all()
    assert (planned["waited"] >= 0).all()
    assert set(planned["arm"]) <= set(arms)


def test_registrations_with_an_unknown_end_are_left_out(many):
    assert (many.episodes.facts[:, 2] + FOLLOW <= 23 * 12 - 1).all()
    assert (many.episodes.facts[:, 4] < 3).all()
