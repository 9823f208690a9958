"""The covariates of Tabell 6-4 (effektrapport_2024 lines 2424-2471), all known at first registration but one.

Each is declared once, in `DEFINITIONS`: its columns, what they mean, the line of the document, and the functions that
find them. The table, the documentation and the rows of Tabell 6-4 are all read from there.

The report says that p = 51 (line 2150) but not how its categories are coded. Here unordered categories (immigrant
group, unemployment category, family type, children, innsatsgruppe) have one 0/1 column each and ordered ones one
column with the number of the category, which forests split as well; that makes 51 columns. Limits of categories that
the report does not give are fixed numbers, never quantiles, so that a covariate of a person depends on that person
alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.stages.cohorts.facts import ENTRY_COLUMNS, RECEIVED, CommonTables, DescriptionShard, Facts, Values

#: Finds one column: a number or a truth per entry.
Find = Callable[[Facts], Values]

FAMILY_TYPES: Final = tuple("12345678")
_OTHER_FAMILY: Final = "8"
CHILDREN: Final = ("ingen", "ett", "to", "tre_eller_flere")
DISABILITY_BANDS: Final = {"10_49": (10, 49), "50_94": (50, 94), "95_100": (95, 100)}

#: Category of the level of NUS2000 (its first digit); 0 = none or unknown.
EDUCATION_LEVELS: Final = {"0": 0, "1": 1, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6, "8": 7, "9": 0}
#: Months since first immigration at which a new category begins; category 0 = never immigrated.
IMMIGRATION_LIMITS: Final = (0.0, 12.0, 24.0, 36.0, 60.0, 84.0, 120.0, 180.0, 240.0)
#: Per cent unemployed at which a new category begins; category 0 = unknown municipality.
UNEMPLOYMENT_LIMITS: Final = (1.5, 2.0, 2.5, 3.0, 4.0)
#: Kroner a month (nominal) at which a new category begins.
MUNICIPAL_INCOME_LIMITS: Final = (28_000.0, 31_000.0, 34_000.0, 37_000.0, 40_000.0)
#: Per cent with disability benefit at which a new category begins.
MUNICIPAL_DISABILITY_LIMITS: Final = (6.0, 8.0, 9.0, 10.0, 11.0, 12.0, 14.0)
#: Centrality class of Statistics Norway (1-6) at which a new category begins.
CENTRALITY_LIMITS: Final = (3.0, 5.0)


class Window(NamedTuple):
    """Months before that of first registration r, from the nearest to the furthest, both included."""

    nearest: int
    furthest: int

    def __str__(self) -> str:
        """Say when, as the documentation does."""
        return f"r-{self.furthest}" + (f" to r-{self.nearest}" if self.nearest < self.furthest else "")


class Years(NamedTuple):
    """Years with an income of so many G or more among so many years before that of first registration, y."""

    income: str
    multiple: int
    longest: int

    def __str__(self) -> str:
        """Say when, as the documentation does."""
        return f"y-{self.longest} to y-1"


@dataclass(frozen=True)
class Covariate:
    """One row of Tabell 6-4.

    Parameters
    ----------
    group, key
        Keys of the block and of the row, as in the label files.
    columns
        Columns of COVARIATES that hold it, and the function that finds each.
    measured
        When it is measured, r being the month and y the year of first registration.
    meaning
        What it holds and how it is coded.
    line
        Line of the definition in effektrapport_2024.
    categories
        Number of categories the report gives; None for a number.
    """

    group: str
    key: str
    columns: Mapping[str, Find]
    measured: str
    meaning: str
    line: int
    categories: int | None = None


def category(values: npt.ArrayLike, limits: tuple[float, ...]) -> Values:
    """Return 1 below the first limit, 2 from it to the second, and so on; 0 where the value is missing."""
    number = np.asarray(values, dtype=np.float64)
    return np.where(np.isnan(number), 0, np.searchsorted(np.array(limits), number, side="right") + 1).astype(float)


def _under(limits: Iterable[float]) -> str:
    """Write limits as the classes that end at them, and the class above."""
    written = [f"{limit:,g}".replace(",", " ") for limit in limits]
    return f"{', '.join(written)}, {written[-1]} or more"


def _columns(prefix: str, **found: Find) -> dict[str, Find]:
    return {f"x_{prefix}__{item}": find for item, find in found.items()}


def _each(prefix: str, of: Callable[[Facts], pd.Series], categories: Mapping[str, object]) -> dict[str, Find]:
    """Return a 0/1 column for each category, by the name of its column and the value that it has."""

    def equals(value: object) -> Find:
        return lambda facts: (of(facts) == value).to_numpy(bool)

    return _columns(prefix, **{item: equals(value) for item, value in categories.items()})


def _of_trait(prefix: str, trait: str, categories: Iterable[str]) -> dict[str, Find]:
    return _each(prefix, lambda facts: facts.characteristics[trait], {key: key for key in categories})


def _months(flag: str, window: Window) -> Find:
    return lambda facts: facts.history.months(flag, *window)


def _since_immigration(facts: Facts) -> Values:
    # An immigration after registration is not known yet: below the first limit, category 0 like never immigrated.
    return np.maximum(category(facts.months_since_immigration, IMMIGRATION_LIMITS) - 1, 0)


def _months_disabled(low: int, high: int, window: Window) -> Find:
    def find(facts: Facts) -> Values:
        degree = facts.history.table["disability_degree"].to_numpy()
        return facts.history.months((degree >= low) & (degree <= high), *window)

    return find


def _municipality(column: str, limits: tuple[float, ...], first: int = 0, last: int = 0) -> Find:
    return lambda facts: category(facts.of_municipality(column, first, last), limits)


_WORK: Final = "arbeidshistorikk"
_NAV: Final = "nav_historikk"
_HOME: Final = "bostedskommune"
_HOUSEHOLD: Final = "familie_og_bosituasjon"
_LAST_YEAR: Final = Window(1, 12)
_TWO_YEARS: Final = Window(1, 24)
_FIVE_YEARS: Final = Window(1, 60)


def _benefit(benefit: str) -> Covariate:
    return Covariate(
        "mottak_av_ytelser",
        benefit,
        _columns("ytelser", **{f"maneder_{benefit}": _months(benefit, _TWO_YEARS)}),
        measured=str(_TWO_YEARS),
        meaning=f"months with {benefit}",
        line=2450,
    )


def _income_years(key: str, item: str, years: Years, meaning: str, line: int) -> Covariate:
    return Covariate(
        _WORK,
        key,
        _columns(_WORK, **{item: lambda facts: facts.income_years(*years)}),
        measured=str(years),
        meaning=meaning,
        line=line,
    )


def _month_before(state: str, flag: str, months: int, meaning: str, line: int) -> Covariate:
    window = Window(months, months)
    return Covariate(
        _WORK,
        f"{state}_{months}_maneder_for",
        _columns(_WORK, **{f"{state}_{months}_for": _months(flag, window)}),
        measured=str(window),
        meaning=meaning,
        line=line,
    )


DEFINITIONS: Final = (
    Covariate(
        "gruppe_kjonn",
        "gruppe_kjonn",
        _of_trait("kjonn", "sex", ["kvinne"]),
        measured="fixed",
        meaning="1 = woman",
        line=2426,
    ),
    Covariate(
        "alder",
        "alder",
        _columns("alder", alder=lambda facts: facts.age),
        measured="y",
        meaning="age reached in y, years",
        line=2427,
    ),
    Covariate(
        "innvandring",
        "gruppe_innvandring",
        _of_trait("innvandring", "landgruppe", keys.LANDGRUPPER),
        categories=4,
        measured="fixed",
        meaning="landgruppe of Tabell 2-1 for immigrants, else not immigrant; 0/1 columns",
        line=2429,
    ),
    Covariate(
        "innvandring",
        "antall_maneder_siden_forste_innvandringstidspunkt",
        _columns("innvandring", maneder_siden=_since_immigration),
        categories=10,
        measured="r",
        meaning=f"0 never immigrated; 1-9 by months since: under {_under(IMMIGRATION_LIMITS[1:])}",
        line=2430,
    ),
    Covariate(
        "gruppe_utdanning",
        "gruppe_utdanning",
        _columns("utdanning", niva=lambda facts: facts.nus2000.str[0].map(EDUCATION_LEVELS).to_numpy()),
        categories=8,
        measured="latest year up to y",
        meaning="level of NUS2000: 0 none or unknown (0, 9), 1 compulsory (1, 2), then 3 to 8 in order",
        line=2431,
    ),
    Covariate(
        _WORK,
        "maneder_i_arbeid_siste_12",
        _columns(_WORK, maneder_i_arbeid_12=_months("in_work", _LAST_YEAR)),
        measured=str(_LAST_YEAR),
        meaning="months in work (wage >= 1/12 G, position >= 20 per cent)",
        line=2433,
    ),
    _income_years(
        "ar_over_1g_siste_5",
        "ar_over_1g",
        Years("work_income", 1, 5),
        "years with work income >= 1 G (average G of the year)",
        2435,
    ),
    _income_years(
        "ar_over_3g_siste_5", "ar_over_3g", Years("work_income", 3, 5), "years with work income >= 3 G", 2436
    ),
    _income_years(
        "ar_pensjonsgivende_over_3g_siste_10",
        "ar_pensjonsgivende_over_3g",
        Years("pensionable_income", 3, 10),
        "years with pensionable income >= 3 G",
        2437,
    ),
    Covariate(
        _WORK,
        "gruppe_ledighet",
        _of_trait(_WORK, "ledighetskategori", keys.LEDIGHETSKATEGORIER),
        categories=3,
        measured="r-5 to r",
        meaning="unemployment category of Tabell 2-2; 0/1 columns",
        line=2438,
    ),
    _month_before("i_arbeid", "in_work", 6, "1 = in work", 2441),
    _month_before("i_arbeid", "in_work", 12, "1 = in work", 2443),
    _month_before("hoy_inntekt", "high_income", 6, "1 = in work with high income (wage >= 3/12 G)", 2445),
    _month_before("hoy_inntekt", "high_income", 12, "1 = in work with high income (wage >= 3/12 G)", 2447),
    *(_benefit(benefit) for benefit in RECEIVED),
    Covariate(
        _HOUSEHOLD,
        "familietype",
        _each(
            "familie",
            lambda facts: facts.residence["family_type"].fillna(_OTHER_FAMILY),
            {f"type_{kind}": kind for kind in FAMILY_TYPES},
        ),
        categories=8,
        measured="1 January of y",
        meaning="family type of the register; unknown = type 8; 0/1 columns",
        line=2454,
    ),
    Covariate(
        _HOUSEHOLD,
        "antall_barn_i_husholdningen",
        _each(
            "familie",
            lambda facts: facts.residence["children"].fillna(0).clip(upper=len(CHILDREN) - 1),
            {f"barn_{key}": number for number, key in enumerate(CHILDREN)},
        ),
        categories=4,
        measured="1 January of y",
        meaning="children under 18 in the household: 0, 1, 2, 3 or more; unknown = 0; 0/1 columns",
        line=2455,
    ),
    Covariate(
        "nav_historikk_siste_60_maneder",
        "antall_maneder_registrert_i_en_innsatsgruppe_utenom_sykmeldt",
        _columns(_NAV, maneder_innsatsgruppe=lambda facts: facts.history.months(facts.in_innsatsgruppe, *_FIVE_YEARS)),
        measured=str(_FIVE_YEARS),
        meaning="months in an innsatsgruppe; zero in the last 24 by the rules of the sample",
        line=2457,
    ),
    Covariate(
        "nav_historikk_siste_60_maneder",
        "antall_maneder_pa_arbeidsmarkedstiltak",
        _columns(_NAV, maneder_tiltak=_months("on_measure", _FIVE_YEARS)),
        measured=str(_FIVE_YEARS),
        meaning="months on any measure; zero in the last 24 by the rules of the sample",
        line=2457,
    ),
    Covariate(
        "uforehistorikk",
        "uforekategorier",
        _columns(
            "uforehistorikk",
            **{f"maneder_{band}": _months_disabled(*degrees, _TWO_YEARS) for band, degrees in DISABILITY_BANDS.items()},
        ),
        categories=3,
        measured=str(_TWO_YEARS),
        meaning="months with a degree of disability of 10-49, 50-94 and 95-100 per cent, a column each",
        line=2460,
    ),
    Covariate(
        _HOME,
        "sentralitetsindeks",
        _columns(_HOME, sentralitet=_municipality("centrality", CENTRALITY_LIMITS)),
        categories=3,
        measured="r",
        meaning="1-3 = centrality class 1-2, 3-4, 5-6; 0 unknown",
        line=2464,
    ),
    Covariate(
        _HOME,
        "arbeidsledighet_i_bostedskommunen",
        _columns(
            _HOME,
            ledighet_na=_municipality("unemployment", UNEMPLOYMENT_LIMITS),
            ledighet_siste_5=_municipality("unemployment", UNEMPLOYMENT_LIMITS, -5, -1),
            ledighet_neste_6=_municipality("unemployment", UNEMPLOYMENT_LIMITS, 1, 6),
        ),
        categories=6,
        measured="r; mean of r-5 to r-1; mean of r+1 to r+6",
        meaning=f"1-6 = per cent unemployed under {_under(UNEMPLOYMENT_LIMITS)}; 0 unknown; a column for each period",
        line=2465,
    ),
    Covariate(
        _HOME,
        "gjennomsnittlig_manedsinntekt_i_bostedskommunen",
        _columns(_HOME, manedsinntekt=_municipality("mean_income", MUNICIPAL_INCOME_LIMITS)),
        categories=6,
        measured="y",
        meaning=f"1-6 = nominal kroner a month under {_under(MUNICIPAL_INCOME_LIMITS)}; 0 unknown",
        line=2467,
    ),
    Covariate(
        _HOME,
        "gjennomsnittlig_uforeprosent_i_bostedskommunen",
        _columns(_HOME, uforeprosent=_municipality("disability_share", MUNICIPAL_DISABILITY_LIMITS)),
        categories=8,
        measured="y",
        meaning=f"1-8 = per cent under {_under(MUNICIPAL_DISABILITY_LIMITS)}; 0 unknown",
        line=2469,
    ),
    Covariate(
        "gruppe_innsats",
        "gruppe_innsats",
        _of_trait("innsatsgruppe", "innsatsgruppe", keys.ENTRY_GROUPS),
        categories=3,
        measured="r",
        meaning="innsatsgruppe at first registration (lines 2303-2304, not in Tabell 6-4); 0/1 columns",
        line=2303,
    ),
)
#: Keys of the rows: what a setting names.
NAMES: Final = tuple(covariate.key for covariate in DEFINITIONS)
COLUMNS: Final = tuple(column for covariate in DEFINITIONS for column in covariate.columns)


def chosen(names: Collection[str]) -> tuple[Covariate, ...]:
    """Return the definitions with these keys, in the order of `DEFINITIONS`."""
    return tuple(covariate for covariate in DEFINITIONS if covariate.key in names)


def describe_cohort(
    entries: pd.DataFrame,
    shards: Iterable[DescriptionShard],
    common: CommonTables,
    names: Collection[str] = NAMES,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Describe the whole cohort, shard by shard.

    Parameters
    ----------
    entries
        ENTRIES of all shards.
    shards
        The shards, one at a time; may be a generator, so that only one is in memory.
    common
        Codebooks and the municipality table.
    names
        Keys of the covariates that are wanted.

    Returns
    -------
    tuple
        Tables CHARACTERISTICS and COVARIATES, sorted by person.
    """
    wanted = chosen(names)
    facts = (facts_of(entries, shard, common) for shard in shards)
    characteristics, covariates = zip(
        *((known.characteristics, build_covariates(known, wanted)) for known in facts), strict=True
    )
    return (
        pd.concat(characteristics).sort_values("person_id", ignore_index=True),
        pd.concat(covariates).sort_values("person_id", ignore_index=True),
    )


def facts_of(entries: pd.DataFrame, shard: DescriptionShard, common: CommonTables) -> Facts:
    """Return what is known of those of the entries who are in a shard, sorted by person."""
    mine = entries.loc[entries["person_id"].isin(shard.person["person_id"]), list(ENTRY_COLUMNS)]
    return Facts(mine.sort_values("person_id", ignore_index=True), shard, common)


def build_covariates(facts: Facts, definitions: Iterable[Covariate] = DEFINITIONS) -> pd.DataFrame:
    """Return table COVARIATES, columns in the order of the definitions, rows in the order of the entries."""
    found = {name: find(facts) for covariate in definitions for name, find in covariate.columns.items()}
    columns = {name: np.asarray(values, dtype=np.float64) for name, values in found.items()}
    return pd.DataFrame({"person_id": facts.entries["person_id"].to_numpy(), **columns})
