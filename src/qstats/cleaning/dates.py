"""On which day was it? Reads the forms of a date that suppliers write."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from qstats.cleaning.distinct import Cleaned, Hit

EARLIEST = date(2000, 1, 1)
"""No supervision sampling of this kind was recorded before."""

_SERIAL_EPOCH = date(1899, 12, 30)
_YEAR_FIRST = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_TIME = re.compile(r"^[T\s]*(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d+)?)?)?\s*Z?$")


@lru_cache
def date_rule(cutoff: date, day_first: bool, earliest: date = EARLIEST) -> Callable[[str], Cleaned]:
    """Rule that turns a text into an ISO date from ``earliest`` to ``cutoff``.

    Rules ``date.serial``, ``date.remark``, ``date.impossible``.
    """

    @lru_cache(maxsize=1 << 16)
    def read_date(text: str) -> Cleaned:
        day, rest, serial = _find_date(text, day_first)
        if day is None or not earliest <= day <= cutoff:
            return Cleaned(None, (Hit("date.impossible", text, None),))
        iso = day.isoformat()
        if serial:
            return Cleaned(iso, (Hit("date.serial", text, iso),))
        if not _TIME.match(rest):
            return Cleaned(iso, (Hit("date.remark", text, iso),))
        return Cleaned(iso)

    return read_date


def _find_date(text: str, day_first: bool) -> tuple[date | None, str, bool]:
    if day_first and (match := _DAY_FIRST.match(text)):
        day, month, year = (int(part) for part in match.groups())
    elif match := _YEAR_FIRST.match(text) or _COMPACT.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _SERIAL.match(text):
        return _SERIAL_EPOCH + timedelta(days=int(match[1])), "", True
    else:
        return None, text, False
    try:
        return date(year, month, day), text[match.end() :], False
    except ValueError:
        return None, text, False


@lru_cache(maxsize=1 << 16)
def production_day(text: str) -> str | None:
    """ISO date that a cell 生产日期/批号 begins with, None where it holds a lot number."""
    match = _YEAR_FIRST.match(text)
    try:
        return date(*(int(part) for part in match.groups())).isoformat() if match else None
    except ValueError:
        return None
