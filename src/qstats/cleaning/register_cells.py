"""What does a single cell of a register say? The register, a day, a term of validity, a grade, an area.

Registers often state the year of an award only (2013年度), or a term (三年) instead of a last day. An award
of a year is put on the last day of it, and how exactly it was stated is kept beside it.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache

from qstats.cleaning.dates import date_rule
from qstats.cleaning.distinct import Cleaned, Hit
from qstats.codebook import read_vocabulary

EARLIEST_AWARD = date(1985, 1, 1)
"""No register of this kind is older."""

LONGEST_TERM = 20
"""Years: nothing here is awarded for longer, so that a later expiry is a slip of the pen."""

PART = "\x1f"
"""Stands between the parts of an answer: day and how exactly it was stated; ``term`` and months."""

MU_IN = {"万亩": 1.0, "亩": 1e-4, "公顷": 15e-4, "ha": 15e-4, "hm2": 15e-4}
"""Units of area in 10,000 mu."""

_YEAR = re.compile(r"^(\d{4})\s*年?度?$")
_MONTH = re.compile(r"^(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*月?$")
_DAY = r"\d{4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?|\s*月)?"
_RANGE = re.compile(rf"^(?:自|从)?\s*{_DAY}\s*起?\s*[至到~～—–-]+\s*({_DAY})\s*止?$")
_UNTIL = re.compile(rf"^(?:有效期)?\s*(?:截至|截止|至|到)?\s*({_DAY})\s*止?$")
_TERM = re.compile(r"^(?:有效期|任期|聘期)?\s*[:：]?\s*(\d{1,3}|[一二两三四五六七八九十]{1,2})\s*(年|个月)?$")
_NUMERALS = {word: at for at, word in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_LEADING_YEAR = re.compile(r"^(?:19|20)\d{2}年?度?")
_MARKS = re.compile(r"[\s“”\"'‘’《》「」·]")
_NOTE = re.compile(r"[(（][^()（）]*[)）]$")
_AREA = re.compile(
    r"^(\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d{1,9}(?:\.\d{1,9})?)\s*(万亩|亩|公顷|ha|hm2)?$", re.IGNORECASE
)
_NUMBER = re.compile(r"^(\d{1,3}(?:[,，]\d{3})+|\d{1,9})(?:\.(\d{1,6}))?\s*(?:个|件|项|家|人|名|批)?$")
_STANDARD = (
    (r"^(?:GB|GSB|GBJ)", "national"),
    (r"^(?:ISO|IEC|ITU|CAC|CODEX)", "international"),
    (r"^DB\d", "provincial"),
    (r"^(?!Q/|T/)[A-Z]{2}(?:/T)?\d", "industry"),
)


@lru_cache(maxsize=1 << 12)
def read_register(text: str) -> Cleaned:
    """Rule: the name of a register → its code (``register.unknown``)."""
    plain = plain_word(text)
    code = _registers().get(plain) or _registers().get(_NOTE.sub("", plain))
    return Cleaned(code, () if code else (Hit("register.unknown", text, None),))


@lru_cache(maxsize=1 << 12)
def plain_word(text: str) -> str:
    """A word as it is compared: without spaces, quotation marks and a year in front, in small letters."""
    return _LEADING_YEAR.sub("", _MARKS.sub("", text)).casefold()


def read_grade(register: str, text: str) -> str | None:
    """Code of a grade by the words of the register, or by those that hold for any; None where unknown."""
    return _grades(register).get(_MARKS.sub("", text).casefold())


def grade_of_standard(number: str) -> str | None:
    """Grade of a standard by its number: ``GB/T 1234-2013`` is a national one."""
    plain = number.replace(" ", "").upper()
    return next((grade for pattern, grade in _STANDARD if re.match(pattern, plain)), None)


@lru_cache
def moment_rule(latest: date, day_first: bool) -> Callable[[str], Cleaned]:
    """Rule: a day, a month or a year → its last day and ``day``, ``month`` or ``year`` (parted by `PART`).

    Rules ``register.day_not_stated``, and those of a date.
    """
    read_day = date_rule(latest, day_first, EARLIEST_AWARD)

    @lru_cache(maxsize=1 << 14)
    def read_moment(text: str) -> Cleaned:
        found = _month_or_year(text)
        if found and found[0] >= EARLIEST_AWARD and _first_day(*found) <= latest:
            iso = found[0].isoformat()
            return Cleaned(f"{iso}{PART}{found[1]}", (Hit("register.day_not_stated", text, iso),))
        cleaned = read_day(text)
        return Cleaned(cleaned.value and f"{cleaned.value}{PART}day", cleaned.hits)

    return read_moment


@lru_cache
def term_rule(latest: date, day_first: bool) -> Callable[[str], Cleaned]:
    """Rule: the end of validity → ``until␟day``, ``term␟months`` or ``open`` (长期).

    A bare number is a term in years. Rules ``register.term_read``, and those of `moment_rule`.
    """
    read_moment = moment_rule(latest, day_first)

    @lru_cache(maxsize=1 << 14)
    def read_term(text: str) -> Cleaned:
        plain = text.replace(" ", "")
        if plain in read_vocabulary()["no_expiry"]:
            return Cleaned("open", (Hit("register.term_read", text, None),))
        if months := _months(plain):
            return Cleaned(f"term{PART}{months}", (Hit("register.term_read", text, f"+{months}个月"),))
        match = _RANGE.match(text) or _UNTIL.match(text)
        cleaned = read_moment(match[1] if match else text)
        if cleaned.value is None:
            return Cleaned(None, (Hit("date.impossible", text, None),))
        day = cleaned.value.split(PART)[0]
        worded = match is not None and match[1] != text
        hits = (Hit("register.term_read", text, day),) if worded else cleaned.hits
        return Cleaned(f"until{PART}{day}", hits)

    return read_term


@lru_cache
def area_rule(unit: str | None) -> Callable[[str], Cleaned]:
    """Rule: an area → 10,000 mu (万亩); a unit in the cell prevails (``number.unit``).

    An area without any unit, or what is no number, is ``number.unreadable``.
    """

    @lru_cache(maxsize=1 << 12)
    def read_area(text: str) -> Cleaned:
        match = _AREA.match(text)
        stated = match[2].lower() if match and match[2] else unit
        if not match or not stated:
            return Cleaned(None, (Hit("number.unreadable", text, None),))
        value = repr(round(float(re.sub("[,，]", "", match[1])) * MU_IN[stated], 6))
        return Cleaned(value, (Hit("number.unit", text, value),) if match[2] and stated != unit else ())

    return read_area


@lru_cache(maxsize=1 << 12)
def read_quantity(text: str) -> Cleaned:
    """Rule: a number, also with thousands or a counting word; else ``number.unreadable``."""
    match = _NUMBER.match(text)
    if not match:
        return Cleaned(None, (Hit("number.unreadable", text, None),))
    return Cleaned(repr(float(f"{re.sub('[,，]', '', match[1])}.{match[2] or 0}")))


def _month_or_year(text: str) -> tuple[date, str] | None:
    """Last day of a month or year, and which of both it is."""
    if match := _YEAR.match(text):
        return date(int(match[1]), 12, 31) if int(match[1]) else date.min, "year"
    if (match := _MONTH.match(text)) and 1 <= int(match[2]) <= 12 and int(match[1]):
        year, month = int(match[1]), int(match[2])
        return date(year, month, monthrange(year, month)[1]), "month"
    return None


def _first_day(last: date, stated: str) -> date:
    return last.replace(month=1, day=1) if stated == "year" else last.replace(day=1)


def _months(plain: str) -> int | None:
    """Months of a term; None where it is none, or longer than anything is valid."""
    match = _TERM.match(plain)
    if not match:
        return None
    number = int(match[1]) if match[1].isdecimal() else _numeral(match[1])
    months = number if match[2] == "个月" else 12 * number
    return months if 0 < months <= 12 * LONGEST_TERM else None


def _numeral(word: str) -> int:
    """A Chinese number up to nineteen; 0 where it is none."""
    if len(word) == 1:
        return _NUMERALS[word]
    return 10 + _NUMERALS[word[1]] if word[0] == "十" and word[1] != "十" else 0


@cache
def _registers() -> dict[str, str]:
    known = read_vocabulary()["register"].items()
    return {_MARKS.sub("", word).casefold(): code for code, words in known for word in (*words, code)}


@cache
def _grades(register: str) -> dict[str, str]:
    """Words of the grades of a register, codes included."""
    known = read_vocabulary()["register_grade"]
    return {
        _MARKS.sub("", word).casefold(): code
        for code, words in known.get(register, known["any"]).items()
        for word in (*words, code)
    }
