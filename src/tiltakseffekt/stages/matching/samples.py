"""What is asked of a sample and its covariates everywhere: which arms there are, and both as numbers."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd


def arms_present(sample: pd.DataFrame, arms: Sequence[str]) -> list[str]:
    """List those of the arms that someone in the sample has, in their order."""
    taken = set(sample["arm"])
    return [arm for arm in arms if arm in taken]


def arm_codes(sample: pd.DataFrame, arms: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the place of each person's arm in `arms`, shape (persons,), in the order of the sample."""
    return pd.Index(arms).get_indexer(pd.Index(sample["arm"])).astype(np.int64)


def covariate_matrix(covariates: pd.DataFrame, persons: pd.Series) -> npt.NDArray[np.float64]:
    """Return the covariates (columns ``x_``) of `persons`, shape (persons, p), in their order."""
    by_person = covariates.set_index("person_id").filter(regex="^x_")
    return by_person.loc[persons].to_numpy(dtype=np.float64)
