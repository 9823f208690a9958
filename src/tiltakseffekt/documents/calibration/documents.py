"""All documents of the calibration together: that about all measures, and those about the permanent ones."""

from collections.abc import Iterable

import pandas as pd

from tiltakseffekt.documents.calibration.measuring import values_of_all
from tiltakseffekt.documents.calibration.permanent import gather_permanent


def gather_documents(
    described: pd.DataFrame,
    parts: Iterable[pd.DataFrame],
    scale: float,
    labels: pd.DataFrame,
    providers: pd.DataFrame | None,
    units: pd.DataFrame,
) -> pd.DataFrame:
    """Add shards up and read off the values of every document.

    Parameters
    ----------
    described
        DESCRIPTION_SUMS of all shards.
    parts, scale, labels, providers, units
        As in `gather_permanent`.
    """
    permanent = gather_permanent(parts, scale, labels, providers, units)
    return pd.concat([values_of_all(described, scale), permanent], ignore_index=True)
