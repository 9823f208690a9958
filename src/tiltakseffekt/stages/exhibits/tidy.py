"""The one shape of the data behind every figure and table: a row per cell or point.

``panel``, ``row_group``, ``row`` and ``column`` are keys (those of ``config/codebook/labels.csv`` where the seed
prints the cell), so that drawing, disclosure control and the comparison with printed numbers all read the same.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pandas.api.types import pandas_dtype

from tiltakseffekt.core.files import write_text
from tiltakseffekt.core.tables import read_texts

#: Columns of tidy data: dtype and meaning.
TIDY_COLUMNS: Final = {
    "panel": ("str", "key of the panel; empty when there is one"),
    "row_group": ("str", "key of the block of rows; empty when there is none"),
    "row": ("str", "key of the row, or of the series of a figure"),
    "column": ("str", "key of the column, or of the category of a figure"),
    "x": ("float64", "position on a numeric axis; missing otherwise"),
    "value": ("float64", "value in its unit; missing when not available"),
    "low": ("float64", "lower end of the interval; missing when none"),
    "high": ("float64", "upper end of the interval; missing when none"),
    "se": ("float64", "standard error; missing when none"),
    "unit": ("str", "unit: percent, persons, months, months_per_year, nok_2022, probability, text ..."),
    "text": ("str", "words of a cell that is no number; empty otherwise"),
    "count": ("Int64", "persons behind the cell (of a share: those in the category); missing for parameters"),
    "base": ("Int64", "persons of whom `count` is a part; missing when the cell is no share"),
    "total": ("bool", "whether the cell is the sum of the other cells of its column and panel"),
}


def tidy(cells: Iterable[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Return cells in the tidy shape: all columns, in order, with their dtypes.

    Parameters
    ----------
    cells
        Rows with any subset of the tidy columns; what is left out is empty, missing or false.

    Raises
    ------
    KeyError
        If a cell has a column that is not tidy.
    """
    frame = pd.DataFrame(cells if isinstance(cells, pd.DataFrame) else list(cells))
    if unknown := sorted(set(map(str, frame.columns)) - set(TIDY_COLUMNS)):
        raise KeyError(f"not columns of tidy data: {', '.join(unknown)}")
    blank: dict[Any, Any] = {"str": "", "float64": float("nan"), "Int64": pd.NA, "bool": False}
    result = pd.DataFrame(index=frame.index)
    for name, (dtype, _) in TIDY_COLUMNS.items():
        column = frame[name] if name in frame else pd.Series(blank[dtype], index=frame.index, dtype=dtype)
        filled = column.where(column.notna(), blank[dtype]) if dtype in ("str", "bool") else column
        result[name] = filled.astype(pandas_dtype(dtype))
    return result.reset_index(drop=True)


def write_tidy(data: pd.DataFrame, path: str | Path) -> None:
    """Write tidy data as CSV (UTF-8, ten significant digits, empty = missing), same bytes for same content."""
    write_text(path, data.to_csv(index=False, float_format="%.10g", lineterminator="\n"))


def read_tidy(path: str | Path) -> pd.DataFrame:
    """Read tidy data that `write_tidy` wrote."""
    text = read_texts(path)
    numeric = [name for name, (dtype, _) in TIDY_COLUMNS.items() if dtype in ("float64", "Int64")]
    columns = {name: pd.to_numeric(text[name]) for name in numeric}
    return tidy(text.assign(**columns, total=text["total"] == "True"))
