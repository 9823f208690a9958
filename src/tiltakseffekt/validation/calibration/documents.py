"""All documents of the calibration together: those about all measures, and those about the permanent ones."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from tiltakseffekt.cohorts.settings import CohortSettings
from tiltakseffekt.core.codebook import Codebooks
from tiltakseffekt.panel.settings import PanelSettings
from tiltakseffekt.validation.calibration import people, permanent
from tiltakseffekt.validation.calibration.choices import Definitions
from tiltakseffekt.validation.calibration.measuring import FAMILIES, gather, measure_shard, read_shard
from tiltakseffekt.validation.calibration.permanent import gather_permanent, measure_permanent, read_permanent

#: Tables of which something is measured, shard by shard.
TABLES: Final = tuple(dict.fromkeys((*people.COLUMNS, *permanent.COLUMNS)))


def measure_documents(
    paths: Mapping[str, str | Path],
    codebooks: Codebooks,
    definitions: Definitions,
    cohorts: CohortSettings,
    panel: PanelSettings,
) -> pd.DataFrame:
    """Measure one shard for every document.

    Parameters
    ----------
    paths
        Files of the clean tables of the shard, of places, and of the panel (`TABLES`); optional ones may be missing.
    codebooks
        ``landgruppe.csv``, ``aldersgruppe.csv``, ``diagnose.csv`` and ``fylkesenhet.csv``.
    definitions, cohorts, panel
        As in `measure_shard`.

    Returns
    -------
    pandas.DataFrame
        Schema CALIBRATION_SUMS.
    """
    of_all = measure_shard(read_shard(paths), codebooks, definitions, cohorts, panel)
    of_permanent = measure_permanent(read_permanent(paths), codebooks["diagnose.csv"], codebooks["fylkesenhet.csv"])
    return pd.concat([of_all, of_permanent], ignore_index=True)


def gather_documents(
    parts: Iterable[pd.DataFrame],
    scale: float,
    labels: pd.DataFrame,
    providers: pd.DataFrame | None,
    units: pd.DataFrame,
) -> pd.DataFrame:
    """Add shards up and read off the values of every document; parameters as in `gather_permanent`."""
    sums = list(parts)
    of_all = [part["seed"].isin(list(FAMILIES)) for part in sums]
    first = gather([part.loc[these] for part, these in zip(sums, of_all, strict=True)], scale)
    rest = [part.loc[~these] for part, these in zip(sums, of_all, strict=True)]
    return pd.concat([first, gather_permanent(rest, scale, labels, providers, units)], ignore_index=True)
