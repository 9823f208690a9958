"""The permanent measures as a whole: finished lives in, lives with varig lønnstilskudd and tilrettelagt arbeid out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.synthetic.dice import die, throw
from tiltakseffekt.synthetic.permanent.after import MEASURE_AFTER, lived
from tiltakseffekt.synthetic.permanent.course import (
    ORDINARY,
    OUTSIDE,
    PREDECESSOR,
    SHELTERED,
    SUBSIDY,
    Expected,
    draw_courses,
    runs,
)
from tiltakseffekt.synthetic.permanent.grants import draw_grants
from tiltakseffekt.synthetic.permanent.inputs import (
    MONTHS,
    CodedSpells,
    Core,
    FloatArray,
    Grants,
    IntArray,
    Lives,
    People,
    Spells,
)
from tiltakseffekt.synthetic.permanent.parameters import (
    MEASURES_BEFORE,
    Beside,
    Permanent,
    Subsidy,
    Weights,
)

#: Arena codes of the states (effektrapport_2024 Tabell A-1).
_STATE_CODES: Final = {SHELTERED: "VASV", ORDINARY: "VATIAROR", PREDECESSOR: "TIDSUBLONN", SUBSIDY: "VARLONTIL"}
#: Row of Tabell 5-3 (vlt_rapport) of groups of Tabell A-1 that it calls otherwise; what it does not name is others.
_ROWS: Final = {"vta": "tilrettelagt_arbeid"}
_EARLY_PENSION: Final = 62


@dataclass(frozen=True)
class Overlay:
    """Lives of a shard with the permanent measures.

    Parameters
    ----------
    lives, spells
        As they came, changed; spells of the core end where a permanent measure begins.
    states
        State of each person-month, as in `course`.
    coded
        The permanent measures and what runs beside the subsidy, with their Arena codes.
    grants
        Wage subsidies.
    """

    lives: Lives
    spells: Spells
    states: NDArray[np.int8]
    coded: CodedSpells
    grants: Grants
    expected: Expected


def codes(parameters: Permanent) -> list[str]:
    """Return the Arena codes that `CodedSpells` counts."""
    subsidy = parameters.subsidy
    return [*_STATE_CODES.values(), *subsidy.beside, *subsidy.after.measure_codes]


def rows_before(groups: Sequence[str]) -> IntArray:
    """Return the row of Tabell 5-3 (vlt_rapport) of each group of measures, in the order of the core."""
    named = [_ROWS.get(group, group) for group in groups]
    others = len(MEASURES_BEFORE) - 1
    return np.array([MEASURES_BEFORE.index(name) if name in MEASURES_BEFORE else others for name in named])


def overlay(
    seed: int, core: Core, groups: Sequence[str], g: FloatArray, parameters: Permanent, weights: Weights
) -> Overlay:
    """Lay the permanent measures over the lives of a shard; a person's does not depend on the others.

    Parameters
    ----------
    seed
        Seed of the run.
    core
        What the core made.
    groups
        Keys of the groups of measures (Tabell A-1) that `Spells.measure` counts.
    g
        G in force in each month, kroner a year.
    parameters, weights
        See `parameters`.
    """
    people, lives, spells = core
    courses, expected = draw_courses(seed, core, rows_before(groups), parameters, weights)
    grants = draw_grants(seed, people, courses, parameters.subsidy)
    changed, occupied = lived(seed, people, lives, courses, grants, g, parameters)
    coded = _coded(seed, people, courses.states, parameters.subsidy)
    return Overlay(changed, _cut(spells, occupied), courses.states, coded, grants, expected)


def _cut(spells: Spells, occupied: NDArray[np.bool_]) -> Spells:
    """Return spells that end before the next occupied month; those that begin in one are gone."""
    following = np.full((len(occupied), MONTHS + 1), MONTHS, np.int16)
    for when in range(MONTHS - 1, -1, -1):
        following[:, when] = np.where(occupied[:, when], when, following[:, when + 1])
    limit = following[spells.person, np.minimum(spells.start, MONTHS)].astype(np.int64)
    beyond = limit == MONTHS
    stop = np.where(beyond, spells.stop, np.minimum(spells.stop, limit - 1))
    stays = stop >= spells.start
    return Spells._make(values[stays] for values in spells._replace(stop=stop))


def _coded(seed: int, people: People, states: NDArray[np.int8], subsidy: Subsidy) -> CodedSpells:
    """Return the permanent measures, what runs beside the subsidy, and what follows it."""
    person, state, start, stop = runs(states)
    place = {kind: index for index, kind in enumerate(_STATE_CODES)}
    code = np.array([place.get(kind, -1) for kind in range(SUBSIDY + 1)])[state]
    own = CodedSpells(person, code, start, stop, np.ones(len(person), bool))
    subsidised = state == SUBSIDY
    person, start, stop = person[subsidised], start[subsidised], stop[subsidised]
    never = np.zeros(len(person), bool)
    beside = [
        _beside(seed, people, CodedSpells(person, np.full(len(person), place), start, stop, never), name, given)
        for place, (name, given) in enumerate(subsidy.beside.items(), len(_STATE_CODES))
    ]
    after = _following(seed, people, states, person, stop, subsidy)
    return CodedSpells._make(np.concatenate(values) for values in zip(own, *beside, after, strict=True))


def _beside(seed: int, people: People, whole: CodedSpells, name: str, given: Beside) -> CodedSpells:
    """Return what runs beside spells of the subsidy, which come with the code of the other measure."""
    use = die(seed, "permanent", "beside", name)
    has, where, long = (throw(use, people.number[whole.person], whole.start + MONTHS * k) for k in range(3))
    first = whole.start + (where * (whole.stop - whole.start + 1)).astype(np.int64)
    last = np.minimum(first + _length(long, given.months) - 1, whole.stop)
    beside = whole._replace(start=first, stop=last)
    return CodedSpells._make(values[has < given.share] for values in beside)


def _following(
    seed: int, people: People, states: NDArray[np.int8], person: IntArray, stop: IntArray, subsidy: Subsidy
) -> CodedSpells:
    """Return measures after the subsidy: for some of those who leave it before 62 and go on to nothing permanent."""
    leaves = stop + 1
    inside = leaves < np.minimum(people.gone[person], MONTHS)
    person, leaves = person[inside], leaves[inside]
    key = people.number[person]
    has = throw(die(seed, "permanent", MEASURE_AFTER), key, leaves) < subsidy.after.measure
    young = leaves - people.birth[person] < (_EARLY_PENSION - 1) * 12
    there = has & young & (states[person, leaves] == OUTSIDE)
    person, leaves, key = person[there], leaves[there], key[there]
    use = die(seed, "permanent", "kind of measure after")
    kind = (throw(use, key, leaves) * len(subsidy.after.measure_codes)).astype(np.int64)
    length = _length(throw(use, key, leaves + MONTHS), subsidy.after.measure_months)
    limit = np.minimum(_next_state(states, person, leaves), leaves + subsidy.after.months)
    last = np.minimum(np.minimum(leaves + length - 1, limit - 1), np.minimum(people.gone[person], MONTHS) - 1)
    code = len(_STATE_CODES) + len(subsidy.beside) + kind
    return CodedSpells(person, code, leaves, last, np.ones(len(person), bool))


def _next_state(states: NDArray[np.int8], person: IntArray, leaves: IntArray) -> IntArray:
    """Return the first month on a permanent measure after leaving one."""
    later = (states[person] != OUTSIDE) & (np.arange(MONTHS) >= leaves[:, None])
    return np.where(later.any(axis=1), later.argmax(axis=1), MONTHS)


def _length(draws: FloatArray, mean: float) -> IntArray:
    """Return whole months with a mean, geometric."""
    return 1 + (np.log1p(-draws) / np.log1p(-1 / max(mean, 1.01))).astype(np.int64)


def on_permanent_measure(states: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return the person-months on a permanent measure."""
    return np.asarray(states != OUTSIDE)
