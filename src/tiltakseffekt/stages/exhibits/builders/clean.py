"""Exhibits of the cleaning."""

import pandas as pd

from tiltakseffekt.stages.exhibits.tidy import tidy


def datakvalitet(data_quality: pd.DataFrame) -> pd.DataFrame:
    """Return how many rows of each register table were received, kept, set aside, repaired and noted, and why.

    Parameters
    ----------
    data_quality
        As the schema ``DATA_QUALITY``.

    Returns
    -------
    pandas.DataFrame
        Tidy; row = table; panel ``rader`` with the columns received, kept and quarantined;
        panels ``grunner``, ``rettelser`` and ``merknader`` with one column per rule that set aside, repaired or noted a
        row anywhere. A count of rows bounds the count of persons behind the cell from above.
    """
    tables = data_quality.groupby("table", sort=False).agg(
        received=("received", "first"), kept=("kept", "first"), quarantined=("quarantined", "sum")
    )
    by_rule = {
        panel: data_quality.pivot_table(
            index="table", columns="rule", values=action, aggfunc="sum", fill_value=0, sort=False
        )
        for panel, action in (("grunner", "quarantined"), ("rettelser", "repaired"), ("merknader", "noted"))
    }
    panels = {"rader": tables} | {panel: of.loc[tables.index, of.sum() > 0] for panel, of in by_rule.items()}
    return tidy(
        {
            "panel": panel,
            "row": table,
            "column": column,
            "value": float(number),
            "unit": "rows",
            "count": int(number),
        }
        for panel, numbers in panels.items()
        for table, row in numbers.iterrows()
        for column, number in row.items()
    )
