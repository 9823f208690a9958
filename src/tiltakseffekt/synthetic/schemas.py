"""The tables of what is planted in made-up registers."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import PERSON, Column, TableSchema

TRUTH: Final = TableSchema(
    name="truth",
    meaning="Planted potential outcomes of synthetic persons at each registration from which a first measure is "
    "planned; only the validation stage may read it.",
    key=("person_id", "registration_month", "arm"),
    microdata=True,
    columns={
        "person_id": PERSON,
        "registration_month": Column("month", "month of the registration (month 0)"),
        "arm": Column("string", "arm under which the outcomes would occur"),
        "start_month": Column("month", "start, or latent start, from which the outcomes count"),
        **{
            name: Column("int", "potential months in work in the year", least=0, most=12, unit="months")
            for name in keys.MONTHS_IN_WORK
        },
        **{
            name: Column("int", "potential wage income in the year", unit="kroner at 2022 prices")
            for name in keys.WAGE_INCOME
        },
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
        "person_id": PERSON,
        "registration_month": Column("month", "month of the registration (month 0)"),
        "arm": Column("string", "arm that was drawn"),
        "start_month": Column("month", "start, or latent start"),
        "waited": Column("int", "courses of events drawn in which the person left before the start"),
    },
    families={
        "propensity__": Column("float", "true probability of the arm at registration", least=0, most=1),
        "start_m": Column("float", "true share of starts in the month since registration"),
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

ALL: Final = (
    TRUTH,
    ASSIGNMENT,
    DEFECT_LEDGER,
)
