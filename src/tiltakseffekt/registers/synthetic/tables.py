"""From arrays to the register tables of the contract (config/registers.yaml)."""

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tiltakseffekt.core.keys import BENEFITS, NAV_GROUPS, TREATED_ARMS
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.courses import Courses
from tiltakseffekt.registers.synthetic.municipalities import Municipalities
from tiltakseffekt.registers.synthetic.parameters import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS,
    REGISTERS_BEGIN,
    RESIDENCE_BEGINS,
    Benefits,
    Codebooks,
    FloatArray,
    Measures,
    Tables,
)
from tiltakseffekt.registers.synthetic.population import NEVER, BoolArray, IntArray, Persons, between
from tiltakseffekt.registers.synthetic.work import Pay

_YEARS: Final = np.arange(FIRST_YEAR + RESIDENCE_BEGINS // 12, LAST_YEAR + 1)


def strings(index: NDArray[np.integer], values: list[str]) -> pa.Array:
    """Return strings picked from a short list by index (-1 = missing)."""
    codes = pa.array(index, type=pa.int32(), mask=index < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(values, type=pa.string())).cast(pa.string())


def _pick(draws: FloatArray, group: NDArray[np.integer], lists: list[list[str]]) -> pa.Array:
    """Return one code of each one's group, evenly by draws from 0 to 1."""
    first = np.cumsum([0, *map(len, lists)])[group]
    size = np.array([len(codes) for codes in lists])[group]
    return strings(first + (draws * size).astype(np.int64), [code for codes in lists for code in codes])


def year_month(column: IntArray) -> IntArray:
    """Return YYYYMM of columns since 2005-01."""
    return (FIRST_YEAR + column // 12) * 100 + column % 12 + 1


def _months(column: IntArray) -> pa.Array:
    return pa.array(year_month(column), type=pa.int32())


def _nullable_months(column: IntArray, missing: BoolArray) -> pa.Array:
    return pa.array(year_month(np.where(missing, 0, column)), type=pa.int32(), mask=missing)


def person_table(seed: int, shard: int, persons: Persons, contents: Tables, identifiers: list[str]) -> pa.Table:
    """Return the table person."""
    random = named_generator(seed, "registers", shard, "table", "person")
    count = len(persons)
    country = _pick(random.random(count), persons.landgruppe, contents.countries)
    categories = contents.immigration_category
    native = random.choice(len(categories), count, p=list(categories.values()))
    category = np.where(persons.landgruppe > 0, len(categories), native)
    return pa.table(
        {
            "person_id": pa.array(identifiers),
            "sex": strings(persons.female, ["1", "2"]),
            "birth_month": _months(persons.birth),
            "birth_country": country,
            "immigration_category": strings(category, [*categories, "B"]),
            "first_immigration_month": _nullable_months(persons.immigrated, persons.immigrated == NEVER),
            "death_month": _nullable_months(persons.died, persons.died == NEVER),
            "emigration_month": _nullable_months(persons.emigrated, persons.emigrated == NEVER),
        }
    )


def _resident_years(persons: Persons, youngest: int) -> tuple[IntArray, IntArray]:
    """Return person and year of residence on 1 January, from an age on."""
    january = (_YEARS - FIRST_YEAR) * 12
    here = np.where(persons.immigrated == NEVER, -NEVER, persons.immigrated)
    gone = np.minimum(persons.died, persons.emigrated)
    lives = (
        (january > here[:, None])
        & (january <= gone[:, None])
        & (january // 12 - persons.birth[:, None] // 12 >= youngest)
    )
    rows, columns = np.nonzero(lives)
    return rows, _YEARS[columns]


def residence_table(
    seed: int, shard: int, persons: Persons, places: Municipalities, contents: Tables, identifiers: list[str]
) -> pa.Table:
    """Return the table residence; families depend on age alone."""
    random = named_generator(seed, "registers", shard, "table", "residence")
    count = len(persons)
    coupled = random.random(count) < contents.couples
    children = np.where(random.random(count) < contents.parents, between(random, contents.children, count), 0)
    parent_at = random.normal(contents.parent_age, contents.parent_age_spread, count)
    parent_at = np.clip(parent_at, *contents.parent_age_limits).astype(np.int64)
    unknown = random.random(count) < contents.family_unknown

    rows, year = _resident_years(persons, 0)
    age = year - (FIRST_YEAR + persons.birth[rows] // 12)
    child_age = age - parent_at[rows]
    at_home = np.where((child_age >= 0) & (child_age < 18), children[rows], 0)
    couple = coupled[rows] & (age >= np.minimum(parent_at[rows], contents.couple_age))
    small = child_age < 6
    family = np.where(
        at_home > 0,
        np.where(couple, np.where(small, 3, 4), np.where(small, 5, 6)),
        np.where(couple, 2, np.where(age < 30, 0, 1)),
    )
    family = np.where(unknown[rows], 7, family)
    january = (year - FIRST_YEAR) * 12
    place = np.where(january >= persons.moved[rows], persons.municipality_after[rows], persons.municipality[rows])
    return pa.table(
        {
            "person_id": strings(rows, identifiers),
            "year": pa.array(year, type=pa.int32()),
            "municipality": strings(place, [f"{number:04d}" for number in places.number]),
            "family_type": strings(family, [str(kind) for kind in range(1, 9)]),
            "children": pa.array(at_home, type=pa.int32()),
        }
    )


def education_table(seed: int, shard: int, persons: Persons, contents: Tables, identifiers: list[str]) -> pa.Table:
    """Return the table education; from the year of entry the group is the one that selection reads."""
    random = named_generator(seed, "registers", shard, "table", "education")
    code = _pick(random.random(len(persons)), persons.education, contents.nus2000)
    rows, year = _resident_years(persons, contents.adult)
    return pa.table(
        {
            "person_id": strings(rows, identifiers),
            "year": pa.array(year, type=pa.int32()),
            "nus2000": code.take(pa.array(rows)),
        }
    )


def employment_table(
    seed: int,
    shard: int,
    works: BoolArray,
    wages: FloatArray,
    pay: Pay,
    contents: Tables,
    codebooks: Codebooks,
    ids: list[str],
) -> pa.Table:
    """Return the table employment; some persons have two jobs that share the wage of the month."""
    random = named_generator(seed, "registers", shard, "table", "employment")
    count = len(ids)
    number = contents.employers
    employers = [f"{900_000_000 + employer}" for employer in range(2 * number)]
    employer, other_employer = random.integers(0, number, count), random.integers(number, 2 * number, count)
    next_employer = random.integers(0, number, count)
    changed = random.integers(REGISTERS_BEGIN, MONTHS, count)
    occupation = random.integers(0, len(contents.occupations), count)
    industry = random.integers(0, len(contents.industries), count)
    sector = random.choice(len(contents.sectors), count, p=list(contents.sectors.values()))
    two_jobs = random.random(count) < contents.second_job
    small_position = random.random(count) < contents.small_position_larger
    small_position = np.where(small_position, *contents.small_positions)

    rows, months = np.nonzero(wages[:, REGISTERS_BEGIN:] > 0)
    months = months + REGISTERS_BEGIN
    wage, working = wages[rows, months], works[rows, months]
    position = np.where(working, pay.position[rows], small_position[rows])
    least = np.ceil(np.repeat(codebooks.g, 12)[months] / 12 * contents.first_job_keeps)
    wanted = np.minimum(np.rint(contents.second_job_share * wage), wage - least)
    beside = np.where(two_jobs[rows] & working, wanted, 0)
    twice = np.flatnonzero(beside >= contents.second_job_least)
    main = wage.copy()
    main[twice] -= beside[twice]
    place = np.where(months >= changed[rows], next_employer[rows], employer[rows])

    rows_all = np.concatenate([rows, rows[twice]])
    months_all = np.concatenate([months, months[twice]])
    order = np.lexsort((np.concatenate([np.zeros(len(rows)), np.ones(len(twice))]), months_all, rows_all))
    rows_all, months_all = rows_all[order], months_all[order]
    position_all = np.concatenate([position, np.full(len(twice), contents.second_job_position)])[order]
    return pa.table(
        {
            "person_id": strings(rows_all, ids),
            "month": _months(months_all),
            "employer_id": strings(np.concatenate([place, other_employer[rows[twice]]])[order], employers),
            "occupation": strings(occupation[rows_all], contents.occupations),
            "industry": strings(industry[rows_all], contents.industries),
            "sector": strings(sector[rows_all], list(contents.sectors)),
            "agreed_hours": pa.array(np.round(position_all * 0.375, 1)),
            "position_pct": pa.array(position_all),
            "wage": pa.array(np.concatenate([main, beside[twice]])[order]),
        }
    )


def income_table(
    seed: int, shard: int, wages: FloatArray, paid: FloatArray, persons: Persons, contents: Tables, ids: list[str]
) -> pa.Table:
    """Return the table income: wages of the year, with business income for a few; benefits are pensionable."""
    random = named_generator(seed, "registers", shard, "table", "income")
    count, years = len(ids), MONTHS // 12
    has_business = random.random(count) < contents.business
    profit = np.round(random.normal(contents.business_income, contents.business_spread, count), -2)
    business = np.where(has_business, profit, 0)
    work = wages.reshape(count, years, 12).sum(axis=2)
    work = work + np.where(work > 0, business[:, None], 0)
    pension = work + paid.reshape(count, years, 12).sum(axis=2)
    year = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    adult = year - FIRST_YEAR - persons.birth[:, None] // 12 >= contents.adult
    rows, columns = np.nonzero(adult & (year - FIRST_YEAR <= persons.last_month[:, None] // 12))
    return pa.table(
        {
            "person_id": strings(rows, ids),
            "year": pa.array(year[columns], type=pa.int32()),
            "work_income": pa.array(work[rows, columns]),
            "pensionable_income": pa.array(pension[rows, columns]),
        }
    )


def nav_status_table(
    seed: int,
    shard: int,
    courses: Courses,
    works: BoolArray,
    persons: Persons,
    offices: list[str],
    codebooks: Codebooks,
    ids: list[str],
) -> pa.Table:
    """Return the table nav_status."""
    random = named_generator(seed, "registers", shard, "table", "nav_status")
    lists = [codebooks.group_codes[group] for group in NAV_GROUPS]
    rows, months = np.nonzero(courses.groups >= 0)
    group = courses.groups[rows, months].astype(np.int64)
    code = _pick(random.random(len(ids))[rows], group, lists)

    on_measure = np.zeros((len(ids), MONTHS + 1), dtype=np.int32)
    np.add.at(on_measure, (courses.spells.person, courses.spells.start), 1)
    np.add.at(on_measure, (courses.spells.person, np.minimum(courses.spells.stop + 1, MONTHS)), -1)
    measure = on_measure.cumsum(axis=1)[rows, months] > 0
    status = np.where(
        measure,
        2,
        np.where(
            (group == 2) | (group == 3),
            3,
            np.where(group >= 4, 4, np.where(works[rows, months], 1, 0)),
        ),
    )
    return pa.table(
        {
            "person_id": strings(rows, ids),
            "month": _months(months),
            "kvalifiseringsgruppe": code,
            "jobseeker_status": strings(
                status, ["helt_ledig", "delvis_ledig", "tiltak", "nedsatt_arbeidsevne", "annet"]
            ),
            "nav_office": strings(persons.office[rows], offices),
        }
    )


def tiltak_table(
    seed: int, shard: int, courses: Courses, persons: Persons, measures: Measures, codebooks: Codebooks, ids: list[str]
) -> pa.Table:
    """Return the table tiltak: Arena codes that ran in the start month, and mentors beside some measures."""
    random = named_generator(seed, "registers", shard, "table", "tiltak")
    spells = courses.spells
    names = sorted({code for codes in measures.codes.values() for code in codes} | {"MENTOR"})
    start = year_month(spells.start)
    weights = np.zeros((len(spells.person), len(names)))
    for column, name in enumerate(names):
        share = np.array([measures.codes[arm].get(name, 0.0) for arm in TREATED_ARMS])
        first, last = codebooks.code_months[name]
        weights[:, column] = share[spells.arm] * ((start >= first) & (start <= last))
    cumulative = weights.cumsum(axis=1)
    draws = random.random(len(spells.person)) * cumulative[:, -1]
    code = (draws[:, None] >= cumulative).sum(axis=1)

    with_mentor = np.isin(spells.arm, [TREATED_ARMS.index(a) for a in ("arbeidstrening", "midl_lonnstilskudd")])
    with_mentor &= (random.random(len(code)) < measures.mentor) & (spells.stop > spells.start)
    with_mentor &= spells.start + 1 < MONTHS
    beside = np.flatnonzero(with_mentor)
    person = np.concatenate([spells.person, spells.person[beside]])
    begin = np.concatenate([spells.start, spells.start[beside] + 1])
    stop = np.concatenate([spells.stop, spells.stop[beside]])
    code = np.concatenate([code, np.full(len(beside), names.index("MENTOR"))])
    main = np.concatenate([spells.main, np.zeros(len(beside), dtype=bool)])
    order = np.lexsort((begin, code, person))
    running = stop[order] >= MONTHS
    return pa.table(
        {
            "person_id": strings(person[order], ids),
            "measure_code": strings(code[order], names),
            "start_month": _months(begin[order]),
            "stop_month": _nullable_months(stop[order], running),
            "main_measure": pa.array(main[order]),
        }
    )


def benefit_amounts(received: dict[str, BoolArray], benefits: Benefits, codebooks: Codebooks) -> dict[str, FloatArray]:
    """Return the amount of each benefit in each month of the simulation, nominal kroner."""
    monthly = np.repeat(codebooks.g, 12) / 12
    return {name: np.rint(benefits.amount[name] * monthly) for name in received}


def benefits_table(received: dict[str, BoolArray], amounts: dict[str, FloatArray], ids: list[str]) -> pa.Table:
    """Return the table benefits."""
    names = sorted(BENEFITS)
    parts = [np.nonzero(received[name]) for name in names]
    rows = np.concatenate([part[0] for part in parts])
    months = np.concatenate([part[1] for part in parts])
    kind = np.concatenate([np.full(len(part[0]), number) for number, part in enumerate(parts)])
    order = np.lexsort((kind, months, rows))
    table = np.stack([amounts[name] for name in names])
    return pa.table(
        {
            "person_id": strings(rows[order], ids),
            "month": _months(months[order]),
            "benefit": strings(kind[order], names),
            "amount": pa.array(table[kind[order], months[order]]),
        }
    )


def disability_table(degrees: IntArray, ids: list[str]) -> pa.Table:
    """Return the table disability."""
    rows, months = np.nonzero(degrees)
    return pa.table(
        {
            "person_id": strings(rows, ids),
            "month": _months(months),
            "degree": pa.array(degrees[rows, months], type=pa.int32()),
        }
    )


def municipality_table(places: Municipalities) -> pa.Table:
    """Return the table municipality."""
    months = np.arange(RESIDENCE_BEGINS, MONTHS)
    place = np.repeat(np.arange(len(places.number)), len(months))
    month = np.tile(months, len(places.number))
    return pa.table(
        {
            "municipality": strings(place, [f"{number:04d}" for number in places.number]),
            "month": _months(month),
            "unemployment": pa.array(places.unemployment[place, month]),
            "mean_income": pa.array(places.mean_income[place, month // 12]),
            "disability_share": pa.array(places.disability_share[place, month // 12]),
            "centrality": pa.array(places.centrality[place], type=pa.int32()),
        }
    )
