"""What the weighted control groups look like: overlap, balance and the paths in work around registration.

The controls of arm w have the weights e_w(X)/e_0(X), which make them like the persons in arm w. Their sum is not
normalised, as in Tabell B-4 to B-6; shares and means are weighted averages.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.keys import CONTROL, arms_of, propensity_column
from tiltakseffekt.stages.matching.differences import standardised_difference
from tiltakseffekt.stages.matching.forest import Floats
from tiltakseffekt.stages.matching.overlap import effective_number, share_of_largest
from tiltakseffekt.stages.matching.person_months import read_months
from tiltakseffekt.stages.matching.samples import arms_present, covariate_matrix

#: Months before and after first registration shown in Figur 6-1.
_PATH_MONTHS: Final = 36


def control_weights(sample: pd.DataFrame, propensities: pd.DataFrame, arm: str) -> Floats:
    """Return the weight e_w(X)/e_0(X) of each control for arm w, in the order of the sample, not normalised."""
    controls = sample.loc[sample["arm"] == CONTROL, "person_id"]
    e = propensities.set_index("person_id").loc[controls]
    return (e[propensity_column(arm)] / e[propensity_column(CONTROL)]).to_numpy()


def describe_overlap(
    sample: pd.DataFrame,
    propensities: pd.DataFrame,
    covariates: pd.DataFrame,
    trimming: pd.DataFrame,
    threshold: int,
) -> pd.DataFrame:
    """Describe how far each arm overlaps with the controls.

    Parameters
    ----------
    sample, propensities, covariates
        Tables of the same persons.
    trimming
        Schema TRIMMING: how many were left out and raised to the floor.
    threshold
        Fewest persons whose weights are told of, as in `share_of_largest`.

    Returns
    -------
    pandas.DataFrame
        Schema ``overlap``.
    """
    e = propensities.set_index("person_id").loc[sample["person_id"]]
    differences = standardised_differences(sample, propensities, covariates).set_index("arm")
    largest_differences = differences[["before", "after"]].abs().groupby(level="arm").max()
    counts = trimming.set_index("arm")
    rows = []
    for arm in arms_present(sample, arms_of(propensities)):
        own = e[propensity_column(arm)].to_numpy()
        weights = control_weights(sample, propensities, arm)
        p01, p50, p99 = np.quantile(own[(sample["arm"] == arm).to_numpy()], [0.01, 0.5, 0.99])
        rows.append(
            {
                "arm": arm,
                "n": int((sample["arm"] == arm).sum()),
                "sum_of_control_weights": weights.sum(),
                "effective_controls": effective_number(weights),
                "largest_weights_share": share_of_largest(weights, threshold),
                "p01": p01,
                "p50": p50,
                "p99": p99,
                "share_below_one_per_cent": (own < 0.01).mean(),
                "trimmed": counts.loc[arm, "trimmed"],
                "raised_to_floor": counts.loc[arm, "raised"],
                "max_std_difference_before": largest_differences.loc[arm, "before"],
                "max_std_difference_after": largest_differences.loc[arm, "after"],
            }
        )
    return pd.DataFrame(rows)


def standardised_differences(
    sample: pd.DataFrame, propensities: pd.DataFrame, covariates: pd.DataFrame
) -> pd.DataFrame:
    """Compare the mean of each covariate between each arm and the controls, before and after weighting.

    Returns
    -------
    pandas.DataFrame
        ``arm``, ``covariate``, ``before``, ``after``: as in `standardised_difference`.
    """
    names = [str(name) for name in covariates.columns if str(name).startswith("x_")]
    x = covariate_matrix(covariates, sample["person_id"])
    controls = x[(sample["arm"] == CONTROL).to_numpy()]
    parts = []
    for arm in arms_present(sample, arms_of(propensities)):
        own = x[(sample["arm"] == arm).to_numpy()]
        weights = control_weights(sample, propensities, arm)
        parts.append(
            pd.DataFrame(
                {
                    "arm": arm,
                    "covariate": names,
                    "before": standardised_difference(own, controls),
                    "after": standardised_difference(own, controls, weights),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def describe_balance(sample: pd.DataFrame, propensities: pd.DataFrame, characteristics: pd.DataFrame) -> pd.DataFrame:
    """Compare the characteristics of the treated with those of their weighted controls (Tabell B-4 to B-6).

    Returns
    -------
    pandas.DataFrame
        Schema ``balance``: shares from 0 to 1; in the rows ``n`` persons and the sum of weights.
    """
    traits = characteristics.set_index("person_id").loc[sample["person_id"]].reset_index(drop=True)
    measures = [arm for arm in arms_present(sample, arms_of(propensities)) if arm != CONTROL]
    return pd.DataFrame([row for arm in measures for row in _balance_rows(arm, sample, propensities, traits)])


def _balance_rows(
    arm: str, sample: pd.DataFrame, propensities: pd.DataFrame, traits: pd.DataFrame
) -> Iterator[dict[str, object]]:
    treated, control = traits[(sample["arm"] == arm).to_numpy()], traits[(sample["arm"] == CONTROL).to_numpy()]
    weights = control_weights(sample, propensities, arm)
    yield {
        "arm": arm,
        "grouping": "n",
        "term": "n",
        "treated": float(len(treated)),
        "control": weights.sum(),
        "n_treated": len(treated),
        "n_control": len(control),
    }
    for grouping, terms in keys.CHARACTERISTICS.items():
        for term in terms:
            in_treated = (treated[grouping] == term).to_numpy()
            in_control = (control[grouping] == term).to_numpy()
            yield {
                "arm": arm,
                "grouping": grouping,
                "term": term,
                "treated": in_treated.mean(),
                "control": weights[in_control].sum() / weights.sum(),
                "n_treated": int(in_treated.sum()),
                "n_control": int(in_control.sum()),
            }


def describe_paths(
    sample: pd.DataFrame, propensities: pd.DataFrame, panel: Sequence[str], first_month: int, last_month: int
) -> pd.DataFrame:
    """Follow the share in work around first registration, treated and weighted controls (Figur 6-1).

    Parameters
    ----------
    sample, propensities
        Tables of the same persons.
    panel
        Paths of the shards of the panel.
    first_month, last_month
        Months that the panel covers. Months since registration that it does not cover for everyone are left out.

    Returns
    -------
    pandas.DataFrame
        Schema ``paths``. The controls weighted as their own arm are the controls as they are.
    """
    registration = sample["registration_month"]
    first = max(-_PATH_MONTHS, int(first_month - registration.min()))
    last = min(_PATH_MONTHS, int(last_month - registration.max()))
    persons = sample[["person_id", "registration_month"]].rename(columns={"registration_month": "reference_month"})
    in_work = read_months(panel, persons, ["in_work"], first, last)["in_work"]
    controls = in_work[(sample["arm"] == CONTROL).to_numpy()]
    months = np.arange(first, last + 1)
    parts = []
    for arm in arms_present(sample, arms_of(propensities)):
        if arm != CONTROL:
            treated = in_work[(sample["arm"] == arm).to_numpy()]
            parts.append(_path(arm, "behandling", months, treated, np.ones(len(treated))))
        parts.append(_path(arm, "kontroll", months, controls, control_weights(sample, propensities, arm)))
    return pd.concat(parts, ignore_index=True)


def _path(arm: str, group: str, months: npt.NDArray[np.int64], in_work: Floats, weights: Floats) -> pd.DataFrame:
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
