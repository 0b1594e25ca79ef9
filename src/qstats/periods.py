"""Which days does a period hold, what is it called, and what is it compared with?"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from qstats.codebook import Text
from qstats.errors import ParameterError

_FORM = re.compile(r"^(?P<year>\d{4})(?:(?P<kind>[QH-])(?P<number>\d{1,2}))?$")
_MONTHS = {"": 12, "H": 6, "Q": 3, "-": 1}
_ZH_NUMBER = "一二三四"
_EN_ORDINAL = ("first", "second", "third", "fourth")
_EN_MONTH = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
             "October", "November", "December")  # fmt: skip


class Window(Protocol):
    """Days from a first to a last one: a period, or several of them together."""

    @property
    def start(self) -> date:
        """First day."""

    @property
    def end(self) -> date:
        """Last day."""


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar year, half-year, quarter or month, written ``2015``, ``2015H1``, ``2015Q4``, ``2015-03``.

    Attributes
    ----------
    year : int
    kind : str
        ``""`` year, ``"H"`` half-year, ``"Q"`` quarter, ``"-"`` month.
    number : int
        Position in the year, from 1.
    """

    year: int
    kind: str
    number: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Period from its written form; any other form is a :class:`ParameterError`."""
        match = _FORM.match(text)
        kind = match["kind"] or "" if match else ""
        number = int(match["number"] or 1) if match else 0
        if not match or not 1 <= number <= 12 // _MONTHS[kind]:
            raise ParameterError(f"period {text!r} is not of the form 2015, 2015H1, 2015Q4 or 2015-03")
        return cls(int(match["year"]), kind, number)

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, (self.number - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """Last day."""
        following = self.shift(1)
        return following.start - timedelta(days=1)

    def shift(self, periods: int) -> "Period":
        """Period so many steps later (negative: earlier)."""
        per_year = 12 // _MONTHS[self.kind]
        index = self.year * per_year + self.number - 1 + periods
        return Period(index // per_year, self.kind, index % per_year + 1)

    def last_year(self) -> "Period":
        """Same period of the year before (上年同期)."""
        return Period(self.year - 1, self.kind, self.number)

    def preceding(self, count: int) -> list["Period"]:
        """The period and the ``count - 1`` before it, oldest first."""
        return [self.shift(step) for step in range(1 - count, 1)]

    def __str__(self) -> str:
        number = f"{self.number:02d}" if self.kind == "-" else str(self.number)
        return f"{self.year}{self.kind}{number}" if self.kind else str(self.year)

    @property
    def label(self) -> Text:
        """Name in a sentence: 2015年第四季度, the fourth quarter of 2015."""
        zh = {
            "": "",
            "H": "上半年" if self.number == 1 else "下半年",
            "Q": f"第{_ZH_NUMBER[(self.number - 1) % 4]}季度",
            "-": f"{self.number}月",
        }[self.kind]
        en = {
            "": str(self.year),
            "H": f"the {_EN_ORDINAL[(self.number - 1) % 4]} half of {self.year}",
            "Q": f"the {_EN_ORDINAL[(self.number - 1) % 4]} quarter of {self.year}",
            "-": f"{_EN_MONTH[self.number - 1]} {self.year}",
        }[self.kind]
        return {"zh": f"{self.year}年{zh}", "en": en}


@dataclass(frozen=True, slots=True)
class TwelveMonths(Period):
    """Twelve months that end with a period (近一年), named by their year where they are a calendar year.

    The fields are those of the period that they end with; steps are years.
    """

    @classmethod
    def ending(cls, period: Period) -> "TwelveMonths":
        """The twelve months to the end of a period."""
        return cls(period.year, period.kind, period.number)

    @property
    def last(self) -> Period:
        """The period that they end with."""
        return Period(self.year, self.kind, self.number)

    @property
    def first(self) -> Period:
        """The period that they begin with."""
        return self.last.last_year().shift(1)

    @property
    def start(self) -> date:
        """First day."""
        return self.first.start

    @property
    def end(self) -> date:
        """Last day."""
        return self.last.end

    def shift(self, periods: int) -> "TwelveMonths":
        """Twelve months so many years later (negative: earlier)."""
        return TwelveMonths(self.year + periods, self.kind, self.number)

    def last_year(self) -> "TwelveMonths":
        """The twelve months before."""
        return self.shift(-1)

    def __str__(self) -> str:
        return str(self.year) if self.start.month == 1 else f"{self.first}–{self.last}"

    @property
    def label(self) -> Text:
        """Name in a sentence: 2015年, 2014年第四季度至2015年第三季度."""
        if self.start.month == 1:
            return Period(self.year, "", 1).label
        first, last = self.first.label, self.last.label
        return {"zh": f"{first['zh']}至{last['zh']}", "en": f"the twelve months to the end of {last['en']}"}


@dataclass(frozen=True, slots=True)
class YearToDate(Period):
    """The calendar year up to the end of a period (本年累计).

    It is named as the year where the period ends it, and as the period where that begins the year. The fields
    are those of the period that it ends with; steps are years.
    """

    @classmethod
    def ending(cls, period: Period) -> "YearToDate":
        """The year up to the end of a period."""
        return cls(period.year, period.kind, period.number)

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """Last day."""
        return self._period.end

    @property
    def _period(self) -> Period:
        return Period(self.year, self.kind, self.number)

    def shift(self, periods: int) -> "YearToDate":
        """The same months so many years later (negative: earlier)."""
        return YearToDate(self.year + periods, self.kind, self.number)

    @property
    def is_whole(self) -> bool:
        """Whether the year is over."""
        return self.end.month == 12

    def __str__(self) -> str:
        if self.is_whole:
            return str(self.year)
        return str(self._period) if self.number == 1 else f"{self.year}-01–{self.end.month:02d}"

    @property
    def label(self) -> Text:
        """Name in a sentence: 2015年, 2015年1—9月."""
        if self.is_whole:
            return Period(self.year, "", 1).label
        if self.number == 1:
            return self._period.label
        return {
            "zh": f"{self.year}年1—{self.end.month}月",
            "en": f"January to {_EN_MONTH[self.end.month - 1]} {self.year}",
        }
