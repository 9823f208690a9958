"""The fit: simulate, measure, move every parameter by a part of what it lacks, and keep the best round."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.documents.calibration.comparison import summarise
from tiltakseffekt.laboratory.fitting.loss import Loss, loss
from tiltakseffekt.laboratory.fitting.measurement import Measurement, measured, on_cores
from tiltakseffekt.laboratory.fitting.moves import Content, make_whole
from tiltakseffekt.laboratory.fitting.numbers import Numbers
from tiltakseffekt.laboratory.fitting.special import match_compositions, match_effects, measure_base
from tiltakseffekt.laboratory.fitting.steps import all_steps, whole_places
from tiltakseffekt.laboratory.fitting.study import Study
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.parameters import Fitted, Parameters, Reference

#: Seeds that rounds take in turn, so that no parameter follows the luck of one. Two more follow them: after each turn
#: the parameters are compared on the first, where every candidate has the same luck; the best are judged on the other.
ROTATION: Final = 3
#: Share of the rounds after which steps are half as long: first get there, then settle.
_BOLD_ROUNDS: Final = 0.6
#: Digits that are written, and with which the next round is simulated, so that the file is what was measured.
_DIGITS: Final = 5
#: Lines are broken after so many characters, and then have no more than 120.
_WIDTH: Final = 90


@dataclass(frozen=True)
class Request:
    """What is asked of a fit.

    Parameters
    ----------
    persons
        Simulated in each round.
    rounds
        How often the parameters are moved.
    seed
        First of the seeds.
    cores
        Processes; nothing else depends on them.
    step
        Part of what a parameter lacks that a round makes up for.
    """

    persons: int
    rounds: int
    seed: int
    cores: int = 1
    step: float = 0.5

    def check(self) -> None:
        """Check the request.

        Raises
        ------
        FaultsFound
            With everything that is wrong.
        """
        faults = [
            Fault("tiltak calibrate", f"--{name}", rule, 1, "Give another number.")
            for name, sound, rule in (
                ("persons", self.persons >= 1, "at least one person is simulated"),
                ("rounds", self.rounds >= 0, "the number of rounds is not negative"),
                ("seed", self.seed >= 0, "the seed is not negative"),
                ("cores", self.cores >= 1, "at least one core is needed"),
                ("step", 0 < self.step <= 1, "the step is above 0 and at most 1"),
            )
            if not sound
        ]
        if faults:
            raise FaultsFound(faults)

    def seed_of(self, round_: int) -> int:
        """Return the seed of a round."""
        return self.seed + round_ % ROTATION

    @property
    def seed_to_compare(self) -> int:
        """The seed on which candidates are compared."""
        return self.seed + ROTATION

    @property
    def seed_apart(self) -> int:
        """The seed that decides nothing and tells how near the fit is."""
        return self.seed + ROTATION + 1

    def is_candidate(self, round_: int) -> bool:
        """Return whether the parameters after so many rounds may be kept: at first, after each turn, at the end."""
        return round_ % ROTATION == 0 or round_ == self.rounds

    def step_of(self, round_: int) -> float:
        """Return the size of the steps of a round."""
        return self.step if round_ < self.rounds * _BOLD_ROUNDS else self.step / 2


@dataclass(frozen=True)
class Fit:
    """The best parameters, after how many rounds they were reached, and how near they are on the seed apart."""

    fitted: Fitted
    rounds: int
    loss: Loss
    by_exhibit: pd.DataFrame


def fit(study: Study, request: Request, tell: Callable[[str], None]) -> Fit:
    """Fit the parameters.

    Parameters
    ----------
    study
        What is given, and where the fit starts.
    request
        How it is done.
    tell
        Is told how each round went.
    """
    request.check()
    fitted = rounded(study.parameters.fitted)
    best: tuple[float, int, Fitted] | None = None
    with on_cores(request.cores) as measure:

        def look(candidate: Fitted, seed: int, what: str) -> tuple[Measurement, Loss]:
            measurement = measured(study, candidate, request.persons, seed, measure)
            near = loss(measurement.comparison)
            tell(f"{what}, seed {seed}: {near.sentence()}; distance {near.distance:.4f}")
            return measurement, near

        for done in range(request.rounds + 1):
            if request.is_candidate(done):
                _, near = look(fitted, request.seed_to_compare, f"after {done} of {request.rounds} rounds")
                if best is None or near.distance < best[0]:
                    best = near.distance, done, fitted
            if done < request.rounds:
                measurement, _ = look(fitted, request.seed_of(done), f"round {done + 1} of {request.rounds}")
                fitted = moved(fitted, measurement.numbers, request.step_of(done), study.parameters)
        assert best is not None
        _, done, fitted = best
        measurement, near = look(fitted, request.seed_apart, f"kept those after {done} rounds")
    return Fit(fitted, done, near, summarise(measurement.comparison))


def moved(fitted: Fitted, numbers: Numbers, size: float, given: Parameters) -> Fitted:
    """Return the parameters of the next round."""
    content: Content = fitted.model_dump(exclude_none=True)
    for step in all_steps(numbers.printed, given, fitted):
        step.take(content, numbers, size)
    match_compositions(content, numbers, size)
    match_effects(content, numbers, given.effects)
    measure_base(content, numbers)
    for place in whole_places(fitted):
        make_whole(content, place)
    hold_near(content, given.reference)
    content["persons"] = round(content["persons"])
    return rounded(Fitted.model_validate(content))


def hold_near(content: Content, reference: Reference) -> None:
    """Bring shares of groups back to within a factor of what they are chosen near to."""
    for name, near in (
        ("age", reference.age),
        ("landgruppe", reference.landgruppe),
        ("education", reference.education),
        ("again", reference.again),
    ):
        for group, shares in near.items():
            content[name][group] = _held(content[name][group], shares, reference.within)
    for group, share in reference.women.items():
        least, most = share / reference.within, 100 - (100 - share) / reference.within
        content["women"][group] = min(max(content["women"][group], least), most)


def _held(found: Mapping[str, float], near: Mapping[str, float], within: float) -> dict[str, float]:
    """Return shares within a factor of what they are chosen near to; both sum to 100."""
    wanted = array(near, np.float64) * (100 / sum(near.values()))
    held = np.clip(array(found), wanted / within, wanted * within)
    return dict(zip(found, (held * (100 / held.sum())).tolist(), strict=True))


def rounded(fitted: Fitted) -> Fitted:
    """Return the parameters with as many digits as are written."""
    return Fitted.model_validate(_rounded(fitted.model_dump(exclude_none=True)))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return value


def fitted_text(result: Fit, request: Request) -> str:
    """Return the content of fitted.yaml: how it was made and how near it is, and the parameters."""
    last = request.seed + ROTATION - 1
    head = [
        f"Written by `tiltak calibrate --persons {request.persons} --rounds {request.rounds} --seed {request.seed} "
        f"--step {request.step}`; do not edit.",
        "Parameters of the synthetic registers, fitted to the printed numbers of effektrapport_2024: docs/method.",
        f"Fitted on the seeds {request.seed} to {last} in turn, from the file as it was; best: round {result.rounds}.",
        f"On seed {request.seed_apart}, which was not fitted to:",
        *result.loss.sentence().split("; "),
    ]
    body = yaml.safe_dump(
        result.fitted.model_dump(exclude_none=True), sort_keys=False, default_flow_style=None, width=_WIDTH
    )
    return "".join(f"# {line}\n" for line in head) + body
