"""The registers in brief, on made-up persons counted by hand."""

import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.tables import table_faults, write_table
from tiltakseffekt.stages.clean.tables import Resources
from tiltakseffekt.stages.cohorts import schemas
from tiltakseffekt.stages.cohorts.description import TILTAK_COLUMNS, Shard, describe_registrations
from tiltakseffekt.stages.cohorts.registration import Period

FIRST, LAST = parse_month("2010-01"), parse_month("2022-12")
PERIOD = Period(parse_month("2016-01"), parse_month("2020-12"), 24)
#: January 2018.
R = 216
STANDARD, SITUATION, OTHER = "standard", "situasjonsbestemt", "annen_gruppe"
SCHEMAS = (schemas.NAV_MONTHS, schemas.NAV_PATHS, schemas.WAGE_CLASSES, schemas.MEASURE_SURVIVAL)


def stay(person, first, last, group=STANDARD):
    return [(person, month, group) for month in range(first, last + 1)]


@pytest.fixture
def describe(tmp_path):
    """Return a function that writes shards of (status, tiltak, panel) rows and describes them."""

    def run(*shards, period=PERIOD):
        paths = []
        for number, (status, tiltak, panel) in enumerate(shards):
            shard = Shard(*(tmp_path / f"{name}-{number}.parquet" for name in Shard._fields))
            frame = pd.DataFrame(status, columns=["person_id", "month", "nav_group"]).assign(kvalifiseringsgruppe="X")
            frame.astype({"person_id": "str", "month": "int32", "nav_group": "str"}).to_parquet(shard.nav_status)
            frame = pd.DataFrame(tiltak, columns=list(TILTAK_COLUMNS))
            types = {"person_id": "str", "measure": "str", "start_month": "int32", "stop_month": "Int32"}
            frame.astype(types | {"main_measure": bool}).to_parquet(shard.tiltak)
            frame = pd.DataFrame(panel, columns=["person_id", "month", "in_work", "wage"])
            frame.astype({"person_id": "str", "month": "int32", "in_work": bool, "wage": "int64"}).to_parquet(
                shard.panel
            )
            paths.append(shard)
        resources = Resources("200MB", 1, tmp_path / "work")
        tables = describe_registrations(paths, period, FIRST, LAST, 0.95, resources, ARMS)
        for schema in SCHEMAS:
            assert table_faults(tables[schema.name], schema) == []
            write_table(tables[schema.name], tmp_path / "table.parquet", schema)
        return tables

    return run


def test_stocks_and_new_registrations_count_every_month(describe):
    months = describe((stay("a", R, R + 1) + stay("b", R + 1, R + 1) + stay("b", R + 26, R + 26), [], []))["nav_months"]
    assert months.to_dict("split")["data"] == [
        [R, STANDARD, 1, 1],
        [R + 1, STANDARD, 2, 1],
        [R + 26, STANDARD, 1, 1],
    ]


@pytest.mark.parametrize(("earlier", "new"), [(R - 24, 0), (R - 25, 1)])
def test_a_registration_is_new_after_24_months_without_any(describe, earlier, new):
    status = [("a", earlier, OTHER), ("a", R, STANDARD)]
    tables = describe((status, [], []))
    assert tables["nav_months"].set_index("month").loc[R, "n_new"] == new
    assert tables["nav_paths"].query("m0 == 'standard'")["n"].sum() == new


def test_only_the_first_new_registration_of_2016_to_2020_is_followed(describe):
    early, late = parse_month("2015-12"), parse_month("2021-01")
    status = [("a", early, STANDARD), ("b", late, STANDARD), ("c", early, OTHER), ("c", early + 30, STANDARD)]
    status += [("d", early + 1, SITUATION), ("d", late - 1, STANDARD)]
    paths = describe((status, [], []))["nav_paths"]
    assert dict(zip(paths["m0"], paths["n"], strict=True)) == {SITUATION: 1, STANDARD: 1}


@pytest.mark.parametrize(("gap", "new"), [(12, 0), (13, 1)])
def test_the_period_and_the_months_without_registration_are_those_asked_for(describe, gap, new):
    """Another window: 2018 alone, after twelve months without; wages, durations and seasons follow it too."""
    window = Period(R, R + 11, 12)
    status = [("a", R + 5 - gap, OTHER), ("a", R + 5, STANDARD), ("b", R - 1, STANDARD), ("c", R + 12, STANDARD)]
    tiltak = [(person, "amo", R + 12, R + 13, True) for person in "abc"]
    panel = [(person, R + 5, True, 20_000) for person in "abc"]
    tables = describe((status, tiltak, panel), period=window)
    assert tables["nav_paths"]["n"].sum() == new
    assert tables["wage_classes"]["n"].sum() == new
    assert tables["measure_survival"]["at_risk"].head(1).sum() == new
    assert tables["nav_months"].set_index(["month", "nav_group"])["n_new"][R + 5, STANDARD] == new


def test_paths_note_the_group_every_half_year_and_sum_to_all_persons(describe):
    status = stay("a", R, R + 5) + stay("a", R + 6, R + 12, SITUATION) + stay("a", R + 18, R + 18, OTHER)
    status += stay("b", R, R + 5) + stay("c", R, R + 5)
    paths = describe((status, [], []))["nav_paths"]
    assert paths["n"].sum() == 3
    assert paths.set_index(["m0", "m6", "m12", "m18"])["n"].to_dict() == {
        (STANDARD, SITUATION, SITUATION, OTHER): 1,
        (STANDARD, "ikke_registrert", "ikke_registrert", "ikke_registrert"): 2,
    }


def test_wages_of_those_in_work_fall_in_classes(describe):
    panel = [("a", R, True, 34_999), ("b", R, True, 30_000), ("c", R, False, 31_000), ("a", R + 24, True, 250_000)]
    panel += [("b", R - 12, True, 9_500), ("b", R - 11, True, 9_500), ("z", R, True, 30_000)]
    wages = describe((stay("a", R, R) + stay("b", R, R, OTHER) + stay("c", R, R), [], panel))["wage_classes"]
    assert wages.set_index(["first_group", "month_since_registration", "wage_from"])["n"].to_dict() == {
        (OTHER, -12, 5_000): 1,
        (OTHER, 0, 30_000): 1,
        (STANDARD, 0, 30_000): 1,
        (STANDARD, 24, 90_000): 1,
    }


def test_first_measures_end_or_are_censored_where_the_data_end(describe):
    late = parse_month("2020-12")
    status = [
        row
        for person, month in (("a", R), ("b", R), ("c", late), ("d", late), ("e", R))
        for row in stay(person, month, month)
    ]
    tiltak = [
        ("a", "amo", R, R + 2, True),
        ("a", "aft", R + 9, R + 9, True),
        ("b", "amo", R + 1, R + 1, True),
        ("b", "amo", R + 2, R + 3, True),
        ("c", "amo", LAST - 3, None, True),
        ("d", "vta", LAST - 1, LAST + 5, True),
        ("e", "amo", R + 24, R + 30, True),
    ]
    survival = describe((status, tiltak, []))["measure_survival"].set_index(["measure", "month"])
    assert survival.loc["amo", "at_risk"].tolist() == [3, 3, 3, 1]
    assert survival.loc["amo", "ended"].tolist() == [0, 0, 2, 0]
    assert survival.loc["amo", "censored"].tolist() == [0, 0, 0, 1]
    assert survival.loc["annet", "censored"].tolist() == [0, 1]
    assert "aft" not in survival.index


def test_shards_are_summed_and_an_empty_one_adds_nothing(describe):
    one = (stay("a", R, R + 7), [("a", "amo", R, R, True)], [("a", R, True, 20_000)])
    other = (stay("b", R, R + 7), [("b", "amo", R, None, True)], [("b", R, True, 20_000)])
    together = tuple(x + y for x, y in zip(one, other, strict=True))
    apart, whole = describe(one, ([], [], []), other), describe(together)
    for name, table in whole.items():
        pd.testing.assert_frame_equal(apart[name].reset_index(drop=True), table.reset_index(drop=True))


def test_registers_without_anybody_give_empty_tables(describe):
    assert all(table.empty for table in describe(([], [], [])).values())
