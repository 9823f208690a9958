from pathlib import Path

import pandas as pd
import pytest
from tests.arms import ARMS

from tiltakseffekt.core.keys import CHARACTERISTICS
from tiltakseffekt.stages.exhibits.builders.matching import (
    deltakere_og_kontroller_1,
    deltakere_og_kontroller_2,
    deltakere_og_kontroller_3,
    figur_arbeid_for_og_etter,
    figur_arbeid_registrering,
    figur_vektede_kontroller,
    overlapp,
    vektede_kontroller,
)

CONFIG = Path(__file__).parents[3] / "config"


def _balance() -> pd.DataFrame:
    rows = [
        {
            "arm": arm,
            "grouping": grouping,
            "term": term,
            "treated": 40.0 if grouping == "n" else 0.25,
            "control": 38.5 if grouping == "n" else 0.2,
            "control_by_odds": 37.5 if grouping == "n" else 0.3,
            "n_treated": 40 if grouping == "n" else 0 if term == "alder_60_over" else 10,
            "n_control": 500 if grouping == "n" else 0 if term == "alder_60_over" else 150,
        }
        for arm in ARMS.treated
        for grouping, terms in {"n": ["n"], **CHARACTERISTICS}.items()
        for term in terms
    ]
    return pd.DataFrame(rows).sort_values(["arm", "grouping", "term"])


def _published_keys(exhibit: str) -> list[tuple[str, ...]]:
    """Return panel, block, row and column of the printed cells, as keys."""
    labels = pd.read_csv(CONFIG / "codebook" / "labels.csv", dtype=str, keep_default_na=False)
    printed = pd.read_csv(CONFIG / "documents/effektrapport_2024/numbers.csv", dtype=str, keep_default_na=False)
    printed = printed[printed["exhibit"] == exhibit]
    keys = {
        place: {
            label: row.key
            for row in labels.itertuples()
            if place in row.used_as.split("|") and "effektrapport_2024" in row.sources
            for label in (row.label, *row.variants.split("|"))
        }
        for place in ("panel", "row_group", "row", "column")
    }
    columns = [printed[place].map(lambda label, place=place: keys[place][label] if label else "") for place in keys]
    return sorted(zip(*columns, strict=True))


@pytest.mark.parametrize(
    ("exhibit", "builder"),
    [
        ("tabell-b-4", deltakere_og_kontroller_1),
        ("tabell-b-5", deltakere_og_kontroller_2),
        ("tabell-b-6", deltakere_og_kontroller_3),
    ],
)
def test_cells_are_those_of_the_printed_table(exhibit, builder):
    table = builder(_balance())
    keys = sorted(zip(table["panel"], table["row_group"], table["row"], table["column"], strict=True))
    assert keys == _published_keys(exhibit)


def test_values_counts_and_bases():
    table = deltakere_og_kontroller_3(_balance()).set_index(["panel", "row", "column"])
    n = table.loc[("utdanning", "n", "kontroll")]
    assert (n["value"], n["unit"], n["count"], n["base"] is pd.NA) == (38.5, "persons", 500, True)
    men = table.loc[("utdanning", "mann", "kontroll")]
    assert (men["value"], men["unit"], men["count"], men["base"]) == (20, "percent", 150, 500)
    assert table.loc[("utdanning", "mann", "behandling"), "base"] == 40


def test_all_three_tables_with_the_weights_of_the_printed_ones():
    table = vektede_kontroller(_balance())
    keys = sorted(zip(table["panel"], table["row_group"], table["row"], table["column"], strict=True))
    assert keys == sorted(key for name in ("b-4", "b-5", "b-6") for key in _published_keys(f"tabell-{name}"))
    cells = table.set_index(["panel", "row", "column"])
    assert cells.loc[("utdanning", "n", "kontroll"), "value"] == 37.5
    assert cells.loc[("aft", "mann", "kontroll"), ["value", "count", "base"]].tolist() == [30, 150, 500]
    assert cells.loc[("aft", "mann", "behandling"), "value"] == 25


def test_rows_stand_in_the_printed_order_and_absent_arms_are_left_out():
    balance = _balance()
    table = deltakere_og_kontroller_3(balance[balance["arm"] != "utdanning"])
    assert table["panel"].unique().tolist() == ["utvidet_oppfolging"]
    rows = table.loc[table["column"] == "kontroll", "row"].tolist()
    assert rows[:6] == ["n", "standard", "situasjonsbestemt", "spesielt_tilpasset", "mann", "kvinne"]


def test_paths_become_lines_in_per_cent():
    paths = pd.DataFrame(
        {
            "arm": ["annet", "utdanning", "aft"],
            "group": "kontroll",
            "month_since_registration": -36,
            "share_in_work": 0.4,
            "se": 0.01,
            "n": 50,
            "n_in_work": 20,
        }
    )
    figure = figur_arbeid_for_og_etter(paths, arms=ARMS)
    assert figure["panel"].tolist() == ["aft", "utdanning"]
    assert set(figure["panel"]) <= set(ARMS.measures)
    first = figure.iloc[0]
    assert (first["row"], first["x"], first["value"], first["count"], first["base"]) == ("kontroll", -36, 40, 20, 50)


def test_each_figure_of_paths_has_controls_under_one_set_of_weights():
    paths = pd.DataFrame(
        [("behandling", 0.5), ("kontroll", 0.4), ("kontroll_odds", 0.3)], columns=["group", "share_in_work"]
    ).assign(arm="amo", month_since_registration=0, se=0.0, n=100, n_in_work=50)
    for build, control in ((figur_arbeid_for_og_etter, 40), (figur_vektede_kontroller, 30)):
        figure = build(paths, arms=ARMS)
        assert figure["row"].tolist() == ["behandling", "kontroll"]
        assert figure["value"].tolist() == pytest.approx([50, control])


def test_every_arm_stands_beside_the_controls_as_they_are():
    """The weighted controls of a measure are not shown; the controls have a panel of their own."""
    paths = pd.DataFrame(
        [
            ("amo", "behandling", 0.5, 0.1),
            ("amo", "kontroll", 0.9, 0.1),
            ("amo", "kontroll_odds", 0.8, 0.1),
            ("annet", "behandling", 0.99, 0.1),
            ("ikke_tiltak", "kontroll", 0.2, 0.0),
        ],
        columns=["arm", "group", "share_in_work", "se"],
    ).assign(month_since_registration=0, n=100, n_in_work=50)
    figure = figur_arbeid_registrering(paths, 0.95, arms=ARMS)
    assert figure[["panel", "row", "value"]].to_numpy().tolist() == [
        ["amo", "tiltaksdeltakere", 50],
        ["annet", "tiltaksdeltakere", 99],
        ["amo", "ikke_tiltak", 20],
        ["annet", "ikke_tiltak", 20],
        ["ikke_tiltak", "ikke_tiltak", 20],
    ]
    assert figure["low"].iloc[0] == pytest.approx(50 - 19.6, abs=0.01)
    assert figure["high"].iloc[1] == 100


def test_overlap_has_a_row_per_arm_in_order():
    names = ["sum_of_control_weights", "effective_controls", "largest_weights_share", "p01", "p50", "p99"]
    names += ["share_below_one_per_cent", "max_std_difference_before", "max_std_difference_after"]
    overlap = pd.DataFrame(
        {"arm": sorted(ARMS.unchained), "n": 60, "trimmed": 5, "raised_to_floor": 3, **dict.fromkeys(names, 0.5)}
    )
    table = overlapp(overlap.assign(effective_controls=30.5), 5, arms=ARMS)
    assert table["row"].unique().tolist() == list(ARMS.unchained)
    cell = table.set_index(["row", "column"]).loc[("aft", "storste_vekter")]
    assert (cell["value"], cell["unit"], cell["count"]) == (50, "percent", 60)
    assert table.set_index(["row", "column"]).loc[("aft", "lofted_til_gulv"), "count"] == 3
    assert table.set_index(["row", "column"]).loc[("aft", "utelatt"), "count"] == 5


def test_quantiles_that_tell_of_single_persons_are_left_out_and_few_effective_controls_count():
    names = ["sum_of_control_weights", "largest_weights_share", "p01", "p50", "p99", "share_below_one_per_cent"]
    names += ["max_std_difference_before", "max_std_difference_after"]
    numbers = {"trimmed": 0, "raised_to_floor": 0, **dict.fromkeys(names, 0.5)}
    overlap = pd.DataFrame({"arm": ["aft", "amo", "jobbklubb"], "n": [499, 500, 9], **numbers})
    cells = overlapp(overlap.assign(effective_controls=[4.9, 60.0, 60.0]), 5, arms=ARMS).set_index(["row", "column"])
    missing = cells.index[cells["value"].isna()]
    assert sorted(missing) == sorted(
        [(arm, f"tilbyelighet_{p}") for arm in ("aft", "jobbklubb") for p in ("p01", "p99")]
        + [("jobbklubb", "tilbyelighet_p50")]
    )
    # The gate hides what rests on fewer than five controls.
    assert cells.loc[("aft", "effektive_kontroller"), "count"] == 4
    assert cells.loc[("aft", "tilbyelighet_p50"), "count"] == 499
    assert cells.loc[("amo", "effektive_kontroller"), "count"] == 500
