"""What is asked of a sample and its covariates everywhere: which arms there are, and the covariates as numbers."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core.keys import ALL_ARMS


def arms_present(sample: pd.DataFrame) -> list[str]:
    """List the arms that someone in the sample has, in the order of the keys."""
    taken = set(sample["arm"])
    return [arm for arm in ALL_ARMS if arm in taken]


def covariate_matrix(covariates: pd.DataFrame, persons: pd.Series) -> npt.NDArray[np.float64]:
    """Return the covariates (columns ``x_``) of `persons`, shape (persons, p), in their order."""
    by_person = covariates.set_index("person_id").filter(regex="^x_")
    return by_person.loc[persons].to_numpy(dtype=np.float64)
