"""Steps that are no proportional move of one parameter by printed numbers, each with its reason."""

from collections.abc import Iterable
from itertools import product
from typing import Final

import numpy as np

from tiltakseffekt.core import keys
from tiltakseffekt.laboratory.fitting.expected import FloatArray
from tiltakseffekt.laboratory.fitting.moves import FEW, Content
from tiltakseffekt.laboratory.fitting.numbers import ROWS_OF, Numbers, composition
from tiltakseffekt.synthetic.keyed import FOLLOWED, array
from tiltakseffekt.synthetic.parameters import Effects
from tiltakseffekt.synthetic.rulebook import FOLLOW

#: Least share, per cent, to which a composition is fitted: printed shares are whole, and 0 may be a third.
_LEAST_PRINTED: Final = 0.3
#: Least share that is found, so that a category which nobody starts from does not move to the end of its bounds.
_LEAST_FOUND: Final = 0.05
_LOG_ODDS: Final = 12.0
#: Part of what an effect lacks that a round makes up for: nearly all, since potential outcomes have little noise; not
#: all, since effects that shares in work of 0 and 1 bound do not follow in full.
_EFFECT_STEP: Final = 0.8
#: Effects are bounded by shares in work, wages by being positive.
_MOST_SHIFT: Final = 0.9
_LEAST_WAGE: Final = -0.95
_MOST_WAGE: Final = 10.0
_MONTHS_OF_YEAR: Final = 12


def match_compositions(content: Content, numbers: Numbers, size: float) -> None:
    """Move the log odds of each measure by each characteristic so that its starters are composed as printed.

    Only differences between categories are moved: the printed shares weight the moves to the mean zero, since how many
    start is what the log odds by entry group are for. Moved one by one, the two would pull at the same level.
    """
    most = np.log(FEW)
    for arm in numbers.expected.own:
        odds = content["log_odds"][arm]
        for characteristic in ROWS_OF:
            cells = composition(arm, characteristic)
            found = np.array([numbers.found.get(cell, np.nan) for cell in cells])
            if not np.isfinite(found).all():
                continue
            printed = np.maximum([numbers.printed[cell] for cell in cells], _LEAST_PRINTED)
            printed = 100 * printed / printed.sum()
            wanted = size * np.clip(np.log(printed / np.maximum(found, _LEAST_FOUND)), -most, most)
            _, rows = ROWS_OF[characteristic]
            before = array(odds[characteristic]) if characteristic in odds else np.zeros(len(rows))
            moved = before + wanted - np.average(wanted, weights=printed)
            odds[characteristic] = _by(rows, np.clip(moved, -_LOG_ODDS, _LOG_ODDS))


def match_effects(content: Content, numbers: Numbers, effects: Effects) -> None:
    """Move the planted effects so that their mean over expected starters is the one that lives.yaml gives.

    Effects are no printed numbers of the registers but choices after the document, with lines of their own. They move
    a probability, which cannot leave 0 and 1, and differ between groups; so the mean effect on those who start is not
    the one that was put in, and a shift of each year makes up for it. Wages are moved by a factor on the pay of those
    in work, on top of the work gained. IPS and helsemessig utredning have no effect of their own in the document and
    follow Annet, to which the analysis counts them.
    """
    expected, nothing = numbers.expected, np.zeros(len(FOLLOWED))
    for row, arm in enumerate(expected.treated):
        weight = expected.starters[row]
        if weight <= 0:
            continue
        lacking = array(effects.months_in_work[arm]) - expected.months_gained[row] / weight
        shift = array(content["shift"][arm]) + _EFFECT_STEP * lacking / _MONTHS_OF_YEAR
        content["shift"][arm] = _by(FOLLOWED, np.clip(shift, -_MOST_SHIFT, _MOST_SHIFT))
        if arm in effects.wage_income and (expected.wage[row] > 0).all():
            lacking = array(effects.wage_income[arm]) - expected.wage_gained[row] / weight
            relative = 1 + _EFFECT_STEP * lacking / (expected.wage[row] / weight)
            before = array(content["wage"][arm]) if arm in content["wage"] else nothing
            content["wage"][arm] = _by(FOLLOWED, np.clip((1 + before) * relative - 1, _LEAST_WAGE, _MOST_WAGE))
    for arm in expected.measures[len(expected.treated) :]:
        content["shift"][arm] = dict(content["shift"][keys.OTHER_MEASURES])


def measure_base(content: Content, numbers: Numbers) -> None:
    """Set the shares in work without a measure to what they are.

    They are no free parameter: a planted effect of some points is drawn as a probability to change a life without the
    measure, which takes the share in work of such lives. The month of the start has that of the month after. A cell
    without registrations keeps its shares.
    """
    expected = numbers.expected
    for (place, group), (column, category) in product(
        enumerate(keys.ENTRY_GROUPS), enumerate(keys.LEDIGHETSKATEGORIER)
    ):
        registrations = expected.registrations[place, column]
        if registrations > 0:
            share = expected.in_work[place, column] / registrations
            content["base"][group][category] = _by(range(FOLLOW + 1), np.append(share[:1], share))


def _by(names: Iterable[str] | Iterable[int], values: FloatArray) -> dict[str | int, float]:
    return dict(zip(names, values.tolist(), strict=True))
