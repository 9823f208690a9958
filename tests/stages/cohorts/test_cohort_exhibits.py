"""Exhibits about the sample: shares by hand, keys as printed."""

from pathlib import Path

import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.stages.cohorts.covariates import DEFINITIONS
from tiltakseffekt.stages.exhibits.builders.cohorts import (
    NAV_HISTORY,
    aft_deltakere,
    aft_utvalget,
    analyseutvalget,
    frafall,
    innsatsgruppe_ved_oppstart,
    kovariater,
    nye_tiltak,
    oppstart_etter_periode,
    oppstart_forste_og_andre_ar,
)

#: person, first group, arm, group at start, first start within four years, followed, in the sample
COHORT = [
    ("a", "standard", "amo", "standard", 0, True, True),
    ("b", "standard", "amo", "situasjonsbestemt", 2, False, True),
    ("c", "standard", "aft", "spesielt_tilpasset", 11, False, True),
    ("d", "standard", "ikke_tiltak", None, 24, False, True),
    ("e", "situasjonsbestemt", "annet", None, 3, True, True),
    ("f", "situasjonsbestemt", "amo", "sykmeldt", 5, False, True),
    ("g", "situasjonsbestemt", "ikke_tiltak", None, None, False, True),
    ("h", "situasjonsbestemt", "ikke_tiltak", None, 12, False, False),
    ("i", "spesielt_tilpasset", "ikke_tiltak", None, 47, False, True),
]


@pytest.fixture(scope="module")
def entries() -> pd.DataFrame:
    columns = ["person_id", "first_group", "arm", "group_at_start", "later_start_offset", "followed_by_measure", "kept"]
    return pd.DataFrame(COHORT, columns=columns).astype({"later_start_offset": "Int64", "group_at_start": "str"})


@pytest.fixture(scope="module")
def sample(entries: pd.DataFrame) -> pd.DataFrame:
    return entries.loc[entries["kept"], ["person_id", "arm"]].sample(frac=1, random_state=1)


def cells(data: pd.DataFrame, what: str) -> dict[tuple[str, str], object]:
    return {key: value for key, value in data.set_index(["row", "column"])[what].items() if not pd.isna(value)}


def printed(exhibit: str, root: Path) -> set[tuple[str, str]]:
    """Keys of the cells that the seed printed, by way of the label codebook."""
    labels = pd.read_csv(root / "config/codebook/labels.csv", dtype="str", keep_default_na=False)
    by_label = {
        label: row.key for row in labels.itertuples() for label in [*filter(None, row.variants.split("|")), row.label]
    }
    by_label |= dict(zip(labels["label"], labels["key"], strict=True))
    cells = pd.read_csv(root / "config/documents/effektrapport_2024/numbers.csv", dtype="str", keep_default_na=False)
    mine = cells[(cells["exhibit"] == exhibit) & (cells["kind"] == "table")]
    return {(by_label[row], by_label[column]) for row, column in zip(mine["row"], mine["column"], strict=True)}


def test_every_printed_cell_has_its_twin(
    sample: pd.DataFrame, entries: pd.DataFrame, pytestconfig: pytest.Config
) -> None:
    built = {
        "tabell-6-1": oppstart_etter_periode(sample, entries),
        "tabell-6-2": innsatsgruppe_ved_oppstart(sample, entries),
        "tabell-6-3": analyseutvalget(sample, entries, arms=ARMS),
        "tabell-b-3": nye_tiltak(sample, entries, arms=ARMS),
    }
    for exhibit, data in built.items():
        keys_built = list(zip(data["row"], data["column"], strict=True))
        assert len(keys_built) == len(set(keys_built))
        assert set(keys_built) == printed(exhibit, pytestconfig.rootpath)
    definitions = kovariater()
    assert printed("tabell-6-4", pytestconfig.rootpath) <= set(
        zip(definitions["row"], definitions["column"], strict=True)
    )


def test_starts_by_year(pytestconfig: pytest.Config) -> None:
    offsets = {"amo": [0, 11, 12, 23], "aft": [12], "ikke_tiltak": [None]}
    rows = [(arm, offset) for arm, of_arm in offsets.items() for offset in of_arm]
    table = pd.DataFrame(rows, columns=["arm", "start_offset"]).astype({"start_offset": "Int64"})
    data = oppstart_forste_og_andre_ar(table, arms=ARMS)
    found = cells(data, "value")
    assert set(found) == printed("tabell-6-6", pytestconfig.rootpath)
    assert {key: value for key, value in found.items() if value} == {
        ("amo", "m0_11"): 2,
        ("amo", "m12_23"): 2,
        ("aft", "m12_23"): 1,
    }


def test_arms_of_a_sample_with_one_group(sample: pd.DataFrame, pytestconfig: pytest.Config) -> None:
    data = cells(aft_utvalget(sample, arms=ARMS), "value")
    assert set(data) == printed("tabell-b-7", pytestconfig.rootpath)
    assert data["amo", "spesielt_tilpasset"] == (sample["arm"] == "amo").sum()


def test_characteristics_of_those_on_aft(pytestconfig: pytest.Config) -> None:
    persons = pd.DataFrame({"person_id": list("abcd"), "arm": ["aft", "aft", "aft", "amo"]})
    traits = persons[["person_id"]].assign(
        innsatsgruppe=["standard", "spesielt_tilpasset", "spesielt_tilpasset", "standard"],
        sex=["mann", "mann", "kvinne", "kvinne"],
        age_group="alder_20_29",
        landgruppe="lg3",
        education="grunnskole",
        ledighetskategori="i_arbeid",
    )
    months = persons[["person_id"]].assign(**{name: [0.0, 3.0, 6.0, 60.0] for name in NAV_HISTORY.values()})
    columns = ("hoved_2_ar", "hoved_1_ar", "alternativ_nedsatt_1_ar")
    given = {
        f"{column}{suffix}": table
        for column in columns
        for suffix, table in (("", persons), ("_characteristics", traits), ("_covariates", months))
    }
    data = aft_deltakere(**given)
    values = cells(data, "value")
    assert set(values) == printed("tabell-b-8", pytestconfig.rootpath)
    assert values["n", "hoved_2_ar"] == 3
    assert values["mann", "hoved_1_ar"] == pytest.approx(200 / 3)
    assert values["antall_maneder_pa_arbeidsmarkedstiltak", "hoved_2_ar"] == 3


def test_numbers_of_categories_are_those_printed(pytestconfig: pytest.Config) -> None:
    published = pd.read_csv(pytestconfig.rootpath / "config/documents/effektrapport_2024/numbers.csv")
    there = published.loc[published["exhibit"] == "tabell-6-4", "value"].astype(float)
    mine = kovariater().query("column == 'antall_kategorier' and row != 'gruppe_innsats'")["value"]
    assert sorted(mine) == sorted(there)


def test_when_measures_start(sample: pd.DataFrame, entries: pd.DataFrame) -> None:
    data = oppstart_etter_periode(sample, entries)
    counts = cells(data, "count")
    nonzero = {key for key, count in counts.items() if count}
    assert nonzero == {
        ("m0_2", "standard"),
        ("m9_11", "standard"),
        ("m24_47", "standard"),
        ("n", "standard"),
        ("m3_5", "situasjonsbestemt"),
        ("begynner_ikke_pa_tiltak", "situasjonsbestemt"),
        ("n", "situasjonsbestemt"),
        ("m24_47", "spesielt_tilpasset"),
        ("n", "spesielt_tilpasset"),
    }
    values = cells(data, "value")
    assert values["m0_2", "standard"] == 50
    assert values["m3_5", "situasjonsbestemt"] == pytest.approx(200 / 3)
    assert values["n", "situasjonsbestemt"] == counts["n", "situasjonsbestemt"] == 3
    shares = data[data["unit"] == "percent"]
    assert shares.groupby("column")["value"].sum().round(9).eq(100).all()
    assert shares["base"].notna().all()


def test_group_at_start_of_the_treated(sample: pd.DataFrame, entries: pd.DataFrame) -> None:
    values = cells(innsatsgruppe_ved_oppstart(sample, entries), "value")
    for group in keys.ENTRY_GROUPS:
        assert values[group, "standard"] == pytest.approx(100 / 3)
    assert values["annen_gruppe", "situasjonsbestemt"] == 100
    assert (values["n", "standard"], values["n", "situasjonsbestemt"], values["n", "spesielt_tilpasset"]) == (3, 2, 0)
    assert ("annen_gruppe", "spesielt_tilpasset") not in values


def test_persons_by_arm(sample: pd.DataFrame, entries: pd.DataFrame) -> None:
    counts = cells(analyseutvalget(sample, entries, arms=ARMS), "count")
    assert sum(counts.values()) == len(sample)
    assert (counts["amo", "standard"], counts["ikke_tiltak", "situasjonsbestemt"]) == (2, 1)


def test_followed_by_another_measure(sample: pd.DataFrame, entries: pd.DataFrame) -> None:
    data = nye_tiltak(sample, entries, arms=ARMS)
    values = cells(data, "value")
    assert values["amo", "etterfolgende_tiltak"] == pytest.approx(100 / 3)
    assert (values["total", "alene"], values["total", "etterfolgende_tiltak"]) == (60, 40)
    assert data.loc[data["row"] == "total", "total"].all()
    assert set(data.loc[data["row"] == "total", "base"]) == {5}


def test_definitions_sum_to_their_columns() -> None:
    columns = kovariater().query("column == 'antall_kolonner'").set_index("row")["value"]
    assert columns["total"] == columns.drop("total").sum() == 51
    assert len(columns) == len(DEFINITIONS) + 1


def test_attrition_ends_at_the_sample(sample: pd.DataFrame, entries: pd.DataFrame) -> None:
    attrition = pd.DataFrame(
        {"step": [0, 1], "rule": ["befolkning", "standard_byttet"], "left_out": [0, 3], "remaining": [12, 9]}
    )
    counts = cells(frafall(attrition, sample, entries), "count")
    assert [counts[rule, "utelatt"] for rule in ("befolkning", "standard_byttet")] == [0, 3]
    assert counts["registrert_ved_pseudo_oppstart", "utelatt"] == 1
    assert counts["registrert_ved_pseudo_oppstart", "gjenstar"] == len(sample) == 8
