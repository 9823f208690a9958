"""The covariates of Tabell 6-4 (effektrapport_2024 lines 2424-2471), all known at first registration but one.

The report says that p = 51 (line 2150) but not how its categories are coded. Here unordered categories (immigrant
group, unemployment category, family type, children, innsatsgruppe) have one 0/1 column each and ordered ones one
column with the number of the category, which forests split as well; that makes 51 columns. Limits of categories that
the report does not give are fixed numbers, never quantiles, so that a covariate of a person depends on that person
alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.months import year_of
from tiltakseffekt.stages.cohorts.characteristics import age_at, build_characteristics, highest_education, latest_before
from tiltakseffekt.stages.cohorts.history import History

Values = npt.NDArray[np.float64]

FAMILY_TYPES: Final = tuple("12345678")
_OTHER_FAMILY: Final = "8"
CHILDREN: Final = ("ingen", "ett", "to", "tre_eller_flere")
DISABILITY_BANDS: Final = {"10_49": (10, 49), "50_94": (50, 94), "95_100": (95, 100)}
INCOME_YEARS: Final = 5
PENSION_YEARS: Final = 10
NAV_HISTORY_MONTHS: Final = 60
BENEFIT_MONTHS: Final = 24
WORK_MONTHS: Final = 12

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

PERSON_COLUMNS: Final = (
    "person_id",
    "sex",
    "birth_month",
    "birth_country",
    "immigration_category",
    "first_immigration_month",
)
PANEL_COLUMNS: Final = (
    "person_id",
    "month",
    "in_work",
    "high_income",
    "nav_group",
    "on_measure",
    "aap",
    "introduksjonsstonad",
    "kvalifiseringsstonad",
    "sosialhjelp",
    "sykepenger",
    "dagpenger",
    "disability_degree",
)
ENTRY_COLUMNS: Final = ("person_id", "registration_month", "first_group")
_RECEIVED: Final = PANEL_COLUMNS[6:12]


@dataclass(frozen=True)
class Covariate:
    """One row of Tabell 6-4.

    Parameters
    ----------
    group, key
        Keys of the block and of the row, as in the label files.
    columns
        Columns of COVARIATES that hold it.
    categories
        Number of categories the report gives; None for a number.
    measured
        When it is measured, r being the month and y the year of first registration.
    meaning
        What it holds and how it is coded.
    line
        Line of the definition in effektrapport_2024.
    """

    group: str
    key: str
    columns: tuple[str, ...]
    categories: int | None
    measured: str
    meaning: str
    line: int


def _columns(group: str, *items: str) -> tuple[str, ...]:
    return tuple(f"x_{group}__{item}" for item in items)


def _benefit(benefit: str) -> Covariate:
    return Covariate(
        "mottak_av_ytelser",
        benefit,
        _columns("ytelser", f"maneder_{benefit}"),
        None,
        "r-24 to r-1",
        f"months with {benefit}",
        2450,
    )


DEFINITIONS: Final = (
    Covariate("gruppe_kjonn", "gruppe_kjonn", _columns("kjonn", "kvinne"), None, "fixed", "1 = woman", 2426),
    Covariate("alder", "alder", _columns("alder", "alder"), None, "y", "age reached in y, years", 2427),
    Covariate(
        "innvandring",
        "gruppe_innvandring",
        _columns("innvandring", *keys.LANDGRUPPER),
        4,
        "fixed",
        "landgruppe of Tabell 2-1 for immigrants, else not immigrant; 0/1 columns",
        2429,
    ),
    Covariate(
        "innvandring",
        "antall_maneder_siden_forste_innvandringstidspunkt",
        _columns("innvandring", "maneder_siden"),
        10,
        "r",
        "0 never immigrated; 1-9 by months since: under 12, 24, 36, 60, 84, 120, 180, 240, 240 or more",
        2430,
    ),
    Covariate(
        "gruppe_utdanning",
        "gruppe_utdanning",
        _columns("utdanning", "niva"),
        8,
        "latest year up to y",
        "level of NUS2000: 0 none or unknown (0, 9), 1 compulsory (1, 2), then 3 to 8 in order",
        2431,
    ),
    Covariate(
        "arbeidshistorikk",
        "maneder_i_arbeid_siste_12",
        _columns("arbeidshistorikk", "maneder_i_arbeid_12"),
        None,
        "r-12 to r-1",
        "months in work (wage >= 1/12 G, position >= 20 per cent)",
        2433,
    ),
    Covariate(
        "arbeidshistorikk",
        "ar_over_1g_siste_5",
        _columns("arbeidshistorikk", "ar_over_1g"),
        None,
        "y-5 to y-1",
        "years with work income >= 1 G (average G of the year)",
        2435,
    ),
    Covariate(
        "arbeidshistorikk",
        "ar_over_3g_siste_5",
        _columns("arbeidshistorikk", "ar_over_3g"),
        None,
        "y-5 to y-1",
        "years with work income >= 3 G",
        2436,
    ),
    Covariate(
        "arbeidshistorikk",
        "ar_pensjonsgivende_over_3g_siste_10",
        _columns("arbeidshistorikk", "ar_pensjonsgivende_over_3g"),
        None,
        "y-10 to y-1",
        "years with pensionable income >= 3 G",
        2437,
    ),
    Covariate(
        "arbeidshistorikk",
        "gruppe_ledighet",
        _columns("arbeidshistorikk", *keys.LEDIGHETSKATEGORIER),
        3,
        "r-5 to r",
        "unemployment category of Tabell 2-2; 0/1 columns",
        2438,
    ),
    Covariate(
        "arbeidshistorikk",
        "i_arbeid_6_maneder_for",
        _columns("arbeidshistorikk", "i_arbeid_6_for"),
        None,
        "r-6",
        "1 = in work",
        2441,
    ),
    Covariate(
        "arbeidshistorikk",
        "i_arbeid_12_maneder_for",
        _columns("arbeidshistorikk", "i_arbeid_12_for"),
        None,
        "r-12",
        "1 = in work",
        2443,
    ),
    Covariate(
        "arbeidshistorikk",
        "hoy_inntekt_6_maneder_for",
        _columns("arbeidshistorikk", "hoy_inntekt_6_for"),
        None,
        "r-6",
        "1 = in work with high income (wage >= 3/12 G)",
        2445,
    ),
    Covariate(
        "arbeidshistorikk",
        "hoy_inntekt_12_maneder_for",
        _columns("arbeidshistorikk", "hoy_inntekt_12_for"),
        None,
        "r-12",
        "1 = in work with high income (wage >= 3/12 G)",
        2447,
    ),
    *(_benefit(benefit) for benefit in _RECEIVED),
    Covariate(
        "familie_og_bosituasjon",
        "familietype",
        _columns("familie", *(f"type_{kind}" for kind in FAMILY_TYPES)),
        8,
        "1 January of y",
        "family type of the register; unknown = type 8; 0/1 columns",
        2454,
    ),
    Covariate(
        "familie_og_bosituasjon",
        "antall_barn_i_husholdningen",
        _columns("familie", *(f"barn_{number}" for number in CHILDREN)),
        4,
        "1 January of y",
        "children under 18 in the household: 0, 1, 2, 3 or more; unknown = 0; 0/1 columns",
        2455,
    ),
    Covariate(
        "nav_historikk_siste_60_maneder",
        "antall_maneder_registrert_i_en_innsatsgruppe_utenom_sykmeldt",
        _columns("nav_historikk", "maneder_innsatsgruppe"),
        None,
        "r-60 to r-1",
        "months in an innsatsgruppe; zero in the last 24 by the rules of the sample",
        2457,
    ),
    Covariate(
        "nav_historikk_siste_60_maneder",
        "antall_maneder_pa_arbeidsmarkedstiltak",
        _columns("nav_historikk", "maneder_tiltak"),
        None,
        "r-60 to r-1",
        "months on any measure; zero in the last 24 by the rules of the sample",
        2457,
    ),
    Covariate(
        "uforehistorikk",
        "uforekategorier",
        _columns("uforehistorikk", *(f"maneder_{band}" for band in DISABILITY_BANDS)),
        3,
        "r-24 to r-1",
        "months with a degree of disability of 10-49, 50-94 and 95-100 per cent, a column each",
        2460,
    ),
    Covariate(
        "bostedskommune",
        "sentralitetsindeks",
        _columns("bostedskommune", "sentralitet"),
        3,
        "r",
        "1-3 = centrality class 1-2, 3-4, 5-6; 0 unknown",
        2464,
    ),
    Covariate(
        "bostedskommune",
        "arbeidsledighet_i_bostedskommunen",
        _columns("bostedskommune", "ledighet_na", "ledighet_siste_5", "ledighet_neste_6"),
        6,
        "r; mean of r-5 to r-1; mean of r+1 to r+6",
        "1-6 = per cent unemployed under 1.5, 2, 2.5, 3, 4, 4 or more; 0 unknown; a column for each period",
        2465,
    ),
    Covariate(
        "bostedskommune",
        "gjennomsnittlig_manedsinntekt_i_bostedskommunen",
        _columns("bostedskommune", "manedsinntekt"),
        6,
        "y",
        "1-6 = nominal kroner a month under 28 000, 31 000, 34 000, 37 000, 40 000, 40 000 or more; 0 unknown",
        2467,
    ),
    Covariate(
        "bostedskommune",
        "gjennomsnittlig_uforeprosent_i_bostedskommunen",
        _columns("bostedskommune", "uforeprosent"),
        8,
        "y",
        "1-8 = per cent under 6, 8, 9, 10, 11, 12, 14, 14 or more; 0 unknown",
        2469,
    ),
    Covariate(
        "gruppe_innsats",
        "gruppe_innsats",
        _columns("innsatsgruppe", *keys.ENTRY_GROUPS),
        3,
        "r",
        "innsatsgruppe at first registration (lines 2303-2304, not in Tabell 6-4); 0/1 columns",
        2303,
    ),
)
COLUMNS: Final = tuple(column for covariate in DEFINITIONS for column in covariate.columns)


class DescriptionShard(NamedTuple):
    """Register tables of one shard from which persons are described."""

    panel: pd.DataFrame
    person: pd.DataFrame
    residence: pd.DataFrame
    education: pd.DataFrame
    income: pd.DataFrame


class CommonTables(NamedTuple):
    """Codebooks ``landgruppe``, ``aldersgruppe``, ``grunnbelop``, and the cleaned municipality table."""

    landgruppe: pd.DataFrame
    aldersgruppe: pd.DataFrame
    grunnbelop: pd.DataFrame
    municipality: pd.DataFrame


def describe_cohort(
    entries: pd.DataFrame, shards: Iterable[DescriptionShard], common: CommonTables
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

    Returns
    -------
    tuple
        Tables CHARACTERISTICS and COVARIATES, sorted by person.
    """
    characteristics, covariates = zip(*(describe_shard(entries, shard, common) for shard in shards), strict=True)
    return (
        pd.concat(characteristics).sort_values("person_id", ignore_index=True),
        pd.concat(covariates).sort_values("person_id", ignore_index=True),
    )


def describe_shard(
    entries: pd.DataFrame, shard: DescriptionShard, common: CommonTables
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Describe the persons of one shard at first registration.

    Parameters
    ----------
    entries
        ENTRIES of all shards; only persons of this shard are described.
    shard
        Panel and register tables of the shard.
    common
        Codebooks and the municipality table.

    Returns
    -------
    tuple
        Tables CHARACTERISTICS and COVARIATES of the persons of this shard, sorted by person.
    """
    mine = entries.loc[entries["person_id"].isin(shard.person["person_id"]), list(ENTRY_COLUMNS)]
    mine = mine.sort_values("person_id", ignore_index=True)
    history = History.of(mine, shard.panel)
    nus2000 = highest_education(mine, shard.education)
    characteristics = build_characteristics(
        mine, history, shard.person, nus2000, common.landgruppe, common.aldersgruppe
    )
    return characteristics, build_covariates(mine, history, characteristics, nus2000, shard, common)


def build_covariates(
    entries: pd.DataFrame,
    history: History,
    characteristics: pd.DataFrame,
    nus2000: pd.Series,
    shard: DescriptionShard,
    common: CommonTables,
) -> pd.DataFrame:
    """Return table COVARIATES, columns in the order of `DEFINITIONS`, rows in the order of `entries`."""
    persons = shard.person.set_index("person_id").reindex(entries["person_id"])
    residence = latest_before(entries, shard.residence)
    parts: dict[str, npt.NDArray[np.generic]] = {
        "x_kjonn__kvinne": (characteristics["sex"] == "kvinne").to_numpy(),
        "x_alder__alder": age_at(entries["registration_month"], persons["birth_month"]),
        "x_innvandring__maneder_siden": _since_immigration(entries, persons["first_immigration_month"]),
        "x_utdanning__niva": nus2000.str[0].map(EDUCATION_LEVELS).to_numpy(),
        **_dummies("innvandring", characteristics["landgruppe"], keys.LANDGRUPPER),
        **_dummies("arbeidshistorikk", characteristics["ledighetskategori"], keys.LEDIGHETSKATEGORIER),
        **_dummies("innsatsgruppe", entries["first_group"], keys.ENTRY_GROUPS),
        **_family(residence),
        **_months(history),
        **_income_years(entries, shard.income, common.grunnbelop),
        **_municipality(entries, residence["municipality"], common.municipality),
    }
    columns = {name: np.asarray(parts[name], dtype=np.float64) for name in COLUMNS}
    return pd.DataFrame({"person_id": entries["person_id"].to_numpy(), **columns})


def category(values: npt.ArrayLike, limits: tuple[float, ...]) -> Values:
    """Return 1 below the first limit, 2 from it to the second, and so on; 0 where the value is missing."""
    number = np.asarray(values, dtype=np.float64)
    return np.where(np.isnan(number), 0, np.searchsorted(np.array(limits), number, side="right") + 1).astype(float)


def _dummies(group: str, values: pd.Series, categories: tuple[str, ...]) -> dict[str, npt.NDArray[np.generic]]:
    return {f"x_{group}__{key}": (values == key).to_numpy() for key in categories}


def _since_immigration(entries: pd.DataFrame, first_immigration: pd.Series) -> Values:
    months = entries["registration_month"].to_numpy(np.float64) - first_immigration.to_numpy(
        np.float64, na_value=np.nan
    )
    # An immigration after registration is not known yet: below the first limit, category 0 like never immigrated.
    return np.maximum(category(months, IMMIGRATION_LIMITS) - 1, 0)


def _family(residence: pd.DataFrame) -> dict[str, npt.NDArray[np.generic]]:
    kind = residence["family_type"].fillna(_OTHER_FAMILY)
    children = residence["children"].fillna(0).clip(upper=len(CHILDREN) - 1)
    return {
        **{f"x_familie__type_{key}": (kind == key).to_numpy() for key in FAMILY_TYPES},
        **{f"x_familie__barn_{key}": (children == number).to_numpy(bool) for number, key in enumerate(CHILDREN)},
    }


def _months(history: History) -> dict[str, npt.NDArray[np.generic]]:
    degree = history.table["disability_degree"].to_numpy()
    in_group = history.table["nav_group"].isin(keys.INNSATSGRUPPER).to_numpy(bool)
    return {
        "x_arbeidshistorikk__maneder_i_arbeid_12": history.months("in_work", 1, WORK_MONTHS),
        "x_arbeidshistorikk__i_arbeid_6_for": history.months("in_work", 6, 6),
        "x_arbeidshistorikk__i_arbeid_12_for": history.months("in_work", 12, 12),
        "x_arbeidshistorikk__hoy_inntekt_6_for": history.months("high_income", 6, 6),
        "x_arbeidshistorikk__hoy_inntekt_12_for": history.months("high_income", 12, 12),
        **{f"x_ytelser__maneder_{benefit}": history.months(benefit, 1, BENEFIT_MONTHS) for benefit in _RECEIVED},
        "x_nav_historikk__maneder_innsatsgruppe": history.months(in_group, 1, NAV_HISTORY_MONTHS),
        "x_nav_historikk__maneder_tiltak": history.months("on_measure", 1, NAV_HISTORY_MONTHS),
        **{
            f"x_uforehistorikk__maneder_{band}": history.months((degree >= low) & (degree <= high), 1, BENEFIT_MONTHS)
            for band, (low, high) in DISABILITY_BANDS.items()
        },
    }


def _income_years(
    entries: pd.DataFrame, income: pd.DataFrame, grunnbelop: pd.DataFrame
) -> dict[str, npt.NDArray[np.generic]]:
    position = pd.Index(entries["person_id"]).get_indexer(income["person_id"])
    mine = income.loc[position >= 0]
    position = position[position >= 0]
    registered = entries["registration_month"].to_numpy(np.int64)[position] // 12 + year_of(0)
    year = mine["year"].to_numpy(np.int64)
    before = registered - year
    g = mine["year"].map(grunnbelop.set_index("year")["g_average"]).to_numpy(np.float64)

    def years(column: str, multiple: int, longest: int) -> npt.NDArray[np.int64]:
        reached = mine[column].to_numpy(np.float64) >= multiple * g
        counted = reached & (before >= 1) & (before <= longest)
        return np.bincount(position[counted], minlength=len(entries))

    return {
        "x_arbeidshistorikk__ar_over_1g": years("work_income", 1, INCOME_YEARS),
        "x_arbeidshistorikk__ar_over_3g": years("work_income", 3, INCOME_YEARS),
        "x_arbeidshistorikk__ar_pensjonsgivende_over_3g": years("pensionable_income", 3, PENSION_YEARS),
    }


def _municipality(
    entries: pd.DataFrame, residence: pd.Series, municipality: pd.DataFrame
) -> dict[str, npt.NDArray[np.generic]]:
    by_month = municipality.set_index(["municipality", "month"])
    home = residence.to_numpy(object)
    registered = entries["registration_month"].to_numpy(np.int64)

    def value(column: str, ahead: int) -> Values:
        wanted = pd.MultiIndex.from_arrays([home, registered + ahead])
        return by_month[column].reindex(wanted).to_numpy(np.float64)

    def mean_unemployment(first: int, last: int) -> Values:
        months = pd.DataFrame({ahead: value("unemployment", ahead) for ahead in range(first, last + 1)})
        return months.mean(axis=1).to_numpy(np.float64)

    return {
        "x_bostedskommune__sentralitet": category(value("centrality", 0), CENTRALITY_LIMITS),
        "x_bostedskommune__ledighet_na": category(value("unemployment", 0), UNEMPLOYMENT_LIMITS),
        "x_bostedskommune__ledighet_siste_5": category(mean_unemployment(-5, -1), UNEMPLOYMENT_LIMITS),
        "x_bostedskommune__ledighet_neste_6": category(mean_unemployment(1, 6), UNEMPLOYMENT_LIMITS),
        "x_bostedskommune__manedsinntekt": category(value("mean_income", 0), MUNICIPAL_INCOME_LIMITS),
        "x_bostedskommune__uforeprosent": category(value("disability_share", 0), MUNICIPAL_DISABILITY_LIMITS),
    }
