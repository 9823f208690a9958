"""The tables of matching: the sample, its nuisances and their diagnostics."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import PERSON, Column, TableSchema

SAMPLE: Final = TableSchema(
    name="sample",
    meaning="The effect sample after pseudo-starts: treated, and controls still registered at their pseudo-start; "
    "full_sample.parquet before trimming, sample.parquet after it.",
    key=("person_id",),
    microdata=True,
    columns={
        "person_id": PERSON,
        "arm": Column("string", "arm"),
        "registration_month": Column("month", "month of the first registration"),
        "start_offset": Column("int", "months from registration to start or pseudo-start"),
        "start_month": Column("month", "start or pseudo-start month; outcomes count from the month after"),
        "fold": Column("int", "fold of the first repetition of the cross-fitting, 0-based"),
    },
)

OUTCOMES: Final = TableSchema(
    name="outcomes",
    meaning="Outcomes after the (pseudo-)start, one column per outcome; years first.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": PERSON},
    families={
        "months_in_work_y": Column("float", "months in work in the year", least=0, most=12, unit="months"),
        "wage_income_y": Column("float", "wage income in the year", unit="kroner at 2022 prices"),
        "in_work_m": Column("float", "in work in the month, 0 or 1", least=0, most=1),
    },
)

_FOLD: Final = Column("int", "fold from which nothing was learnt about the person, 0-based")

PROPENSITIES: Final = TableSchema(
    name="propensities",
    meaning="Out-of-fold probability of each arm as the learner has it, in one repetition; rows sum to one.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": PERSON, "fold": _FOLD},
    families={"propensity__": Column("float", "probability of the arm", least=0, most=1)},
)

BOUNDED_PROPENSITIES: Final = TableSchema(
    name="bounded_propensities",
    meaning="Out-of-fold probability of each arm after trimming and raising to the floor; rows sum to one.",
    key=("repetition", "person_id"),
    microdata=True,
    columns={
        "repetition": Column("int", "repetition of the cross-fitting, from 1"),
        "person_id": PERSON,
        "fold": _FOLD,
    },
    families={"propensity__": Column("float", "probability of the arm", least=0, most=1)},
)

TRIMMING: Final = TableSchema(
    name="trimming",
    meaning="What trimming and the floor of the propensities did to each arm.",
    key=("arm",),
    microdata=False,
    columns={
        "arm": Column("string", "arm"),
        "rule": Column("string", "rule of trimming", False, ("none", "fixed", "crump", "common_support")),
        "n": Column("int", "persons in the arm before trimming", least=0, unit="persons"),
        "trimmed": Column("int", "persons of the arm left out", least=0, unit="persons"),
        "raised": Column(
            "int", "persons kept whose probability of the arm was raised to the floor", least=0, unit="persons"
        ),
        "raised_own": Column("int", "of these, those who are in the arm"),
    },
)

OUTCOME_PREDICTIONS: Final = TableSchema(
    name="outcome_predictions",
    meaning="Out-of-fold prediction of each outcome under each arm, in one repetition.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": PERSON, "fold": _FOLD},
    families={"predicted__": Column("float", "predicted outcome under the arm, unit of the outcome")},
)

OVERLAP: Final = TableSchema(
    name="overlap",
    meaning="Overlap diagnostics of each arm.",
    key=("arm",),
    microdata=False,
    columns={
        "arm": Column("string", "arm"),
        "n": Column("int", "persons in the arm", least=0, unit="persons"),
        "sum_of_control_weights": Column("float", "sum of the control weights e_w(X)/e_0(X) for the arm"),
        "effective_controls": Column("float", "effective number of weighted controls, (sum w)^2 / sum w^2"),
        "largest_weights_share": Column(
            "float",
            "the five largest control weights (as many as the disclosure threshold, where that is more) together, as a "
            "share of the sum of all",
        ),
        "p01": Column("float", "1st percentile of the arm's propensity among the arm"),
        "p50": Column("float", "median of the arm's propensity among the arm"),
        "p99": Column("float", "99th percentile of the arm's propensity among the arm"),
        "share_below_one_per_cent": Column("float", "share of the sample with propensity under 0.01 for the arm"),
        "trimmed": Column("int", "persons of the arm left out by the rule of trimming", least=0, unit="persons"),
        "raised_to_floor": Column(
            "int", "persons whose propensity for the arm was raised to the smallest allowed", least=0, unit="persons"
        ),
        "max_std_difference_before": Column("float", "largest absolute standardised mean difference, unweighted"),
        "max_std_difference_after": Column("float", "largest absolute standardised mean difference, weighted"),
    },
)

BALANCE_OF_COVARIATES: Final = TableSchema(
    name="balance_of_covariates",
    meaning="Standardised mean difference of every covariate between each measure and the controls.",
    key=("arm", "covariate"),
    microdata=False,
    columns={
        "arm": Column("string", "measure"),
        "covariate": Column("string", "column of the covariates"),
        "before": Column("float", "mean of the measure minus mean of the controls, in standard deviations"),
        "after": Column("float", "the same against the weighted controls"),
        "n": Column("int", "persons in the measure", least=0, unit="persons"),
        "n_other_than_zero": Column(
            "int", "persons of them for whom the covariate is not zero", least=0, unit="persons"
        ),
    },
)

PROPENSITY_CLASSES: Final = TableSchema(
    name="propensity_classes",
    meaning="Persons of each measure, and controls, by their propensity of the measure.",
    key=("arm", "group", "low"),
    microdata=False,
    columns={
        "arm": Column("string", "measure"),
        "group": Column("string", "treated or control", False, ("behandling", "kontroll")),
        "low": Column("float", "lower end of the class; the lowest takes in everything under it"),
        "high": Column("float", "upper end of the class"),
        "n": Column("int", "persons in the class", least=0, unit="persons"),
    },
)

PROPENSITY_CALIBRATION: Final = TableSchema(
    name="propensity_calibration",
    meaning="Propensities beside the shares that are in the arm, in classes of the propensity.",
    key=("arm", "place"),
    microdata=False,
    columns={
        "arm": Column("string", "arm"),
        "place": Column("int", "place of the class among those of the arm, by rising propensity"),
        "n": Column("int", "persons in the class", least=0, unit="persons"),
        "n_arm": Column("int", "persons of them in the arm", least=0, unit="persons"),
        "predicted": Column("float", "mean propensity of the arm"),
        "observed": Column("float", "share in the arm", least=0, most=1),
    },
)

PREDICTION_QUALITY: Final = TableSchema(
    name="prediction_quality",
    meaning="How well participation and yearly outcomes are predicted out of fold, against an out-of-fold constant.",
    key=("arm", "target"),
    microdata=False,
    columns={
        "arm": Column("string", "arm"),
        "target": Column(
            "string",
            "participation in the arm, or an outcome in it",
            False,
            ("participation", *keys.ALL_YEARLY_OUTCOMES),
        ),
        "n": Column("int", "persons in the arm", least=0, unit="persons"),
        "loss": Column("float", "log loss of participation; mean squared error of an outcome"),
        "loss_of_constant": Column("float", "the same of the out-of-fold share or mean"),
        "gain": Column("float", "1 - loss / loss of the constant; missing when that is zero", True),
        "slope": Column("float", "slope of observed on predicted; missing when predictions do not differ", True),
    },
)

ALL: Final = (
    SAMPLE,
    OUTCOMES,
    PROPENSITIES,
    BOUNDED_PROPENSITIES,
    TRIMMING,
    OUTCOME_PREDICTIONS,
    OVERLAP,
    BALANCE_OF_COVARIATES,
    PROPENSITY_CLASSES,
    PROPENSITY_CALIBRATION,
    PREDICTION_QUALITY,
)
