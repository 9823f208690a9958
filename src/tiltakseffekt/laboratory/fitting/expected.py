"""Sums of what was to be expected: chances instead of starts, every potential outcome instead of the one lived.

Starts of a small measure in a small category are few, and realised means of them noise; the chances of all who could
have started say the same without it. All are sums over registrations and add up over shards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.core import keys
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.synthetic.parameters import Parameters
from tiltakseffekt.synthetic.records import Lives
from tiltakseffekt.synthetic.rulebook import FOLLOW

FloatArray = NDArray[np.float64]

#: Registrations whose outcomes are summed. Planted effects do not depend on the calendar, so four years of them stand
#: for the eighteen months of the effect sample; a start within a year of the last can be followed for three.
_OUTCOMES_FROM, _OUTCOMES_TO = parse_month("2015-01"), parse_month("2018-12")
#: Characteristics by which starters are described, with their number of codes.
CHARACTERISTICS: Final = {
    "innsatsgruppe": len(keys.ENTRY_GROUPS),
    "sex": len(keys.SEXES),
    "age": len(keys.AGE_GROUPS),
    "landgruppe": len(keys.LANDGRUPPER),
    "education": len(keys.EDUCATION_GROUPS),
    "ledighetskategori": len(keys.LEDIGHETSKATEGORIER),
}


@dataclass(frozen=True)
class ExpectedSums:
    """Sums over planned registrations; arms are the measures that are started, groups the entry groups.

    Parameters
    ----------
    measures
        Keys of the arms.
    treated
        Those with planted effects of their own, the first of them; the last of these collects small measures.
    starts
        Expected starts in the effect sample by characteristic: (codes, arms).
    starters
        Expected starters with outcomes: (arms,).
    months_gained, wage_gained
        Effects on months in work and on wage income of those starters: (arms, years).
    wage
        Their wage income with the measure: (arms, years).
    registrations
        Registrations with outcomes: (groups, categories).
    in_work
        Those in work without a measure, 1 … 36 months after their start: (groups, categories, months).
    """

    measures: tuple[str, ...]
    treated: tuple[str, ...]
    starts: dict[str, FloatArray]
    starters: FloatArray
    months_gained: FloatArray
    wage_gained: FloatArray
    wage: FloatArray
    registrations: FloatArray
    in_work: FloatArray

    @property
    def own(self) -> tuple[str, ...]:
        """Measures with planted effects of their own, without the one that collects small ones."""
        return self.treated[:-1]

    def __add__(self, other: "ExpectedSums") -> "ExpectedSums":
        """Return the sums over both."""
        return ExpectedSums(
            self.measures,
            self.treated,
            {name: table + other.starts[name] for name, table in self.starts.items()},
            self.starters + other.starters,
            self.months_gained + other.months_gained,
            self.wage_gained + other.wage_gained,
            self.wage + other.wage,
            self.registrations + other.registrations,
            self.in_work + other.in_work,
        )


def added(parts: Iterable[ExpectedSums]) -> ExpectedSums:
    """Return the sums over shards, in their order."""
    first, *others = parts
    for other in others:
        first = first + other
    return first


def expected_sums(lives: Lives, parameters: Parameters, cohorts: CohortSettings) -> ExpectedSums:
    """Return the sums over the planned registrations of a shard."""
    episodes, persons = lives.episodes, lives.persons
    who, month, group, category = (episodes.facts[:, column] for column in (0, 1, 4, 5))
    age = month // 12 - persons.birth[who] // 12
    young = age <= cohorts.oldest_age
    sampled = young & _between(month, parse_month(cohorts.first_registration), parse_month(cohorts.last_registration))
    followed = young & _between(month, _OUTCOMES_FROM, _OUTCOMES_TO)
    codes: dict[str, NDArray[np.integer]] = {
        "innsatsgruppe": group,
        "sex": persons.female[who].astype(np.int64),
        "age": np.where(age < 20, 0, np.minimum(age // 10 - 1, len(keys.AGE_GROUPS) - 1)),
        "landgruppe": persons.landgruppe[who],
        "education": persons.education[who],
        "ledighetskategori": category,
    }
    chances = episodes.chances[:, :-1]
    starts = {name: _summed(chances[sampled], codes[name][sampled], size) for name, size in CHARACTERISTICS.items()}

    weight, wages = chances[followed], episodes.wages[followed]
    worked = _worked(episodes.months[followed])
    years = worked.reshape(*worked.shape[:2], keys.FOLLOW_UP_YEARS, 12).sum(axis=3, dtype=np.float64)
    place = group[followed] * len(keys.LEDIGHETSKATEGORIER) + category[followed]
    cells = len(keys.ENTRY_GROUPS) * len(keys.LEDIGHETSKATEGORIER)
    by_cell = (len(keys.ENTRY_GROUPS), len(keys.LEDIGHETSKATEGORIER))
    return ExpectedSums(
        measures=parameters.measures.started,
        treated=parameters.treated,
        starts=starts,
        starters=weight.sum(axis=0),
        months_gained=_weighted(weight, years[:, 1:] - years[:, :1]),
        wage_gained=_weighted(weight, wages[:, 1:] - wages[:, :1]),
        wage=_weighted(weight, wages[:, 1:]),
        registrations=np.bincount(place, minlength=cells).reshape(by_cell).astype(np.float64),
        in_work=_summed(worked[:, 0].astype(np.float64), place, cells).reshape(*by_cell, FOLLOW),
    )


def _between(month: NDArray[np.int32], first: int, last: int) -> NDArray[np.bool_]:
    return (month >= first) & (month <= last)


def _worked(masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return who is in work under each arm in each month: (registrations, control and arms, months)."""
    return (masks[:, :, None] >> np.arange(FOLLOW, dtype=np.uint64)) & np.uint64(1) == 1


def _summed(values: FloatArray, code: NDArray[np.integer], size: int) -> FloatArray:
    """Return the sums of rows by code."""
    return np.stack([values[code == one].sum(axis=0) for one in range(size)])


def _weighted(weight: FloatArray, values: FloatArray) -> FloatArray:
    return np.asarray((weight[:, :, None] * values).sum(axis=0))
