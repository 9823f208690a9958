"""Expected sums of a few made-up registrations."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.laboratory.fitting.expected import added, expected_sums
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.synthetic.rulebook import FOLLOW, Episodes

LIVES = read_yaml(Path(__file__).parents[3] / "config" / "synthetic" / "lives.yaml")
STARTED, TREATED = tuple(LIVES["measures"]["duration"]), tuple(LIVES["effects"]["profile"])
ARMS = len(STARTED)
#: Of the parameters only the keys of the measures are read.
PARAMETERS = SimpleNamespace(measures=SimpleNamespace(started=STARTED), treated=TREATED)


def episodes(rows):
    """Return registrations: (person, month, group, category, chance of the first arm, bits without and with it)."""
    facts = np.zeros((len(rows), 8), np.int32)
    chances = np.zeros((len(rows), ARMS + 1))
    months = np.zeros((len(rows), ARMS + 1), np.uint64)
    wages = np.zeros((len(rows), ARMS + 1, 3))
    for place, (person, month, group, category, chance, without, with_it) in enumerate(rows):
        facts[place, [0, 1, 4, 5]] = person, parse_month(month), group, category
        chances[place, [0, -1]] = chance, 1 - chance
        months[place, :2] = without, with_it
        wages[place, 0], wages[place, 1] = [10, 20, 30], [15, 20, 40]
    return Episodes(facts, chances, months, wages)


PERSONS = SimpleNamespace(
    birth=np.array([(1990 - 2000) * 12, (1950 - 2000) * 12]),
    female=np.array([True, False]),
    landgruppe=np.array([3, 0]),
    education=np.array([1, 5]),
)
YEAR_ONE = (1 << 12) - 1
SOUND = (0, "2017-08", 1, 2, 0.25, 0, YEAR_ONE)


def sums(*rows):
    return expected_sums(SimpleNamespace(episodes=episodes(rows), persons=PERSONS), PARAMETERS, CohortSettings())


def test_chances_are_summed_by_characteristic():
    found = sums(SOUND, SOUND)
    assert found.starts["innsatsgruppe"][:, 0].tolist() == [0, 0.5, 0]
    assert found.starts["sex"][:, 0].tolist() == [0, 0.5]
    assert found.starts["age"][:, 0].tolist() == [0, 0.5, 0, 0, 0, 0]
    assert found.starts["landgruppe"][:, 0].tolist() == [0, 0, 0, 0.5]
    assert found.starts["ledighetskategori"][:, 0].tolist() == [0, 0, 0.5]


def test_effects_are_weighted_by_chances():
    found = sums(SOUND, (0, "2017-08", 1, 2, 0.75, YEAR_ONE, YEAR_ONE))
    assert found.starters[0] == 1
    assert found.months_gained[0].tolist() == pytest.approx([3, 0, 0])
    assert found.wage_gained[0].tolist() == pytest.approx([5, 0, 10])
    assert found.wage[0].tolist() == pytest.approx([15, 20, 40])


def test_work_without_a_measure_is_counted_by_group_and_category():
    found = sums(SOUND, (0, "2017-08", 1, 2, 0.75, YEAR_ONE, 0))
    assert found.registrations[1, 2] == 2 == found.registrations.sum()
    assert found.in_work[1, 2].tolist() == [1] * 12 + [0] * (FOLLOW - 12)


def test_the_old_and_other_months_are_out():
    old, early, late = (1, *SOUND[1:]), (0, "2016-08", *SOUND[2:]), (0, "2019-08", *SOUND[2:])
    assert sums(old).starters.sum() == 0 == sums(old).starts["sex"].sum()
    # Followed, though not in the effect sample.
    assert sums(early).starters[0] == 0.25 and sums(early).starts["sex"].sum() == 0
    assert sums(late).registrations.sum() == 0


def test_shards_add_up():
    other = (0, "2018-03", 2, 0, 0.5, 3, 1)
    whole, parts = sums(SOUND, other), added([sums(SOUND), sums(other), sums()])
    for name in ("starters", "months_gained", "wage_gained", "wage", "registrations", "in_work"):
        np.testing.assert_allclose(getattr(whole, name), getattr(parts, name))
    for name, table in whole.starts.items():
        np.testing.assert_allclose(table, parts.starts[name])
