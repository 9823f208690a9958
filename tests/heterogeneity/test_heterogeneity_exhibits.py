"""Data of Tabell 6-7 and of the effect by age."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.exhibits.heterogeneity import figur_alder, tabell_6_7
from tiltakseffekt.heterogeneity.gate import GROUPINGS

CONFIG = Path(__file__).parents[2] / "config"


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
    published = pd.read_csv(CONFIG / "published" / "seed-004.csv", dtype="str", keep_default_na=False)
    published = published[published["exhibit"] == "tabell-6-7"]
    labels = pd.read_csv(CONFIG / "codebook" / "labels.csv", dtype="str", keep_default_na=False)
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    place = ["panel", "row_group", "row", "column"]
    printed = [tuple(key_of[word] for word in cell) for cell in published[place].itertuples(index=False)]
    ours = tabell_6_7(gate)
    ours = ours[~ours["row"].eq("alder_60_over")]
    assert sorted(map(tuple, ours[place].to_numpy())) == sorted(printed)
    order = [row for _, row in dict.fromkeys((cell[1], cell[2]) for cell in printed)]
    assert list(dict.fromkeys(ours["row"])) == order


def test_stars_count_the_levels_five_one_and_a_tenth_per_cent(gate):
    chosen = gate.query("outcome == 'months_in_work_y3'").set_index(["term", "arm"])["p_value"]
    stars = tabell_6_7(gate).query("panel == 'stjerner'").set_index(["row", "column"])["text"]
    expected = {0.05: "", 0.049: "*", 0.0099: "**", 0.0009: "***", 0.8: ""}
    assert {p: stars[place] for place, p in chosen.items() if place in stars.index} == expected


def test_the_count_is_that_of_the_group_on_the_measure(gate):
    data = tabell_6_7(gate)
    assert set(data["count"]) == {7}
    assert set(data.query("panel == 'estimat'")["se"]) == {0.5}


def test_the_age_curve_has_a_panel_per_measure():
    curve = pd.DataFrame(
        [
            {"outcome": "months_in_work_y3", "arm": arm, "age": age, "estimate": age / 10, "n_window_arm": 12}
            for arm in reversed(keys.TREATED_ARMS)
            for age in (30, 20)
        ]
    ).assign(se=0.1, low=0.0, high=1.0, n_window=100)
    data = figur_alder(curve)
    assert data["panel"].unique().tolist() == list(keys.MEASURES)
    assert data["x"].tolist() == [20, 30] * 10
    assert data["value"].tolist() == [2, 3] * 10
    assert set(data["count"]) == {12}
