"""The cost-benefit table: every quantity of Tabell 7-2 to 7-6, on estimated and on specified inputs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys, schemas
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.cost_benefit.parameters import General, Measure, Parameters
from tiltakseffekt.cost_benefit.valuation import (
    MONTHS_PER_YEAR,
    Array,
    Benefits,
    Costs,
    Span,
    caseworker_hours,
    course_benefits,
    course_costs,
    effect_spans,
)

AS_ESTIMATED: Final = "as_estimated"
AS_SPECIFIED: Final = "as_specified"
BASES: Final = (AS_ESTIMATED, AS_SPECIFIED)

DURATION: Final = "gjennomsnittlig_varighet"
COST: Final = "total_samfunnsokonomisk_kostnad"
#: Columns of Tabell 7-5 that hold the effect in each span, without and with an effect that begins in year 4.
EFFECT_ITEMS: Final = ("effekt_lonn_ar_0_1", "effekt_lonn_ar_1_2", "effekt_lonn_ar_2_7")
LATE_EFFECT_ITEMS: Final = ("effekt_lonn_ar_0_1", "effekt_lonn_ar_1_2", "effekt_lonn_ar_2_3", "effekt_lonn_ar_2_7")
SUM: Final = "sum_prissatte_virkninger"

_KRONER: Final = "nok_2022"
_PER_MONTH: Final = "nok_2022_per_month"


@dataclass(frozen=True)
class Inputs:
    """What one basis says of one measure.

    Parameters
    ----------
    duration
        Months on the measure.
    tiltakspenger_share
        Share of those months with tiltakspenger, 0-1.
    effects
        Effect on the monthly wage in each span, kroner.
    covariance
        Of the effects, shape (spans, spans); None when they are not estimated.
    spans
        Months in which each effect holds.
    participants
        Persons behind the inputs; None when they are not estimated.
    """

    duration: float
    tiltakspenger_share: float
    effects: tuple[float, ...]
    covariance: Array | None
    spans: tuple[Span, ...]
    participants: int | None


def specified_inputs(measure: Measure, general: General) -> Inputs:
    """Return what the document prints of a measure."""
    late = measure.late_effect
    effects = (measure.wage_effect_y1.value, measure.wage_effect_y2.value, measure.wage_effect_y3.value)
    return Inputs(
        duration=measure.duration.value,
        tiltakspenger_share=measure.tiltakspenger_share.share,
        effects=(*effects, late.wage_effect.value) if late else effects,
        covariance=None,
        spans=effect_spans(general.effect_persistence.value, late.persistence.value if late else None),
        participants=None,
    )


def estimated_inputs(
    entries: pd.DataFrame,
    sample: pd.DataFrame,
    estimates: pd.DataFrame,
    covariances: pd.DataFrame,
    general: General,
) -> dict[str, Inputs]:
    """Return what the registers and the effect analysis say, for each measure with participants and estimates.

    The effects are the ATET on yearly wage income over 12. No effect of year 4 is estimated, so that of year 3 lasts
    as long for every measure.

    Parameters
    ----------
    entries, sample
        Tables ENTRIES and SAMPLE; durations are those of the persons in the sample.
    estimates, covariances
        Tables ESTIMATES and COVARIANCES.
    general
        How long the effect of year 3 lasts.

    Raises
    ------
    FaultsFound
        If an estimate has no covariance, or a person of the sample no entry.
    """
    courses = sample.loc[sample["arm"] != keys.CONTROL, ["person_id", "arm"]].merge(
        entries[["person_id", "duration", "tiltakspenger_months"]], on="person_id", how="left", validate="one_to_one"
    )
    atet = estimates[(estimates["estimand"] == "atet") & estimates["outcome"].isin(keys.WAGE_INCOME)]
    effects = atet.pivot(index="arm", columns="outcome", values="estimate").reindex(columns=list(keys.WAGE_INCOME))
    matrices = _covariance_matrices(covariances)
    arms = [key for key in keys.COST_BENEFIT_MEASURES if key in effects.index and (courses["arm"] == key).any()]
    _refuse_gaps(courses, effects.loc[arms], matrices)
    spans = effect_spans(general.effect_persistence.value)
    return {
        arm: _estimated(courses[courses["arm"] == arm], effects.loc[arm].to_numpy(np.float64), matrices[arm], spans)
        for arm in arms
    }


def _covariance_matrices(covariances: pd.DataFrame) -> dict[str, Array]:
    wage = covariances[
        (covariances["estimand"] == "atet")
        & covariances["outcome_a"].isin(keys.WAGE_INCOME)
        & covariances["outcome_b"].isin(keys.WAGE_INCOME)
    ]
    names = list(keys.WAGE_INCOME)
    return {
        str(arm): rows.pivot(index="outcome_a", columns="outcome_b", values="covariance")
        .reindex(index=names, columns=names)
        .to_numpy(np.float64)
        for arm, rows in wage.groupby("arm")
    }


def _refuse_gaps(courses: pd.DataFrame, effects: pd.DataFrame, matrices: dict[str, Array]) -> None:
    remedy = "Run the stages before this one again; if it stays, report it as a defect."
    missing = {
        ("entries", "duration", "a person of the sample has no course"): int(courses["duration"].isna().sum()),
        ("estimates", "estimate", "a measure lacks the effect of a year"): int(effects.isna().any(axis=1).sum()),
        ("covariances", "covariance", "an estimated measure lacks covariances of its yearly effects"): sum(
            arm not in matrices or bool(np.isnan(matrices[arm]).any()) for arm in map(str, effects.index)
        ),
    }
    if faults := [Fault(*where, count, remedy) for where, count in missing.items() if count]:
        raise FaultsFound(faults)


def _estimated(courses: pd.DataFrame, yearly: Array, covariance: Array, spans: tuple[Span, ...]) -> Inputs:
    months = float(courses["duration"].sum())
    return Inputs(
        duration=months / len(courses),
        tiltakspenger_share=float(courses["tiltakspenger_months"].sum()) / months if months else 0.0,
        effects=tuple((yearly / MONTHS_PER_YEAR).tolist()),
        covariance=covariance / MONTHS_PER_YEAR**2,
        spans=spans,
        participants=len(courses),
    )


def compute_cost_benefit(
    entries: pd.DataFrame,
    sample: pd.DataFrame,
    estimates: pd.DataFrame,
    covariances: pd.DataFrame,
    parameters: Parameters,
) -> pd.DataFrame:
    """Compute every quantity of the analysis, on estimated and on specified inputs.

    Parameters
    ----------
    entries, sample, estimates, covariances
        Tables of those schemas.
    parameters
        Checked parameters.

    Returns
    -------
    pandas.DataFrame
        Table COST_BENEFIT. A measure without participants or estimates stands on the specified basis only. Standard
        errors hold the uncertainty of the effects alone; durations, shares and parameters are taken as known.

    Raises
    ------
    FaultsFound
        If an estimate has no covariance, or a person of the sample no entry.
    """
    general, measures = parameters.general, parameters.measures.by_key()
    estimated = estimated_inputs(entries, sample, estimates, covariances, general)
    specified = {key: specified_inputs(measure, general) for key, measure in measures.items()}
    rows = [
        {"basis": basis, "measure": key, **row}
        for basis, inputs in zip(BASES, (estimated, specified), strict=True)
        for key, given in inputs.items()
        for row in _rows(measures[key], general, given)
    ]
    table = pd.DataFrame(rows).reindex(columns=list(schemas.COST_BENEFIT.columns))
    return table.astype({"value": "float64", "se": "float64", "n": "Int64", "text": "str"}).assign(
        text=lambda t: t["text"].where(t["unit"] == "text")
    )


def _rows(measure: Measure, general: General, given: Inputs) -> Iterator[dict[str, Any]]:
    costs = course_costs(measure, general, given.duration, given.tiltakspenger_share)
    benefits = course_benefits(given.effects, given.covariance, given.spans, general)
    observed = {"n": given.participants}
    duration = {"item": DURATION, "value": given.duration, "unit": "months", **observed}

    yield from _in("tabell-7-2", duration, _nav_items(costs, observed))
    yield from _in("tabell-7-3", duration, _caseworker_items(costs, caseworker_hours(measure, general), observed))
    yield from _in("tabell-7-4", duration, _allowance_items(costs, given.tiltakspenger_share, observed))
    yield from _in("tabell-7-5", *_effect_items(given, benefits, observed))
    yield from _in("tabell-7-6", *_sum_items(measure, costs, benefits, observed))


def _in(exhibit: str, *items: Any) -> Iterator[dict[str, Any]]:
    for item in items:
        for row in [item] if isinstance(item, dict) else item:
            yield {"exhibit": exhibit, **row}


def _nav_items(costs: Costs, observed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"item": "budsjettkostnad_per_maned", "value": costs.nav_month, "unit": _PER_MONTH}
    yield {"item": COST, "value": costs.nav, "unit": _KRONER, **observed}


def _caseworker_items(costs: Costs, hours: float, observed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"item": "gjennomsnittlig_mer_tidsbruk_for_veileder_per_maned_i_tiltak", "value": hours, "unit": "hours"}
    yield {"item": "budsjettmessig_kostnad_per_maned", "value": costs.caseworker_month, "unit": _PER_MONTH}
    yield {"item": COST, "value": costs.caseworker, "unit": _KRONER, **observed}


def _allowance_items(costs: Costs, share: float, observed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {
        "item": "andel_av_tiltaksmaneder_med_tiltakspenger",
        "value": 100 * share,
        "unit": "percent",
        **observed,
    }
    yield {
        "item": "budsjettmessig_kostnad_per_maned",
        "value": costs.tiltakspenger_month,
        "unit": _PER_MONTH,
        **observed,
    }
    yield {"item": COST, "value": costs.tiltakspenger, "unit": _KRONER, **observed}


def _effect_items(given: Inputs, benefits: Benefits, observed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    items = EFFECT_ITEMS if len(given.effects) == len(EFFECT_ITEMS) else LATE_EFFECT_ITEMS
    errors = [math.nan] * len(items) if given.covariance is None else np.sqrt(np.diag(given.covariance)).tolist()
    for item, effect, error in zip(items, given.effects, errors, strict=True):
        yield {"item": item, "value": effect, "se": error, "unit": _PER_MONTH, **observed}
    yield {
        "item": "effektens_slutt_etter_oppstart",
        "value": given.spans[-1].last / MONTHS_PER_YEAR,
        "unit": "years",
    }
    yield {
        "item": "total_samfunnsokonomisk_virkning",
        "value": benefits.value_creation,
        "se": benefits.value_creation_se,
        "unit": _KRONER,
        **observed,
    }


def _sum_items(
    measure: Measure, costs: Costs, benefits: Benefits, observed: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    total = benefits.total - costs.total
    amounts = {
        "tiltakskostnader_finansiert_av_nav": (0.0 - costs.nav, math.nan),
        "tiltakspenger": (0.0 - costs.tiltakspenger, math.nan),
        "merkostnad_nav_veileders_tidsbruk": (0.0 - costs.caseworker, math.nan),
        "effekt_pa_verdiskaping": (benefits.value_creation, benefits.value_creation_se),
        "spart_trygd_som_folge_av_okt_arbeid": (benefits.saved_benefits, benefits.saved_benefits_se),
        SUM: (total, benefits.total_se),
    }
    for item, (value, se) in amounts.items():
        yield {"item": item, "value": value, "se": se, "unit": _KRONER, **observed}
    others = {"item": "tiltakskostnader_i_andre_sektorer", "unit": _KRONER}
    yield others if costs.other_sectors is None else {**others, "value": 0.0 - costs.other_sectors, **observed}
    words = {
        "fortrengingseffekt": (measure.displacement.value, {}),
        "systemeffekt_eksternalitet_av_at_andre_blir_sendt_pa_tiltak": (measure.system_effect.value, {}),
        "samlet_netto_nytte": ("positiv" if total > 0 else "negativ", observed),
    }
    for item, (word, behind) in words.items():
        yield {"item": item, "text": word, "unit": "text", **behind}
