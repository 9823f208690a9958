"""The tables that cross from one stage to the next: the one place that names, types and documents them."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import Column, TableSchema

_PERSON: Final = Column("string", "identifier of the person, as delivered")

DATA_QUALITY: Final = TableSchema(
    name="data_quality",
    meaning="Rows of each register table that each check set aside.",
    key=("table", "column", "rule"),
    microdata=False,
    columns={
        "table": Column("string", "register table"),
        "column": Column("string", "column, or columns, of the check"),
        "rule": Column("string", "key of the check"),
        "received": Column("int", "rows received of the table"),
        "quarantined": Column("int", "rows set aside by the check"),
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
        "arm": Column("string", "measure group of the first measure in months 0-11, else control", False, keys.ARMS),
        "start_offset": Column("int", "months from registration to start, 0-11; missing for controls", True),
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
    meaning="The effect sample after pseudo-starts: treated, and controls still registered at their pseudo-start.",
    key=("person_id",),
    microdata=True,
    columns={
        "person_id": _PERSON,
        "arm": Column("string", "arm", False, keys.ARMS),
        "registration_month": Column("month", "month of the first registration"),
        "start_offset": Column("int", "months from registration to start or pseudo-start, 0-11"),
        "start_month": Column("month", "start or pseudo-start month; outcomes count from the month after"),
        "fold": Column("int", "fold of the cross-fitting, 0-based"),
    },
)

OUTCOMES: Final = TableSchema(
    name="outcomes",
    meaning="Outcomes after the (pseudo-)start, one column per outcome.",
    key=("person_id",),
    microdata=True,
    columns={
        "person_id": _PERSON,
        **{name: Column("float", "months in work in the year, 0-12") for name in keys.MONTHS_IN_WORK},
        **{name: Column("float", "wage income in the year, kroner at 2022 prices") for name in keys.WAGE_INCOME},
        **{name: Column("float", "in work in the month, 0 or 1") for name in keys.IN_WORK},
    },
)

PROPENSITIES: Final = TableSchema(
    name="propensities",
    meaning="Out-of-fold probability of each arm; rows sum to one.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": _PERSON},
    families={"propensity__": Column("float", "probability of the arm")},
)

OUTCOME_PREDICTIONS: Final = TableSchema(
    name="outcome_predictions",
    meaning="Out-of-fold prediction of each outcome under each arm.",
    key=("person_id",),
    microdata=True,
    columns={"person_id": _PERSON},
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

ESTIMATES: Final = TableSchema(
    name="estimates",
    meaning="Average potential outcomes and effects with standard errors.",
    key=("estimand", "arm", "outcome"),
    microdata=False,
    columns={
        "estimand": Column("string", "apo, ate or atet (against control)", False, ("apo", "ate", "atet")),
        "arm": Column("string", "arm", False, keys.ARMS),
        "outcome": Column("string", "outcome", False, keys.OUTCOMES),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "standard error"),
        "low": Column("float", "lower end of the confidence interval"),
        "high": Column("float", "upper end of the confidence interval"),
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
        "arm": Column("string", "measure", False, keys.TREATED_ARMS),
        "outcome_a": Column("string", "one outcome", False, keys.YEARLY_OUTCOMES),
        "outcome_b": Column("string", "the other outcome; the same for a variance", False, keys.YEARLY_OUTCOMES),
        "covariance": Column("float", "covariance of the two estimates, product of the units of the outcomes"),
    },
)

GATE: Final = TableSchema(
    name="gate",
    meaning="Group average treatment effects: least squares of the ATE score on a constant and group differences.",
    key=("outcome", "arm", "grouping", "term"),
    microdata=False,
    columns={
        "outcome": Column("string", "outcome", False, keys.OUTCOMES),
        "arm": Column("string", "arm", False, keys.TREATED_ARMS),
        "grouping": Column(
            "string",
            "the characteristic",
            False,
            ("innsatsgruppe", "sex", "age_group", "landgruppe", "ledighetskategori"),
        ),
        "term": Column("string", "group; the first of its grouping is the constant, others are differences from it"),
        "constant": Column("bool", "whether the term is the constant (base group)"),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "HC1 standard error"),
        "p_value": Column("float", "two-sided p-value"),
        "n_group": Column("int", "persons of the group in the sample"),
        "n_group_arm": Column("int", "persons of the group in the arm"),
    },
)

AGE_CURVE: Final = TableSchema(
    name="age_curve",
    meaning="Effect (ATE score) by age: local linear kernel regression with pointwise intervals.",
    key=("outcome", "arm", "age"),
    microdata=False,
    columns={
        "outcome": Column("string", "outcome", False, keys.OUTCOMES),
        "arm": Column("string", "arm", False, keys.TREATED_ARMS),
        "age": Column("int", "age, years"),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "standard error"),
        "low": Column("float", "lower end of the pointwise interval"),
        "high": Column("float", "upper end of the pointwise interval"),
        "n_window": Column("int", "persons of the sample within one bandwidth of the age"),
        "n_window_arm": Column("int", "persons of the arm within one bandwidth of the age"),
    },
)

PATHS: Final = TableSchema(
    name="paths",
    meaning="Share in work by month since first registration, treated and weighted controls (Figur 6-1).",
    key=("arm", "group", "month_since_registration"),
    microdata=False,
    columns={
        "arm": Column("string", "measure", False, keys.TREATED_ARMS),
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
        "arm": Column("string", "arm", False, keys.ARMS),
        "n": Column("int", "persons in the arm"),
        "sum_of_control_weights": Column("float", "sum of the control weights e_w(X)/e_0(X) for the arm"),
        "effective_controls": Column("float", "effective number of weighted controls, (sum w)^2 / sum w^2"),
        "largest_weight_share": Column("float", "largest control weight as a share of their sum"),
        "p01": Column("float", "1st percentile of the arm's propensity among the arm"),
        "p50": Column("float", "median of the arm's propensity among the arm"),
        "p99": Column("float", "99th percentile of the arm's propensity among the arm"),
        "share_below_one_per_cent": Column("float", "share of the sample with propensity under 0.01 for the arm"),
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
        "arm": Column("string", "measure", False, keys.TREATED_ARMS),
        "grouping": Column("string", "characteristic; n for the number of persons and the sum of weights"),
        "term": Column("string", "group"),
        "treated": Column("float", "share of the treated, 0-1; number of persons in the n row"),
        "control": Column("float", "weighted share of the controls, 0-1; sum of weights in the n row"),
        "n_treated": Column("int", "treated persons in the group"),
        "n_control": Column("int", "control persons in the group (unweighted)"),
    },
)

COST_BENEFIT: Final = TableSchema(
    name="cost_benefit",
    meaning="Every quantity of the cost-benefit analysis, one row each (Tabell 7-2 to 7-6).",
    key=("basis", "exhibit", "measure", "item"),
    microdata=False,
    columns={
        "basis": Column("string", "as_estimated or as_specified (the seed's printed inputs and rules)"),
        "exhibit": Column("string", "exhibit in which the quantity stands, e.g. tabell-7-2"),
        "measure": Column("string", "measure", False, keys.COST_BENEFIT_MEASURES),
        "item": Column("string", "key of the row or column in the exhibit"),
        "value": Column("float", "value in its unit; missing where the seed has no amount", True),
        "unit": Column("string", "unit, e.g. nok_2022, months, percent, hours, text"),
        "text": Column("string", "value of items that are not numbers", True),
        "se": Column("float", "standard error from the estimated effects; missing where none applies", True),
        "n": Column("int", "participants behind an estimated quantity; missing for pure parameters", True),
    },
)

TRUTH: Final = TableSchema(
    name="truth",
    meaning="Planted potential outcomes of synthetic persons; only the validation stage may read it.",
    key=("person_id", "arm"),
    microdata=True,
    columns={
        "person_id": _PERSON,
        "arm": Column("string", "arm under which the outcomes would occur", False, keys.ARMS),
        "start_month": Column("month", "start, or latent start, from which the outcomes count"),
        **{name: Column("float", "potential months in work in the year") for name in keys.MONTHS_IN_WORK},
        **{name: Column("float", "potential wage income in the year, 2022-kroner") for name in keys.WAGE_INCOME},
        **{name: Column("float", "potential state in the month, 0 or 1") for name in keys.IN_WORK},
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
        "outcome": Column("string", "outcome", False, keys.OUTCOMES),
        "estimate": Column("float", "estimate"),
        "se": Column("float", "standard error of the estimate"),
        "truth": Column("float", "average planted effect over the same persons"),
        "error_in_se": Column("float", "(estimate - truth) / se"),
        "covered": Column("bool", "whether the confidence interval holds the truth"),
        "n_arm": Column("int", "persons in the arm"),
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
    OUTCOME_PREDICTIONS,
    PATHS,
    OVERLAP,
    BALANCE,
    SCORES,
    ESTIMATES,
    COVARIANCES,
    GATE,
    AGE_CURVE,
    COST_BENEFIT,
    TRUTH,
    TRUTH_COMPARISON,
)
