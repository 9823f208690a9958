"""The permanent measures of a shard of the synthetic registers: from the core's lives to lives and tables."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tiltakseffekt.core.tables import spelt_out
from tiltakseffekt.synthetic import tables as core_tables
from tiltakseffekt.synthetic.municipalities import Municipalities
from tiltakseffekt.synthetic.parameters import Codebooks, Parameters, Tables
from tiltakseffekt.synthetic.permanent.core import lives_of, monthly_g, people_of, records_of
from tiltakseffekt.synthetic.permanent.course import Expected, draw_courses
from tiltakseffekt.synthetic.permanent.inputs import Core, IntArray, People
from tiltakseffekt.synthetic.permanent.inputs import Spells as PlainSpells
from tiltakseffekt.synthetic.permanent.overlay import (
    Overlay,
    codes,
    on_permanent_measure,
    overlay,
    rows_before,
)
from tiltakseffekt.synthetic.permanent.parameters import (
    COUNTY_UNITS,
    Permanent,
    Units,
    Weights,
)
from tiltakseffekt.synthetic.permanent.places import draw_providers, units_of
from tiltakseffekt.synthetic.permanent.tables import (
    SubsidisedJobs,
    coded_tiltak,
    diagnosis_table,
    nav_office_table,
    subsidised_jobs,
    vta_place_table,
    vta_provider_table,
    wage_subsidy_table,
)
from tiltakseffekt.synthetic.records import Lives, Spells


@dataclass(frozen=True)
class PermanentMeasures:
    """Lives of a shard with permanent measures, and what the tables of the core take from them.

    Parameters
    ----------
    months, spells
        Those of the core, changed.
    on_measure
        Months on a permanent measure.
    jobs
        Subsidised jobs.
    """

    months: NDArray[np.void]
    spells: Spells
    on_measure: NDArray[np.bool_]
    jobs: SubsidisedJobs
    laid: Overlay
    people: People


def office_units(places: Municipalities, units: Units) -> IntArray:
    """Return the county unit of each NAV office."""
    return np.repeat(units_of(places.weight, units), places.offices)


def _core(lives: Lives, places: Municipalities, parameters: Permanent) -> Core:
    persons, spells = lives.persons, lives.spells
    unit = office_units(places, parameters.units)[persons.office]
    people = people_of(persons.key, persons.female, persons.birth, persons.last_month, unit)
    plain = PlainSpells(spells.person, spells.measure, spells.start, spells.stop, spells.main)
    return Core(people, lives_of(lives.months), plain)


def with_permanent_measures(
    seed: int, lives: Lives, places: Municipalities, codebooks: Codebooks, parameters: Parameters
) -> PermanentMeasures:
    """Lay the permanent measures over the lives of a shard.

    Parameters
    ----------
    seed
        Seed of the run.
    lives
        Persons of the shard, their months, and their measures.
    places, codebooks
        Where and when they live.
    parameters
        How measures are given.
    """
    given, g = parameters.permanent, monthly_g(codebooks.g)
    core = _core(lives, places, given)
    laid = overlay(seed, core, parameters.measures.groups, g, given, parameters.permanent_weights)
    return PermanentMeasures(
        months=records_of(laid.lives, lives.months.dtype),
        spells=replace(lives.spells, **laid.spells._asdict()),
        on_measure=on_permanent_measure(laid.states),
        jobs=subsidised_jobs(laid.grants, len(lives.persons), given.subsidy),
        laid=laid,
        people=core.people,
    )


def expected_starts(
    seed: int, lives: Lives, places: Municipalities, parameters: Parameters, weights: Weights
) -> Expected:
    """Return the expected starts under weights, for `fitting.fit`."""
    core, kinds = _core(lives, places, parameters.permanent), rows_before(parameters.measures.groups)
    return draw_courses(seed, core, kinds, parameters.permanent, weights)[1]


def permanent_tables(
    seed: int,
    made: PermanentMeasures,
    codebooks: Codebooks,
    contents: Tables,
    parameters: Permanent,
    identifiers: list[str],
) -> dict[str, pa.Table]:
    """Return the tables of the contract that only permanent measures fill."""
    numbers = core_tables.employer_numbers(contents)

    def employers(person: IntArray, job: IntArray) -> pa.Array:
        firm = core_tables.main_employer(seed, made.people.number[person], job, contents)
        return core_tables.strings(firm, numbers)

    laid, g = made.laid, monthly_g(codebooks.g)
    providers = draw_providers(seed, parameters.units)
    return {
        "wage_subsidy": wage_subsidy_table(laid.grants, employers, g, parameters.subsidy, identifiers),
        "vta_place": vta_place_table(seed, made.people, laid.states, employers, providers, parameters, identifiers),
        "diagnosis": diagnosis_table(seed, made.people, laid.lives, laid.states, parameters, identifiers),
    }


def tables_of_places(seed: int, places: Municipalities, units: Units) -> dict[str, pa.Table]:
    """Return the tables that are not about persons: county units of offices, and sheltered firms."""
    return {
        "nav_office": nav_office_table(places.office_numbers, office_units(places, units), COUNTY_UNITS),
        "vta_provider": vta_provider_table(draw_providers(seed, units), COUNTY_UNITS),
    }


def with_coded(tiltak: pa.Table, made: PermanentMeasures, parameters: Permanent, identifiers: list[str]) -> pa.Table:
    """Return the table tiltak with the permanent measures, sorted by its key."""
    own = coded_tiltak(made.laid.coded, codes(parameters), identifiers)
    keys = [("person_id", "ascending"), ("measure_code", "ascending"), ("start_month", "ascending")]
    return pa.concat_tables([spelt_out(tiltak), spelt_out(own)]).sort_by(keys)
