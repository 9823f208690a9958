"""The tables of estimates held against what is known to be true."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import Column, TableSchema
from tiltakseffekt.stages.allocation.schemas import POLICY, REWARD
from tiltakseffekt.stages.heterogeneity.schemas import MEASURE, OUTCOME

TRUTH_COMPARISON: Final = TableSchema(
    name="truth_comparison",
    meaning="Estimated effects beside the planted truth of the synthetic registers.",
    key=("estimand", "arm", "outcome"),
    microdata=False,
    columns={
        "estimand": Column("string", "ate or atet", False, ("ate", "atet")),
        "arm": Column("string", "measure"),
        "outcome": Column("string", "outcome", False, keys.ALL_OUTCOMES),
        "estimate": Column("float", "estimate"),
        "se": Column("float", "standard error of the estimate", least=0),
        "truth": Column("float", "average planted effect over the same persons"),
        "error_in_se": Column("float", "(estimate - truth) / se"),
        "covered": Column("bool", "whether the confidence interval holds the truth"),
        "n_arm": Column("int", "persons in the arm", least=0, unit="persons"),
    },
)

FIFTHS_TRUTH: Final = TableSchema(
    name="fifths_truth",
    meaning="Planted effect in each fifth of the predicted effect; no row without a truth.",
    key=("outcome", "arm", "group"),
    microdata=False,
    columns={
        "outcome": OUTCOME,
        "arm": MEASURE,
        "group": Column("string", "fifth from the least predicted effect, fifth_1 ... fifth_5"),
        "truth": Column("float", "mean planted effect, unit of the outcome"),
        "n": Column("int", "persons of the sample", least=0, unit="persons"),
    },
)

POLICY_TRUTH: Final = TableSchema(
    name="policy_truth",
    meaning="The planted gain of each policy over today's allocation, over the same persons.",
    key=("reward", "policy"),
    microdata=False,
    columns={
        "reward": REWARD,
        "policy": POLICY,
        "truth": Column("float", "mean planted gain, months in work or 2022-kroner per person"),
    },
)

DEFECT_SCORES: Final = TableSchema(
    name="defect_scores",
    meaning="How many of the planted defects cleaning found, and how much of what it found had been planted.",
    key=("defect",),
    microdata=False,
    columns={
        "defect": Column("string", "the defect"),
        "planted": Column("int", "rows with the defect", least=0, unit="rows"),
        "found": Column("int", "rows of them found by a rule that is meant to", least=0, unit="rows"),
        "flagged": Column("int", "rows found by these rules", least=0, unit="rows"),
        "right": Column("int", "rows of them in which a defect of these rules was planted", least=0, unit="rows"),
        "recall": Column("float", "found / planted; missing when nothing was planted", True),
        "precision": Column("float", "right / flagged; missing when nothing was found", True),
    },
)

LALONDE: Final = TableSchema(
    name="lalonde",
    meaning="Effect of the NSW programme on the treated: by the experiment, and by estimators without its controls.",
    key=("place",),
    microdata=False,
    columns={
        "place": Column("int", "order of the estimates"),
        "estimator": Column(
            "string",
            "how it is estimated",
            False,
            ("experiment", "naive", "regression", "matching", "weighting", "doubly_robust"),
        ),
        "engine": Column("string", "engine of the nuisance functions; empty where there are none"),
        "estimate": Column("float", "effect on earnings in 1978, dollars at constant prices"),
        "se": Column("float", "standard error", least=0),
        "low": Column("float", "lower end of the confidence interval"),
        "high": Column("float", "upper end of the confidence interval"),
        "n_treated": Column("int", "persons in the programme", least=0, unit="persons"),
        "n_control": Column("int", "persons they are compared with", least=0, unit="persons"),
    },
)

ALL: Final = (
    TRUTH_COMPARISON,
    FIFTHS_TRUTH,
    POLICY_TRUTH,
    DEFECT_SCORES,
    LALONDE,
)
