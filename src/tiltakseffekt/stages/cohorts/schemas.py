"""The tables of the cohorts, and what is counted of all registered persons."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import PERSON, Column, TableSchema

ENTRIES: Final = TableSchema(
    name="entries",
    meaning="The cohort: one row per person whose first registration meets every rule; before pseudo-starts.",
    key=("person_id",),
    microdata=True,
    columns={
        "person_id": PERSON,
        "registration_month": Column("month", "month of the first registration (month 0)"),
        "first_group": Column("string", "innsatsgruppe at first registration", False, keys.ENTRY_GROUPS),
        "arm": Column("string", "first measure in the start window, or the chain it began, else control"),
        "start_offset": Column("int", "months from registration to start; missing for controls", True),
        "group_at_start": Column("string", "NAV group in the start month; missing = none or control", True),
        "later_start_offset": Column("int", "months from registration to first start within 48 months", True),
        "followed_by_measure": Column(
            "bool", "another measure, ending later, began within two whole months of its end"
        ),
        "duration": Column(
            "int",
            "months on the first measure until it ended or the panel does; 0 for controls",
            least=0,
            unit="months",
        ),
        "tiltakspenger_months": Column("int", "months of that duration with tiltakspenger", least=0, unit="months"),
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
        "left_out": Column("int", "persons left out by this rule", least=0, unit="persons"),
        "remaining": Column("int", "persons still in", least=0, unit="persons"),
    },
)

CHARACTERISTICS: Final = TableSchema(
    name="characteristics",
    meaning="Groups by which results are shown, all measured at first registration.",
    key=("person_id",),
    microdata=True,
    columns={
        "person_id": PERSON,
        "innsatsgruppe": Column("string", "innsatsgruppe at first registration", False, keys.ENTRY_GROUPS),
        "reduced_capacity": Column("bool", "nedsatt arbeidsevne = spesielt tilpasset innsats at first registration"),
        "sex": Column("string", "sex", False, keys.SEXES),
        "age": Column("int", "age reached in the calendar year of registration", least=0, unit="years"),
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
    columns={"person_id": PERSON},
    families={"x_": Column("float", "a covariate of Tabell 6-4")},
)

NAV_MONTHS: Final = TableSchema(
    name="nav_months",
    meaning="Persons in each NAV group in each month, and those of them newly registered.",
    key=("month", "nav_group"),
    microdata=False,
    columns={
        "month": Column("month", "calendar month"),
        "nav_group": Column("string", "NAV group in the month", False, keys.NAV_GROUPS),
        "n": Column("int", "persons in the group", least=0, unit="persons"),
        "n_new": Column(
            "int", "persons of them who were in no NAV group in the 24 months before", least=0, unit="persons"
        ),
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
        "n": Column("int", "persons", least=0, unit="persons"),
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
        "n": Column("int", "persons", least=0, unit="persons"),
    },
)

MEASURE_SURVIVAL: Final = TableSchema(
    name="measure_survival",
    meaning="How long persons stay on the first measure after first registration (chapter 4): Kaplan-Meier estimate.",
    key=("measure", "month"),
    microdata=False,
    columns={
        "measure": Column("string", "measure; those outside the effect analysis in annet"),
        "month": Column("int", "month on the measure, 1 = the month of the start"),
        "at_risk": Column("int", "persons on the measure in the month", least=0, unit="persons"),
        "ended": Column("int", "persons of them for whom it was the last month", least=0, unit="persons"),
        "censored": Column("int", "persons of them whom the data follow no further", least=0, unit="persons"),
        "survival": Column("float", "estimated share still on the measure after the month", least=0, most=1),
        "low": Column("float", "lower end of the interval; missing when the share is 0 or 1", True),
        "high": Column("float", "upper end of the interval; missing when the share is 0 or 1", True),
    },
)

ALL: Final = (
    ENTRIES,
    ATTRITION,
    CHARACTERISTICS,
    COVARIATES,
    NAV_MONTHS,
    NAV_PATHS,
    WAGE_CLASSES,
    MEASURE_SURVIVAL,
)
