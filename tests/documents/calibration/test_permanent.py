"""Permanent measures are measured as the documents define them, on made-up persons, and shards add up."""

import pandas as pd
import pytest

from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.months import month
from tiltakseffekt.documents.calibration.histories import first_and_last, histories
from tiltakseffekt.documents.calibration.permanent import (
    COLUMNS,
    gather_permanent,
    incomplete_documents,
    measure_permanent,
    read_permanent,
)
from tiltakseffekt.documents.calibration.sheltered_work import measure_providers
from tiltakseffekt.documents.calibration.sums import added, distribution, keyed, quantile, survival


@pytest.fixture(scope="module")
def config(pytestconfig):
    return pytestconfig.rootpath / "config"


@pytest.fixture(scope="module")
def books(config):
    return read_codebooks((config / "codebook").glob("*.csv"))


@pytest.fixture(scope="module")
def values(permanent_tables, providers, books):
    part = measure_permanent(permanent_tables, books["diagnose.csv"], books["fylkesenhet.csv"])
    return gather_permanent([part], 1.0, books["labels.csv"], providers, books["fylkesenhet.csv"])


def value(values, exhibit, row, column, unit=None):
    found = values.loc[(values["exhibit"] == exhibit) & (values["row"] == row) & (values["column"] == column)]
    found = found if unit is None else found.loc[found["unit"] == unit]
    assert len(found) == 1, found
    return found["value"].iloc[0]


@pytest.mark.parametrize(
    ("exhibit", "row", "column", "unit", "expected"),
    [
        ("text", "alle_vlt_deltakere", "y2016_2023", None, 1),
        ("tabell-3-2", "antall_vlt_inkl_tult", "y2020", None, 1),
        ("tabell-3-1", "varig_lonnstilskudd", "y2020", None, 0.24),
        ("tabell-5-3", "midl_lonnstilskudd", "n1_maned_for", None, 100),
        ("tabell-5-3", "midl_lonnstilskudd", "n6_maneder_for", None, 100),
        ("tabell-5-4", "ingen_ytelse", "n1_maned_for", None, 100),
        ("figur-5-9", "n12_maneder_eller_mindre", "andel", None, 100),
        ("figur-5-9", "vanligste_varighet", "maneder", None, 8),
        ("figur-5-10", "fastholdelse_av_stilling", "y2016_2023", None, 100),
        ("figur-5-10", "fastholdelse_av_stilling_etter_12_maneders_sykmelding", "y2016_2023", None, 100),
        ("figur-5-12", "alle", "gjennomsnittlig_sats", None, 50),
        ("figur-5-12", "alle", "median_sats", None, 50),
        ("tabell-5-6", "mentor", "andel_av_vlt_deltakerne", None, 100),
        ("tabell-5-7", "lik_37_5_timer", "gjennomsnittlig_lonnsutgift", None, 40_000),
        ("figur-5-15", "sensurerte", "desember_2023", None, 100),
        ("figur-9", "vta_s__til__vta_o", "y2007_2020", None, 1),
        ("figur-9", "beholdning_vta_o", "januar_2021", None, 1),
        ("tabell-4", "vta_o", "alder_25_29", None, 100 * 5 / 12),  # 29 years old until May 2020
        ("tabell-5", "psykisk_utviklingshemming", "antall", None, 1),
        ("text", "vta", "deltakere_2023", None, 1),
    ],
)
def test_cells_of_made_up_persons(values, exhibit, row, column, unit, expected):
    assert value(values, exhibit, row, column, unit) == pytest.approx(expected)


def test_every_cell_is_printed(values, books, config):
    key_of = dict(zip(books["labels.csv"]["label"], books["labels.csv"]["key"], strict=True)) | {"": ""}
    for document in ("vlt_rapport", "meld_st_33", "vta_kartlegging"):
        printed = pd.read_csv(config / "documents" / document / "numbers.csv", dtype="str", keep_default_na=False)
        names = ["row_group", "row", "column"]
        known = set(
            zip(printed["exhibit"], *(printed[name].map(key_of) for name in names), printed["unit"], strict=True)
        )
        mine = values.loc[values["document"] == document]
        unknown = set(zip(mine["exhibit"], *(mine[name] for name in names), mine["unit"], strict=True)) - known
        assert not unknown


def test_shards_add_up(permanent_tables, providers, books, values):
    def of(*persons):
        return {
            name: table if name == "nav_office" else table.loc[table["person_id"].isin(persons)]
            for name, table in permanent_tables.items()
        }

    parts = [measure_permanent(of(*some), books["diagnose.csv"], books["fylkesenhet.csv"]) for some in ("a", "bc")]
    together = gather_permanent(parts, 1.0, books["labels.csv"], providers, books["fylkesenhet.csv"])
    keys = ["document", "exhibit", "row_group", "row", "column", "unit"]
    pd.testing.assert_frame_equal(
        together.sort_values(keys, ignore_index=True), values.sort_values(keys, ignore_index=True)
    )


def test_units_of_histories(permanent_tables):
    had = histories(permanent_tables, ("oslo", "agder"))
    assert had.ids.tolist() == ["a", "b"]
    assert had.unit[:, month(2019, 1)].tolist() == [0, 1]
    person, first, last = first_and_last(had.on["VARLONTIL"])
    assert (person.tolist(), first.tolist(), last.tolist()) == ([0], [month(2019, 1)], [month(2023, 12)])


def test_providers(providers):
    found = measure_providers(providers, {"oslo": "Oslo", "agder": "Agder"})
    cells = found.set_index(["exhibit", "row"])["numerator"]
    assert cells["tabell-1", "Median"] == 10
    assert cells["tabell-u2", "Agder"] == 2


def test_a_curve_is_the_product_of_staying():
    sums = pd.DataFrame(
        {
            "exhibit": "x",
            "row": "exits",
            "column": ["0", "1", "2"],
            "unit": "histogram",
            "numerator": [0.0, 1.0, 1.0],
            "denominator": [4.0, 4.0, 2.0],
            "count": [0.0, 1.0, 1.0],
        }
    )
    assert survival(distribution(sums, "x", "exits")).tolist() == [1, 0.75, 0.375]
    assert quantile(distribution(sums, "x", "exits"), 0.5) == 1


def test_words_without_a_key_are_refused(books):
    frame = pd.DataFrame({"panel": [""], "row_group": [""], "row": ["Ukjente ord"], "column": [""]})
    with pytest.raises(FaultsFound, match="no key"):
        keyed(frame, books["labels.csv"])


def test_sums_of_nobody_are_empty(permanent_tables, books):
    empty = {name: table if name == "nav_office" else table.iloc[:0] for name, table in permanent_tables.items()}
    part = measure_permanent(empty, books["diagnose.csv"], books["fylkesenhet.csv"])
    assert added([part])["numerator"].sum() == 0


def test_every_cell_that_is_read_from_distributions_names_the_persons_behind_it(values):
    assert values["count"].notna().all()
    assert value(values, "figur-5-12", "alle", "hoyeste_sats") == 50
    highest = values.loc[(values["exhibit"] == "figur-5-12") & (values["column"] == "hoyeste_sats")]
    assert highest["count"].item() == 1  # eleven months of one person


def test_registers_without_optional_tables_are_measured_as_far_as_they_go(permanent_tables, books):
    def documents(*without):
        given = {name: table for name, table in permanent_tables.items() if name not in without}
        part = measure_permanent(given, books["diagnose.csv"], books["fylkesenhet.csv"])
        return set(gather_permanent([part], 1.0, books["labels.csv"])["document"])

    assert documents("wage_subsidy") == {"meld_st_33", "vta_kartlegging"}
    assert documents("vta_place") == {"vlt_rapport", "meld_st_33"}
    assert documents("diagnosis") == documents("wage_subsidy", "vta_place") == set()


def test_documents_of_which_optional_tables_are_missing():
    assert incomplete_documents([*COLUMNS, "vta_provider"]) == frozenset()
    assert incomplete_documents(COLUMNS) == {"vta_kartlegging"}
    assert incomplete_documents(["person"]) == {"vlt_rapport", "meld_st_33", "vta_kartlegging"}


def test_files_give_only_those_who_ever_had_a_permanent_measure(permanent_tables, books, tmp_path):
    paths = {name: tmp_path / f"{name}.parquet" for name in permanent_tables}
    for name, table in permanent_tables.items():
        table.to_parquet(paths[name])
    read = read_permanent(paths)
    assert set(read["employment"]["person_id"]) == {"a"}
    found, wanted = (
        measure_permanent(tables, books["diagnose.csv"], books["fylkesenhet.csv"])
        for tables in (read, permanent_tables)
    )
    pd.testing.assert_frame_equal(found, wanted)
