"""Settings of pseudo-starts and of the nuisance functions."""

from typing import Literal

from pydantic import Field

from tiltakseffekt.core.keys import LONGEST_FOLLOW_UP_YEARS
from tiltakseffekt.core.settings import Settings


class ForestSettings(Settings):
    """An honest random forest as in effektrapport_2024 section 6.1.2, with fewer trees by default."""

    trees: int = Field(
        200,
        ge=1,
        description="Trees per forest; 2000 in the report (line 2140); chosen: fewer, since time is linear in them",
    )
    variables_per_split_extra: int = Field(
        20,
        ge=0,
        description="Variables drawn at each split = square root of p with this number added, rounded up (line 2150)",
    )
    smallest_node: int = Field(
        5,
        ge=1,
        description="A node with this many observations or fewer is not split; chosen: as in grf, where line 2133 has "
        "fewer than 5",
    )
    subsample: float = Field(0.5, gt=0, le=1, description="Share of the observations drawn for each tree (grf default)")
    honest_share: float = Field(
        0.5, gt=0, lt=1, description="Share of the subsample that builds the tree; the rest predicts (line 2142)"
    )
    balance: float = Field(
        0.05,
        ge=0,
        lt=0.5,
        description="Each child of a split holds at least this share of the rows of its parent (grf default alpha)",
    )


class OverlapSettings(Settings):
    """Trimming and clipping of propensities; effektrapport_2024 states neither."""

    clip: float = Field(
        0.001,
        ge=0,
        lt=0.05,
        description="Propensities under this are raised to it, and counted; 0 = none are; chosen: low, so that it "
        "bounds weights and moves few",
    )
    trim: Literal["none", "fixed", "crump", "common_support"] = Field(
        "none",
        description="Who is left out: fixed = with a propensity under trim_below for some arm; crump = by the "
        "threshold of least variance (Crump et al. 2009); common_support = outside the range common to all arms",
    )
    trim_below: float = Field(
        0.01,
        gt=0,
        lt=0.5,
        description="The threshold of the rule fixed; chosen: an example, since nobody is left out by default",
    )


class MatchingSettings(Settings):
    """Pseudo-starts, propensities and outcome regressions."""

    controls_registered_in: Literal["nav_group", "closer_follow_up"] = Field(
        "nav_group",
        description="Where a control must be registered at the pseudo-start: nav_group = any NAV group (line 2192); "
        "closer_follow_up = situasjonsbestemt or spesielt tilpasset (lines 2355-2357)",
    )
    follow_up_months: int = Field(
        36,
        ge=12,
        le=12 * LONGEST_FOLLOW_UP_YEARS,
        multiple_of=12,
        description="Months after the start over which outcomes are measured (line 2219)",
    )
    outcomes: Literal["all", "yearly"] = Field(
        "all", description="all = outcomes of years and of single months; yearly = those of years only"
    )
    folds: int = Field(5, ge=2, description="Folds of the cross-fitting (line 2146)")
    nuisance: Literal["honest_forest", "ensemble", "reference"] = Field(
        "honest_forest",
        description="Learner of the nuisance functions: honest_forest = as in the report; ensemble = honest forests "
        "mixed with penalised logits and ridge regressions; reference = honest forests by a slow loop over "
        "scikit-learn's trees, to check the others",
    )
    forest: ForestSettings = Field(default_factory=ForestSettings, description="Forests of propensities and outcomes")
    pseudo_start_forest: ForestSettings = Field(
        default_factory=ForestSettings, description="Forest of the start-month probabilities"
    )
    propensity: Literal["per_arm", "joint"] = Field(
        "per_arm",
        description="per_arm = one forest per arm, as in the public implementation of the method; "
        "joint = one forest for all arms at once, faster",
    )
    repetitions: int = Field(
        1,
        ge=1,
        description="Times the cross-fitting is repeated with other folds; estimates are medians (report: once)",
    )
    overlap: OverlapSettings = Field(
        default_factory=OverlapSettings,
        description="What is done about small propensities; applied after they are fitted",
    )
