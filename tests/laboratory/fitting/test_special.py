"""Each special step on a made-up measurement."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.laboratory.fitting.expected import CHARACTERISTICS, ExpectedSums
from tiltakseffekt.laboratory.fitting.numbers import ROWS_OF, Numbers, composition, printed_numbers
from tiltakseffekt.laboratory.fitting.special import match_compositions, match_effects, measure_base
from tiltakseffekt.synthetic.keyed import array

LIVES = read_yaml(Path(__file__).parents[3] / "config" / "synthetic" / "lives.yaml")
STARTED, TREATED = tuple(LIVES["measures"]["duration"]), tuple(LIVES["effects"]["profile"])
ARMS = len(STARTED)
NOTHING = ExpectedSums(
    measures=STARTED,
    treated=TREATED,
    starts={name: np.zeros((size, ARMS)) for name, size in CHARACTERISTICS.items()},
    starters=np.zeros(ARMS),
    months_gained=np.zeros((ARMS, 3)),
    wage_gained=np.zeros((ARMS, 3)),
    wage=np.zeros((ARMS, 3)),
    registrations=np.zeros((3, 3)),
    in_work=np.zeros((3, 3, 36)),
)


@pytest.fixture
def content(study):
    return study.parameters.fitted.model_dump(exclude_none=True)


@pytest.fixture
def as_printed(study):
    printed = printed_numbers(study.targets, study.choices)
    return {cell: printed[cell] for arm in TREATED[:-1] for name in ROWS_OF for cell in composition(arm, name)}


def test_a_composition_as_printed_stays(content, as_printed, study):
    # Printed shares are rounded and need not sum to 100; they are found as shares of all.
    match_compositions(content, Numbers(as_printed, as_printed, NOTHING), 1.0)
    before = study.parameters.fitted.log_odds["amo"].sex
    assert content["log_odds"]["amo"]["sex"] == pytest.approx(before, abs=0.02)


def test_too_few_women_raise_their_odds_and_not_those_of_all(content, as_printed, study):
    man, woman = composition("amo", "sex")
    found = {**as_printed, woman: as_printed[woman] / 2, man: 100 - as_printed[woman] / 2}
    match_compositions(content, Numbers(as_printed, found, NOTHING), 0.5)
    moves = array(content["log_odds"]["amo"]["sex"]) - array(study.parameters.fitted.log_odds["amo"].sex)
    assert moves[1] > 0 > moves[0]
    assert np.average(moves, weights=[as_printed[man], as_printed[woman]]) == pytest.approx(0, abs=1e-9)


def test_a_composition_of_nobody_moves_nothing(content, as_printed, study):
    found = dict.fromkeys(as_printed, np.nan)
    match_compositions(content, Numbers(as_printed, found, NOTHING), 1.0)
    assert content["log_odds"] == study.parameters.fitted.model_dump(exclude_none=True)["log_odds"]


def test_the_entry_group_is_left_alone(content, as_printed, study):
    found = dict.fromkeys(as_printed, 20.0)
    match_compositions(content, Numbers(as_printed, found, NOTHING), 1.0)
    for arm in TREATED[:-1]:
        assert content["log_odds"][arm]["innsatsgruppe"] == study.parameters.fitted.log_odds[arm].innsatsgruppe


@pytest.fixture
def as_planted(study):
    """Expected sums of two starters of each arm, on whom effects are as lives.yaml says."""
    effects, starters = study.parameters.effects, np.full(ARMS, 2.0)
    months, wages = np.zeros((ARMS, 3)), np.zeros((ARMS, 3))
    for row, arm in enumerate(TREATED):
        months[row] = array(effects.months_in_work[arm])
        if arm in effects.wage_income:
            wages[row] = array(effects.wage_income[arm])
    return replace(
        NOTHING,
        starters=starters,
        months_gained=months * 2,
        wage_gained=wages * 2,
        wage=np.full((ARMS, 3), 400_000.0),
    )


def test_effects_as_planted_stay(content, as_planted, study):
    match_effects(content, Numbers({}, {}, as_planted), study.parameters.effects)
    before = study.parameters.fitted.model_dump(exclude_none=True)
    for arm in TREATED[:-1]:
        assert content["shift"][arm] == pytest.approx(before["shift"][arm])
        if arm in before["wage"]:
            assert content["wage"][arm] == pytest.approx(before["wage"][arm])


def test_an_effect_that_lacks_a_month_is_shifted_by_most_of_it(content, as_planted, study):
    lacking = replace(as_planted, months_gained=as_planted.months_gained - 2.0)
    match_effects(content, Numbers({}, {}, lacking), study.parameters.effects)
    moves = array(content["shift"]["amo"]) - array(study.parameters.fitted.shift["amo"])
    assert moves == pytest.approx(np.full(3, 0.8 / 12))


def test_pay_makes_up_for_wages(content, as_planted, study):
    # 20 000 of 200 000 kroner lack: pay rises by four fifths of a tenth.
    lacking = replace(as_planted, wage_gained=as_planted.wage_gained - 2 * 20_000)
    match_effects(content, Numbers({}, {}, lacking), study.parameters.effects)
    before = array(study.parameters.fitted.wage["amo"])
    assert (1 + array(content["wage"]["amo"])) / (1 + before) == pytest.approx(np.full(3, 1.08))


def test_small_measures_follow_annet_and_arms_of_nobody_stay(content, as_planted, study):
    match_effects(content, Numbers({}, {}, as_planted), study.parameters.effects)
    assert content["shift"]["ips"] == content["shift"]["helsemessig_utredning"] == content["shift"]["annet"]
    before = study.parameters.fitted.model_dump(exclude_none=True)
    untouched = study.parameters.fitted.model_dump(exclude_none=True)
    match_effects(untouched, Numbers({}, {}, NOTHING), study.parameters.effects)
    assert untouched["shift"]["amo"] == before["shift"]["amo"]


def test_the_base_is_the_share_in_work_and_keeps_where_there_is_nobody(content, study):
    registrations, in_work = np.zeros((3, 3)), np.zeros((3, 3, 36))
    registrations[1, 2], in_work[1, 2] = 4, np.repeat([1, 3], 18)
    measure_base(content, Numbers({}, {}, replace(NOTHING, registrations=registrations, in_work=in_work)))
    found = content["base"]["situasjonsbestemt"]["uten_arbeid_6_mnd"]
    assert list(found.values()) == [0.25] * 19 + [0.75] * 18
    assert content["base"]["standard"] == study.parameters.fitted.base["standard"]
