"""The tables of cleaning."""

from typing import Final

from tiltakseffekt.core.tables import Column, TableSchema

DATA_QUALITY: Final = TableSchema(
    name="data_quality",
    meaning="Rows of each register table that each check set aside, repaired or noted.",
    key=("table", "column", "rule"),
    microdata=False,
    columns={
        "table": Column("string", "register table"),
        "column": Column("string", "column, or columns, of the check"),
        "rule": Column("string", "key of the check"),
        "received": Column("int", "rows received of the table", least=0, unit="rows"),
        "quarantined": Column("int", "rows set aside by the check", least=0, unit="rows"),
        "repaired": Column("int", "rows repaired by the check", least=0, unit="rows"),
        "noted": Column("int", "rows that the check found and kept as they are", least=0, unit="rows"),
        "kept": Column("int", "rows kept of the table", least=0, unit="rows"),
        "share": Column("float", "rows set aside by the check as a share of those received", least=0, most=1),
        "stops": Column("bool", "whether the check stops the run"),
    },
)

ALL: Final = (DATA_QUALITY,)
