"""Fit the weights of the permanent measures anew, on lives that the core simulates."""

from typing import Final

import yaml

from tiltakseffekt.synthetic.municipalities import draw_municipalities
from tiltakseffekt.synthetic.parameters import Codebooks, Parameters
from tiltakseffekt.synthetic.permanent.course import Expected
from tiltakseffekt.synthetic.permanent.fitting import fit
from tiltakseffekt.synthetic.permanent.parameters import Weights
from tiltakseffekt.synthetic.permanent.shard import expected_starts
from tiltakseffekt.synthetic.simulate import draw_lives, numbers_of_shard

#: Lines are broken after so many characters, and then have no more than 120.
_WIDTH: Final = 90
_HEAD: Final = (
    "# Fitted: log weights of starting a permanent measure, so that those who start are composed as the targets in\n"
    "# permanent.yaml say. Written by `tiltak fit-permanent`; do not edit.\n"
)


def refitted(seed: int, scale: float, rounds: int, parameters: Parameters, codebooks: Codebooks) -> Weights:
    """Return weights fitted on the lives of a part of the population, from those that the parameters hold.

    Parameters
    ----------
    seed
        Seed of the lives.
    scale
        Size of the part; a tenth is enough.
    rounds
        How often the weights are moved.
    parameters, codebooks
        Of the simulation.
    """
    places = draw_municipalities(seed, parameters, codebooks)
    number = numbers_of_shard(parameters.fitted.persons, scale, 1, 0)
    lives = draw_lives(seed, number, parameters, codebooks, places)
    given = parameters.permanent

    def expected_under(weights: Weights) -> Expected:
        return expected_starts(seed, lives, places, parameters, weights)

    return fit(expected_under, scale, given, rounds, parameters.permanent_weights)


def weights_text(weights: Weights) -> str:
    """Return the content of the file of fitted weights."""
    return _HEAD + yaml.safe_dump(weights.model_dump(), sort_keys=False, default_flow_style=None, width=_WIDTH)
