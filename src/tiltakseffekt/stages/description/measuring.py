"""Measure one shard of persons, and add shards up."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.codebook import Codebooks
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.stages.description.cells import CELL, INTERMEDIATE, SUMS, Measure, cells_of
from tiltakseffekt.stages.description.courses import measure_courses
from tiltakseffekt.stages.description.effect_sample import complete_controls, measure_effect_sample
from tiltakseffekt.stages.description.people import COLUMNS, REQUIRED, People, people_of
from tiltakseffekt.stages.description.registrations import measure_registrations
from tiltakseffekt.stages.description.settings import DescriptionSettings
from tiltakseffekt.stages.description.starts import measure_starts
from tiltakseffekt.stages.description.states import measure_states
from tiltakseffekt.stages.panel.settings import PanelSettings

#: The document whose exhibits are measured.
DOCUMENT: Final = "effektrapport_2024"
#: Declares the cells of one family of exhibits over the persons of a shard.
Family = Callable[[People, DescriptionSettings], Iterator[Measure]]
FAMILIES: Final[tuple[Family, ...]] = (
    measure_registrations,
    measure_starts,
    measure_courses,
    measure_states,
)


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
    arms: Arms,
    settings: DescriptionSettings | None = None,
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
    arms
        The arms of the evaluation.
    settings, cohorts, panel
        Settings; the defaults are those of the document.

    Returns
    -------
    pandas.DataFrame
        Schema DESCRIPTION_SUMS: the same cells for every shard, also where they are zero, but for numbers by pair or
        sequence of measures, which stand there when there are any.
    """
    people = people_of(tables, codebooks, panel or PanelSettings())
    families = [family(people, settings or DescriptionSettings()) for family in FAMILIES]
    return cells_of(DOCUMENT, chain(*families, measure_effect_sample(people, arms, cohorts or CohortSettings())))


def add_up(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the sums over shards, with the cells that need all shards.

    Parameters
    ----------
    parts
        What `measure_shard` returned, one per shard.
    """
    stacked = pd.concat(list(parts), ignore_index=True)
    sums = stacked.groupby(list(CELL), as_index=False)[list(SUMS)].sum(min_count=1)
    return pd.concat([sums.loc[sums["unit"] != INTERMEDIATE], complete_controls(sums)], ignore_index=True)
