"""In which county was it? Names and codes of any vintage to the codes of the run's vintage.

The stated county comes first, then the township, then the address. Functional zones have no GB/T 2260 code
and carry local ones; a township of a zone lies inside a county, so the two do not contradict each other.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from qstats.cleaning.distinct import Cleaned, Hit
from qstats.reference import Division, Township, read_divisions, read_townships

Named = TypeVar("Named")

SEPARATOR = "\x1f"
"""Stands between county, township and address in the text that the rule reads."""

_PREFIX = re.compile(r"^(?:山东省?)?(?:聊城市?)?")
_ELSEWHERE = re.compile(
    r"^(?!山东)[\u4e00-\u9fff]{2,3}(?:省|自治区)|^(?:山东省?+)?+(?!聊城|临清|莘县|冠县)[\u4e00-\u9fff]{2,3}市"
)
"""Address in another province or city: a township of the same name there is none of ours."""


@lru_cache
def place_rule(vintage: int) -> Callable[[str], Cleaned]:
    """Rule: ``county␟township␟address`` → ``county_code␟township_code`` of that vintage.

    Rules ``place.recoded``, ``place.from_address``, ``place.unknown``, ``place.conflict``.
    """
    names = _names(vintage)
    towns = {name: town for town in read_townships() for name in _town_names(town)}
    in_address = _address_pattern(names, towns)

    @lru_cache(maxsize=1 << 17)
    def read_place(text: str) -> Cleaned:
        county_text, town_text, address = text.split(SEPARATOR)
        town = _known(town_text, towns)
        county, hits = _stated_county(county_text, names, vintage)
        if county is not None:
            if town is not None and county not in (names[town.county_code], town.zone_code):
                hits += (Hit("place.conflict", f"{county_text} / {town_text}", county),)
        elif county := _county_of(town, names) or _known(town_text, names):
            hits += (Hit("place.from_address", town_text, county),)
        elif not county_text and (county := find_in_address(address)):
            hits += (Hit("place.from_address", address, county),)
        return Cleaned(f"{county or ''}{SEPARATOR}{town.code if town else ''}", hits)

    def find_in_address(address: str) -> str | None:
        plain = address.replace(" ", "")
        found = None if _ELSEWHERE.match(plain) else in_address.search(plain)
        return (names.get(found[0]) or _county_of(towns[found[0]], names)) if found else None

    return read_place


def _county_of(town: Township | None, names: dict[str, str]) -> str | None:
    return (town.zone_code or names[town.county_code]) if town else None


def _names(vintage: int) -> dict[str, str]:
    """Every name and code of a county or zone, any vintage → code in the wanted vintage."""
    names: dict[str, str] = {}
    for division in read_divisions():
        code = _in_vintage(division, vintage)
        for name in (division.code, division.name, division.short_name):
            names.setdefault(name, code)
    return names


def _in_vintage(division: Division, vintage: int) -> str:
    if division.valid_in(vintage):
        return division.code
    for other in read_divisions():
        if other.valid_in(vintage) and (other.successor == division.code or division.successor == other.code):
            return other.code
    return division.code


def _town_names(town: Township) -> tuple[str, ...]:
    return town.name, re.sub(r"(街道|镇|乡)$", "", town.name)


def _address_pattern(names: Iterable[str], towns: Iterable[str]) -> re.Pattern[str]:
    """Names that say where an address is; short forms such as 开发区 or two characters say too little."""
    counties = (name for name in names if len(name) > 3 or name.endswith(("县", "市")))
    written = sorted(
        [*(name for name in counties if not name.isascii()), *(name for name in towns if len(name) > 2)],
        key=len,
        reverse=True,
    )
    return re.compile("|".join(map(re.escape, written)))


def _known(text: str, named: Mapping[str, Named]) -> Named | None:
    plain = text.replace(" ", "")
    return named.get(plain) or named.get(_PREFIX.sub("", plain))


def _stated_county(text: str, names: dict[str, str], vintage: int) -> tuple[str | None, tuple[Hit, ...]]:
    if not text:
        return None, ()
    code = _known(text, names)
    if code is None:
        return None, (Hit("place.unknown", text, None),)
    if _of_other_vintage(text, vintage):
        return code, (Hit("place.recoded", text, code),)
    return code, ()


@lru_cache(maxsize=1 << 12)
def _of_other_vintage(text: str, vintage: int) -> bool:
    plain = _PREFIX.sub("", text.replace(" ", ""))
    matching = [division for division in read_divisions() if plain in (division.code, division.name)]
    return bool(matching) and not any(division.valid_in(vintage) for division in matching)
