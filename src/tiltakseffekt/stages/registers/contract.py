"""The contract of the register tables: what an extract must hold."""

import re
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.settings import Settings
from tiltakseffekt.core.yaml_files import read_yaml

ColumnType = Literal["id", "code", "yearmonth", "year", "integer", "number", "boolean"]

PERSON = "person"
PERSON_ID = "person_id"

_TEXT: tuple[ColumnType, ...] = ("id", "code")


class Validity(Settings):
    """The months in which a code was in use, and the month of the row that must lie among them.

    The first and the last month of the codebook are where its source begins and ends, so that they bound nothing.
    """

    at: str = Field(description="Column with the month that must lie within")
    first: str = Field(description="Column of the codebook with the first month, YYYYMM")
    last: str = Field(description="Column of the codebook with the last month, YYYYMM")
    slack: int = Field(ge=0, description="Months beyond either end that are let pass")


class Renumbering(Settings):
    """Numbers that were replaced by others from a month on."""

    codebook: str = Field(pattern=r"^[a-z_]+\.csv$", description="Codebook with the columns old, new and month")
    at: str = Field(description="Column with the year or month of the row")


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
    in_use: Validity | None = None
    renumbered: Renumbering | None = None

    @model_validator(mode="after")
    def _constraints_fit_the_type(self) -> Self:
        text = self.type in _TEXT
        if (self.allowed or self.codebook or self.pattern) and not text:
            raise ValueError("allowed, codebook and pattern are for text columns")
        if (self.min is not None or self.max is not None) and (text or self.type == "boolean"):
            raise ValueError("min and max are for months, years and numbers")
        if self.in_use is not None and self.codebook is None:
            raise ValueError("in_use is for columns with a codebook")
        if self.renumbered is not None and not text:
            raise ValueError("renumbered is for text columns")
        if self.pattern is not None:
            re.compile(self.pattern)
        return self

    @property
    def is_text(self) -> bool:
        """Whether values are text, never numbers."""
        return self.type in _TEXT


class RowRule(Settings):
    """A rule about several columns of one row."""

    holds: str = Field(description="Condition in SQL on the columns as delivered; person_X is column X of the person")
    sentence: str = Field(description="The rule in words")


class Repair(Settings):
    """A known defect of a row that has one right answer."""

    column: str = Field(description="The column that is repaired")
    when: str = Field(description="Condition in SQL, as in a row rule")
    becomes: str = Field(description="The right value in SQL")
    sentence: str = Field(description="What is done, in words")


class TableContract(Settings):
    """One register table.

    An extract may lack an ``optional`` one, which the evaluation of effects does not read. ``beside`` names tables
    whose clean rows the cleaning of this one looks at.
    """

    meaning: str
    source: str
    optional: bool = False
    key: tuple[str, ...]
    first: int | None = None
    last: int | None = None
    columns: dict[str, ColumnContract]
    row_rules: dict[str, RowRule] = Field(default_factory=dict)
    repairs: dict[str, Repair] = Field(default_factory=dict)
    beside: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _key_is_among_the_columns(self) -> Self:
        if unknown := [name for name in self.key if name not in self.columns]:
            raise ValueError(f"the key names columns that are not there: {', '.join(unknown)}")
        if loose := [name for name in self.key if self.columns[name].nullable]:
            raise ValueError(f"columns of the key may be missing: {', '.join(loose)}")
        return self

    @model_validator(mode="after")
    def _repairs_leave_the_key(self) -> Self:
        repaired = {repair.column for repair in self.repairs.values()}
        repaired |= {name for name, column in self.columns.items() if column.renumbered}
        if wrong := sorted(repaired - (set(self.columns) - set(self.key))):
            raise ValueError(f"repaired columns that are not there or in the key: {', '.join(wrong)}")
        looked_at = [place.at for one in self.columns.values() for place in (one.in_use, one.renumbered) if place]
        if wrong := sorted(set(looked_at) - set(self.columns)):
            raise ValueError(f"in_use or renumbered look at columns that are not there: {', '.join(wrong)}")
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

    @property
    def required(self) -> dict[str, TableContract]:
        """The tables that every extract must have."""
        return {name: table for name, table in self.tables.items() if not table.optional}

    @model_validator(mode="after")
    def _tables_beside_are_there(self) -> Self:
        for name, table in self.tables.items():
            if unknown := [other for other in table.beside if other not in self.tables or self.tables[other].beside]:
                raise ValueError(f"{name} looks at tables that are not there, or that look at others: {unknown}")
        return self

    @property
    def cleaning_order(self) -> tuple[str, ...]:
        """Tables in an order in which each comes after those that its cleaning looks at."""
        return tuple(sorted(self.tables, key=lambda name: (name != PERSON, bool(self.tables[name].beside))))


def load_contract(path: str | Path) -> Contract:
    """Read the contract.

    Raises
    ------
    FaultsFound
        With every key that is unknown, missing or ill-formed.
    """
    file = Path(path)
    try:
        return Contract.model_validate(read_yaml(file))
    except ValidationError as error:
        remedy = "Mend the contract; the models stand in registers/contract.py."
        raise FaultsFound(
            [Fault(file.name, ".".join(map(str, one["loc"])), one["msg"], 1, remedy) for one in error.errors()]
        ) from None
