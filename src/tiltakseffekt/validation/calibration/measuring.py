"""Measure one shard of persons, add shards up, and read off values."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tiltakseffekt.cohorts.settings import CohortSettings
from tiltakseffekt.core.codebook import Codebooks
from tiltakseffekt.panel.settings import PanelSettings
from tiltakseffekt.validation.calibration.cells import CELL, COUNTED, INTERMEDIATE, SUMS, Cells
from tiltakseffekt.validation.calibration.choices import Definitions
from tiltakseffekt.validation.calibration.courses import measure_courses
from tiltakseffekt.validation.calibration.derived import compared_cells
from tiltakseffekt.validation.calibration.effect_sample import complete_controls, measure_effect_sample
from tiltakseffekt.validation.calibration.people import COLUMNS, REQUIRED, People, people_of
from tiltakseffekt.validation.calibration.registrations import measure_registrations
from tiltakseffekt.validation.calibration.starts import measure_starts
from tiltakseffekt.validation.calibration.states import measure_states

#: Measures the cells of one family of exhibits.
Family = Callable[[People, Definitions, CohortSettings, Cells], None]
#: By document: how its printed numbers are measured.
FAMILIES: Final[Mapping[str, tuple[Family, ...]]] = {
    "seed-004": (measure_registrations, measure_starts, measure_courses, measure_states, measure_effect_sample),
}


def read_shard(paths: Mapping[str, str | Path]) -> dict[str, pa.Table]:
    """Read what is measured of one shard: Parquet files by table; a table that is not required may be missing."""
    return {
        name: pq.read_table(paths[name], columns=list(columns))
        for name, columns in COLUMNS.items()
        if name in REQUIRED or name in paths
    }


def measure_shard(
    tables: Mapping[str, pa.Table],
    codebooks: Codebooks,
    definitions: Definitions | None = None,
    cohorts: CohortSettings | None = None,
    panel: PanelSettings | None = None,
) -> pd.DataFrame:
    """Measure every cell over the persons of one shard.

    Parameters
    ----------
    tables
        Clean tables of the shard and its panel, from files (`read_shard`) or from memory; months are counts since
        2000-01. See `COLUMNS` for what is read of each.
    codebooks
        ``landgruppe.csv`` and ``aldersgruppe.csv``.
    definitions, cohorts, panel
        Settings; the defaults are those of the document.

    Returns
    -------
    pandas.DataFrame
        Schema CALIBRATION_SUMS: the same cells for every shard, also where they are zero.
    """
    people = people_of(tables, codebooks, panel or PanelSettings())
    definitions, cohorts = definitions or Definitions(), cohorts or CohortSettings()
    measured = []
    for seed, families in FAMILIES.items():
        cells = Cells(seed)
        for measure in families:
            measure(people, definitions, cohorts, cells)
        measured.append(cells.table())
    return pd.concat(measured, ignore_index=True)


def gather(parts: Iterable[pd.DataFrame], scale: float) -> pd.DataFrame:
    """Add shards up and read off the values.

    Parameters
    ----------
    parts
        What `measure_shard` returned, one per shard.
    scale
        Size of the registers as a share of the population of the document; numbers are divided by it.

    Returns
    -------
    pandas.DataFrame
        The cells with their sums and ``value`` in the unit of the cell; missing where there is nobody.
    """
    stacked = pd.concat(list(parts), ignore_index=True)
    sums = stacked.groupby(list(CELL), sort=False, as_index=False)[list(SUMS)].sum(min_count=1)
    final = pd.concat([sums.loc[sums["unit"] != INTERMEDIATE], complete_controls(sums)], ignore_index=True)
    counted = final["unit"].isin(COUNTED)
    denominator = final["denominator"].where(final["denominator"] != 0)
    ratio = final["numerator"] / denominator * np.where(final["unit"] == "percent", 100, 1)
    values = final.assign(value=ratio.where(~counted, final["numerator"] / scale))
    return pd.concat([values, compared_cells(values)], ignore_index=True)
