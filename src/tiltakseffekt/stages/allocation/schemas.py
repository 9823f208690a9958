"""The tables of who would get what."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import PERSON, Column, TableSchema

REWARD: Final = Column("string", "what counts", False, ("months", "net_benefit"))

POLICY: Final = Column("string", "who would get what", False, keys.POLICIES)

POLICY_REWARDS: Final = TableSchema(
    name="policy_rewards",
    meaning="What allocations are judged by: the reward under an arm is a weighted sum of outcomes less a cost.",
    key=("reward", "arm"),
    microdata=False,
    columns={
        "reward": REWARD,
        "arm": Column("string", "arm"),
        "cost": Column("float", "cost of the arm, unit of the reward; 0 where it is not known"),
        "offered": Column("bool", "whether a policy may choose the arm"),
    },
    families={"weight__": Column("float", "weight of the outcome; missing when it does not count", True)},
)

POLICY_VALUES: Final = TableSchema(
    name="policy_values",
    meaning="Estimated mean reward under each policy and its gain over today's allocation, out of fold.",
    key=("reward", "policy"),
    microdata=False,
    columns={
        "reward": REWARD,
        "policy": POLICY,
        "value": Column("float", "mean reward, months in work or 2022-kroner per person"),
        "value_se": Column("float", "its standard error", least=0),
        "gain": Column("float", "value less that of today's allocation; missing for that", True),
        "gain_se": Column("float", "its standard error", True, least=0),
        "low": Column("float", "lower end of the interval of the gain", True),
        "high": Column("float", "upper end of the interval of the gain", True),
        "fullest": Column(
            "float",
            "out of fold, persons on a measure over those on it today, of the measure where that is most; missing for "
            "today",
            True,
        ),
        "n": Column("int", "persons", least=0, unit="persons"),
    },
)

POLICY_SHARES: Final = TableSchema(
    name="policy_shares",
    meaning="How many persons of each group each policy, learnt on everybody, would give each arm.",
    key=("reward", "policy", "group", "arm"),
    microdata=False,
    columns={
        "reward": REWARD,
        "policy": POLICY,
        "group": Column("int", "group of the tree, 0-3: twice the side of the first question plus that of the second"),
        "arm": Column("string", "arm"),
        "share": Column("float", "share of all persons", least=0, most=1),
        "n": Column("int", "persons, rounded where a group shares places", least=0, unit="persons"),
    },
)

POLICY_RULES: Final = TableSchema(
    name="policy_rules",
    meaning="The conditions of each group of the policy trees learnt on everybody.",
    key=("reward", "policy", "group", "question"),
    microdata=False,
    columns={
        "reward": REWARD,
        "policy": POLICY,
        "group": Column("int", "group of the tree, 0-3"),
        "question": Column("int", "1 = the first question, 2 = the second"),
        "feature": Column("string", "column of the covariates"),
        "above": Column("bool", "whether the group is above the threshold, or else at most there"),
        "threshold": Column("float", "value of the covariate"),
        "indicator": Column("bool", "whether the covariate is 0 or 1"),
        "n": Column("int", "persons in the group", least=0, unit="persons"),
    },
)

POLICY_ASSIGNMENTS: Final = TableSchema(
    name="policy_assignments",
    meaning="What each policy would give each person, learnt on the other folds; for the comparison with the truth.",
    key=("reward", "policy", "person_id"),
    microdata=True,
    columns={"reward": REWARD, "policy": POLICY, "person_id": PERSON},
    families={"share__": Column("float", "share of the arm, 0-1; shares of a person sum to one")},
)

ALL: Final = (POLICY_REWARDS, POLICY_VALUES, POLICY_SHARES, POLICY_RULES, POLICY_ASSIGNMENTS)
