"""The tables of how effects differ between persons."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import PERSON, Column, TableSchema

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
        "arm": Column("string", "arm"),
        "grouping": Column(
            "string",
            "the characteristic",
            False,
            ("innsatsgruppe", "sex", "age_group", "landgruppe", "ledighetskategori"),
        ),
        "term": Column("string", "group; the first of its grouping is the constant, others are differences from it"),
        "constant": Column("bool", "whether the term is the constant (base group)"),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "HC1 standard error, or clustered by office", least=0),
        "p_value": Column("float", "two-sided p-value", least=0, most=1),
        "p_holm": Column("float", _ADJUSTED.format("Holm"), True, least=0, most=1),
        "p_romano_wolf": Column("float", _ADJUSTED.format("Romano and Wolf"), True, least=0, most=1),
        "n_group": Column("int", "persons of the group in the sample", least=0, unit="persons"),
        "n_group_arm": Column("int", "persons of the group in the arm", least=0, unit="persons"),
    },
)

GATE_TESTS: Final = TableSchema(
    name="gate_tests",
    meaning="Wald tests that the effect of a measure is the same in all groups.",
    key=("outcome", "arm", "grouping"),
    microdata=False,
    columns={
        "outcome": Column("string", "outcome", False, keys.ALL_OUTCOMES),
        "arm": Column("string", "arm"),
        "grouping": Column(
            "string",
            "the characteristic, or all of them at once",
            False,
            ("innsatsgruppe", "sex", "age_group", "landgruppe", "ledighetskategori", "all"),
        ),
        "statistic": Column("float", "Wald statistic; missing where the covariance has not full rank", True),
        "df": Column("int", "differences tested"),
        "p_value": Column("float", "p-value, chi-squared", True, least=0, most=1),
        "p_holm": Column(
            "float", "adjusted by Holm for the measures of Tabell 6-7, missing for others", True, least=0, most=1
        ),
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
        "arm": Column("string", "arm"),
        "at": Column("int", "value of the characteristic"),
        "estimate": Column("float", "estimate, unit of the outcome"),
        "se": Column("float", "standard error", least=0),
        "low": Column("float", "lower end of the pointwise interval"),
        "high": Column("float", "upper end of the pointwise interval"),
        "uniform_low": Column("float", "lower end of the band that holds the whole curve"),
        "uniform_high": Column("float", "upper end of the band that holds the whole curve"),
        "n_window": Column("int", "persons of the sample within one bandwidth of the value", least=0, unit="persons"),
        "n_window_arm": Column(
            "int",
            "persons of the arm within one bandwidth of the value; not for export, since those of neighbouring values "
            "differ by the persons of single values",
            least=0,
            unit="persons",
        ),
        "n_arm": Column("int", "persons in the arm", least=0, unit="persons"),
    },
)

OUTCOME: Final = Column("string", "outcome", False, keys.ALL_OUTCOMES)

MEASURE: Final = Column("string", "measure")

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
        "outcome": OUTCOME,
        "arm": MEASURE,
        "term": _DESCRIBED,
        "estimate": Column("float", "slope, unit of the outcome per ten years, twelve months, one year, or yes for no"),
        "se": Column("float", "HC1 standard error, or clustered by office", least=0),
        "p_value": Column("float", "two-sided p-value; missing without a standard error", True, least=0, most=1),
        "p_joint": Column(
            "float", "p-value of the test that all slopes of the measure are zero", True, least=0, most=1
        ),
        "n": Column("int", "persons of the sample", least=0, unit="persons"),
    },
)

SORTED_EFFECTS: Final = TableSchema(
    name="sorted_effects",
    meaning="Effect (ATE score) by fifth of the predicted effect, which was learnt from other persons.",
    key=("outcome", "arm", "group"),
    microdata=False,
    columns={
        "outcome": OUTCOME,
        "arm": MEASURE,
        "group": Column(
            "string",
            "fifth within the fold, from the least predicted effect, or the last minus the first",
            False,
            ("fifth_1", "fifth_2", "fifth_3", "fifth_4", "fifth_5", "difference"),
        ),
        "predicted": Column("float", "mean predicted effect, unit of the outcome"),
        "estimate": Column("float", "mean score, unit of the outcome"),
        "se": Column("float", "standard error", least=0),
        "low": Column("float", "lower end of the interval"),
        "high": Column("float", "upper end of the interval"),
        "p_value": Column(
            "float", "two-sided p-value that it is zero; missing without a standard error", True, least=0, most=1
        ),
        "p_equal": Column(
            "float", "p-value of the test that the effect is the same in all fifths", True, least=0, most=1
        ),
        "n": Column("int", "persons of the sample", least=0, unit="persons"),
        "n_arm": Column("int", "persons of them in the arm", least=0, unit="persons"),
    },
)

CLASSIFICATION: Final = TableSchema(
    name="classification",
    meaning="Mean characteristics of the fifths of the sample with the least and the largest predicted effect.",
    key=("outcome", "arm", "term"),
    microdata=False,
    columns={
        "outcome": OUTCOME,
        "arm": MEASURE,
        "term": _DESCRIBED,
        "least": Column("float", "mean of those with the least predicted effect"),
        "least_se": Column("float", "its standard error", least=0),
        "most": Column("float", "mean of those with the largest predicted effect"),
        "most_se": Column("float", "its standard error", least=0),
        "difference": Column("float", "most minus least"),
        "se": Column("float", "standard error of the difference", least=0),
        "n_least": Column("int", "persons with the least predicted effect", least=0, unit="persons"),
        "n_most": Column("int", "persons with the largest predicted effect", least=0, unit="persons"),
    },
)

FIFTHS: Final = TableSchema(
    name="fifths",
    meaning="The fifth of each person by the predicted effect of each measure.",
    key=("outcome", "arm", "person_id"),
    microdata=True,
    columns={
        "outcome": OUTCOME,
        "arm": MEASURE,
        "person_id": PERSON,
        "fifth": Column("int", "1 (least predicted effect) ... 5, within the fold"),
    },
)

ALL: Final = (
    GATE,
    GATE_TESTS,
    EFFECT_CURVES,
    PROJECTION,
    SORTED_EFFECTS,
    CLASSIFICATION,
    FIFTHS,
)
