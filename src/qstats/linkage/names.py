"""What distinguishes the name of an enterprise from all others? Its core, without place and legal form.

A name in China is place, word (字号), trade and legal form. Departments write it in simplified or traditional
characters, full or half width, with or without place and form; the core is what is left when all that is
taken away. A branch (分公司) is no abbreviation of its parent: its mark is kept apart and has to agree.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from opencc import OpenCC

from qstats.codebook import read_vocabulary
from qstats.reference import read_divisions, read_townships

SHORTEST_CORE = 2
"""Characters: a shorter remainder says too little, and the name stands whole."""

_MARKS = re.compile(r"[\s·•.,，。、\-—_'\"“”‘’《》〈〉「」*#]+")
_BRACKETS = re.compile(r"[()（）\[\]【】〔〕]")


class Core(NamedTuple):
    """Core of a name and the mark of a branch, empty where it is none."""

    core: str
    branch: str


def simplify(texts: Iterable[str]) -> dict[str, str]:
    """Each text in simplified characters, half width and capitals, without spaces and marks.

    Only texts with a character that has a simplified form are handed to the converter, which minds phrases.
    """
    folded = {text: unicodedata.normalize("NFKC", text).upper() for text in texts}
    letters = sorted(set().union(*folded.values())) if folded else []
    traditional = {one for one in letters if one > "\u2e7f" and _converter().convert(one) != one}
    return {
        text: _MARKS.sub("", _converter().convert(plain) if traditional & set(plain) else plain)
        for text, plain in folded.items()
    }


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def find_cores(names: Iterable[str]) -> dict[str, Core]:
    """Core and branch of each name."""
    return {name: _core_of(plain) for name, plain in simplify(names).items()}


def _core_of(plain: str) -> Core:
    name = _BRACKETS.sub("", re.sub(_place_in_brackets(), "", plain))
    stem, branch = _split_branch(name)
    core = _legal_form().sub("", _place_first().sub("", stem))
    return Core(core if len(core) >= SHORTEST_CORE else stem or plain, branch)


def _split_branch(name: str) -> tuple[str, str]:
    """Name of the whole and what marks the branch: all behind the legal form, or the last word."""
    match = _branch().search(name)
    if not match:
        return name, ""
    stem = name[: match.start()]
    form = _inner_form().search(stem)
    return (stem[: form.end()], name[form.end() :]) if form else (stem, match[0])


@cache
def _branch() -> re.Pattern[str]:
    return re.compile(f"(?:{_either(read_vocabulary()['branch'])})$")


@cache
def _inner_form() -> re.Pattern[str]:
    return re.compile(r"公司(?!.*公司)")


@cache
def _legal_form() -> re.Pattern[str]:
    forms = [_BRACKETS.sub("", form) for form in read_vocabulary()["legal_form"]]
    return re.compile(f"(?:{_either(forms)})$")


@cache
def _place_first() -> re.Pattern[str]:
    return re.compile(f"^(?:{_either(place_words())})+(?=.)")


@cache
def _place_in_brackets() -> re.Pattern[str]:
    return re.compile(rf"[(（](?:{_either(place_words())})[)）]")


@cache
def place_words() -> tuple[str, ...]:
    """Names of the city, its counties and towns as they begin a name or an address."""
    words = [*read_vocabulary()["own_place"]]
    for one in read_divisions():
        words += [one.name, one.short_name]
    words += [one.name for one in read_townships() if one.name.endswith(("镇", "乡", "街道"))]
    return tuple(dict.fromkeys(word for word in words if not word.isascii()))


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
