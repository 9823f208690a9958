"""Effects of arms from a data frame of one's own, by the estimator of the evaluation: `estimate_effects`."""

from tiltakseffekt.estimate.facade import estimate_effects
from tiltakseffekt.estimate.result import Effects

__all__ = ["Effects", "estimate_effects"]
