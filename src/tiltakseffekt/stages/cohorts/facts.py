"""What is known of the persons of one shard at first registration; each fact is found once, whoever asks for it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.months import year_of
from tiltakseffekt.stages.cohorts.characteristics import (
    SEX_KEYS,
    age_group,
    education_group,
    landgruppe,
    ledighetskategori,
)
from tiltakseffekt.stages.cohorts.history import History, month_of

Values = npt.NDArray[Any]

_UNKNOWN_EDUCATION: Final = "999999"
#: Between the numbers of two municipalities: more than there are months.
_MUNICIPALITY: Final = 100_000

PERSON_COLUMNS: Final = (
    "person_id",
    "sex",
    "birth_month",
    "birth_country",
    "immigration_category",
    "first_immigration_month",
)
#: Benefits of which the panel says by the month whether they were received.
RECEIVED: Final = ("aap", "introduksjonsstonad", "kvalifiseringsstonad", "sosialhjelp", "sykepenger", "dagpenger")
PANEL_COLUMNS: Final = (
    *("person_id", "month", "in_work", "high_income", "nav_group", "on_measure"),
    *RECEIVED,
    "disability_degree",
)
ENTRY_COLUMNS: Final = ("person_id", "registration_month", "first_group")


class DescriptionShard(NamedTuple):
    """Register tables of one shard from which persons are described."""

    panel: pd.DataFrame
    person: pd.DataFrame
    residence: pd.DataFrame
    education: pd.DataFrame
    income: pd.DataFrame


class CommonTables(NamedTuple):
    """Codebooks ``landgruppe``, ``aldersgruppe``, ``grunnbelop``, and the cleaned municipality table."""

    landgruppe: pd.DataFrame
    aldersgruppe: pd.DataFrame
    grunnbelop: pd.DataFrame
    municipality: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Facts:
    """The persons of one shard at first registration; every array has one place per entry, in their order.

    Parameters
    ----------
    entries
        `ENTRY_COLUMNS` of ENTRIES, of persons of this shard alone.
    shard
        Panel and register tables of the shard.
    common
        Codebooks and the municipality table.
    """

    entries: pd.DataFrame
    shard: DescriptionShard
    common: CommonTables

    @cached_property
    def registered(self) -> Values:
        """Month of first registration."""
        return self.entries["registration_month"].to_numpy(np.int64)

    @cached_property
    def persons(self) -> pd.DataFrame:
        """Rows of the register of persons."""
        return self.shard.person.set_index("person_id").reindex(self.entries["person_id"])

    @cached_property
    def history(self) -> History:
        """Panel months counted back from registration."""
        return History.of(self.entries, self.shard.panel)

    @cached_property
    def in_innsatsgruppe(self) -> npt.NDArray[np.bool_]:
        """Whether the person is in an innsatsgruppe, one place per row of the history."""
        return self.history.table["nav_group"].isin(keys.INNSATSGRUPPER).to_numpy(bool)

    @cached_property
    def residence(self) -> pd.DataFrame:
        """Rows of the register of residence of the latest year up to that of registration."""
        return latest_before(self.entries, self.shard.residence)

    @cached_property
    def nus2000(self) -> pd.Series:
        """Code of the highest completed education up to the year of registration; ``999999`` when there is none."""
        return latest_before(self.entries, self.shard.education)["nus2000"].fillna(_UNKNOWN_EDUCATION)

    @cached_property
    def age(self) -> Values:
        """Age reached in the calendar year of registration (Tabell 6-4, line 2427)."""
        return self.registered // 12 - self.persons["birth_month"].to_numpy(np.int64) // 12

    @cached_property
    def characteristics(self) -> pd.DataFrame:
        """Table CHARACTERISTICS."""
        entries, persons, common = self.entries, self.persons, self.common
        return pd.DataFrame(
            {
                "person_id": entries["person_id"].to_numpy(),
                "innsatsgruppe": entries["first_group"].to_numpy(),
                "reduced_capacity": (entries["first_group"] == "spesielt_tilpasset").to_numpy(),
                "sex": persons["sex"].map(SEX_KEYS).to_numpy(),
                "age": self.age,
                "age_group": age_group(self.age, common.aldersgruppe),
                "landgruppe": landgruppe(persons["immigration_category"], persons["birth_country"], common.landgruppe),
                "education": education_group(self.nus2000),
                "ledighetskategori": ledighetskategori(self.history),
            }
        )

    @cached_property
    def months_since_immigration(self) -> Values:
        """Months since first immigration; missing for those who never immigrated."""
        return self.registered - self.persons["first_immigration_month"].to_numpy(np.float64, na_value=np.nan)

    @cached_property
    def _income(self) -> "_Income":
        income = self.shard.income
        position = pd.Index(self.entries["person_id"]).get_indexer(income["person_id"])
        mine, position = income.loc[position >= 0], position[position >= 0]
        before = self.registered[position] // 12 + year_of(0) - mine["year"].to_numpy(np.int64)
        g = mine["year"].map(self.common.grunnbelop.set_index("year")["g_average"]).to_numpy(np.float64)
        return _Income(mine, position, before, g)

    def income_years(self, column: str, multiple: int, longest: int) -> Values:
        """Count years with an income of so many G or more among so many years before that of registration.

        Parameters
        ----------
        column
            Income of the register of incomes, kroner a year.
        multiple
            Times G, the average of the year.
        longest
            Years before that of registration.
        """
        table, position, before, g = self._income
        reached = table[column].to_numpy(np.float64) >= multiple * g
        counted = reached & (before >= 1) & (before <= longest)
        return np.bincount(position[counted], minlength=len(self.entries))

    @cached_property
    def _municipality(self) -> tuple[pd.DataFrame, Values]:
        """The municipality table by municipality and month in one number, and the number of home at registration."""
        table = self.common.municipality
        names = pd.Index(table["municipality"].unique())
        number = _MUNICIPALITY * names.get_indexer(table["municipality"]) + table["month"].to_numpy(np.int64)
        home = _MUNICIPALITY * names.get_indexer(self.residence["municipality"]) + self.registered
        return table.set_index(pd.Index(number)), home

    def of_municipality(self, column: str, first: int = 0, last: int = 0) -> Values:
        """Return the mean of what is known of the home municipality from one month after registration to another.

        Parameters
        ----------
        column
            Column of the municipality table.
        first, last
            Months after registration, both included; negative before it.
        """
        table, home = self._municipality
        wanted = {ahead: table[column].reindex(home + ahead).to_numpy(np.float64) for ahead in range(first, last + 1)}
        return pd.DataFrame(wanted).mean(axis=1).to_numpy(np.float64)


class _Income(NamedTuple):
    """Rows of the register of incomes, the places of their persons, years before registration, and G of the year."""

    table: pd.DataFrame
    position: Values
    before: Values
    g: Values


def latest_before(entries: pd.DataFrame, yearly: pd.DataFrame) -> pd.DataFrame:
    """Return the row of the latest year not after the year of registration, one per entry, missing when none."""
    registered = month_of(yearly["person_id"], entries.set_index("person_id")["registration_month"])
    known = yearly.loc[yearly["year"] <= registered // 12 + year_of(0)]
    latest = known.sort_values(["person_id", "year"]).drop_duplicates("person_id", keep="last")
    return latest.set_index("person_id").reindex(entries["person_id"])
