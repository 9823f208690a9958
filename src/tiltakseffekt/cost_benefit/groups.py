"""Net benefit by group: the effects of a group from the scores, the costs of its participants."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.cost_benefit.engine import MONTHS_PER_YEAR, Array, wage_weights
from tiltakseffekt.cost_benefit.table import Inputs
from tiltakseffekt.cost_benefit.valuation import saved_per_wage, value_case
from tiltakseffekt.heterogeneity.persons import score_difference, with_characteristics

#: Characteristic to its column and groups.
GROUPINGS: Final = {
    "age_group": keys.AGE_GROUPS,
    "landgruppe": keys.LANDGRUPPER,
    "ledighetskategori": keys.LEDIGHETSKATEGORIER,
}


def net_by_group(
    inputs: dict[str, Inputs], sample: pd.DataFrame, characteristics: pd.DataFrame, scores: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    """Yield the net benefit of each measure if a whole group took part, for groups of which somebody does.

    The effects are ATE of the group, as in the table of heterogeneous effects: means of the score of the measure less
    that of the control arm, so that the error of the present value of all years is that of one mean. The costs are
    those of the course of all participants.

    Parameters
    ----------
    inputs
        Measure to what the estimated basis says of it.
    sample, characteristics, scores
        Tables of those schemas.
    """
    persons, scores = with_characteristics(sample, characteristics, scores)
    for measure, given in inputs.items():
        rates, costs = given.case.rates, value_case(given.case).costs
        worth = rates.labour_cost + saved_per_wage(rates)
        wages = present_wages(scores, measure, wage_weights(given.case.spans, rates))
        for grouping, groups in GROUPINGS.items():
            for group in groups:
                members = (persons[grouping] == group).to_numpy()
                own = worth * wages[members]
                takers = int((members & (persons["arm"] == measure).to_numpy()).sum())
                if takers:
                    yield {
                        "measure": measure,
                        "item": f"{grouping}+{group}",
                        "value": float(own.mean()) - costs,
                        "se": float(own.std(ddof=1) / np.sqrt(len(own))),
                        "n": takers,
                    }


def present_wages(scores: pd.DataFrame, measure: str, weights: Array) -> Array:
    """Return the score of the present value of a measure's effect on wages, kroner, shape (persons,)."""
    years = [score_difference(scores, measure, outcome) / MONTHS_PER_YEAR for outcome in keys.WAGE_INCOME]
    return np.column_stack(years) @ weights
