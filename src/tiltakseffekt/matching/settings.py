"""Settings of pseudo-starts and of the nuisance functions."""

from typing import Literal

from pydantic import Field

from tiltakseffekt.config.base import Settings


class ForestSettings(Settings):
    """An honest random forest as in seed-004 section 6.1.2, with fewer trees by default."""

    trees: int = Field(200, ge=1, description="Trees per forest; 2000 in the report (line 2140)")
    variables_per_split_extra: int = Field(
        20,
        ge=0,
        description="Variables drawn at each split = square root of p with this number added, rounded up (line 2150)",
    )
    smallest_node: int = Field(
        5, ge=1, description="A node with this many observations or fewer is not split (line 2133)"
    )
    subsample: float = Field(0.5, gt=0, le=1, description="Share of the observations drawn for each tree (grf default)")
    honest_share: float = Field(
        0.5, gt=0, lt=1, description="Share of the subsample that builds the tree; the rest predicts (line 2142)"
    )


class MatchingSettings(Settings):
    """Pseudo-starts, propensities and outcome regressions."""

    folds: int = Field(5, ge=2, description="Folds of the cross-fitting (line 2146)")
    nuisance: Literal["honest_forest"] = Field("honest_forest", description="Learner of the nuisance functions")
    forest: ForestSettings = Field(default_factory=ForestSettings, description="Forests of propensities and outcomes")
    pseudo_start_forest: ForestSettings = Field(
        default_factory=ForestSettings, description="Forest of the start-month probabilities"
    )
    propensity: Literal["per_arm", "joint"] = Field(
        "per_arm",
        description="per_arm = one forest per arm, as in the public implementation of the method; "
        "joint = one forest for all arms at once, faster",
    )
    smallest_propensity: float = Field(
        0.001,
        gt=0,
        lt=0.05,
        description="Propensities under this are raised to it and counted in the overlap table; not stated in seed-004",
    )
