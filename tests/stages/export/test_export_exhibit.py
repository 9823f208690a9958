from pathlib import Path

import pytest

from tiltakseffekt.config.evaluations import all_exhibits, all_labels
from tiltakseffekt.core.errors import ConfigurationError
from tiltakseffekt.core.files import read_json, sha256
from tiltakseffekt.stages.exhibits.catalogue import DRAWINGS
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.exhibits.labels import compose_text
from tiltakseffekt.stages.exhibits.tidy import read_tidy, tidy
from tiltakseffekt.stages.exhibits.words import select_labels
from tiltakseffekt.stages.export.exhibit import export_exhibit
from tiltakseffekt.stages.export.review import check_reviewed, review_settled
from tiltakseffekt.stages.export.settings import DisclosureSettings

CONFIG = Path(__file__).resolve().parents[3] / "config"
EXHIBITS = all_exhibits(CONFIG / "evaluations")
CATALOGUE = {entry.id: entry for entry in EXHIBITS.values()}
EVALUATION_OF = {entry.id: name.partition("/")[0] for name, entry in EXHIBITS.items()}
FIVE = DisclosureSettings(threshold=5)


def words(exhibit):
    labels = select_labels(all_labels(CONFIG, "nb")[EVALUATION_OF[exhibit]], CATALOGUE[exhibit])
    return compose_text(CATALOGUE[exhibit], labels, dict.fromkeys(CATALOGUE[exhibit].facts, 1), "synthetic")


def export(data, exhibit, folder, reviewed=True):
    export_exhibit(tidy(data), CATALOGUE[exhibit], words(exhibit), FIVE, folder, reviewed)
    return read_json(folder / "status.json")


def sample(*counts):
    arms = ("ikke_tiltak", "aft", "amo", "arbeidstrening", "avklaring", "jobbklubb")
    columns = ("standard", "situasjonsbestemt", "spesielt_tilpasset")
    return [
        {"row": row, "column": column, "value": float(count), "unit": "persons", "count": count}
        for row, count in zip(arms, counts, strict=True)
        for column in columns
    ]


def test_an_exhibit_leaves_with_its_status_and_hashes(tmp_path):
    status = export(sample(400, 30, 31, 32, 33, 34), "analyseutvalget", tmp_path)
    assert status["status"] == "pass"
    assert status["suppressed"] == {"primary": 0, "secondary": 0}
    assert status["threshold"] == 5
    assert set(status["files"]) == {"data.csv", "note.md", "table.html", "table.md"}
    assert all(sha256(tmp_path / name) == digest for name, digest in status["files"].items())


@pytest.mark.parametrize(
    ("exhibit", "cells"),
    [
        ("analyseutvalget", sample(400, 30, 31, 32, 33, 34)),
        (
            "figur-lalonde",
            [{"row": "eksperiment", "column": "lonn_1978", "value": 1.0, "unit": "dollars", "count": 185}],
        ),
    ],
)
def test_the_drawing_is_that_of_the_data_that_leave(exhibit, cells, tmp_path):
    entry = CATALOGUE[exhibit]
    export(cells, exhibit, tmp_path)
    drawn = draw(read_tidy(tmp_path / "data.csv"), entry, words(exhibit))
    assert set(drawn) == set(DRAWINGS[entry.kind])
    assert {name: (tmp_path / name).read_bytes() for name in drawn} == drawn


def test_the_drawing_is_made_from_what_may_be_shown(tmp_path):
    data = sample(400, 30, 31, 32, 33, 34)
    data[3] |= {"value": 3.0, "count": 3}
    status = export(data, "analyseutvalget", tmp_path)
    shown = read_tidy(tmp_path / "data.csv")
    assert status["suppressed"] == {"primary": 1, "secondary": 3}
    assert shown["value"].isna().sum() == 4
    table = (tmp_path / "table.md").read_text(encoding="utf-8")
    assert "| AFT | : |" in table
    assert words("analyseutvalget").suppressed_note.split("(")[0] in (tmp_path / "note.md").read_text(encoding="utf-8")
    assert "| 3 |" not in table


def test_a_refused_exhibit_leaves_as_a_placeholder_without_data(tmp_path):
    status = export(
        [{"row": "aft", "column": "standard", "value": 7.0, "unit": "persons"}], "analyseutvalget", tmp_path
    )
    assert status["status"] == "fail"
    assert status["reasons"] == ["cells_without_counts"]
    assert read_tidy(tmp_path / "data.csv").empty
    assert words("analyseutvalget").placeholders["refused"] in (tmp_path / "table.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("reviewed", [True, False])
def test_an_exhibit_with_much_suppressed_is_shown_only_when_somebody_has_looked_at_it(reviewed, tmp_path):
    data = sample(400, 30, 31, 32, 33, 34)
    for cell in data[3:9]:
        cell |= {"value": 3.0, "count": 3}
    status = export(data, "analyseutvalget", tmp_path, reviewed)
    assert (status["status"], status["released"]) == ("review", reviewed)
    assert read_tidy(tmp_path / "data.csv").empty != reviewed
    placeholder = words("analyseutvalget").placeholders["refused"]
    assert (placeholder in (tmp_path / "table.md").read_text(encoding="utf-8")) != reviewed


def test_what_passes_needs_no_review(tmp_path):
    status = export(sample(400, 30, 31, 32, 33, 34), "analyseutvalget", tmp_path, reviewed=False)
    assert (status["status"], status["released"]) == ("pass", True)


def test_only_real_registers_wait_for_a_person():
    assert review_settled("synthetic", reviewed=False)
    assert not review_settled("registers", reviewed=False)
    assert review_settled("registers", reviewed=True)


def test_a_reviewed_exhibit_that_the_catalogue_lacks_is_told_with_the_nearest():
    check_reviewed(["analyseutvalget"], CATALOGUE)
    with pytest.raises(ConfigurationError, match="did you mean analyseutvalget") as caught:
        check_reviewed(["analyseutvalg", "figur-maneder-i-arbeid", "xyz"], CATALOGUE)
    assert str(caught.value).startswith("2 faults")
    assert "'xyz', which no catalogue has\n  it has: " in str(caught.value)


@pytest.mark.parametrize("exhibit", ["figur-maneder-i-arbeid", "analyseutvalget"])
def test_an_empty_exhibit_says_so(exhibit, tmp_path):
    status = export([], exhibit, tmp_path)
    assert (status["status"], status["reasons"]) == ("fail", ["nothing_to_show"])


def test_a_figure_loses_the_points_of_small_arms(tmp_path):
    data = [
        {"row": row, "column": "maned_1_12", "value": 1.0, "low": 0.5, "high": 1.5, "count": count}
        for row, count in (("aft", 4), ("amo", 50), ("utdanning", 60), ("annet", 60), ("jobbklubb", 60))
    ]
    status = export(data, "figur-maneder-i-arbeid", tmp_path)
    assert status["status"] == "pass"
    assert status["suppressed"]["primary"] == 1
    assert read_tidy(tmp_path / "data.csv")["value"].notna().sum() == 4
    assert set(status["files"]) == {"data.csv", "figure.png", "figure.svg"}


def test_two_exports_have_the_same_bytes(tmp_path):
    data = sample(400, 30, 31, 32, 33, 34)
    assert export(data, "analyseutvalget", tmp_path / "a") == export(data, "analyseutvalget", tmp_path / "b")
    assert (tmp_path / "a" / "status.json").read_bytes() == (tmp_path / "b" / "status.json").read_bytes()


def test_hidden_persons_do_not_follow_from_those_behind_estimates(tmp_path):
    """The attack: the size of the whole, which is known, minus the persons behind the other estimates."""
    groups = {"standard": 3, "situasjonsbestemt": 211, "spesielt_tilpasset": 318}
    data = [
        {
            "panel": key,
            "row": "aft",
            "column": "maned_1_12",
            "value": 1.234567,
            "unit": "months_per_year",
            "count": count,
        }
        for key, count in groups.items()
    ]
    export(data, "figur-innsatsgrupper", tmp_path)
    shown = read_tidy(tmp_path / "data.csv")
    assert shown["count"].dropna().tolist() == [210, 320]
    assert sum(groups.values()) - shown["count"].sum() != groups["standard"]
    assert shown["value"].dropna().tolist() == [1.23, 1.23]


def test_a_figure_says_that_the_persons_that_it_prints_are_rounded(tmp_path):
    cells = [
        {"row": row, "column": "maned_1_12", "value": 1.0, "unit": "months_per_year", "count": 57}
        for row in ("aft", "amo")
    ]
    status = export(cells, "figur-maneder-i-arbeid", tmp_path / "rounded")
    assert status["round_counts"] == 10
    text = words("figur-maneder-i-arbeid")
    told = text.with_rounding("n", 10).foot(tidy(cells))[0]
    assert told.startswith(text.foot(tidy(cells))[0])
    assert told.endswith(" 10.")


def test_persons_of_public_data_are_exact(tmp_path):
    cells = [{"row": "eksperiment", "column": "lonn_1978", "value": 1.0, "unit": "dollars", "count": 185}]
    export(cells, "figur-lalonde", tmp_path)
    assert read_tidy(tmp_path / "data.csv")["count"].tolist() == [185]


def test_a_table_that_prints_no_persons_has_no_note_on_them(tmp_path):
    cells = [
        {"panel": "estimat", "row_group": "aft", "row": "main", "column": "maned_1_12"}
        | {"value": 1.234567, "unit": "months_per_year", "count": 57}
    ]
    export(cells, "robusthet", tmp_path)
    assert (tmp_path / "note.md").read_bytes() == draw(tidy(cells), CATALOGUE["robusthet"], words("robusthet"))[
        "note.md"
    ]
    assert read_tidy(tmp_path / "data.csv")[["value", "count"]].to_numpy().tolist() == [[1.23, 60]]


def test_numbers_that_stand_elsewhere_leave_with_rounded_persons_and_a_note(tmp_path):
    cells = [
        {"panel": "tabell-6-1", "row": "m0_2", "column": "her", "value": 25.0, "unit": "percent"}
        | {"count": 57, "base": 228}
    ]
    export(cells, "scorecard-celler", tmp_path)
    shown = read_tidy(tmp_path / "data.csv")
    assert shown[["count", "base"]].to_numpy().tolist() == [[60, 230]]
    assert words("scorecard-celler").rounding["cells"].format(multiple="10") in (tmp_path / "note.md").read_text(
        "utf-8"
    )
