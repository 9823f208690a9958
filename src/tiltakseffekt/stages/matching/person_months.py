"""Reading the months of chosen persons from the panel, as dense arrays."""

from collections.abc import Sequence
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core.keys import CLOSER_FOLLOW_UP

#: What may be read besides columns of the panel, in SQL on its rows ``p``.
_EXPRESSIONS: Final = {
    "nav_group": "p.nav_group IS NOT NULL",
    "closer_follow_up": f"coalesce(p.nav_group IN {CLOSER_FOLLOW_UP}, false)",
}


def read_months(
    panel: Sequence[str], persons: pd.DataFrame, columns: Sequence[str], first: int, last: int
) -> dict[str, npt.NDArray[np.float64]]:
    """Read columns of the panel for each person in a window around a month of their own.

    Parameters
    ----------
    panel
        Paths of the shards of the panel.
    persons
        ``person_id`` and ``reference_month``, one row per person.
    columns
        Numeric or logical columns of the panel; ``nav_group``: whether the person is in any NAV group;
        ``closer_follow_up``: whether in situasjonsbestemt or spesielt tilpasset innsats.
    first, last
        Window in months from the reference month, both ends included.

    Returns
    -------
    dict of array
        By column, shape (persons, last - first + 1), in the order of `persons`; a month that is not in the panel
        is zero.
    """
    selected = ", ".join(f"{_EXPRESSIONS.get(name, f'p.{name}')}::DOUBLE AS {name}" for name in columns)
    wanted = pd.DataFrame(
        {
            "person_id": persons["person_id"].to_numpy(),
            "position": np.arange(len(persons)),
            "reference_month": persons["reference_month"].to_numpy(dtype=np.int64),
        }
    )
    result = {name: np.zeros((len(persons), last - first + 1)) for name in columns}
    # No folder to spill to: what is joined is small, and intermediate rows must not land outside the results.
    with duckdb.connect(config={"threads": 1, "temp_directory": ""}) as connection:
        connection.register("wanted", wanted)
        for shard in panel:
            found = connection.execute(
                f"""
                SELECT w.position, p.month - w.reference_month - $first AS place, {selected}
                FROM read_parquet($shard) p JOIN wanted w USING (person_id)
                WHERE p.month BETWEEN w.reference_month + $first AND w.reference_month + $last
                """,
                {"shard": str(shard), "first": first, "last": last},
            ).fetchnumpy()
            for name in columns:
                result[name][found["position"], found["place"]] = found[name]
    return result
