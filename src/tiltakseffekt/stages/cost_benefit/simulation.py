"""Simulation: net benefits when effects and parameters are drawn from what is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tiltakseffekt.stages.cost_benefit.engine import Array, Case, net_benefit
from tiltakseffekt.stages.cost_benefit.scenarios import vary_all

EFFECTS: Final = "effects"
_BINS: Final = 20


@dataclass(frozen=True)
class Triangle:
    """A triangular distribution."""

    low: float
    mode: float
    high: float

    def draw(self, rng: np.random.Generator, size: int) -> Array:
        """Draw from it; a triangle without width gives its mode."""
        if self.low == self.high:
            return np.full(size, self.mode)
        return rng.triangular(self.low, min(max(self.mode, self.low), self.high), self.high, size)


@dataclass(frozen=True)
class Simulation:
    """Drawn net benefits and what they were drawn from.

    Parameters
    ----------
    net
        Measure to its net benefits, kroner, shape (draws,).
    parameters
        Parameter to its drawn values.
    effects_only
        Measure to its net benefits when the parameters keep their values.
    """

    net: Mapping[str, Array]
    parameters: Mapping[str, Array]
    effects_only: Mapping[str, Array]


def simulate(
    cases: Mapping[str, Case],
    covariance: Array,
    triangles: Mapping[str, Triangle],
    draws: int,
    rng: np.random.Generator,
) -> Simulation:
    """Draw effects and parameters together and value every measure at each draw.

    Parameters
    ----------
    cases
        Measure to its course at the estimates.
    covariance
        Of all effects of all cases in their order, shape (effects, effects).
    triangles
        Parameter to its distribution. A draw of a parameter holds for all measures.
    draws
        Number of draws.
    rng
        Generator.
    """
    estimates = np.concatenate([case.effects for case in cases.values()])
    drawn = rng.multivariate_normal(estimates, covariance, size=draws, method="eigh", check_valid="ignore")
    parameters = {name: triangle.draw(rng, draws) for name, triangle in triangles.items()}
    net: dict[str, Array] = {}
    effects_only: dict[str, Array] = {}
    place = 0
    for measure, case in cases.items():
        own = drawn[:, place : place + len(case.effects)]
        place += len(case.effects)
        with_effects = [replace(case, effects=tuple(row)) for row in own.tolist()]
        effects_only[measure] = np.array([net_benefit(one) for one in with_effects])
        net[measure] = np.array(
            [
                net_benefit(vary_all(one, {name: float(values[draw]) for name, values in parameters.items()}))
                for draw, one in enumerate(with_effects)
            ]
        )
    return Simulation(net, parameters, effects_only)


def value_of_perfect_information(net: Array) -> float:
    """Return what knowing everything would be worth to the choice between a measure and none, kroner per course."""
    return float(np.maximum(net, 0.0).mean() - max(net.mean(), 0.0))


def value_of_information(net: Array, parameter: Array) -> float:
    """Return what knowing one parameter would be worth, kroner per course.

    The expected net given the parameter is the mean within groups of equal size, ordered by it.
    """
    means, sizes = _means_by(net, parameter)
    return float(max(np.average(np.maximum(means, 0.0), weights=sizes) - max(net.mean(), 0.0), 0.0))


def share_of_variance(net: Array, parameter: Array) -> float:
    """Return the share of the variance of the net that a parameter explains alone."""
    if np.ptp(parameter) == 0 or net.var() == 0:
        return 0.0
    means, sizes = _means_by(net, parameter)
    return float(np.average((means - net.mean()) ** 2, weights=sizes) / net.var())


def _means_by(net: Array, parameter: Array) -> tuple[Array, Array]:
    parts = np.array_split(np.argsort(parameter, kind="stable"), _BINS)
    return np.array([net[part].mean() for part in parts]), np.array([len(part) for part in parts], dtype=np.float64)
