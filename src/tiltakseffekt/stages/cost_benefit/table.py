"""The cost-benefit table: every quantity of Tabell 7-2 to 7-6 of one course of each measure."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.stages.cost_benefit import schemas
from tiltakseffekt.stages.cost_benefit.engine import (
    ALLOWANCE,
    CASEWORKER,
    MONTHS_PER_YEAR,
    NAV,
    OTHER_SECTORS,
    SAVED_BENEFITS,
    VALUE_CREATION,
    Array,
    Case,
    stay_of_durations,
    stay_of_mean,
)
from tiltakseffekt.stages.cost_benefit.parameters import General, Measure, Parameters
from tiltakseffekt.stages.cost_benefit.valuation import (
    Valued,
    caseworker_hours,
    effect_spans,
    month_on_measure,
    rates_of,
    value_case,
)

AS_ESTIMATED: Final = "as_estimated"

DURATION: Final = "gjennomsnittlig_varighet"
COST: Final = "total_samfunnsokonomisk_kostnad"
#: Columns of Tabell 7-5 that hold the effect in each span, without and with an effect that begins in year 4.
EFFECT_ITEMS: Final = ("effekt_lonn_ar_0_1", "effekt_lonn_ar_1_2", "effekt_lonn_ar_2_7")
LATE_EFFECT_ITEMS: Final = ("effekt_lonn_ar_0_1", "effekt_lonn_ar_1_2", "effekt_lonn_ar_2_3", "effekt_lonn_ar_2_7")
SUM: Final = "sum_prissatte_virkninger"
#: Stands for the numbers of a measure of which no price is registered.
NO_PRICE: Final = "pris_mangler"
#: Tables, and the quantity of each that needs a price.
_PRICED: Final = {
    "tabell-7-2": COST,
    "tabell-7-3": COST,
    "tabell-7-4": COST,
    "tabell-7-5": "total_samfunnsokonomisk_virkning",
    "tabell-7-6": SUM,
}
#: The year in which an effect begins that replaces that of year 3.
_LATE_INCOME: Final = keys.ALL_WAGE_INCOME[len(EFFECT_ITEMS)]

_KRONER: Final = "nok_2022"
_PER_MONTH: Final = "nok_2022_per_month"


@dataclass(frozen=True)
class Inputs:
    """What one basis says of one measure.

    Parameters
    ----------
    case
        The course for the engine.
    duration
        Mean months on the measure.
    tiltakspenger_share
        Share of those months with tiltakspenger, 0-1.
    caseworker_hours
        Extra hours of a caseworker per month on the measure.
    covariance
        Of the effects, shape (spans, spans); None when they are not estimated.
    participants
        Persons behind the inputs; None when they are not estimated.
    alternative
        Effects that are tried in place of those of the course; None when there are none.
    """

    case: Case
    duration: float
    tiltakspenger_share: float
    caseworker_hours: float
    covariance: Array | None = None
    participants: int | None = None
    alternative: tuple[float, ...] | None = None


def course_of(measure: Measure, general: General, share: float, stay: Array, effects: tuple[float, ...]) -> Case:
    """Return a course for the engine.

    Parameters
    ----------
    measure, general
        Prices and rates.
    share
        Share of the months with tiltakspenger, 0-1.
    stay
        Share of the participants on the measure by month.
    effects
        Effects of the years on the monthly wage, kroner; of four, the last replaces that of year 3 from year 4 on.
    """
    late = measure.late_effect if len(effects) > len(EFFECT_ITEMS) else None
    usual = general.effect_persistence.value
    return Case(
        rates=rates_of(general),
        month=month_on_measure(measure, general, share),
        stay=stay,
        effects=effects,
        spans=effect_spans(usual, late.persistence.value if late else None),
        deadweight=general.deadweight.share,
        displacement=general.displacement.share,
        fade_out=general.fade_out.share,
        lasting=late.persistence.value / usual if late else 1.0,
    )


def estimated_inputs(
    entries: pd.DataFrame,
    sample: pd.DataFrame,
    estimates: pd.DataFrame,
    covariances: pd.DataFrame,
    parameters: Parameters,
    others: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, Inputs]:
    """Return what the registers and the effect analysis say, for each priced measure with participants and estimates.

    The effects are the ATET on yearly wage income over 12. An effect that begins in year 4 is that of another sample,
    which is followed longer; its error counts as independent of those of the first three years.

    Parameters
    ----------
    entries, sample
        Tables ENTRIES and SAMPLE; durations are those of the persons in the sample.
    estimates, covariances
        Tables ESTIMATES and COVARIANCES.
    parameters
        Prices of the measures, and how long the effect of year 3 lasts.
    others
        Variant to its table ESTIMATES, of the samples that `parameters` name; what is not there is left out, so that
        the effect of year 3 lasts as long as that of other measures.

    Raises
    ------
    FaultsFound
        If an estimate has no covariance, or a person of the sample no entry.
    """
    courses = courses_of(entries, sample)
    atet = estimates[(estimates["estimand"] == "atet") & estimates["outcome"].isin(keys.WAGE_INCOME)]
    effects = atet.pivot(index="arm", columns="outcome", values="estimate").reindex(columns=list(keys.WAGE_INCOME))
    matrices = _covariance_matrices(covariances)
    arms = [key for key in parameters.measures if key in effects.index and (courses["arm"] == key).any()]
    _refuse_gaps(courses, effects.loc[arms], matrices)
    found = {}
    for arm in arms:
        measure = parameters.measures[arm]
        yearly, covariance = effects.loc[arm].to_numpy(np.float64), matrices[arm]
        if measure.late_effect:
            late = _income_effects(others, measure.late_effect.variant, arm, [_LATE_INCOME])
            yearly, covariance = _with_late_effect(yearly, covariance, late)
        inputs = _estimated(measure, parameters.general, courses[courses["arm"] == arm], yearly, covariance)
        if measure.alternative_sample:
            tried = _income_effects(others, measure.alternative_sample.variant, arm, keys.WAGE_INCOME)
            inputs = replace(inputs, alternative=_monthly(tried["estimate"]) if len(tried) else None)
        found[arm] = inputs
    return found


def _income_effects(
    others: Mapping[str, pd.DataFrame] | None, variant: str, arm: str, outcomes: Iterable[str]
) -> pd.DataFrame:
    """Return the ATET on yearly income that a variant estimates, with errors; nothing when it lacks one of them."""
    wanted = list(outcomes)
    table = (others or {}).get(variant)
    if table is None:
        return pd.DataFrame(columns=["estimate", "se"])
    rows = table[(table["estimand"] == "atet") & (table["arm"] == arm)].set_index("outcome")
    found = rows.reindex(wanted)[["estimate", "se"]]
    return found if found.notna().all(axis=None) else found.iloc[:0]


def _monthly(yearly: pd.Series) -> tuple[float, ...]:
    return tuple((yearly.to_numpy(np.float64) / MONTHS_PER_YEAR).tolist())


def _with_late_effect(yearly: Array, covariance: Array, late: pd.DataFrame) -> tuple[Array, Array]:
    """Add an effect of another sample, if there is one, to effects and their covariance."""
    if not len(late):
        return yearly, covariance
    size = len(yearly)
    wider = np.zeros((size + 1, size + 1))
    wider[:size, :size] = covariance
    wider[size, size] = float(late["se"].iloc[0]) ** 2
    return np.append(yearly, late["estimate"].to_numpy(np.float64)), wider


def courses_of(entries: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """Return the course of each participant of the sample: person_id, arm, duration and tiltakspenger_months."""
    return sample.loc[sample["arm"] != keys.CONTROL, ["person_id", "arm"]].merge(
        entries[["person_id", "duration", "tiltakspenger_months"]], on="person_id", how="left", validate="one_to_one"
    )


def observed_course(courses: pd.DataFrame, general: General) -> tuple[Array, float]:
    """Return the share on the measure by month, and the share of months with tiltakspenger, of some courses."""
    durations = courses["duration"].to_numpy(np.float64)
    months = float(durations.sum())
    share = float(courses["tiltakspenger_months"].sum()) / months if months else 0.0
    mean = general.time_on_measure.value == "mean_duration"
    return stay_of_mean(months / len(courses)) if mean else stay_of_durations(durations), share


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


def _estimated(measure: Measure, general: General, courses: pd.DataFrame, yearly: Array, covariance: Array) -> Inputs:
    stay, share = observed_course(courses, general)
    return Inputs(
        case=course_of(measure, general, share, stay, tuple((yearly / MONTHS_PER_YEAR).tolist())),
        duration=float(courses["duration"].mean()),
        tiltakspenger_share=share,
        caseworker_hours=caseworker_hours(measure, general),
        covariance=covariance / MONTHS_PER_YEAR**2,
        participants=len(courses),
    )


def compute_cost_benefit(
    estimated: Mapping[str, Inputs], parameters: Parameters, unpriced: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Compute every quantity of the analysis.

    Parameters
    ----------
    estimated
        Measure to what `estimated_inputs` says of it.
    parameters
        Checked parameters.
    unpriced
        Measures of which no price is registered, to their participants.

    Returns
    -------
    pandas.DataFrame
        Table COST_BENEFIT. A measure without participants or estimates is not there; of one without a price the table
        says just that (`NO_PRICE`). Standard errors hold the uncertainty of the effects alone; durations, shares and
        parameters are taken as known.
    """
    told = [
        {"basis": AS_ESTIMATED, "exhibit": exhibit, "measure": measure, "item": item, "unit": "text"}
        | {"text": NO_PRICE, "n": participants}
        for measure, participants in (unpriced or {}).items()
        for exhibit, item in _PRICED.items()
    ]
    return pd.concat([basis_table(AS_ESTIMATED, estimated, parameters.measures), _table(told)], ignore_index=True)


def unpriced_measures(sample: pd.DataFrame, parameters: Parameters, valued: Sequence[str]) -> dict[str, int]:
    """Return those of the measures to value that have participants but no price, to their participants."""
    participants = sample["arm"].value_counts()
    return {key: int(participants[key]) for key in parameters.unpriced(valued) if key in participants}


def basis_table(basis: str, inputs: Mapping[str, Inputs], measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Return every quantity of the analysis on one basis.

    Parameters
    ----------
    basis
        Its name.
    inputs
        Measure to what the basis says of it.
    measures
        Measure to its parameters, for the judgements in words.
    """
    rows = [
        {"basis": basis, "measure": key, **row} for key, given in inputs.items() for row in _rows(measures[key], given)
    ]
    return _table(rows)


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(rows).reindex(columns=list(schemas.COST_BENEFIT.columns))
    return table.astype({"value": "float64", "se": "float64", "n": "Int64", "text": "str"}).assign(
        text=lambda t: t["text"].where(t["unit"] == "text")
    )


def _rows(measure: Measure, given: Inputs) -> Iterator[dict[str, Any]]:
    valued = value_case(given.case, given.covariance)
    observed = {"n": given.participants}
    duration = {"item": DURATION, "value": given.duration, "unit": "months", **observed}

    yield from _in("tabell-7-2", duration, _nav_items(given, valued, observed))
    yield from _in("tabell-7-3", duration, _caseworker_items(given, valued, observed))
    yield from _in("tabell-7-4", duration, _allowance_items(given, valued, observed))
    yield from _in("tabell-7-5", *_effect_items(given, valued, observed))
    yield from _in("tabell-7-6", *_sum_items(measure, valued, observed))


def _in(exhibit: str, *items: Any) -> Iterator[dict[str, Any]]:
    for item in items:
        for row in [item] if isinstance(item, dict) else item:
            yield {"exhibit": exhibit, **row}


def _nav_items(given: Inputs, valued: Valued, observed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    month = given.case.month
    yield {"item": "budsjettkostnad_per_maned", "value": month.bought + month.transferred, "unit": _PER_MONTH}
    yield {"item": COST, "value": -valued.values[NAV], "unit": _KRONER, **observed}


def _caseworker_items(given: Inputs, valued: Valued, observed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {
        "item": "gjennomsnittlig_mer_tidsbruk_for_veileder_per_maned_i_tiltak",
        "value": given.caseworker_hours,
        "unit": "hours",
    }
    yield {"item": "budsjettmessig_kostnad_per_maned", "value": given.case.month.caseworker, "unit": _PER_MONTH}
    yield {"item": COST, "value": -valued.values[CASEWORKER], "unit": _KRONER, **observed}


def _allowance_items(given: Inputs, valued: Valued, observed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {
        "item": "andel_av_tiltaksmaneder_med_tiltakspenger",
        "value": 100 * given.tiltakspenger_share,
        "unit": "percent",
        **observed,
    }
    yield {
        "item": "budsjettmessig_kostnad_per_maned",
        "value": given.case.month.allowance,
        "unit": _PER_MONTH,
        **observed,
    }
    yield {"item": COST, "value": 0.0 - valued.values[ALLOWANCE], "unit": _KRONER, **observed}


def _effect_items(given: Inputs, valued: Valued, observed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    effects = given.case.effects
    items = EFFECT_ITEMS if len(effects) == len(EFFECT_ITEMS) else LATE_EFFECT_ITEMS
    errors = [math.nan] * len(items) if given.covariance is None else np.sqrt(np.diag(given.covariance)).tolist()
    for item, effect, error in zip(items, effects, errors, strict=True):
        yield {"item": item, "value": effect, "se": error, "unit": _PER_MONTH, **observed}
    yield {
        "item": "effektens_slutt_etter_oppstart",
        "value": given.case.spans[-1].last / MONTHS_PER_YEAR,
        "unit": "years",
    }
    yield {
        "item": "total_samfunnsokonomisk_virkning",
        "value": valued.values[VALUE_CREATION],
        "se": valued.se(VALUE_CREATION),
        "unit": _KRONER,
        **observed,
    }


def _sum_items(measure: Measure, valued: Valued, observed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in (NAV, ALLOWANCE, CASEWORKER, VALUE_CREATION, SAVED_BENEFITS):
        yield {"item": item, "value": valued.values[item], "se": valued.se(item), "unit": _KRONER, **observed}
    yield {"item": SUM, "value": valued.net, "se": valued.net_se, "unit": _KRONER, **observed}
    others = {"item": OTHER_SECTORS, "unit": _KRONER}
    outside = valued.values.get(OTHER_SECTORS)
    yield others if outside is None else {**others, "value": outside, **observed}
    judgements = {
        "fortrengingseffekt": measure.displacement,
        "systemeffekt_eksternalitet_av_at_andre_blir_sendt_pa_tiltak": measure.system_effect,
    }
    words: dict[str, tuple[str, dict[str, Any]]] = {
        **{item: (judged.value, {}) for item, judged in judgements.items() if judged},
        "samlet_netto_nytte": ("positiv" if valued.net > 0 else "negativ", observed),
    }
    for item, (word, behind) in words.items():
        yield {"item": item, "text": word, "unit": "text", **behind}
