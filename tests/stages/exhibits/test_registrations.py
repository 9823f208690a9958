import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.evaluations.tiltakseffekter.registrations import (
    common_paths,
    figur_inntekt,
    figur_registrerte,
    figur_sesong,
    figur_varighet,
    figur_veier_videre,
    fold_ends,
)
from tiltakseffekt.stages.exhibits.catalogue import Disclosure
from tiltakseffekt.stages.export.disclosure import control
from tiltakseffekt.stages.export.settings import DisclosureSettings

FIVE = DisclosureSettings(threshold=5)
GONE = "ikke_registrert"
MARGINS = Disclosure(margins=("column", "row"))


def months(*rows):
    return pd.DataFrame(rows, columns=["month", "nav_group", "n", "n_new"])


def paths(*rows):
    return pd.DataFrame(rows, columns=["m0", "m6", "m12", "m18", "n"])


def test_stocks_begin_in_2011_and_a_month_without_anybody_is_zero():
    first = parse_month("2011-01")
    rows = [(first - 1, "standard", 9, 9), (first, "standard", 7, 2), (first + 18, "sykmeldt", 5, 5)]
    figure = figur_registrerte(months(*rows))
    assert figure["row"].unique().tolist() == ["standard", "sykmeldt"]
    standard = figure[figure["row"] == "standard"]
    assert standard["x"].iloc[[0, -1]].tolist() == [2011.0, 2012.5]
    assert standard["count"].tolist() == [7] + [0] * 18


def test_new_registrations_have_a_panel_per_group_in_the_order_of_the_house():
    figure = figur_sesong(months((120, "annen_gruppe", 9, 6), (121, "standard", 9, 0)))
    assert figure["panel"].unique().tolist() == ["standard", "annen_gruppe"]
    assert figure["value"].tolist() == [0, 0, 6, 0]


def test_flows_add_up_to_the_persons_in_each_half_year():
    figure = figur_veier_videre(
        paths(("standard", GONE, GONE, GONE, 60), ("sykmeldt", "sykmeldt", "standard", GONE, 40)), 5
    )
    assert figure.groupby("panel")["count"].sum().to_dict() == {"m6": 100, "m12": 100, "m18": 100}
    assert figure[figure["panel"] == "m6"][["row", "column", "count"]].to_numpy().tolist() == [
        ["standard", GONE, 60],
        ["sykmeldt", "sykmeldt", 40],
    ]


def test_whole_paths_with_a_rare_move_are_left_out():
    kept = common_paths(
        paths(
            ("standard", "standard", GONE, GONE, 50),
            ("standard", "standard", "varig_tilpasset", GONE, 3),
            ("standard", GONE, GONE, "sykmeldt", 2),
            ("sykmeldt", "sykmeldt", GONE, GONE, 30),
        ),
        5,
    )
    assert kept["n"].tolist() == [50, 30]


def test_of_a_first_group_nobody_or_enough_are_left_out():
    given_paths = paths(
        ("standard", "standard", GONE, GONE, 50),
        ("standard", GONE, GONE, GONE, 6),
        ("standard", "sykmeldt", GONE, GONE, 2),
    )
    assert common_paths(given_paths, 5)["n"].tolist() == [50]


_GROUPS = st.sampled_from([*keys.NAV_GROUPS[:3], GONE])
_PATHS = st.dictionaries(
    st.tuples(st.sampled_from(keys.NAV_GROUPS[:3]), _GROUPS, _GROUPS, _GROUPS), st.integers(1, 30), max_size=25
)


@settings(deadline=None)
@given(_PATHS)
def test_no_flow_shown_is_rare_and_none_can_be_reckoned(counts):
    given_paths = paths(*((*path, n) for path, n in counts.items()))
    figure = figur_veier_videre(given_paths, 5)
    assert (figure["count"] >= 5).all()
    assert figure.groupby("panel")["count"].sum().nunique() <= 1
    shown = figure[figure["panel"] == "m6"].groupby("row")["count"].sum()
    left_out = given_paths.groupby("m0")["n"].sum().reindex(shown.index) - shown
    assert not left_out.between(1, 4).any()
    if len(figure):
        checked = control(figure, MARGINS, FIVE)
        assert (checked.status, checked.primary) == ("pass", 0)


def test_wages_are_shares_of_those_in_work_with_empty_classes_inside():
    classes = pd.DataFrame(
        [("sykmeldt", 0, 10_000, 30), ("sykmeldt", 0, 20_000, 10), ("sykmeldt", 24, 90_000, 7)],
        columns=["first_group", "month_since_registration", "wage_from", "n"],
    )
    figure = figur_inntekt(classes, 5)
    at = figure[figure["row"] == "ved_registrering"]
    assert at[["x", "value", "count", "base"]].to_numpy().tolist() == [
        [12.5, 75, 30, 40],
        [17.5, 0, 0, 40],
        [22.5, 25, 10, 40],
    ]
    assert figure["row"].unique().tolist() == ["ved_registrering", "m24_etter"]


def _classes(*counts):
    return pd.DataFrame(
        {"first_group": "standard", "month_since_registration": 0, "n": counts}
        | {"wage_from": [10_000 + 5_000 * place for place in range(len(counts))]}
    )


def test_a_small_wage_class_inside_takes_another_with_it():
    checked = control(figur_inntekt(_classes(30, 3, 40, 8), 5), Disclosure(), FIVE)
    assert checked.data["count"].dropna().tolist() == [30, 40]


def test_small_classes_at_the_ends_are_taken_in_by_their_neighbours():
    figure = figur_inntekt(_classes(1, 0, 6, 40, 20, 2, 1, 2, 4), 5)
    assert figure["x"].tolist() == [22.5, 27.5, 32.5, 37.5, 42.5, 47.5]
    assert figure["count"].tolist() == [7, 40, 20, 2, 1, 6]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=15))
def test_folding_keeps_everybody_and_leaves_enough_at_the_ends(counts):
    folded = fold_ends(pd.Series(counts, index=range(0, 5_000 * len(counts), 5_000)), 5)
    assert folded.sum() == sum(counts)
    assert folded.index.is_monotonic_increasing
    assert sum(counts) < 5 or folded.iloc[[0, -1]].min() >= 5


def _curve(ended, at_risk):
    return pd.DataFrame(
        {
            "measure": "amo",
            "month": range(1, len(ended) + 1),
            "at_risk": at_risk,
            "ended": ended,
            "censored": 0,
            "survival": [1 - sum(ended[: n + 1]) / at_risk[0] for n in range(len(ended))],
            "low": 0.1,
            "high": 0.9,
        }
    )


def test_small_steps_of_a_survival_curve_are_joined_with_the_next():
    figure = figur_varighet(_curve([0, 6, 2, 4, 1], [40, 40, 34, 32, 28]), 5, arms=ARMS)
    assert figure["x"].tolist() == [0, 1, 2, 4]
    assert figure["count"].tolist() == [0, 0, 6, 6]
    assert figure["base"].tolist() == [40, 40, 40, 34]
    assert figure["value"].tolist() == pytest.approx([100, 100, 85, 70])


def test_the_end_of_a_curve_that_few_reach_is_hidden():
    checked = control(figur_varighet(_curve([20, 16, 0], [40, 20, 4]), 5, arms=ARMS), Disclosure(), FIVE)
    assert checked.data["value"].notna().tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("builder", "columns", "settings"),
    [
        (figur_registrerte, ["month", "nav_group", "n", "n_new"], {}),
        (figur_sesong, ["month", "nav_group", "n", "n_new"], {}),
        (figur_veier_videre, ["m0", "m6", "m12", "m18", "n"], {"threshold": 5}),
        (figur_inntekt, ["first_group", "month_since_registration", "wage_from", "n"], {"threshold": 5}),
        (figur_varighet, list(_curve([1], [1])), {"threshold": 5, "arms": ARMS}),
    ],
)
def test_nobody_gives_no_cells(builder, columns, settings):
    assert builder(pd.DataFrame(columns=columns), **settings).empty
