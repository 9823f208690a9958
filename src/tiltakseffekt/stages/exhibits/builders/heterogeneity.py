"""Data of the exhibits of effects by group: Tabell 6-7 and the effect by age."""

from typing import Final

import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.stages.heterogeneity.gate import GROUPINGS

#: Characteristic in the table ``gate`` to block of rows.
ROW_GROUPS: Final = {
    "innsatsgruppe": "gruppe_innsats",
    "sex": "gruppe_kjonn",
    "age_group": "gruppe_alder",
    "landgruppe": "gruppe_innvandring",
    "ledighetskategori": "gruppe_ledighet",
}
#: The printed legend says 10, 5 and 1 per cent (effektrapport_2024 l. 2998); the printed stars fit these levels only.
STARS: Final = (0.05, 0.01, 0.001)
#: The outcome of Tabell 6-7, and of all exhibits beside it.
OUTCOME: Final = "months_in_work_y3"


def effekt_i_grupper(gate: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Group effects on months in work in the third year: estimate, standard error and stars of ten measures.

    Parameters
    ----------
    gate
        GATE.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels ``estimat``, ``standardfeil`` and ``stjerner`` (one, two, three: 5, 1 and 0.1 per cent); row groups are
        the characteristics, rows the constant and the differences from it, columns the measures. The count is that of
        persons of the group on the measure.
    """
    place = {key: position for position, key in enumerate(arms.measures)}
    rows = {term: position for position, term in enumerate(t for g in GROUPINGS for t in g.terms.values())}
    chosen = gate[(gate["outcome"] == OUTCOME) & gate["arm"].isin(list(arms.measures))]
    chosen = chosen.assign(order=chosen["term"].map(rows), place=chosen["arm"].map(place))
    chosen = chosen.sort_values(["order", "place"], ignore_index=True)
    cells = pd.DataFrame(
        {
            "row_group": chosen["grouping"].map(ROW_GROUPS),
            "row": chosen["term"],
            "column": chosen["arm"],
            "count": chosen["n_group_arm"],
        }
    )
    return with_stars(cells, chosen)


def with_stars(cells: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return estimates, standard errors and stars as panels.

    Parameters
    ----------
    cells
        Where each estimate stands, and its count.
    chosen
        ``estimate``, ``se`` and ``p_value`` of the same rows; months in work.
    """
    stars = [sum(p_value < level for level in STARS) * "*" for p_value in chosen["p_value"]]
    panels = [
        cells.assign(panel="estimat", value=chosen["estimate"], se=chosen["se"], unit="months_per_year"),
        cells.assign(panel="standardfeil", value=chosen["se"], unit="standard_error"),
        cells.assign(panel="stjerner", text=stars, unit="stars"),
    ]
    return tidy(pd.concat(panels, ignore_index=True))


def figur_alder(effect_curves: pd.DataFrame, threshold: int, arms: Arms) -> pd.DataFrame:
    """Effect on months in work in the third year by age: one panel per measure.

    Parameters
    ----------
    effect_curves
        EFFECT_CURVES.
    threshold
        Fewest participants within the window of a point; points with fewer are left out. The count of every point is
        that of the whole arm: windows of neighbouring points differ by the participants of one age, so that their
        counts would tell how many there are of each.
    arms
        The arms of the evaluation.
    """
    return _curves(effect_curves, "age", threshold, arms=arms)


def figur_arbeidshistorikk(effect_curves: pd.DataFrame, threshold: int, arms: Arms) -> pd.DataFrame:
    """Effect on months in work in the third year by months in work before registration: one panel per measure.

    Parameters
    ----------
    effect_curves
        EFFECT_CURVES.
    threshold
        As in `figur_alder`.
    arms
        The arms of the evaluation.
    """
    return _curves(effect_curves, "work_history", threshold, arms=arms)


def _curves(effect_curves: pd.DataFrame, characteristic: str, threshold: int, arms: Arms) -> pd.DataFrame:
    """Return points with the interval of each alone (``punktvis``) and that of the whole curve (``hele_kurven``)."""
    place = {key: position for position, key in enumerate(arms.measures)}
    chosen = effect_curves[
        (effect_curves["outcome"] == OUTCOME)
        & (effect_curves["characteristic"] == characteristic)
        & effect_curves["arm"].isin(list(arms.measures))
        & (effect_curves["n_window_arm"] >= threshold)
    ]
    chosen = chosen.assign(place=chosen["arm"].map(place)).sort_values(["place", "at"], ignore_index=True)
    cells = pd.DataFrame(
        {
            "panel": chosen["arm"],
            "x": chosen["at"],
            "value": chosen["estimate"],
            "se": chosen["se"],
            "unit": "months_per_year",
            "count": chosen["n_arm"],
        }
    )
    bands = [
        cells.assign(row=row, low=chosen[low], high=chosen[high])
        for row, low, high in (("punktvis", "low", "high"), ("hele_kurven", "uniform_low", "uniform_high"))
    ]
    return tidy(pd.concat(bands, ignore_index=True))
