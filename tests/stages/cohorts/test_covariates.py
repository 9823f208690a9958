"""Characteristics and covariates of made-up persons, each value computed by hand."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.cohorts import schemas
from tiltakseffekt.stages.cohorts.characteristics import age_group, education_group, landgruppe
from tiltakseffekt.stages.cohorts.covariates import (
    COLUMNS,
    DEFINITIONS,
    UNEMPLOYMENT_LIMITS,
    category,
    describe_cohort,
)
from tiltakseffekt.stages.cohorts.facts import PANEL_COLUMNS, CommonTables, DescriptionShard
from tiltakseffekt.stages.cohorts.settings import CohortSettings

#: January 2018.
R = 216
FLAGS = ("in_work", "high_income", "on_measure", "aap", "introduksjonsstonad", "dagpenger")


@pytest.fixture(scope="module")
def common(pytestconfig: pytest.Config) -> CommonTables:
    folder = pytestconfig.rootpath / "config" / "codebook"
    municipality = pd.DataFrame(
        {
            "municipality": "0301",
            "month": range(R - 5, R + 7),
            "unemployment": [3.9] * 5 + [9.0] + [2.0, 2.5] * 3,
            "mean_income": 35_999.0,
            "disability_share": 16.0,
            "centrality": 1,
        }
    )
    names = ("landgruppe", "aldersgruppe", "grunnbelop")
    return CommonTables(*(pd.read_csv(folder / f"{name}.csv") for name in names), municipality=municipality)


def panel_rows(name: str, months: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    empty = dict.fromkeys(PANEL_COLUMNS, False) | {"nav_group": None, "disability_degree": 0}
    return [empty | {"person_id": name, "month": month} | values for month, values in sorted(months.items())]


def person(name: str, **facts: Any) -> dict[str, Any]:
    known = {"sex": "1", "birth_month": -240, "birth_country": "NOR", "immigration_category": "A"}
    return {"person_id": name, "first_immigration_month": None, **known, **facts}


def shard(
    persons: list[dict[str, Any]],
    panel: list[dict[str, Any]] | None = None,
    residence: list[tuple[Any, ...]] | None = None,
    education: list[tuple[Any, ...]] | None = None,
    income: list[tuple[Any, ...]] | None = None,
) -> DescriptionShard:
    def table(rows: list[tuple[Any, ...]] | None, columns: dict[str, str]) -> pd.DataFrame:
        return pd.DataFrame(rows or [], columns=list(columns)).astype({"person_id": "str", **columns})

    months = pd.DataFrame(panel or [], columns=list(PANEL_COLUMNS))
    flags = {
        name: "bool" for name in PANEL_COLUMNS if name not in ("person_id", "month", "nav_group", "disability_degree")
    }
    return DescriptionShard(
        months.astype(
            {"person_id": "str", "month": "int32", "nav_group": "str", "disability_degree": "int64", **flags}
        ),
        pd.DataFrame(persons).astype({"first_immigration_month": "Int64"}),
        table(
            residence,
            {"person_id": "str", "year": "int64", "municipality": "str", "family_type": "str", "children": "int64"},
        ),
        table(education, {"person_id": "str", "year": "int64", "nus2000": "str"}),
        table(income, {"person_id": "str", "year": "int64", "work_income": "float64", "pensionable_income": "float64"}),
    )


def entries(*names: str, month: int = R, group: str = "situasjonsbestemt") -> pd.DataFrame:
    return pd.DataFrame({"person_id": list(names), "registration_month": month, "first_group": group}).astype(
        {"registration_month": "int32"}
    )


def describe_one(common: CommonTables, name: str = "p", **tables: Any) -> tuple[pd.Series, pd.Series]:
    characteristics, covariates = describe_cohort(entries(name), [shard(**tables)], common)
    assert not table_faults(characteristics, schemas.CHARACTERISTICS)
    assert not table_faults(covariates, schemas.COVARIATES)
    return characteristics.iloc[0], covariates.iloc[0]


def test_fifty_one_columns_as_the_report_says(common: CommonTables) -> None:
    _, covariates = describe_one(common, persons=[person("p")])
    assert len(COLUMNS) == len(set(COLUMNS)) == 51
    assert tuple(covariates.index[1:]) == COLUMNS
    assert len({definition.key for definition in DEFINITIONS}) == len(DEFINITIONS)


def test_only_the_covariates_named_are_found(common: CommonTables) -> None:
    _, covariates = describe_cohort(entries("p"), [shard([person("p")])], common, ["alder", "gruppe_ledighet"])
    assert list(covariates.columns[1:]) == [
        "x_alder__alder",
        *(f"x_arbeidshistorikk__{key}" for key in keys.LEDIGHETSKATEGORIER),
    ]


@pytest.mark.parametrize("names", [["alder", "alder"], ["alder", "hoyde"], []])
def test_settings_name_declared_covariates_once(names: list[str]) -> None:
    with pytest.raises(ValueError, match="covariate"):
        CohortSettings(covariates=names)


def test_a_person_of_whom_nothing_is_known_has_no_missing_value(common: CommonTables) -> None:
    characteristics, covariates = describe_one(common, persons=[person("p")])
    nonzero = covariates[1:][covariates[1:] != 0].index
    assert set(nonzero) == {
        "x_alder__alder",
        "x_innvandring__ikke_innvandrer",
        "x_arbeidshistorikk__uten_arbeid_6_mnd",
        "x_familie__type_8",
        "x_familie__barn_ingen",
        "x_innsatsgruppe__situasjonsbestemt",
    }
    assert covariates["x_alder__alder"] == 2018 - 1980
    assert list(characteristics[1:]) == [
        "situasjonsbestemt",
        False,
        "mann",
        38,
        "alder_30_39",
        "ikke_innvandrer",
        "ingen_uoppgitt",
        "uten_arbeid_6_mnd",
    ]


def test_months_are_counted_before_registration_only(common: CommonTables) -> None:
    everything = dict.fromkeys((*FLAGS, "sosialhjelp", "sykepenger", "kvalifiseringsstonad"), True)
    months = {m: everything | {"nav_group": "standard"} for m in range(R - 70, R + 12)}
    _, covariates = describe_one(common, persons=[person("p")], panel=panel_rows("p", months))
    assert covariates["x_arbeidshistorikk__maneder_i_arbeid_12"] == 12
    assert covariates["x_nav_historikk__maneder_innsatsgruppe"] == 60
    assert covariates["x_nav_historikk__maneder_tiltak"] == 60
    for benefit in ("aap", "introduksjonsstonad", "kvalifiseringsstonad", "sosialhjelp", "sykepenger", "dagpenger"):
        assert covariates[f"x_ytelser__maneder_{benefit}"] == 24


@pytest.mark.parametrize(
    ("lag", "nonzero"),
    [
        (0, {"i_arbeid"}),
        (1, {"i_arbeid_siste_5_mnd", "maneder_i_arbeid_12"}),
        (5, {"i_arbeid_siste_5_mnd", "maneder_i_arbeid_12"}),
        (6, {"uten_arbeid_6_mnd", "maneder_i_arbeid_12", "i_arbeid_6_for", "hoy_inntekt_6_for"}),
        (12, {"uten_arbeid_6_mnd", "maneder_i_arbeid_12", "i_arbeid_12_for", "hoy_inntekt_12_for"}),
        (13, {"uten_arbeid_6_mnd"}),
        (-1, {"uten_arbeid_6_mnd"}),
    ],
)
def test_one_month_in_work(common: CommonTables, lag: int, nonzero: set[str]) -> None:
    panel = panel_rows("p", {R - lag: {"in_work": True, "high_income": True}})
    _, covariates = describe_one(common, persons=[person("p")], panel=panel)
    work = covariates.filter(like="x_arbeidshistorikk__")
    assert {name.removeprefix("x_arbeidshistorikk__") for name in work[work != 0].index} == nonzero


@pytest.mark.parametrize(
    ("degree", "band"),
    [(9, None), (10, "10_49"), (49, "10_49"), (50, "50_94"), (94, "50_94"), (95, "95_100"), (100, "95_100")],
)
def test_bands_of_disability(common: CommonTables, degree: int, band: str | None) -> None:
    panel = panel_rows("p", {m: {"disability_degree": degree} for m in (R - 25, R - 24, R - 1, R)})
    _, covariates = describe_one(common, persons=[person("p")], panel=panel)
    months = covariates.filter(like="x_uforehistorikk__")
    assert months.to_dict() == {
        f"x_uforehistorikk__maneder_{key}": 2 * (key == band) for key in ("10_49", "50_94", "95_100")
    }


def test_years_with_income_against_plain_loops(common: CommonTables) -> None:
    g = dict(zip(common.grunnbelop["year"], common.grunnbelop["g_average"], strict=True))
    generator = np.random.default_rng(20180101)
    names = [f"p{number}" for number in range(20)]
    rows = [
        (name, year, multiple * g[year], other * g[year])
        for name in names
        for year in range(2005, 2023)
        for multiple, other in [generator.choice([0.0, 0.999, 1.0, 2.999, 3.0, 5.0], 2)]
    ]
    _, covariates = describe_cohort(
        entries(*names), [shard(persons=[person(name) for name in names], income=rows)], common
    )
    found = covariates.set_index("person_id")
    for name in names:
        mine = {year: (work, pension) for who, year, work, pension in rows if who == name}
        recent, decade = range(2013, 2018), range(2008, 2018)
        assert found.at[name, "x_arbeidshistorikk__ar_over_1g"] == sum(mine[y][0] >= g[y] for y in recent)
        assert found.at[name, "x_arbeidshistorikk__ar_over_3g"] == sum(mine[y][0] >= 3 * g[y] for y in recent)
        pension_years = sum(mine[y][1] >= 3 * g[y] for y in decade)
        assert found.at[name, "x_arbeidshistorikk__ar_pensjonsgivende_over_3g"] == pension_years


def test_months_against_plain_loops(common: CommonTables) -> None:
    generator = np.random.default_rng(20171201)
    names = [f"p{number}" for number in range(20)]
    registered = {name: int(month) for name, month in zip(names, generator.integers(210, 228, 20), strict=True)}
    paid = {name: set(generator.choice(range(180, 235), 30, replace=False).tolist()) for name in names}
    panel = [row for name in names for row in panel_rows(name, {m: {"aap": True} for m in paid[name]})]
    cohort = entries(*names).assign(registration_month=list(registered.values()))
    _, covariates = describe_cohort(cohort, [shard([person(name) for name in names], panel)], common)
    for name, months in covariates.set_index("person_id")["x_ytelser__maneder_aap"].items():
        assert months == sum(month in paid[name] for month in range(registered[name] - 24, registered[name]))


def test_residence_and_education_of_the_latest_year_up_to_registration(common: CommonTables) -> None:
    characteristics, covariates = describe_one(
        common,
        persons=[person("p", sex="2")],
        residence=[("p", 2019, "1103", "1", 9), ("p", 2018, "0301", "4", 3), ("p", 2017, "1103", "2", 0)],
        education=[("p", 2019, "799999"), ("p", 2016, "401101"), ("p", 2015, "201199")],
    )
    assert (characteristics["sex"], characteristics["education"]) == ("kvinne", "vgs_studieforberedende")
    assert covariates["x_utdanning__niva"] == 3
    assert covariates["x_familie__type_4"] == covariates["x_familie__barn_tre_eller_flere"] == 1
    assert covariates.filter(like="x_familie__").sum() == 2
    municipal = covariates.filter(like="x_bostedskommune__")
    assert municipal.to_dict() == {
        "x_bostedskommune__sentralitet": 1,
        "x_bostedskommune__ledighet_na": 6,
        "x_bostedskommune__ledighet_siste_5": 5,
        "x_bostedskommune__ledighet_neste_6": 3,
        "x_bostedskommune__manedsinntekt": 4,
        "x_bostedskommune__uforeprosent": 8,
    }


def test_limits_belong_to_the_category_above() -> None:
    values = [np.nan, 0.0, 1.49, 1.5, 2.0, 3.99, 4.0]
    assert list(category(values, UNEMPLOYMENT_LIMITS)) == [0, 1, 1, 2, 3, 5, 6]


@pytest.mark.parametrize(
    ("immigrated", "expected"),
    [(None, 0), (R + 1, 0), (R, 1), (R - 11, 1), (R - 12, 2), (R - 239, 8), (R - 240, 9), (R - 600, 9)],
)
def test_months_since_first_immigration(common: CommonTables, immigrated: int | None, expected: int) -> None:
    _, covariates = describe_one(common, persons=[person("p", first_immigration_month=immigrated)])
    assert covariates["x_innvandring__maneder_siden"] == expected


@pytest.mark.parametrize(
    ("immigration", "country", "expected"),
    [
        ("B", "SWE", "lg1"),
        ("B", "POL", "lg2"),
        ("B", "SOM", "lg3"),
        ("B", "XUK", "lg3"),
        ("B", "NOR", "ikke_innvandrer"),
        ("A", "NOR", "ikke_innvandrer"),
        ("C", "NOR", "ikke_innvandrer"),
        ("E", "SWE", "ikke_innvandrer"),
        ("G", "SOM", "ikke_innvandrer"),
    ],
)
def test_landgruppe(common: CommonTables, immigration: str, country: str, expected: str) -> None:
    assert list(landgruppe(pd.Series([immigration]), pd.Series([country]), common.landgruppe)) == [expected]


def test_education_groups() -> None:
    codes = {
        "001001": "ingen_uoppgitt",
        "999999": "ingen_uoppgitt",
        "100000": "grunnskole",
        "201101": "grunnskole",
        "301101": "vgs_studieforberedende",
        "401199": "vgs_studieforberedende",
        "312345": "vgs_yrkesfaglig",
        "487654": "vgs_yrkesfaglig",
        "399999": "vgs_annen",
        "499901": "vgs_annen",
        "551234": "vgs_annen",
        "601234": "hoyere_utdanning",
        "799999": "hoyere_utdanning",
        "812345": "hoyere_utdanning",
    }
    assert list(education_group(pd.Series(list(codes)))) == list(codes.values())


def test_age_groups(common: CommonTables) -> None:
    ages = np.array([16, 19, 20, 29, 30, 39, 40, 49, 50, 59, 60, 66])
    expected = [key for key in keys.AGE_GROUPS for _ in range(2)]
    assert list(age_group(ages, common.aldersgruppe)) == expected


def test_shards_and_order_do_not_matter(common: CommonTables) -> None:
    names = ["a", "b", "c"]
    persons = [person(name, sex=sex) for name, sex in zip(names, "121", strict=True)]
    panel = [row for n, name in enumerate(names) for row in panel_rows(name, {R - n: {"in_work": True}})]
    whole = describe_cohort(entries(*names), [shard(persons, panel)], common)
    parts = [shard(persons[::-1][:2], panel[::-1][:2]), shard(persons[:1], panel[:1])]
    for left, right in zip(whole, describe_cohort(entries(*names[::-1]), parts, common), strict=True):
        pd.testing.assert_frame_equal(left, right)


def test_a_shard_without_anyone_of_the_cohort(common: CommonTables) -> None:
    shards = [shard([person("p")]), shard([person("q")], panel_rows("q", {R: {"in_work": True}}))]
    characteristics, covariates = describe_cohort(entries("p"), shards, common)
    assert list(characteristics["person_id"]) == list(covariates["person_id"]) == ["p"]
    assert not table_faults(characteristics, schemas.CHARACTERISTICS)
