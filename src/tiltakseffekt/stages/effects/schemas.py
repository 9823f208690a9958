"""The tables of the effects and of the tests of them."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import PERSON, Column, TableSchema
from tiltakseffekt.stages.effects.estimators import ESTIMATORS

SCORES: Final = TableSchema(
    name="scores",
    meaning="Doubly robust scores of the potential outcomes under each arm, yearly outcomes only.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": PERSON},
    families={"score__": Column("float", "score, unit of the outcome")},
)

OFFICES: Final = TableSchema(
    name="offices",
    meaning="NAV office of each person in the month of first registration.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": PERSON, "office": Column("string", "NAV office; missing where it is not known", True)},
)

ESTIMATES: Final = TableSchema(
    name="estimates",
    meaning="Average potential outcomes and effects with standard errors.",
    key=("estimand", "arm", "outcome"),
    microdata=False,
    columns={
        "estimand": Column(
            "string",
            "apo; against control: ate, atp (mean over the participants of all measures) or atet",
            False,
            ("apo", "ate", "atp", "atet"),
        ),
        "arm": Column("string", "arm"),
        "outcome": Column("string", "outcome", False, keys.ALL_OUTCOMES),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "standard error", least=0),
        "low": Column("float", "lower end of the confidence interval"),
        "high": Column("float", "upper end of the confidence interval"),
        "simultaneous_low": Column(
            "float", "lower end of the interval for all years and measures at once; yearly effects only", True
        ),
        "simultaneous_high": Column(
            "float", "upper end of the interval for all years and measures at once; yearly effects only", True
        ),
        "n": Column("int", "persons in the sample", least=0, unit="persons"),
        "n_arm": Column("int", "persons in the arm", least=0, unit="persons"),
        "n_control": Column("int", "persons in the control arm", least=0, unit="persons"),
    },
)

COVARIANCES: Final = TableSchema(
    name="covariances",
    meaning="Covariance of the estimated effects of an arm on yearly outcomes, from their influence functions.",
    key=("estimand", "arm", "outcome_a", "outcome_b"),
    microdata=False,
    columns={
        "estimand": Column("string", "ate or atet (against control)", False, ("ate", "atet")),
        "arm": Column("string", "measure"),
        "outcome_a": Column("string", "one outcome", False, keys.ALL_YEARLY_OUTCOMES),
        "outcome_b": Column("string", "the other outcome; the same for a variance", False, keys.ALL_YEARLY_OUTCOMES),
        "covariance": Column("float", "covariance of the two estimates, product of the units of the outcomes"),
    },
)

JOINT_COVARIANCES: Final = TableSchema(
    name="joint_covariances",
    meaning="Covariance of the ATET on yearly wage income between years and measures, from the same persons.",
    key=("arm_a", "outcome_a", "arm_b", "outcome_b"),
    microdata=False,
    columns={
        "arm_a": Column("string", "measure"),
        "outcome_a": Column("string", "its outcome", False, keys.ALL_WAGE_INCOME),
        "arm_b": Column("string", "the other measure; the same within a measure"),
        "outcome_b": Column("string", "its outcome", False, keys.ALL_WAGE_INCOME),
        "covariance": Column("float", "covariance of the two estimates, kroner squared"),
    },
)

BALANCE: Final = TableSchema(
    name="balance",
    meaning="Characteristics of the treated and of their weighted controls (Tabell B-4 to B-6).",
    key=("arm", "grouping", "term"),
    microdata=False,
    columns={
        "arm": Column("string", "measure"),
        "grouping": Column("string", "characteristic; n for the number of persons and the sum of weights"),
        "term": Column("string", "group"),
        "treated": Column("float", "share of the treated, 0-1; number of persons in the n row"),
        "control": Column(
            "float", "share of the controls under the weights of the estimates, 0-1; sum of weights in the n row"
        ),
        "control_by_odds": Column(
            "float", "share of the controls under the weights e_w(X)/e_0(X), 0-1; sum of weights in the n row"
        ),
        "n_treated": Column("int", "treated persons in the group", least=0, unit="persons"),
        "n_control": Column("int", "control persons in the group (unweighted)", least=0, unit="persons"),
    },
)

PATHS: Final = TableSchema(
    name="paths",
    meaning="Share in work by month since first registration, treated and weighted controls (Figur 6-1).",
    key=("arm", "group", "month_since_registration"),
    microdata=False,
    columns={
        "arm": Column("string", "arm; in that of the controls every weight is one"),
        "group": Column(
            "string",
            "treated, controls under the weights of the estimates, or controls under e_w(X)/e_0(X)",
            False,
            ("behandling", "kontroll", "kontroll_odds"),
        ),
        "month_since_registration": Column("int", "months since first registration, 0 = registration month"),
        "share_in_work": Column("float", "weighted share in work", least=0, most=1),
        "se": Column("float", "standard error of the share", least=0),
        "n": Column("int", "persons behind the share (unweighted)", least=0, unit="persons"),
        "n_in_work": Column("int", "persons of them in work (unweighted)", least=0, unit="persons"),
    },
)

WEIGHTED_BALANCE: Final = TableSchema(
    name="weighted_balance",
    meaning="Standardised mean difference of every covariate under the weights of the estimates.",
    key=("arm", "covariate"),
    microdata=False,
    columns={
        "arm": Column("string", "measure"),
        "covariate": Column("string", "column of the covariates"),
        "difference": Column("float", "mean of the measure minus weighted mean of the controls, standard deviations"),
    },
)

WEIGHT_INFLUENCE: Final = TableSchema(
    name="weight_influence",
    meaning="What the most extreme control weights do to the ATET: weights, and the change without those persons.",
    key=("arm", "outcome"),
    microdata=False,
    columns={
        "arm": Column("string", "measure"),
        "outcome": Column("string", "outcome", False, keys.ALL_YEARLY_OUTCOMES),
        "n_control": Column("int", "controls", least=0, unit="persons"),
        "n_trimmed": Column(
            "int", "controls left out: the share with the largest weights, rounded up", least=0, unit="persons"
        ),
        "weight_share": Column("float", "their share of the control weights", least=0, most=1),
        "change": Column("float", "estimate without them minus estimate, unit of the outcome"),
        "change_in_se": Column("float", "change in standard errors of the estimate; missing when that is zero", True),
    },
)

OVERLAP_RULES: Final = TableSchema(
    name="overlap_rules",
    meaning="Effects under each rule of overlap, from one set of nuisances, and what becomes of the weights.",
    key=("rule", "estimand", "arm", "outcome"),
    microdata=False,
    columns={
        "rule": Column(
            "string",
            "none; clip = a higher floor; fixed, crump, common_support, pairwise_support = persons are left out",
            False,
            keys.OVERLAP_RULES,
        ),
        "estimand": Column("string", "ate or atet (against control)", False, ("ate", "atet")),
        "arm": Column("string", "measure"),
        "outcome": Column("string", "outcome", False, (*keys.ALL_YEARLY_OUTCOMES, *keys.TOTALS)),
        "estimate": Column(
            "float", "estimate, unit of the outcome; missing when the rule leaves nobody in an arm", True
        ),
        "se": Column("float", "standard error", True, least=0),
        "low": Column("float", "lower end of the confidence interval", True),
        "high": Column("float", "upper end of the confidence interval", True),
        "n": Column("int", "persons before the rule", least=0, unit="persons"),
        "n_kept": Column("int", "persons kept", least=0, unit="persons"),
        "n_arm": Column("int", "persons in the arm before the rule", least=0, unit="persons"),
        "n_arm_kept": Column("int", "persons in the arm kept", least=0, unit="persons"),
        "n_control": Column("int", "persons in the control arm before the rule", least=0, unit="persons"),
        "n_control_kept": Column("int", "persons in the control arm kept", least=0, unit="persons"),
        "effective": Column(
            "float", "effective number, (sum w)^2 / sum w^2, of the controls (atet) or of the arm (ate), weighted", True
        ),
        "largest_share": Column(
            "float",
            "the five largest of these weights (as many as the disclosure threshold, where that is more) together, as "
            "a share of the sum of all",
            True,
            least=0,
            most=1,
        ),
        "extreme": Column("int", "of these weights those above a multiple of their mean"),
    },
)

PLACEBO: Final = TableSchema(
    name="placebo",
    meaning="Differences in months in work before registration and before the start, where there can be no effect.",
    key=("test", "arm"),
    microdata=False,
    columns={
        "test": Column(
            "string",
            "before_registration = months 24 to 13 before it; before_registration_without_history = the same without "
            "the covariates that hold months or years of that time; before_start = share of the months between "
            "registration and (pseudo-)start",
            False,
            ("before_registration", "before_registration_without_history", "before_start"),
        ),
        "arm": Column("string", "measure"),
        "estimate": Column("float", "difference, months in work of twelve"),
        "se": Column("float", "standard error", least=0),
        "low": Column("float", "lower end of the confidence interval"),
        "high": Column("float", "upper end of the confidence interval"),
        "n_arm": Column("int", "persons in the arm", least=0, unit="persons"),
        "n_control": Column("int", "controls", least=0, unit="persons"),
    },
)

CONFOUNDING: Final = TableSchema(
    name="confounding",
    meaning="Bounds of the ATET for an unobserved confounder as strong as a group of covariates.",
    key=("arm", "outcome", "benchmark"),
    microdata=False,
    columns={
        "arm": Column("string", "measure"),
        "outcome": Column("string", "outcome", False, keys.ALL_YEARLY_OUTCOMES),
        "benchmark": Column("string", "group of covariates that the confounder is as strong as"),
        "n_arm": Column("int", "persons in the arm", least=0, unit="persons"),
        "n_control": Column("int", "controls", least=0, unit="persons"),
        "estimate": Column("float", "ATET, unit of the outcome"),
        "interval_low": Column("float", "lower end of its confidence interval"),
        "interval_high": Column("float", "upper end of its confidence interval"),
        "unbalanced": Column("float", "ATET by inverse probability weights as they are"),
        "largest_bias": Column("float", "root of the product of the variances of outcome and weights; its unit"),
        "robustness": Column(
            "float", "share of both variances that a confounder must explain to move it to zero", least=0, most=1
        ),
        "robustness_of_interval": Column("float", "the same, to move an end of the interval to zero", least=0, most=1),
        "cf_y": Column("float", "share of the variance of the outcome that the group explains", least=0, most=1),
        "cf_d": Column("float", "share of the variance of the weights that is lost without the group", least=0, most=1),
        "rho": Column("float", "change without the group over the largest one possible, with its sign, -1 to 1"),
        "change": Column("float", "estimate without the group minus that with it, unit of the outcome"),
        "low": Column("float", "lower bound of the effect"),
        "high": Column("float", "upper bound of the effect"),
        "region_low": Column("float", "lower end of the confidence region of the bounds"),
        "region_high": Column("float", "upper end of the confidence region of the bounds"),
    },
)

ESTIMATOR_COMPARISON: Final = TableSchema(
    name="estimator_comparison",
    meaning="ATET of each measure by several estimators on the same sample; what could not be formed has no row.",
    key=("estimator", "arm", "outcome"),
    microdata=False,
    columns={
        "estimator": Column("string", "estimator; instrument has another estimand", False, ESTIMATORS),
        "arm": Column("string", "measure"),
        "outcome": Column("string", "outcome", False, keys.ALL_YEARLY_OUTCOMES),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "standard error", least=0),
        "shape": Column(
            "string",
            "effects not rejected: between = from low to high; outside = up to low and from high on; everything",
            False,
            ("between", "outside", "everything"),
        ),
        "low": Column("float", "lower of the two ends; missing with everything", True),
        "high": Column("float", "higher of the two ends; missing with everything", True),
        "n": Column("int", "persons whom the estimator uses", least=0, unit="persons"),
        "n_arm": Column("int", "persons in the arm among them", least=0, unit="persons"),
    },
)

FIRST_STAGES: Final = TableSchema(
    name="first_stages",
    meaning="How much the use that an office makes of a measure for others says of who takes part.",
    key=("arm",),
    microdata=False,
    columns={
        "arm": Column("string", "measure"),
        "coefficient": Column("float", "change in the probability when the share of others goes from 0 to 1"),
        "error": Column("float", "its standard error, clustered by office"),
        "f": Column("float", "F of the instrument, clustered by office: the effective F"),
        "partial_r2": Column(
            "float", "share of the variance of treatment given covariates that it explains", least=0, most=1
        ),
        "weak": Column("bool", "whether F is below 23.1, or the coefficient not positive"),
        "n": Column("int", "persons on the measure or controls in offices with others", least=0, unit="persons"),
        "n_arm": Column("int", "persons in the arm among them", least=0, unit="persons"),
        "offices": Column("int", "offices"),
    },
)

ALL: Final = (
    SCORES,
    OFFICES,
    ESTIMATES,
    COVARIANCES,
    JOINT_COVARIANCES,
    BALANCE,
    PATHS,
    WEIGHTED_BALANCE,
    WEIGHT_INFLUENCE,
    OVERLAP_RULES,
    PLACEBO,
    CONFOUNDING,
    ESTIMATOR_COMPARISON,
    FIRST_STAGES,
)
