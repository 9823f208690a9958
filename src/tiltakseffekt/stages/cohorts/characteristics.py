"""Groups by which results are shown (the values of CHARACTERISTICS)."""

from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.stages.cohorts.history import History

#: Immigration category of Statistics Norway that makes a person an immigrant: foreign-born to foreign-born parents.
IMMIGRANT: Final = "B"
_ALL_OTHER_COUNTRIES: Final = "*"
_LANDGRUPPE_KEYS: Final = dict(enumerate(keys.LANDGRUPPER))
#: Code of the register to key.
SEX_KEYS: Final = dict(zip(("1", "2"), keys.SEXES, strict=True))
_AGE_SCHEME: Final = "nav"
#: Field (second digit of NUS2000) of upper secondary education: general, and not stated.
_GENERAL_FIELD: Final = "0"
_UNKNOWN_FIELD: Final = "9"
#: Months before registration that count as short unemployment (Tabell 2-2, lines 732-743).
_RECENT_MONTHS: Final = 5


def age_group(age: np.ndarray, age_groups: pd.DataFrame) -> np.ndarray:
    """Return the key of the age group of each age in years."""
    scheme = age_groups.loc[
        (age_groups["scheme"] == _AGE_SCHEME) & age_groups[["min_age", "max_age"]].notna().any(axis=1)
    ]
    scheme = scheme.sort_values("order")
    lower = scheme["min_age"].fillna(-np.inf).to_numpy(float)
    return scheme["key"].to_numpy(object)[np.searchsorted(lower, age, side="right") - 1]


def landgruppe(immigration_category: pd.Series, birth_country: pd.Series, landgrupper: pd.DataFrame) -> np.ndarray:
    """Return the country group: that of the country of birth for immigrants, else ``ikke_innvandrer``.

    Born in Norway or on Svalbard is never an immigrant; a country that the codebook does not name is in group 3
    (Tabell 2-1, lines 725-731).
    """
    groups = landgrupper.set_index("alpha3")["landgruppe"].astype(int)
    number = birth_country.map(groups).fillna(groups[_ALL_OTHER_COUNTRIES]).astype(int)
    return number.where(immigration_category == IMMIGRANT, 0).map(_LANDGRUPPE_KEYS).to_numpy()


def education_group(nus2000: pd.Series) -> np.ndarray:
    """Return the education group of NUS2000 codes (groups of line 1137-1144; the split by code is ours)."""
    level, field = nus2000.str[0], nus2000.str[1]
    upper_secondary = level.isin(["3", "4"])
    return np.select(
        [
            level.isin(["1", "2"]),
            upper_secondary & (field == _GENERAL_FIELD),
            upper_secondary & (field != _UNKNOWN_FIELD),
            upper_secondary | (level == "5"),
            level.isin(["6", "7", "8"]),
        ],
        list(keys.EDUCATION_GROUPS[1:]),
        keys.EDUCATION_GROUPS[0],
    )


def ledighetskategori(history: History) -> np.ndarray:
    """Return the unemployment category in the month of registration (Tabell 2-2, lines 732-743)."""
    now = history.months("in_work", 0, 0) > 0
    recently = history.months("in_work", 1, _RECENT_MONTHS) > 0
    return np.select([now, recently], list(keys.LEDIGHETSKATEGORIER[:2]), keys.LEDIGHETSKATEGORIER[2])
