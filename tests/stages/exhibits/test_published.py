"""Printed numbers beside ours: which cells meet, how they are compared, and what is left out and why."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.documents.exhibits.published import (
    BASED,
    COMPARED,
    compare_cells,
    compared_exhibits,
    publisert,
)
from tiltakseffekt.documents.printed import printed_step, word_key
from tiltakseffekt.stages.exhibits.tidy import read_tidy, tidy, write_tidy
from tiltakseffekt.stages.export.settings import DisclosureSettings

CONFIG = Path(__file__).parents[3] / "config"
LABELS = pd.DataFrame(
    {
        "AFT": "aft",
        "AMO": "amo",
        "Standardinnsats": "standard",
        "0-2 måneder": "m0_2",
        "N": "n",
        "Måned 1-12": "maned_1_12",
        "Samlet netto nytte": "samlet_netto_nytte",
        "estimat": "estimat",
        "standardfeil": "standardfeil",
        "stjerner": "stjerner",
        "Mann": "mann",
        "Kjønn": "gruppe_kjonn",
    }.items(),
    columns=["label", "key"],
)

#: Every cell counts, as it is.
EXACT = DisclosureSettings(threshold=1, round_counts=1)
USUAL = DisclosureSettings(threshold=5, round_counts=10)


def printed(*cells):
    """Printed numbers: exhibit, panel, row, row_group, column, value, unit, kind."""
    names = ["exhibit", "panel", "row", "row_group", "column", "value", "unit", "kind"]
    return pd.DataFrame(cells, columns=names).assign(line="1", note="")


def summary(exhibits, published, settings):
    given = {name.replace("-", "_"): exhibits.get(name, tidy([])) for name in COMPARED}
    limits = {name: getattr(settings, name) for name in ("threshold", "round_counts", "zeros")}
    return publisert(published, LABELS, **limits, **given)


def only(cells):
    assert len(cells) == 1
    return cells.iloc[0]


@pytest.mark.parametrize(
    ("values", "step"),
    [
        (["16.7", "6"], 0.1),
        (["73.10", "26.90"], 0.01),
        (["-239000", "16000"], 1000),
        (["100", "0"], 100),
        (["0"], 1),
        (["11", "27", "10"], 1),
    ],
)
def test_the_step_of_rounding_is_read_off_the_numbers(values, step):
    assert printed_step(values) == pytest.approx(step)


def test_words_become_keys():
    assert word_key("Ubetydelig/ingen") == "ubetydelig_ingen"


def test_a_cell_is_compared_with_its_standard_error():
    published = printed(("figur-6-3", "", "AFT", "", "Måned 1-12", "50000", "nok_2022", "prose"))
    ours = tidy([{"row": "aft", "column": "maned_1_12", "value": 47_000, "se": 2_000, "unit": "nok_2022"}])
    cell = only(compare_cells({"figur-6-3": ours}, published, LABELS, EXACT))
    assert (cell["difference"], cell["difference_in_se"], cell["step"]) == (-3000, -1.5, 10_000)
    assert (cell["verdict"], cell["reason"]) == ("innen_avrunding", "")


def test_persons_are_compared_as_shares_of_their_column():
    published = printed(
        ("tabell-6-3", "", "AFT", "", "Standardinnsats", "100", "persons", "table"),
        ("tabell-6-3", "", "AMO", "", "Standardinnsats", "300", "persons", "table"),
    )
    ours = tidy(
        [
            {"row": "aft", "column": "standard", "value": 6, "unit": "persons", "total": False},
            {"row": "amo", "column": "standard", "value": 14, "unit": "persons", "total": False},
            {"row": "total", "column": "standard", "value": 20, "unit": "persons", "total": True},
        ]
    )
    cells = compare_cells({"tabell-6-3": ours}, published, LABELS, EXACT)
    assert cells["printed"].tolist() == [25, 75]
    assert cells["ours"].tolist() == [30, 70]
    assert cells[["printed_unit", "unit"]].drop_duplicates().to_numpy().tolist() == [["persons", "percent"]]
    assert cells["step"].isna().all()
    assert cells["verdict"].tolist() == ["avvik_utover"] * 2


def test_sizes_errors_and_stars_are_left_out_with_their_reason():
    published = printed(
        ("tabell-6-1", "", "N", "", "Standardinnsats", "15037", "persons", "table"),
        ("tabell-6-7", "standardfeil", "Mann", "Kjønn", "AFT", "0.39", "standard_error", "table"),
        ("tabell-6-7", "stjerner", "Mann", "Kjønn", "AFT", "2", "stars", "table"),
        ("tabell-6-7", "estimat", "Mann", "Kjønn", "AFT", "-1.13", "months_per_year", "table"),
        ("tabell-6-1", "", "0-2 måneder", "", "Standardinnsats", "16.7", "percent", "table"),
    )
    man = {"row_group": "gruppe_kjonn", "row": "mann", "column": "aft"}
    ours = {
        "tabell-6-1": tidy(
            [
                {"row": "n", "column": "standard", "value": 3000, "unit": "persons"},
                {"row": "m0_2", "column": "standard", "value": 0.17, "unit": "probability"},
            ]
        ),
        "tabell-6-7": tidy([{"panel": "estimat", **man, "unit": "months_per_year"}]),
    }
    cells = compare_cells(ours, published, LABELS, EXACT).set_index(["exhibit", "printed_unit"])["reason"]
    assert cells.to_dict() == {
        ("tabell-6-1", "persons"): "utelatt_skala",
        ("tabell-6-1", "percent"): "utelatt_uten_motstykke",
        ("tabell-6-7", "standard_error"): "utelatt_skala",
        ("tabell-6-7", "stars"): "utelatt_stjerner",
        ("tabell-6-7", "months_per_year"): "utelatt_uten_motstykke",
    }


def test_both_bases_of_the_cost_benefit_tables_are_compared():
    published = printed(("tabell-7-6", "", "Samlet netto nytte", "", "AFT", "Negativ", "text", "table"))
    ours = tidy(
        [
            {"panel": basis, "row": "samlet_netto_nytte", "column": "aft", "text": word, "unit": "text"}
            for basis, word in (("as_estimated", "positiv"), ("as_specified", "negativ"))
        ]
    )
    cells = compare_cells({"tabell-7-6": ours}, published, LABELS, EXACT)
    verdicts = [["as_estimated", "avvik_utover"], ["as_specified", "innen_avrunding"]]
    assert cells[["basis", "verdict"]].to_numpy().tolist() == verdicts


def test_a_label_without_key_is_a_fault():
    published = printed(("tabell-6-1", "", "4 måneder", "", "Standardinnsats", "1", "percent", "table"))
    with pytest.raises(FaultsFound, match=r"labels\.csv: row: a printed label has no key \(1\)"):
        compare_cells({}, published, LABELS, EXACT)


def test_the_summary_adds_up_and_takes_medians_within_a_unit(tmp_path):
    published = printed(
        ("tabell-6-1", "", "N", "", "Standardinnsats", "15037", "persons", "table"),
        ("tabell-6-1", "", "0-2 måneder", "", "Standardinnsats", "16.7", "percent", "table"),
        ("tabell-6-1", "", "0-2 måneder", "", "AFT", "10.0", "percent", "table"),
        ("tabell-6-1", "", "0-2 måneder", "", "AMO", "5.0", "percent", "table"),
    )
    ours = tidy(
        [
            {"row": "m0_2", "column": "standard", "value": 16.72, "unit": "percent"},
            {"row": "m0_2", "column": "aft", "value": 12.0, "unit": "percent"},
        ]
    )
    data = summary({"tabell-6-1": ours}, published, EXACT)
    write_tidy(data, tmp_path / "data.csv")
    pd.testing.assert_frame_equal(read_tidy(tmp_path / "data.csv"), data)
    amounts = data.pivot(index="row", columns="column", values="value")
    percent = amounts.loc["percent"]
    assert (percent["antall_trykte"], percent["antall_sammenlignet"], percent["utelatt_uten_motstykke"]) == (3, 2, 1)
    assert percent["median_absolutt_avvik"] == pytest.approx((0.02 + 2.0) / 2)
    assert percent["andel_innen_avrunding"] == 50
    left_out = ["utelatt_skala", "utelatt_stjerner", "utelatt_uten_motstykke"]
    assert (amounts["antall_trykte"] == amounts["antall_sammenlignet"] + amounts[left_out].sum(axis=1)).all()


def test_the_printed_numbers_themselves_agree_wholly():
    """Our exhibits made of the printed numbers: every cell meets its counterpart, none differs."""
    read = {"dtype": "str", "keep_default_na": False}
    published = pd.read_csv(CONFIG / "documents/effektrapport_2024/numbers.csv", **read)
    labels = pd.read_csv(CONFIG / "codebook" / "labels.csv", **read)
    key = dict(zip(labels["label"], labels["key"], strict=True)) | {"": ""}
    tables = published[published["exhibit"].isin(COMPARED) & (published["kind"] == "table")]
    where = {name: tables[name].map(key) for name in ("panel", "row_group", "row", "column")}
    words = tables["unit"] == "text"
    ours = tables[["unit"]].assign(
        **where, value=pd.to_numeric(tables["value"].where(~words)), text=tables["value"].where(words, "").map(word_key)
    )
    exhibits = {}
    for name, cells in ours.groupby(tables["exhibit"]):
        bases = [cells.assign(panel=basis) for basis in ("as_estimated", "as_specified")]
        exhibits[name] = tidy(pd.concat(bases) if name in BASED else cells)
    cells = compare_cells(exhibits, published, labels, EXACT).query("kind == 'table'")
    compared = cells[cells["reason"] == ""]
    assert not (cells["reason"] == "utelatt_uten_motstykke").any()
    assert compared["difference"].abs().max() == pytest.approx(0, abs=1e-9)
    assert (compared.loc[compared["printed_unit"] == compared["unit"], "verdict"] == "innen_avrunding").all()
    assert set(compared["exhibit"]) == set(COMPARED) - {"figur-6-2", "figur-6-3"}


def test_cells_that_are_hidden_elsewhere_do_not_follow_from_shares_of_a_column():
    """The attack: shares with their persons exhaust the column but for one, who is in the rest."""
    rows = {"aft": 3, "amo": 57}
    published = printed(
        *(("tabell-6-3", "", row.upper(), "", "Standardinnsats", "30", "persons", "table") for row in rows)
    )
    ours = [
        {"row": row, "column": "standard", "value": n, "unit": "persons", "count": n}
        for row, n in {**rows, "avklaring": 40}.items()
    ]
    cells = compare_cells({"tabell-6-3": tidy(ours)}, published, LABELS, USUAL)
    assert cells["reason"].tolist() == ["utelatt_uten_motstykke", ""]
    assert cells["ours"].tolist()[1] == 60


@pytest.mark.parametrize(("zeros", "compared"), [("show", [False, True]), ("suppress", [False, False])])
def test_a_cell_that_the_exhibit_hides_as_a_zero_is_not_compared(zeros, compared):
    """The attack: of the cells that are compared few rest on few, so that one that is hidden holds everybody."""
    published = printed(
        *(("tabell-6-1", "", "0-2 måneder", "", column, "10", "percent", "table") for column in ("AFT", "AMO"))
    )
    ours = [
        {"row": "m0_2", "column": column, "value": share, "unit": "percent", "count": share, "base": 100}
        for column, share in (("aft", 0), ("amo", 100))
    ]
    settings = USUAL.model_copy(update={"zeros": zeros})
    cells = compare_cells({"tabell-6-1": tidy(ours)}, published, LABELS, settings)
    assert (cells["reason"] == "").tolist() == compared


def test_the_median_of_few_differences_is_left_out():
    published = printed(("figur-6-3", "", "AFT", "", "Måned 1-12", "50000", "nok_2022", "prose"))
    ours = tidy([{"row": "aft", "column": "maned_1_12", "value": 47_000, "se": 2_000, "unit": "nok_2022", "count": 60}])
    data = summary({"figur-6-3": ours}, published, USUAL)
    of = data.set_index("column")["value"]
    assert of["antall_sammenlignet"] == 1
    assert of[["median_absolutt_avvik", "andel_innen_avrunding", "median_avvik_i_standardfeil"]].isna().all()


def test_exhibits_come_by_keyword_and_leave_by_id_with_printed_keys():
    given = {name.replace("-", "_"): tidy([{"column": "effekt_pa_manedlig_lonn"}]) for name in COMPARED}
    exhibits = compared_exhibits(given)
    assert tuple(exhibits) == COMPARED
    assert exhibits["tabell-7-7"]["column"].tolist() == ["effekt_lonn_ar_2_7"]
    assert exhibits["tabell-7-8"]["column"].tolist() == ["effekt_pa_manedlig_lonn"]
