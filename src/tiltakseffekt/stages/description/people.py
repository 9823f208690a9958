"""One shard of persons as matrices, a row per person and a column per month of the panel.

Every definition of the calibration then is a line of array arithmetic, which is what makes a shard of 25 000 persons
measurable in a second or two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tiltakseffekt.core import keys
from tiltakseffekt.core.codebook import Codebooks
from tiltakseffekt.core.months import parse_month, year_of
from tiltakseffekt.stages.cohorts.characteristics import age_group, education_group, landgruppe
from tiltakseffekt.stages.cohorts.treatment import join_spells
from tiltakseffekt.stages.panel.settings import PanelSettings

Array = NDArray[Any]

#: Columns that are read of each table of a shard.
COLUMNS: Final = {
    "person": ("person_id", "sex", "birth_month", "birth_country", "immigration_category"),
    "education": ("person_id", "year", "nus2000"),
    "tiltak": ("person_id", "measure_code", "measure", "start_month", "stop_month", "main_measure"),
    "panel": (
        *("person_id", "month", "in_work", "high_income", "wage", "nav_group", "on_measure"),
        *("aap", "tiltakspenger", "disability_degree"),
    ),
    "enrolment": ("person_id", "month"),
}
#: Tables without which nothing can be measured; enrolment may be missing, then nobody is in education.
REQUIRED: Final = ("person", "education", "tiltak", "panel")

NOT_REGISTERED: Final = "ikke_registrert"
#: Measure groups of Tabell A-1.
MEASURE_GROUPS: Final = (
    *("aft", "amo", "annet", "arbeidsrettet_rehab", "arbeidstrening", "avklaring", "helsemessig_utredning", "ips"),
    *("jobbklubb", "midl_lonnstilskudd", "oppfolging", "tilrettelegging_bedrift", "utdanning", "utvidet_oppfolging"),
    *("varig_lonnstilskudd", "vta"),
)
#: Blocks of rows of the tables of chapter 4 and annex B, with their rows in the order of the codes below.
GROUPINGS: Final = {
    "gruppe_innsats": (NOT_REGISTERED, *keys.NAV_GROUPS),
    "gruppe_kjonn": (*keys.SEXES, "ukjent_kjonn"),
    "gruppe_alder": (*keys.AGE_GROUPS, "alder_ukjent"),
    "gruppe_innvandring": (*keys.LANDGRUPPER, "innv_ukjent"),
    "gruppe_utdanning": keys.EDUCATION_GROUPS,
    "gruppe_ledighet": keys.LEDIGHETSKATEGORIER,
}

_RECENT_MONTHS: Final = 5
_OLDEST: Final = 130


@dataclass(frozen=True)
class Points:
    """Moments in the lives of persons: `person` is a row and `month` a column of the matrices."""

    person: Array
    month: Array

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.person)

    def where(self, chosen: Array) -> "Points":
        """Return the chosen points."""
        return Points(self.person[chosen], self.month[chosen])


@dataclass
class People:
    """The persons of one shard.

    Parameters
    ----------
    first, months
        Month of the first column (since 2000-01) and number of columns.
    group
        Code of the NAV group in ``GROUPINGS["gruppe_innsats"]``; 0 = not registered.
    in_work, high_income, with_wage, on_measure, aap, tiltakspenger, disabled, enrolled
        What the panel says of the month.
    sex, birth_year, country
        Codes of sex and landgruppe; year of birth, missing when unknown.
    education
        Code of the highest completed education, a column per year from `education_from`.
    spells
        Spells of measures: ``person_id`` (row), ``measure``, ``measure_code``, ``start_month``, ``stop_month``,
        ``main_measure``.
    """

    first: int
    months: int
    group: Array
    in_work: Array
    high_income: Array
    with_wage: Array
    on_measure: Array
    aap: Array
    tiltakspenger: Array
    disabled: Array
    enrolled: Array
    sex: Array
    birth_month: Array
    country: Array
    education: Array
    education_from: int
    spells: pd.DataFrame
    age_codes: Array = field(repr=False)

    @property
    def size(self) -> int:
        """Number of persons."""
        return len(self.sex)

    @cached_property
    def episodes(self) -> pd.DataFrame:
        """Spells of one measure group that overlap or touch are one episode; a start of a measure is the first month.

        ``person_id`` (row), ``measure``, ``start``, ``stop`` (columns of the matrices), ``main_measure``; in the order
        in which they begin: of those that begin in one month main measures first, then by key.
        """
        joined = join_spells(self.spells)
        order = ["person_id", "start", "main_measure", "measure"]
        return (
            joined.assign(start=joined["start"] - self.first, stop=joined["stop"] - self.first)
            .sort_values(order, ascending=[True, True, False, True])
            .reset_index(drop=True)
        )

    @cached_property
    def unemployment(self) -> Array:
        """Code of the ledighetskategori of each month (Tabell 2-2)."""
        recently = np.zeros_like(self.in_work)
        for lag in range(1, _RECENT_MONTHS + 1):
            recently[:, lag:] |= self.in_work[:, :-lag]
        return np.where(self.in_work, 0, np.where(recently, 1, 2)).astype(np.int8)

    @cached_property
    def measure_months(self) -> Array:
        """Months on a measure before each column, one column more than there are months."""
        return running_count(self.on_measure)

    def column(self, month: str) -> int:
        """Return the column of a month written YYYY-MM."""
        return parse_month(month) - self.first

    def at(self, matrix: Array, points: Points, lag: int | Array = 0) -> Array:
        """Return the values `lag` months after the points; zero outside the panel."""
        month = points.month + lag
        inside = (month >= 0) & (month < self.months)
        return np.where(inside, matrix[points.person, np.clip(month, 0, self.months - 1)], matrix.dtype.type(0))

    def count_between(self, running: Array, points: Points, first: int, last: int) -> Array:
        """Return how many months from `first` to `last` after the points had the flag of a running count."""
        start = np.clip(points.month + first, 0, self.months)
        stop = np.clip(points.month + last + 1, 0, self.months)
        return running[points.person, stop] - running[points.person, start]

    def describe(self, points: Points) -> dict[str, Array]:
        """Return the code of each of `GROUPINGS` at the points."""
        year = (points.month + self.first) // 12
        birth = self.birth_month[points.person]
        age = np.where(birth == _UNKNOWN_MONTH, _OLDEST, np.clip(year - birth // 12, 0, _OLDEST - 1))
        known_year = np.clip(year_of(0) + year - self.education_from, 0, self.education.shape[1] - 1)
        return {
            "gruppe_innsats": self.at(self.group, points),
            "gruppe_kjonn": self.sex[points.person],
            "gruppe_alder": self.age_codes[age],
            "gruppe_innvandring": self.country[points.person],
            "gruppe_utdanning": self.education[points.person, known_year],
            "gruppe_ledighet": self.at(self.unemployment, points),
        }


_UNKNOWN_MONTH: Final = -(10**6)


def running_count(flag: Array) -> Array:
    """Return how many of the earlier columns of each row hold the flag; one column more than the matrix."""
    counts = np.zeros((flag.shape[0], flag.shape[1] + 1), np.int16)
    np.cumsum(flag, axis=1, out=counts[:, 1:])
    return counts


def people_of(tables: Mapping[str, pa.Table], codebooks: Codebooks, settings: PanelSettings) -> People:
    """Lay out the tables of one shard as matrices.

    Parameters
    ----------
    tables
        The clean tables ``person``, ``education``, ``tiltak`` and, where there is one, ``enrolment``, and the
        ``panel``, with `COLUMNS`.
    codebooks
        ``landgruppe.csv`` and ``aldersgruppe.csv``, as text.
    settings
        Months of the panel.
    """
    person = tables["person"]
    ids = person["person_id"].combine_chunks()
    first = parse_month(settings.first_month)
    months = parse_month(settings.last_month) - first + 1
    panel = _Places(tables["panel"], ids, first, months)
    group = panel.table["nav_group"]
    education, education_from = _education(tables["education"], ids, year_of(first), year_of(first + months - 1))
    enrolment = tables.get("enrolment")
    empty = np.zeros((len(ids), months), np.bool_)
    return People(
        first=first,
        months=months,
        group=panel.matrix(_codes(group, keys.NAV_GROUPS, -1) + np.int8(1)),
        in_work=panel.flags("in_work"),
        high_income=panel.flags("high_income"),
        with_wage=panel.matrix(_numbers(panel.table["wage"]) > 0),
        on_measure=panel.flags("on_measure"),
        aap=panel.flags("aap"),
        tiltakspenger=panel.flags("tiltakspenger"),
        disabled=panel.matrix(_numbers(panel.table["disability_degree"]) > 0),
        enrolled=empty if enrolment is None else _enrolled(enrolment, ids, first, months),
        sex=_codes(person["sex"], ("1", "2"), len(keys.SEXES)),
        birth_month=_numbers(pc.fill_null(person["birth_month"], _UNKNOWN_MONTH)),
        country=_countries(person, codebooks["landgruppe.csv"]),
        education=education,
        education_from=education_from,
        spells=_spells(tables["tiltak"], ids),
        age_codes=_age_codes(codebooks["aldersgruppe.csv"]),
    )


class _Places:
    """Rows of a table of person-months and their places in the matrices; rows outside them are left out."""

    def __init__(self, table: pa.Table, ids: pa.Array, first: int, months: int) -> None:
        person = _codes(table["person_id"], ids, -1, np.int64)
        month = _numbers(table["month"]).astype(np.int64) - first
        inside = (person >= 0) & (month >= 0) & (month < months)
        self.shape = (len(ids), months)
        self.everyone = bool(inside.all())
        self.table = table if self.everyone else table.filter(pa.array(inside))
        self.places = (person * months + month)[inside]

    def matrix(self, values: Array) -> Array:
        """Return the values in their places, zero elsewhere."""
        result = np.zeros(self.shape, values.dtype)
        result.reshape(-1)[self.places] = values
        return result

    def flags(self, name: str) -> Array:
        """Return a boolean column in its places."""
        return self.matrix(_numbers(self.table[name]))


def _enrolled(table: pa.Table, ids: pa.Array, first: int, months: int) -> Array:
    places = _Places(table, ids, first, months)
    return places.matrix(np.ones(len(places.places), np.bool_))


def _numbers(column: pa.ChunkedArray) -> Array:
    return np.asarray(column.to_numpy())


def _codes(column: pa.ChunkedArray, values: Any, missing: int, dtype: Any = np.int8) -> Array:
    found = pc.index_in(column, value_set=values if isinstance(values, pa.Array) else pa.array(values))
    return np.asarray(pc.fill_null(found, missing).to_numpy()).astype(dtype)


def _countries(person: pa.Table, landgrupper: pd.DataFrame) -> Array:
    category, country = (person[name].to_pandas() for name in ("immigration_category", "birth_country"))
    known = (category.notna() & country.notna()).to_numpy(bool)
    groups = pd.Series(landgruppe(category, country, landgrupper), dtype="object")
    codes = groups.map({key: code for code, key in enumerate(keys.LANDGRUPPER)}).to_numpy(np.int8)
    return np.where(known, codes, np.int8(len(keys.LANDGRUPPER)))


def _education(table: pa.Table, ids: pa.Array, first: int, last: int) -> tuple[Array, int]:
    """Return the code of the latest education known in each year, and the year of the first column."""
    year = _numbers(table["year"]).astype(np.int64)
    start = int(min(year.min(initial=first), first))
    codes = table["nus2000"].combine_chunks().dictionary_encode()
    groups = education_group(pd.Series(codes.dictionary.to_pandas(), dtype="object"))
    group_code = np.array([keys.EDUCATION_GROUPS.index(group) for group in groups], np.int8)
    person = _codes(table["person_id"], ids, -1, np.int64)
    kept = (person >= 0) & (year <= last)
    matrix = np.full((len(ids), last - start + 1), -1, np.int8)
    matrix[person[kept], year[kept] - start] = group_code[_numbers(codes.indices)[kept]]
    latest = np.maximum.accumulate(np.where(matrix >= 0, np.arange(matrix.shape[1]), 0), axis=1)
    return np.maximum(np.take_along_axis(matrix, latest, axis=1), np.int8(0)), start


def _age_codes(age_groups: pd.DataFrame) -> Array:
    """Return the code of the age group of each age in years; the last place is for an unknown age."""
    bounds = age_groups.assign(**{name: pd.to_numeric(age_groups[name]) for name in ("order", "min_age", "max_age")})
    groups = age_group(np.arange(_OLDEST), bounds)
    return np.array([*map(keys.AGE_GROUPS.index, groups), len(keys.AGE_GROUPS)], np.int8)


def _spells(tiltak: pa.Table, ids: pa.Array) -> pd.DataFrame:
    frame = tiltak.select([name for name in COLUMNS["tiltak"] if name != "person_id"]).to_pandas()
    frame.insert(0, "person_id", _codes(tiltak["person_id"], ids, -1, np.int64))
    return frame.loc[frame["person_id"] >= 0].reset_index(drop=True)
