"""The tables that cross from one stage to the next: the one place that names, types and documents them."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import Column, TableSchema

_PERSON: Final = Column("string", "identifier of the person, as delivered")

DATA_QUALITY: Final = TableSchema(
    name="data_quality",
    meaning="Rows of each register table that each check set aside, repaired or noted.",
    key=("table", "column", "rule"),
    microdata=False,
    columns={
        "table": Column("string", "register table"),
        "column": Column("string", "column, or columns, of the check"),
        "rule": Column("string", "key of the check"),
        "received": Column("int", "rows received of the table"),
        "quarantined": Column("int", "rows set aside by the check"),
        "repaired": Column("int", "rows repaired by the check"),
        "noted": Column("int", "rows that the check found and kept as they are"),
        "kept": Column("int", "rows kept of the table"),
        "share": Column("float", "rows set aside by the check as a share of those received, 0-1"),
        "stops": Column("bool", "whether the check stops the run"),
    },
)

PANEL: Final = TableSchema(
    name="panel",
    meaning="Person-months in which any register says something; a missing person-month is all zero and unregistered.",
    key=("person_id", "month"),
    microdata=True,
    columns={
        "person_id": _PERSON,
        "month": Column("month", "calendar month"),
        "in_work": Column("bool", "wage >= 1/12 G and position >= 20 per cent"),
        "high_income": Column("bool", "wage >= 3/12 G and position >= 20 per cent"),
        "wage": Column("int", "wage income in the month, kroner at 2022 prices"),
        "nav_group": Column("string", "NAV group in the month; missing = not registered", True, keys.NAV_GROUPS),
        "nav_office": Column("string", "NAV office in the month", True),
        "on_measure": Column("bool", "registered on any measure"),
        "measure": Column("string", "measure group of the main measure in the month (all Tabell A-1 groups)", True),
        **{benefit: Column("bool", f"receives {benefit}") for benefit in keys.BENEFITS},
        "disability_degree": Column("int", "degree of disability (ufoeregrad), per cent, 0 = none"),
    },
)

ENTRIES: Final = TableSchema(
    name="entries",
    meaning="The cohort: one row per person whose first registration meets every rule; before pseudo-starts.",
    key=("person_id",),
    microdata=True,
    columns={
        "person_id": _PERSON,
        "registration_month": Column("month", "month of the first registration (month 0)"),
        "first_group": Column("string", "innsatsgruppe at first registration", False, keys.ENTRY_GROUPS),
        "arm": Column(
            "string", "first measure in the start window, or the chain it began, else control", False, keys.ALL_ARMS
        ),
        "start_offset": Column("int", "months from registration to start; missing for controls", True),
        "group_at_start": Column("string", "NAV group in the start month; missing = none or control", True),
        "later_start_offset": Column("int", "months from registration to first start within 48 months", True),
        "followed_by_measure": Column("bool", "another measure began at most two whole months after the first"),
        "duration": Column("int", "months on the first measure within 24 months of its start; 0 for controls"),
        "tiltakspenger_months": Column("int", "months of that duration with tiltakspenger"),
    },
)

ATTRITION: Final = TableSchema(
    name="attrition",
    meaning="How many persons each rule of the cohort left out, in the order of the rules.",
    key=("step",),
    microdata=False,
    columns={
        "step": Column("int", "order of the rule"),
        "rule": Column("string", "key of the rule"),
        "left_out": Column("int", "persons left out by this rule"),
        "remaining": Column("int", "persons still in"),
    },
)

CHARACTERISTICS: Final = TableSchema(
    name="characteristics",
    meaning="Groups by which results are shown, all measured at first registration.",
    key=("person_id",),
    microdata=True,
    columns={
        "person_id": _PERSON,
        "innsatsgruppe": Column("string", "innsatsgruppe at first registration", False, keys.ENTRY_GROUPS),
        "reduced_capacity": Column("bool", "nedsatt arbeidsevne = spesielt tilpasset innsats at first registration"),
        "sex": Column("string", "sex", False, keys.SEXES),
        "age": Column("int", "age reached in the calendar year of registration, years"),
        "age_group": Column("string", "age group", False, keys.AGE_GROUPS),
        "landgruppe": Column("string", "country group (Tabell 2-1)", False, keys.LANDGRUPPER),
        "education": Column("string", "highest completed education", False, keys.EDUCATION_GROUPS),
        "ledighetskategori": Column("string", "unemployment category (Tabell 2-2)", False, keys.LEDIGHETSKATEGORIER),
    },
)

COVARIATES: Final = TableSchema(
    name="covariates",
    meaning="The design matrix of Tabell 6-4, one numeric column per covariate, no missing values.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": _PERSON},
    families={"x_": Column("float", "a covariate of Tabell 6-4")},
)

SAMPLE: Final = TableSchema(
    name="sample",
    meaning="The effect sample after pseudo-starts: treated, and controls still registered at their pseudo-start; "
    "full_sample.parquet before trimming, sample.parquet after it.",
    key=("person_id",),
    microdata=True,
    columns={
        "person_id": _PERSON,
        "arm": Column("string", "arm", False, keys.ALL_ARMS),
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
    columns={"person_id": _PERSON},
    families={
        "months_in_work_y": Column("float", "months in work in the year, 0-12"),
        "wage_income_y": Column("float", "wage income in the year, kroner at 2022 prices"),
        "in_work_m": Column("float", "in work in the month, 0 or 1"),
    },
)

_FOLD: Final = Column("int", "fold from which nothing was learnt about the person, 0-based")

PROPENSITIES: Final = TableSchema(
    name="propensities",
    meaning="Out-of-fold probability of each arm as the learner has it, in one repetition; rows sum to one.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": _PERSON, "fold": _FOLD},
    families={"propensity__": Column("float", "probability of the arm")},
)

BOUNDED_PROPENSITIES: Final = TableSchema(
    name="bounded_propensities",
    meaning="Out-of-fold probability of each arm after trimming and raising to the floor; rows sum to one.",
    key=("repetition", "person_id"),
    microdata=True,
    columns={
        "repetition": Column("int", "repetition of the cross-fitting, from 1"),
        "person_id": _PERSON,
        "fold": _FOLD,
    },
    families={"propensity__": Column("float", "probability of the arm")},
)

TRIMMING: Final = TableSchema(
    name="trimming",
    meaning="What trimming and the floor of the propensities did to each arm.",
    key=("arm",),
    microdata=False,
    columns={
        "arm": Column("string", "arm", False, keys.ALL_ARMS),
        "rule": Column("string", "rule of trimming", False, ("none", "fixed", "crump", "common_support")),
        "n": Column("int", "persons in the arm before trimming"),
        "trimmed": Column("int", "persons of the arm left out"),
        "raised": Column("int", "persons kept whose probability of the arm was raised to the floor"),
        "raised_own": Column("int", "of these, those who are in the arm"),
    },
)

OUTCOME_PREDICTIONS: Final = TableSchema(
    name="outcome_predictions",
    meaning="Out-of-fold prediction of each outcome under each arm, in one repetition.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": _PERSON, "fold": _FOLD},
    families={"predicted__": Column("float", "predicted outcome under the arm, unit of the outcome")},
)

SCORES: Final = TableSchema(
    name="scores",
    meaning="Doubly robust scores of the potential outcomes under each arm, yearly outcomes only.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": _PERSON},
    families={"score__": Column("float", "score, unit of the outcome")},
)

OFFICES: Final = TableSchema(
    name="offices",
    meaning="NAV office of each person in the month of first registration.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": _PERSON, "office": Column("string", "NAV office; missing where it is not known", True)},
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
        "arm": Column("string", "arm", False, keys.ALL_ARMS),
        "outcome": Column("string", "outcome", False, keys.ALL_OUTCOMES),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "standard error"),
        "low": Column("float", "lower end of the confidence interval"),
        "high": Column("float", "upper end of the confidence interval"),
        "simultaneous_low": Column(
            "float", "lower end of the interval for all years and measures at once; yearly effects only", True
        ),
        "simultaneous_high": Column(
            "float", "upper end of the interval for all years and measures at once; yearly effects only", True
        ),
        "n": Column("int", "persons in the sample"),
        "n_arm": Column("int", "persons in the arm"),
        "n_control": Column("int", "persons in the control arm"),
    },
)

COVARIANCES: Final = TableSchema(
    name="covariances",
    meaning="Covariance of the estimated effects of an arm on yearly outcomes, from their influence functions.",
    key=("estimand", "arm", "outcome_a", "outcome_b"),
    microdata=False,
    columns={
        "estimand": Column("string", "ate or atet (against control)", False, ("ate", "atet")),
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
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
        "arm_a": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "outcome_a": Column("string", "its outcome", False, keys.ALL_WAGE_INCOME),
        "arm_b": Column("string", "the other measure; the same within a measure", False, keys.TREATED_OR_CHAINED),
        "outcome_b": Column("string", "its outcome", False, keys.ALL_WAGE_INCOME),
        "covariance": Column("float", "covariance of the two estimates, kroner squared"),
    },
)

_ADJUSTED: Final = (
    "p-value adjusted by {} for the group differences of all measures; missing for constants and outside Tabell 6-7"
)

GATE: Final = TableSchema(
    name="gate",
    meaning="Group average treatment effects: least squares of the ATE score on a constant and group differences.",
    key=("outcome", "arm", "grouping", "term"),
    microdata=False,
    columns={
        "outcome": Column("string", "outcome", False, keys.ALL_OUTCOMES),
        "arm": Column("string", "arm", False, keys.TREATED_OR_CHAINED),
        "grouping": Column(
            "string",
            "the characteristic",
            False,
            ("innsatsgruppe", "sex", "age_group", "landgruppe", "ledighetskategori"),
        ),
        "term": Column("string", "group; the first of its grouping is the constant, others are differences from it"),
        "constant": Column("bool", "whether the term is the constant (base group)"),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "HC1 standard error, or clustered by office"),
        "p_value": Column("float", "two-sided p-value"),
        "p_holm": Column("float", _ADJUSTED.format("Holm"), True),
        "p_romano_wolf": Column("float", _ADJUSTED.format("Romano and Wolf"), True),
        "n_group": Column("int", "persons of the group in the sample"),
        "n_group_arm": Column("int", "persons of the group in the arm"),
    },
)

GATE_TESTS: Final = TableSchema(
    name="gate_tests",
    meaning="Wald tests that the effect of a measure is the same in all groups.",
    key=("outcome", "arm", "grouping"),
    microdata=False,
    columns={
        "outcome": Column("string", "outcome", False, keys.ALL_OUTCOMES),
        "arm": Column("string", "arm", False, keys.TREATED_OR_CHAINED),
        "grouping": Column(
            "string",
            "the characteristic, or all of them at once",
            False,
            ("innsatsgruppe", "sex", "age_group", "landgruppe", "ledighetskategori", "all"),
        ),
        "statistic": Column("float", "Wald statistic; missing where the covariance has not full rank", True),
        "df": Column("int", "differences tested"),
        "p_value": Column("float", "p-value, chi-squared", True),
        "p_holm": Column("float", "adjusted by Holm for the measures of Tabell 6-7, missing for others", True),
    },
)

EFFECT_CURVES: Final = TableSchema(
    name="effect_curves",
    meaning="Effect (ATE score) by age and by work history: local linear kernel regression with intervals.",
    key=("outcome", "characteristic", "arm", "at"),
    microdata=False,
    columns={
        "outcome": Column("string", "outcome", False, keys.ALL_OUTCOMES),
        "characteristic": Column(
            "string",
            "age in years, or months in work in the twelve months before registration",
            False,
            ("age", "work_history"),
        ),
        "arm": Column("string", "arm", False, keys.TREATED_OR_CHAINED),
        "at": Column("int", "value of the characteristic"),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "standard error"),
        "low": Column("float", "lower end of the pointwise interval"),
        "high": Column("float", "upper end of the pointwise interval"),
        "uniform_low": Column("float", "lower end of the band that holds the whole curve"),
        "uniform_high": Column("float", "upper end of the band that holds the whole curve"),
        "n_window": Column("int", "persons of the sample within one bandwidth of the value"),
        "n_window_arm": Column(
            "int",
            "persons of the arm within one bandwidth of the value; not for export, since those of neighbouring values "
            "differ by the persons of single values",
        ),
        "n_arm": Column("int", "persons in the arm"),
    },
)

_OUTCOME: Final = Column("string", "outcome", False, keys.ALL_OUTCOMES)
_MEASURE: Final = Column("string", "measure", False, keys.TREATED_OR_CHAINED)
_DESCRIBED: Final = Column(
    "string",
    "characteristic at registration: age in years, yes (1) or no (0), months in work in the twelve months before, or "
    "how many of the five years before had an income over 1 G",
    False,
    (
        "alder",
        "kvinne",
        "innvandrer",
        "nedsatt_arbeidsevne",
        "hoyere_utdanning",
        "maneder_i_arbeid",
        "ar_over_1g",
    ),
)

PROJECTION: Final = TableSchema(
    name="projection",
    meaning="Best linear projection of the effect (ATE score) on a few characteristics at once.",
    key=("outcome", "arm", "term"),
    microdata=False,
    columns={
        "outcome": _OUTCOME,
        "arm": _MEASURE,
        "term": _DESCRIBED,
        "estimate": Column("float", "slope, unit of the outcome per ten years, twelve months, one year, or yes for no"),
        "se": Column("float", "HC1 standard error, or clustered by office"),
        "p_value": Column("float", "two-sided p-value; missing without a standard error", True),
        "p_joint": Column("float", "p-value of the test that all slopes of the measure are zero", True),
        "n": Column("int", "persons of the sample"),
    },
)

SORTED_EFFECTS: Final = TableSchema(
    name="sorted_effects",
    meaning="Effect (ATE score) by fifth of the predicted effect, which was learnt from other persons.",
    key=("outcome", "arm", "group"),
    microdata=False,
    columns={
        "outcome": _OUTCOME,
        "arm": _MEASURE,
        "group": Column(
            "string",
            "fifth within the fold, from the least predicted effect, or the last minus the first",
            False,
            ("fifth_1", "fifth_2", "fifth_3", "fifth_4", "fifth_5", "difference"),
        ),
        "predicted": Column("float", "mean predicted effect, unit of the outcome"),
        "estimate": Column("float", "mean score, unit of the outcome"),
        "se": Column("float", "standard error"),
        "low": Column("float", "lower end of the interval"),
        "high": Column("float", "upper end of the interval"),
        "p_value": Column("float", "two-sided p-value that it is zero; missing without a standard error", True),
        "p_equal": Column("float", "p-value of the test that the effect is the same in all fifths", True),
        "n": Column("int", "persons of the sample"),
        "n_arm": Column("int", "persons of them in the arm"),
    },
)

CLASSIFICATION: Final = TableSchema(
    name="classification",
    meaning="Mean characteristics of the fifths of the sample with the least and the largest predicted effect.",
    key=("outcome", "arm", "term"),
    microdata=False,
    columns={
        "outcome": _OUTCOME,
        "arm": _MEASURE,
        "term": _DESCRIBED,
        "least": Column("float", "mean of those with the least predicted effect"),
        "least_se": Column("float", "its standard error"),
        "most": Column("float", "mean of those with the largest predicted effect"),
        "most_se": Column("float", "its standard error"),
        "difference": Column("float", "most minus least"),
        "se": Column("float", "standard error of the difference"),
        "n_least": Column("int", "persons with the least predicted effect"),
        "n_most": Column("int", "persons with the largest predicted effect"),
    },
)

FIFTHS: Final = TableSchema(
    name="fifths",
    meaning="The fifth of each person by the predicted effect of each measure.",
    key=("outcome", "arm", "person_id"),
    microdata=True,
    columns={
        "outcome": _OUTCOME,
        "arm": _MEASURE,
        "person_id": _PERSON,
        "fifth": Column("int", "1 (least predicted effect) ... 5, within the fold"),
    },
)

FIFTHS_TRUTH: Final = TableSchema(
    name="fifths_truth",
    meaning="Planted effect in each fifth of the predicted effect; no row without a truth.",
    key=("outcome", "arm", "group"),
    microdata=False,
    columns={
        "outcome": _OUTCOME,
        "arm": _MEASURE,
        "group": Column("string", "fifth from the least predicted effect, fifth_1 ... fifth_5"),
        "truth": Column("float", "mean planted effect, unit of the outcome"),
        "n": Column("int", "persons of the sample"),
    },
)

PATHS: Final = TableSchema(
    name="paths",
    meaning="Share in work by month since first registration, treated and weighted controls (Figur 6-1).",
    key=("arm", "group", "month_since_registration"),
    microdata=False,
    columns={
        "arm": Column("string", "arm; in that of the controls every weight is one", False, keys.ALL_ARMS),
        "group": Column("string", "treated or weighted control", False, ("behandling", "kontroll")),
        "month_since_registration": Column("int", "months since first registration, 0 = registration month"),
        "share_in_work": Column("float", "weighted share in work, 0-1"),
        "se": Column("float", "standard error of the share"),
        "n": Column("int", "persons behind the share (unweighted)"),
        "n_in_work": Column("int", "persons of them in work (unweighted)"),
    },
)

OVERLAP: Final = TableSchema(
    name="overlap",
    meaning="Overlap diagnostics of each arm.",
    key=("arm",),
    microdata=False,
    columns={
        "arm": Column("string", "arm", False, keys.ALL_ARMS),
        "n": Column("int", "persons in the arm"),
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
        "trimmed": Column("int", "persons of the arm left out by the rule of trimming"),
        "raised_to_floor": Column("int", "persons whose propensity for the arm was raised to the smallest allowed"),
        "max_std_difference_before": Column("float", "largest absolute standardised mean difference, unweighted"),
        "max_std_difference_after": Column("float", "largest absolute standardised mean difference, weighted"),
    },
)

BALANCE: Final = TableSchema(
    name="balance",
    meaning="Characteristics of the treated and of their weighted controls (Tabell B-4 to B-6).",
    key=("arm", "grouping", "term"),
    microdata=False,
    columns={
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "grouping": Column("string", "characteristic; n for the number of persons and the sum of weights"),
        "term": Column("string", "group"),
        "treated": Column("float", "share of the treated, 0-1; number of persons in the n row"),
        "control": Column("float", "weighted share of the controls, 0-1; sum of weights in the n row"),
        "n_treated": Column("int", "treated persons in the group"),
        "n_control": Column("int", "control persons in the group (unweighted)"),
    },
)

BALANCE_OF_COVARIATES: Final = TableSchema(
    name="balance_of_covariates",
    meaning="Standardised mean difference of every covariate between each measure and the controls.",
    key=("arm", "covariate"),
    microdata=False,
    columns={
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "covariate": Column("string", "column of the covariates"),
        "before": Column("float", "mean of the measure minus mean of the controls, in standard deviations"),
        "after": Column("float", "the same against the weighted controls"),
        "n": Column("int", "persons in the measure"),
        "n_other_than_zero": Column("int", "persons of them for whom the covariate is not zero"),
    },
)

PROPENSITY_CLASSES: Final = TableSchema(
    name="propensity_classes",
    meaning="Persons of each measure, and controls, by their propensity of the measure.",
    key=("arm", "group", "low"),
    microdata=False,
    columns={
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "group": Column("string", "treated or control", False, ("behandling", "kontroll")),
        "low": Column("float", "lower end of the class; the lowest takes in everything under it"),
        "high": Column("float", "upper end of the class"),
        "n": Column("int", "persons in the class"),
    },
)

PROPENSITY_CALIBRATION: Final = TableSchema(
    name="propensity_calibration",
    meaning="Propensities beside the shares that are in the arm, in classes of the propensity.",
    key=("arm", "place"),
    microdata=False,
    columns={
        "arm": Column("string", "arm", False, keys.ALL_ARMS),
        "place": Column("int", "place of the class among those of the arm, by rising propensity"),
        "n": Column("int", "persons in the class"),
        "n_arm": Column("int", "persons of them in the arm"),
        "predicted": Column("float", "mean propensity of the arm"),
        "observed": Column("float", "share in the arm, 0-1"),
    },
)

PREDICTION_QUALITY: Final = TableSchema(
    name="prediction_quality",
    meaning="How well participation and yearly outcomes are predicted out of fold, against an out-of-fold constant.",
    key=("arm", "target"),
    microdata=False,
    columns={
        "arm": Column("string", "arm", False, keys.ALL_ARMS),
        "target": Column(
            "string",
            "participation in the arm, or an outcome in it",
            False,
            ("participation", *keys.ALL_YEARLY_OUTCOMES),
        ),
        "n": Column("int", "persons in the arm"),
        "loss": Column("float", "log loss of participation; mean squared error of an outcome"),
        "loss_of_constant": Column("float", "the same of the out-of-fold share or mean"),
        "gain": Column("float", "1 - loss / loss of the constant; missing when that is zero", True),
        "slope": Column("float", "slope of observed on predicted; missing when predictions do not differ", True),
    },
)

WEIGHTED_BALANCE: Final = TableSchema(
    name="weighted_balance",
    meaning="Standardised mean difference of every covariate under the weights of the estimates.",
    key=("arm", "covariate"),
    microdata=False,
    columns={
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
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
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "outcome": Column("string", "outcome", False, keys.ALL_YEARLY_OUTCOMES),
        "n_control": Column("int", "controls"),
        "n_trimmed": Column("int", "controls left out: the share with the largest weights, rounded up"),
        "weight_share": Column("float", "their share of the control weights, 0-1"),
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
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "outcome": Column("string", "outcome", False, (*keys.ALL_YEARLY_OUTCOMES, *keys.TOTALS)),
        "estimate": Column(
            "float", "estimate, unit of the outcome; missing when the rule leaves nobody in an arm", True
        ),
        "se": Column("float", "standard error", True),
        "low": Column("float", "lower end of the confidence interval", True),
        "high": Column("float", "upper end of the confidence interval", True),
        "n": Column("int", "persons before the rule"),
        "n_kept": Column("int", "persons kept"),
        "n_arm": Column("int", "persons in the arm before the rule"),
        "n_arm_kept": Column("int", "persons in the arm kept"),
        "n_control": Column("int", "persons in the control arm before the rule"),
        "n_control_kept": Column("int", "persons in the control arm kept"),
        "effective": Column(
            "float", "effective number, (sum w)^2 / sum w^2, of the controls (atet) or of the arm (ate), weighted", True
        ),
        "largest_share": Column(
            "float",
            "the five largest of these weights (as many as the disclosure threshold, where that is more) together, as "
            "a share of the sum of all, 0-1",
            True,
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
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "estimate": Column("float", "difference, months in work of twelve"),
        "se": Column("float", "standard error"),
        "low": Column("float", "lower end of the confidence interval"),
        "high": Column("float", "upper end of the confidence interval"),
        "n_arm": Column("int", "persons in the arm"),
        "n_control": Column("int", "controls"),
    },
)

CONFOUNDING: Final = TableSchema(
    name="confounding",
    meaning="Bounds of the ATET for an unobserved confounder as strong as a group of covariates.",
    key=("arm", "outcome", "benchmark"),
    microdata=False,
    columns={
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "outcome": Column("string", "outcome", False, keys.ALL_YEARLY_OUTCOMES),
        "benchmark": Column("string", "group of covariates that the confounder is as strong as"),
        "n_arm": Column("int", "persons in the arm"),
        "n_control": Column("int", "controls"),
        "estimate": Column("float", "ATET, unit of the outcome"),
        "interval_low": Column("float", "lower end of its confidence interval"),
        "interval_high": Column("float", "upper end of its confidence interval"),
        "unbalanced": Column("float", "ATET by inverse probability weights as they are"),
        "largest_bias": Column("float", "root of the product of the variances of outcome and weights; its unit"),
        "robustness": Column("float", "share of both variances that a confounder must explain to move it to zero, 0-1"),
        "robustness_of_interval": Column("float", "the same, to move an end of the interval to zero, 0-1"),
        "cf_y": Column("float", "share of the variance of the outcome that the group explains, 0-1"),
        "cf_d": Column("float", "share of the variance of the weights that is lost without the group, 0-1"),
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
        "estimator": Column("string", "estimator; instrument has another estimand", False, keys.ESTIMATORS),
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "outcome": Column("string", "outcome", False, keys.ALL_YEARLY_OUTCOMES),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "standard error"),
        "shape": Column(
            "string",
            "effects not rejected: between = from low to high; outside = up to low and from high on; everything",
            False,
            ("between", "outside", "everything"),
        ),
        "low": Column("float", "lower of the two ends; missing with everything", True),
        "high": Column("float", "higher of the two ends; missing with everything", True),
        "n": Column("int", "persons whom the estimator uses"),
        "n_arm": Column("int", "persons in the arm among them"),
    },
)

FIRST_STAGES: Final = TableSchema(
    name="first_stages",
    meaning="How much the use that an office makes of a measure for others says of who takes part.",
    key=("arm",),
    microdata=False,
    columns={
        "arm": Column("string", "measure", False, keys.TREATED_OR_CHAINED),
        "coefficient": Column("float", "change in the probability when the share of others goes from 0 to 1"),
        "error": Column("float", "its standard error, clustered by office"),
        "f": Column("float", "F of the instrument, clustered by office: the effective F"),
        "partial_r2": Column("float", "share of the variance of treatment given covariates that it explains, 0-1"),
        "weak": Column("bool", "whether F is below 23.1, or the coefficient not positive"),
        "n": Column("int", "persons on the measure or controls in offices with others"),
        "n_arm": Column("int", "persons in the arm among them"),
        "offices": Column("int", "offices"),
    },
)

_REWARD: Final = Column("string", "what counts", False, ("months", "net_benefit"))
_POLICY: Final = Column("string", "who would get what", False, keys.POLICIES)

POLICY_REWARDS: Final = TableSchema(
    name="policy_rewards",
    meaning="What allocations are judged by: the reward under an arm is a weighted sum of outcomes less a cost.",
    key=("reward", "arm"),
    microdata=False,
    columns={
        "reward": _REWARD,
        "arm": Column("string", "arm", False, keys.ALL_ARMS),
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
        "reward": _REWARD,
        "policy": _POLICY,
        "value": Column("float", "mean reward, months in work or 2022-kroner per person"),
        "value_se": Column("float", "its standard error"),
        "gain": Column("float", "value less that of today's allocation; missing for that", True),
        "gain_se": Column("float", "its standard error", True),
        "low": Column("float", "lower end of the interval of the gain", True),
        "high": Column("float", "upper end of the interval of the gain", True),
        "fullest": Column(
            "float",
            "out of fold, persons on a measure over those on it today, of the measure where that is most; missing for "
            "today",
            True,
        ),
        "n": Column("int", "persons"),
    },
)

POLICY_SHARES: Final = TableSchema(
    name="policy_shares",
    meaning="How many persons of each group each policy, learnt on everybody, would give each arm.",
    key=("reward", "policy", "group", "arm"),
    microdata=False,
    columns={
        "reward": _REWARD,
        "policy": _POLICY,
        "group": Column("int", "group of the tree, 0-3: twice the side of the first question plus that of the second"),
        "arm": Column("string", "arm", False, keys.ALL_ARMS),
        "share": Column("float", "share of all persons, 0-1"),
        "n": Column("int", "persons, rounded where a group shares places"),
    },
)

POLICY_RULES: Final = TableSchema(
    name="policy_rules",
    meaning="The conditions of each group of the policy trees learnt on everybody.",
    key=("reward", "policy", "group", "question"),
    microdata=False,
    columns={
        "reward": _REWARD,
        "policy": _POLICY,
        "group": Column("int", "group of the tree, 0-3"),
        "question": Column("int", "1 = the first question, 2 = the second"),
        "feature": Column("string", "column of the covariates"),
        "above": Column("bool", "whether the group is above the threshold, or else at most there"),
        "threshold": Column("float", "value of the covariate"),
        "indicator": Column("bool", "whether the covariate is 0 or 1"),
        "n": Column("int", "persons in the group"),
    },
)

POLICY_ASSIGNMENTS: Final = TableSchema(
    name="policy_assignments",
    meaning="What each policy would give each person, learnt on the other folds; for the comparison with the truth.",
    key=("reward", "policy", "person_id"),
    microdata=True,
    columns={"reward": _REWARD, "policy": _POLICY, "person_id": _PERSON},
    families={"share__": Column("float", "share of the arm, 0-1; shares of a person sum to one")},
)

POLICY_TRUTH: Final = TableSchema(
    name="policy_truth",
    meaning="The planted gain of each policy over today's allocation, over the same persons.",
    key=("reward", "policy"),
    microdata=False,
    columns={
        "reward": _REWARD,
        "policy": _POLICY,
        "truth": Column("float", "mean planted gain, months in work or 2022-kroner per person"),
    },
)

COST_BENEFIT: Final = TableSchema(
    name="cost_benefit",
    meaning="Every quantity of the cost-benefit analysis, one row each (Tabell 7-2 to 7-6).",
    key=("basis", "exhibit", "measure", "item"),
    microdata=False,
    columns={
        "basis": Column(
            "string",
            "as_estimated, as_specified (the report's printed inputs and rules), as_reconstructed (inferred unrounded "
            "inputs) or as_printed (the report's cells)",
        ),
        "exhibit": Column("string", "exhibit in which the quantity stands, e.g. tabell-7-2"),
        "measure": Column("string", "measure", False, keys.COST_BENEFIT_MEASURES),
        "item": Column("string", "key of the row or column in the exhibit"),
        "value": Column("float", "value in its unit; missing where the report has no amount", True),
        "unit": Column("string", "unit, e.g. nok_2022, months, percent, hours, text"),
        "text": Column("string", "value of items that are not numbers", True),
        "se": Column("float", "standard error from the estimated effects; missing where none applies", True),
        "n": Column("int", "participants behind an estimated quantity; missing for pure parameters", True),
    },
)

COURSE_INPUTS: Final = TableSchema(
    name="course_inputs",
    meaning="What the engine needs to value one course of each measure on the estimated basis, and how far each "
    "parameter may be moved.",
    key=("subject", "item"),
    microdata=False,
    columns={
        "subject": Column("string", "measure; the name of a parameter when it holds for all measures"),
        "item": Column("string", "what is told of it; `parameter` for parameters"),
        "value": Column("float", "value in its unit; missing for words", True),
        "low": Column("float", "least value to try, or lower end of the interval", True),
        "high": Column("float", "highest value to try, or upper end of the interval", True),
        "unit": Column("string", "unit"),
        "text": Column("string", "the word of a parameter that is no number", True),
        "n": Column("int", "participants behind it; missing for parameters", True),
    },
)

AUDIT: Final = TableSchema(
    name="audit",
    meaning="The verdict on every printed number of the audited tables, and what it rests on.",
    key=("document", "cell"),
    microdata=False,
    columns={
        "document": Column("string", "key of the document"),
        "cell": Column("string", "exhibit, panel, row group, row and column as printed, joined by |"),
        "exhibit": Column("string", "exhibit, or text"),
        "row": Column("string", "row as printed"),
        "column": Column("string", "column as printed"),
        "kind": Column("string", "table or prose"),
        "line": Column("int", "line of the text version"),
        "unit": Column("string", "unit as in config/documents"),
        "printed": Column("float", "the printed number; missing for words", True),
        "words": Column("string", "the printed words; missing for numbers", True),
        "step": Column("float", "unit to which the number is rounded"),
        "verdict": Column(
            "string",
            "given, reproduced, within_rounding, inferred or inconsistent",
            False,
            ("given", "reproduced", "within_rounding", "inferred", "inconsistent"),
        ),
        "rule": Column("string", "key of the rule by which the cell should follow"),
        "rule_line": Column("int", "line that states the rule"),
        "computed": Column("float", "what the rule gives at the printed inputs; missing without a rule", True),
        "possible_low": Column("float", "least that the rule gives within the rounding of its inputs", True),
        "possible_high": Column("float", "most that the rule gives within the rounding of its inputs", True),
        "rebuilt": Column("float", "what one set of unrounded inputs gives; missing for words", True),
        "inferred": Column("string", "inferred inputs with their feasible intervals; missing when none", True),
        "against": Column("string", "cells that the number contradicts; missing when none", True),
    },
)
CONVENTIONS: Final = TableSchema(
    name="conventions",
    meaning="How many printed cells contradict others under each convention of discounting.",
    key=("timing", "costs"),
    microdata=False,
    columns={
        "timing": Column("string", "when amounts are discounted", False, ("monthly", "mid_year", "yearly", "year_end")),
        "costs": Column("string", "whether costs grow with wages", False, ("vekst", "uten_vekst")),
        "in_conflict": Column("int", "size of the smallest set of cells that must be given up for the rest to hold"),
    },
)
CORRECTIONS: Final = TableSchema(
    name="corrections",
    meaning="Net benefits as printed and under each stated rule from which the printed tables depart.",
    key=("correction", "measure"),
    microdata=False,
    columns={
        "correction": Column("string", "key of the correction"),
        "measure": Column("string", "measure", False, keys.COST_BENEFIT_MEASURES),
        "printed": Column("float", "printed net benefit, kroner"),
        "corrected": Column("float", "net benefit under the stated rule, kroner"),
        "printed_rank": Column("int", "rank among the measures as printed, 1 = most profitable"),
        "corrected_rank": Column("int", "rank when this correction is the only one"),
        "sign": Column("string", "sign under the stated rule", False, ("positiv", "negativ")),
        "sign_changed": Column("bool", "whether the sign differs from the printed one"),
        "lines": Column("string", "lines of the text version that the correction rests on"),
    },
)

SENSITIVITY: Final = TableSchema(
    name="sensitivity",
    meaning="How sure the net benefits are: simulation, break-even values, scenarios, groups and the budget by year.",
    key=("analysis", "basis", "measure", "item", "x"),
    microdata=False,
    columns={
        "analysis": Column(
            "string",
            "the analysis",
            False,
            ("simulation", "information", "tornado", "scenario", "break_even", "budget", "group"),
        ),
        "basis": Column("string", "as_estimated, as_specified or as_reconstructed"),
        "measure": Column("string", "measure", False, keys.COST_BENEFIT_MEASURES),
        "item": Column("string", "what is varied or asked for"),
        "x": Column("float", "value of what is varied, or the year; 0 when nothing is"),
        "value": Column("float", "the answer in its unit; missing when there is none", True),
        "low": Column("float", "lower end of its interval", True),
        "high": Column("float", "upper end of its interval", True),
        "se": Column("float", "its standard error", True),
        "unit": Column("string", "unit of the answer"),
        "n": Column("int", "persons behind an estimated answer; missing for pure parameters", True),
    },
)

WAGE_SUBSIDY: Final = TableSchema(
    name="wage_subsidy",
    meaning="Varig lønnstilskudd (vlt_rapport) and VTA-O (vtao_horing): every quantity as printed, by the stated rules "
    "and as reconstructed.",
    key=("basis", "exhibit", "subject", "item", "year"),
    microdata=False,
    columns={
        "basis": Column("string", "set of numbers", False, ("as_printed", "as_specified", "as_reconstructed")),
        "exhibit": Column(
            "string",
            "printed table, offentlige_budsjetter (what the treasury pays by year), utledet (inferred inputs) or vtao "
            "(the budget of vtao_horing)",
        ),
        "subject": Column("string", "alternative, or wage level and country; empty when there is none"),
        "item": Column("string", "key of the row"),
        "year": Column("string", "year from 0, or sum; empty when there is none"),
        "value": Column("float", "value in its unit; missing where nothing gives the printed one", True),
        "low": Column("float", "lower end of the feasible interval", True),
        "high": Column("float", "upper end of the feasible interval", True),
        "unit": Column("string", "unit: thousand_nok, nok_per_month, percent, ratio, persons ..."),
    },
)

WAGE_SUBSIDY_ERRATA: Final = TableSchema(
    name="wage_subsidy_errata",
    meaning="Where vlt_rapport departs from a rule that it states, and what holds by the rule; each departure alone.",
    key=("key",),
    microdata=False,
    columns={
        "key": Column("string", "name of the departure"),
        "position": Column("int", "order of the rows"),
        "stated_line": Column("int", "line that states the rule"),
        "printed_line": Column("int", "line of the printed number"),
        "subject": Column("string", "alternative or country whose result is told"),
        "quantity": Column("string", "which result"),
        "unit": Column("string", "unit of both results"),
        "printed": Column("float", "result as printed"),
        "by_rule": Column("float", "result by the stated rule"),
        "consequence": Column(
            "string",
            "what changes most: sign, place in the ranking, size as printed, or nothing",
            False,
            ("fortegn", "rang", "storrelsen", "ingen"),
        ),
        "rank_printed": Column("int", "place by net benefit as printed, 1 = best", True),
        "rank_by_rule": Column("int", "place by the rule", True),
    },
)

TRUTH: Final = TableSchema(
    name="truth",
    meaning="Planted potential outcomes of synthetic persons at each registration from which a first measure is "
    "planned; only the validation stage may read it.",
    key=("person_id", "registration_month", "arm"),
    microdata=True,
    columns={
        "person_id": _PERSON,
        "registration_month": Column("month", "month of the registration (month 0)"),
        "arm": Column("string", "arm under which the outcomes would occur", False, keys.ARMS),
        "start_month": Column("month", "start, or latent start, from which the outcomes count"),
        **{name: Column("int", "potential months in work in the year") for name in keys.MONTHS_IN_WORK},
        **{name: Column("int", "potential wage income in the year, 2022-kroner") for name in keys.WAGE_INCOME},
        **{name: Column("bool", "potential state in the month: in work") for name in keys.IN_WORK},
    },
)

ASSIGNMENT: Final = TableSchema(
    name="assignment",
    meaning="How the first measure of each planned registration was drawn: the true chances given the covariates and "
    "the NAV office; only the validation stage may read it.",
    key=("person_id", "registration_month"),
    microdata=True,
    columns={
        "person_id": _PERSON,
        "registration_month": Column("month", "month of the registration (month 0)"),
        "arm": Column("string", "arm that was drawn", False, keys.ARMS),
        "start_month": Column("month", "start, or latent start"),
        "waited": Column("int", "courses of events drawn in which the person left before the start"),
    },
    families={
        "propensity__": Column("float", "true probability of the arm at registration"),
        "start_m": Column("float", "true share of starts in the month since registration"),
    },
)

TRUTH_COMPARISON: Final = TableSchema(
    name="truth_comparison",
    meaning="Estimated effects beside the planted truth of the synthetic registers.",
    key=("estimand", "arm", "outcome"),
    microdata=False,
    columns={
        "estimand": Column("string", "ate or atet", False, ("ate", "atet")),
        "arm": Column("string", "measure", False, keys.TREATED_ARMS),
        "outcome": Column("string", "outcome", False, keys.ALL_OUTCOMES),
        "estimate": Column("float", "estimate"),
        "se": Column("float", "standard error of the estimate"),
        "truth": Column("float", "average planted effect over the same persons"),
        "error_in_se": Column("float", "(estimate - truth) / se"),
        "covered": Column("bool", "whether the confidence interval holds the truth"),
        "n_arm": Column("int", "persons in the arm"),
    },
)

_CELL: Final = {
    "document": Column("string", "document in which the number is printed"),
    "exhibit": Column("string", "exhibit in which the number is printed"),
    "panel": Column("string", "panel of the exhibit; empty when there is none"),
    "row_group": Column("string", "block of rows; empty when there is none"),
    "row": Column("string", "row"),
    "column": Column("string", "column"),
    "unit": Column("string", "unit as printed; intermediate or histogram for sums from which others are derived"),
}

_SUMS: Final = {
    **_CELL,
    "numerator": Column("float", "sum above the line, or the number itself"),
    "denominator": Column("float", "sum below the line; missing for numbers that grow with the population", True),
    "count": Column("float", "persons behind the numerator"),
    "base": Column("float", "persons behind the denominator; missing where there is none", True),
}

DESCRIPTION_SUMS: Final = TableSchema(
    name="description_sums",
    meaning="Sums over persons behind the numbers of chapters 4 and 5 and annex B; those of shards add up.",
    key=tuple(_CELL),
    microdata=False,
    columns=_SUMS,
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
        "se": Column("float", "standard error"),
        "low": Column("float", "lower end of the confidence interval"),
        "high": Column("float", "upper end of the confidence interval"),
        "n_treated": Column("int", "persons in the programme"),
        "n_control": Column("int", "persons they are compared with"),
    },
)

CALIBRATION_SUMS: Final = TableSchema(
    name="calibration_sums",
    meaning="Sums over the persons of one shard behind the numbers about permanent measures; they add up over shards.",
    key=tuple(_CELL),
    microdata=False,
    columns=_SUMS,
)

CALIBRATION: Final = TableSchema(
    name="calibration",
    meaning="Every printed number of the documents beside what the registers give.",
    key=("place",),
    microdata=False,
    columns={
        "place": Column("int", "place of the number among the printed ones"),
        **_CELL,
        "kind": Column("string", "table, prose, axis or derived"),
        "line": Column("string", "line of the text version"),
        "relation": Column("string", "what is said of the number", False, ("equal", "about", "at_least", "at_most")),
        "target": Column("float", "printed number; missing when left out", True),
        "simulated": Column("float", "number of the registers; missing when left out or when there is nobody", True),
        "difference": Column("float", "simulated minus printed; of a bound only what lies beyond it", True),
        "step": Column("float", "unit of rounding of the printed number; missing when left out", True),
        "difference_in_steps": Column("float", "difference in units of rounding", True),
        "count": Column("float", "persons behind the numerator", True),
        "base": Column("float", "persons behind the denominator", True),
        "status": Column(
            "string", "compared, nobody, unmeasurable (an optional table is lacking), or why the number is left out"
        ),
    },
)

NAV_MONTHS: Final = TableSchema(
    name="nav_months",
    meaning="Persons in each NAV group in each month, and those of them newly registered.",
    key=("month", "nav_group"),
    microdata=False,
    columns={
        "month": Column("month", "calendar month"),
        "nav_group": Column("string", "NAV group in the month", False, keys.NAV_GROUPS),
        "n": Column("int", "persons in the group"),
        "n_new": Column("int", "persons of them who were in no NAV group in the 24 months before"),
    },
)

NAV_PATHS: Final = TableSchema(
    name="nav_paths",
    meaning="Ways through the NAV groups in half-years after first registration (chapter 4).",
    key=("m0", "m6", "m12", "m18"),
    microdata=False,
    columns={
        "m0": Column("string", "NAV group at first registration", False, keys.NAV_GROUPS),
        **{
            f"m{month}": Column("string", f"group {month} months later", False, (*keys.NAV_GROUPS, keys.NOT_REGISTERED))
            for month in (6, 12, 18)
        },
        "n": Column("int", "persons"),
    },
)

WAGE_CLASSES: Final = TableSchema(
    name="wage_classes",
    meaning="Monthly wages of those in work around first registration (chapter 4), by class.",
    key=("first_group", "month_since_registration", "wage_from"),
    microdata=False,
    columns={
        "first_group": Column("string", "NAV group at first registration", False, keys.NAV_GROUPS),
        "month_since_registration": Column("int", "months since first registration, 0 = registration month"),
        "wage_from": Column("int", "lower end of the class, kroner a month at 2022 prices; the last is open"),
        "n": Column("int", "persons"),
    },
)

MEASURE_SURVIVAL: Final = TableSchema(
    name="measure_survival",
    meaning="How long persons stay on the first measure after first registration (chapter 4): Kaplan-Meier estimate.",
    key=("measure", "month"),
    microdata=False,
    columns={
        "measure": Column("string", "measure; those outside the effect analysis in annet", False, keys.TREATED_ARMS),
        "month": Column("int", "month on the measure, 1 = the month of the start"),
        "at_risk": Column("int", "persons on the measure in the month"),
        "ended": Column("int", "persons of them for whom it was the last month"),
        "censored": Column("int", "persons of them whom the data follow no further"),
        "survival": Column("float", "estimated share still on the measure after the month, 0-1"),
        "low": Column("float", "lower end of the interval; missing when the share is 0 or 1", True),
        "high": Column("float", "upper end of the interval; missing when the share is 0 or 1", True),
    },
)

DEFECT_LEDGER: Final = TableSchema(
    name="defect_ledger",
    meaning="Defects planted in synthetic registers, row by row; only the validation stage may read it.",
    key=(),
    microdata=True,
    columns={
        "defect": Column("string", "the defect"),
        "table": Column("string", "register table"),
        "key": Column("string", "key of the row as it stands in the damaged table, its values joined by |"),
        "change": Column("string", "whether the row was added or changed", False, ("added", "changed")),
        "column": Column("string", "column that differs; empty for a row added whole"),
        "original": Column("string", "true value of the column", True),
        "delivered": Column("string", "value of the column in the damaged table", True),
    },
)

DEFECT_SCORES: Final = TableSchema(
    name="defect_scores",
    meaning="How many of the planted defects cleaning found, and how much of what it found had been planted.",
    key=("defect",),
    microdata=False,
    columns={
        "defect": Column("string", "the defect"),
        "planted": Column("int", "rows with the defect"),
        "found": Column("int", "rows of them found by a rule that is meant to"),
        "flagged": Column("int", "rows found by these rules"),
        "right": Column("int", "rows of them in which a defect of these rules was planted"),
        "recall": Column("float", "found / planted; missing when nothing was planted", True),
        "precision": Column("float", "right / flagged; missing when nothing was found", True),
    },
)

ALL: Final = (
    DATA_QUALITY,
    PANEL,
    ENTRIES,
    ATTRITION,
    CHARACTERISTICS,
    COVARIATES,
    SAMPLE,
    OUTCOMES,
    PROPENSITIES,
    BOUNDED_PROPENSITIES,
    TRIMMING,
    OUTCOME_PREDICTIONS,
    PATHS,
    OVERLAP,
    BALANCE,
    BALANCE_OF_COVARIATES,
    PROPENSITY_CLASSES,
    PROPENSITY_CALIBRATION,
    PREDICTION_QUALITY,
    WEIGHTED_BALANCE,
    WEIGHT_INFLUENCE,
    OVERLAP_RULES,
    PLACEBO,
    CONFOUNDING,
    ESTIMATOR_COMPARISON,
    FIRST_STAGES,
    SCORES,
    OFFICES,
    ESTIMATES,
    COVARIANCES,
    JOINT_COVARIANCES,
    GATE,
    GATE_TESTS,
    EFFECT_CURVES,
    PROJECTION,
    SORTED_EFFECTS,
    CLASSIFICATION,
    FIFTHS,
    POLICY_REWARDS,
    POLICY_VALUES,
    POLICY_SHARES,
    POLICY_RULES,
    POLICY_ASSIGNMENTS,
    POLICY_TRUTH,
    COST_BENEFIT,
    COURSE_INPUTS,
    AUDIT,
    CONVENTIONS,
    CORRECTIONS,
    SENSITIVITY,
    WAGE_SUBSIDY,
    WAGE_SUBSIDY_ERRATA,
    TRUTH,
    ASSIGNMENT,
    TRUTH_COMPARISON,
    FIFTHS_TRUTH,
    DESCRIPTION_SUMS,
    LALONDE,
    CALIBRATION_SUMS,
    CALIBRATION,
    NAV_MONTHS,
    NAV_PATHS,
    WAGE_CLASSES,
    MEASURE_SURVIVAL,
    DEFECT_LEDGER,
    DEFECT_SCORES,
)
