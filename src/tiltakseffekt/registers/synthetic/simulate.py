"""One shard of the synthetic registers, from its seed to its tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from tiltakseffekt.core import schemas
from tiltakseffekt.core.files import write_json
from tiltakseffekt.core.tables import write_arrow, write_table
from tiltakseffekt.registers.synthetic.assignment import draw_plan
from tiltakseffekt.registers.synthetic.benefits import draw_benefits, draw_disability
from tiltakseffekt.registers.synthetic.courses import draw_courses
from tiltakseffekt.registers.synthetic.municipalities import Municipalities, draw_municipalities
from tiltakseffekt.registers.synthetic.outcomes import Lives, potential_outcomes, realised
from tiltakseffekt.registers.synthetic.parameters import Codebooks, Parameters
from tiltakseffekt.registers.synthetic.population import IntArray, draw_persons, unemployment_at_entry
from tiltakseffekt.registers.synthetic.tables import (
    benefit_amounts,
    benefits_table,
    disability_table,
    education_table,
    employment_table,
    income_table,
    municipality_table,
    nav_status_table,
    person_table,
    residence_table,
    tiltak_table,
)
from tiltakseffekt.registers.synthetic.work import (
    Exit,
    draw_exits,
    draw_index,
    draw_pay,
    measured_history,
    probability_after,
    probability_before,
)


@dataclass(frozen=True)
class Shard:
    """The register tables of a shard and its planted truth (TRUTH)."""

    tables: dict[str, pa.Table]
    truth: pd.DataFrame


def persons_in_shard(population: int, scale: float, shards: int, shard: int) -> int:
    """Return the number of persons of a shard."""
    total = round(population * scale)
    return total * (shard + 1) // shards - total * shard // shards


def draw_lives(
    seed: int, shard: int, count: int, places: Municipalities, parameters: Parameters, codebooks: Codebooks
) -> tuple[Lives, Exit, IntArray]:
    """Draw persons with plans and lives; their exits without a measure; months worked in the year before entry."""
    work = parameters.work
    persons = draw_persons(seed, shard, count, parameters.population, places)
    unemployment = unemployment_at_entry(persons, places) - parameters.municipalities.unemployment
    index = draw_index(seed, shard, persons, unemployment, work)
    before = probability_before(persons, index.index, work)
    works_before = (index.propensity < before) & index.able
    category, worked = measured_history(works_before, persons.entry)
    plan = draw_plan(seed, shard, persons, places, category, worked, unemployment, parameters.selection)
    not_before = np.where(plan.treated, np.maximum(plan.start, plan.switch), plan.switch)
    leaves = draw_exits(seed, shard, persons, index.index, category, not_before, plan.switch > 0, work)
    without = probability_after(persons, index.index, leaves, before, work)
    pay = draw_pay(seed, shard, persons, codebooks, work)
    return Lives(persons, plan, index, without, pay, category), leaves, worked


def simulate_shard(
    seed: int, shard: int, scale: float, shards: int, parameters: Parameters, codebooks: Codebooks
) -> Shard:
    """Simulate a shard; it depends on nothing but its arguments.

    Parameters
    ----------
    seed
        Seed of the run.
    shard, shards
        Number of the shard, from 0, and how many there are.
    scale
        Size of the population; 1 = the 922 603 persons of seed-004 line 1087.
    parameters
        The parameters of config/synthetic.yaml.
    codebooks
        Basic amount, prices, and Arena codes.
    """
    places = draw_municipalities(seed, parameters, codebooks)
    count = persons_in_shard(parameters.population.persons, scale, shards, shard)
    identifiers = [f"{shard:03d}{number:07d}" for number in range(count)]
    lives, leaves, worked = draw_lives(seed, shard, count, places, parameters, codebooks)
    persons = lives.persons
    courses = draw_courses(seed, shard, persons, lives.plan, leaves, parameters)
    works, wages = realised(lives, parameters, codebooks)
    received = draw_benefits(seed, shard, persons, worked, leaves, courses, parameters)
    amounts = benefit_amounts(received, parameters.benefits, codebooks)
    pensionable = sum(
        (received[name] * amounts[name] for name in ("aap", "dagpenger", "sykepenger")), np.zeros(wages.shape)
    )
    disability = draw_disability(seed, shard, persons, leaves, parameters.disability)
    contents, offices = parameters.tables, places.office_numbers
    tables = {
        "person": person_table(seed, shard, persons, contents, identifiers),
        "residence": residence_table(seed, shard, persons, places, contents, identifiers),
        "education": education_table(seed, shard, persons, contents, identifiers),
        "employment": employment_table(seed, shard, works, wages, lives.pay, contents, codebooks, identifiers),
        "income": income_table(seed, shard, wages, pensionable, persons, contents, identifiers),
        "nav_status": nav_status_table(seed, shard, courses, works, persons, offices, codebooks, identifiers),
        "tiltak": tiltak_table(seed, shard, courses, persons, parameters.measures, codebooks, identifiers),
        "benefits": benefits_table(received, amounts, identifiers),
        "disability": disability_table(disability, identifiers),
    }
    return Shard(tables, potential_outcomes(lives, identifiers, parameters, codebooks))


def simulate_municipalities(seed: int, parameters: Parameters, codebooks: Codebooks) -> pa.Table:
    """Return the table municipality of a run."""
    return municipality_table(draw_municipalities(seed, parameters, codebooks))


def about(seed: int, scale: float, shards: int) -> dict[str, Any]:
    """Return what results/registers/about.json says of the registers."""
    return {
        "origin": "synthetic",
        "scale": scale,
        "seed": seed,
        "shards": shards,
        "note": "Simulated registers. Nothing in them stems from real persons.",
    }


def write_shard(content: Shard, paths: dict[str, str | Path], truth: str | Path) -> None:
    """Write the tables of a shard, each to its path, and the truth."""
    for name, table in content.tables.items():
        write_arrow(table, paths[name])
    write_table(content.truth, truth, schemas.TRUTH)


def make_registers(
    folder: Path, scale: float, shards: int, seed: int, parameters: Parameters, codebooks: Codebooks
) -> None:
    """Write whole synthetic registers below a folder, laid out as results/ of a run."""
    for shard in range(shards):
        content = simulate_shard(seed, shard, scale, shards, parameters, codebooks)
        part = f"part-{shard:03d}.parquet"
        paths: dict[str, str | Path] = {name: folder / "registers" / name / part for name in content.tables}
        write_shard(content, paths, folder / "truth" / part)
    places = simulate_municipalities(seed, parameters, codebooks)
    write_arrow(places, folder / "registers" / "municipality" / "part-000.parquet")
    write_json(folder / "registers" / "about.json", about(seed, scale, shards))
