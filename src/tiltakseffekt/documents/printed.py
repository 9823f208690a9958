"""Numbers as printed."""

from collections.abc import Sequence


def printed_step(values: Sequence[str]) -> float:
    """Return the unit to which numbers were rounded: the last decimal, or the power of ten that divides all.

    >>> printed_step(["16.7", "6"])
    0.1
    >>> printed_step(["-239000", "16000"])
    1000.0
    """
    decimals = max(len(value.partition(".")[2]) for value in values)
    if decimals:
        return float(10**-decimals)
    zeros = [len(value) - len(value.rstrip("0")) for value in values if value.strip("-0")]
    return float(10 ** min(zeros, default=0))
