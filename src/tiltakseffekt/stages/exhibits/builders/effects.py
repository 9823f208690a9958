"""Data of the figures of average effects: Figur 6-2 to 6-8, B-3 to B-5, and all analyses beside each other."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.labels import COMPOSED
from tiltakseffekt.stages.exhibits.tidy import tidy

#: Keys of the years after the (pseudo-)start month (effektrapport_2024 l. 2526).
YEARS: Final = ("maned_1_12", "maned_13_24", "maned_25_36", "maned_37_48")
#: The year that every analysis has: that of starts within two years ends with it.
COMMON_YEAR: Final = "maned_13_24"
#: Measures whose monthly effects stand in the main text (effektrapport_2024 l. 2613).
MONTHLY: Final = ("aft", "arbeidsrettet_rehab", "utdanning")


def figur_maneder_i_arbeid(estimates: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """ATET on months in work: one row per measure or chain, one column per year; Figur 6-6, 6-7 and B-4 too.

    Parameters
    ----------
    estimates
        ESTIMATES.
    arms
        The arms of the evaluation.
    """
    return _by_year(estimates, keys.ALL_MONTHS_IN_WORK, "months_per_year", arms=arms)


def figur_lonnsinntekt(estimates: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """ATET on yearly wage income, 2022-kroner: one row per measure, one column per year; Figur 6-5 too.

    Parameters
    ----------
    estimates
        ESTIMATES.
    arms
        The arms of the evaluation.
    """
    return _by_year(estimates, keys.ALL_WAGE_INCOME, "nok_2022", arms=arms)


def figur_arbeid_tre_tiltak(estimates: pd.DataFrame) -> pd.DataFrame:
    """ATET on the probability of work in each month, percentage points: three measures, one panel each.

    Parameters
    ----------
    estimates
        ESTIMATES.
    """
    return _by_month(estimates, MONTHLY)


def figur_arbeid_alle_tiltak(estimates: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """ATET on the probability of work in each month, percentage points: all measures, one panel each.

    Parameters
    ----------
    estimates
        ESTIMATES.
    arms
        The arms of the evaluation.
    """
    return _by_month(estimates, arms.treated)


def figur_deltakere_og_alle(estimates: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """ATET beside ATE on months in work: one panel per year, one row per measure.

    Parameters
    ----------
    estimates
        ESTIMATES.
    arms
        The arms of the evaluation.
    """
    panel_of = dict(zip(keys.ALL_MONTHS_IN_WORK, YEARS, strict=True))
    both = pd.concat([_chosen(estimates, estimand, arms.treated, panel_of) for estimand in ("atet", "ate")])
    return tidy(
        _cells(both, "months_per_year").assign(
            panel=both["outcome"].map(panel_of), row=both["arm"], column=both["estimand"]
        )
    )


def samtidige_intervaller(estimates: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """ATET on yearly outcomes with the interval of each effect alone and that for all measures and years at once.

    Parameters
    ----------
    estimates
        ESTIMATES.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Row groups are the yearly outcomes, rows the measures.
    """
    column_of = {
        "estimate": "estimat",
        "low": "fra",
        "high": "til",
        "simultaneous_low": "samtidig_fra",
        "simultaneous_high": "samtidig_til",
    }
    units = dict.fromkeys(keys.MONTHS_IN_WORK, "months_per_year") | dict.fromkeys(keys.WAGE_INCOME, "nok_2022")
    order = {outcome: place for place, outcome in enumerate(units)}
    chosen = _chosen(estimates, "atet", arms.treated, order)
    chosen = chosen.sort_values("outcome", key=lambda outcomes: outcomes.map(order), kind="stable")
    return tidy(
        {"row_group": row["outcome"], "row": row["arm"], "column": column, "value": row[name]}
        | {"unit": units[row["outcome"]], "count": row["n_arm"]}
        for row in chosen.to_dict("records")
        for name, column in column_of.items()
    )


def figur_innsatsgrupper(arms: Arms, **by_group: pd.DataFrame) -> pd.DataFrame:
    """ATET on months in work for each group at first registration: one block of rows per group.

    Parameters
    ----------
    by_group
        ESTIMATES by key of the group, each of the sample of that group alone.
    arms
        The arms of the evaluation.
    """
    blocks = [
        figur_maneder_i_arbeid(estimates, arms=arms).assign(row_group=group) for group, estimates in by_group.items()
    ]
    return tidy(pd.concat(blocks, ignore_index=True))


def figur_robusthet(arms: Arms, **by_variant: pd.DataFrame) -> pd.DataFrame:
    """ATET on months in work in the second year by every analysis: one panel per measure, one row per analysis.

    Parameters
    ----------
    by_variant
        ESTIMATES by name of the variant.
    arms
        The arms of the evaluation.
    """
    every = _by_variant(by_variant, arms=arms)
    chosen = every[(every["column"] == COMMON_YEAR) & every["row_group"].isin(arms.measures)]
    return tidy(chosen.assign(panel=chosen["row_group"], row_group=""))


def robusthet(arms: Arms, **by_variant: pd.DataFrame) -> pd.DataFrame:
    """ATET on months in work by every analysis: blocks are measures, rows analyses, columns years.

    Parameters
    ----------
    by_variant
        ESTIMATES by name of the variant.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels ``estimat`` and ``standardfeil``.
    """
    cells = _by_variant(by_variant, arms=arms)
    errors = cells.assign(value=cells["se"], low=float("nan"), high=float("nan"), unit="standard_error")
    return tidy(pd.concat([cells.assign(panel="estimat"), errors.assign(panel="standardfeil")], ignore_index=True))


def to_estimatorer(arms: Arms, **by_variant: pd.DataFrame) -> pd.DataFrame:
    """ATET by year under two estimators: panels are the variants, blocks the outcomes, rows the measures.

    Parameters
    ----------
    by_variant
        ESTIMATES by name of the variant.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Columns are the years, and the standard error of each under its key composed with ``standardfeil``.
    """
    parts = [
        build(estimates, arms).assign(panel=variant, row_group=outcome)
        for variant, estimates in by_variant.items()
        for outcome, build in (("maneder_i_arbeid", figur_maneder_i_arbeid), ("lonnsinntekt", figur_lonnsinntekt))
    ]
    cells = pd.concat(parts, ignore_index=True)
    errors = cells.assign(value=cells["se"], column=cells["column"] + f"{COMPOSED}standardfeil")
    both = pd.concat([cells, errors]).sort_index(kind="stable")
    return tidy(both.assign(low=float("nan"), high=float("nan")))


def _by_variant(by_variant: Mapping[str, pd.DataFrame], arms: Arms) -> pd.DataFrame:
    """Return ATET on months in work: the measure as ``row_group``, the variant as ``row``, in the order given."""
    parts = [
        figur_maneder_i_arbeid(estimates, arms=arms).assign(row_group=lambda cells: cells["row"]).assign(row=variant)
        for variant, estimates in by_variant.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _by_year(estimates: pd.DataFrame, outcomes: Sequence[str], unit: str, arms: Arms) -> pd.DataFrame:
    column_of = dict(zip(outcomes, YEARS, strict=True))
    chosen = _chosen(estimates, "atet", arms.treated_or_chained, column_of)
    return tidy(_cells(chosen, unit).assign(row=chosen["arm"], column=chosen["outcome"].map(column_of)))


def _by_month(estimates: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    month_of = {outcome: month for month, outcome in enumerate(keys.IN_WORK, 1)}
    chosen = _chosen(estimates, "atet", arms, month_of)
    cells = _cells(chosen, "percentage_points", factor=100)
    return tidy(cells.assign(panel=chosen["arm"], row=chosen["arm"], x=chosen["outcome"].map(month_of)))


def _chosen(
    estimates: pd.DataFrame, estimand: str, arms: Sequence[str], outcomes: Mapping[str, object]
) -> pd.DataFrame:
    """Return the estimates of an estimand, by arm and outcome in the order given."""
    chosen = estimates[
        (estimates["estimand"] == estimand)
        & estimates["arm"].isin(list(arms))
        & estimates["outcome"].isin(list(outcomes))
    ]
    place = {key: position for order in (list(arms), list(outcomes)) for position, key in enumerate(order)}
    return chosen.sort_values(["arm", "outcome"], key=lambda keys_of: keys_of.map(place), ignore_index=True)


def _cells(estimates: pd.DataFrame, unit: str, factor: float = 1) -> pd.DataFrame:
    """Return value, interval and standard error; the persons behind an effect are those in the arm."""
    numbers = estimates[["estimate", "low", "high", "se"]].rename(columns={"estimate": "value"}) * factor
    return numbers.assign(unit=unit, count=estimates["n_arm"])
