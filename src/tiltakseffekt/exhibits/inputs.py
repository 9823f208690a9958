"""Reading what builders need."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tiltakseffekt.core.tables import read_table
from tiltakseffekt.exhibits.tidy import read_tidy


def read_input(path: str | Path) -> pd.DataFrame:
    """Read a Parquet table, the data of an exhibit, or another CSV file as text."""
    file = Path(path)
    if file.suffix == ".parquet":
        return read_table(file)
    if file.name == "data.csv":
        return read_tidy(file)
    return pd.read_csv(file, dtype="str", keep_default_na=False)


def read_inputs(path: str | Sequence[str]) -> pd.DataFrame | dict[str, pd.DataFrame]:
    """Read one input, or several exhibits as a mapping from their id to their data."""
    if isinstance(path, str):
        return read_input(path)
    return {Path(one).parent.name: read_input(one) for one in path}
