"""A made-up effect sample for measuring speed: shaped like that of effektrapport_2024, but nobody's."""

from typing import Final, NamedTuple

import numpy as np

from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.stages.matching.forest import Floats, Ints

#: Shares of the arms, the control group first: one large, many small, chosen.
_SHARES: Final = (0.54, 0.15, 0.10, 0.05, 0.04, 0.035, 0.03, 0.02, 0.015, 0.01, 0.006, 0.004)
_MONTHS: Final = 36


class MadeUpSample(NamedTuple):
    """Covariates (n, 51), arms 0 ... 11, outcomes (n, 42), folds 0 ... 4, and the true chances of the arms (n, 12)."""

    x: Floats
    arm: Ints
    y: Floats
    folds: Ints
    chances: Floats


def make_up_sample(n: int, seed: int = 1) -> MadeUpSample:
    """Draw `n` persons: 34 indicators, 11 small counts, an age, 5 amounts; months in work that resemble the last."""
    random = named_generator(seed, "made_up_sample")
    factors = random.normal(size=(n, 6))
    latent = factors @ random.normal(size=(6, 51)) / 6 + random.normal(size=(n, 51))
    x = np.empty((n, 51))
    x[:, :34] = latent[:, :34] > np.linspace(0, 2, 34) * np.sqrt(1 + 1 / 6)
    x[:, 34:45] = np.clip(np.round(np.exp(latent[:, 34:45] + 0.5)), 0, 12)
    x[:, 45] = np.clip(np.round(38 + 11 * latent[:, 45]), 18, 59)
    x[:, 46:] = np.maximum(latent[:, 46:], 0)
    logits = np.log(_SHARES) + 0.5 * factors @ random.normal(size=(6, len(_SHARES)))
    logits += 0.5 * x[:, 34:38] @ random.normal(size=(4, len(_SHARES))) / 3
    chances = np.exp(logits)
    chances /= chances.sum(axis=1, keepdims=True)
    arm = (random.random(n)[:, None] > chances.cumsum(axis=1)[:, :-1]).sum(axis=1)
    # Luck that lasts, so that neighbouring months are alike.
    luck = random.normal(size=(n, 1)) + 0.15 * np.cumsum(random.normal(size=(n, _MONTHS)), axis=1)
    trend = np.linspace(-0.5, 0.3, _MONTHS)
    work = factors[:, :1] + 0.5 * x[:, 46:47] - 0.3 * x[:, 1:2] + 0.1 * (arm[:, None] % 3) + trend + luck > 0
    years = work.reshape(n, 3, 12).sum(axis=2)
    wages = years * np.exp(10 + 0.2 * factors[:, 1:2] + 0.1 * random.normal(size=(n, 3)))
    return MadeUpSample(x, arm, np.hstack([work, years, wages]), random.permutation(n) % 5, chances)
