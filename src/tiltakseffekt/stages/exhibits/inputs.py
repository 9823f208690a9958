"""Reading what builders need."""

from pathlib import Path

import pandas as pd

from tiltakseffekt.core.tables import read_table


def read_input(path: str | Path) -> pd.DataFrame:
    """Read a Parquet table of a stage, or a CSV file of the configuration as text."""
    if Path(path).suffix == ".parquet":
        return read_table(path)
    return pd.read_csv(path, dtype="str", keep_default_na=False)
