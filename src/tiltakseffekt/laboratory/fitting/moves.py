"""How a parameter is moved by numbers that the registers lack: one small vocabulary for all steps of the fit."""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from tiltakseffekt.laboratory.fitting.numbers import Cell, Numbers

#: Where a parameter stands in the content of fitted.yaml.
Place = tuple[str | int, ...]
Content = MutableMapping[str, Any]
Bounds = tuple[float, float]

#: Added to printed and found numbers before they are divided, so that an empty cell moves a parameter but little: far
#: under the rounding of the printed numbers.
_LITTLE_PER_CENT: Final = 0.02
_LITTLE: Final = 0.001
#: Shares from which odds are taken are kept off 0 and 1.
_LEAST_ODDS: Final = 1e-4

#: The factor that a full step may be at most: by numbers that follow the parameter, by those that also follow others,
#: and by counts of few persons.
BOLD: Final = 3.0
CAREFUL: Final = 1.6
FEW: Final = 2.0


@dataclass(frozen=True)
class Lack:
    """By what factor the registers fall short of a printed number.

    Parameters
    ----------
    cells
        The number, or the numbers whose sum is meant.
    weight
        Power of the factor in a step; negative where the parameter lowers the number.
    reading
        ``ratio`` of the numbers; of their ``odds``; of what they leave to 100 per cent (``rest``).
    part
        Part of the printed number that the parameter answers for.
    """

    cells: tuple[Cell, ...]
    weight: float = 1.0
    reading: Literal["ratio", "odds", "rest"] = "ratio"
    part: float = 1.0

    def log(self, numbers: Numbers) -> float:
        """Return the weighted logarithm of the factor; zero where nobody was measured."""
        printed = self.part * sum(numbers.printed[cell] for cell in self.cells)
        found = sum(numbers.found.get(cell, np.nan) for cell in self.cells)
        if not np.isfinite(found):
            return 0.0
        if self.reading == "odds":
            return self.weight * (_logit(printed / 100) - _logit(found / 100))
        if self.reading == "rest":
            printed, found = 100 - printed, 100 - found
        little = _LITTLE_PER_CENT if self.cells[0].unit == "percent" else _LITTLE
        return self.weight * float(np.log((printed + little) / (max(found, 0.0) + little)))


def _logit(share: float) -> float:
    kept = min(max(share, _LEAST_ODDS), 1 - _LEAST_ODDS)
    return float(np.log(kept / (1 - kept)))


def lack(cell: Cell, weight: float = 1.0, reading: Literal["ratio", "odds", "rest"] = "ratio") -> Lack:
    """Return the lack of one number."""
    return Lack((cell,), weight, reading)


@dataclass(frozen=True)
class Step:
    """A parameter and the numbers by which it is moved.

    Parameters
    ----------
    place
        The parameter.
    lacks
        Their factors are multiplied.
    bounds
        Least and most that the parameter may be.
    power
        Share of the logarithm of the product that a full step takes.
    limit
        The product may be so large at most, or one over it at least.
    scale
        What is multiplied: the parameter (``factor``), what it is the logarithm of (``log``), or the odds of a share
        in per cent (``odds``).
    """

    place: Place
    lacks: tuple[Lack, ...]
    bounds: Bounds
    power: float = 1.0
    limit: float = BOLD
    scale: Literal["factor", "log", "odds"] = "factor"

    def take(self, content: Content, numbers: Numbers, size: float) -> None:
        """Move the parameter by a part of the full step; a zero is a rule and stays."""
        most = np.log(self.limit)
        wanted = float(np.clip(sum(one.log(numbers) for one in self.lacks), -most, most))
        holder, key = _found(content, self.place)
        holder[key] = _moved(holder[key], size * self.power * wanted, self.scale, self.bounds)


def _found(content: Content, place: Place) -> tuple[Any, str | int]:
    holder: Any = content
    for key in place[:-1]:
        holder = holder[key]
    return holder, place[-1]


def _moved(value: float, by: float, scale: str, bounds: Bounds) -> float:
    if scale == "log":
        moved = value + by
    elif value == 0:
        return 0.0
    elif scale == "odds":
        odds = value / (100 - value) * np.exp(by) if value < 100 else np.inf
        moved = 100 * (odds / (1 + odds) if np.isfinite(odds) else 1.0)
    else:
        moved = value * np.exp(by)
    return float(np.clip(moved, *bounds))


def make_whole(content: Content, place: Place) -> None:
    """Bring shares by key, or by several keys, to the sum 100."""
    holder, key = _found(content, place)
    total = sum(_leaves(holder[key]))
    holder[key] = _scaled(holder[key], 100 / total)


def _leaves(values: Mapping[Any, Any]) -> Iterable[float]:
    for value in values.values():
        if isinstance(value, Mapping):
            yield from _leaves(value)
        else:
            yield value


def _scaled(values: Any, factor: float) -> Any:
    if isinstance(values, Mapping):
        return {key: _scaled(value, factor) for key, value in values.items()}
    return values * factor
