"""One assumption of a case changed, the others kept."""

from collections.abc import Mapping
from dataclasses import replace

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.stages.cost_benefit.engine import MONTHS_PER_YEAR, Case, stay_of_mean


def vary(case: Case, name: str, value: float) -> Case:
    """Return a case with one assumption changed.

    Parameters
    ----------
    case
        The case.
    name
        A parameter of ``uncertainty`` in ``config/evaluations/tiltakseffekter/prices.yaml``.
    value
        Its value in the unit of that file: per cent, years, or a factor on what the case has. Years are those of most
        measures: an effect that lasts twice as long does so still.

    Raises
    ------
    FaultsFound
        If there is no such parameter.
    """
    match name:
        case "discount_rate":
            return replace(case, rates=replace(case.rates, discount=value / 100))
        case "real_wage_growth":
            return replace(case, rates=replace(case.rates, growth=value / 100))
        case "tax_financing_cost":
            return replace(case, rates=replace(case.rates, tax_financing=value / 100))
        case "saved_benefits_share":
            return replace(case, rates=replace(case.rates, saved_benefits=value / 100))
        case "deadweight":
            return replace(case, deadweight=value / 100)
        case "displacement":
            return replace(case, displacement=value / 100)
        case "fade_out":
            return replace(case, fade_out=value / 100)
        case "labour_cost_factor":
            return replace(case, rates=replace(case.rates, labour_cost=value))
        case "effect_persistence":
            last = case.spans[-1]
            end = max(round(MONTHS_PER_YEAR * case.lasting * value), last.first - 1)
            return replace(case, spans=(*case.spans[:-1], replace(last, last=end)))
        case "effect":
            return replace(case, effects=tuple(value / 100 * effect for effect in case.effects))
        case "duration":
            return replace(case, stay=stay_of_mean(value * float(case.stay.sum())))
        case "price":
            month, outside = case.month, case.month.outside
            dearer = replace(
                month,
                bought=value * month.bought,
                transferred=value * month.transferred,
                outside=None if outside is None else value * outside,
            )
            return replace(case, month=dearer)
        case "caseworker_time":
            return replace(case, month=replace(case.month, caseworker=value * case.month.caseworker))
        case _:
            fault = Fault(
                "prices.yaml", f"uncertainty.{name}", "is not a parameter that can be varied", 1, "Remove it."
            )
            raise FaultsFound([fault])


def vary_all(case: Case, values: Mapping[str, float]) -> Case:
    """Return a case with several assumptions changed."""
    for name, value in values.items():
        case = vary(case, name, value)
    return case
