"""Who starts which measure, and when: from measured covariates and the NAV office alone.

Nothing that a person will do later enters the choice of arm, so that outcomes are independent of the arm given the
covariates of Tabell 6-4 (the office shifts use, never outcomes).
"""

from dataclasses import dataclass

import numpy as np

from tiltakseffekt.core.keys import MEASURES, TREATED_ARMS
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.municipalities import Municipalities
from tiltakseffekt.registers.synthetic.parameters import MONTHS, FloatArray, Parameters, Selection
from tiltakseffekt.registers.synthetic.population import BoolArray, IntArray, Persons, choose

#: Groupings by which selection and effects differ, in the order of `traits`.
TRAITS = ("innsatsgruppe", "sex", "age", "landgruppe", "education", "ledighetskategori")
_JOBBKLUBB = TREATED_ARMS.index("jobbklubb")
#: Months from entry in which a first measure counts (seed-004 lines 2230-2231) and standard gives way (2157-2159).
WINDOW = 12


@dataclass(frozen=True)
class Plan:
    """Arms and months, one value each; months count from entry.

    Parameters
    ----------
    candidate
        Whether the person can enter the effect sample (standard that switches, situasjonsbestemt, spesielt tilpasset).
    arm
        Index into `TREATED_ARMS` of the measure, -1 without.
    start
        Month of the start, or the latent start of those without a measure.
    switch
        Month in which standardinnsats gives way to closer follow-up; 0 for others.
    """

    candidate: BoolArray
    arm: IntArray
    start: IntArray
    switch: IntArray

    @property
    def treated(self) -> BoolArray:
        """Return who starts a measure within a year."""
        return self.arm >= 0


def traits(persons: Persons, category: IntArray) -> dict[str, IntArray]:
    """Return the index of each person in each grouping of `TRAITS` (-1 without an entry group)."""
    columns = (
        persons.entry_group,
        persons.female,
        persons.age_group,
        persons.landgruppe,
        persons.education,
        category,
    )
    return dict(zip(TRAITS, columns, strict=True))


def log_odds(
    persons: Persons, category: IntArray, worked: IntArray, unemployment: FloatArray, selection: Selection
) -> FloatArray:
    """Return the log odds of each measure against none, without office, (persons, measures).

    Unemployment is the distance from the mean of all municipalities.
    """
    groupings = traits(persons, category)
    odds = np.zeros((len(persons), len(TREATED_ARMS)))
    for column, arm in enumerate(TREATED_ARMS):
        for name, values in selection.log_odds[arm].items():
            odds[:, column] += np.array(values)[groupings[name]]
        odds[:, column] += selection.months_worked.get(arm, 0) * (worked - selection.months_worked_centre)
        odds[:, column] += selection.unemployment.get(arm, 0) * unemployment
    return odds


def draw_plan(
    seed: int,
    shard: int,
    persons: Persons,
    places: Municipalities,
    category: IntArray,
    worked: IntArray,
    unemployment: FloatArray,
    selection: Selection,
) -> Plan:
    """Draw candidates, arms, starts and switches."""
    random = named_generator(seed, "registers", shard, "plan")
    count = len(persons)
    group = persons.entry_group
    switches = random.random(count) < selection.standard_switches * np.array(selection.switch_by_work)[category]
    candidate = (group > 0) | ((group == 0) & switches)

    odds = log_odds(persons, category, worked, unemployment, selection) + places.office_shift[persons.office]
    weights = np.concatenate([np.ones((count, 1)), np.exp(odds)], axis=1)
    arm = choose(random, weights, np.arange(count)) - 1

    quarter = choose(random, selection.start, np.maximum(group, 0))
    start = 3 * quarter + random.integers(0, 3, count)
    start = np.where(group == 0, np.maximum(start, 1), start)
    switch = np.where(group == 0, 1 + (start * random.random(count) ** selection.switch_early).astype(np.int64), 0)
    early = (arm == _JOBBKLUBB) & (group == 0) & (random.random(count) < selection.jobbklubb_in_standard)
    after = start + random.geometric(selection.switch_after_jobbklubb, count)
    switch = np.where(early, np.minimum(after, WINDOW), switch)

    candidate &= persons.entry + start < MONTHS
    return Plan(candidate, np.where(candidate, arm, -1), start, np.where(candidate, switch, 0))


def reduced_at_start(plan: Plan, selection: Selection) -> FloatArray:
    """Return the probability to be in spesielt tilpasset innsats at the start, for those registered elsewhere."""
    by_arm = [selection.reduced_at_start.get(arm, selection.reduced_at_start_other) for arm in TREATED_ARMS]
    return np.array([*by_arm, selection.reduced_without_measure])[plan.arm]


def centred_differences(parameters: Parameters) -> dict[str, dict[str, FloatArray]]:
    """Return the difference of the effect of each measure by group, centred on its published participants.

    Returns
    -------
    dict
        Measure -> grouping -> months in work per year; zero on average over the participants of Tabell 6-3 and B-4
        to B-6, so that the average effect on the treated is the profile.
    """
    result: dict[str, dict[str, FloatArray]] = {}
    for arm in MEASURES:
        composition = {"innsatsgruppe": parameters.selection.treated[arm], **parameters.composition[arm]}
        result[arm] = {}
        for name, values in parameters.heterogeneity.differences[arm].items():
            difference, share = np.array(values), np.array(composition[name])
            centred = parameters.heterogeneity.share * (difference - difference @ share / share.sum())
            result[arm][name] = np.append(centred, centred[-1]) if name == "age" else centred
    return result
