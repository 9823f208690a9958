"""Reading what builders need."""

from pathlib import Path

import pandas as pd

from tiltakseffekt.core.tables import read_table, read_texts
from tiltakseffekt.stages.exhibits.catalogue import TIDY_FILE
from tiltakseffekt.stages.exhibits.tidy import read_tidy


def read_input(path: str | Path) -> pd.DataFrame:
    """Read a Parquet table of a stage, the tidy data of another exhibit, or a CSV file of the configuration as text."""
    if Path(path).suffix == ".parquet":
        return read_table(path)
    if Path(path).name == TIDY_FILE:
        return read_tidy(path)
    return read_texts(path)
