"""How is a period named, and how many there are? Also of years that begin in another month than January."""

from datetime import date, timedelta

from qstats.codebook import Text
from qstats.errors import ParameterError
from qstats.periods import Period


def period_label(period: str) -> Text:
    """Name of a period in a sentence; ``2013-10-01/2014-09-30`` is the year to September 2014."""
    try:
        return Period.parse(period).label
    except ParameterError:
        pass
    days = _days(period)
    if days is None:
        return {"zh": period.replace("/", "至"), "en": period.replace("/", " to ")}
    first, last = days
    if _whole_months(first, last) == 12:
        return {"zh": f"截至{last.year}年{last.month}月的一年", "en": f"the year to {last:%B %Y}"}
    if _whole_months(first, last):
        return {
            "zh": f"{first.year}年{first.month}月至{last.year}年{last.month}月",
            "en": f"{first:%B %Y} to {last:%B %Y}",
        }
    return {"zh": f"{_zh(first)}至{_zh(last)}", "en": f"{_en(first)} to {_en(last)}"}


def period_cell(period: str) -> Text:
    """The same in a cell: 2015Q4 as it is written, else in short words."""
    try:
        Period.parse(period)
    except ParameterError:
        label = period_label(period)
        return {"zh": label["zh"], "en": label["en"].removeprefix("the ")}
    return {"zh": period, "en": period}


def span_cell(first: str, last: str) -> Text:
    """From one period to another, in a cell."""
    begin, end = period_cell(first), period_cell(last)
    if first == last:
        return begin
    if "/" not in first + last:
        return {one: f"{begin[one]}–{end[one]}" for one in ("zh", "en")}
    zh, en = begin["zh"].removesuffix("的一年"), begin["en"]
    years = zh != begin["zh"] and end["zh"].endswith("的一年") and end["en"].startswith("year to ")
    if years:
        until = end["zh"].removeprefix("截至").removesuffix("的一年")
        return {"zh": f"{zh}至{until}的各年", "en": f"years to {en[8:]} … {end['en'][8:]}"}
    return {"zh": f"{begin['zh']}—{end['zh']}", "en": f"{en} – {end['en']}"}


def count_periods(count: int) -> str:
    """``1 period``, ``2 periods``."""
    return f"{count} period" if count == 1 else f"{count} periods"


def _days(period: str) -> tuple[date, date] | None:
    try:
        first, last = (date.fromisoformat(part) for part in period.split("/"))
    except ValueError:
        return None
    return first, last


def _whole_months(first: date, last: date) -> int:
    """Months from one day to another; 0 where they are not whole ones."""
    after = last + timedelta(days=1)
    if first.day != 1 or after.day != 1:
        return 0
    return 12 * (after.year - first.year) + after.month - first.month


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _en(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
