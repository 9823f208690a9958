"""One shard of the synthetic registers, from its seed to its tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tiltakseffekt.core.compiled import compiled_once
from tiltakseffekt.core.keys import CONTROL
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.lives import live
from tiltakseffekt.synthetic.municipalities import Municipalities, draw_municipalities
from tiltakseffekt.synthetic.parameters import (
    MONTHS,
    POPULATION,
    STATISTICS_END,
    Codebooks,
    Parameters,
)
from tiltakseffekt.synthetic.permanent.shard import (
    permanent_tables,
    tables_of_places,
    with_coded,
    with_permanent_measures,
)
from tiltakseffekt.synthetic.population import draw_persons
from tiltakseffekt.synthetic.records import Lives, Spells, Told
from tiltakseffekt.synthetic.rulebook import LIFE, Episodes
from tiltakseffekt.synthetic.rules import compile_rules, describe_people, position
from tiltakseffekt.synthetic.tables import (
    benefit_amounts,
    benefits_table,
    disability_table,
    education_table,
    employment_table,
    enrolment_table,
    income_table,
    municipality_table,
    nav_status_table,
    one_at_a_time,
    pensionable_benefits,
    person_table,
    residence_table,
    tiltak_table,
)
from tiltakseffekt.synthetic.truth import assignment_table, truth_table

#: Draws of a person before a life outside the delivered population is kept.
_DRAWS: Final = 40
#: Room for spells and planned registrations, per person; a life that needs more does not occur in a shard's average.
_SPELLS: Final = 12
_EPISODES: Final = 3


@dataclass(frozen=True)
class Shard:
    """The register tables of a shard and, apart, its planted truth."""

    tables: Mapping[str, pa.Table]
    truth: pa.Table
    assignment: pa.Table


def numbers_of_shard(population: int, scale: float, shards: int, shard: int) -> NDArray[np.int64]:
    """Return the numbers of the persons of a shard: a range of those of the whole population."""
    total = round(population * scale)
    return np.arange(total * shard // shards, total * (shard + 1) // shards)


def draw_lives(
    seed: int, number: NDArray[np.int64], parameters: Parameters, codebooks: Codebooks, places: Municipalities
) -> Lives:
    """Simulate persons; one whose life never comes into the delivered population is drawn again.

    Parameters
    ----------
    seed
        Seed of the run.
    number
        Numbers of the persons, each of which always has the same life.
    parameters, codebooks, places
        By which they live.
    """
    rules = compile_rules(seed, parameters, codebooks, places)
    count, arms = len(number), len(parameters.measures.started)
    months = np.zeros((count, MONTHS), dtype=LIFE)
    persons = draw_persons(seed, number, 0, parameters, places)
    waiting = np.arange(count)
    spells: list[NDArray[np.int32]] = []
    planned: list[Episodes] = []
    for draw in range(_DRAWS):
        if draw:
            again = np.isin(np.arange(count), waiting)
            persons = persons.replaced(again, draw_persons(seed, number[again], draw, parameters, places))
        people = describe_people(seed, persons, places, parameters)[waiting]
        months[waiting] = np.zeros(1, dtype=LIFE)
        months["group"][waiting] = -1
        written = np.empty((_SPELLS * len(waiting) + 100, 5), dtype=np.int32)
        room = _EPISODES * len(waiting) + 10
        episodes = Episodes(
            np.empty((room, 8), dtype=np.int32),
            np.empty((room, arms + 1)),
            np.empty((room, arms + 1), dtype=np.uint64),
            np.empty((room, arms + 1, 3)),
        )
        with compiled_once(live):
            used, many = live(people, rules, months, written, episodes, STATISTICS_END - 1)
        first, last = POPULATION
        delivered = (months["group"][waiting, first:last] >= 0).any(axis=1) | (draw == _DRAWS - 1)
        kept = np.zeros(count, dtype=bool)
        kept[waiting[delivered]] = True
        spells.append(written[:used][kept[written[:used, 0]]])
        own = kept[episodes.facts[:many, 0]]
        planned.append(
            Episodes(
                episodes.facts[:many][own],
                episodes.chances[:many][own],
                episodes.months[:many][own],
                episodes.wages[:many][own],
            )
        )
        waiting = waiting[~delivered]
        if not len(waiting):
            break
    return Lives(persons, months, _spells(spells), _episodes(planned))


def _spells(parts: list[NDArray[np.int32]]) -> Spells:
    rows = np.concatenate(parts).astype(np.int64)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 2], rows[:, 0]))]
    return Spells(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3], rows[:, 4] == 1)


def _episodes(parts: list[Episodes]) -> Episodes:
    facts = np.concatenate([part.facts for part in parts])
    order = np.lexsort((facts[:, 1], facts[:, 0]))
    return Episodes(
        facts[order],
        np.concatenate([part.chances for part in parts])[order],
        np.concatenate([part.months for part in parts])[order],
        np.concatenate([part.wages for part in parts])[order],
    )


def register_tables(
    seed: int,
    lives: Lives,
    parameters: Parameters,
    codebooks: Codebooks,
    places: Municipalities,
    ids: list[str],
) -> dict[str, pa.Table]:
    """Return the tables of the contract for the persons of a shard, with permanent measures in their lives."""
    persons = lives.persons
    made = with_permanent_measures(seed, lives, places, codebooks, parameters)
    months, spells = made.months, made.spells
    told = Told(seed, persons, months, ids)
    contents = parameters.tables
    amounts = benefit_amounts(parameters.benefits, codebooks)
    agreed = position(seed, persons, parameters)
    paid = pensionable_benefits(months, amounts)
    tiltak = tiltak_table(seed, persons, spells, parameters.measures, codebooks, ids)
    offices = places.office_numbers
    return {
        "person": person_table(seed, persons, contents, ids),
        "residence": residence_table(seed, persons, places, contents, ids),
        "education": education_table(seed, persons, contents, ids),
        "employment": employment_table(told, agreed, contents, codebooks, made.jobs),
        "income": income_table(seed, persons, months, paid, contents, ids),
        "nav_status": nav_status_table(told, spells, offices, codebooks, made.on_measure),
        "tiltak": one_at_a_time(with_coded(tiltak, made, parameters.permanent, ids)),
        "benefits": benefits_table(months, amounts, ids),
        "disability": disability_table(months, ids),
        "enrolment": enrolment_table(months, ids),
        **permanent_tables(seed, made, codebooks, contents, parameters.permanent, ids),
    }


def simulate_shard(
    seed: int,
    shard: int,
    scale: float,
    shards: int,
    parameters: Parameters,
    codebooks: Codebooks,
) -> Shard:
    """Simulate a shard; it depends on nothing but its arguments, and its persons on nothing but their numbers.

    Parameters
    ----------
    seed
        Seed of the run.
    shard, shards
        Number of the shard, from 0, and how many there are.
    scale
        Size of the population; 1 = everyone with a NAV group 2009-2022 (effektrapport_2024 lines 678-687).
    parameters
        The parameters of the simulation.
    codebooks
        Basic amount, prices, and Arena codes.
    """
    places = draw_municipalities(seed, parameters, codebooks)
    number = numbers_of_shard(parameters.fitted.persons, scale, shards, shard)
    lives = draw_lives(seed, number, parameters, codebooks, places)
    ids = [f"{one:010d}" for one in number]
    start = array(parameters.fitted.start)
    start = start / start.sum(axis=1, keepdims=True)
    arms = (CONTROL, *parameters.treated)
    return Shard(
        register_tables(seed, lives, parameters, codebooks, places, ids),
        truth_table(lives.episodes, arms, ids),
        assignment_table(lives.episodes, arms, start, ids),
    )


def simulate_places(seed: int, parameters: Parameters, codebooks: Codebooks) -> dict[str, pa.Table]:
    """Return the tables of a run that are not about persons: municipalities, NAV offices, sheltered firms."""
    places = draw_municipalities(seed, parameters, codebooks)
    return {"municipality": municipality_table(places), **tables_of_places(seed, places, parameters.permanent.units)}


def about(seed: int, scale: float, shards: int) -> dict[str, Any]:
    """Return what results/registers/about.json says of the registers."""
    return {
        "origin": "synthetic",
        "scale": scale,
        "seed": seed,
        "shards": shards,
        "note": "Simulated registers. Nothing in them stems from real persons.",
    }
