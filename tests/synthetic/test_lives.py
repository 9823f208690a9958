"""Single lives under rules that leave nothing to chance: what must happen, happens in its month."""

from pathlib import Path

import numpy as np
import pytest

from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.synthetic import rulebook
from tiltakseffekt.synthetic.lives import live
from tiltakseffekt.synthetic.municipalities import draw_municipalities
from tiltakseffekt.synthetic.parameters import MONTHS, STATISTICS_END
from tiltakseffekt.synthetic.rulebook import FOLLOW, LIFE, Episodes, Person, Rules, packed
from tiltakseffekt.synthetic.rules import compile_rules

ENTRY = 120
LIVES = Path(__file__).parents[2] / "config" / "synthetic" / "lives.yaml"
STARTED = tuple(read_yaml(LIVES)["measures"]["duration"])
ARMS = len(STARTED)
AMO, AFT, JOBBKLUBB = (STARTED.index(arm) for arm in ("amo", "aft", "jobbklubb"))
#: What happens to nobody unless a test says so, and what changes nothing.
NEVER_HAPPENS = (
    "aap age_find beside beside_outlasts dagpenger difference_category difference_group disabled disabled_before "
    "find followed gap_back job_back kvalifisering later later_again leave_idle leave_work lose moves notice "
    "odds_age odds_category odds_local odds_worked reduced reduced_age register_idle register_lost register_sick "
    "register_work sick_before small social study study_measure switches sykepenger tiltakspenger trait_find up"
)
CHANGES_NOTHING = (
    "cycle_find cycle_lose cycle_register find_gap later_year leave_time lose_tenure pay_factor register_time "
    "switches_age"
)
QUIET = dict.fromkeys(NEVER_HAPPENS.split(), 0.0) | dict.fromkeys(CHANGES_NOTHING.split(), 1.0)
QUIET |= {"odds_group": -50.0, "at_start": -1.0}
IDLE, WORKING = (0, 0, 1), (1, 0, 0)


def only(place, size=ARMS, value=50.0, other=-50.0):
    """Return numbers of which one stands out."""
    return np.where(np.arange(size) == place, value, other)


def starts_in(month):
    return np.tile(only(month, 12, 1.0, 0.0), (3, 1))


@pytest.fixture(scope="session")
def certain(parameters, codebooks):
    """Return a function that makes rules under which nothing happens but what it is given."""
    usual = compile_rules(1, parameters, codebooks, draw_municipalities(1, parameters, codebooks))

    def rules(category=IDLE, **values):
        given = QUIET | {"work_at_entry": np.array(category, dtype=float)} | values
        fields = {
            name: np.broadcast_to(np.asarray(given.get(name, usual[name][0])), usual[name][0].shape).astype(
                usual[name].dtype
            )
            for name in Rules._fields
        }
        return packed(Rules(**fields))

    return rules


@pytest.fixture(scope="session")
def lived():
    """Return a function that simulates persons of a given description under rules."""

    def simulate(rules, count=1, **values):
        usual = {
            "row": np.arange(count),
            "number": np.arange(count) + 1,
            "entry": ENTRY,
            "entry_group": rulebook.SITUATION,
            "birth": ENTRY - 30 * 12,
            "first_month": 0,
            "last_month": rulebook.NEVER,
            "immigrated": -rulebook.NEVER,
            "newcomer": 0,
            "index": 0.0,
            "trait": 0.0,
            "odds": np.zeros((count, ARMS)),
            "differences": np.zeros((count, ARMS)),
            "place": 0,
            "place_after": 0,
            "moved": rulebook.NEVER,
            "pay": 30_000.0,
        }
        columns = {}
        for name in Person._fields:
            # Any other log factor of a person is that of the average.
            column = np.asarray(values.get(name, usual.get(name, 0.0)))
            shape = (count, ARMS) if name in ("odds", "differences") else (count,)
            columns[name] = np.broadcast_to(column, shape)
        people = np.empty(count, dtype=[(name, column.dtype, column.shape[1:]) for name, column in columns.items()])
        for name, column in columns.items():
            people[name] = column
        months = np.zeros((count, MONTHS), dtype=LIFE)
        months["group"] = -1
        spells = np.empty((60 * count + 100, 5), dtype=np.int32)
        room = 6 * count + 10
        episodes = Episodes(
            np.empty((room, 8), dtype=np.int32),
            np.empty((room, ARMS + 1)),
            np.empty((room, ARMS + 1), dtype=np.uint64),
            np.empty((room, ARMS + 1, 3)),
        )
        used, written = live(people, rules, months, spells, episodes, STATISTICS_END - 1)
        return months, spells[:used], Episodes(*(part[:written] for part in episodes))

    return simulate


def bits(masks):
    return (masks[..., None] >> np.arange(FOLLOW, dtype=np.uint64)) & np.uint64(1) == 1


def test_when_nothing_can_happen_a_person_stays_registered_and_idle(certain, lived):
    months, spells, episodes = lived(certain())
    assert (months["group"][0, ENTRY:] == rulebook.SITUATION).all()
    assert (months["group"][0, :ENTRY] == -1).all()
    assert not months["work"].any() and not months["wage"].any() and not months["benefit"].any()
    assert len(spells) == 0
    assert episodes.facts[0, 3] == -1 and not episodes.months.any()


def test_a_job_is_found_and_lost_in_the_months_in_which_it_must(certain, lived):
    found = lived(certain(find=1.0))[0]["work"][0]
    assert (found[ENTRY + 1 :] == 2).all() and not found[: ENTRY + 1].any()
    lost = lived(certain(WORKING, lose=1.0, notice=1.0, job_back=0.0))[0]["work"][0]
    assert (lost[:ENTRY][lost[:ENTRY] > 0] == 2).all() and lost[ENTRY] == 2
    assert not lost[ENTRY + 1 :].any()
    both = lived(certain(find=1.0, lose=1.0, notice=1.0))[0]["work"][0, ENTRY + 1 :]
    assert (both == np.resize([2, 0], len(both))).all()


def test_the_category_that_is_drawn_is_the_one_measured_at_entry(certain, lived):
    for category, shares in enumerate(np.eye(3)):
        months, _, episodes = lived(certain(shares, gap_back=0.1, job_back=0.1), count=200)
        assert (episodes.facts[:, 5] == category).all()
        before = months["work"][:, ENTRY - 5 : ENTRY + 1] == 2
        assert (before[:, -1] == (category == 0)).all()
        assert (before[:, :-1].any(axis=1) >= (category == 1)).all()
        if category == 2:
            assert not before.any()


def test_a_wage_never_falls_under_what_counts_as_work(certain, lived, codebooks):
    months = lived(certain(WORKING), pay=1.0)[0][0]
    least = np.repeat(codebooks.g, 12) / 12
    assert (months["wage"][ENTRY:] >= least[ENTRY:]).all()
    assert (months["wage"][ENTRY:] < 1.2 * least[ENTRY:]).all()


def test_a_small_wage_does_not_count(certain, lived, codebooks):
    months = lived(certain(small=1.0))[0][0]
    assert (months["work"][ENTRY:] == 1).all()
    assert (months["wage"][ENTRY:] < np.repeat(codebooks.g, 12)[ENTRY:] / 12).all() and months["wage"][-1] > 0


def test_work_and_register_end_with_age(certain, lived):
    months = lived(certain(WORKING, leave_work=0.0), birth=ENTRY - 60 * 12)[0][0]
    assert (months["work"][ENTRY : ENTRY + 12 * 12] == 2).all()
    assert not months["work"][ENTRY + 12 * 12 :].any()
    last = np.flatnonzero(months["group"] >= 0)[-1]
    assert last == ENTRY + 7 * 12


@pytest.mark.parametrize("last", [ENTRY, ENTRY + 7, MONTHS - 1])
def test_nothing_is_written_after_the_last_month(certain, lived, last):
    rules = certain(find=1.0, odds_group=only(AMO)[:, None], start=starts_in(3), aap=1.0, social=1.0)
    months, spells, episodes = lived(rules, last_month=last)
    after = months[0, last + 1 :]
    assert not after["work"].any() and not after["benefit"].any() and (after["group"] == -1).all()
    assert (spells[:, 3] <= last).all()
    if last < ENTRY + 10:
        assert not bits(episodes.months[0])[:, max(last - ENTRY - 3, 0) :].any()


def test_a_measure_starts_in_its_month_and_changes_nothing_before(certain, lived):
    up = np.zeros((ARMS, FOLLOW + 1))
    up[AMO, 1:] = 1.0
    rules = certain(odds_group=only(AMO)[:, None], start=starts_in(4), up=up, base=0.0)
    months, spells, episodes = lived(rules)
    begins = ENTRY + 4
    assert spells[0, [0, 1, 2, 4]].tolist() == [0, AMO, begins, 1]
    assert episodes.facts[0, :4].tolist() == [0, ENTRY, begins, AMO]
    assert not months["work"][0, : begins + 1].any()
    assert (months["work"][0, begins + 1 :] == 2).all()
    outcomes = bits(episodes.months[0])
    assert outcomes[AMO + 1].all() and not outcomes[0].any()


def test_a_wage_subsidy_is_a_job_from_its_first_month_but_not_in_that_of_the_registration(certain, lived):
    subsidy = STARTED.index("midl_lonnstilskudd")
    for start in (0, 2):
        rules = certain(odds_group=only(subsidy)[:, None], start=starts_in(start), at_start=1.0)
        work = lived(rules)[0]["work"][0]
        assert work[ENTRY + start] == (2 if start else 0)
        assert not work[ENTRY + start + 1 :].any()


@pytest.mark.parametrize("group", [rulebook.SITUATION, rulebook.REDUCED])
def test_a_planned_start_holds_a_person_in_the_register(certain, lived, group):
    """Who would leave before is drawn again until she stays; controls leave as they do."""
    rules = certain(leave_idle=0.3, odds_group=only(AMO)[:, None], start=starts_in(5))
    months, spells, episodes = lived(rules, count=300, entry_group=group)
    assert (months["group"][:, ENTRY : ENTRY + 6] >= 0).all()
    assert set(spells[:, 2]) == {ENTRY + 5}
    assert len(spells) == 300 and (episodes.facts[:, 7] > 0).any()
    controls = lived(certain(leave_idle=0.3), count=300, entry_group=group)[0]
    assert (controls["group"][:, ENTRY + 5] < 0).mean() > 0.7


def test_who_leaves_whatever_is_drawn_goes_without_the_plan(certain, lived):
    rules = certain(leave_idle=1.0, odds_group=only(AMO)[:, None], start=starts_in(5))
    months, spells, episodes = lived(rules, count=20)
    assert len(spells) == 0
    assert (episodes.facts[:, 7] == rulebook.TRIES).all()
    assert (months["group"][:, ENTRY + 1] < 0).all()


def test_a_person_on_a_measure_stays_registered_to_its_end(certain, lived):
    rules = certain(leave_idle=1.0, odds_group=only(AFT)[:, None], start=starts_in(0))
    months, spells, _ = lived(rules, count=100)
    last = np.array([np.flatnonzero(one >= 0)[-1] for one in months["group"]])
    assert (last == spells[np.argsort(spells[:, 0]), 3]).all()


def test_a_chain_goes_on_within_two_whole_months(certain, lived):
    rules = certain(followed=1.0, next_arms=np.ones((ARMS, ARMS)), odds_group=only(AMO)[:, None], start=starts_in(0))
    _, spells, _ = lived(rules, count=50)
    for person in range(50):
        own = spells[spells[:, 0] == person]
        gaps = own[1:, 2] - own[:-1, 3] - 1
        assert len(own) > 3
        assert set(gaps) <= {0, 1, 2}
        assert (own[1:, 1] == 0).all()


@pytest.mark.parametrize("outlasts", [0.0, 1.0])
def test_a_second_measure_begins_beside_the_first_and_may_outlast_it(certain, lived, outlasts, parameters):
    beside = np.zeros((ARMS, len(parameters.measures.groups)))
    beside[AFT, AMO] = 1.0
    _, spells, _ = lived(
        certain(beside=beside, beside_outlasts=outlasts, odds_group=only(AFT)[:, None], start=starts_in(0)), count=100
    )
    main, other = spells[spells[:, 4] == 1], spells[spells[:, 4] == 0]
    longer = main[main[:, 3] > main[:, 2]]
    assert (other[:, 0] == longer[:, 0]).all() and (other[:, 1] == AMO).all()
    assert (other[:, 2] >= longer[:, 2]).all() and (other[:, 2] <= longer[:, 3]).all()
    assert (other[:, 3] >= other[:, 2]).all()
    assert ((other[:, 3] > longer[:, 3]) == (outlasts == 1)).all()


def test_standard_gives_way_before_a_start_except_to_jobbklubb(certain, lived):
    for arm, first in ((AMO, 0.0), (AMO, 1.0), (JOBBKLUBB, 0.0), (JOBBKLUBB, 1.0)):
        rules = certain(
            switches=1.0, odds_group=only(arm)[:, None], start=starts_in(6), switch_power=1.0, jobbklubb_first=first
        )
        months, spells, episodes = lived(rules, count=200, entry_group=rulebook.STANDARD)
        assert len(episodes.facts) == len(spells) == 200
        begins = ENTRY + 6
        assert (months["group"][:, ENTRY] == rulebook.STANDARD).all()
        still_standard = months["group"][:, begins] == rulebook.STANDARD
        assert still_standard.all() if arm == JOBBKLUBB and first else not still_standard.any()
        assert (months["group"][:, ENTRY + rulebook.WINDOW] == rulebook.SITUATION).all()


def test_standard_without_a_plan_stays_standard_for_a_year(certain, lived):
    moves = np.zeros((2, 6, 6))
    moves[:, rulebook.STANDARD, rulebook.SITUATION] = 1.0
    months, _, episodes = lived(certain(moves=moves), entry_group=rulebook.STANDARD)
    assert len(episodes.facts) == 0
    # A change in the twelfth month after the registration would still make an entrant (effektrapport_2024
    # lines 2157-2160).
    assert (months["group"][0, ENTRY : ENTRY + rulebook.WINDOW + 1] == rulebook.STANDARD).all()
    assert months["group"][0, ENTRY + rulebook.WINDOW + 1] == rulebook.SITUATION


def test_the_planned_group_at_the_start_is_reached(certain, lived):
    rules = certain(reduced=1.0, odds_group=only(AMO)[:, None], start=starts_in(5))
    group = lived(rules, count=100)[0]["group"]
    assert (group[:, ENTRY] == rulebook.SITUATION).all() and (group[:, ENTRY + 5] == rulebook.REDUCED).all()


def test_benefits_end(certain, lived):
    worked = {"category": (0, 1, 0), "gap_back": 0.0, "job_back": 0.0}
    for name, number, most in (("dagpenger", rulebook.DAGPENGER, 25), ("sykepenger", rulebook.SYKEPENGER, 12)):
        benefit = lived(certain(**worked, **{name: 1.0}))[0]["benefit"][0]
        found = np.flatnonzero(benefit)
        assert found[0] == ENTRY and set(benefit[found]) == {number}, name
        assert len(found) == found[-1] - found[0] + 1 <= most, name
    assert not lived(certain(dagpenger=1.0))[0]["benefit"].any()
    assert not lived(certain(sykepenger=1.0))[0]["benefit"].any()


def test_a_job_ends_unemployment_benefit_and_a_lost_benefit_leaves_social_assistance(certain, lived):
    worked = {"category": (0, 1, 0), "gap_back": 0.0, "job_back": 0.0}
    months = lived(certain(**worked, dagpenger=1.0, find=1.0))[0][0]
    assert not months["benefit"][ENTRY + 1 :].any()
    months = lived(certain(**worked, dagpenger=1.0, social=1.0))[0][0]
    assert (months["social"][ENTRY:] == (months["benefit"][ENTRY:] == 0)).all()
    assert months["social"][-1] == 1


def test_disability_comes_after_a_year_without_work_and_ends_other_benefits(certain, lived):
    months = lived(certain(disabled=1.0, disabled_full=1.0, disabled_leaves=1.0, aap=1.0))[0][0]
    granted = np.flatnonzero(months["degree"])[0]
    assert granted == ENTRY + 12
    assert (months["degree"][granted:] == 100).all()
    assert (months["benefit"][ENTRY:granted] == rulebook.AAP).all() and not months["benefit"][granted:].any()
    assert (months["group"][granted + 1 :] < 0).all()
    never = lived(certain(WORKING, disabled=1.0))[0][0]
    assert not never["degree"].any()


def test_a_refugee_has_introduction_benefit_but_not_with_full_disability(certain, lived):
    months = lived(certain(), newcomer=1, immigrated=ENTRY - 6)[0][0]
    assert (np.flatnonzero(months["benefit"] == rulebook.INTRODUKSJON) == np.arange(ENTRY, ENTRY + 21)).all()
    disabled = lived(certain(disabled=1.0, disabled_full=1.0), newcomer=1, immigrated=ENTRY - 6)[0][0]
    assert not disabled["benefit"][disabled["degree"] == 100].any()


def test_tiltakspenger_come_with_the_measure_and_with_no_other_benefit(certain, lived):
    rules = certain(tiltakspenger=1.0, odds_group=only(AMO)[:, None], start=starts_in(2))
    months, spells, _ = lived(rules)
    on = np.arange(spells[0, 2], spells[0, 3] + 1)
    assert (np.flatnonzero(months["benefit"][0] == rulebook.TILTAKSPENGER) == on).all()
    rules = certain(tiltakspenger=1.0, aap=1.0, odds_group=only(AMO)[:, None], start=starts_in(2))
    assert not (lived(rules)[0]["benefit"] == rulebook.TILTAKSPENGER).any()


def test_a_new_registration_is_planned_only_after_two_clean_years(certain, lived):
    """With everybody leaving at once and coming back at once, no registration after the first is clean."""
    busy = certain(leave_idle=1.0, register_idle=1.0)
    _, _, episodes = lived(busy)
    assert len(episodes.facts) == 1
    slow = certain(leave_idle=1.0, register_idle=0.5, register_time=(0.0, 1.0, 1.0), first_group=np.arange(6) >= 1)
    months, _, episodes = lived(slow, count=50)
    person, planned = episodes.facts[:, 0], episodes.facts[:, 1]
    again = np.flatnonzero(planned > ENTRY)
    assert len(again) > 10
    for row in again:
        assert (months["group"][person[row], planned[row] - rulebook.CLEAN : planned[row]] == -1).all()
        assert months["group"][person[row], planned[row]] == rulebook.SITUATION


CLONES = {"odds_group": np.log(0.5 / ARMS), "find": 0.06, "lose": 0.05, "notice": 0.05}
CLONES |= {"leave_work": 0.4, "leave_idle": 0.08, "start": np.ones((3, 12)) / 12, "find_gap": (1.0, 0.6, 0.4, 0.3)}


def selection(lived, rules, count=15_000, **values):
    """Return the difference of outcomes without measures between those who start and registered others, in errors.

    The persons have the same past, so that nothing but the month of the start has to be held constant.
    """
    months, _, episodes = lived(rules, count=count, **values)
    facts = episodes.facts
    registered = months["group"][facts[:, 0], facts[:, 2]] >= 0
    worked = bits(episodes.months[:, 0]).sum(axis=1).astype(float)
    treated = facts[:, 3] >= 0
    difference, variance = 0.0, 0.0
    for wait in range(12):
        stratum = registered & (facts[:, 2] - facts[:, 1] == wait)
        one, other = worked[stratum & treated], worked[stratum & ~treated]
        difference += len(one) * (one.mean() - other.mean())
        variance += len(one) ** 2 * (one.var() / len(one) + other.var() / len(other))
    assert treated.sum() > 1_500 and (registered & ~treated).sum() > 1_500
    return difference / np.sqrt(variance)


def test_among_the_registered_the_arm_says_nothing_of_the_life_without_measures(certain, lived):
    assert abs(selection(lived, certain(**CLONES))) < 4


def test_the_unobserved_trait_confounds_when_it_moves_work(certain, lived):
    trait = np.random.default_rng(1).logistic(size=15_000) * np.sqrt(3) / np.pi
    odds = np.repeat(0.5 * trait[:, None], ARMS, axis=1)
    assert abs(selection(lived, certain(**CLONES), trait=trait, odds=odds)) < 4
    assert selection(lived, certain(**CLONES, trait_find=1.0), trait=trait, odds=odds) > 8
