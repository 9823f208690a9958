"""How near simulated registers are to the printed numbers."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from tiltakseffekt.stages.description.cells import COUNTED

#: A number further off than this counts as so far off: chosen, so that a few that the registers cannot give do not
#: decide which round is best. Points of per cents, per cent of other numbers.
_FARTHEST_POINTS: Final = 10.0
_FARTHEST_PER_CENT: Final = 50.0


@dataclass(frozen=True)
class Loss:
    """How near the compared numbers are.

    Parameters
    ----------
    median_points
        Median absolute difference of printed percentages, in points.
    within_1, within_3
        Per cent of the percentages within so many points.
    median_relative
        Median absolute difference of the numbers that grow with the population, per cent of the printed one.
    distance
        By which rounds are compared: mean over all numbers of how far off each is, from 0 to 1 (or farther).
    """

    median_points: float
    within_1: float
    within_3: float
    median_relative: float
    distance: float

    def sentence(self) -> str:
        """Return the loss as a sentence."""
        return (
            f"percentages differ by {self.median_points:.2f} points in the median, {self.within_1:.1f} per cent of them"
            f" by at most 1, {self.within_3:.1f} by at most 3; counts by {self.median_relative:.1f} per cent in the"
            " median"
        )


def loss(comparison: pd.DataFrame) -> Loss:
    """Return how near the numbers of a comparison (`compare`) are."""
    compared = comparison.loc[comparison["reason"] == ""]
    percent = compared["unit"] == "percent"
    points = compared.loc[percent, "difference"].abs()
    others = compared.loc[~percent & (compared["printed"] != 0)]
    relative = 100 * (others["difference"] / others["printed"]).abs()
    far = pd.concat([points / _FARTHEST_POINTS, relative / _FARTHEST_PER_CENT]).clip(upper=1)
    return Loss(
        median_points=float(points.median()),
        within_1=float(100 * (points <= 1).mean()),
        within_3=float(100 * (points <= 3).mean()),
        median_relative=float(relative[others["unit"].isin(COUNTED)].median()),
        distance=float(far.mean()),
    )
