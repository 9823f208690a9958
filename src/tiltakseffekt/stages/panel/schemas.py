"""The table of person-months."""

from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import PERSON, Column, TableSchema

PANEL: Final = TableSchema(
    name="panel",
    meaning="Person-months in which any register says something; a missing person-month is all zero and unregistered.",
    key=("person_id", "month"),
    microdata=True,
    columns={
        "person_id": PERSON,
        "month": Column("month", "calendar month"),
        "in_work": Column("bool", "wage >= 1/12 G and position >= 20 per cent"),
        "high_income": Column("bool", "wage >= 3/12 G and position >= 20 per cent"),
        "wage": Column("int", "wage income in the month", unit="kroner at 2022 prices"),
        "nav_group": Column("string", "NAV group in the month; missing = not registered", True, keys.NAV_GROUPS),
        "nav_office": Column("string", "NAV office in the month", True),
        "on_measure": Column("bool", "registered on any measure"),
        "measure": Column("string", "measure group of the main measure in the month (all Tabell A-1 groups)", True),
        **{benefit: Column("bool", f"receives {benefit}") for benefit in keys.BENEFITS},
        "disability_degree": Column(
            "int", "degree of disability (ufoeregrad), 0 = none", least=0, most=100, unit="per cent"
        ),
    },
)

ALL: Final = (PANEL,)
