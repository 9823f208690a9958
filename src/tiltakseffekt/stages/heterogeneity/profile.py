"""The few characteristics by which those who gain are described."""

from typing import Final

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.stages.heterogeneity.persons import with_covariates

_MONTHS_IN_WORK: Final = "x_arbeidshistorikk__maneder_i_arbeid_12"
_YEARS_OF_INCOME: Final = "x_arbeidshistorikk__ar_over_1g"
#: Characteristics in the order of the exhibits, and the unit of one step of each in the linear projection.
STEPS: Final = {
    "alder": 10.0,
    "kvinne": 1.0,
    "innvandrer": 1.0,
    "nedsatt_arbeidsevne": 1.0,
    "hoyere_utdanning": 1.0,
    "maneder_i_arbeid": 12.0,
    "ar_over_1g": 1.0,
}
#: Those that a person has or has not.
SHARES: Final = ("kvinne", "innvandrer", "nedsatt_arbeidsevne", "hoyere_utdanning")


def profile(persons: pd.DataFrame, covariates: pd.DataFrame) -> pd.DataFrame:
    """Return the characteristics of persons as numbers.

    Parameters
    ----------
    persons
        Characteristics, schema CHARACTERISTICS, indexed by the identifiers.
    covariates
        Schema COVARIATES; may hold more persons.

    Returns
    -------
    DataFrame
        Columns of `STEPS`: years of age, 0 or 1, months in work in the twelve months before registration, and how many
        of the five years before had an income over 1 G.
    """
    known = with_covariates(persons, covariates, [_MONTHS_IN_WORK, _YEARS_OF_INCOME])
    columns = {
        "alder": known["age"],
        "kvinne": known["sex"] == keys.SEXES[1],
        "innvandrer": known["landgruppe"] != keys.LANDGRUPPER[0],
        "nedsatt_arbeidsevne": known["reduced_capacity"],
        "hoyere_utdanning": known["education"] == keys.EDUCATION_GROUPS[-1],
        "maneder_i_arbeid": known[_MONTHS_IN_WORK],
        "ar_over_1g": known[_YEARS_OF_INCOME],
    }
    return pd.DataFrame(columns)[list(STEPS)].astype("float64")
