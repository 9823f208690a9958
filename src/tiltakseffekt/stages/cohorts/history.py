"""The months of each person counted back from first registration."""

from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd


def month_of(person_id: pd.Series, month: pd.Series) -> npt.NDArray[np.float64]:
    """Look up each row's person in months indexed by person; missing where the person is not there."""
    return month.reindex(person_id).to_numpy(np.float64, na_value=np.nan)


class History:
    """Panel months of the cohort by their distance to first registration.

    Parameters
    ----------
    table
        Panel rows of the cohort.
    position
        Place of the row's person in the cohort, 0-based.
    lag
        Months from the row's month to the registration month; 1 = the month before registration.
    size
        Number of persons in the cohort.
    """

    def __init__(
        self, table: pd.DataFrame, position: npt.NDArray[np.int64], lag: npt.NDArray[np.int64], size: int
    ) -> None:
        self.table, self.position, self.lag, self.size = table, position, lag, size

    @classmethod
    def of(cls, entries: pd.DataFrame, panel: pd.DataFrame) -> Self:
        """Relate panel rows to the entries they belong to; rows of other persons are left out."""
        position = pd.Index(entries["person_id"]).get_indexer(panel["person_id"])
        mine = position >= 0
        table, position = panel.loc[mine], position[mine].astype(np.int64)
        lag = entries["registration_month"].to_numpy(np.int64)[position] - table["month"].to_numpy(np.int64)
        return cls(table, position, lag, len(entries))

    def months(self, flag: str | npt.NDArray[np.bool_], nearest: int, furthest: int) -> npt.NDArray[np.int64]:
        """Count months with a flag from `furthest` to `nearest` months before registration, both included.

        Parameters
        ----------
        flag
            Name of a boolean panel column, or a boolean per panel row.
        nearest, furthest
            Months before registration; 0 is the month of registration.

        Returns
        -------
        numpy.ndarray
            One count per entry; a person-month without a panel row counts as no.
        """
        values = self.table[flag].to_numpy(bool) if isinstance(flag, str) else flag
        counted = values & (self.lag >= nearest) & (self.lag <= furthest)
        return np.bincount(self.position[counted], minlength=self.size)
