"""Time is a month: an integer count of months since January 2000 (which is month 0)."""

import re

_ORIGIN_YEAR = 2000
_PATTERN = re.compile(r"(\d{4})-(\d{2})")


def month(year: int, month_of_year: int) -> int:
    """Return the count of months since January 2000.

    >>> month(2017, 7)
    210
    """
    return (year - _ORIGIN_YEAR) * 12 + month_of_year - 1


def parse_month(text: str) -> int:
    """Read ``YYYY-MM``.

    Raises
    ------
    ValueError
        If the text is not a year and a month from 01 to 12.

    >>> parse_month("2018-12")
    227
    """
    match = _PATTERN.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise ValueError("a month is written YYYY-MM, for example 2017-07")
    return month(int(match[1]), int(match[2]))


def format_month(count: int) -> str:
    """Write a month count as ``YYYY-MM``.

    >>> format_month(210)
    '2017-07'
    """
    return f"{year_of(count):04d}-{count % 12 + 1:02d}"


def year_of(count: int) -> int:
    """Return the calendar year of a month count.

    >>> year_of(-1)
    1999
    """
    return count // 12 + _ORIGIN_YEAR
