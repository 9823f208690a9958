from pathlib import Path

import pandas as pd
import pytest
import yaml

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.documents.calibration.choices import REASONS, Choices, load_choices
from tiltakseffekt.documents.calibration.comparison import (
    NOBODY,
    UNMEASURABLE,
    compare,
    printed_targets,
    read_published,
    reasons,
    summarise,
)
from tiltakseffekt.documents.calibration.documents import gather_documents
from tiltakseffekt.documents.calibration.permanent import measure_permanent
from tiltakseffekt.documents.schemas import CALIBRATION
from tiltakseffekt.stages.description.cells import CELL

CONFIG = Path(__file__).parents[3] / "config"
LABELS = pd.DataFrame({"label": ["A", "B", "C"], "key": ["a", "b", "c"]})


@pytest.fixture(scope="module")
def choices():
    return load_choices(CONFIG / "documents")


@pytest.fixture(scope="module")
def targets(choices):
    files = [CONFIG / "documents" / document / "numbers.csv" for document in choices.left_out]
    return printed_targets(*read_published(files, CONFIG / "codebook/labels.csv"))


@pytest.fixture(scope="module")
def measured(codebooks, described_nobody, permanent_tables, providers):
    """Numbers of every document, on registers of nobody."""
    diagnoses, units = codebooks["diagnose.csv"], codebooks["fylkesenhet.csv"]
    nobody = {name: table.iloc[:0] for name, table in permanent_tables.items()}
    sums = [measure_permanent(nobody, diagnoses, units)]
    return gather_documents(described_nobody, sums, 1, codebooks["labels.csv"], providers, units)


def printed(*rows):
    columns = ("row", "column", "value", "unit", "kind", "note")
    table = pd.DataFrame(rows, columns=columns).assign(exhibit="tabell", panel="", row_group="", line="1")
    return printed_targets({"document": table}, LABELS)


def values(**numbers):
    rows = [
        dict(zip(CELL, ("document", "tabell", "", "", *cell.split("_")), strict=True)) | {"value": number}
        for cell, number in numbers.items()
    ]
    return pd.DataFrame(rows).assign(count=9.0, base=20.0)


def no_choices(**left_out):
    rounding = {"in_words": {"percent": 5}}
    return Choices.model_validate({"rounding": rounding, "left_out": {"document": (left_out,) if left_out else ()}})


def test_every_printed_number_is_compared_or_left_out_with_one_reason(measured, targets, choices):
    cells = compare(measured, targets, choices)
    assert len(cells) == len(targets)
    assert set(cells["reason"]) <= {"", NOBODY, *REASONS}
    assert set(cells.loc[cells["reason"].isin(["", NOBODY]), "document"]) == {
        "vlt_rapport",
        "meld_st_33",
        "vta_kartlegging",
        "effektrapport_2024",
    }
    assert not table_faults(cells, CALIBRATION)


def test_what_is_left_out_is_not_measured_unless_it_is_contradicted(measured, targets, choices):
    reason = reasons(targets, choices)
    left_out = targets.assign(reason=reason)[(reason != "") & (reason != "contradicted")]
    found = left_out.merge(measured[list(CELL)], on=list(CELL))
    assert found[list(CELL)].drop_duplicates().empty


def test_all_exhibits_about_the_registers_are_compared(measured, targets, choices):
    compared = compare(measured, targets, choices).query("reason in ['', 'nobody']")["exhibit"].unique()
    wanted = [f"tabell-4-{n}" for n in range(2, 9)] + [f"tabell-b-{n}" for n in range(1, 9)]
    wanted += ["tabell-6-1", "tabell-6-2", "tabell-6-3", "tabell-6-6", "tabell-7-2", "tabell-7-4"]
    wanted += [f"figur-5-{n}" for n in range(1, 8)] + ["figur-1-1", "figur-b-1", "figur-b-2"]
    wanted += [f"figur-4-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 9, 10)]
    assert set(wanted) <= set(compared)


@pytest.mark.parametrize(
    ("note", "value", "difference"),
    [
        ("", 12.0, 2.0),
        ("about; words", 12.0, 2.0),
        ("at_least", 12.0, 0.0),
        ("over", 7.0, -3.0),
        ("under", 12.0, 2.0),
        ("range_high", 7.0, 0.0),
    ],
)
def test_a_bound_counts_only_what_lies_beyond_it(note, value, difference):
    cells = compare(values(a_b_percent=value), printed(("A", "B", "10", "percent", "table", note)), no_choices())
    assert cells["difference"].item() == difference


def test_differences_are_also_told_in_units_of_rounding():
    rows = printed(("A", "B", "10.0", "percent", "table", ""), ("C", "B", "70", "percent", "prose", "nearly"))
    cells = compare(values(a_b_percent=10.3, c_b_percent=60.0), rows, no_choices())
    assert cells["difference_in_steps"].tolist() == pytest.approx([3, -2])


def test_a_number_that_is_neither_measured_nor_left_out_stops_the_comparison():
    rows = printed(("A", "B", "10", "percent", "table", ""))
    with pytest.raises(FaultsFound, match="neither measured nor left out"):
        compare(values(c_b_percent=1.0), rows, no_choices())


def test_a_number_that_takes_a_table_the_registers_lack_is_not_measurable():
    rows = printed(("A", "B", "10", "percent", "table", ""), ("C", "B", "10", "percent", "table", ""))
    cells = compare(values(c_b_percent=1.0), rows, no_choices(), incomplete=["document"])
    assert cells["reason"].tolist() == [UNMEASURABLE, ""]
    assert cells.loc[0, ["printed", "ours", "count"]].isna().all()
    assert summarise(cells)["left_out"].item() == 1


def test_an_entry_that_matches_nothing_is_named():
    rows = printed(("A", "B", "10", "percent", "table", ""))
    with pytest.raises(FaultsFound, match="matches nothing"):
        reasons(rows, no_choices(cells={"row": "x*"}, reason="rule"))


def test_a_contradicted_number_says_what_is_kept(tmp_path):
    entries = [{"cells": {"rwo": "x"}, "reason": "rule"}, {"cells": {}, "reason": "contradicted"}]
    (tmp_path / "one").mkdir()
    (tmp_path / "one/choices.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")
    common = {"documents": ["one"], "rounding": {"in_words": {}}}
    (tmp_path / "compared.yaml").write_text(yaml.safe_dump(common), encoding="utf-8")
    with pytest.raises(FaultsFound) as caught:
        load_choices(tmp_path)
    assert "no such column" in str(caught.value)
    assert "kept is for contradicted numbers" in str(caught.value)


def test_the_summary_adds_up():
    rows = printed(
        ("A", "B", "10", "percent", "table", ""),
        ("C", "B", "10", "percent", "table", ""),
        ("A", "B", "100", "persons", "table", ""),
    )
    measured = values(a_b_percent=10.5, c_b_percent=14.0, a_b_persons=104.0)
    summary = summarise(compare(measured, rows, no_choices())).iloc[0]
    assert summary["printed"] == summary["compared"] + summary["too_few"] + summary["left_out"] == 3
    assert summary["median_points"] == pytest.approx(2.25)
    assert (summary["within_1"], summary["within_3"], summary["within_5_per_cent"]) == (50, 50, 100)
