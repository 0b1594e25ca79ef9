"""Where is an enterprise? Town and the rest of the address, however the address is written."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from qstats.linkage.names import place_words, simplify
from qstats.reference import Township, read_townships

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"(\d+)(?:号|#|號)?$")


class Address(NamedTuple):
    """Code of the town, and road or village with its number; empty where not stated: a village is many."""

    town: str
    street: str


def find_addresses(addresses: Iterable[str]) -> dict[str, Address]:
    """Town and street of each address."""
    return {text: _address_of(plain) for text, plain in simplify(addresses).items()}


def _address_of(plain: str) -> Address:
    match = _town().search(plain)
    towns = _towns().get(match[0], []) if match else []
    # A town of that name in two counties does not say which one it is.
    town = towns[0].code if len(towns) == 1 else ""
    rest = plain[match.end() :] if match else _places().sub("", plain)
    return Address(town, _NUMBER.sub(r"\1", rest) if _DIGIT.search(rest) else "")


@cache
def _towns() -> dict[str, list[Township]]:
    named: dict[str, list[Township]] = {}
    for one in read_townships():
        named.setdefault(one.name, []).append(one)
    return named


@cache
def _town() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name) for name in sorted(_towns(), key=len, reverse=True)))


@cache
def _places() -> re.Pattern[str]:
    words = sorted(place_words(), key=len, reverse=True)
    return re.compile(f"^(?:{'|'.join(map(re.escape, words))})+")


@cache
def counties_of_towns() -> dict[str, str]:
    """County of GB/T 2260 of each town; zones, whose towns are a county's too, are mapped alike."""
    counties = {one.code: one.county_code for one in read_townships()}
    return counties | {one.zone_code: one.county_code for one in read_townships() if one.zone_code}
