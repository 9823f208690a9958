"""Groups by which results are shown, measured at first registration (CHARACTERISTICS)."""

from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.months import year_of
from tiltakseffekt.stages.cohorts.history import History, month_of

#: Immigration category of Statistics Norway that makes a person an immigrant: foreign-born to foreign-born parents.
IMMIGRANT: Final = "B"
_ALL_OTHER_COUNTRIES: Final = "*"
_LANDGRUPPE_KEYS: Final = dict(enumerate(keys.LANDGRUPPER))
_SEX_KEYS: Final = dict(zip(("1", "2"), keys.SEXES, strict=True))
_AGE_SCHEME: Final = "nav"
#: Field (second digit of NUS2000) of upper secondary education: general, and not stated.
_GENERAL_FIELD: Final = "0"
_UNKNOWN_FIELD: Final = "9"
_UNKNOWN_EDUCATION: Final = "999999"
#: Months before registration that count as short unemployment (Tabell 2-2, lines 732-743).
_RECENT_MONTHS: Final = 5


def build_characteristics(
    entries: pd.DataFrame,
    history: History,
    person: pd.DataFrame,
    nus2000: pd.Series,
    landgrupper: pd.DataFrame,
    age_groups: pd.DataFrame,
) -> pd.DataFrame:
    """Describe each person of the cohort at first registration.

    Parameters
    ----------
    entries
        ``person_id``, ``registration_month``, ``first_group`` of ENTRIES.
    history
        Panel months of the same persons, in the order of `entries`.
    person
        Cleaned register table.
    nus2000
        Highest completed education of the same persons, in the order of `entries` (see `highest_education`).
    landgrupper, age_groups
        Codebooks ``landgruppe.csv`` and ``aldersgruppe.csv``.

    Returns
    -------
    pandas.DataFrame
        Table CHARACTERISTICS, in the order of `entries`.
    """
    persons = person.set_index("person_id").reindex(entries["person_id"])
    age = age_at(entries["registration_month"], persons["birth_month"])
    return pd.DataFrame(
        {
            "person_id": entries["person_id"].to_numpy(),
            "innsatsgruppe": entries["first_group"].to_numpy(),
            "reduced_capacity": (entries["first_group"] == "spesielt_tilpasset").to_numpy(),
            "sex": persons["sex"].map(_SEX_KEYS).to_numpy(),
            "age": age,
            "age_group": age_group(age, age_groups),
            "landgruppe": landgruppe(persons["immigration_category"], persons["birth_country"], landgrupper),
            "education": education_group(nus2000),
            "ledighetskategori": ledighetskategori(history),
        }
    )


def age_at(registration_month: pd.Series, birth_month: pd.Series) -> np.ndarray:
    """Return the age reached in the calendar year of registration (Tabell 6-4, line 2427)."""
    return registration_month.to_numpy(np.int64) // 12 - birth_month.to_numpy(np.int64) // 12


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


def highest_education(entries: pd.DataFrame, education: pd.DataFrame) -> pd.Series:
    """Return the NUS2000 code of the latest year up to the year of registration; ``999999`` when there is none."""
    latest = latest_before(entries, education)["nus2000"]
    return latest.fillna(_UNKNOWN_EDUCATION)


def latest_before(entries: pd.DataFrame, yearly: pd.DataFrame) -> pd.DataFrame:
    """Return the row of the latest year not after the year of registration, one per entry, missing when none."""
    registered = month_of(yearly["person_id"], entries.set_index("person_id")["registration_month"])
    known = yearly.loc[yearly["year"] <= registered // 12 + year_of(0)]
    latest = known.sort_values(["person_id", "year"]).drop_duplicates("person_id", keep="last")
    return latest.set_index("person_id").reindex(entries["person_id"])


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
