"""The contract of the register tables: what an extract must hold, and its documentation."""

import re
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from tiltakseffekt.config.base import Settings
from tiltakseffekt.core.errors import Fault, FaultsFound

ColumnType = Literal["id", "code", "yearmonth", "year", "integer", "number", "boolean"]

PERSON = "person"
PERSON_ID = "person_id"

_TEXT: tuple[ColumnType, ...] = ("id", "code")
_KINDS: dict[ColumnType, str] = {
    "id": "identifier (text)",
    "code": "code (text)",
    "yearmonth": "month (integer YYYYMM)",
    "year": "year (integer YYYY)",
    "integer": "integer",
    "number": "number",
    "boolean": "true or false",
}


class ColumnContract(Settings):
    """One column of a register table."""

    type: ColumnType
    meaning: str
    unit: str | None = None
    nullable: bool = False
    allowed: tuple[str, ...] = ()
    codebook: str | None = Field(None, pattern=r"^[a-z_]+\.csv:[a-z_]+$")
    pattern: str | None = None
    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _constraints_fit_the_type(self) -> Self:
        text = self.type in _TEXT
        if (self.allowed or self.codebook or self.pattern) and not text:
            raise ValueError("allowed, codebook and pattern are for text columns")
        if (self.min is not None or self.max is not None) and (text or self.type == "boolean"):
            raise ValueError("min and max are for months, years and numbers")
        if self.pattern is not None:
            re.compile(self.pattern)
        return self

    @property
    def is_text(self) -> bool:
        """Whether values are text, never numbers."""
        return self.type in _TEXT


class RowRule(Settings):
    """A rule about several columns of one row."""

    holds: str = Field(description="Condition in SQL on the columns as delivered")
    sentence: str = Field(description="The rule in words")


class TableContract(Settings):
    """One register table."""

    meaning: str
    source: str
    key: tuple[str, ...]
    first: int | None = None
    last: int | None = None
    columns: dict[str, ColumnContract]
    row_rules: dict[str, RowRule] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _key_is_among_the_columns(self) -> Self:
        if unknown := [name for name in self.key if name not in self.columns]:
            raise ValueError(f"the key names columns that are not there: {', '.join(unknown)}")
        if loose := [name for name in self.key if self.columns[name].nullable]:
            raise ValueError(f"columns of the key may be missing: {', '.join(loose)}")
        return self

    @property
    def about_persons(self) -> bool:
        """Whether every row belongs to a person."""
        return PERSON_ID in self.columns


class Contract(Settings):
    """Every register table that the evaluation reads."""

    tables: dict[str, TableContract]

    @model_validator(mode="after")
    def _persons_are_there(self) -> Self:
        if PERSON not in self.tables or self.tables[PERSON].key != (PERSON_ID,):
            raise ValueError(f"a table {PERSON} with the key [{PERSON_ID}] is needed")
        return self


def load_contract(path: str | Path) -> Contract:
    """Read the contract.

    Raises
    ------
    FaultsFound
        With every key that is unknown, missing or ill-formed.
    """
    file = Path(path)
    try:
        return Contract.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        remedy = "Mend the contract; the models stand in registers/contract.py."
        raise FaultsFound(
            [Fault(file.name, ".".join(map(str, one["loc"])), one["msg"], 1, remedy) for one in error.errors()]
        ) from None


def data_dictionary(contract: Contract) -> str:
    """Return the documentation of the contract as markdown."""
    head = (
        "# Data dictionary of the registers\n\n"
        "Generated from `config/registers.yaml` by `make config`. Each table is one file (`employment.parquet`, "
        "`employment.csv`) or a folder of parts (`employment/`, any file names). Identifiers and codes are text, "
        "never numbers; months are integers YYYYMM. Columns beyond these are ignored and named in the receipt.\n"
    )
    return head + "".join(_table_section(name, table) for name, table in contract.tables.items())


def _table_section(name: str, table: TableContract) -> str:
    span = f" Covers {table.first} to {table.last}." if table.first else ""
    rows = "".join(
        f"| `{key}` | {_KINDS[column.type]} | {_allowed(column)} | {'yes' if column.nullable else 'no'} "
        f"| {column.meaning} |\n"
        for key, column in table.columns.items()
    )
    rules = "".join(f"\nRow rule: {rule.sentence}.\n" for rule in table.row_rules.values())
    return (
        f"\n## {name}\n\n{table.meaning}.{span} Key: {', '.join(f'`{key}`' for key in table.key)}. "
        f"Source: {table.source}.\n\n"
        f"| column | type | allowed | may be missing | meaning |\n|---|---|---|---|---|\n{rows}{rules}"
    )


def _allowed(column: ColumnContract) -> str:
    if column.codebook:
        file, _, field = column.codebook.partition(":")
        return f"`{field}` of `config/codebook/{file}`"
    if column.allowed:
        return ", ".join(f"`{value}`" for value in column.allowed)
    if column.pattern:
        return f"`{column.pattern}`"
    bounds = " to ".join(f"{bound:.0f}" for bound in (column.min, column.max) if bound is not None)
    return f"{bounds}, {column.unit}" if column.unit else bounds
