"""Which days does a published figure speak of? Reads the forms in which a period is written.

Years, half-years, quarters and months (``2015``, ``2015年上半年``, ``2015Q4``, ``2015-03``), months of one
year (``2015年1-9月``, ``2015年前三季度``) and spans from a day or period to another
(``2013-10-01..2014-09-30``). A span begins with its first part and ends with its last.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from qstats.errors import ParameterError
from qstats.periods import Period

Span = tuple[date, date]
LENGTHS = {12: "year", 6: "half", 3: "quarter", 1: "month"}
"""Names of the usual lengths, by months."""

_BETWEEN = re.compile(r"\s*(?:\.\.|~|～|至|到|—|–|/|\bto\b)\s*")
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_MONTHS_OF_YEAR = re.compile(r"^(\d{4})年?(\d{1,2})月?\s*(?:-|~|～|至|到|—|–)\s*(\d{1,2})月(?:份)?$")
_THREE_QUARTERS = re.compile(r"^(\d{4})年?前三季度$")
_WORDS = (
    (re.compile(r"^(\d{4})年?上半年$"), r"\1H1"),
    (re.compile(r"^(\d{4})年?下半年$"), r"\1H2"),
    (re.compile(r"^(\d{4})年?第?([1-4一二三四])季度?$"), r"\1Q\2"),
    (re.compile(r"^(\d{4})[年/.-](\d{1,2})月?(?:份)?$"), r"\1-\2"),
    (re.compile(r"^(\d{4})年?度?$"), r"\1"),
)
_DIGITS = str.maketrans("一二三四", "1234")


@lru_cache(maxsize=1 << 12)
def read_span(text: str) -> Span | None:
    """First and last day of a period as written, None where it is none."""
    text = re.sub(r"\s+", " ", text.strip())
    whole = _read_part(text)
    if whole:
        return whole
    if match := _MONTHS_OF_YEAR.match(text):
        return _months(int(match[1]), int(match[2]), int(match[3]))
    if match := _THREE_QUARTERS.match(text):
        return _months(int(match[1]), 1, 9)
    parts = _BETWEEN.split(text)
    first, last = (_read_part(part) for part in parts) if len(parts) == 2 else (None, None)
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def length_of(span: Span) -> str:
    """``year``, ``half``, ``quarter``, ``month`` (from any month on); ``9m`` for others, ``45d`` for days."""
    first, last = span
    following = last + timedelta(days=1)
    if first.day != 1 or following.day != 1:
        return f"{(following - first).days}d"
    months = 12 * (following.year - first.year) + following.month - first.month
    return LENGTHS.get(months, f"{months}m")


def _read_part(text: str) -> Span | None:
    """A day or a period."""
    if match := _DAY.match(text):
        try:
            day = date(*(int(part) for part in match.groups()))
        except ValueError:
            return None
        return day, day
    for form, plain in _WORDS:
        text = form.sub(plain, text)
    try:
        period = Period.parse(text.replace(" ", "").upper().translate(_DIGITS))
        return period.start, period.end
    except (ParameterError, ValueError, OverflowError):
        return None


def _months(year: int, first: int, last: int) -> Span | None:
    if not (1 <= first <= last <= 12 and year >= 1):
        return None
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
