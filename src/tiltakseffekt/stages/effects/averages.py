"""Average potential outcomes and effects of every arm against the controls, on arrays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tiltakseffekt.stages.effects.scores import (
    Assignment,
    FloatArray,
    Target,
    effect_on_treated,
    influence_of_mean,
)


class Weights(NamedTuple):
    """Weights by target population and arm; they know nothing of outcomes, so one set serves all."""

    of_all: FloatArray
    of_target: Mapping[tuple[Target, int], FloatArray]


@dataclass(frozen=True)
class Average:
    """Estimates of one estimand and arm, for several outcomes, shape (Q,), with their influence values, (N, Q)."""

    estimand: str
    arm: int
    values: FloatArray
    influence: FloatArray


def find_weights(assignment: Assignment, control: int) -> Weights:
    """Return all weights that `average_effects` needs."""
    participants = _participants(assignment, control)
    pairs: list[tuple[Target, int]] = [(code, arm) for code in participants for arm in (code, control)]
    pairs += [(participants, arm) for arm in range(assignment.propensities.shape[1])]
    of_target = {(target, arm): assignment.weights_of_treated(target, arm) for target, arm in pairs}
    return Weights(assignment.weights_of_all(), of_target)


def average_effects(
    assignment: Assignment,
    weights: Weights,
    observed: FloatArray,
    predicted: FloatArray,
    scores: FloatArray,
    control: int,
) -> Iterator[Average]:
    """Yield the average potential outcome (``apo``) of each arm, and three effects against the controls of each other.

    They are those on everybody (``ate``), on all who are in any arm but the controls' (``atp``) and on those in the
    arm itself (``atet``).

    Parameters
    ----------
    assignment
        Arms, folds and propensities of N persons.
    weights
        What `find_weights` returns.
    observed, predicted, scores
        Outcomes, shape (N, Q), and what is predicted and scored under each arm, shape (N, K, Q).
    control
        Number of the arm of the controls.
    """
    participants = _participants(assignment, control)
    for code in range(assignment.propensities.shape[1]):
        yield Average("apo", code, scores[:, code].mean(axis=0), influence_of_mean(scores[:, code]))
        if code == control:
            continue
        difference = scores[:, code] - scores[:, control]
        yield Average("ate", code, difference.mean(axis=0), influence_of_mean(difference))
        for estimand, target in (("atp", participants), ("atet", code)):
            known = (weights.of_target[target, code], weights.of_target[target, control])
            found = effect_on_treated(assignment, observed, predicted, code, control, treated=target, weights=known)
            yield Average(estimand, code, *found)


def _participants(assignment: Assignment, control: int) -> tuple[int, ...]:
    return tuple(code for code in range(assignment.propensities.shape[1]) if code != control)
