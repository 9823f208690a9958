"""Numbers as readers see them: decimal sign, thousands sign, a real minus, decimals by unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"

#: Decimals of each unit unless the catalogue says otherwise; negative = rounded to tens, hundreds ...
DECIMALS: Final[Mapping[str, int]] = {
    "count": 0,
    "dollars": 0,
    "hours": 2,
    "kroner": 0,
    "months": 1,
    "months_per_year": 2,
    "nok_2022": 0,
    "nok_2022_per_month": 0,
    "nok_per_month": 0,
    "nok_per_year": 0,
    "percent": 1,
    "percentage_points": 1,
    "person_months": 0,
    "persons": 0,
    "probability": 3,
    "ratio": 2,
    "rows": 0,
    "spells": 0,
    "standard_error": 2,
    "starts": 0,
    "thousand_nok": 0,
    "years": 1,
}


@dataclass(frozen=True)
class NumberFormat:
    """How a language writes numbers.

    Parameters
    ----------
    decimal
        Decimal sign.
    thousands
        Sign between groups of three digits.
    decimals
        Decimals of units that differ from `DECIMALS`.
    """

    decimal: str
    thousands: str
    decimals: Mapping[str, int]

    def number(self, value: float, decimals: int) -> str:
        """Write a number; decimals below zero round to tens, hundreds and so on.

        >>> NumberFormat(",", " ", {}).number(-12345.678, 1)
        '−12 345,7'
        """
        rounded = round(value, decimals) + 0.0
        text = f"{abs(rounded):,.{max(decimals, 0)}f}"
        text = text.replace(",", "\0").replace(".", self.decimal).replace("\0", self.thousands)
        return MINUS + text if rounded < 0 else text

    def cell(self, value: float, unit: str) -> str:
        """Write a number with the decimals of its unit; shares carry their sign.

        >>> NumberFormat(",", " ", {}).cell(16.72, "percent") == "16,7" + NO_BREAK_SPACE + "%"
        True
        """
        text = self.number(value, self.decimals.get(unit, DECIMALS.get(unit, 2)))
        return f"{text}{NO_BREAK_SPACE}%" if unit == "percent" else text
