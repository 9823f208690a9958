"""Clusters of persons: those with the same NAV office in the month of first registration."""

import logging
from collections.abc import Sequence

import duckdb
import numpy as np
import pandas as pd

from tiltakseffekt.stages.effects.scores import IntArray

LOGGER = logging.getLogger("tiltakseffekt.stages.effects")


def find_offices(sample: pd.DataFrame, panel: Sequence[str]) -> pd.DataFrame:
    """Read the office of each person in the month of registration.

    Parameters
    ----------
    sample
        Schema SAMPLE.
    panel
        Paths of the shards of the panel.

    Returns
    -------
    pandas.DataFrame
        Schema OFFICES; missing where the panel has none.
    """
    persons = sample[["person_id", "registration_month"]]
    # No folder to spill to: what is joined is small, and intermediate rows must not land outside the results.
    with duckdb.connect(config={"threads": 1, "temp_directory": ""}) as connection:
        connection.register("persons", persons)
        found = connection.execute(
            """
            SELECT s.person_id, p.nav_office AS office
            FROM read_parquet($panel) p
            JOIN persons s ON p.person_id = s.person_id AND p.month = s.registration_month
            """,
            {"panel": list(panel)},
        ).df()
    return persons[["person_id"]].merge(found, on="person_id", how="left", validate="one_to_one")


def clusters_of(sample: pd.DataFrame, offices: pd.DataFrame) -> IntArray:
    """Number the clusters of the persons of the sample, in the order of their identifiers.

    A person without a known office is a cluster alone; how many there are goes to the log.

    Returns
    -------
    ndarray of int, shape (N,)
        From 0, without gaps.
    """
    persons = sample["person_id"].sort_values()
    codes, names = pd.factorize(offices.set_index("person_id")["office"].loc[persons], sort=True)
    unknown = codes < 0
    LOGGER.info("clusters: %d offices, %d persons without a known one", len(names), unknown.sum())
    cluster = np.asarray(codes, dtype=np.int64)
    cluster[unknown] = len(names) + np.arange(unknown.sum())
    return cluster
