"""County units of NAV, their offices and their sheltered firms; the same in every shard."""

from typing import NamedTuple

import numpy as np

from tiltakseffekt.synthetic.dice import die, throw
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.permanent.inputs import FloatArray, IntArray
from tiltakseffekt.synthetic.permanent.parameters import Units


class Providers(NamedTuple):
    """Sheltered firms, one value each."""

    unit: IntArray
    places: IntArray


def units_of(sizes: FloatArray, units: Units) -> IntArray:
    """Return the county unit of each municipality, so that units have their shares of the population.

    The largest municipality that is left goes to the unit that lacks most.
    """
    lacks = array(units.population) / sum(units.population.values()) * sizes.sum()
    result = np.zeros(len(sizes), np.int64)
    for municipality in np.argsort(-sizes, kind="stable"):
        unit = int(lacks.argmax())
        result[municipality] = unit
        lacks[unit] -= sizes[municipality]
    return result


def draw_providers(seed: int, units: Units) -> Providers:
    """Return the sheltered firms: as many places as their quantiles say, dealt out to the units."""
    count = sum(units.providers.values())
    places = np.interp(np.arange(count) / (count - 1), list(units.places), list(units.places.values()))
    order = np.argsort(throw(die(seed, "permanent", "providers"), np.arange(count)), kind="stable")
    return Providers(
        np.repeat(np.arange(len(units.providers)), array(units.providers)), np.rint(places[order]).astype(int)
    )


def provider_of(draws: FloatArray, unit: IntArray, providers: Providers) -> IntArray:
    """Return a firm of each unit, drawn by its places."""
    cumulative = np.cumsum(providers.places)
    first = np.searchsorted(providers.unit, unit, side="left")
    last = np.searchsorted(providers.unit, unit, side="right")
    below = np.where(first > 0, cumulative[first - 1], 0)
    wanted = below + draws * (cumulative[last - 1] - below)
    return np.minimum(np.searchsorted(cumulative, wanted, side="right"), last - 1)
