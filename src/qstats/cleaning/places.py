"""In which county was it? Names and codes of any vintage to the codes of the run's vintage.

The stated county comes first, then the township, then the address. Functional zones have no GB/T 2260 code
and carry local ones; a township of a zone lies inside a county, so the two do not contradict each other.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from qstats.cleaning.distinct import Cleaned, Hit
from qstats.reference import Division, Township, read_divisions, read_townships

SEPARATOR = "\x1f"
"""Stands between county, township and address in the text that the rule reads."""

_PREFIX = re.compile(r"^(?:山东省?)?(?:聊城市?)?")


@lru_cache
def place_rule(vintage: int) -> Callable[[str], Cleaned]:
    """Rule: ``county␟township␟address`` → ``county_code␟township_code`` of that vintage.

    Rules ``place.recoded``, ``place.from_address``, ``place.unknown``, ``place.conflict``.
    """
    names = _names(vintage)
    towns = {name: town for town in read_townships() for name in _town_names(town)}
    in_address = _address_pattern([*names, *towns])

    @lru_cache(maxsize=1 << 17)
    def read_place(text: str) -> Cleaned:
        county_text, town_text, address = text.split(SEPARATOR)
        town = towns.get(town_text.replace(" ", "")) or towns.get(_PREFIX.sub("", town_text.replace(" ", "")))
        county, hits = _stated_county(county_text, names, vintage)
        if county is None and town is None and town_text:
            county = _known(town_text, names)
            hits += (Hit("place.from_address", town_text, county),) if county else ()
        if county is None and town is not None:
            county = _county_of(town, names)
            hits += (Hit("place.from_address", town_text, county),)
        elif county is not None and town is not None and county not in (
            names[town.county_code],
            town.zone_code,
        ):
            hits += (Hit("place.conflict", f"{county_text} / {town_text}", county),)
        if county is None and address and not county_text and (match := in_address.search(address)):
            found = match[0]
            county = names[found] if found in names else _county_of(towns[found], names)
            hits += (Hit("place.from_address", address, county),)
        return Cleaned(f"{county or ''}{SEPARATOR}{town.code if town else ''}", hits)

    return read_place


def _county_of(town: Township, names: dict[str, str]) -> str:
    return town.zone_code or names[town.county_code]


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


def _address_pattern(names: list[str]) -> re.Pattern[str]:
    written = sorted((name for name in names if len(name) > 2 and not name.isascii()), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, written)))


def _known(text: str, names: dict[str, str]) -> str | None:
    plain = text.replace(" ", "")
    return names.get(plain) or names.get(_PREFIX.sub("", plain))


def _stated_county(
    text: str, names: dict[str, str], vintage: int
) -> tuple[str | None, tuple[Hit, ...]]:
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

