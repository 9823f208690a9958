"""Exhibits of the cleaning."""

import pandas as pd

from tiltakseffekt.exhibits.tidy import tidy


def datakvalitet(data_quality: pd.DataFrame) -> pd.DataFrame:
    """Return how many rows of each register table were received, kept and set aside, and for what reason.

    Parameters
    ----------
    data_quality
        As the schema ``DATA_QUALITY``.

    Returns
    -------
    pandas.DataFrame
        Tidy; row = table; panel ``rader`` with the columns received, kept and quarantined;
        panel ``grunner`` with one column per reason that set a row aside anywhere. A count of rows bounds the count
        of persons behind the cell from above.
    """
    tables = data_quality.groupby("table", sort=False).agg(
        received=("received", "first"), kept=("kept", "first"), quarantined=("quarantined", "sum")
    )
    reasons = data_quality.pivot_table(
        index="table", columns="rule", values="quarantined", aggfunc="sum", fill_value=0, sort=False
    )
    reasons = reasons.loc[tables.index, reasons.sum() > 0]
    return tidy(
        {
            "panel": panel,
            "row": table,
            "column": column,
            "value": float(number),
            "unit": "rows",
            "count": int(number),
        }
        for panel, numbers in (("rader", tables), ("grunner", reasons))
        for table, row in numbers.iterrows()
        for column, number in row.items()
    )
