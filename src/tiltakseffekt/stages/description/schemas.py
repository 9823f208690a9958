"""The table of the descriptive numbers."""

from typing import Final

from tiltakseffekt.core.tables import Column, TableSchema

CELL: Final = {
    "document": Column("string", "document in which the number is printed"),
    "exhibit": Column("string", "exhibit in which the number is printed"),
    "panel": Column("string", "panel of the exhibit; empty when there is none"),
    "row_group": Column("string", "block of rows; empty when there is none"),
    "row": Column("string", "row"),
    "column": Column("string", "column"),
    "unit": Column("string", "unit as printed; intermediate or histogram for sums from which others are derived"),
}

SUMS: Final = {
    **CELL,
    "numerator": Column("float", "sum above the line, or the number itself"),
    "denominator": Column("float", "sum below the line; missing for numbers that grow with the population", True),
    "count": Column("float", "persons behind the numerator"),
    "base": Column("float", "persons behind the denominator; missing where there is none", True),
}

DESCRIPTION_SUMS: Final = TableSchema(
    name="description_sums",
    meaning="Sums over persons behind the numbers of chapters 4 and 5 and annex B; those of shards add up.",
    key=tuple(CELL),
    microdata=False,
    columns=SUMS,
)

ALL: Final = (DESCRIPTION_SUMS,)
