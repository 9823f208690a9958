import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tiltakseffekt.stages.exhibits.catalogue import Disclosure
from tiltakseffekt.stages.exhibits.labels import SUPPRESSED
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.stages.export.disclosure import control, known_sums, protect_sums
from tiltakseffekt.stages.export.settings import DisclosureSettings

FIVE = DisclosureSettings(threshold=5)


def shares(counts, base=None, column="c", panel=""):
    base = sum(counts) if base is None else base
    return [
        {"panel": panel, "row": f"r{place}", "column": column, "unit": "percent", "count": count, "base": base}
        | {"value": 100 * count / base if base else float("nan")}
        for place, count in enumerate(counts)
    ]


def persons(table, total=False):
    cells = [
        {"row": f"r{row}", "column": f"c{column}", "value": float(count), "unit": "persons", "count": int(count)}
        for row, line in enumerate(table)
        for column, count in enumerate(line)
    ]
    if total:
        for column, count in enumerate(np.sum(table, axis=0)):
            cells.append(
                {"row": "total", "column": f"c{column}", "value": float(count), "unit": "persons", "count": int(count)}
                | {"total": True}
            )
    return cells


def visible(data):
    return data["value"].notna()


def test_a_single_hidden_share_takes_the_smallest_other_with_it():
    checked = control(tidy(shares([3, 0, 40, 20, 60])), Disclosure(), FIVE)
    assert visible(checked.data).tolist() == [False, True, True, False, True]
    assert (checked.primary, checked.secondary) == (1, 1)


def test_hidden_cells_together_are_no_small_group():
    checked = control(tidy(shares([1, 2, 40, 20])), Disclosure(), FIVE)
    assert visible(checked.data).tolist() == [False, False, True, False]


def test_shares_that_do_not_exhaust_their_base_need_no_partner():
    checked = control(tidy(shares([3, 40, 20], base=200)), Disclosure(), FIVE)
    assert visible(checked.data).tolist() == [False, True, True]


def test_shares_along_an_axis_that_exhaust_their_base_protect_each_other():
    along = [cell | {"row": "at_start", "x": place} for place, cell in enumerate(shares([3, 40, 9]))]
    checked = control(tidy(along), Disclosure(), FIVE)
    assert visible(checked.data).tolist() == [False, True, False]


def test_states_at_one_point_of_an_axis_protect_each_other():
    first, second = shares([3, 40, 9]), shares([12, 30, 10])
    cells = [cell | {"column": "", "x": at} for at, month in enumerate((first, second)) for cell in month]
    checked = control(tidy(cells), Disclosure(), FIVE)
    assert visible(checked.data).tolist() == [False, True, False, True, True, True]


def test_shares_of_months_that_make_up_the_whole_protect_each_other():
    months = [
        {"row": f"r{place}", "column": "c", "unit": "percent", "value": value, "count": count, "base": 60}
        for place, (value, count) in enumerate([(0.5, 3), (20.0, 30), (79.5, 50)])
    ]
    assert visible(control(tidy(months), Disclosure(), FIVE).data).tolist() == [False, False, True]


def test_numbers_of_a_block_whose_sum_is_known_protect_each_other():
    cells = [cell | {"row_group": block} for block in ("a", "b") for cell in persons([[3 if block == "a" else 7], [9]])]
    checked = control(tidy(cells), Disclosure(margins=("block",)), FIVE)
    assert visible(checked.data).tolist() == [False, False, True, True]


def test_a_total_is_summed_from_what_is_shown():
    checked = control(tidy(persons([[3], [10], [20], [30]], total=True)), Disclosure(), FIVE)
    assert checked.data["value"].dropna().tolist() == [20.0, 30.0, 50.0]
    assert checked.data["count"].dropna().tolist() == [20, 30, 50]


def test_the_number_of_persons_under_shares_is_no_sum_of_shares():
    n = {"row": "n", "column": "c", "value": 123.0, "unit": "persons", "count": 123, "total": True}
    checked = control(tidy([*shares([3, 0, 40, 20, 60]), n]), Disclosure(), FIVE)
    assert checked.data["value"].iloc[-1] == 123.0


def test_a_pooled_share_is_computed_from_the_rows_shown():
    rows = [[2, 50], [30, 70], [40, 60]]
    cells = [
        {"row": f"r{row}", "column": f"c{column}", "unit": "percent", "count": count, "base": sum(line)}
        | {"value": 100 * count / sum(line)}
        for row, line in enumerate(rows)
        for column, count in enumerate(line)
    ]
    for column, count in enumerate(np.sum(rows, axis=0)):
        cells.append(
            {"row": "total", "column": f"c{column}", "unit": "percent", "count": int(count), "base": 252}
            | {"value": 100 * count / 252, "total": True}
        )
    checked = control(tidy(cells), Disclosure(), FIVE).data
    assert not visible(checked).iloc[:2].any()
    assert checked["value"].iloc[-2:].tolist() == pytest.approx([35.0, 65.0])
    assert checked["base"].iloc[-2:].tolist() == [200, 200]


def test_known_margins_protect_in_both_directions():
    table = [[3, 50, 60], [40, 51, 61], [41, 52, 62]]
    checked = control(tidy(persons(table)), Disclosure(margins=("column", "row")), FIVE)
    hidden = (~visible(checked.data)).to_numpy().reshape(3, 3)
    assert hidden[0, 0]
    assert not set(hidden.sum(axis=0)) & {1}
    assert not set(hidden.sum(axis=1)) & {1}


def test_steps_cannot_be_found_by_subtraction():
    taken, left = [0, 100, 3, 50, 20], [500, 400, 397, 347, 327]
    cells = [
        {"row": f"r{row}", "column": column, "value": float(count), "unit": "persons", "count": count}
        for row in range(5)
        for column, count in (("utelatt", taken[row]), ("gjenstar", left[row]))
    ]
    shown = visible(control(tidy(cells), Disclosure(steps=True), FIVE).data).to_numpy().reshape(5, 2)
    assert shown.tolist() == [[True, True], [True, True], [False, False], [False, True], [True, True]]


def test_a_small_last_step_is_joined_with_the_one_before():
    taken, left = [0, 100, 60, 2], [500, 400, 340, 338]
    cells = [
        {"row": f"r{row}", "column": column, "value": float(count), "unit": "persons", "count": count}
        for row in range(4)
        for column, count in (("utelatt", taken[row]), ("gjenstar", left[row]))
    ]
    shown = visible(control(tidy(cells), Disclosure(steps=True), FIVE).data).to_numpy().reshape(4, 2)
    assert shown.tolist() == [[True, True], [True, True], [False, False], [False, True]]


def test_estimates_of_small_arms_go_with_error_and_stars():
    cells = [
        {"panel": panel, "row": row, "column": "aft", "count": count, "unit": unit, **content}
        for row, count in (("mann", 4), ("kvinne", 60), ("lg1", 60), ("lg2", 60), ("lg3", 60))
        for panel, unit, content in (
            ("estimat", "months_per_year", {"value": 1.0}),
            ("standardfeil", "standard_error", {"value": 0.3}),
            ("stjerner", "stars", {"text": "**"}),
        )
    ]
    data = tidy(cells)
    data.loc[1, "count"] = 90
    checked = control(data, Disclosure(), DisclosureSettings(threshold=5, review_above=0.5), linked_panels=True)
    assert checked.data["text"].head(3).tolist() == [SUPPRESSED] * 3
    assert checked.data["text"].iloc[5] == "**"
    assert checked.status == "pass"


@pytest.mark.parametrize("direction", ["column", "row"])
def test_what_one_of_two_like_cells_hides_is_hidden_in_the_other(direction):
    """Controls that are weighted to resemble the treated show the share of the few treated with a trait."""
    other = "row" if direction == "column" else "column"
    cells = [
        {direction: group, other: trait, "value": share, "unit": "percent", "count": count, "base": base}
        for group, counts, base in (("behandling", (3, 60, 50, 52), 165), ("kontroll", (500, 2000, 1500, 2000), 6000))
        for trait, count, share in zip(("lg1", "lg2", "lg3", "lg4"), counts, (1.8, 36.4, 30.3, 31.5), strict=True)
    ]
    alone = visible(control(tidy(cells), Disclosure(), FIVE).data).tolist()
    linked = visible(control(tidy(cells), Disclosure(linked=(direction,)), FIVE).data).tolist()
    assert alone == [False, True, False, True] + [True] * 4
    assert linked == [False, True, False, True] * 2


def test_points_of_figures_are_checked_one_by_one():
    cells = [{"panel": "aft", "row": "behandling", "x": x, "value": 1.0, "count": x, "base": 50} for x in (2, 20, 48)]
    assert visible(control(tidy(cells), Disclosure(), FIVE).data).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("cells", "disclosure", "status", "reason"),
    [
        ([{"value": 1.0}], Disclosure(), "fail", "cells_without_counts"),
        ([{"value": 1.0}], Disclosure(cells="mixed"), "pass", None),
        ([{"value": 1.0}], Disclosure(cells="parameters"), "pass", None),
        ([{"value": 1.0, "count": 9}], Disclosure(cells="parameters"), "fail", "parameters_with_counts"),
        ([{"value": 1.0, "count": 2}], Disclosure(), "fail", "all_suppressed"),
        ([], Disclosure(), "fail", "nothing_to_show"),
        (shares([3, 40, 20]), Disclosure(), "review", "many_suppressed"),
        (shares([30, 40, 20]), Disclosure(), "pass", None),
    ],
)
def test_the_verdict_has_a_reason(cells, disclosure, status, reason):
    checked = control(tidy(cells), disclosure, FIVE)
    assert checked.status == status
    assert checked.reasons == (() if reason is None else (reason,))


tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 60), min_size=width, max_size=width), min_size=2, max_size=6)
)


@settings(max_examples=30, deadline=None)
@given(tables, st.integers(2, 10), st.booleans())
def test_no_small_count_is_shown_or_follows_from_the_margins(table, threshold, total):
    limits = DisclosureSettings(threshold=threshold)
    disclosure = Disclosure(margins=("column", "row"))
    data = tidy(persons(table, total))
    checked = control(data, disclosure, limits).data
    shown = checked[visible(checked)]
    assert not shown["count"].between(1, threshold - 1).any()
    assert (shown["value"] == shown["count"]).all()
    parts = ~data["total"]
    hidden = (~visible(checked))[parts].to_numpy().reshape(len(table), -1)
    counts = np.array(table)
    for axis in (0, 1):
        for line, gone in zip(np.moveaxis(counts, axis, 0), np.moveaxis(hidden, axis, 0), strict=True):
            if gone.any() and not gone.all():
                assert gone.sum() > 1
                assert line[gone].sum() >= threshold


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=8), st.integers(2, 10))
def test_no_small_share_is_shown_or_is_the_rest_of_the_base(counts, threshold):
    assume(sum(counts) > 0)
    data = tidy(shares(counts))
    checked = control(data, Disclosure(), DisclosureSettings(threshold=threshold)).data
    shown = visible(checked)
    base = sum(counts)
    for count, is_shown in zip(counts, shown, strict=True):
        if is_shown:
            assert not 0 < count < threshold
            assert not 0 < base - count < threshold
    rest = base - sum(count for count, is_shown in zip(counts, shown, strict=True) if is_shown)
    if not shown.all() and shown.any():
        assert (~shown).sum() > 1
        assert rest >= threshold
    assert checked.loc[~shown, ["count", "base", "low", "high", "se"]].isna().all().all()


def test_protection_changes_nothing_when_nothing_is_hidden():
    data = tidy(shares([10, 20, 30]))
    none = pd.Series(False, index=data.index)
    assert not protect_sums(data, none, list(known_sums(data, Disclosure())), 5).any()


def by_year(measures, unit="person_months"):
    """Months per measure and year with one panel each, and one of all; measure to its months by year."""
    numbers = {**measures, "i_alt": np.sum(list(measures.values()), axis=0)}
    return [
        {"panel": key, "row": key, "x": 2018 + year, "value": float(number), "unit": unit, "count": int(number)}
        for key, of_years in numbers.items()
        for year, number in enumerate(of_years)
    ]


def test_a_panel_that_is_hidden_does_not_follow_from_the_panel_of_all():
    """The attack: all minus the other measures are the months of the one who is hidden."""
    data = tidy(by_year({"aft": [70, 80], "amo": [60, 90], "helsemessig": [2, 30]}))
    shown = visible(control(data, Disclosure(margins=("panel",)), FIVE).data)
    first = data["x"] == 2018
    assert data.loc[first & ~shown, "panel"].tolist() == ["amo", "helsemessig"]
    assert shown[~first].all()


def test_shares_in_panels_that_together_are_everybody_protect_each_other():
    panels = {"young": [3, 97], "middle": [30, 70], "old": [40, 60]}
    cells = [cell | {"panel": key, "x": 6} for key, counts in panels.items() for cell in shares(counts)]
    data = tidy([cell | {"column": ""} for cell in cells])
    shown = visible(control(data, Disclosure(margins=("panel",)), FIVE).data)
    hidden_first = data.loc[~shown & (data["row"] == "r0"), "count"]
    assert len(hidden_first) >= 2
    assert hidden_first.sum() >= 5


def test_a_column_that_is_the_sum_of_others_does_not_give_one_of_them():
    columns = {"i_dag": 6, "gruppe_1": 3, "gruppe_2": 30, "til_sammen": 33}
    data = tidy([cell | {"column": key} for key, count in columns.items() for cell in persons([[count]])])
    shown = control(data, Disclosure(sums={"til_sammen": "gruppe_"}), FIVE).data
    assert visible(shown).tolist() == [True, False, False, True]


def test_rows_of_a_block_with_shares_of_their_own_add_up_to_everybody():
    """The attack: those of everybody who have been on a measure, minus those of the other rows."""
    rows = [[3, 60], [20, 80], [30, 90]]
    cells = [
        {"row_group": "b", "row": f"r{row}", "column": "m12", "unit": "percent", "count": count, "base": base}
        | {"value": 100 * count / base}
        for row, (count, base) in enumerate(rows)
    ]
    checked = control(tidy(cells), Disclosure(margins=("block",)), FIVE).data
    assert visible(checked).tolist() == [False, False, True]
