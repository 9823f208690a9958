"""What policies would really gain over today's allocation, by the planted outcomes of synthetic registers."""

import numpy as np
import pandas as pd

from tiltakseffekt.laboratory import schemas
from tiltakseffekt.laboratory.truth import planted_outcomes


def gains_by_truth(
    rewards: pd.DataFrame, assignments: pd.DataFrame, sample: pd.DataFrame, truth: pd.DataFrame
) -> pd.DataFrame:
    """Return the mean planted gain of each policy over the persons of the sample.

    Parameters
    ----------
    rewards, assignments, sample
        Tables with the schemas POLICY_REWARDS, POLICY_ASSIGNMENTS and SAMPLE.
    truth
        What `read_truth` returns.

    Returns
    -------
    pandas.DataFrame
        Schema POLICY_TRUTH; without rows when there is no truth. The planted outcomes of the own arm stand for today's.

    Raises
    ------
    FaultsFound
        If persons of the sample have no planted outcome, or two, under some arm.
    """
    if truth.empty:
        return pd.DataFrame(columns=list(schemas.POLICY_TRUTH.columns))
    rows = []
    for reward, arms in rewards.groupby("reward", sort=True):
        planted, arm_of = planted_outcomes(sample, truth, arms["arm"].tolist())
        weights = arms.filter(like="weight__").iloc[0].dropna().rename(lambda name: name.removeprefix("weight__"))
        worth = (planted[list(weights.index)].astype(np.float64) * weights.astype(np.float64)).sum(axis=1)
        by_arm = np.column_stack(
            [worth.loc[arm].loc[arm_of.index] - cost for arm, cost in arms[["arm", "cost"]].values]
        )
        own = pd.Index(arms["arm"]).get_indexer(pd.Index(arm_of))
        today = by_arm[np.arange(len(own)), own]
        for policy, given in assignments[assignments["reward"] == reward].groupby("policy", sort=True):
            shares = given.set_index("person_id").loc[arm_of.index, [f"share__{arm}" for arm in arms["arm"]]]
            gain = (shares.to_numpy(np.float64) * by_arm).sum(axis=1) - today
            rows.append({"reward": reward, "policy": policy, "truth": gain.mean()})
    return pd.DataFrame(rows)
