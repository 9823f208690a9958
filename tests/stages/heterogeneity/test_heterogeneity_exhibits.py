"""Data of Tabell 6-7, of many tests, of the curves, and of who gains."""

from pathlib import Path

import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.stages.exhibits.builders.gains import (
    figur_sorterte_effekter,
    klassifisering,
    mange_tester,
    projeksjon,
)
from tiltakseffekt.stages.exhibits.builders.heterogeneity import effekt_i_grupper, figur_alder, figur_arbeidshistorikk
from tiltakseffekt.stages.exhibits.catalogue import load_catalogue
from tiltakseffekt.stages.export.disclosure import control
from tiltakseffekt.stages.export.settings import DisclosureSettings
from tiltakseffekt.stages.heterogeneity.gate import GROUPINGS

CONFIG = Path(__file__).parents[3] / "config"
OWN = CONFIG / "evaluations/tiltakseffekter"


@pytest.fixture(scope="module")
def gate() -> pd.DataFrame:
    rows = [
        {"grouping": grouping.key, "term": term, "arm": arm, "outcome": outcome, "n_group": 90, "n_group_arm": 7}
        for grouping in reversed(GROUPINGS)
        for term in grouping.terms.values()
        for arm in keys.TREATED_ARMS
        for outcome in ("months_in_work_y2", "months_in_work_y3")
    ]
    p_values = [0.05, 0.049, 0.0099, 0.0009, 0.8]
    table = pd.DataFrame(rows)
    return table.assign(estimate=1.0, se=0.5, p_value=[p_values[i % 5] for i in range(len(table))])


def test_cells_have_the_keys_of_the_printed_table(gate):
    published = pd.read_csv(CONFIG / "documents/effektrapport_2024/numbers.csv", dtype="str", keep_default_na=False)
    published = published[published["exhibit"] == "tabell-6-7"]
    labels = pd.read_csv(CONFIG / "codebook" / "labels.csv", dtype="str", keep_default_na=False)
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    place = ["panel", "row_group", "row", "column"]
    printed = [tuple(key_of[word] for word in cell) for cell in published[place].itertuples(index=False)]
    ours = effekt_i_grupper(gate, arms=ARMS)
    ours = ours[~ours["row"].eq("alder_60_over")]
    assert sorted(map(tuple, ours[place].to_numpy())) == sorted(printed)
    order = [row for _, row in dict.fromkeys((cell[1], cell[2]) for cell in printed)]
    assert list(dict.fromkeys(ours["row"])) == order


def test_stars_count_the_levels_five_one_and_a_tenth_per_cent(gate):
    chosen = gate.query("outcome == 'months_in_work_y3'").set_index(["term", "arm"])["p_value"]
    stars = effekt_i_grupper(gate, arms=ARMS).query("panel == 'stjerner'").set_index(["row", "column"])["text"]
    expected = {0.05: "", 0.049: "*", 0.0099: "**", 0.0009: "***", 0.8: ""}
    assert {p: stars[place] for place, p in chosen.items() if place in stars.index} == expected


def test_the_count_is_that_of_the_group_on_the_measure(gate):
    data = effekt_i_grupper(gate, arms=ARMS)
    assert set(data["count"]) == {7}
    assert set(data.query("panel == 'estimat'")["se"]) == {0.5}


@pytest.fixture(scope="module")
def curves_of():
    def curves(characteristic: str) -> pd.DataFrame:
        rows = [
            {"outcome": "months_in_work_y3", "arm": arm, "at": at, "estimate": at / 10, "n_window_arm": at - 15}
            for arm in reversed(keys.TREATED_ARMS)
            for at in (30, 20)
        ]
        bands = {"low": 0.0, "high": 1.0, "uniform_low": -0.5, "uniform_high": 1.5}
        return pd.DataFrame(rows).assign(characteristic=characteristic, se=0.1, n_window=100, n_arm=44, **bands)

    return curves


def test_the_age_curve_has_a_panel_per_measure(curves_of):
    data = figur_alder(curves_of("age"), 5, arms=ARMS).query("row == 'punktvis'")
    assert data["panel"].unique().tolist() == list(keys.MEASURES)
    assert data["x"].tolist() == [20, 30] * 10
    assert data["value"].tolist() == [2, 3] * 10
    # Counts of windows differ by the participants of one age; those of the arm tell nothing of them.
    assert set(data["count"]) == {44}


def test_a_point_with_too_few_participants_nearby_is_left_out(curves_of):
    assert set(figur_alder(curves_of("age"), 6, arms=ARMS)["x"]) == {30}


def test_each_curve_has_both_bands(curves_of):
    data = figur_arbeidshistorikk(curves_of("work_history"), 5, arms=ARMS)
    assert data["row"].unique().tolist() == ["punktvis", "hele_kurven"]
    assert data.groupby("row")["high"].first().to_dict() == {"punktvis": 1.0, "hele_kurven": 1.5}
    assert figur_alder(curves_of("work_history"), 5, arms=ARMS).empty


@pytest.fixture(scope="module")
def tested(gate) -> pd.DataFrame:
    constant = gate["term"].str.startswith("konstant_")
    adjusted = gate["p_value"].where(~constant)
    return mange_tester(
        gate.assign(
            constant=constant, p_holm=(adjusted * 10).clip(upper=1), p_romano_wolf=(adjusted * 5).clip(upper=1)
        ),
        pd.DataFrame(
            [
                {"grouping": grouping, "arm": arm, "outcome": "months_in_work_y3", "p_value": 0.2, "p_holm": 0.9}
                for grouping in (*(grouping.key for grouping in GROUPINGS), "all")
                for arm in keys.TREATED_ARMS
            ]
        ),
        pd.DataFrame([{"arm": "amo", "outcome": "months_in_work_y3", "term": "alder", "p_joint": 0.3}]),
        pd.DataFrame(
            [
                {"arm": arm, "outcome": "months_in_work_y3", "group": "difference", "estimate": value, "p_value": p}
                | {"p_equal": 0.4}
                for arm, value, p in (
                    ("amo", -2.0, 0.001),
                    ("aft", 2.0, 0.012),
                    ("utdanning", 2.0, 0.03),
                    ("jobbklubb", 1.0, 0.5),
                    ("annet", 2.0, 0.001),
                )
            ]
        ),
        arms=ARMS,
    )


def test_differences_are_counted_by_measure_and_in_all(tested, gate):
    cells = tested.set_index(["row", "column"])["value"]
    differences = gate[~gate["term"].str.startswith("konstant_") & (gate["outcome"] == "months_in_work_y3")]
    differences = differences[differences["arm"].isin(keys.MEASURES)]
    assert cells["antall_forskjeller", "alle_tiltak"] == len(differences)
    for row, factor in (("signifikant_ujustert", 1), ("signifikant_holm", 10), ("signifikant_romano_wolf", 5)):
        assert cells[row, "alle_tiltak"] == (factor * differences["p_value"] < 0.05).sum()
        assert cells[row, "alle_tiltak"] == sum(cells[row, arm] for arm in keys.MEASURES)
    # Of four measures: 0.001 the wrong way, 0.012 times three, 0.03 times two is too much; Annet is not counted.
    assert cells["femte_over_forste", "alle_tiltak"] == 1
    assert cells["projeksjonen", "amo"] == 0.3
    assert ("projeksjonen", "aft") not in cells.index
    assert set(tested["column"]) == {*keys.MEASURES, "alle_tiltak"}


def test_sorted_effects_stand_beside_the_truth_if_there_is_one():
    rows = [
        {"group": group, "arm": "amo", "outcome": "months_in_work_y3", "estimate": 1.0, "low": 0.0, "high": 2.0}
        | {"se": 0.5, "n_arm": 40}
        for group in ("difference", *(f"fifth_{n}" for n in range(1, 6)))
    ]
    planted = pd.DataFrame(
        [
            {"group": f"fifth_{n}", "arm": "amo", "outcome": "months_in_work_y3", "truth": n, "n": 90}
            for n in range(1, 6)
        ]
    )
    data = figur_sorterte_effekter(pd.DataFrame(rows), ARMS, planted)
    assert data.groupby("row").size().to_dict() == {"anslag": 5, "femte_minus_forste": 1, "sannhet": 5}
    assert data.query("row == 'sannhet'")["value"].tolist() == [1, 2, 3, 4, 5]
    assert data.query("row == 'femte_minus_forste'")["x"].isna().all()
    without = figur_sorterte_effekter(pd.DataFrame(rows), ARMS, planted.iloc[:0])
    assert set(without["row"]) == {"anslag", "femte_minus_forste"}


def test_shares_of_the_classification_know_their_persons():
    row = {"arm": "amo", "outcome": "months_in_work_y3", "least": 0.25, "most": 0.5, "difference": 0.25, "se": 0.01}
    table = pd.DataFrame([row | {"term": term, "n_least": 80, "n_most": 90} for term in ("kvinne", "alder")])
    data = klassifisering(table, arms=ARMS)
    assert data["row_group"].unique().tolist() == ["alder", "kvinne"]
    share = data.query("row_group == 'kvinne' and row == 'minst_effekt'").iloc[0]
    assert (share["value"], share["count"], share["base"], share["unit"]) == (25, 20, 80, "percent")
    difference = data.query("row_group == 'kvinne' and row == 'forskjell' and panel == 'estimat'").iloc[0]
    assert (difference["value"], difference["unit"]) == (25, "percentage_points")
    assert (difference["count"], difference["base"]) == (20, 80)
    mean = data.query("row_group == 'alder' and row == 'storst_effekt'").iloc[0]
    assert (mean["value"], mean["count"], mean["unit"]) == (0.5, 90, "years")


def test_a_difference_is_hidden_with_the_number_that_it_would_tell():
    """Nearly all of the most helped have the characteristic; two of the last fifth are on the measure."""
    row = {"arm": "amo", "outcome": "months_in_work_y3", "term": "kvinne", "se": 0.01, "n_least": 100, "n_most": 100}
    data = klassifisering(pd.DataFrame([row | {"least": 0.0, "most": 0.98, "difference": 0.98}]), arms=ARMS)
    entry = next(entry for entry in load_catalogue(OWN / "exhibits.yaml") if entry.id == "klassifisering")
    checked = control(data, entry.disclosure, DisclosureSettings(threshold=5))
    assert checked.data.query("panel == 'estimat'").set_index("row")["text"].to_dict() == {
        "minst_effekt": "",
        "storst_effekt": ":",
        "forskjell": ":",
    }
    counts = {"fifth_1": 60, "fifth_3": 3, "fifth_5": 2, "difference": 62}
    rows = [
        {"group": group, "arm": "amo", "outcome": "months_in_work_y3", "estimate": 1.0, "low": 0.0, "high": 2.0}
        | {"se": 0.5, "n_arm": n}
        for group, n in counts.items()
    ]
    figure = figur_sorterte_effekter(
        pd.DataFrame(rows), ARMS, pd.DataFrame(columns=["outcome", "arm", "group", "truth", "n"])
    )
    assert figure.query("row == 'femte_minus_forste'")["count"].tolist() == [2]


def test_stars_of_the_projection_and_measures_in_order():
    row = {"outcome": "months_in_work_y3", "estimate": 1.0, "se": 0.3, "n": 100, "p_joint": 0.1}
    table = pd.DataFrame(
        [
            row | {"arm": arm, "term": "kvinne", "p_value": p}
            for arm, p in (("amo", 0.004), ("aft", 0.2), ("annet", 0.1))
        ]
    )
    data = projeksjon(table, arms=ARMS).query("panel == 'stjerner'")
    assert list(zip(data["column"], data["text"], strict=True)) == [("aft", ""), ("amo", "**")]


def test_empty_tables_make_empty_exhibits():
    columns = ["outcome", "arm", "group", "term", "truth", "n", "n_arm", "estimate", "low", "high", "se", "p_value"]
    empty = pd.DataFrame(columns=columns)
    assert figur_sorterte_effekter(empty, ARMS, empty).empty
    assert klassifisering(empty, arms=ARMS).empty
    assert projeksjon(empty, arms=ARMS).empty
