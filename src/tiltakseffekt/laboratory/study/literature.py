"""Designs from the literature, and a family with several arms in which overlap and heterogeneity are turned up.

Sources: Nie and Wager (2021, Biometrika 108, setups A and C); Kang and Schafer (2007, Statistical Science 22); the
baseline of the family of several arms is that of Nie and Wager's setup A, after Friedman (1991).
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Final

import numpy as np
from scipy.special import expit, softmax
from scipy.stats import norm

from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.laboratory.study.design import Design, Floats, Sample, average_effects, draw_arms, own

#: Rows of the population over which the truth is averaged; the error of that is small beside any standard error.
_POPULATION: Final = 200_000
_COVARIATES: Final = 10

#: From persons and a generator to covariates, propensities and expected outcomes.
Population = Callable[[int, np.random.Generator], tuple[Floats, Floats, Floats]]


@cache
def literature_designs() -> tuple[Design, ...]:
    """Return the designs, in the order in which they are shown."""
    return (
        _design("nie_wager_a", _nie_wager_a, 1000, 1.0),
        _design("nie_wager_c", _nie_wager_c, 1000, 1.0),
        _design("kang_schafer", _kang_schafer, 1000, 1.0),
        _design("arms_good_overlap", partial(_several_arms, strength=0.5, heterogeneity=0.0), 2000, 1.5),
        _design("arms_thin_overlap", partial(_several_arms, strength=1.2, heterogeneity=1.0), 2000, 1.5),
    )


def _design(name: str, population: Population, persons: int, noise: float) -> Design:
    def draw(random: np.random.Generator) -> Sample:
        x, propensities, means = population(persons, random)
        arm = draw_arms(propensities, random)
        return Sample(x, arm, own(means, arm) + noise * random.standard_normal(persons), propensities, means)

    _, propensities, means = population(_POPULATION, named_generator(0, "study", "population", name))
    return Design(name, draw, average_effects(propensities, means))


def _two_arms(chance: Floats, baseline: Floats, effect: Floats) -> tuple[Floats, Floats]:
    """Return propensities and expected outcomes; the baseline lies midway between the arms."""
    return np.column_stack([1 - chance, chance]), np.column_stack([baseline - effect / 2, baseline + effect / 2])


def _nie_wager_a(persons: int, random: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Selection and outcomes share an interaction; overlap is cut at one in ten; heterogeneous effects."""
    x = random.random((persons, _COVARIATES))
    wave = np.sin(np.pi * x[:, 0] * x[:, 1])
    baseline = wave + 2 * (x[:, 2] - 0.5) ** 2 + x[:, 3] + 0.5 * x[:, 4]
    return x, *_two_arms(np.clip(wave, 0.1, 0.9), baseline, (x[:, 0] + x[:, 1]) / 2)


def _nie_wager_c(persons: int, random: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Strong confounding along a line, thin overlap, a constant effect."""
    x = random.standard_normal((persons, _COVARIATES))
    chance = expit(-(x[:, 1] + x[:, 2]))
    return x, *_two_arms(chance, 2 * np.logaddexp(0.0, x[:, 0] + x[:, 1] + x[:, 2]), np.ones(persons))


def _kang_schafer(persons: int, random: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Selection and outcomes are linear in covariates of which only crooked transforms are seen; no effect."""
    z = random.standard_normal((persons, 4))
    chance = expit(z @ np.array([-1.0, 0.5, -0.25, -0.1]))
    baseline = 210 + z @ np.array([27.4, 13.7, 13.7, 13.7])
    x = np.column_stack(
        [
            np.exp(z[:, 0] / 2),
            z[:, 1] / (1 + np.exp(z[:, 0])) + 10,
            (z[:, 0] * z[:, 2] / 25 + 0.6) ** 3,
            (z[:, 1] + z[:, 3] + 20) ** 2,
        ]
    )
    return x, *_two_arms(chance, baseline, np.zeros(persons))


def _several_arms(
    persons: int, random: np.random.Generator, *, strength: float, heterogeneity: float
) -> tuple[Floats, Floats, Floats]:
    """Draw correlated covariates and four arms; one index, bent and with an interaction, drives selection and outcomes.

    The strength multiplies the log odds of the arms, heterogeneity the part of the effects that varies.
    """
    places = np.arange(_COVARIATES)
    root = np.linalg.cholesky(0.3 ** np.abs(places[:, None] - places))
    x = random.standard_normal((persons, _COVARIATES)) @ root.T
    u = norm.cdf(x[:, :3])
    index = 2 * np.sin(np.pi * u[:, 0] * u[:, 1]) + 6 * (u[:, 2] - 0.5) ** 2 + x[:, 3] + 0.5 * x[:, 4] - 1.5
    odds = np.column_stack(
        [
            np.zeros(persons),
            0.5 * index + 0.4 * x[:, 5],
            0.5 * index - 0.4 * x[:, 5] + 0.3 * x[:, 6],
            -0.5 * index + 0.4 * np.maximum(x[:, 7], 0.0),
        ]
    )
    propensities = softmax(np.log([0.5, 0.25, 0.15, 0.1]) + strength * odds, axis=1)
    varying = heterogeneity * 0.5 * (x[:, 0] + np.maximum(x[:, 1], 0.0))
    effects = np.array([0.0, 0.5, 1.0, 1.5]) + varying[:, None] * np.array([0, 1, -1, 1])
    return x, propensities, 1.5 * index[:, None] + effects
