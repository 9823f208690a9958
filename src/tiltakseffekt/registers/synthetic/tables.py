"""From arrays to the register tables of the contract (config/registers.yaml)."""

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tiltakseffekt.core.files import atomic_path
from tiltakseffekt.core.keys import BENEFITS, NAV_GROUPS, TREATED_ARMS
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.registers.synthetic.benefits import AMOUNT
from tiltakseffekt.registers.synthetic.courses import Courses
from tiltakseffekt.registers.synthetic.municipalities import COUNT, OFFICES_EACH, Municipalities
from tiltakseffekt.registers.synthetic.parameters import FIRST_YEAR, LAST_YEAR, MONTHS, Codebooks, FloatArray, Measures
from tiltakseffekt.registers.synthetic.population import NEVER, BoolArray, IntArray, Persons
from tiltakseffekt.registers.synthetic.work import Pay

PERSON_TABLES: Final = (
    "person",
    "residence",
    "education",
    "employment",
    "income",
    "nav_status",
    "tiltak",
    "benefits",
    "disability",
)
_FIRST_OF_JOBS: Final = 60
_FIRST_OF_MUNICIPALITY: Final = 48
_YEARS: Final = np.arange(2009, LAST_YEAR + 1)

# Countries of the landgrupper (config/codebook/landgruppe.csv); the mix is chosen.
_COUNTRIES: Final = (
    ("NOR",),
    ("SWE", "DEU", "GBR", "DNK"),
    ("POL", "LTU", "ROU", "LVA"),
    ("SYR", "SOM", "ERI", "IRQ", "PAK", "PHL", "THA", "AFG"),
)
# NUS2000: the first digit is the level (0 to 8, 9 unknown), the second the field. Upper secondary (3, 4) is
# studieforberedende with field 0, yrkesfaglig with fields 1 to 8; level 5 and field 9 are "annen".
_NUS: Final = (
    ("999999", "000000"),
    ("201199", "101101"),
    ("401101", "301101"),
    ("455211", "469901", "441104", "357101"),
    ("552101", "499999"),
    ("641134", "669903", "741101", "651901"),
)


def strings(index: NDArray[np.integer], values: list[str]) -> pa.Array:
    """Return strings picked from a short list by index (-1 = missing)."""
    codes = pa.array(index, type=pa.int32(), mask=index < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(values, type=pa.string())).cast(pa.string())


def year_month(column: IntArray) -> IntArray:
    """Return YYYYMM of columns since 2005-01."""
    return (FIRST_YEAR + column // 12) * 100 + column % 12 + 1


def _months(column: IntArray) -> pa.Array:
    return pa.array(year_month(column), type=pa.int32())


def _nullable_months(column: IntArray, missing: BoolArray) -> pa.Array:
    return pa.array(year_month(np.where(missing, 0, column)), type=pa.int32(), mask=missing)


def write_register(table: pa.Table, path: str | Path) -> None:
    """Write a register table: same content, same bytes."""
    with atomic_path(path) as beside:
        pq.write_table(table.replace_schema_metadata(None), beside, compression="zstd", use_dictionary=True)


def person_table(seed: int, shard: int, persons: Persons, identifiers: list[str]) -> pa.Table:
    """Return the table person."""
    random = named_generator(seed, "registers", shard, "table", "person")
    count = len(persons)
    countries = [country for group in _COUNTRIES for country in group]
    first = np.cumsum([0, *map(len, _COUNTRIES)])[persons.landgruppe]
    size = np.array([len(group) for group in _COUNTRIES])[persons.landgruppe]
    country = first + (random.random(count) * size).astype(np.int64)
    native = random.choice([0, 2, 4], count, p=[0.90, 0.06, 0.04])
    category = np.where(persons.landgruppe > 0, 1, native)
    return pa.table(
        {
            "person_id": pa.array(identifiers),
            "sex": strings(persons.female, ["1", "2"]),
            "birth_month": _months(persons.birth),
            "birth_country": strings(country, countries),
            "immigration_category": strings(category, ["A", "B", "C", "E", "F", "G"]),
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
    seed: int, shard: int, persons: Persons, places: Municipalities, identifiers: list[str]
) -> pa.Table:
    """Return the table residence; families are chosen by age."""
    random = named_generator(seed, "registers", shard, "table", "residence")
    count = len(persons)
    coupled = random.random(count) < 0.5
    children = np.where(random.random(count) < 0.6, random.integers(1, 4, count), 0)
    parent_at = np.clip(random.normal(29, 5, count), 18, 45).astype(np.int64)
    unknown = random.random(count) < 0.04

    rows, year = _resident_years(persons, 0)
    age = year - (FIRST_YEAR + persons.birth[rows] // 12)
    child_age = age - parent_at[rows]
    at_home = np.where((child_age >= 0) & (child_age < 18), children[rows], 0)
    couple = coupled[rows] & (age >= np.minimum(parent_at[rows], 32))
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


def education_table(seed: int, shard: int, persons: Persons, identifiers: list[str]) -> pa.Table:
    """Return the table education; from the year of entry the group is the one that selection reads."""
    random = named_generator(seed, "registers", shard, "table", "education")
    codes = [code for group in _NUS for code in group]
    first = np.cumsum([0, *map(len, _NUS)])[persons.education]
    size = np.array([len(group) for group in _NUS])[persons.education]
    code = first + (random.random(len(persons)) * size).astype(np.int64)
    rows, year = _resident_years(persons, 16)
    return pa.table(
        {
            "person_id": strings(rows, identifiers),
            "year": pa.array(year, type=pa.int32()),
            "nus2000": strings(code[rows], codes),
        }
    )


def employment_table(
    seed: int,
    shard: int,
    works: BoolArray,
    wages: FloatArray,
    pay: Pay,
    second: float,
    codebooks: Codebooks,
    ids: list[str],
) -> pa.Table:
    """Return the table employment; some persons have two jobs that share the wage of the month."""
    random = named_generator(seed, "registers", shard, "table", "employment")
    count = len(ids)
    employers = [f"{number:09d}" for number in range(900_000_000, 900_004_000)]
    employer, other_employer = random.integers(0, 2000, count), random.integers(2000, 4000, count)
    next_employer = random.integers(0, 2000, count)
    changed = random.integers(_FIRST_OF_JOBS, MONTHS, count)
    occupations = ["5223", "5321", "9112", "4110", "7115", "2341", "8322", "5131", "3322", "9412"]
    industries = ["47", "87", "81", "84", "41", "85", "49", "56", "46", "88"]
    occupation, industry = random.integers(0, 10, count), random.integers(0, 10, count)
    sector = random.choice(3, count, p=[0.68, 0.22, 0.10])
    two_jobs = random.random(count) < second
    small_position = np.where(random.random(count) < 0.3, 40.0, 10.0)

    rows, months = np.nonzero(wages[:, _FIRST_OF_JOBS:] > 0)
    months = months + _FIRST_OF_JOBS
    wage, working = wages[rows, months], works[rows, months]
    position = np.where(working, pay.position[rows], small_position[rows])
    least = np.ceil(np.repeat(codebooks.g, 12)[months] / 12 * 1.04)
    beside = np.where(two_jobs[rows] & working, np.minimum(np.rint(0.2 * wage), wage - least), 0)
    twice = np.flatnonzero(beside >= 500)
    main = wage.copy()
    main[twice] -= beside[twice]
    place = np.where(months >= changed[rows], next_employer[rows], employer[rows])

    rows_all = np.concatenate([rows, rows[twice]])
    months_all = np.concatenate([months, months[twice]])
    order = np.lexsort((np.concatenate([np.zeros(len(rows)), np.ones(len(twice))]), months_all, rows_all))
    rows_all, months_all = rows_all[order], months_all[order]
    position_all = np.concatenate([position, np.full(len(twice), 15.0)])[order]
    return pa.table(
        {
            "person_id": strings(rows_all, ids),
            "month": _months(months_all),
            "employer_id": strings(np.concatenate([place, other_employer[rows[twice]]])[order], employers),
            "occupation": strings(occupation[rows_all], occupations),
            "industry": strings(industry[rows_all], industries),
            "sector": strings(sector[rows_all], ["private", "municipal", "state"]),
            "agreed_hours": pa.array(np.round(position_all * 0.375, 1)),
            "position_pct": pa.array(position_all),
            "wage": pa.array(np.concatenate([main, beside[twice]])[order]),
        }
    )


def income_table(
    seed: int, shard: int, wages: FloatArray, paid: FloatArray, persons: Persons, ids: list[str]
) -> pa.Table:
    """Return the table income: wages of the year, with business income for a few; benefits are pensionable."""
    random = named_generator(seed, "registers", shard, "table", "income")
    count, years = len(ids), MONTHS // 12
    business = np.where(random.random(count) < 0.03, np.round(random.normal(40_000, 30_000, count), -2), 0)
    work = wages.reshape(count, years, 12).sum(axis=2)
    work = work + np.where(work > 0, business[:, None], 0)
    pension = work + paid.reshape(count, years, 12).sum(axis=2)
    year = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    adult = year - FIRST_YEAR - persons.birth[:, None] // 12 >= 16
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
    seed: int, shard: int, courses: Courses, works: BoolArray, persons: Persons, codebooks: Codebooks, ids: list[str]
) -> pa.Table:
    """Return the table nav_status."""
    random = named_generator(seed, "registers", shard, "table", "nav_status")
    lists = [codebooks.group_codes[group] for group in NAV_GROUPS]
    codes = [code for group in lists for code in group]
    rows, months = np.nonzero(courses.groups >= 0)
    group = courses.groups[rows, months].astype(np.int64)
    pick = random.random(len(ids))
    size = np.array([len(each) for each in lists])[group]
    code = np.cumsum([0, *map(len, lists)])[group] + (pick[rows] * size).astype(np.int64)

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
            "kvalifiseringsgruppe": strings(code, codes),
            "jobseeker_status": strings(
                status, ["helt_ledig", "delvis_ledig", "tiltak", "nedsatt_arbeidsevne", "annet"]
            ),
            "nav_office": strings(persons.office[rows], office_numbers()),
        }
    )


def office_numbers() -> list[str]:
    """Return the numbers of all NAV offices."""
    return [f"{number:04d}" for number in range(1, COUNT * OFFICES_EACH + 1)]


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


def benefit_amounts(received: dict[str, BoolArray], codebooks: Codebooks) -> dict[str, FloatArray]:
    """Return the amount of each benefit in each month of the simulation, nominal kroner."""
    monthly = np.repeat(codebooks.g, 12) / 12
    return {name: np.rint(AMOUNT[name] * monthly) for name in received}


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
    months = np.arange(_FIRST_OF_MUNICIPALITY, MONTHS)
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
