"""The ledger of what was broken, and the small operations on tables that write it.

A row of the ledger names the row as it stands in the damaged table: by its key, the values joined by ``|``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tiltakseffekt.core.codebook import Codebooks
from tiltakseffekt.core.randomness import named_seed
from tiltakseffekt.stages.registers.contract import PERSON_ID, Contract
from tiltakseffekt.synthetic.defects.settings import Defect, DefectSettings
from tiltakseffekt.synthetic.dice import die, throw
from tiltakseffekt.synthetic.schemas import DEFECT_LEDGER

Tables = Mapping[str, pa.Table]
Where = NDArray[np.intp]

_KEY_SEPARATOR: Final = "|"


@dataclass(frozen=True)
class Plan:
    """What a defect needs to know: luck, shares, keys and code lists, and rows that are broken already."""

    seed: int
    shard: int
    settings: DefectSettings
    contract: Contract
    codebooks: Codebooks
    broken: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def key(self, table: str) -> tuple[str, ...]:
        """Return the key of a table."""
        return self.contract.tables[table].key

    def throws(self, rows: pa.Table, *names: str) -> NDArray[np.float64]:
        """Return a throw, 0 <= u < 1, for each row of a table sorted by person: by person and place in its rows."""
        return self.throws_of(rows.column(PERSON_ID), _place_within(rows.column(PERSON_ID)), *names)

    def throws_of(self, persons: pa.ChunkedArray, when: NDArray[np.int64], *names: str) -> NDArray[np.float64]:
        """Return a throw for each person and number; it does not depend on the other persons of the shard."""
        coded = persons.combine_chunks().dictionary_encode()
        numbers = np.array([named_seed(0, person) for person in coded.dictionary.to_pylist()], dtype=np.int64)
        return throw(die(self.seed, "defects", *names), numbers[coded.indices.to_numpy()], when)

    def struck(
        self, defect: Defect, name: str, rows: pa.Table, candidates: NDArray[np.bool_] | None = None, use: str = ""
    ) -> Where:
        """Return the rows that a defect strikes: by its share among the candidates, and sound so far."""
        hit = self.throws(rows, defect, name, use) < self.settings.rate(defect)
        where = np.flatnonzero(hit if candidates is None else hit & candidates)
        broken = self.broken.get(name, frozenset())
        keys = row_keys(rows.take(where), self.key(name)).to_pylist() if broken else []
        return where[[key not in broken for key in keys]] if broken else where


def _place_within(persons: pa.ChunkedArray) -> NDArray[np.int64]:
    codes = persons.combine_chunks().dictionary_encode().indices.to_numpy()
    place = np.arange(len(codes))
    begins = np.concatenate([[True], codes[1:] != codes[:-1]]) if len(codes) else np.zeros(0, dtype=bool)
    return place - np.maximum.accumulate(np.where(begins, place, 0))


def row_keys(rows: pa.Table, key: Sequence[str]) -> pa.ChunkedArray | pa.Array:
    """Return the key of each row as text."""
    return pc.binary_join_element_wise(*(rows.column(name).cast(pa.string()) for name in key), _KEY_SEPARATOR)


def entries(
    defect: Defect,
    name: str,
    rows: pa.Table,
    key: Sequence[str],
    change: str,
    column: str = "",
    original: pa.ChunkedArray | pa.Array | None = None,
) -> pd.DataFrame:
    """Return rows of the ledger.

    Parameters
    ----------
    defect, name
        The defect, and the table.
    rows
        The rows as they stand in the damaged table.
    key
        Key of the table.
    change
        ``added`` or ``changed``.
    column, original
        Column that differs, and its true values; none for rows that are whole copies or made up.
    """
    count = rows.num_rows
    blank = pd.Series([None] * count, dtype="str")
    text = pa.string()
    return pd.DataFrame(
        {
            "defect": pd.Series([defect] * count, dtype="str"),
            "table": pd.Series([name] * count, dtype="str"),
            "key": row_keys(rows, key).to_pandas().astype("str") if count else pd.Series([], dtype="str"),
            "change": pd.Series([change] * count, dtype="str"),
            "column": pd.Series([column] * count, dtype="str"),
            "original": blank if original is None else pd.Series(original.cast(text).to_pylist(), dtype="str"),
            "delivered": pd.Series(rows.column(column).cast(text).to_pylist(), dtype="str") if column else blank,
        }
    )


def no_entries() -> pd.DataFrame:
    """Return a ledger without rows."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in DEFECT_LEDGER.columns})


def with_values(rows: pa.Table, column: str, where: Where, values: pa.Array) -> pa.Table:
    """Return a table with other values of a column in some rows."""
    place = rows.schema.get_field_index(column)
    old = rows.column(column).combine_chunks()
    mask = np.zeros(rows.num_rows, dtype=bool)
    mask[where] = True
    new = pc.replace_with_mask(old, pa.array(mask), values.cast(old.type))
    return rows.set_column(place, rows.schema.field(place), new)


def with_rows(rows: pa.Table, more: pa.Table, key: Sequence[str]) -> pa.Table:
    """Return a table with further rows, sorted by key; a copy comes after its original."""
    both = pa.concat_tables([rows, more.cast(rows.schema)])
    return both.take(pc.sort_indices(both, sort_keys=[(name, "ascending") for name in key])) if more.num_rows else rows


def shifted(year_months: NDArray[np.int64], months: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """Return months YYYYMM some months later."""
    count = year_months // 100 * 12 + year_months % 100 - 1 + months
    return count // 12 * 100 + count % 12 + 1
