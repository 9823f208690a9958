"""Read values off the sums of all shards."""

import numpy as np
import pandas as pd

from tiltakseffekt.documents.calibration.derived import compared_cells
from tiltakseffekt.stages.description.cells import COUNTED


def values_of_all(sums: pd.DataFrame, scale: float) -> pd.DataFrame:
    """Return the cells with ``value`` in the unit of the cell; missing where there is nobody.

    Parameters
    ----------
    sums
        DESCRIPTION_SUMS of all shards, as `add_up` returns.
    scale
        Size of the registers as a share of the population of the document; numbers are divided by it.
    """
    counted = sums["unit"].isin(COUNTED)
    denominator = sums["denominator"].where(sums["denominator"] != 0)
    ratio = sums["numerator"] / denominator * np.where(sums["unit"] == "percent", 100, 1)
    values = sums.assign(value=ratio.where(~counted, sums["numerator"] / scale))
    return pd.concat([values, compared_cells(values)], ignore_index=True)
