"""What the compared groups look like: their characteristics, and the paths in work around registration.

The controls of a measure have the weights of its estimates, and beside them e_w(X)/e_0(X), which the printed sums of
weights of Tabell B-4 to B-6 imply. Shares and means are weighted averages, whatever the sum of the weights.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tiltakseffekt.core import keys
from tiltakseffekt.stages.effects.groups import ComparedGroups
from tiltakseffekt.stages.effects.scores import FloatArray
from tiltakseffekt.stages.matching.person_months import read_months

#: Months before and after first registration shown in Figur 6-1.
_PATH_MONTHS: Final = 36


def describe_balance(groups: ComparedGroups, characteristics: pd.DataFrame) -> pd.DataFrame:
    """Compare the characteristics of the treated with those of their weighted controls (Tabell B-4 to B-6).

    Parameters
    ----------
    groups
        Persons, arms and weights.
    characteristics
        Schema CHARACTERISTICS, of the persons of the groups.

    Returns
    -------
    pandas.DataFrame
        Schema BALANCE: shares from 0 to 1; in the rows ``n`` persons and sums of weights, in persons of the measure.
    """
    traits = characteristics.set_index("person_id").loc[groups.persons["person_id"]].reset_index(drop=True)
    return pd.DataFrame([row for measure in groups.measures for row in _balance_rows(measure, groups, traits)])


def _balance_rows(measure: str, groups: ComparedGroups, traits: pd.DataFrame) -> Iterator[dict[str, object]]:
    treated, control = traits[groups.members(measure)], traits[groups.members(keys.CONTROL)]
    weights, odds = groups.control_persons(measure), groups.by_odds().control_persons(measure)
    yield {
        "arm": measure,
        "grouping": "n",
        "term": "n",
        "treated": float(len(treated)),
        "control": weights.sum(),
        "control_by_odds": odds.sum(),
        "n_treated": len(treated),
        "n_control": len(control),
    }
    for grouping, terms in keys.CHARACTERISTICS.items():
        for term in terms:
            in_treated = (treated[grouping] == term).to_numpy()
            in_control = (control[grouping] == term).to_numpy()
            yield {
                "arm": measure,
                "grouping": grouping,
                "term": term,
                "treated": in_treated.mean(),
                "control": weights[in_control].sum() / weights.sum(),
                "control_by_odds": odds[in_control].sum() / odds.sum(),
                "n_treated": int(in_treated.sum()),
                "n_control": int(in_control.sum()),
            }


def describe_paths(groups: ComparedGroups, panel: Sequence[str], first_month: int, last_month: int) -> pd.DataFrame:
    """Follow the share in work around first registration, treated and weighted controls (Figur 6-1).

    Parameters
    ----------
    groups
        Persons, arms and weights.
    panel
        Paths of the shards of the panel.
    first_month, last_month
        Months that the panel covers. Months since registration that it does not cover for everyone are left out.

    Returns
    -------
    pandas.DataFrame
        Schema PATHS. In the arm of the controls they are as they are.
    """
    registration = groups.persons["registration_month"]
    first = max(-_PATH_MONTHS, int(first_month - registration.min()))
    last = min(_PATH_MONTHS, int(last_month - registration.max()))
    persons = groups.persons[["person_id", "registration_month"]]
    persons = persons.rename(columns={"registration_month": "reference_month"})
    in_work = read_months(panel, persons, ["in_work"], first, last)["in_work"]
    months = np.arange(first, last + 1)
    controls = in_work[groups.members(keys.CONTROL)]
    parts = [_path(keys.CONTROL, "kontroll", months, controls, np.ones(len(controls)))]
    for measure in groups.measures:
        treated = in_work[groups.members(measure)]
        parts += [
            _path(measure, "behandling", months, treated, np.ones(len(treated))),
            _path(measure, "kontroll", months, controls, groups.control_persons(measure)),
            _path(measure, "kontroll_odds", months, controls, groups.by_odds().control_persons(measure)),
        ]
    return pd.concat(parts, ignore_index=True)


def _path(arm: str, group: str, months: NDArray[np.int64], in_work: FloatArray, weights: FloatArray) -> pd.DataFrame:
    """Return weighted shares of 0/1 rows, with the standard error of a weighted mean with given weights."""
    w = weights[:, None] / weights.sum()
    share = (w * in_work).sum(axis=0)
    return pd.DataFrame(
        {
            "arm": arm,
            "group": group,
            "month_since_registration": months,
            "share_in_work": share,
            "se": np.sqrt(np.square(w * (in_work - share)).sum(axis=0)),
            "n": len(in_work),
            "n_in_work": in_work.sum(axis=0).astype(np.int64),
        }
    )
