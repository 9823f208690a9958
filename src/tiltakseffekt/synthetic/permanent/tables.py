"""From the overlay to the register tables of the contract that hold permanent measures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tiltakseffekt.synthetic.dice import die, throw
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.permanent.course import ORDINARY, OUTSIDE, SHELTERED, SUBSIDY, runs
from tiltakseffekt.synthetic.permanent.grants import (
    begun,
    cost_in,
    months_of,
    rate_in,
    subsidy_in,
    wage_of,
)
from tiltakseffekt.synthetic.permanent.inputs import (
    AAP,
    MONTHS,
    CodedSpells,
    FloatArray,
    Grants,
    IntArray,
    Lives,
    People,
    share_of,
)
from tiltakseffekt.synthetic.permanent.parameters import (
    ARRANGEMENTS,
    DIAGNOSED,
    INTERRUPTED_FROM,
    SECTORS,
    Permanent,
    Subsidy,
)
from tiltakseffekt.synthetic.permanent.places import Providers, provider_of

#: The register of jobs counts public enterprises as private.
_SECTORS_OF_JOBS: Final = ["private" if sector == "public_enterprise" else sector for sector in SECTORS]
_BASES: Final = ["aap", "uforetrygd"]
#: Months in which the registers tell of the subsidy, and of its rate (vlt_rapport lines 503-506).
_SUBSIDIES_BEGIN: Final = 16 * 12
_RATES_BEGIN: Final = 23 * 12 + 1
_VTA_BEGINS: Final = 5 * 12

#: Identifiers of the employers of persons (rows) in jobs (first months; `MONTHS` for a small job).
Employers = Callable[[IntArray, IntArray], pa.Array]


def strings(index: NDArray[np.integer], values: list[str]) -> pa.DictionaryArray:
    """Return strings picked from a short list by index."""
    codes = pa.array(index, type=pa.int32())
    return pa.DictionaryArray.from_arrays(codes, pa.array(values, type=pa.string()))


def _year_month(when: IntArray) -> IntArray:
    return (2000 + when // 12) * 100 + when % 12 + 1


def _months(when: IntArray, missing: NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.array(_year_month(when), type=pa.int32(), mask=missing)


def _divisions(subsidy: Subsidy) -> list[str]:
    return [division for row in subsidy.industries.values() for division in row.divisions]


def wage_subsidy_table(
    grants: Grants, employers: Employers, g: FloatArray, subsidy: Subsidy, identifiers: list[str]
) -> pa.Table:
    """Return the table wage_subsidy, sorted by person and month."""
    grant, when = months_of(grants.start, grants.stop)
    told = when >= _SUBSIDIES_BEGIN
    grant, when = grant[told], when[told]
    cost = cost_in(grant, when, grants, g, subsidy)
    rate = rate_in(grant, when, begun(grants), grants, subsidy)
    hidden = when < _RATES_BEGIN
    divisions = _divisions(subsidy)
    person = grants.person[grant]
    return pa.table(
        {
            "person_id": strings(person, identifiers),
            "month": _months(when),
            "employer_id": employers(person, grants.job[grant]),
            "measure_code": strings(grants.permanent[grant].astype(np.int64), ["TIDSUBLONN", "VARLONTIL"]),
            "industry": strings(grants.division[grant], divisions),
            "sector": strings(grants.sector[grant], list(SECTORS)),
            "agreed_hours": pa.array(grants.hours[grant]),
            "wage": pa.array(wage_of(cost, subsidy), mask=hidden),
            "wage_cost": pa.array(cost, mask=hidden),
            "subsidy_rate": pa.array(rate, mask=hidden),
            "subsidy": pa.array(subsidy_in(grant, when, cost, rate, grants, g, subsidy)),
        }
    )


def vta_place_table(
    seed: int,
    people: People,
    states: NDArray[np.int8],
    employers: Employers,
    providers: Providers,
    parameters: Permanent,
    identifiers: list[str],
) -> pa.Table:
    """Return the table vta_place, sorted by person and first month."""
    person, state, start, stop = runs(states)
    told = (state >= SHELTERED) & (state <= ORDINARY) & (stop >= _VTA_BEGINS)
    person, state, start, stop = person[told], state[told], start[told], stop[told]
    follows = np.where(stop + 1 < MONTHS, states[person, np.minimum(stop + 1, MONTHS - 1)], OUTSIDE)
    runs_on = stop == MONTHS - 1
    length = stop - start + 1
    bands = array(parameters.vta.interrupted)[np.digitize(length, INTERRUPTED_FROM)]
    drawn = throw(die(seed, "permanent", "interrupted"), people.number[person], start)
    broke_off = (drawn < bands) & (follows == OUTSIDE) & (stop + 1 < people.gone[person])
    firm = provider_of(throw(die(seed, "permanent", "firm"), people.number[person], 0), people.unit[person], providers)
    sheltered = state == SHELTERED
    names = pa.array([f"T{number:04d}" for number in range(len(providers.places))]).take(pa.array(firm))
    return pa.table(
        {
            "person_id": strings(person, identifiers),
            "start_month": _months(np.maximum(start, _VTA_BEGINS)),
            "stop_month": _months(stop, runs_on),
            "arrangement": strings(state - SHELTERED, list(ARRANGEMENTS)),
            "provider_id": pa.compute.if_else(
                pa.array(sheltered), names, employers(person, np.full(len(person), MONTHS))
            ),
            "interrupted": pa.array(broke_off, mask=runs_on),
        }
    )


def vta_provider_table(providers: Providers, units: Sequence[str]) -> pa.Table:
    """Return the table vta_provider."""
    return pa.table(
        {
            "provider_id": pa.array([f"T{number:04d}" for number in range(len(providers.places))]),
            "county_unit": strings(providers.unit, list(units)),
            "places": pa.array(providers.places, type=pa.int32()),
        }
    )


def nav_office_table(offices: list[str], unit: IntArray, units: Sequence[str]) -> pa.Table:
    """Return the table nav_office, sorted by office."""
    order = np.argsort(np.array(offices), kind="stable")
    return pa.table(
        {
            "nav_office": pa.array([offices[place] for place in order]),
            "county_unit": strings(unit[order], list(units)),
        }
    )


def diagnosis_table(
    seed: int,
    people: People,
    lives: Lives,
    states: NDArray[np.int8],
    parameters: Permanent,
    identifiers: list[str],
) -> pa.Table:
    """Return the table diagnosis: a person has one diagnosis, and a row for each benefit that was decided on."""
    given = parameters.diagnosis
    in_vta = ((states >= SHELTERED) & (states <= ORDINARY)).any(axis=1)
    vta, subsidised, others = (DIAGNOSED.index(key) for key in ("vta", "varig_lonnstilskudd", "andre"))
    kind = np.where((states == SUBSIDY).any(axis=1), subsidised, np.where(in_vta, vta, others))
    shares = array(given.groups).T
    code = share_of(throw(die(seed, "permanent", "diagnosis"), people.number), shares[kind])
    registered = throw(die(seed, "permanent", "registered"), people.number) < array(given.registered)[kind]
    decided = np.stack([lives.benefit == AAP, lives.degree > 0], axis=1)
    person, basis = np.nonzero(decided.any(axis=2) & registered[:, None])
    return pa.table(
        {
            "person_id": strings(person, identifiers),
            "basis": strings(basis, _BASES),
            "month": _months(decided.argmax(axis=2)[person, basis]),
            "diagnosis": strings(code[person], list(given.groups)),
        }
    )


def coded_tiltak(coded: CodedSpells, codes: list[str], identifiers: list[str]) -> pa.Table:
    """Return rows of the table tiltak for the permanent measures and what runs beside them, in no order."""
    told = coded.stop >= _VTA_BEGINS
    person, code, start, stop, main = CodedSpells._make(values[told] for values in coded)
    return pa.table(
        {
            "person_id": strings(person, identifiers),
            "measure_code": strings(code, codes).cast(pa.string()),
            "start_month": _months(np.maximum(start, _VTA_BEGINS)),
            "stop_month": _months(stop, stop == MONTHS - 1),
            "main_measure": pa.array(main),
        }
    )


@dataclass(frozen=True)
class SubsidisedJobs:
    """What the register of jobs takes from the grants: hours, position, industry and sector, one value per grant."""

    by_month: NDArray[np.int32]
    hours: FloatArray
    position: FloatArray
    industry: list[str]
    sector: list[str]

    def grant(self, person: IntArray, when: IntArray) -> IntArray:
        """Return the grant of person-months, -1 for none."""
        return self.by_month[person, when].astype(np.int64)


def instead(index: IntArray, values: list[str], grant: IntArray, of_grants: list[str]) -> tuple[IntArray, list[str]]:
    """Return an index into a list of values, and that list, with the values of the grants where there is one."""
    known = list(dict.fromkeys([*values, *of_grants]))
    place = {value: number for number, value in enumerate(known)}
    granted = np.array([place[value] for value in of_grants] or [0])
    return np.where(grant >= 0, granted[grant], index), known


def subsidised_jobs(grants: Grants, persons: int, subsidy: Subsidy) -> SubsidisedJobs:
    """Return the subsidised jobs of a shard."""
    index, months = months_of(grants.start, grants.stop)
    by_month = np.full((persons, MONTHS), -1, np.int32)
    by_month[grants.person[index], months] = index
    divisions = _divisions(subsidy)
    return SubsidisedJobs(
        by_month,
        grants.hours,
        np.minimum(100 * grants.hours / subsidy.hours.full, 100.0),
        [divisions[division] for division in grants.division],
        [_SECTORS_OF_JOBS[sector] for sector in grants.sector],
    )
