"""Values as Norwegian and English readers meet them in running text."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from tiltakseffekt.stages.exhibits.numbers import NO_BREAK_SPACE, NumberFormat

#: What stands for a value that is missing or suppressed.
NOTHING: Final = "–"
FORMATS: Final = {"nb": NumberFormat(",", NO_BREAK_SPACE, {}), "en": NumberFormat(".", ",", {})}
# fmt: off
MONTH_NAMES: Final = {
    "nb": ("januar", "februar", "mars", "april", "mai", "juni",
           "juli", "august", "september", "oktober", "november", "desember"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}
# fmt: on
YES_NO: Final = {"nb": ("nei", "ja"), "en": ("no", "yes")}


def number(value: float | None, unit: str, language: str, decimals: Mapping[str, int]) -> str:
    """Return a value of tidy data with the decimals of its unit; a missing one is an en dash.

    `decimals` holds those units whose decimals differ from the usual ones.
    """
    if value is None or math.isnan(value):
        return NOTHING
    return replace(FORMATS[language], decimals=decimals).cell(value, unit)


def spoken(value: Any, language: str) -> str:
    """Return a setting as it stands in a sentence: ``2017-07`` is ``juli 2017``, 0.25 is ``0,25``."""
    if isinstance(value, bool):
        return YES_NO[language][value]
    if isinstance(value, int):
        return FORMATS[language].number(value, 0)
    if isinstance(value, float):
        decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
        return FORMATS[language].number(value, decimals)
    if match := re.fullmatch(r"(\d{4})-(\d{2})", str(value)):
        return f"{MONTH_NAMES[language][int(match[2]) - 1]} {match[1]}"
    return NOTHING if value is None else str(value)
