"""Net benefit by group: the effects of a group from the scores, the costs from the courses of its participants."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.stages.cost_benefit.engine import MONTHS_PER_YEAR, Array, wage_weights
from tiltakseffekt.stages.cost_benefit.parameters import Measure, Parameters
from tiltakseffekt.stages.cost_benefit.table import Inputs, courses_of, observed_course
from tiltakseffekt.stages.cost_benefit.valuation import month_on_measure, saved_per_wage, value_case
from tiltakseffekt.stages.heterogeneity.persons import score_difference, with_characteristics

#: Characteristic to its column and groups.
GROUPINGS: Final = {
    "age_group": keys.AGE_GROUPS,
    "landgruppe": keys.LANDGRUPPER,
    "ledighetskategori": keys.LEDIGHETSKATEGORIER,
}


def net_by_group(
    inputs: Mapping[str, Inputs],
    entries: pd.DataFrame,
    sample: pd.DataFrame,
    characteristics: pd.DataFrame,
    scores: pd.DataFrame,
    parameters: Parameters,
) -> Iterator[dict[str, Any]]:
    """Yield the net benefit of each measure if a whole group took part, for groups of which somebody does.

    The effects are ATE of the group, as in the table of heterogeneous effects: means of the score of the measure less
    that of the control arm, so that the error of the present value of all years is that of one mean. The costs are
    those of the group's own participants: the months that they spent on the measure, and with tiltakspenger. An effect
    that begins in year 4 is of another sample, which tells of no group: it counts as the same for all.

    Parameters
    ----------
    inputs
        Measure to what the estimated basis says of it.
    entries, sample, characteristics, scores
        Tables of those schemas.
    parameters
        Prices of the measures.
    """
    persons, scores = with_characteristics(sample, characteristics, scores)
    courses = courses_of(entries, sample).set_index("person_id")
    for measure, given in inputs.items():
        rates = given.case.rates
        worth = rates.labour_cost + saved_per_wage(rates)
        weights = wage_weights(given.case)
        wages = present_wages(scores, measure, weights)
        late, late_se = _late_wages(given, weights)
        took_part = (persons["arm"] == measure).to_numpy()
        for grouping, groups in GROUPINGS.items():
            for group in groups:
                members = (persons[grouping] == group).to_numpy()
                own = worth * wages[members]
                takers = courses.loc[persons.index[members & took_part]]
                if len(takers):
                    error = float(own.std(ddof=1) / np.sqrt(len(own)))
                    costs = _costs(given, parameters.measures[measure], takers, parameters)
                    yield {
                        "measure": measure,
                        "item": f"{grouping}+{group}",
                        "value": float(own.mean()) + worth * late - costs,
                        "se": float(np.hypot(error, worth * late_se)),
                        "n": len(takers),
                    }


def _late_wages(given: Inputs, weights: Array) -> tuple[float, float]:
    """Return the present value of effects after those of the scores, and its standard error."""
    years = len(keys.WAGE_INCOME)
    effects, after = np.array(given.case.effects[years:]), weights[years:]
    if given.covariance is None or not len(after):
        return 0.0, 0.0
    return float(after @ effects), float(np.sqrt(after @ given.covariance[years:, years:] @ after))


def _costs(given: Inputs, measure: Measure, courses: pd.DataFrame, parameters: Parameters) -> float:
    stay, share = observed_course(courses, parameters.general)
    month = month_on_measure(measure, parameters.general, share)
    return value_case(replace(given.case, stay=stay, month=month)).costs


def present_wages(scores: pd.DataFrame, measure: str, weights: Array) -> Array:
    """Return the score of the present value of a measure's effect on wages in the years followed, shape (persons,)."""
    years = [score_difference(scores, measure, outcome) / MONTHS_PER_YEAR for outcome in keys.WAGE_INCOME]
    return np.column_stack(years) @ weights[: len(years)]
