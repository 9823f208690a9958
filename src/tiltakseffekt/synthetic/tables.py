"""From lives to the register tables of the contract (config/registers.yaml).

Texts are dictionary-encoded: they are written as text, but never spelt out row by row.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tiltakseffekt.core.codebook import FOLLOWED_AT_WORK
from tiltakseffekt.core.keys import NAV_GROUPS
from tiltakseffekt.synthetic.dice import die, throw
from tiltakseffekt.synthetic.municipalities import Municipalities
from tiltakseffekt.synthetic.parameters import (
    DELIVERY_BEGINS,
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS,
    NAV_YEARS,
    REGISTERS_BEGIN,
    RESIDENCE_BEGINS,
    STATISTICS_END,
    Benefits,
    Codebooks,
    FloatArray,
    Measures,
    Tables,
)
from tiltakseffekt.synthetic.permanent.tables import SubsidisedJobs, instead
from tiltakseffekt.synthetic.population import NEVER, BoolArray, IntArray, Persons, between, choose
from tiltakseffekt.synthetic.records import Spells, Told
from tiltakseffekt.synthetic.rulebook import PERMANENT, REDUCED

_YEARS: Final = np.arange(FIRST_YEAR + RESIDENCE_BEGINS // 12, LAST_YEAR + 1)
#: Names of the benefits by their number in a life.
BENEFIT_NAMES: Final = (
    "aap",
    "dagpenger",
    "tiltakspenger",
    "sykepenger",
    "kvalifiseringsstonad",
    "introduksjonsstonad",
    "sosialhjelp",
)
_SOCIAL: Final = BENEFIT_NAMES.index("sosialhjelp")
_SICK: Final = NAV_GROUPS.index("sykmeldt")
_STILL_RUNS: Final = 999912


def strings(index: NDArray[np.integer], values: list[str]) -> pa.DictionaryArray:
    """Return strings picked from a list by index (-1 = missing)."""
    missing = index < 0
    codes = pa.array(index, type=pa.int32(), mask=missing if missing.any() else None)
    return pa.DictionaryArray.from_arrays(codes, pa.array(values, type=pa.string()))


def _pick(draws: FloatArray, group: NDArray[np.integer], codes: Mapping[str, list[str]]) -> pa.DictionaryArray:
    """Return one code of each one's group, evenly by draws from 0 to 1; groups are counted in the order of the map."""
    lists = list(codes.values())
    first = np.cumsum([0, *map(len, lists)])[group]
    size = np.array([len(some) for some in lists])[group]
    return strings(first + (draws * size).astype(np.int64), [code for some in lists for code in some])


def year_month(month: IntArray) -> IntArray:
    """Return YYYYMM of months since 2000-01."""
    return (FIRST_YEAR + month // 12) * 100 + month % 12 + 1


def _months(month: IntArray) -> pa.Array:
    return pa.array(year_month(month), type=pa.int32())


def _nullable_months(month: IntArray, missing: BoolArray) -> pa.Array:
    return pa.array(year_month(np.where(missing, 0, month)), type=pa.int32(), mask=missing)


def person_table(seed: int, persons: Persons, contents: Tables, identifiers: list[str]) -> pa.Table:
    """Return the table person."""
    key = persons.key
    country = _pick(throw(die(seed, "table", "country"), key), persons.landgruppe, contents.countries)
    categories = contents.immigration_category
    none = np.zeros(len(persons), dtype=np.int64)
    native = choose(throw(die(seed, "table", "native"), key), np.array([list(categories.values())]), none)
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
    seed: int, persons: Persons, places: Municipalities, contents: Tables, identifiers: list[str]
) -> pa.Table:
    """Return the table residence; families depend on age alone."""
    key = persons.key

    def thrown(use: str) -> FloatArray:
        return throw(die(seed, "table", "family", use), key)

    coupled = thrown("couple") < contents.couples
    children = np.where(thrown("parent") < contents.parents, between(thrown("children"), contents.children), 0)
    spread = (thrown("age") + thrown("age of birth") - 1) * np.sqrt(6) * contents.parent_age_spread
    parent_at = np.clip(contents.parent_age + spread, *contents.parent_age_limits).astype(np.int64)
    unknown = thrown("unknown") < contents.family_unknown

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


def education_table(seed: int, persons: Persons, contents: Tables, identifiers: list[str]) -> pa.Table:
    """Return the table education; a person keeps the level that selection reads."""
    code = _pick(throw(die(seed, "table", "nus2000"), persons.key), persons.education, contents.nus2000)
    rows, year = _resident_years(persons, contents.adult)
    return pa.table(
        {
            "person_id": strings(rows, identifiers),
            "year": pa.array(year, type=pa.int32()),
            "nus2000": code.take(pa.array(rows)),
        }
    )


def employment_table(
    told: Told,
    position: FloatArray,
    contents: Tables,
    codebooks: Codebooks,
    subsidised: SubsidisedJobs | None = None,
) -> pa.Table:
    """Return the table employment: the job of each month with pay, and a second one beside it for some.

    Hours, industry and sector of subsidised jobs are those of the grant, and there is no job beside them.
    """
    seed, lives, identifiers = told.seed, told.months, told.identifiers
    key = told.persons.key
    rows, months = np.nonzero(lives["wage"][:, REGISTERS_BEGIN:STATISTICS_END] > 0)
    months = months + REGISTERS_BEGIN
    wage = lives["wage"][rows, months].astype(np.float64)
    working = lives["work"][rows, months] == 2

    def thrown(use: str) -> FloatArray:
        return throw(die(seed, "table", "job", use), key)

    two_jobs = thrown("second") < contents.second_job
    beside = np.where(
        thrown("small") < contents.small_position_larger,
        contents.small_positions["larger"],
        contents.small_positions["smaller"],
    )
    agreed = np.where(working, position[rows], beside[rows])
    least = np.ceil(np.repeat(codebooks.g, 12)[months] / 12 * contents.first_job_keeps)
    wanted = np.minimum(np.rint(contents.second_job_share * wage), wage - least)
    grant = np.full(len(rows), -1) if subsidised is None else subsidised.grant(rows, months)
    second = np.where(two_jobs[rows] & working & (grant < 0), wanted, 0)
    twice = np.flatnonzero(second >= contents.second_job_least)
    main = wage.copy()
    main[twice] -= second[twice]

    count = contents.employers
    began = np.where(working, lives["job"][rows, months], MONTHS)
    employer = main_employer(seed, key[rows], began, contents)
    other = count + (thrown("other employer") * count).astype(np.int64)
    order = np.argsort(np.concatenate([2 * np.arange(len(rows)), 2 * twice + 1]), kind="stable")
    rows_all = np.concatenate([rows, rows[twice]])[order]
    months_all = np.concatenate([months, months[twice]])[order]
    employer_all = np.concatenate([employer, other[rows[twice]]])[order]
    grant_all = np.concatenate([grant, np.full(len(twice), -1)])[order]
    position_all = np.concatenate([agreed, np.full(len(twice), contents.second_job_position)])[order]
    hours_all = np.round(position_all * 0.375, 1)
    occupation = (thrown("occupation") * len(contents.occupations)).astype(np.int64)
    firms = np.arange(2 * count)
    industry = (throw(die(seed, "table", "industry"), firms) * len(contents.industries)).astype(np.int64)
    shares = np.array([list(contents.sectors.values())])
    sector = choose(throw(die(seed, "table", "sector"), firms), shares, np.zeros(2 * count, dtype=np.int64))
    industry_all, industries = industry[employer_all], contents.industries
    sector_all, sectors = sector[employer_all], list(contents.sectors)
    if subsidised is not None and len(subsidised.hours):
        there = grant_all >= 0
        hours_all = np.where(there, subsidised.hours[grant_all], hours_all)
        position_all = np.where(there, subsidised.position[grant_all], position_all)
        industry_all, industries = instead(industry_all, industries, grant_all, subsidised.industry)
        sector_all, sectors = instead(sector_all, sectors, grant_all, subsidised.sector)
    return pa.table(
        {
            "person_id": strings(rows_all, identifiers),
            "month": _months(months_all),
            "employer_id": strings(employer_all, employer_numbers(contents)),
            "occupation": strings(occupation[rows_all], contents.occupations),
            "industry": strings(industry_all, industries),
            "sector": strings(sector_all, sectors),
            "agreed_hours": pa.array(hours_all),
            "position_pct": pa.array(position_all),
            "wage": pa.array(np.concatenate([main, second[twice]])[order]),
        }
    )


def main_employer(seed: int, key: IntArray, job: IntArray, contents: Tables) -> IntArray:
    """Return the employer of main jobs by their first month (`MONTHS` for a small job)."""
    return np.asarray(throw(die(seed, "table", "employer"), key, job) * contents.employers).astype(np.int64)


def employer_numbers(contents: Tables) -> list[str]:
    """Return the identifiers of employers: those of main jobs, then those of second jobs."""
    return [f"{900_000_000 + number:09d}" for number in range(2 * contents.employers)]


def income_table(
    seed: int, persons: Persons, lives: NDArray[np.void], paid: FloatArray, contents: Tables, identifiers: list[str]
) -> pa.Table:
    """Return the table income: wages of the year, with business income for a few; benefits are pensionable."""
    key, count = persons.key, len(persons)
    has_business = throw(die(seed, "table", "business"), key) < contents.business
    spread = (throw(die(seed, "table", "profit"), key) + throw(die(seed, "table", "profit"), key, 1) - 1) * np.sqrt(6)
    profit = np.round(contents.business_income + spread * contents.business_spread, -2)
    business = np.where(has_business, profit, 0)
    wages = lives["wage"][:, DELIVERY_BEGINS:STATISTICS_END].astype(np.float64)
    years = np.arange(FIRST_YEAR + DELIVERY_BEGINS // 12, LAST_YEAR + 1)
    work = wages.reshape(count, len(years), 12).sum(axis=2)
    work = work + np.where(work > 0, business[:, None], 0)
    pension = work + paid.reshape(count, NAV_YEARS, 12).sum(axis=2)[:, years - FIRST_YEAR]
    adult = years - FIRST_YEAR - persons.birth[:, None] // 12 >= contents.adult
    arrived = np.where(persons.immigrated == NEVER, -NEVER, persons.immigrated)[:, None] // 12
    there = (years - FIRST_YEAR <= persons.last_month[:, None] // 12) & (years - FIRST_YEAR >= arrived)
    rows, columns = np.nonzero(adult & there)
    return pa.table(
        {
            "person_id": strings(rows, identifiers),
            "year": pa.array(years[columns], type=pa.int32()),
            "work_income": pa.array(work[rows, columns]),
            "pensionable_income": pa.array(pension[rows, columns]),
        }
    )


def measure_months(spells: Spells, count: int) -> BoolArray:
    """Return who is on a measure, person by month."""
    edges = np.zeros((count, MONTHS + 1), dtype=np.int16)
    np.add.at(edges, (spells.person, spells.start), 1)
    np.add.at(edges, (spells.person, np.minimum(spells.stop + 1, MONTHS)), -1)
    return edges.cumsum(axis=1)[:, :MONTHS] > 0


def registered_lately(groups: NDArray[np.integer]) -> BoolArray:
    """Return who has had another group than the sick-listed in the 24 months before, (persons, months).

    Only they are told to be followed up at the workplace, since the printed numbers that lives are fitted to leave the
    others out (effektrapport_2024 lines 1047-1049).
    """
    other = (groups >= 0) & (groups != _SICK)
    before = np.zeros((len(groups), groups.shape[1] + 1), np.int16)
    np.cumsum(other, axis=1, out=before[:, 1:])
    months = np.arange(groups.shape[1])
    return before[:, months] > before[:, np.maximum(months - 24, 0)]


def nav_status_table(
    told: Told, spells: Spells, offices: list[str], codebooks: Codebooks, permanent: BoolArray | None = None
) -> pa.Table:
    """Return the table nav_status; `permanent` holds the months on permanent measures."""
    seed, persons, lives, identifiers = told.seed, told.persons, told.months, told.identifiers
    codes = {group: codebooks.group_codes[group] for group in NAV_GROUPS}
    rows, months = np.nonzero(lives["group"][:, DELIVERY_BEGINS:] >= 0)
    months = months + DELIVERY_BEGINS
    group = lives["group"][rows, months].astype(np.int64)
    draws = throw(die(seed, "table", "group code"), persons.key)[rows]
    unseen = (group == _SICK) & ~registered_lately(lives["group"][:, DELIVERY_BEGINS:])[rows, months - DELIVERY_BEGINS]
    kinds = codes[NAV_GROUPS[_SICK]]
    others = [place for place, kind in enumerate(kinds) if kind != FOLLOWED_AT_WORK]
    code = _pick(np.where(unseen, (others[0] + 0.5) / len(kinds), draws), group, codes)
    on_measure = measure_months(spells, len(persons))[rows, months]
    if permanent is not None:
        on_measure = on_measure | permanent[rows, months]
    works = lives["work"][rows, months] == 2
    reduced = (group == REDUCED) | (group == PERMANENT)
    unemployed = np.where(group > PERMANENT, 4, np.where(works, 1, 0))
    status = np.where(on_measure, 2, np.where(reduced, 3, unemployed))
    return pa.table(
        {
            "person_id": strings(rows, identifiers),
            "month": _months(months),
            "kvalifiseringsgruppe": code,
            "jobseeker_status": strings(
                status, ["helt_ledig", "delvis_ledig", "tiltak", "nedsatt_arbeidsevne", "annet"]
            ),
            "nav_office": strings(persons.office[rows], offices),
        }
    )


def _code_weights(measures: Measures, codebooks: Codebooks, names: list[str]) -> FloatArray:
    """Return the weight of each Arena code for each group and month in which it ran, (groups, months, codes).

    Tabell A-1 shows the months from January 2010 to December 2022: what begins or ends there may have run before or
    after.
    """
    first, last = 201001, 202212
    month = year_month(np.arange(MONTHS))
    weights = np.zeros((len(measures.groups), MONTHS, len(names)))
    for row, group in enumerate(measures.groups):
        for code, weight in measures.codes.get(group, {}).items():
            begins, ends = codebooks.code_months[code]
            runs = ((month >= begins) | (begins <= first)) & ((month <= ends) | (ends >= last))
            weights[row, :, names.index(code)] = weight * runs
    return weights


def tiltak_table(
    seed: int, persons: Persons, spells: Spells, measures: Measures, codebooks: Codebooks, identifiers: list[str]
) -> pa.Table:
    """Return the table tiltak: Arena codes that ran in the month of the start; spells that end before 2005 are out."""
    names = sorted({code for codes in measures.codes.values() for code in codes})
    keep = (spells.stop >= DELIVERY_BEGINS) & (spells.start >= DELIVERY_BEGINS)
    person, measure = spells.person[keep], spells.measure[keep]
    start, stop, main = spells.start[keep], spells.stop[keep], spells.main[keep]
    cumulative = _code_weights(measures, codebooks, names).cumsum(axis=2)[measure, start]
    draws = throw(die(seed, "table", "measure code"), persons.key[person], start + MONTHS * measure)
    code = (draws[:, None] * cumulative[:, -1:] >= cumulative).sum(axis=1)
    order = np.lexsort((start, code, person))
    running = stop[order] >= MONTHS
    return pa.table(
        {
            "person_id": strings(person[order], identifiers),
            "measure_code": strings(code[order], names),
            "start_month": _months(start[order]),
            "stop_month": _nullable_months(stop[order], running),
            "main_measure": pa.array(main[order]),
        }
    )


def one_at_a_time(tiltak: pa.Table) -> pa.Table:
    """Return the table tiltak, sorted by key, with every spell ended before the next of its code begins.

    A measure that ran beside another and outlasted it may be the next main measure of the person.
    """
    person, code = (
        tiltak.column(name).combine_chunks().dictionary_encode().indices.to_numpy()
        for name in ("person_id", "measure_code")
    )
    start = tiltak.column("start_month").to_numpy()
    stop = tiltak.column("stop_month").combine_chunks()
    last = stop.fill_null(_STILL_RUNS).to_numpy()
    overlaps = np.zeros(len(start), dtype=np.bool_)
    overlaps[:-1] = (person[1:] == person[:-1]) & (code[1:] == code[:-1]) & (last[:-1] >= start[1:])
    following = start[np.flatnonzero(overlaps) + 1]
    month_before = np.where(following % 100 == 1, following - 89, following - 1)
    cut = pc.replace_with_mask(stop, pa.array(overlaps), pa.array(month_before, stop.type))
    return tiltak.set_column(tiltak.schema.get_field_index("stop_month"), "stop_month", cut)


def benefit_amounts(benefits: Benefits, codebooks: Codebooks) -> FloatArray:
    """Return the amount of each of `BENEFIT_NAMES` in each month since 2000-01, nominal kroner."""
    monthly = np.repeat(codebooks.g, 12) / 12
    return np.rint(np.array([benefits.amount[name] for name in BENEFIT_NAMES])[:, None] * monthly)


def pensionable_benefits(lives: NDArray[np.void], amounts: FloatArray) -> FloatArray:
    """Return benefits that count as pensionable income, person by month, kroner."""
    counted = np.zeros((len(BENEFIT_NAMES) + 1, MONTHS))
    for name in ("aap", "dagpenger", "sykepenger"):
        number = BENEFIT_NAMES.index(name)
        counted[number + 1] = amounts[number]
    return counted[lives["benefit"], np.arange(MONTHS)]


def benefits_table(lives: NDArray[np.void], amounts: FloatArray, identifiers: list[str]) -> pa.Table:
    """Return the table benefits: at most one main benefit in a month, social assistance beside."""
    main, beside = lives["benefit"][:, REGISTERS_BEGIN:], lives["social"][:, REGISTERS_BEGIN:]
    rows, months = np.nonzero(main)
    more_rows, more_months = np.nonzero(beside)
    kind = np.concatenate([main[rows, months].astype(np.int64) - 1, np.full(len(more_rows), _SOCIAL)])
    rows = np.concatenate([rows, more_rows])
    months = np.concatenate([months, more_months]) + REGISTERS_BEGIN
    rank = np.argsort(np.argsort(np.array(BENEFIT_NAMES)))[kind]
    order = np.argsort((rows * MONTHS + months) * len(BENEFIT_NAMES) + rank, kind="stable")
    return pa.table(
        {
            "person_id": strings(rows[order], identifiers),
            "month": _months(months[order]),
            "benefit": strings(kind[order], list(BENEFIT_NAMES)),
            "amount": pa.array(amounts[kind[order], months[order]]),
        }
    )


def disability_table(lives: NDArray[np.void], identifiers: list[str]) -> pa.Table:
    """Return the table disability."""
    degree = lives["degree"][:, REGISTERS_BEGIN:]
    rows, months = np.nonzero(degree)
    return pa.table(
        {
            "person_id": strings(rows, identifiers),
            "month": _months(months + REGISTERS_BEGIN),
            "degree": pa.array(degree[rows, months], type=pa.int32()),
        }
    )


def enrolment_table(lives: NDArray[np.void], identifiers: list[str]) -> pa.Table:
    """Return the table enrolment."""
    rows, months = np.nonzero(lives["enrolled"][:, REGISTERS_BEGIN:STATISTICS_END])
    return pa.table({"person_id": strings(rows, identifiers), "month": _months(months + REGISTERS_BEGIN)})


def municipality_table(places: Municipalities) -> pa.Table:
    """Return the table municipality."""
    months = np.arange(RESIDENCE_BEGINS, STATISTICS_END)
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
