"""Data of the figures that describe who is registered with NAV: Figur 4-1 and 4-3, seasons, wages and durations."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.months import parse_month, year_of
from tiltakseffekt.stages.exhibits.tidy import tidy

#: First and last month of Figur 4-1 (effektrapport_2024 line 1046).
_STOCK: Final = ("2011-01", "2022-12")
_STATES: Final = (*keys.NAV_GROUPS, keys.NOT_REGISTERED)
#: First and last moment of each half-year: columns of NAV_PATHS, and the words of the panels.
_HALF_YEARS: Final = [(f"m{one}", f"m{other}") for one, other in itertools.pairwise(keys.PATH_MONTHS)]
#: Words of the months in which wages are shown; the first is drawn strongest.
_WAGE_ROWS: Final = {0: "ved_registrering", -12: "m12_for", 24: "m24_etter"}


def figur_registrerte(nav_months: pd.DataFrame) -> pd.DataFrame:
    """Persons in each NAV group in each month.

    Parameters
    ----------
    nav_months
        NAV_MONTHS.
    """
    first, last = map(parse_month, _STOCK)
    shown = _every_month(nav_months[nav_months["month"].between(first, last)])
    return tidy(_calendar(shown, "n").assign(row=shown["nav_group"]))


def figur_sesong(nav_months: pd.DataFrame) -> pd.DataFrame:
    """Persons newly registered in each month, one panel per NAV group.

    Parameters
    ----------
    nav_months
        NAV_MONTHS.
    """
    shown = _every_month(nav_months)
    return tidy(_calendar(shown, "n_new").assign(panel=shown["nav_group"], row=shown["nav_group"]))


def figur_veier_videre(nav_paths: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Persons who move from one group (``row``) to another (``column``) in each half-year (``panel``: its end).

    Parameters
    ----------
    nav_paths
        NAV_PATHS.
    threshold
        Fewest persons who make a move; see `common_paths`.
    """
    paths = common_paths(nav_paths, threshold)
    moves = [(end, paths.groupby([start, end])["n"].sum()) for start, end in _HALF_YEARS]
    return tidy(
        {"panel": end, "row": one, "column": other, "value": float(n), "unit": "persons", "count": n}
        for end, counts in moves
        for one in _STATES
        for other in _STATES
        if (n := int(counts.get((one, other), 0)))
    )


def common_paths(paths: pd.DataFrame, threshold: int, steps: Sequence[tuple[str, str]] = _HALF_YEARS) -> pd.DataFrame:
    """Leave out persons who make a move in some step that few make, until every move left is made by enough.

    Whole paths go, so that no rare move follows from what goes into a group and what comes out of it. Of each first
    group nobody or enough are left out, since its size may be known; its least common first moves go until they are.

    Parameters
    ----------
    paths
        NAV_PATHS, or another table with the first group ``m0``, groups at later moments and persons ``n``.
    threshold
        Fewest persons who make a move.
    steps
        Columns of the moments at which each step begins and ends; the first begins at ``m0``.
    """
    everyone = paths.groupby("m0")["n"].sum()
    kept = paths
    while len(kept):
        move_sizes = [kept.groupby(list(step))["n"].transform("sum") for step in steps]
        left_out = everyone.sub(kept.groupby("m0")["n"].sum(), fill_value=0)
        exposed = kept["m0"].map(left_out.between(1, threshold - 1))
        smallest = move_sizes[0].groupby(kept["m0"]).transform("min")
        rare = pd.concat(move_sizes, axis=1).min(axis=1) < threshold
        goes = rare if rare.any() else exposed & (move_sizes[0] == smallest)
        if not goes.any():
            break
        kept = kept[~goes]
    return kept


def figur_inntekt(wage_classes: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Monthly wages of those in work, per cent in each class: a panel per first NAV group, a row per month.

    Parameters
    ----------
    wage_classes
        WAGE_CLASSES.
    threshold
        Fewest persons in the lowest and the highest class of a curve, which take in those outside them.
    """
    curves = wage_classes.groupby(["first_group", "month_since_registration"])
    counts = {key: fold_ends(curve.set_index("wage_from")["n"], threshold) for key, curve in curves}
    return tidy(
        {"panel": group, "row": row, "x": (wage + keys.WAGE_CLASS / 2) / 1000, "unit": "percent"}
        | {"value": 100 * n / curve.sum(), "count": n, "base": curve.sum()}
        for group in keys.NAV_GROUPS
        for month, row in _WAGE_ROWS.items()
        if (curve := counts.get((group, month))) is not None
        for wage, n in zip(curve.index.to_numpy(), curve.to_numpy(), strict=True)
    )


def fold_ends(classes: pd.Series, threshold: int) -> pd.Series:
    """Add the outermost classes to their neighbours until both ends hold enough persons.

    Parameters
    ----------
    classes
        Persons by lower end of the class; empty classes may be absent.
    threshold
        Fewest persons at an end.
    """
    counts = classes.reindex(range(classes.index.min(), classes.index.max() + 1, keys.WAGE_CLASS), fill_value=0)
    for _ in range(2):
        so_far = counts.cumsum()
        enough = so_far[so_far >= threshold].index
        if len(enough):
            counts = counts.loc[enough[0] :]
            counts.iloc[0] = so_far[enough[0]]
        counts = counts[::-1]
    return counts


def figur_varighet(measure_survival: pd.DataFrame, threshold: int, arms: Arms) -> pd.DataFrame:
    """Share still on the first measure after each month, one panel per measure.

    A step that rests on fewer than `threshold` ended measures is joined with the next. ``count`` is how many ended
    in the step, ``base`` how many were at risk in its first month.

    Parameters
    ----------
    measure_survival
        MEASURE_SURVIVAL.
    threshold
        Fewest persons behind a step.
    arms
        The arms of the evaluation.
    """
    curves = {measure: curve.sort_values("month") for measure, curve in measure_survival.groupby("measure")}
    return tidy(
        {"panel": measure, "row": measure, "unit": "percent"} | point
        for measure in arms.treated
        if measure in curves
        for point in _steps(curves[measure], threshold)
    )


def _steps(curve: pd.DataFrame, threshold: int) -> Iterator[dict[str, Any]]:
    months = curve.to_dict("records")
    yield {"x": 0, "value": 100.0, "count": 0, "base": months[0]["at_risk"]}
    ended, base = 0, None
    for month in months:
        ended, base = ended + month["ended"], base or month["at_risk"]
        if 0 < ended < threshold:
            continue
        numbers = {"value": month["survival"], "low": month["low"], "high": month["high"]}
        yield {"x": month["month"], "count": ended, "base": base} | {key: 100 * n for key, n in numbers.items()}
        ended, base = 0, None


def _every_month(nav_months: pd.DataFrame) -> pd.DataFrame:
    """Return every month between the first and the last for each group with anybody in it, groups in order."""
    groups = [group for group in keys.NAV_GROUPS if (nav_months["nav_group"] == group).any()]
    months = range(int(nav_months["month"].min()), int(nav_months["month"].max()) + 1) if groups else range(0)
    every = pd.MultiIndex.from_product([groups, months], names=["nav_group", "month"])
    return nav_months.set_index(["nav_group", "month"]).reindex(every, fill_value=0).reset_index()


def _calendar(months: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return persons by calendar time, which is the year with the part of it gone when the month begins."""
    return pd.DataFrame(
        {
            "x": [year_of(month) + month % 12 / 12 for month in months["month"]],
            "value": months[column].astype("float64"),
            "unit": "persons",
            "count": months[column],
        }
    )
