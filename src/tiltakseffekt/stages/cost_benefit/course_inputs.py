"""The table COURSE_INPUTS: all that the engine needs to value a course anew under other assumptions."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd
from scipy import stats

from tiltakseffekt.stages.cost_benefit import schemas
from tiltakseffekt.stages.cost_benefit.parameters import Parameters
from tiltakseffekt.stages.cost_benefit.table import Inputs
from tiltakseffekt.stages.cost_benefit.valuation import value_case

PARAMETER: Final = "parameter"
#: Parameters that hold for all measures and that a reader may move.
MOVABLE: Final = ("discount_rate", "effect_persistence", "fade_out", "displacement", "tax_financing_cost")
#: Parameters that stay.
FIXED: Final = ("real_wage_growth", "labour_cost_factor", "saved_benefits_share", "tax_on_benefits", "deadweight")
WORDS: Final = ("timing", "time_on_measure")
#: Half the width of the intervals, in standard errors.
HALF_WIDTH: Final = "half_width"
NET: Final = "netto"
#: Times as long as for most measures that the effects last.
LASTING: Final = "effekt_varer_ganger"
_KRONER: Final = "nok_2022"
_PER_MONTH: Final = "nok_2022_per_month"


def course_inputs(estimated: Mapping[str, Inputs], parameters: Parameters, confidence: float) -> pd.DataFrame:
    """Return the table COURSE_INPUTS.

    Parameters
    ----------
    estimated
        Measure to what the estimated basis says of it.
    parameters
        Checked parameters.
    confidence
        Level of the intervals, 0-1.
    """
    half = float(stats.norm.ppf(0.5 + confidence / 2))
    rows = [*_parameters(parameters), {"subject": HALF_WIDTH, "item": PARAMETER, "value": half, "unit": "factor"}]
    for measure, given in estimated.items():
        rows += [{"subject": measure, "n": given.participants, **row} for row in _measure(given, half)]
    table = pd.DataFrame(rows).reindex(columns=list(schemas.COURSE_INPUTS.columns))
    return table.astype({"value": "float64", "low": "float64", "high": "float64", "n": "Int64", "text": "str"}).assign(
        text=lambda t: t["text"].where(t["unit"] == "text")
    )


def _parameters(parameters: Parameters) -> Iterator[dict[str, Any]]:
    tried = dict(parameters.uncertainty.scenarios)
    spreads = dict(parameters.uncertainty.parameters)
    for name in (*MOVABLE, *FIXED):
        given = getattr(parameters.general, name)
        row = {"subject": name, "item": PARAMETER, "value": float(given.value), "unit": given.unit}
        if name in MOVABLE:
            ends = tried[name].values if name in tried else (spreads[name].low, spreads[name].high)
            row |= {"low": min(ends), "high": max(ends)}
        yield row
    for name in WORDS:
        yield {"subject": name, "item": PARAMETER, "unit": "text", "text": getattr(parameters.general, name).value}


def _measure(given: Inputs, half: float) -> Iterator[dict[str, Any]]:
    month, valued = given.case.month, value_case(given.case, given.covariance)
    error = half * valued.net_se
    yield {"item": NET, "value": valued.net, "low": valued.net - error, "high": valued.net + error, "unit": _KRONER}
    yield {"item": "varighet", "value": given.duration, "unit": "months"}
    for item, amount in (
        ("kjop", month.bought),
        ("overforing", month.transferred),
        ("andre_sektorer", month.outside or 0.0),
        ("tiltakspenger", month.allowance),
        ("veileder", month.caseworker),
    ):
        yield {"item": item, "value": amount, "unit": _PER_MONTH}
    for year, effect in enumerate(given.case.effects, 1):
        yield {"item": f"effekt_{year}", "value": effect, "unit": _PER_MONTH}
    yield {"item": LASTING, "value": given.case.lasting, "unit": "factor"}
    if given.covariance is not None:
        for first, row in enumerate(given.covariance.tolist(), 1):
            for second, covariance in enumerate(row, 1):
                yield {"item": f"kovarians_{first}{second}", "value": covariance, "unit": "nok_squared"}
