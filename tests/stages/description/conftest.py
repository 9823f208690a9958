"""Made-up persons: registers of one shard from a few lines."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from tests.arms import ARMS

from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.documents.calibration.measuring import values_of_all
from tiltakseffekt.stages.description.measuring import add_up, measure_shard

ROOT = Path(__file__).parents[3]
CODEBOOKS = read_codebooks((ROOT / "config/codebook").glob("*.csv"))
PANEL_TYPES: dict[str, Any] = {
    "in_work": pa.bool_(),
    "high_income": pa.bool_(),
    "wage": pa.int64(),
    "nav_group": pa.string(),
    "on_measure": pa.bool_(),
    "aap": pa.bool_(),
    "tiltakspenger": pa.bool_(),
    "disability_degree": pa.int64(),
}
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("in_work", "high_income", "on_measure", "aap", "tiltakspenger"), False),
    "wage": 0,
    "nav_group": None,
    "disability_degree": 0,
}
KEY = ("exhibit", "panel", "row_group", "row", "column", "unit")


class Registers:
    """Registers of made-up persons: tables in memory, and the moments that they give."""

    def __init__(self) -> None:
        self.people: list[dict[str, Any]] = []
        self.months: dict[tuple[str, int], dict[str, Any]] = {}
        self.spells: list[dict[str, Any]] = []
        self.degrees: list[dict[str, Any]] = []
        self.enrolled: list[tuple[str, int]] = []

    def person(
        self, name: str, *, born: str = "1985-06", sex: str = "1", country: str = "NOR", category: str = "A"
    ) -> str:
        """Add a person of whom the registers say nothing else."""
        self.people.append(
            {
                "person_id": name,
                "sex": sex,
                "birth_month": parse_month(born),
                "birth_country": country,
                "immigration_category": category,
            }
        )
        return name

    def state(self, name: str, first: str, last: str, **values: Any) -> None:
        """Set panel columns of the months from the first to the last."""
        for when in range(parse_month(first), parse_month(last) + 1):
            self.months.setdefault((name, when), dict(NOTHING)).update(values)

    def measure(self, name: str, group: str, first: str, last: str, code: str = "X", main: bool = True) -> None:
        """Add a spell on a measure, in the spells and in the panel."""
        self.state(name, first, last, on_measure=True)
        self.spells.append(
            {
                "person_id": name,
                "measure_code": code,
                "measure": group,
                "start_month": parse_month(first),
                "stop_month": parse_month(last),
                "main_measure": main,
            }
        )

    def educated(self, name: str, year: int, nus2000: str) -> None:
        """Add a completed education."""
        self.degrees.append({"person_id": name, "year": year, "nus2000": nus2000})

    def enrol(self, name: str, first: str, last: str) -> None:
        """Register a person in ongoing education from the first to the last month."""
        self.enrolled += [(name, when) for when in range(parse_month(first), parse_month(last) + 1)]

    def tables(self, names: Iterable[str] | None = None) -> dict[str, pa.Table]:
        """Return the tables of some persons, by default of all."""
        chosen = {row["person_id"] for row in self.people} if names is None else set(names)
        panel = [{"person_id": name, "month": month, **values} for (name, month), values in sorted(self.months.items())]
        text, number = pa.string(), pa.int64()
        return {
            "person": _table(
                self.people,
                chosen,
                {
                    "person_id": text,
                    "sex": text,
                    "birth_month": pa.int32(),
                    "birth_country": text,
                    "immigration_category": text,
                },
            ),
            "panel": _table(panel, chosen, {"person_id": text, "month": pa.int32(), **PANEL_TYPES}),
            "tiltak": _table(
                self.spells,
                chosen,
                {
                    "person_id": text,
                    "measure_code": text,
                    "measure": text,
                    "start_month": pa.int32(),
                    "stop_month": pa.int32(),
                    "main_measure": pa.bool_(),
                },
            ),
            "education": _table(self.degrees, chosen, {"person_id": text, "year": number, "nus2000": text}),
            "enrolment": _table(
                [{"person_id": name, "month": month} for name, month in self.enrolled],
                chosen,
                {"person_id": text, "month": pa.int32()},
            ),
        }

    def moments(self, without: tuple[str, ...] = ()) -> "Moments":
        """Return the moments of all persons at full scale, measured without some tables."""
        tables = {name: table for name, table in self.tables().items() if name not in without}
        return Moments(values_of_all(add_up([measure_shard(tables, CODEBOOKS, ARMS)]), scale=1.0))


class Moments:
    """Values by cell."""

    def __init__(self, values: pd.DataFrame) -> None:
        self.table = values
        self._rows = values.set_index(list(KEY)).sort_index()

    def value(
        self, exhibit: str, row: str, column: str, unit: str = "percent", *, panel: str = "", row_group: str = ""
    ) -> float:
        """Return the value of one cell."""
        return float(self._rows.loc[(exhibit, panel, row_group, row, column, unit), "value"])


def _table(rows: list[dict[str, Any]], names: set[str], types: Mapping[str, Any]) -> pa.Table:
    kept = [row for row in rows if row["person_id"] in names]
    return pa.Table.from_pylist(kept, schema=pa.schema(list(types.items())))


@pytest.fixture
def registers() -> Registers:
    return Registers()


@pytest.fixture(scope="session")
def new_registers() -> type[Registers]:
    return Registers


@pytest.fixture(scope="session")
def codebooks() -> dict[str, pd.DataFrame]:
    return CODEBOOKS
